"""What refers to a table from places of its own kind: form controls, shapes, tables, sheets of any size, spelling or state."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from io import BytesIO

import pytest

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.package import inflate, markup, references
from ssj_xlwings.package.archive import Archive
from ssj_xlwings.package.inflate import Member
from ssj_xlwings.types import Append, Patch, Rewrite
from tests.books.test_references import NEW, OFFICE, REGISTRY, change
from tests.books.workbooks import altered, build, packed

SHEET, STAFF, TASKS = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet6.xml", "xl/worksheets/sheet4.xml"
CONTROL = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
VML = ('<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape id="s1" type="#t201"><v:textbox><div>选<br></div></v:textbox>'
       '<x:ClientData ObjectType="Drop"><x:FmlaMacro>[0]!Knopf</x:FmlaMacro><x:FmlaLink>{link}</x:FmlaLink><x:FmlaRange>{range}</x:FmlaRange></x:ClientData></v:shape></xml>')


@pytest.fixture
def path(tmp_path):
    return build(tmp_path / "台账.xlsx")


def read(path, part) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(part).decode()


def add(path, owner, kind, target, data) -> None:
    """A part, and the relation that leads to it."""
    folder, _, name = owner.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels"
    line = f'<Relationship Id="rIdX{len(target)}{kind}" Type="{OFFICE}/{kind}" Target="/{target}"/>'
    with zipfile.ZipFile(path) as archive:
        had = rels in archive.namelist()
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(target, data)
        if not had:
            archive.writestr(rels, f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{line}</Relationships>')
    if had:
        altered(path, rels, ("</Relationships>", f"{line}</Relationships>"))


def controls(path, owner, sheet="") -> None:
    """A drop-down as Excel keeps it, three times over: its properties, its VML, and an ActiveX one in the sheet itself."""
    link, span = f"{sheet}$C$9", f"{sheet}$A$5:$A$8"
    add(path, owner, "ctrlProp", "xl/ctrlProps/ctrlProp1.xml", f'<formControlPr xmlns="{CONTROL}" objectType="Drop" fmlaLink="{link}" fmlaRange="{span}" sel="1"/>')
    add(path, owner, "vmlDrawing", "xl/drawings/vmlDrawing9.vml", VML.format(link=link, range=span))
    altered(path, owner, ("</worksheet>", f'<controls><control shapeId="1" name="x"><controlPr linkedCell="{link}" listFillRange=\'{span}\'/></control></controls></worksheet>'))


def with_totals(path) -> None:
    """A totals row in row 9 whose cell C9 holds a sum."""
    altered(path, "xl/tables/table1.xml", ('ref="A4:G8" totalsRowShown="0"', 'ref="A4:G9" totalsRowCount="1"'))
    altered(path, SHEET, ("</sheetData>", '<row r="9"><c r="C9"><f>SUBTOTAL(109,subjects[科里的数])</f><v>15</v></c></row></sheetData>'))


@pytest.mark.parametrize(("owner", "sheet"), [(SHEET, ""), (STAFF, f"{REGISTRY}!")])
def test_form_controls_follow(path, owner, sheet):
    """Linked cell and list of a control, on the table's sheet or another: in its properties, in VML (well-formed or not), in the sheet; its macro stays."""
    with_totals(path)
    controls(path, owner, sheet)
    change(path, Append("subjects", [NEW, NEW]))
    properties, drawn, kept = read(path, "xl/ctrlProps/ctrlProp1.xml"), read(path, "xl/drawings/vmlDrawing9.vml"), read(path, owner)
    assert f'fmlaLink="{sheet}$C$11" fmlaRange="{sheet}$A$5:$A$10"' in properties
    assert drawn == VML.format(link=f"{sheet}$C$11", range=f"{sheet}$A$5:$A$10")
    assert f'linkedCell="{sheet}$C$11" listFillRange=\'{sheet}$A$5:$A$10\'' in kept


def test_a_control_of_another_sheet_without_its_name_stays(path):
    """What names no sheet means the control's own."""
    with_totals(path)
    controls(path, STAFF)
    change(path, Append("subjects", [NEW]))
    assert 'fmlaLink="$C$9"' in read(path, "xl/ctrlProps/ctrlProp1.xml")
    assert "<x:FmlaLink>$C$9<" in read(path, "xl/drawings/vmlDrawing9.vml")


