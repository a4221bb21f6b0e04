"""Before and after: a save that changes more than was asked for is stopped."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.package import edit as module
from ssj_xlwings.package import inflate, markup, windows
from ssj_xlwings.package.faults import Damaged, Fault
from ssj_xlwings.package.inflate import Member
from ssj_xlwings.package.inventory import features
from ssj_xlwings.package.kept import Written
from ssj_xlwings.package.relations import Workbook
from ssj_xlwings.package.rows import Row, Sheet
from ssj_xlwings.types import Append, Patch, Refusal, Rewrite
from tests.books.workbooks import altered, build

SHEET = b'<x:worksheet xmlns:x="urn:x"><x:cols/>%s<x:extLst><x:ext uri="{A}"/></x:extLst></x:worksheet>'


@pytest.fixture
def path(tmp_path):
    return build(tmp_path / "台账.xlsx")


def slip(monkeypatch, path, spoil) -> str:
    """What is said when an edit goes wrong in that way; the workbook is as it was."""
    result = module.Edit.result

    def wrong(edit):
        changed, dropped = result(edit)
        return spoil(edit, {name: part if isinstance(part, bytes) else b"".join(part()) for name, part in changed.items()}, dropped)

    monkeypatch.setattr(module.Edit, "result", wrong)
    before = path.read_bytes()
    book = FileBook(path)
    with pytest.raises(Refusal, match="程序的错误") as caught:
        book.apply([Append("log", [{"seq": "1"}] * 3)], book.read(["log"]), ["log"])
    assert path.read_bytes() == before
    assert not (path.parent / "备份").exists()
    return str(caught.value)


@pytest.mark.parametrize(("spoil", "told"), [
    (lambda edit, changed, dropped: (changed | {"xl/worksheets/sheet1.xml": edit.archive.read("xl/worksheets/sheet1.xml") + b" "}, dropped), "xl/worksheets/sheet1.xml"),
    (lambda edit, changed, dropped: (changed, dropped | {"xl/charts/chart1.xml"}), "xl/charts/chart1.xml"),
    (lambda edit, changed, dropped: (changed | {"xl/own.xml": b"<a/>"}, dropped), "xl/own.xml"),
    (lambda edit, changed, dropped: ({name: data.replace(b"<pageMargins ", b"<pageM ") for name, data in changed.items()}, dropped), "pageMargins"),
    (lambda edit, changed, dropped: ({name: data.replace(b"<tableStyleInfo ", b"<tableS ") for name, data in changed.items()}, dropped), "tableStyleInfo"),
    (lambda edit, changed, dropped: (changed | {"xl/workbook.xml": edit.archive.read("xl/workbook.xml").replace(b"<definedName ", b"<definedN ")
                                                .replace(b"</definedName>", b"</definedN>")}, dropped), "definedName"),
    (lambda edit, changed, dropped: (changed | {"[Content_Types].xml": edit.archive.read("[Content_Types].xml").replace(b"<Default ", b"<D ", 1)}, dropped), "Default"),
    (lambda edit, changed, dropped: (changed | {"xl/styles.xml": edit.archive.read("xl/styles.xml").replace(b"<fill>", b"<f>").replace(b"</fill>", b"</f>")}, dropped), "fill"),
], ids=["another sheet", "a lost part", "a new part", "a lost setting", "a lost table look", "a lost name", "a lost type", "a lost fill"])
def test_an_edit_that_slips_is_stopped(path, monkeypatch, spoil, told):
    """Parts of other sheets, parts lost or added, elements lost from a sheet, a table, the workbook, the styles: each is named, nothing is written."""
    assert told in slip(monkeypatch, path, spoil)


def test_a_row_that_nobody_touched_is_missed(path, monkeypatch):
    """A row lost, a cell of it changed, a row too many: whatever the window it stood in, the save is stopped and names the sheet."""
    pieces = Sheet.pieces
    for pattern, new in ((rb'<row r="8".*?</row>', b""), (rb'(<c r="C8"[^>]*><v>)7', rb"\g<1>8"), (rb"</row>(?=</sheetData>)|</row>$", b'</row><row r="99"/>')):
        def spoilt(sheet, pattern=pattern, new=new):
            whole = b"".join(pieces(sheet))
            wrong, count = re.subn(pattern, new, whole, count=1, flags=re.DOTALL)
            assert count
            yield wrong

        with monkeypatch.context() as then:
            then.setattr(Sheet, "pieces", spoilt)
            before, book = path.read_bytes(), FileBook(path)
            with pytest.raises(Refusal, match=r"程序的错误.*") as caught:
                book.apply([Patch("subjects", {(5, "class"): "B"})], book.read(["subjects"]), ["subjects"])
            assert "sheet1.xml" in str(caught.value)
            assert path.read_bytes() == before


def many() -> Sheet:
    """A sheet of many rows, some put in, changed and dropped."""
    xml = SHEET.replace(b"x:", b"").replace(b":x", b"") % b"<sheetData>\n%s</sheetData>" % b"".join(b'<row r="%d"><c r="A%d"><v>%d</v></c></row>\n' % (at, at, at) for at in range(3, 400, 3))
    sheet = Sheet(xml)
    assert len(sheet.windows) > 10
    for number in (1, 3, 6, 100, 200, 201, 399, 500):
        row = sheet.row(number) or Row(number)
        row.cells[2] = b'<c r="B%d"><f>1&lt;2</f><v>1</v></c>' % number
        sheet.put(row)
    sheet.drop(300)
    return sheet


@pytest.mark.parametrize("held", [True, False])
def test_rows_of_many_windows_are_looked_up(tmp_path, monkeypatch, held):
    """A sheet of many windows, held unpacked or not: rows put in, dropped and changed pass, one byte of any other row does not."""
    monkeypatch.setattr(inflate, "PIECE", 300)
    monkeypatch.setattr(windows, "HELD", 1 << 20 if held else 0)
    sheet = many()
    made = sheet.serialise()
    assert Written(Member.of("sheet", made), sheet, anew=False).same
    for number in (9, 150, 396):
        assert not Written(Member.of("sheet", made.replace(b"<v>%d</v>" % number, b"<v>0</v>")), sheet, anew=False).same
        assert not Written(Member.of("sheet", made.replace(b'<row r="%d"' % number, b'<row r="%d"' % (number + 1))), sheet, anew=False).same
    assert Written(Member.of("sheet", made.replace(b"<v>201</v>", b"<v>0</v>")), sheet, anew=False).same


@given(st.data(), st.sampled_from((b"<", b">", b"&", b"/", b'"', b"\0", b" ", b"<!", b"</row>", b"<row>", b"<v>", b"x")), st.booleans())
@settings(max_examples=400, deadline=None)
def test_what_is_not_well_formed_never_passes(data, put, anew):
    """Any byte of a sheet lost or spoilt, anywhere: what a parser of the whole sheet refuses, a look at what was touched and at checksums refuses too."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(inflate, "PIECE", 300)
        sheet = many()
        made = sheet.serialise()
        at = data.draw(st.integers(0, len(made) - 1))
        spoilt = made[:at] + put + made[at + data.draw(st.integers(0, 3)):]
        try:
            markup.check((spoilt,))
        except Fault:
            with pytest.raises((Damaged, Lost)):
                if not Written(Member.of("sheet", spoilt), sheet, anew).same:
                    raise Lost from None


