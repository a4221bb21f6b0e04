"""Rectangles of cells of an open workbook: written whole, read back, and put back when something fails.

A text goes into a cell that is not formatted as text with the leading apostrophe that Excel itself uses, so that
“0012” stays what it is. Nothing here activates, selects or scrolls.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from ssj_xlwings.books import excel
from ssj_xlwings.vocabulary.values import EPOCH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ssj_xlwings.package.cells import Value

TEXT_FORMAT = "@"
DAYS_1904 = 1462
CLOSE = 1e-9
SINGLY = 2000
"""Cells under a filter that are written one by one; about two seconds."""
Cell = Any
"""What xlwings gives and takes: None, str, float, bool, datetime."""
Rows = list[list[Cell]]


class NotKept(Exception):
    """Excel took the cells but shows something else (filtered rows, a rule, another program)."""


class TooMany(Exception):
    """So many cells under a filter would have to be written one by one."""


class UnderFilter(Exception):
    """No row can be inserted above a totals row while a filter hides others."""


class Place(NamedTuple):
    """A rectangle on a sheet; all four numbers from 1 and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


class Journal:
    """What was done to a workbook, so that it can be put back, last first."""

    def __init__(self) -> None:
        self._back: list[Callable[[], None]] = []

    def note(self, back: Callable[[], None]) -> None:
        """`back` takes back the step that is about to be done."""
        self._back.append(back)

    def undo(self) -> None:
        """Put everything back as it was. A step that Excel refuses stays in `left`, the others are taken all the same."""
        steps, self._back = self._back[::-1], []
        for back in steps:
            try:
                back()
            except Exception:  # noqa: BLE001 - whatever Excel says; the caller sees it in `left` and says so
                self._back.append(back)

    @property
    def left(self) -> int:
        """Steps that are not taken back."""
        return len(self._back)


def area(sheet: Any, place: Place) -> Any:
    """The range of a place."""
    return sheet.range((place.top, place.left), (place.bottom, place.right))


def values(cells: Any) -> Rows:
    """The values of a range, rows of cells; an error value as its text (#N/A)."""
    return excel.error_texts(cells.options(ndim=2, err_to_str=True).value)


def formulas(cells: Any) -> Rows:
    """What was typed into the cells of a range: formulas, or texts and numbers."""
    found = cells.formula
    return [list(row) for row in found] if isinstance(found, (tuple, list)) else [[found]]


def is_formula(text: object) -> bool:
    """Whether what was typed is a formula."""
    return isinstance(text, str) and text.startswith("=") and len(text) > 1


def cell(value: Value, date1904: bool) -> Cell:
    """What to hand to Excel for a value."""
    if value.type == "number":
        return float(value.text)
    if value.type == "date":
        days = int(value.text) + (DAYS_1904 if date1904 else 0)
        return dt.datetime.combine(EPOCH, dt.time()) + dt.timedelta(days=days)
    if value.type == "formula":
        return f"={value.formula}"
    return value.text or None


def write(sheet: Any, place: Place, rows: Sequence[Sequence[Cell]], formulas_in: frozenset[int], journal: Journal, filtered_to: int = 0) -> None:
    """Write a rectangle in one go and read it back. NotKept if Excel does not show what was written.

    `formulas_in`: column numbers whose texts that begin with = are formulas; anywhere else they are texts.
    `filtered_to`: the last row that a filter may have hidden; down to it only cells that change are written, one by one,
    because Excel puts the first value of a rectangle into every shown cell and none into the hidden. TooMany if there are too many.
    """
    cells = area(sheet, place)
    typed, shown = formulas(cells), values(cells)
    text = text_columns(sheet, place)
    numbers = range(place.left, place.right + 1)
    before = [[old if is_formula(old) and at not in text and old != value else _quoted(value, at in text) for at, old, value in zip(numbers, olds, row, strict=True)]
              for olds, row in zip(typed, shown, strict=True)]
    after = [[value if at in formulas_in and is_formula(value) else _quoted(value, at in text) for at, value in zip(numbers, row, strict=True)] for row in rows]
    singly = [(row, column) for row in range(min(len(after), max(0, filtered_to - place.top + 1))) for column, value in enumerate(after[row]) if value != before[row][column]]
    if len(singly) > SINGLY:
        raise TooMany(len(singly))

    def put(there: Rows) -> None:
        for row, column in singly:
            sheet.range((place.top + row, place.left + column)).value = there[row][column]
        below = max(place.top, filtered_to + 1)
        if below <= place.bottom:
            area(sheet, place._replace(top=below)).value = there[below - place.top:]

    journal.note(lambda: put(before))
    put(after)
    for row, seen in zip(rows, values(cells), strict=True):
        for at, wanted, got in zip(numbers, row, seen, strict=True):
            if not (at in formulas_in and is_formula(wanted)) and not same(wanted, got):
                raise NotKept(f"{sheet.name} column {at}: {wanted!r} became {got!r}")


def same(wanted: Cell, got: Cell) -> bool:
    """Whether a cell shows what was written into it."""
    if wanted is None or wanted == "":
        return got is None or got == ""
    if isinstance(wanted, float) and isinstance(got, (int, float)):
        return abs(wanted - got) <= CLOSE * max(1.0, abs(wanted))
    return bool(wanted == got)


def text_columns(sheet: Any, place: Place) -> frozenset[int]:
    """The columns of a place whose cells are all formatted as text. One question if they are alike, else one a column."""
    numbers = range(place.left, place.right + 1)
    common = area(sheet, place).number_format
    if common is not None:
        return frozenset(numbers if common == TEXT_FORMAT else ())
    return frozenset(at for at in numbers if sheet.range((place.top, at), (place.bottom, at)).number_format == TEXT_FORMAT)


def _quoted(value: Cell, in_text: bool) -> Cell:
    return f"'{value}" if isinstance(value, str) and value and not in_text else value

