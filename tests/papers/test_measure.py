"""Row heights: never less than the text needs."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssj_xlwings.commands.ledgers import ledger
from ssj_xlwings.commands.papers import papers
from ssj_xlwings.commands.publication import publish
from ssj_xlwings.papers.measure import BODY, SIGNATURE, Cell, breadth, height, lines, mm, room, row, row_height
from ssj_xlwings.vocabulary.commands import LEDGERS
from tests.bureau import request
from tests.office import needs_office
from tests.papers.reading import filled
from tests.papers.referee import wanted_heights

TEXTS = st.text(st.sampled_from("中华人民共和国，。（）；ABC 123-/\n"), max_size=120)


@pytest.mark.parametrize(("text", "ems", "count"), [
    ("", 10, 1), ("检查事项", 4, 1), ("检查事项", 3, 2), ("检查，事项", 2, 3), ("一\n二", 10, 2), ("（一）", 2, 2), ("91130402MA0XXXX02B", 9.9, 1), ("91130402MA0XXXX02B", 5, 2),
    ("住所ABCDEFGHIJKL", 4, 3),
])
def test_lines(text, ems, count):
    """Lines are counted with closing marks kept to their character and long codes broken."""
    assert lines(text, ems) == count


@given(TEXTS, st.floats(2, 60))
def test_never_fewer_lines_than_the_width_asks_for(text, ems):
    """A paragraph of b em needs at least b ÷ width lines, and no line is lost by a break."""
    assert lines(text, ems) >= sum(max(1, math.ceil(round(breadth(part) / ems, 9))) for part in text.split("\n"))


@given(TEXTS, st.floats(40, 300), st.floats(0, 200))
def test_a_wider_cell_is_never_higher_and_a_row_holds_its_highest_cell(text, width, more):
    """Widening a cell never needs more height; a row is as high as its most demanding cell, whole pixels."""
    assert height(text, BODY, width + more) <= height(text, BODY, width)
    made = row_height(row(Cell("短"), Cell(text)), [50, width])
    assert made >= min(408, height(text, BODY, width))
    assert made % 0.75 == 0


def test_signatures_keep_18_mm_on_paper():
    """A row for signing is 18 mm high as printed, also on a sheet that is printed smaller."""
    assert row_height(row(Cell("签名"), least=SIGNATURE), [100], 0.6) * 0.6 >= mm(18)
    assert room(107, BODY) < 10


def test_heights_are_enough_for_libreoffice(tmp_path):
    """No text of any paper needs more height than its row has, at the column widths that Excel shows."""
    needs_office()
    made = [papers(request(tmp_path)), publish(request(tmp_path)), *(ledger(request(tmp_path, kind=kind, internal=True)) for kind in LEDGERS)]
    cells = [cell for outcome in made for file in outcome.files if file.name.endswith(".xlsx") for cell in filled(file)]
    judged = wanted_heights(cells, tmp_path)
    assert len(judged) > 300
    assert max(want for _, want in judged) > 100, "the referee did measure"
    assert [(cell.text, cell.height, want) for cell, want in judged if want > cell.height + 0.01] == []
