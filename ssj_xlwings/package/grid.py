"""The cells of some whole rows found all at once, with numpy: sixteen million of them are too many to be looked at one by one.

Only cells written the way Excel writes them are understood (`<c r="A2" s="3" t="s"><v>12</v></c>`); `scan` knows the others.
Eight bytes are fetched and compared at a time.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ssj_xlwings.package import scan
from ssj_xlwings.package.words import Marks, Numbers, Words, byte, look, number, quoted, spells, word

if TYPE_CHECKING:
    from collections.abc import Iterator

LESS = ord("<")
SHARED, TEXT, INLINE = ord("s"), ord("r"), ord("i")
TYPES = {0: b"", TEXT: b"str", INLINE: b"inlineStr", **{letter: bytes([letter]) for letter in b"snbed"}}


class Grid(NamedTuple):
    """One entry a cell, in their order. `sure`: the cell is written as expected, in the row its address says; else its entry means nothing.

    `begin`, `end`: the whole cell; `row`, `column`: from 1; `style`: -1 for none; `kind`: first letter of its type (`r` for str), 0 for none;
    `start`, `stop`: what stands in its `<v>`, or in the cell if that is more (`more`); `number`: that as a whole number, -1 if it is none.
    """

    begin: Numbers
    end: Numbers
    row: Numbers
    column: Numbers
    style: Numbers
    kind: Numbers
    start: Numbers
    stop: Numbers
    number: Numbers
    more: Marks
    sure: Marks
    others: bool
    """Whether there are elements that look like rows or cells and are not written as expected."""

    def whole(self) -> bool:
        """Whether nothing but cells written as expected stands there."""
        return not self.others and bool(self.sure.all())

    def filled(self, header: int) -> dict[int, Numbers]:
        """Column → which entries are cells of it, below row `header`, that hold something; a blank column is not there."""
        entries = np.flatnonzero((self.stop > self.start) & (self.row > header))
        columns = self.column[entries].astype(np.int16)
        by_column = entries[np.argsort(columns, kind="stable")]
        ends = np.cumsum(np.bincount(columns, minlength=1))
        return {column: by_column[first:end] for column, (first, end) in enumerate(pairwise([0, *ends.tolist()])) if first < end}

    def shared(self, entries: Numbers) -> bool:
        """Whether all of these are numbers of shared texts."""
        return bool(((self.kind[entries] == SHARED) & (self.number[entries] >= 0)).all())

    def whole_numbers(self, entries: Numbers) -> bool:
        """Whether all of these are plain whole numbers: no texts, nothing besides the value."""
        return bool(((self.kind[entries] == 0) & (self.number[entries] >= 0)).all())

    def told(self, entries: Numbers, data: bytes) -> Iterator[tuple[int, bytes, bytes, bytes, bytes]]:
        """Row, style, type, value and what else stands in the cell, as `scan` gives them."""
        fields = (self.row, self.style, self.kind, self.start, self.stop, self.more)
        for row, style, kind, start, stop, more in zip(*(field[entries].tolist() for field in fields), strict=True):
            held = data[start:stop]
            yield row, b"" if style < 0 else b"%d" % style, TYPES[kind], scan.value(held) if more else held, held if more else b""

    def sound(self) -> Marks:
        """Cells that are blank or hold a whole number, written as expected: well-formed beyond doubt."""
        found: Marks = self.sure & ~self.more & ((self.number >= 0) | (self.start == self.stop))
        return found


def grid(data: bytes) -> Grid:
    """The cells of whole rows."""
    seen, words = look(data)
    tags = np.append(np.flatnonzero(seen[:len(data)] == LESS), [len(data)] * 3)
    first = seen[tags + 1]
    cells = np.flatnonzero((first == ord("c")) & (seen[tags + 2] == ord(" ")))
    begin = tags[cells]
    sure = spells(words[begin], b'<c r="')
    column, at = _column(words[begin + 6], begin + 6)
    row, named, at, rowed = _row(words, tags[first == ord("r")], begin, at)
    style, at, styled = _style(words[at], at)
    kind, at, closed, known = _kind(words, at)
    sure &= (column > 0) & named & styled & known
    at[~sure] = len(data)
    value = spells(words[at], b"<v>") & ~closed
    until = tags[cells + 2]
    value &= words[until] == word(b"</v></c>")
    start, stop = np.where(value, at + 3, at), np.where(value, until, at)
    more = ~value & ~closed
    if (more & sure).any():
        ends = np.append(tags[spells(words[tags], b"</c>")], len(data))
        stop[more] = ends[np.searchsorted(ends, at[more])]
        sure &= stop < len(data)
    numbers = np.where(value, number(words[start], stop - start), -1)
    return Grid(begin, np.where(closed, at, stop + np.where(value, 8, 4)), row, column, style, kind, start, stop, numbers, more & (stop > start), sure,
                others=not rowed or len(cells) < int(np.count_nonzero(first == ord("c"))))


def _column(words: Words, at: Numbers) -> tuple[Numbers, Numbers]:
    """The number of a column, 0 if it is none, and where its letters end."""
    column, end, going = np.zeros(len(at), dtype=np.int64), at, np.ones(len(at), dtype=bool)
    for place in range(3):
        letter = (byte(words, place) - np.uint64(ord("A"))).astype(np.int64)  # what is no letter is far off
        going = going & (letter >= 0) & (letter < 26)
        if place and not going.any():
            break
        column, end = np.where(going, column * 26 + letter + 1, column), end + going
    return column, end


def _row(words: Words, rows: Numbers, cells: Numbers, at: Numbers) -> tuple[Numbers, Marks, Numbers, bool]:
    """The row of each cell, whether its address names it, where the address ends (at the quotation mark), and whether every row is as expected."""
    count = len(rows)
    rows = rows[words[rows] == word(b'<row r="')]
    told = words[rows + 8]
    numbers, length = quoted(told)
    mask = (np.uint64(1) << (8 * (length + 1)).astype(np.uint64)) - np.uint64(1)
    mask[length == 7] = np.uint64(2**64 - 1)
    of = np.searchsorted(cells, rows)
    counts = np.diff(np.append(of, len(cells)))
    row, named = np.full(len(cells), -1, dtype=np.int64), np.zeros(len(cells), dtype=bool)
    first = int(of[0]) if len(of) else len(cells)
    row[first:] = np.repeat(numbers, counts)
    named[first:] = ((words[at[first:]] ^ np.repeat(told, counts)) & np.repeat(mask, counts)) == 0
    end = at.copy()
    end[first:] += np.repeat(length, counts)
    return row, named & (row >= 0), end, len(rows) == count and bool((numbers >= 0).all())


def _style(words: Words, at: Numbers) -> tuple[Numbers, Numbers, Marks]:
    """The style (of at most three digits; a longer one does not end at a mark), where it ends (at the mark), whether it is one."""
    there = spells(words, b'" s="')
    style, length, going = np.zeros(len(at), dtype=np.int64), np.zeros(len(at), dtype=np.int64), there
    for place in range(5, 8):
        digit = (byte(words, place) - np.uint64(ord("0"))).astype(np.int64)
        going = going & (digit >= 0) & (digit < 10)
        if not going.any():
            break
        style, length = np.where(going, style * 10 + digit, style), length + going
    return np.where(there, style, -1), np.where(there, at + 5 + length, at), ~there | (length > 0)


def _kind(words: Words, at: Numbers) -> tuple[Numbers, Numbers, Marks, Marks]:
    """The type, where the tag ends, whether that closes the cell, and whether all of it is as expected."""
    tag = words[at]
    plain, closed = spells(tag, b'">'), spells(tag, b'"/>')
    typed = (tag & np.uint64(0xFFFF00FFFFFFFFFF)) == np.uint64(int.from_bytes(b'" t="\0">', "little"))
    kind = np.where(typed, byte(tag, 5), 0).astype(np.int64)
    typed &= np.isin(kind, list(b"snbed"))
    length = np.where(plain, 2, np.where(closed, 3, 8))
    known = plain | closed | typed
    for name, letter in ((b"str", TEXT), (b"inlineStr", INLINE)):
        if known.all():
            break
        told = b'" t="' + name + b'">'
        found = ~known & spells(tag, told[:8]) & spells(words[np.minimum(at + 8, len(words) - 1)], told[8:])
        kind[found], length[found] = letter, len(told)
        known |= found
    return kind, at + length, closed, known
