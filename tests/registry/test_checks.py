"""Each check finds what it is there for, says so, and blocks only where a draw would be wrong."""

from datetime import date

import pytest

from ssj_xlwings.registry import checks
from ssj_xlwings.registry.report import default_cell
from ssj_xlwings.types import At, Finding, Sentence, View
from ssj_xlwings.vocabulary.sentences import books
from ssj_xlwings.vocabulary.sentences import registry as say
from tests.registry.book import BUREAU, code, sound, units, view

TODAY = date(2026, 5, 6)
SHOP = {"name": "商店", "code": code(9), "address": "路", "unit": BUREAU}
ITEM = {"code": "DJ01", "name": "名称检查", "kind": "一般检查事项", "basis": "条例"}
KEY = {"code": "ZD01", "name": "特种设备检查", "kind": "重点检查事项", "basis": "安全法"}
PERSON = {"name": "甲", "unit": BUREAU, "id": "13049", "until": "2027-12-31", "items": "全部"}
TASK = {"name": "第一批", "items": "DJ01、ZD01", "start": "2026-03-16", "end": "2026-04-30", "source": "投诉举报"}
RESULT = {"task": "第一批", "subject": code(1), "item": "DJ01", "date": "2026-03-20", "result": "未发现问题"}
SCOPE = {"task": "第一批", "column": "主体类型", "condition": "等于其一", "value": "企业"}
TEAM = [{**PERSON, "id": f"1304{n}"} for n in range(3)]


def test_a_sound_book_has_no_finding():
    """Nothing is found where nothing is wrong, so every other test can fail."""
    assert checks.findings(sound(), TODAY) == []


