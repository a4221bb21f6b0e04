"""`ssj setup`: the program and Excel's add-in on this PC, what is lacking, and the way back.

It changes the PC, not a workbook, so it writes by itself; setting up never edits a workbook.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from ssj_xlwings.doors import prompts
from ssj_xlwings.doors.pack import BOOK_SUFFIX, MANIFEST, PROGRAM
from ssj_xlwings.install import addin, diagnosis, machine, wheels
from ssj_xlwings.types import Outcome, Refusal
from ssj_xlwings.vocabulary import clock
from ssj_xlwings.vocabulary.faults import reason
from ssj_xlwings.vocabulary.sentences import install as say

if TYPE_CHECKING:
    from ssj_xlwings.install.machine import Machine, Places
    from ssj_xlwings.types import Request

SELF_TEST = "import xlwings, xlwings._xlwindows, ssj_xlwings.doors.cli, ssj_xlwings.doors.run, ssj_xlwings.books.filebook, ssj_xlwings.lottery.verify"


def setup(request: Request) -> Outcome:
    """Set this PC up for its user. Args: from_ (a pack), check, undo, replace, book.

    Refusal: no 64-bit Windows 10 or 11, Excel is running, another add-in stands there and nobody agreed to replace it.
    """
    where, pc = machine.places(), machine.machine()
    if request.args["check"]:
        return _check(pc, where, request.args["book"])
    if machine.excel_runs():
        raise Refusal(say.CLOSE_EXCEL)
    try:
        return _undo(where) if request.args["undo"] else _set_up(request, pc, where)
    except OSError as error:
        raise Refusal(say.CANNOT_WRITE, why=reason(error)) from error


def _check(pc: Machine, where: Places, book: Path | None) -> Outcome:
    found = diagnosis.points(pc, where, book)
    bad = sum(bool(point.remedy) for point in found)
    return Outcome(message=say.CHECK_DONE.format(count=len(found), bad=bad, door=diagnosis.door(found)), lines=_lines(found), status=1 if bad else 0)


def _lines(found: list[diagnosis.Point]) -> list[str]:
    return [
        say.POINT_LINE.format(mark=say.BAD if point.remedy else say.GOOD, what=point.what, remedy=say.TO_DO.format(remedy=point.remedy) if point.remedy else "")
        for point in found
    ]


def _set_up(request: Request, pc: Machine, where: Places) -> Outcome:
    why = diagnosis.unsupported(pc)
    if why:
        raise Refusal(why)
    source: Path | None = request.args["from_"]
    lines = []
    if source is not None:
        _copy(request, source, where)
        lines += _book(source, where)
    lines += _addin(request, where)
    request.progress(say.SELF_TEST)
    failed = _self_test(where)
    found = diagnosis.points(pc, where, None)
    bad = [point for point in found if point.remedy]
    if source is not None and not failed:
        machine.show(where.home / f"{say.BOOK_NAME}{BOOK_SUFFIX}")
    sentence = say.SET_UP_BUT.format(count=len(bad) + bool(failed), door=diagnosis.door(found)) if bad or failed else say.SET_UP.format(door=diagnosis.door(found))
    return Outcome(message=sentence, lines=[*lines, *failed, *_lines(bad)], status=1 if failed else 0)


def _copy(request: Request, source: Path, where: Places) -> None:
    """The pack's Python into the user's folder: beside its place first, so that a pulled stick leaves the old one."""
    python, manifest = source / PROGRAM / "python", source / PROGRAM / MANIFEST
    if not (python.is_dir() and manifest.is_file()):
        raise Refusal(say.NOT_A_PACK, path=source)
    request.progress(say.COPYING)
    place = where.interpreter.parent
    fresh, old = place.with_name("python.new"), place.with_name("python.old")
    try:
        for left in (fresh, old):
            if left.exists():
                shutil.rmtree(left)
        shutil.copytree(python, fresh)
        if not json.loads(manifest.read_text(encoding="utf-8"))["compiled"]:
            wheels.compile_all(fresh / "Lib" / "site-packages")
        if place.exists():
            place.rename(old)
        fresh.rename(place)
    except OSError as error:
        if old.exists() and not place.exists():
            old.rename(place)
        raise Refusal(say.PROGRAM_IN_USE, why=reason(error)) from error
    shutil.rmtree(old, ignore_errors=True)  # a file still open stays behind and goes next time


def _book(source: Path, where: Places) -> list[str]:
    """A fresh workbook and the menu in the user's own folder; a workbook that is there already is left alone."""
    where.home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / say.MENU_FILE, where.home / say.MENU_FILE)
    name = f"{say.BOOK_NAME}{BOOK_SUFFIX}"
    if (where.home / name).exists():
        return [say.BOOK_KEPT.format(path=where.home / name)]
    shutil.copyfile(source / name, where.home / name)
    return [say.PLACED_BOOK.format(path=where.home / name)]


