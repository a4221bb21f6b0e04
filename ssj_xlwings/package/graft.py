"""Parts of a freshly built workbook put into an older one: styles joined, sheets taken over, names replaced."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from lxml import etree

from ssj_xlwings.package import markup
from ssj_xlwings.package.plain import number as counted
from ssj_xlwings.package.relations import Workbook, relations, rels_part
from ssj_xlwings.package.rows import Sheet
from ssj_xlwings.package.widen import dress, skeleton

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ssj_xlwings.package.archive import Archive, Part
    from ssj_xlwings.package.relations import Relation

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = "[Content_Types].xml"
FIRST_OWN = 164
"""The first number format that is not built in."""
STYLE_GROUPS = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles")
"""The order the schema asks for."""


class Graft:
    """An old workbook taking parts of a fresh one. `changed` collects the new parts, `dropped` those that go."""

    def __init__(self, old: Archive, fresh: Archive) -> None:
        self.old, self.fresh = old, fresh
        self.book, self.source = Workbook(old), Workbook(fresh)
        self.changed: dict[str, Part] = {}
        self.dropped: set[str] = set()
        self._replaced: frozenset[str] = frozenset()
        self._opened: dict[str, Sheet] = {}
        self.types = markup.parse(old.read(TYPES))
        self.links = markup.parse(old.read(rels_part(self.book.part)))
        self._styles = markup.parse(old.read(self.book.other("styles")))
        self._cells, self._marks = self._join_styles(markup.parse(fresh.read(self.source.other("styles"))))
        strings = self.source.other("sharedStrings")
        self._texts = list(markup.parse(fresh.read(strings))) if strings else []
        self.tables = [(name, markup.parse(old.read(one.target))) for name, part in self.book.sheets.items() for one in relations(old, part) if one.kind == "table"]
        """The tables of the old book: the sheet, and the root of the part."""
        self._next_table = max((counted(root.get("id", "0")) for _, root in self.tables), default=0) + 1

    def _group(self, name: str) -> etree._Element:
        found = markup.child(self._styles, name)
        if found is None:
            found = etree.Element(markup.tag_like(self._styles, name), count="0")
            before = [child for child in self._styles if markup.local(child) in STYLE_GROUPS[: STYLE_GROUPS.index(name)]]
            self._styles.insert(self._styles.index(before[-1]) + 1 if before else 0, found)
        return found

    def _join_styles(self, fresh: etree._Element) -> tuple[list[int], list[int]]:
        """Index of each fresh cell format and of each fresh mark (dxf) among the old ones; what is there already is used again."""
        formats = self._formats(fresh)
        places = {kind: [_place(self._group(kind), one) for one in _inside(fresh, kind)] for kind in ("fonts", "fills", "borders")}
        cells = []
        for one in _inside(fresh, "cellXfs"):
            made = copy.deepcopy(one)
            for attribute, kind in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
                made.set(attribute, str(places[kind][int(one.get(attribute, "0"))]))
            made.set("numFmtId", str(formats.get(int(one.get("numFmtId", "0")), int(one.get("numFmtId", "0")))))
            made.set("xfId", "0")
            cells.append(_place(self._group("cellXfs"), made))
        return cells, [_place(self._group("dxfs"), one) for one in _inside(fresh, "dxfs")]

    def _formats(self, fresh: etree._Element) -> dict[int, int]:
        """Number formats of the fresh book by the number they have in the old one."""
        group = self._group("numFmts")
        known = {one.get("formatCode", ""): counted(one.get("numFmtId", "0")) for one in group}
        found = {}
        for one in _inside(fresh, "numFmts"):
            code = one.get("formatCode", "")
            if code not in known:
                known[code] = max([FIRST_OWN - 1, *known.values()]) + 1
                etree.SubElement(group, markup.tag_like(self._styles, "numFmt"), numFmtId=str(known[code]), formatCode=code)
                group.set("count", str(len(group)))
            found[int(one.get("numFmtId", "0"))] = known[code]
        if not len(group):
            self._styles.remove(group)
        return found

    def style(self, index: str | None) -> str:
        """A fresh cell format as it is numbered in the old book."""
        return str(self._cells[int(index or 0)])

    def sheet(self, name: str) -> etree._Element:
        """A sheet of the fresh book, its styles numbered as in the old one, its texts in the cells themselves."""
        root = markup.parse(self.fresh.read(self.source.sheets[name]))
        for element in root.iter():
            kind = markup.local(element)
            if kind in ("c", "row") and element.get("s"):
                element.set("s", self.style(element.get("s")))
            elif kind == "col" and element.get("style"):
                element.set("style", self.style(element.get("style")))
            elif kind == "cfRule" and element.get("dxfId"):
                element.set("dxfId", str(self._marks[int(element.get("dxfId", "0"))]))
        for cell in list(root.iter(markup.tag_like(root, "c"))):
            if cell.get("t") == "s":
                self._write_out(cell)
        return root

    def _write_out(self, cell: etree._Element) -> None:
        held = markup.child(cell, "v")
        if held is None:
            return
        text = self._texts[int(held.text or 0)]
        cell.remove(held)
        cell.set("t", "inlineStr")
        etree.SubElement(cell, markup.tag_like(cell, "is")).extend(copy.deepcopy(list(text)))

    def opened(self, part: str) -> Sheet:
        """A sheet of the old book as it is by now. Who changes it says so with `change`."""
        if part not in self._opened:
            self._opened[part] = Sheet(self.old.member(part))
        return self._opened[part]

    def change(self, part: str) -> None:
        """The sheet that was opened is no longer as it was."""
        self.changed[part] = self._opened[part].pieces

    def _take(self, part: str, root: etree._Element) -> None:
        self._opened[part] = Sheet(markup.serialise(root))
        self.change(part)

    def replace_sheet(self, name: str) -> None:
        """The whole sheet as the fresh book has it (one without tables); its own code name stays. It is added where it is missing."""
        if name not in self.book.sheets:
            self.add_sheet(name)
            return
        part, root = self.book.sheets[name], self.sheet(name)
        _code_name(root, code_name(self.opened(part)))
        self._take(part, root)

    def add_sheet(self, name: str) -> None:
        """A sheet of the fresh book, with its table, behind all others."""
        part, root = self._free("xl/worksheets/sheet{}.xml"), self.sheet(name)
        _code_name(root, self._free_code_name())
        self._take(part, root)
        self._type(part, f"{SPREADSHEET}.worksheet+xml")
        listed = markup.child(self.book.root, "sheets")
        if listed is None:
            raise RuntimeError("a workbook has sheets")
        number = max((counted(one.get("sheetId", "0")) for one in listed), default=0) + 1
        state = next((one.get("state") for one in _inside(self.source.root, "sheets") if one.get("name") == name), None)
        made = etree.SubElement(listed, markup.tag_like(listed, "sheet"), {"name": name, "sheetId": str(number), **({"state": state} if state else {})})
        made.set(f"{{{OFFICE}}}id", self._link("worksheet", "/" + part))
        self.book.sheets[name] = part
        self._add_local_names(name, len(listed) - 1)
        tables = [one for one in relations(self.fresh, self.source.sheets[name]) if one.kind == "table"]
        if tables:
            self._add_tables(part, tables)

    def _add_local_names(self, sheet: str, at: int) -> None:
        """Print titles and the like of a sheet taken over, which stands as the `at`-th (from 0) now."""
        places = [one.get("name", "") for one in _inside(self.source.root, "sheets")]
        for one in self.source.names():
            if one.get("localSheetId") == str(places.index(sheet)):
                made = etree.SubElement(self._names(), markup.tag_like(self.book.root, "definedName"), name=one.get("name", ""), localSheetId=str(at))
                made.text = one.text

    def _names(self) -> etree._Element:
        group = markup.child(self.book.root, "definedNames")
        if group is None:
            group = etree.Element(markup.tag_like(self.book.root, "definedNames"))
            sheets = markup.child(self.book.root, "sheets")
            if sheets is None:
                raise RuntimeError("a workbook has sheets")
            sheets.addnext(group)
        return group

    def _add_tables(self, part: str, tables: Iterable[Relation]) -> None:
        rels = etree.Element(f"{{{RELATIONS}}}Relationships", nsmap={None: RELATIONS})  # type: ignore[dict-item]
        for relation in tables:
            place = self._free("xl/tables/table{}.xml")
            root = markup.parse(self.fresh.read(relation.target))
            root.set("id", str(self._next_table))
            self._next_table += 1
            self.changed[place] = markup.serialise(root)
            self._type(place, f"{SPREADSHEET}.table+xml")
            etree.SubElement(rels, f"{{{RELATIONS}}}Relationship", Id=relation.id, Type=f"{OFFICE}/table", Target="/" + place)
        self.changed[rels_part(part)] = markup.serialise(rels)

    def _free(self, pattern: str) -> str:
        tried = (pattern.format(number) for number in range(1, 100_000))
        return next(part for part in tried if self.old.spelled(part) not in self.old and part not in self.changed)

    def _type(self, part: str, kind: str) -> None:
        etree.SubElement(self.types, markup.tag_like(self.types, "Override"), PartName="/" + part, ContentType=kind)

    def _link(self, kind: str, target: str) -> str:
        taken = {one.get("Id") for one in self.links}
        id_ = next(f"ssj{number}" for number in range(1, 100_000) if f"ssj{number}" not in taken)
        etree.SubElement(self.links, markup.tag_like(self.links, "Relationship"), Id=id_, Type=f"{OFFICE}/{kind}", Target=target)
        return id_

    def _free_code_name(self) -> str:
        taken = {code_name(self.opened(part)).upper() for part in self.book.sheets.values()}
        return next(f"Sheet{number}" for number in range(1, 10_000) if f"SHEET{number}" not in taken)

    def code_names(self) -> tuple[str, list[str]]:
        """The names by which VBA knows the workbook and its sheets; those that have none (made by other programs) get one."""
        settings = markup.child(self.book.root, "workbookPr")
        if settings is None:
            settings = etree.Element(markup.tag_like(self.book.root, "workbookPr"))
            self.book.root.insert(1 if markup.child(self.book.root, "fileVersion") is not None else 0, settings)
        if not settings.get("codeName"):
            settings.set("codeName", "ThisWorkbook")
        names = []
        for part in self.book.sheets.values():
            sheet = self.opened(part)
            if not code_name(sheet):
                root = skeleton(sheet)
                _code_name(root, self._free_code_name())
                dress(sheet, root)
                self.change(part)
            names.append(code_name(sheet))
        return settings.get("codeName", ""), names

    def unsign(self, signatures: Sequence[str]) -> None:
        """The macro project without its signatures, which would not fit a new one."""
        rels = rels_part(self.book.other("vbaProject"))
        links = markup.parse(self.old.read(rels))
        for link in list(links):
            if link.get("Type", "").rpartition("/")[2].startswith("vbaProjectSignature"):
                links.remove(link)
        for kind in list(self.types):
            if kind.get("PartName", "").lstrip("/") in signatures:
                self.types.remove(kind)
        self.dropped |= {*signatures, *([] if len(links) else [rels])}
        if len(links):
            self.changed[rels] = markup.serialise(links)

    def _drop_calc_chain(self) -> None:
        """The list of formula cells goes: sheets taken over hold others, and Excel repairs a workbook whose list names a cell without formula."""
        chain = self.book.other("calcChain")
        if chain:
            self.dropped.add(chain)
            for link in [one for one in self.links if one.get("Type", "").endswith("/calcChain")]:
                self.links.remove(link)
            for kind in [one for one in self.types if one.get("PartName") == "/" + chain]:
                self.types.remove(kind)

    def ours(self, name: etree._Element) -> bool:
        """Whether a defined name is one that the fresh book has, too. Letter case does not tell names apart; a name of one sheet is staff's."""
        return name.get("localSheetId") is None and name.get("name", "").lower() in self._replaced

    def replace_names(self, prefix: str, moved: Callable[[str], str]) -> None:
        """The names of the fresh book that begin with `prefix`, their formulas passed through `moved`; all others stay, whatever they begin with."""
        fresh = [one for one in self.source.names() if one.get("name", "").startswith(prefix)]
        self._replaced = frozenset(one.get("name", "").lower() for one in fresh)
        group = self._names()
        for one in list(group):
            if self.ours(one):
                group.remove(one)
        for one in fresh:
            made = etree.SubElement(group, markup.tag_like(group, "definedName"), name=one.get("name", ""))
            made.text = moved(one.text or "")

    def result(self) -> dict[str, Part]:
        """All changed parts; the workbook calculates anew when it is opened."""
        self.book.recalculate()
        self._drop_calc_chain()
        return {
            **self.changed, self.book.part: self.book.serialise(), rels_part(self.book.part): markup.serialise(self.links),
            TYPES: markup.serialise(self.types), self.book.other("styles"): markup.serialise(self._styles),
        }


def _inside(root: etree._Element, group: str) -> list[etree._Element]:
    """What a group holds; nothing where there is no such group."""
    found = markup.child(root, group)
    return [] if found is None else list(found)


def code_name(sheet: Sheet) -> str:
    """The name by which VBA knows a sheet, "" if it has none. It stands in front of the rows, which are not read."""
    settings = markup.child(skeleton(sheet), "sheetPr")
    return "" if settings is None else settings.get("codeName", "")


def _code_name(root: etree._Element, name: str) -> None:
    settings = markup.child(root, "sheetPr")
    if settings is None:
        settings = etree.Element(markup.tag_like(root, "sheetPr"))
        root.insert(0, settings)
    settings.attrib.pop("codeName", "")
    if name:
        settings.set("codeName", name)


def _place(group: etree._Element, element: etree._Element) -> int:
    """Where an equal element stands in a group of styles; it is added if there is none."""
    wanted = etree.tostring(element, method="c14n", with_tail=False)
    for number, one in enumerate(group):
        if etree.tostring(one, method="c14n", with_tail=False) == wanted:
            return number
    group.append(copy.deepcopy(element))
    group.set("count", str(len(group)))
    return len(group) - 1
