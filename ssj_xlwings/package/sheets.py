"""Changes to the table on one sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from ssj_xlwings.package import formulas, markup, rows, totals
from ssj_xlwings.package.areas import LAST_ROW, Area, Areas, letters
from ssj_xlwings.package.cells import BLANK, Value, cell
from ssj_xlwings.package.faults import Covered, Loose, Occupied, Stuck
from ssj_xlwings.package.relations import Workbook, relations
from ssj_xlwings.package.stretch import Stretch
from ssj_xlwings.package.tables import TablePart

if TYPE_CHECKING:
    from ssj_xlwings.package.styles import Styles

Cells = Mapping[int, Value]
"""Column number → what the cell is to hold."""
TITLES = "_xlnm.Print_Titles"
"""Names the rows above the table, which stand on every page: they stay where they are."""


class SheetEdit:
    """One sheet and the table on it: an Excel table, or a plain row of headings with rows below."""

    def __init__(self, workbook: Workbook, styles: Styles | None, name: str, header: int, columns: Sequence[int],
                 meant: AbstractSet[int], key: Sequence[int]) -> None:
        self.workbook, self.styles, self.name, self.header, self.columns, self.key = workbook, styles, name, header, columns, key
        self.part = workbook.sheets[name]
        self.xml = rows.Sheet(workbook.archive.member(self.part))
        related = (relation.target for relation in relations(workbook.archive, self.part) if relation.kind == "table")
        self.tables = [TablePart(target, workbook.archive.read(target)) for target in related]
        self.table = next((table for table in self.tables if self._is_ours(table)), None)
        self.formulas_changed = False
        self._last_filled: tuple[int, dict[int, str]] = 0, {}
        """The row filled last, and the style that each of its cells was given."""
        self.moved: list[Stretch] = []
        self._covering = self.xml.covering()
        self._covers = Areas(self._covering)
        self.span = self._span()
        self._calculated = self._formula_columns(meant)

    def _is_ours(self, table: TablePart) -> bool:
        ours = Area(self.columns[0], self.header, self.columns[-1], self.header)
        return table.headed and table.top == self.header and table.area.overlaps(ours)

    def _span(self) -> tuple[int, int]:
        """First and last column that belong to the table: as the Excel table says, else as far as headings stand without a gap."""
        if self.table:
            return self.table.area.left, self.table.area.right
        headings = self.xml.row(self.header)
        filled = {column for column, xml in headings.cells.items() if rows.filled(xml)} if headings else set()
        left, right = self.columns[0], self.columns[-1]
        while left - 1 in filled:
            left -= 1
        while right + 1 in filled:
            right += 1
        return left, right

    def _formula_columns(self, meant: AbstractSet[int]) -> AbstractSet[int]:
        """Columns that a formula fills, in blank rows too.

        The table part tells them; where another program lost that, a formula in the first data row of a column not ours to fill.
        """
        declared = set(self.table.calculated) if self.table else set()
        row = self.xml.row(self.header + 1)
        left, right = self.span
        others = meant | (set(range(left, right + 1)) - set(self.columns))
        return declared | {column for column in others if row and formulas.formula_of(self.xml, row, column)}

    @property
    def bottom(self) -> int:
        """The last data row, blank rows of an Excel table included."""
        return self.table.bottom if self.table else self.last_filled()

    def last_filled(self, skip: Iterable[int] = ()) -> int:
        """The last row of the table that shows anything, in columns not to be skipped; the heading row if none does."""
        number, skipped = self.table.bottom if self.table else self.xml.last, self._calculated | set(skip)
        while number > self.header and not self._shows(number, skipped):
            number = self.xml.last_showing(number - 1)
        return max(number, self.header)

    def append(self, new: Sequence[Cells]) -> None:
        """Rows below the last filled one: first into blank rows of the table, then it grows. Occupied if it cannot."""
        self._take_in()
        old, first = self.bottom, self.last_filled() + 1
        last = first + len(new) - 1
        self._make_room(old, last)
        if last > old:
            self._reach(old, last)
        for number, cells in enumerate(new, first):
            self._fill(number, cells)

    def patch(self, cells: Mapping[tuple[int, int], Value], end: int = 0) -> None:
        """Single cells, (row, column) → value; all else in the row stays.

        `end`: the last data row of the table afterwards, rows that show something never left out; 0, a plain list and totals leave it.
        """
        self._last_filled = 0, {}
        end = end if self.table and not self.table.totals else 0
        if end > self.bottom:
            self._grow(end)
        for (number, column), value in sorted(cells.items()):  # in order: a window is unpacked once
            row = self.xml.row(number) or rows.Row(number)
            self._set(row, column, value)
            self.xml.put(row)
        if cells:
            right, bottom = max(column for _, column in cells), max(number for number, _ in cells)
            self.xml.stretch_dimension(Area(min(column for _, column in cells), min(number for number, _ in cells), right, bottom))
        if end:
            self._shrink(end)

    def rewrite(self, new: Sequence[Cells]) -> None:
        """These rows instead of all data rows. One blank row stays where there are none, as an Excel table needs it.

        Cells in columns we do not know stay where they are, and the table does not end before them. The filter is lifted, or it would hide new rows.
        """
        old, last = self.bottom, self.header + max(len(new), 1)
        if self.table:
            last = max(last, old if self.table.totals else self.last_filled(self.columns))
        self._make_room(old, last)
        if last > old:
            self._reach(old, last)
        for number, cells in enumerate(new, self.header + 1):
            self._fill(number, cells)
        for number in range(self.header + len(new) + 1, max(old, last) + 1):
            self._clear(number, within=number <= last)
        if self.table:
            self.table.show_all()
        if last < old:
            self._reach(old, last)

    def _grow(self, last: int) -> None:
        """Blank rows at the end of the table, with its formulas."""
        old = self.bottom
        self._make_room(old, last)
        self._reach(old, last)
        for number in range(old + 1, last + 1):
            self._calculate(number)

    def _shrink(self, end: int) -> None:
        """The table without blank rows at its end, and without its formulas there."""
        old, last = self.bottom, max(end, self.last_filled(), self.header + 1)
        for number in range(last + 1, old + 1):
            self._clear(number, within=False)
        if last < old:
            self._reach(old, last)

    def _shows(self, number: int, skip: AbstractSet[int] = frozenset()) -> bool:
        """Whether a row of the table shows something in a column not to be skipped."""
        row = self.xml.row(number)
        left, right = self.span
        return any(left <= column <= right and column not in skip and rows.used(xml) for column, xml in (row.cells.items() if row else ()))

    def _take_in(self) -> None:
        """Rows typed or pasted right under the table become rows of it: WPS does not let a table grow over them.

        As far as they are clearly rows of it: each has its key, no merged cell and no other table.
        """
        if not self.table or self.table.totals:
            return
        old = last = self.table.bottom
        while last < self.xml.last and self._is_row(last + 1):
            last += 1
            self._calculate(last)
        if last > old:
            self._reach(old, last)

    def _is_row(self, number: int) -> bool:
        row, line = self.xml.row(number), Area(self.span[0], number, self.span[1], number)
        others = [*self._covers.on(number), *(table.area for table in self.tables if table is not self.table)]
        keyed = bool(row and self.key) and all(rows.filled(row.cells.get(column, b"")) for column in self.key if row)
        return keyed and not any(area.overlaps(line) for area in others)

    def _calculate(self, number: int) -> None:
        """The table's formulas, where a row that was typed lacks them."""
        row = self.xml.row(number) or rows.Row(number)
        for column in self._calculated:
            if not rows.used(row.cells.get(column, b"")):
                self._set(row, column, self._formula(column, number))
                self.xml.put(row)

    def _make_room(self, old: int, last: int) -> None:
        sums = self.table.totals if self.table else 0
        if last + sums > LAST_ROW:
            raise Occupied(0)
        if sums and last > old:
            self._refuse_stuck(old, last, sums)
        for number in range(old + sums + 1, last + sums + 1):
            if number <= self.xml.last and self._shows(number):
                raise self._in_the_way(number)
        left, right = self.span
        grown = Area(left, self.header, right, last + sums)
        for table in self.tables:
            if table is not self.table and table.area.overlaps(grown):
                raise Occupied(max(table.top, self.header + 1))

    def _refuse_stuck(self, old: int, last: int, sums: int) -> None:
        """Stuck if a note or a merged cell hangs on the totals rows, which it would not follow; Covered if they would move under something."""
        left, right = self.span
        line = Area(left, old + 1, right, old + sums)
        comments = (one.target for one in relations(self.workbook.archive, self.part) if one.kind == "comments")
        noted = (Area.read(one.get("ref", "")) for part in comments for one in markup.parse(self.workbook.archive.read(part)).iter("{*}comment"))
        if any(area.overlaps(line) for area in (*noted, *self._covering)):
            raise Stuck(old + 1)
        beneath = next((area for area in self._covering if area.overlaps(Area(left, old + sums + 1, right, last + sums))), None)
        if beneath:
            raise Covered(str(beneath))

    def _in_the_way(self, number: int) -> Covered | Occupied:
        line = Area(self.span[0], number, self.span[1], number)
        merged = next((area for area in self._covering if area.overlaps(line)), None)
        if merged:
            return Covered(str(merged))
        other = any(table.area.overlaps(line) for table in self.tables if table is not self.table)
        return Loose(number) if self.key and self.table and number == self.table.bottom + 1 and not other else Occupied(number)

    def _fill(self, number: int, cells: Cells) -> None:
        """Write a whole row: our columns, the table's formulas; the other columns get the table's look if the row is new."""
        there = self.xml.row(number)
        row = there or self._new_row(number)
        row.attributes.pop(b"hidden", None)
        left, right = self.span
        given: dict[int, str] = {}
        for column in range(left, right + 1):
            if column in self._calculated:
                given[column] = self._set(row, column, self._formula(column, number))
            elif column in cells or not there:
                given[column] = self._set(row, column, cells.get(column, BLANK))
        self._last_filled = number, given
        self.xml.put(row)

    def _new_row(self, number: int) -> rows.Row:
        above = self.xml.row(number - 1) if number - 1 > self.header else None
        looks = {b"s", b"customFormat"} | ({b"ht", b"customHeight"} if above and above.attributes.get(b"customHeight") in {b"1", b"true"} else set())
        return rows.Row(number, {name: value for name, value in above.attributes.items() if name in looks} if above else {})

    def _clear(self, number: int, within: bool) -> None:
        """Empty our cells of a row; `within` the table they keep their look, outside of it they go."""
        row = self.xml.row(number)
        if not row:
            return
        for column in set(self.columns) | self._calculated:
            if not within:
                self._remove(row, column)
            elif column in self._calculated:
                self._set(row, column, self._formula(column, number))
            else:
                self._set(row, column, BLANK)
        row.attributes.pop(b"hidden", None)  # the filter that hid it is lifted, or does not reach it any more
        if within or any(map(rows.used, row.cells.values())):
            self.xml.put(row)
        else:
            self.xml.drop(number)

    def _formula(self, column: int, number: int) -> Value:
        """The formula of a calculated column as it reads in that row."""
        declared = self.table.calculated.get(column) if self.table else None
        if declared and not formulas.moves(declared.formula):
            return Value("formula", "", declared.formula)
        # the table part does not say for which row its addresses are meant, a cell does
        for other in (number, number - 1, self.header + 1):
            row = self.xml.row(other) if other > self.header else None
            told = formulas.formula_of(self.xml, row, column) if row else ""
            if row and told:
                return Value("formula", "", formulas.moved(told, (column, row.number), (column, number)))
        return Value("formula", "", declared.formula) if declared else BLANK

    def _set(self, row: rows.Row, column: int, value: Value) -> str:
        """Put a cell into the row; the style that it is given."""
        for area in self._covers.on(row.number) if value is not BLANK else ():
            if area.hides(column, row.number):
                raise Covered(str(area))
        there = row.cells.get(column)
        style = self._style(row.number, column) if there is None else rows.style_of(there)
        if there is not None:
            self._remove(row, column)
        if self.styles:
            style = self.styles.dated(style) if value.type == "date" else self.styles.known(style)
        calculated = self.table.calculated.get(column) if self.table and value.type == "formula" else None
        row.cells[column] = cell(f"{letters(column)}{row.number}", style, value, array=bool(calculated and calculated.array))
        self.formulas_changed |= value.type == "formula"
        return style

    def _remove(self, row: rows.Row, column: int) -> None:
        if rows.computed(row.cells.get(column, b"")):
            self.xml.put(row)
            formulas.unshare(self.xml, row.cells[column])
            self.formulas_changed = True
        row.cells.pop(column, None)

    def _style(self, number: int, column: int) -> str:
        """As the cell above, else as the first data row, else as the column."""
        filled, given = self._last_filled
        if filled == number - 1 and column in given:
            return given[column]
        for other in (number - 1, self.header + 1):
            row = self.xml.row(other) if other > self.header and other != number else None
            if row and column in row.cells:
                return rows.style_of(row.cells[column])
        return self.xml.column_style(column)

    def _reach(self, old: int, new: int) -> None:
        """The table ends in another row: its part, the rules over it, the names that cover it, the sheet's extent."""
        left, right = self.span
        sums = self.table.totals if self.table else 0
        stretch = Stretch(self.header, left, right, old, new, sums)
        self.moved.append(stretch)
        if sums:
            totals.move(self.xml, self.name, stretch, self._style)
            self.formulas_changed = True
        if self.table:
            self.table.reach(stretch, self.name)
        self.xml.tail = stretch.rules(self.xml.tail)
        self.xml.stretch_dimension(Area(left, self.header, right, new + sums))
        self.workbook.rename(lambda name, formula: formula if name == TITLES else stretch.formula(self.name, formula, built_in=name.startswith("_xlnm.")))
