"""Merging: what is added, changed, unchanged and refused, and that nothing is lost on the way."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ssj_xlwings.registry.headings import understand
from ssj_xlwings.registry.intake import Intake, take
from ssj_xlwings.registry.jurisdiction import Jurisdiction
from ssj_xlwings.registry.reader import Sheet, Source
from ssj_xlwings.vocabulary.sentences import registry as say
from ssj_xlwings.vocabulary.tables import BY_NAME, INSPECTORS, SUBJECTS
from tests.registry.book import BUREAU, code, frame, units

HEAD = ["主体名称", "统一社会信用代码", "住所", "登记状态", "成立日期", "联系电话", "对象性质", "专项库标签"]
FIRM = {"name": "甲公司", "code": code(1), "address": "丛台区人民路", "unit": "丛台区市场监督管理局"}


def merge(rows, present=(), table="subjects", head=HEAD, fixed=None, where=None) -> Intake:
    layout = understand(Source("a.csv", [Sheet("", [list(head), *map(list, rows)])]), BY_NAME[table], {}, {})
    return take(layout, BY_NAME[table], frame(table, present), fixed or {}, where)


def reasons(intake: Intake) -> dict[int, str]:
    return {row.row: row.reason for row in intake.refused}


def test_a_new_row_is_canonical():
    """Dates, words, codes and lists come in as the workbook writes them; the type follows from the code."""
    row = ["甲公司", code(1).lower(), "路１号", "在营", "2020年3月2日", "０３１０-1234", "", "食品，药品"]
    assert merge([row]).added == [{
        "name": "甲公司", "code": code(1), "address": "路１号", "status": "存续", "founded": "2020-03-02", "phone": "0310-1234", "tags": "食品、药品", "type": "企业",
    }]


def test_a_blank_never_erases():
    """Only what the file says changes; the row's other cells stay."""
    found = merge([["甲公司", code(1), "新址", "", "", None, "  "]], [{**FIRM, "phone": "110", "status": "注销"}])
    assert found.changed == {2: {"address": ("丛台区人民路", "新址"), "type": ("", "企业")}}


def test_codes_are_compared_folded():
    """A code in full width and small letters is the same firm, not a second one."""
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code(1).lower())
    assert merge([["甲公司", wide, "丛台区人民路"]], [{**FIRM, "type": "企业"}]).unchanged == 1


def test_without_code_the_name_is_the_key():
    """A body outside the market is known by its name."""
    body = {"name": "村委会", "address": "村里", "nature": "非市场主体"}
    found = merge([["村委会", "", "村东", "", "", "", "非市场主体"]], [body])
    assert found.changed == {2: {"address": ("村里", "村东")}}


@pytest.mark.parametrize(("row", "reason"), [
    (["甲", code(1), ""], "“住所”没有填。请填上。"),
    (["甲", "", "路"], "“统一社会信用代码”没有填。请填上。"),
    (["甲", code(1)[:-1], "路"], "是 17 位。"),
    (["甲", "I" + code(1)[1:], "路"], "写法不对。"),
    (["甲", "9" * 17 + "8", "路"], "校验位不对，最后一位应当是"),
    (["甲", 911304061056845099.0, "路"], "已经损坏，不能恢复。"),
    (["甲", "9.11304E+17", "路"], "已经损坏，不能恢复。"),
    (["甲", code(1), "路", "营业中"], "“登记状态”填的是“营业中”。只能填：存续、"),
    (["甲", code(1), "路", "", "长期"], "“成立日期”填的“长期”不是日期。"),
    (["甲\u200b乙", code(1), "路"], "“主体名称”里有看不见的字符：零宽空格（U+200B）。"),
    (["甲\n乙", code(1), "路"], "“主体名称”里有看不见的字符：换行（U+000A）。"),
    (["甲" * 40_000, code(1), "路"], "“主体名称”有 40000 个字。"),
    ([None, None, None, "", "", "", "", None, "批注"], "在用到的列里没有内容"),
    (["合计：2户"], "合计行"),
    (["示例", code(1), "路"], "示例行"),
    (["某公司（请删除本行）", code(1), "路"], "示例行"),
])
def test_refused_rows_say_why(row, reason):
    """A row that cannot be taken in is refused with its row number and the first thing that is wrong."""
    found = merge([row])
    assert not found.added
    assert reason in reasons(found)[2]


