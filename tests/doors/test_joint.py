"""应联尽联 and 进一次门 through the terminal door: joint draws, and visits of one firm for several tasks."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from ssj_xlwings.commands import draw as drawing
from ssj_xlwings.doors import synthetic
from ssj_xlwings.lottery import candidates
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


def test_crossing_scopes_are_said_to_be_near(two):
    """One task on enterprises, one on everybody: the dry run of both says at least so many visits, and that what it infers of firms in both scopes
    is only near; it holds nothing impossible for them but what the rates alone rule out (nobody of A is drawn for the first). Of one task alone it says no such thing.
    """
    half(two, TASK, OTHER)
    for name, rate in {"A": "0", "B": "0.6", "C": "0.6", "D": "0.6"}.items():
        two.patch("tasks", two.row("tasks", "name", TASK), f"rate_{name}", rate)
    said = two.good("plan", two.book, TASK, "--with", OTHER)
    visits = re.search(r"三、预计上门至少 (\d+) 户，(\d+) 项次检查，合并后最多少跑 (\d+) 次", said)
    assert int(visits[1]) + int(visits[3]) == int(visits[2])
    assert len(re.findall("的范围交叉，下面对它们的推断只是近似", said)) == 1
    lines = said.splitlines()
    crossed = next(line for line in lines if "的范围交叉" in line).removesuffix(" 的范围交叉，下面对它们的推断只是近似：一户也可能只抽中其中几项。")
    certain = [line for at, line in enumerate(lines) if "一定不是" in line and next(one for one in lines[at::-1] if one.startswith("事项 ")).startswith(f"{crossed}，抽中")]
    assert certain
    assert all("DJ01" in line and "一定不是 A 类" in line for line in certain if "D 类" not in line), "a B drawn for the others alone is possible"
    alone = two.good("plan", two.book, TASK)
    assert "范围交叉" not in alone
    assert "预计上门至少" not in alone
    assert re.search(r"与“照面专项”时间重叠.*预计至少 \d+ 户，比分开抽取最多少跑", alone)


def test_declining_needs_a_reason_that_is_kept(two):
    """Freezing one of two overlapping tasks alone is refused without a reason; with one, the log keeps it."""
    said = two.refused("freeze", two.book, TASK, "--speaker", "张三", "--speaker", "李四")
    assert "应联尽联，请加 --with 照面专项" in said
    two.good("freeze", two.book, TASK, "--speaker", "张三", "--speaker", "李四", "--apart", "照面专项由另一处室先行")
    kept = json.loads(two.read("log")["data"].iloc[0])
    assert (kept["apart"], kept["overlaps"]) == ("照面专项由另一处室先行", OTHER)


@pytest.mark.parametrize("said", [False, True])
def test_a_task_that_waits_for_its_draw_overlaps(two, monkeypatch, said):
    """A task frozen, or said and not drawn, is no task that nobody knows of: the next freeze on the same firms asks for a reason, which
    the log keeps. Once it is drawn its visits are joined, and no reason is asked for.
    """
    two.good("freeze", two.book, TASK, "--speaker", "张三", "--speaker", "李四", "--apart", "照面专项由另一处室先行")
    if said:
        with monkeypatch.context() as broken:
            broken.setattr(drawing, "draw_lots", fail)
            assert two.ssj("draw", two.book, TASK, "--say", "张三=384729", "--say", "李四=000007")[0]
        assert '"event":"报数"' in (two.archive / "抽取记录.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    alone = ("freeze", two.book, OTHER, "--speaker", "张三", "--speaker", "李四")
    wanted = f"“{TASK}”已经冻结、还没有抽取，与它时间重叠"
    planned = two.good("plan", two.book, OTHER)
    assert planned.count(wanted) == 2, "among the other tasks, and among what is to be dealt with"
    assert "要处理的 1 处" in planned
    assert f"--with {TASK}" not in planned
    assert wanted in (refused := two.refused(*alone))
    assert "用 --apart 写明理由" in refused
    two.good(*alone, "--apart", "两个处室同一天分别抽取")
    kept = json.loads(two.read("log")["data"].iloc[-1])
    assert (kept["apart"], kept["overlaps"]) == ("两个处室同一天分别抽取", TASK)
    two.good("void", two.book, OTHER, "--reason", "其他", "--explain", "先抽完前一个任务再冻结", "--approver", "赵局长")
    say(two)
    two.good(*alone)


def fail(*_):
    raise RuntimeError("the machine was switched off")


def frozen_apart(two, why: str) -> dict[str, str]:
    """What the log holds of a freeze beside the other task, which nobody could draw together with it: why is said and kept."""
    said = two.good("freeze", two.book, TASK, "--speaker", "张三", "--speaker", "李四")
    kept = json.loads(two.read("log")["data"].iloc[0])
    assert kept["overlaps"] == OTHER
    assert why in kept["cannot"]
    assert kept["cannot"] in said
    return kept


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
    assert "apart" not in frozen_apart(two, why)


@pytest.mark.parametrize(("column", "value", "why"), [("items", "没有的事项", "没有可用的抽查事项"), ("end", "年底", "不是日期")])
def test_a_task_not_yet_understood_is_no_task_that_does_not_overlap(two, column, value, why):
    """Items or a day that cannot be read: nobody knows which firms it shares, so it is said in the dry run and at the freeze, kept in the log, and stops nothing."""
    two.patch("tasks", two.row("tasks", "name", OTHER), column, value)
    said = two.good("plan", two.book, TASK)
    assert f"“{OTHER}”还看不懂，没有比对有没有相同的户" in said
    assert why in said
    assert "要处理的 0 处" in said
    assert f"--with {OTHER}" not in said
    frozen_apart(two, why)


def test_any_name_may_stand_in_a_sentence(two):
    """A task called by what would be a blank to fill in a sentence is named like any other."""
    two.patch("tasks", two.row("tasks", "name", OTHER), "name", "专项{task}{0}")
    assert "请加 --with 专项{task}{0}；" in two.good("plan", two.book, TASK)
    assert "请加 --with 专项{task}{0}；" in two.refused("freeze", two.book, TASK, "--speaker", "张三", "--speaker", "李四")


def test_a_row_without_days_is_no_task_of_this_time(two):
    """A row that has neither first nor last day yet is not spoken of, nor is one that ends before ours begins, whatever its items are."""
    for cells in ({"start": "", "end": ""}, {"start": "年初", "end": "2026-03-01", "items": "没有的事项"}):
        for column, value in cells.items():
            two.patch("tasks", two.row("tasks", "name", OTHER), column, value)
        assert OTHER not in two.good("plan", two.book, TASK)


def test_other_windows_do_not_overlap(two):
    """A task of another time is not proposed and asks for no reason."""
    two.patch("tasks", two.row("tasks", "name", OTHER), "start", "2027-03-01")
    two.patch("tasks", two.row("tasks", "name", OTHER), "end", "2027-04-01")
    assert OTHER not in two.good("freeze", two.book, TASK, "--speaker", "张三", "--speaker", "李四")
    assert not {"overlaps", "apart", "cannot"} & json.loads(two.read("log")["data"].iloc[0]).keys()


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


def given(sifted):
    """A firm outside the first task's scope is given an item of it."""
    at = next(at for at, row in enumerate(sifted.pool) if "GS01" not in row.items)
    return sifted._replace(pool=[*sifted.pool[:at], sifted.pool[at]._replace(items=tuple(sorted((*sifted.pool[at].items, "GS01")))), *sifted.pool[at + 1:]])


