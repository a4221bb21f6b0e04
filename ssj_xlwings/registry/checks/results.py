"""Checks of recorded results. None of them blocks: a draw is not made from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.registry import cells
from ssj_xlwings.types import At, Finding
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.lookup import task_lookup
from ssj_xlwings.vocabulary.sentences import registry as say
from ssj_xlwings.vocabulary.tables import RESULTS, UPPER
from ssj_xlwings.vocabulary.text import folded
from ssj_xlwings.vocabulary.values import is_date
from ssj_xlwings.vocabulary.visited import of_a_visit

if TYPE_CHECKING:
    from ssj_xlwings.types import Sentence, View


def outside_task(view: View) -> list[Finding]:
    """Checks dated outside the window of their task."""
    if "results" not in view.tables or "tasks" not in view.tables:
        return []
    tasks, results = view["tasks"], view["results"]
    lookup = task_lookup(tasks)
    windows = {name: (start, end) for name, start, end in zip(tasks["name"], tasks["start"], tasks["end"], strict=True)}
    found = []
    for row, task, day in zip(results.index, results["task"], results["date"], strict=True):
        start, end = windows.get(lookup.one(task), ("", ""))
        if is_date(day) and is_date(start) and is_date(end) and not start <= day <= end:
            found.append(_reminder(int(row), "date", say.OUTSIDE_TASK, seen=day, allowed=f"{start} ~ {end}"))
    return found


def no_visit(view: View) -> list[Finding]:
    """Dated rows whose firm was not drawn for that task: they keep nobody out of a draw, and only a list from above may."""
    if not all(name in view.tables for name in ("results", "visits", "log")):
        return []
    frame = view["results"]
    return [
        _reminder(int(row), "subject", say.NO_VISIT, seen=subject, task=task or say.NO_TASK)
        for row, subject, task, day, there in zip(frame.index, frame["subject"], frame["task"], frame["date"], of_a_visit(view), strict=True)
        if day and not there
    ]


def still_to_come(view: View, today: str) -> list[Finding]:
    """Checks, ours or on lists from above, and draws above, with a day that is still to come: they keep nobody out of a draw."""
    return [
        Finding(At(table.name, int(row), name), fault.sentence, fault.values, blocks=False)
        for table, names in ((RESULTS, ("date",)), (UPPER, ("drawn", "checked"))) if table.name in view.tables
        for name in names for row, day in zip(view[table.name].index, view[table.name][name], strict=True) if is_date(day) and day > today
        for fault in [cells.fault(table.column(name), say.STILL_TO_COME, seen=day)]
    ]


def problem_without_text(view: View) -> list[Finding]:
    """Results that found something, without a word about it."""
    if "results" not in view.tables:
        return []
    frame = view["results"]
    return [
        _reminder(int(row), "problem", say.NO_PROBLEM_TEXT, seen=result)
        for row, result, text in zip(frame.index, frame["result"], frame["problem"], strict=True)
        if result in codelists.RESULTS and result not in codelists.CLEAN_RESULTS and not text
    ]


def same_person(view: View) -> list[Finding]:
    """Reviews by the person who recorded."""
    if "results" not in view.tables:
        return []
    frame = view["results"]
    return [
        _reminder(int(row), "reviewer", say.SAME_PERSON, seen=reviewer)
        for row, reviewer, recorder in zip(frame.index, frame["reviewer"], frame["recorder"], strict=True)
        if reviewer and folded(reviewer) == folded(recorder)
    ]


def _reminder(row: int, column: str, sentence: Sentence, **values: str) -> Finding:
    fault = cells.fault(RESULTS.column(column), sentence, **values)
    return Finding(At("results", row, column), fault.sentence, fault.values, blocks=False)
