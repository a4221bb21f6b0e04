"""A table with a totals row grows in an open workbook as in a closed one: the totals move down, and all that speaks of them follows."""

from __future__ import annotations

import openpyxl
import pytest

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.types import Append, Patch
from tests.live import calc
from tests.live.conftest import LiveDesk
from tests.live.test_livebook import apply, filtered, refused, table_of

SHEET, OWN = "节假日", "科里的统计"
DAYS = [{"date": f"2026-10-0{day}", "kind": "放假"} for day in range(1, 8)]


def with_totals(path):
    """Two holidays, a totals row with staff's own formulas under them, notes below and beside, and a sheet of theirs that speaks of the total."""
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET]
    (table,) = sheet.tables.values()
    for row, day in ((2, "2026-05-01"), (3, "2026-05-02")):
        sheet.cell(row, 1, day).number_format = "@"
        sheet.cell(row, 2, "放假")
    right = table.ref.rpartition(":")[2][0]
    table.ref, table.totalsRowCount = f"A1:{right}4", 1
    sheet["A4"], sheet["B4"] = "合计", '=COUNTA(B2:B3)&"天"'
    for column, name in zip(table.tableColumns, "AB", strict=False):
        column.totalsRowLabel, column.totalsRowFunction = ("合计", None) if name == "A" else (None, "custom")
    sheet["A6"], sheet["H4"], sheet["H20"] = "科里的说明", "旁边", "=B4"
    own = book.create_sheet(OWN)
    own["A1"] = f'={SHEET}!B4&"（共）"'
    book.save(path)


@pytest.fixture
def desk(app, copy) -> LiveDesk:
    folder = copy("有 汇总行")
    with_totals(next(folder.glob("*.xls[xm]")))
    return LiveDesk(app, folder)


def last_row(desk) -> int:
    cells = table_of(desk.sheet(SHEET)).range
    return cells.row + cells.shape[0] - 1


def test_the_totals_row_moves_down(desk):
    """New rows stand above it; staff's formulas, the note beneath and a formula on another sheet follow; what stands beside stays. A closed workbook reads the same, and neither takes the totals for a day."""
    sheet = desk.sheet(SHEET)
    assert table_of(sheet).show_totals
    apply(desk, Append("holidays", DAYS))
    assert last_row(desk) == 11
    assert desk.live.read(["holidays"])["holidays"]["date"].tolist() == ["2026-05-01", "2026-05-02", *(day["date"] for day in DAYS), "科里的说明"]
    assert sheet.range("A11").value == "合计"
    assert sheet.range("A13").value == "科里的说明"
    assert sheet.range("H4").value == "旁边"
    assert sheet.range("H20").impl.uno.getFormulaArray() == (("=B11",),)
    assert desk.sheet(OWN).range("A1").impl.uno.getFormulaArray()[0][0].endswith('B11&"（共）"')
    desk.live.save()
    frame = FileBook(desk.path).read(["holidays"])["holidays"]
    assert frame["date"].tolist() == ["2026-05-01", "2026-05-02", *(day["date"] for day in DAYS), "科里的说明"]


def test_two_changes_in_one_save(desk):
    """What a second change sees is what the first one left."""
    apply(desk, Append("holidays", DAYS[:2]), Patch("holidays", {(4, "kind"): "上班"}), Append("holidays", DAYS[2:]))
    assert desk.live.read(["holidays"])["holidays"]["kind"].tolist() == ["放假", "放假", "上班", *["放假"] * 6, ""]
    assert desk.sheet(SHEET).range("A11").value == "合计"


def test_all_or_nothing(desk, monkeypatch):
    """If a later write fails, the rows that were inserted go again: totals, notes and formulas are where they were."""
    before, size = desk.tables(), last_row(desk)
    real, count = calc.Range.raw_value.fset, []

    def failing(self, data):
        count.append(1)
        if len(count) == 2:
            raise calc.CalcError("the disk of the tests is full")
        real(self, data)

    seen = desk.live.read(["holidays", "units"])
    monkeypatch.setattr(calc.Range, "raw_value", property(calc.Range.raw_value.fget, failing))
    with pytest.raises(calc.CalcError):
        desk.live.apply([Append("holidays", DAYS), Patch("units", {(2, "liaison"): "某人"})], seen, ["holidays", "units"])
    sheet = desk.sheet(SHEET)
    assert (desk.tables(), last_row(desk)) == (before, size)
    assert [sheet.range(at).value for at in ("A4", "A6", "H4")] == ["合计", "科里的说明", "旁边"]
    assert sheet.range("H20").impl.uno.getFormulaArray() == (("=B4",),)


def test_under_a_filter_it_is_said(desk):
    """No row can be inserted above the totals while a filter hides others: a sentence, and nothing is changed."""
    filtered(desk.sheet(SHEET), "日期", "2026-05-01")
    assert "汇总行上面插不进新的行" in refused(desk, Append("holidays", DAYS))


def test_blank_rows_come_first(desk):
    """A blank row above the totals is used before one is inserted; a change that needs no room moves nothing."""
    desk.sheet(SHEET).range((3, 1), (3, 2)).value = [[None, None]]
    apply(desk, Append("holidays", DAYS[:1]))
    assert last_row(desk) == 4
    assert desk.sheet(SHEET).range("A4").value == "合计"


def test_calls_do_not_grow_with_rows(desk):
    """A thousand rows cost a handful of calls more than ten."""
    def calls(count: int) -> int:
        seen = desk.live.read(["holidays"])
        desk.live.ready(seen, ["holidays"])
        before = desk.app.calls
        desk.live.apply([Append("holidays", [{"date": f"2{count:03}-01-{at % 28 + 1:02}", "kind": "放假"} for at in range(count)])], seen, ["holidays"])
        return desk.app.calls - before

    few = calls(10)
    assert calls(999) < few + 10
