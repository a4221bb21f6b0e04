"""进一次门: a subject just drawn that has a visit not yet begun in an open task, or that stands on an open list from above, is
visited once for both (plan of 2021, 二(二)). The same after a draw, after a replacement, and when a quick draw becomes a task.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.commands.joint import open_visits
from ssj_xlwings.commands.outcomes import Above, Merged, above_data, merged_data
from ssj_xlwings.lottery import meter, teams
from ssj_xlwings.lottery.digest import canonical
from ssj_xlwings.vocabulary.lookup import bare_item, item_lookup
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.values import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ssj_xlwings.lottery.draw import Drawn, Visit
    from ssj_xlwings.lottery.freeze import Frozen
    from ssj_xlwings.types import Row, View

    Manning = Callable[[Visit, Sequence[str], Sequence[str], str], Sequence[str] | None]
    """Says who goes to a visit for these items, with an earlier team that is kept if it may, until that day; None where too few may do
    all; an empty team where people are named by hand.
    """


SHOWN = 10
"""So many subjects are named at once."""


class Unmerged(NamedTuple):
    """A subject whose open visit of another task stays a visit of its own, and why."""

    id: str
    task: str
    why: str


class Joining(NamedTuple):
    """What became one visit: with open visits of other tasks, and with open lists from above. `apart`: the reason why nothing did;
    `unmerged`: what nobody can do at once.
    """

    merged: Sequence[Merged]
    above: Sequence[Above]
    apart: str
    unmerged: Sequence[Unmerged] = ()

    def data(self) -> dict[str, str]:
        """For the row of the log."""
        return {**({"no_merge": self.apart} if self.apart else merged_data(self.merged)), **self.left(), **above_data(self.above)}

    def left(self) -> dict[str, str]:
        """Of it, what stays apart."""
        return {"unmerged": canonical([list(one) for one in self.unmerged])} if self.unmerged else {}

    def lines(self) -> list[str]:
        """For people."""
        left = [say.UNMERGED_HEAD.format(count=len({one.id for one in self.unmerged}))] if self.unmerged else []
        left += [say.UNMERGED_LINE.format(id=one.id, task=one.task, why=one.why) for one in self.unmerged[:SHOWN]]
        firms = len({one.id for one in self.merged})
        return [*([say.MERGED_LINE.format(count=firms)] if firms else []), *left, *above_lines(self.above)]


def join(view: View, rows: Sequence[Row], window: Sequence[str], tasks: Sequence[str], visits: Sequence[Visit], team_for: Manning, apart: str = "") -> Joining:
    """Everything that these visits of these tasks share with others in the window. `rows`: of the log; `apart`: why nothing is to be united."""
    first, last = window
    team = nobody if apart else team_for
    merged, unmerged = merge(open_visits(view, rows, (first, last), tasks), last, visits, team)
    return Joining(merged, from_above(view, (first, last), visits, merged, team), apart, [] if apart else unmerged)


def manning(frozen: Frozen, drawn: Drawn) -> Manning:
    """The earlier team, else the draw's own, else one by the frozen rule."""
    rule, units = frozen.inner_plan["teams"], dict(frozen.jurisdiction)
    load = {person["id"]: 0 for person in frozen.staff}
    for visit in drawn.visits:
        for id_ in visit.team:
            load[id_] += 1

    def team(visit: Visit, items: Sequence[str], earlier: Sequence[str], until: str) -> Sequence[str] | None:
        able = teams.Bench(frozen.staff, until).eligible(units[visit.id], tuple(items), visit.id) if rule else []
        if not rule or len(able) < rule["size"]:
            return None
        return _team(visit, earlier, able) or teams.chosen(able, load, visit.id, rule["size"], drawn.keys["team"])

    return team


def by_hand(staff: Sequence[teams.Inspector], units: Mapping[str, str], size: int) -> Manning:
    """Where inspectors are named by hand, none being drawn: the earlier team if it may do everything; where there was none, an
    empty one if enough people may. A team that was drawn is never exchanged for one that was chosen.
    """
    def team(visit: Visit, items: Sequence[str], earlier: Sequence[str], until: str) -> Sequence[str] | None:
        able = teams.Bench(staff, until).eligible(units[visit.id], tuple(items), visit.id)
        return earlier if len(able) >= size and set(earlier) <= set(able) else None

    return team


def nobody(visit: Visit, items: Sequence[str], earlier: Sequence[str], until: str) -> None:  # noqa: ARG001 - a Manning
    """Where nothing is to be united."""
    return


def merge(waiting: Mapping[str, Sequence[Row]], last: str, visits: Iterable[Visit], team_for: Manning) -> tuple[list[Merged], list[Unmerged]]:
    """Which of these visits take over those that wait: items united, and one team able to do all of them. Of several that wait for one
    subject each joins what the ones before made. What nobody can do at once stays a visit of its own.
    """
    found, left = [], []
    for visit in visits:
        items, team, until = {*map(bare_item, visit.items)}, list[str](), last
        for other in waiting.get(visit.id, ()):
            more, day = {*items, *words(other["items"])}, max(until, other["end"])
            able = team_for(visit, sorted({*visit.items, *more}), team or words(other["team"]), day)
            if able is None:
                left.append(Unmerged(visit.id, other["task"], say.NOBODY_FOR_ALL.format(items="、".join(sorted(more, key=str.encode)), until=day)))
                continue
            items, team, until = more, list(able), day
            found.append(Merged(visit.id, other["task"], other["attempt"], sorted(items, key=str.encode), team))
    return found, left


def from_above(view: View, window: tuple[str, str], visits: Iterable[Visit], merged: Sequence[Merged], team_for: Manning) -> list[Above]:
    """The subjects of these visits that stand on an open list from above: which, for what, and our visit with the items of
    theirs that we have too, if one team can do all. Such a list brings no inspectors; where none can, the visit stays ours.
    """
    waiting, lookup, already = meter.open_above(view, window), item_lookup(view["items"]), {one.id: one for one in merged}
    found = []
    for visit in visits:
        if visit.id not in waiting:
            continue
        rows, whole = waiting[visit.id], already.get(visit.id)
        items: list[str] = list(whole.items) if whole else sorted({*map(bare_item, visit.items)}, key=str.encode)
        team = list(whole.team if whole else visit.team)
        more = {code for row in rows for code in lookup.several(row["items"]).keys} - set(items)
        able = team_for(visit, sorted({*visit.items, *items, *more}), team, max(window[1], *(row["end"] for row in rows))) if more else None
        if able is not None:
            team, items = list(able), sorted({*items, *more}, key=str.encode)
        found.append(Above(visit.id, told(rows), sorted(more & set(items), key=str.encode), items, team))
    return found


def told(rows: Iterable[Row]) -> str:
    """Rows of 上级抽取名单 in words: whose list, and for what."""
    return "；".join(say.ABOVE.format(level=row["launched_by"], task=row["task"], items=row["items"] or say.ABOVE_NO_ITEMS) for row in rows)


def above_lines(above: Sequence[Above]) -> list[str]:
    """Who was drawn above as well: the first are named, all of them stand in the log and on their task sheets."""
    if not above:
        return []
    head = say.ABOVE_HEAD.format(count=len(above), taken=sum(bool(one.taken) for one in above))
    return [head, *(say.ABOVE_LINE.format(id=one.id, words=one.words) for one in above[:SHOWN])]


def _team(visit: Visit, earlier: Sequence[str], able: Sequence[str]) -> list[str]:
    """The earlier team or this draw's, whichever first may do everything; empty if neither may."""
    return next((list(team) for team in (earlier, visit.team) if team and set(team) <= set(able)), [])
