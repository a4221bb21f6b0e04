"""Reading tables of a closed workbook."""

from __future__ import annotations

import datetime as dt
import time

import numpy as np
import openpyxl
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.books.reading import Reader
from ssj_xlwings.package.archive import Archive
from ssj_xlwings.package.relations import Workbook
from ssj_xlwings.types import At, Refusal
from ssj_xlwings.vocabulary.values import canonical
from tests.books.workbooks import HEADER, altered, build

HEADINGS = ["主体名称", "统一社会信用代码", "住所", "信用风险等级", "成立日期"]


def sheet(path, rows, name="检查对象名录库", formats=(), **options):
    """A workbook of one plain sheet."""
    book = xlsxwriter.Workbook(path, options)
    page = book.add_worksheet(name)
    made = {place: book.add_format({"num_format": code}) for place, code in dict(formats).items()}
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            page.write(number, column, value, made.get((number, column)))
    book.close()
    return path


def refusal(act) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return str(caught.value)


def test_a_table_is_a_frame_by_sheet_row(tmp_path):
    """Title lines, own columns, hidden and blank rows: our columns by English name, all text, index = sheet row."""
    view = FileBook(build(tmp_path / "台账.xlsx")).read(["subjects", "log"])
    frame = view["subjects"]
    assert list(frame.index) == [HEADER + 1, HEADER + 2, HEADER + 4]
    assert frame.loc[5, "name"] == "邯郸市丛台食品有限公司"
    assert frame.loc[5, "founded"] == "2020-03-02"
    assert frame.loc[8, "name"] == "邯山 <&> 商店"
    assert frame.loc[8, "phone"] == ""
    assert all(type(value) is str for value in frame.to_numpy().ravel())
    assert view["log"].empty
    assert list(view["log"].columns)[:3] == ["seq", "time", "task"]
    assert view.findings == ()
    assert len(view.seen) == 64


def test_aliases_and_formula_columns(tmp_path):
    """Other headings for the same column are understood; a row that only our formula fills is blank."""
    view = FileBook(build(tmp_path / "台账.xlsx")).read(["inspectors", "tasks"])
    assert view["inspectors"].loc[2, ["unit", "id", "until", "items"]].to_list() == ["丛台区市场监督管理局", "03130001", "2027-12-31", "全部"]
    assert list(view["tasks"].index) == [2]


def test_an_own_heading_wins_over_an_alias(tmp_path):
    """A staff column named like an alias of ours does not take our column's place."""
    path = sheet(tmp_path / "a.xlsx", [["企业名称", *HEADINGS], ["旁人", "甲", "91130403MA07TEST01", "路"]])
    assert FileBook(path).read(["subjects"])["subjects"].loc[2, "name"] == "甲"


def test_damaged_codes_are_found_not_mended(tmp_path):
    """A short number in a code column is its digits; 16 digits and more are a finding that blocks, and kept as seen."""
    path = sheet(tmp_path / "a.xlsx", [HEADINGS, ["甲", 130400123456789, "路"], ["乙", 911304031234567890, "路"], ["丙", 1234567890123456, "路"]])
    view = FileBook(path).read(["subjects"])
    assert view["subjects"]["code"].to_list() == ["130400123456789", "911304031234568000", "1234567890123460"]
    assert [(finding.at, finding.blocks) for finding in view.findings] == [(At("subjects", 3, "code"), True), (At("subjects", 4, "code"), True)]
    assert view.findings[0].problem() == "“统一社会信用代码”里的代码存成了数字，已经不准。"
    assert view.findings[0].remedy() == "请先把单元格设为文本，再从原始资料重新录入。"
    assert view.findings[0].values["seen"] == "911304031234568000"


@pytest.mark.parametrize("quote", ['"', "'"])
def test_error_values_are_findings(tmp_path, quote):
    """#N/A and its kin, which the reader shows as blank, are found; a text that spells #N/A is text; blank cells are none."""
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    page.title = "检查对象名录库"
    page.append(HEADINGS)
    page.append(["甲", "#N/A", "路"])
    page.append(["乙", "91130403MA07TEST01", "路"])
    page["B2"].data_type = "e"
    page["F1"].value = "#REF!"
    page["D3"].value = "#DIV/0!"
    page["D3"].data_type = "s"
    book.save(path)
    if quote == "'":
        altered(path, "xl/worksheets/sheet1.xml", ('t="e"', "t='e'"))
    view = FileBook(path).read(["subjects"])
    assert [(finding.at, finding.values["seen"]) for finding in view.findings] == [(At("subjects", 2, "code"), "#N/A")]
    assert view["subjects"].loc[2, "code"] == ""
    assert view["subjects"].loc[3, "class"] == "#DIV/0!"


@pytest.mark.parametrize("date_1904", [False, True])
def test_dates_however_they_stand(tmp_path, date_1904):
    """A date cell, a bare serial number, a text: one canonical date, in both of Excel's calendars."""
    serial = 46083 - (1462 if date_1904 else 0)
    rows = [HEADINGS, *[["甲", f"91130403MA07TEST0{n}", "路", "", value] for n, value in enumerate([dt.date(2026, 3, 2), serial, "2026年3月2日"])]]
    path = sheet(tmp_path / "a.xlsx", rows, formats={(1, 4): "yyyy/m/d"}, date_1904=date_1904)
    assert FileBook(path).read(["subjects"])["subjects"]["founded"].to_list() == ["2026-03-02"] * 3


