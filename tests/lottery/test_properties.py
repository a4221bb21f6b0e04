"""docs/properties.md says what the code measures."""

from __future__ import annotations

import pytest

from benchmarks import draw_speed, properties
from benchmarks.ways import WAYS

SLOW = {"Firms out of scope replaced: those within equally often"}  # test_statistics holds the same promise
TABLE = [[cell.strip() for cell in line.strip("|").split("|")] for line in properties.PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]


def test_table():
    """The page has a row for every property and a column for every way to draw, and no cell is empty."""
    assert TABLE[0] == ["", *(way.name for way in WAYS)]
    assert [row[0] for row in TABLE[2:]] == list(properties.ROWS)
    assert all(all(row) and len(row) == len(TABLE[0]) for row in TABLE[1:])


@pytest.mark.parametrize("title", [title for title in properties.ROWS if title not in SLOW])
def test_this_draw(title):
    """What the page says of this draw, measured anew, is the same."""
    assert [row[1] for row in TABLE if row[0] == title] == [properties.cell(title, WAYS[0])]


def test_speed():
    """The benchmark of speed runs: a line for the bare loop, freeze, draw and verify of a small pool, none of them failing."""
    lines = draw_speed.table([300]).splitlines()[2:]
    assert [line.split(" | ")[1] for line in lines] == list(draw_speed.STEPS)
