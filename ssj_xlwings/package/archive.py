"""The zip of a workbook: opened with limits, written anew with all unchanged members copied as compressed bytes."""

from __future__ import annotations

import copy
import io
import os
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

from zlib_ng import zlib_ng

from ssj_xlwings.package import markup
from ssj_xlwings.package.faults import Damaged, NotWorkbook, Protected, TooLarge, Twisted, Unwritten
from ssj_xlwings.package.inflate import Member

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from collections.abc import Set as AbstractSet

LARGEST = 2 << 30
"""Bytes a part may have unpacked; Excel itself stops near there."""
WHOLE = 4 << 30
"""Bytes all parts may have unpacked: every one of them is unpacked to be checked."""
RATIO, RATIO_FROM = 300, 64 << 20
"""A part over RATIO_FROM that was packed more than RATIO-fold is a bomb; sheets of nothing but equal cells reach about 20."""
BIG = 4 << 20
"""Parts over this are packed at level 3: a third of the time for a quarter more bytes."""
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, ValueError, OverflowError, IndexError)
"""What zipfile raises on bytes that are no sound zip."""
SMALL = 32 << 20
"""Bytes that a part parsed as a tree may have: relations, styles, a table, the workbook. Its tree takes ten times as much."""
MEMBERS = 20_000
"""Parts of a package; the largest seen had some hundred."""
UNFINISHED = ".ssj-tmp"
"""How the name of a file that is still being written ends."""
LOCAL = struct.Struct("<4s2xHH4xLLLHH")
ZIP64 = 1
ENCRYPTED, DESCRIPTOR, UTF8 = 0x1, 0x8, 0x800
WIDE = 0xFFFFFFFF
"""A size that stands in the 64-bit field."""

Part = bytes | Callable[[], Iterable[bytes]]
"""A changed part: its bytes, or what gives them piece by piece, the same each time."""