def test_missing_columns_read_blank_and_required_ones_are_refused(tmp_path):
    """An optional column that is not there is blank; a required heading, or a sheet, is named."""
    path = sheet(tmp_path / "a.xlsx", [["主体名称", "住所", "备注"], ["甲", "路", ""]])
    book = FileBook(path)
    assert refusal(lambda: book.read(["subjects"])) == "工作表“检查对象名录库”里找不到标题“统一社会信用代码”。请把标题改回来再做一次。"
    assert refusal(lambda: book.read(["items"])) == "工作簿里找不到工作表“抽查事项清单”。请把它的名称改回来，或者从“备份”文件夹里取回；旧版的工作簿请先“升级工作簿”。"
    path = sheet(tmp_path / "b.xlsx", [HEADINGS[:3], ["甲", "91130403MA07TEST01", "路"]])
    assert set(FileBook(path).read(["subjects"])["subjects"].loc[2, ["class", "phone", "remark"]]) == {""}
    path = sheet(tmp_path / "c.xlsx", [["随便"], ["甲"]], name="抽取记录")
    assert "找不到标题“序号”" in refusal(lambda: FileBook(path).read(["log"]))
    path = sheet(tmp_path / "d.xlsx", [])
    assert "找不到标题“主体名称”" in refusal(lambda: FileBook(path).read(["subjects"]))


def test_a_heading_twice_is_refused_with_its_cells(tmp_path):
    """Which of the two would count? Nobody guesses."""
    path = sheet(tmp_path / "a.xlsx", [["说明"], [*HEADINGS, "住所"], ["甲", "91130403MA07TEST01", "路", "", "", "街"]])
    assert refusal(lambda: FileBook(path).read(["subjects"])) == (
        "工作表“检查对象名录库”里标题“住所”出现了两次（C2、F2），不知道该用哪一列。请把多余的那个改名。")


def test_cells_are_addressed_by_where_the_heading_stands(tmp_path):
    """检查对象名录库!D8: the letter comes from the book at hand; no column, no row: the sheet."""
    book = FileBook(build(tmp_path / "台账.xlsx"))
    assert book.cell(At("subjects", 8, "address")) == "检查对象名录库!D8"
    assert book.cell(At("subjects", 8, "phone")) == "检查对象名录库!A8"
    assert book.cell(At("subjects")) == "检查对象名录库"


def test_reading_is_fast(tmp_path):
    """9 000 × 22 in well under a second (twice that allowed here: other programs may run)."""
    headings = ["主体名称", "统一社会信用代码", "住所", *[f"列{n}" for n in range(19)]]
    path = sheet(tmp_path / "a.xlsx", [headings, *[[f"某某食品有限公司{n}", f"9113040{n:011d}", f"人民路{n}号", *(f"值{n % 7}" for _ in range(19))] for n in range(9000)]])
    book = FileBook(path)
    start = time.perf_counter()
    frame = book.read(["subjects"])["subjects"]
    assert time.perf_counter() - start < 2
    assert len(frame) == 9000


@pytest.mark.parametrize("date_1904", [False, True])
def test_rows_of_any_sheet_are_what_another_reader_sees(tmp_path, date_1904):
    """Texts, figures, dates, times, truth, formulas, far columns, rows left out: cell by cell as python-calamine, error values blank."""
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path, {"date_1904": date_1904})
    sheet = book.add_worksheet("周例会")
    day, clock = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "hh:mm"})
    sheet.write_row(0, 1, ["姓名", 3, 0.25, True, False])
    sheet.write_datetime(2, 0, dt.datetime(2026, 3, 5), day)
    sheet.write_datetime(2, 1, dt.datetime(2026, 3, 5, 9, 30), day)
    sheet.write_number(2, 2, 0.5, clock)
    sheet.write_formula(2, 3, "=1+1", None, 2)
    sheet.write_formula(2, 4, "=NA()", None, "#N/A")
    sheet.write_formula(2, 5, '="甲"', None, "甲")
    sheet.write_string(70, 99, "远 <&> 处")
    book.close()
    theirs = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("周例会").to_python(skip_empty_area=False)
    ours = dict(Reader(Workbook(Archive(path.read_bytes()))).rows("周例会"))
    assert ours.keys() == {1, 3, 71}
    for number, line in enumerate(theirs, 1):
        seen = [*ours.get(number, ()), *[None] * len(line)][:len(line)]
        assert [canonical(one, "text") for one in seen] == [canonical(one, "text") for one in line], number


def test_texts_are_taken_apart_where_they_are_asked_for(monkeypatch):
    """Whatever the size of the pieces and the order of asking: every text as the whole table has it, rich ones and blank ones among them."""
    from ssj_xlwings.package import inflate, strings
    from ssj_xlwings.package.inflate import Member

    plain = [f"<si><t>第{number}家&amp;_x0041_</t></si>" for number in range(300)]
    items = [*plain[:100], "<si/>", "<si><r><t>一</t></r><r><t>二</t></r></si>", *plain[100:], '<si><t xml:space="preserve"> 三 </t></si>', "<si><t></t></si>"]
    told = [f"第{number}家&A" for number in range(300)]
    want = [*told[:100], "", "一二", *told[100:], " 三 ", ""]
    member = Member.of("sharedStrings", f'<sst xmlns="x">{"".join(items)}</sst>'.encode())
    for size in (97, 1000, 1 << 20):
        monkeypatch.setattr(inflate, "PIECE", size)
        backwards = strings.Shared(member, list)
        assert [backwards[at] for at in reversed(range(len(want)))] == want[::-1]
        assert strings.Shared(member, list).take(np.array([303, 5, 101, 5])) == ["", told[5], "一二", told[5]]
        with pytest.raises(IndexError):
            strings.Shared(member, list).take(np.array([len(want)]))
