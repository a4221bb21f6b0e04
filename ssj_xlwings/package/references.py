"""What refers to a table from elsewhere follows it when it ends in another row, as Excel lets it when a table grows: charts,
pivot caches, sparklines, drop-downs, conditional formats, links, form controls, texts in shapes, and formulas in cells.
"""

from __future__ import annotations

import re
from functools import partial
from html import unescape
from typing import TYPE_CHECKING

from ssj_xlwings.package import formulas, markup
from ssj_xlwings.package.areas import Area
from ssj_xlwings.package.cells import escape
from ssj_xlwings.package.mentions import mentions
from ssj_xlwings.package.plain import attributes, holds, said
from ssj_xlwings.package.relations import relations
from ssj_xlwings.package.rows import Sheet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from lxml import etree

    from ssj_xlwings.package.archive import Part
    from ssj_xlwings.package.inflate import Member
    from ssj_xlwings.package.relations import Workbook
    from ssj_xlwings.package.stretch import Stretch

LEADING = frozenset({"worksheet", "chartsheet", "drawing", "chart", "chartEx", "chartUserShapes", "pivotCacheDefinition", "table", "ctrlProp", "vmlDrawing"})
"""Relations that lead from the workbook to parts which refer to cells."""
FORMULAS = frozenset({"f", "calculatedColumnFormula", "totalsRowFormula"})
SOURCES = frozenset({"worksheetSource", "rangeSet"})
"""Of a pivot cache."""
LINKED = frozenset({"fmlaLink", "fmlaRange", "fmlaGroup", "fmlaTxbx", "textlink", "cellRange"})
"""Attributes of form controls, of shapes that show a cell's text, of pictures of cells."""
VALUE = rb"""=(?:"(?=[^<>"]*")|'(?=[^<>']*')))((?<=")[^"]*|(?<=')[^']*)"""
RULE = re.compile(rb"(<(?:\w+:)?formula[12]?(?:\s[^<>]*)?>(?!\s*<)|<(?:\w+:)?(?:formula[12]?|cfRule|cfvo)(?:\s[^<>]*)?>\s*<(?:\w+:)?f>)([^<]*)")
SPARKLINE = re.compile(rb"(<(?:\w+:)?sparkline>\s*<(?:\w+:)?f>)([^<]*)")
LINK = re.compile(rb"(<hyperlink\s(?:[^<>]*\s)?location" + VALUE)
CONTROL = re.compile(rb"(\s(?:linkedCell|listFillRange)" + VALUE)
DRAWN = re.compile(rb"(<(?:\w+:)?Fmla(?:Link|Range|Group|Txbx|Pict|Macro)>)([^<]*)")
"""A form control as VML tells it."""
FORMULA = re.compile(rb"<f((?:\s[^<>]*)?)>([^<]+)</f\s*>")
ADDRESS = re.compile(rb"""\sr=["'][A-Z]{1,3}([0-9]{1,7})["']""")
SHOWN = re.compile(rb"""\s+t=["'][a-z]+["'](?=[^<>]*>\s*<f)|<v(?:\s[^<>]*)?>[^<]*</v\s*>""")
"""What a formula came to: its kind and its value."""

Moved = tuple[str, int, "Stretch"]
"""The sheet of a table, the row of its headings, and where it ends now."""


def follow(workbook: Workbook, moved: Sequence[Moved], opened: Mapping[str, Sheet], silent: Collection[str] = ()) -> tuple[dict[str, Part], dict[str, Sheet]]:
    """The parts that change because they refer to tables that end elsewhere now; of the sheets that are `opened` all, but not their
    tables (`in_tree` is for those). `silent`: parts known to speak of no other sheet. Sheets pass by in pieces, however large;
    those of the parts that are sheets come besides.
    """
    changed: dict[str, Part] = {}
    sheets: dict[str, Sheet] = {}
    archive, worksheets = workbook.archive, set(workbook.sheets.values())
    for part, here in _leading(workbook, workbook.part, "", opened, set()):
        if part in opened or (part in worksheets and part not in silent and _speaks(archive.member(part), {name for name, *_ in moved})):
            sheet = opened[part] if part in opened else Sheet(archive.member(part))
            told = _in_tail(sheet, here, moved)
            _take_apart(sheet, here, moved)
            tokens = _tokens(here, moved)
            if part in opened or told or any(_rewritten(piece, sheet, here, moved, tokens) is not piece for piece in sheet.pieces()):
                changed[part], sheets[part] = partial(_pieces, sheet, here, moved, tokens), sheet
        elif part.endswith(".vml"):
            data = archive.read(part)
            drawn = _substituted(DRAWN, data, here, moved)
            if drawn != data:
                changed[part] = drawn
        elif part not in worksheets and archive.members[part].file_size and part.endswith(".xml"):
            root = markup.parse(archive.read(part))
            if in_tree(root, here, moved):
                changed[part] = markup.serialise(root)
    return changed, sheets


