"""What LiveBook promises beyond the same tables: nothing of the view moves, nothing half written, nothing undone."""

from __future__ import annotations

import shutil

import pytest

from ssj_xlwings.books import backup, excel
from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.books.live import LiveBook
from ssj_xlwings.types import Append, At, Patch, Refusal, Rewrite
from ssj_xlwings.vocabulary.sentences import live as say
from tests.doors.conftest import TASK
from tests.live import calc
from tests.live.conftest import FREEZE, SAID
from tests.live.office import bridge

HOLIDAYS = [{"date": f"2026-10-0{day}", "kind": "放假"} for day in (1, 2, 3)]


def apply(desk, *changes):
    tables = [change.table for change in changes]
    desk.live.apply(changes, desk.live.read(tables), tables)


def refused(desk, *changes) -> str:
    """The sentence, after every table was found as it was."""
    before = desk.tables()
    with pytest.raises(Refusal) as refusal:
        apply(desk, *changes)
    assert desk.tables() == before
    return str(refusal.value)


def hidden_rows(sheet, last):
    return [row for row in range(1, last + 1) if not sheet.impl.uno.Rows.getByIndex(row - 1).IsVisible]


def table_of(sheet):
    return next(iter(sheet.tables))


def filtered(sheet, name: str, value: str) -> None:
    """Put an AutoFilter on the table of a sheet, as people do."""
    bridge()
    from com.sun.star.sheet import TableFilterField
    from com.sun.star.sheet.FilterOperator import EQUAL

    table = table_of(sheet).impl.uno
    headings = sheet.range((1, 1), (1, 40)).value
    description = table.getFilterDescriptor()
    description.ContainsHeader = True
    description.setFilterFields((TableFilterField(0, headings.index(name), EQUAL, False, 0.0, value),))
    table.refresh()


def test_the_view_stays(desk):
    """Active sheet, selection, scroll position and filters are as before a command that writes elsewhere and into that very sheet."""
    window = desk.opened.impl.doc.CurrentController
    sheet = desk.sheet("抽查任务")
    window.setActiveSheet(sheet.impl.uno)
    window.select(sheet.range("C2").impl.uno)
    firms = desk.sheet("检查对象名录库")
    filtered(firms, "主体类型", "企业")
    hidden = hidden_rows(firms, 301)
    window.setActiveSheet(firms.impl.uno)
    window.setFirstVisibleRow(120)
    here = next(row for row in range(130, 301) if row not in hidden)
    window.select(firms.range((here, 2)).impl.uno)
    scrolled = window.getFirstVisibleRow()
    desk.do("check")
    apply(desk, Patch("subjects", {(here, "remark"): "备注"}), Append("subjects", [{"name": "新店", "code": "X1"}]))
    assert window.ActiveSheet.Name == "检查对象名录库"
    assert desk.app.selection.row == here
    assert window.getFirstVisibleRow() == scrolled > 100
    assert hidden
    assert hidden_rows(firms, 301) == hidden
    assert (desk.app.screen_updating, desk.app.calculation, desk.app.enable_events) == (True, "automatic", True)


def test_rollback(desk, monkeypatch):
    """When the third write fails, what the first two wrote is put back, tables included, and the screen works again."""
    before, size = desk.tables(), table_of(desk.sheet("节假日")).range.shape
    count, real = [], calc.Range.raw_value.fset

    def failing(self, data):
        count.append(1)
        if len(count) == 3:
            raise calc.CalcError("the disk of the tests is full")
        real(self, data)

    seen = desk.live.read(["holidays", "units", "subjects"])
    monkeypatch.setattr(calc.Range, "raw_value", property(calc.Range.raw_value.fget, failing))
    changes = [Append("holidays", HOLIDAYS), Patch("units", {(2, "liaison"): "某人"}), Patch("subjects", {(5, "remark"): "改"})]
    with pytest.raises(calc.CalcError):
        desk.live.apply(changes, seen, ["holidays", "units", "subjects"])
    assert len(count) > 3  # it was put back through the same door
    assert desk.tables() == before
    assert table_of(desk.sheet("节假日")).range.shape == size
    assert (desk.app.screen_updating, desk.app.calculation) == (True, "automatic")


