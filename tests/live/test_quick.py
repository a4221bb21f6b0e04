"""现场快抽 by a button: what is selected is the list, the same list as through the closed path."""

from __future__ import annotations

import datetime as dt

import pytest

from ssj_xlwings.books import excel
from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.lottery import log
from ssj_xlwings.master import panel
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.commands import BY_ID
from ssj_xlwings.vocabulary.sentences import live as live_say
from ssj_xlwings.vocabulary.sentences import panel as panel_words
from ssj_xlwings.vocabulary.sentences import quick as say
from ssj_xlwings.vocabulary.tables import PANEL
from tests.doors.conftest import TASK
from tests.live import calc
from tests.live.conftest import LiveDesk
from tests.live.office import bridge
from tests.live.test_livebook import filtered, hidden_rows

SHEET = "我的名单"
NAMES = ["姓名", "张三", "李四", "王五", "张三", None, "  赵 六 ", 7.0, 12.5, dt.datetime(2026, 3, 2), True, "0012", "=1+1", "钱七", "孙八"]
HIDDEN = 14
BOXES = ("3", "周例会抽查台账", "甲、乙")
SAY = ("384729", "000007")


def staffs_sheet(desk, names=NAMES, column: int = 2) -> calc.Sheet:
    """A sheet of staff's own: a number and a name a row, from row 1; one row hidden."""
    sheets = desk.opened.impl.doc.Sheets
    sheets.insertNewByName(SHEET, sheets.Count)
    sheet = desk.sheet(SHEET)
    sheet.range((1, column - 1), (len(names), column)).value = [[float(at), name if name != "=1+1" else "'=1+1"] for at, name in enumerate(names, 1)]
    sheet.impl.uno.getCellByPosition(column - 1, 11).setFormula("'0012")
    sheet.impl.uno.Rows.getByIndex(HIDDEN - 1).IsVisible = False
    return sheet


def select(desk, sheet, *addresses: str) -> None:
    """What people do with the mouse, with Ctrl for several areas."""
    bridge()
    window = desk.opened.impl.doc.CurrentController
    window.setActiveSheet(sheet.impl.uno)
    if len(addresses) == 1:
        window.select(sheet.impl.uno.getCellRangeByName(addresses[0]))
        return
    several = desk.opened.impl.doc.createInstance("com.sun.star.sheet.SheetCellRanges")
    several.addRangeAddresses(tuple(sheet.impl.uno.getCellRangeByName(address).RangeAddress for address in addresses), False)
    window.select(several)


def freeze_rows(desk, book=None) -> dict[str, str]:
    """What the newest freeze row holds."""
    rows = (book or desk.live).read(["log"])["log"]
    return log.data(rows[rows["event"] == "冻结"].iloc[-1])


def test_from_selection_to_record(desk):
    """Two clicks and at most six boxes that are typed into: select, 现场快抽, 抽取; the record is opened, ready to print."""
    sheet = staffs_sheet(desk)
    select(desk, sheet, "B1:B15")
    said = desk.click("quick", *BOXES, "yes")
    typed = len(BOXES)
    shown = desk.app.asked[-2][1]
    for text in (desk.path.name, f"“{SHEET}”第 1-15 行，12 个里抽 3 个：", "张三（1）", "相同的内容有 2 个", "表头 1 行不算", "可见 12 行列入名单；隐藏 1 行未列入；空白 1 行略过。"):
        assert text in shown
    assert live_say.NEXT.format(button=BY_ID["draw"].label) in said
    number = desk.live.read(["log"])["log"]["task"].iloc[-1]
    desk.type_numbers(*SAY)
    said = desk.click("draw", "yes")
    assert typed + len(SAY) <= 6
    (record,) = desk.folder.glob(f"抽取档案/*/*/现场快抽记录-{number}.xlsx")
    assert record.name in said
    assert any(doc.URL.endswith(".xlsx") and doc.isReadonly() and calc.Book(desk.app, doc).FullName == str(record) for doc in desk.app.documents())
    assert len(desk.logged()) == 3
    assert len(desk.live.read(["visits"])["visits"]) == 0


def test_a_no_leaves_everything(desk):
    """Seen and declined: nothing is frozen, and the sheets are as they were."""
    select(desk, staffs_sheet(desk), "B2:B15")
    before = desk.tables()
    assert desk.click("quick", *BOXES, "cancel") == live_say.STOPPED
    assert (desk.logged(), desk.tables()) == ([], before)


