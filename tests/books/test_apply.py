"""Changing tables of a closed workbook."""

from __future__ import annotations

import re
import zipfile

import openpyxl
import pytest
import wolfxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from ssj_xlwings.books import layout
from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.types import Append, Patch, Refusal, Rewrite
from ssj_xlwings.vocabulary.text import normal
from tests.books.workbooks import FINDINGS, altered, build, packed
from tests.office import convert, needs_office

ALL = ["subjects", "log", "findings", "tasks", "inspectors"]
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NEW = {"name": "新店", "code": "92130402MA07TEST09", "address": "新街", "class": "C", "founded": "2024-01-05"}


@pytest.fixture
def path(tmp_path):
    return build(tmp_path / "台账.xlsx")


def change(path, *changes, may=ALL):
    book = FileBook(path)
    book.apply(changes, book.read(ALL), may)
    return book.read(ALL)


def part(path, name) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def changed(path, *changes) -> set[str]:
    """The members that are not the same compressed bytes afterwards."""
    before = packed(path)
    change(path, *changes)
    after = packed(path)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_only_the_parts_of_the_table_change(path):
    """Append, Patch and Rewrite touch their sheet, its table and the workbook part; all else is copied as compressed bytes."""
    altered(path, "xl/workbook.xml", (' fullCalcOnLoad="1"', ""))
    assert changed(path, Patch("subjects", {(5, "class"): "D"})) == {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}
    assert changed(path, Patch("subjects", {(5, "class"): "C"})) == {"xl/worksheets/sheet1.xml"}
    assert 'fullCalcOnLoad="1"' in part(path, "xl/workbook.xml")
    assert changed(path, Append("log", [{"seq": "1"}])) == {"xl/worksheets/sheet2.xml"}
    assert changed(path, Append("log", [{"seq": "2"}])) == {"xl/worksheets/sheet2.xml", "xl/tables/table2.xml"}
    assert changed(path, Rewrite("findings", [{"level": "阻断"}] * 3)) == {"xl/worksheets/sheet3.xml", "xl/tables/table3.xml"}


def test_append_uses_the_blank_row_of_a_fresh_table_first(path):
    """The first row goes into the blank one; then the table, its filter and the sheet's extent grow."""
    assert list(change(path, Append("log", [{"seq": "1", "event": "冻结"}]))["log"].index) == [2]
    assert 'ref="A1:J2"' in part(path, "xl/tables/table2.xml")
    view = change(path, Append("log", [{"seq": "2"}, {"seq": "3", "time": "2026-03-02T01:00:00Z"}]))
    assert list(view["log"].index) == [2, 3, 4]
    assert view["log"].loc[4, "time"] == "2026-03-02T01:00:00Z"
    assert part(path, "xl/tables/table2.xml").count('ref="A1:J4"') == 2
    assert '<dimension ref="A1:J4"/>' in part(path, "xl/worksheets/sheet2.xml")


def test_what_covers_the_table_grows_with_it(path):
    """Drop-downs, conditional formats, print area and names follow; own columns keep their look, formulas are filled in."""
    view = change(path, Append("subjects", [NEW, {**NEW, "code": "92130402MA07TEST10", "founded": ""}]))
    assert list(view["subjects"].index) == [5, 6, 8, 9, 10]
    xml = part(path, "xl/worksheets/sheet1.xml")
    assert 'sqref="E5:E10"' in xml
    assert 'sqref="A5:G10"' in xml
    assert '<c r="C9" s="3"/>' in xml
    assert xml.count("<f>subjects[[#This Row],[科里的数]]*2</f>") == 6
    names = part(path, "xl/workbook.xml")
    assert "检查对象名录库!$A$1:$G$10" in names
    assert "检查对象名录库!$B$5:$B$10" in names