def test_not_kept(desk, monkeypatch):
    """If the sheet shows something else than what was written (a filter, a macro of the staff), all is put back and said."""
    real, first = calc.Range.raw_value.fset, []

    def careless(self, data):
        first.append(1)
        real(self, [["别的"] * len(row) for row in data] if len(first) == 1 else data)

    seen = desk.live.read(["holidays"])
    before = desk.tables()
    monkeypatch.setattr(calc.Range, "raw_value", property(calc.Range.raw_value.fget, careless))
    with pytest.raises(Refusal, match="没有照写进去的显示"):
        desk.live.apply([Append("holidays", HOLIDAYS)], seen, ["holidays"])
    assert desk.tables() == before


def test_changed_while_a_question_was_open(desk):
    """A cell typed between reading and writing refuses the writing; nothing is overwritten and nothing logged."""
    seen = desk.live.read(["subjects", "holidays"])
    desk.sheet("检查对象名录库").range("C7").value = "员工刚改的"
    with pytest.raises(Refusal) as refusal:
        desk.live.apply([Append("holidays", HOLIDAYS)], seen, ["holidays"])
    assert str(refusal.value) == say.CHANGED.format(name=desk.path.name)

    def typing(_sentence, _outcome):
        desk.sheet("检查对象名录库").range("C8").value = "又改"
        return True

    with pytest.raises(Refusal, match="被改动了"):
        desk.do("freeze", agreed=typing, **FREEZE)
    assert desk.logged() == []


def test_texts_stay_texts(desk):
    """Codes, formulas in disguise and leading zeros stay texts, in text columns and in cells that staff made General; dates and numbers are real."""
    sheet = desk.sheet("检查对象名录库")
    column = [cell for cell in sheet.range((1, 1), (1, 60)).value if cell].index("主体名称") + 1
    sheet.range((302, column), (304, column)).impl.uno.NumberFormat = 0
    names = ["0012", "=1+1", "2026-01-02"]
    apply(desk, Append("subjects", [{"name": name, "code": f"00{at}", "founded": "2020-02-03"} for at, name in enumerate(names)]))
    rows = desk.live.read(["subjects"])["subjects"].tail(3)
    assert rows["name"].tolist() == names
    assert rows["code"].tolist() == ["000", "001", "002"]
    assert rows["founded"].tolist() == ["2020-02-03"] * 3
    assert all(isinstance(value, str) for value in sheet.range((302, column), (304, column)).value)


def test_no_room(desk):
    """Staff's note below a table stops it from growing over the note."""
    sheet = desk.sheet("节假日")
    bottom = table_of(sheet).range.shape[0]
    sheet.range((bottom + 2, 1)).value = "员工的说明"
    rows = [{"date": f"2026-05-0{day}", "kind": "放假"} for day in range(1, 7)]
    assert "放不下新的行" in refused(desk, Append("holidays", rows))


def test_rows_pasted_under_the_table_are_taken_in(desk):
    """Rows with their key, right under the table, become rows of it before new ones are added; a line without key is named."""
    sheet = desk.sheet("节假日")
    table, rows = table_of(sheet), [{"date": f"2026-05-0{day}", "kind": "放假"} for day in range(1, 3)]
    bottom = table.range.row + table.range.shape[0] - 1
    sheet.range((bottom + 1, 1), (bottom + 2, 2)).value = [["2026-10-01", "放假"], ["2026-10-02", "放假"]]
    apply(desk, Append("holidays", rows))
    frame = desk.live.read(["holidays"])["holidays"]
    assert frame["date"].tolist()[-4:] == ["2026-10-01", "2026-10-02", "2026-05-01", "2026-05-02"]
    cells = table_of(sheet).range
    assert cells.row + cells.shape[0] - 1 == bottom + 4
    sheet.range((bottom + 5, 3)).value = "没有日期的说明"
    assert f"第 {bottom + 5} 行紧挨着表格，却没有填“日期”" in refused(desk, Append("holidays", rows))


