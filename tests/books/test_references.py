"""What refers to a table from other places follows it when it grows; what refers to something else stays byte for byte."""

from __future__ import annotations

import re
import zipfile
from unittest import mock

import openpyxl
import pytest

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.package.stretch import Stretch
from ssj_xlwings.types import Append, Patch, Refusal, Rewrite
from tests.books import workbooks
from tests.books.workbooks import altered, build, packed
from tests.office import convert, needs_office

REGISTRY, OWN = "检查对象名录库", "科里的统计"
NEW = {"name": "新店", "code": "92130402MA07TEST09", "address": "新街", "class": "C", "founded": "2024-01-05"}
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.pivotCacheDefinition+xml"
WHOLE = "$C$5:$C$8"
"""Staff's own column over the whole of the table."""


@pytest.fixture
def path(tmp_path):
    """The workbook of `workbooks`, with a sheet full of references to its registry, and a pivot cache."""
    plain = workbooks._plain

    def more(book):
        plain(book)
        sheet = book.add_worksheet("引用")
        sheet.write_formula("A1", f"=SUM({REGISTRY}!C5:C8)", None, 15)
        sheet.write_formula("A2", f'=COUNTIF({REGISTRY}!{WHOLE},">3")&"{REGISTRY}!{WHOLE}"', None, "2")
        sheet.write_formula("A3", f"=SUM({REGISTRY}!C5:C7)+{REGISTRY}!C8+SUM(执法检查人员名录库!C5:C8)", None, 15)
        sheet.write_formula("A4", f"=SUM('{REGISTRY}'!$C$5:$C$8,C5:C8)", None, 15)
        sheet.add_sparkline("B1", {"range": f"'{REGISTRY}'!C5:C8"})
        sheet.data_validation("B2", {"validate": "list", "source": f"={REGISTRY}!$A$5:$A$8"})
        sheet.conditional_format("B3", {"type": "formula", "criteria": f"=COUNTIF({REGISTRY}!{WHOLE},B3)>0", "format": book.add_format({"bold": True})})
        sheet.write_url("B4", f"internal:'{REGISTRY}'!A4:G8", string="到名录库")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": f"={REGISTRY}!{WHOLE}", "categories": f"={REGISTRY}!$A$5:$A$8", "name": f"={REGISTRY}!$C$4"})
        sheet.insert_chart("D1", chart)
        other = book.add_chart({"type": "line"})
        other.add_series({"values": "=引用!$A$1:$A$4"})
        sheet.insert_chart("D20", other)
        book.get_worksheet_by_name(REGISTRY).write_formula("C3", "=SUM(C5:C8)", None, 15)
        book.get_worksheet_by_name(REGISTRY).conditional_format("A5:A8", {"type": "formula", "criteria": "=COUNTIF($A$5:$A$8,A5)>COUNTIF(A$5:A8,A5)",
                                                                         "format": book.add_format({"bold": True})})

    with mock.patch.object(workbooks, "_plain", more):
        build(tmp_path / "台账.xlsx")
    return with_pivot(tmp_path / "台账.xlsx")


def with_pivot(path):
    """A pivot cache whose source is the registry, another by the table's name."""
    source = '<pivotCacheDefinition xmlns="{}" refreshOnLoad="1" recordCount="0"><cacheSource type="worksheet"><worksheetSource {}/></cacheSource><cacheFields count="0"/></pivotCacheDefinition>'
    with zipfile.ZipFile(path, "a") as archive:
        for number, told in enumerate((f'ref="A4:G8" sheet="{REGISTRY}"', 'name="subjects"'), 1):
            archive.writestr(f"xl/pivotCache/pivotCacheDefinition{number}.xml", source.format(MAIN, told))
    lines = "".join(f'<Relationship Id="rIdP{n}" Target="pivotCache/pivotCacheDefinition{n}.xml" Type="{OFFICE}/pivotCacheDefinition"/>' for n in (1, 2))
    types = "".join(f'<Override PartName="/xl/pivotCache/pivotCacheDefinition{n}.xml" ContentType="{TYPE}"/>' for n in (1, 2))
    altered(path, "xl/_rels/workbook.xml.rels", ("</Relationships>", f"{lines}</Relationships>"))
    return altered(path, "[Content_Types].xml", ("</Types>", f"{types}</Types>"))


def change(path, *changes):
    book = FileBook(path)
    names = [one.table for one in changes]
    book.apply(changes, book.read(names), names)


def parts(path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}


def sheet_part(path, words) -> str:
    return next(name for name, xml in parts(path).items() if name.startswith("xl/worksheets/sheet") and words in xml)


