"""应联尽联: tasks whose pools and windows overlap, and what drawing them together would spare (plan of 2021, 二(二))."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.commands.preparing import outline
from ssj_xlwings.lottery import log
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.lookup import records
from ssj_xlwings.vocabulary.quick import is_quick
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.sentences.draw import VOID_MARK
from ssj_xlwings.vocabulary.values import is_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ssj_xlwings.commands.preparing import Outline
    from ssj_xlwings.types import Row, View

STILL_OPEN = ("", codelists.VOIDED)
"""Last event of a task that can still be frozen, alone or with others."""
NOT_DRAWN = (codelists.FROZEN, codelists.SAID)
"""Of one that waits for its draw: nobody of it has an open visit yet that could be joined."""


class Overlap(NamedTuple):
    """A task not yet drawn whose pool shares subjects with ours while both windows are open; `frozen`: its freeze stands.

    `checks` and `visits` are those of both drawn together, `apart` the visits to expect if they are drawn apart;
    `bounds`: as of an outline; `cannot`: why they cannot be drawn together, "" if they can. `common` is 0 where the task is not yet understood, so
    that nobody can say which firms it shares; why stands in `cannot`.
    """

    task: str
    common: int
    checks: int
    visits: float
    apart: float
    cannot: str
    frozen: bool = False
    bounds: Mapping[str, str] = MappingProxyType({})

    @property
    def able(self) -> bool:
        """Whether both can be drawn together as they stand."""
        return not (self.cannot or self.frozen)

    def wants(self) -> Refusal | None:
        """With what a freeze without a reason is refused; none where what stands in the way is the reason."""
        if self.cannot:
            return None
        return Refusal(say.WANTS_DRAWN if self.frozen else say.WANTS_JOINT, what=self.sentence(), task=self.task)

    def sentence(self) -> str:
        """For people: what is shared, and what a joint draw would spare."""
        if self.frozen and self.common:
            return say.OVERLAP_FROZEN.format(task=self.task, common=self.common)
        if self.cannot and not self.common:
            return say.OVERLAP_UNKNOWN.format(task=self.task, why=self.cannot)
        if self.cannot:
            return say.OVERLAP_CANNOT.format(task=self.task, common=self.common, why=self.cannot)
        return say.OVERLAP.format(task=self.task, common=self.common, checks=self.checks, visits=round(self.visits), saved=round(self.apart - self.visits), **self.bounds)


def overlaps(view: View, rows: Sequence[Row], ready: Outline, today: date, numbers: Mapping[int, str]) -> list[Overlap]:
    """Every task of this time that has firms in common with these, and every one that cannot be compared because it is
    not yet understood. A row without any day is no task of any time yet.
    """
    names = {task.name for task in ready.tasks}
    ids = {row.id for row in ready.sifted.pool}
    start, end = ready.window
    found = []
    for row in records(view["tasks"]):
        if not row["name"] or row["name"] in names or is_quick(row["number"]) or not _near(row, max(start, today.isoformat()), end):
            continue
        event = log.state(rows, row["number"]).event
        if event not in (*STILL_OPEN, *NOT_DRAWN):
            continue
        try:
            other = outline(view, [row["name"]], today, numbers)
        except Refusal as why:
            found.append(Overlap(row["name"], 0, 0, 0, 0, str(why)))
            continue
        common = sum(one.id in ids for one in other.sifted.pool)
        if common and event in NOT_DRAWN:
            found.append(Overlap(row["name"], common, 0, 0, 0, "", frozen=True))
        elif common:
            found.append(_together(view, ready, other, today, numbers, common))
    return found


def _near(row: Row, start: str, end: str) -> bool:
    """Whether a task may be open in these days: a day that is none may be any; without both it has no time yet."""
    first, last = row["start"], row["end"]
    return bool(first or last) and (not is_date(first) or first <= end) and (not is_date(last) or last >= start)


def _together(view: View, ready: Outline, other: Outline, today: date, numbers: Mapping[int, str], common: int) -> Overlap:
    name = other.task.name
    apart = ready.visits + other.visits
    try:
        joint = outline(view, [*(task.name for task in ready.tasks), name], today, numbers)
    except Refusal as why:
        return Overlap(name, common, 0, 0, apart, str(why))
    return Overlap(name, common, joint.checks, joint.expected, apart, "", bounds=joint.bounds())


def open_visits(view: View, rows: Sequence[Row], window: tuple[str, str], without: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    """Subject → its visits not yet begun in other drawn tasks whose windows overlap, in the order of the sheet."""
    every = [row for row in records(view["tasks"]) if row["number"]]
    leads = {row["number"]: row["joint"] or row["number"] for row in every}
    spans: dict[str, tuple[str, str]] = {}
    for row in every:  # tasks drawn together are open from the first day of any to the last
        start, end = spans.get(leads[row["number"]], (row["start"], row["end"]))
        spans[leads[row["number"]]] = min(start, row["start"]), max(end, row["end"])
    near = {number for number, (start, end) in spans.items() if number not in without and start <= window[1] and end >= window[0]}
    states = {number: log.state(rows, number) for number in near}
    standing = {(number, str(state.attempt)) for number, state in states.items() if state.event == codelists.DRAWN}
    begun = {(leads.get(row["task"], row["task"]), row["subject"]) for row in records(view["results"]) if row["date"] and row["withheld"] != VOID_MARK}
    found: dict[str, list[dict[str, str]]] = {}
    for visit in records(view["visits"]):
        key = (visit["task"], visit["subject"])
        if visit["left"] or (visit["task"], visit["attempt"]) not in standing or key in begun:
            continue
        found.setdefault(visit["subject"], []).append({**visit, "end": spans[visit["task"]][1]})
    return found
