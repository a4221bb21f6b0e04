"""The ways to draw that the table compares, and the 100 firms they draw from."""

from __future__ import annotations

import csv
import random
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import xlsxwriter
from stdnum.cn import uscc

from tests import office
from tests.lottery import rivals

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.lottery.rivals import Method

N, WANTED, SHEETS = 100, 34, 20


class Way(NamedTuple):
    """A way to draw. `reads`: what becomes of a code on its way in, "" where it is refused; `anew`: every item of a task
    is drawn with a seed of its own.
    """

    name: str
    draw: Method
    reads: Callable[[str], str] = str
    anew: bool = False


def as_number(code: str) -> str:
    """A code in a numeric cell: letters are refused, and a spreadsheet keeps 15 digits."""
    return f"{float(f'{int(code):.14e}'):.0f}" if code.isdigit() else ""


WAYS = (
    Way("this draw", rivals.this_draw),
    Way("fixed interval", rivals.fixed_interval, anew=True),
    Way("RAND() and sort", rivals.rand_sort),
    Way("ToolPak Sampling", rivals.toolpak, as_number),
    Way("plain seeded sample", rivals.seeded),
)


def codes() -> list[str]:
    """100 firms: codes as they are given, old ones all digits, new ones with letters."""
    deal = random.Random(1)
    bodies = [f"91130{deal.randrange(400, 500)}{'MA' + deal.choice('0123456789ABCDEFGH') if number % 3 else deal.randrange(100, 999)}{deal.randrange(10**6):06d}"
              for number in range(N)]
    return [body + uscc.calc_check_digit(body) for body in bodies]


IDS = codes()


def recalculated() -> list[list[set[int]]]:
    """Who wins in each of 20 columns of RAND() beside 100 rows, the same workbook opened twice by LibreOffice."""
    if not office.SOFFICE:
        sys.exit("LibreOffice (soffice) is needed for the row on recalculation.")
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "rand.xlsx"
        with xlsxwriter.Workbook(book) as workbook:
            sheet = workbook.add_worksheet()
            for row in range(N):
                for column in range(SHEETS):
                    sheet.write_formula(row, column, "=RAND()")
        return [winners(office.convert(book, "csv", Path(folder) / turn)) for turn in ("first", "second")]


def winners(table: Path) -> list[set[int]]:
    """The rows of the 34 smallest numbers of each column."""
    with table.open(encoding="utf-8") as file:
        rows = [[float(cell) for cell in row] for row in csv.reader(file)]
    return [set(sorted(range(N), key=lambda row: rows[row][column])[:WANTED]) for column in range(SHEETS)]
