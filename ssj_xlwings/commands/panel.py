"""The panel 现场抽取: a row a speaker, typed before everyone's eyes between freeze and draw.

It holds nothing that decides anything but the numbers themselves: task, counts and commitment stand in the log, which alone
is believed. Rows of other attempts that still wait for numbers are kept, so that two ceremonies do not disturb each other.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from ssj_xlwings.lottery import log
from ssj_xlwings.types import At, Refusal, Rewrite
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.lookup import records
from ssj_xlwings.vocabulary.quick import is_quick
from ssj_xlwings.vocabulary.sentences import panel as say
from ssj_xlwings.vocabulary.tables import PANEL
from ssj_xlwings.vocabulary.text import grouped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ssj_xlwings.types import Frame, Request, Row, View

OPEN = (codelists.FROZEN, codelists.SAID)


def rows(freeze: Row, said: Mapping[str, str] | None = None, state: str = say.WAITING) -> list[Row]:
    """The rows of any freeze (a task's, a joint one, a quick one) from its row of the log. `said`: numbers by speaker."""
    held = log.data(freeze)
    pool, take = (say.POOL_QUICKLY, say.TAKE_QUICKLY) if is_quick(freeze["task"]) else (say.POOL, say.TAKE)
    shared = {
        "state": state, "name": title(freeze), "task": freeze["task"], "attempt": freeze["attempt"], "pool": pool.format(pool=held["pool"]),
        "take": take.format(take=held["take"]) if held.get("take") else "", "commitment": grouped(held["commitment"]),
    }
    return [{"speaker": name, "said": (said or {}).get(name, ""), **shared} for name in held["slots"].split("、")]


def title(freeze: Row) -> str:
    """The name of the task that was frozen, or of all that were frozen together."""
    held = log.data(freeze)
    return "、".join(json.loads(held.get("names", "{}")).values()) or held["name"]


def laid(view: View, logged: Sequence[Row], freeze: Row, said: Mapping[str, str] | None = None) -> Rewrite:
    """The panel ready for the numbers of a freeze, which stands first. `logged`: the log without or with that freeze."""
    return Rewrite(PANEL.name, [*rows(freeze, said), *_others(view, logged, freeze)])


def drawn(view: View, logged: Sequence[Row], freeze: Row, said: Iterable[tuple[str, str]]) -> Rewrite:
    """The panel after the draw: its rows show what was said and that it is over; those that still wait stand before them."""
    return Rewrite(PANEL.name, [*_others(view, logged, freeze), *rows(freeze, dict(said), say.DONE)])


def cleared(view: View, logged: Sequence[Row], freeze: Row) -> list[Rewrite]:
    """The panel without the rows of an attempt, where it has any."""
    there = [row for row in records(view[PANEL.name]) if _key(row) == _key(freeze)]
    return [Rewrite(PANEL.name, _others(view, logged, freeze))] if there else []


def waiting(panel: Frame) -> list[str]:
    """Numbers of the tasks whose draw still waits, as the panel shows them."""
    return list(dict.fromkeys(row["task"] for row in records(panel) if row["state"] == say.WAITING and row["task"]))


def said(request: Request, freeze: Row, slots: Sequence[str]) -> list[tuple[str, str]]:
    """The numbers as typed, in slot order; none where the panel has no row of this freeze.

    Refusal, naming the cell: an empty one, one that is not six digits, a name without a slot, a name twice.
    """
    frame = request.view[PANEL.name]
    blank = ("", "")
    mine = {
        int(at): row for at, row in zip(frame.index, records(frame), strict=True)
        if _key(row) in (_key(freeze), blank) and (row["speaker"] or row["said"])
    }
    if all(_key(row) == blank for row in mine.values()):
        return []

    def cell(row: int, column: str) -> str:
        return str(request.args["cell"](At(PANEL.name, row, column)))

    found: dict[str, tuple[int, str]] = {}
    for at, row in mine.items():
        name = row["speaker"]
        if name not in slots:
            raise Refusal(say.NO_SLOT, cell=cell(at, "speaker"), seen=name, slots="、".join(slots))
        if name in found:
            raise Refusal(say.TWICE, cell=cell(at, "speaker"), seen=name)
        found[name] = at, row["said"]
    for name in slots:
        if name not in found:
            raise Refusal(say.LACKS, sheet=PANEL.sheet, name=name)
        at, value = found[name]
        if not value:
            raise Refusal(say.EMPTY, cell=cell(at, "said"), name=name)
        if not re.fullmatch("[0-9]{6}", value):
            raise Refusal(say.BAD, cell=cell(at, "said"), name=name, seen=value)
    return [(name, found[name][1]) for name in slots]


def _key(row: Row) -> tuple[str, str]:
    return row["task"], row["attempt"]


def _others(view: View, logged: Sequence[Row], freeze: Row) -> list[Row]:
    """Rows of other attempts that do wait, as the log has it, with what was typed so far."""
    def open_(row: Row) -> bool:
        state = log.state(logged, row["task"])
        return state.event in OPEN and str(state.attempt) == row["attempt"]

    return [row for row in records(view[PANEL.name]) if _key(row) != _key(freeze) and row["task"] and open_(row)]
