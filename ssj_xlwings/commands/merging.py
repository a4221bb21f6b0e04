"""进一次门: a subject just drawn that has a visit not yet begun in an open task, or that stands on an open list from above, is
visited once for both (plan of 2021, 二(二)).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.commands.joint import open_visits
from ssj_xlwings.commands.outcomes import Above, Merged
from ssj_xlwings.lottery import meter, teams
from ssj_xlwings.vocabulary.lookup import bare_item, item_lookup
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.values import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

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
    units, load = dict(frozen.jurisdiction), _load(frozen, drawn)
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


def from_above(view: View, frozen: Frozen, drawn: Drawn, merged: Sequence[Merged], *, unite: bool) -> list[Above]:
    """`above_of` the subjects of a draw; with `unite` off the visits stay ours."""
    rule, units, load = frozen.inner_plan["teams"], dict(frozen.jurisdiction), _load(frozen, drawn)

    def team(visit: Visit, items: Sequence[str], earlier: Sequence[str], until: str) -> Sequence[str]:
        able = teams.Bench(frozen.staff, until).eligible(units[visit.id], tuple(items), visit.id) if rule and unite else []
        if not rule or len(able) < rule["size"]:
            return ()
        return _team(visit, earlier, able) or teams.chosen(able, load, visit.id, rule["size"], drawn.keys["team"])

    return above_of(view, frozen, drawn.visits, merged, team)


def above_of(view: View, frozen: Frozen, visits: Iterable[Visit], merged: Sequence[Merged], team_for: Callable[[Visit, Sequence[str], Sequence[str], str], Sequence[str]]) -> list[Above]:
    """The subjects of these visits that stand on an open list from above: which, for what, and our visit with the items of
    theirs that we have too, if one team can do all. Such a list brings no inspectors: `team_for` a visit, items, an earlier team
    and the last day says who goes; where nobody, the visit stays ours.
    """
    window = frozen.open_plan["window"][0], frozen.open_plan["window"][1]
    waiting, lookup, already = meter.open_above(view, window), item_lookup(view["items"]), {one.id: one for one in merged}
    found = []
    for visit in visits:
        if visit.id not in waiting:
            continue
        rows, whole = waiting[visit.id], already.get(visit.id)
        items: list[str] = list(whole.items) if whole else sorted({*map(bare_item, visit.items)}, key=str.encode)
        team = list(whole.team if whole else visit.team)
        more = {code for row in rows for code in lookup.several(row["items"]).keys} - set(items)
        able = team_for(visit, sorted({*visit.items, *items, *more}), team, max(window[1], *(row["end"] for row in rows))) if more else ()
        if able:
            team, items = list(able), sorted({*items, *more}, key=str.encode)
        words_ = "；".join(say.ABOVE.format(level=row["launched_by"], task=row["task"], items=row["items"] or say.ABOVE_NO_ITEMS) for row in rows)
        found.append(Above(visit.id, words_, sorted(more & set(items), key=str.encode), items, team))
    return found


def above_lines(above: Sequence[Above]) -> list[str]:
    """Who was drawn above as well: at most ten are named, all of them stand in the log and on their task sheets."""
    if not above:
        return []
    head = say.ABOVE_HEAD.format(count=len(above), taken=sum(bool(one.taken) for one in above))
    return [head, *(say.ABOVE_LINE.format(id=one.id, words=one.words) for one in above[:10])]


def _load(frozen: Frozen, drawn: Drawn) -> dict[str, int]:
    """Inspector → visits in this draw."""
    load = {person["id"]: 0 for person in frozen.staff}
    for visit in drawn.visits:
        for id_ in visit.team:
            load[id_] += 1
    return load


def _team(visit: Visit, earlier: Sequence[str], able: Sequence[str]) -> list[str]:
    """The earlier team or this draw's, whichever first may do everything; empty if neither may."""
    return next((list(team) for team in (earlier, visit.team) if team and set(team) <= set(able)), [])