def denied(sifted):
    """A firm inside it is denied one."""
    at = next(at for at, row in enumerate(sifted.pool) if "GS01" in row.items)
    return sifted._replace(pool=[*sifted.pool[:at], sifted.pool[at]._replace(items=tuple(item for item in sifted.pool[at].items if item != "GS01")), *sifted.pool[at + 1:]])


@pytest.mark.parametrize(("rig", "seen"), [(given, "GS01"), (denied, "")])
def test_an_item_of_a_joint_draw_that_the_scopes_do_not_give(two, monkeypatch, rig, seen):
    """One task's item given to a firm outside its scope, or denied to one inside: verify with the workbook says no and names the firm.
    The honest draw of the same tasks says yes, and without the log names that the items were not compared.
    """
    sift = candidates.sift
    with monkeypatch.context() as patched:
        patched.setattr(candidates, "sift", lambda *args: rig(sift(*args)))
        together(two)
        say(two)
    rigged = {row.split("\t")[0]: row for row in (two.record / "pool.tsv").read_text(encoding="utf-8").splitlines()}
    status, said = two.ssj("verify", two.record, "--book", two.book)
    assert status == 1
    named = re.search(r"“(\w+)”在名单里的事项是“([^”]+)”，按方案应是“([^”]+)”", said)
    assert ("GS01" in named[2], "GS01" in named[3]) == (bool(seen), not seen)
    two.good("void", two.book, TASK, "--reason", "其他", "--explain", "名单的事项不对，重新抽取", "--approver", "赵局长")
    together(two)
    say(two)
    honest = {row.split("\t")[0]: row for row in (two.record / "pool.tsv").read_text(encoding="utf-8").splitlines()}
    assert [id_ for id_ in honest if honest[id_] != rigged[id_]] == [named[1]]
    said = two.good("verify", two.record, "--book", two.book)
    assert "名单、按“信用风险等级”的分层、各户的事项、管辖单位和排除的原因都相同" in said
    away = shutil.copytree(two.record, two.folder / "拿走的档案")
    said = two.good("verify", away, "--book", two.book)
    assert "名单、按“信用风险等级”的分层、管辖单位和排除的原因都相同" in said
    assert "不知道各事项属于哪个任务，各户的事项没有重新比对" in said