class Lost(Exception):
    """A row is not what it was."""


RULES = ('<conditionalFormatting sqref="B5:B8"><cfRule type="expression" priority="9" dxfId="0"><formula>$B5&gt;COUNTA($A$5:$A$8)+7</formula></cfRule></conditionalFormatting>')


@pytest.mark.parametrize("change", [Patch("subjects", {(5, "class"): "B"}), Append("subjects", [{"name": "新"}])], ids=["nothing moves", "the table grows"])
@pytest.mark.parametrize(("pattern", "instead"), [
    (rb"\+7</formula>", b"+8</formula>"), (rb"&gt;COUNTA", b"&lt;COUNTA"), (rb'priority="9"', b'priority="8"'), (rb"<formula>\$B5", b"<formula>TRUE+$B5"),
    (rb"SUM\(([^)]*)\)\+41", rb"SUM(\1)+42"), (rb"SUM\(([^)]*)\)\+41", rb"MAX(\1)+41"), (rb'<pageMargins left="[0-9.]+"', b'<pageMargins left="9"')])
def test_words_that_nobody_asked_to_change(path, monkeypatch, change, pattern, instead):
    """A rule, a setting of the page, a formula in a row that nobody touched: one word of it lost on writing stops the save, also when
    formulas follow a table that grows; what they name may be another place then, and nothing else.
    """
    altered(path, "xl/worksheets/sheet1.xml", ("</sheetData>", f'<row r="40"><c r="AA40"><f>SUM(A5:A8)+41</f><v>41</v></c></row></sheetData>{RULES}'))
    pieces = module.Edit.result

    def wrong(edit):
        changed, dropped = pieces(edit)
        part = b"".join(changed["xl/worksheets/sheet1.xml"]())
        spoilt, count = re.subn(pattern, instead, part, count=1)
        assert count
        return {**changed, "xl/worksheets/sheet1.xml": lambda: [spoilt]}, dropped

    before, book = path.read_bytes(), FileBook(path)
    seen = book.read(["subjects"])
    with monkeypatch.context() as then:
        then.setattr(module.Edit, "result", wrong)
        with pytest.raises(Refusal, match=r"程序的错误"):
            book.apply([change], seen, ["subjects"])
    assert path.read_bytes() == before
    book.apply([change], seen, ["subjects"])


