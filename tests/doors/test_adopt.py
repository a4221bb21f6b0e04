"""转为临时任务: a quick draw becomes a task that counts, once, and a void takes it off again."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import openpyxl
import pytest

from ssj_xlwings.doors.run import run
from ssj_xlwings.lottery import log, meter
from ssj_xlwings.types import LogRow, View
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.commands import BY_ID
from ssj_xlwings.vocabulary.lookup import records
from tests.doors.conftest import TASK
from tests.doors.test_quick import NUMBER, SAY, quick

GIVEN = {"--items": "DJ01、GS01", "--source": "投诉举报", "--start": "2026-11-25", "--end": "2026-12-20", "--approver": "赵局长"}
NAME = "抽查台账"
VOID = ("--reason", "其他", "--explain", "转错了，重新选定名单再抽一次", "--approver", "赵局长")


def adopt(desk, number: str = NUMBER, **changed: str):
    given = {**GIVEN, **{f"--{name}": value for name, value in changed.items()}}
    return ("adopt", desk.book, number, *(word for pair in given.items() for word in pair))


@pytest.fixture
def drawn(desk):
    """Three of 29 rows of the registry, drawn at a meeting."""
    desk.good(*quick(desk, sheet="检查对象名录库", rows="2-30", take=3))
    desk.good("draw", desk.book, NUMBER, *SAY)
    return desk


def winners(desk) -> list[str]:
    return [visit["id"] for visit in json.loads((desk.record / "draw.json").read_text(encoding="utf-8"))["visits"]]


def counted(desk) -> int:
    """How many subjects the annual meter counts."""
    view = View({name: desk.read(name) for name in ("visits", "results", "tasks", "plans", "upper", "subjects")})
    return meter.meter(view, records(desk.read("log")), "2026", codelists.COUNTING[0], "县").count()


def test_it_counts_from_then_on(drawn):
    """A row of 抽查任务 with source, the firms in 抽取结果与派发 and 检查结果 without inspectors, the meter from 0 to 3; the log says who approved."""
    assert counted(drawn) == 0
    said = drawn.good(*adopt(drawn))
    assert "3 户写进" in said
    assert "没有抽检查人员" in said
    task = drawn.read("tasks").iloc[-1]
    assert (task["number"], task["name"], task["items"], task["source"], task["start"], task["end"]) == (NUMBER, NAME, "DJ01、GS01", "投诉举报", "2026-11-25", "2026-12-20")
    visits = drawn.read("visits")
    assert list(visits["subject"]) == winners(drawn)
    assert set(visits["task"]) == {NUMBER}
    assert all(visits["name"])
    assert all(visits["unit"])
    assert not any(visits["leader"])
    assert len(drawn.read("results")) == 6
    assert counted(drawn) == 3
    held = log.data(records(drawn.read("log"))[-1])
    assert (held["approver"], held["source"]) == ("赵局长", "投诉举报")
    assert "年度抽查比例" in drawn.good("plan", drawn.book, TASK)


def test_drawing_until_it_suits_needs_a_reason(drawn, monkeypatch):
    """Where other quick draws, of another day or voided since too, drew from firms of the same list, an adoption asks why this one; the log keeps the reason and
    how many there were. One that nobody said numbers for, and one over other rows, is none.
    """
    drawn.good("void", drawn.book, NUMBER, *VOID)
    monkeypatch.setitem(run.__kwdefaults__, "now", lambda: datetime(2026, 11, 26, 1, 0, tzinfo=UTC))
    day = NUMBER.replace("20261125-01", "20261126-0")
    for rows, said in (("20-40", True), ("60-80", True), ("25-35", False)):
        drawn.good(*quick(drawn, sheet="检查对象名录库", rows=rows, take=3))
        if said:
            drawn.good("draw", drawn.book, records(drawn.read("log"))[-1]["task"], *SAY)
    refused = drawn.refused(*adopt(drawn, f"{day}1"))
    assert f"和“{day}1”的名单有重叠、也报过数的现场快抽还有 1 次：{NUMBER}。" in refused
    assert "请用 --why 写明" in refused
    assert "只有 2 个字" in drawn.refused(*adopt(drawn, f"{day}1", why="重抽"))
    drawn.good(*adopt(drawn, f"{day}1", why="第一次选错了行，已经作废"))
    row = records(drawn.read("log"))[-1]
    assert (log.data(row)["overlapping"], log.data(row)["why"]) == ("1", "第一次选错了行，已经作废")
    assert "名单有重叠的现场快抽另有 1 次，选用理由：第一次选错了行，已经作废" in row["note"]
    drawn.good(*adopt(drawn, f"{day}2", name="另一批"))
    held = log.data(records(drawn.read("log"))[-1])
    assert held["overlapping"] == "0"
    assert "why" not in held
    assert "核验结论：是" in drawn.good("verify", drawn.book)


def test_the_log_is_verified(drawn):
    """The record and the log hold; check finds nothing that blocks in the new task; a task changed afterwards is pointed out."""
    drawn.good(*adopt(drawn))
    assert "核验结论：是" in drawn.good("verify", drawn.record, "--book", drawn.book)
    assert "核验结论：是" in drawn.good("verify", drawn.book)
    before = drawn.good("check", drawn.book)
    drawn.patch("tasks", drawn.row("tasks", "number", NUMBER), "end", "2026-12-31")
    assert drawn.good("check", drawn.book) != before
    assert any("2026-12-31" in seen for seen in drawn.read("findings")["seen"])


def test_papers_results_and_roster(drawn):
    """Task sheets come out with the inspectors left blank, and with those written in; results are published under the task."""
    drawn.good(*adopt(drawn))
    out = drawn.folder / "文书"
    said = drawn.good("papers", drawn.book, NAME, "--out", out)
    assert "没有抽检查人员" in said
    assert {path.name.split("-")[0] for path in out.iterdir()} == {"现场快抽记录", "抽取结果表", "派发单", "检查任务单"}
    for row in drawn.read("visits").index:
        drawn.patch("visits", int(row), "leader", "周组长")
        drawn.patch("visits", int(row), "members", "吴组员")
    assert "没有抽检查人员" not in drawn.good("papers", drawn.book, NUMBER, "--out", out)
    sheets = [openpyxl.load_workbook(path).active for path in out.glob("检查任务单*")]
    assert any("周组长" in str(cell) for sheet in sheets for row in sheet.values for cell in row)
    for row in drawn.read("results").index:
        for column, value in {"date": "2026-11-25", "result": "未发现问题", "recorder": "周组长"}.items():
            drawn.patch("results", int(row), column, value)
    drawn.good("publish", drawn.book, NAME, "--out", drawn.folder / "公示")
    assert set(drawn.read("roster")["task_number"]) == {NUMBER}
    assert len(drawn.read("roster")) == 6


def test_the_ledger_counts_it(drawn):
    """Before, the quick draw is listed apart; afterwards it is a draw like any other."""
    def shown() -> str:
        drawn.good("ledger", drawn.book, "抽取", "--out", drawn.folder / "台账")
        return "".join(str(cell) for row in openpyxl.load_workbook(next((drawn.folder / "台账").glob("*.xlsx"))).active.values for cell in row if cell)

    assert "另有现场快抽 1 次" in shown()
    drawn.good(*adopt(drawn))
    assert "抽取 1 次，作废 0 次，抽中 3 户" in shown()
    assert "另有" not in shown()


def test_once_only(drawn):
    """A second time is refused, also with other words."""
    drawn.good(*adopt(drawn))
    assert drawn.refused(*adopt(drawn, name="另一个")) == f"“{NUMBER}”已经转为临时任务，不能再转一次。"


def test_a_void_takes_it_off(drawn):
    """Voided after adoption: the meter is at 0 again, results are marked, it cannot be adopted or frozen again; a voided quick draw is no task."""
    drawn.good(*adopt(drawn))
    drawn.good("void", drawn.book, NAME, *VOID)
    assert counted(drawn) == 0
    assert all(drawn.read("results")["withheld"])
    assert "核验结论：是" in drawn.good("verify", drawn.book)
    assert "不能再转一次" in drawn.refused(*adopt(drawn))
    for word in (NAME, NUMBER):
        assert "不能再冻结" in drawn.refused("freeze", drawn.book, word, "--speaker", "张三", "--speaker", "李四")
    drawn.good(*quick(drawn, sheet="检查对象名录库", rows="2-30", take=3))
    other = NUMBER.replace("-01", "-02")
    drawn.good("draw", drawn.book, other, *SAY)
    drawn.good("void", drawn.book, other, *VOID)
    assert "只有已经抽取的" in drawn.refused(*adopt(drawn, other))


def test_what_a_quick_draw_does_not_have(drawn):
    """No successor: one sentence."""
    drawn.good(*adopt(drawn))
    firm = winners(drawn)[0]
    why = ("--reason", "注销", "--evidence", "截图", "--approver", "赵局长")
    assert "不能补抽" in drawn.refused("replace", drawn.book, NAME, firm, *why)


@pytest.mark.parametrize("void", [False, True])
def test_a_book_closed_without_saving(drawn, void):
    """The log file brings all of it back, as often as it is asked: task, visits, results, and the void."""
    old = drawn.book.read_bytes()
    drawn.good(*adopt(drawn))
    if void:
        drawn.good("void", drawn.book, NAME, *VOID)
    tables = {name: drawn.read(name).to_numpy().tolist() for name in ("log", "tasks", "visits", "results")}
    drawn.book.write_bytes(old)
    assert "补回" in drawn.good("ledger", drawn.book, "抽取", "--out", drawn.folder / "台账")
    assert {name: drawn.read(name).to_numpy().tolist() for name in tables} == tables
    assert counted(drawn) == (0 if void else 3)


def test_a_pasted_list_of_names(desk):
    """Names of firms are found in the registry; names that are none, or of two firms, are refused by name, and nothing is written."""
    book = openpyxl.load_workbook(desk.book)
    sheet = book.create_sheet("名单")
    firms = desk.read("subjects")
    for name in [*firms["name"].iloc[:3], "没有这家店"]:
        sheet.append([name])
    book.save(desk.book)
    desk.good(*quick(desk, sheet="名单", rows="1-3", take=3))
    desk.good("draw", desk.book, NUMBER, *SAY)
    desk.good(*adopt(desk))
    assert set(desk.read("visits")["subject"]) == set(firms["code"].iloc[:3])
    desk.good(*quick(desk, sheet="名单", rows="2-4", take=3))
    other = NUMBER.replace("-01", "-02")
    desk.good("draw", desk.book, other, *SAY)
    assert "抽中的有 1 个不是检查对象名录库里的户（或者同名的不止一户）：没有这家店。" in desk.refused(*adopt(desk, other, name="第二次", why="另一批名单，户有重复"))
    desk.patch("subjects", 7, "name", firms["name"].iloc[1])
    assert "抽中的有 2 个" in desk.refused(*adopt(desk, other, name="第二次", why="另一批名单，户有重复"))


def test_one_firm_by_name_and_by_code(desk):
    """A list with a firm's name and its code draws one firm twice: no task can hold that."""
    book = openpyxl.load_workbook(desk.book)
    sheet = book.create_sheet("名单")
    firm = desk.read("subjects").iloc[0]
    sheet.append([firm["name"]])
    sheet.append([firm["code"]])
    book.save(desk.book)
    desk.good(*quick(desk, sheet="名单", rows="1-2", take=2))
    desk.good("draw", desk.book, NUMBER, *SAY)
    assert f"在名录库里是同一户（{firm['code']}）" in desk.refused(*adopt(desk))