def test_each_task_counts_at_its_own_level(two):
    """A joint draw of a county task (a fifth of the firms of its scope) and a city task (half of all): each level counts the firms that have an item of
    its task, once each; together each firm once, or by 检查户次 once a task. The dry run expected as much.
    """
    plan = {"计划名称": "市局计划", "计划类型": "内部联合", "发起层级": "市", "抽查事项": "DJ02、DJ03", "实施开始": "2026-01-01", "实施截止": "2026-12-31"}
    two.good("import", two.book, "年度抽查计划", synthetic.write_csv(two.folder / "计划.csv", [plan]))
    two.patch("tasks", two.row("tasks", "name", OTHER), "plan", "市局计划")
    half(two, OTHER)
    for rate in ("rate_A", "rate_B", "rate_C", "rate_D", "rate_未评"):
        two.patch("tasks", two.row("tasks", "name", TASK), rate, "0.2")
    rule = two.row("settings", "key", "年度比例计数规则")
    two.patch("settings", rule, "value", "检查户次")
    expected = re.search(r"这次抽取以后，合计约 (\d+)", two.good("plan", two.book, TASK, "--with", OTHER))[1]
    together(two)
    say(two)
    record = json.loads((two.record / "draw.json").read_text(encoding="utf-8"))
    city = {row["number"]: row["name"] for row in two.read("tasks").to_dict("records")}
    owners = json.loads(json.loads(two.read("log")["data"].iloc[0])["owners"])
    firms = {name: {visit["id"] for visit in record["visits"] if any(city[owners[item]] == name for item in visit["items"])} for name in (TASK, OTHER)}
    assert 0 < len(firms[TASK]) < len(firms[OTHER])
    assert firms[TASK] & firms[OTHER]
    import_third(two)
    for rule_, both in (("检查户次", len(firms[TASK]) + len(firms[OTHER])), ("去重户数", len(firms[TASK] | firms[OTHER]))):
        two.patch("settings", rule, "value", rule_)
        said = two.good("plan", two.book, "第三批")
        assert f"市级：已抽 {len(firms[OTHER])}，" in said
        assert f"县级（本级）：已抽 {len(firms[TASK])}，" in said
        assert f"合计：已抽 {both}，" in said
    assert expected == str(len(firms[TASK]) + len(firms[OTHER]))


def import_third(desk):
    rows = [{"任务名称": "第三批", "抽查事项": "DJ01", "检查开始": "2027-02-01", "检查截止": "2027-03-01", "任务来源": "投诉举报"}]
    desk.good("import", desk.book, "抽查任务", synthetic.write_csv(desk.folder / "第三批.csv", rows))


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


def test_what_nobody_can_do_at_once_is_said_and_kept(two):
    """Where no team may do the items of both tasks a firm keeps its two visits: each is named with its reason, on the screen and in the log."""
    people = two.read("inspectors")
    for at, row in enumerate(people.index):
        two.patch("inspectors", int(row), "items", ("DJ01、DJ03、GS01", "DJ02、DJ03")[at % 2])
    said = drawn_apart(two)
    visits, numbers = two.read("visits"), numbers_of(two)
    assert set(visits["left"]) == {""}
    both = {subject for subject, own in visits.groupby("subject") if len(own) > 1}
    assert len(both) > 10
    data = json.loads(two.read("log")["data"].iloc[-1])
    assert "merged" not in data
    kept = json.loads(data["unmerged"])
    assert {id_ for id_, _, _ in kept} == both
    assert {task for _, task, _ in kept} == {numbers[TASK]}
    assert {why for _, _, why in kept} == {f"能派去的人员里没有一组能一次查完 DJ01、DJ02、DJ03、GS01（证件要到 {END} 仍有效）"}
    assert f"其中 {len(both)} 户在别的任务里也已抽中、还没有检查，但不能合并成一次" in said
    assert all(f"{id_}  {task}  {why}" in said for id_, task, why in kept[:10])


