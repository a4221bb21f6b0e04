"""`import`: the report, the changes, the remembered headings, the workbook of refused rows."""

import pytest

from ssj_xlwings.commands.registry import import_
from ssj_xlwings.registry.reader import read_source
from ssj_xlwings.types import Append, Patch, Refusal
from tests.office import convert, needs_office
from tests.registry.book import BUREAU, applied, code, request, view
from tests.registry.files import HERE, book, text


def run(of, path, table="检查对象名录库", **args):
    return import_(request(of, table=table, file=path, **args))


def refused_file(outcome, folder):
    """The refused rows' workbook, written as the door would."""
    (file,) = outcome.files
    file.data(folder / file.name)
    return folder / file.name


def test_report_and_changes(tmp_path):
    """The message counts, the lines say which heading became what, the changes are one Append."""
    path = text(tmp_path / "名单.csv", f"企业名称,信用代码,地址,注册资本\n甲,{code(1)},邯郸市丛台区\n乙,{code(2)},")
    outcome = run(view(), path)
    assert outcome.message == "检查对象名录库：来源 2 行，新增 1 行，改动 0 行，不变 0 行，未导入 1 行。"
    assert list(outcome.lines) == [
        "来源：名单.csv，标题在第 1 行。",
        "  主体名称 ← 企业名称（标题相符）", "  统一社会信用代码 ← 信用代码（标题相符）", "  住所 ← 地址（标题相符）",
        "没有用到的标题：注册资本。",
        f"管辖单位：由住所推定 1 行，由代码推定 0 行，未能推定 0 行（归{BUREAU}）。",
        "  未导入 第 3 行：“住所”没有填。请填上。",
        "没有导入的行写在“名单-未导入.xlsx”里，改好后可以直接再导入这个文件。",
    ]
    assert outcome.changes == [Append("subjects", [{"name": "甲", "code": code(1), "address": "邯郸市丛台区", "type": "企业", "unit": "丛台区市场监督管理局"}])]
    assert outcome.folder == tmp_path
    assert outcome.next == "ssj check 台账.xlsx"


def test_dry_run_writes_nothing(tmp_path):
    """--dry-run shows headings, rows and counts, and wants nothing written."""
    path = text(tmp_path / "a.csv", f"企业名称,代码,地址\n甲,{code(1)},路\n乙,1,路")
    outcome = run(view(), path, dry_run=True)
    assert outcome.message.startswith("只看不写。检查对象名录库：来源 2 行，新增 1 行")
    assert (outcome.changes, list(outcome.files), outcome.folder) == ([], [], None)
    assert f"  甲 | {code(1)} | 路" in outcome.lines


def test_twice_is_once(tmp_path):
    """The same file again: all unchanged, no change wanted."""
    path = text(tmp_path / "a.csv", f"企业名称,代码,地址,成立日期\n甲,{code(1)},涉县,2020/1/2\n乙,{code(2)},路,")
    once = applied(view(), run(view(), path))
    again = run(once, path)
    assert again.message == "检查对象名录库：来源 2 行，新增 0 行，改动 0 行，不变 2 行，未导入 0 行。"
    assert again.changes == []


def test_change_is_shown_and_patched(tmp_path):
    """A changed cell is shown old → new and patched at its sheet row."""
    first = applied(view(), run(view(), text(tmp_path / "a.csv", f"企业名称,代码,地址\n甲,{code(1)},涉县")))
    outcome = run(first, text(tmp_path / "b.csv", f"企业名称,代码,地址,电话\n甲店,{code(1)},涉县,110"))
    assert outcome.changes == [Patch("subjects", {(2, "name"): "甲店", (2, "phone"): "110"})]
    assert "  改动 检查对象名录库第 2 行 联系电话：（空） → 110" in outcome.lines


def test_mapping_is_remembered_and_can_be_changed(tmp_path):
    """A heading given once is used the next time without being asked for; given otherwise, the newer holds."""
    path = text(tmp_path / "a.csv", f"企业名称,代码,所在,坐落\n甲,{code(1)},东,西")
    with pytest.raises(Refusal, match="找不到必填的列：住所"):
        run(view(), path)
    first = run(view(), path, map=[("住所", "所在")])
    assert first.changes[-1].rows[0] | {"source": ""} == {"source": "", "table": "检查对象名录库", "column": "住所", "heading": "所在"}
    remembered = applied(view(), first)
    again = run(remembered, path)
    assert "  住所 ← 所在（上次指定）" in again.lines
    assert again.changes == []
    newer = run(remembered, path, map=[("address", "坐落")])
    assert newer.changes[-1] == Patch("sources", {(2, "heading"): "坐落"})