@pytest.mark.parametrize(("changed", "want"), [
    ({"items": "没有的"}, "抽查事项“没有的”不在"),
    ({"items": ""}, "抽查事项“”不在"),
    ({"start": "2026-12-21"}, "截止不早于开始"),
    ({"end": "下个月"}, "检查截止“下个月”不对"),
    ({"source": " "}, "“任务来源”不能空着"),
    ({"source": "投诉\u200b举报"}, "U+200B"),
    ({"approver": "王五"}, "王五"),
    ({"name": TASK}, f"已经有一个任务叫“{TASK}”。请用 --name"),
])
def test_refused_in_one_sentence(drawn, changed, want):
    """Nothing is logged, nothing written."""
    assert want in drawn.refused(*adopt(drawn, **changed))


@pytest.mark.parametrize("number", ["快抽-20261125-09", TASK, ""])
def test_not_a_quick_draw(drawn, number):
    """Tasks and numbers that nobody gave."""
    assert f"没有编号是“{number}”的现场快抽" in drawn.refused(*adopt(drawn, number))


def test_not_drawn_yet(desk):
    """Frozen alone is not enough."""
    desk.good(*quick(desk, sheet="检查对象名录库", rows="2-30", take=3))
    assert "只有已经抽取的" in desk.refused(*adopt(desk))