def test_the_text_of_a_shape_follows(path):
    """A text box that shows the total."""
    with_totals(path)
    drawing = "xl/drawings/drawing1.xml"
    altered(path, drawing, ("</xdr:wsDr>", f'<xdr:twoCellAnchor><xdr:sp textlink="{REGISTRY}!$C$9"/></xdr:twoCellAnchor></xdr:wsDr>'))
    change(path, Append("subjects", [NEW, NEW, NEW]))
    assert f'textlink="{REGISTRY}!$C$12"' in read(path, drawing)


def test_a_sheet_that_is_changed_too_follows(path):
    """Formulas on another sheet of the same save, beside its table and in it, and the formula its table keeps for new rows."""
    altered(path, TASKS, ("</sheetData>", f'<row r="30"><c r="AA30"><f>SUM({REGISTRY}!C5:C8)</f><v>15</v></c></row></sheetData>'))
    told = re.search(r"<calculatedColumnFormula>([^<]*)</calculatedColumnFormula>", read(path, "xl/tables/table4.xml"))[1]
    altered(path, "xl/tables/table4.xml", (told, f"COUNTA({REGISTRY}!$A$5:$A$8)"))
    altered(path, TASKS, (told, f"COUNTA({REGISTRY}!$A$5:$A$8)"))
    change(path, Append("subjects", [NEW]), Patch("tasks", {(2, "name"): "改名"}))
    assert f"<f>SUM({REGISTRY}!C5:C9)</f></c>" in read(path, TASKS)
    assert f"<f>COUNTA({REGISTRY}!$A$5:$A$9)</f>" in read(path, TASKS)
    assert "$A$5:$A$8" not in read(path, TASKS)
    assert f"<calculatedColumnFormula>COUNTA({REGISTRY}!$A$5:$A$9)<" in read(path, "xl/tables/table4.xml")


def test_a_share_of_the_whole_follows_in_every_row(path):
    """A column of staff's that divides by the sum of the whole table, old rows and new; a running total means its own row and stays."""
    told = "C5/SUM(C$5:C$8)"
    formula = re.search(r"<f>(subjects\[[^<]*)</f>", read(path, SHEET))[1]
    altered(path, "xl/tables/table1.xml", (re.search(r"<calculatedColumnFormula>([^<]*)<", read(path, "xl/tables/table1.xml"))[1], told))
    for row in range(5, 9):
        text = told.replace("C5/", f"C{row}/")
        data = read(path, SHEET)
        cell = re.search(rf'<c r="G{row}"[^>]*><f>[^<]*</f>', data)[0]
        altered(path, SHEET, (cell, cell.replace(formula, text)))
    altered(path, SHEET, ("</row></sheetData>", '<c r="J8"><f>SUM(C$5:C8)</f></c></row></sheetData>'))
    change(path, Append("subjects", [NEW]))
    assert re.findall(r"<f>(C[0-9]/[^<]*)</f>", read(path, SHEET)) == [f"C{row}/SUM(C$5:C$9)" for row in range(5, 10)]
    assert "<calculatedColumnFormula>C5/SUM(C$5:C$9)<" in read(path, "xl/tables/table1.xml")
    assert "<f>SUM(C$5:C8)</f>" in read(path, SHEET)


def test_two_appends_in_one_save(path):
    """The total moves twice: formulas, names, controls and rules elsewhere name it where it is at last, once."""
    with_totals(path)
    controls(path, STAFF, f"{REGISTRY}!")
    altered(path, STAFF, ("</sheetData>", f'<row r="30"><c r="AA30"><f>{REGISTRY}!C9/SUM({REGISTRY}!C5:C8)</f></c></row></sheetData>'))
    altered(path, "xl/workbook.xml", ("</definedNames>", f'<definedName name="总数">{REGISTRY}!$C$9</definedName></definedNames>'))
    change(path, Append("subjects", [NEW]), Append("subjects", [NEW, NEW]))
    assert f"<f>{REGISTRY}!C12/SUM({REGISTRY}!C5:C11)</f>" in read(path, STAFF)
    assert f"{REGISTRY}!$C$12<" in read(path, "xl/workbook.xml")
    assert f'fmlaLink="{REGISTRY}!$C$12" fmlaRange="{REGISTRY}!$A$5:$A$11"' in read(path, "xl/ctrlProps/ctrlProp1.xml")
    assert 'r="C12"' in read(path, SHEET)


