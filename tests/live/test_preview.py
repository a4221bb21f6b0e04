"""导入预览, 确认导入, 取用筛选 and repairs by clicks on the open workbook."""

from __future__ import annotations

import csv
import shutil

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.vocabulary.sentences import preview as words
from tests.doors.conftest import TASK
from tests.live.test_livebook import filtered, hidden_rows
from tests.registry.book import code

HEADS = ["企业名称", "信用代码", "登记地", "=1+1", "注" * 300, "网格", "网格"]


def write(desk, heads=HEADS, rows=3):
    path = desk.folder.parent / "登记 导出.csv"
    cells = [[f"=1+{n}", code(n), f"涉县{n}号", "=1+1", "@SUM(1)", "三", "四"] for n in range(rows)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, *cells])
    return path


def at(desk, **where):
    """The sheet row of the preview that shows these texts."""
    frame = desk.live.read(["preview"])["preview"]
    for name, value in where.items():
        frame = frame[frame[name] == value]
    return int(frame.index[0])


def test_import_by_clicks(desk):
    """A click shows the preview in front and writes nothing else; a cell is corrected; a second click imports, remembers, empties; 撤销 takes it back."""
    before = desk.tables()
    said = desk.click("import", "检查对象名录库", str(write(desk)))
    assert "还没有导入" in said
    assert said.count("确认导入") == 2
    assert desk.opened.sheets.active.name == "导入预览"
    after = desk.tables()
    assert {name for name in after if after[name] != before[name]} == {"preview"}
    sheet = desk.sheet("导入预览")
    row = at(desk, heading="=1+1")
    assert sheet.range((row, 2)).value == "=1+1"
    assert {sheet.impl.uno.getCellByPosition(column, row - 1).Type.value for column in (1, 5, 6, 7)} == {"TEXT"}  # nothing of a file comes alive
    desk.sheet("导入预览").range((at(desk, heading="登记地"), 3)).value = "住所"
    asked = desk.click("confirm")
    assert "新增 3 行" in asked
    assert len(desk.app.asked) == 1  # no further question
    firms = desk.live.read(["subjects", "preview", "sources"])
    assert [name for name in firms["subjects"]["name"] if name.startswith("=")] == ["=1+0", "=1+1", "=1+2"]
    assert len(firms["preview"]) == 0
    assert firms["sources"]["heading"].tolist()[-1] == "登记地"
    desk.click("undo", "yes")
    assert desk.live.read(["subjects"])["subjects"]["name"].tolist() == [row[1] for row in before["subjects"]]


def test_refused_by_click(desk):
    """A wrong correction is one sentence with the cell, and the preview stays."""
    desk.click("import", "检查对象名录库", str(write(desk)))
    row = at(desk, heading="登记地")
    desk.sheet("导入预览").range((row, 3)).value = "主体名称"
    kept = desk.tables()
    assert desk.click("confirm") == words.TWO_COLUMNS.format(cell=f"导入预览!C{at(desk, heading='企业名称')}", other=f"导入预览!C{row}", column="主体名称")
    assert desk.tables() == kept


def test_the_same_scope_as_closed(desk):
    """取用筛选 makes the same rows of the open workbook and of its file."""
    desk.sheet("抽查范围").range((2, 1), (2, 4)).value = [[None] * 4]
    filtered(desk.sheet("检查对象名录库"), "主体类型", "个体工商户")
    desk.opened.save()
    twin = FileBook(shutil.copytree(desk.folder, desk.folder.parent / "别处", ignore=shutil.ignore_patterns(".~lock*")) / desk.path.name)
    said = [desk.do("scope", book, task=TASK) for book in (desk.live, twin)]
    assert said[0].message == said[1].message
    assert list(said[0].lines) == list(said[1].lines)
    assert desk.tables()["scopes"] == desk.tables(twin)["scopes"] != []


def test_scope_from_the_filter(desk):
    """The filter that people set becomes the rows of the task's scope; both numbers are said; a second time it refuses."""
    said = desk.click("scope", TASK)
    assert "已有 1 个条件（主体类型等于其一企业，在 抽查范围!B2）" in said
    desk.sheet("抽查范围").range((2, 1), (2, 4)).value = [[None] * 4]
    assert "没有筛选" in desk.click("scope", TASK)
    firms = desk.sheet("检查对象名录库")
    filtered(firms, "主体类型", "个体工商户")
    shown = 300 - len(hidden_rows(firms, 301))
    said = desk.click("scope", TASK)
    assert f"范围里有 {shown} 户，与筛选显示的一样" in said
    rows = desk.live.read(["scopes"])["scopes"]
    assert rows.to_numpy().tolist() == [[TASK, "主体类型", "等于其一", "个体工商户"]]
    assert desk.opened.sheets.active.name == "抽查范围"
    assert 0 < shown < 300


def test_a_renamed_sheet_and_heading(desk):
    """A click names what was renamed and, on 是, renames it back and goes on; formulas and names hold; a copy is kept; 否 changes nothing."""
    uno = desk.opened.impl.doc.Sheets
    uno.getByName("抽查任务").Name = "今年任务"
    desk.sheet("检查对象名录库").range("C1").value = "住 所 地 址 栏"
    desk.sheet("执法检查人员名录库").range("C1").value = "执法证号码"
    said = desk.click("check", "no")
    assert "“今年任务”里的标题与它一样" in said
    assert "今年任务" in uno.ElementNames
    said = desk.click("check", "yes", "yes", "yes")
    assert "校验完毕" in said
    asked = [prompt for _, prompt in desk.app.asked]
    assert "抽查任务" in asked[0]
    assert "C1 的“住 所 地 址 栏”像是它改了名" in asked[1]
    assert desk.sheet("检查对象名录库").range("C1").value == "住所"
    assert desk.opened.sheets["抽查任务"].range("G2").value == "未冻结"
    assert len(list(desk.folder.glob("备份/*.xlsx"))) == 4  # one for each name, one of the check


def test_two_that_could_be_it(desk):
    """Where two sheets could be the missing one, nothing is offered."""
    doc = desk.opened.impl.doc.Sheets
    doc.copyByName("节假日", "节假日副本", 0)
    doc.getByName("节假日").Name = "放假"
    assert desk.click("check").startswith("工作簿里找不到工作表“节假日”。请把它的名称改回来")
    assert len(desk.app.asked) == 1
