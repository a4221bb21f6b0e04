"""The draw is fair: 10 000 draws of one pool against what simple random sampling says, limits as in `chance`.

Fixed seeds: nonce, veil, pool and the numbers said are the same on every run, so nothing here fails by chance.
Two draws known to be unfair go through the same tests and must fail them.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest

from ssj_xlwings.lottery import pool
from ssj_xlwings.lottery.draw import Drawn, pick
from ssj_xlwings.lottery.replace import Roll
from tests.lottery import chance, rivals
from tests.lottery.thousands import QUOTAS, RATES, ROWS, SHAPE_OF, SIZES, TRIALS, frozen, scope, thousands


@pytest.fixture(scope="module")
def many():
    return thousands()


def test_quotas_by_hand(many):
    """Every one of 10 000 draws takes exactly the quota written down by hand, each firm once, and none from elsewhere."""
    assert many.drawn_counts == {key: {n} for key, n in QUOTAS.items()}
    for (item, layer), orders in many.orders.items():
        there = set(scope(item, layer))
        assert len(orders) == TRIALS
        assert all(len(order) == len(there) and set(order) == there for order in orders)


@pytest.mark.parametrize(("item", "layer"), QUOTAS)
def test_inclusion(many, item, layer):
    """Every firm of a stratum is drawn equally often: χ² with N-1 degrees of freedom, failing once in 10^6."""
    assert chance.evenness(many.drawn(item, layer), QUOTAS[item, layer]).fair


@pytest.mark.parametrize(("item", "layer"), QUOTAS)
def test_pairs(many, item, layer):
    """Every pair of firms of a stratum is drawn together equally often: χ² with N(N-3)/2 degrees of freedom."""
    assert chance.pairing(many.drawn(item, layer), QUOTAS[item, layer]).fair


@pytest.mark.parametrize("item", RATES)
def test_strata_apart(many, item):
    """Who is drawn in one stratum says nothing of who is drawn in another: χ² with (N-1)(M-1) degrees of freedom."""
    for one, other in itertools.combinations(SIZES, 2):
        assert chance.apartness(many.drawn(item, one), many.drawn(item, other), QUOTAS[item, one], QUOTAS[item, other]).fair


@pytest.mark.parametrize("kind", ["shape of the id", "quarter of the sheet", "quarter of the ids sorted", "first and last row"])
def test_groups(many, kind):
    """Neither the shape of an id nor its place in the sheet or among the sorted ids changes its chance: χ² by group."""
    for (item, layer), n in QUOTAS.items():
        ids = scope(item, layer)
        by_id = sorted(ids)
        groups = {
            "shape of the id": [SHAPE_OF[id_] for id_ in ids],
            "quarter of the sheet": [place * 4 // len(ids) for place in range(len(ids))],
            "quarter of the ids sorted": [by_id.index(id_) * 4 // len(ids) for id_ in ids],
            "first and last row": [int(place in (0, len(ids) - 1)) for place in range(len(ids))],
        }[kind]
        assert set(groups) == set(range(max(groups) + 1)), "every group holds a firm"
        assert chance.evenness(many.drawn(item, layer), n, groups).fair


def test_row_order():
    """The sheet sorted, reversed or shuffled gives the same freeze and the same draws."""
    shuffled = ROWS[:]
    random.Random(5).shuffle(shuffled)
    base = frozen()
    for rows in (sorted(ROWS), ROWS[::-1], shuffled):
        again = frozen(rows)
        assert again == base
        assert all(pick(again, rivals.said(seed)) == pick(base, rivals.said(seed)) for seed in range(100))


def with_key(base, rows=None, rates=None):
    """The same draw, key and all (root and plan kept), of other rows or rates."""
    return replace(base, rows=base.rows if rows is None else pool.ordered(rows), inner_plan={**base.inner_plan, "rates": rates or RATES})


def winners(drawn: Drawn) -> dict[tuple[str, str], list[str]]:
    return {(cut.item, cut.stratum): cut.drawn for cut in drawn.cuts}


def test_nesting(many):
    """Items with equal scopes nest in every draw: the smaller sample is the beginning of the larger."""
    for layer in SIZES:
        assert many.orders["DJ", layer] == many.orders["GG", layer]


def test_prefix(many):
    """In 1000 draws one firm more a stratum begins with what was drawn before and adds the first alternate."""
    base = frozen()
    more = {item: {layer: {"n": QUOTAS[item, layer] + 1} for layer in SIZES} for item in RATES}
    for seed in range(1000):
        longer = winners(pick(with_key(base, rates=more), rivals.said(seed)))
        assert all(longer[key] == many.orders[key][seed][: QUOTAS[key] + 1] for key in QUOTAS)


def test_restriction(many):
    """In 1000 draws a sample of part of the pool, with the same key, is the sample of the pool as far as it lies in that part."""
    base = frozen()
    chance_ = random.Random(3)
    for seed in range(1000):
        part = [row for row in ROWS if chance_.random() < 0.6]
        ids = {row.id for row in part}
        kept = {key: [id_ for id_ in many.orders[key][seed][:n] if id_ in ids] for key, n in QUOTAS.items()}
        rates = {item: {layer: {"n": len(kept[item, layer])} for layer in SIZES} for item in RATES}
        assert winners(pick(with_key(base, part, rates), rivals.said(seed))) == kept


def replaced(order: list[str], n: int, found_out: list[str]) -> list[str]:
    """Step 15, by hand: the fallen are found out one after the other; each winner among them gives way to the next firm in
    ticket order that has not fallen out so far.
    """
    now, out = order[:n], set()
    queue = iter(order[n:])
    for fallen in found_out:
        out.add(fallen)
        if fallen in now:
            successor = next((id_ for id_ in queue if id_ not in out), None)
            now = [id_ for id_ in now if id_ != fallen] + ([successor] if successor else [])
    return now


@pytest.mark.parametrize(("item", "layer"), [("DJ", "B"), ("DJ", "C"), ("GG", "A"), ("SP", "A")])
def test_replacement(many, item, layer):
    """After firms outside the scope are replaced by step 15 the sample is a simple random sample of those within it.

    A fifth of the list is outside, in an order of discovery of its own. `evenness` and `pairing` over the N-F firms within.
    """
    ids, n = scope(item, layer), QUOTAS[item, layer]
    out = ids[2::5]
    within = [id_ for id_ in ids if id_ not in out]
    samples = [replaced(order, n, out) for order in many.orders[item, layer]]
    assert all(len(found) == n for found in samples)
    drawn = chance.indicator(within, samples)
    assert chance.evenness(drawn, n).fair
    assert chance.pairing(drawn, n).fair


def test_replacement_of_the_lottery(many):
    """In 300 draws, found out in waves as the visits go on, the lottery's own rule leaves the samples that the rule by hand leaves."""
    base = frozen()
    out = [row.id for row in ROWS[2::5]]
    for seed in range(300):
        roll = Roll(base, pick(base, rivals.said(seed)))
        while found := [id_ for id_ in out if id_ in roll.visits]:
            roll.fall(found, ())
        for (item, layer), n in QUOTAS.items():
            held = [id_ for id_ in scope(item, layer) if id_ in roll.holds[item]]
            assert set(held) == set(replaced(many.orders[item, layer][seed], n, out))


