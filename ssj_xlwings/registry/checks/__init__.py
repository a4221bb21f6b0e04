"""All checks of a book. A check is a plain function from a view to findings; they stand in two tuples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING

from ssj_xlwings.registry.checks import contents, locked, people, references, results, rows, tasks
from ssj_xlwings.types import Finding, View
from ssj_xlwings.vocabulary import codelists

if TYPE_CHECKING:
    from datetime import date

Check = Callable[[View], list[Finding]]

CHECKS: tuple[Check, ...] = (
    contents.blanks, contents.wrong_cells, contents.codes, contents.settings_cells,
    rows.duplicates, rows.blank_rows, rows.dates_in_order, rows.subjects_without_unit,
    references.references, references.listed_above,
    people.off_duty, people.too_few,
    locked.changed_since_frozen, locked.ad_hoc_without_source,
    tasks.retired_items, tasks.outside_plan, tasks.falling_rates, tasks.above_ceiling, tasks.key_at_zero, tasks.scopes,
    results.outside_task, results.no_visit, results.problem_without_text, results.same_person,
)
DATED_CHECKS: tuple[Callable[[View, str], list[Finding]], ...] = (people.expired, results.still_to_come)
"""Checks that also need the day (YYYY-MM-DD)."""

EVERY_TASK = ("inspectors", "units", "recusals", "settings")
"""An error here touches each task: anyone may be drawn to inspect."""


def findings(view: View, today: date) -> list[Finding]:
    """Everything that is not right in the tables of the view, what the book could not read included.

    Only what would make a draw wrong blocks; rows that cannot enter a draw never do. Of a cell that the book could
    not read nothing more is said: what stands there is not what was typed.
    """
    unread = {finding.at for finding in view.findings}
    made = [finding for check in CHECKS for finding in check(view)]
    made += [finding for dated in DATED_CHECKS for finding in dated(view, today.isoformat())]
    found = [*view.findings, *(finding for finding in made if finding.at not in unread)]
    idle = {"subjects": _idle_subjects(view), "inspectors": people.idle(view)}
    return [
        replace(finding, blocks=False) if finding.blocks and finding.at.row in idle.get(finding.at.table, ()) else finding
        for finding in found
    ]


def blocking(
    findings: Sequence[Finding], task_row: int, subject_rows: AbstractSet[int], item_rows: AbstractSet[int], scope_rows: AbstractSet[int],
    rate_rows: AbstractSet[int] = frozenset(),
) -> list[Finding]:
    """The findings that stop one task: in its own row, the subjects of its scope, its items, its scope rows and
    item rates (all sheet row numbers), and in any inspector, unit, recusal or setting. A finding about a
    whole table concerns every task.
    """
    touched = {"tasks": {task_row}, "subjects": subject_rows, "items": item_rows, "scopes": scope_rows, "item_rates": rate_rows}
    return [
        finding for finding in findings
        if finding.blocks and (finding.at.table in EVERY_TASK or finding.at.row == 0 or finding.at.row in touched.get(finding.at.table, ()))
    ]


def _idle_subjects(view: View) -> set[int]:
    """Sheet rows of subjects that no draw takes: 失效, not 存续, or on the white list."""
    if "subjects" not in view.tables:
        return set()
    frame = view["subjects"]
    out = tuple(word for word in codelists.STATUS if word not in codelists.IN_SCOPE_STATUS)
    idle = (frame["state"] == codelists.VALID[1]) | frame["status"].isin(out) | (frame["whitelist"] == codelists.YES_NO[0])
    return {int(row) for row in frame.index[idle]}


__all__ = ["CHECKS", "DATED_CHECKS", "blocking", "findings"]
