"""What is said before a draw is what draws then show."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from ssj_xlwings.lottery import forecast
from ssj_xlwings.lottery.draw import pick
from ssj_xlwings.lottery.pool import PoolRow
from tests.lottery import sample


def of(frozen):
    """Counts by kind, layers and shares of a frozen draw."""
    counts = forecast.kinds(frozen.rows)
    layers = forecast.layers(counts, frozen.inner_plan["rates"], frozen.inner_plan["minimum"])
    return counts, layers, forecast.shares(layers)


def test_quotas_are_those_of_the_draw():
    """Every item and stratum has the size and number that the draw then uses, and a stratum drawn whole is named."""
    frozen = sample.frozen()
    _, layers, _ = of(frozen)
    drawn = pick(frozen, sample.SAID)
    assert [(one.item, one.stratum, one.size, one.n) for one in layers] == [(cut.item, cut.stratum, cut.size, cut.n) for cut in drawn.cuts]
    assert [(one.item, one.stratum) for one in layers if one.whole] == [("SP01", "C")]


def test_visits_with_one_scope_are_exact():
    """Where all items have one scope the visits to expect are those of any draw."""
    rows = [PoolRow(row.id, row.stratum, ("DJ01", "SP01")) for row in sample.rows(60)]
    frozen = sample.frozen(rows)
    counts, _, share = of(frozen)
    assert forecast.visits(counts, share) == pytest.approx(len(pick(frozen, sample.SAID).visits))


def test_visits_with_crossing_scopes_are_near():
    """Where scopes cross, the visits to expect are the mean of 300 draws, within 3 % (and never above the checks)."""
    rows = [PoolRow(f"F{i:04d}", "A", (("X",), ("Y",), ("X", "Y"))[i % 3]) for i in range(300)]
    counts = forecast.kinds(rows)
    layers = forecast.layers(counts, {"X": {"A": "0.2"}, "Y": {"A": "0.3"}}, 1)
    chance, total = random.Random(5), 0
    for _ in range(300):
        order = sorted((chance.random(), row.items, row.id) for row in rows)
        total += len({id_ for layer in layers for id_ in [id_ for _, items, id_ in order if layer.item in items][: layer.n]})
    assert forecast.visits(counts, forecast.shares(layers)) == pytest.approx(total / 300, rel=0.03)


def test_verdicts_are_what_draws_show():
    """The share of each stratum among firms of one item set and verdict is that of 400 draws, within 0.05."""
    rows = [PoolRow(f"F{i:04d}", "D" if i % 10 == 0 else "A", ("X", "Y")) for i in range(200)]
    counts = forecast.kinds(rows)
    layers = forecast.layers(counts, {"X": {"A": "0.1", "D": "0.6"}, "Y": {"A": "0.3", "D": "0.2"}}, 1)
    seen: dict[tuple[str, ...], Counter[str]] = {}
    chance = random.Random(6)
    for _ in range(400):
        order = sorted((chance.random(), row.stratum, row.id) for row in rows)
        drawn: dict[str, list[str]] = {}
        for layer in layers:
            for id_ in [id_ for _, stratum, id_ in order if stratum == layer.stratum][: layer.n]:
                drawn.setdefault(id_, []).append(layer.item)
        for row in rows:
            seen.setdefault(tuple(drawn.get(row.id, ())), Counter())[row.stratum] += 1
    found = {verdict.drawn: verdict for verdict in forecast.verdicts(counts, forecast.shares(layers))}
    assert found.keys() == seen.keys()
    for drawn, counted in seen.items():
        assert found[drawn].firms == pytest.approx(counted.total() / 400, abs=1)
        for stratum in "AD":
            assert found[drawn].posterior[stratum] == pytest.approx(counted[stratum] / counted.total(), abs=0.05)


def seen_in_draws(rows, layers, times):
    """(Items, drawn, stratum) of any subject in so many draws."""
    chance, found = random.Random(8), set()
    for _ in range(times):
        order = sorted((chance.random(), row) for row in rows)
        drawn: dict[str, list[str]] = {}
        for layer in layers:
            for row in [row for _, row in order if layer.item in row.items and row.stratum == layer.stratum][: layer.n]:
                drawn.setdefault(row.id, []).append(layer.item)
        found |= {(row.items, tuple(sorted(drawn.get(row.id, ()))), row.stratum) for row in rows}
    return found


@pytest.mark.parametrize(("scopes", "rates", "near"), [
    ([("X",), ("X", "Y"), ("Y",)], {"X": "0.3", "Y": "0.3"}, {("X", "Y")}),
    ([("X",), ("X", "Y")], {"X": "0.3", "Y": "0.5"}, {("X", "Y")}),
    ([("X",), ("Y",)], {"X": "0.3", "Y": "0.5"}, set()),
    ([("X", "Y")], {"X": "0.3", "Y": "0.5"}, set()),
    ([("X",), ("X", "Y"), ("Y",)], {"X": "0.3", "Y": "1"}, set()),
    ([("X",), ("X", "Y"), ("Y",)], {"X": "0", "Y": "0.5"}, set()),
])
def test_where_scopes_cross_nothing_is_certain(scopes, rates, near):
    """What 300 draws show and the verdicts hold impossible is of sets of items named as crossing alone: equal and separate scopes, and
    items drawn whole or not at all, are exact.
    """
    rows = [PoolRow(f"F{i:03d}", "AD"[i % 5 == 0], scopes[i % len(scopes)]) for i in range(60)]
    counts = forecast.kinds(rows)
    layers = forecast.layers(counts, {item: {"A": rate, "D": rate} for item, rate in rates.items()}, 1)
    share = forecast.shares(layers)
    assert forecast.crossing(counts, share) == near
    told = {(one.items, one.drawn, stratum) for one in forecast.verdicts(counts, share) for stratum, after in one.posterior.items() if after}
    assert {items for items, _, _ in seen_in_draws(rows, layers, 300) - told} == near


def test_what_a_verdict_tells():
    """Warned is above 0.8 and at 0: a class drawn whole is not among those not drawn, one of rate 0 not among the drawn."""
    rows = [PoolRow(f"F{i:03d}", "ABD"[i % 3], ("X",)) for i in range(90)]
    counts = forecast.kinds(rows)
    layers = forecast.layers(counts, {"X": {"A": "0", "B": "0.1", "D": "1"}}, 1)
    told = {verdict.drawn: dict(forecast.tells(verdict, 0.8)) for verdict in forecast.verdicts(counts, forecast.shares(layers))}
    assert told[()] == {"D": 0}
    assert told[("X",)] == {"A": 0, "D": pytest.approx(30 / 33)}
    even = forecast.layers(counts, {"X": dict.fromkeys("ABD", "0.1")}, 1)
    assert not any(forecast.tells(verdict, 0.8) for verdict in forecast.verdicts(counts, forecast.shares(even)))