def test_everything_over_the_whole_table_grows_with_it(path):
    """Formulas, sparkline, drop-down, rule, link, chart and pivot cache; texts, smaller areas and other sheets stay; and no other part changes."""
    before, kept = parts(path), packed(path)
    change(path, Append("subjects", [NEW, NEW]))
    after = parts(path)
    part = sheet_part(path, "sparkline>")
    told = after[part]
    for words in (f"<f>SUM({REGISTRY}!C5:C10)</f>", f'<f>COUNTIF({REGISTRY}!$C$5:$C$10,"&gt;3")&amp;"{REGISTRY}!$C$5:$C$8"</f>'.replace('"', "&quot;"),
                  f"<f>SUM('{REGISTRY}'!$C$5:$C$10,C5:C8)</f>", f"<formula1>{REGISTRY}!$A$5:$A$10</formula1>",
                  f"<formula>COUNTIF({REGISTRY}!$C$5:$C$10,B3)&gt;0</formula>"):
        assert words in told.replace('"', "&quot;") or words in told, words
    assert re.search(f"<xm:f>'?{REGISTRY}'?!C5:C10</xm:f>", told)
    assert re.search(f"location=\"'{REGISTRY}'!A4:G10\"", told)
    assert f"<f>SUM({REGISTRY}!C5:C7)+{REGISTRY}!C8+SUM(执法检查人员名录库!C5:C8)</f>" in told
    charts = [xml for name, xml in after.items() if name.startswith("xl/charts/") and REGISTRY in xml]
    assert re.findall(r"<c:f>([^<]*)</c:f>", charts[0]) == [f"{REGISTRY}!$C$4", f"{REGISTRY}!$A$5:$A$10", f"{REGISTRY}!$C$5:$C$10"]
    assert 'ref="A4:G10"' in after["xl/pivotCache/pivotCacheDefinition1.xml"]
    own = after["xl/worksheets/sheet1.xml"]
    assert "<f>SUM(C5:C10)</f>" in own
    assert "COUNTIF($A$5:$A$10,A5)&gt;COUNTIF(A$5:A8,A5)" in own, "in a rule, what is relative means another row in each cell"
    changed = {name for name, data in packed(path).items() if kept[name] != data}
    moved = next(name for name in before if name.startswith("xl/charts/") and REGISTRY in before[name])
    assert changed - {"xl/styles.xml"} == {"xl/worksheets/sheet1.xml", "xl/tables/table1.xml", "xl/workbook.xml", part, moved, "xl/pivotCache/pivotCacheDefinition1.xml"}


def test_bytes_of_no_text(path):
    """A formula that another program broke, which would have to follow: refused with the advice to have it repaired, not patched over."""
    part = sheet_part(path, "sparkline>")
    altered(path, part, (f"<f>SUM({REGISTRY}!C5:C8)</f>", f"<f>\udca3\udc80{REGISTRY}!C5:C8</f>"))
    before = path.read_bytes()
    with pytest.raises(Refusal, match=rf"{part}.*修复"):
        change(path, Append("subjects", [NEW, NEW]))
    assert path.read_bytes() == before
    change(path, Append("inspectors", [{}]))


