"""What staff put on 代码表 and 填写说明, which `ssj upgrade` writes anew: it stays."""

from __future__ import annotations

import re

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table, TableColumn

from ssj_xlwings.doors.run import run
from ssj_xlwings.master import build as master
from ssj_xlwings.package.overlay import Overlay
from ssj_xlwings.types import Outcome, Refusal
from ssj_xlwings.vocabulary.commands import BY_ID
from tests.books.test_shapes import parts
from tests.doors.test_upgrade import VALUES

CODES, MANUAL = "代码表", "填写说明"
LONGEST = "V"
"""The column of 代码表 that is filled farthest down."""


@pytest.fixture
def book(tmp_path):
    """A workbook to be upgraded."""
    path = tmp_path / "台账.xlsm"
    master.build(path, VALUES, ribbon=True)
    return path


@pytest.fixture
def fresh(tmp_path) -> dict:
    """What the cells of both sheets show in a new book."""
    path = tmp_path / "新的.xlsm"
    master.build(path, VALUES, ribbon=True)
    return {name: shown(path, name) for name in (CODES, MANUAL)}


def change(path, work) -> None:
    opened = openpyxl.load_workbook(path, keep_vba=True)
    work(opened)
    opened.save(path)


def shown(path, name) -> dict[str, object]:
    return {cell.coordinate: cell.value for row in openpyxl.load_workbook(path)[name].iter_rows() for cell in row if cell.value not in (None, "")}


def upgrade(path) -> Outcome:
    return run(BY_ID["upgrade"], {"book": path}, operator="王五")


def test_what_staff_put_there_stays(book, fresh):
    """Words under a list of ours and beside, a formula, a comment, a chart, merged cells and a table: all there, named, and ours around them as in a new book."""
    under = f"A{max(int(cell[1:]) for cell in fresh[CODES] if re.fullmatch('A[0-9]+', cell)) + 1}"

    def work(opened):
        codes, manual = opened[CODES], opened[MANUAL]
        codes[under], codes["AZ3"], codes["AZ4"], codes["BA1"] = "本局自己的代码", "另一个", '=AZ3&"x"', "标题"
        codes["A3"].comment, codes["BA9"].comment = Comment("十年的笔记", "老李"), Comment("又一条", "老李")
        chart = BarChart()
        chart.add_data(Reference(codes, range_string=f"{CODES}!$AZ$3:$AZ$4"))
        codes.add_chart(chart, "AZ9")
        codes["BC1"], codes["BC2"] = "自建", "甲"
        codes.add_table(Table(displayName="mine", ref="BC1:BC2", tableColumns=[TableColumn(id=1, name="自建")]))
        codes.column_dimensions["AZ"].width = 55
        manual["H200"], manual["A2000"] = "旁注", "下面的话"
        manual.merge_cells("A2000:C2000")

    change(book, work)
    told = upgrade(book).lines
    opened = openpyxl.load_workbook(book, keep_vba=True)
    codes, manual = opened[CODES], opened[MANUAL]
    added = {under: "本局自己的代码", "AZ3": "另一个", "AZ4": '=AZ3&"x"', "BA1": "标题", "BC1": "自建", "BC2": "甲"}
    assert shown(book, CODES) == fresh[CODES] | added
    assert shown(book, MANUAL) == fresh[MANUAL] | {"H200": "旁注", "A2000": "下面的话"}
    assert (codes["A3"].comment.text, codes["BA9"].comment.text) == ("十年的笔记", "又一条")
    assert len(codes._charts) == 1
    assert codes.tables["mine"].ref == "BC1:BC2"
    assert codes.column_dimensions["AZ"].width == 55
    assert "A2000:C2000" in {str(one) for one in manual.merged_cells.ranges}
    assert any(CODES in line and "AZ3" in line and under in line and "原样留着" in line for line in told)
    assert any(MANUAL in line and "H200、A2000" in line for line in told)


