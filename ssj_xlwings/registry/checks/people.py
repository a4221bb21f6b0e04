"""Checks of inspectors: who can be drawn, and whether there are enough for each item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.registry import cells
from ssj_xlwings.types import At, Finding
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.lookup import item_lookup
from ssj_xlwings.vocabulary.sentences import registry as say
from ssj_xlwings.vocabulary.tables import INSPECTORS, ITEMS
from ssj_xlwings.vocabulary.values import is_date

if TYPE_CHECKING:
    from ssj_xlwings.types import View

ON_DUTY = codelists.STAFF_STATUS[0]
TEAM = 2


def idle(view: View) -> set[int]:
    """Sheet rows of people whom no draw takes: not on duty, or not qualified to enforce."""
    if "inspectors" not in view.tables:
        return set()
    frame = view["inspectors"]
    out = frame["state"].isin(codelists.STAFF_STATUS[1:]) | frame["kind"].isin(codelists.STAFF_KINDS[2:])
    return {int(row) for row in frame.index[out]}


def off_duty(view: View) -> list[Finding]:
    """People who are in the registry but not on duty."""
    if "inspectors" not in view.tables:
        return []
    frame, column = view["inspectors"], INSPECTORS.column("state")
    return [
        _reminder(int(row), "state", cells.fault(column, say.OFF_DUTY, seen=state, allowed=ON_DUTY))
        for row, state in zip(frame.index, frame["state"], strict=True) if state in codelists.STAFF_STATUS[1:]
    ]


def expired(view: View, today: str) -> list[Finding]:
    """Certificates whose day has passed, of people on duty."""
    if "inspectors" not in view.tables:
        return []
    frame, column = view["inspectors"], INSPECTORS.column("until")
    out = idle(view)
    return [
        _reminder(int(row), "until", cells.fault(column, say.EXPIRED, seen=until))
        for row, until in zip(frame.index, frame["until"], strict=True) if is_date(until) and until < today and row not in out
    ]


def too_few(view: View) -> list[Finding]:
    """Items in force that fewer than two people on duty may check."""
    if "inspectors" not in view.tables or "items" not in view.tables or not len(view["inspectors"]):
        return []
    items, people = view["items"], view["inspectors"]
    lookup = item_lookup(items)
    out = idle(view)
    able = dict.fromkeys(lookup.keys, 0)
    for row, cell in zip(people.index, people["items"], strict=True):
        for key in lookup.several(cell).keys if cell and row not in out else ():
            able[key] += 1
    column = ITEMS.column("code")
    return [
        Finding(At("items", int(row), "code"), say.TOO_FEW,
                {"header": column.header, "seen": name or code, "allowed": "", "count": str(able[code]), "sheet": INSPECTORS.sheet}, blocks=False)
        for row, code, name, state in zip(items.index, items["code"], items["name"], items["state"], strict=True)
        if code and state != codelists.VALID[1] and able[code] < TEAM
    ]


def _reminder(row: int, column: str, fault: cells.Fault) -> Finding:
    return Finding(At("inspectors", row, column), fault.sentence, fault.values, blocks=False)