@pytest.mark.parametrize("how", ["twice", "ordinary", "others"])
def test_a_forged_adoption_is_seen(drawn, how):
    """The log's own check: a second adoption, one of an ordinary task, one with other firms than were drawn."""
    drawn.good(*adopt(drawn))
    file = drawn.archive / "抽取记录.jsonl"
    rows = log.read(file)
    last = rows[-1]
    if how == "others":
        rows.pop()
        data = {**log.data(last), "firms": log.data(last)["firms"].replace(winners(drawn)[0], "91130426MA00000001")}
    else:
        data = log.data(last)
    task = NUMBER if how != "ordinary" else drawn.read("log")["task"].iloc[0].replace("快抽-", "1304")
    forged = log.make(rows, LogRow(task, codelists.ADOPTED, 1, last["note"], data), datetime(2026, 11, 25, 1, 0, tzinfo=UTC), "王五")
    text = "".join(log.canonical(row) + "\n" for row in [*rows, forged])
    file.write_text(text, encoding="utf-8")
    outcome = run(BY_ID["verify"], {"record": drawn.book, "book": None, "public": None, "slip": None})
    assert outcome.status == 1
    assert any(f"第 {len(rows) + 1} 行" in line for line in outcome.lines)


def test_a_purpose_like_a_task(desk):
    """A quick draw for “第一批” does not take the number of the task 第一批, which freezes as ever."""
    desk.good("quick", desk.book, "--sheet", "检查对象名录库", "--rows", "2-30", "--take", 3, "--purpose", TASK, "--speaker", "甲")
    assert "已冻结" in desk.freeze()
    assert not desk.read("tasks")["number"].iloc[0].startswith("快抽")