def test_formula_columns_with_addresses_move_with_the_row(path):
    """A calculated column written with cell addresses reads its own row; a shared formula is resolved first."""
    altered(path, "xl/tables/table1.xml", ("subjects[[#This Row],[科里的数]]*2", "C5*2"))
    altered(path, "xl/worksheets/sheet1.xml", ("<f>subjects[[#This Row],[科里的数]]*2</f>", '<f t="shared" si="0"/>'))
    altered(path, "xl/worksheets/sheet1.xml", ('<c r="G5"><f t="shared" si="0"/>', '<c r="G5"><f t="shared" ref="G5:G8" si="0">C5*2</f>'))
    change(path, Append("subjects", [NEW, NEW]))
    xml = part(path, "xl/worksheets/sheet1.xml")
    assert '<c r="G9"><f>C9*2</f></c>' in xml
    assert '<c r="G10"><f>C10*2</f></c>' in xml


def test_overwriting_the_head_of_a_shared_formula_keeps_the_others(path):
    """Staff fill a column by dragging; a patch of its first cell must not empty the rest. calcChain goes."""
    altered(path, "xl/worksheets/sheet1.xml", ('<c r="E5" s="2" t="s"><v>5</v></c>', '<c r="E5" s="2" t="str"><f t="shared" ref="E5:E6" si="1">B5</f><v>A</v></c>'),
            ('<c r="E6" s="2" t="s"><v>9</v></c>', '<c r="E6" s="2" t="str"><f t="shared" si="1"/><v>B</v></c>'))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/calcChain.xml", '<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="E5" i="1"/></calcChain>')
    altered(path, "xl/_rels/workbook.xml.rels", ("</Relationships>", f'<Relationship Id="rIdC" Target="calcChain.xml" Type="{OFFICE}/calcChain"/></Relationships>'))
    altered(path, "[Content_Types].xml", ("</Types>", '<Override PartName="/xl/calcChain.xml" ContentType="application/xml"/></Types>'))
    view = change(path, Patch("subjects", {(5, "class"): "D"}))
    assert view["subjects"].loc[[5, 6], "class"].to_list() == ["D", "B"]
    assert "<f>B6</f><v>B</v>" in part(path, "xl/worksheets/sheet1.xml")
    assert not any("calcChain" in part(path, name) for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"))
    assert "xl/calcChain.xml" not in packed(path)


def test_patch_makes_the_cell_it_needs(path):
    """A cell that is not there is created in its place; blanking one keeps its look; others in the row stay."""
    view = change(path, Patch("tasks", {(2, "end"): "2026-03-31", (2, "rate_A"): "0.03", (2, "rate_B"): "5户", (2, "plan"): "年度计划", (2, "items"): ""}))
    row = view["tasks"].loc[2]
    assert row[["number", "name", "plan", "items", "end", "rate_A", "rate_B"]].to_list() == ["RW1", "联合抽查", "年度计划", "", "2026-03-31", "0.03", "5户"]
    assert '<c r="D2" s="2"/>' in part(path, "xl/worksheets/sheet4.xml")
    book = openpyxl.load_workbook(path)
    assert book["抽查任务"]["F2"].is_date
    assert book["抽查任务"]["F2"].number_format == "yyyy-mm-dd"
    assert book["抽查任务"]["H2"].value == 0.03


def test_rewrite_shrinks_grows_and_keeps_one_row(path):
    """All data rows are replaced; the table's end follows; one blank row stays; a filter does not hide new rows; own columns stay."""
    rows = [{"level": "阻断", "sheet": "检查对象名录库", "count": str(n), "link": f"检查对象名录库!C{n}"} for n in range(1, 6)]
    view = change(path, Rewrite("findings", rows))
    assert view["findings"]["count"].to_list() == ["1", "2", "3", "4", "5"]
    assert view["findings"]["link"].to_list() == ["C1", "C2", "C3", "C4", "C5"]
    assert "<f>HYPERLINK(\"#'检查对象名录库'!C1\",\"C1\")</f><v>C1</v>" in part(path, "xl/worksheets/sheet3.xml")
    altered(path, "xl/tables/table3.xml", ('<autoFilter ref="A1:J6"/>', '<autoFilter ref="A1:J6"><filterColumn colId="0"><filters><filter val="x"/></filters></filterColumn></autoFilter>'))
    altered(path, "xl/worksheets/sheet3.xml", ('<row r="2">', '<row r="2" hidden="1">'), ("</row></sheetData>", '<c r="Z6" t="inlineStr"><is><t>我的</t></is></c></row></sheetData>'))
    view = change(path, Rewrite("findings", rows[:1]))
    assert list(view["findings"].index) == [2]
    assert 'ref="A1:J2"' in part(path, "xl/tables/table3.xml")
    assert "filterColumn" not in part(path, "xl/tables/table3.xml")
    xml = part(path, "xl/worksheets/sheet3.xml")
    assert "hidden" not in xml
    assert '<row r="6"><c r="Z6" t="inlineStr"><is><t>我的</t></is></c></row>' in xml
    assert 'r="5"' not in xml
    view = change(path, Rewrite("findings", []))
    assert view["findings"].empty
    assert 'ref="A1:J2"' in part(path, "xl/tables/table3.xml")
    assert len(change(path, Rewrite("findings", rows))["findings"]) == 5


def test_a_rewrite_keeps_the_rows_that_staff_noted_something_beside(path):
    """A generated table does not end before a note in a column of staff's that belongs to it, so that the note is never in the way of the next rows."""
    rows = [{"level": "阻断", "sheet": "检查对象名录库", "count": str(n)} for n in range(1, 5)]
    change(path, Rewrite("findings", rows[:3]))
    told = part(path, "xl/tables/table3.xml")
    columns = re.search(r'<tableColumns count="10">(.*)</tableColumns>', told)[1]
    altered(path, "xl/tables/table3.xml", ("A1:J4", "A1:K4"), (f'<tableColumns count="10">{columns}', f'<tableColumns count="11">{columns}<tableColumn id="11" name="我的备注"/>'))
    for number, text in ((1, "我的备注"), (3, "去年也有")):
        row = re.search(rf'<row r="{number}".*?</row>', part(path, "xl/worksheets/sheet3.xml"))[0]
        altered(path, "xl/worksheets/sheet3.xml", (row, f'{row[:-6]}<c r="K{number}" t="inlineStr"><is><t>{text}</t></is></c></row>'))
    for count, bottom in ((0, 3), (1, 3), (2, 3), (4, 5), (2, 3)):
        view = change(path, Rewrite("findings", rows[:count]))
        assert view["findings"]["count"].to_list() == [row["count"] for row in rows[:count]]
        assert f'ref="A1:K{bottom}"' in part(path, "xl/tables/table3.xml")
        assert openpyxl.load_workbook(path)["校验结果"]["K3"].value == "去年也有"


def test_plain_sheets_without_an_excel_table(path):
    """A heading row with rows below is enough; its filter grows with it."""
    view = change(path, Append("inspectors", [{"name": "王五", "id": "03130003", "until": "2028-01-01"}]))
    assert list(view["inspectors"].index) == [2, 3, 4]
    assert view["inspectors"].loc[4, ["name", "id", "until", "unit"]].to_list() == ["王五", "03130003", "2028-01-01", ""]
    assert '<autoFilter ref="A1:F4"/>' in part(path, "xl/worksheets/sheet5.xml")
    assert "执法检查人员名录库!$A$1:$F$4" in part(path, "xl/workbook.xml")


def test_a_table_without_room_is_refused(path):
    """Cells beneath the table, or beneath its totals row, stop it: one sentence with the row, nothing written."""
    altered(path, "xl/worksheets/sheet2.xml", ("</sheetData>", '<row r="4"><c r="C4" t="inlineStr"><is><t>备注</t></is></c></row></sheetData>'))
    before = path.read_bytes()
    with pytest.raises(Refusal, match="工作表“抽取记录”的表格往下放不下新的行：第 4 行已经有内容"):
        change(path, Append("log", [{"seq": str(n)} for n in range(3)]))
    assert path.read_bytes() == before
    altered(path, "xl/tables/table2.xml", ("totalsRowShown", 'totalsRowCount="1" totalsRowShown'), ('ref="A1:J2" total', 'ref="A1:J3" total'))
    with pytest.raises(Refusal, match="第 4 行已经有内容"):
        change(path, Append("log", [{"seq": "1"}, {"seq": "2"}]))


def pasted(path, *rows, tail=""):
    """Rows written right under the table of 检查对象名录库, as WPS leaves them: (number, code, other cells)."""
    made = "".join(f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>贴来的店{number}</t></is></c>'
                   + (f'<c r="B{number}" t="inlineStr"><is><t>{code}</t></is></c>' if code else "") + "</row>" for number, code in rows)
    return altered(path, "xl/worksheets/sheet1.xml", ("</sheetData>", f"{made}</sheetData>{tail}"))


def test_rows_pasted_under_the_table_are_taken_in(path):
    """WPS does not let a table grow: rows with a key right under it become its rows on the next append, with formulas, rules and names."""
    pasted(path, (9, "91130403MA07TEST11"), (10, "91130403MA07TEST12"))
    view = change(path, Append("subjects", [NEW]))
    assert list(view["subjects"].index) == [5, 6, 8, 9, 10, 11]
    assert view["subjects"].loc[11, "code"] == NEW["code"]
    assert 'ref="A4:G11"' in part(path, "xl/tables/table1.xml")
    xml = part(path, "xl/worksheets/sheet1.xml")
    assert 'sqref="E5:E11"' in xml
    assert all(re.search(rf'<c r="G{row}"[^>]*><f>subjects\[', xml) for row in (9, 10, 11))
    assert "检查对象名录库!$B$5:$B$11" in part(path, "xl/workbook.xml")


@pytest.mark.parametrize(("rows", "tail", "said"), [
    ([(9, "")], "", "第 9 行紧挨着表格，却没有填“统一社会信用代码”"),
    ([(9, "91130403MA07TEST11"), (10, "")], "", "第 10 行紧挨着表格，却没有填“统一社会信用代码”"),
    ([(9, "91130403MA07TEST11")], '<mergeCells count="1"><mergeCell ref="A9:B9"/></mergeCells>', "的 A9:B9 是合并单元格"),
], ids=["note", "row and note", "merged"])
def test_what_is_not_clearly_a_row_is_named(path, rows, tail, said):
    """A line without the key, or a merged one, is not swallowed: the Refusal says which row to mend or move; nothing is written."""
    pasted(path, *rows, tail=tail)
    before = path.read_bytes()
    with pytest.raises(Refusal, match=said):
        change(path, Append("subjects", [NEW, NEW]))
    assert path.read_bytes() == before


def test_another_table_beneath_is_never_swallowed(path):
    """Rows that belong to another Excel table right under ours stay its own."""
    pasted(path, (9, "头"), (10, "91130403MA07TEST11"))
    table = part(path, "xl/tables/table2.xml").replace('ref="A1:J2"', 'ref="A9:J10"').replace('id="2" name="log" displayName="log"', 'id="77" name="own" displayName="own"')
    assert 'displayName="own"' in table
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/tables/table77.xml", table)
    altered(path, "xl/worksheets/_rels/sheet1.xml.rels", ("</Relationships>", f'<Relationship Id="rIdT" Target="../tables/table77.xml" Type="{OFFICE}/table"/></Relationships>'))
    altered(path, "[Content_Types].xml", ("</Types>", '<Override PartName="/xl/tables/table77.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"/></Types>'))
    with pytest.raises(Refusal, match="放不下新的行：第 9 行"):
        change(path, Append("subjects", [NEW]))


@pytest.mark.parametrize(("old", "new", "area"), [
    ("<pageMargins ", '<mergeCells count="1"><mergeCell ref="A5:A6"/></mergeCells><pageMargins ', "A5:A6"),
    ('<c r="C5" s="2"><v>3</v></c>', '<c r="C5" s="2"><f t="array" ref="C5:D6">B5:C6</f><v>3</v></c>', "C5:D6"),
], ids=["merged", "array"])
def test_what_would_be_covered_is_refused(path, old, new, area):
    """A value beneath a merged cell or an array formula would not be seen; the first cell of a merged area may be written, and others beside it."""
    xml = part(path, "xl/worksheets/sheet1.xml")
    altered(path, "xl/worksheets/sheet1.xml", (old if old in xml else re.search(r'<c r="C5"[^>]*><v>3</v></c>', xml)[0], new))
    before = path.read_bytes()
    column = "name" if area == "A5:A6" else "address"
    with pytest.raises(Refusal, match=f"的 {area} 是合并单元格或数组公式"):
        change(path, Patch("subjects", {(6, column): "新"}))
    assert path.read_bytes() == before
    assert change(path, Patch("subjects", {(5, "name"): "新", (6, "class"): "A"}))["subjects"].loc[5, "name"] == "新"


def test_changes_are_held_to_what_the_command_may(path):
    """Another table, a changed log, a rewritten registry, a made-up column: our bug, said as such, before anything is written."""
    before = path.read_bytes()
    for wrong, may in [(Append("log", [{}]), ["subjects"]), (Patch("log", {(2, "seq"): "1"}), ALL), (Rewrite("subjects", []), ALL),
                       (Patch("subjects", {(4, "name"): "x"}), ALL)]:
        with pytest.raises(RuntimeError):
            change(path, wrong, may=may)
    with pytest.raises(KeyError):
        change(path, Append("subjects", [{"nonsense": "1"}]))
    assert path.read_bytes() == before


def test_a_column_the_sheet_lacks_cannot_swallow_values(path):
    """A value for a heading that was deleted is refused; blanks pass."""
    with pytest.raises(Refusal, match="找不到标题“备注”"):
        change(path, Append("subjects", [{**NEW, "remark": "x"}]))
    change(path, Append("subjects", [{**NEW, "remark": ""}]))


def test_a_cell_over_excels_limit_is_refused(path):
    """32 767 UTF-16 units fit; one more would make Excel repair the file."""
    assert len(change(path, Append("log", [{"note": "字" * 32767}]))["log"].loc[2, "note"]) == 32767
    with pytest.raises(Refusal, match="“说明”列的一格超过了 Excel 的上限"):
        change(path, Append("log", [{"note": "😀" * 16384}]))


def test_a_workbook_changed_since_it_was_seen_is_refused(path):
    """What others saved in between is not written over, even at the last moment."""
    book = FileBook(path)
    seen = book.read(ALL)
    change(path, Patch("subjects", {(5, "class"): "D"}))
    before = path.read_bytes()
    with pytest.raises(Refusal, match="在读过之后被改动了"):
        book.apply([Append("log", [{"seq": "1"}])], seen, ALL)
    assert path.read_bytes() == before


def test_another_view_of_the_same_file_will_do(path):
    """Where a table stands is found again when it was not read before, or by another FileBook."""
    seen = FileBook(path).read(["subjects"])
    FileBook(path).apply([Append("log", [{"seq": "1"}])], seen, ["log"])
    assert len(FileBook(path).read(["log"])["log"]) == 1


def test_a_1904_workbook_gets_its_own_serial_numbers(tmp_path):
    """The same date, read back and as other readers see it."""
    path = build(tmp_path / "a.xlsx", date_1904=True)
    assert change(path, Append("subjects", [NEW]))["subjects"].loc[9, "founded"] == "2024-01-05"
    assert openpyxl.load_workbook(path)["检查对象名录库"]["F9"].value.strftime("%Y-%m-%d") == "2024-01-05"


def grid(path, name, width):
    """A sheet's texts by three other readers."""
    sheet = openpyxl.load_workbook(path)[name]
    one = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(max_col=width, values_only=True)]
    other = wolfxl.load_workbook(str(path))[name]
    two = [["" if cell is None else str(cell) for cell in row] for row in other.iter_rows(max_col=width, values_only=True)]
    three = [[str(cell) for cell in row[:width]] for row in CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python(skip_empty_area=False)]
    return one, two, three


