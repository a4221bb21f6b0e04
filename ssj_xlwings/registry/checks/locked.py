"""Checks of tasks that are frozen or drawn: window, items and scope stand fast from the freeze on; and ad hoc tasks name their source."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ssj_xlwings.registry import cells
from ssj_xlwings.types import At, Finding
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.lookup import item_lookup, records, task_lookup
from ssj_xlwings.vocabulary.sentences import registry as say
from ssj_xlwings.vocabulary.tables import SCOPES, TASKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ssj_xlwings.types import View

Locked = tuple[str, str, list[str], list[list[str]]]
"""First and last day, items and conditions of a task at its freeze."""


def ad_hoc_without_source(view: View) -> list[Finding]:
    """Tasks that belong to no plan and do not say where they come from (requirements, line 32)."""
    if "tasks" not in view.tables:
        return []
    column = TASKS.column("source")
    return [
        Finding(At("tasks", int(row), column.name), fault.sentence, fault.values)
        for row, task in zip(view["tasks"].index, records(view["tasks"]), strict=True) if task["name"] and not (task["plan"] or task["source"])
        for fault in [cells.fault(column, say.NO_SOURCE, seen="")]
    ]


def changed_since_frozen(view: View) -> list[Finding]:
    """Tasks whose window, items or scope are not those of their standing freeze. A reminder: the draw itself compares
    everything, and what was drawn stands.
    """
    if not all(name in view.tables for name in ("tasks", "scopes", "items", "log")):
        return []
    frozen: dict[str, Locked] = {}
    for locked in _standing(view):
        frozen |= locked
    names, items, scopes = task_lookup(view["tasks"]), item_lookup(view["items"]), records(view["scopes"])
    found = []
    for row, task in zip(view["tasks"].index, records(view["tasks"]), strict=True):
        if task["number"] not in frozen:
            continue
        start, end, codes, conditions = frozen[task["number"]]
        now = sorted({(one["column"], one["condition"], one["value"]) for one in scopes if names.one(one["task"]) == task["name"]})
        for name, seen, was in (
            ("start", task["start"], start), ("end", task["end"], end), ("items", "、".join(sorted(items.several(task["items"]).keys)), "、".join(codes)),
        ):
            if seen != was:
                found.append(_finding(int(row), name, TASKS.column(name).header, seen, was))
        if [list(one) for one in now] != conditions:
            found.append(_finding(int(row), "name", SCOPES.sheet, *("；".join(" ".join(one) for one in rows) for rows in (now, conditions))))
    return found


def _standing(view: View) -> Iterator[dict[str, Locked]]:
    """What each standing freeze locked, by task number, oldest first."""
    rows = sorted(records(view["log"]), key=lambda row: int(row["seq"]) if row["seq"].isdecimal() else 0)
    voided = {(row["task"], row["attempt"]) for row in rows if row["event"] == codelists.VOIDED}
    for row in rows:
        if row["event"] in (codelists.FROZEN, codelists.ADOPTED) and (row["task"], row["attempt"]) not in voided:
            found: dict[str, Locked] = json.loads(json.loads(row["data"] or "{}").get("locked", "{}"))
            yield found


def _finding(row: int, name: str, header: str, seen: str, was: str) -> Finding:
    return Finding(At("tasks", row, name), say.SINCE_FROZEN, {"header": header, "seen": seen, "allowed": was}, blocks=False)
