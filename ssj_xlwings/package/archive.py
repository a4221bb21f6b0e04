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
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ssj_xlwings.package import markup
from ssj_xlwings.package.faults import Damaged, NotWorkbook, Protected, TooLarge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

LARGEST = 2 << 30
"""Bytes a part may have unpacked; Excel itself stops near there."""
RATIO, RATIO_FROM = 300, 64 << 20
"""A part over RATIO_FROM that was packed more than RATIO-fold is a bomb; sheets of nothing but equal cells reach about 20."""
BIG = 4 << 20
"""Parts over this are packed at level 3: a third of the time for a quarter more bytes."""
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, ValueError, OverflowError, IndexError)
"""What zipfile raises on bytes that are no sound zip."""
ZIP64 = 1
ENCRYPTED, DESCRIPTOR = 0x1, 0x8


class Archive:
    """A workbook's zip, whole in memory, so that what was checked is what is read and copied."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN as error:
            fault = Damaged if data[:4] == b"PK\x03\x04" else NotWorkbook
            raise fault(str(error)) from error
        self.members = {info.filename: info for info in self._zip.infolist()}
        if len(self.members) != len(self._zip.infolist()):
            raise Damaged("duplicate member")
        for info in self.members.values():
            _inspect(info)

    def __contains__(self, name: str) -> bool:
        return name in self.members

    def read(self, name: str) -> bytes:
        """The bytes of a part, its checksum verified. Damaged if there is no such part."""
        if name not in self.members:
            raise Damaged(f"no part {name}")
        try:
            return self._zip.read(name)
        except BROKEN as error:
            raise Damaged(f"{name}: {error}") from error

    def check(self) -> None:
        """Damaged if any part is: a workbook broken anywhere is not written on, or the break would look like ours."""
        try:
            broken = self._zip.testzip()
        except BROKEN as error:
            raise Damaged(str(error)) from error
        if broken:
            raise Damaged(f"{broken}: checksum")

    def packed(self, name: str) -> bytes:
        """The compressed bytes of a part, as they stand in the file."""
        info = self.members[name]
        header = self.data[info.header_offset:info.header_offset + 30]
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise Damaged(f"{name}: no local header")
        start = info.header_offset + 30 + sum(struct.unpack("<HH", header[26:30]))
        if start + info.compress_size > len(self.data):
            raise Damaged(f"{name}: cut short")
        return self.data[start:start + info.compress_size]

    def write(self, target: BinaryIO, changed: Mapping[str, bytes], dropped: AbstractSet[str] = frozenset()) -> None:
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

    def save(self, path: Path, changed: Mapping[str, bytes], dropped: AbstractSet[str], last: Callable[[], None]) -> None:
        """Write beside `path`, flush to the disk, read back and check, then take the place of `path` in one step.

        `last` runs when all but that step is done (the backup; it may still call the whole off).
        OSError if the disk says no; Damaged if the written file does not read back. Then `path` is as it was.
        """
        handle, temporary = tempfile.mkstemp(prefix=".ssj-", suffix=".tmp", dir=path.parent)
        beside = Path(temporary)
        try:
            with os.fdopen(handle, "w+b") as file:
                self.write(file, changed, dropped)
                file.flush()
                os.fsync(file.fileno())
            self._verify(beside, changed, dropped)
            shutil.copymode(path, beside)
            last()
            os.replace(beside, path)  # noqa: PTH105 - one name for the one step that counts
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)

    def _verify(self, path: Path, changed: Mapping[str, bytes], dropped: AbstractSet[str]) -> None:
        """New parts read back equal and well-formed; the others carry the checksums they had."""
        with path.open("rb") as file, zipfile.ZipFile(file) as made:
            written = {info.filename: info for info in made.infolist()}
            if set(written) != (set(self.members) | set(changed)) - dropped:
                raise Damaged("members lost on writing")
            for name, info in written.items():
                if name in changed:
                    if made.read(name) != changed[name]:
                        raise Damaged(f"{name} does not read back")
                    markup.check(changed[name])
                elif (info.CRC, info.compress_size) != (self.members[name].CRC, self.members[name].compress_size):
                    raise Damaged(f"{name} was not copied")


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _inspect(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & ENCRYPTED:
        raise Protected(info.filename)
    if ".." in info.filename.split("/") or info.filename.startswith("/") or "\\" in info.orig_filename:
        raise Damaged(f"member name {info.filename!r}")
    if info.file_size > LARGEST or (info.file_size > RATIO_FROM and info.file_size > RATIO * info.compress_size):
        raise TooLarge(info.filename)


def _put(out: zipfile.ZipFile, name: str, data: bytes, like: zipfile.ZipInfo | None) -> None:
    info = zipfile.ZipInfo(name, like.date_time if like else (1980, 1, 1, 0, 0, 0))
    info.external_attr = like.external_attr if like else 0
    out.writestr(info, data, zipfile.ZIP_DEFLATED, 3 if len(data) > BIG else 6)


def _copy(out: zipfile.ZipFile, info: zipfile.ZipInfo, packed: bytes) -> None:
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
