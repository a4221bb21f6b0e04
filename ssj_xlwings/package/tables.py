"""The table part of a sheet: how far it reaches, which of its columns are formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.package import markup
from ssj_xlwings.package.areas import Area
from ssj_xlwings.package.faults import Damaged
from ssj_xlwings.package.plain import number

if TYPE_CHECKING:
    from ssj_xlwings.package.stretch import Stretch


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

    def reach(self, stretch: Stretch, sheet: str) -> None:
        """Let the last data row be where `stretch` says; filter, sorting, totals and the formulas of columns follow."""
        if stretch.new == self.bottom:
            return
        self.area = self.area._replace(bottom=stretch.new + self.totals)
        self.root.set("ref", str(self.area))
        for element in self.root.iter():
            if markup.local(element) in {"autoFilter", "sortState", "sortCondition"} and element.get("ref"):
                element.set("ref", str(Area.read(element.get("ref", ""))._replace(bottom=stretch.new)))
            elif markup.local(element) in {"calculatedColumnFormula", "totalsRowFormula"} and element.text and self.totals:
                element.text = stretch.formula(sheet, element.text, here=sheet, totals_only=True)
        self.calculated = self._calculated()
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
