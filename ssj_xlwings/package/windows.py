"""A sheet part seen through windows of whole rows, so that a sheet of any length takes the memory of a few of them."""

from __future__ import annotations

import re
from array import array
from functools import lru_cache
from operator import ge
from typing import TYPE_CHECKING, NamedTuple

from zlib_ng import zlib_ng

from ssj_xlwings.package.areas import LAST_ROW
from ssj_xlwings.package.faults import Damaged, TooLarge
from ssj_xlwings.package.inflate import Member
from ssj_xlwings.package.plain import begins_plain, holds, normalised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ssj_xlwings.package.inflate import Place

DATA = re.compile(rb"<sheetData\s*(/?)>")
END = b"</sheetData"
ROW = re.compile(rb"""<row(?=[\s/>])(?:\s+r=["']([0-9]{1,7})["'])?""")
SPREAD = (b'"array"', b"'array'", b'"dataTable"', b"'dataTable'")
"""A formula that may fill several cells."""
LONGEST = 16 << 20
"""Bytes of what stands before the rows, and of one row; more is no sheet of people."""
TAIL = 64 << 20
"""Bytes of what stands after the rows: rules, merged cells, links."""
ODD = 64 << 20
"""Bytes of a sheet that has to be put into plain form first; its tree takes ten times as much."""
HELD = 64 << 20
"""Bytes of a sheet that stays unpacked while it is at work; a larger one is unpacked again, window by window, whenever it is looked at."""
KEPT = 3
"""Windows kept at hand: the first rows, those at work, the ones before."""


class NotPlain(Exception):
    """The part cannot be cut by bytes as it stands."""


class Span(NamedTuple):
    """Where a window comes from: what was left of the piece before, the piece, and which of both belongs to the window."""

    carried: bytes
    place: Place
    start: int
    end: int


class Window(NamedTuple):
    """Whole rows of a sheet: their numbers and where each starts in `data` (its end last)."""

    data: bytes
    numbers: array[int]
    starts: array[int]


class Windows:
    """`head` up to the rows, `tail` from their end, and between them the rows, window by window, as often as needed.

    `firsts`: the first row number of each window; `last`: that of the last row; `spread`: formulas may fill several cells;
    `shares`: cells may share one; `checksums`: of the rows of each window; `computed`: whether it holds formulas.
    """

    def __init__(self, member: Member) -> None:
        self._member = member
        try:
            self._look()
        except NotPlain:
            if member.size > ODD:
                raise TooLarge("a sheet to be put into plain form") from None
            self._member = Member.of(member.name, normalised(member.whole()))
            try:
                self._look()
            except NotPlain as error:
                raise Damaged("rows without order") from error
        self.window: Callable[[int], Window] = lru_cache(KEPT)(self._window)

    def __len__(self) -> int:
        return len(self._spans)

    def __iter__(self) -> Iterator[bytes]:
        return (self.data(index) for index in range(len(self)))

    def data(self, index: int) -> bytes:
        """The bytes of a window; of a large sheet, unpacked once more."""
        if self._held:
            return self._held[index]
        span = self._spans[index]
        return (span.carried + self._member.again(span.place))[span.start:span.end]

    def _window(self, index: int) -> Window:
        data, starts = self.data(index), self._starts[index]
        return Window(data, self._numbers[index], array("I", [*starts, len(data)]))

    def _look(self) -> None:
        """One pass: everything is unpacked and checked once; only head, tail and the places stay."""
        self.head, self.last, self.spread, self.shares = b"", 0, False, False
        self.firsts: list[int] = []
        self.checksums: list[int] = []
        self.computed: list[bool] = []
        self._spans: list[Span] = []
        self._held: list[bytes] = []
        self._numbers: list[array[int]] = []
        self._starts: list[array[int]] = []
        carried, tail = b"", b""
        for place, piece in self._member.pieces():
            data, start = (tail or carried) + piece, 0
            if holds(data, b"<!"):
                raise NotPlain
            if tail:
                tail = _within(data, TAIL)
                continue
            if not self.head:
                found = DATA.search(data)
                if not found:
                    carried = _within(data, LONGEST)
                    continue
                self.head, start = _head(data[:found.start()]), found.end()
                if found[1]:
                    tail = b"</sheetData>" + data[start:]
                    continue
            end = data.find(END, start)
            cut = end if end >= 0 else max(data.rfind(b"<row"), start)
            if cut > start:
                self._note(Span(carried, place, start, cut), data[start:cut])
            carried, tail = (b"", data[cut:]) if end >= 0 else (_within(data[cut:], LONGEST), b"")
        if not self.head:
            raise NotPlain
        if not tail:
            raise Damaged("no end of sheetData")
        if b"<?" in tail:
            raise NotPlain
        self.tail = tail

    def _note(self, span: Span, data: bytes) -> None:
        numbers, starts = _rows(data)
        if holds(data, b"<?") or (numbers and self.last >= numbers[0]):
            raise NotPlain
        self.last = numbers[-1] if numbers else self.last
        if self.last > LAST_ROW:
            raise Damaged(f"row {self.last}")
        self.spread = self.spread or (b"f" in data and (b"array" in data or b"dataTable" in data))  # a formula has an f
        self.shares = self.shares or (b"f" in data and b"shared" in data)
        self.firsts.append(numbers[0] if numbers else self.last)
        self.checksums.append(zlib_ng.crc32(memoryview(data)[starts[0]:]) if numbers else 0)
        self.computed.append(holds(data, b"<f"))
        self._numbers.append(numbers)
        self._starts.append(starts)
        self._spans.append(span)
        if self._member.size <= HELD:
            self._held.append(data)


def _rows(data: bytes) -> tuple[array[int], array[int]]:
    """The numbers of the rows and where they start. NotPlain if one has no number, or not more than the one before."""
    from ssj_xlwings.package import words

    told = words.rows(data)
    if told:
        numbers, starts = (array("I", found.astype("I").tobytes()) for found in told)
        rising = not (told[0][1:] <= told[0][:-1]).any()
    else:
        found = list(ROW.finditer(data))
        numbers, starts = array("I", [int(match[1] or 0) for match in found]), array("I", [match.start() for match in found])
        rising = all(numbers) and not any(map(ge, numbers, numbers[1:]))
    if not rising:
        raise NotPlain
    return numbers, starts


def _head(data: bytes) -> bytes:
    if not begins_plain(data):
        raise NotPlain
    return data + b"<sheetData>"


def _within(data: bytes, most: int) -> bytes:
    if len(data) > most:
        raise TooLarge("a piece of a sheet")
    return data