def test_a_third_task_joins_every_open_visit(two):
    """A firm with two open visits, kept apart for a reason, is visited once for all when a third task draws it: both go into the third's visit,
    which has all items and one team; a void of the third sets both free again.
    """
    drawn_apart(two, "--no-merge", "第二处室单独前往检查")
    rows = [{"任务名称": "第三", "抽查事项": "SP01", "检查开始": START, "检查截止": END, "任务来源": "投诉举报"}]
    two.good("import", two.book, "抽查任务", synthetic.write_csv(two.folder / "第三.csv", rows))
    half(two, "第三")
    before = two.read("visits")
    twice = {subject for subject, own in before.groupby("subject") if len(own) > 1}
    two.good("freeze", two.book, "第三", "--speaker", "张三", "--speaker", "李四")
    said = say(two, "第三")
    visits, number = two.read("visits"), numbers_of(two)["第三"]
    mine = visits[visits["task"] == number].set_index("subject")
    met = twice & set(mine.index)
    assert met
    for subject in met:
        old = before[before["subject"] == subject]
        assert set(visits[(visits["subject"] == subject) & (visits["task"] != number)]["left"]) == {f"并入{number}"}
        assert set(words(mine.at[subject, "items"])) == {"SP01", *(item for cell in old["items"] for item in words(cell))}
        assert len(set(words(mine.at[subject, "team"]))) == 2
    joined = set(before["subject"]) & set(mine.index)
    assert f"其中 {len(joined)} 户在别的任务里已抽中、还没有检查，合并成一次检查" in said
    assert "核验结论：是" in two.good("verify", two.record, "--book", two.book)
    two.good("void", two.book, "第三", "--reason", "其他", "--explain", "方案要重新报批，先作废", "--approver", "赵局长")
    free = two.read("visits")
    assert set(free[free["task"] != number]["left"]) == {""}


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
    half(two, TASK, OTHER)
    two.good("freeze", two.book, TASK, "--speaker", "张三", "--speaker", "李四", "--apart", "分两步做，先做第一批")
    say(two)
    two.good("freeze", two.book, OTHER, "--speaker", "张三", "--speaker", "李四")
    return say(two, OTHER, *more)


def test_visits_of_one_firm_are_merged(two):
    """A firm drawn again while its visit is open is visited once: items united, one team able to do all, the earlier visit marked."""
    assert "合并成一次检查" in drawn_apart(two)
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


def above_file(desk, firms, **more):
    cells = {"检查事项": "名称规范使用情况、本局没有的事项", **more}
    return synthetic.write_csv(desk.folder / "上级.csv", [{"任务名称": "省局年报抽查", "发起层级": "省", "统一社会信用代码": code, "抽取日期": "2026-05-06", **cells} for code in firms])


def listed_above(desk, firms, **more):
    return desk.good("import", desk.book, "上级抽取名单", above_file(desk, firms, **more))


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


def test_a_list_from_above_that_comes_after_our_draw(desk):
    """At its import the firms that we are about to visit are counted; an item of theirs that we have joins the visit where the people who go
    may do it, and only there. Their task sheets say so, the roster waits for no result of it, the draw still verifies; taken back, all is as before.
    """
    desk.patch("items", desk.row("items", "code", "DJ02"), "name", "名称规范使用情况")
    desk.freeze()
    desk.draw()
    before, people = desk.read("visits"), desk.read("inspectors")
    unable = before["team"].iloc[0].split("、")[0]
    desk.patch("inspectors", desk.row("inspectors", "id", unable), "items", "DJ01、DJ03、GS01")
    for row in people.index:
        if people.at[row, "id"] != unable:
            desk.patch("inspectors", int(row), "items", "全部")
    done = before["subject"].iloc[-1]
    results = desk.read("results")
    desk.patch("results", int(results.index[results["subject"] == done][0]), "date", "2026-11-20")
    codes = [code for code in desk.read("subjects")["code"] if code]
    mine = list(before["subject"][:-1])
    rest = [code for code in codes if code not in set(before["subject"])][:5]
    can = [row.subject for row in before.itertuples() if row.subject != done and unable not in words(row.team)]
    assert 0 < len(can) < len(mine)
    dry = desk.bytes()
    said = desk.good("import", desk.book, "上级抽取名单", above_file(desk, [*mine, done, *rest]), "--dry-run")
    assert f"其中 {len(mine)} 户我们已经抽中、还没有检查；{len(can)} 户已把上级的事项并入" in said
    assert desk.bytes() == dry | {desk.folder / "上级.csv": (desk.folder / "上级.csv").read_bytes()}
    said = listed_above(desk, [*mine, done, *rest], 检查事项="名称规范使用情况、本局没有的事项")
    assert f"其中 {len(mine)} 户我们已经抽中、还没有检查；{len(can)} 户已把上级的事项并入" in said
    after = desk.read("visits")
    assert dict(zip(after["subject"], after["items"], strict=True)) == {code: "DJ01、DJ02、DJ03、GS01" if code in can else "DJ01、DJ03、GS01" for code in before["subject"]}
    assert after.drop(columns="items").equals(before.drop(columns="items"))
    desk.good("papers", desk.book, TASK, "--out", desk.folder / "文书")
    assert text_of(next((desk.folder / "文书").glob("检查任务单*"))).count("省级“省局年报抽查”") >= 1
    for row in results.index[results["subject"] == can[0]]:
        for column, value in (("date", "2026-11-20"), ("result", "未发现问题")):
            desk.patch("results", int(row), column, value)
    assert f"未录入 {3 * (len(before) - 1)} 项" in desk.good("publish", desk.book, TASK, "--out", desk.folder / "公示")
    assert "核验结论：是" in desk.good("verify", desk.record, "--book", desk.book)