def test_other_readers_see_the_same(path):
    """openpyxl, wolfxl and calamine agree on what was written."""
    change(path, Append("log", [{"seq": "1", "task": "001", "note": "a\nb =1 <&> 😀 '\""}, {"seq": "2", "task": "=1+1", "note": " 前后 "}]), Patch("subjects", {(5, "name"): "改名"}))
    one, two, three = grid(path, "抽取记录", 10)
    assert one == two
    assert [[text.removesuffix(".0") for text in row] for row in three] == one
    assert one[1][0] == "1"
    assert one[2][2] == "=1+1"
    one, two, _ = grid(path, "检查对象名录库", 2)
    assert one == two
    assert one[4][0] == "改名"


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=30)
SPECIAL = st.sampled_from(["_x0041_", "__x0041_x0041_", "=1+1", "a\nb", "a\rb", "\r\n", "\t", "\x00\x1f", "]]>", "&amp;", "'0123", "😀", "邯郸", "true", "1e5", "_x000D_"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(TEXTS, SPECIAL, st.tuples(TEXTS, SPECIAL, TEXTS).map("".join)), min_size=1, max_size=8))
def test_what_is_written_is_read(tmp_path, texts):
    """Any text a cell may hold comes back as its normal form, escapes, controls, formulas-alike and all."""
    path = tmp_path / "台账.xlsx"
    if not path.exists():
        build(path)
    view = change(path, Rewrite("findings", [{"level": "x", "seen": text} for text in texts]))
    assert view["findings"]["seen"].to_list() == [normal(text) for text in texts]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(-10**9, 10**15 - 1).map(str), st.sampled_from(["", "2026-02-29", "1899-01-01", "1900-02-28", "1900-03-01", "9999-12-31"]) | st.dates().map(str),
                          st.sampled_from(["5户", "0", "1", "0.1", "0.000000000000001", "7", "007", "0.050"])), min_size=1, max_size=5))
