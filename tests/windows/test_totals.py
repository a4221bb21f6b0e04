"""What goes over the wire when a table grows above its totals row: the members of Excel, how many calls, and all taken back if one fails."""

from __future__ import annotations

import pytest

from ssj_xlwings.books import excel as door
from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.types import Append, Patch, Refusal
from tests.live.test_totals import DAYS, SHEET, with_totals
from tests.windows.com import BUSY, Fault
from tests.windows.conftest import WindowsDesk
from tests.windows.test_wire import apply, filtered


@pytest.fixture
def desk(opened, copy, pc, monkeypatch) -> WindowsDesk:
    opened("另一本")
    folder = copy("有 汇总行")
    with_totals(next(folder.glob("*.xls[xm]")))
    return WindowsDesk(pc.excel(77), folder, pc=pc, patch=monkeypatch)


def column(desk, letter: int = 1) -> list:
    """What stands in a column of the sheet, from row 2."""
    cells = desk.com.Worksheets.Item(SHEET).cells
    return [cells.get((row, letter)) for row in range(2, 14)]


def texts(cells: list) -> list:
    return [str(cell)[:10] if cell is not None else None for cell in cells]


def test_members(desk):
    """One row by ListRows.Add, then over the blank rows as many again each time; the saved file holds the table with its totals row."""
    desk.pc.wire.members.clear()
    desk.pc.wire.fault = counted = Counted()
    apply(desk, Append("holidays", DAYS))
    assert counted.members == {"ListRows.Add call": 1, "Range.Insert call": 3}
    assert texts(column(desk)) == ["2026-05-01", "2026-05-02", *(day["date"] for day in DAYS), "合计", None, "科里的说明"]
    desk.live.save()
    assert list(FileBook(desk.path).read(["holidays"])["holidays"]["date"])[:-1] == ["2026-05-01", "2026-05-02", *(day["date"] for day in DAYS)]


class Counted:
    """How often a member that moves cells was called; one is `refused` from the second time on."""

    def __init__(self, refused: str = "", error: Fault | None = None):
        self.members, self.refused, self.error = {}, refused, error

    def __call__(self, member: str) -> None:
        if member.split(".")[1] in {"Add call", "Insert call", "Delete call"}:
            self.members[member] = self.members.get(member, 0) + 1
            if member == self.refused and self.members[member] > 1:
                raise self.error


def test_all_or_nothing(desk):
    """Where Excel refuses the second insertion, the rows of the first ones are deleted again, and the sentence says what is in the way."""
    before, cells = desk.tables(), column(desk)
    seen = desk.live.read(["holidays"])
    desk.live.ready(seen, ["holidays"])
    refusing = Counted("Range.Insert call", Fault(-2147352567, "not allowed", -2146827284))
    with desk.pc.wire.refusing(refusing), pytest.raises(Refusal, match="第 5 行已经有内容或汇总行"):
        desk.live.apply([Patch("holidays", {(2, "kind"): "上班"}), Append("holidays", DAYS)], seen, ["holidays"])
    assert refusing.members == {"ListRows.Add call": 1, "Range.Insert call": 2, "Range.Delete call": 1}
    assert (desk.tables(), column(desk)) == (before, cells)


def test_a_busy_excel_is_said_as_such(desk, monkeypatch):
    """What Excel says because a box is open is not taken for a note in the way."""
    monkeypatch.setattr(door.time, "sleep", lambda _seconds: None)
    seen, before = desk.live.read(["holidays"]), column(desk)[:3]
    desk.live.ready(seen, ["holidays"])
    with desk.pc.wire.refusing(Counted("Range.Insert call", Fault(BUSY))), pytest.raises(Exception) as caught:
        desk.live.apply([Append("holidays", DAYS)], seen, ["holidays"])
    assert door.busy(caught.value)
    assert column(desk)[:3] == before


def test_under_a_filter_it_is_said(desk):
    """Excel would refuse to shift cells of a filtered table: it is said before anything is done."""
    filtered(desk, SHEET, {3})
    counted = Counted()
    with desk.pc.wire.refusing(counted), pytest.raises(Refusal, match="汇总行上面插不进新的行"):
        apply(desk, Append("holidays", DAYS))
    assert counted.members == {}


def test_a_table_that_lies_half_beneath_is_in_the_way(desk):
    """Excel cannot shift a part of another table; it is named before anything is done."""
    from openpyxl.worksheet.table import Table

    from tests.windows.excel import ListObject

    sheet = desk.com.Worksheets.Item(SHEET)
    sheet._tables._all.append(ListObject(sheet, Table(displayName="own", ref="B8:F9")))
    counted = Counted()
    with desk.pc.wire.refusing(counted), pytest.raises(Refusal, match="第 8 行已经有内容"):
        apply(desk, Append("holidays", DAYS))
    assert counted.members == {}
