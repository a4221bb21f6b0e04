"""预演: what is known before a freeze, through the terminal door; and the rates that decide it."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace

import pytest

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.commands import freeze as freezing
from ssj_xlwings.commands import preparing, unchanged
from ssj_xlwings.doors import synthetic
from ssj_xlwings.lottery import candidates, scope
from ssj_xlwings.lottery import freeze as fixing
from ssj_xlwings.lottery.plan import Layer
from ssj_xlwings.types import Append
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.settings import BY_NAME
from tests.doors.conftest import TASK


def plan(desk, *more):
    """The dry run, which must write nothing."""
    before = desk.bytes()
    said = desk.good("plan", desk.book, TASK, *more)
    assert desk.bytes() == before
    return said


def task(desk, **cells):
    for column, value in cells.items():
        desk.patch("tasks", desk.row("tasks", "name", TASK), column, value)


def import_rows(desk, sheet, *rows):
    return desk.good("import", desk.book, sheet, synthetic.write_csv(desk.folder / f"{sheet}2.csv", list(rows)))


def test_the_dry_run_is_what_the_draw_does(desk):
    """Pool, quotas, visits and exclusions said beforehand are those of the freeze and the draw."""
    said = plan(desk)
    frozen = desk.freeze()
    drawn = desk.draw()
    for line in re.findall(r"^.*户里抽.*$", said, re.MULTILINE) + re.findall(r"^未进入名单：.*$", said, re.MULTILINE):
        assert line in frozen
    expected = re.search(r"预计上门 (\d+) 户，(\d+) 项次检查，合并后少跑 (\d+) 次", said)
    assert f"：{expected[1]} 户，{expected[2]} 项次检查，合并后少跑 {expected[3]} 次" in drawn
    pool = re.search(r"名单 (\d+) 户", said)[1]
    assert f"名单 {pool} 户" in frozen
    strata = {name: int(count) for name, count in re.findall(r"^(A|B|C|D|未评)：(\d+) 户$", said, re.MULTILINE)}
    assert sum(strata.values()) == int(pool)


def test_a_stratum_drawn_whole_is_named(desk):
    """At 100 % the line says 整层抽取, and the dry run warns that those not drawn cannot be of that class."""
    task(desk, rate_D="1")
    said = plan(desk)
    assert re.search(r"DJ01 D：(\d+) 户里抽 \1 户，实占 100.00%（规定 100%），整层抽取", said)
    assert "没有抽中的企业，一定不是 D 类" in said


def test_what_tells_the_class_is_warned_of(desk):
    """Where nearly all drawn are D the dry run says how sure a reader could be; public strata tell nothing."""
    task(desk, rate_A="0", rate_B="0", rate_C="0", rate_未评="0", rate_D="0.5")
    said = plan(desk)
    assert "是 D 类，等于公开了等级" in said
    assert "100% 是 D 类" in said


def test_people_needed_and_there(desk):
    """For each unit: visits to expect, turns, people there; their sum is the whole."""
    said = plan(desk)
    visits = [float(number) for number in re.findall(r"：预计 ([\d.]+) 户，要", said)]
    assert sum(visits) == pytest.approx(int(re.search(r"预计上门 (\d+) 户", said)[1]), abs=0.5 + 0.05 * len(visits))
    assert re.search(r"合计要 \d+ 人次，可派 \d+ 人", said)


def test_too_few_people_is_said(desk):
    """Nobody able to do an item is said by the dry run before the freeze refuses it."""
    people = desk.read("inspectors")
    for row in people.index:
        desk.patch("inspectors", int(row), "absent", "是")
    assert "检查人员不够" in plan(desk)
    assert "检查人员不够" in desk.refused("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四")


def test_the_year(desk):
    """The meter prints base, its date and the counting rule; lists from above count at their level, each firm once."""
    said = plan(desk)
    assert re.search(r"2026 年，基数 \d+ 户（名录库里有效、存续的对象，基数日期 2026-11-25），计数规则：去重户数", said)
    assert "省级：已抽 0，占 0.00%，目标 0.5%" in said
    desk.freeze()
    desk.draw()
    firms = list(desk.read("visits")["subject"])
    others = [code for code in desk.read("subjects")["code"] if code not in firms][:2]
    listed = [{"任务名称": "省局年报抽查", "发起层级": "省", "统一社会信用代码": code, "抽取日期": "2026-05-06", "检查日期": day}
              for code, day in zip([firms[0], *others], ("", "2026-06-01", ""), strict=True)]
    import_rows(desk, "上级抽取名单", *listed)
    for key, value in (("年度比例基数", "1000"), ("年度比例基数日期", "2026-01-01")):
        desk.patch("settings", desk.row("settings", "key", key), "value", value)
    desk.good("void", desk.book, TASK, "--reason", "其他", "--explain", "作废的抽取不应当计入年度比例", "--approver", "赵局长")
    said = plan(desk)
    assert "基数 1000 户（“参数”里填的基数，基数日期 2026-01-01）" in said
    assert "省级：已抽 3，占 0.30%，目标 0.5%" in said
    assert "合计：已抽 3，占 0.30%，目标 3%" in said
    desk.freeze()
    desk.draw()
    drawn = set(desk.read("visits").query("attempt == '2'")["subject"])
    task_two = {"任务名称": "第二批", "抽查事项": "DJ02", "检查开始": "2026-12-21", "检查截止": "2026-12-31"}
    import_rows(desk, "抽查任务", task_two)
    both = len(drawn | {firms[0], *others})
    assert f"合计：已抽 {both}，" in desk.good("plan", desk.book, "第二批")
    desk.patch("settings", desk.row("settings", "key", "年度比例计数规则"), "value", "检查户次")
    assert f"合计：已抽 {len(drawn) + 3}，" in desk.good("plan", desk.book, "第二批")


def test_checked_above_is_checked(desk):
    """A firm checked by the province within the set days is not drawn again, and counts among those checked."""
    code = desk.read("subjects").query("type == '企业' and status == ''")["code"].iloc[0] if (desk.read("subjects")["status"] == "").any() else desk.read("subjects").query("type == '企业' and status == '存续'")["code"].iloc[0]
    never = int(re.search(r"从未查过 (\d+) 户", plan(desk))[1])
    import_rows(desk, "上级抽取名单", {"任务名称": "省局抽查", "发起层级": "省", "统一社会信用代码": code, "抽取日期": "2026-11-01", "检查日期": "2026-11-10"})
    said = plan(desk)
    assert "未进入名单：90天内已查 1 户" in said
    assert f"从未查过 {never - 1} 户" in said


def type_row(desk, table, **cells):
    """What staff do in Excel: a row typed below the others."""
    book = FileBook(desk.book)
    book.apply([Append(table, [cells])], book.read([table]), [table])


def test_only_a_check_of_a_drawn_visit_keeps_a_firm_out(desk):
    """A dated row typed into 检查结果 for a firm that was never drawn, or a day still to come there or on a list from above, keeps nobody
    out of the draw, and the check names the row; verify agrees. A check of a visit that was drawn does.
    """
    wanted = desk.read("subjects").query("type == '企业' and status in ('', '存续')")["code"].tolist()
    for cells in ({"task": "130426202609010009", "attempt": "1"}, {}, {"task": TASK}):
        type_row(desk, "results", subject=wanted[0], name="某户", item="DJ01", date="2026-11-20", **cells)
    type_row(desk, "upper", task="省局抽查", launched_by="省", subject=wanted[1], drawn="2030-11-01", checked="2030-11-10")
    assert "天内已查" not in plan(desk)
    assert f"从未查过 {len(wanted_base(desk))} 户" in plan(desk)
    desk.ssj("check", desk.book)
    told = desk.read("findings")["problem"]
    assert told.str.contains("这一行的检查日期不算检查|这些行的检查日期不算检查").any()
    assert told.str.contains("还没有到").sum() == 2, "the day of the draw and that of the check"
    desk.freeze()
    desk.draw()
    assert "核验结论：是" in desk.good("verify", desk.record, "--book", desk.book)
    results = desk.read("results")
    ours = results.index[results["attempt"] == "1"]
    seen = [int(row) for row in ours if results.at[row, "task"] != "130426202609010009"]
    desk.patch("results", seen[0], "date", "2026-11-24")
    desk.patch("results", next(row for row in seen if results.at[row, "subject"] != results.at[seen[0], "subject"]), "date", "2026-11-26")
    desk.good("void", desk.book, TASK, "--reason", "其他", "--explain", "方案要重新报批，先作废", "--approver", "赵局长")
    assert "未进入名单：90天内已查 1 户" in desk.freeze(), "yesterday's check counts, tomorrow's does not"
    assert (desk.record / "checked.tsv").read_text(encoding="utf-8") == f"{results.at[seen[0], 'subject']}\t2026-11-24\n"
    desk.draw()
    assert "核验结论：是" in desk.good("verify", desk.record, "--book", desk.book)


def wanted_base(desk):
    """The registry's subjects in force."""
    return desk.read("subjects").query("state != '失效' and status in ('', '存续')")


