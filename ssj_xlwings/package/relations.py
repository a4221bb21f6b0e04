"""From the package to the workbook, its sheets and their tables."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from lxml import etree

from ssj_xlwings.package import markup
from ssj_xlwings.package.faults import NotWorkbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from ssj_xlwings.package.archive import Archive

BEFORE_CALC = (
    "fileVersion", "fileSharing", "workbookPr", "AlternateContent", "revisionPtr", "absPath", "workbookProtection", "bookViews",
    "sheets", "functionGroups", "externalReferences", "definedNames",
)
"""Children of a workbook that stand before calcPr."""


class Relation(NamedTuple):
    """One line of a .rels part: its id, the last word of its type (worksheet, table …), the part it points to."""

    id: str
    kind: str
    target: str


def rels_part(part: str) -> str:
    """Where the relations of a part stand; "" is the package itself."""
    return posixpath.join(posixpath.dirname(part), "_rels", posixpath.basename(part) + ".rels")


def relations(archive: Archive, part: str) -> list[Relation]:
    """The relations of a part that stay within the package."""
    name = rels_part(part)
    if name not in archive:
        return []
    found = []
    for element in markup.children(markup.parse(archive.read(name)), "Relationship"):
        if element.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), element.get("Target", ""))).lstrip("/")
            target = archive.spelled(target if archive.spelled(target) in archive else unquote(target))
            found.append(Relation(element.get("Id", ""), element.get("Type", "").rpartition("/")[2], target))
    return found


def called(name: etree._Element) -> tuple[str, str]:
    """What tells a defined name from another: itself, and the sheet it belongs to, by its place, "" for the workbook."""
    return name.get("name", ""), name.get("localSheetId", "")


class Workbook:
    """The workbook part: sheet names and their parts, the calendar, the defined names."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        main = [relation.target for relation in relations(archive, "") if relation.kind == "officeDocument"]
        if not main or main[0] not in archive or not main[0].endswith(".xml"):
            raise NotWorkbook("no workbook part in XML")
        self.part = main[0]
        self.root = markup.parse(archive.read(self.part))
        space, root = etree.QName(self.root).namespace or "", markup.local(self.root)
        self.strict = space.startswith(markup.STRICT)
        """Whether it is an ISO-strict workbook, whose parts speak in other namespaces."""
        if root != "workbook" or not (self.strict or space == markup.MAIN):  # a beta of Excel 2007 had others, and other elements
            raise NotWorkbook(f"{space} {root}")
        self._relations = relations(archive, self.part)
        self.renamed: dict[tuple[str, str], str] = {}
        """Defined names (`called`) whose formula was changed → that formula."""
        self.sheets = self._sheets()
        settings = markup.child(self.root, "workbookPr")
        self.date1904 = settings is not None and settings.get("date1904", "0") in {"1", "true"}

    def _sheets(self) -> dict[str, str]:
        """Sheet name → part, in the order of the tabs; sheets that are no worksheets have none."""
        parts = {relation.id: relation.target for relation in self._relations if relation.kind == "worksheet"}
        listed = markup.child(self.root, "sheets")
        found = {}
        for sheet in () if listed is None else listed:
            ids = [value for name, value in sheet.attrib.items() if etree.QName(str(name)).localname == "id" and str(name) != "id"]
            if ids and ids[0] in parts:
                found[sheet.get("name", "")] = parts[str(ids[0])]
        return found

    def names(self) -> list[etree._Element]:
        """The defined names."""
        group = markup.child(self.root, "definedNames")
        return [] if group is None else list(group)

    def rename(self, told: Callable[[str, str], str]) -> None:
        """Each defined name with the formula that `told` makes of its name and formula; `renamed` keeps which have another one now."""
        for name in self.names():
            formula = told(name.get("name", ""), name.text or "")
            if formula != (name.text or ""):
                name.text = self.renamed[called(name)] = formula

    def other(self, kind: str) -> str:
        """The part the workbook points to with that kind of relation (styles, calcChain …), "" if there is none."""
        return next((relation.target for relation in self._relations if relation.kind == kind and relation.target in self.archive), "")

    def recalculate(self) -> bool:
        """Ask for a full calculation when the workbook is opened; False if it was asked for already."""
        settings = markup.child(self.root, "calcPr")
        if settings is None:
            settings = etree.Element(markup.tag_like(self.root, "calcPr"))
            before = [child for child in self.root if markup.local(child) in BEFORE_CALC]
            before[-1].addnext(settings)
        asked = settings.get("fullCalcOnLoad") in {"1", "true"}
        if not asked:
            settings.set("fullCalcOnLoad", "1")
        return not asked

    def serialise(self) -> bytes:
        """The workbook part."""
        return markup.serialise(self.root)

    def without_calc_chain(self) -> tuple[dict[str, bytes], str]:
        """The parts that change when calcChain goes, and its name; ({}, "") if there is none.

        The chain lists formula cells; one that names a cell without formula makes Excel repair the file, none at all is fine.
        """
        chain = self.other("calcChain")
        if not chain:
            return {}, ""
        ids = {relation.id for relation in self._relations if relation.kind == "calcChain"}
        changed = {}
        for name, keep in (
            (rels_part(self.part), lambda element: element.get("Id") not in ids),
            ("[Content_Types].xml", lambda element: element.get("PartName") != "/" + chain),
        ):
            root = markup.parse(self.archive.read(name))
            for element in list(root):
                if not keep(element):
                    root.remove(element)
            changed[name] = markup.serialise(root)
        return changed, chain
