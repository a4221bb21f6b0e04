"""应联尽联 and 进一次门 through the terminal door: joint draws, and visits of one firm for several tasks."""

from __future__ import annotations

import json

import pytest

from ssj_xlwings.doors import synthetic
from ssj_xlwings.vocabulary.values import words
from tests.doors.conftest import END, START, TASK

OTHER = "照面专项"


@pytest.fixture
def two(desk):
    """A second task on the same firms, with one item of its own and one that both have."""
    rows = [{"任务名称": OTHER, "抽查事项": "DJ02、DJ03", "检查开始": START, "检查截止": END, "任务来源": "投诉举报"}]
    desk.good("import", desk.book, "抽查任务", synthetic.write_csv(desk.folder / "另一任务.csv", rows))
    return desk


def together(desk, *more):
    return desk.good("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四", "--with", OTHER, *more)


def say(desk, task=TASK, *more):
    return desk.good("draw", desk.book, task, "--say", "张三=384729", "--say", "李四=000007", *more)


def test_overlap_is_proposed(two):
    """The dry run finds the other task, says what a joint draw spares, and gives the line to type; nothing is written."""
    before = two.bytes()
    said = two.good("plan", two.book, TASK)
    assert two.bytes() == before
    assert "与“照面专项”时间重叠" in said
    assert said.rstrip().endswith(f"下一步：ssj freeze 台账.xlsx {TASK} --with {OTHER} --speaker 报数人")


def test_declining_needs_a_reason_that_is_kept(two):
    """Freezing one of two overlapping tasks alone is refused without a reason; with one, the log keeps it."""
    said = two.refused("freeze", two.book, TASK, "--speaker", "张三", "--speaker", "李四")
    assert "应联尽联，请加 --with 照面专项" in said
    two.good("freeze", two.book, TASK, "--speaker", "张三", "--speaker", "李四", "--apart", "照面专项由另一处室先行")
    kept = json.loads(two.read("log")["data"].iloc[0])
    assert (kept["apart"], kept["overlaps"]) == ("照面专项由另一处室先行", OTHER)


def test_another_stratum_column_is_a_reason_that_is_kept(two):
    """Tasks that overlap and cannot be drawn together are frozen apart: why stands in the dry run, in the answer and, in its words, in the log."""
    two.patch("tasks", two.row("tasks", "name", OTHER), "strata", "主体类型")
    rates = [{"任务": OTHER, "抽查事项": "全部", "层": "全部", "该层比例": "10%"}]
    two.good("import", two.book, "分事项比例", synthetic.write_csv(two.folder / "比例.csv", rates))
    why = "按“主体类型”分层，不能一起抽取"
    planned = two.good("plan", two.book, TASK)
    assert why in planned
    assert "会作为不合并的理由记入抽取记录" in planned
    assert f"--with {OTHER}" not in planned
    said = two.good("freeze", two.book, TASK, "--speaker", "张三", "--speaker", "李四")
    kept = json.loads(two.read("log")["data"].iloc[0])
    assert kept["overlaps"] == OTHER
    assert why in kept["cannot"]
    assert kept["cannot"] in said
    assert "apart" not in kept


def test_other_windows_do_not_overlap(two):
    """A task of another time is not proposed and asks for no reason."""
    two.patch("tasks", two.row("tasks", "name", OTHER), "start", "2027-03-01")
    two.patch("tasks", two.row("tasks", "name", OTHER), "end", "2027-04-01")
    two.good("freeze", two.book, TASK, "--speaker", "张三", "--speaker", "李四")


def test_joint_draw(two):
    """Two tasks drawn together: each firm is visited once for all items, results stand under their own tasks, the
    record verifies, and both tasks have papers and state.
    """
    together(two)
    assert "已经冻结" in two.refused("freeze", two.book, OTHER, "--speaker", "张三", "--speaker", "李四")
    said = say(two, OTHER)
    visits, results, tasks = two.read("visits"), two.read("results"), two.read("tasks")
    record = json.loads((two.record / "draw.json").read_text(encoding="utf-8"))
    assert f"{len(visits)} 户，{record['checks']} 项次检查，合并后少跑 {record['checks'] - len(visits)} 次" in said
    assert len(set(visits["subject"])) == len(visits)
    numbers = dict(zip(tasks["name"], tasks["number"], strict=True))
    assert record["open_plan"]["tasks"] == sorted(numbers.values())
    own = {TASK: {"DJ01", "DJ03", "GS01"}, OTHER: {"DJ02", "DJ03"}}
    for name, items in own.items():
        assert set(results[results["task"] == numbers[name]]["item"]) == items
    shared = {item for item in record["open_plan"]["items"] if "/" in item}
    assert shared == {f"{number}/DJ03" for number in numbers.values()}
    assert not any("/" in item for item in visits["items"])
    assert "核验结论：是" in two.good("verify", two.record, "--book", two.book)
    for task in (TASK, OTHER):
        two.good("papers", two.book, task, "--out", two.folder / "文书")


