"""What was selected: areas bounded by the used cells, rows as people write them, ids that tell all rows apart."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssj_xlwings.books import selected
from ssj_xlwings.books.picked import Line
from ssj_xlwings.commands import picking
from ssj_xlwings.vocabulary.text import folded

ROWS = st.tuples(st.integers(1, 60), st.integers(0, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))
TEXTS = st.lists(st.sampled_from(["甲", "甲 ", "Ａ1", "a1", "甲（1）", "甲（2）", "乙", "A1（1）", "丙"]), max_size=14)


@given(st.lists(ROWS, max_size=8))
def test_spans_hold_every_row_once(areas):
    """Areas that touch, overlap or repeat come to ascending runs with a gap between; as written they read back to the same rows."""
    spans = selected._spans(areas)
    rows = [row for top, bottom in spans for row in range(top, bottom + 1)]
    assert rows == sorted({row for top, bottom in areas for row in range(top, bottom + 1)})
    assert all(one[1] + 1 < other[0] for one, other in pairwise(spans))
    if rows:
        assert picking.row_numbers("、".join(f"{top}-{bottom}" for top, bottom in spans)) == rows


@given(TEXTS)
def test_ids_are_told_apart(texts):
    """As many ids as texts, no two equal as the draw compares them; a text that stands alone keeps its form, each id begins with its text."""
    ids = picking.numbered(texts)
    keys = [folded(id_) for id_ in ids]
    assert len(set(keys)) == len(texts)
    for text, id_ in zip(texts, ids, strict=True):
        alone = sum(folded(text) == folded(other) for other in texts) == 1
        assert id_ == text if alone else id_.startswith(text)


@pytest.mark.parametrize(("address", "want"), [
    ("$B$2:$B$9", (2, 2, 9, 2)), ("$B:$B", (1, 2, 40, 2)), ("$5:$9", (5, 1, 9, 6)), ("$C$3", (3, 3, 3, 3)), ("$A:$XFD", (1, 1, 40, 6)),
    ("$B$30:$K$1048576", (30, 2, 40, 6)), ("$B$41:$B$50", None), ("$G:$H", None),
])
def test_bounded_by_the_used_cells(address, want):
    """Whole columns and rows end where the sheet's 40 rows and 6 columns end; what lies outside is nothing."""
    place = selected._bounded(address, 40, 6)
    assert (place and tuple(place)) == want


def test_the_column_is_among_those_selected():
    """Of the selected columns the leftmost with words in most rows, whatever stands in the others; figures alone are taken where there is nothing else."""
    lines = [Line(row, False, [f"备注{row}", row, f"人{row}" if row != 3 else None, float(row)]) for row in range(2, 6)]
    assert picking._column(lines, "", "表", None) == 0
    assert picking._column(lines, "", "表", [1, 2, 3]) == 2
    assert picking._column(lines, "", "表", [1, 3]) == 1
    assert picking._column(lines, "b", "表", [2]) == 1