@pytest.mark.parametrize(("areas", "rows", "column"), [
    (("B2:B15",), "2-15", "B"), (("B1:B1048576",), "1-15", "B"), (("A2:AMJ15",), "2-15", ""), (("B2:B4", "B9:B40"), "2-4、9-15", "B"), (("A3:B3", "A3:B7"), "3-7", ""),
])
def test_the_same_pool_as_closed(desk, areas, rows, column):
    """Texts, numbers, dates, leading zeros, twins and hidden rows come out the same from the open workbook and from the file; pool digest and all."""
    select(desk, staffs_sheet(desk), *areas)
    picked = desk.live.picked()
    assert picked.rows == rows
    desk.live.save()
    args = {"sheet": SHEET, "rows": rows, "take": "2", "purpose": "比一比", "speaker": ["甲"]}
    copy = desk.folder.parent / "另一处" / desk.path.name
    copy.parent.mkdir()
    copy.write_bytes(desk.path.read_bytes())
    chance = desk.chance.getstate()
    live = desk.do("quick", picked=picked, **args)
    desk.chance.setstate(chance)
    closed = desk.do("quick", FileBook(copy), column=column, **args)
    assert live.lines == closed.lines
    assert freeze_rows(desk) == freeze_rows(desk, FileBook(copy))
    pools = [next(folder.glob("抽取档案/*/*/pool.tsv")).read_bytes() for folder in (desk.folder, copy.parent)]
    assert pools[0] == pools[1]


def test_our_own_table(desk, monkeypatch):
    """Whichever cells of the registry are selected, a row is its firm's code; the heading is no firm; rows that a filter hides stay out and are counted."""
    firms = desk.sheet("检查对象名录库")
    filtered(firms, "主体类型", "企业")
    hidden = [row for row in hidden_rows(firms, 41) if row > 1]
    assert hidden
    monkeypatch.setattr(calc.App, "selection", property(lambda _: firms.impl.range((1, 3), (41, 3))))  # Excel selects filtered rows too, LibreOffice does not
    desk.click("quick", *BOXES, "yes")
    shown = desk.app.asked[-2][1]
    assert "表头 1 行不算" in shown
    assert f"可见 {40 - len(hidden)} 行列入名单；隐藏 {len(hidden)} 行未列入" in shown
    pool = next(desk.folder.glob("抽取档案/*/*/pool.tsv")).read_text(encoding="utf-8").splitlines()
    assert {line.split("\t")[0] for line in pool} <= set(desk.live.read(["subjects"])["subjects"]["code"])
    assert len(pool) == 40 - len(hidden)


def test_merged_cells(desk):
    """A name merged over three rows is one name and two blank rows."""
    sheet = staffs_sheet(desk, ["姓名", *"甲乙丙丁戊己庚辛壬癸子丑寅卯"])
    for row in (3, 4):
        sheet.range((row, 2)).value = None
    sheet.impl.uno.getCellRangeByName("B2:B4").merge(True)
    select(desk, sheet, "B2:B15")
    desk.click("quick", "1", "抽", "王", "cancel")
    assert "可见 11 行列入名单；隐藏 1 行未列入；空白 2 行略过" in desk.app.asked[-2][1]


def test_a_protected_sheet(desk):
    """Staff's protected sheet can be picked from: it is only read."""
    sheet = staffs_sheet(desk)
    sheet.impl.uno.protect("")
    select(desk, sheet, "B2:B15")
    assert "已冻结" in desk.click("quick", *BOXES, "yes")


@pytest.mark.parametrize("address", ["B5", "D20:E30"])
def test_nothing_selected(desk, address):
    """One cell, or cells that hold nothing: one sentence before any question."""
    select(desk, staffs_sheet(desk), address)
    assert desk.click("quick") == say.NOTHING_SELECTED


def test_too_many_areas(desk, monkeypatch):
    """Pieces beyond number are refused before each costs a call."""
    sheet = staffs_sheet(desk)
    select(desk, sheet, "B2:B3", "B5:B6")
    monkeypatch.setattr("ssj_xlwings.books.selected.MOST_AREAS", 1)
    with pytest.raises(Refusal, match="选定的块超过 1 个"):
        desk.live.picked()


def test_another_workbook_in_front(app, copy):
    """Two masters open: a selection in the other one is not taken for ours."""
    here, there = LiveDesk(app, copy("去年")), LiveDesk(app, copy("今年"))
    (there.folder / "x").mkdir()
    select(there, staffs_sheet(there), "B2:B9")
    there.opened.impl.doc.CurrentController.Frame.activate()
    assert there.live.picked().rows == "2-9"
    if here.opened.name != there.opened.name:
        with pytest.raises(Refusal):
            here.live.picked()