def test_an_imported_list_taken_back_leaves_the_visits(desk):
    """撤销上一步 after the import takes the list and the items it brought off again."""
    for row in desk.read("inspectors").index:
        desk.patch("inspectors", int(row), "items", "全部")
    desk.freeze()
    desk.draw()
    before = desk.read("visits")
    listed_above(desk, before["subject"], 检查事项="DJ02")
    assert set(desk.read("visits")["items"]) == {"DJ01、DJ02、DJ03、GS01"}
    desk.good("undo", desk.book)
    assert desk.read("visits").equals(before)
    assert not len(desk.read("upper").query("subject != ''"))


@pytest.mark.parametrize("more", [{"检查日期": "2026-05-20"}, {"检查截止": "2026-10-31"}, {"检查开始": "2026-12-21"}])
def test_a_closed_list_that_comes_later_joins_nothing(desk, more):
    """A list that is checked already, or of other days, says nothing of our visits at its import and leaves them."""
    desk.freeze()
    desk.draw()
    before = desk.read("visits")
    assert "我们已经抽中" not in listed_above(desk, before["subject"], 检查事项="DJ02", **more)
    assert desk.read("visits").equals(before)


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


def names(two, code, task):
    """The inspectors of a subject's results of a task, and those of the row that stands for its visit."""
    results, visits = two.read("results"), two.read("visits")
    row = visits[(visits["subject"] == code) & (visits["left"] == "")].iloc[-1]
    return set(results[(results["subject"] == code) & (results["task"] == task)]["inspectors"]), "、".join([row["leader"], *words(row["members"])])


def test_results_name_who_goes(two):
    """Where a merged visit gets other people, the results of the earlier task that wait for it name them; one that was filled in names who was
    there. After a void of the second draw they name the first team again.
    """
    for at, row in enumerate(two.read("inspectors").index):
        two.patch("inspectors", int(row), "items", ("DJ01、DJ03、GS01", "DJ01、DJ02、DJ03、GS01")[at % 2])
    drawn_apart(two)
    numbers, visits = numbers_of(two), two.read("visits")
    other = visits[visits["left"] != ""]
    changed = [row.subject for row in other.itertuples() if names(two, row.subject, numbers[TASK])[1] != "、".join([row.leader, *words(row.members)])]
    assert changed
    for code in other["subject"]:
        assert names(two, code, numbers[TASK])[0] == names(two, code, numbers[OTHER])[0] == {names(two, code, numbers[TASK])[1]}
    results = two.read("results")
    code = changed[0]
    filled = int(results.index[(results["subject"] == code) & (results["task"] == numbers[TASK])][0])
    two.patch("results", filled, "date", "2026-11-20")
    two.good("void", two.book, OTHER, "--reason", "其他", "--explain", "第二个任务的方案要重新报批", "--approver", "赵局长")
    for row in other.itertuples():
        first = "、".join([row.leader, *words(row.members)])
        mine, _ = names(two, row.subject, numbers[TASK])
        assert mine == ({first} if row.subject != code else {first, results.at[filled, "inspectors"]})
    assert two.read("results").at[filled, "inspectors"] == results.at[filled, "inspectors"]


def test_a_void_takes_its_items_off_a_visit_that_is_still_open(two):
    """The first task voided after the second took its visits over: its items leave those that have not begun, what both want stays, the
    visits stand for the second task with their team; the answer and the log say so, and a book closed without saving comes back to it.
    A visit under way stays as it is.
    """
    drawn_apart(two)
    numbers, before, results = numbers_of(two), two.read("visits"), two.read("results")
    both = set(before[before["left"] != ""]["subject"])
    begun = min(both)
    two.patch("results", int(results.index[(results["subject"] == begun) & (results["task"] == numbers[OTHER])][0]), "date", "2026-11-20")
    former = two.book.read_bytes()
    said = two.good("void", two.book, TASK, "--reason", "其他", "--explain", "第一个任务的方案要重新报批", "--approver", "赵局长")
    assert f"有 {len(both) - 1} 户原来和别的任务合并成一次检查、还没有检查：这个任务的事项已经从那次检查里去掉" in said
    assert f"{len(both) - 1} 户的事项退出了合并的检查" in two.read("log")["note"].iloc[-1]
    after = two.read("visits")
    assert list(after["team"]) == list(before["team"])
    for row in after[after["subject"].isin(both)].itertuples():
        if row.task == numbers[TASK]:
            assert row.left == (f"并入{numbers[OTHER]}" if row.subject == begun else "")
        else:
            assert row.items == ("DJ01、DJ02、DJ03、GS01" if row.subject == begun else "DJ02、DJ03")
            assert row.left == ""
    comes_back(two, former)
    two.good("papers", two.book, OTHER, "--out", two.folder / "文书")
    two.good("freeze", two.book, TASK, "--speaker", "张三", "--speaker", "李四")
    assert "合并成一次检查" in say(two)
    assert "核验结论：是" in two.good("verify", two.book)


