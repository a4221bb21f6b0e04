"""What a folder of unpacked wheels imports and does not hold: found by reading the sources, on any machine."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOT_EMBEDDED = frozenset({"tkinter", "_tkinter", "turtle", "turtledemo", "idlelib", "ensurepip", "venv", "test"})
"""Parts of the standard library that the embeddable CPython leaves out."""
MUST = ("win32com.client", "win32api", "pythoncom", "pywintypes", "xlwings._xlwindows", "colorama", "tzdata")
"""Imported only behind a test for Windows, so named."""
PROGRAM = "ssj_xlwings"


class Missing(NamedTuple):
    """A module that is imported and not there, and who imports it."""

    module: str
    importer: str


class Scan(NamedTuple):
    """`missing`: what is not there; `read`: how many modules were followed; `unread`: files in the syntax of a newer Python."""

    missing: list[Missing]
    read: int
    unread: list[str]


def scan(site: Path) -> Scan:
    """Every import that would fail in a Python whose packages are those of `site`.

    Followed: all imports of our own modules, MUST, and from there what modules import as they are loaded; an import inside
    `try`, `if` or a function is a matter of choice in other people's packages.
    """
    roots = [site, *_path_files(site)]
    queue = [(name, name, 0) for name in MUST]
    for file in sorted((site / PROGRAM).rglob("*.py")):
        queue += [(name, _module_name(site, file), at) for name, at in _imports(file, _package(site, file), everything=True)]
    seen: set[str] = set()
    found: dict[str, Missing] = {}
    unread: list[str] = []
    while queue:
        name, importer, optional = queue.pop()
        if name in seen or name.split(".")[0] in sys.stdlib_module_names - NOT_EMBEDDED:
            continue
        place = _find(roots, name)
        if place is None:
            if not optional:
                found.setdefault(name, Missing(name, importer))
            continue
        seen.add(name)
        queue += [(parent, importer, 0) for parent in _parents(name)]
        if place.suffix == ".py":
            try:
                queue += [(inner, name, at) for inner, at in _imports(place, name if place.name == "__init__.py" else name.rpartition(".")[0])]
            except SyntaxError:
                unread.append(str(place.relative_to(site)))
    return Scan(sorted(found.values()), len(seen), sorted(unread))


def _path_files(site: Path) -> list[Path]:
    """Folders that .pth files add, as `site` would."""
    lines = (line.strip() for file in sorted(site.glob("*.pth")) for line in file.read_text(encoding="utf-8").splitlines())
    return [site.joinpath(*line.replace("\\", "/").split("/")) for line in lines if line and not line.startswith(("#", "import ", "import\t"))]


def _find(roots: list[Path], name: str) -> Path | None:
    """The file (or folder, of a package without __init__) of a module."""
    parts = name.split(".")
    for root in roots:
        place = root.joinpath(*parts)
        for file in (place / "__init__.py", place.with_name(f"{parts[-1]}.py"), place.with_name(f"{parts[-1]}.pyd")):
            if file.is_file():
                return file
        compiled = next(place.parent.glob(f"{parts[-1]}.*.pyd"), None)
        if compiled or place.is_dir():
            return compiled or place
    return None


def _parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]


def _module_name(site: Path, file: Path) -> str:
    return ".".join(file.relative_to(site).with_suffix("").parts)


def _package(site: Path, file: Path) -> str:
    return ".".join(file.parent.relative_to(site).parts)


def _imports(file: Path, package: str, *, everything: bool = False) -> Iterator[tuple[str, int]]:
    """(module, 1 if it may also be a mere name of its package) for the imports of a file."""
    tree = ast.parse(file.read_bytes(), str(file))
    for node in ast.walk(tree) if everything else tree.body:
        if isinstance(node, ast.Import):
            yield from ((alias.name, 0) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, package)
            yield base, 0
            yield from ((f"{base}.{alias.name}", 1) for alias in node.names if alias.name != "*")


def _base(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*parts, *([node.module] if node.module else [])])
