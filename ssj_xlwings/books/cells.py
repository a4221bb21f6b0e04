"""Cells as canonical text, cells that cannot be right, and what a cell is to hold for a canonical text."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import TYPE_CHECKING

from ssj_xlwings.package.cells import BLANK, Value
from ssj_xlwings.types import At, Column, Finding, Kind, Table
from ssj_xlwings.vocabulary.sentences import books as say
from ssj_xlwings.vocabulary.values import EPOCH, RATE, canonical, is_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ssj_xlwings.books.layout import Layout
    from ssj_xlwings.types import Frame

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


def frame(table: Table, layout: Layout, rows: Sequence[Sequence[object]], date1904: bool) -> tuple[Frame, list[Finding]]:
    """The rows below the heading that hold anything, and codes that Excel has rounded (an open workbook; `reading` has the same for a file).

    `rows`: the whole sheet from row 1, column A. A column without heading reads as "". Rows that only formulas of
    the table fill are blank rows; blank rows are left out and end nothing.
    """
    import pandas as pd

    below = rows[layout.header:]
    first = layout.header + 1
    texts: dict[str, list[str]] = {}
    findings: list[Finding] = []
    for column in table.columns:
        place = layout.columns.get(column.name)
        if place is None:
            texts[column.name] = [""] * len(below)
            continue
        values = [row[place - 1] for row in below]
        texts[column.name] = _texts(values, column.kind, date1904)
        findings += [found for row, value in enumerate(values, first) if (found := damaged(table, column, row, value))]
    typed = [texts[column.name] for column in table.columns if not column.formula]
    kept = [index for index, row in enumerate(zip(*typed, strict=True)) if any(row)]
    data = {name: [column[index] for index in kept] for name, column in texts.items()}
    return pd.DataFrame(data, index=pd.Index([first + index for index in kept], dtype="int64"), dtype=str), findings


def _texts(values: Sequence[object], kind: Kind, date1904: bool) -> list[str]:
    if date1904 and kind == "date":
        values = [value + DAYS_1904 if isinstance(value, (int, float)) and not isinstance(value, bool) else value for value in values]
    return [canonical(value, kind) for value in values]


def damaged(table: Table, column: Column, row: int, value: object) -> Finding | None:
    """The finding for a code that stands as a number too long for Excel."""
    if column.kind not in CODED or not isinstance(value, (int, float)) or abs(value) < EXACT:
        return None
    seen = {"heading": column.header, "seen": canonical(value, column.kind), "allowed": say.TEXT_WANTED}
    return Finding(At(table.name, row, column.name), say.DAMAGED_CODE, seen)


def fingerprint(table: Table, frame: Frame) -> str:
    """Of what people and commands wrote into a table, row numbers included; what formulas show does not count."""
    names = [column.name for column in table.columns if not column.formula]
    lines = ("\x1f".join(row) for row in frame[names].itertuples(index=False, name=None))
    text = "\x1e".join(f"{row}\x1f{line}" for row, line in zip(frame.index, lines, strict=True))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


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
