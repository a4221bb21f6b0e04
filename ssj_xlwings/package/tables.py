"""The table part of a sheet: how far it reaches, which of its columns are formulas."""

from __future__ import annotations

from typing import NamedTuple

from ssj_xlwings.package import markup
from ssj_xlwings.package.areas import Area
from ssj_xlwings.package.faults import Damaged
from ssj_xlwings.package.plain import number


class Calculated(NamedTuple):
    """A column that Excel fills with a formula; `array` when it is an array formula."""

    formula: str
    array: bool


class TablePart:
    """An Excel table. `top` is its heading row; data rows run from there to `bottom`, a totals row not counted."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.root = markup.parse(data)
        self.area = Area.read(self.root.get("ref", ""))
        self.headed = self.root.get("headerRowCount", "1") != "0"
        self.totals = number(self.root.get("totalsRowCount", "0"))
        self.changed = False
        self.calculated = self._calculated()

    @property
    def top(self) -> int:
        """The heading row."""
        return self.area.top

    @property
    def bottom(self) -> int:
        """The last data row."""
        return self.area.bottom - self.totals

    def _calculated(self) -> dict[int, Calculated]:
        group = markup.child(self.root, "tableColumns")
        columns = [] if group is None else list(group)
        if len(columns) != self.area.right - self.area.left + 1:
            raise Damaged(f"{self.name}: columns and ref differ")
        found = {}
        for place, column in enumerate(columns, self.area.left):
            formula = markup.child(column, "calculatedColumnFormula")
            if formula is not None and formula.text:
                found[place] = Calculated(formula.text.lstrip("="), formula.get("array", "0") in {"1", "true"})
        return found

    def reach(self, bottom: int) -> None:
        """Let the last data row be `bottom`; filter and sorting follow. A table with a totals row keeps its length."""
        if bottom == self.bottom or self.totals:
            return
        self.area = self.area._replace(bottom=bottom)
        self.root.set("ref", str(self.area))
        for element in self.root.iter():
            if markup.local(element) in {"autoFilter", "sortState"} and element.get("ref"):
                element.set("ref", str(Area.read(element.get("ref", ""))._replace(bottom=bottom)))
        self.changed = True

    def show_all(self) -> None:
        """Forget the filter's conditions: new rows would stand under conditions nobody gave them."""
        bar = markup.child(self.root, "autoFilter")
        for element in [] if bar is None else list(bar):
            bar.remove(element)  # type: ignore[union-attr]
            self.changed = True

    def serialise(self) -> bytes:
        """The part."""
        return markup.serialise(self.root)
