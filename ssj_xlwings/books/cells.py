"""Cells that cannot be right, and what a cell is to hold for a canonical text."""

from __future__ import annotations

import datetime as dt
import re

from ssj_xlwings.package.cells import BLANK, Value
from ssj_xlwings.types import At, Column, Finding, Kind, Table
from ssj_xlwings.vocabulary.sentences import books as say
from ssj_xlwings.vocabulary.values import EPOCH, RATE, canonical, is_date

EXACT = 10**15
"""Excel keeps 15 significant digits: a code from here on is no longer what was typed."""
CODED = frozenset({"code", "ref", "codes"})
DAYS_1904 = 1462
"""A date's serial number in a workbook with the 1904 calendar is smaller by this."""
FIRST_DAY = 61
FIRST_SERIAL = dt.date(1900, 3, 1)
"""Before it Excel's calendar has a day too many; such dates are kept as text."""
WHOLE = re.compile(r"0|-?[1-9][0-9]{0,14}")
LONGEST_RATE = 17
LINK = re.compile(r"(.+)!([A-Z]{1,3}[0-9]{1,7})")


def damaged(table: Table, column: Column, row: int, value: object) -> Finding | None:
    """The finding for a code that stands as a number too long for Excel."""
    if column.kind not in CODED or not isinstance(value, float) or abs(value) < EXACT:
        return None
    seen = {"heading": column.header, "seen": canonical(value, column.kind), "allowed": say.TEXT_WANTED}
    return Finding(At(table.name, row, column.name), say.DAMAGED_CODE, seen)


def error(table: Table, column: Column, row: int, seen: str) -> Finding:
    """A cell that shows #N/A or the like."""
    values = {"heading": column.header, "seen": seen, "allowed": say.NO_ERROR}
    return Finding(At(table.name, row, column.name), say.ERROR_VALUE, values)


def value(text: str, kind: Kind, date1904: bool) -> Value:
    """What to write for a canonical text. What is not of its kind is written as the text it is."""
    if not text:
        return BLANK
    if kind == "int" and WHOLE.fullmatch(text):
        return Value("number", text)
    if kind == "rate" and RATE.fullmatch(text) and len(text) <= LONGEST_RATE:
        return Value("number", text)
    if kind == "date" and is_date(text) and dt.date.fromisoformat(text) >= FIRST_SERIAL:
        days = (dt.date.fromisoformat(text) - EPOCH).days - (DAYS_1904 if date1904 else 0)
        return Value("date", str(days)) if days >= 0 else Value("text", text)
    place = LINK.fullmatch(text) if kind == "link" else None
    if place:
        sheet = place[1].replace("'", "''").replace('"', '""')
        return Value("formula", place[2], f"""HYPERLINK("#'{sheet}'!{place[2]}","{place[2]}")""")
    return Value("text", text)