def test_a_row_written_badly_is_missed(path, monkeypatch):
    """What we write ourselves and no program could read: the save is stopped, the sentence names the sheet, the workbook is as it was."""
    serialise = Row.serialise
    monkeypatch.setattr(Row, "serialise", lambda row: serialise(row).replace(b"</c>", b"", 1))
    before, book = path.read_bytes(), FileBook(path)
    with pytest.raises(Refusal, match=r"读回来核对不上（xl/worksheets/sheet1.xml.*保持原样") as caught:
        book.apply([Patch("subjects", {(5, "class"): "B"})], book.read(["subjects"]), ["subjects"])
    assert "台账.xlsx" in str(caught.value)
    assert path.read_bytes() == before
    assert {entry.name for entry in path.parent.iterdir()} == {"台账.xlsx"}


def test_only_formulas_follow_a_table(path):
    """Where a table ends elsewhere now, a formula of an untouched row may read otherwise; a number beside it may not."""
    sheet = Sheet(b'<worksheet><sheetData><row r="1"><c r="A1" s="2" t="str"><f>SUM(B2:B3)</f><v>x</v></c><c r="B1"><v>1</v></c></row></sheetData></worksheet>')
    follows = sheet.serialise().replace(b"B3", b"B9").replace(b"<v>x</v>", b"").replace(b' t="str"', b"")
    assert Written(Member.of("sheet", follows), sheet, anew=True).same
    assert not Written(Member.of("sheet", follows), sheet, anew=False).same
    assert not Written(Member.of("sheet", follows.replace(b"<v>1<", b"<v>2<")), sheet, anew=True).same
    assert not Written(Member.of("sheet", follows.replace(b's="2"', b's="3"')), sheet, anew=True).same


@pytest.mark.parametrize("spoil", [
    lambda root: [one.set("state", "veryHidden") for one in root.iter("{*}sheet") if one.get("name") == "科里的统计"],
    lambda root: [setattr(one, "text", "#REF!") for one in root.iter("{*}definedName")],
    lambda root: [one.set("localSheetId", "0") for one in root.iter("{*}definedName")],
    lambda root: [one.set("hidden", "1") for one in root.iter("{*}definedName")],
    lambda root: [one.set("date1904", "1") for one in root.iter("{*}workbookPr")],
    lambda root: [one.set("calcMode", "manual") for one in root.iter("{*}calcPr")],
    lambda root: [one.set("activeTab", "3") for one in root.iter("{*}workbookView")],
], ids=["hidden sheet", "broken names", "names elsewhere", "hidden names", "calendar", "manual calculation", "another sheet in front"])
@pytest.mark.parametrize("change", [Patch("subjects", {(5, "class"): "B"}), Append("subjects", [{"name": "新"}] * 3)], ids=["patch", "append"])
def test_what_the_workbook_says_stays(path, monkeypatch, spoil, change):
    """Attributes and texts of the workbook part, whether the change makes names follow a table or not: another than was asked for is stopped."""
    altered(path, "xl/workbook.xml", (' fullCalcOnLoad="1"', ""))
    kept = Workbook.serialise

    def wrong(workbook):
        spoil(workbook.root)
        return kept(workbook)

    monkeypatch.setattr(Workbook, "serialise", wrong)
    before, book = path.read_bytes(), FileBook(path)
    with pytest.raises(Refusal, match=r"xl/workbook\.xml：\w"):
        book.apply([change], book.read(["subjects"]), ["subjects"])
    assert path.read_bytes() == before


def test_what_belongs_to_a_change_passes(path):
    """calcChain dropped, a filter lifted, a style appended: no slip."""
    book = FileBook(path)
    book.apply([Append("subjects", [{"name": "新", "founded": "2024-01-05"}]), Rewrite("findings", [{"level": "阻断"}])], book.read(["subjects", "findings"]), ["subjects", "findings"])
    after = FileBook(path).read(["subjects", "findings"])
    assert after["subjects"]["founded"].iloc[-1] == "2024-01-05"
    assert after["findings"]["level"].tolist() == ["阻断"]


@pytest.mark.parametrize("rows", [b"<x:sheetData/>", b"<x:sheetData></x:sheetData>", b'<x:sheetData><x:row r="1"><x:c/></x:row></x:sheetData>'])
@pytest.mark.parametrize("step", [1, 7, 1000])
def test_features_leave_rows_out(rows, step):
    """However a sheet is cut into pieces and prefixed: the same elements, rows not among them, extensions by their uri."""
    xml = SHEET % rows
    found = features("sheet", [xml[at:at + step] for at in range(0, len(xml), step)])
    assert found == {b"worksheet": 1, b"cols": 1, b"sheetData": 1, b"extLst": 1, b"ext": 1, b"{A}": 1}
