"""A workbook that was closed without saving, brought up again from its log file and the draw records."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ssj_xlwings.commands import adopt, outcomes, panel, recorded, successions, voids
from ssj_xlwings.commands.replace import restored
from ssj_xlwings.commands.shared import read_shared
from ssj_xlwings.lottery import files, log, pool, record, voided
from ssj_xlwings.types import Append, Change, Outcome, Patch
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.quick import is_quick
from ssj_xlwings.vocabulary.sentences import draw as say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ssj_xlwings.types import File, Row, View


def restore(view: View, row: Row, rows: Sequence[Row], archive: Path) -> Outcome:
    """What brings a workbook up by one row of its log file that the sheet lacks; the row itself comes first.

    A freeze gives back the task's number and the panel, to which 报数 gives the numbers, a draw its files, visits and result rows from the record kept in the archive, a
    void its marks, a replacement its visits and its files, an adoption its task. Rows of a draw voided since are given back too: they were there. Of a quick draw the sheets hold log and panel alone.
    """
    changes: list[Change] = [Append("log", [row])]
    freeze = next((one for one in rows if one["event"] == codelists.FROZEN and (one["task"], one["attempt"]) == (row["task"], row["attempt"])), None)
    if row["event"] == codelists.ADOPTED:
        return Outcome("", changes=[*changes, *adopt.changes(view, row)])
    if freeze is not None:
        changes += _panel(view, row, rows, freeze)
    if freeze is None:
        return Outcome("", changes=changes)
    folder = archive / log.data(freeze)["folder"]
    if row["event"] == codelists.DRAWN:
        lost = recorded.again(view, row, rows, folder)
        changes += [] if is_quick(row["task"]) else _drawn(view, row, log.data(freeze), folder, lost)
        return Outcome("", folder=folder, files=lost, changes=changes)
    if row["event"] == codelists.FROZEN and not is_quick(row["task"]):
        changes += _numbers(view, row)
    elif row["event"] == codelists.VOIDED:
        told = voided.told(rows, row, archive)  # where it cannot be brought up, `ssj verify` of the book names it
        return Outcome("", folder=told.folder, files=told.files, changes=[*changes, *voids.changes(view, log.tasks_of(freeze), int(row["attempt"]), read_shared(log.data(row)))])
    elif row["event"] == codelists.REPLACED:
        strata, made = restored(folder, row, rows)
        return Outcome("", folder=folder, files=made, changes=[*changes, *successions.changes(view, row, freeze, strata)])
    return Outcome("", changes=changes)


def notice(missing: Sequence[Row]) -> str:
    """The sentence that tells people so."""
    return say.RESTORED.format(count=len(missing), what=named(missing))


def named(missing: Sequence[Row]) -> str:
    """What the rows are about."""
    return "、".join(say.RESTORED_ONE.format(task=row["task"], attempt=row["attempt"], event=row["event"]) for row in missing)


def _numbers(view: View, row: Row) -> list[Change]:
    """The numbers given at the freeze, to tasks that have none, and the lead's number to those drawn with it."""
    tasks, opened = view["tasks"], log.data(row)
    lead, *others = log.tasks_of(row)
    names = json.loads(opened.get("names", "{}")) or {lead: opened["name"]}
    cells: dict[tuple[int, str], str] = {}
    for number, name in names.items():
        for at in tasks.index[(tasks["name"] == name)]:
            cells |= {(int(at), "number"): number} if not tasks.at[at, "number"] else {}
            cells |= {(int(at), "joint"): lead} if number in others else {}
    return [Patch("tasks", cells)] if cells else []


def _panel(view: View, row: Row, rows: Sequence[Row], freeze: Row) -> list[Change]:
    """现场抽取 as it is after that row, with the numbers once they are in the log."""
    said = next((one for one in rows if one["event"] == codelists.SAID and (one["task"], one["attempt"]) == (row["task"], row["attempt"])), None)
    numbers = json.loads(log.data(said)["said"]) if said else []
    if row["event"] == codelists.FROZEN:
        return [panel.laid(view, rows, freeze)]
    if row["event"] == codelists.SAID:
        return [panel.laid(view, rows, freeze, dict(numbers))]
    if row["event"] == codelists.DRAWN:
        return [panel.drawn(view, rows, freeze, numbers)]
    return list(panel.cleared(view, rows, freeze)) if row["event"] == codelists.VOIDED else []


def _drawn(view: View, row: Row, freeze: Mapping[str, str], folder: Path, lost: Sequence[File]) -> list[Change]:
    """The visits and results of a draw, from its record; `lost`: its files that are still to be written."""
    made = next((file.data for file in lost if file.name == record.DRAW), None)
    kept = record.read_draw(made, folder / record.DRAW, row) if isinstance(made, bytes) else record.load_draw(folder, row)
    visits = [outcomes.Drawn(v["no"], v["id"], v["items"], v["team"]) for v in kept["visits"]]
    draw = outcomes.Draw(row["task"], int(row["attempt"]), freeze, outcomes.read_merged(log.data(row)), outcomes.read_above(log.data(row)))
    return outcomes.changes(view, draw, visits, {one.id: one.stratum for one in pool.read(files.load(folder / pool.FILE))})
