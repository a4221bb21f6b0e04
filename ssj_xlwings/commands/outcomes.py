"""What a draw writes into the sheets; the same from a fresh draw and from its record."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.types import Append, Change, Patch, Rewrite, Row, View
from ssj_xlwings.vocabulary.lookup import records, subject_ids
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
    """Rows of 抽取结果与派发, and of 检查结果 ready to be filled in."""
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
    return [Append("visits", rows), *_results(view, task, attempt, drawn, rows)]


def _results(view: View, task: str, attempt: int, drawn: Sequence[Drawn], rows: Sequence[Row]) -> list[Change]:
    """A row for each visit and item. Those that an import or a restore already gave this attempt stay as they are."""
    results = view["results"]
    there = set(zip(results["task"], results["attempt"], results["subject"], results["item"], strict=True))
    added = [
        {"task": task, "subject": visit.id, "name": row["name"], "item": item, "attempt": str(attempt),
         "inspectors": "、".join(filter(None, (row["leader"], row["members"])))}
        for visit, row in zip(drawn, rows, strict=True) for item in visit.items if (task, str(attempt), visit.id, item) not in there
    ]
    return [Append("results", added)]


def voided(view: View, task: str) -> list[Change]:
    """Result rows of a voided attempt are marked, so that nobody waits for them and none is published; what was
    found stays. Its rows in 公示名册 are taken down.
    """
    results, roster = view["results"], view["roster"]
    rows = results.index[(results["task"] == task) & (results["withheld"] == "")]
    cells = {(int(row), "withheld"): say.VOID_MARK for row in rows}
    kept = [{**row, "no": str(number)} for number, row in enumerate(records(roster[roster["task_number"] != task]), 1)]
    down = [Rewrite("roster", kept)] if len(kept) < len(roster) else []
    return [*([Patch("results", cells)] if cells else []), *down]
