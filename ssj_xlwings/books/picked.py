"""Rows that somebody picked on any sheet, as texts, and which of them are hidden: here of a closed workbook, in `selected` of an open one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.books import opening
from ssj_xlwings.books.reading import Reader
from ssj_xlwings.package.archive import Archive
from ssj_xlwings.package.faults import TooLarge
from ssj_xlwings.package.plain import attributes
from ssj_xlwings.package.relations import Workbook
from ssj_xlwings.package.rows import ROOT_FORMAT, Sheet
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import quick as say
from ssj_xlwings.vocabulary.text import normal
from ssj_xlwings.vocabulary.values import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

MOST_ROWS, MOST_CELLS, MOST_TEXT = 100_000, 4_000_000, 100_000_000
"""Rows of a draw at a meeting, their cells up to the last filled one, and the characters in them."""
TRUE = (b"1", b"true", b"on")


class Line(NamedTuple):
    """One row of a sheet. `cells`: as a reader gives them, from column A; `hidden`: by hand, by a filter, or without height."""

    row: int
    hidden: bool
    cells: Sequence[object]

    def text(self, at: int) -> str:
        """The cell of a column (from 0) on one line of text, "" where it is blank."""
        return " ".join(normal(canonical(self.cells[at], "text")).split()) if at < len(self.cells) else ""


class Picked(NamedTuple):
    """What is selected in an open workbook. `rows`: 5-80、90; `columns`: those that the selection covers, from 0."""

    sheet: str
    rows: str
    columns: Sequence[int]
    lines: Sequence[Line]


def lines(path: Path, sheet: str, numbers: Iterable[int]) -> list[Line]:
    """The rows of those numbers, in their order on the sheet. Refusal if the book has no such sheet, or they are or hold too much."""
    wanted = set(numbers)
    if len(wanted) > MOST_ROWS:
        raise Refusal(say.TOO_MANY_ROWS, seen=len(wanted), most=MOST_ROWS)
    data = opening.load(path)
    with opening.refusing(path):
        archive = Archive(data)
        archive.check()
        workbook = Workbook(archive)
        if sheet not in workbook.sheets:
            raise Refusal(say.NO_SHEET, seen=sheet, sheets="、".join(workbook.sheets))
        part, cells = Sheet(archive.member(workbook.sheets[sheet])), _read(Reader(workbook), sheet, wanted)
        unshown = _attributes(part.head).get(b"zeroHeight", b"0") in TRUE
        return [Line(number, _hidden(part, number, unshown), cells.get(number, ())) for number in sorted(wanted)]


def _read(reader: Reader, sheet: str, wanted: AbstractSet[int]) -> dict[int, Sequence[object]]:
    """The cells of the wanted rows. TooLarge if they are wider, or their texts longer, than people fill a sheet: what is picked is held whole."""
    found: dict[int, Sequence[object]] = {}
    count = size = 0
    for number, line in reader.rows(sheet):
        if number in wanted:
            count += len(line)
            size += sum(len(cell) for cell in line if isinstance(cell, str))
            if count > MOST_CELLS or size > MOST_TEXT:
                raise TooLarge("picked rows")
            found[number] = line
    return found


def _attributes(head: bytes) -> dict[bytes, bytes]:
    """The attributes of the sheet's sheetFormatPr, what a row without its own says."""
    found = ROOT_FORMAT.search(head)
    return attributes(found[1]) if found else {}


def _hidden(part: Sheet, number: int, unshown: bool) -> bool:
    row = part.row(number)
    if row is None:
        return unshown
    given = row.attributes
    return given.get(b"hidden", b"1" if unshown and b"ht" not in given else b"0") in TRUE or float(given.get(b"ht", b"1")) == 0

