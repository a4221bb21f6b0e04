"""Changes to the tables of one workbook, collected part by part and handed over as bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ssj_xlwings.package import references
from ssj_xlwings.package.inventory import Asked
from ssj_xlwings.package.relations import Workbook
from ssj_xlwings.package.sheets import SheetEdit
from ssj_xlwings.package.styles import Styles

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ssj_xlwings.package.archive import Archive, Part
    from ssj_xlwings.package.rows import Sheet


class Edit:
    """All changes to one workbook."""

    def __init__(self, archive: Archive, silent: Collection[str] = ()) -> None:
        """`silent`: parts known to refer to no sheet by its name."""
        self.archive, self._silent = archive, silent
        self.workbook = Workbook(archive)
        self._sheets: dict[str, SheetEdit] = {}
        self._following: dict[str, Sheet] = {}
        self.followed: list[str] = []
        """Parts that `result` changed only because they refer to a table that ends elsewhere now."""
        styles = self.workbook.other("styles")
        self.styles = Styles(styles, archive.read(styles)) if styles else None

    def sheet(self, name: str, header: int, columns: Iterable[int], formulas: Iterable[int] = (), key: Iterable[int] = ()) -> SheetEdit:
        """The sheet, ready to be changed; its table's headings stand in row `header`, those we know in `columns`.

        `formulas`: those of the columns that are meant to hold a formula and no values; `key`: those that tell its rows apart.
        """
        if name not in self._sheets:
            self._sheets[name] = SheetEdit(self.workbook, self.styles, name, header, sorted(columns), set(formulas), tuple(key))
        return self._sheets[name]

    def asked(self) -> Asked:
        """What the parts that `result` gave may differ in."""
        sheets = {sheet.part: sheet.xml for sheet in self._sheets.values()}
        return Asked({**self._following, **sheets}, self.workbook.renamed, anew=any(sheet.moved for sheet in self._sheets.values()))

    def result(self) -> tuple[dict[str, Part], set[str]]:
        """The changed parts and the dropped ones. The workbook will calculate anew when opened."""
        changed: dict[str, Part] = {}
        dropped: set[str] = set()
        moved = [(sheet.name, sheet.header, replace(sheet.moved[0], new=sheet.moved[-1].new)) for sheet in self._sheets.values() if sheet.moved]
        if moved:
            changed, self._following = references.follow(self.workbook, moved, {sheet.part: sheet.xml for sheet in self._sheets.values()}, self._silent)
            self.followed = list(changed)
        for sheet in self._sheets.values():
            changed.setdefault(sheet.part, sheet.xml.pieces)
            for table in sheet.tables if moved else ():
                table.changed |= references.in_tree(table.root, sheet.name, moved, ours=table is sheet.table and bool(sheet.moved))
            changed.update({table.name: table.serialise() for table in sheet.tables if table.changed})
        if any(sheet.formulas_changed for sheet in self._sheets.values()):
            parts, chain = self.workbook.without_calc_chain()
            changed.update(parts)
            dropped = {chain} - {""}
        if self.styles and self.styles.changed:
            changed[self.styles.name] = self.styles.serialise()
        if self.workbook.recalculate() or self.workbook.renamed:
            changed[self.workbook.part] = self.workbook.serialise()
        return changed, dropped