def to_come(sifted):
    """The first firm of the pool kept out for a check of a later day."""
    return unchecked(sifted)._replace(checked=[*sifted.checked, (sifted.pool[0].id, "2026-11-26")])


def test_a_ceiling_for_one_class(desk):
    """A class may have a yearly ceiling of its own; the others keep the common one."""
    subjects = desk.read("subjects").query("type == '企业' and status in ('', '存续')")
    a, b = (subjects[subjects["class"] == name]["code"].iloc[0] for name in "AB")
    import_rows(desk, "上级抽取名单", *({"任务名称": "省局抽查", "发起层级": "省", "统一社会信用代码": code, "抽取日期": "2026-01-05", "检查日期": "2026-01-10"} for code in (a, b)))
    desk.patch("settings", desk.row("settings", "key", "每年最多检查次数A"), "value", "1")
    assert "未进入名单：本年检查已达1次 1 户" in plan(desk)


def test_rates_that_fall_need_a_reason(desk):
    """A ≤ B ≤ C ≤ D, or a reason that the log keeps."""
    task(desk, rate_A="0.5")
    assert "比例没有从 A 到 D 递增：A 50%" in plan(desk)
    assert "请用 --variation 写明理由" in desk.refused("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四")
    desk.good("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四", "--variation", "A 类企业今年首次纳入，先摸底")
    kept = json.loads(desk.read("log")["data"].iloc[0])
    assert kept["variation"] == "A 类企业今年首次纳入，先摸底"
    assert "A 50%" in kept["varied"]


