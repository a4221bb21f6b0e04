"""Checks between tables: names and codes that the other table does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.registry import cells
from ssj_xlwings.registry.checks.contents import filled_tables, finding
from ssj_xlwings.types import At, Finding
from ssj_xlwings.vocabulary.lookup import Lookup, item_lookup, plan_lookup, subject_ids, task_lookup
from ssj_xlwings.vocabulary.sentences import registry as say
from ssj_xlwings.vocabulary.tables import BY_NAME
from ssj_xlwings.vocabulary.text import unseen

if TYPE_CHECKING:
    from collections.abc import Callable

    from ssj_xlwings.types import Column, Frame, Table, View

LOOKUPS: dict[str, Callable[[Frame], Lookup]] = {
    "units": lambda frame: Lookup(frame["name"]),
    "items": item_lookup,
    "inspectors": lambda frame: Lookup(frame["id"], frame["name"]),
    "subjects": lambda frame: Lookup(subject_ids(frame), frame["name"]),
    "tasks": task_lookup,
    "plans": plan_lookup,
}
NAMED = ("units", "items", "tasks", "plans")
"""Tables whose names may stand as a hint; of people and firms the nearest one would only mislead."""
SOME = 10
"""Names that are listed where none is like the one written."""


def references(view: View) -> list[Finding]:
    """Cells that name a row of another table which has no such row."""
    found: list[Finding] = []
    known: dict[str, Lookup] = {}
    for table, frame in filled_tables(view):
        for column in table.columns:
            target = column.refers
            if target not in LOOKUPS or target not in view.tables or column.name not in frame or not (frame[column.name] != "").any():
                continue
            if target not in known:
                known[target] = LOOKUPS[target](view[target])
            also = plan_lookup(view["plans"]) if (table.name, column.name) == ("scopes", "task") and "plans" in view.tables else None
            found += _column(table, column, frame, known[target], also)
    return found


def listed_above(view: View) -> list[Finding]:
    """Subjects on lists from above that the registry does not know: no draw avoids or joins them, and they count nowhere."""
    if "upper" not in view.tables or "subjects" not in view.tables or not len(view["upper"]):
        return []
    column, lookup = BY_NAME["upper"].column("subject"), LOOKUPS["subjects"](view["subjects"])
    found = []
    for row, text in zip(view["upper"].index, view["upper"]["subject"], strict=True):
        if text and not lookup.one(text):
            fault = cells.fault(column, say.NOT_HERE, seen=text, sheet=BY_NAME["subjects"].sheet)
            found.append(Finding(At("upper", int(row), column.name), fault.sentence, fault.values, blocks=False))
    return found


def _column(table: Table, column: Column, frame: Frame, lookup: Lookup, also: Lookup | None) -> list[Finding]:
    """Each distinct cell is looked up once; `also`: a second table whose rows may be named (a scope may be a plan's)."""
    values = frame[column.name].tolist()
    faults = {text: fault for text in set(values) if text and not (also and also.one(text)) and (fault := _fault(column, text, lookup))}
    if not faults:
        return []
    return [finding(table, int(row), column, faults[text]) for row, text in zip(frame.index, values, strict=True) if text in faults]


def _fault(column: Column, text: str, lookup: Lookup) -> cells.Fault | None:
    if unseen(text):  # said already, and a better reason
        return None
    several = lookup.several(text) if column.kind == "codes" else None
    strange = several.unknown if several else [] if lookup.one(text) else [text]
    if not strange:
        return None
    like = lookup.nearest(strange[0]) if column.refers in NAMED else ""
    some = "、".join(lookup.keys[:SOME]) + (say.AND_MORE if len(lookup.keys) > SOME else "") if column.refers in NAMED else ""
    return cells.fault(column, say.REFERENCE, seen="、".join(strange), sheet=BY_NAME[column.refers].sheet, hint=cells.hint(like), allowed=like or some)
