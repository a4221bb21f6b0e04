"""Columns added at the right end of a table, and the rules of its columns put in place of the old ones."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from ssj_xlwings.package import markup
from ssj_xlwings.package.areas import LAST_ROW, Area, Areas, letters, position
from ssj_xlwings.package.cells import Value, cell
from ssj_xlwings.package.faults import Occupied
from ssj_xlwings.package.plain import number as counted
from ssj_xlwings.package.rows import Row, Sheet, filled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ssj_xlwings.package.tables import TablePart

EMPTY = b"<sheetData/>"
REFERENCE = re.compile(r"\$([A-Z]{1,3})2:\$([A-Z]{1,3})2(?![0-9])|\$([A-Z]{1,3})(\$?)([0-9]+)")
"""Across a row of the table ($A2:$O2), or a single cell."""
BEFORE_RULES = frozenset({
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios",
    "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
})
"""Children of a sheet that stand before its drop-downs (ECMA-376 18.3.1.99)."""


class Added(NamedTuple):
    """One new column: its number, heading, the style of the heading, the formula that fills it and the style of its cells."""

    number: int
    header: str
    style: str
    formula: str
    body: str


class Moved(NamedTuple):
    """From the columns of a fresh sheet (headings in row `fresh`) to those of the old one (headings in row `header`)."""

    columns: Mapping[int, int]
    header: int
    fresh: int = 1

    def formula(self, text: str) -> str:
        """A rule's formula, written for the first data row of the fresh sheet, for that of the old one."""
        first = self.header + 1

        def one(found: re.Match[str]) -> str:
            if found[1]:
                return f"${letters(min(self.columns.values()))}{first}:${letters(max(self.columns.values()))}{first}"
            return f"${self._letters(found[3])}{found[4]}{first if found[5] == str(self.fresh + 1) else found[5]}"

        return REFERENCE.sub(one, text)

    def _letters(self, old: str) -> str:
        column = position(f"{old}1")[0]
        return letters(self.columns.get(column, column))

    def area(self, text: str) -> str:
        """Where a rule of one whole column holds in the old sheet."""
        column = self.columns[Area.read(text).left]
        return f"{letters(column)}{self.header + 1}:{letters(column)}{LAST_ROW}"


def skeleton(sheet: Sheet) -> etree._Element:
    """All of a sheet but its rows."""
    return markup.parse(sheet.head + sheet.tail)


def dress(sheet: Sheet, root: etree._Element) -> None:
    """Put a skeleton back around the rows."""
    head, _, tail = markup.serialise(root).partition(EMPTY)
    sheet.head, sheet.tail = head + b"<sheetData>", b"</sheetData>" + tail


def add(sheet: Sheet, table: TablePart | None, header: int, bottom: int, columns: Sequence[Added]) -> None:
    """The columns with their headings, and their formulas down to row `bottom`. Occupied, with the row, if something stands there."""
    covering = Areas(sheet.covering())
    for one in columns:
        for number in range(header, bottom + 1):
            row = sheet.row(number) or Row(number)
            if filled(row.cells.get(one.number, b"")) or any(area.hides(one.number, number) for area in covering.on(number)):
                raise Occupied(number)
            if number == header:
                row.cells[one.number] = cell(f"{letters(one.number)}{number}", one.style, Value("text", one.header))
            elif one.formula:
                row.cells[one.number] = cell(f"{letters(one.number)}{number}", one.body, Value("formula", "", one.formula))
            else:
                continue
            sheet.put(row)
        sheet.stretch_dimension(Area(one.number, header, one.number, max(header, bottom)))
    if table and columns:
        _reach(table, columns)


def _reach(table: TablePart, columns: Sequence[Added]) -> None:
    group = markup.child(table.root, "tableColumns")
    if group is None:
        raise RuntimeError("a table has columns")
    number = max(counted(one.get("id", "0")) for one in group)
    for place, one in enumerate(columns, 1):
        made = etree.SubElement(group, markup.tag_like(group, "tableColumn"), id=str(number + place), name=one.header)
        if one.formula:
            etree.SubElement(made, markup.tag_like(group, "calculatedColumnFormula")).text = one.formula
    group.set("count", str(len(group)))
    right = columns[-1].number
    table.area = table.area._replace(right=right)
    for element in table.root.iter():
        if element is table.root or markup.local(element) == "autoFilter":
            element.set("ref", str(Area.read(element.get("ref", ""))._replace(right=right)))
    table.changed = True


