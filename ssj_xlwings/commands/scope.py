"""取用筛选: the AutoFilter of 检查对象名录库 becomes the scope of a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.commands.standing import standing
from ssj_xlwings.lottery import filtered, log
from ssj_xlwings.lottery import scope as scopes
from ssj_xlwings.types import Append, At, Outcome, Refusal, Request
from ssj_xlwings.vocabulary.lookup import task_lookup
from ssj_xlwings.vocabulary.sentences import draw as words
from ssj_xlwings.vocabulary.sentences import scope as say
from ssj_xlwings.vocabulary.tables import SCOPES, SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ssj_xlwings.commands.standing import Standing
    from ssj_xlwings.lottery.scope import Condition
    from ssj_xlwings.types import View
    from ssj_xlwings.vocabulary.filters import Filtered


def scope(request: Request) -> Outcome:
    """Rows of 抽查范围 that mean what the filter means, and what it could not take over. Args: task.

    Refusal: the task is frozen or drawn, it has conditions already, there is no filter, or none that can be taken over.
    """
    view = request.view
    task = standing(request, request.args["task"])
    _refuse_frozen(request, task)
    name = task.cells["name"]
    _refuse_present(view, name, request.args["cell"])
    look: Callable[[str, str], Filtered] = request.args["filtered"]
    seen = look(SUBJECTS.name, "name")
    if not seen.filters:
        raise Refusal(say.NO_FILTER, sheet=SUBJECTS.sheet)
    taken = filtered.take(seen)
    if not taken.conditions:
        raise Refusal(say.NOTHING, sheet=SUBJECTS.sheet, left="\n".join(taken.left))
    rows = [{"task": name, "column": one.header, "condition": one.condition, "value": one.value} for one in taken.conditions]
    return Outcome(
        message=say.TAKEN.format(count=len(rows), task=name, scope=scopes.sentence(sorted(taken.conditions), whole=True)),
        lines=[*_counts(view, taken.conditions, seen.rows), *taken.left], changes=[Append(SCOPES.name, rows)], show=SCOPES.name,
    )


def _refuse_frozen(request: Request, task: Standing) -> None:
    """A task drawn together with others stands in the log under the number of the one that leads."""
    lead = task.cells.get("joint", "")
    state = log.state(request.log, lead) if lead else task.state
    if state.event in words.ALREADY:
        raise Refusal(say.FROZEN, task=task.cells["name"], state=state.event)


def _refuse_present(view: View, name: str, cell: Callable[[At], str]) -> None:
    frame, names = view[SCOPES.name], task_lookup(view["tasks"])
    own = frame[[names.one(word) == name for word in frame["task"]]]
    if len(own):
        cells = "、".join(cell(At(SCOPES.name, int(row), "column")) for row in own.index)
        raise Refusal(say.THERE, task=name, sheet=SCOPES.sheet, count=len(own), cells=cells, scope=words.AND.join("".join(row) for row in scopes.conditions(own)))


def _counts(view: View, conditions: Sequence[Condition], shown: int) -> list[str]:
    """How many firms the scope holds, and how many the filter shows."""
    subjects = view[SUBJECTS.name]
    inside = int((scopes.inside(subjects, conditions) & (subjects["name"] != "")).sum())
    if inside == shown:
        return [say.SAME.format(inside=inside)]
    return [say.HOLDS.format(inside=inside, shown=shown), say.WHY]
