"""Every button of the ribbon, clicked to its end once on one workbook; and what all clicks have in common."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ssj_xlwings import vocabulary
from ssj_xlwings.doors import ask, handover, synthetic
from ssj_xlwings.install import machine
from ssj_xlwings.lottery import log
from ssj_xlwings.types import Append
from ssj_xlwings.vocabulary.commands import COMMANDS
from ssj_xlwings.vocabulary.sentences import live as say
from ssj_xlwings.vocabulary.tables import BY_NAME
from tests.doors.conftest import TASK
from tests.live import calc
from tests.live.conftest import FREEZE, SAID, LiveDesk
from tests.live.test_livebook import filtered
from tests.live.test_quick import select

PEOPLE = ("张三、李四", "赵主持", "三楼", "陈静", "")
OTHER = {"name": "第二批", "items": "DJ01", "start": "2026-11-05", "end": "2026-12-20", "source": "投诉举报"}
LABELS = {command.id: command.label for command in COMMANDS if command.group}


def plan(desk, row: dict[str, str]) -> None:
    """A task typed into 抽查任务."""
    with desk.live.held():
        desk.live.apply([Append("tasks", [row])], desk.live.read(["tasks"]), ["tasks"])


@pytest.fixture
def press(desk, monkeypatch):
    """Click a button and expect its success; which were clicked, and what was opened."""
    opened, handed, done = [], [], set()
    monkeypatch.setattr(machine, "show", opened.append)
    monkeypatch.setattr(handover, "_start", lambda command, *_: handed.append(command.id))

    def press(command: str, *answers, says: str) -> None:
        said = desk.click(command, *answers)
        assert says in said
        assert desk.app.asked[-1][0] == say.TITLE.format(label=LABELS[command])
        done.add(command)

    press.done, press.opened, press.handed = done, opened, handed
    return press


def registry(desk, press) -> None:
    file = synthetic.write_csv(desk.folder.parent / "新办.csv", synthetic.firms(20, seed=98))
    press("import", "检查对象名录库", str(file), says="还没有导入")
    press("confirm", says="新增 20 行")
    press("undo", "yes", says="已撤销")
    press("check", says="校验完毕")
    plan(desk, OTHER)
    filtered(desk.sheet("检查对象名录库"), "主体类型", "个体工商户")
    press("scope", OTHER["name"], says="与筛选显示的一样")


def ceremony(desk, press) -> None:
    press("plan", OTHER["name"], "", says="预演完毕")
    press("freeze", OTHER["name"], *PEOPLE, "yes", says="已冻结“第二批”第 1 次")
    press("void", OTHER["name"], "比例或数量错误", "比例填错了，需要改正以后重新抽取", "冯局长", "yes", says="已作废")
    press("freeze", TASK, *PEOPLE, "yes", says=f"已冻结“{TASK}”第 1 次")
    desk.type_numbers(*(number for _, number in SAID))
    press("draw", "yes", says=f"已抽取“{TASK}”第 1 次")
    press("papers", TASK, says="份文书")


def proof(desk, press) -> None:
    (record,) = desk.folder.glob("抽取档案/*/*/draw.json")
    firm = desk.live.read(["visits"])["visits"]["subject"].iloc[0]
    press("verify", str(record), "", says="核验结论：是")
    press("pool", TASK, firm, says="冻结的名单里：")
    press("receipt", TASK, firm, "no", "yes", says="已开出")
    press("page", says="核验网页已放好")


def afterwards(desk, press) -> None:
    visits, firms = desk.live.read(["visits"])["visits"], desk.live.read(["subjects"])["subjects"]
    gone = visits.loc[visits["class"] == "A", "subject"].iloc[0]
    desk.sheet("检查对象名录库").range((int(firms.index[firms["code"] == gone][0]), list(firms.columns).index("status") + 1)).value = "注销"
    press("replace", TASK, gone, "注销", "登记系统查询截图", "冯局长", "yes", says="1 户退出")
    results = desk.live.read(["results"])["results"]
    row = int(results.index[results["subject"] != gone][0])
    for column, text in (("date", "2026-11-20"), ("result", "未发现问题"), ("follow_up", "无需后续处置"), ("done", "2026-11-20"), ("recorder", "刘洋")):
        desk.sheet("检查结果").range((row, list(results.columns).index(column) + 1)).value = text
    press("publish", TASK, says="公示 1 项")
    press("ledger", "抽取", "", "", "", "no", says="抽取台账")
    select(desk, desk.sheet("检查对象名录库"), "B2:B101")
    press("quick", "3", "周例会抽查台账", "张三、李四", "yes", says="已冻结")
    desk.type_numbers("161803", "271828")
    press("draw", "yes", says="抽中 3 个")
    press("adopt", ..., "DJ01", "投诉举报", "2026-11-25", "2026-12-20", "冯局长", "yes", says="临时任务")


def beside(desk, press) -> None:
    press("new", "明年.xlsm", "涉县市场监督管理局", "130426", "2027", says="明年.xlsm")
    press("demo", "8", says="演示完成")
    press("upgrade", "yes", says="请现在关闭这本工作簿")
    assert press.handed == ["upgrade"]


def test_every_button_to_its_end(desk, press):
    """All buttons of the ribbon succeed by clicks alone, each with its own title; none is left out."""
    for part in (registry, ceremony, proof, afterwards, beside):
        part(desk, press)
    assert press.done == set(LABELS)


@pytest.mark.parametrize("command", ["verify", "page", "new", "papers"])
def test_the_log_is_compared_first(desk, command):
    """A workbook behind its log file: every button says so before it asks anything, also one that needs no workbook; it is brought up after 是, and nothing changes after 否."""
    desk.do("freeze", **FREEZE)
    desk.opened.save()
    kept = desk.path.read_bytes()
    (number,) = desk.live.read(["log"])["log"]["task"]
    desk.do("draw", task=TASK, say=SAID)
    desk.opened.close()
    desk.path.write_bytes(kept)  # closed without saving, by an Excel that forgot
    desk.__post_init__()
    answers = {"verify": [str(desk.path), ""], "page": [], "new": ["明年.xlsm", "涉县市场监督管理局", "130426", "2027"], "papers": [TASK]}[command]
    assert desk.click(command, "no") == say.NOT_RESTORED
    assert say.BEHIND.format(what=f"{number} 第 1 次报数、{number} 第 1 次抽取", name=desk.path.name) == desk.app.asked[-2][1]
    assert len(desk.live.read(["visits"])["visits"]) == 0
    assert "已经从记录文件补回" in desk.click(command, "yes", *answers)
    assert len(desk.live.read(["visits"])["visits"]) > 0
    assert desk.live.read(["log"])["log"]["event"].tolist() == ["冻结", "报数", "抽取"]


def test_a_task_added_late_is_confirmed_by_name(desk):
    """An overlapping task is given after the refusal: the step is asked for once more, with the names of both tasks; 否 writes nothing."""
    plan(desk, {**OTHER, "items": "DJ01"})
    assert desk.click("freeze", TASK, *PEOPLE, "yes", "yes", OTHER["name"], "", "no") != ""
    sure = desk.app.asked[-1][1]
    assert f"任务：{TASK}、{OTHER['name']}" in sure
    assert desk.path.name in sure
    assert desk.logged() == []
    said = desk.click("freeze", TASK, *PEOPLE, "yes", "yes", OTHER["name"], "", "yes")
    assert f"已冻结“{TASK}”" in said
    assert len(desk.logged()) == 1


def test_another_workbook_is_verified_by_its_own_log(desk, app, copy):
    """核验 of last year's workbook from this year's: its own sheets, its own archive. A changed row of it is found; what is no workbook is refused."""
    last = LiveDesk(app, copy("去年"))
    settings = last.live.read(["settings"])["settings"]
    last.sheet("参数").range((int(settings.index[settings["key"] == "簿号"][0]), 2)).value = "2025-abcdef"
    last.do("freeze", **FREEZE)
    last.do("draw", task=TASK, say=SAID)
    last.opened.save()
    assert desk.click("verify", str(last.path), "").startswith("核验结论：是")
    sheet = last.sheet("抽取记录")
    sheet.range((2, 1 + [column.name for column in BY_NAME["log"].columns].index("operator"))).value = "别人"
    last.opened.save()
    assert desk.click("verify", str(last.path), "").startswith("核验结论：否")
    broken = desk.folder / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04broken")
    assert "坏.xlsx" in desk.click("verify", str(broken), "")
    assert "核验结论" not in desk.app.asked[-1][1]


@pytest.mark.parametrize(("command", "answers", "seen"), [
    ("ledger", ["乱"], "乱"), ("freeze", ["第九批"], "第九批"), ("freeze", [TASK, "张三"], "2 位"), ("freeze", [TASK, "张三、王五"], "王五"),
    ("new", ["明?年.xlsm", "涉县市场监督管理局", "130426", "2027"], "明?年.xlsm"),
])
def test_a_wrong_word_is_refused_at_once(desk, command, answers, seen):
    """One sentence that names what was typed, before any further box; nothing is written."""
    before = desk.tables()
    said = desk.click(command, *answers)
    assert seen in said
    assert "意料之外" not in said
    assert (desk.tables(), desk.logged()) == (before, [])


def test_undo_says_what(desk):
    """The step that would be undone is named before it is."""
    desk.click("check")
    desk.click("undo", "no")
    assert desk.app.asked[0][1] == say.SURE_UNDO.format(book=desk.path.name, step=LABELS["check"])


def test_rare_answers_are_offered_where_the_step_is_confirmed(desk):
    """否 asks for them, and the step is shown once more: host, place and witnesses of a quick draw; why a draw's visits are not merged."""
    select(desk, desk.sheet("检查对象名录库"), "B2:B41")
    desk.click("quick", "3", "周例会抽查台账", "张三、李四", "no", "赵主持", "三楼", "陈静", "yes")
    (quick,) = map(json.loads, desk.logged())
    assert [log.data(quick)[name] for name in ("host", "place", "witnesses")] == ["赵主持", "三楼", "陈静"]
    assert [prompt.count("周例会抽查台账") for _, prompt in desk.app.asked if "冻结吗" in prompt] == [1, 1]
    desk.type_numbers("161803", "271828")
    desk.click("draw", "yes")
    desk.click("adopt", ..., "DJ01", "投诉举报", "2026-11-25", "2026-12-20", "冯局长", "no", "检查的人不同", "yes")
    desk.click("freeze", TASK, *PEOPLE, "yes")
    desk.type_numbers(*(number for _, number in SAID))
    desk.click("draw", "no", "两项检查的时间不同", "yes")
    assert log.data(json.loads(desk.logged()[-1]))["no_merge"] == "两项检查的时间不同"