def test_a_void_leaves_what_a_list_from_above_wants(two):
    """An item of the voided task that an open list from above wants of a firm stays on the visit that is made anyway."""
    drawn_apart(two)
    numbers, before = numbers_of(two), two.read("visits")
    both = sorted(before[before["left"] != ""]["subject"])
    listed_above(two, both[:2], 检查事项="GS01")
    listed_above(two, both[2:4], 任务名称="市局抽查", 检查事项="GS01", 检查日期="2026-05-20")
    two.good("void", two.book, TASK, "--reason", "其他", "--explain", "第一个任务的方案要重新报批", "--approver", "赵局长")
    after = two.read("visits")
    items = {row.subject: row.items for row in after[after["task"] == numbers[OTHER]].itertuples()}
    assert [items[code] for code in both[:4]] == ["DJ02、DJ03、GS01"] * 2 + ["DJ02、DJ03"] * 2


def test_a_void_between_two_others_hands_on_what_it_took(two):
    """Three tasks drawn one after the other, each taking over the last; the middle one voided: the first goes into the third, whose visit has the items of both."""
    import_rows(two, "抽查任务", {"任务名称": "第三批", "抽查事项": "SP01", "检查开始": START, "检查截止": END, "任务来源": "投诉举报"})
    half(two, "第三批")
    for row in two.read("inspectors").index:
        two.patch("inspectors", int(row), "items", "全部")
    half(two, TASK, OTHER)
    for name, more in ((TASK, ("--apart", "分三步做，先做第一批")), (OTHER, ("--apart", "分三步做，再做照面")), ("第三批", ())):
        two.good("freeze", two.book, name, "--speaker", "张三", "--speaker", "李四", *more)
        say(two, name)
    numbers, before = numbers_of(two), two.read("visits")
    chain = [code for code in set(before["subject"]) if list(before[before["subject"] == code]["task"]) == [numbers[TASK], numbers[OTHER], numbers["第三批"]]]
    assert chain
    former = two.book.read_bytes()
    two.good("void", two.book, OTHER, "--reason", "其他", "--explain", "第二个任务的方案要重新报批", "--approver", "赵局长")
    after, results = two.read("visits"), two.read("results")
    for code in chain:
        first, middle, last = after[after["subject"] == code].itertuples()
        assert (first.left, middle.left, last.left) == (f"并入{numbers['第三批']}", "", "")
        assert last.items == "DJ01、DJ03、GS01、SP01"
        team = "、".join([last.leader, *words(last.members)])
        assert set(results[(results["subject"] == code) & results["task"].isin([numbers[TASK], numbers["第三批"]])]["inspectors"]) == {team}
    comes_back(two, former)


def import_rows(desk, sheet, *rows):
    return desk.good("import", desk.book, sheet, synthetic.write_csv(desk.folder / f"{sheet}3.csv", list(rows)))


def test_merged_visits_are_restored(two):
    """The file from before both draws put back: the merged visits come back merged."""
    former = two.book.read_bytes()
    drawn_apart(two)
    after = two.read("visits")
    two.book.write_bytes(former)
    two.good("check", two.book)
    assert two.read("visits").to_dict("list") == after.to_dict("list")


def uneven(two):
    """Both tasks drawn apart, one item of each from fewer firms, so that who falls out of it is followed by a firm that has a visit for the others."""
    fewer(two, TASK, "DJ01")
    fewer(two, OTHER, "DJ02")
    drawn_apart(two)
    return numbers_of(two)


def fewer(desk, task, item):
    rates = [{"任务": task, "抽查事项": item, **{f"{layer}比例": "20%" for layer in ("A类", "B类", "C类", "D类", "未评")}}]
    desk.good("import", desk.book, "分事项比例", synthetic.write_csv(desk.folder / "比例.csv", rates))


