"""What refers to a table from elsewhere follows it when it ends in another row, as Excel lets it when a table grows:
charts, pivot caches, sparklines, drop-downs, conditional formats, links and formulas that span the whole of a column.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, unescape

from ssj_xlwings.package import formulas, markup
from ssj_xlwings.package.areas import Area
from ssj_xlwings.package.relations import relations
from ssj_xlwings.package.rows import Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lxml import etree

    from ssj_xlwings.package.archive import Part
    from ssj_xlwings.package.relations import Workbook
    from ssj_xlwings.package.stretch import Stretch

SEARCHED = 16 << 20
"""Bytes of a sheet that is looked through. A larger one is a registry of tens of thousands of rows: what stands in its cells
stays as it was typed, or each save would read all of it twice."""
LEADING = frozenset({"worksheet", "chartsheet", "drawing", "chart", "chartEx", "pivotCacheDefinition"})
"""Relations that lead from the workbook to parts which refer to cells."""
RULE = re.compile(rb"(<(?:\w+:)?formula[12]?>|<(?:x14:)?(?:formula[12]?|cfRule|cfvo)\b[^<>]*>\s*<xm:f>)([^<]*)")
SPARKLINE = re.compile(rb"(<(?:\w+:)?sparkline>\s*<(?:\w+:)?f>)([^<]*)")
LINK = re.compile(rb"""(<hyperlink\s(?:[^<>]*\s)?location=(?:"(?=[^<>"]*")|'(?=[^<>']*')))((?<=")[^"]*|(?<=')[^']*)""")
SHOWN = re.compile(rb"""\s+t=["'][a-z]+["'](?=[^<>]*>\s*<f)|<v(?:\s[^<>]*)?>[^<]*</v\s*>""")
"""What a formula came to: its kind and its value."""
QUOTES = {"&quot;": '"', "&apos;": "'"}

Moved = tuple[str, int, "Stretch"]
"""The sheet of a table, the row of its headings, and where it ends now."""


def follow(workbook: Workbook, moved: Sequence[Moved], opened: Mapping[str, Sheet]) -> dict[str, Part]:
    """The parts that change because they refer to tables that end elsewhere now. Sheets that are `opened` are changed in place and not among them."""
    changed: dict[str, Part] = {}
    names = {part: name for name, part in workbook.sheets.items()}
    for part in _leading(workbook, workbook.part, set()):
        if part in opened:
            above = max((header for name, header, _ in moved if name == names.get(part)), default=0)
            _in_sheet(opened[part], names.get(part, ""), moved, (row for number in range(1, above) if (row := opened[part].row(number))))
        elif part in names:
            if workbook.archive.members[part].file_size <= SEARCHED:
                sheet = Sheet(workbook.archive.member(part))
                if _in_sheet(sheet, names[part], moved, sheet.holding(*{f"{name}{end}!".encode() for name, *_ in moved for end in ("", "'")})):
                    changed[part] = sheet.pieces
        elif workbook.archive.members[part].file_size and part.endswith(".xml"):
            root = markup.parse(workbook.archive.read(part))
            if _in_tree(root, moved):
                changed[part] = markup.serialise(root)
    return changed


def _leading(workbook: Workbook, part: str, seen: set[str]) -> Iterator[str]:
    """The parts that may refer to cells, each once, on the way from the workbook."""
    for relation in relations(workbook.archive, part):
        if relation.kind in LEADING and relation.target in workbook.archive and relation.target not in seen:
            seen.add(relation.target)
            yield relation.target
            yield from _leading(workbook, relation.target, seen)


def _in_tree(root: etree._Element, moved: Sequence[Moved]) -> bool:
    """A chart's ranges, or the source of a pivot cache."""
    changed = False
    for element in root.iter():
        kind = markup.local(element)
        if kind == "f" and element.text:
            text = told(element.text, "", moved)
            changed |= text != element.text
            element.text = text
        elif kind == "worksheetSource" and element.get("ref") and element.get("sheet"):
            text = str(_area(Area.read(element.get("ref", "")), element.get("sheet", ""), moved))
            changed |= text != element.get("ref")
            element.set("ref", text)
    return changed


def _area(area: Area, sheet: str, moved: Sequence[Moved]) -> Area:
    for name, _, stretch in moved:
        area = stretch.area(area) if name == sheet else area
    return area


def _in_sheet(sheet: Sheet, name: str, moved: Sequence[Moved], rows: Iterable[Row]) -> bool:
    """Rules, sparklines and links of a sheet, and the formulas in some of its rows."""
    changed = False
    for pattern, fixed in ((RULE, True), (SPARKLINE, False), (LINK, False)):
        tail = pattern.sub(lambda found, fixed=fixed: found[1] + _told(found[2], name, moved, fixed=fixed), sheet.tail)  # type: ignore[misc]
        changed |= tail != sheet.tail
        sheet.tail = tail
    for row in list(rows):
        for column, cell in list(row.cells.items()):
            found = formulas.FORMULA.search(cell)
            text = _told(found[3], name, moved) if found and found[3] else b""
            if found and text and text != found[3]:
                sheet.put(row)
                formulas.unshare(sheet, cell)
                row.cells[column] = SHOWN.sub(b"", cell[:found.start(3)] + text + cell[found.end(3):])  # it comes to something else now
                changed = True
    return changed


def _told(xml: bytes, here: str, moved: Sequence[Moved], *, fixed: bool = False) -> bytes:
    before = unescape(xml.decode("utf-8", "replace"), QUOTES)
    after = told(before, here, moved, fixed=fixed)
    return xml if after == before else escape(after, {'"': "&quot;"}).encode()


def told(formula: str, here: str, moved: Sequence[Moved], *, fixed: bool = False) -> str:
    """A formula on sheet `here` with its references over the tables as they end now. `fixed`: only those whose rows are
    absolute, as in rules, where a relative one means another row in every cell.
    """
    for name, _, stretch in moved:
        formula = stretch.formula(name, formula, here=here, fixed=fixed)
    return formula