def test_protected_and_hidden(desk):
    """A protected sheet refuses before anything is copied or logged; a hidden one is written like any other."""
    desk.sheet("抽取记录").impl.uno.protect("")
    with pytest.raises(Refusal) as refusal:
        desk.do("freeze", **FREEZE)
    assert str(refusal.value) == say.PROTECTED.format(sheet="抽取记录")
    assert desk.logged() == []
    desk.sheet("抽取记录").impl.uno.unprotect("")
    desk.sheet("抽取记录").impl.uno.IsVisible = False
    desk.do("freeze", **FREEZE)
    assert len(desk.logged()) == 1


def test_renamed_sheet_and_heading(desk):
    """A sheet or heading that was renamed is named, with what it was called."""
    sheet = desk.sheet("检查对象名录库")
    heading = sheet.range("A1").value
    sheet.range("A1").value = "改过的标题"
    with pytest.raises(Refusal, match=f"找不到标题“{heading}”"):
        desk.do("check")
    sheet.range("A1").value = heading
    sheet.impl.uno.Name = "我的名单"
    with pytest.raises(Refusal, match="找不到工作表“检查对象名录库”"):
        desk.do("check")


def test_error_values_and_rounded_codes(desk):
    """#N/A and codes that became numbers are findings with their cells, as in a closed workbook."""
    sheet = desk.sheet("检查对象名录库")
    headings = sheet.range((1, 1), (1, 60)).value
    code = headings.index("统一社会信用代码") + 1
    sheet.range((3, code)).impl.uno.NumberFormat = 0
    sheet.range((3, code)).impl.uno.getCellByPosition(0, 0).setValue(911304260000000001.0)
    sheet.range((4, 1)).impl.uno.NumberFormat = 0
    sheet.range((4, 1)).impl.uno.getCellByPosition(0, 0).setFormula("=NA()")
    found = desk.live.read(["subjects"]).findings
    assert [(finding.at.row, finding.values["seen"]) for finding in found] == [(3, "911304260000000000"), (4, "#N/A")]
    assert desk.live.cell(At("subjects", 4, "name")).startswith("检查对象名录库!")


@pytest.mark.parametrize("command", ["freeze", "check"])
def test_never_saved_read_only_cloud_gone(app, desk, command, monkeypatch):
    """A workbook never saved, read-only, in a cloud or whose file was moved refuses with its own sentence, before anything is written."""
    args = FREEZE if command == "freeze" else {}
    api = calc.Book
    for member, value, sentence in (("Path", "", say.NEVER_SAVED), ("ReadOnly", True, say.READ_ONLY), ("FullName", "https://d.docs.live.net/a/台账.xlsx", say.IN_CLOUD)):
        with monkeypatch.context() as patched:
            patched.setattr(api, member, value)
            with pytest.raises(Refusal) as refusal:
                desk.do(command, **args)
        assert str(refusal.value) == sentence.format(name="台账.xlsx", path="https://d.docs.live.net/a/台账.xlsx")
    desk.path.rename(desk.folder / "搬走.xlsx")
    with pytest.raises(Refusal, match="已经不在原来的位置"):
        desk.do(command, **args)
    assert desk.logged() == []
    assert not list(desk.folder.glob("备份/*.xlsx"))


def test_cannot_be_saved(desk, monkeypatch):
    """A workbook that cannot be saved, or of which no copy can be kept, refuses the freeze before its log line."""
    def full(*_args, **_options):
        raise calc.CalcError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(calc.Book, "save", full)
        with pytest.raises(Refusal, match="保存不了（no space left）"):
            desk.do("freeze", **FREEZE)
    with monkeypatch.context() as patched:
        patched.setattr(excel, "save_copy", full)
        with pytest.raises(Refusal, match="没能在“备份”文件夹里"):
            desk.do("freeze", **FREEZE)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10**9, 10**9, 10))
        with pytest.raises(Refusal, match="磁盘只剩 0 MB"):
            desk.do("freeze", **FREEZE)
    assert desk.logged() == []