def _addin(request: Request, where: Places) -> list[str]:
    """The add-in that belongs to the installed xlwings, in XLSTART; another one there is kept outside it, after asking."""
    ours = _our_addin(where)
    want = addin.version(ours)
    if addin.digest(where.addin) == addin.digest(ours):
        return [say.ADDIN_SAME.format(version=want)]
    lines, kept, seen = [], None, ""
    if where.addin.is_file():
        seen = addin.version(where.addin)
        kept = where.program / "backup" / f"xlwings-{request.now.astimezone(clock.CHINA):%Y%m%d-%H%M%S}.xlam"
        if not request.args["replace"] and not prompts.yes(say.REPLACE_ADDIN.format(seen=seen, want=want, kept=kept), say.ASK_REPLACE.format(seen=seen, want=want)):
            return [say.KEPT_AS_IS]
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(where.addin, kept)
        lines.append(say.BACKED_UP.format(version=seen, path=kept))
    where.xlstart.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ours, where.addin)
    _keep_receipt(where, kept)
    return [*lines, say.PLACED_ADDIN.format(path=where.addin, version=want)]


def _our_addin(where: Places) -> Path:
    """From the Python that workbooks call; else, set up by hand, from the one that runs."""
    installed = where.site.joinpath(*addin.IN_PACKAGE)
    if installed.is_file():
        return installed
    found = importlib.util.find_spec("xlwings")
    running = Path(found.origin or "").parents[1].joinpath(*addin.IN_PACKAGE) if found else None
    if running is None or not running.is_file():
        raise Refusal(say.NO_XLWINGS)
    return running


def _keep_receipt(where: Places, kept: Path | None) -> None:
    """Remember what stood there before we first came: an update in between is not what --undo goes back to."""
    before = _receipt(where).get("backup", "")
    where.receipt.parent.mkdir(parents=True, exist_ok=True)
    where.receipt.write_text(json.dumps({"addin": addin.digest(where.addin), "backup": before or str(kept or "")}, ensure_ascii=False), encoding="utf-8")


def _receipt(where: Places) -> dict[str, str]:
    return dict(json.loads(where.receipt.read_text(encoding="utf-8"))) if where.receipt.is_file() else {}


def _self_test(where: Places) -> list[str]:
    """Whether the installed Python starts and finds everything: a sentence if not."""
    if not where.interpreter.is_file():
        return [say.SELF_TEST_FAILED.format(why=say.NO_PYTHON)]
    try:
        done = subprocess.run([str(where.interpreter), "-B", "-c", SELF_TEST], capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return [say.SELF_TEST_FAILED.format(why=error)]
    return [say.SELF_TEST_FAILED.format(why=(done.stderr.strip().splitlines() or [say.UNKNOWN])[-1])] if done.returncode else []


def _undo(where: Places) -> Outcome:
    """The add-in as it was before the first `setup`."""
    receipt = _receipt(where)
    if not receipt:
        raise Refusal(say.NOTHING_TO_UNDO)
    done = []
    if where.addin.is_file() and addin.digest(where.addin) != receipt["addin"]:
        done.append(say.FOREIGN_ADDIN)
    else:
        where.addin.unlink(missing_ok=True)
        backup = Path(receipt["backup"]) if receipt["backup"] else None
        if backup is None:
            done.append(say.REMOVED_ADDIN)
        elif backup.is_file():
            shutil.copyfile(backup, where.addin)
            done.append(say.RESTORED_ADDIN.format(version=addin.version(where.addin)))
        else:
            done += [say.REMOVED_ADDIN, say.LOST_BACKUP.format(path=backup)]
    where.receipt.unlink()
    return Outcome(message=say.UNDONE.format(what="，".join(done), path=where.program))
