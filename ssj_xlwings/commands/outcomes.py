"""What a draw writes into the sheets; the same from a fresh draw and from its record."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.types import Append, Change, Patch, Row, View
from ssj_xlwings.vocabulary.lookup import subject_ids
from ssj_xlwings.vocabulary.sentences import draw as say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Drawn(NamedTuple):
    """One visit as the sheets need it: number in calling order, subject id, item codes, certificates (leader first)."""

    no: int
    id: str
    items: Sequence[str]
    team: Sequence[str]


def changes(view: View, task: str, attempt: int, visits: Iterable[Drawn], strata: Mapping[str, str]) -> list[Change]:
    """Rows of 抽取结果与派发, and of 检查结果 ready to be filled in. Rows left by a voided attempt are used again."""
    drawn = list(visits)
    wanted = {visit.id for visit in drawn}
    subjects = view["subjects"]
    place = {id_: row for id_, row in zip(subject_ids(subjects), subjects.index, strict=True) if id_ in wanted}
    people = dict(zip(view["inspectors"]["id"], view["inspectors"]["name"], strict=True))
    rows: list[Row] = []
    for visit in drawn:
        firm = {name: str(subjects.at[place[visit.id], name]) if visit.id in place else "" for name in ("name", "address", "unit")}
        names = [people.get(id_, id_) for id_ in visit.team]
        rows.append({
            "task": task, "no": str(visit.no), "subject": visit.id, **firm, "items": "、".join(visit.items), "leader": names[0] if names else "",
            "members": "、".join(names[1:]), "attempt": str(attempt), "class": strata.get(visit.id, ""), "team": "、".join(visit.team),
        })
    return [Append("visits", rows), *_results(view, task, drawn, rows)]


def _results(view: View, task: str, drawn: Sequence[Drawn], rows: Sequence[Row]) -> list[Change]:
    results = view["results"]
    keys = zip(results["task"], results["subject"], results["item"], strict=True)
    there = {key: int(row) for key, row in zip(keys, results.index, strict=True) if key[0] == task}
    added: list[Row] = []
    again: dict[tuple[int, str], str] = {}
    for visit, row in zip(drawn, rows, strict=True):
        people = "、".join(filter(None, (row["leader"], row["members"])))
        for item in visit.items:
            found = there.get((task, visit.id, item))
            if found is None:
                added.append({"task": task, "subject": visit.id, "name": row["name"], "item": item, "inspectors": people})
            else:
                again[found, "inspectors"] = people
                if results.at[found, "withheld"] == say.VOID_MARK:
                    again[found, "withheld"] = ""
    return [Append("results", added), *([Patch("results", again)] if again else [])]


def voided(view: View, task: str) -> list[Change]:
    """Result rows of a voided attempt that nobody has filled in are marked, so nobody waits for them."""
    results = view["results"]
    open_rows = results.index[(results["task"] == task) & (results["date"] == "") & (results["withheld"] == "")]
    cells = {(int(row), "withheld"): say.VOID_MARK for row in open_rows}
    return [Patch("results", cells)] if cells else []
