"""Who goes: of the rows of 抽取结果与派发 for one subject, which one stands for a visit that several tasks share, and whose
names belong on the results that wait for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.types import Append, Change, Patch
from ssj_xlwings.vocabulary.lookup import records
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.values import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ssj_xlwings.types import Row, View


def over(line: Row, lines: Sequence[Row]) -> list[Row]:
    """The rows that a visit went into, one after the other; the last one stands. `lines`: all rows of its subject."""
    found: list[Row] = []
    newest = sorted(lines, key=lambda one: (-int(one["attempt"]), int(one["no"])))
    while line["left"]:
        into = next((one for one in newest if line["left"] == say.TAKEN_OVER.format(task=one["task"]) and one not in found), None)
        if into is None:
            break
        found.append(line := into)
    return found


def renamed(view: View, changes: Sequence[Change]) -> list[Change]:
    """After these changes to the visits: the inspectors of results not yet filled in, where others will go than would have
    before. What was filled in names who was there, and stays.
    """
    visits, results = view["visits"], view["results"]
    cells: dict[int, dict[str, str]] = {}
    came: list[Row] = []
    marked = set[int]()
    for change in changes:
        if isinstance(change, Patch) and change.table == "visits":
            for (row, name), value in change.cells.items():
                cells.setdefault(row, {})[name] = value
        elif isinstance(change, Append) and change.table == "visits":
            came += change.rows
        elif isinstance(change, Patch) and change.table == "results":
            marked |= {row for row, name in change.cells if name == "withheld"}
    touched = {*(str(visits.at[row, "subject"]) for row in cells), *(row["subject"] for row in came)}
    was: dict[str, list[Row]] = {subject: [] for subject in touched}
    now: dict[str, list[Row]] = {subject: [] for subject in touched}
    there = visits[visits["subject"].isin(touched)]
    for row, line in zip(there.index, records(there), strict=True):
        was[line["subject"]].append(line)
        now[line["subject"]].append({**line, **cells.get(int(row), {})})
    for new in came:
        now[new["subject"]].append({"left": "", **new})
    leads = {row["number"]: row["joint"] or row["number"] for row in records(view["tasks"])}
    waiting = results[results["subject"].isin(touched) & (results["date"] == "") & (results["withheld"] == "") & ~results.index.isin(marked)]
    names = {}
    for row, line in zip(waiting.index, records(waiting), strict=True):
        lead = leads.get(line["task"], line["task"])
        then = _names(line, lead, now[line["subject"]])
        if then and then != _names(line, lead, was[line["subject"]]):
            names[int(row), "inspectors"] = then
    return [Patch("results", names)] if names else []


def names_of(line: Row) -> str:
    """The leader and the others of a row of 抽取结果与派发, as a result names them."""
    return "、".join(filter(None, (line["leader"], line["members"])))


def _names(result: Row, lead: str, lines: Sequence[Row]) -> str:
    """Who goes for a result, "" where no visit is for it. A subject may have two visits in a draw: the later one took the item over."""
    mine = [line for line in lines if (line["task"], line["attempt"]) == (lead, result["attempt"]) and result["item"] in words(line["items"])]
    if not mine:
        return ""
    line = max(mine, key=lambda one: int(one["no"]))
    return names_of([line, *over(line, lines)][-1])