CASES = {
    "blank": ({"subjects": [{**SHOP, "name": ""}]}, "检查对象名录库!A2", True, "“主体名称”没有填。"),
    "blank address": ({"subjects": [{**SHOP, "address": ""}]}, "检查对象名录库!C2", False, "“住所”没有填。"),
    "no code": ({"subjects": [{**SHOP, "code": ""}]}, "检查对象名录库!B2", True, "“统一社会信用代码”没有填。"),
    "no basis": ({"items": [ITEM, {**KEY, "basis": ""}]}, "抽查事项清单!D3", True, "“检查依据”没有填。"),
    "word": ({"subjects": [{**SHOP, "status": "在营"}]}, "检查对象名录库!F2", True, "“登记状态”填的是“在营”。只能填：存续、吊销、注销、撤销、迁出、歇业、清算。是不是“存续”？"),
    "words": ({"items": [ITEM, {**KEY, "methods": "现场检查、目测"}]}, "抽查事项清单!F3", False, "“检查方式”填的是“目测”。"),
    "date": ({"inspectors": [*TEAM, {**PERSON, "until": "长期"}]}, "执法检查人员名录库!D5", True, "“证件有效期至”填的“长期”不是日期。"),
    "rate": ({"tasks": [{**TASK, "rate_A": "很多"}]}, "抽查任务!H2", True, "“A类比例”填的“很多”不是比例。"),
    "whole number": ({"tasks": [{**TASK, "alternates": "两"}]}, "抽查任务!M2", True, "“备选户数”填的“两”不是整数。"),
    "unseen": ({"subjects": [{**SHOP, "name": "商\u200b店"}]}, "检查对象名录库!A2", True, "“主体名称”里有看不见的字符：零宽空格（U+200B）。"),
    "unseen elsewhere": ({"subjects": [{**SHOP, "business": "食\u200b品"}]}, "检查对象名录库!P2", False, "“经营范围”里有看不见的字符：零宽空格（U+200B）。"),
    "code length": ({"subjects": [{**SHOP, "code": "123"}]}, "检查对象名录库!B2", True, "“统一社会信用代码”填的“123”是 3 位。"),
    "check digit": ({"subjects": [{**SHOP, "code": "91130406105684509A"}]}, "检查对象名录库!B2", True, "校验位不对，最后一位应当是 Y。"),
    "lower case": ({"subjects": [{**SHOP, "code": code(9).lower()}]}, "检查对象名录库!B2", True, f"里有小写字母、全角字符或空格。请改成 {code(9)}。"),
    "item code": ({"items": [ITEM, {**KEY, "code": "Z D"}], "tasks": [], "plans": []}, "抽查事项清单!A3", True, "里有分隔符号。"),
    "same subject": ({"subjects": [SHOP, {**SHOP, "name": "分店"}]}, "检查对象名录库!B3", True, f"“统一社会信用代码”重复：“{code(9)}”在第 2、3 行都有。"),
    "same inspector": ({"inspectors": [*TEAM, TEAM[0]]}, "执法检查人员名录库!C5", True, "在第 2、5 行都有。"),
    "same item": ({"items": [ITEM, KEY, {**ITEM, "code": "dj01"}]}, "抽查事项清单!A4", True, "“事项编码”重复"),
    "same task": ({"tasks": [TASK, TASK]}, "抽查任务!B3", True, "“任务名称”重复"),
    "unknown unit": ({"subjects": [{**SHOP, "unit": "丛台区市场监管局"}]}, "检查对象名录库!D2", True, "“管辖单位”填的“丛台区市场监管局”，在“单位”里没有。是不是“丛台区市场监督管理局”？"),
    "unknown item of a person": ({"inspectors": [*TEAM, {**PERSON, "items": "DJ01、DJ09"}]}, "执法检查人员名录库!E5", True, "“可检查事项”填的“DJ09”，在“抽查事项清单”里没有。"),
    "unknown item of a task": ({"tasks": [{**TASK, "items": "DJ01、无此事项"}]}, "抽查任务!D2", True, "“抽查事项”填的“无此事项”"),
    "unknown plan": ({"tasks": [{**TASK, "plan": "去年计划"}]}, "抽查任务!C2", True, "“所属计划”填的“去年计划”"),
    "unknown recused": ({"recusals": [{"inspector": "999", "subject": code(1), "reason": "其他"}]}, "回避登记!A2", True, "“行政执法证号”填的“999”"),
    "unknown recusing": ({"recusals": [{"inspector": "13041", "subject": "无此户", "reason": "其他"}]}, "回避登记!B2", True, "“检查对象”填的“无此户”"),
    "expired": ({"inspectors": [*TEAM, {**PERSON, "until": "2026-03-11"}]}, "执法检查人员名录库!D5", False, "“证件有效期至”是 2026-03-11，证件已经过期。"),
    "off duty": ({"inspectors": [*TEAM, {**PERSON, "state": "休假"}]}, "执法检查人员名录库!G5", False, "“状态”是“休假”，不会被抽到。"),
    "too few": ({"inspectors": [TEAM[0], {**TEAM[1], "items": "DJ01"}]}, "抽查事项清单!A3", False, "事项“特种设备检查”能检查的人员只有 1 人。"),
    "end before start": ({"tasks": [{**TASK, "end": "2026-03-01"}]}, "抽查任务!F2", True, "“检查截止”（2026-03-01）早于“检查开始”（2026-03-16）。"),
    "plan ends early": ({"plans": [{"name": "甲", "kind": "本部门", "items": "DJ01", "start": "2026-05-01", "end": "2026-04-01"}], "tasks": []}, "年度抽查计划!F2", False, "早于"),
    "retired item": ({"items": [{**ITEM, "state": "失效"}, KEY]}, "抽查任务!D2", True, "“抽查事项”里的“DJ01”已经失效。"),
    "outside plan": ({"tasks": [{**TASK, "plan": "年度计划", "end": "2026-12-01"}]}, "抽查任务!E2", True, "检查时间（2026-03-16 ~ 2026-12-01）不在年度计划的实施时间（2026-03-01 ~ 2026-11-30）内。"),
    "not planned": ({"plans": [{"name": "年度计划", "kind": "本部门", "items": "DJ01", "start": "2026-03-01", "end": "2026-11-30"}], "tasks": [{**TASK, "plan": "年度计划"}]},
                    "抽查任务!D2", True, "“抽查事项”里的“ZD01”不在年度计划“年度计划”的事项里。"),
    "falling rates": ({"tasks": [{**TASK, "rate_B": "0.01"}]}, "抽查任务!H2", False, "各类比例没有从 A 到 D 递增：A 3%、B 1%、C 5%、D 6%。"),
    "above ceiling": ({"items": [{**ITEM, "ceiling": "0.05"}, KEY]}, "抽查任务!H2", True, "一般检查事项“名称检查”的比例 6% 超过上限 5%。"),
    "key at zero": ({"tasks": [{**TASK, "rate_A": "0"}]}, "抽查任务!H2", True, "重点检查事项“特种设备检查”的A比例是 0。"),
    "own rate of an item": ({"items": [{**ITEM, "ceiling": "0.1"}, KEY], "item_rates": [{"task": "第一批", "item": "DJ01", "rate_D": "0.2"}]},
                            "分事项比例!C2", True, "的比例 20% 超过上限 10%。"),
    "scope column": ({"scopes": [{**SCOPE, "column": "类型"}]}, "抽查范围!B2", True, "“列”填的“类型”，检查对象名录库没有这一列。"),
    "scope condition": ({"scopes": [{**SCOPE, "condition": "大于"}]}, "抽查范围!C2", True, "“条件”填的是“大于”。"),
    "scope value": ({"scopes": [{**SCOPE, "value": ""}]}, "抽查范围!D2", True, "条件“等于其一”没有填“值”。"),
    "scope word": ({"scopes": [{**SCOPE, "value": "企业、个体户"}]}, "抽查范围!D2", True, "“主体类型”不会是“个体户”，这个条件选不到任何一户。"),
    "scope date": ({"scopes": [{**SCOPE, "column": "成立日期", "condition": "早于", "value": "去年"}]}, "抽查范围!D2", True, "“值”填的“去年”不是日期。"),
    "scope of no task": ({"scopes": [{**SCOPE, "task": "第三批"}]}, "抽查范围!A2", True, "“任务”填的“第三批”"),
    "no unit": ({"subjects": [{**SHOP, "unit": ""}]}, "检查对象名录库!D2", False, "“管辖单位”没有填。没有管辖单位的户"),
    "result outside": ({"results": [{**RESULT, "date": "2026-05-01"}]}, "检查结果!E2", False, "“检查日期”（2026-05-01）不在任务的检查时间（2026-03-16 ~ 2026-04-30）内。"),
    "result to come": ({"results": [{**RESULT, "date": "2026-05-07"}], "tasks": [{**TASK, "end": "2026-05-20"}]}, "检查结果!E2", False, "“检查日期”（2026-05-07）还没有到。"),
    "listed to come": ({"upper": [{"task": "省局抽查", "launched_by": "省", "subject": code(1), "drawn": "2026-05-06", "checked": "2030-01-10"}]},
                       "上级抽取名单!I2", False, "抽取时不会因此避开这一户"),
    "result of no visit": ({"results": [{**RESULT, "subject": code(2)}]}, "检查结果!B2", False, "没有在这个任务（第一批）里抽中，这一行的检查日期不算检查"),
    "result of no draw": ({"results": [{**RESULT, "task": "没有的任务"}]}, "检查结果!B2", False, "没有在这个任务（没有的任务）里抽中"),
    "result of no such attempt": ({"results": [{**RESULT, "attempt": "2"}]}, "检查结果!B2", False, "没有在这个任务（第一批）里抽中"),
    "problem without text": ({"results": [{**RESULT, "result": "发现问题已责令改正"}]}, "检查结果!G2", False, "检查结果是“发现问题已责令改正”，但“发现问题情况”没有填。"),
    "done before": ({"results": [{**RESULT, "done": "2026-03-19"}]}, "检查结果!I2", False, "“完结日期”（2026-03-19）早于“检查日期”（2026-03-20）。"),
    "reviewer": ({"results": [{**RESULT, "recorder": "甲", "reviewer": "甲"}]}, "检查结果!M2", False, "“复核人”和录入人都是“甲”。"),
    "holiday": ({"holidays": [{"date": "春节", "kind": "放假"}]}, "节假日!A2", False, "“日期”填的“春节”不是日期。"),
    "setting rate": ({"settings": [{"key": "默认比例C", "value": "多"}, {"key": "行政区划代码", "value": "130400"}]}, "参数!B2", True, "“默认比例C”填的“多”不是比例。"),
    "setting number": ({"settings": [{"key": "备选户数", "value": "x"}, {"key": "行政区划代码", "value": "130400"}]}, "参数!B2", True, "“备选户数”填的“x”不是整数。"),
    "setting team": ({"settings": [{"key": "每户检查人员数", "value": "1"}, {"key": "行政区划代码", "value": "130400"}]}, "参数!B2", True, "“每户检查人员数”填的是“1”。"),
    "setting division": ({"settings": [{"key": "行政区划代码", "value": "1304"}]}, "参数!B2", True, "“行政区划代码”填的是“1304”。"),
}