def test_the_slip_lies_open(desk):
    """After the freeze the commitment slip is open, to be printed: nobody looks for it in a folder."""
    desk.click("freeze", TASK, *PEOPLE, "yes")
    (slip,) = desk.folder.glob("抽取档案/*/*/承诺单-*.xlsx")
    assert str(slip) in {calc.Book(desk.app, doc).FullName for doc in desk.app.documents()}


TERMINAL = {("import", "map"), ("import", "set"), ("import", "dry_run"), ("import", "password"), ("confirm", "password"), ("confirm", "dry_run"), ("quick", "dry_run"),
            ("demo", "firms"), ("verify", "public"), ("upgrade", "drop_signature"), ("draw", "say")}
"""What a click does in another way (a preview, the panel, the file laid beside the receipt), or what is said to be done at the terminal."""


def test_a_click_can_give_whatever_the_terminal_can():
    """Every parameter of a button is asked for, told by the selection, offered at the confirmation, or asked for after a refusal that names it."""
    sentences = "".join(path.read_text(encoding="utf-8") for path in Path(vocabulary.__file__).parent.glob("sentences/*.py"))
    for command in COMMANDS:
        for param in command.params if command.group else ():
            asked = param.required or param.name in ask.ASKED or param.kind in ("book", "source", *ask.TOLD) or (param.kind not in ask.UNASKED and not param.rare)
            offered = param.name in ask.OFFERED.get(command.id, ()) or (param.rare and param.option in sentences) or param.clicked
            assert asked or offered or (command.id, param.name) in TERMINAL, (command.id, param.name)