def test_an_update_needs_no_required_column(tmp_path):
    """A monthly list of codes and classes updates the firms there are; a new firm in it is refused."""
    held = applied(view(), run(view(), text(tmp_path / "a.csv", f"企业名称,代码,地址\n甲,{code(1)},涉县")))
    classes = text(tmp_path / "b.csv", f"统一社会信用代码,信用风险等级\n{code(1)},高风险\n{code(2)},A")
    outcome = run(held, classes)
    assert outcome.changes == [Patch("subjects", {(2, "class"): "D"})]
    assert "文件里没有必填的列：主体名称、住所。只更新已有的行，新的行不能导入。" in outcome.lines
    with pytest.raises(Refusal, match="找不到必填的列：主体名称、住所"):
        run(view(), classes)


@pytest.mark.parametrize("head", [
    [["企业名称", "代码", "地址", "备注"]],
    [["名单", None, None, None], ["企业名称", "代码", "地址", "备注"]],
    [["企业名称", "主体", "主体", "备注"], ["企业名称", "代码", "地址", "备注"]],
])
def test_refused_rows_come_back(tmp_path, head):
    """The workbook of refused rows holds them as they were; corrected, it is imported as it is, mapping included."""
    rows = [["甲", code(1), "路"], ["乙", 911304061056845099, "路", "x"], ["丙", code(3), "", "=1+1"], ["合计"]]
    merged = ["A1:A2", "B1:C1", "D1:D2"] if len(head) == 2 and head[0][1] else []
    outcome = run(view(), book(tmp_path / "a.xlsx", [*head, *rows], merged=merged), map=[("专项库标签", "备注")])
    held = applied(view(), outcome)
    path = refused_file(outcome, tmp_path)
    written = read_source(path).sheets[0].rows
    assert [row[0] for row in written[-2:]] == ["乙", "丙"]
    assert [row[-2] for row in written[-2:]] == [str(len(head) + 2), str(len(head) + 3)]
    assert written[-1][3] == "=1+1"
    again = run(held, path)
    assert again.message.endswith("来源 2 行，新增 0 行，改动 0 行，不变 0 行，未导入 2 行。没有一行能导入。"), "a damaged number does not heal by itself"
    written[-2][1], written[-1][2] = code(2), "路"
    corrected = run(held, book(tmp_path / "b.xlsx", written))
    assert corrected.message.endswith("来源 2 行，新增 2 行，改动 0 行，不变 0 行，未导入 0 行。")
    assert "  专项库标签 ← 备注（上次指定）" in corrected.lines
    assert not any("没有用到" in line for line in corrected.lines)
    assert [row["tags"] for row in corrected.changes[0].rows] == ["x", "=1+1"]


def test_people_of_an_old_workbook():
    """Titles, two merged heading rows, a merged unit, a total: a real .xls is understood."""
    outcome = run(view(), HERE / "people.xls", "执法检查人员名录库")
    assert outcome.message == "执法检查人员名录库：来源 4 行，新增 3 行，改动 0 行，不变 0 行，未导入 0 行，略过 1 行（合计行 1 行）。"
    assert [(row["name"], row["unit"], row["id"], row["until"], row["items"]) for row in outcome.changes[0].rows] == [
        ("张卫东", BUREAU, "13040001", "2027-12-31", "全部"),
        ("李晓梅", BUREAU, "13040002", "2027-06-30", "DJ01、DJ02"),
        ("王磊", "丛台区市场监督管理局", "13040003", "2028-01-02", "DJ01"),
    ]
    assert list(outcome.files) == [], "a total is nothing to correct"


def test_xls_and_xlsx_give_the_same(tmp_path):
    """LibreOffice's .xlsx of the .xls is imported alike."""
    needs_office()
    other = convert(HERE / "people.xls", "xlsx", tmp_path)
    assert run(view(), other, "inspectors").changes == run(view(), HERE / "people.xls", "inspectors").changes


def test_set_for_the_whole_batch(tmp_path):
    """--set gives a column at once; a required column may come from it."""
    path = text(tmp_path / "a.csv", "姓名,执法证号\n甲,1\n乙,2")
    outcome = run(view(), path, "inspectors", set=[("所在单位", BUREAU), ("有效期", "2027年1月1日"), ("可检查事项", "全部")])
    assert [(row["unit"], row["until"]) for row in outcome.changes[0].rows] == [(BUREAU, "2027-01-01")] * 2
    assert "  证件有效期至 ← 统一填“2027-01-01”" in outcome.lines


FIRMS = [["企业名称", "代码", "地址"], ["甲", code(1), "涉县"], ["乙", code(2), "磁县"]]


def test_the_refused_workbook_takes_a_free_name(tmp_path):
    """A workbook that somebody is correcting is never written over, and its own refused rows get the next number."""
    path = book(tmp_path / "名单.xlsx", [*FIRMS, ["丙", code(3), ""]])
    sources = (path, path, tmp_path / "名单-未导入-2.xlsx")
    assert [refused_file(run(view(), source), tmp_path).name for source in sources] == ["名单-未导入.xlsx", "名单-未导入-2.xlsx", "名单-未导入-3.xlsx"]


