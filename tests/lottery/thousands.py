"""One pool of 72 firms, three strata and three items, drawn 10 000 times; what its tests count from."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.lottery.draw import pick
from ssj_xlwings.lottery.freeze import Frozen, freeze
from ssj_xlwings.lottery.pool import PoolRow
from tests.lottery import chance, rivals, sample

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ssj_xlwings.lottery.plan import Rate

TRIALS = 10_000
SIZES = {"A": 24, "B": 30, "C": 18}
SHAPES = ("9113040{}MA0{:08d}", "1304{}{:010d}", "{}{:03d}", "00{}{:04d}", "第{}市场{:02d}号摊")
RATES = {
    "DJ": {"A": "0.101", "B": "0.3", "C": "0.5"},  # everyone
    "GG": {"A": "0.2", "B": "0.3", "C": {"n": 4}},  # everyone: nests with DJ
    "SP": {"A": {"n": 5}, "B": "0.2", "C": "0.25"},  # two firms of three: crosses
}
QUOTAS = {
    ("DJ", "A"): 3, ("DJ", "B"): 9, ("DJ", "C"): 9, ("GG", "A"): 5, ("GG", "B"): 9, ("GG", "C"): 4,
    ("SP", "A"): 5, ("SP", "B"): 4, ("SP", "C"): 3,
}
"""⌈N·r⌉ by hand: SP has 16 firms in A, 20 in B, 12 in C."""


def firms() -> tuple[list[PoolRow], dict[str, int]]:
    """72 firms in the order of a sheet, ids of five shapes, strata and scopes spread over order and shapes alike; id → shape."""
    chance_ = random.Random(11)
    numbers = list(range(sum(SIZES.values())))
    chance_.shuffle(numbers)
    rows, shapes = [], {}
    for layer, size in SIZES.items():
        for place in range(size):
            number = numbers.pop()
            id_ = SHAPES[number % 5].format(number % 8, number)
            shapes[id_] = number % 5
            rows.append(PoolRow(id_, layer, ("DJ", "GG", "SP") if place % 3 else ("DJ", "GG")))
    chance_.shuffle(rows)
    return rows, shapes


ROWS, SHAPE_OF = firms()


def frozen(rows: Sequence[PoolRow] = ROWS, rates: Mapping[str, Mapping[str, Rate]] = RATES, alternates: int = rivals.EVERY) -> Frozen:
    """Frozen without teams; by default every firm that is not drawn is an alternate, so the whole ticket order is known."""
    plan = replace(sample.PLAN, items=sorted(rates), rates=rates, alternates=alternates, minimum=1, scope=None, checked=None)
    return freeze(rows, [], [], [], plan, sample.NONCE, sample.VEIL)


def scope(item: str, layer: str) -> list[str]:
    """In the order of the sheet."""
    return [row.id for row in ROWS if row.stratum == layer and item in row.items]


class Many(NamedTuple):
    """10 000 draws. By (item, stratum): `orders`, the ticket order of every draw, winners first; `drawn_counts`, each
    number of winners seen. Of every draw: visits and checks.
    """

    orders: dict[tuple[str, str], list[list[str]]]
    drawn_counts: dict[tuple[str, str], set[int]]
    visits: list[int]
    checks: list[int]

    def drawn(self, item: str, layer: str) -> chance.Matrix:
        """One row a draw, one column a firm of the scope."""
        n = QUOTAS[item, layer]
        return chance.indicator(scope(item, layer), [order[:n] for order in self.orders[item, layer]])


@cache
def thousands() -> Many:
    """The 10 000 draws, a few seconds' work, done once a run."""
    base = frozen()
    found = Many({key: [] for key in QUOTAS}, {key: set() for key in QUOTAS}, [], [])
    for seed in range(TRIALS):
        drawn = pick(base, rivals.said(seed))
        for cut in drawn.cuts:
            found.drawn_counts[cut.item, cut.stratum].add(len(cut.drawn))
            found.orders[cut.item, cut.stratum].append(cut.drawn + cut.alternates)
        found.visits.append(len(drawn.visits))
        found.checks.append(drawn.checks)
    return found
