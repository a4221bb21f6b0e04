"""Formulas: moved to another row, taken out of a shared group; and what covers a table."""

from __future__ import annotations

import time

import pytest

from ssj_xlwings.package import formulas, markup
from ssj_xlwings.package.areas import Area, Areas
from ssj_xlwings.package.mentions import mentions
from ssj_xlwings.package.rows import Sheet
from ssj_xlwings.package.stretch import Stretch
from ssj_xlwings.package.windows import Windows

SHARED = (b'<worksheet xmlns="%s"><sheetData><row r="2"><c r="A2"><f t="shared" ref="A2:A4" si="0">B2&amp;"B2"</f><v>x</v></c></row>'
          b'<row r="3"><c r="A3"><f t="shared" si="0"/><v>y</v></c></row><row r="4"><c r="A4"><f t="shared" si="0"></f></c></row></sheetData></worksheet>'
          % markup.MAIN.encode())


@pytest.mark.parametrize(("formula", "there"), [
    ("tbl[[#This Row],[A1]]*2", "tbl[[#This Row],[A1]]*2"),
    ('IF([@C2]="A1",1,2)', 'IF([@C2]="A1",1,2)'),
    ("C2*$D$1+Sheet2!E2", "C5*$D$1+Sheet2!E5"),
    ("LOG10(C2)+tbl[A2]", "LOG10(C5)+tbl[A2]"),
    ("COUNTA(2:2)+COUNTA($2:3)", "COUNTA(5:5)+COUNTA($2:6)"),
    ("LEN(表!B2:表!B2)&'甲 乙'!C3:'甲 乙'!C$4", "LEN(表!B5:表!B5)&'甲 乙'!C6:'甲 乙'!C$4"),
    ("IFERROR(#CALC!,C2)+#REF!+#N/A", "IFERROR(#CALC!,C5)+#REF!+#N/A"),
    ("SUM(A2#)", "SUM(A5#)"),
    ("(C2))*(", "(C5))*("),
    ('C2&"没有结束 C2', 'C5&"没有结束 C2'),
    ("SUM(A:A)+SUM(C1:C1048576)", "SUM(A:A)+SUM(C1:C1048576)"),
    ("一月:三月!C2+[1]表!C2+'[a.xlsx]表'!C2", "一月:三月!C5+[1]表!C5+'[a.xlsx]表'!C5"),
    ("名C2+C2.甲+XFE2+C0+R1C1+1E2+c2", "名C2+C2.甲+XFE2+C0+R1C1+1E2+c5"),
    ("表甲[[#This Row],[x'[y']]]+C2:INDEX(C:C,2)", "表甲[[#This Row],[x'[y']]]+C5:INDEX(C:C,2)"),
    ("C1048576", "#REF!"),
])
def test_formulas_move_by_their_addresses_only(formula, there):
    """Structured references, strings and absolute rows stay; relative rows follow."""
    assert formulas.moved(formula, (1, 2), (1, 5)) == there


def test_a_shared_formula_is_told_apart():
    """Before the cell that holds the text is overwritten, the others get their own."""
    sheet = Sheet(SHARED)
    assert formulas.formula_of(sheet, sheet.row(4), 1) == 'B4&"B2"'
    formulas.unshare(sheet, sheet.row(2).cells[1])
    made = sheet.serialise()
    assert b'<c r="A3"><f>B3&amp;"B2"</f><v>y</v></c>' in made
    assert b'<c r="A4"><f>B4&amp;"B2"</f></c>' in made


def test_a_dependent_of_a_shared_formula_leaves_the_rest_alone():
    """Overwriting a cell that only shares changes nobody else."""
    sheet = Sheet(SHARED)
    formulas.unshare(sheet, sheet.row(3).cells[1])
    assert sheet.serialise() == SHARED


def test_a_formula_across_columns():
    """To another column and row: relative columns and rows move, fixed and whole ones stay, and nothing leaves the sheet unseen."""
    assert formulas.moved("B2+$B2+B$2+SUM(B:$C)+SUM(2:3)+SUM(A1:XFD1)", (3, 2), (30, 4)) == "AC4+$B4+AC$2+SUM(AC:$C)+SUM(4:5)+SUM(A3:XFD3)"
    assert formulas.moved("A5*2+表!A5", (2, 2), (1, 2)) == "#REF!*2+表!#REF!"


