"""Workbooks of every shape that the format allows: prefixed, ISO-strict, zip64, inline texts, a table in the middle of a sheet, bare of names."""

from __future__ import annotations

import errno
import os
import re
import zipfile

import openpyxl
import pytest
import xlsxwriter
from lxml import etree

from ssj_xlwings.books import cells
from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.package.archive import Archive
from ssj_xlwings.types import Append, Patch, Refusal, Rewrite
from tests.books.test_followers import STAFF, controls, read, with_totals
from tests.books.test_references import MAIN, NEW, OFFICE, REGISTRY, change
from tests.books.workbooks import altered, build, packed
from tests.office import convert, needs_office

STRICT = (
    (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"), (OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
    ("http://schemas.openxmlformats.org/drawingml/2006/", "http://purl.oclc.org/ooxml/drawingml/"),
)
SHEET = "xl/worksheets/sheet1.xml"


def parts(path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def put(path, members) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def prefixed(data: bytes) -> bytes:
    """A part of the main namespace with x: before each of its names."""
    if MAIN.encode() not in data[:400]:
        return data
    old = etree.fromstring(data)
    root = etree.Element(old.tag, dict(old.attrib), nsmap={"x": MAIN, **{name: uri for name, uri in old.nsmap.items() if name}})
    root[:] = list(old)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def strict(data: bytes) -> bytes:
    """The same part as ISO 29500 strict has it."""
    for old, new in STRICT:
        data = data.replace(old.encode(), new.encode())
    return data.replace(b"<workbook ", b'<workbook conformance="strict" ', 1)


@pytest.fixture
def path(tmp_path):
    """The workbook of `workbooks` with totals, a formula elsewhere, a name and a chart that speak of the table."""
    made = build(tmp_path / "台账.xlsx")
    with_totals(made)
    controls(made, STAFF, f"{REGISTRY}!")
    altered(made, STAFF, ("</sheetData>", f'<row r="30"><c r="AA30"><f>SUM({REGISTRY}!C5:C8)+{REGISTRY}!C9</f><v>30</v></c></row></sheetData>'))
    return altered(made, "xl/charts/chart1.xml", ("科里的统计!$A$1:$A$3", f"{REGISTRY}!$C$5:$C$8"))


@pytest.mark.parametrize("form", [prefixed, strict])
def test_prefixed_and_strict_packages(path, tmp_path, form):
    """Read as the plain one; append, patch and rewrite come to the same cells; what refers to the table follows; the form stays as it was."""
    plain, odd = path, tmp_path / "另一种.xlsx"
    put(odd, {name: form(data) if name.endswith(".xml") or (form is strict and name.endswith(".rels")) else data for name, data in parts(path).items()})
    wanted, tables = [Append("subjects", [NEW, NEW]), Patch("subjects", {(5, "class"): "D"}), Rewrite("findings", [{"level": "提醒"}] * 3), Append("log", [{"seq": "1"}])], ["subjects", "findings", "log"]
    for one in (plain, odd):
        change(one, *wanted)
    ours, theirs = (FileBook(one).read(tables).tables for one in (plain, odd))
    assert all(ours[name].equals(theirs[name]) for name in tables)
    told = parts(odd)
    assert f"SUM({REGISTRY}!C5:C10)+{REGISTRY}!C11".encode() in told[STAFF]
    assert f"{REGISTRY}!$C$5:$C$10".encode() in told["xl/charts/chart1.xml"]
    mark = b"<x:table " if form is prefixed else STRICT[0][1].encode()
    assert mark in told["xl/tables/table1.xml"]
    assert form is prefixed or not [name for name, data in told.items() if MAIN.encode() in data or (b"<Relationship " in data and OFFICE.encode() in data)]
    assert etree.fromstring(told["xl/tables/table1.xml"]).get("ref") == "A4:G11"
    roots = {etree.QName(etree.fromstring(told[name])).namespace for name in (SHEET, STAFF, "xl/workbook.xml", "xl/styles.xml")}
    assert roots == {MAIN if form is prefixed else STRICT[0][1]}


@pytest.mark.parametrize("form", [prefixed, strict])
def test_libreoffice_reads_them(path, tmp_path, form):
    """What we wrote into such a package is what LibreOffice shows."""
    needs_office()
    put(path, {name: form(data) if name.endswith(".xml") or (form is strict and name.endswith(".rels")) else data for name, data in parts(path).items() if "ctrlProp" not in name and "vmlDrawing9" not in name})
    altered(path, "xl/worksheets/_rels/sheet6.xml.rels", *((line, "") for line in re.findall(r'<Relationship Id="rIdX[^>]*>', read(path, "xl/worksheets/_rels/sheet6.xml.rels"))))
    change(path, Append("subjects", [NEW]))
    made = openpyxl.load_workbook(convert(path, "xlsx", tmp_path / "out"), data_only=True)
    assert made[REGISTRY]["A9"].value == "新店"
    assert made["科里的统计"]["AA30"].value == made[REGISTRY]["C10"].value + 15


def test_zip64_members(path):
    """Members with 64-bit sizes, as streaming writers make them, are read, copied and replaced."""
    members = parts(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            with archive.open(name, "w", force_zip64=True) as file:
                file.write(data)
    assert b"\x01\x00\x10\x00" in path.read_bytes()
    change(path, Append("subjects", [NEW]))
    with zipfile.ZipFile(path) as made:
        assert made.testzip() is None
    assert list(FileBook(path).read(["subjects"])["subjects"]["name"])[-1] == "新店"
    Archive(path.read_bytes()).check()


def test_inline_and_shared_texts_read_alike(tmp_path):
    """XlsxWriter's two ways to write texts, and ours beside them, come to the same tables."""
    shared, inline = build(tmp_path / "a.xlsx"), build(tmp_path / "b.xlsx")
    texts = re.findall(rb"<si><t[^>]*>(.*?)</t></si>", parts(shared)["xl/sharedStrings.xml"])
    members = parts(inline)
    for name in members:
        if name.startswith("xl/worksheets/sheet"):
            members[name] = re.sub(rb' t="s"><v>(\d+)</v>', lambda found: b' t="inlineStr"><is><t>' + texts[int(found[1])] + b"</t></is>", members[name])
    put(inline, members)
    assert b"inlineStr" in parts(inline)[SHEET]
    names = ["subjects", "inspectors", "tasks"]
    one, other = (FileBook(path).read(names).tables for path in (shared, inline))
    assert all(one[name].equals(other[name]) for name in names)


def middle(path):
    """A table that begins in D6: staff's numbers on its left and right, a heading line above, notes below."""
    book = xlsxwriter.Workbook(path)
    sheet, day = book.add_worksheet("节假日"), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write("B2", "科里的节假日")
    for row in range(5, 20):
        sheet.write(row, 0, row)
        sheet.write(row, 8, f"右{row}")
    sheet.add_table(5, 3, 7, 6, {"name": "days", "columns": [{"header": "日期"}, {"header": "我的列"}, {"header": "类型"}, {"header": "说明"}]})
    sheet.write_string(6, 3, "2026-05-01")
    sheet.write(6, 4, "私")
    sheet.write(6, 5, "放假")
    sheet.set_row(6, 33)
    sheet.set_row(7, 33)
    sheet.set_column(3, 3, 12, day)
    sheet.write(14, 3, "表下的说明")
    sheet.unprotect_range("D7:G8", "可改")
    book.close()
    return path


def test_a_table_in_the_middle_of_a_sheet(tmp_path):
    """Append, patch and rewrite stay within the table's rows and columns; what stands around it, cell by cell and height by height, does not move."""
    path = middle(tmp_path / "a.xlsx")
    before = {cell.coordinate: cell.value for row in openpyxl.load_workbook(path)["节假日"].iter_rows() for cell in row if cell.value is not None}
    change(path, Append("holidays", [{"date": f"2026-05-0{day}", "kind": "放假"} for day in (2, 3, 4)]))
    change(path, Patch("holidays", {(7, "kind"): "调休上班", (9, "kind"): "调休上班"}))
    sheet = openpyxl.load_workbook(path)["节假日"]
    assert sheet.tables["days"].ref == sheet.tables["days"].autoFilter.ref == "D6:G10"
    assert [sheet.cell(row, 6).value for row in range(7, 11)] == ["调休上班", "放假", "调休上班", "放假"]
    after = {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert {at: after.get(at) for at in before if at != "F7"} == {at: value for at, value in before.items() if at != "F7"}
    assert set(after) - set(before) == {f"{letter}{row}" for letter in "DF" for row in (8, 9, 10)}
    assert [sheet.row_dimensions[row].height for row in (7, 8, 9)] == [33, 33, None], "a row that is there keeps its height"
    assert re.search(r'<protectedRange [^>]*sqref="D7:G10"', read(path, SHEET))
    with pytest.raises(Refusal, match="第 15 行已经有内容"):
        change(path, Append("holidays", [{"date": f"2026-06-{day:02}", "kind": "放假"} for day in range(1, 9)]))


def test_styles_are_appended_once_and_used_again(path):
    """A date where no date format stands needs one style more; the old ones stay in their places, and the next save needs none."""
    own = re.search(r'<c r="C5" s="(\d+)"', read(path, SHEET))[1]
    altered(path, SHEET, *((cell, re.sub(r's="\d+"', f's="{own}"', cell)) for cell in re.findall(r'<c r="F[0-9]+" s="\d+"/?>', read(path, SHEET))))
    old = etree.fromstring(parts(path)["xl/styles.xml"])
    change(path, Patch("subjects", {(5, "founded"): "2026-01-02", (6, "founded"): "2026-01-03"}))
    made = etree.fromstring(parts(path)["xl/styles.xml"])
    before, after = (root.findall(f"{{{MAIN}}}cellXfs/{{{MAIN}}}xf") for root in (old, made))
    assert [etree.tostring(one, method="c14n") for one in after[:len(before)]] == [etree.tostring(one, method="c14n") for one in before]
    assert len(after) == len(before) + 1
    assert made.find(f"{{{MAIN}}}cellXfs").get("count") == str(len(after))
    kept = packed(path)["xl/styles.xml"]
    change(path, Patch("subjects", {(8, "founded"): "2026-01-04"}))
    assert packed(path)["xl/styles.xml"] == kept


@pytest.mark.parametrize("text", ["NaN", "nan", "inf", "-inf", "1e999", "Infinity"])
def test_no_number_that_excel_cannot_hold(path, text):
    """Such a word goes in as the text it is, in any kind of column; a <v>NaN</v> would make Excel repair the file."""
    assert {cells.value(text, kind, False).type for kind in ("int", "rate", "date", "month", "code", "text", "choice")} == {"text"}
    change(path, Patch("subjects", {(5, "founded"): text, (5, "class"): text}))
    assert not re.search(rf"<v>{text}</v>", read(path, SHEET))
    assert openpyxl.load_workbook(path)[REGISTRY]["E5"].value == text


@pytest.mark.parametrize(("text", "told"), [
    ("_x000D_", "_x005F_x000D_"), ("a_x0041_b", "a_x005F_x0041_b"), ("_x_x0041_", "_x_x005F_x0041_"), ("行一\r\n行二", "行一_x000D_\n行二"), ("\x01\x02", "_x0001__x0002_"),
    ("\ufffe", "_xFFFE_"), ("_xD800_", "_x005F_xD800_"), ("_x00_", "_x00_"),
])
def test_escapes_of_the_format(path, text, told):
    """What looks like an escape, and what XML cannot hold, is written as ECMA-376 22.9.2.19 says, and reads back the same."""
    change(path, Patch("subjects", {(5, "address"): text}))
    assert f">{told}</t>" in read(path, SHEET)
    assert FileBook(path).read(["subjects"])["subjects"].loc[5, "address"] == text.strip()


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.EHOSTDOWN, errno.ENETUNREACH, errno.EDQUOT, errno.EROFS, errno.ENOSPC])
@pytest.mark.parametrize("where", ["write", "fsync", "replace", "read back"])
def test_a_share_that_goes_away(path, monkeypatch, where, number):
    """A network drive that fails at any step of a save: one sentence, the old file byte for byte, nothing left beside it."""
    before, book = path.read_bytes(), FileBook(path)
    seen = book.read(["subjects"])

    def gone(*_args, **_named):
        raise OSError(number, os.strerror(number))

    target = {"write": (Archive, "write"), "fsync": (os, "fsync"), "replace": (os, "replace"), "read back": (Archive, "_verify")}[where]
    with monkeypatch.context() as failing, pytest.raises(Refusal) as caught:
        failing.setattr(*target, gone)
        book.apply([Append("subjects", [NEW])], seen, ["subjects"])
    assert "没有写成" in str(caught.value)
    assert path.read_bytes() == before
    assert {entry.name for entry in path.parent.iterdir()} <= {"台账.xlsx", "备份"}


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.ENETUNREACH, errno.EACCES])
def test_a_share_that_cannot_be_read(path, monkeypatch, number):
    """The same on reading: the sentence names the network drive."""
    def gone(_path):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(type(path), "read_bytes", gone)
    with pytest.raises(Refusal, match="网络盘"):
        FileBook(path).read(["subjects"])


@pytest.mark.parametrize("value", ["1", "0"])
def test_truth_and_errors_and_blanks(path, value):
    """A tick and an empty text in our columns: canonical text, never a number; an error is a finding."""
    cell = re.search(r'<c r="E5"[^>]*>.*?</c>', read(path, SHEET))[0]
    altered(path, SHEET, (cell, f'<c r="E5" t="b"><v>{value}</v></c>'))
    view = FileBook(path).read(["subjects"])
    assert view["subjects"].loc[5, "class"] == ("是" if value == "1" else "否")
    altered(path, SHEET, (f'<c r="E5" t="b"><v>{value}</v></c>', '<c r="E5" t="inlineStr"><is><t></t></is></c>'))
    assert FileBook(path).read(["subjects"])["subjects"].loc[5, "class"] == ""