def _leading(workbook: Workbook, part: str, here: str, opened: Collection[str], seen: set[str]) -> Iterator[tuple[str, str]]:
    """The parts that may refer to cells, each once, on the way from the workbook, with the sheet they belong to."""
    names = {part: name for name, part in workbook.sheets.items()}
    for relation in relations(workbook.archive, part):
        ours = relation.kind == "table" and part in opened
        if relation.kind in LEADING and not ours and relation.target in workbook.archive and relation.target not in seen:
            seen.add(relation.target)
            sheet = names.get(relation.target, here)
            yield relation.target, sheet
            yield from _leading(workbook, relation.target, sheet, opened, seen)


def in_tree(root: etree._Element, here: str, moved: Sequence[Moved], *, ours: bool = False) -> bool:
    """A chart, a drawing, a form control, the source of a pivot cache, the formulas of a table, on sheet `here`: whether one changed.

    `ours`: it is the table that moved, whose calculated columns follow as their cells do.
    """
    changed = False
    for element in root.iter():
        kind = markup.local(element)
        if kind in FORMULAS and element.text:
            text = told(element.text, here, moved, within=ours and kind == "calculatedColumnFormula")
            changed |= text != element.text
            element.text = text
        elif kind in SOURCES and element.get("ref") and element.get("sheet"):
            text = str(_area(Area.read(element.get("ref", "")), element.get("sheet", ""), moved))
            changed |= text != element.get("ref")
            element.set("ref", text)
        for name in LINKED & set(element.keys()):
            before = element.get(name, "")
            text = told(before, here, moved)
            changed |= text != before
            element.set(name, text)
    return changed


def _area(area: Area, sheet: str, moved: Sequence[Moved]) -> Area:
    for name, _, stretch in moved:
        area = stretch.area(area) if name == sheet else area
    return area


def _speaks(member: Member, sheets: Collection[str]) -> bool:
    """Whether the name of one of the sheets stands in a part, wherever; in any encoding a workbook has."""
    spelled = {text for name in sheets for text in _spellings(name)}
    tokens, wide = ({token.encode(coding) for token in spelled for coding in codings} for codings in (("utf-8", "gb18030"), ("utf-16-le", "utf-16-be")))
    longest, carried = max(map(len, tokens | wide)), b""
    for _, piece in member.pieces():
        data = carried + piece
        if any(token in data for token in (tokens | wide if b"\0" in data else tokens)):
            return True
        carried = data[-longest:]
    return False


def _spellings(name: str) -> set[str]:
    """How the name of a sheet may stand in a formula; some programs write ASCII with character references."""
    quoted = escape(name.replace("'", "''"))
    texts = {quoted, quoted.replace("'", "&apos;")}
    return texts | {"".join(one if one.isascii() else form.format(ord(one)) for one in text) for text in texts for form in ("&#{};", "&#x{:X};", "&#x{:x};")}


def _in_tail(sheet: Sheet, here: str, moved: Sequence[Moved]) -> bool:
    """Rules, sparklines, links and controls of a sheet."""
    before = sheet.tail
    for pattern, fixed in ((RULE, True), (SPARKLINE, False), (LINK, False), (CONTROL, False)):
        sheet.tail = _substituted(pattern, sheet.tail, here, moved, fixed=fixed)
    return sheet.tail != before


