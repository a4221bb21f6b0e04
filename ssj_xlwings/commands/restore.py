"""A workbook that was closed without saving, brought up again from its log file and the draw records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.commands import outcomes
from ssj_xlwings.lottery import files, log, pool, record
from ssj_xlwings.lottery.digest import parse
from ssj_xlwings.types import Append, Change, Patch
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.quick import is_quick
from ssj_xlwings.vocabulary.sentences import draw as say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ssj_xlwings.types import Row, View


def restore(view: View, missing: Sequence[Row], rows: Sequence[Row], archive: Path) -> tuple[list[Change], str]:
    """The changes that bring a workbook up to its log file, and the sentence that says so.

    `missing`: rows of the log file that the sheet lacks. A freeze gives back the task's number, a draw its visits and
    result rows, from the record kept in the archive. Rows of a draw voided since are given back too: they were there.
    """
    changes: list[Change] = [Append("log", list(missing))]
    tasks = view["tasks"]
    folders = {(row["task"], row["attempt"]): log.data(row)["folder"] for row in rows if row["event"] == codelists.FROZEN}
    for row in missing:
        if is_quick(row["task"]):
            continue  # its log rows are all that the sheets hold of it
        if row["event"] == codelists.FROZEN:
            name = log.data(row)["name"]
            blank = tasks.index[(tasks["name"] == name) & (tasks["number"] == "")]
            if len(blank):
                changes.append(Patch("tasks", {(int(blank[0]), "number"): row["task"]}))
        elif row["event"] == codelists.DRAWN:
            folder = archive / folders[row["task"], row["attempt"]]
            kept = parse(files.decode(files.load(folder / record.DRAW), record.DRAW), record.DRAW, between="\t")
            visits = [outcomes.Drawn(v["no"], v["id"], v["items"], v["team"]) for v in kept["visits"]]
            changes += outcomes.changes(view, row["task"], int(row["attempt"]), visits, {row.id: row.stratum for row in pool.read(files.load(folder / pool.FILE))})
    what = "、".join(say.RESTORED_ONE.format(task=row["task"], attempt=row["attempt"], event=row["event"]) for row in missing)
    return changes, say.RESTORED.format(count=len(missing), what=what)