class Archive:
    """A workbook's zip, whole in memory, so that what was checked is what is read and copied."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._opened: dict[str, Member] = {}
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN as error:
            fault = Damaged if data[:4] == b"PK\x03\x04" else NotWorkbook
            raise fault(str(error)) from error
        listed = self._zip.infolist()
        self.members = {info.filename: info for info in listed}
        self._spelled = {name.lower().lstrip("/"): name for name in self.members}
        if len(self._spelled) != len(listed):
            raise Twisted("twice", "members")  # letter case does not tell parts apart (ECMA-376 part 2, 6.2.2.3)
        if len(listed) > MEMBERS:
            raise TooLarge(f"{len(listed)} members")
        if sum(info.file_size for info in listed) > WHOLE:
            raise TooLarge("all members")
        for info in listed:
            _inspect(info)
        self._starts = {name: self._start(info) for name, info in self.members.items()}
        spans = sorted((info.header_offset, self._starts[name] + info.compress_size) for name, info in self.members.items())
        if any(one[1] > two[0] for one, two in pairwise(spans)):
            raise Twisted("overlap", "members")

    def __contains__(self, name: str) -> bool:
        return name in self.members

    def spelled(self, name: str) -> str:
        """The part as the zip spells it: letter case does not tell parts apart."""
        return self._spelled.get(name.lower(), name)

    def member(self, name: str) -> Member:
        """A part to be unpacked piece by piece. Damaged if there is no such part."""
        if name not in self.members:
            raise Damaged(f"no part {name}")
        if name not in self._opened:
            info = self.members[name]
            self._opened[name] = Member(name, self.packed(name), info.file_size, info.CRC, info.compress_type == zipfile.ZIP_STORED)
        return self._opened[name]

    def check(self) -> None:
        """Damaged if any part is: a workbook broken anywhere is not written on, or the break would look like ours. Piece by piece;
        parts that were unpacked already are known to be sound.
        """
        for name in self.members:
            if not self.member(name).sound:
                deque(self.member(name).pieces(), maxlen=0)

    def silent(self) -> frozenset[str]:
        """The parts that were unpacked as a whole and hold no `!`: they refer to no sheet by its name."""
        return frozenset(name for name, member in self._opened.items() if member.sound and not member.speaks)

    def read(self, name: str) -> bytes:
        """The bytes of a small part, its size and checksum verified. Damaged if there is no such part, TooLarge over SMALL."""
        if name in self.members and self.members[name].file_size > SMALL:
            raise TooLarge(name)
        return self.member(name).whole()

    def packed(self, name: str) -> memoryview:
        """The compressed bytes of a part, as they stand in the file."""
        start = self._starts[name]
        return memoryview(self.data)[start:start + self.members[name].compress_size]

    def _start(self, info: zipfile.ZipInfo) -> int:
        """Where a member's bytes begin. Damaged if its own header tells something else than the directory, or it is cut short."""
        header = self.data[info.header_offset:info.header_offset + LOCAL.size]
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Twisted("packed", info.filename)
        if len(header) < LOCAL.size or header[:4] != b"PK\x03\x04":
            raise Damaged(f"{info.filename}: no local header")
        _, flags, method, checksum, packed, size, name, extra = LOCAL.unpack(header)
        start: int = info.header_offset + LOCAL.size + name + extra
        later = flags & DESCRIPTOR or WIDE in (packed, size)
        if method != info.compress_type or not (later or (checksum, packed, size) == (info.CRC, info.compress_size, info.file_size)):
            raise Twisted("header", info.filename)
        named = self.data[info.header_offset + LOCAL.size:info.header_offset + LOCAL.size + name]
        if named != info.orig_filename.encode("utf-8" if info.flag_bits & UTF8 else "cp437"):
            raise Twisted("header", info.filename)
        if start + info.compress_size > len(self.data):
            raise Damaged(f"{info.filename}: cut short")
        return start

    def write(self, target: BinaryIO, changed: Mapping[str, Part], dropped: AbstractSet[str] = frozenset()) -> None:
        """The workbook with `changed` parts (replaced or new) and without `dropped` ones; the others bit by bit as they were."""
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
            out.comment = self._zip.comment
            for name, info in self.members.items():
                if name in changed:
                    _put(out, name, changed[name], info)
                elif name not in dropped:
                    _copy(out, info, self.packed(name))
            for name in changed:
                if name not in self.members:
                    _put(out, name, changed[name], None)

    def save(self, path: Path, changed: Mapping[str, Part], dropped: AbstractSet[str], last: Callable[[Path], None], judged: Collection[str] = ()) -> None:
        """Write beside `path`, flush to the disk, read back and check, then take the place of `path` in one step.

        `last` is given the written file when all but that step is done (comparison, backup; it may still call the whole off);
        the parts in `judged` it reads back itself.
        OSError if the disk says no; Unwritten if the written file does not read back. Then `path` is as it was; after that step nothing raises.
        """
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=UNFINISHED, dir=path.parent)
        beside = Path(temporary)
        try:
            with os.fdopen(handle, "w+b") as file:
                self.write(file, changed, dropped)
                file.flush()
                os.fsync(file.fileno())
            try:
                self._verify(beside, changed, dropped, judged)
                shutil.copymode(path, beside)
                last(beside)
            except Damaged as error:
                raise Unwritten(str(error)) from error
            os.replace(beside, path)  # noqa: PTH105 - one name for the one step that counts
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)

    def _verify(self, path: Path, changed: Mapping[str, Part], dropped: AbstractSet[str], judged: Collection[str]) -> None:
        """New parts read back equal and well-formed; the others carry the checksums they had."""
        with path.open("rb") as file, zipfile.ZipFile(file) as made:
            written = {info.filename: info for info in made.infolist()}
            if set(written) != (set(self.members) | set(changed)) - dropped:
                raise Damaged("members lost on writing")
            for name, info in written.items():
                if name in judged:
                    continue
                if name in changed:
                    _check(file, info, changed[name])
                elif (info.CRC, info.compress_size) != (self.members[name].CRC, self.members[name].compress_size):
                    raise Damaged(f"{name} was not copied")


def pieces(part: Part) -> Iterable[bytes]:
    """The bytes of a changed part, piece by piece."""
    return (part,) if isinstance(part, bytes) else part()