def test_each_task_has_its_own_roster(two):
    """What is published of a joint draw stands under the task whose item it is."""
    together(two)
    say(two)
    results = two.read("results")
    for row in results.index:
        for column, value in (("date", "2026-11-20"), ("result", "未发现问题"), ("recorder", "甲")):
            two.patch("results", int(row), column, value) if int(row) < 12 else None
    numbers = dict(zip(two.read("tasks")["name"], two.read("tasks")["number"], strict=True))
    first = two.read("results").loc[:11]
    for task in (TASK, OTHER):
        wanted = first[first["task"] == numbers[task]]
        if len(wanted):
            two.good("publish", two.book, task, "--out", two.folder / "公示")
            roster = two.read("roster")
            assert sorted(roster[roster["task_name"] == task]["code"]) == sorted(wanted["subject"])


def test_void_of_a_joint_draw_frees_both(two):
    """A void through either task voids the draw of both; each can then be frozen alone, and the record still verifies."""
    together(two)
    say(two)
    two.good("void", two.book, OTHER, "--reason", "其他", "--explain", "合并抽取的方案要重新报批", "--approver", "赵局长")
    assert set(two.read("results")["withheld"]) == {"抽取已作废"}
    assert set(two.read("tasks")["joint"]) == {""}
    two.good("freeze", two.book, OTHER, "--speaker", "张三", "--speaker", "李四", "--apart", "先做照面专项")
    say(two, OTHER)
    assert "核验结论：是" in two.good("verify", two.record, "--book", two.book)


def test_a_joint_draw_is_restored(two):
    """The former file put back after a joint draw: log, numbers, visits and results come back as they were."""
    former = two.book.read_bytes()
    together(two)
    say(two)
    after = {table: two.read(table) for table in ("log", "visits", "results", "tasks")}
    two.book.write_bytes(former)
    two.good("check", two.book)
    for table, frame in after.items():
        assert two.read(table).drop(columns="state", errors="ignore").to_dict("list") == frame.drop(columns="state", errors="ignore").to_dict("list"), table


def drawn_apart(two, *more):
    """Both tasks drawn whole, one after the other, so that firms of the second have visits of the first."""
    for name in (TASK, OTHER):
        for rate in ("rate_A", "rate_B", "rate_C", "rate_D", "rate_未评"):
            two.patch("tasks", two.row("tasks", "name", name), rate, "0.5")
    two.good("freeze", two.book, TASK, "--speaker", "张三", "--speaker", "李四", "--apart", "分两步做，先做第一批")
    say(two)
    two.good("freeze", two.book, OTHER, "--speaker", "张三", "--speaker", "李四")
    return say(two, OTHER, *more)


def test_visits_of_one_firm_are_merged(two):
    """A firm drawn again while its visit is open is visited once: items united, one team able to do all, the earlier visit marked."""
    assert "两次检查合并成一次" in drawn_apart(two)
    visits, people = two.read("visits"), two.read("inspectors").set_index("id")
    standing = visits[visits["left"] == ""]
    assert len(set(standing["subject"])) == len(standing) < len(visits)
    merged = standing[standing["items"].map(lambda cell: set(words(cell)) == {"DJ01", "DJ02", "DJ03", "GS01"})]
    assert len(merged) == (visits["left"] != "").sum() > 5
    for row in merged.itertuples():
        team = words(row.team)
        assert len(set(team)) == 2
        assert all(people.at[who, "items"] == "全部" or {"DJ01", "DJ02", "DJ03", "GS01"} <= set(words(people.at[who, "items"])) for who in team)
    assert json.loads(json.loads(two.read("log")["data"].iloc[-1])["merged"])
    assert "核验结论：是" in two.good("verify", two.record, "--book", two.book)


def test_not_merging_needs_a_reason(two):
    """With a reason the two visits stay apart, and the log keeps the reason."""
    drawn_apart(two, "--no-merge", "两次检查相隔两个月，不能合并")
    assert set(two.read("visits")["left"]) == {""}
    assert json.loads(two.read("log")["data"].iloc[-1])["no_merge"] == "两次检查相隔两个月，不能合并"


def listed_above(desk, firms, **more):
    rows = [{"任务名称": "省局年报抽查", "发起层级": "省", "统一社会信用代码": code, "抽取日期": "2026-05-06", **more} for code in firms]
    desk.good("import", desk.book, "上级抽取名单", synthetic.write_csv(desk.folder / "上级.csv", rows))