def test_headings_repeated_on_each_page_are_no_data():
    """A printed list repeats its headings; they are skipped, and said to be."""
    assert reasons(merge([["甲", code(1), "路"], HEAD])) == {3: "这是重复的标题行，不导入。"}


@pytest.mark.parametrize(("row", "sort"), [
    (["", "", "合计：20户，其中企业12户"], "合计行"), ([None, "小 计", 3.0], "合计行"), (["12", "共计20户"], "合计行"), (["本页合计", 5], "合计行"),
    (["填写示例", code(1), "路"], "示例行"), (["例：甲公司", code(1), "路"], "示例行"),
    (["审核人：", "张三", "填表人：李四"], "签名或说明行"), (["审 核 人 张三"], "签名或说明行"), (["填表人（签字）：", "", "2026年3月1日"], "签名或说明行"),
    (["注：1.本表由各所填报"], "签名或说明行"), (["备  注：无", "x", "路"], "签名或说明行"), (["制表日期2026-03-01"], "签名或说明行"), (["第 1 页 共 3 页"], "签名或说明行"),
    (["主体名称", "统一社会信用代码", "住所"], "重复的标题行"), (["检查对象名录"], "重复的标题行"),
])
def test_rows_that_are_no_data(row, sort):
    """Totals, examples, signatures, notes and repeated titles are passed over under their name."""
    source = Source("a.csv", [Sheet("", [["检查对象名录"], HEAD, ["甲", code(1), "路"], row])])
    found = take(understand(source, SUBJECTS, {}, {}), SUBJECTS, frame("subjects", []), {})
    assert [(one.row, say.IDLE_SORTS[one.reason], one.sort) for one in found.refused] == [(4, sort, "idle")]


def test_two_heading_rows_repeated_are_no_data():
    """Each of two merged heading rows is known again, though the headings are understood as one."""
    head = [["姓名", "单位", "执法证件", "执法证件", "可检查事项"], ["姓名", "单位", "编号", "有效期限止", "可检查事项"]]
    people = [["张三", "市局", "1301", "2027-01-01", "全部"], *head, ["李四", "市局", "1302", "2027-01-01", "全部"]]
    found = take(understand(Source("a.xlsx", [Sheet("表", [*head, *people])]), INSPECTORS, {}, {}), INSPECTORS, frame("inspectors", []), {})
    assert ([row["name"] for row in found.added], {row.reason for row in found.refused}) == (["张三", "李四"], {say.HEADING_ROW})


@pytest.mark.parametrize("right", [
    ["备注酒吧", code(1), "路"],
    ["说明书印刷厂", code(1), "路"],
    ["审核人才服务公司", code(1), "路"],
    ["合计（邯郸）科技有限公司", code(1), "路"],
    ["企业名称", code(1), "路"],
    ["甲", "130406000012345", "路"],
    ["甲", 130406000012345.0, "路"],
    ["村社", code(1, "N2130402"), "路"],
    ["村委会", "", "路", "", "", "", "非市场主体"],
    ["合计科技有限公司", code(1), "路"],
    ["示例网络有限公司", code(1), "路"],
    ['=HYPERLINK("x")', code(1), "@SUM(A1)"],
])
def test_rows_that_look_odd_but_are_right(right):
    """Old numbers, letter-initial codes, bodies without code, firms with strange names: all are taken in as they are."""
    found = merge([right])
    assert [row["name"] for row in found.added] == [right[0]], reasons(found)


def test_the_second_of_two_equal_keys_is_refused():
    """It names the first one's row; case and spaces make no second firm."""
    found = merge([["甲", code(1), "路"], ["乙", code(2), "路"], ["甲", code(1).lower(), "路"]])
    assert (len(found.added), reasons(found)) == (2, {4: f"与文件第 2 行重复（{code(1)}）。请只留一行。"})


def test_missing_firms_are_listed_never_touched():
    """A firm that a new export lacks stays as it is; one whose row was refused is not missing."""
    others = [FIRM, {**FIRM, "name": "乙", "code": code(2)}, {**FIRM, "name": "丙", "code": code(3)}]
    found = merge([["甲公司", code(1), "丛台区人民路"], ["乙", code(2), "路", "不知道"]], [{**one, "type": "企业"} for one in others])
    assert (found.missing, found.changed, found.unchanged) == (["丙"], {}, 1)