def _check(file: IO[bytes], info: zipfile.ZipInfo, part: Part) -> None:
    """A part that was written reads back with the checksum of what was meant, and is well-formed (VML may be otherwise, in Excel's own files too)."""
    if isinstance(part, bytes) and (zlib.crc32(part), len(part)) != (info.CRC, info.file_size):
        raise Damaged(f"{info.filename} does not read back")
    try:
        read = (piece for _, piece in written(file, info).pieces())  # the checksum, counted while writing, is compared at the end
        deque(read, maxlen=0) if info.filename.endswith(".vml") else markup.check(read)
    except (*BROKEN, Twisted) as error:
        raise Damaged(f"{info.filename} does not read back") from error


def written(file: IO[bytes], info: zipfile.ZipInfo) -> Member:
    """A part of a file that we wrote."""
    file.seek(info.header_offset)
    *_, name, extra = LOCAL.unpack(file.read(LOCAL.size))
    file.seek(name + extra, os.SEEK_CUR)
    return Member(info.filename, file.read(info.compress_size), info.file_size, info.CRC, info.compress_type == zipfile.ZIP_STORED)


def clear_unfinished(path: Path) -> None:
    """Remove what saves of `path` left behind that were cut off (power, kill); only for who holds the workbook."""
    for left in path.parent.iterdir():
        if left.name.startswith(f".{path.name}.") and left.name.endswith(UNFINISHED):
            left.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut, where that can be asked for: Windows has no such call, some shares refuse it (EINVAL).

    The rename is done by then: a refusal is no failure of the save.
    """
    if os.name != "posix":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _inspect(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & ENCRYPTED:
        raise Protected(info.filename)
    if ".." in info.filename.split("/") or "\\" in info.orig_filename:  # a first "/" is harmless, XlsxWriter writes one
        raise Twisted("names", info.filename)
    if info.file_size > LARGEST or (info.file_size > RATIO_FROM and info.file_size > RATIO * info.compress_size):
        raise TooLarge(info.filename)


def _put(out: zipfile.ZipFile, name: str, part: Part, like: zipfile.ZipInfo | None) -> None:
    info = zipfile.ZipInfo(name, like.date_time if like else (1980, 1, 1, 0, 0, 0))
    info.external_attr = like.external_attr if like else 0
    info.compress_type = zipfile.ZIP_DEFLATED
    size = len(part) if isinstance(part, bytes) else like.file_size if like else LARGEST
    info._compresslevel = 3 if size > BIG else 6  # type: ignore[attr-defined]  # ZipInfo.compress_level from Python 3.13 on
    with out.open(info, "w", force_zip64=size > LARGEST // 2) as file:
        file._compressor = zlib_ng.compressobj(info._compresslevel, zlib.DEFLATED, -zlib.MAX_WBITS)  # type: ignore[attr-defined]  # in half the time
        written = 0
        for piece in pieces(part):
            written += file.write(piece)
            if written > LARGEST:
                raise TooLarge(name)


def _copy(out: zipfile.ZipFile, info: zipfile.ZipInfo, packed: memoryview) -> None:
    """Append a member whose bytes are packed already, the way ZipFile itself keeps its books.

    zipfile has no public call for it (CPython is getting one with `remove`/`repack`); these attributes
    have been the same since Python 3.6, and every save is read back before it counts.
    """
    member = copy.copy(info)
    member.flag_bits &= ~DESCRIPTOR  # the sizes are known: they go into the header
    member.extra = _without_zip64(info.extra)
    if out.fp is None:
        raise RuntimeError("the archive is closed")
    out.fp.seek(out.start_dir)
    member.header_offset = out.fp.tell()
    out.fp.write(member.FileHeader())
    out.fp.write(packed)
    out.start_dir = out.fp.tell()
    out.filelist.append(member)
    out.NameToInfo[member.filename] = member


def _without_zip64(extra: bytes) -> bytes:
    """Extra fields but the 64-bit sizes, which zipfile writes again where they are needed."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind != ZIP64:
            kept += extra[at:at + 4 + size]
        at += 4 + size
    return kept
