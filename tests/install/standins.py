"""Stand-ins for what a pack is made of: an embeddable CPython, wheels for Windows."""

from __future__ import annotations

import ast
import struct
import sys
import zipfile
from pathlib import Path

import ssj_xlwings

AMD64, I386 = 0x8664, 0x014C
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
PTH = "python{tag}.zip\r\n.\r\n\r\n# Uncomment to run site.main() automatically\r\n#import site\r\n"
WINDOWS = ("win32com.client", "win32api", "pythoncom", "pywintypes", "xlwings._xlwindows", "colorama", "tzdata")


def program(machine: int = AMD64) -> bytes:
    """As much of a Windows program as tells its machine."""
    made = bytearray(256)
    made[:2] = b"MZ"
    struct.pack_into("<I", made, 60, 128)
    made[128:132] = b"PE\0\0"
    struct.pack_into("<H", made, 132, machine)
    return bytes(made)


def embedded(folder: Path, *, version: str = HERE, machine: int = AMD64, paths: str = PTH) -> Path:
    """A zip like python.org's embeddable package."""
    tag = version.replace(".", "")
    file = folder / f"python-{version}.9-embed-amd64.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("python.exe", program(machine))
        archive.writestr(f"python{tag}.zip", b"")
        archive.writestr(f"python{tag}._pth", paths.format(tag=tag))
    return file


def wheel(folder: Path, name: str, contents: dict[str, str | bytes], requires: tuple[str, ...] = ()) -> Path:
    """A wheel with these files."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}-1.0-py3-none-any.whl"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n" + "".join(f"Requires-Dist: {line}\n" for line in requires)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{name}-1.0.dist-info/METADATA", metadata)
        for path, data in contents.items():
            archive.writestr(path, data)
    return file


def used() -> set[str]:
    """Every foreign module that ours name in an import, their packages too."""
    found: set[str] = set(WINDOWS)
    for file in Path(ssj_xlwings.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                found.add(node.module)
    return {name for name in found if name.split(".")[0] not in sys.stdlib_module_names | {"ssj_xlwings"}}


def wheels(folder: Path, *, without: str = "") -> Path:
    """A folder of wheels with empty modules under all names that our code imports, and xlwings' real add-in."""
    import xlwings

    tops: dict[str, dict[str, str | bytes]] = {}
    for name in used():
        parts = name.split(".")
        for count in range(1, len(parts) + 1):
            tops.setdefault(parts[0], {})["/".join(parts[:count]) + "/__init__.py"] = ""
    tops["xlwings"]["xlwings/addin/xlwings.xlam"] = (Path(xlwings.__file__).parent / "addin" / "xlwings.xlam").read_bytes()
    for top, contents in tops.items():
        if top != without:
            wheel(folder, top, contents)
    return folder
