"""What a void writes into the sheets; the same from the command and from its row of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.commands.above import theirs
from ssj_xlwings.commands.crews import renamed
from ssj_xlwings.commands.shared import Shared, Sharing
from ssj_xlwings.types import Change, Patch, Rewrite
from ssj_xlwings.vocabulary.lookup import records
from ssj_xlwings.vocabulary.sentences import draw as say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ssj_xlwings.types import View


def leaving(view: View, tasks: Sequence[str], attempt: int) -> list[Shared]:
    """Visits of other tasks that this draw's went into and that have not begun: without the items that it alone wanted, no other task and no open
    list from above. Its own rows are no longer part of them. A visit under way stays as it is: who goes is there for everything.
    """
    sharing = Sharing(view, tasks[0], attempt)
    above = theirs(view, [own for id_ in sharing.lines for own in sharing.own(id_)], unchecked=True)
    found: list[Shared] = []
    for id_ in sharing.lines:
        for own in sharing.own(id_):
            standing = sharing.over(own)
            if standing and not sharing.under_way(id_, standing):
                gone = {item for item in sharing.wanted(id_) if (id_, item) not in above}
                found += sharing.without(standing, gone, [sharing.task])
                found.append(sharing.apart(own))
    return found


def changes(view: View, tasks: Sequence[str], attempt: int, left: Sequence[Shared]) -> list[Change]:
    """Result rows of a voided attempt are marked, so that nobody waits for them and none is published; what was found
    stays. Its rows in 公示名册 are taken down; visits it took over stand by themselves again, or go where its own had gone; tasks that
    were drawn together are free. `left`: as `leaving` said.
    """
    results, visits, roster = view["results"], view["visits"], view["roster"]
    rows = results.index[results["task"].isin(tasks) & (results["attempt"] == str(attempt)) & (results["withheld"] == "")]
    own = {line["subject"]: line["left"] for line in records(visits) if (line["task"], line["attempt"]) == (tasks[0], str(attempt))}
    taken = visits.index[(visits["left"] == say.TAKEN_OVER.format(task=tasks[0])) & visits["subject"].isin(own)]
    into = {subject: mark for subject, mark in own.items() if mark.startswith(say.TAKEN_OVER.format(task=""))}
    cells = {(int(row), "left"): into.get(str(visits.at[row, "subject"]), "") for row in taken}
    keys = zip(visits["task"], visits["attempt"], visits["no"], visits["subject"], strict=True)
    place = {key: int(row) for row, key in zip(visits.index, keys, strict=True)}
    for one in left:
        at = place.get((one.task, one.attempt, one.no, one.id))
        if at is not None:  # a row that someone deleted is named by the papers
            cells |= {(at, "items"): "、".join(one.items), (at, "left"): one.left}
    freed = view["tasks"].index[view["tasks"]["joint"] == tasks[0]]
    kept = [{**row, "no": str(number)} for number, row in enumerate(records(roster[~roster["task_number"].isin(tasks)]), 1)]
    made: list[Change] = [
        *([Patch("results", {(int(row), "withheld"): say.VOID_MARK for row in rows})] if len(rows) else []),
        *([Patch("visits", cells)] if cells else []),
        *([Patch("tasks", {(int(row), "joint"): "" for row in freed})] if len(freed) else []),
        *([Rewrite("roster", kept)] if len(kept) < len(roster) else []),
    ]
    return [*made, *renamed(view, made)]
