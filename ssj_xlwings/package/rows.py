"""The rows of a sheet part, cut by bytes; only touched rows are taken apart.

Why this is sound is told in `plain`; besides, what was touched is checked for well-formedness before it is saved (`kept`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections import deque
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ssj_xlwings.package import windows
from ssj_xlwings.package.areas import LAST_ROW, Area, letters, position
from ssj_xlwings.package.faults import Damaged
from ssj_xlwings.package.inflate import Member
from ssj_xlwings.package.plain import ATTRIBUTES, attributes, said
from ssj_xlwings.package.plain import number as counted
from ssj_xlwings.package.windows import Windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ssj_xlwings.package.windows import Window

ROW_TAG = re.compile(rb"<row" + ATTRIBUTES)
CELL_TAG = re.compile(rb"<c" + ATTRIBUTES)
NEXT_CELL = re.compile(rb"\s*(?=<c[\s/>])")
STYLED = re.compile(rb'<c r="[A-Z]+[0-9]+" s="([0-9]+)"[ />]')
CELL_END = re.compile(rb"</c\s*>")
FILLED = re.compile(rb"<(?:v|is)(?:\s[^>/]*)?>(?!</(?:v|is)>)")
FORMULA = re.compile(rb"<f(?=[\s/>])")
MERGED = re.compile(rb"""<mergeCell\s(?:[^<>]*\s)?ref=["']([^"']*)""")
SPREAD = re.compile(rb"""<f\s(?:[^<>]*\s)?ref=["']([^"']*)""")
COLUMN = re.compile(rb"<col" + ATTRIBUTES)
ROOT_FORMAT = re.compile(rb"<sheetFormatPr" + ATTRIBUTES)
SHARED = re.compile(rb"""\ssi=["']([^"']*)""")
NEAR = 4 << 10
"""Bytes at the end of a window that are looked through first."""
DIMENSION = re.compile(rb"""(<dimension\s+ref=["'])([^"']*)(["'])""")


def style_of(cell: bytes) -> str:
    """The style index of a cell, "" for the default."""
    usual = STYLED.match(cell)
    if usual:
        return usual[1].decode()
    tag = CELL_TAG.match(cell)
    return said(attributes(tag[1]).get(b"s", b"")) if tag else ""


def filled(cell: bytes) -> bool:
    """Whether the cell shows something."""
    return bool(FILLED.search(cell))


def computed(cell: bytes) -> bool:
    """Whether the cell holds a formula."""
    return bool(FORMULA.search(cell))


def used(cell: bytes) -> bool:
    """Whether the cell shows something, or would once its formula is calculated (not every program keeps what it came to)."""
    return filled(cell) or computed(cell)


@dataclass
class Row:
    """One row taken apart: column number → the bytes of its cell. `rest` is what follows the cells."""

    number: int
    attributes: dict[bytes, bytes] = field(default_factory=dict)
    cells: dict[int, bytes] = field(default_factory=dict)
    rest: bytes = b""

    @classmethod
    def parse(cls, number: int, xml: bytes) -> Row:
        """From its bytes, up to the next row. Damaged if a tag cannot be read."""
        tag = ROW_TAG.match(xml)
        if not tag:
            raise Damaged(f"row {number}")
        row = cls(number, attributes(tag[1]))
        row.attributes.pop(b"r", None)
        if tag[2]:
            return row
        at, column = tag.end(), 0
        end = xml.rfind(b"</row")
        while cell := NEXT_CELL.match(xml, at, end):
            start = CELL_TAG.match(xml, cell.end(), end)
            close = start if start and start[2] else CELL_END.search(xml, cell.end(), end)
            if not start or not close:
                raise Damaged(f"row {number}")
            ref = attributes(start[1]).get(b"r")
            column = position(said(ref))[0] if ref else column + 1
            held = xml[cell.end():close.end()]
            row.cells[column] = held if ref else b'<c r="%s%d"%s' % (letters(column).encode(), number, held[2:])  # it stays where it is when others go
            at = close.end()
        row.rest = xml[at:end].strip()
        return row

    def serialise(self) -> bytes:
        """As XML, cells in the order of their columns; `spans` is a hint that may no longer hold and goes."""
        extra = b"".join(b' %s="%s"' % (name, value.replace(b'"', b"&quot;")) for name, value in self.attributes.items() if name != b"spans")
        cells = b"".join(self.cells[column] for column in sorted(self.cells))
        return b'<row r="%d"%s>%s%s</row>' % (self.number, extra, cells, self.rest)


BLANK_ROW = Row(0)


class Sheet:
    """A sheet part: `head` before its rows, `tail` after them, rows by number."""

    def __init__(self, source: Member | bytes) -> None:
        self.windows = Windows(Member.of("sheet", source) if isinstance(source, bytes) else source)
        self.head, self.tail = self.windows.head, self.windows.tail
        self.outside = self.head + self.tail
        """What stood around the rows when the part was opened."""
        self.touched: list[int] = []
        """The numbers of the rows that are no longer the old bytes, in order."""
        self._now: dict[int, Row | None] = {}  # these rows, None for those that are gone
        self.shares = self.windows.shares
        """Whether cells may share a formula."""

    @property
    def last(self) -> int:
        """The number of the last row there is, filled or not; 0 if there is none."""
        put = self._last_put(LAST_ROW)
        if self._now.get(self.windows.last, BLANK_ROW) is not None:
            return max(self.windows.last, put)
        for index in reversed(range(len(self.windows))):
            for number in reversed(self.windows.window(index).numbers):
                if number <= put or self._now.get(number, BLANK_ROW) is not None:
                    return max(number, put)
        return put

    def last_showing(self, number: int) -> int:
        """The last row up to `number` that may show something, 0 if none does: formats pulled down a million rows are passed over."""
        put = self._last_put(number)
        for index in reversed(range(bisect_right(self.windows.firsts, number))):
            data, numbers, starts = self.windows.window(index)
            end = starts[bisect_right(numbers, number)]
            low, span = end, NEAR
            while low > starts[0]:  # near the end first, then ever farther: rows that show something are seldom far
                low, span = max(starts[0], low - span), 2 * span
                at = max(data.rfind(token, low, end) for token in (b"<v", b"<is", b"<f"))
                if at >= 0:
                    return max(numbers[bisect_right(starts, at) - 1], put)
        return put

    def _last_put(self, number: int) -> int:
        """The last row up to `number` that was put, 0 if none was."""
        places = reversed(range(bisect_right(self.touched, number)))
        return next((self.touched[at] for at in places if self._now[self.touched[at]]), 0)

    def row(self, number: int) -> Row | None:
        """A row taken apart, to look at; None where the sheet has none."""
        if number in self._now:
            return self._now[number]
        index = bisect_right(self.windows.firsts, number) - 1
        if index < 0 or number > self.windows.last:
            return None
        data, numbers, starts = self.windows.window(index)
        at = bisect_left(numbers, number)
        if at == len(numbers) or numbers[at] != number:
            return None
        return Row.parse(number, data[starts[at]:starts[at + 1]])

    def put(self, row: Row) -> None:
        """Take this row instead of what stood under its number."""
        self._touch(row.number, row)

    def drop(self, number: int) -> None:
        """The row is gone; those below stay where they are."""
        self._touch(number, None)

    def _touch(self, number: int, row: Row | None) -> None:
        if number not in self._now:
            insort(self.touched, number)
        self._now[number] = row

    @cached_property
    def sharing(self) -> dict[bytes, list[int]]:
        """The rows in which cells shared a formula when the part was opened, by its index. None comes to share one later."""
        found: dict[bytes, dict[int, None]] = {}
        for index, plain in enumerate(self.windows) if self.shares else ():
            if b"si=" in plain:
                data, numbers, starts = self.windows.window(index)
                for told in SHARED.finditer(data):
                    found.setdefault(told[1], {})[numbers[bisect_right(starts, told.start()) - 1]] = None
        return {index: list(rows) for index, rows in found.items()}

    def holding(self, *tokens: bytes) -> Iterator[Row]:
        """The rows whose bytes hold one of the tokens, each once, in order (as they are now, if touched)."""
        for index, plain in enumerate(self.windows):
            if not any(token in plain for token in tokens):
                continue
            data, numbers, starts = self.windows.window(index)
            seen = set()
            for token in tokens:
                at = data.find(token)
                while at >= 0:
                    found = bisect_right(starts, at) - 1
                    seen.add(found)
                    at = data.find(token, starts[found + 1])
            for found in sorted(seen - {-1}):
                row = self.row(numbers[found])
                if row:
                    yield row

    def covering(self) -> list[Area]:
        """Areas of several cells of which only the first counts: merged cells, formulas that fill more than their own cell."""
        areas = [Area.read(said(found[1])) for found in MERGED.finditer(self.tail)]
        if self.windows.spread:
            for row in self.holding(*windows.SPREAD):
                areas += [Area.read(said(found[1])) for cell in row.cells.values() for found in SPREAD.finditer(cell)]
        return [area for area in areas if area[:2] != area[2:]]

    def column_style(self, column: int) -> str:
        """The style the sheet gives a whole column, "" for none."""
        for found in COLUMN.finditer(self.head):
            given = attributes(found[1])
            if counted(given.get(b"min", b"0")) <= column <= counted(given.get(b"max", b"0")):
                return said(given.get(b"style", b""))
        return ""

    def stretch_dimension(self, area: Area) -> None:
        """Let the sheet's stated extent take in `area`."""
        found = DIMENSION.search(self.head)
        if found:
            wider = Area.read(said(found[2])).union(area)
            self.head = self.head[:found.start(2)] + str(wider).encode() + self.head[found.end(2):]

    def pieces(self) -> Iterator[bytes]:
        """The whole part, window by window: untouched rows as their old bytes."""
        yield self.head
        waiting = deque(self.touched)
        for index, until in zip(range(len(self.windows)), [*self.windows.firsts[1:], LAST_ROW + 1], strict=False):
            numbers = []
            while waiting and waiting[0] < until:
                numbers.append(waiting.popleft())
            yield b"".join(self._with(self.windows.window(index), numbers)) if numbers else self.windows.data(index)
        yield b"".join(row.serialise() for number in waiting if (row := self._now[number]))
        yield self.tail

    def _with(self, window: Window, numbers: list[int]) -> Iterator[bytes]:
        """A window with the touched ones of its rows in their places."""
        at = 0
        for number in numbers:
            index = bisect_left(window.numbers, number)
            start = window.starts[index]
            yield window.data[at:start]
            row = self._now[number]
            if row:
                yield row.serialise()
            there = index < len(window.numbers) and window.numbers[index] == number
            at = window.starts[index + 1] if there else start
        yield window.data[at:]

    def serialise(self) -> bytes:
        """The whole part at once."""
        return b"".join(self.pieces())