def test_a_table_that_does_not_grow_moves_nothing(path):
    """A patch, or rows that fit into blank rows, leave every reference as it is: no chart is unpacked."""
    kept = packed(path)
    change(path, Patch("subjects", {(5, "class"): "D"}), Append("log", [{"seq": "1"}]))
    assert {name for name, data in packed(path).items() if kept[name] != data} <= {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/styles.xml"}


def test_a_generated_table_that_shrinks_takes_them_back(path):
    """A chart over 校验结果 ends where its rows end, after each rewriting."""
    chart = next(name for name, xml in parts(path).items() if name.startswith("xl/charts/") and "引用!" in xml)
    altered(path, chart, ("引用!$A$1:$A$4", "校验结果!$D$2:$D$2"))
    for count, end in ((5, 6), (2, 3), (0, 2)):
        change(path, Rewrite("findings", [{"level": "提醒", "count": str(n)} for n in range(count)]))
        assert f"<c:f>校验结果!$D$2:$D${end}</c:f>" in parts(path)[chart]


def test_a_shared_formula_is_taken_apart_first(path):
    """Cells that share the formula of one that changes keep theirs."""
    part = sheet_part(path, "sparkline>")
    xml = parts(path)[part]
    altered(path, part, (re.search(r'<c r="A1"[^>]*><f>', xml)[0], '<c r="A1"><f t="shared" ref="A1:A2" si="9">'),
            (re.search(r'<c r="A2".*?</c>', xml)[0], '<c r="A2"><f t="shared" si="9"/><v>12</v></c>'))
    change(path, Append("subjects", [NEW]))
    told = parts(path)[part]
    assert f">SUM({REGISTRY}!C5:C9)</f>" in told
    assert f'<c r="A2"><f>SUM({REGISTRY}!C6:C9)</f>' in told


@pytest.mark.parametrize(("formula", "filled"), [
    ("COUNTA(8:8)", "COUNTA(9:9)"),
    (f"LEN({REGISTRY}!B8:{REGISTRY}!B8)", f"LEN({REGISTRY}!B9:{REGISTRY}!B9)"),
    ("IFERROR(#CALC!,B8)", "IFERROR(#CALC!,B9)"),
    ("SUM(B8#)", "SUM(B9#)"),
    ("LEN(B8))+(", "LEN(B9))+("),
])
def test_staffs_formulas_are_filled_whatever_they_are(tmp_path, formula, filled):
    """A new row takes the formula of the row above, also where only LibreOffice would have saved it."""
    path = build(tmp_path / "台账.xlsx")
    for part in ("xl/worksheets/sheet1.xml", "xl/tables/table1.xml"):
        altered(path, part, ("subjects[[#This Row],[科里的数]]*2", formula))
    change(path, Append("subjects", [NEW]))
    assert f"<f>{filled}</f>" in re.search(r'<c r="G9".*?</c>', parts(path)["xl/worksheets/sheet1.xml"])[0]


def test_rows_to_repeat_on_each_page_stay(tmp_path):
    """The titles of a page end where they ended, even if a table of one row ended there; a name over whole rows grows."""
    path = build(tmp_path / "台账.xlsx")
    names = f'<definedName name="_xlnm.Print_Titles" localSheetId="0">{REGISTRY}!$4:$8</definedName><definedName name="各行">{REGISTRY}!$5:$8</definedName></definedNames>'
    altered(path, "xl/workbook.xml", ("</definedNames>", names))
    change(path, Append("subjects", [NEW]))
    told = parts(path)["xl/workbook.xml"]
    assert f"{REGISTRY}!$4:$8<" in told
    assert f"{REGISTRY}!$5:$9<" in told


@pytest.mark.parametrize(("formula", "here", "told"), [
    ("SUM(T!B2:B9)", "", "SUM(T!B2:B12)"),
    ("SUM('T'!$B$2:$B$9)", "X", "SUM('T'!$B$2:$B$12)"),
    ("SUM(B2:B9)", "T", "SUM(B2:B12)"),
    ("SUM(B2:B9)", "X", "SUM(B2:B9)"),
    ("T!B2:B8", "", "T!B2:B8"),
    ("T!B5:B9", "", "T!B5:B9"),
    ("T!K2:K9", "", "T!K2:K9"),
    ("[1]T!B2:B9", "", "[1]T!B2:B9"),
    ("'[a.xlsx]T'!B2:B9", "", "'[a.xlsx]T'!B2:B9"),
    ("A:T!B2:B9", "", "A:T!B2:B9"),
    ("XT!B2:B9", "", "XT!B2:B9"),
    ('"T!B2:B9"&T!B2:B9', "", '"T!B2:B9"&T!B2:B12'),
    ("t[[#This Row],[B2:B9]]", "T", "t[[#This Row],[B2:B9]]"),
    ("T!B9:B2", "", "T!B12:B2"),
    ("T!$B$9:$B$2", "", "T!$B$12:$B$2"),
    ("T!$B$2:T!$B$9", "", "T!$B$2:T!$B$12"),
    ("'T'!B2:T!B9", "", "'T'!B2:T!B12"),
    ("T!B2:X!B9", "", "T!B2:X!B9"),
    ("B2:T!B9", "T", "B2:T!B12"),
    ("T!$2:$9", "", "T!$2:$12"),
    ("SUM(2:9)", "T", "SUM(2:12)"),
    ("T!$2:T!$9", "", "T!$2:T!$12"),
    ("T!$B$2 : $B$9", "", "T!$B$2 : $B$12"),
    ("T!$3:$9", "", "T!$3:$9"),
    ("T!A1:T!INDEX(B:B,9)", "", "T!A1:T!INDEX(B:B,9)"),
    ("'T'!表B2:B9", "T", "'T'!表B2:B9"),
    ("XFE2:XFE9+B2:B1048577", "T", "XFE2:XFE9+B2:B1048577"),
    ('"B2:B9', "T", '"B2:B9'),
    ("T!B2:B9)+(", "", "T!B2:B12)+("),
    ("T!B2:B9,T!$A$1:$D$9", "", "T!B2:B12,T!$A$1:$D$12"),
    ("LOG10(B2:B9)", "T", "LOG10(B2:B12)"),
    ("B2:B9(1)", "T", "B2:B9(1)"),
    ("T!$B:$B", "", "T!$B:$B"),
], ids=lambda value: str(value) or "-")
def test_which_references_follow(formula, here, told):
    """Areas that begin at the first row or the headings, lie over the columns and end where the table ended, on the very sheet: those and no others."""
    assert Stretch(1, 1, 5, 9, 12).formula("T", formula, here=here) == told


def test_libreoffice_counts_the_new_rows(path, tmp_path):
    """Calculated anew, statistics over the table come to what the rows say."""
    needs_office()
    change(path, Patch("subjects", {(5, "class"): "D"}), Append("subjects", [NEW, NEW]))
    xml = parts(path)["xl/worksheets/sheet1.xml"]
    altered(path, "xl/worksheets/sheet1.xml", (re.search(r'<c r="C10"[^>]*/>', xml)[0], '<c r="C10"><v>100</v></c>'))
    made = openpyxl.load_workbook(convert(path, "xlsx", tmp_path / "out"), data_only=True)
    assert [made["引用"]["A1"].value, made[REGISTRY]["C3"].value, made["引用"]["A4"].value] == [115, 115, 115]
