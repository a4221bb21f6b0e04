"""A table with a totals row grows: the row moves down with all that is its own and all that speaks of it."""

from __future__ import annotations

import zipfile

import openpyxl
import pytest

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.types import Append, Patch, Refusal
from tests.books.workbooks import altered, build, packed
from tests.office import convert, needs_office

NEW = {"name": "新店", "code": "92130402MA07TEST09", "address": "新街", "class": "C", "founded": "2024-01-05"}
SHEET, TABLE, BOOK = "xl/worksheets/sheet1.xml", "xl/tables/table1.xml", "xl/workbook.xml"
SUMS = ('<row r="9" ht="30" customHeight="1"><c r="A9" s="2" t="inlineStr"><is><t>汇总</t></is></c>'
        '<c r="C9" s="3"><f>SUBTOTAL(109,subjects[科里的数])</f><v>15</v></c><c r="D9"><f>SUM(C5:C8)</f><v>15</v></c>'
        '<c r="E9"><f>C9*2</f><v>30</v></c></row>')


@pytest.fixture
def path(tmp_path):
    """The workbook of `workbooks` with a totals row in row 9, a formula with it in each row, a name and a formula beside the table."""
    made = build(tmp_path / "台账.xlsx")
    altered(made, TABLE, ('ref="A4:G8" totalsRowShown="0"', 'ref="A4:G9" totalsRowCount="1"'),
            ("subjects[[#This Row],[科里的数]]*2", "C$9*2"))
    altered(made, SHEET, ("subjects[[#This Row],[科里的数]]*2", "C$9*2"))
    altered(made, SHEET, ("</sheetData>", f'{SUMS}<row r="20"><c r="J20"><f>C9+1</f><v>16</v></c></row></sheetData>'))
    altered(made, BOOK, ("</definedNames>", '<definedName name="总数">检查对象名录库!$C$9</definedName></definedNames>'))
    return made


def change(path, *changes):
    book = FileBook(path)
    names = [one.table for one in changes]
    book.apply(changes, book.read(names), names)


def test_the_totals_row_moves_down(path):
    """Cells, looks, height, formulas, table part, names and formulas that speak of it; the new rows are rows of the table."""
    change(path, Append("subjects", [NEW, NEW]))
    made = openpyxl.load_workbook(path)
    sheet, table = made["检查对象名录库"], made["检查对象名录库"].tables["subjects"]
    assert (table.ref, table.totalsRowCount, table.autoFilter.ref) == ("A4:G11", 1, "A4:G10")
    assert [sheet.cell(row, 1).value for row in range(8, 13)] == ["邯山 <&> 商店", "新店", "新店", "汇总", None]
    assert [sheet[at].value for at in ("C11", "D11", "E11", "J20")] == ["=SUBTOTAL(109,subjects[科里的数])", "=SUM(C5:C10)", "=C11*2", "=C11+1"]
    assert [sheet[f"G{row}"].value for row in (5, 10)] == ["=C$11*2"] * 2, "the total where it is now"
    assert (sheet.row_dimensions[11].height, sheet.row_dimensions[9].height) == (30, None)
    assert sheet["C11"].fill.fgColor.rgb == "FFFFFF00"
    assert made.defined_names["总数"].attr_text == "检查对象名录库!$C$11"


def test_the_totals_are_no_row_of_the_table(path):
    """Read, before and after it grows: 汇总 is no firm, and an error value in the row is nobody's mistake."""
    altered(path, SHEET, ('<c r="E9"><f>C9*2</f><v>30</v></c>', '<c r="E9" t="e"><f>1/0</f><v>#DIV/0!</v></c>'))
    view = FileBook(path).read(["subjects"])
    assert (list(view["subjects"].index), view.findings) == ([5, 6, 8], ())
    change(path, Append("subjects", [NEW]))
    assert list(FileBook(path).read(["subjects"])["subjects"]["name"])[-2:] == ["邯山 <&> 商店", "新店"]


@pytest.mark.parametrize("row", [10, 11])
def test_only_into_free_rows(path, row):
    """A note where the totals row would pass or come to stand stops it; nothing is written."""
    altered(path, SHEET, ('<row r="20">', f'<row r="{row}"><c r="B{row}" t="inlineStr"><is><t>备注</t></is></c></row><row r="20">'))
    before = path.read_bytes()
    with pytest.raises(Refusal, match=f"第 {row} 行已经有内容"):
        change(path, Append("subjects", [NEW, NEW]))
    assert path.read_bytes() == before


def test_a_merged_totals_row_is_named(path):
    """What would not follow it is said, and nothing is written."""
    altered(path, SHEET, ("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A9:B9"/></mergeCells>'))
    before = path.read_bytes()
    with pytest.raises(Refusal, match="第 9 行是汇总行，上面有批注或合并单元格"):
        change(path, Append("subjects", [NEW]))
    assert path.read_bytes() == before


def test_a_change_that_needs_no_room_leaves_it(path):
    """A patch leaves totals row and table part as they are."""
    kept = packed(path)[TABLE]
    change(path, Patch("subjects", {(5, "class"): "D"}))
    assert packed(path)[TABLE] == kept


def test_shared_formulas_that_speak_of_the_totals(path):
    """A group beside the table, one of its rows with a second formula: each cell keeps its own, and follows."""
    for row in range(5, 9):
        shared = '<f t="shared" ref="J5:J8" si="7">C5/C$9</f>' if row == 5 else '<f t="shared" si="7"/>'
        _beside(path, row, f'<c r="J{row}">{shared}</c><c r="K{row}"><f>C$9*{row}</f></c>')
    change(path, Append("subjects", [NEW, NEW]))
    made = openpyxl.load_workbook(path)["检查对象名录库"]
    assert [made[f"J{row}"].value for row in range(5, 9)] == [f"=C{row}/C$11" for row in range(5, 9)]
    assert [made[f"K{row}"].value for row in range(5, 9)] == [f"=C$11*{row}" for row in range(5, 9)]


def _beside(path, row, cells):
    """Cells at the right end of a row."""
    with zipfile.ZipFile(path) as archive:
        xml = archive.read(SHEET).decode()
    begin = xml.index(f'<row r="{row}"')
    end = xml.index("</row>", begin) + 6
    altered(path, SHEET, (xml[begin:end], xml[begin:end - 6] + cells + "</row>"))


def test_libreoffice_adds_up_the_new_rows(path, tmp_path):
    """The total of the grown table, calculated anew, is that of all its rows."""
    needs_office()
    change(path, Append("subjects", [NEW]))
    altered(path, SHEET, ('<c r="C9" s="3"/>', '<c r="C9" s="3"><v>100</v></c>'))
    made = openpyxl.load_workbook(convert(path, "xlsx", tmp_path / "out"), data_only=True)["检查对象名录库"]
    assert [made[at].value for at in ("C10", "D10", "E10", "J20")] == [112, 115, 224, 113], "SUBTOTAL leaves the hidden row out"
