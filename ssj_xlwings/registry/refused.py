"""The workbook of refused rows: correct it and import it as it is."""

from __future__ import annotations

import re
from itertools import chain, count
from math import ceil
from typing import TYPE_CHECKING

import xlsxwriter

from ssj_xlwings.registry.cells import LONGEST
from ssj_xlwings.vocabulary.sentences import registry as say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ssj_xlwings.registry.headings import Layout
    from ssj_xlwings.registry.intake import Refused

WIDTH = 24
REASON_WIDTH = 60
LINE = 18
A4 = 9
OWN = re.compile(say.REFUSED_FILE.format(stem="(.+)", number="(-[0-9]+)?").replace(".xlsx", ""))


def free_name(path: Path) -> str:
    """What the workbook is called that belongs to a source: a name that no file in its folder has yet. The
    workbook of a workbook of refused rows bears the first source's name.
    """
    own = OWN.fullmatch(path.stem)
    stem = own[1] if own else path.stem
    numbers = chain([""], (f"-{number}" for number in count(2)))
    names = (say.REFUSED_FILE.format(stem=stem, number=number) for number in numbers)
    return next(name for name in names if not (path.parent / name).exists())


def write(path: Path, layout: Layout, wrong: Sequence[Refused], twice: Sequence[Refused]) -> None:
    """The source's headings and the refused rows as they stood there, with row number and reason at the end. Rows
    to correct stand on the first sheet; those whose key the source has twice on a second one, which import passes
    over, for taken in by themselves they would overwrite the first of the two.

    All cells are text, so that a code typed in anew stays whole; a number stays a number, because as a
    text a damaged code would look sound.
    """
    with xlsxwriter.Workbook(path) as book:
        _sheet(book, say.WRONG_SHEET, layout, wrong)
        if twice:
            _sheet(book, say.TWICE_SHEET, layout, twice)


def _headings(layout: Layout) -> list[object]:
    """What a source without headings is given, so that it is understood when it comes back."""
    columns = {match.position: match.column.header for match in layout.matches}
    return [columns.get(place, label) for place, label in enumerate(layout.labels)]


def _sheet(book: xlsxwriter.Workbook, name: str, layout: Layout, refused: Sequence[Refused]) -> None:
    heads = layout.head_rows or [_headings(layout)]
    width = len(layout.headings)
    text = book.add_format({"num_format": "@", "valign": "top", "font_name": "宋体", "font_size": 11})
    head = book.add_format({"num_format": "@", "bold": True, "text_wrap": True, "bg_color": "#DDEBF7", "border": 1, "font_name": "宋体", "font_size": 11})
    wrap = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True, "font_color": "#C00000", "font_name": "宋体", "font_size": 11})
    sheet = book.add_worksheet(name)
    sheet.set_column(0, width - 1, WIDTH, text)
    sheet.set_column(width, width, 8, text)
    sheet.set_column(width + 1, width + 1, REASON_WIDTH, wrap)
    for number, row in enumerate(heads):
        cells = [*row, *[None] * (width - len(row)), say.ROW_NUMBER, say.REASON]
        sheet.write_row(number, 0, ["" if cell is None else str(cell) for cell in cells], head)
    for number, found in enumerate(refused, len(heads)):
        sheet.set_row(number, LINE * ceil(2 * len(found.reason) / REASON_WIDTH))  # Chinese is two columns wide
        for place, cell in enumerate(found.cells[:width]):
            if isinstance(cell, str):
                sheet.write_string(number, place, cell[:LONGEST], text)
            elif isinstance(cell, (int, float)):
                sheet.write_number(number, place, cell, text)
        sheet.write_string(number, width, str(found.row), text)
        sheet.write_string(number, width + 1, found.reason, wrap)
    sheet.freeze_panes(len(heads), 0)
    sheet.repeat_rows(0, len(heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
