"""What a draw promises: order does not matter, quotas are exact, draws extend and restrict each other, refusals."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssj_xlwings.lottery import pool
from ssj_xlwings.lottery.draw import draw, pick
from ssj_xlwings.lottery.freeze import commit, freeze
from ssj_xlwings.lottery.plan import check_rate, quota, rate_of
from ssj_xlwings.lottery.pool import PoolRow
from ssj_xlwings.lottery.said import check_said
from ssj_xlwings.types import Refusal
from tests.lottery import sample

ITEMS = ("X", "Y")
firms = st.lists(st.tuples(st.integers(0, 400), st.sampled_from("ABC"), st.sampled_from([("X",), ("Y",), ITEMS])), max_size=40, unique_by=lambda row: row[0])
rates = st.one_of(st.sampled_from(["0", "1", "0.03", "0.5", "0.333", "0.101"]), st.integers(0, 9).map(lambda n: {"n": n}))


def fixed(rows, rate, minimum=1, alternates=2, same=True):
    """A frozen draw without teams; item Y at half of X's rate unless `same`."""
    table = dict.fromkeys("ABC", rate)
    plan = replace(
        sample.PLAN, items=ITEMS, rates={"X": table, "Y": table if same else dict.fromkeys("ABC", "0.5")}, minimum=minimum, alternates=alternates, scope=None
    )
    return freeze(rows, [], [], [], plan, sample.NONCE, sample.VEIL)


def named(found):
    return [PoolRow(f"F{number}", layer, items) for number, layer, items in found]


@settings(max_examples=60, deadline=None)
@given(firms, rates, st.randoms(use_true_random=False))
def test_row_order(found, rate, chance):
    """Shuffling the rows changes nothing at all."""
    shuffled = found[:]
    chance.shuffle(shuffled)
    one, other = fixed(named(found), rate), fixed(named(shuffled), rate)
    assert one == other
    assert pick(one, sample.SAID) == pick(other, sample.SAID)


@settings(max_examples=60, deadline=None)
@given(firms, rates, st.integers(0, 3))
def test_quotas(found, rate, minimum):
    """In every item and stratum exactly the quota is drawn, from its scope; a visit is a firm with the union of its items."""
    rows = named(found)
    drawn = pick(fixed(rows, rate, minimum, same=False), sample.SAID)
    for cut in drawn.cuts:
        scope = {row.id for row in rows if row.stratum == cut.stratum and cut.item in row.items}
        assert cut.size == len(scope)
        assert len(cut.drawn) == cut.n == quota(cut.size, "0.5" if cut.item == "Y" else rate, minimum)
        assert set(cut.drawn) <= scope
        assert not set(cut.drawn) & set(cut.alternates)
        assert len(cut.alternates) == min(2, cut.size - cut.n)
    union = {visit.id: visit.items for visit in drawn.visits}
    assert len(union) == len(drawn.visits)
    for id_, items in union.items():
        assert list(items) == sorted(cut.item for cut in drawn.cuts if id_ in cut.drawn)
    assert {id_ for cut in drawn.cuts for id_ in cut.drawn} == set(union)
    assert drawn.saved == drawn.checks - len(drawn.visits) >= 0


def same_key(frozen, rows, alternates=2, rate=None):
    """The same draw of other rows or another rate with the seed of the first (root and plan kept)."""
    plan = dict(frozen.inner_plan)
    if rate is not None:
        plan["rates"] = {item: dict.fromkeys("ABC", rate) for item in ITEMS}
    return replace(frozen, rows=pool.ordered(rows), inner_plan=plan, open_plan={**frozen.open_plan, "alternates": alternates})


@settings(max_examples=40, deadline=None)
@given(firms, st.integers(1, 5), st.integers(0, 4))
def test_prefix(found, n, more):
    """With the same key a longer draw begins with the shorter one, and goes on with its alternates."""
    frozen = fixed(named(found), {"n": n})
    short = pick(frozen, sample.SAID)
    long = pick(same_key(frozen, frozen.rows, rate={"n": n + more}), sample.SAID)
    for one, other in zip(short.cuts, long.cuts, strict=True):
        assert other.drawn[: one.n] == one.drawn
        assert (one.drawn + one.alternates)[: other.n] == other.drawn[: len(one.drawn + one.alternates)]


@settings(max_examples=40, deadline=None)
@given(firms, st.integers(0, 5), st.data())
def test_restriction(found, n, data):
    """With the same key and n, removing a firm that was not drawn leaves the winners as they are."""
    frozen = fixed(named(found), {"n": n})
    drawn = pick(frozen, sample.SAID)
    losers = sorted({row.id for row in frozen.rows} - {visit.id for visit in drawn.visits})
    if losers:
        gone = data.draw(st.sampled_from(losers))
        again = pick(same_key(frozen, [row for row in frozen.rows if row.id != gone]), sample.SAID)
        assert [cut.drawn for cut in again.cuts] == [cut.drawn for cut in drawn.cuts]
        assert again.visits == drawn.visits


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from("ABC"), st.just(ITEMS)), max_size=40, unique_by=lambda row: row[0]), rates)
def test_nesting(found, rate):
    """Items with the same scope nest, so the visits of a stratum are its largest n."""
    drawn = pick(fixed(named(found), rate, same=False), sample.SAID)
    for layer in "ABC":
        first, second = sorted((cut for cut in drawn.cuts if cut.stratum == layer), key=lambda cut: cut.n)
        assert second.drawn[: first.n] == first.drawn
    assert len(drawn.visits) == sum(max(cut.n for cut in drawn.cuts if cut.stratum == layer) for layer in "ABC")


