"""`ssj pack`: one folder for a USB stick that sets up a PC without internet or admin rights.

Like the demonstration it makes a folder of thousands of files, so it writes that folder itself: beside its place first,
renamed when everything in it was checked.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import ssj_xlwings
from ssj_xlwings import __version__
from ssj_xlwings.install import addin, embedded, imports, scripts, wheels
from ssj_xlwings.master.build import build
from ssj_xlwings.master.macros import sources
from ssj_xlwings.types import Outcome, Refusal
from ssj_xlwings.vocabulary import clock
from ssj_xlwings.vocabulary.faults import reason
from ssj_xlwings.vocabulary.sentences import install as say

if TYPE_CHECKING:
    from ssj_xlwings.types import Request

PROGRAM = "ssj"
MANIFEST = "pack.json"
BOOK_SUFFIX = ".xlsm"


def pack(request: Request) -> Outcome:
    """Make the folder `out` from the embeddable CPython `python`. Args: python, out, wheels.

    `wheels`: a folder of wheels to take in place of downloading. Refusal: `out` is not empty, the zip is not what it should
    be, no network, or the finished pack imports something that it does not hold; then there is no folder at all.
    """
    out: Path = request.args["out"]
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Refusal(say.OUT_EXISTS, path=out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".ssj-pack-", dir=out.parent) as beside:
            made = Path(beside) / out.name
            outcome = _fill(request, made)
            if out.exists():
                out.rmdir()
            made.rename(out)
    except OSError as error:
        raise Refusal(say.CANNOT_WRITE, why=reason(error)) from error
    return outcome


def _fill(request: Request, made: Path) -> Outcome:
    program = made / PROGRAM / "python"
    program.mkdir(parents=True)
    python = embedded.unpack(request.args["python"], program)
    site = program / "Lib" / "site-packages"
    with tempfile.TemporaryDirectory(prefix="ssj-wheels-") as folder:
        count = _packages(request, python, Path(folder), site)
    request.progress(say.SCANNING)
    scan = imports.scan(site)
    if scan.missing:
        first, *more = scan.missing
        raise Refusal(say.MISSING_IMPORT, module=first.module, importer=first.importer, more=len(more))
    compiled = wheels.compiles_here(python)
    if compiled:
        request.progress(say.COMPILING)
        wheels.compile_all(site)
    _beside(made, site, f"{clock.day(request.now):%Y}")
    (made / PROGRAM / MANIFEST).write_text(json.dumps({"version": __version__, "python": python, "compiled": compiled}), encoding="utf-8")
    size = sum(file.stat().st_size for file in made.rglob("*") if file.is_file()) >> 20
    lines = [say.SCANNED.format(read=scan.read), *([say.UNREAD.format(count=len(scan.unread), first=scan.unread[0])] if scan.unread else [])]
    later = [] if compiled else [say.COMPILED_LATER.format(python=python)]
    return Outcome(message=say.PACKED.format(python=python, wheels=count, size=size, name=made.name), lines=[*lines, *later])


def _packages(request: Request, python: str, folder: Path, site: Path) -> int:
    """Fill `site` with this program and everything it needs on Windows; how many wheels."""
    given = request.args["wheels"]
    if given is None:
        request.progress(say.DOWNLOADING)
        wheels.fetch(wheels.requirements(), python, folder)
    lacking = wheels.lacking(given or folder, python)
    if lacking:
        raise Refusal(say.WHEELS_LACKING, names="、".join(lacking), folder=given or folder)
    request.progress(say.UNPACKING)
    count = wheels.unpack(given or folder, site)
    source = Path(ssj_xlwings.__file__).parent
    shutil.copytree(source, site / source.name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    shutil.copytree(sources(), site / source.name / sources().name, dirs_exist_ok=True)
    return count


def _beside(made: Path, site: Path, year: str) -> None:
    """What people see when they open the folder; the add-in lies there for those who set up by hand."""
    for name, data in scripts.beside().items():
        (made / name).write_bytes(data)
    (made / PROGRAM / scripts.FAILED).write_bytes(scripts.note(say.FAILED_TEXT))
    shutil.copyfile(site.joinpath(*addin.IN_PACKAGE), made / PROGRAM / addin.NAME)
    build(made / f"{say.BOOK_NAME}{BOOK_SUFFIX}", {"year": year}, ribbon=True)