def test_calls_do_not_grow_with_rows(desk):
    """Ten rows and two thousand cost the same, every second one hidden or not."""
    def calls(count: int, hide: bool) -> int:
        before = desk.app.calls
        select(desk, sheet, f"A2:B{count + 1}")
        for row in range(2, count + 1, 2) if hide else ():
            sheet.impl.uno.Rows.getByIndex(row).IsVisible = False
        assert len(desk.live.picked().lines) == count
        return desk.app.calls - before

    sheet = staffs_sheet(desk, [f"人{at}" for at in range(2002)])
    assert calls(10, False) == calls(2000, True) < 6


def test_excel_that_cannot_tell(desk, monkeypatch):
    """An answer that is no count a row is never taken for one: our fault, said as such, nothing frozen."""
    select(desk, staffs_sheet(desk), "B2:B15")
    monkeypatch.setattr(calc.Sheet, "Evaluate", lambda *_: -2146826273)
    with pytest.raises(RuntimeError):
        excel.shown(desk.sheet(SHEET), 2, 15, "B")
    assert live_say.FAILED[:8] in desk.click("quick")
    assert desk.logged() == []


def test_the_task_that_waits_is_proposed(desk):
    """The one that waits for its numbers needs no answer; where another task's row is selected, tasks and quick draws stand in one list."""
    select(desk, staffs_sheet(desk), "B2:B15")
    desk.click("quick", *BOXES, "yes")
    number = desk.live.read(["log"])["log"]["task"].iloc[-1]
    assert desk.click("draw") == panel_words.EMPTY.format(cell=f"{PANEL.sheet}!B{panel.HEADER + 2}", name="甲")
    window = desk.opened.impl.doc.CurrentController
    window.setActiveSheet(desk.sheet("抽查任务").impl.uno)
    window.select(desk.sheet("抽查任务").range("C2").impl.uno)
    desk.click("draw", False)
    assert desk.app.asked[0][1].endswith(f"[{TASK}]")
    assert number in desk.app.asked[0][1]


def test_made_a_task_by_a_click(desk):
    """转为临时任务: the drawn one is proposed; a yes makes the task, asked with the workbook's and the draw's name; then none is left to propose."""
    assert desk.click("adopt") == live_say.NO_QUICK
    select(desk, desk.sheet("检查对象名录库"), "B2:B31")
    desk.click("quick", *BOXES, "yes")
    assert desk.click("adopt") == live_say.NO_QUICK
    desk.type_numbers(*SAY)
    desk.click("draw", "yes")
    number = desk.live.read(["log"])["log"]["task"].iloc[-1]
    said = desk.click("adopt", ..., "DJ01", "投诉举报", "2026-11-25", "2027-01-20", "冯局长", "yes")
    assert f"已把“{number}”转为临时任务“{BOXES[1]}”：3 户" in said
    sure = desk.app.asked[-2][1]
    assert desk.path.name in sure
    assert number in sure
    assert list(desk.live.read(["visits"])["visits"]["task"]) == [number] * 3
    assert desk.click("adopt") == live_say.NO_QUICK
    desk.click("papers", BOXES[1])
    assert list((desk.folder / "文书").glob("检查任务单*"))


def test_a_name_that_is_taken_is_asked_for(desk):
    """The purpose is the name of a task already: the refusal asks for another name at once."""
    select(desk, desk.sheet("检查对象名录库"), "B2:B31")
    desk.click("quick", "3", TASK, "甲", "yes")
    desk.type_numbers("384729")
    desk.click("draw", "yes")
    assert "转为临时任务“另起的名”" in desk.click("adopt", ..., "DJ01", "投诉举报", "2026-11-25", "2027-01-20", "冯局长", "yes", "yes", "另起的名")


def test_the_record_that_excel_will_not_open(desk, monkeypatch):
    """The draw stands, and people learn where the record is."""
    def barred(*_args):
        raise calc.CalcError("protected view")

    select(desk, staffs_sheet(desk), "B2:B15")
    desk.click("quick", *BOXES, "yes")
    monkeypatch.setattr(calc.App, "Open", barred)
    desk.type_numbers(*SAY)
    (record,) = desk.click("draw", "yes") and desk.folder.glob("抽取档案/*/*/现场快抽记录-*.xlsx")
    assert desk.app.asked[-1][1] == live_say.NOT_OPENED.format(path=record)
    assert len(desk.logged()) == 3