def _substituted(pattern: re.Pattern[bytes], data: bytes, here: str, moved: Sequence[Moved], *, fixed: bool = False) -> bytes:
    return pattern.sub(lambda found: found[1] + _told(found[2], here, moved, fixed=fixed), data)


def _tokens(here: str, moved: Sequence[Moved]) -> set[bytes]:
    """What stands in every formula on sheet `here` that may speak of a table that moved."""
    rows = {b"%d" % (stretch.old + more) for name, _, stretch in moved if name == here for more in range(stretch.totals + 1)}
    return rows | {text.encode() for name, *_ in moved for text in _spellings(name)}


def _pieces(sheet: Sheet, here: str, moved: Sequence[Moved], tokens: Collection[bytes]) -> Iterator[bytes]:
    return (_rewritten(piece, sheet, here, moved, tokens) for piece in sheet.pieces())


def _rewritten(piece: bytes, sheet: Sheet, here: str, moved: Sequence[Moved], tokens: Collection[bytes]) -> bytes:
    """Some rows of a sheet with their formulas told; the very same bytes if none changes."""
    if piece is sheet.tail or not holds(piece, b"<f") or not any(token in piece for token in tokens):
        return piece
    made, at = [], 0
    for found in FORMULA.finditer(piece):
        if not any(token in found[2] for token in tokens):
            continue
        begin, end = piece.rfind(b"<c", 0, found.start()), piece.find(b"</c", found.end())
        text = _told(found[2], here, moved, within=_within(piece[begin:found.start()], here, moved))
        if text != found[2]:
            made += [piece[at:begin], SHOWN.sub(b"", piece[begin:found.start(2)] + text + piece[found.end(2):end])]  # it comes to something else now
            at = end
    return b"".join([*made, piece[at:]]) if made else piece


def _within(cell: bytes, here: str, moved: Sequence[Moved]) -> bool:
    """Whether a cell is one of the table that moved."""
    found = ADDRESS.search(cell)
    return any(name == here and (not found or header < int(found[1]) <= stretch.new) for name, header, stretch in moved)


def _take_apart(sheet: Sheet, here: str, moved: Sequence[Moved]) -> None:
    """Shared formulas that do not change alike in all their cells get a text in each."""
    for row in sheet.holding(b'"shared"', b"'shared'") if sheet.shares else ():  # one after the other: each as those before left it
        for cell in list(row.cells.values()):
            found = FORMULA.search(cell)
            if found and b"shared" in found[1]:
                before = _plain(found[2])
                spread = Area.read(said(attributes(found[1]).get(b"ref", b"A1")))
                if not _alike(before, told(before, here, moved, within=_within(cell, here, moved)), one_column=spread.left == spread.right):
                    sheet.put(row)
                    formulas.unshare(sheet, cell)


def _alike(before: str, after: str, *, one_column: bool) -> bool:
    """Whether only references changed that mean the same rows (and columns) in every cell."""
    pairs = zip(mentions(before), mentions(after), strict=True)
    return all(corner.kept and (one_column or corner.held or not corner.column) for old, new in pairs if old != new for corner in old.corners)


def _plain(xml: bytes) -> str:
    return unescape(xml.decode("utf-8", "surrogateescape"))


def _told(xml: bytes, here: str, moved: Sequence[Moved], *, fixed: bool = False, within: bool = False) -> bytes:
    before = _plain(xml)
    after = told(before, here, moved, fixed=fixed, within=within)
    if after == before:
        return xml
    text = escape(after).replace('"', "&quot;")
    text = text.replace("'", "&apos;") if b"&apos;" in xml or b"&#39;" in xml else text
    return text.encode("ascii", "xmlcharrefreplace") if xml.isascii() else text.encode("utf-8", "surrogateescape")


def told(formula: str, here: str, moved: Sequence[Moved], *, fixed: bool = False, within: bool = False) -> str:
    """A formula on sheet `here` with its references over the tables as they end now. `fixed`: only those whose rows are
    absolute, as in rules, where a relative one means another row in every cell. `within` the table that moved the same holds of its own rows.
    """
    for name, _, stretch in moved:
        formula = stretch.formula(name, formula, here=here, fixed=fixed or (within and name == here))
    return formula
