"""Clicks on the buttons: questions with the workbook's name, one sentence at the end, no English, no exception."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
import pytest

from ssj_xlwings.books import excel
from ssj_xlwings.doors import ask, fault, ribbon, synthetic
from ssj_xlwings.doors.run import run
from ssj_xlwings.install import machine
from ssj_xlwings.master import panel
from ssj_xlwings.vocabulary import settings
from ssj_xlwings.vocabulary.commands import BY_ID, IMPORTABLE
from ssj_xlwings.vocabulary.sentences import live as say
from ssj_xlwings.vocabulary.sentences import panel as panel_words
from ssj_xlwings.vocabulary.sentences import show
from tests.doors.conftest import TASK
from tests.live import calc
from tests.live.conftest import LiveDesk
from tests.live.first import first_feedback

if TYPE_CHECKING:
    from pathlib import Path

PANEL_TOP = panel.HEADER + 2
PEOPLE = ("张三、李四", "赵主持", "三楼", "陈静", "")


def test_check(desk):
    """One click checks: no question, the sentence and the workbook's name, progress in the status bar meanwhile."""
    said = desk.click("check")
    assert said.endswith(desk.path.name)
    assert desk.app.asked[-1][0] == say.TITLE.format(label=BY_ID["check"].label)
    assert desk.app.statuses[0] == say.WORKING.format(text=say.STARTED.format(label=BY_ID["check"].label))
    assert desk.app.statuses[-1] is False
    assert len(desk.live.read(["findings"])["findings"]) > 0


def test_the_ceremony_by_clicks(desk):
    """Freeze, draw, papers and void by clicks. The confirmation names workbook and task; next buttons are named, not command lines."""
    said = desk.click("freeze", TASK, *PEOPLE, "yes")
    sure = desk.app.asked[-2][1]
    assert desk.path.name in sure
    assert TASK in sure
    assert say.NEXT.format(button=BY_ID["draw"].label) in said
    assert "ssj " not in said
    assert "Traceback" not in said
    desk.type_numbers("384729", "000007")
    assert say.NEXT.format(button=BY_ID["papers"].label) in desk.click("draw", "yes")
    assert len(desk.logged()) == 3
    assert str(desk.folder / "文书") in desk.click("papers", "1")
    assert list((desk.folder / "文书").rglob("*.xlsx"))
    desk.click("void", ..., "比例或数量错误", "比例填错了，需要改正以后重新抽取", "冯局长", "yes")
    assert len(desk.logged()) == 4


def front(desk) -> str:
    """The sheet that people see."""
    return desk.opened.sheets.active.name


@pytest.fixture
def opened(monkeypatch) -> list[Path]:
    """What a click opened."""
    files: list[Path] = []
    monkeypatch.setattr(machine, "show", files.append)
    return files


