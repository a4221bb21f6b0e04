"""撤销上一步 in a closed workbook: not the cells alone, the table itself is as it was."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.package.archive import Archive
from ssj_xlwings.package.relations import Workbook, relations
from tests.books.test_shapes import parts, put
from tests.doors.conftest import edit_sheet

UNITS = "单位"


@pytest.fixture
def own(desk) -> tuple[int, str]:
    """The desk, with a formula column and a free one of staff at the right end of the table of units; its last row, the free column."""
    members, (sheet, table) = parts(desk.book), places(desk)
    text = members[table].decode()
    left, right, bottom = re.search(r' ref="([A-Z]+)1:([A-Z]+)([0-9]+)"', text).groups()
    new, free, count = chr(ord(right) + 1), chr(ord(right) + 2), int(re.search(r'tableColumns count="([0-9]+)"', text)[1])
    text = text.replace(f'ref="{left}1:{right}{bottom}"', f'ref="{left}1:{free}{bottom}"').replace(f'tableColumns count="{count}"', f'tableColumns count="{count + 2}"')
    columns = (f'<tableColumn id="{count + 8}" name="字数"><calculatedColumnFormula>LEN(A2)</calculatedColumnFormula></tableColumn>'
               f'<tableColumn id="{count + 9}" name="随手记"/>')
    members[table] = text.replace("</tableColumns>", f"{columns}</tableColumns>").encode()

    def row(found):
        number = int(found[1])
        heads = "".join(f'<c r="{column}1" t="inlineStr"><is><t>{name}</t></is></c>' for column, name in ((new, "字数"), (free, "随手记")))
        cell = heads if number == 1 else f'<c r="{new}{number}"><f>LEN(A{number})</f><v>1</v></c>'
        return found[0].replace("</row>", f"{cell}</row>") if number <= int(bottom) else found[0]

    members[sheet] = re.sub(r'<row r="([0-9]+)".*?</row>', row, members[sheet].decode(), flags=re.DOTALL).encode()
    put(desk.book, members)
    return int(bottom), free


def places(desk) -> tuple[str, str]:
    workbook = Workbook(Archive(desk.book.read_bytes()))
    sheet = workbook.sheets[UNITS]
    return sheet, next(one.target for one in relations(workbook.archive, sheet) if one.kind == "table")


def shape(desk) -> tuple[bytes, list[tuple[str, str]], list[str]]:
    """The table, the formulas and texts of its sheet by their cells, and the rules and names that cover it."""
    members, (sheet, table) = parts(desk.book), places(desk)
    root = etree.fromstring(members[sheet])
    cells = [(cell.get("r"), "".join(cell.itertext("{*}f", "{*}t"))) for cell in root.iter("{*}c") if len(cell)]
    rules = [one.get("sqref") for one in root.iter("{*}conditionalFormatting", "{*}dataValidation")]
    names = [one.text for one in Workbook(Archive(desk.book.read_bytes())).names()]
    return etree.tostring(etree.fromstring(members[table]), method="c14n"), cells, rules + names


def bring(desk) -> None:
    file = desk.folder / "新所.csv"
    file.write_text("单位名称,行政区划代码,层级,辖区名称\n" + "".join(f"涉县新{number}所,130426,所,新{number}乡\n" for number in range(1, 4)), encoding="utf-8")
    desk.good("import", desk.book, UNITS, file)


def test_the_table_ends_where_it_did(desk, own):
    """After an import is undone neither blank rows nor formulas of staff are left in the table; undone once more, both are there again."""
    before = shape(desk)
    bring(desk)
    after = shape(desk)
    assert FileBook(desk.book).ends(["units"]) == {"units": own[0] + 3}
    assert len([cell for cell, text in after[1] if text.startswith("LEN(")]) == own[0] + 2
    desk.good("undo", desk.book)
    assert shape(desk) == before
    desk.good("undo", desk.book)
    assert shape(desk) == after


def test_rows_that_staff_use_since_stay_in_the_table(desk, own):
    """A remark typed beside an imported row, in a column of staff: the row stays in the table with it."""
    bring(desk)
    bottom, free = own
    assert edit_sheet(desk.book, UNITS, rf'<c r="{free}{bottom + 2}"[^>]*/>'.encode(), f'<c r="{free}{bottom + 2}"><v>5</v></c>'.encode()) == 1
    desk.good("undo", desk.book)
    assert FileBook(desk.book).ends(["units"]) == {"units": bottom + 2}
    assert len(desk.read("units")) == bottom - 1
