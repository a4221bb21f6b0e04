"""xlwings.xlam: the copy in XLSTART that Excel opens by itself, and the one that came with xlwings."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from ssj_xlwings.vocabulary.sentences import install as say

if TYPE_CHECKING:
    from pathlib import Path

NAME = "xlwings.xlam"
IN_PACKAGE = ("xlwings", "addin", NAME)
MODULE = re.compile(rb"\x01(?=.[\xb0-\xbf]\x00Attribut)", re.DOTALL)
"""How a compressed VBA module begins: container signature, chunk header, then eight literal bytes (MS-OVBA 2.4.1)."""
VERSION = re.compile(rb'XLWINGS_VERSION As String = "([^"]{1,20})"')
CHUNK_HEAD = 2


def digest(path: Path) -> str:
    """SHA-256 of a file, "" if there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def version(path: Path) -> str:
    """The version that an add-in's own VBA states; 版本不详 if it states none."""
    try:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            project = archive.read("xl/vbaProject.bin")
    except (zipfile.BadZipFile, KeyError, zlib.error):
        return say.UNKNOWN_VERSION
    for start in MODULE.finditer(project):
        found = VERSION.search(decompressed(project, start.end()))
        if found:
            return found[1].decode("ascii", "replace")
    return say.UNKNOWN_VERSION


def decompressed(data: bytes, at: int) -> bytes:
    """The first chunk (up to 4096 bytes) of compressed VBA whose chunk header stands at `at` (MS-OVBA 2.4.1.3)."""
    end = min(len(data), at + (int.from_bytes(data[at : at + CHUNK_HEAD], "little") & 0xFFF) + 3)
    at += CHUNK_HEAD
    out = bytearray()
    while at < end:
        flags, at = data[at], at + 1
        for bit in range(8):
            if at >= end:
                break
            if not flags >> bit & 1:
                out.append(data[at])
                at += 1
                continue
            token, at = int.from_bytes(data[at : at + 2], "little"), at + 2
            bits = max(4, (len(out) - 1).bit_length())
            offset, length = (token >> (16 - bits)) + 1, (token & (0xFFFF >> bits)) + 3
            if offset > len(out):
                return bytes(out)  # not compressed VBA after all
            for _ in range(length):
                out.append(out[-offset])
    return bytes(out)
