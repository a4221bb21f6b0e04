"""One column of a table as it is read from a sheet."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from ssj_xlwings.books import cells
from ssj_xlwings.package import strings
from ssj_xlwings.package.areas import LAST_ROW
from ssj_xlwings.package.cells import LONGEST
from ssj_xlwings.package.faults import Damaged
from ssj_xlwings.types import Column, Finding, Refusal, Table
from ssj_xlwings.vocabulary.sentences import books as say
from ssj_xlwings.vocabulary.values import canonical

if TYPE_CHECKING:
    from ssj_xlwings.books.reading import Reader
    from ssj_xlwings.package.grid import Grid
    from ssj_xlwings.package.words import Numbers

STYLES = 1001
"""More than the styles of cells in plain form, which have three digits at most, or none (-1)."""
NOTED = 1 << 16
"""How many different numbers and dates of a column are remembered."""


class Reading:
    """One column being read: rows (ascending) and their canonical texts, blanks left out."""

    def __init__(self, reader: Reader, table: Table, column: Column) -> None:
        self.column, self._reader, self._table = column, reader, table
        self.rows, self.texts = array("i"), list[str]()
        self.findings: list[Finding] = []
        self.shared = reader.kind(column.kind)
        self._noted: dict[tuple[bytes, bytes], str] = {}
        self._alike: dict[int, str] = {}

    def take(self, cells: Grid, data: bytes, mine: Numbers) -> None:
        """The filled cells of this column in a window."""
        rows = cells.row[mine]
        if cells.shared(mine):
            try:
                texts = self.shared.take(cells.number[mine])
            except LookupError as error:
                raise Damaged(f"shared text {error}") from error
        else:
            texts = self._days(cells, data, mine) if cells.whole_numbers(mine) else [self.text(*told) for told in cells.told(mine, data)]
        if not all(texts):
            rows = rows[[bool(text) for text in texts]]
            texts = list(filter(None, texts))
        self.rows.frombytes(rows.astype("i").tobytes())
        self.texts += texts

    def _days(self, cells: Grid, data: bytes, mine: Numbers) -> list[str]:
        """Of whole numbers, most of them days, each is asked once in the style it has; they are too small to be damaged codes."""
        import numpy as np

        keys = cells.number[mine] * STYLES + cells.style[mine]
        different, first = np.unique(keys, return_index=True)
        new = np.array([key not in self._alike for key in different.tolist()], dtype=bool)
        self._alike.update(zip(different[new].tolist(), (self.text(*told) for told in cells.told(mine[first[new]], data)), strict=True))
        return [*map(self._alike.__getitem__, keys.tolist())]

    def text(self, row: int, style: bytes, kind: bytes, value: bytes, rest: bytes) -> str:
        """The canonical text of a cell. Damaged if it points to a shared text that is not there."""
        if kind != b"s" or not value:
            return self.other(row, style, kind, value, rest)
        try:
            return self.shared[int(value.replace(b"-", b"x"))]  # a list would count from its end
        except (ValueError, LookupError) as error:
            raise Damaged(f"shared text {value[:20]!r} in row {row}") from error

    def other(self, row: int, style: bytes, kind: bytes, value: bytes, rest: bytes) -> str:
        """The canonical text of any other cell; an error value is a finding and reads as blank."""
        if kind == b"e":
            if not self.column.formula:  # people's data, not a formula of ours
                self.findings.append(cells.error(self._table, self.column, row, strings.text(value)))
            return ""
        if kind == b"b":
            return canonical(value == b"1", self.column.kind)
        text = self._reader.text(kind, value, rest)
        if text is not None:
            return canonical(text, self.column.kind)
        if not value:
            return ""
        known = self._noted.get((style, value))
        if known is None:
            known = self._number(row, style, value)
        return known

    def _number(self, row: int, style: bytes, value: bytes) -> str:
        number = self._reader.number(style, value)
        damaged = cells.damaged(self._table, self.column, row, number)
        if self.column.kind == "date" and self._reader.date1904 and isinstance(number, float):
            number += cells.DAYS_1904
        text = canonical(number, self.column.kind)
        if damaged:
            self.findings.append(damaged)
        elif len(self._noted) < NOTED:
            self._noted[style, value] = text
        return text

    def limit(self) -> None:
        """Refusal if a text is longer than a cell can hold: a file that no Excel wrote."""
        import numpy as np

        if max(map(len, self.texts), default=0) > LONGEST:
            row = next(row for row, text in zip(self.rows, self.texts, strict=True) if len(text) > LONGEST)
            raise Refusal(say.LONG_CELL, sheet=self._table.sheet, row=row, heading=self.column.header)
        rows = np.frombuffer(self.rows, dtype=np.int32)
        if (rows[1:] <= rows[:-1]).any() or (len(rows) and rows[-1] > LAST_ROW):
            raise Damaged("a cell stands twice")