def test_without_any_it_is_the_new_sheet(book, fresh):
    """Nothing is said; also where the lists stood elsewhere and were longer: no word of the old ones is left. Merged cells are as in a new book."""
    def moved(opened):
        codes, manual = opened[CODES], opened[MANUAL]
        rows = [[cell.value for cell in row] for row in codes.iter_rows()]
        for row in codes.iter_rows():
            for cell in row:
                cell.value = None
        for number, row in enumerate(rows, 1):
            for column, text in enumerate(row):
                codes.cell(number, len(rows[0]) - column, text)  # the lists in the opposite order
        for name, defined in opened.defined_names.items():
            place = re.fullmatch(rf"'{CODES}'!\$([A-Z]+)\$2:\$[A-Z]+\$([0-9]+)", defined.attr_text)
            if place:
                at = openpyxl.utils.get_column_letter(len(rows[0]) + 1 - openpyxl.utils.column_index_from_string(place[1]))
                opened.defined_names[name].attr_text = f"{CODES}!${at}$2:${at}${place[2]}"  # without quotes, as Excel writes it
        manual["A1"], manual["C6"] = "老的说明", None
        manual.merge_cells("A1:D1")

    merged = openpyxl.load_workbook(book)[MANUAL].merged_cells.ranges
    change(book, moved)
    assert shown(book, CODES) != fresh[CODES]
    assert not any("原样留着" in line for line in upgrade(book).lines)
    assert {name: shown(book, name) for name in fresh} == fresh
    assert set(openpyxl.load_workbook(book)[MANUAL].merged_cells.ranges) == set(merged)


def longer(opened):
    """A list of ours was shorter, and staff wrote a word below."""
    last = max(cell.row for cell in opened[CODES][LONGEST] if cell.value)
    name = next(name for name in opened.defined_names.values() if f"${LONGEST}$2:${LONGEST}${last}" in name.attr_text)
    name.attr_text = name.attr_text.replace(str(last), str(last - 1))
    opened[CODES][f"{LONGEST}{last}"] = "本局的"


def covered(opened):
    """Merged cells over one of ours and one beside."""
    opened[CODES].merge_cells(f"{LONGEST}20:Z20")
    opened[CODES].merge_cells("A2:AZ2")


def renamed(opened):
    """A table of staff over a list of ours whose heading is another now."""
    opened[CODES]["A1"] = "旧标题"
    opened[CODES].add_table(Table(displayName="mine", ref="A1:A5", tableColumns=[TableColumn(id=1, name="旧标题")]))


@pytest.mark.parametrize(("work", "cell"), [(longer, f"{LONGEST}23"), (covered, "B2"), (renamed, "A1")])
def test_what_stands_where_ours_must_go_is_named(book, work, cell):
    """Refused with the cell; nothing is touched."""
    change(book, work)
    before = book.read_bytes()
    with pytest.raises(Refusal, match=f"“{CODES}”的 {cell} 有后来加上的内容"):
        upgrade(book)
    assert book.read_bytes() == before


def test_a_table_over_our_list_stays(book, fresh):
    """With the headings it had there is nothing in its way."""
    def work(opened):
        opened[CODES].add_table(Table(displayName="mine", ref="A1:A5", tableColumns=[TableColumn(id=1, name=fresh[CODES]["A1"])]))

    change(book, work)
    upgrade(book)
    assert openpyxl.load_workbook(book)[CODES].tables["mine"].ref == "A1:A5"
    assert shown(book, CODES) == fresh[CODES]


def test_many_cells_are_counted(book):
    """Ten are named."""
    change(book, lambda opened: [opened[MANUAL].cell(row, 9, "注") for row in range(1, 21)])
    assert next(line for line in upgrade(book).lines if MANUAL in line and "留着" in line).endswith("I9、I10 等 20 格。")


@pytest.mark.parametrize("spoil", ["cell", "drawing"])
def test_an_overlay_that_slips_is_stopped(book, monkeypatch, spoil):
    """A cell of staff or what hangs on the sheet lost: our bug is seen before the workbook is replaced."""
    def work(opened):
        opened[CODES]["AZ3"], opened[CODES]["AZ4"].comment = "另一个", Comment("笔记", "老李")

    change(book, work)
    before, lay = book.read_bytes(), Overlay.lay

    def slips(overlay, staffs):
        lay(overlay, staffs)
        if spoil == "drawing":
            overlay.old.tail = re.sub(b"<legacyDrawing[^>]*>", b"", overlay.old.tail)
        else:
            overlay.old.row(3).cells.pop(52, None)

    monkeypatch.setattr(Overlay, "lay", slips)
    with pytest.raises(RuntimeError if spoil == "cell" else Refusal, match="would change" if spoil == "cell" else "legacyDrawing"):
        upgrade(book)
    assert book.read_bytes() == before


def test_parts_of_staff_hang_on_the_sheet_as_before(book):
    """The relationships of the sheet are byte for byte what they were."""
    change(book, lambda opened: setattr(opened[CODES]["AZ3"], "comment", Comment("笔记", "老李")))
    before = parts(book)
    upgrade(book)
    after = parts(book)
    kept = [name for name in before if "/_rels/sheet" in name or "comment" in name.lower() or name.endswith(".vml")]
    assert any("comment" in name.lower() for name in kept)
    assert {name: after.get(name) for name in kept} == {name: before[name] for name in kept}
