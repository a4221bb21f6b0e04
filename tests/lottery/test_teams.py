"""Who inspects whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssj_xlwings.lottery.draw import draw
from ssj_xlwings.lottery.pool import PoolRow
from ssj_xlwings.lottery.teams import assign, check_staff, shortages
from ssj_xlwings.types import Refusal
from tests.lottery import sample

END = "2026-04-30"
people = st.builds(
    lambda unit, city, items, until, recused, available: {
        "unit": unit, "city": city, "items": sorted(items), "until": until, "recused": sorted(recused), "available": available},
    st.sampled_from(sample.UNITS), st.booleans(), st.sets(st.sampled_from(["DJ01", "SP01"])), st.sampled_from(["2026-04-29", END, "2027-01-01"]),
    st.sets(st.sampled_from([row.id for row in sample.rows(6)])), st.booleans(),
)
crowd = st.lists(people, max_size=12).map(lambda found: [{"id": f"P{i:02d}", **person} for i, person in enumerate(found)])


def may(person, row):
    """The rule, word for word."""
    return (
        person["available"] and person["until"] >= END and set(row.items) <= set(person["items"]) and row.id not in person["recused"]
        and (person["city"] or person["unit"] == sample.unit(row.id))
    )


@settings(max_examples=150, deadline=None)
@given(crowd)
def test_rule(staff):
    """If nothing is short, every visit gets distinct, eligible people; if something is, just those groups are named."""
    rows = sample.rows(6)
    units = {row.id: sample.unit(row.id) for row in rows}
    short = shortages(rows, staff, units, END, 2)
    lacking = {(units[row.id], row.items) for row in rows if sum(may(person, row) for person in staff) < 2}
    assert {(one.unit, one.items) for one in short} == lacking
    visits = [(row.id, row.items) for row in rows]
    if short:
        one = short[0]
        example = next(row for row in rows if row.id == one.example)
        assert one.have == sum(may(person, example) for person in staff) < one.need == 2
        with pytest.raises(Refusal, match="符合条件"):
            assign(visits, staff, units, END, 2, "key")
        return
    found = assign(visits, staff, units, END, 2, "key")
    by_id = {person["id"]: person for person in staff}
    for row, team in zip(rows, found, strict=True):
        assert len(set(team)) == 2
        assert all(may(by_id[id_], row) for id_ in team)


def test_load_is_spread():
    """Among equals nobody has two visits more than another, and the lead is spread as well."""
    drawn = draw(sample.frozen(people=[{**person, "city": True} for person in sample.staff()]), sample.SAID)
    load = Counter(id_ for visit in drawn.visits for id_ in visit.team)
    assert len(load) == 10
    assert max(load.values()) - min(load.values()) <= 1
    assert len({visit.team[0] for visit in drawn.visits}) > 3


def test_repeatable():
    """The same frozen draw and numbers give the same teams, whatever order the staff came in; other numbers do not."""
    one = draw(sample.frozen(), sample.SAID)
    assert draw(sample.frozen(people=sample.staff()[::-1]), sample.SAID) == one
    other = draw(sample.frozen(), [("张三", "000000"), ("李四", "000007")])
    assert [visit.team for visit in other.visits] != [visit.team for visit in one.visits]


def test_three_to_a_team():
    """The size of a team is part of the frozen rule."""
    drawn = draw(sample.frozen(plan=replace(sample.PLAN, team_size=3)), sample.SAID)
    assert {len(set(visit.team)) for visit in drawn.visits} == {3}


def test_recusal_is_found_before_the_freeze():
    """A firm whose recusals leave one inspector is named although its group has enough."""
    rows = [PoolRow("F1", "A", ("DJ01",)), PoolRow("F2", "A", ("DJ01",))]
    staff = [{**person, "city": True, "recused": ["F2"] if i else []} for i, person in enumerate(sample.staff(3))]
    assert shortages(rows, staff, {"F1": "x", "F2": "x"}, END, 2) == [("x", ("DJ01",), 1, 2, "F2")]


@pytest.mark.parametrize("bad", [lambda s: s[::-1], lambda s: [s[0], s[0]], lambda s: [{**s[0], "items": ["SP01", "DJ01"]}], lambda s: [{**s[0], "recused": ["a", "a"]}]])
def test_bad_staff(bad):
    """Staff out of order, twice, or with unsorted facts is refused."""
    with pytest.raises(Refusal):
        check_staff(bad(sample.staff()))
