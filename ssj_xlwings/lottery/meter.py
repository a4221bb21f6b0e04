"""The year so far: who was drawn, by whom, and who was checked how often (plan of 2021, 一(三); requirements 6, 12–14)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ssj_xlwings.lottery.log import tasks_of
from ssj_xlwings.vocabulary import clock, codelists
from ssj_xlwings.vocabulary.lookup import Lookup, plan_lookup, records, subject_ids
from ssj_xlwings.vocabulary.quick import is_quick
from ssj_xlwings.vocabulary.tables import SUBJECTS
from ssj_xlwings.vocabulary.values import is_date
from ssj_xlwings.vocabulary.visited import of_a_visit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ssj_xlwings.types import Frame, Row, View


@dataclass(frozen=True, slots=True)
class Meter:
    """`drawn`: level → subjects drawn this year, one entry a task, so a subject of two tasks stands twice, be it in one visit."""

    drawn: Mapping[str, Sequence[str]]
    rule: str

    def count(self, level: str = "") -> int:
        """Drawn by a level, or by all of them: different subjects, or subjects and tasks, as the rule says."""
        found = [id_ for one, ids in self.drawn.items() if level in ("", one) for id_ in ids]
        return len(found) if self.rule == codelists.COUNTING[1] else len(set(found))

    def count_with(self, expected: float, fresh: float) -> float:
        """The whole count after a draw: `expected` subjects of its tasks, each task by itself; `fresh` subjects not yet drawn this year."""
        return self.count() + (expected if self.rule == codelists.COUNTING[1] else fresh)


def meter(view: View, log: Iterable[Row], year: str, rule: str, own: str) -> Meter:
    """All standing draws of the year in this book, and the lists that came from above. `own`: level of this bureau,
    for tasks without a plan. Needs visits, results, tasks, plans, upper, subjects.

    A visit of tasks drawn together counts for each that has an item in it, as its rows of 检查结果 say; for the leading
    one where it has none.
    """
    rows = list(log)
    standing, together = drawn_in(rows, year), {(row["task"], row["attempt"]): tasks_of(row) for row in rows if row["event"] == codelists.FROZEN}
    levels = _levels(view, own)
    found: dict[str, list[str]] = {level: [] for level in codelists.LAUNCHED_BY}
    visits, results = view["visits"], view["results"]
    wanted = set(zip(results["task"], results["attempt"], results["subject"], strict=True))
    for lead, attempt, subject, left in zip(visits["task"], visits["attempt"], visits["subject"], visits["left"], strict=True):
        if (lead, attempt) in standing and left != codelists.REPLACED:
            for task in [task for task in together.get((lead, attempt), ()) if (task, attempt, subject) in wanted] or [lead]:
                found[levels.get(task, own)].append(subject)
    for row in upper(view):
        if row["drawn"].startswith(year) and row["launched_by"] in found:
            found[row["launched_by"]].append(row["subject"])
    return Meter(found, rule)


def drawn_in(log: Iterable[Row], year: str = "") -> set[tuple[str, str]]:
    """(task, attempt) of the draws that stand; those of one year where one is given. A quick draw counts from the day it was made a task."""
    found: dict[tuple[str, str], bool] = {}
    for row in log:
        key = (row["task"], row["attempt"])
        if row["event"] == (codelists.ADOPTED if is_quick(row["task"]) else codelists.DRAWN) and f"{clock.day(row['time']):%Y}".startswith(year):
            found[key] = True
        elif row["event"] == codelists.VOIDED:
            found.pop(key, None)
    return set(found)


def _levels(view: View, own: str) -> dict[str, str]:
    """Task number → who launched it: as its plan says, this bureau where it has none."""
    plans = plan_lookup(view["plans"])
    of_plan = {row["name"]: row["launched_by"] or own for row in records(view["plans"])}
    return {row["number"]: of_plan.get(plans.one(row["plan"]), own) for row in records(view["tasks"]) if row["number"]}


def upper(view: View) -> list[dict[str, str]]:
    """The rows of 上级抽取名单 whose subject this book knows, by the id it has here."""
    subjects = view["subjects"]
    if not len(view["upper"]):
        return []
    known = Lookup(subject_ids(subjects), subjects["name"])
    return [{**row, "subject": known.one(row["subject"])} for row in records(view["upper"]) if known.one(row["subject"])]


def strangers(view: View, year: str) -> list[str]:
    """Subjects drawn above in the year that the registry does not know: they count nowhere, and are said."""
    known = Lookup(subject_ids(view["subjects"]), view["subjects"]["name"]) if len(view["upper"]) else Lookup([])
    return [row["subject"] for row in records(view["upper"]) if row["drawn"].startswith(year) and not known.one(row["subject"])]


def open_above(view: View, window: tuple[str, str]) -> dict[str, list[dict[str, str]]]:
    """Subject → its rows of 上级抽取名单 not yet checked whose days overlap the window; no day is no limit."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in upper(view):
        if not row["checked"] and (row["start"] or window[1]) <= window[1] and (row["end"] or window[0]) >= window[0]:
            found.setdefault(row["subject"], []).append(row)
    return found


def checked_days(view: View, last: str = "") -> dict[str, set[str]]:
    """On which days, none after `last` if it is given, each subject was checked, by us or by those above; several items on one day
    are one visit. A row of 检查结果 counts only if its visit was drawn.
    """
    days: dict[str, set[str]] = {}
    results = view["results"]
    ours = ((subject, day) for subject, day, there in zip(results["subject"], results["date"], of_a_visit(view), strict=True) if there)
    for subject, day in (*ours, *((row["subject"], row["checked"]) for row in upper(view))):
        if is_date(day) and day <= (last or day):
            days.setdefault(subject, set()).add(day)
    return days


def base(subjects: Frame) -> list[str]:
    """The ids of the registry's subjects in force: 有效 and 存续."""
    status = subjects["status"].where(subjects["status"] != "", SUBJECTS.column("status").default)
    kept = (subjects["state"] != codelists.VALID[1]) & status.isin(codelists.IN_SCOPE_STATUS)
    return subject_ids(subjects[kept])


def often(days: Mapping[str, set[str]], ids: Sequence[str], year: str) -> tuple[int, Counter[int]]:
    """(never checked, times checked in the year → how many subjects), among the ids."""
    times = Counter(sum(day.startswith(year) for day in days.get(id_, ())) for id_ in ids)
    return sum(id_ not in days for id_ in ids), times
