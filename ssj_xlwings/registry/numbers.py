"""Numbers of tasks and plans: staff never type them, and a number once used is not used again (rules §2.5)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from ssj_xlwings.vocabulary import codelists, settings
from ssj_xlwings.vocabulary.lookup import records
from ssj_xlwings.vocabulary.quick import is_quick
from ssj_xlwings.vocabulary.values import is_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ssj_xlwings.types import Frame, Row, View

DIVISION = re.compile("[0-9]{6}")
YEAR = re.compile("[0-9]{4}")


def task_numbers(view: View) -> dict[int, str]:
    """Sheet row → number, for the named tasks that have none: the one that the log knows the task by, else
    division, start day, serial of four digits.

    Needs settings, tasks and log. A task whose start is no date waits; so do all while the division of
    the bureau is not six digits.
    """
    division, tasks = _division(view), view["tasks"]
    known = logged(records(view["log"]))
    back = {int(row): known[name] for row, name, number in zip(tasks.index, tasks["name"], tasks["number"], strict=True) if not number and name in known}
    prefixes = [division + day.replace("-", "") if is_date(day) else "" for day in tasks["start"]]
    return {**_numbers(tasks, prefixes if division else [], view["log"]["task"].tolist()), **back}


def logged(rows: Iterable[Row]) -> dict[str, str]:
    """Task name → the number it was last frozen under, from the rows of the log; a quick draw is no task before it was made one."""
    named = ((row, codelists.ADOPTED if is_quick(row["task"]) else codelists.FROZEN) for row in rows)
    return {json.loads(row["data"]).get("name", ""): row["task"] for row, event in named if row["event"] == event}


def plan_numbers(view: View) -> dict[int, str]:
    """Sheet row → number, for the named plans that have none: division, year of the book, serial. Needs settings and plans."""
    division, year = _division(view), settings.read(view["settings"])["year"]
    return _numbers(view["plans"], [division + year] * len(view["plans"]) if division and YEAR.fullmatch(year) else [], [])


def _division(view: View) -> str:
    division = settings.read(view["settings"])["division"]
    return division if DIVISION.fullmatch(division) else ""


def _numbers(frame: Frame, prefixes: list[str], used: Iterable[str]) -> dict[int, str]:
    """One above the highest serial ever used with the same prefix."""
    taken = {*used, *frame["number"]}
    found = {}
    for row, name, number, prefix in zip(frame.index, frame["name"], frame["number"], prefixes, strict=False):
        if not name or number or not prefix:
            continue
        serial = 1 + max((int(old[len(prefix):]) for old in taken if re.fullmatch(prefix + "[0-9]{4}", old)), default=0)
        found[int(row)] = f"{prefix}{serial:04d}"
        taken.add(found[int(row)])
    return found
