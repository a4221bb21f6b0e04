"""What this PC lacks: one line a point, each with the one thing to do, and which door works here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings import __version__
from ssj_xlwings.install import addin, machine
from ssj_xlwings.vocabulary.sentences import install as say

if TYPE_CHECKING:
    from pathlib import Path

    from ssj_xlwings.install.machine import Machine, Places

OLDEST_WINDOWS, OLDEST_EXCEL = 10, 15
SIGNED_ONLY, NO_MACROS = 3, 4
"""VBAWarnings: only signed macros, none at all (Office administrative templates)."""
YEARS = {15: "2013", 16: "2016 或更新"}


class Point(NamedTuple):
    """One thing looked at. `remedy`: what to do, "" if it is as it should be. `ribbon`: the tab in Excel hangs on it;
    `menu`: so does the menu.
    """

    what: str
    remedy: str
    ribbon: bool = True
    menu: bool = False


def points(pc: Machine, where: Places, book: Path | None) -> list[Point]:
    """All that is looked at, in the order in which it is worth putting right."""
    return [_windows(pc), _python(where), _package(where), _excel(pc), _hijack(pc), _addin(where), _macros(pc), *_book(book)]


def door(found: list[Point]) -> str:
    """Which door works on this PC, in one sentence."""
    if any(point.menu and point.remedy for point in found):
        return say.NO_DOOR
    return say.MENU_DOOR if any(point.ribbon and point.remedy for point in found) else say.RIBBON_DOOR


def unsupported(pc: Machine) -> str:
    """Why this Windows cannot run the program; "" if it can."""
    return _windows(pc).remedy


def _windows(pc: Machine) -> Point:
    remedy = say.WINDOWS_32 if pc.bits != 64 else say.WINDOWS_OLD if 0 < pc.windows < OLDEST_WINDOWS else ""
    return Point(say.POINT_WINDOWS.format(seen=pc.windows or say.NONE, bits=pc.bits), remedy, menu=True)


def _python(where: Places) -> Point:
    there = where.interpreter.is_file()
    return Point(say.POINT_PYTHON.format(path=where.interpreter), "" if there else say.NO_PYTHON, menu=True)


def _package(where: Places) -> Point:
    seen = installed(where.site)
    remedy = "" if seen == __version__ else say.NO_PACKAGE if not seen else say.OTHER_PACKAGE.format(seen=seen, want=__version__)
    return Point(say.POINT_PACKAGE.format(seen=seen or say.NONE), remedy, menu=True)


def installed(site: Path) -> str:
    """The version of this program in a folder of packages, "" if it is not there."""
    file = site / "ssj_xlwings" / "__init__.py"
    found = re.search(r'__version__ = "([^"]+)"', file.read_text(encoding="utf-8")) if file.is_file() else None
    return found[1] if found else ""


def _excel(pc: Machine) -> Point:
    remedy = say.NO_EXCEL if not pc.excel else say.OLD_EXCEL.format(seen=pc.excel) if pc.excel < OLDEST_EXCEL else ""
    return Point(say.POINT_EXCEL.format(seen=YEARS.get(pc.excel, pc.excel) if pc.excel else say.NONE), remedy)


def _hijack(pc: Machine) -> Point:
    return Point(say.POINT_WPS.format(seen=say.THERE if pc.wps else say.NONE), say.HIJACKED if pc.hijacked else "")


def _addin(where: Places) -> Point:
    ours = where.site.joinpath(*addin.IN_PACKAGE)
    if not where.addin.is_file():
        return Point(say.POINT_ADDIN.format(seen=say.NONE), say.NO_ADDIN.format(path=where.addin))
    seen = addin.version(where.addin)
    same = addin.digest(where.addin) == addin.digest(ours)
    return Point(say.POINT_ADDIN.format(seen=seen), "" if same else say.OTHER_ADDIN.format(seen=seen, want=addin.version(ours) if ours.is_file() else say.NONE))


def _macros(pc: Machine) -> Point:
    blocked = pc.macros in (SIGNED_ONLY, NO_MACROS)
    remedy = "" if not blocked else say.MACROS_POLICY if pc.policy else say.MACROS_OFF
    return Point(say.POINT_MACROS.format(seen=say.BLOCKED if blocked else say.ALLOWED), remedy)


def _book(book: Path | None) -> list[Point]:
    if book is None:
        return []
    return [Point(say.POINT_BOOK.format(name=book.name), say.FROM_INTERNET.format(name=book.name) if machine.from_internet(book) else "")]
