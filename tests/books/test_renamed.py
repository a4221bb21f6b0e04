"""A sheet or heading of ours that somebody renamed: a closed workbook says which it is and what to do by hand."""

from __future__ import annotations

import pytest

from ssj_xlwings.books.layout import Renamed, find, sheet_missing
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import books as say
from ssj_xlwings.vocabulary.tables import BY_NAME

UNITS = BY_NAME["units"]
HEADINGS = [column.header for column in UNITS.columns]


def missing(*row: str) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        find(UNITS, [["标题"], list(row)])
    return refusal.value


@pytest.mark.parametrize("seen", ["层 级", "层级别", "哪一级", "=1+1", "级" * 32767])
def test_one_in_its_place(seen):
    """The foreign heading that stands where the missing one stood, or is like it, is named with its cell."""
    found = missing(*[seen if heading == "层级" else heading for heading in HEADINGS])
    assert isinstance(found, Renamed)
    assert (found.sheet, found.cell, found.name) == ("单位", "C2", "层级")
    assert str(found) == say.HEADING_RENAMED.format(sheet="单位", heading="层级", cell="C2", seen=seen[:40])


@pytest.mark.parametrize("others", [[], ["层次级", "层级数"]])
def test_none_or_two(others):
    """Without exactly one candidate the plain sentence is said."""
    row = ["单位名称", "行政区划代码", "辖区名称", "联络员", "电话", *others]
    assert str(missing(*row)) == say.HEADING_MISSING.format(sheet="单位", heading="层级")


def test_a_sheet():
    """The one foreign sheet with the headings is named; a sheet with a few of them is none; of two, neither is."""
    found = sheet_missing(UNITS, [("机构", [HEADINGS]), ("别的", [["单位名称", "电话"]]), ("空", [])])
    assert isinstance(found, Renamed)
    assert (found.sheet, found.cell, found.name) == ("机构", "", "单位")
    assert not isinstance(sheet_missing(UNITS, [("机构", [HEADINGS]), ("机构 (2)", [HEADINGS])]), Renamed)
    assert not isinstance(sheet_missing(UNITS, []), Renamed)