def widths(root: etree._Element, fresh: etree._Element, moved: Moved, numbers: Sequence[int]) -> None:
    """The new columns as wide and formatted as in the fresh sheet; others keep what staff gave them."""
    group = markup.child(root, "cols")
    if group is None:
        group = etree.Element(markup.tag_like(root, "cols"))
        before = [child for child in root if markup.local(child) in ("sheetPr", "dimension", "sheetViews", "sheetFormatPr")]
        root.insert(root.index(before[-1]) + 1 if before else 0, group)
    looks = markup.child(fresh, "cols")
    for source, number in moved.columns.items():
        if number not in numbers:
            continue
        like = next((one for one in (() if looks is None else looks) if counted(one.get("min", "0")) <= source <= counted(one.get("max", "0"))), None)
        _split(group, number)
        if like is not None:
            made = copy.deepcopy(like)
            made.set("min", str(number))
            made.set("max", str(number))
            group.append(made)
    group[:] = sorted(group, key=lambda one: counted(one.get("min", "0")))
    if not len(group):
        root.remove(group)


def _split(group: etree._Element, number: int) -> None:
    """No element of `group` speaks of that column any more."""
    for one in list(group):
        first, last = counted(one.get("min", "0")), counted(one.get("max", "0"))
        if first <= number <= last:
            group.remove(one)
            for left, right in ((first, number - 1), (number + 1, last)):
                if left <= right:
                    rest = copy.deepcopy(one)
                    rest.set("min", str(left))
                    rest.set("max", str(right))
                    group.append(rest)


def rules(root: etree._Element, fresh: etree._Element, moved: Moved) -> None:
    """Marks and drop-downs of our own columns as in the fresh sheet. Those that staff gave to other places stay, behind ours."""
    ours = set(moved.columns.values())
    for old in markup.children(root, "conditionalFormatting"):
        if _of_one_column(old.get("sqref", ""), ours, moved.header):
            root.remove(old)
    made = [copy.deepcopy(one) for one in markup.children(fresh, "conditionalFormatting") if Area.read(one.get("sqref", "A1")).left in moved.columns]
    count = sum(len(one) for one in made)
    for rule in root.iter(markup.tag_like(root, "cfRule")):
        rule.set("priority", str(counted(rule.get("priority", "0")) + count))
    at = _behind(root, BEFORE_RULES)
    for one in reversed(made):
        _translate(one, moved)
        root.insert(at, one)
    _drop_downs(root, fresh, moved, ours)


def _drop_downs(root: etree._Element, fresh: etree._Element, moved: Moved, ours: set[int]) -> None:
    group, source = markup.child(root, "dataValidations"), markup.child(fresh, "dataValidations")
    if group is None:
        group = etree.Element(markup.tag_like(root, "dataValidations"))
        root.insert(_behind(root, BEFORE_RULES), group)
    for old in list(group):
        if _of_one_column(old.get("sqref", ""), ours, moved.header):
            group.remove(old)
    for one in () if source is None else source:
        for area in one.get("sqref", "").split():
            if Area.read(area).left in moved.columns:
                made = copy.deepcopy(one)
                made.set("sqref", area)
                _translate(made, moved)
                group.append(made)
    group.set("count", str(len(group)))
    if not len(group):
        root.remove(group)


def _translate(rule: etree._Element, moved: Moved) -> None:
    rule.set("sqref", moved.area(rule.get("sqref", "")))
    for element in rule.iter():
        if markup.local(element) in ("formula", "formula1", "formula2") and element.text:
            element.text = moved.formula(element.text)


def _of_one_column(sqref: str, columns: set[int], header: int) -> bool:
    """Whether a rule holds in one of those columns alone, from its first data row down."""
    if not re.fullmatch(r"[A-Z]{1,3}[0-9]+(:[A-Z]{1,3}[0-9]+)?", sqref):
        return False
    area = Area.read(sqref)
    return area.left == area.right and area.left in columns and area.top == header + 1


def _behind(root: etree._Element, names: frozenset[str]) -> int:
    return max((number for number, child in enumerate(root) if markup.local(child) in names), default=-1) + 1