def test_names_in_character_references(path):
    """openpyxl writes ASCII: the names of sheets in formulas and rules are understood, and written the same way."""
    spelt = REGISTRY.encode("ascii", "xmlcharrefreplace").decode()
    altered(path, STAFF, ("</sheetData>", (f'<row r="30"><c r="AA30"><f>SUM({spelt}!C5:C8)</f></c></row></sheetData><conditionalFormatting sqref="A1">'
                          f'<cfRule type="expression" priority="9"><formula>{spelt}!$C$8&gt;SUM({spelt}!$C$5:$C$8)</formula></cfRule></conditionalFormatting>')))
    change(path, Append("subjects", [NEW]))
    assert f"<f>SUM({spelt}!C5:C9)</f>" in read(path, STAFF)
    assert f"<formula>{spelt}!$C$8&gt;SUM({spelt}!$C$5:$C$9)</formula>" in read(path, STAFF)


@pytest.mark.parametrize("form", ["&#x{:X};", "&#x{:x};", "&#{};"])
def test_character_references_of_any_form(path, form):
    """Hexadecimal ones, as .NET writes them, as well."""
    spelt = "".join(form.format(ord(one)) for one in REGISTRY)
    altered(path, STAFF, ("</sheetData>", f'<row r="30"><c r="AA30"><f>SUM({spelt}!C5:C8)</f></c></row></sheetData>'))
    change(path, Append("subjects", [NEW]))
    assert f"SUM({REGISTRY}!C5:C9)" in unescape(read(path, STAFF))


def test_drop_downs_over_another_sheet(path):
    """As Excel 2010 and later keep them (x14, its formula in an element of its own), and with an attribute at the formula."""
    altered(path, STAFF, ("</worksheet>", (
        f'<dataValidations count="1"><dataValidation type="list" sqref="C1"><formula1 xml:space="preserve">{REGISTRY}!$A$5:$A$8</formula1></dataValidation></dataValidations>'
        '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}">'
        '<x14:dataValidations xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1"><x14:dataValidation type="whole" allowBlank="1">'
        f"<x14:formula1><xm:f>{REGISTRY}!$B$5:$B$8</xm:f></x14:formula1><x14:formula2>\n<xm:f>{REGISTRY}!$C$5:$C$8</xm:f></x14:formula2><xm:sqref>A1:A9</xm:sqref></x14:dataValidation>"
        "</x14:dataValidations></ext></extLst></worksheet>")))
    change(path, Append("subjects", [NEW]))
    told = read(path, STAFF)
    assert f">{REGISTRY}!$A$5:$A$9</formula1>" in told
    assert f"<x14:formula1><xm:f>{REGISTRY}!$B$5:$B$9</xm:f>" in told
    assert f"<xm:f>{REGISTRY}!$C$5:$C$9</xm:f></x14:formula2>" in told


def test_sorting_follows_with_its_conditions(path):
    """What the table was sorted by reaches as far as the table, in the table and on the sheet."""
    sorting = '<sortState ref="A5:G8"><sortCondition ref="B5:B8"/></sortState>'
    altered(path, "xl/tables/table1.xml", ("<tableColumns", f"{sorting}<tableColumns"))
    altered(path, SHEET, ("</sheetData>", f"</sheetData>{sorting}"))
    change(path, Append("subjects", [NEW]))
    for part in ("xl/tables/table1.xml", SHEET):
        assert sorting.replace("8", "9") in read(path, part)


def test_formulas_that_nobody_calculated_count(path):
    """A row of formulas without values (as a program without calculation saves them) is a row: new ones come beneath it, none is written over."""
    last = re.search(r'<row r="8".*?</row>', read(path, SHEET))[0]
    altered(path, SHEET, (last, '<row r="8"><c r="A8"><f>1&amp;"店"</f></c><c r="B8"><f>"9"&amp;1</f></c></row>'))
    change(path, Append("subjects", [NEW]))
    assert '<row r="8"><c r="A8"><f>1&amp;"店"</f></c><c r="B8"><f>"9"&amp;1</f></c>' in read(path, SHEET)
    assert 'ref="A4:G9"' in read(path, "xl/tables/table1.xml")


def test_rows_that_a_filter_hid_show_again(path):
    """A generated sheet is written anew with fewer rows: what staff wrote beside its former rows is not left hidden without a filter."""
    book = FileBook(path)
    book.apply([Rewrite("findings", [{"level": "阻断"}] * 6)], book.read(["findings"]), ["findings"])
    part = next(part for part in packed(path) if part.startswith("xl/worksheets/sheet") and "阻断" in read(path, part))
    row = re.search(r'<row r="5"[^>]*>.*?</row>', read(path, part))[0]
    altered(path, part, (row, row.replace('<row r="5"', '<row r="5" hidden="1"').replace("</row>", '<c r="ZA5" t="inlineStr"><is><t>科里的话</t></is></c></row>')))
    book.apply([Rewrite("findings", [{"level": "阻断"}])], book.read(["findings"]), ["findings"])
    assert re.search(r'<row r="5"[^>]*>', read(path, part))[0] == '<row r="5">'
    assert "科里的话" in read(path, part)


