"""Whether a sheet is written as it was meant: the rows that nobody touched as they were, all else well-formed. Looked up in what stands in the new file."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from html import unescape
from itertools import pairwise
from typing import TYPE_CHECKING

from zlib_ng import zlib_ng

from ssj_xlwings.package import markup
from ssj_xlwings.package.plain import holds
from ssj_xlwings.package.windows import Window, Windows

if TYPE_CHECKING:
    from collections.abc import Callable

    from ssj_xlwings.package.inflate import Member
    from ssj_xlwings.package.rows import Sheet
    from ssj_xlwings.package.windows import Span

COMPUTED = re.compile(rb"<c((?:\s[^<>]*)?)>\s*(<f(?:\s[^<>]*)?(?:/>|>[^<]*</f\s*>)).*?</c\s*>", re.DOTALL)
ROW = re.compile(rb"(?<=[A-Za-z$:!\s])[0-9]+|[0-9]+(?=\s*:)")
"""The number of a row, as a formula names it."""
TYPE = re.compile(rb"""\s+t=["'][a-z]+["']""")


class Written(Windows):
    """A sheet of the new file, passed once: `head`, `tail`, and whether the rows that `sheet` did not touch are the `same` bytes.

    Damaged if it does not read back, or something in it but those rows is not well-formed: so the sheet is as sound as it was.
    `anew`: formulas may have followed a table that ends elsewhere now; which rows they name does not count, nor what they came to.
    The rows of each window of the old sheet come to one checksum, so that no window is unpacked again in which nothing was touched.
    """

    def __init__(self, member: Member, sheet: Sheet, anew: bool) -> None:
        self._old, self._anew = sheet.windows, anew
        self._touched = array("I", sheet.touched)
        super().__init__(member)
        markup.check((self.head, self.tail))
        self.same = self._found == self._expected()

    def _look(self) -> None:
        self._found = [0] * max(len(self._old), 1)
        self._check = markup.Check()
        self._check.feed(b"<rows>")
        super()._look()
        self._check.feed(b"</rows>", last=True)

    def _note(self, span: Span, data: bytes) -> None:
        super()._note(span, data)
        self._held.clear()
        numbers, starts = self._numbers[-1], array("I", [*self._starts[-1], len(data)])
        self._check.feed(data[:starts[0]])
        self._fold(self._found, Window(data, numbers, starts), self._check.feed)

    def _expected(self) -> list[int]:
        found = [0] * max(len(self._old), 1)
        for index, (first, checksum, computed) in enumerate(zip(self._old.firsts, self._old.checksums, self._old.computed, strict=True)):
            until = self._old.firsts[index + 1] if index + 1 < len(self._old) else self._old.last + 1
            if bisect_left(self._touched, first) < bisect_left(self._touched, until) or (computed and self._anew):
                self._fold(found, self._old.window(index))
            else:
                found[index] = checksum
        return found

    def _fold(self, found: list[int], window: Window, check: Callable[[bytes], None] | None = None) -> None:
        """Take the rows that nobody touched into the checksums of the old windows they belong to, the others and those that do not count whole to `check`."""
        data, numbers, starts = window
        if not numbers:
            return
        edges = {0, len(numbers)} | {bisect_left(numbers, first) for first in _between(self._old.firsts, numbers)}
        touched = {at for number in _between(self._touched, numbers) if numbers[at := bisect_left(numbers, number)] == number}
        for begin, end in pairwise(sorted(edges | touched | {at + 1 for at in touched})):
            rows = data[starts[begin]:starts[end]]
            counted = b"" if begin in touched else self._counted(rows)
            if counted:
                index = max(bisect_right(self._old.firsts, numbers[begin]) - 1, 0)
                found[index] = zlib_ng.crc32(counted, found[index])
            if check and counted is not rows:
                check(rows)

    def _counted(self, rows: bytes) -> bytes:
        return COMPUTED.sub(lambda cell: b"<c" + TYPE.sub(b"", cell[1]) + b">" + _any_rows(cell[2]), rows) if self._anew and holds(rows, b"<f") else rows


def _any_rows(formula: bytes) -> bytes:
    """A formula of which it does not count which rows it names, nor how its characters are escaped. (A table may have a million of them.)"""
    return ROW.sub(b"", unescape(formula.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogatepass") if b"&" in formula else formula)


def _between(known: array[int] | list[int], numbers: array[int]) -> array[int] | list[int]:
    """Those of the sorted numbers `known` that lie within the first and the last of `numbers`."""
    return known[bisect_left(known, numbers[0]):bisect_right(known, numbers[-1])]
