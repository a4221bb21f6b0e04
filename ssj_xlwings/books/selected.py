"""The rows that are selected in an open workbook, with what they show and which of them are hidden.

As `picked` reads a closed one: the same rows come out with the same texts. The number of calls grows with the areas that
were selected, never with their rows.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from ssj_xlwings.books import blocks, excel
from ssj_xlwings.books.blocks import Place
from ssj_xlwings.books.picked import Line, Picked
from ssj_xlwings.package.areas import LAST_COLUMN, LAST_ROW, letters, position
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import quick as say
from ssj_xlwings.vocabulary.values import EPOCH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_AREAS = 60
"""More pieces than anybody selects by hand; each costs a call."""
AT_ONCE = 20_000
"""Rows asked about in one formula."""
CORNER = re.compile(r"\$?([A-Z]{0,3})\$?([0-9]{0,7})")


def selected(book: Any) -> Picked:
    """What is selected in the workbook, bounded by what its sheet uses. Refusal: no cells, a single one, or pieces beyond number."""
    chosen = book.app.selection
    if chosen is None or chosen.sheet.book.name != book.name:
        raise Refusal(say.NOTHING_SELECTED)
    sheet, addresses = chosen.sheet, excel.areas(chosen, MOST_AREAS + 1)
    if len(addresses) > MOST_AREAS:
        raise Refusal(say.MANY_AREAS, most=MOST_AREAS)
    used = sheet.used_range.last_cell
    places = [place for address in addresses if (place := _bounded(address, used.row, used.column))]
    if not places or (len(places) == 1 and places[0][:2] == places[0][2:]):
        raise Refusal(say.NOTHING_SELECTED)
    spans = _spans((place.top, place.bottom) for place in places)
    return Picked(
        str(sheet.name), "、".join(f"{top}-{bottom}" if top < bottom else str(top) for top, bottom in spans),
        sorted({column - 1 for place in places for column in range(place.left, place.right + 1)}),
        [line for top, bottom in spans for line in _lines(sheet, top, bottom, used.column)],
    )


def _bounded(address: str, last_row: int, last_column: int) -> Place | None:
    """The part of $B$2:$B$9, $B:$B or $5:$9 that the sheet uses; None if it uses nothing of it."""
    first, _, last = address.partition(":")
    left, top = _corner(first, 1, 1)
    right, bottom = _corner(last or first, LAST_COLUMN, LAST_ROW)
    place = Place(top, left, min(bottom, last_row), min(right, last_column))
    return place if place.top <= place.bottom and place.left <= place.right else None


def _corner(text: str, column: int, row: int) -> tuple[int, int]:
    found = CORNER.fullmatch(text)
    if not found:
        raise RuntimeError(f"selected: {text!r}")
    return position(f"{found[1] or letters(column)}{found[2] or row}")


def _spans(rows: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Runs of rows, ascending, none twice."""
    found: list[tuple[int, int]] = []
    for top, bottom in sorted(rows):
        if found and top <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(bottom, found[-1][1])
        else:
            found.append((top, bottom))
    return found


def _lines(sheet: Any, top: int, bottom: int, width: int) -> list[Line]:
    cells: Sequence[Sequence[Any]] = blocks.area(sheet, Place(top, 1, bottom, width)).options(ndim=2).value
    shown = [count for at in range(top, bottom + 1, AT_ONCE) for count in excel.shown(sheet, at, min(bottom, at + AT_ONCE - 1), letters(width))]
    return [
        Line(row, not count and any(cell is not None for cell in line), [_time(cell) for cell in line])
        for row, line, count in zip(range(top, bottom + 1), cells, shown, strict=True)
    ]


def _time(cell: object) -> object:
    """A time of day alone comes as a moment of the day that Excel's calendar begins with."""
    return cell.time() if isinstance(cell, dt.datetime) and cell.date() == EPOCH else cell