@given(st.integers(0, 10**6), st.integers(0, 10**9), st.integers(0, 5))
def test_quota_exact(size, digits, minimum):
    """A quota is the exact share rounded up, never a binary float's: 100 × 0.07 is 7, not 8."""
    share = f"{Decimal(digits) / 10**9:f}"
    share = share.rstrip("0").rstrip(".") if "." in share else share
    want = min(size, max(minimum, math.ceil(Fraction(digits, 10**9) * size))) if digits else 0
    assert quota(size, share, minimum) == want
    assert quota(100, "0.07", 0) == 7
    assert quota(size, {"n": 7}, minimum) == min(7, size)


@pytest.mark.parametrize(("cell", "rate"), [("0.03", "0.03"), ("0", "0"), ("1", "1"), ("5户", {"n": 5}), ("0户", {"n": 0})])
def test_rate_of(cell, rate):
    """A canonical cell becomes the protocol's rate."""
    assert rate_of(cell) == rate


@pytest.mark.parametrize("rate", [".03", "0.030", "3%", "3e-2", "0.0", "1.0", "２户", "5 户", "1\n", "9999999999户", {"n": 10**9 + 1}, {"m": 1}, {}, 1, None, {"n": "1"}])
def test_bad_rates(rate):
    """Nothing else is a rate."""
    with pytest.raises(Refusal):
        rate_of(rate) if isinstance(rate, str) else check_rate(rate)


@pytest.mark.parametrize(("change", "word"), [
    ({"rates": {"DJ01": sample.PLAN.rates["DJ01"], "SP01": {"A": "0.1", "B": "1"}}}, "没有比例"),
    ({"rates": {"DJ01": sample.PLAN.rates["DJ01"]}}, "没有比例"),
    ({"items": ["DJ01"]}, "不在方案里"),
    ({"minimum": -1}, "minimum"), ({"alternates": True}, "alternates"), ({"window": ("2026-04-30", "2026-03-02")}, "截止"),
    ({"slots": []}, "没有报数人"), ({"slots": ["张三", "张三"]}, "两次"), ({"slots": ["张=三"]}, "等号"), ({"team_size": 1}, "不得少于 2 人"),
    ({"frozen": "2026-03-02"}, "冻结时间"), ({"bureau": " 局"}, "首尾"), ({"tasks": ["1", "1"]}, "tasks"),
])
def test_bad_plans(change, word):
    """A plan that is out of form or does not cover the pool is refused, in a sentence that says where."""
    with pytest.raises(Refusal, match=word):
        sample.frozen(plan=replace(sample.PLAN, **change))


def test_firm_is_named():
    """A refusal about a row names the firm."""
    with pytest.raises(Refusal, match="91ABC"):
        pool.ordered([PoolRow("91ABC", "", ("X",))])
    with pytest.raises(Refusal, match="91abc”和“９1ABC"):
        pool.ordered([PoolRow("９1ABC", "A", ("X",)), PoolRow("91abc", "A", ("X",))])
    row = PoolRow("91ABC", "A", ("X",))
    with pytest.raises(Refusal, match="同一个编码"):
        pool.ordered([row, row])


def test_units_cover_the_pool():
    """A firm without a unit, or a unit without its firm, is refused before the freeze."""
    rows = sample.rows(4)
    pairs = [(row.id, sample.unit(row.id)) for row in rows]
    for bad in (pairs[1:], pairs + [("nobody", "x")], pairs + pairs[:1], [(pairs[0][0], ""), *pairs[1:]]):
        with pytest.raises(Refusal, match="管辖"):
            freeze(rows, [], sample.staff(), bad, sample.PLAN, sample.NONCE, sample.VEIL)


def test_secrets_are_whole():
    """A short secret is refused."""
    with pytest.raises(Refusal, match="nonce"):
        freeze([], [], [], [], sample.PLAN, "ab", sample.VEIL)


@pytest.mark.parametrize("said", [
    sample.SAID[::-1], sample.SAID[:1], [*sample.SAID, ("王五", "111111")], [("张三", "38472"), ("李四", "000007")], [("张三", "３８４７２９"), ("李四", "000007")],
    [("张三", "384729\n"), ("李四", "000007")],
])
def test_bad_said(said):
    """Only the speakers of the slots, in their order, with six ASCII digits each."""
    with pytest.raises(Refusal):
        draw(sample.frozen(), said)


def test_said_matters():
    """One other digit gives another seed; a changed pool, staff or plan another commitment."""
    fixed_ = sample.frozen()
    assert draw(fixed_, sample.SAID).seed != draw(fixed_, [("张三", "384728"), ("李四", "000007")]).seed
    people = sample.staff()
    people[3]["available"] = False
    others = [sample.frozen(sample.rows(39)), sample.frozen(people=people), sample.frozen(plan=replace(sample.PLAN, minimum=2))]
    assert len({fixed_.commitment, *(other.commitment for other in others)}) == 4
    assert commit(fixed_) == fixed_
    check_said(["张三", "李四"], sample.SAID)