@pytest.mark.parametrize(("tables", "cell", "blocks", "words"), CASES.values(), ids=CASES)
def test_one_fault_one_finding(tables, cell, blocks, words):
    """In a book that is sound otherwise, exactly one finding, at that cell, that blocks or does not, in these words."""
    found = checks.findings(sound(**tables), TODAY)
    assert [(default_cell(f.at), f.blocks) for f in found] == [(cell, blocks)], [f.problem() for f in found]
    assert words in found[0].problem() + found[0].remedy()


@pytest.mark.parametrize("tables", [
    {"subjects": [{**SHOP, "code": "123", "state": "失效"}]},
    {"subjects": [{**SHOP, "class": "E", "status": "注销"}]},
    {"subjects": [{**SHOP, "code": "123", "whitelist": "是"}]},
    {"inspectors": [*TEAM, {**PERSON, "until": "", "state": "退休"}]},
    {"inspectors": [*TEAM, {**PERSON, "items": "无", "kind": "执法辅助人员"}]},
])
def test_rows_that_cannot_be_drawn_never_block(tables):
    """A firm that no draw takes, a person who is not drawn: their errors are reminders."""
    found = checks.findings(sound(**tables), TODAY)
    assert found
    assert not any(finding.blocks for finding in found)


@pytest.mark.parametrize("tables", [
    {"subjects": [{**SHOP, "code": "", "nature": "非市场主体"}]},
    {"subjects": [{**SHOP, "code": code(9, "N2130402")}]},
    {"subjects": [{**SHOP, "code": "130406000012345"}]},
    {"subjects": [SHOP, {}]},
    {"items": [{**ITEM, "ceiling": "0.06"}, KEY]},
    {"tasks": [{**TASK, "rate_A": "5户", "rate_B": "1户"}]},
    {"tasks": [{**TASK, "rate_A": "0"}], "item_rates": [{"task": "第一批", "item": "ZD01", "rate_A": "0.1", "rate_B": "0.1", "rate_C": "0.1", "rate_D": "0.1"}]},
    {"scopes": [{**SCOPE, "condition": "为空", "value": ""}]},
    {"recusals": [{"inspector": "13041", "subject": "商店0", "reason": "其他"}]},
])
def test_what_is_right_is_not_found(tables):
    """Odd but allowed: no code outside the market, old numbers, blank rows, counts, an item's own rates, names for ids."""
    assert [f.problem() for f in checks.findings(sound(**tables), TODAY)] == []


