"""vbaProject.bin from VBA source text ([MS-OVBA]): only source, no compiled code, so Excel compiles it on opening."""

from __future__ import annotations

import struct
import uuid
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.master.container import container

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

CODE_PAGE = 936
CHUNK = 4096
ENGLISH = 0x409
NAME = "VBAProject"
BASES = {"workbook": "0{00020819-0000-0000-C000-000000000046}", "sheet": "0{00020820-0000-0000-C000-000000000046}"}
LIBRARIES = (
    ("stdole", r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation"),
    ("Office", r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library"),
)
"""What the source refers to; Excel finds the version that is there by the GUID. (VBA and Excel are always known.)"""
DOCUMENT = (
    'VB_Name = "{name}"', 'VB_Base = "{base}"', "VB_GlobalNameSpace = False", "VB_Creatable = False", "VB_PredeclaredId = True",
    "VB_Exposed = True", "VB_TemplateDerived = False", "VB_Customizable = True",
)
UNCOMPILED = bytes.fromhex("CC61FFFF000000")
"""The stream _VBA_PROJECT of a project whose compiled code is to be ignored ([MS-OVBA] 2.3.4.1)."""


class Module(NamedTuple):
    """One module. `kind`: workbook, sheet (the modules behind them, mostly empty) or code (a .bas file)."""

    name: str
    kind: str
    source: str


def project(modules: Sequence[Module]) -> bytes:
    """The whole vbaProject.bin. ValueError if a source has a character outside the code page."""
    streams = {module.name: compress(encode(text(module))) for module in modules}
    return container({
        "VBA": {**streams, "dir": compress(b"".join(_directory(modules))), "_VBA_PROJECT": UNCOMPILED},
        "PROJECT": encode("\r\n".join(_description(modules))),
        "PROJECTwm": b"".join(encode(module.name) + b"\0" + wide(module.name) + b"\0\0" for module in modules) + b"\0\0",
    })


def text(module: Module) -> str:
    """The source as the stream holds it: with its attributes, lines ended by CR LF."""
    if module.kind == "code":
        return "\r\n".join(module.source.splitlines()) + "\r\n"
    lines = [line.format(name=module.name, base=BASES[module.kind]) for line in DOCUMENT]
    return "".join(f"Attribute {line}\r\n" for line in lines)


def encode(words: str) -> bytes:
    """Text in the project's code page."""
    return words.encode(f"cp{CODE_PAGE}")


def wide(words: str) -> bytes:
    """Text in UTF-16."""
    return words.encode("utf-16-le")


def _record(number: int, data: bytes = b"") -> bytes:
    return struct.pack("<HI", number, len(data)) + data


def _directory(modules: Sequence[Module]) -> Iterator[bytes]:
    """The stream dir, uncompressed ([MS-OVBA] 2.3.4.2): what the project is, refers to and consists of."""
    yield _record(0x01, struct.pack("<I", 1))  # 32-bit Windows, which 64-bit Office writes too
    yield _record(0x02, struct.pack("<I", ENGLISH)) + _record(0x14, struct.pack("<I", ENGLISH))
    yield _record(0x03, struct.pack("<H", CODE_PAGE)) + _record(0x04, encode(NAME))
    yield _record(0x05) + _record(0x40) + _record(0x06) + _record(0x3D)  # no description, no help file
    yield _record(0x07, bytes(4)) + _record(0x08, bytes(4))
    yield struct.pack("<HIIH", 0x09, 4, 1, 0)  # the version; the one record whose length is not its length
    yield _record(0x0C) + _record(0x3C)
    for name, library in LIBRARIES:
        found = encode(library)
        yield _record(0x16, encode(name)) + _record(0x3E, wide(name))
        yield _record(0x0D, struct.pack("<I", len(found)) + found + bytes(6))
    yield _record(0x0F, struct.pack("<H", len(modules))) + _record(0x13, b"\xff\xff")
    for module in modules:
        yield _record(0x19, encode(module.name)) + _record(0x47, wide(module.name))
        yield _record(0x1A, encode(module.name)) + _record(0x32, wide(module.name))
        yield _record(0x1C) + _record(0x48)
        yield _record(0x31, bytes(4))  # the source begins at the start of its stream
        yield _record(0x1E, bytes(4)) + _record(0x2C, b"\xff\xff")
        yield _record(0x21 if module.kind == "code" else 0x22) + _record(0x2B)
    yield _record(0x10)


def _description(modules: Iterable[Module]) -> Iterator[str]:
    """The lines of the stream PROJECT ([MS-OVBA] 2.3.1): unprotected and visible."""
    identity = f"{{{str(uuid.uuid5(uuid.NAMESPACE_URL, NAME)).upper()}}}"
    key = sum(identity.encode()) & 0xFF
    yield f'ID="{identity}"'
    for module in modules:
        yield f"Module={module.name}" if module.kind == "code" else f"Document={module.name}/&H00000000"
    yield f'Name="{NAME}"'
    yield 'HelpContextID="0"'
    yield 'VersionCompatible32="393222000"'
    yield f'CMG="{_hidden(bytes(4), key)}"'
    yield f'DPB="{_hidden(bytes(1), key)}"'
    yield f'GC="{_hidden(bytes([0xFF]), key)}"'
    yield from ("", "[Host Extender Info]", "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000", "", "[Workspace]")
    yield from (f"{module.name}=0, 0, 0, 0, C" for module in modules)
    yield ""


def _hidden(data: bytes, key: int) -> str:
    """Data encrypted as [MS-OVBA] 2.4.3.2 wants it, with seed 0."""
    version = 2
    out = [0, version, key]
    plain, last, before = key, key, version
    for byte in struct.pack("<I", len(data)) + data:
        made = byte ^ ((before + plain) & 0xFF)
        out.append(made)
        before, last, plain = last, made, byte
    return bytes(out).hex().upper()


def compress(data: bytes) -> bytes:
    """Data in the compression of VBA ([MS-OVBA] 2.4.1).

    ValueError if the last chunk cannot be compressed into 4096 bytes: the format would pad it with
    zeros, which are not ours. No text is like that.
    """
    return b"\x01" + b"".join(_chunk(data[at:at + CHUNK]) for at in range(0, len(data), CHUNK))


def _chunk(chunk: bytes) -> bytes:
    body, at, seen = bytearray(), 0, dict[bytes, list[int]]()
    while at < len(chunk):
        flags, tokens = 0, bytearray()
        for bit in range(8):
            if at == len(chunk):
                break
            back, length = _longest(chunk, at, seen)
            if length:
                flags |= 1 << bit
                shift = 16 - _offset_bits(at)
                tokens += struct.pack("<H", ((back - 1) << shift) | (length - 3))
            else:
                tokens += chunk[at:at + 1]
            for passed in range(at, at + max(length, 1)):
                seen.setdefault(chunk[passed:passed + 3], []).append(passed)
            at += max(length, 1)
        body += bytes([flags]) + tokens
    if len(body) <= CHUNK:
        return struct.pack("<H", 0xB000 | (len(body) - 1)) + bytes(body)
    if len(chunk) < CHUNK:
        raise ValueError("the last chunk of the data cannot be compressed")
    return struct.pack("<H", 0x3000 | (CHUNK - 1)) + chunk


def _offset_bits(at: int) -> int:
    """How many of a copy's 16 bits say how far back it begins."""
    return max((at - 1).bit_length(), 4)


def _longest(chunk: bytes, at: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """The longest stretch already passed that goes on at `at`: how far back, how long; (0, 0) if under three bytes."""
    most = min((0xFFFF >> _offset_bits(at)) + 3, len(chunk) - at)
    best = (0, 0)
    for begin in reversed(seen.get(chunk[at:at + 3], []) if most >= 3 else []):
        length = 3
        while length < most and chunk[begin + length] == chunk[at + length]:
            length += 1
        if length > best[1]:
            best = (at - begin, length)
    return best
