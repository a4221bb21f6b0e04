"""Registered firms of Handan (public registration data to 2019), where the file is at hand."""

import time
from datetime import date
from pathlib import Path

import pytest

from ssj_xlwings.commands.registry import import_
from ssj_xlwings.registry import checks
from tests.registry.book import BUREAU, applied, request, view

FIRMS = Path(__file__).parents[3] / "shared" / "data" / "handan_enterprises.csv"


@pytest.fixture(scope="module")
def outcome():
    if not FIRMS.exists():
        pytest.skip(f"{FIRMS.name} is not at hand: put it into ../shared/data")
    return import_(request(view(), table="检查对象名录库", file=FIRMS))


def test_all_firms_are_taken_in(outcome):
    """8 988 rows, all added, each with a type and a unit; how many units came from where is reported."""
    assert outcome.message == "检查对象名录库：来源 8988 行，新增 8988 行，改动 0 行，不变 0 行，未导入 0 行。"
    rows = outcome.changes[0].rows
    assert all(row["type"] and row["unit"] for row in rows)
    line = next(line for line in outcome.lines if line.startswith("管辖单位"))
    assert line == f"管辖单位：由住所推定 8193 行，由代码推定 214 行，未能推定 581 行（归{BUREAU}）。"


def test_imported_firms_pass_all_checks_quickly(outcome):
    """What import lets in, no check complains of; 9 000 firms take well under the second and a half allowed."""
    book = applied(view(), outcome)
    start = time.perf_counter()
    assert checks.findings(book, date(2026, 3, 12)) == []
    assert time.perf_counter() - start < 1.5
    again = import_(request(book, table="检查对象名录库", file=FIRMS))
    assert again.message == "检查对象名录库：来源 8988 行，新增 0 行，改动 0 行，不变 8988 行，未导入 0 行。"
