"""A sheet of ours laid anew over an older one of the same name, on which staff may have put something of their own."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from ssj_xlwings.package import markup, widen
from ssj_xlwings.package.areas import Area, Areas
from ssj_xlwings.package.rows import Row, Sheet, computed, filled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

BEFORE_MERGED = frozenset({
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios",
    "autoFilter", "sortState", "dataConsolidate", "customSheetViews",
})
"""Children of a sheet that stand before its merged cells (ECMA-376 18.3.1.99)."""
REPLACED = frozenset({b"cols", b"col", b"mergeCells", b"mergeCell"})
"""The elements around the rows that become the fresh sheet's where it fills columns."""

Place = tuple[int, int]
"""A cell: its column and row."""


class Overlay(NamedTuple):
    """The `old` sheet and the `fresh` one, what their cells show, and whether a cell (column, row) of the old one is ours: it may go."""

    old: Sheet
    fresh: etree._Element
    was: Mapping[Place, object]
    now: Mapping[Place, object]
    ours: Callable[[Place], bool]

    def staffs(self) -> Iterator[Place]:
        """The cells that show something and are not ours. A formula is not: none of ours stands on such a sheet."""
        for row in self.old.holding(b"<v", b"<is", b"<f"):
            for column, cell in sorted(row.cells.items()):
                place = column, row.number
                if computed(cell) or (filled(cell) and not self.ours(place)):
                    yield place

    @property
    def area(self) -> Area:
        """The rectangle that the fresh sheet fills."""
        return Area(1, 1, max(column for column, _ in self.now), max(row for _, row in self.now))

    def clashes(self, staffs: AbstractSet[Place], tables: Iterable[Area]) -> list[Place]:
        """Where the fresh sheet cannot show what it holds, or would change it for staff: cells and merged cells of theirs, headings of a table of theirs."""
        covering = Areas(area for area in self.old.covering() if not self._within(area))
        headings = {(column, area.top) for area in tables for column in range(area.left, area.right + 1)}
        found = {place for place in self.now if place in staffs or any(area.hides(*place) for area in covering.on(place[1]))}
        return sorted(found | {place for place in headings if (place in self.now or self.ours(place)) and self.now.get(place) != self.was.get(place)})

    def _within(self, area: Area) -> bool:
        return area.union(self.area) == self.area

    def lay(self, staffs: AbstractSet[Place]) -> None:
        """The fresh cells, heights, widths and merged cells in place of ours; all else on the old sheet stays."""
        for row in list(self.old.holding(b"<c")):
            kept = {column: cell for column, cell in row.cells.items() if (column, row.number) in staffs or not self.ours((column, row.number))}
            if len(kept) < len(row.cells):
                self.old.put(Row(row.number, row.attributes, kept, row.rest))
        for row in Sheet(markup.serialise(self.fresh)).holding(b"<row"):
            there = self.old.row(row.number) or Row(row.number)
            cells = {column: cell for column, cell in row.cells.items() if (column, row.number) not in staffs}
            self.old.put(Row(row.number, {**there.attributes, **row.attributes}, {**there.cells, **cells}, there.rest))
        self.old.stretch_dimension(self.area)
        root, columns = widen.skeleton(self.old), range(1, self.area.right + 1)
        widen.widths(root, self.fresh, widen.Moved({column: column for column in columns}, 1), columns)
        self._merge(root)
        widen.dress(self.old, root)

    def _merge(self, root: etree._Element) -> None:
        group, fresh = markup.child(root, "mergeCells"), markup.child(self.fresh, "mergeCells")
        if group is None:
            group = etree.Element(markup.tag_like(root, "mergeCells"))
            root.insert(max(number for number, one in enumerate(root) if markup.local(one) in BEFORE_MERGED) + 1, group)
        for one in list(group):
            if self._within(Area.read(one.get("ref", ""))):
                group.remove(one)
        group.extend(copy.deepcopy(one) for one in (() if fresh is None else fresh))
        group.set("count", str(len(group)))
        if not len(group):
            root.remove(group)
