"""The cells of a sheet as columns of canonical text."""

from __future__ import annotations

import datetime as dt
from itertools import chain
from typing import TYPE_CHECKING

from ssj_xlwings.books import cells, layout
from ssj_xlwings.books.columns import Reading
from ssj_xlwings.package import plain, scan, strings
from ssj_xlwings.package.areas import LAST_ROW, letters, position
from ssj_xlwings.package.faults import Damaged, TooLarge
from ssj_xlwings.package.inflate import Member
from ssj_xlwings.package.relations import relations
from ssj_xlwings.package.styles import Styles
from ssj_xlwings.package.tables import TablePart
from ssj_xlwings.package.windows import Windows
from ssj_xlwings.vocabulary.sentences import books as say
from ssj_xlwings.vocabulary.text import all_normal
from ssj_xlwings.vocabulary.values import EPOCH, canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ssj_xlwings.package.grid import Grid
    from ssj_xlwings.package.relations import Workbook
    from ssj_xlwings.package.words import Numbers
    from ssj_xlwings.types import Finding, Frame, Kind, Table

MOST = 1 << 30
"""Characters that the cells of one table may hold together; a city's registry holds a fifth. One long text that thousands of
cells share passes every limit of the file's own size, so what the cells come to is counted."""
LAST_SERIAL = 2958466
"""The day after Excel's last one."""
DERIVED: frozenset[Kind] = frozenset({"date", "month", "rate", "int", "codes"})
"""Kinds whose canonical text is more than the normal form."""


class Kinds(dict[int, str]):
    """Shared texts as a kind wants them, made canonical when first asked for."""

    def __init__(self, texts: strings.Shared, kind: Kind) -> None:
        super().__init__()
        self._texts, self._kind = texts, kind

    def __missing__(self, index: int) -> str:
        text = self[index] = canonical(self._texts[index], self._kind)
        return text

    def take(self, indexes: Numbers) -> list[str]:
        """Those of these indexes."""
        return [*map(self.__getitem__, indexes.tolist())]


class Reader:
    """What the sheets of one workbook have in common: shared texts, styles, calendar."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook, archive = workbook, workbook.archive
        texts, styles = workbook.other("sharedStrings"), workbook.other("styles")
        self._texts = strings.Shared(archive.member(texts) if texts else Member.of("", b""), all_normal)
        self._styles = Styles(styles, archive.read(styles)) if styles else None
        self._kinds: dict[Kind, Kinds | strings.Shared] = {}
        self._moments: dict[bytes, str] = {}

    def table(self, table: Table) -> tuple[layout.Layout, Frame, list[Finding]]:
        """Where the table stands, the rows below its headings that hold anything, and what cannot be right in them.

        A column without heading reads as "". Rows that only formulas of the table fill are blank rows; blank rows
        are left out and end nothing. A totals row is none of them.
        """
        from ssj_xlwings.package.grid import grid

        sheet = self._sheet(table.sheet)
        place = layout.find(table, self._top(sheet))
        wanted = {letters(number).encode(): Reading(self, table, table.column(name)) for name, number in place.columns.items()}
        numbered = {number: wanted[letters(number).encode()] for number in place.columns.values()}
        for index, data in enumerate(sheet):
            if not _sort_at_once(grid(data), data, place.header, numbered):
                _sort(scan.batch(sheet, index, data), place.header, wanted)
        for column in wanted.values():
            column.limit()
        if sum(sum(map(len, column.texts)) for column in wanted.values()) > MOST:
            raise TooLarge("the texts of all cells")
        sums = self._totals(table.sheet, place.header)
        found = [finding for finding in _findings(list(wanted.values())) if finding.at.row not in sums]
        return place, _frame(table, list(wanted.values()), sums), found

    def _totals(self, sheet: str, header: int) -> range:
        """The totals rows of the Excel table whose headings stand in that row."""
        tables = (TablePart("", data) for data in self._tables(sheet) if b"totalsRowCount" in data)
        return next((range(one.bottom + 1, one.area.bottom + 1) for one in tables if one.headed and one.top == header), range(0))

    def _tables(self, sheet: str) -> Iterator[bytes]:
        archive = self._workbook.archive
        return (archive.read(one.target) for one in relations(archive, self._workbook.sheets[sheet]) if one.kind == "table")

    def end(self, table: Table) -> int:
        """The last data row of the Excel table, blank rows counted; 0 where there is none, or totals stand beneath."""
        tables = (TablePart("", data) for data in self._tables(table.sheet))
        header = self.layout(table).header
        return next((one.bottom for one in tables if one.headed and one.top == header and not one.totals), 0)

    def layout(self, table: Table) -> layout.Layout:
        """Where the table stands."""
        return layout.find(table, self._top(self._sheet(table.sheet)))

    def top(self, sheet: str) -> list[list[object]]:
        """The texts of a sheet's first rows, where headings are looked for."""
        return self._top(self._sheet(sheet))

    def rows(self, sheet: str) -> Iterator[tuple[int, list[object]]]:
        """The rows of any sheet in their order: the number, and what each cell shows, from column A; as wide as it is filled."""
        return self._lines(self._sheet(sheet), self._shown)

    def _sheet(self, name: str) -> Windows:
        return Windows(self._workbook.archive.member(self._workbook.sheets[name]))

    def _top(self, sheet: Windows) -> list[list[object]]:
        """The texts of the first rows, where headings are looked for, from row 1."""
        found: list[list[object]] = [[] for _ in range(min(sheet.last, layout.SEARCHED))]
        for row, line in self._lines(sheet, lambda _style, kind, value, rest: self.text(kind, value, rest)):
            if row > layout.SEARCHED:
                break
            found[row - 1] = line
        return found

    def _lines(self, sheet: Windows, shown: Callable[[bytes, bytes, bytes, bytes], object]) -> Iterator[tuple[int, list[object]]]:
        row, line = 0, list[object]()
        for name, told, style, kind, value, rest, begun in chain.from_iterable(scan.batches(sheet)):
            if begun:
                if row:
                    yield row, line
                row, line = int(begun), []
            elif value or rest:
                column, at = position((name + told).decode())
                if at != row:
                    raise Damaged(f"cell {name!r}{told!r} in row {row}")
                line += [None] * (column - len(line))
                line[column - 1] = shown(style, kind, value or scan.value(rest), rest)
        if row:
            yield row, line

    def _shown(self, style: bytes, kind: bytes, value: bytes, rest: bytes) -> object:
        """What a cell shows; nothing for an error value."""
        if kind in {b"e", b"b"}:
            return value == b"1" if kind == b"b" else None
        text = self.text(kind, value, rest)
        return self.number(style, value) if text is None and value else text

    def kind(self, kind: Kind) -> Kinds | strings.Shared:
        """Shared texts by their index, canonical for that kind."""
        if kind not in self._kinds:
            self._kinds[kind] = Kinds(self._texts, kind) if kind in DERIVED else self._texts
        return self._kinds[kind]

    def text(self, kind: bytes, value: bytes, rest: bytes) -> str | None:
        """The text of a cell that holds one, None for any other."""
        if kind == b"s":
            try:
                return self._texts[int(value)] if value.isdigit() else None
            except (ValueError, IndexError) as error:
                raise Damaged(f"shared text {value[:20]!r}") from error
        if kind == b"inlineStr":
            return scan.inline(rest)
        return strings.text(value) if kind in {b"str", b"d"} else None

    def number(self, style: bytes, value: bytes) -> float | dt.date | dt.time | str:
        """What a number cell shows: a number, a date or a time."""
        try:
            number = float(value)
        except ValueError:
            return strings.text(value)
        if style not in self._moments:
            self._moments[style] = self._styles.moment(plain.number(style)) if style and self._styles else ""
        days = number + (cells.DAYS_1904 if self._workbook.date1904 else 0)
        if self._moments[style] == "date" and cells.FIRST_DAY <= days < LAST_SERIAL:
            return EPOCH + dt.timedelta(days=int(days))
        if self._moments[style] and 0 <= number < 1:
            return (dt.datetime(1, 1, 1) + dt.timedelta(days=number)).time()
        return number

    @property
    def date1904(self) -> bool:
        """Whether the workbook counts its days from 1904."""
        return self._workbook.date1904


