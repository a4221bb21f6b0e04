"""Where a table stands on its sheet: the heading row is looked for, columns go by their headings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ssj_xlwings.package.areas import letters
from ssj_xlwings.types import Column, Refusal, Table
from ssj_xlwings.vocabulary.sentences import books as say
from ssj_xlwings.vocabulary.text import normal

if TYPE_CHECKING:
    from collections.abc import Sequence

SEARCHED = 50
"""Rows looked through for the headings; titles and notes above them take a few."""


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
            raise Refusal(say.HEADING_MISSING, sheet=table.sheet, heading=column.header)
    return Layout(header, columns)


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