@pytest.mark.parametrize("told", ["a", "大", "[", "[]", "'a", "'", '"', "A1:", "A1:'", "A1 ", "a:", "a!", "[1]a:", " ", "''a", "$"])
def test_a_formula_of_any_length(told):
    """Twice the length takes twice the time: a text of 400 000 letters is read in a moment, though Excel allows 8 192."""
    start = time.monotonic()
    assert sum(1 for _ in mentions(told * (400_000 // len(told)))) <= 200_000
    assert time.monotonic() - start < 10


def test_groups_are_told_apart_in_one_pass(monkeypatch):
    """However many cells share a formula, and however many formulas are shared, the sheet is searched once."""
    searched = []
    through = Windows.__iter__
    monkeypatch.setattr(Windows, "__iter__", lambda windows: searched.append(windows) or through(windows))
    many = b"".join(b'<row r="%d"><c r="A%d"><f t="shared" si="0"/></c></row>' % (row, row) for row in range(5, 3000))
    apart = b"".join(b'<row r="%d"><c r="A%d"><f t="shared" ref="A%d:B%d" si="%d">C%d</f></c><c r="B%d"><f t="shared" si="%d"/></c></row>' % ((row,) * 8) for row in range(3000, 3500))
    sheet = Sheet(SHARED.replace(b"</sheetData>", many + apart + b"</sheetData>"))
    for row in (2, *range(3000, 3500)):
        formulas.unshare(sheet, sheet.row(row).cells[1])
    assert len(searched) == 1
    made = sheet.serialise()
    assert b'<c r="A2999"><f>B2999&amp;"B2"</f></c>' in made
    assert all(b'<c r="B%d"><f>D%d</f></c>' % (row, row) in made for row in range(3000, 3500))


def test_what_covers_a_table_follows_it():
    """Areas that end where the table ended follow; others, other columns and other sheets do not."""
    stretch = Stretch(header=4, left=1, right=6, old=5, new=9)
    assert stretch.area(Area.read("A5:F5")) == Area.read("A5:F9")
    assert stretch.area(Area.read("A1:F5")) == Area.read("A1:F9")
    assert stretch.area(Area.read("H5:H5")) == Area.read("H5")
    assert stretch.area(Area.read("A5:F1048576")) == Area.read("A5:F1048576")
    tail = b'<x sqref="A5 C5:D5 H5 A:A"/><y:dv><xm:sqref>B5</xm:sqref></y:dv><autoFilter ref="A4:F5"><sortState ref="A5:F5"/></autoFilter>'
    assert stretch.rules(tail) == (
        b'<x sqref="A5:A9 C5:D9 H5 A:A"/><y:dv><xm:sqref>B5:B9</xm:sqref></y:dv><autoFilter ref="A4:F9"><sortState ref="A5:F9"/></autoFilter>')
    text = "SUM('我的 表'!$A$5:$F$5,表二!$A$5:$F$5,'我的 表'!$A$5,'我的 表'!$H$5:$H$5)"
    assert stretch.formula("我的 表", text, built_in=False) == text.replace("'我的 表'!$A$5:$F$5", "'我的 表'!$A$5:$F$9")


def test_areas_are_found_by_the_row():
    """Each area in each of its rows and in no other, once; and 20 000 of them are not all looked at for one row."""
    areas = [Area(1, 1, 2, 1), Area(3, 1, 3, 1_048_576), Area(1, 5, 1, 12), Area(1, 1_048_575, 2, 1_048_576)]
    for row in (1, 2, 4, 5, 8, 11, 12, 13, 1_048_574, 1_048_575, 1_048_576):
        assert sorted(Areas(areas).on(row)) == sorted(area for area in areas if area.top <= row <= area.bottom)
    assert len(list(Areas(Area(1, 2 * row, 9, 2 * row + 1) for row in range(1, 20_000)).on(777))) == 1