def test_letter_case_does_not_tell_parts_apart(path):
    """A relation that spells its part in other letters leads to it all the same (ECMA-376 part 2, 6.2.2.3)."""
    altered(path, "xl/_rels/workbook.xml.rels", ("worksheets/sheet1.xml", "Worksheets/Sheet1.XML"))
    before = set(packed(path))
    change(path, Append("subjects", [NEW]))
    assert set(packed(path)) == before
    assert FileBook(path).read(["subjects"])["subjects"]["name"].iloc[-1] == NEW["name"]


def test_a_shared_formula_over_fixed_rows_stays_shared(path):
    """What means the same rows in every cell is changed once; a million cells need no text of their own."""
    altered(path, STAFF, ("</sheetData>", (f'<row r="30"><c r="AA30"><f t="shared" ref="AA30:AA31" si="3">COUNTIF({REGISTRY}!$B$5:$B$8,A30)</f><v>1</v></c></row>'
                          '<row r="31"><c r="AA31"><f t="shared" si="3"/><v>1</v></c></row></sheetData>')))
    change(path, Append("subjects", [NEW]))
    told = read(path, STAFF)
    assert f'<f t="shared" ref="AA30:AA31" si="3">COUNTIF({REGISTRY}!$B$5:$B$9,A30)</f></c>' in told
    assert '<f t="shared" si="3"/><v>1</v>' in told


def test_a_sheet_of_any_size_is_searched_piece_by_piece(path, monkeypatch):
    """Names and formulas that lie across pieces are found; the rows without any come out byte for byte."""
    filler = "".join(f'<row r="{row}"><c r="B{row}"><v>{row}</v></c></row>' for row in range(40, 3000))
    formula = "".join(f'<row r="{row}"><c r="B{row}"><f>SUM({REGISTRY}!C5:C8)+{row}</f><v>1</v></c></row>' for row in range(3000, 3400))
    altered(path, STAFF, ("</sheetData>", f"{filler}{formula}</sheetData>"))
    monkeypatch.setattr(inflate, "PIECE", 1000)
    change(path, Append("subjects", [NEW]))
    told = read(path, STAFF)
    assert filler in told
    assert [f"SUM({REGISTRY}!C5:C9)+{row}" for row in range(3000, 3400)] == re.findall(r"<f>(SUM[^<]*)</f>", told)


def test_what_speaks_of_no_sheet_is_not_unpacked_again(path, monkeypatch):
    """Reading has unpacked every part once and knows which of them hold no `!`; saving asks those no more."""
    book = FileBook(path)
    seen, asked, real = book.read(["subjects"]), [], references._speaks
    monkeypatch.setattr(references, "_speaks", lambda member, sheets: asked.append(member.name) or real(member, sheets))
    altered(path, STAFF, ("</sheetData>", f'<row r="30"><c r="AA30"><f>SUM({REGISTRY}!C5:C8)</f></c></row></sheetData>'))
    seen = book.read(["subjects"])
    book.apply([Append("subjects", [NEW])], seen, ["subjects"])
    assert asked == [STAFF]
    assert f"SUM({REGISTRY}!C5:C9)" in read(path, STAFF)


@pytest.mark.parametrize("coding", ["utf-8", "utf-16", "gb18030"])
def test_a_name_is_found_in_any_encoding(coding):
    """In UTF-16, in ASCII with character references, quoted, and where two pieces meet."""
    for text in (f"<f>{REGISTRY}!A1</f>", "<f>'a''b&amp;c'!A1</f>", f"<f>{REGISTRY.encode('ascii', 'xmlcharrefreplace').decode()}!A1</f>"):
        data = ("x" * (inflate.PIECE // (2 if coding == "utf-16" else 1) - 5) + text).encode(coding)
        assert references._speaks(Member.of("a", data), [REGISTRY, "a'b&c"])
    assert not references._speaks(Member.of("a", "检查对象名 录库!".encode(coding)), [REGISTRY])


def test_the_workbook_stays_sound(path):
    """Every XML part that was followed is well-formed, and the archive whole."""
    with_totals(path)
    controls(path, SHEET)
    change(path, Append("subjects", [NEW]))
    archive = Archive(path.read_bytes())
    archive.check()
    with zipfile.ZipFile(BytesIO(archive.data)) as made:
        for name in made.namelist():
            if name.endswith(".xml"):
                markup.check([made.read(name)])
