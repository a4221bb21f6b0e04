"""Items drawn together never need more visits than items drawn apart (protocol, step 11)."""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction

import numpy as np
import pytest

from ssj_xlwings.lottery.draw import pick
from ssj_xlwings.lottery.pool import PoolRow
from tests.lottery import chance, rivals
from tests.lottery.thousands import QUOTAS, ROWS, SIZES, TRIALS, frozen, scope, thousands


@pytest.fixture(scope="module")
def many():
    return thousands()


def alone(rows: list[PoolRow], quotas: dict[tuple[str, str], int]) -> Fraction:
    """Expected visits if every item were drawn by itself: Σ over firms of 1 - Π over its items of (1 - n/N)."""
    sizes = {key: sum(row.stratum == key[1] and key[0] in row.items for row in rows) for key in quotas}
    return sum((1 - math.prod(1 - Fraction(quotas[item, row.stratum], sizes[item, row.stratum]) for item in row.items) for row in rows), Fraction(0))


def margin(visits: list[int]) -> float:
    """How far a mean of so many visits may lie from its expectation: z·s/√T."""
    return chance.z_limit() * float(np.std(visits, ddof=1)) / math.sqrt(len(visits))


def test_visits_fewer(many):
    """Drawn together, the items of 10 000 draws need fewer visits than drawn apart, by far more than chance; apart, not."""
    expected = float(alone(ROWS, QUOTAS))
    assert np.mean(many.visits) + margin(many.visits) < expected
    assert set(many.checks) == {sum(QUOTAS.values())}
    chance_ = random.Random(8)
    scopes = {key: scope(*key) for key in QUOTAS}
    apart = [len({id_ for key, n in QUOTAS.items() for id_ in chance_.sample(scopes[key], n)}) for _ in range(TRIALS)]
    assert abs(np.mean(apart) - expected) <= margin(apart)


def test_visits_least_when_nested(many):
    """Of DJ and GG, equal in scope, a stratum's visits are the larger quota, in every draw."""
    for layer in SIZES:
        n, m = QUOTAS["DJ", layer], QUOTAS["GG", layer]
        assert all(len({*one[:n], *other[:m]}) == max(n, m) for one, other in zip(many.orders["DJ", layer], many.orders["GG", layer], strict=True))


def test_visits_never_more():
    """Thirty random plans with crossing scopes: the mean visits of 300 draws stay below those expected of independent draws.

    Why it holds for every plan: given a firm's own ticket, "not drawn for X" means that enough others of X's scope lie
    below it, which grows with every ticket below it; so the events of two items are positively associated (Harris), and
    so they are over the firm's own ticket (Chebyshev). The chance of no visit is never below the product.
    Margin: z·s/√T above the expectation.
    """
    chance_ = random.Random(21)
    for _ in range(30):
        rows = [PoolRow(f"F{number}", "A", tuple(chance_.sample(["X", "Y", "Z"], chance_.randint(1, 3)))) for number in range(24)]
        rates = {item: {"A": {"n": chance_.randint(1, 6)}} for item in ("X", "Y", "Z")}
        base = frozen(rows, rates, alternates=0)
        visits = [len(pick(base, rivals.said(seed)).visits) for seed in range(300)]
        assert np.mean(visits) <= float(alone(rows, {(item, "A"): rates[item]["A"]["n"] for item in rates})) + margin(visits)


def test_visits_never_more_exactly():
    """Two items over five firms, every size of scopes and samples, all 120 orders of tickets: never above, in fractions."""
    orders = list(itertools.permutations(range(5)))
    for only, both, other in itertools.product(range(4), repeat=3):
        if not (only + both > 0 and both + other > 0 and only + both + other <= 5):
            continue
        one, two = range(only + both), range(only, only + both + other)
        for n, m in itertools.product(range(1, len(one) + 1), range(1, len(two) + 1)):
            total = sum(len({*[f for f in order if f in one][:n], *[f for f in order if f in two][:m]}) for order in orders)
            rows = [PoolRow(str(f), "A", (*(["X"] if f in one else []), *(["Y"] if f in two else []))) for f in {*one, *two}]
            assert Fraction(total, len(orders)) <= alone(rows, {("X", "A"): n, ("Y", "A"): m})
