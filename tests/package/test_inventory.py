"""Before and after: a save that changes more than was asked for is stopped."""

from __future__ import annotations

import pytest

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.package import edit as module
from ssj_xlwings.package.inventory import features
from ssj_xlwings.types import Append, Refusal, Rewrite
from tests.books.workbooks import build

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


def test_what_belongs_to_a_change_passes(path):
    """calcChain dropped, a filter lifted, a style appended: no slip."""
    book = FileBook(path)
    book.apply([Append("subjects", [{"name": "新", "founded": "2024-01-05"}]), Rewrite("findings", [{"level": "阻断"}])], book.read(["subjects", "findings"]), ["subjects", "findings"])


@pytest.mark.parametrize("rows", [b"<x:sheetData/>", b"<x:sheetData></x:sheetData>", b'<x:sheetData><x:row r="1"><x:c/></x:row></x:sheetData>'])
@pytest.mark.parametrize("step", [1, 7, 1000])
def test_features_leave_rows_out(rows, step):
    """However a sheet is cut into pieces and prefixed: the same elements, rows not among them, extensions by their uri."""
    xml = SHEET % rows
    found = features("sheet", [xml[at:at + step] for at in range(0, len(xml), step)])
    assert found == {b"worksheet": 1, b"cols": 1, b"sheetData": 1, b"extLst": 1, b"ext": 1, b"{A}": 1}
