"""What a draw writes into the sheets; the same from a fresh draw and from its record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.commands.crews import names_of, renamed
from ssj_xlwings.lottery.digest import canonical
from ssj_xlwings.types import Append, Change, Patch, Row, View
from ssj_xlwings.vocabulary.lookup import bare_item, subject_ids
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.values import batch_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Drawn(NamedTuple):
    """One visit as the sheets need it: number in calling order, subject id, item codes, certificates (leader first)."""

    no: int
    id: str
    items: Sequence[str]
    team: Sequence[str]


class Merged(NamedTuple):
    """A subject whose visit of another draw (`task`, `attempt`) is taken over: all items of both, and who does them."""

    id: str
    task: str
    attempt: str
    items: Sequence[str]
    team: Sequence[str]


class Above(NamedTuple):
    """A subject drawn above as well: for what, in words; the codes of these items that our visit takes over; the visit's
    items and team with them.
    """

    id: str
    words: str
    taken: Sequence[str]
    items: Sequence[str]
    team: Sequence[str]


class Draw(NamedTuple):
    """Which draw: number of the leading task, attempt, the data of its freeze row, and what was merged."""

    task: str
    attempt: int
    opened: Mapping[str, str]
    merged: Sequence[Merged] = ()
    above: Sequence[Above] = ()

    def owner(self, item: str) -> str:
        """The task that an item of the draw belongs to."""
        owners: dict[str, str] = json.loads(self.opened.get("owners", "{}"))
        return owners.get(item, self.task)


def merged_data(merged: Sequence[Merged]) -> dict[str, str]:
    """What was merged, for the draw row of the log; `read_merged` reads it."""
    return {"merged": canonical([[one.id, one.task, one.attempt, list(one.items), list(one.team)] for one in merged])} if merged else {}


def read_merged(data: Mapping[str, str]) -> list[Merged]:
    """What a draw row says was merged."""
    return [Merged(*one) for one in json.loads(data.get("merged", "[]"))]


def above_data(above: Sequence[Above]) -> dict[str, str]:
    """Who was drawn above as well, for the draw row of the log; `read_above` reads it."""
    return {"above": canonical([[one.id, one.words, list(one.taken), list(one.items), list(one.team)] for one in above])} if above else {}


def read_above(data: Mapping[str, str]) -> list[Above]:
    """Who was drawn above as well, as a draw row says."""
    return [Above(*one) for one in json.loads(data.get("above", "[]"))]


def above_known(rows: Iterable[Row], task: str, attempt: str) -> list[Above]:
    """Who was drawn above as well, as the rows of the log say for a draw and its replacements."""
    return [one for row in rows if (row["task"], row["attempt"]) == (task, attempt) for one in read_above(json.loads(row["data"] or "{}"))]


def unite(merged: Iterable[Merged], above: Iterable[Above]) -> dict[str, tuple[Sequence[str], Sequence[str]]]:
    """Subject → items and team of the visit that became one; who was drawn above as well comes last, since those hold all."""
    return {one.id: (one.items, one.team) for one in merged} | {one.id: (one.items, one.team) for one in above}


def changes(view: View, draw: Draw, visits: Iterable[Drawn], strata: Mapping[str, str]) -> list[Change]:
    """Rows of 抽取结果与派发, and of 检查结果 ready to be filled in."""
    drawn = list(visits)
    united = unite(draw.merged, draw.above)
    rows: list[Row] = []
    firms, people = firms_of(view, {visit.id for visit in drawn}), people_of(view)
    batches = int(draw.opened.get("batches", "1"))
    for visit in drawn:
        items, team = united.get(visit.id) or (sorted(set(map(bare_item, visit.items)), key=str.encode), visit.team)
        row = visit_row(draw, visit._replace(items=items, team=team), firms, people)
        rows.append({**row, "class": strata.get(visit.id, ""), "batch": str(batch_of(visit.no, len(drawn), batches)) if batches > 1 else ""})
    made: list[Change] = [Append("visits", rows), *_taken_over(view, draw), *result_changes(view, draw, drawn, rows)]
    return [*made, *renamed(view, made)]


def firms_of(view: View, ids: set[str]) -> dict[str, dict[str, str]]:
    """Subject id → its name, address and unit as the registry has them."""
    subjects, names = view["subjects"], ("name", "address", "unit")
    rows = zip(subject_ids(subjects), *(subjects[name].tolist() for name in names), strict=True)
    return {id_: dict(zip(names, cells, strict=True)) for id_, *cells in rows if id_ in ids}


def people_of(view: View) -> dict[str, str]:
    """Certificate → name."""
    return dict(zip(view["inspectors"]["id"], view["inspectors"]["name"], strict=True))


def visit_row(draw: Draw, visit: Drawn, firms: Mapping[str, Mapping[str, str]], people: Mapping[str, str]) -> dict[str, str]:
    """A row of 抽取结果与派发."""
    names = [people.get(id_, id_) for id_ in visit.team]
    return {
        "task": draw.task, "no": str(visit.no), "subject": visit.id, **firms.get(visit.id, {"name": "", "address": "", "unit": ""}),
        "items": "、".join(visit.items), "leader": names[0] if names else "", "members": "、".join(names[1:]), "attempt": str(draw.attempt),
        "team": "、".join(visit.team),
    }


def _taken_over(view: View, draw: Draw) -> list[Change]:
    """The visits of other tasks that ours take over: marked, so that nobody goes twice."""
    taken = {(one.task, one.attempt, one.id) for one in draw.merged}
    visits = view["visits"]
    keys = zip(visits["task"], visits["attempt"], visits["subject"], strict=True)
    cells = {(int(row), "left"): say.TAKEN_OVER.format(task=draw.task) for row, key in zip(visits.index, keys, strict=True) if key in taken}
    return [Patch("visits", cells)] if cells else []


def result_changes(view: View, draw: Draw, drawn: Sequence[Drawn], rows: Sequence[Row]) -> list[Change]:
    """A row of 检查结果 for each item of each visit, under the task that the item belongs to. Those there already stay."""
    results = view["results"]
    attempt = str(draw.attempt)
    there = set(zip(results["task"], results["attempt"], results["subject"], results["item"], strict=True))
    added: list[Row] = []
    for visit, row in zip(drawn, rows, strict=True):
        people = names_of(row)
        for item in visit.items:
            task, code = draw.owner(item), bare_item(item)
            if (task, attempt, visit.id, code) not in there:
                added.append({"task": task, "subject": visit.id, "name": row["name"], "item": code, "attempt": attempt, "inspectors": people})
    return [Append("results", added)]
