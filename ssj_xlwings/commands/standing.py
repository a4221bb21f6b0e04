"""How far a task is, and who may speak: what freeze, draw and void ask first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ssj_xlwings.commands.preparing import archive_of, find_task
from ssj_xlwings.lottery import log
from ssj_xlwings.lottery.audit import traces
from ssj_xlwings.lottery.said import check_slots
from ssj_xlwings.registry import numbers
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.commands import BY_ID
from ssj_xlwings.vocabulary.quick import is_quick
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.sentences.proof import ARCHIVE_NEWER
from ssj_xlwings.vocabulary.text import folded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ssj_xlwings.types import Request

SHORTEST_REASON = 5
SPEAKERS, QUICKLY = 2, 1
"""One number alone is no ceremony (protocol, step 4); a quick draw says itself that it has one."""


class Standing(NamedTuple):
    """A task: its sheet row, its cells, its number ("" if none can be given yet) and how far it is."""

    row: int
    cells: Mapping[str, str]
    number: str
    state: log.State


def standing(request: Request, word: str) -> Standing:
    """The task meant by name or number. Refusal if there is none, or its number was overtyped.

    A number is given once. One that was blanked since comes back from the log; one that was overtyped is refused,
    because a task under a new number would look as if it had never been drawn.
    """
    quick = log.state(request.log, word.strip()) if is_quick(word.strip()) else None
    if quick is not None and quick.freeze is not None and quick.freeze["task"] not in set(request.view["tasks"]["number"]):  # it stands in the log alone
        return Standing(0, {"name": log.data(quick.freeze)["name"]}, quick.freeze["task"], quick)
    row, found = find_task(request.view, word)
    number = found["number"] or numbers.task_numbers(request.view).get(row, "")
    logged = numbers.logged(request.log).get(found["name"], number)
    if logged != number and logged not in set(request.view["tasks"]["number"]):
        raise Refusal(say.NUMBER_CHANGED, task=found["name"], seen=number, logged=logged)
    return Standing(row, found, number, log.state(request.log, number))


def check_speakers(speakers: Sequence[str], operator: str, least: int = SPEAKERS) -> None:
    """Refusal for names that cannot be, too few speakers, two that differ in width, case or spaces alone, or an operator among them."""
    check_slots(speakers)
    if len(speakers) < least:
        raise Refusal(say.FEW_SPEAKERS, least=least)
    for at, name in enumerate(speakers):
        same = next((one for one in speakers[:at] if folded(one) == folded(name)), "")
        if same:
            raise Refusal(say.SAME_PEOPLE, name=name, other=same)
    if folded(operator) in map(folded, speakers):
        raise Refusal(say.OPERATOR_SPEAKS, name=operator)


def given_reason(args: Mapping[str, Any], command: str, name: str) -> str:
    """A reason that was given, "" if none. Refusal for one too short to say anything: it is kept and read later."""
    reason = (args.get(name) or "").strip()
    if reason and len(reason) < SHORTEST_REASON:
        label = next(param.label for param in BY_ID[command].params if param.name == name)
        raise Refusal(say.SHORT_REASON, label=label, count=len(reason))
    return reason


def refuse_own_approval(request: Request) -> None:
    """Whoever operates does not approve."""
    approver = (request.args.get("approver") or "").strip()
    if approver and approver == request.operator:
        raise Refusal(say.OPERATOR_APPROVES, name=approver)


def refuse_unknown_folders(request: Request) -> None:
    """A record, or a file of one, that the log does not know means that the log was cut or begun anew: its row is written before any file."""
    strange = log.unknown_folders(request.log, archive_of(request))
    if strange:
        raise Refusal(say.FOLDER_THERE, folder=strange[0])
    left = next(traces(request.log, archive_of(request)), None)
    if left:
        raise Refusal(ARCHIVE_NEWER, path=left)