def test_not_saving_undoes_nothing(desk):
    """Freeze and draw are in the log file and in the saved workbook when they are done; closing without saving loses nothing."""
    desk.do("freeze", **FREEZE)
    assert len(desk.logged()) == 1
    assert len(FileBook(desk.path).read(["log"])["log"]) == 1
    desk.do("draw", task=TASK, say=SAID)
    assert len(desk.logged()) == 3
    shown = desk.tables()
    desk.sheet("节假日").range("A2").value = "未保存的字"
    desk.reopen()
    assert desk.tables() == shown


def test_behind_its_log(desk):
    """A workbook put back from a copy says how many rows it lacks; declined, nothing is done; agreed, they are restored."""
    old = desk.path.read_bytes()
    desk.do("freeze", **FREEZE)
    desk.do("draw", task=TASK, say=SAID)
    drawn = desk.tables()
    number = desk.live.read(["log"])["log"]["task"].iloc[0]
    desk.opened.close()
    desk.path.write_bytes(old)
    desk.__post_init__()
    asked = []
    with pytest.raises(Refusal, match="没有补上"):
        desk.do("check", agreed=lambda sentence, outcome: asked.append((sentence, outcome)))
    assert asked == [(say.BEHIND.format(what="、".join(f"{number} 第 1 次{event}" for event in ("冻结", "报数", "抽取")), name=desk.path.name), None)]
    outcome = desk.do("papers", task=TASK, out=desk.folder / "文书")
    assert outcome.files
    assert {name: desk.tables()[name] for name in ("log", "visits", "results", "tasks")} == {name: drawn[name] for name in ("log", "visits", "results", "tasks")}


def test_logged_but_not_written(desk, monkeypatch):
    """If the sheets cannot be written after the log line, the sentence says that the draw stands; the next click brings it in."""
    from ssj_xlwings.books.livesheet import LiveSheet
    from ssj_xlwings.package.faults import Occupied

    def occupied(*_args):
        raise Occupied(9)

    with monkeypatch.context() as patched:
        patched.setattr(LiveSheet, "append", occupied)
        with pytest.raises(Refusal, match="已经记入抽取记录文件，不会丢失"):
            desk.do("freeze", **FREEZE)
    assert len(desk.logged()) == 1
    assert len(desk.live.read(["log"])["log"]) == 0
    desk.do("check")
    assert len(desk.live.read(["log"])["log"]) == 1


def test_a_fault_after_the_log_line(desk, monkeypatch):
    """An error nobody foresaw, after the log line: nobody is told that all is as before; what stands is said, and comes in with the next click."""
    def broken(*_args):
        raise RuntimeError("boom")

    with monkeypatch.context() as patched:
        patched.setattr(LiveBook, "apply", broken)
        said = desk.click("freeze", TASK, "张三、李四", "", "", "", "", "yes")
    assert "已经记入抽取记录文件，不会丢失" in said
    assert "恢复了原样" not in said
    assert len(desk.logged()) == 1
    desk.do("check")
    assert len(desk.live.read(["log"])["log"]) == 1


def test_undo(desk):
    """撤销上一步 gives back what an import changed, unsaved typing elsewhere kept; once more brings the import again; the table ends where it did."""
    desk.sheet("单位").range("A9").value = "没有保存的单位"
    (table,) = desk.sheet("节假日").tables

    def state():
        return desk.tables(), table.range.shape

    before = state()
    file = desk.folder / "放假.csv"
    file.write_text("日期,类型\n" + "".join(f"2026-10-{day:02},放假\n" for day in range(1, 29)), encoding="utf-8")
    desk.do("import", table="节假日", file=file)
    after = state()
    assert after[0] != before[0]
    assert after[1] > before[1]
    desk.do("undo")
    assert state() == before
    desk.do("undo")
    assert state() == after