def test_a_class_without_firms_has_its_place_in_the_order(desk):
    """B at 50 % stands between A and C though no firm is of it; a number of firms in an empty class is a share of nothing, and C is compared with A."""
    import_rows(desk, "抽查范围", {"任务": TASK, "列": "信用风险等级", "条件": "不等于", "值": "B"})
    task(desk, rate_A="0.02", rate_B="0.5", rate_C="0.1", rate_D="0.6")
    said = plan(desk)
    assert "“DJ01”的比例没有从 A 到 D 递增：A 2%、B 50%、C 10%、D 60%。" in said
    assert "请用 --variation 写明理由" in desk.refused("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四")
    task(desk, rate_B="5户")
    assert "递增" not in plan(desk)
    task(desk, rate_A="0.2")
    assert "A 20%、C 10%、D 60%" in plan(desk)


def test_general_items_keep_their_ceiling(desk):
    """A general item above its ceiling is refused, written as a share or as a number of firms; a reason does not help."""
    desk.patch("items", desk.row("items", "code", "DJ01"), "ceiling", "0.1")
    task(desk, rate_B="32户")
    assert "超过上限 10%" in plan(desk)
    assert "“B”层要抽 64 户里的 32 户，超过上限 10%" in desk.refused("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四", "--variation", "先摸底再定比例")
    task(desk, rate_B="0.2")
    assert "超过上限 10%" in desk.refused("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四", "--variation", "先摸底再定比例")


def test_the_least_number_keeps_the_ceiling(desk):
    """每层最少户数 draws no general item above its ceiling: what comes out is compared, in the dry run too; rounding up alone is no excess."""
    desk.patch("items", desk.row("items", "code", "DJ01"), "ceiling", "0.05")
    task(desk, rate_A="0.03", rate_B="0.03", rate_C="0.03", rate_D="0.05", rate_未评="0.03")
    assert "超过上限" not in plan(desk)
    desk.patch("settings", desk.row("settings", "key", BY_NAME["minimum"].key), "value", "500")
    size = re.search(r"^A：(\d+) 户$", said := plan(desk), re.MULTILINE)[1]
    wanted = f"在“A”层因为“参数”里的“每层最少户数”要抽 {size} 户里的 {size} 户，超过上限 5%"
    assert wanted in said
    assert wanted in desk.refused("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四", "--variation", "先摸底再定比例")


def test_key_items_are_never_at_zero(desk):
    """A key item with a stratum of which nobody would be drawn is refused."""
    task(desk, items="SP01", rate_A="0户")
    assert "一户也不抽" in plan(desk)
    assert desk.refused("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四")


def layers(desk, *rows):
    import_rows(desk, "分事项比例", *({"任务": TASK, "抽查事项": item, "层": layer, "该层比例": rate} for item, layer, rate in rows))


