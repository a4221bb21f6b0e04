"""Formulas: moved to another row, taken out of a shared group; and what covers a table."""

from __future__ import annotations

import pytest

from ssj_xlwings.package import formulas, markup
from ssj_xlwings.package.areas import Area
from ssj_xlwings.package.rows import Sheet
from ssj_xlwings.package.stretch import Stretch

SHARED = (b'<worksheet xmlns="%s"><sheetData><row r="2"><c r="A2"><f t="shared" ref="A2:A4" si="0">B2&amp;"B2"</f><v>x</v></c></row>'
          b'<row r="3"><c r="A3"><f t="shared" si="0"/><v>y</v></c></row><row r="4"><c r="A4"><f t="shared" si="0"></f></c></row></sheetData></worksheet>'
          % markup.MAIN.encode())


@pytest.mark.parametrize(("formula", "there"), [
    ("tbl[[#This Row],[A1]]*2", "tbl[[#This Row],[A1]]*2"),
    ('IF([@C2]="A1",1,2)', 'IF([@C2]="A1",1,2)'),
    ("C2*$D$1+Sheet2!E2", "C5*$D$1+Sheet2!E5"),
    ("LOG10(C2)+tbl[A2]", "LOG10(C5)+tbl[A2]"),
])
def test_formulas_move_by_their_addresses_only(formula, there):
    """Structured references, strings and absolute rows stay; relative rows follow."""
    assert formulas.moved(formula, 1, 2, 5) == there


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