def test_a_firm_drawn_above_too_is_visited_once(desk):
    """A firm on an open list from above that we draw is said, kept in the log and on its task sheet; the item of theirs that
    we have joins our visit, done by one team, but not our results nor our roster. A list already checked, or of another time, is none.
    """
    listed_above(desk, desk.read("subjects")["code"], 检查事项="名称规范使用情况、本局没有的事项")
    items = desk.read("items").set_index("code")
    desk.patch("items", desk.row("items", "code", "DJ02"), "name", "名称规范使用情况")
    assert set(items.index) >= {"DJ01", "DJ02"}
    desk.freeze()
    said = desk.draw()
    visits, results, kept = desk.read("visits"), desk.read("results"), json.loads(json.loads(desk.read("log")["data"].iloc[-1])["above"])
    assert f"其中 {len(visits)} 户也在上级抽取名单里" in said
    assert "省级“省局年报抽查”（名称规范使用情况、本局没有的事项）" in said
    assert [one[0] for one in kept] == list(visits["subject"])
    assert set(visits["items"]) == {"DJ01、DJ02、DJ03、GS01"}
    assert "DJ02" not in set(results["item"])
    people = desk.read("inspectors").set_index("id")
    assert all(people.at[who, "items"] == "全部" or {"DJ01", "DJ02", "DJ03", "GS01"} <= set(words(people.at[who, "items"])) for row in visits.itertuples() for who in words(row.team))
    first = visits["subject"].iloc[0]
    for row in results.index[results["subject"] == first]:
        for column, value in (("date", "2026-11-20"), ("result", "未发现问题")):
            desk.patch("results", int(row), column, value)
    published = desk.good("publish", desk.book, TASK, "--out", desk.folder / "公示")
    assert f"未录入 {3 * (len(visits) - 1)} 项" in published
    desk.good("papers", desk.book, TASK, "--out", desk.folder / "文书")
    assert "一并完成" in text_of(next((desk.folder / "文书").glob("检查任务单*")))
    assert desk.good("verify", desk.record, "--book", desk.book)


def text_of(path):
    import zipfile

    return zipfile.ZipFile(path).read("xl/sharedStrings.xml").decode()


@pytest.mark.parametrize("more", [{"检查日期": "2026-05-20"}, {"检查截止": "2026-10-31"}, {"检查开始": "2026-12-21"}])
def test_a_closed_list_from_above_joins_nothing(desk, more):
    """A list that is checked, or whose days do not overlap ours, is neither said nor joined."""
    listed_above(desk, desk.read("subjects")["code"][:100], 检查事项="DJ02", **more)
    desk.freeze()
    assert "上级" not in desk.draw()
    assert "above" not in json.loads(desk.read("log")["data"].iloc[-1])


def test_lists_from_above_are_restored_and_declined(desk):
    """The file from before the draw put back: the united visits come back. With a reason nothing is united, yet it is said and kept."""
    listed_above(desk, desk.read("subjects")["code"], 检查事项="DJ02")
    former = desk.book.read_bytes()
    desk.freeze()
    desk.draw()
    after = desk.read("visits")
    desk.book.write_bytes(former)
    desk.good("check", desk.book)
    assert desk.read("visits").to_dict("list") == after.to_dict("list")
    desk.good("void", desk.book, TASK, "--reason", "其他", "--explain", "方案要重新报批，先作废", "--approver", "赵局长")
    desk.freeze()
    assert "也在上级抽取名单里" in say(desk, TASK, "--no-merge", "上级另行安排检查时间")
    data = json.loads(desk.read("log")["data"].iloc[-1])
    assert data["no_merge"]
    assert not any(one[2] for one in json.loads(data["above"]))
    visits = desk.read("visits")
    assert set(visits[visits["attempt"] == "2"]["items"]) == {"DJ01、DJ03、GS01"}


def test_a_stranger_on_a_list_from_above_is_said(desk):
    """A firm that the registry does not know counts in no meter silently: the dry run and the check both say so."""
    listed_above(desk, ["91110000600037341L"])
    said = desk.good("plan", desk.book, TASK)
    assert "省级：已抽 0，" in said
    assert "上级抽取名单里有 1 户不在名录库里，没有计入（例如 91110000600037341L）" in said
    assert "这一户没有计入年度抽查比例" in desk.ssj("check", desk.book)[1]


def test_a_void_undoes_the_merging(two):
    """After a void of the second draw the visits of the first stand by themselves again."""
    drawn_apart(two)
    two.good("void", two.book, OTHER, "--reason", "其他", "--explain", "第二个任务的方案要重新报批", "--approver", "赵局长")
    visits = two.read("visits")
    first = visits[visits["task"] == visits["task"].iloc[0]]
    assert set(first["left"]) == {""}


def test_merged_visits_are_restored(two):
    """The file from before both draws put back: the merged visits come back merged."""
    former = two.book.read_bytes()
    drawn_apart(two)
    after = two.read("visits")
    two.book.write_bytes(former)
    two.good("check", two.book)
    assert two.read("visits").to_dict("list") == after.to_dict("list")
