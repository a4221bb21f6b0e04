"""补抽: take a firm out that was never in the scope; the next in ticket order takes its place (draw protocol, step 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.commands import successions
from ssj_xlwings.commands.outcomes import above_data
from ssj_xlwings.commands.preparing import archive_of, find_task
from ssj_xlwings.commands.shared import Sharing, newcomers, shared, shared_data
from ssj_xlwings.lottery import log, record
from ssj_xlwings.lottery import replace as succession
from ssj_xlwings.lottery.draw import draw
from ssj_xlwings.types import File, LogRow, Outcome, Refusal
from ssj_xlwings.vocabulary import codelists, settings
from ssj_xlwings.vocabulary.lookup import Lookup, records, subject_ids
from ssj_xlwings.vocabulary.quick import is_quick
from ssj_xlwings.vocabulary.sentences import draw as draw_words
from ssj_xlwings.vocabulary.sentences import replace as say
from ssj_xlwings.vocabulary.sentences.draw import VOID_MARK
from ssj_xlwings.vocabulary.sentences.quick import NO_SUCCESSOR
from ssj_xlwings.vocabulary.tables import SUBJECTS
from ssj_xlwings.vocabulary.text import normal, unseen

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from ssj_xlwings.lottery.replace import Roll, Succession
    from ssj_xlwings.types import Frame, Request, Row, View

*LEFT, TWICE = codelists.REPLACE_REASONS
OUTSIDE = {**{reason: ("status", reason) for reason in LEFT}, TWICE: ("state", codelists.VALID[1])}
"""Reason → the column of the registry that must show it, and as what."""


def replace(request: Request) -> Outcome:
    """Take one firm, or several with the same reason, out of a draw. Refusal: not drawn, not a firm of the draw, a
    reason that is a result and no ground, a registry that does not show it, no evidence or approver, a firm checked.
    """
    view = request.view
    _, task = find_task(view, request.args["task"])
    if is_quick(task["number"]):
        raise Refusal(NO_SUCCESSOR, number=task["number"])
    standing = log.state(request.log, task["number"])
    if standing.event != codelists.DRAWN or standing.freeze is None:
        raise Refusal(say.NOT_DRAWN, task=task["name"])
    ground = _ground(request.args)
    if ground.approver == request.operator:
        raise Refusal(say.OPERATOR_APPROVES, name=ground.approver)
    fallen = _firms(view, request.args["firm"], ground.reason)
    _refuse_checked(view, log.tasks_of(standing.freeze), fallen)
    opened = log.data(standing.freeze)
    folder = archive_of(request) / opened["folder"]
    request.progress(draw_words.DIGESTING)
    roll = _roll(folder, opened["commitment"], request.log)
    missing = next((id_ for id_ in fallen if id_ not in roll.visits), None)
    if missing:
        raise Refusal(say.NOT_VISITED, id=missing)
    numbers = {visit.id: visit.no for visit in roll.visits.values()}
    before, sharing = dict(roll.visits), Sharing(view, standing.freeze["task"], standing.attempt)
    found, visits = roll.fall(fallen, set(_found(view, log.tasks_of(standing.freeze))["subject"]) | sharing.begun())
    joined, apart = shared(sharing, roll, before, visits)
    came, joining = newcomers(sharing, request.log, roll, visits, log.data(standing.draw).get("no_merge", ""))
    joined += came
    short = sum(not one.successor for one in found)
    counts = {"fallen": len(fallen), "items": len(found) - short, "successors": len(visits)}
    public = settings.read(view["settings"])["winners"] == codelists.YES_NO[0]
    note = say.LOG_NOTE.format(**counts, reason=ground.reason, short=short)
    data = {**succession.row_data(roll.frozen, found, visits, ground), **shared_data(joined), **joining.left(), **above_data(joining.above)}
    entry = log.make(request.log, LogRow(standing.freeze["task"], codelists.REPLACED, standing.attempt, note, data), request.now, request.operator)
    return Outcome(
        message=say.DONE.format(task=task["name"], **counts), lines=[*_lines(view, found, numbers, roll), *apart, *joining.lines(), *([say.TELLS] if public else [])], log=entry, folder=folder,
        files=files_of([*request.log, entry], opened["commitment"]),
        changes=successions.changes(view, entry, standing.freeze, roll.strata),
        next=draw_words.NEXT_PAPERS.format(book=request.book.name if request.book else "", task=task["name"]),
    )


def files_of(rows: Sequence[Row], commitment: str) -> list[File]:
    """replace.tsv. Nothing public: the current visits are published with the roster, or each list would name a pair of one class."""
    return [File(record.REPLACE, succession.table(succession.logged(rows, commitment)))]


def restored(folder: Path, row: Row, rows: Sequence[Row]) -> tuple[Mapping[str, str], list[File]]:
    """For a row of the log that the sheet lacks: strata by subject, and the files of all replacements up to it."""
    until = [one for one in rows if int(one["seq"]) <= int(row["seq"])]
    commitment = log.data(row)["commitment"]
    roll = _roll(folder, commitment, until)
    return roll.strata, files_of(until, commitment)


def _roll(folder: Path, commitment: str, rows: Sequence[Row]) -> Roll:
    """The draw recomputed, with the replacements so far. Refusal if the record is not the one of the log."""
    frozen = record.load_frozen(folder, commitment)
    kept = record.load_draw(folder, next(row for row in rows if row["event"] == codelists.DRAWN and log.data(row)["commitment"] == commitment))
    roll = succession.Roll(frozen, draw(frozen, [(name, value) for name, value in kept["said"]]))
    succession.replay(roll, succession.logged(rows, commitment))
    return roll


def _ground(args: Mapping[str, str]) -> succession.Ground:
    reason = args["reason"].strip()
    if reason not in codelists.REPLACE_REASONS:
        raise Refusal(say.REASON, seen=reason, allowed="、".join(codelists.REPLACE_REASONS))
    texts = []
    for name, label in (("evidence", say.EVIDENCE), ("approver", say.APPROVER)):
        text = normal(args[name])
        if not text:
            raise Refusal(say.BLANK, label=label)
        if unseen(text):
            raise Refusal(say.BAD_TEXT, label=label, char=unseen(text))
        texts.append(text)
    return succession.Ground(reason, *texts)


def _firms(view: View, word: str, reason: str) -> list[str]:
    """The firms meant, by code or name. Refusal unless the registry shows each of them outside the scope."""
    subjects = view["subjects"]
    lookup = Lookup(subject_ids(subjects), subjects["name"])
    found = lookup.several(word)
    if found.unknown or not found.keys:
        near = lookup.nearest(word)
        raise Refusal(say.FIRM_UNKNOWN, seen="、".join(found.unknown) or word, nearest=draw_words.NEAREST.format(word=near) if near else "")
    name, want = OUTSIDE[reason]
    column = SUBJECTS.column(name)
    for row in records(subjects):
        seen = row[column.name] or column.default
        if (row["code"] or row["name"]) in found.keys and seen != want:
            raise Refusal(say.NOT_IN_REGISTRY, name=row["name"], header=column.header, seen=seen, reason=reason, want=want)
    return found.keys


def _found(view: View, tasks: Collection[str]) -> Frame:
    """The results that were entered for the standing attempt."""
    results = view["results"]
    return results[results["task"].isin(tasks) & (results["date"] != "") & (results["withheld"] != VOID_MARK)]


def _refuse_checked(view: View, tasks: Collection[str], ids: Sequence[str]) -> None:
    """A firm that was checked has results, and results are never grounds."""
    found = _found(view, tasks)
    done = found[found["subject"].isin(ids)]
    if len(done):
        first = done.iloc[0]
        raise Refusal(say.NOT_NOW, id=first["subject"], date=first["date"])


def _lines(view: View, found: Sequence[Succession], numbers: Mapping[str, int], roll: Roll) -> list[str]:
    subjects = view["subjects"]
    status = dict(zip(subject_ids(subjects), subjects["status"], strict=True))
    lines = []
    for one in found:
        if not one.successor:
            lines.append(say.SHORTFALL.format(item=one.item))
            continue
        no = roll.visits[one.successor].no
        joined = say.JOINED if numbers.get(one.successor) == no else ""
        lines.append(say.LINE.format(fallen=one.fallen, item=one.item, no=no, successor=one.successor, joined=joined))
    out = [id_ for id_ in sorted({one.successor for one in found if one.successor}) if status.get(id_) not in ("", *codelists.IN_SCOPE_STATUS)]
    return [*lines, *(say.ALSO_OUT.format(id=id_, status=status.get(id_) or draw_words.NO_LAYER) for id_ in out)]