def half(desk, *tasks):
    for name in tasks:
        for rate in ("rate_A", "rate_B", "rate_C", "rate_D", "rate_未评"):
            desk.patch("tasks", desk.row("tasks", "name", name), rate, "0.5")


def numbers_of(two):
    tasks = two.read("tasks")
    return dict(zip(tasks["name"], tasks["number"], strict=True))


def fall(two, task, codes):
    """These firms struck off and replaced."""
    for code in codes:
        two.patch("subjects", two.row("subjects", "code", code), "status", "注销")
    return two.good("replace", two.book, task, "、".join(codes), "--reason", "注销", "--evidence", "登记系统截图", "--approver", "赵局长")


def grown(before, after):
    """Rows of visits of which the items became more: (before, after)."""
    keys = ["task", "attempt", "subject", "no"]
    assert not after.duplicated(keys).any()
    both = before.merge(after, on=keys, suffixes=("_before", ""))
    assert len(both) == len(before)
    return both[[len(words(row.items)) > len(words(row.items_before)) for row in both.itertuples()]]


def able(two, team, items):
    people = two.read("inspectors").set_index("id")
    return len(set(team)) == 2 and all(people.at[who, "items"] == "全部" or set(items) <= set(words(people.at[who, "items"])) for who in team)


def comes_back(two, former):
    """The file from before put back: the sheets come to what they were."""
    after = {table: two.read(table) for table in ("log", "visits", "results")}
    two.book.write_bytes(former)
    two.ssj("check", two.book)
    for table, frame in after.items():
        assert two.read(table).to_dict("list") == frame.to_dict("list"), table


def test_a_merged_visit_that_grows_keeps_what_it_took_over(two):
    """A firm that is visited for two tasks takes an item over from one struck off: it is still visited once, for all of it, by people who may do all."""
    numbers = uneven(two)
    former, before = two.book.read_bytes(), two.read("visits")
    mine = before[(before["task"] == numbers[OTHER]) & before["items"].str.contains("DJ02")]
    fall(two, OTHER, list(mine["subject"])[:16])
    after = two.read("visits")
    more = grown(before, after)
    shared = more[more["items_before"].str.contains("GS01")]
    assert len(shared)
    for row in shared.itertuples():
        assert set(words(row.items)) == {*words(row.items_before), "DJ02"}
        assert row.task == numbers[OTHER]
        assert able(two, words(row.team), words(row.items))
        assert row.team == row.team_before or not able(two, words(row.team_before), words(row.items))
    standing = after[after["left"] == ""]
    assert not standing.duplicated("subject").any()
    came = standing.iloc[[at for at, index in enumerate(standing.index) if index not in before.index]]
    assert came["items"].str.contains("GS01").any(), "who comes is visited once too"
    assert all(able(two, words(row.team), words(row.items)) for row in came.itertuples())
    assert "核验结论：是" in two.good("verify", two.record, "--book", two.book)
    two.good("papers", two.book, OTHER, "--out", two.folder / "文书")
    comes_back(two, former)
    two.good("void", two.book, OTHER, "--reason", "其他", "--explain", "第二个任务的方案要重新报批", "--approver", "赵局长")
    visits = two.read("visits")
    assert set(visits[visits["task"] == numbers[TASK]]["left"]) == {""}, "what was taken over stands by itself again"


def test_a_visit_taken_over_grows_where_it_went(two):
    """A firm whose visit went into another task's takes an item over: the visit that stands has the item, no second one is listed."""
    numbers = uneven(two)
    former, before = two.book.read_bytes(), two.read("visits")
    mine = before[(before["task"] == numbers[TASK]) & before["items"].str.contains("DJ01") & (before["left"] == "")]
    fall(two, TASK, list(mine["subject"])[:8])
    after, results = two.read("visits"), two.read("results")
    more = grown(before, after)
    gone = more[(more["task"] == numbers[TASK]) & (more["left"] != "")]
    assert len(gone)
    for row in gone.itertuples():
        assert row.left == row.left_before == f"并入{numbers[OTHER]}"
        where = more[(more["task"] == numbers[OTHER]) & (more["subject"] == row.subject)].iloc[0]
        assert set(words(where["items"])) == {*words(where["items_before"]), "DJ01"}
        assert able(two, words(where["team"]), words(where["items"]))
        new = results[(results["task"] == numbers[TASK]) & (results["subject"] == row.subject) & (results["item"] == "DJ01")]
        assert list(new["inspectors"]) == ["、".join((where["leader"], where["members"]))]
    standing = after[after["left"] == ""]
    assert not standing.duplicated("subject").any()
    for task in (TASK, OTHER):
        two.good("papers", two.book, task, "--out", two.folder / "文书")
    comes_back(two, former)