@pytest.mark.parametrize(("rows", "said"), [
    ([2, 4, 5, 6], "中间有空行：第 3 行。"), ([3, 4, 9, 11], "中间有空行：第 5–8、10 行。"),
    ([2, 4, 6, 8, 10, 12, 14], "中间有空行：第 3、5、7、9、11 行等，共 6 行。"),
])
def test_blank_rows_between_others_are_told(rows, said):
    """One reminder a table, with the row numbers, at the first of them; what stands below is read all the same."""
    tables = dict(sound(subjects=[{**SHOP, "code": code(n)} for n in range(len(rows))]).tables)
    tables["subjects"] = tables["subjects"].set_axis(rows)
    (found,) = checks.findings(View(tables), TODAY)
    assert (found.problem(), found.blocks) == (said, False)
    assert found.at.row not in rows
    assert found.at.row - 1 in rows


def test_what_the_book_could_not_read_is_a_finding_too():
    """A damaged code that the book reports stands among the findings and blocks."""
    damaged = Finding(At("subjects", 2, "code"), say.DAMAGED, {"header": "统一社会信用代码", "seen": "911304061056845000"})
    assert checks.findings(View(sound().tables, [damaged]), TODAY) == [damaged]


def test_a_cell_that_could_not_be_read_has_one_finding():
    """A code that became a number is not also wrong in its check digit, nor the same as another one that became it."""
    lost = {**SHOP, "code": "911304061056845000"}
    tables = sound(subjects=[lost, {**lost, "name": "分店"}]).tables
    damaged = [Finding(At("subjects", row, "code"), books.DAMAGED_CODE, {"heading": "统一社会信用代码", "seen": lost["code"], "allowed": ""}) for row in (2, 3)]
    assert checks.findings(View(tables, damaged), TODAY) == damaged
    assert len(checks.findings(View(tables), TODAY)) == 3, "the two check digits and the repetition"


