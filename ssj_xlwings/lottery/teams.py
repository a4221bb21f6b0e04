"""Who inspects whom, the rule `ssj-team/1` (protocol, step 13).

Eligible for a visit is an inspector whose certificate is valid on the last day of the window, who may inspect
every item of the visit, is not recused for the subject, belongs to the subject's unit or to the city bureau, and
is available. Visits are taken in calling order; each takes the `size` eligible inspectors with the fewest visits in
this draw so far, ties by the lot D("lot", key("team"), inspector id, subject id), the lower first. The first taken
leads. So the same seed and the same frozen staff give the same teams, and nobody can choose.

An inspector is a dict of frozen facts: id, unit, city (belongs to the city bureau), items (codes, sorted), until
(last day of the certificate), recused (subject ids, sorted), available.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ssj_xlwings.lottery.digest import ascending, digest
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import lottery as say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ssj_xlwings.lottery.pool import PoolRow

RULE = "ssj-team/1"
Inspector = dict[str, Any]
Kind = tuple[str, tuple[str, ...]]
"""What decides who may come, recusals apart: unit of the subject, items of the visit."""


class Shortage(NamedTuple):
    """Subjects of a unit with a set of items for which fewer inspectors may come than are needed; one of them as an example."""

    unit: str
    items: tuple[str, ...]
    have: int
    need: int
    example: str


def check_staff(staff: Sequence[Inspector]) -> None:
    """Refusal unless the inspectors are sorted by id bytes, each once, with items and recusals sorted likewise."""
    before = ""
    for person in staff:
        if person["id"] <= before:
            raise Refusal(say.STAFF_NOT_SORTED, id=person["id"])
        before = person["id"]
        for key in ("items", "recused"):
            if not ascending(person[key]):
                raise Refusal(say.BAD_STAFF, id=person["id"], key=key, seen="、".join(person[key]))


class Bench:
    """The staff, asked who may come to a visit; answers by unit and items are kept."""

    def __init__(self, staff: Iterable[Inspector], window_end: str) -> None:
        self.able = [person for person in staff if person["available"] and person["until"] >= window_end]
        self.items = {person["id"]: frozenset(person["items"]) for person in self.able}
        self.recused: dict[str, set[str]] = {}
        for person in self.able:
            for subject in person["recused"]:
                self.recused.setdefault(subject, set()).add(person["id"])
        self.known: dict[Kind, list[str]] = {}

    def eligible(self, unit: str, items: tuple[str, ...], subject: str) -> list[str]:
        """The ids of those who may come, by id bytes."""
        kind = (unit, items)
        if kind not in self.known:
            here = (person for person in self.able if person["city"] or person["unit"] == unit)
            self.known[kind] = [person["id"] for person in here if self.items[person["id"]].issuperset(items)]
        out = self.recused.get(subject)
        return [id_ for id_ in self.known[kind] if id_ not in out] if out else self.known[kind]


def assign(
    visits: Iterable[tuple[str, tuple[str, ...]]], staff: Iterable[Inspector], jurisdiction: Mapping[str, str],
    window_end: str, size: int, key: str,
) -> list[list[str]]:
    """A team of `size` inspector ids, leader first, for each visit (subject id, items) in calling order.

    `key` is key("team"). Refusal if a visit finds too few, which `shortages` rules out before a freeze.
    """
    bench = Bench(staff, window_end)
    load = dict.fromkeys(bench.items, 0)
    teams = []
    for no, (subject, items) in enumerate(visits, 1):
        people = bench.eligible(jurisdiction[subject], items, subject)
        if len(people) < size:
            raise Refusal(say.TEAM_SHORT, no=no, id=subject, have=len(people), need=size)
        team = chosen(people, load, subject, size, key)
        for id_ in team:
            load[id_] += 1
        teams.append(team)
    return teams


def chosen(people: Sequence[str], load: Mapping[str, int], subject: str, size: int, key: str) -> list[str]:
    """The `size` of the eligible people with the fewest visits so far, ties by lot; the first leads."""
    busiest = sorted(load[id_] for id_ in people)[size - 1]
    # Nobody above the size-th lowest load can be taken, so only the others need a lot.
    lots = [(load[id_], digest("lot", key, id_, subject), id_) for id_ in people if load[id_] <= busiest]
    return [id_ for _, _, id_ in sorted(lots)[:size]]


def shortages(
    rows: Iterable[PoolRow], staff: Sequence[Inspector], jurisdiction: Mapping[str, str], window_end: str, size: int
) -> list[Shortage]:
    """Whoever of the pool could not get a team, by unit and items. If none, no draw from this pool can lack people:
    a visit's items are among the subject's, and who may do all may do some.
    """
    bench = Bench(staff, window_end)
    examples: dict[Kind, str] = {}
    short: dict[Kind, Shortage] = {}
    for row in rows:
        kind = (jurisdiction[row.id], row.items)
        if kind in examples and row.id not in bench.recused:
            continue
        if row.id not in bench.recused:
            examples[kind] = row.id
        have = len(bench.eligible(*kind, row.id))
        if have < size and kind not in short:
            short[kind] = Shortage(*kind, have, size, row.id)
    return [short[kind] for kind in sorted(short)]