def test_set_fills_every_row():
    """--set stands in each row, over what the file says."""
    assert [row["status"] for row in merge([["甲", code(1), "路", "注销"]], fixed={"status": "歇业"}).added] == ["歇业"]


def test_results_cannot_be_made_up():
    """检查结果 is listed by the draw: an import fills its rows and adds none."""
    head = ["任务编号", "统一社会信用代码", "事项编码", "检查日期", "检查结果"]
    present = [{"task": "T1", "subject": code(1), "item": "DJ01"}]
    found = merge([["T1", code(1), "DJ01", "2026-03-20", "正常"], ["T1", code(2), "DJ01", "2026-03-20", "正常"]], present, "results", head)
    assert found.changed == {2: {"date": ("", "2026-03-20"), "result": ("", "未发现问题")}}
    assert "没有这一行" in reasons(found)[3]


def test_item_codes_hold_no_separator():
    """A comma in an item code would split it in two in every list of items."""
    found = merge([["A,1", "名称检查", "一般", "条例"]], table="items", head=["事项编码", "抽查事项", "事项类别", "检查依据"])
    assert "分隔符号" in reasons(found)[2]


def test_units_are_derived_once():
    """By address, else by code, else the bureau's own; a unit that stands is left alone."""
    where = Jurisdiction(frame("units", units()), BUREAU)
    rows = [["甲", code(1), "邯郸市永年县一街"], ["乙", code(2, "91130426"), "某街"], ["丙", code(3, "91130421"), "某街"], ["丁公司", code(4), "涉县"]]
    found = merge(rows, [{"name": "丁公司", "code": code(4), "address": "涉县", "unit": "磁县市场监督管理局", "type": "企业"}], where=where)
    assert [row["unit"] for row in found.added] == ["永年区市场监督管理局", "涉县市场监督管理局", BUREAU]
    assert dict(found.units) == {"address": 1, "code": 1, "none": 1}
    assert found.unchanged == 1


cell = st.one_of(st.none(), st.sampled_from(["", " ", "甲", "乙店", code(1), code(2), code(3).lower(), "存续", "在营", "x", "2020-01-01", "合计", "非市场主体"]),
                 st.integers(0, 10**18), st.booleans(), st.text(max_size=5))
table_rows = st.lists(st.tuples(st.sampled_from(["甲", "乙店", "", None]), st.sampled_from([code(1), code(2), "", None, "9", 1e17]), *[cell] * 6), max_size=12)


@settings(max_examples=150, deadline=None)
@example([("甲", code(1), None, None, None, None, None, "甲"), ("甲", code(1), 0, None, None, None, None, None)], [])
@given(table_rows, st.lists(st.integers(1, 3), unique=True, max_size=3))
def test_counts_add_up_and_a_second_import_changes_nothing(rows, held):
    """Each row with any content is counted once. Applied and imported again, no row is added or changed."""
    present = [{**FIRM, "name": f"商{n}", "code": code(n)} for n in held]
    first = merge(rows, present)
    filled = [row for row in rows if any(c is not None and (not isinstance(c, str) or c.strip()) for c in row)]
    assert first.total == len(filled)
    after = [dict(row) for row in present]
    for at, cells in first.changed.items():
        after[at - 2] |= {name: new for name, (_, new) in cells.items()}
        assert all(new for _, new in cells.values())
    again = merge(rows, [*after, *first.added])
    assert (again.added, again.changed, again.unchanged) == ([], {}, len(first.added) + len(first.changed) + first.unchanged)
    assert reasons(again) == reasons(first)


def test_every_importable_table_can_be_merged():
    """No table trips over its own columns: its headings alone are understood, and no row is no row."""
    from ssj_xlwings.registry.headings import importable
    from ssj_xlwings.vocabulary.commands import IMPORTABLE

    assert SUBJECTS.sheet in IMPORTABLE
    for table in IMPORTABLE.values():
        head = [column.header for column in importable(table)]
        layout = understand(Source("a.csv", [Sheet("", [head])]), table, {}, {})
        assert [match.column.header for match in layout.matches] == head
        assert take(layout, table, frame(table.name, []), {}).total == 0
