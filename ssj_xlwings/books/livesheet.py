"""Changes to the table on one sheet of an open workbook: whole rectangles, a few calls each, never one call a row.

The rules are those of `package.sheets` for a closed one, so that both doors leave the same tables.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ssj_xlwings.books import blocks, excel
from ssj_xlwings.books.blocks import Journal, Place
from ssj_xlwings.package.areas import LAST_ROW
from ssj_xlwings.package.faults import Loose, Occupied

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ssj_xlwings.books.blocks import Cell, Rows
    from ssj_xlwings.books.layout import Layout

FEW = 3
"""Patches of a column in so few pieces are written piece by piece."""


class LiveSheet:
    """One sheet and the table on it: an Excel table, or a plain row of headings with rows below."""

    def __init__(self, sheet: Any, rows: Rows, layout: Layout, meant: Iterable[int], links: Iterable[int], key: Sequence[int], journal: Journal) -> None:
        """`rows`: the values from A1. `meant`: columns that hold a formula and no values; `links`: where we write formulas; `key`: what tells rows apart."""
        self.sheet, self.rows, self.header, self.key, self.journal = sheet, rows, layout.header, key, journal
        self.columns = sorted(layout.columns.values())
        self.links = frozenset(links)
        self.table: Any = None
        self.others: list[Place] = []
        self.bottom = 0
        self.left, self.right = self.columns[0], self.columns[-1]
        self._find_table()
        others = set(meant) | (set(range(self.left, self.right + 1)) - set(self.columns))
        first = blocks.formulas(blocks.area(sheet, Place(self.header + 1, self.left, self.header + 1, self.right)))[0]
        self.calculated = {at for at, text in enumerate(first, self.left) if at in others and blocks.is_formula(text)}
        self.bottom = self.bottom or self.last_filled()
        self.filtered_to = max(self.bottom, len(rows)) if excel.filtered(sheet) else 0

    def _find_table(self) -> None:
        for table in self.sheet.tables:
            cells = table.range
            top, left, (height, width) = cells.row, cells.column, cells.shape
            if top == self.header and left <= self.columns[-1] and self.columns[0] < left + width and self.table is None:
                self.table, self.left, self.right = table, left, left + width - 1
                self.totals = bool(table.show_totals)
                self.bottom = top + height - 1 - self.totals
            else:
                self.others.append(Place(top, left, top + height - 1, left + width - 1))
        if self.table is None:
            self.totals = False
            while self._value(self.header, self.left - 1) is not None:
                self.left -= 1
            while self._value(self.header, self.right + 1) is not None:
                self.right += 1

    def _value(self, row: int, column: int) -> Cell:
        value = self._of(self.rows[row - 1] if 0 < row <= len(self.rows) else [], column)
        return None if value == "" else value

    @staticmethod
    def _of(row: Sequence[Cell], column: int) -> Cell:
        return row[column - 1] if 0 < column <= len(row) else None

    def _is_beneath(self, other: Place, row: int) -> bool:
        return other.top > row and other.left <= self.right and self.left <= other.right

    def _shows(self, row: int, skip: Iterable[int] = ()) -> bool:
        return any(self._value(row, column) is not None for column in range(self.left, self.right + 1) if column not in skip)

    def last_filled(self, skip: Iterable[int] = ()) -> int:
        """The last row of the table that shows anything, in columns not to be skipped; the heading row if none does."""
        number, skipped = self.bottom or len(self.rows), self.calculated.union(skip)
        while number > self.header and not self._shows(number, skipped):
            number -= 1
        return max(number, self.header)

    def append(self, new: Sequence[Mapping[int, Cell]]) -> None:
        """Rows below the last filled one: first into blank rows of the table, then it grows. Occupied if it cannot."""
        if not new:
            return
        self._take_in()
        first = self.last_filled() + 1
        last = first + len(new) - 1
        self._make_room(last)
        if last > self.bottom:
            self._reach(last)
        self._fill(first, list(new))

    def rewrite(self, new: Sequence[Mapping[int, Cell]]) -> None:
        """These rows instead of all data rows; one blank row stays, and the rows beside which staff noted something. The filter is lifted, or it would hide new rows."""
        old, last = self.bottom, self.header + max(len(new), 1)
        if self.table:
            last = max(last, old if self.totals else self.last_filled(self.columns))
        self._make_room(last)
        excel.show_all(self.sheet)
        self.filtered_to = 0
        if last > old:
            self._reach(last)
        blank = [dict[int, "Cell"]()] * (max(old, last) - self.header - len(new))
        self._fill(self.header + 1, [*new, *blank], formulas_to=last)
        if last < old:
            self._reach(last)

    def patch(self, cells: Mapping[tuple[int, int], Cell], end: int = 0) -> None:
        """Single cells, (row, column) → value; all else stays. `end`: where the table is to end, as in `package.sheets`."""
        end = end if self.table and not self.totals else 0
        if end > self.bottom:
            self._grow(end)
        by_column: dict[int, dict[int, Cell]] = {}
        for (row, column), value in cells.items():
            by_column.setdefault(column, {})[row] = value
        for column, given in by_column.items():
            wanted = (self._whole(column, given) if len(_pieces(sorted(given))) > FEW else None) or given
            for top, bottom in _pieces(sorted(wanted)):
                self._write(Place(top, column, bottom, column), [[wanted[row]] for row in range(top, bottom + 1)])
        if end:
            self._shrink(end)

    def _grow(self, last: int) -> None:
        """Blank rows at the end of the table, with its formulas."""
        first = self.bottom + 1
        self._make_room(last)
        self._reach(last)
        for column in sorted(self.calculated):
            self._copy_formula(column, max(first, self.header + 2), last)

    def _shrink(self, end: int) -> None:
        """The table without blank rows at its end, and without its formulas there."""
        old, last = self.bottom, max(end, self.last_filled(), self.header + 1)
        if last < old:
            for column in sorted(self.calculated):
                self._write(Place(last + 1, column, old, column), [[None]] * (old - last))
            self._reach(last)

    def _whole(self, column: int, wanted: Mapping[int, Cell]) -> dict[int, Cell] | None:
        """The column from first to last patched row, if writing its other cells back cannot change them; else None."""
        place = Place(min(wanted), column, max(wanted), column)
        cells = blocks.area(self.sheet, place)
        typed, shown = blocks.formulas(cells), blocks.values(cells)
        text = bool(blocks.text_columns(self.sheet, place))
        found = dict(wanted)
        for row, (formula,), (value,) in zip(range(place.top, place.bottom + 1), typed, shown, strict=True):
            if row not in wanted:
                if (blocks.is_formula(formula) and not text) or (value is not None and isinstance(value, str) is not text):
                    return None
                found[row] = value
        return found

    def _fill(self, first: int, new: Sequence[Mapping[int, Cell]], formulas_to: int = LAST_ROW) -> None:
        """Our columns of whole rows, run by run; formulas of the table down to row `formulas_to`, below it they go."""
        ours = [column for column in self.columns if column not in self.calculated]
        for left, right in _pieces(ours):
            rows = [[row.get(column) for column in range(left, right + 1)] for row in new]
            self._write(Place(first, left, first + len(new) - 1, right), rows)
        last = first + len(new) - 1
        for column in sorted(self.calculated):
            top, bottom = max(first, self.header + 2), min(last, formulas_to)
            while top <= bottom:  # under a filter row by row, as `blocks.write`
                end = top if top <= self.filtered_to else bottom
                self._copy_formula(column, top, end)
                top = end + 1
            if last > formulas_to:
                self._write(Place(formulas_to + 1, column, last, column), [[None]] * (last - formulas_to))

    def _copy_formula(self, column: int, top: int, bottom: int) -> None:
        target = blocks.area(self.sheet, Place(top, column, bottom, column))
        before = blocks.formulas(target)
        self.journal.note(lambda: setattr(target, "formula", before))
        self.sheet.range((self.header + 1, column)).copy(target)

    def _write(self, place: Place, rows: Rows) -> None:
        blocks.write(self.sheet, place, rows, self.links, self.journal, self.filtered_to)
        self._show(place.top, place.left, rows)

    def _show(self, top: int, left: int, rows: Rows) -> None:
        """Keep what a rectangle shows now."""
        self.rows += [[] for _ in range(top + len(rows) - 1 - len(self.rows))]
        for number, row in enumerate(rows, top - 1):
            there = list(self.rows[number])
            there += [None] * (max(left + len(row) - 1, self.right) - len(there))
            there[left - 1:left - 1 + len(row)] = row
            self.rows[number] = there

    def _take_in(self) -> None:
        """Rows typed or pasted right under the table become rows of it, as far as each has its key: WPS does not let a table grow over them."""
        old = last = self.bottom
        while self.table and not self.totals and self._is_row(last + 1):
            last += 1
        if last > old and blocks.area(self.sheet, Place(old + 1, self.left, last, self.right)).merge_cells is False:
            self._reach(last)
            for column in sorted(self.calculated):
                for top, bottom in _pieces([number for number in range(max(old + 1, self.header + 2), last + 1) if self._value(number, column) is None]):
                    self._copy_formula(column, top, bottom)

    def _is_row(self, number: int) -> bool:
        keyed = bool(self.key) and all(self._value(number, column) is not None for column in self.key)
        return keyed and not self._foreign(number)

    def _foreign(self, number: int) -> bool:
        return any(other.top <= number <= other.bottom and other.left <= self.right and self.left <= other.right for other in self.others)

    def _make_room(self, last: int) -> None:
        if last + self.totals > LAST_ROW:
            raise Occupied(0)
        if self.totals:
            self._refuse_stuck(last)
            return
        for number in range(self.bottom + 1, min(last, len(self.rows)) + 1):
            if self._shows(number):
                raise Loose(number) if self.key and self.table and number == self.bottom + 1 and not self._foreign(number) else Occupied(number)
        for other in self.others:
            if other.left <= self.right and self.left <= other.right and self.header <= other.bottom and other.top <= last:
                raise Occupied(max(other.top, self.header + 1))

    def _refuse_stuck(self, last: int) -> None:
        """UnderFilter if no rows can be inserted above the totals row now, Occupied if a table beneath would not move down as a whole."""
        if last > self.bottom and self.filtered_to:
            raise blocks.UnderFilter
        for other in self.others:
            if last > self.bottom and self._is_beneath(other, self.bottom) and not self.left <= other.left <= other.right <= self.right:
                raise Occupied(other.top)

    def _reach(self, last: int) -> None:
        """The table ends in another row."""
        if self.totals:
            self._insert(last)
        elif self.table is not None:
            table, old = self.table, blocks.area(self.sheet, Place(self.header, self.left, self.bottom, self.right))
            self.journal.note(lambda: table.resize(old))
            table.resize(blocks.area(self.sheet, Place(self.header, self.left, last, self.right)))
        self.bottom = last

    def _insert(self, last: int) -> None:
        """Blank rows above the totals row, as people insert them: totals and all beneath move down, and what speaks of them follows.

        One row first, then over the blank ones as many again each time: a few calls for any number of rows.
        """
        old, wanted, there = self.bottom, last - self.bottom, 1
        self.journal.note(lambda: self._take_out(old))
        try:
            excel.add_row(self.table)
            while there < wanted:
                more = min(there, wanted - there)
                blocks.area(self.sheet, Place(old + 1, self.left, old + more, self.right)).insert("down")
                there += more
        except Exception as error:
            if excel.busy(error) or excel.gone(error):
                raise
            raise Occupied(old + 1 + self.totals) from error
        below = self.rows[old:]
        self.rows += [[] for _ in range(wanted)]
        self._show(old + 1, self.left, [[None] * (self.right - self.left + 1)] * wanted)
        self._show(last + 1, self.left, [[self._of(row, column) for column in range(self.left, self.right + 1)] for row in below])
        self.others = [other._replace(top=other.top + wanted, bottom=other.bottom + wanted) if self._is_beneath(other, old) else other for other in self.others]

    def _take_out(self, old: int) -> None:
        """The rows that were inserted below row `old`, as many as there are, go again."""
        cells = self.table.range
        last = cells.row + cells.shape[0] - 1 - self.totals
        if last > old:
            blocks.area(self.sheet, Place(old + 1, self.left, last, self.right)).delete("up")


def _pieces(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of every run of numbers without a gap."""
    if not numbers:
        return []
    breaks = [(one, other) for one, other in pairwise(numbers) if other != one + 1]
    return list(zip([numbers[0], *(other for _, other in breaks)], [*(one for one, _ in breaks), numbers[-1]], strict=True))