def test_kinds_are_written_so_that_they_read_back(tmp_path, rows):
    """Numbers, dates (also those Excel has none for) and rates keep their canonical text."""
    path = build(tmp_path / "台账.xlsx")
    given = [{"name": f"任务{n}", "alternates": number, "start": date, "rate_A": rate} for n, (number, date, rate) in enumerate(rows)]
    view = change(path, Append("tasks", given))
    made = view["tasks"].iloc[1:]
    expected = [(number, date, {"0.050": "0.05"}.get(rate, rate)) for number, date, rate in rows]
    assert list(zip(made["alternates"], made["start"], made["rate_A"], strict=True)) == expected


def test_the_layout_is_looked_for_below_titles_only_so_far():
    """Headings deeper than the rows searched are not found: a registry does not begin there."""
    assert layout.SEARCHED >= 30
    assert set(FINDINGS) >= {"link", "handled"}


def test_libreoffice_opens_it_and_calculates(path, tmp_path):
    """The changed workbook opens; formulas of new rows give their results; nothing is lost on the other sheets."""
    needs_office()
    change(path, Append("subjects", [NEW]), Append("tasks", [{"name": "新任务"}] * 3), Rewrite("findings", [{"link": "检查对象名录库!C5"}] * 3),
           Patch("subjects", {(5, "class"): "D"}))
    book = openpyxl.load_workbook(convert(path, "xlsx", tmp_path / "out"), data_only=True)
    assert book["检查对象名录库"]["A9"].value == "新店"
    assert book["检查对象名录库"]["F9"].value.strftime("%Y-%m-%d") == "2024-01-05"
    assert [book["抽查任务"][f"G{row}"].value for row in (3, 4, 5)] == ["未冻结"] * 3
    assert book["校验结果"]["I3"].value == "C5"
    assert book["科里的统计"]["A3"].value == 3