def test_replacement_ends():
    """Where nobody is left the sample falls short, and a successor that turns out to be outside gives way in turn."""
    assert replaced(list("abcd"), 2, ["a", "c", "d"]) == ["b"]
    assert replaced(list("abcd"), 2, ["c", "a"]) == ["b", "d"]
    assert replaced(list("abcd"), 2, ["a", "c"]) == ["b", "d"]


def test_control_replacing_unreachable(many):
    """Negative control: firms of the scope that cannot be reached are replaced. The test of inclusion sees it."""
    ids, n = scope("DJ", "B"), QUOTAS["DJ", "B"]
    samples = [replaced(order, n, ids[2::5]) for order in many.orders["DJ", "B"]]
    drawn = chance.indicator(ids, samples)
    found = chance.evenness(drawn, n)
    assert not found.fair
    assert found.value > 10 * found.limits[1]
    assert not chance.evenness(drawn, n, [int(place % 5 == 2) for place in range(len(ids))]).fair


@pytest.mark.parametrize(("size", "n"), [(100, 34), (100, 20)])
def test_control_fixed_interval(size, n):
    """Negative control: one random start and every ⌊N/n⌋-th row. Where n does not divide N, inclusion fails; always pairs."""
    ids = [f"F{number:03d}" for number in range(size)]
    drawn = chance.indicator(ids, [rivals.fixed_interval(ids, n, seed) for seed in range(TRIALS)])
    assert not chance.pairing(drawn, n).fair
    assert chance.pairing(drawn, n).value > 10 * chance.pairing(drawn, n).limits[1]
    if size % n:
        assert (drawn.sum(axis=0) == 0).sum() == 32
        assert not chance.evenness(drawn, n).fair
        assert not chance.evenness(drawn, n, [place * 4 // size for place in range(size)]).fair


def test_controls_pass_fair():
    """The same tests pass a sample that is simple random by another generator: they do not fail everything."""
    ids = [f"F{number:03d}" for number in range(100)]
    drawn = chance.indicator(ids, [rivals.seeded(ids, 34, seed) for seed in range(TRIALS)])
    assert chance.evenness(drawn, 34).fair
    assert chance.pairing(drawn, 34).fair