@pytest.fixture
def open_visits(desk):
    """A task is drawn and not yet begun; a quick draw takes three of its firms and one that it did not draw."""
    desk.freeze()
    desk.draw()
    subjects, drawn = desk.read("subjects"), set(desk.read("visits")["subject"])
    mine = [int(row) for row in subjects.index[subjects["code"].isin(drawn)][:3]]
    other = int(subjects.index[~subjects["code"].isin(drawn)][0])
    desk.good(*quick(desk, sheet="检查对象名录库", rows="、".join(map(str, [*mine, other])), take=4))
    desk.good("draw", desk.book, NUMBER, *SAY)
    return desk


def standing(desk) -> dict[str, dict[str, str]]:
    """Subject → its one visit that stands."""
    rows = [row for row in records(desk.read("visits")) if not row["left"]]
    assert len({row["subject"] for row in rows}) == len(rows)
    return {row["subject"]: row for row in rows}


def test_open_visits_become_one(open_visits):
    """As after a draw: the open visit of a firm is taken over, its items united, its own team going; the firm that was not drawn
    has no team. A closed file brings it back, papers name the team, the proof holds, and a void sets the earlier visits free.
    """
    desk, old = open_visits, open_visits.book.read_bytes()
    before = {row["subject"]: row for row in records(desk.read("visits"))}
    said = desk.good(*adopt(desk, items="DJ02"))
    assert "其中 3 户在别的任务里已抽中、还没有检查，合并成一次检查" in said
    assert "没有抽检查人员" in said
    after = standing(desk)
    shared = set(winners(desk)) & before.keys()
    assert len(shared) == 3
    for id_ in winners(desk):
        row = after[id_]
        assert row["task"] == NUMBER
        assert row["items"] == ("DJ01、DJ02、DJ03、GS01" if id_ in shared else "DJ02")
        assert (row["leader"], row["members"], row["team"]) == tuple(before[id_][name] if id_ in shared else "" for name in ("leader", "members", "team"))
    left = [row for row in records(desk.read("visits")) if row["left"]]
    assert {row["subject"] for row in left} == shared
    assert {row["left"] for row in left} == {f"并入{NUMBER}"}
    assert {one[0] for one in json.loads(log.data(records(desk.read("log"))[-1])["merged"])} == shared
    out = desk.folder / "文书"
    assert "没有抽检查人员" in desk.good("papers", desk.book, NAME, "--out", out)
    shown = [str(cell) for path in out.glob("检查任务单*") for row in openpyxl.load_workbook(path).active.values for cell in row if cell]
    assert any(before[id_]["leader"] in cell for id_ in shared for cell in shown)
    assert "核验结论：是" in desk.good("verify", desk.book)
    tables = {name: desk.read(name).to_numpy().tolist() for name in ("log", "tasks", "visits", "results")}
    desk.book.write_bytes(old)
    desk.ssj("check", desk.book)
    assert {name: desk.read(name).to_numpy().tolist() for name in tables} == tables
    desk.good("void", desk.book, NAME, *VOID)
    assert {row["subject"] for row in records(desk.read("visits")) if row["left"]} == set()