@pytest.mark.parametrize("finding", [books.DAMAGED_CODE, books.ERROR_VALUE, *(one for one in vars(say).values() if isinstance(one, Sentence))])
def test_problem_and_remedy_are_whole_sentences(finding):
    """Problem and remedy stand one after the other, so each ends in a full stop (or in a hint that does)."""
    assert finding.problem.endswith("。")
    assert finding.remedy.endswith(("。", "{hint}", "{help}"))


@pytest.mark.parametrize(("tables", "allowed", "remedy"), [
    ({"subjects": [{**SHOP, "class": "E级"}]}, "A、B、C、D、未评", "只能填：A、B、C、D、未评。"),
    ({"tasks": [{**TASK, "plan": "QQ"}]}, "年度计划", "请改成“年度抽查计划”里有的，或先在那里加上。"),
    ({"scopes": [{**SCOPE, "value": "ZZ"}]}, "企业、个体工商户、农民专业合作社、外国企业常驻代表机构、事业单位、社会组织、其他",
     "可以填：企业、个体工商户、农民专业合作社、外国企业常驻代表机构、事业单位、社会组织、其他。"),
])
def test_a_word_like_no_other_still_gets_the_list(tables, allowed, remedy):
    """Where no allowed word is near, those that there are stand there, and no empty hint."""
    (found,) = checks.findings(sound(**tables), TODAY)
    assert (found.values["allowed"], found.remedy()) == (allowed, remedy)


def test_a_scope_column_like_no_other_gets_the_columns():
    """The columns of 检查对象名录库 are listed where none is near."""
    (found,) = checks.findings(sound(scopes=[{**SCOPE, "column": "XYZ"}]), TODAY)
    assert found.values["allowed"].startswith("主体名称、")


def test_tables_that_were_not_read_are_not_checked():
    """A command that reads only the pool's tables can check them."""
    whole = sound(subjects=[{**SHOP, "unit": "无"}])
    some = View({name: whole[name] for name in ("subjects", "units")})
    assert len(checks.findings(some, TODAY)) == 1
    assert checks.findings(View({}), TODAY) == []


def test_errors_outside_a_tasks_scope_do_not_block_it():
    """Only the task's row, its subjects, items, scope rows and rates, and what touches every task."""
    tables = sound(
        subjects=[SHOP, {**SHOP, "code": "1"}, {**SHOP, "code": "2"}], items=[ITEM, KEY, {**ITEM, "code": "D9", "basis": ""}],
        tasks=[TASK, {**TASK, "name": "第二批", "end": "2026-01-01"}], scopes=[{**SCOPE, "task": "第二批", "column": "类型"}],
    )
    found = checks.findings(tables, TODAY)
    assert checks.blocking(found, 2, {2}, {2, 3}, set()) == []
    assert [f.at.row for f in checks.blocking(found, 2, {2, 4}, {2, 3}, set())] == [4]
    assert {f.at.table for f in checks.blocking(found, 3, {2}, {4}, {2})} == {"tasks", "items", "scopes"}


def test_errors_of_people_and_settings_block_every_task():
    """Anyone may be drawn to inspect."""
    found = checks.findings(sound(inspectors=[*TEAM, {**PERSON, "id": ""}]), TODAY)
    assert len(checks.blocking(found, 99, set(), set(), set())) == 1


def test_units_of_the_test_book():
    """The fixture has the 18 counties and the bureau."""
    assert len(units()) == 19
    assert len(view()["units"]) == 19
