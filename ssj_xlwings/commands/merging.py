"""进一次门: a subject just drawn that has a visit not yet begun in an open task is visited once for both (plan of 2021, 二(二))."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.commands.joint import open_visits
from ssj_xlwings.commands.outcomes import Merged
from ssj_xlwings.lottery import teams
from ssj_xlwings.vocabulary.lookup import bare_item
from ssj_xlwings.vocabulary.values import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ssj_xlwings.lottery.draw import Drawn, Visit
    from ssj_xlwings.lottery.freeze import Frozen
    from ssj_xlwings.types import Row, View


def merge(view: View, rows: Sequence[Row], frozen: Frozen, drawn: Drawn) -> list[Merged]:
    """The visits of this draw that take over those of open tasks: items united, and one team able to do all of them.

    The team is that of the earlier visit if it may do everything, else this draw's, else one by the frozen rule. A
    subject that nobody can check for all items at once keeps its two visits.
    """
    rule = frozen.inner_plan["teams"]
    waiting = open_visits(view, rows, tuple(frozen.open_plan["window"]), frozen.open_plan["tasks"]) if rule else {}
    units = dict(frozen.jurisdiction)
    load = {person["id"]: 0 for person in frozen.staff}
    for visit in drawn.visits:
        for id_ in visit.team:
            load[id_] += 1
    found = []
    for visit in drawn.visits:
        other = waiting.get(visit.id)
        if other is None:
            continue
        bench = teams.Bench(frozen.staff, max(frozen.open_plan["window"][1], other["end"]))
        able = bench.eligible(units[visit.id], tuple(sorted({*visit.items, *words(other["items"])})), visit.id)
        if len(able) >= rule["size"]:
            team = _team(visit, words(other["team"]), able) or teams.chosen(able, load, visit.id, rule["size"], drawn.keys["team"])
            items = sorted({*map(bare_item, visit.items), *words(other["items"])}, key=str.encode)
            found.append(Merged(visit.id, other["task"], other["attempt"], items, team))
    return found


def _team(visit: Visit, earlier: Sequence[str], able: Sequence[str]) -> list[str]:
    """The earlier team or this draw's, whichever first may do everything; empty if neither may."""
    return next((list(team) for team in (earlier, visit.team) if team and set(team) <= set(able)), [])