def test_strata_of_another_column(desk):
    """Strata may be any column: rates by its values, 全部 for the others; the draw verifies and keeps every quota."""
    task(desk, strata="管辖单位")
    unit = desk.read("units")["name"].iloc[1]
    assert "没有比例" in desk.ssj("plan", desk.book, TASK)[1]
    layers(desk, ("全部", "全部", "5%"), ("DJ01", unit, "3户"))
    said = plan(desk)
    assert "按“管辖单位”分层" in said
    assert f"DJ01 {unit}：" in said
    assert "“管辖单位”不是内部信息" in said
    desk.freeze()
    desk.draw()
    lines = [line.split("\t") for line in json.loads((desk.record / "draw.json").read_text(encoding="utf-8"))["lines"]]
    assert next(int(n) for item, stratum, _, n, *_ in lines if (item, stratum) == ("DJ01", unit)) == 3
    assert all(int(n) == -(-int(size) * 5 // 100) for item, stratum, size, n, *_ in lines if (item, stratum) != ("DJ01", unit))
    assert "核验结论：是" in desk.good("verify", desk.record, "--book", desk.book)


@pytest.mark.parametrize("seen", ["没有的列", "法定代表人", "专项库标签"])
def test_strata_that_cannot_be(desk, seen):
    """A column that is not there, that is personal, or that holds several values is no stratum."""
    task(desk, strata=seen)
    assert f"分层依据“{seen}”不能用" in desk.refused("plan", desk.book, TASK)


def test_the_order_of_batches(desk):
    """Key items may be checked whole: the lot decides the order, and the visits come in even batches."""
    task(desk, items="SP01", rate_A="1", rate_B="1", rate_C="1", rate_D="1", rate_未评="1", batches="4")
    desk.freeze()
    desk.draw()
    visits = desk.read("visits")
    numbers = [int(batch) for batch in visits["batch"]]
    assert numbers == sorted(numbers)
    sizes = [numbers.count(batch) for batch in (1, 2, 3, 4)]
    assert max(sizes) - min(sizes) <= 1
    desk.good("papers", desk.book, TASK, "--out", desk.folder / "文书")
    first = f"第 1 批为序号 1 至 {sizes[0]}"
    for paper, words in {"抽取结果表": ("批次", first), "抽取证明": ("分批", first), "派发单": ("批次",), "检查任务单": ("　第 1 批　本单位第",)}.items():
        text = "".join(zipfile.ZipFile(path).read("xl/sharedStrings.xml").decode() for path in (desk.folder / "文书").glob(f"{paper}*"))
        assert all(word in text for word in words), paper
    assert "核验结论：是" in desk.good("verify", desk.record, "--book", desk.book)


def test_batches_are_for_key_items_drawn_whole(desk):
    """A general item, or a stratum that is not drawn whole, has no batches."""
    task(desk, batches="3")
    assert "不是全部抽取的重点检查事项" in desk.refused("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四")
    task(desk, items="SP01")
    assert "不是全部抽取的重点检查事项" in desk.refused("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四")


def test_a_task_with_batches_is_drawn_alone(desk):
    """Joined as the second task it is refused, too: its batches are never lost in silence."""
    import_rows(desk, "抽查任务", {"任务名称": "分批的", "抽查事项": "SP01", "检查开始": "2026-11-01", "检查截止": "2026-12-20", "任务来源": "投诉举报", "分批数": "3"})
    said = desk.refused("freeze", desk.book, TASK, "--with", "分批的", "--speaker", "张三", "--speaker", "李四")
    assert "“分批的”填了分批数" in said


def test_outside_its_plan(desk):
    """A task that leaves its plan's window or items is refused, or needs a variation that the log keeps."""
    import_rows(desk, "年度抽查计划", {"计划名称": "年度计划", "计划类型": "内部联合", "抽查事项": "DJ01、DJ03、GS01", "实施开始": "2026-01-01", "实施截止": "2026-11-30"})
    task(desk, plan="年度计划")
    assert "不在年度计划的实施时间" in desk.refused("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四")
    desk.good("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四", "--variation", "年底补查，局务会同意延长")
    assert "不在年度计划的实施时间" in json.loads(desk.read("log")["data"].iloc[0])["varied"]


@pytest.mark.parametrize(("own", "planned", "words"), [
    (("2026-03-01", "2026-04-30"), None, f"“{TASK}”的检查截止是 2026-04-30，今天（2026-11-25）已经过了"),
    (("2026-11-01", "2026-11-24"), ("2026-01-01", "2026-12-31"), "的检查截止是 2026-11-24，今天"),
    (("2027-03-01", "2027-04-30"), ("2027-01-01", "2027-12-31"), "今天（2026-11-25）不在年度计划“年度计划”的实施时间（2027-01-01 ~ 2027-12-31）内"),
])
def test_a_day_that_is_not_of_the_task(desk, own, planned, words):
    """A freeze after the task's last day, or on a day outside its plan, needs a variation that the log keeps; the dry run says it."""
    task(desk, start=own[0], end=own[1])
    if planned:
        import_rows(desk, "年度抽查计划", {"计划名称": "年度计划", "计划类型": "内部联合", "抽查事项": "DJ01、DJ03、GS01", "实施开始": planned[0], "实施截止": planned[1]})
        task(desk, plan="年度计划")
    for row in desk.read("inspectors").index:
        desk.patch("inspectors", int(row), "until", "2028-12-31")
    assert words in plan(desk)
    said = desk.refused("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四")
    assert words in said
    assert "请用 --variation 写明理由" in said
    desk.good("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四", "--variation", "局务会同意补抽这一批")
    assert words in json.loads(desk.read("log")["data"].iloc[0])["varied"]


@pytest.mark.parametrize(("own", "planned"), [(("2026-11-01", "2026-11-25"), ("2026-11-01", "2026-11-25")), (("2026-12-01", "2026-12-20"), ("2026-11-25", "2026-12-31"))])
def test_a_day_of_the_task(desk, own, planned):
    """On the last day of task and plan, on the first of the plan, and before the task begins no reason is asked for."""
    task(desk, start=own[0], end=own[1])
    import_rows(desk, "年度抽查计划", {"计划名称": "年度计划", "计划类型": "内部联合", "抽查事项": "DJ01、DJ03、GS01", "实施开始": planned[0], "实施截止": planned[1]})
    task(desk, plan="年度计划")
    assert "要处理的 0 处" in plan(desk)
    desk.freeze()


def test_outside_the_scope_of_its_plan(desk):
    """抽查范围 may name a plan: a pool that leaves it is refused, or needs a variation that the log keeps."""
    import_rows(desk, "年度抽查计划", {"计划名称": "年度计划", "计划类型": "内部联合", "抽查事项": "DJ01、DJ03、GS01", "实施开始": "2026-01-01", "实施截止": "2026-12-31"})
    import_rows(desk, "抽查范围", {"任务": "年度计划", "列": "信用风险等级", "条件": "不等于", "值": "A"})
    task(desk, plan="年度计划")
    outside = int(re.search(r"^A：(\d+) 户$", plan(desk), re.MULTILINE)[1])
    said = desk.refused("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四")
    assert f"名单里有 {outside} 户不在年度计划“年度计划”的范围（信用风险等级不是A）内" in said
    desk.good("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四", "--variation", "局务会同意纳入 A 类")
    assert "不在年度计划" in json.loads(desk.read("log")["data"].iloc[0])["varied"]


def test_a_plan_widened_after_a_freeze_is_noticed(desk):
    """The plan that a freeze relied on stands in its log row; widened later, in days, items or scope, it stops the next freeze under
    it until a variation is given that the log keeps; the one after that compares with what was accepted.
    """
    import_rows(desk, "年度抽查计划", {"计划名称": "年度计划", "计划类型": "内部联合", "抽查事项": "DJ01、DJ03、GS01", "实施开始": "2026-01-01", "实施截止": "2026-12-31"})
    import_rows(desk, "抽查范围", {"任务": "年度计划", "列": "主体类型", "条件": "等于其一", "值": "企业"})
    task(desk, plan="年度计划")
    desk.freeze()
    kept = json.loads(json.loads(desk.read("log")["data"].iloc[0])["plans"])
    assert kept["年度计划"][1:] == ["2026-01-01", "2026-12-31", ["DJ01", "DJ03", "GS01"], [["主体类型", "等于其一", "企业"]]]
    void = ("void", desk.book, TASK, "--reason", "其他", "--explain", "计划要修订，先作废这一次", "--approver", "赵局长")
    desk.good(*void)
    desk.freeze()
    desk.good(*void)
    row = desk.row("plans", "name", "年度计划")
    changes = (("plans", row, "end", "2027-01-31", "实施截止原来是“2026-12-31”，现在是“2027-01-31”"), ("plans", row, "items", "DJ01、DJ03、GS01、DJ02", "抽查事项原来"),
               ("scopes", desk.row("scopes", "task", "年度计划"), "value", "企业、个体工商户", "计划的抽查范围原来是“主体类型为企业”"))
    for table, at, column, value, words in changes:
        desk.patch(table, at, column, value)
        assert words in plan(desk)
        said = desk.refused("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四")
        assert "年度计划“年度计划”在抽取记录第" in said
        assert words in said
        desk.good("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四", "--variation", "局务会已修订年度计划")
        assert words in json.loads(desk.read("log")["data"].iloc[-1])["varied"]
        desk.good(*void)
    desk.freeze()


def test_locked_once_frozen(desk):
    """Window, items or scope edited after the freeze: the check names each with what was frozen; after the draw too."""
    desk.freeze()
    desk.draw()
    task(desk, end="2026-12-31", items="DJ01")
    desk.patch("scopes", desk.row("scopes", "task", TASK), "value", "企业、个体工商户")
    desk.ssj("check", desk.book)
    findings = desk.read("findings")
    locked = findings[findings["problem"].str.contains("在冻结以后被改过")]
    assert set(locked["allowed"]) == {"2026-12-20", "DJ01、DJ03、GS01", "主体类型 等于其一 企业"}
    desk.good("void", desk.book, TASK, "--reason", "其他", "--explain", "改了任务的范围和时间要重抽", "--approver", "赵局长")
    desk.ssj("check", desk.book)
    findings = desk.read("findings")
    assert not findings["problem"].str.contains("在冻结以后被改过").any()


def test_the_dry_run_counts_what_would_stop_the_freeze(desk):
    """Each thing that stops a freeze is one of those to deal with: batches of a general item, a task that overlaps, too few people
    (each unit and set), a task drawn already; and nothing else.
    """
    assert "要处理的 0 处" in plan(desk)
    desk.freeze()
    assert "要处理的 1 处" in (said := plan(desk))
    assert "已经冻结，正在等报数" in said
    desk.draw()
    assert "第 1 次已经抽取" in plan(desk)
    desk.good("void", desk.book, TASK, "--reason", "其他", "--explain", "方案要重新报批，先作废", "--approver", "赵局长")
    task(desk, batches="3")
    assert "要处理的 1 处" in (said := plan(desk))
    assert "填了分批数" in said
    import_rows(desk, "抽查任务", *({"任务名称": name, "抽查事项": "DJ02", "检查开始": "2026-11-01", "检查截止": "2026-12-20", "任务来源": "投诉举报"} for name in ("另一个", "再一个")))
    task(desk, batches="")
    assert "要处理的 2 处" in (said := plan(desk))
    assert all(f"应联尽联，请加 --with {name}" in said for name in ("另一个", "再一个"))
    assert "要处理的 0 处" in plan(desk, "--with", "另一个", "--with", "再一个")
    for row in desk.read("inspectors").index:
        desk.patch("inspectors", int(row), "absent", "是")
    said = plan(desk, "--with", "另一个", "--with", "再一个")
    assert f"要处理的 {said.count('检查人员不够')} 处" in said
    assert said.count("检查人员不够") > 1


def test_the_scope_is_replayed_from_the_frozen_plan(desk):
    """Verify filters the registry again by the frozen conditions: a plan frozen with another scope than its pool is found."""
    desk.freeze()
    desk.draw()
    said = desk.good("verify", desk.record, "--book", desk.book)
    assert "按冻结的抽查范围（主体类型 等于其一 企业）重新筛选，名单、按“信用风险等级”的分层、各户的事项、管辖单位和排除的原因都相同" in said


def test_an_ad_hoc_task_names_its_source(desk):
    """A task without plan and without source is not frozen."""
    task(desk, source="")
    assert "临时任务没有填“任务来源”" in desk.refused("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四")


def test_who_is_absent_and_who_approved(desk):
    """Absent today is frozen with the staff, said, and counted in the log; nobody absent is drawn; the approver is kept."""
    people = desk.read("inspectors")
    away = list(people["id"][:3])
    for row in people.index[:3]:
        desk.patch("inspectors", int(row), "absent", "是")
    said = desk.good("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四", "--approver", "赵局长")
    names = "、".join(people["name"][:3])
    assert f"今日缺席 3 人（共 30 人）：{names}。" in said
    kept = json.loads(desk.read("log")["data"].iloc[0])
    assert (kept["absent"], kept["approver"]) == ("3", "赵局长")
    staff = json.loads((desk.record / "frozen.json").read_text(encoding="utf-8"))["staff"]
    assert {person["id"] for person in staff if not person["available"]} == set(away)
    desk.draw()
    assert not any(who in team for team in desk.read("visits")["team"] for who in away)
    import_rows(desk, "抽查任务", {"任务名称": "第二批", "抽查事项": "DJ02", "检查开始": "2026-12-01", "检查截止": "2026-12-20", "任务来源": "投诉举报"})
    for command, more in (("plan", ()), ("freeze", ("--speaker", "张三", "--speaker", "李四"))):  # the tick stands until somebody takes it away
        assert names in desk.good(command, desk.book, "第二批", *more)


def test_a_freeze_without_host_place_and_witness_is_reminded(desk):
    """All three blank: one line says that the certificate will be blank there. Any of them given, it says nothing."""
    reminder = "主持人、地点、见证人都没有填"
    assert reminder in desk.freeze()
    desk.good("void", desk.book, TASK, "--reason", "其他", "--explain", "没有写地点，重新冻结", "--approver", "赵局长")
    assert reminder not in desk.good("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四", "--place", "三楼会议室")


def test_a_second_void(desk):
    """What is voided already is said to be so, not to have never been drawn."""
    void = ("void", desk.book, TASK, "--reason", "其他", "--explain", "方案要重新报批，先作废", "--approver", "赵局长")
    desk.freeze()
    desk.good(*void)
    assert desk.refused(*void) == f"“{TASK}”第 1 次已经作废，不用再作废。"


@pytest.mark.parametrize(("one", "other"), [("Ａ", "A"), ("张 三", "张三"), ("zhang", "ZHANG")])
def test_one_speaker_under_two_spellings(desk, one, other):
    """Width, case and spaces make no second person."""
    said = desk.refused("freeze", desk.book, TASK, "--speaker", one, "--speaker", other)
    assert said.startswith(f"报数人“{other}”和“{one}”是同一个姓名")
    assert "操作人" in desk.refused("freeze", desk.book, TASK, "--speaker", "李四", "--speaker", "王 五")


@pytest.mark.parametrize("command", ["freeze", "plan"])
def test_a_task_joined_twice(desk, command):
    """A task named twice among those drawn together, the leading one too, is refused in a sentence of its own."""
    import_rows(desk, "抽查任务", {"任务名称": "另一个", "抽查事项": "DJ02", "检查开始": "2026-11-01", "检查截止": "2026-12-20", "任务来源": "投诉举报"})
    speakers = ("--speaker", "张三", "--speaker", "李四") if command == "freeze" else ()
    for more in (("另一个", "另一个"), (TASK,)):
        said = desk.refused(command, desk.book, TASK, *(word for name in more for word in ("--with", name)), *speakers)
        assert said == f"“{more[0]}”写了两次。一起抽取的任务，每个只写一次。"


def reclassed(sifted):
    return sifted._replace(pool=[row._replace(stratum="A") if row.stratum != "A" else row for row in sifted.pool])


def hidden(sifted):
    return sifted._replace(pool=sifted.pool[1:], excluded=[*sifted.excluded, (sifted.pool[0].id, say.OUT_WHITELIST)], jurisdiction=[
        pair for pair in sifted.jurisdiction if pair[0] != sifted.pool[0].id])


def stripped(sifted):
    return sifted._replace(pool=[sifted.pool[0]._replace(items=sifted.pool[0].items[:1]), *sifted.pool[1:]])


def renamed(sifted):
    """One firm in a stratum that no class knows; its rate stands in 分事项比例."""
    return sifted._replace(pool=[sifted.pool[0]._replace(stratum="X"), *sifted.pool[1:]])


def moved(sifted):
    """One firm given to the unit of another."""
    (id_, unit), *rest = sifted.jurisdiction
    return sifted._replace(jurisdiction=[(id_, next(other for _, other in rest if other != unit)), *rest])


def rigged(desk, monkeypatch, rig):
    """Freeze and draw with a program whose filter is changed; what the honest one says afterwards, with the workbook at hand."""
    sift = candidates.sift
    with monkeypatch.context() as patched:
        patched.setattr(candidates, "sift", lambda *args: rig(sift(*args)))
        desk.freeze()
        desk.draw()
    return desk.ssj("verify", desk.record, "--book", desk.book)


@pytest.mark.parametrize(("rig", "wrong"), [
    (reclassed, "在名单里列在“A”层"), (renamed, "在名单里列在“X”层，按冻结时名录库的“信用风险等级”应是"), (hidden, "记的是“白名单”"), (stripped, "在名单里的事项是“DJ01”"),
    (moved, "在 jurisdiction.tsv 里归“"),
])
def test_a_pool_that_the_registry_does_not_give(desk, monkeypatch, rig, wrong):
    """A class changed or made up, a firm hidden behind a false reason, an item taken away, a firm given to another unit, all before the
    freeze: verify with the workbook says no and names the firm.
    """
    import_rows(desk, "分事项比例", {"任务": TASK, "抽查事项": "全部", "层": "X", "该层比例": "1%"})
    status, said = rigged(desk, monkeypatch, rig)
    assert status == 1
    assert wrong in said


def test_a_registry_that_was_changed_since(desk):
    """Step 13 says where to look: the copy kept at the freeze, the first from that moment on, with which it is done after all."""
    before = desk.book.read_bytes()
    desk.freeze()
    desk.draw()
    desk.patch("subjects", int(desk.read("subjects").index[0]), "address", "搬到别处")
    said = desk.good("verify", desk.record, "--book", desk.book)
    assert re.search(r"13 与名录库对照　未核　.*请改用冻结时自动留下的副本再核一次：--book 备份/那一份（文件名里有日期和时刻，取北京时间 \d{8}-\d{6} 起的第一份）", said)
    kept = next(copy for copy in sorted((desk.folder / "备份").iterdir()) if copy.read_bytes() == before)
    assert "13 与名录库对照　是　" in desk.good("verify", desk.record, "--book", kept)


def test_a_condition_that_nobody_was_shown(desk, monkeypatch):
    """A pool filtered by one secret condition, while sheet, slip and log keep the honest ones: verify names the condition, without a workbook too."""
    name = desk.read("subjects").query("type == '企业' and status in ('', '存续')")["name"].iloc[0]
    secret = scope.Condition("主体名称", codelists.LACKS, name)
    understood, locked, sentence = preparing._task, freezing.locked, scope.sentence

    def honest(rows):
        return [row for row in rows if row != secret]

    with monkeypatch.context() as patched:
        patched.setattr(preparing, "_task", lambda *args: (made := understood(*args))._replace(conditions=sorted([*made.conditions, secret])))
        patched.setattr(freezing, "locked", lambda made: locked(made._replace(conditions=honest(made.conditions))))
        patched.setattr(scope, "sentence", lambda rows, **more: sentence(honest(rows), **more))
        desk.freeze()
        desk.draw()
    for given in ((), ("--book", desk.book)):
        status, said = desk.ssj("verify", desk.record, *given)
        assert status == 1
        assert f"的名单按“主体名称 不含 {name}”筛选过，抽取记录里冻结的抽查范围却没有这一条" in said


def test_strata_by_any_column_are_replayed(desk, monkeypatch):
    """Strata by unit: an honest draw is true, the column is named; a firm frozen in another stratum is named, with its own."""
    one, other = sorted(set(desk.read("subjects")["unit"]))[:2]
    task(desk, strata="管辖单位")
    import_rows(desk, "分事项比例", *({"任务": TASK, "抽查事项": "全部", "层": layer, "该层比例": rate} for layer, rate in (("全部", "5%"), (one, "50%"))))
    status, said = rigged(desk, monkeypatch, lambda sifted: sifted)
    assert status == 0
    assert "名单、按“管辖单位”的分层、" in said
    desk.good("void", desk.book, TASK, "--reason", "其他", "--explain", "方案要重新报批，先作废", "--approver", "赵局长")
    friend = []

    def spared(sifted):
        at = next(at for at, row in enumerate(sifted.pool) if row.stratum == one)
        friend.append(sifted.pool[at].id)
        return sifted._replace(pool=[*sifted.pool[:at], sifted.pool[at]._replace(stratum=other), *sifted.pool[at + 1:]])

    status, said = rigged(desk, monkeypatch, spared)
    assert status == 1
    assert f"“{friend[0]}”在名单里列在“{other}”层，按冻结时名录库的“管辖单位”应是“{one}”" in said


@pytest.mark.parametrize(("layer", "status", "wrong"), [
    (None, 0, "这份档案没有保存按哪一列分层，各户的分层没有重新比对"), (Layer("管辖单位", "A"), 1, "方案里写的分层依据是“管辖单位”、空白作“A”"),
    (Layer("联系电话", "未填"), 1, "方案里写的分层依据是“联系电话”"),
])
def test_a_plan_that_does_not_say_its_strata(desk, monkeypatch, layer, status, wrong):
    """Where the record does not keep the column its strata are not checked, and it says so; a column that cannot be one is a difference."""
    task(desk, strata="管辖单位")
    import_rows(desk, "分事项比例", {"任务": TASK, "抽查事项": "全部", "层": "全部", "该层比例": "5%"})
    made = preparing.plan_of
    with monkeypatch.context() as patched:
        for module in (freezing, unchanged):
            patched.setattr(module, "plan_of", lambda *args, **more: replace(made(*args, **more), layer=layer))
        desk.freeze()
        desk.draw()
    seen, said = desk.ssj("verify", desk.record, "--book", desk.book)
    assert (seen, wrong in said) == (status, True), said


def checked_above(desk, count=3):
    """The province checked some firms of the scope, all of class B, two weeks before the freeze; their codes."""
    firms = desk.read("subjects").query("type == '企业' and status in ('', '存续') and `class` == 'B'")["code"].tolist()[:count]
    import_rows(desk, "上级抽取名单", *({"任务名称": "省局抽查", "发起层级": "省", "统一社会信用代码": code, "抽取日期": "2026-11-01", "检查日期": "2026-11-10"} for code in firms))
    return firms


RECENT = say.OUT_RECENT.format(days=90)


def unchecked(sifted):
    """The first firm of the pool kept out as if it had been checked lately."""
    first = sifted.pool[0].id
    return sifted._replace(pool=sifted.pool[1:], excluded=[*sifted.excluded, (first, RECENT)], jurisdiction=[pair for pair in sifted.jurisdiction if pair[0] != first])


def forged(sifted):
    """The same, with a check of it that never was."""
    return unchecked(sifted)._replace(checked=[*sifted.checked, (sifted.pool[0].id, "2026-11-02")])


def admitted(sifted):
    """A firm that was checked lately, in the pool all the same."""
    first = next(id_ for id_, reason in sifted.excluded if reason == RECENT)
    row = next(row for row in sifted.pool if row.stratum == "B")._replace(id=first)
    return sifted._replace(pool=[row, *sifted.pool], excluded=[pair for pair in sifted.excluded if pair[0] != first], jurisdiction=[*sifted.jurisdiction, (first, sifted.jurisdiction[0][1])])


def forgotten(sifted):
    """The same, and its check left out of what is kept."""
    first = next(id_ for id_, reason in sifted.excluded if reason == RECENT)
    return admitted(sifted)._replace(checked=[pair for pair in sifted.checked if pair[0] != first])


@pytest.mark.parametrize(("rig", "wrong"), [
    (unchecked, f"没有进入名单的原因，记的是“{RECENT}”，按冻结时的名录库和检查日期应是“没有，应在名单里”"),
    (forged, "冻结时记的检查日期 2026-11-02 在“检查结果”和“上级抽取名单”里都没有"),
    (to_come, "按冻结时的名录库和检查日期应是“没有，应在名单里”"),
    (admitted, f"记的是“没有，应在名单里”，按冻结时的名录库和检查日期应是“{RECENT}”"),
])
def test_a_pool_rigged_with_earlier_checks(desk, monkeypatch, rig, wrong):
    """A firm kept out for a check that was not, also one forged into what is kept, and one let in despite a check: verify says no and names it."""
    checked_above(desk)
    sift = candidates.sift
    with monkeypatch.context() as patched:
        patched.setattr(candidates, "sift", lambda *args: rig(sift(*args)))
        desk.freeze()
        desk.draw()
    status, said = desk.ssj("verify", desk.record, "--book", desk.book)
    assert status == 1
    assert wrong in said


def at_home(sifted, units):
    """Every firm of the pool in its own unit, so that nothing but the rig is wrong."""
    return sifted._replace(jurisdiction=[(row.id, units[row.id]) for row in sifted.pool])


def test_a_check_that_was_not_kept_is_told(desk, monkeypatch):
    """A firm let in, its check left out of what is kept: no program can tell that from a check entered later, so the firm is named to be looked up."""
    firms = checked_above(desk, 1)
    sift = candidates.sift
    with monkeypatch.context() as patched:
        patched.setattr(candidates, "sift", lambda view, *more: at_home(forgotten(sift(view, *more)), dict(candidates.units_of(view))))
        desk.freeze()
        desk.draw()
    assert f"名单里有 1 户（例如“{firms[0]}”），按现在的检查记录冻结以前已经查过，冻结时却没有记" in desk.good("verify", desk.record, "--book", desk.book)


def test_earlier_checks_are_replayed(desk):
    """Exclusions by earlier checks and by the ceiling of a class come out the same from what is kept; nobody's check outside the scope is kept.
    A change to what is kept is found before that; a setting changed later changes nothing.
    """
    checked_above(desk)
    others = desk.read("subjects").query("type != '企业'")["code"].tolist()[:2]
    import_rows(desk, "上级抽取名单", *({"任务名称": "市局抽查", "发起层级": "市", "统一社会信用代码": code, "抽取日期": "2026-11-01", "检查日期": "2026-11-10"} for code in others))
    b = desk.read("subjects").query("type == '企业' and status in ('', '存续') and `class` == 'B'")["code"].tolist()[-1]
    import_rows(desk, "上级抽取名单", {"任务名称": "省局年初", "发起层级": "省", "统一社会信用代码": b, "抽取日期": "2026-01-01", "检查日期": "2026-01-10"})
    desk.patch("settings", desk.row("settings", "key", "每年最多检查次数B"), "value", "1")
    desk.freeze()
    kept = (desk.record / "checked.tsv").read_text(encoding="utf-8").splitlines()
    assert len(kept) == 4
    assert f"{b}\t2026-01-10" in kept
    desk.draw()
    desk.patch("settings", desk.row("settings", "key", "每年最多检查次数B"), "value", "")
    said = desk.good("verify", desk.record, "--book", desk.book)
    assert "因以前查过而排除的 4 户，按冻结时保存的检查日期重算相同" in said
    (desk.record / "checked.tsv").write_text("\n".join([*kept[:2], kept[2].replace("2026-11-10", "2026-11-11"), *kept[3:], ""]), encoding="utf-8", newline="\n")
    assert "checked.tsv 和冻结时不一样，第 3 行被改过" in desk.ssj("verify", desk.record, "--book", desk.book)[1]


def test_a_freeze_from_before_checks_were_kept(desk, monkeypatch):
    """It can still be drawn and verified; that earlier checks were not compared is named."""
    checked_above(desk)
    inner = fixing._inner
    with monkeypatch.context() as patched:
        patched.setattr(fixing, "_inner", lambda plan, *more: inner(replace(plan, checked=None), *more))
        desk.freeze()
    assert not (desk.record / "checked.tsv").exists()
    desk.draw()
    said = desk.good("verify", desk.record, "--book", desk.book)
    assert "13 与名录库对照　未核　按冻结的抽查范围（主体类型 等于其一 企业）重新筛选，名单、按“信用风险等级”的分层、各户的事项、管辖单位和按名录库排除的原因都相同" in said
    assert "因以前查过而排除的 3 户没有重新比对" in said
    desk.good("verify", desk.book)


def test_a_check_entered_between_freeze_and_draw(desk):
    """A check of a firm of the scope that moves nobody out of the pool does not stop the draw; verify tells of it."""
    desk.patch("settings", desk.row("settings", "key", "多少天内查过不再抽"), "value", "10")
    desk.freeze()
    firms = checked_above(desk, 1)
    desk.draw()
    assert "核验结论：是" in (said := desk.good("verify", desk.record, "--book", desk.book))
    assert firms[0] not in said