def test_what_is_no_data_is_counted_and_not_handed_back(tmp_path):
    """Totals, examples, headings again, signatures and notes are counted by sort; only the row to correct is in the workbook."""
    idle = [["示例：某公司", code(7), "路"], ["企业名称", "代码", "地址"], ["301", "合计", 2], ["审核人：张三", "", "填表人：李四"], ["备注：以上为一季度新设"], ["制表日期", "2026-03-01"]]
    outcome = run(view(), book(tmp_path / "a.xlsx", [*FIRMS, *idle, ["丙", code(3), ""]]))
    assert outcome.message == ("检查对象名录库：来源 9 行，新增 2 行，改动 0 行，不变 0 行，未导入 1 行，"
                               "略过 6 行（示例行 1 行、重复的标题行 1 行、合计行 1 行、签名或说明行 3 行）。")
    assert "  略过 第 6 行：这是合计行，不导入。" in outcome.lines
    assert [row[0] for row in read_source(refused_file(outcome, tmp_path)).sheets[0].rows] == ["企业名称", "丙"]


def test_a_duplicate_does_not_come_back_as_a_change(tmp_path):
    """Of two rows with one code the second stands on a sheet to look at; the workbook imported as it is renames nobody."""
    outcome = run(view(), book(tmp_path / "a.xlsx", [*FIRMS, ["冒名", code(1), "磁县"], ["冒名二", code(2).lower(), ""], ["丙", code(3), ""]]))
    path = refused_file(outcome, tmp_path)
    first, second = read_source(path).sheets
    assert ([row[0] for row in first.rows[1:]], [row[0] for row in second.rows[1:]]) == (["丙"], ["冒名", "冒名二"])
    assert "仅供查看" in second.name
    again = run(applied(view(), outcome), path)
    assert again.message == "检查对象名录库：来源 1 行，新增 0 行，改动 0 行，不变 0 行，未导入 1 行。没有一行能导入。"
    assert again.changes == []
    assert not any(second.name in line for line in again.lines), "our own sheet is no sheet that was forgotten"


def test_only_duplicates_refused_is_said(tmp_path):
    """Where nothing is to correct, the workbook is not said to be imported again."""
    outcome = run(view(), book(tmp_path / "a.xlsx", [*FIRMS, FIRMS[1]]))
    assert outcome.lines[-1] == "重复的行写在“a-未导入.xlsx”的“重复的行（仅供查看，不导入）”一页，只供查看，不用再导入。"
    assert run(applied(view(), outcome), refused_file(outcome, tmp_path)).changes == []


def test_other_sheets_are_named(tmp_path):
    """One sheet is imported; the others are named, with their rows where they could be imported too."""
    outcome = run(view(), book(tmp_path / "a.xlsx", FIRMS, [["填表须知"]], FIRMS[:2], []))
    assert "同一文件里的这些工作表也有认得的标题，但没有导入：“Sheet3”（1 行）。一次只导入一张；还要导入的，请另存成单独的文件。" in outcome.lines
    assert "同一文件里的这些工作表有内容，但标题认不出来，没有导入：“Sheet2”。" in outcome.lines
    assert not any("同一文件" in line for line in run(view(), book(tmp_path / "b.xlsx", FIRMS)).lines)


def test_dry_run_shows_rows_of_data(tmp_path):
    """Blank rows, totals and titles are no part of the first ten."""
    rows = [FIRMS[0], [], ["示例", code(9), "路"], *([f"店{n}", code(n), "路"] for n in range(12)), ["合计"]]
    lines = list(run(view(), book(tmp_path / "a.xlsx", rows), dry_run=True).lines)
    at = lines.index("前 10 行：")
    assert lines[at + 1:at + 11] == [f"  店{n} | {code(n)} | 路" for n in range(10)]


@pytest.mark.parametrize("dry", [False, True])
def test_nothing_taken_in_is_a_failure(tmp_path, dry):
    """Status 1 and a word about it where no row could be taken in; 0 as soon as one could, even one that changes nothing."""
    path = text(tmp_path / "a.csv", "企业名称,代码,地址\n甲,1,路\n合计,,")
    outcome = run(view(), path, dry_run=dry)
    assert (outcome.status, outcome.next) == (1, "")
    assert outcome.message.endswith("没有一行能导入。")
    good = text(tmp_path / "b.csv", f"企业名称,代码,地址\n甲,{code(1)},路\n乙,1,路")
    once = run(view(), good)
    assert (once.status, run(applied(view(), once), good).status) == (0, 0)
