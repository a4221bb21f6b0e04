"""Cell addresses: C2, A1:P50."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.package.faults import Damaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


@cache
def letters(column: int) -> str:
    """1 → A, 27 → AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def numbered(letters: str) -> int:
    """A column's number from 1; 0 for no letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def position(address: str) -> tuple[int, int]:
    """(column, row), both from 1, of an address such as C2 or $C$2. Damaged if it is none."""
    found = ADDRESS.fullmatch(address)
    if not found:
        raise Damaged(f"address {address!r}")
    column = numbered(found[1])
    if column > LAST_COLUMN:
        raise Damaged(f"column {found[1]}")
    return column, int(found[2])


class Area(NamedTuple):
    """A rectangle of cells; all four numbers from 1 and inclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def read(cls, text: str) -> Area:
        """From A1:P50, or a single cell. Damaged if it is none."""
        first, _, last = text.partition(":")
        left, top = position(first)
        right, bottom = position(last) if last else (left, top)
        if left > right or top > bottom:
            raise Damaged(f"area {text!r}")
        return cls(left, top, right, bottom)

    def __str__(self) -> str:
        first, last = f"{letters(self.left)}{self.top}", f"{letters(self.right)}{self.bottom}"
        return first if first == last else f"{first}:{last}"

    def hides(self, column: int, row: int) -> bool:
        """Whether the cell lies in it behind the first one, which is what shows where cells are merged."""
        return self.left <= column <= self.right and self.top <= row <= self.bottom and (column, row) != (self.left, self.top)

    def overlaps(self, other: Area) -> bool:
        """Whether a cell belongs to both."""
        return self.left <= other.right and other.left <= self.right and self.top <= other.bottom and other.top <= self.bottom

    def union(self, other: Area) -> Area:
        """The smallest rectangle around both."""
        return Area(min(self.left, other.left), min(self.top, other.top), max(self.right, other.right), max(self.bottom, other.bottom))


class Areas:
    """Many areas, found by the row: a look at one row costs what lies in it, however many there are and however tall.

    Each area is kept by the blocks of 1, 2, 4, … rows that make up its rows: some forty at most.
    """

    def __init__(self, areas: Iterable[Area]) -> None:
        self._blocks: dict[tuple[int, int], list[Area]] = {}
        for area in dict.fromkeys(areas):
            low, high, size = area.top, area.bottom + 1, 0
            while low < high:
                if low & 1:
                    self._blocks.setdefault((size, low), []).append(area)
                    low += 1
                if high & 1:
                    high -= 1
                    self._blocks.setdefault((size, high), []).append(area)
                low, high, size = low >> 1, high >> 1, size + 1
        self._sizes = sorted({size for size, _ in self._blocks})

    def on(self, row: int) -> Iterator[Area]:
        """Those with cells in a row."""
        return (area for size in self._sizes for area in self._blocks.get((size, row >> size), ()))