def test_a_firm_whose_visit_was_taken_over_falls_out(two):
    """It leaves the task: its row says so, and the visit that stands for the other task has that one's items alone."""
    numbers = uneven(two)
    former, before = two.book.read_bytes(), two.read("visits")
    code = before[(before["left"] != "")]["subject"].iloc[0]
    fall(two, TASK, [code])
    after, results = two.read("visits"), two.read("results")
    left = dict(zip(after[after["subject"] == code]["task"], after[after["subject"] == code]["left"], strict=True))
    assert left == {numbers[TASK]: "补抽", numbers[OTHER]: ""}
    stands = after[(after["subject"] == code) & (after["left"] == "")].iloc[0]
    assert set(words(stands["items"])) == set(results[(results["subject"] == code) & (results["withheld"] == "")]["item"])
    comes_back(two, former)


def test_a_united_visit_under_way_does_not_grow(two):
    """Where the one visit has begun with the other task's items, an item that comes by replacement gets a visit of its own."""
    numbers = uneven(two)
    before, results = two.read("visits"), two.read("results")
    mine = before[(before["task"] == numbers[TASK]) & before["items"].str.contains("DJ01") & (before["left"] == "")]
    gone = before[(before["left"] != "") & ~before["items"].str.contains("DJ01")]["subject"]
    for at in results.index[(results["task"] == numbers[OTHER]) & results["subject"].isin(gone)]:
        two.patch("results", int(at), "date", "2026-11-20")
    fall(two, TASK, list(mine["subject"])[:8])
    after = two.read("visits")
    assert not len(grown(before[before["subject"].isin(gone)], after))
    new = after[(after["task"] == numbers[TASK]) & after["subject"].isin(gone) & (after["left"] == "")]
    assert len(new)
    assert set(new["items"]) == {"DJ01"}


def test_what_nobody_can_do_together_is_done_apart(two):
    """Where no team may do all, the visits that were one stand by themselves again, each with a team that may, and it is said."""
    people = two.read("inspectors")
    for at, row in enumerate(people.index):
        two.patch("inspectors", int(row), "items", ("DJ01、DJ03、GS01", "DJ02、DJ03")[at % 2])
    numbers = uneven(two)
    former, before = two.book.read_bytes(), two.read("visits")
    mine = before[(before["task"] == numbers[OTHER]) & before["items"].str.contains("DJ02")]
    said = fall(two, OTHER, list(mine["subject"])[:8])
    after = two.read("visits")
    freed = before[(before["left"] != "") & (after.loc[before.index, "left"] == "") & ~before["subject"].isin(mine["subject"])]
    assert len(freed)
    for row in freed.itertuples():
        assert f"没有一组人员能把“{row.subject}”的事项一次做完" in said
        for visit in after[after["subject"] == row.subject].itertuples():
            assert able(two, words(visit.team), words(visit.items))
        assert set(after[(after["subject"] == row.subject) & (after["task"] == numbers[OTHER])]["items"]) == {"DJ02、DJ03"}
    comes_back(two, former)


def test_a_visit_with_items_from_above_keeps_them_when_it_grows(desk):
    """An item that a list from above brought stays on a visit that takes another over by a replacement."""
    listed_above(desk, desk.read("subjects")["code"], 检查事项="DJ02")
    half(desk, TASK)
    fewer(desk, TASK, "DJ01")
    desk.freeze()
    desk.draw()
    before = desk.read("visits")
    fall(desk, TASK, list(before[before["items"].str.contains("DJ01")]["subject"])[:2])
    more = grown(before, desk.read("visits"))
    assert len(more)
    assert set(more["items_before"]) == {"DJ02、DJ03、GS01"}
    assert set(more["items"]) == {"DJ01、DJ02、DJ03、GS01"}


def test_who_comes_by_replacement_is_looked_for_above(desk):
    """A firm that comes by a replacement and stands on an open list from above is said, noted on its task sheet, and visited once for both."""
    desk.freeze()
    desk.draw()
    listed_above(desk, desk.read("subjects")["code"], 检查事项="DJ02")
    former, before = desk.book.read_bytes(), desk.read("visits")
    said = fall(desk, TASK, list(before["subject"])[:2])
    new = desk.read("visits").iloc[len(before):]
    assert len(new)
    assert f"其中 {len(new)} 户也在上级抽取名单里，还没有检查；{len(new)} 户已把" in said
    assert set(new["items"]) == {"DJ01、DJ02、DJ03、GS01"}
    for row in new.itertuples():
        assert able(desk, words(row.team), words(row.items))
    assert not (desk.read("results")["item"] == "DJ02").any()
    desk.good("papers", desk.book, TASK, "--out", desk.folder / "文书")
    assert any("一并完成" in text_of(path) for path in (desk.folder / "文书").glob("检查任务单*"))
    comes_back(desk, former)