def _sort_at_once(cells: Grid, data: bytes, header: int, wanted: Mapping[int, Reading]) -> bool:
    """The same for a window whose cells are all written as expected; False, and nothing done, if one is not."""
    if not cells.whole():
        return False
    filled = cells.filled(header)
    for number in wanted.keys() & filled.keys():
        wanted[number].take(cells, data, filled[number])
    return True


def _sort(batch: Sequence[scan.Cell], header: int, wanted: Mapping[bytes, Reading]) -> None:
    """The cells of wanted columns below the headings to their columns. This loop sees every cell: sixteen million in a city."""
    row, number, among = b"", 0, wanted
    for name, told, style, kind, value, rest, begun in batch:
        if begun:
            row, number = begun, int(begun)
            among = wanted if number > header else {}
        elif name in among and (value or rest):
            if told != row:
                raise Damaged(f"cell {name!r}{told!r} in row {number}")
            column = among[name]
            text = column.text(number, style, kind, value or scan.value(rest), rest)
            if text:
                column.rows.append(number)
                column.texts.append(text)


def _findings(columns: Sequence[Reading]) -> list[Finding]:
    """By row and column, codes that Excel has rounded before error values."""
    found = [(finding.sentence is say.ERROR_VALUE, finding.at.row, number, finding)
             for number, column in enumerate(columns) for finding in column.findings]
    return [finding for *_, finding in sorted(found, key=lambda one: one[:3])]


def _frame(table: Table, columns: Sequence[Reading], without: Sequence[int]) -> Frame:
    import numpy as np
    import pandas as pd

    rows = np.zeros(LAST_ROW + 1, dtype=bool)
    for column in columns:
        if not column.column.formula:
            rows[np.frombuffer(column.rows, dtype=np.int32)] = True
    rows[list(without)] = False
    kept = np.flatnonzero(rows)
    by_name = {column.column.name: column for column in columns}
    data = {}
    for name in (column.name for column in table.columns):
        whole = np.full(len(kept), "", dtype=object)
        if name in by_name:
            numbers = np.frombuffer(by_name[name].rows, dtype=np.int32)
            there = rows[numbers]
            whole[np.searchsorted(kept, numbers[there])] = np.array(by_name[name].texts, dtype=object)[there]
            by_name[name].texts.clear()
        data[name] = pd.array(whole, dtype="str")  # one column at a time: sixteen million cells are not held twice
    return pd.DataFrame(data, index=pd.Index(kept, dtype="int64"), copy=False)
