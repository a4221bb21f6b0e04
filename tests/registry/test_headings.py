"""Headings are found below titles, in two rows, merged or not, by name, alias or likeness."""

import pytest

from ssj_xlwings.registry.headings import Layout, understand
from ssj_xlwings.registry.reader import Sheet, Source
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.tables import INSPECTORS, SUBJECTS


def layout(*rows, table=SUBJECTS, given=None, remembered=None) -> Layout:
    return understand(Source("a.xlsx", [Sheet("表", [list(row) for row in rows])]), table, given or {}, remembered or {})


def columns(found: Layout) -> dict[str, int]:
    return {match.column.name: match.position for match in found.matches}


def test_below_titles():
    """A title and a 填报单位 line are no headings; the data begins below the heading row."""
    found = layout(["检查对象名录库"], ["填报单位：市局", None, "2026年"], [], ["序号", "企业名称", "信用代码", "地址"], [1, "甲", "x", "y"])
    assert columns(found) == {"name": 1, "code": 2, "address": 3}
    assert (found.first, found.unused) == (5, ["序号"])


@pytest.mark.parametrize("heading", ["主体名称", " 主体 名称 ", "主体\n名称", "*主体名称", "主体名称：", "主体名称（必填）", "主体名称[全称]", "企业名称"])
def test_spelling_of_a_heading_does_not_matter(heading):
    """Spaces, line breaks, asterisks, colons and notes in brackets are no part of a name."""
    found = layout([heading, "统一社会信用代码"])
    assert columns(found)["name"] == 0
    assert found.matches[0].how == "标题相符"


def test_width_of_brackets_does_not_matter():
    """住所(经营场所) is 住所（经营场所）."""
    assert columns(layout(["名称", "住所(经营场所)"])) == columns(layout(["名称", "住所（经营场所）"])) == {"name": 0, "address": 1}


def test_two_rows_without_merged_cells():
    """A .csv of a merged heading has blanks: the upper text holds until the next one."""
    found = layout(["姓名", "单位", "执法证", None, "备注"], [None, None, "编号", "有效期", None], ["甲", "市局", "1304", "2027-01-01", ""], table=INSPECTORS)
    assert columns(found) == {"name": 0, "unit": 1, "id": 2, "until": 3, "remark": 4}
    assert found.headings[2:4] == ("执法证编号", "执法证有效期")
    assert found.first == 3


def test_lower_row_alone_is_tried_too():
    """其他信息/联系人 is 联系人."""
    assert columns(layout(["企业名称", "代码", "其他信息", None], [None, None, "联系人", "电话"]))["contact"] == 2


def test_upper_text_over_two_columns_names_neither():
    """联系方式 over 联系人 and QQ is not the phone column, though 联系方式 alone would be."""
    assert "phone" not in columns(layout(["企业名称", "代码", "联系方式", "联系方式"], ["企业名称", "代码", "联系人", "QQ"]))
    assert columns(layout(["企业名称", "代码", "联系方式"]))["phone"] == 2


def test_merged_rows_are_never_parted():
    """Where a cell covers two rows, the second is heading too, even if nothing in it is known."""
    found = layout(["企业名称", "代码", "甲乙", "甲乙"], ["企业名称", "代码", "甲", "乙"], ["某店", "1", "2", "3"])
    assert found.first == 3


def test_data_is_not_taken_for_a_second_heading_row():
    """One row of headings stays one row."""
    assert layout(["企业名称", "统一社会信用代码"], ["企业", "91"], ["地址", "2"]).first == 2


def test_a_like_heading_is_a_guess():
    """One character off is taken, and said to be a guess; an unlike one is left."""
    found = layout(["企业名称", "统一社会信用代号", "联系人电话", "注册资本"])
    assert [(match.column.name, match.how) for match in found.matches] == [("name", "标题相符"), ("code", "猜测"), ("phone", "猜测")]
    assert found.unused == ["注册资本"]


def test_given_mapping_wins():
    """--map beats names and aliases, and an empty heading leaves the column out."""
    rows = ["企业名称", "代码", "电话", "店招"]
    assert columns(layout(rows, given={"name": "店招", "phone": ""})) == {"code": 1, "name": 3}


def test_given_heading_that_is_not_there():
    """A heading that the file does not have is refused with those that it has."""
    with pytest.raises(Refusal) as refusal:
        layout(["企业名称", "代码"], given={"address": "地点"})
    assert str(refusal.value) == "--map 里的标题“地点”不在“a.xlsx”里。文件里的标题有：企业名称、代码。"


def test_remembered_mapping_needs_the_same_headings():
    """What was given once holds for the same headings, and for no others."""
    first = layout(["企业名称", "代码", "店址"], given={"address": "店址"})
    again = layout(["企业名称", "代码", "店址"], remembered={first.fingerprint: {"address": "店址"}})
    assert [match.how for match in again.matches] == ["标题相符", "标题相符", "上次指定"]
    assert "address" not in columns(layout(["企业名称", "代码", "店址", "备注"], remembered={first.fingerprint: {"address": "店址"}}))


def test_best_sheet_is_chosen():
    """Of several sheets the one that understands most; of equals the first."""
    source = Source("a.xlsx", [Sheet("说明", [["企业名称", "代码"]]), Sheet("名单", [["x"], ["企业名称", "代码", "地址"]]), Sheet("副本", [["企业名称", "代码", "地址"]])])
    found = understand(source, SUBJECTS, {}, {})
    assert (found.sheet.name, found.first) == ("名单", 3)


def test_own_two_headings_are_ignored_silently():
    """行号 and 原因 of a refused workbook are neither used nor complained of, and leave the fingerprint as it was."""
    plain, ours = layout(["企业名称", "代码"]), layout(["企业名称", "代码", "行号", "原因"])
    assert ours.unused == []
    assert ours.fingerprint == plain.fingerprint


def test_formula_columns_are_not_imported():
    """进度 of 抽查任务 is computed by Excel; a file cannot fill it."""
    from ssj_xlwings.vocabulary.tables import TASKS

    assert "state" not in columns(layout(["任务名称", "进度", "检查开始"], table=TASKS))


@pytest.mark.parametrize(("table", "heading", "column"), [
    (SUBJECTS, "经营地址", "address"), (INSPECTORS, "有效期限止", "until"), (INSPECTORS, "有效期止", "until"),
])
def test_headings_seen_in_the_field(table, heading, column):
    """Known by name, not guessed."""
    found = layout(["姓名", "企业名称", "代码", "证号", heading], table=table)
    assert {match.column.name: match.how for match in found.matches if match.position == 4} == {column: "标题相符"}


@pytest.mark.parametrize("heading", ["序号", "编号", "行号", "No.", "序 号", "档案编号", "ID", "顺序号"])
def test_running_numbers_are_never_offered(heading):
    """The example of --map names no heading of running numbers."""
    assert layout([heading, "企业名称", "代码"]).offer(SUBJECTS.column("address")) == ""


def test_one_cell_merged_over_everything_is_no_heading():
    """A sheet in which one text stands in each row is refused, not tripped over."""
    with pytest.raises(Refusal, match="找不到“检查对象名录库”的标题行"):
        layout(*[["说明"]] * 40)
