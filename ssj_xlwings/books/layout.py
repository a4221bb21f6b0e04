"""Where a table stands on its sheet: the heading row is looked for, columns go by their headings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ssj_xlwings.package.areas import letters
from ssj_xlwings.types import Column, Refusal, Table
from ssj_xlwings.vocabulary.sentences import books as say
from ssj_xlwings.vocabulary.text import normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SEARCHED = 50
"""Rows looked through for the headings; titles and notes above them take a few."""


SHARE = 0.6
"""How many of a table's headings must stand on a foreign sheet for it to be taken for that table's under another name."""
ALIKE = 60
"""How like (0–100) a foreign heading must be to one that is missing."""
NAMED = 40
"""Characters of a foreign heading that are shown."""


class Renamed(Refusal):
    """A sheet or a heading of ours is missing, and one other can be it under a new name.

    `sheet`: the sheet it is, or stands on; `cell`: of the heading, "" for the sheet itself; `name`: what it was called.
    """

    def __init__(self, sentence: str, place: tuple[str, str], name: str, **values: object) -> None:
        super().__init__(sentence, **values)
        self.sheet, self.cell = place
        self.name = name


@dataclass(frozen=True)
class Layout:
    """The heading row (sheet row number) and column name → column number (from 1) of those that are there."""

    header: int
    columns: dict[str, int]


def find(table: Table, rows: Sequence[Sequence[object]]) -> Layout:
    """The layout of a table in the rows of its sheet (from row 1, column A).

    The heading row is the one with most of the table's headings. Refusal if a required one is missing, or one stands twice.
    """
    texts = [[normal(cell) if isinstance(cell, str) else "" for cell in row] for row in rows[:SEARCHED]]
    known = {word for column in table.columns for word in (column.header, *column.aliases)}
    counts = [len(known.intersection(row)) for row in texts]
    best = max(counts, default=0)
    header = counts.index(best) + 1 if best else 1
    columns = _columns(table, header, texts[header - 1] if best else [])
    for column in table.columns:
        if column.name not in columns and (column.required or best < min(2, len(table.columns))):
            raise _missing(table, column, Layout(header, columns), texts[header - 1] if texts else [])
    return Layout(header, columns)


def _missing(table: Table, column: Column, found: Layout, texts: Sequence[str]) -> Refusal:
    """The refusal of a missing heading; it names the one foreign heading of the row that stands in its place or is like it."""
    from rapidfuzz import fuzz

    order = [each.name for each in table.columns]
    at = order.index(column.name)
    beside = [(order[each], by) for each, by in ((at - 1, -1), (at + 1, 1)) if 0 <= each < len(order)]
    ours = set(found.columns.values())
    plausible = [
        number for number, text in enumerate(texts, 1) if text and number not in ours
        and (all(found.columns.get(name) == number + by for name, by in beside) or fuzz.ratio(text, column.header) >= ALIKE)
    ]
    if len(plausible) != 1:
        return Refusal(say.HEADING_MISSING, sheet=table.sheet, heading=column.header)
    cell, seen = f"{letters(plausible[0])}{found.header}", texts[plausible[0] - 1][:NAMED]
    return Renamed(say.HEADING_RENAMED, (table.sheet, cell), column.header, sheet=table.sheet, heading=column.header, cell=cell, seen=seen)


def sheet_missing(table: Table, others: Iterable[tuple[str, Sequence[Sequence[object]]]]) -> Refusal:
    """The refusal of a missing sheet; it names the one sheet of `others` (name, its first rows) that has the table's headings."""
    like = [name for name, rows in others if _resembles(table, rows)]
    if len(like) != 1:
        return Refusal(say.SHEET_MISSING, sheet=table.sheet)
    return Renamed(say.SHEET_RENAMED, (like[0], ""), table.sheet, sheet=table.sheet, seen=like[0])


def _resembles(table: Table, rows: Sequence[Sequence[object]]) -> bool:
    try:
        return len(find(table, rows).columns) >= max(2, SHARE * len(table.columns))
    except Refusal:
        return False


def _columns(table: Table, header: int, texts: Sequence[str]) -> dict[str, int]:
    """Own headings first, so that another column's alias cannot take them; then aliases among what is left."""
    places: dict[str, list[int]] = {}
    for number, text in enumerate(texts, 1):
        if text:
            places.setdefault(text, []).append(number)
    found = {column.name: _only(table, header, column, places.pop(column.header)) for column in table.columns if column.header in places}
    for column in table.columns:
        if column.name not in found:
            numbers = [number for alias in column.aliases for number in places.pop(alias, ())]
            if numbers:
                found[column.name] = _only(table, header, column, numbers)
    return found


def _only(table: Table, header: int, column: Column, numbers: Sequence[int]) -> int:
    if len(numbers) > 1:
        cells = "、".join(f"{letters(number)}{header}" for number in sorted(numbers))
        raise Refusal(say.HEADING_TWICE, sheet=table.sheet, heading=column.header, cells=cells)
    return numbers[0]