def test_undo_refuses(desk):
    """No step, a step in the log, a table typed into since, a copy that is gone: one sentence each, nothing changed."""
    def said():
        before = desk.tables()
        with pytest.raises(Refusal) as refusal:
            desk.do("undo")
        assert desk.tables() == before
        return str(refusal.value)

    assert said() == say.NO_STEP
    desk.do("check")
    desk.sheet("校验结果").range("C2").value = "手写的"
    assert "校验结果”又改动过" in said()
    desk.do("check")
    copies = list((desk.folder / backup.BACKUPS).glob("*.xlsx"))
    moved = [copy.rename(copy.with_suffix(".bak")) for copy in copies]
    assert "已经不在“备份”文件夹里" in said()
    for copy in moved:
        copy.rename(copy.with_suffix(".xlsx"))
    for step in (lambda: desk.do("freeze", **FREEZE), lambda: desk.do("draw", task=TASK, say=SAID)):
        step()
        assert "不能撤销" in said()


def test_copies_are_kept(desk):
    """Before each step a copy of the workbook as it was in memory goes to 备份; the last twenty stay."""
    seen, kept = desk.live.read(["holidays"]), 20
    for _ in range(kept + 2):
        desk.live.ready(seen, ["holidays"])
    copies = sorted((desk.folder / backup.BACKUPS).glob("*.xlsx"))
    assert len(copies) == kept
    assert FileBook(copies[-1]).read(["subjects"])["subjects"].shape[0] == 300


def test_rewrite_lifts_the_filter(desk):
    """A generated table is written whole, also where somebody filtered it, and shrinks again."""
    desk.do("check")
    sheet = desk.sheet("校验结果")
    filtered(sheet, "级别", "没有这种")
    rows = [{"level": "提醒", "sheet": "单位", "problem": f"第 {at} 个"} for at in range(30)]
    apply(desk, Rewrite("findings", rows))
    assert hidden_rows(sheet, 31) == []
    assert desk.live.read(["findings"])["findings"]["problem"].tolist() == [row["problem"] for row in rows]
    apply(desk, Rewrite("findings", rows[:2]))
    assert table_of(sheet).range.shape[0] == 3


def test_a_rewrite_keeps_the_rows_that_staff_noted_something_beside(desk):
    """A generated table does not end before a note in a column of staff's, so that the note is never in the way of the next rows."""
    rows = [{"level": "提醒", "sheet": "单位", "problem": f"第 {at} 个"} for at in range(4)]
    apply(desk, Rewrite("findings", rows[:3]))
    sheet = desk.sheet("校验结果")
    width = table_of(sheet).range.shape[1]
    sheet.range((1, width + 1)).value = "我的备注"
    table_of(sheet).resize(sheet.range((1, 1), (4, width + 1)))
    sheet.range((3, width + 1)).value = "去年也有"
    for count, height in ((0, 3), (1, 3), (2, 3), (4, 5), (2, 3)):
        apply(desk, Rewrite("findings", rows[:count]))
        assert table_of(sheet).range.shape == (height, width + 1)
        assert desk.live.read(["findings"])["findings"]["problem"].tolist() == [row["problem"] for row in rows[:count]]
        assert sheet.range((3, width + 1)).value == "去年也有"


def test_calls_do_not_grow_with_rows(desk):
    """Reading, appending, patching scattered rows and rewriting cost the same number of calls for ten rows as for two hundred."""
    def calls(count: int) -> int:
        seen = desk.live.read(["subjects", "findings", "holidays"])
        desk.live.ready(seen, ["subjects"])
        before = desk.app.calls
        desk.live.apply([
            Append("subjects", [{"name": f"店{at}", "code": f"{count}-{at}", "founded": "2020-01-02"} for at in range(count)]),
            Patch("subjects", {(row, column): "改" for row in range(3, 3 + count, 2) for column in ("remark", "legal_person")}),
            Rewrite("findings", [{"level": "提醒", "problem": str(at)} for at in range(count)]),
        ], seen, ["subjects", "findings"])
        return desk.app.calls - before

    few = calls(10)
    assert calls(200) == few < 80
