"""年度抽查计划 as a freeze relies on it: kept in the log, so that a plan widened later is noticed at the next freeze."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ssj_xlwings.lottery import log, scope
from ssj_xlwings.lottery.digest import canonical
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.lookup import item_lookup, records
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.tables import PLANS
from ssj_xlwings.vocabulary.values import is_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ssj_xlwings.commands.preparing import Task
    from ssj_xlwings.types import Row, View

Plan = list[object]
"""Number, first and last day, items and conditions of a plan."""


def relied_on(view: View, tasks: Sequence[Task]) -> dict[str, Plan]:
    """The plans of the tasks by name, as they stand in the book."""
    rows = {row["name"]: row for row in records(view["plans"])}
    items = item_lookup(view["items"])
    return {
        task.plan: [rows[task.plan]["number"], rows[task.plan]["start"], rows[task.plan]["end"], sorted(items.several(rows[task.plan]["items"]).keys),
                    [list(condition) for condition in task.plan_conditions]]
        for task in tasks if task.plan
    }


def kept(view: View, tasks: Sequence[Task]) -> dict[str, str]:
    """The same for the freeze row of the log; nothing for ad hoc tasks."""
    found = relied_on(view, tasks)
    return {"plans": canonical(found)} if found else {}


def not_now(view: View, tasks: Sequence[Task], today: str) -> list[str]:
    """A sentence for each plan of the tasks that has not begun yet, or is over."""
    spans = {name: (str(plan[1]), str(plan[2])) for name, plan in relied_on(view, tasks).items()}
    return [
        say.NOT_PLANNED_NOW.format(plan=name, start=start, end=end, today=today) for name, (start, end) in spans.items()
        if (is_date(start) and today < start) or (is_date(end) and today > end)
    ]


def changed(view: View, rows: Sequence[Row], tasks: Sequence[Task]) -> list[str]:
    """A sentence for each plan that is not as the last freeze under it (voided or not) relied on it. A plan keeps its
    number under another name.
    """
    found = []
    for name, now in relied_on(view, tasks).items():
        for row in reversed(rows):
            before: dict[str, Plan] = json.loads(log.data(row).get("plans", "{}")) if row["event"] == codelists.FROZEN else {}
            was = before.get(name) or next((plan for plan in before.values() if now[0] and plan[0] == now[0]), None)
            if was is not None:
                what = _differences(was, now)
                found += [say.PLAN_CHANGED.format(plan=name, seq=row["seq"], what=what)] if what else []
                break
    return found


def _differences(was: Plan, now: Plan) -> str:
    names = [PLANS.column(name).header for name in ("start", "end", "items")] + [say.PLAN_SCOPE]
    pairs = [(name, _words(old), _words(new)) for name, old, new in zip(names, was[1:], now[1:], strict=True) if old != new]
    return "；".join(say.PLAN_DIFFERS.format(name=name, was=old, now=new) for name, old, new in pairs)


def _words(value: object) -> str:
    """A day, items or conditions in words."""
    if not isinstance(value, list):
        return str(value)
    if value and isinstance(value[0], list):
        return scope.sentence([scope.Condition(*condition) for condition in value], whole=True)
    return "、".join(value) or say.SCOPE_ALL