def test_two_minutes_in_front_of_people(desk, opened):
    """Freeze: the panel is filled and in front. Numbers are typed, one is corrected; one click, one confirmation that lists
    them, no typed answer: drawn with the corrected number. Only then certificate and page open; neither box nor certificate tells who was drawn.
    """
    desk.click("freeze", TASK, *PEOPLE, "yes")
    assert front(desk) == "现场抽取"
    sheet = desk.sheet("现场抽取")
    assert [sheet.range((PANEL_TOP + at, 1)).value for at in range(2)] == ["张三", "李四"]
    assert sheet.range("A1").value.startswith(TASK)
    assert "还差 2 位" in sheet.range("A6").value
    desk.type_numbers("111111", "000007")
    desk.type_numbers("384729")
    said = desk.click("draw", "yes")
    (_, sure), (_, end) = desk.app.asked
    for part in (desk.path.name, TASK, "张三　384729", "李四　000007"):
        assert part in sure
    winners = desk.live.read(["visits"])["visits"]["name"].tolist()
    assert winners
    (paper,) = desk.folder.glob("抽取档案/*/*/抽取证明-*.xlsx")
    assert say.REVEAL.format(papers=paper.stem) in said
    assert str(paper) in {calc.Book(desk.app, doc).FullName for doc in desk.app.documents()}
    text = " ".join(str(cell) for sheet in openpyxl.load_workbook(paper) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    assert "384729" in text
    assert not any(name in sure + end + text for name in winners)
    row = json.loads(json.loads(desk.logged()[1])["data"])
    assert row["said"] == '[["张三","384729"],["李四","000007"]]'
    assert [path.name for path in opened] == [show.FILE]
    assert opened[0].is_file()
    assert desk.live.read(["panel"])["panel"]["state"].tolist() == [panel_words.DONE] * 2
    assert "报数不能再改" in sheet.range("A6").value
    assert front(desk) == "现场抽取"


def test_a_panel_left_half_way(desk, opened):
    """One number is missing, or is none: a sentence with the cell, no confirmation; what was typed is still there, and the draw goes on."""
    desk.click("freeze", TASK, *PEOPLE, "yes")
    desk.type_numbers("384729")
    assert desk.click("draw") == panel_words.EMPTY.format(cell=f"现场抽取!B{PANEL_TOP + 1}", name="李四")
    desk.type_numbers("384729", "12345")
    assert desk.click("draw") == panel_words.BAD.format(cell=f"现场抽取!B{PANEL_TOP + 1}", name="李四", seen="12345")
    assert len(desk.logged()) == 1
    assert opened == []
    desk.type_numbers("384729", "000007")
    assert desk.click("draw", "cancel") == say.STOPPED
    assert len(desk.logged()) == 1
    desk.click("draw", "yes")
    assert len(desk.logged()) == 3


def test_a_panel_wiped_by_hand(desk):
    """Its rows deleted: the click lists the speakers anew and brings the sheet to the front; nothing is drawn."""
    desk.click("freeze", TASK, *PEOPLE, "yes")
    sheet = desk.sheet("现场抽取")
    sheet.range((PANEL_TOP, 1), (PANEL_TOP + 1, 9)).value = [[None] * 9] * 2
    desk.opened.impl.doc.CurrentController.setActiveSheet(desk.sheet("参数").impl.uno)
    assert desk.click("draw", TASK).startswith(panel_words.LAID.format(sheet="现场抽取", task=TASK, attempt=1))
    assert front(desk) == "现场抽取"
    assert desk.live.read(["panel"])["panel"]["speaker"].tolist() == ["张三", "李四"]
    assert len(desk.logged()) == 1


def test_a_hidden_panel(desk):
    """Somebody hid the sheet: the freeze shows it again."""
    desk.sheet("现场抽取").impl.uno.IsVisible = False
    desk.click("freeze", TASK, *PEOPLE, "yes")
    assert front(desk) == "现场抽取"


def test_numbers_typed_into_a_box(desk):
    """A speaker's name overtyped on the panel: the click names the cell and offers a box for the numbers instead."""
    desk.click("freeze", TASK, *PEOPLE, "yes")
    desk.sheet("现场抽取").range((PANEL_TOP, 1)).value = "王二"
    assert desk.click("draw", "yes", "384729") == say.BAD_PAIR.format(label="报数", seen="384729")
    assert f"现场抽取!A{PANEL_TOP}" in desk.app.asked[0][1]
    desk.click("draw", "yes", "张三=384729、李四＝000007", "yes")
    assert len(desk.logged()) == 3


def test_another_task_selected(desk):
    """The panel waits for one task, the selected row is about another: the click asks, and proposes the selected one."""
    desk.click("freeze", TASK, *PEOPLE, "yes")
    row = int(desk.live.read(["tasks"])["tasks"].index[0]) + 1
    desk.sheet("抽查任务").range((row, 2)).value = "第二批"
    window = desk.opened.impl.doc.CurrentController
    window.setActiveSheet(desk.sheet("抽查任务").impl.uno)
    window.select(desk.sheet("抽查任务").range((row, 2)).impl.uno)
    desk.click("draw", False)
    assert desk.app.asked[0][1].endswith("[第二批]")


def test_a_page_that_does_not_open(desk, monkeypatch, tmp_path):
    """No program for web pages: the draw stands, and the sentence says where the page lies."""
    def none(_path):
        raise OSError("no application is associated")

    monkeypatch.setattr(fault.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(machine, "show", none)
    desk.click("freeze", TASK, *PEOPLE, "yes")
    desk.type_numbers("384729", "000007")
    assert show.FILE in desk.click("draw", "yes")
    assert len(desk.logged()) == 3


def test_every_question_is_short_and_names_the_workbook(desk):
    """Excel takes 255 characters in a box; each names the workbook."""
    desk.click("freeze", TASK, *PEOPLE, "no")
    assert len(desk.app.asked) == 7
    assert all(desk.path.name in prompt for _, prompt in desk.app.asked)
    assert desk.logged() == []


@pytest.mark.parametrize(("command", "answers"), [("freeze", [False]), ("freeze", [TASK, "张三、李四", False]), ("freeze", [TASK, *PEOPLE, "no"]), ("import", ["检查对象名录库", False]), ("undo", ["no"])])
def test_closed_box(desk, command, answers):
    """A box that is closed, or a 否, ends it: nothing written, nothing more said."""
    before = desk.tables()
    desk.click(command, *answers)
    assert len(desk.app.asked) == len(answers)
    assert desk.tables() == before
    assert not list(desk.folder.glob("备份/*.xlsx"))


def test_import_previews(desk, tmp_path):
    """An import goes onto 导入预览 and waits for 确认导入; the sheet in front is the proposed table."""
    file = tmp_path / "放假.csv"
    file.write_text("日期,类型\n2026-10-01,放假\n", encoding="utf-8")
    desk.opened.impl.doc.CurrentController.setActiveSheet(desk.sheet("节假日").impl.uno)
    said = desk.click("import", ..., str(file))
    assert say.NEXT.format(button=BY_ID["confirm"].label) in said
    assert desk.app.asked[0][1].endswith("[节假日]")
    assert len(desk.live.read(["holidays"])["holidays"]) == 0
    assert "新增 1 行" in desk.click("confirm")
    assert desk.live.read(["holidays"])["holidays"]["date"].tolist() == ["2026-10-01"]


@pytest.mark.parametrize("sheet", ["抽查任务", "抽查范围"])
def test_the_selected_task(desk, sheet):
    """The task of the selected row is proposed, wherever a row is about a task."""
    window = desk.opened.impl.doc.CurrentController
    window.setActiveSheet(desk.sheet(sheet).impl.uno)
    window.select(desk.sheet(sheet).range("C2").impl.uno)
    desk.click("papers", False)
    assert desk.app.asked[0][1].endswith(f"[{TASK}]")
    window.select(desk.sheet(sheet).range("C40").impl.uno)
    assert ask.selected_task(desk.live) == ""


def test_two_masters_open(app, copy):
    """Last year's and this year's workbook are open; each click works on the one whose button it was, though the other is in front."""
    last, this = LiveDesk(app, copy("去年")), LiveDesk(app, copy("今年"))
    for here, there in ((last, this), (this, last)):
        before = there.tables()
        there.opened.impl.doc.CurrentController.Frame.activate()
        said = here.click("freeze", TASK, *PEOPLE, "yes")
        assert here.path.name in said
        assert (len(here.logged()), there.tables()) == (1, before)


def test_two_masters_of_two_years(app, copy, tmp_path):
    """Last year's master, an .xlsm of its own number, and this year's, an .xlsm too, both with the ribbon: a click imports into the one whose button it was."""
    desks = []
    for year in ("2025", "2026"):
        folder = tmp_path / f"{year} 年&资料"
        folder.mkdir()
        run(BY_ID["new"], {"book": folder / f"{year}台账.xlsm", "bureau": "涉县市场监督管理局", "division": "130426", "year": year})
        desks.append(LiveDesk(app, folder))
    file = synthetic.write_csv(tmp_path / "新办.csv", synthetic.firms(3, seed=98))
    for here, there in (desks, desks[::-1]):
        before = there.tables()
        there.opened.impl.doc.CurrentController.Frame.activate()
        here.click("import", "检查对象名录库", str(file))
        said = here.click("confirm")
        assert "新增 3 行" in said
        assert here.path.name in said
        assert there.tables() == before
    books = [settings.read(desk.live.read(["settings"])["settings"]) for desk in desks]
    assert [book["year"] for book in books] == ["2025", "2026"]
    assert books[0]["book"] != books[1]["book"]


def test_a_fault_of_ours(desk, monkeypatch, tmp_path):
    """An error nobody foresaw: one Chinese sentence with the file of the traceback, tables as before, no exception, status bar given back."""
    monkeypatch.setattr(fault.tempfile, "tempdir", str(tmp_path))
    before = desk.tables()
    count, real = [], calc.Range.raw_value.fset

    def failing(self, data):
        count.append(1)
        if len(count) == 1:
            raise calc.CalcError("boom")
        real(self, data)

    with monkeypatch.context() as patched:
        patched.setattr(calc.Range, "raw_value", property(calc.Range.raw_value.fget, failing))
        said = desk.click("check")
    log = next(tmp_path.glob("ssj-*.log"))
    assert said == say.FAILED.format(path=log)
    assert "boom" in log.read_text(encoding="utf-8")
    assert desk.tables() == before


def test_excel_closed_meanwhile(desk, monkeypatch, capsys):
    """Excel gone while Python works: still no exception, and the sentence is shown in a window of our own."""
    def gone(*_args):
        raise calc.CalcError("the server is not available")

    desk.opened.set_mock_caller()
    desk.app.answers, desk.app.asked = [], []
    for member in ("alert", "_shown"):
        monkeypatch.setattr(calc.App, member, gone)
    ribbon.click("check")
    assert desk.path.name in capsys.readouterr().err


def test_no_caller(monkeypatch, capsys):
    """Without a workbook that called there is one sentence, too."""
    monkeypatch.setattr(excel, "caller", lambda: 1 / 0)
    ribbon.click("check")
    assert say.NO_WORKBOOK in capsys.readouterr().err


def test_a_button_newer_than_the_program(desk):
    """A workbook from a newer package says to install again."""
    assert desk.click("teleport") == say.NO_SUCH_BUTTON.format(id="teleport")


def test_refusals_become_the_sentence(desk):
    """Each refusal is the sentence itself: read-only, unknown task, an answer left empty, a pair without =."""
    assert "没有" in desk.click("freeze", "没有的任务")
    assert desk.click("freeze", TASK, "") == say.NEEDED.format(label="报数人")
    assert desk.click("undo", "yes") == say.NO_STEP


def test_read_only_refuses_before_any_question(desk, monkeypatch):
    """A workbook that could not be written says so before people answer five boxes."""
    monkeypatch.setattr(calc.Book, "ReadOnly", True)
    assert desk.click("freeze") == say.READ_ONLY.format(name=desk.path.name)
    assert len(desk.app.asked) == 1


def test_every_button_answers(desk):
    """Every command that works on a workbook can be clicked: boxes closed at once, no exception, no fault of ours."""
    for command in BY_ID.values():
        if any(param.kind == "book" for param in command.params) and command.params[1:]:
            desk.app.answers = [False] * 9
            desk.opened.set_mock_caller()
            desk.app.asked = []
            ribbon.click(command.id)
            assert not any(say.FAILED[:8] in prompt for _, prompt in desk.app.asked), command.id
    assert "检查对象名录库" in IMPORTABLE



def test_first_feedback_needs_no_pandas(office, desk):
    """The first words appear before pandas, or any reader of workbooks, is imported (`python -m benchmarks.click` takes the time)."""
    seen = first_feedback(office.pipe, "check")
    assert seen["loaded"] == []
    assert seen["pandas_then"]


def test_a_refusal_that_wants_a_reason_asks_for_it(desk):
    """A task outside its yearly plan is refused; the click offers to write the reason at once, and the freeze goes through."""
    from ssj_xlwings.types import Append, Patch

    row = int(desk.live.read(["tasks"])["tasks"].index[0])
    plan = {"name": "年度", "kind": "内部联合", "items": "DJ01、DJ03、GS01", "start": "2026-01-01", "end": "2026-12-01"}
    view = desk.live.read(["tasks", "plans"])
    with desk.live.held():
        desk.live.apply([Append("plans", [plan]), Patch("tasks", {(row, "plan"): "年度"})], view, ["tasks", "plans"])
    said = desk.click("freeze", TASK, *PEOPLE, "yes", "yes", "省局要求延长检查时间")
    assert "已冻结“第一批”第 1 次" in said
    asked = desk.app.asked[-3][1]
    assert "“变更理由”" in asked
    assert "--" not in asked


def test_two_reasons_in_a_row(desk):
    """Outside its plan and overlapping another task: one reason after the other is asked for, and the freeze goes through."""
    from ssj_xlwings.types import Append, Patch

    row = int(desk.live.read(["tasks"])["tasks"].index[0])
    plan = {"name": "年度", "kind": "内部联合", "items": "DJ01、DJ03、GS01", "start": "2026-01-01", "end": "2026-12-01"}
    other = {"name": "第二批", "items": "DJ01", "start": "2026-11-05", "end": "2026-12-20", "source": "投诉举报"}
    view = desk.live.read(["tasks", "plans"])
    with desk.live.held():
        desk.live.apply([Append("plans", [plan]), Patch("tasks", {(row, "plan"): "年度"}), Append("tasks", [other])], view, ["tasks", "plans"])
    said = desk.click("freeze", TASK, *PEOPLE, "yes", "yes", "省局要求延长检查时间", "yes", "", "两项检查的时间不同，不能一起去")
    assert "已冻结“第一批”第 1 次" in said
    assert all(desk.path.name in prompt for _, prompt in desk.app.asked)


def test_a_full_receipt(desk):
    """A receipt asks whether it shall be the full one; only then approver and reason are asked for, and the log has it."""
    desk.do("freeze", task=TASK, speaker=["张三", "李四"])
    desk.do("draw", task=TASK, say=[("张三", "384729"), ("李四", "000007")])
    firm = desk.live.read(["visits"])["visits"]["subject"].iloc[0]
    desk.click("receipt", TASK, firm, "no", "yes")
    assert len(desk.logged()) == 3
    desk.click("receipt", TASK, firm, "yes", "yes", "yes", "冯局长", "该户提出异议")
    assert len(desk.logged()) == 4