def test_not_merging_needs_a_reason(open_visits):
    """With a reason the visits stay apart, and the log keeps it; a reason too short is refused."""
    desk = open_visits
    assert "不合并检查的理由" in desk.refused(*adopt(desk), "--no-merge", "忙")
    assert "合并成一次" not in desk.good(*adopt(desk), "--no-merge", "投诉要求三日内先行检查")
    assert set(desk.read("visits")["left"]) == {""}
    assert log.data(records(desk.read("log"))[-1])["no_merge"] == "投诉要求三日内先行检查"


def test_a_team_that_may_not_do_all_is_not_exchanged(open_visits):
    """A drawn team that lacks the right to the new item keeps its visit: nobody is chosen in its place."""
    desk = open_visits
    before = records(desk.read("visits"))
    teams = {person for row in before if row["subject"] in winners(desk) for person in row["team"].split("、")}
    people = desk.read("inspectors")
    assert 0 < len(teams) < len(people) - 10
    for row in people.index[people["id"].isin(teams)]:
        desk.patch("inspectors", int(row), "items", "DJ01、DJ03、GS01")
    said = desk.good(*adopt(desk, items="DJ02"))
    assert "由同一组人员完成" not in said
    assert "其中 3 户在别的任务里也已抽中、还没有检查，但不能合并成一次" in said
    assert records(desk.read("visits"))[: len(before)] == before


def test_lists_from_above_join_too(drawn):
    """A firm that stands on an open list from above is said, kept in the log and on its task sheet, and their item joins the visit."""
    from tests.doors.test_joint import listed_above, text_of

    listed_above(drawn, winners(drawn)[:2], 检查事项="DJ02")
    said = drawn.good(*adopt(drawn))
    assert "其中 2 户也在上级抽取名单里" in said
    visits = {row["subject"]: row["items"] for row in records(drawn.read("visits"))}
    assert [visits[id_] for id_ in winners(drawn)] == ["DJ01、DJ02、GS01"] * 2 + ["DJ01、GS01"]
    assert "DJ02" not in set(drawn.read("results")["item"])
    drawn.good("papers", drawn.book, NAME, "--out", drawn.folder / "文书")
    assert any("一并完成" in text_of(path) for path in (drawn.folder / "文书").glob("检查任务单*"))


def test_a_later_draw_takes_over_what_was_adopted(drawn):
    """An adopted firm that a task draws afterwards is visited once, by the team that was drawn."""
    drawn.good(*adopt(drawn))
    for rate in ("rate_A", "rate_B", "rate_C", "rate_D", "rate_未评"):
        drawn.patch("tasks", drawn.row("tasks", "name", TASK), rate, "1")
    drawn.freeze()
    assert "合并成一次检查" in drawn.draw()
    after = standing(drawn)
    shared = [id_ for id_ in winners(drawn) if id_ in after]
    number = drawn.read("tasks").set_index("name")["number"][TASK]
    both = [after[row["subject"]] for row in records(drawn.read("visits")) if row["task"] == NUMBER and row["left"] == f"并入{number}"]
    assert both
    assert shared
    assert all(row["team"] and row["items"] == "DJ01、DJ03、GS01" for row in both)
