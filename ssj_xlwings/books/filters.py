"""The AutoFilter of a sheet or of the table on it, from the parts of a closed workbook (ECMA-376 18.3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.package import markup, widen
from ssj_xlwings.package.areas import Area
from ssj_xlwings.package.plain import number
from ssj_xlwings.package.relations import relations
from ssj_xlwings.package.rows import Sheet
from ssj_xlwings.vocabulary.filters import Filter, Test
from ssj_xlwings.vocabulary.sentences import scope as say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from ssj_xlwings.package.relations import Workbook

OTHERS = {"top10": say.TOP, "dynamicFilter": say.DYNAMIC, "colorFilter": say.COLOUR, "iconFilter": say.ICON}
SIGNS = {"equal": "=", "notEqual": "<>", "greaterThan": ">", "greaterThanOrEqual": ">=", "lessThan": "<", "lessThanOrEqual": "<="}
TRUE = {"1", "true"}


def filters(workbook: Workbook, sheet: str) -> tuple[Filter, ...]:
    """Every column that is filtered, by its number on the sheet."""
    part, archive = workbook.sheets[sheet], workbook.archive
    roots = [widen.skeleton(Sheet(archive.member(part))), *(markup.parse(archive.read(one.target)) for one in relations(archive, part) if one.kind == "table")]
    return tuple(one for root in roots for bar in markup.children(root, "autoFilter") for one in _columns(bar))


def _columns(bar: etree._Element) -> Iterator[Filter]:
    left = Area.read(bar.get("ref", "").replace("$", "")).left
    for column in markup.children(bar, "filterColumn"):
        for what in column:
            found = _filter(left + number(column.get("colId", "0")), what)
            if found:
                yield found


def _filter(at: int, what: etree._Element) -> Filter | None:
    name = markup.local(what)
    if name == "filters":
        if any(markup.local(one) == "dateGroupItem" for one in what):
            return Filter(at, other=say.DATES)
        texts = [one.get("val", "") for one in what] + ([""] if what.get("blank") in TRUE else [])
        return Filter(at, tuple(Test("=", text) for text in texts))
    if name == "customFilters":
        tests = (Test(SIGNS.get(one.get("operator", "equal"), "="), one.get("val", "")) for one in what)
        return Filter(at, tuple(tests), what.get("and") in TRUE)
    return None if name == "extLst" else Filter(at, other=OTHERS.get(name, say.OTHER))
