"""Lists from above that come after our draw: whom of them we are about to visit anyway, and what of theirs that visit does too
(plan of 2021, 二(二)). What a draw itself finds above is in `merging`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.commands.joint import open_visits
from ssj_xlwings.commands.merging import SHOWN, told
from ssj_xlwings.lottery import candidates, meter, teams
from ssj_xlwings.types import Patch
from ssj_xlwings.vocabulary import settings
from ssj_xlwings.vocabulary.lookup import Lookup, item_lookup, records, subject_ids
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.values import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from ssj_xlwings.types import Row, View

EVER = "", "9999-12-31"
"""The days of a list that names none."""


class Met(NamedTuple):
    """A subject on a list, its visit of ours that is still open (a row of 抽取结果与派发; the first, where several stay apart), and its rows of the list."""

    visit: Row
    rows: list[Row]


def imported(view: View, log: Sequence[Row], listed: Iterable[Row], today: date) -> tuple[list[Patch], list[str]]:
    """What rows that are just coming into 上级抽取名单 do to visits of ours that have not begun, and the sentences for it.

    Items of theirs that we have join the visit if the people who go may do all of it: nobody is drawn anew.
    """
    met = _met(view, log, listed)
    if not met:
        return [], []
    lookup = item_lookup(view["items"])
    units = Lookup(view["units"]["name"])
    bureau = settings.read(view["settings"])["bureau"]
    staff = [{**person, "available": True} for person in candidates.staff(view, today, bureau)]
    benches: dict[str, teams.Bench] = {}
    grown: dict[tuple[str, str, str, str], str] = {}
    for id_, (visit, rows) in met.items():
        items, until = words(visit["items"]), max(visit["end"], *(row["end"] for row in rows))
        whole = sorted({*items, *(code for row in rows for code in lookup.several(row["items"]).keys)}, key=str.encode)
        bench = benches.setdefault(until, teams.Bench(staff, until))
        team, able = words(visit["team"]), bench.eligible(units.one(visit["unit"]) or visit["unit"], tuple(whole), id_)
        if len(whole) > len(items) and team and set(team) <= set(able):
            grown[visit["task"], visit["attempt"], visit["no"], id_] = "、".join(whole)
    head = say.ABOVE_LATER.format(count=len(met), taken=len(grown))
    lines = [head, *(say.ABOVE_LINE.format(id=id_, words=told(rows)) for id_, (_, rows) in list(met.items())[:SHOWN])]
    visits = view["visits"]
    keys = zip(visits["task"], visits["attempt"], visits["no"], visits["subject"], strict=True)
    cells = {(int(row), "items"): grown[key] for row, key in zip(visits.index, keys, strict=True) if key in grown}
    return [Patch("visits", cells)] if cells else [], lines


def _met(view: View, log: Sequence[Row], listed: Iterable[Row]) -> dict[str, Met]:
    known = Lookup(subject_ids(view["subjects"]), view["subjects"]["name"])
    waiting: dict[tuple[str, str], dict[str, list[dict[str, str]]]] = {}
    found: dict[str, Met] = {}
    for row in listed:
        id_, window = known.one(row["subject"]), (row["start"] or EVER[0], row["end"] or EVER[1])
        if row["checked"] or not id_:
            continue
        if window not in waiting:
            waiting[window] = open_visits(view, log, window, ())
        if id_ in waiting[window]:
            found.setdefault(id_, Met(waiting[window][id_][0], [])).rows.append(row)
    return found


def noted(view: View, window: tuple[str, str]) -> dict[str, str]:
    """Subject → for what it stands on open lists from above in these days, in words."""
    return {id_: told(rows) for id_, rows in meter.open_above(view, window).items()}


def theirs(view: View, visits: Iterable[Row], *, unchecked: bool = False) -> set[tuple[str, str]]:
    """(subject, item) of these visits that a list from above wants: results for them may stand with those who made the list.
    `unchecked`: only where they were not checked yet.
    """
    lookup = item_lookup(view["items"])
    lists: dict[str, set[str]] = {}
    for row in records(view["upper"]):
        if unchecked and row["checked"]:
            continue
        lists.setdefault(row["subject"], set()).update(lookup.several(row["items"]).keys)
    return {(visit["subject"], item) for visit in visits for word in (visit["subject"], visit["name"]) for item in lists.get(word, ())}
