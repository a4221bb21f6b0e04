"""The embeddable CPython for Windows: a zip of python.org, made to see Lib/site-packages."""

from __future__ import annotations

import re
import struct
import zipfile
from typing import TYPE_CHECKING

from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import install as say

if TYPE_CHECKING:
    from pathlib import Path

AMD64 = 0x8664
"""Machine of a PE header (Microsoft, PE Format)."""
OLDEST = (3, 11)
PATHS = re.compile(r"python(3)([0-9]{1,2})\._pth")
SITE = re.compile(rb"(?m)^[ \t]*#?[ \t]*import site[ \t]*\r?$")


def unpack(source: Path, folder: Path) -> str:
    """Unpack into `folder` with `import site` enabled; its version as "3.12".

    Refusal if it is no embeddable CPython, one of 32 bits, or too old.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            version = _version(archive, source)
            archive.extractall(folder)
    except zipfile.BadZipFile as error:
        raise Refusal(say.NOT_EMBEDDED, name=source.name) from error
    paths = folder / f"python{version.replace('.', '')}._pth"
    lines, count = SITE.subn(b"import site", paths.read_bytes())
    paths.write_bytes(lines if count else lines.rstrip() + b"\r\nimport site\r\n")
    return version


def _version(archive: zipfile.ZipFile, source: Path) -> str:
    names = archive.namelist()
    found = next((match for name in names if (match := PATHS.fullmatch(name))), None)
    if found is None or "python.exe" not in names:
        raise Refusal(say.NOT_EMBEDDED, name=source.name)
    if _machine(archive.read("python.exe")) != AMD64:
        raise Refusal(say.NOT_AMD64, name=source.name)
    version = int(found[1]), int(found[2])
    if version < OLDEST:
        raise Refusal(say.OLD_PYTHON, name=source.name, seen=f"{version[0]}.{version[1]}", want=f"{OLDEST[0]}.{OLDEST[1]}")
    return f"{version[0]}.{version[1]}"


def _machine(program: bytes) -> int:
    """The machine a Windows program is made for, 0 if it is none."""
    if len(program) < 64 or program[:2] != b"MZ":
        return 0
    at = int(struct.unpack_from("<I", program, 60)[0])
    return int(struct.unpack_from("<H", program, at + 4)[0]) if program[at : at + 4] == b"PE\0\0" and len(program) >= at + 6 else 0
