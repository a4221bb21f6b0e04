"""Clicks on Windows: the workbook that called, Excel busy, Excel closed, and people's own doings, one sentence each."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssj_xlwings.books import excel as door
from ssj_xlwings.doors import fault
from ssj_xlwings.types import Append, Refusal
from ssj_xlwings.vocabulary.sentences import live as say
from tests.doors.conftest import TASK
from tests.live.conftest import FREEZE
from tests.windows.com import BUSY, DEAD, IN_CELL, REFUSED, Fault
from tests.windows.excel import Picture
from tests.windows.test_wire import HOLIDAYS, PEOPLE

SURE = {"yes": ("yes",)}


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch, tmp_path):
    """Pauses are counted, not waited for; tracebacks go to a folder of the test."""
    pauses: list[float] = []
    monkeypatch.setattr(door.time, "sleep", pauses.append)
    monkeypatch.setattr(fault.tempfile, "tempdir", str(tmp_path))
    return pauses


def test_a_click(desk):
    """From the add-in's arguments to the message box over Excel's own window; progress in the status bar, which is given back."""
    said = desk.click("check")
    assert said.endswith(desk.path.name)
    assert desk.app.statuses[0] == say.WORKING.format(text=say.STARTED.format(label="校验名录库"))
    assert len(desk.app.statuses) > 2
    assert desk.app.StatusBar is False
    assert desk.pc.windows.own == []


def test_nobody_elses_excel_is_ended(desk, monkeypatch):
    """xlwings would end, when Python ends, each Excel in which it sees no workbook; a click takes that back."""
    taken = []
    monkeypatch.setattr(door.atexit, "unregister", taken.append)
    desk.click("check")
    assert taken[-1] is desk.pc.xlwindows.cleanup


def test_two_workbooks_two_excels(opened):
    """Last year's and this year's workbook, of one name in two Excels: a click writes into the one whose window called."""
    last, this = opened("去年", 11), opened("今年", 22)
    for here, there in ((this, last), (last, this)):
        before = there.tables()
        assert here.path.name in here.click("freeze", TASK, *PEOPLE, **SURE)
        assert (len(here.logged()), there.tables()) == (1, before)


def test_two_workbooks_one_excel(opened, copy):
    """Two masters in one Excel: the name that the add-in hands over decides, capitals or not."""
    desk = opened("今年")
    other = copy("去年") / "台账.xlsx"
    other = other.rename(other.with_name("去年台账.xlsx"))
    theirs = desk.app.Workbooks.open(other)
    before = dict(theirs.Worksheets.Item("校验结果").cells)
    assert desk.click("check").endswith("\n台账.xlsx")
    assert theirs.Worksheets.Item("校验结果").cells == before
    assert theirs.saves == 0


def refusing(error: Fault, times: int, members: tuple[str, ...] = ()):
    """Excel refuses so many calls (of these members), then is itself again."""
    left = [times]

    def refuse(member: str) -> None:
        if left[0] and (not members or member in members):
            left[0] -= 1
            raise error

    return refuse


@pytest.mark.parametrize("member", ["Range.Value get", "Worksheets.Item call", "Workbook.FullName get", "Application.StatusBar set"])
def test_busy_for_a_moment(desk, member, no_waiting):
    """A call that Excel rejects a few times is made again after a pause; nobody notices."""
    with desk.pc.wire.refusing(refusing(Fault(BUSY, "busy"), 5, (member,))):
        assert desk.click("check").endswith(desk.path.name)
    assert no_waiting == [door.PAUSE] * 5


def test_typing_into_a_cell_for_a_moment(desk, no_waiting):
    """So is a write that Excel refuses while somebody types into a cell."""
    with desk.pc.wire.refusing(refusing(Fault(REFUSED, "busy", IN_CELL), 3, ("Range.Value set",))):
        assert desk.click("check").endswith(desk.path.name)
    assert len(no_waiting) == 3


def test_busy_for_too_long(desk, no_waiting):
    """Attempts end: one sentence says what may be open and what to do; nothing is written, nothing thrown."""
    before = desk.tables()
    with desk.pc.wire.refusing(refusing(Fault(BUSY, "busy"), 10**9, ("Range.Value get",))):
        assert desk.click("check") == say.BUSY
    assert len(no_waiting) == door.ATTEMPTS - 1
    assert sum(no_waiting) < 6
    assert desk.tables() == before


def test_busy_to_the_end_while_writing(desk):
    """If not even the way back can be gone, the sentence says so, and which copy holds the workbook as it was."""
    before, wrote = desk.tables(), []
    seen = desk.live.read(["holidays", "units"])
    desk.live.ready(seen, ["holidays"])

    def refuse(member: str) -> None:
        if member == "Range.Value set":
            wrote.append(1)
            if len(wrote) > 1:
                raise Fault(BUSY, "busy")

    with desk.pc.wire.refusing(refuse), pytest.raises(Refusal) as refusal:
        desk.live.apply([Append("holidays", HOLIDAYS), Append("units", [{"name": "甲"}])], seen, ["holidays", "units"])
    (copy,) = desk.folder.glob("备份/*.xlsx")
    assert str(refusal.value) == say.HALF.format(name=desk.path.name, copy=copy.name)
    assert desk.tables() != before
    from ssj_xlwings.books.filebook import FileBook

    assert desk.tables(FileBook(copy)) == before


@pytest.mark.parametrize("nth", [1, 9, 200, 700, 850, 1000, 1100])
def test_excel_closed_while_python_works(opened, nth):
    """Wherever Excel dies: no exception, one sentence in a window of our own; what is in the log file comes back with the next click."""
    desk, calls = opened("桌面"), []
    others = desk.tables()

    def dies(_member: str) -> None:
        calls.append(1)
        if len(calls) >= nth:
            raise Fault(DEAD, "The RPC server is unavailable.")

    desk.app.answers[:], desk.pc.windows.answers = (TASK, *PEOPLE), ["yes"]
    desk.pc.windows.shown, desk.pc.windows.own = [], []
    desk.caller()
    from ssj_xlwings.doors import ribbon

    with desk.pc.wire.refusing(dies):
        ribbon.click("freeze")
    assert len(calls) >= nth, "Excel was asked less often: this number is too high"
    assert [text for _, text in desk.pc.windows.own] == [say.CLOSED]
    logged = len(desk.logged())
    desk.app.Workbooks._all.clear()
    desk.com, desk.app._settings["StatusBar"] = desk.app.Workbooks.open(desk.path), False
    assert desk.click("check", yes=("yes",) * (logged - len(desk.live_rows()))).endswith(desk.path.name)
    assert len(desk.live_rows()) == logged
    assert {name: rows for name, rows in desk.tables().items() if name not in ("log", "tasks", "findings")} == {
        name: rows for name, rows in others.items() if name not in ("log", "tasks", "findings")}


@pytest.mark.parametrize("command", ["check", "freeze", "plan", "papers"])
@pytest.mark.parametrize("how", ["unsaved", "url", "gone"])
def test_no_folder_of_its_own(desk, command, how):
    """Never saved, opened from a cloud, or its file moved away: each its own sentence, before anything is asked, also where nothing would be written."""
    url = "https://d.docs.live.net/0a1b/台账.xlsx"
    before = desk.tables()
    if how == "gone":
        desk.path.rename(desk.path.with_name("搬走.xlsx"))
    else:
        desk.com.__dict__.update({how: True if how == "unsaved" else "https://d.docs.live.net/0a1b/%E5%8F%B0%E8%B4%A6.xlsx"})
    assert desk.click(command) == {
        "unsaved": say.NEVER_SAVED.format(name=desk.path.name), "url": say.IN_CLOUD.format(name=url.rpartition("/")[2], path=url),
        "gone": say.FILE_GONE.format(path=desk.path)}[how]
    assert desk.app.asked == []
    assert desk.tables() == before
    assert desk.logged() == []


@pytest.mark.parametrize("command", ["check", "freeze"])
def test_a_colleague_has_it_open(desk, command):
    """Read-only: what would write refuses before anything is asked; what only reads still works."""
    desk.com.read_only = True
    assert desk.click(command) == say.READ_ONLY.format(name=desk.path.name)
    assert desk.app.asked == []
    assert desk.path.name in desk.click("plan", TASK, "")


@pytest.mark.parametrize("folder", ["OneDrive - 涉县市场监督管理局", "WPS云盘", "WPSDrive", "坚果云"])
def test_a_folder_kept_in_step_with_a_cloud_works(opened, folder):
    """A path on this PC is a path on this PC: what works is not refused."""
    desk = opened(folder)
    assert "已冻结" in desk.click("freeze", TASK, *PEOPLE, **SURE)
    assert len(desk.logged()) == 1


def test_protected_and_hidden(desk):
    """A protected sheet refuses with its name, nothing logged; a hidden one is written like any other."""
    sheet = desk.com.Worksheets.Item("抽取记录")
    sheet.protected = True
    assert desk.click("freeze", TASK, *PEOPLE, **SURE) == say.PROTECTED.format(sheet="抽取记录")
    assert desk.logged() == []
    sheet.protected = False
    sheet._file.sheet_state = "veryHidden"
    desk.do("freeze", **FREEZE)
    assert len(desk.logged()) == 1


def test_a_name_with_an_equals_sign(desk):
    """xlwings would look for the half before it and find nothing, or another workbook: the sentence says what to rename."""
    desk.com._path = desk.path.with_name("台账=终稿.xlsx")
    with pytest.raises(Refusal) as refusal:
        desk.caller()
    assert str(refusal.value) == say.NAME_WITH_EQUALS


def test_a_disk_that_takes_no_save(desk):
    """What Excel says stands in the sentence in its own words, without the numbers of COM; the freeze has not begun."""
    with desk.pc.wire.refusing(refusing(Fault(REFUSED, "无法访问只读文件。", -2146827284), 1, ("Workbook.Save call",))):
        assert desk.click("freeze", TASK, *PEOPLE, **SURE) == say.CANNOT_SAVE.format(name=desk.path.name, why="无法访问只读文件。")
    assert desk.logged() == []


def test_a_picture_is_selected(desk):
    """A seal or a chart is selected and no cell: the question comes without a proposal of its row, and nothing fails."""
    desk.com._active, desk.app._selection = desk.com.Worksheets.Item("抽查任务"), Picture()
    assert desk.path.name in desk.click("plan", TASK, "")


def test_no_window_called(desk, monkeypatch):
    """The Excel that called is gone before Python has started: one sentence, in a window of our own."""
    desk.caller()
    desk.pc.windows.excels.clear()
    from ssj_xlwings.doors import ribbon

    ribbon.click("check")
    assert [text for _, text in desk.pc.windows.own] == [say.NO_WORKBOOK]
    assert list(Path(fault.tempfile.tempdir).glob("ssj-*.log"))
