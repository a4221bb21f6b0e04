"""The command 生成文书."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssj_xlwings.commands.above import noted
from ssj_xlwings.commands.outcomes import above_known
from ssj_xlwings.commands.preparing import archive_of, whole
from ssj_xlwings.commands.quick import print_quickly
from ssj_xlwings.commands.standing import standing as standing_of
from ssj_xlwings.inspection.clocks import NOT_COVERED, add_workdays, overrides
from ssj_xlwings.lottery.record import load_draw
from ssj_xlwings.papers.attempts import Attempt, attempts, data
from ssj_xlwings.papers.choice import calling, records
from ssj_xlwings.papers.dispatch import Deadlines, dispatch_sheets, result_table
from ssj_xlwings.papers.forms import Job
from ssj_xlwings.papers.slips import Drawn, certificate, slip
from ssj_xlwings.papers.task_sheets import by_unit, task_sheets, visit
from ssj_xlwings.papers.wording import day
from ssj_xlwings.types import File, Outcome, Refusal, Request, Row, View
from ssj_xlwings.vocabulary import codelists, settings
from ssj_xlwings.vocabulary.clock import beijing
from ssj_xlwings.vocabulary.quick import adopted, is_quick
from ssj_xlwings.vocabulary.sentences import papers as say
from ssj_xlwings.vocabulary.sentences.quick import NO_TEAMS
from ssj_xlwings.vocabulary.values import is_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def papers(request: Request) -> Outcome:
    """生成文书: after the freeze the slip; after the draw also certificate, result table, task sheets, dispatch sheets.

    The draw record must be the one of the log's draw row, and the visits in the book the ones it drew.
    Refuses before the freeze and after a void.
    """
    _, task, number, _ = standing_of(request, request.args["task"])
    quick = print_quickly(request, number) if is_quick(number) else None
    if quick and number not in adopted(request.log):
        return quick
    number = task["joint"] or task["number"]
    mine = [one for one in attempts(request.log) if one.task == number and number]
    if not mine:
        raise Refusal(say.NOT_FROZEN, task=task["name"])
    attempt = mine[-1]
    if attempt.void:
        raise Refusal(say.VOIDED, task=task["name"], attempt=attempt.number)
    if not (is_date(task["start"]) and is_date(task["end"])):
        raise Refusal(say.NO_DATES, task=task["name"])
    options = settings.read(request.view["settings"])
    job = _job(request.view, request.now, task, attempt, options)
    folder = Path(request.args["out"])
    if quick:
        return _of_adopted(request, job, attempt, quick, options)
    if attempt.draw is None:
        files: list[File] = [slip(job, attempt, _said(attempt))]
        return Outcome(say.DONE_SLIP.format(task=task["name"], attempt=attempt.number), folder=folder, files=files)
    return _after_draw(request, job, attempt, [one for one in mine if one.void], options)


def certified(view: View, now: dt.datetime, rows: Sequence[Row], record: Mapping[str, Any]) -> File:
    """抽取证明 of the draw that stands last in the log `rows`, to be signed in front of all. `record`: its draw.json."""
    number = rows[-1]["task"]
    mine = [one for one in attempts(rows) if one.task == number]
    task = next(line for line in records(view, "tasks") if line["number"] == number)
    job = _job(view, now, task, mine[-1], settings.read(view["settings"]))
    return certificate(job, mine[-1], _drawn(record, rows[-1]), [one for one in mine if one.void])


def _job(view: View, now: dt.datetime, task: Row, attempt: Attempt, options: dict[str, str]) -> Job:
    items = {line["code"]: line for line in records(view, "items")}
    return Job(options["bureau"], _joined(view, task, attempt), now, items, options["phone"])


def _joined(view: View, task: Row, attempt: Attempt) -> Row:
    """The task, or for several drawn together the leading one under all their names, from the first day to the last."""
    numbers = attempt.frozen.get("tasks", "").split("、")
    rows = [line for number in numbers for line in records(view, "tasks") if number and line["number"] == number]
    if not rows:
        return task
    return {**rows[0], "name": "、".join(row["name"] for row in rows), "start": min(row["start"] for row in rows), "end": max(row["end"] for row in rows)}


def _said(attempt: Attempt) -> dict[str, str]:
    """The numbers by speaker, once the row 报数 is written."""
    return dict(json.loads(data(attempt.said).get("said", "[]")))


def _after_draw(request: Request, job: Job, attempt: Attempt, voided: Sequence[Attempt], options: dict[str, str]) -> Outcome:
    record, drawn = _record(request, attempt)
    known = dict(zip(request.view["inspectors"]["id"], request.view["inspectors"]["name"], strict=True))
    lines = [line for line in records(request.view, "visits") if (line["task"], line["attempt"]) == (attempt.task, attempt.number)]
    _same_visits(record, lines, _succeeded(request.log, attempt))
    lines = [line for line in lines if not line["left"]]
    above = {one.id: one.words for one in above_known(request.log, attempt.task, attempt.number)} | _above(request, job)
    visits = [visit(line, known, above) for line in sorted(lines, key=calling)]
    deadlines, warnings = _deadlines(request, job, lines, options)
    files = [
        slip(job, attempt, dict(drawn.said)), certificate(job, attempt, drawn, voided), result_table(job, visits, attempt),
        dispatch_sheets(job, visits, deadlines), *task_sheets(job, visits),
    ]
    message = say.DONE_ALL.format(task=job.task["name"], files=len(files), visits=len(visits), units=len(by_unit(visits)))
    return Outcome(message, warnings, folder=Path(request.args["out"]), files=files)


def _above(request: Request, job: Job) -> dict[str, str]:
    """Who stands on open lists from above, those included that came after the draw."""
    return noted(request.view, (job.task["start"], job.task["end"])) if len(request.view["upper"]) else {}


def _of_adopted(request: Request, job: Job, attempt: Attempt, quick: Outcome, options: dict[str, str]) -> Outcome:
    """Of a quick draw that became a task: its page, and the sheets for its firms. Whoever inspects them was not drawn: who is not written down is left blank."""
    entry = next(row for row in request.log if row["event"] == codelists.ADOPTED and row["task"] == attempt.task)
    known = dict(zip(request.view["inspectors"]["id"], request.view["inspectors"]["name"], strict=True))
    lines = [line for line in records(request.view, "visits") if (line["task"], line["attempt"]) == (attempt.task, attempt.number)]
    _same_visits({"visits": [{"id": subject} for _, _, subject in json.loads(data(entry)["firms"])]}, lines, set())
    lines = [line for line in lines if not line["left"]]
    above = {one.id: one.words for one in above_known(request.log, attempt.task, attempt.number)} | _above(request, job)
    visits = [visit(line, known, above) for line in sorted(lines, key=calling)]
    deadlines, warnings = _deadlines(request, job, lines, options)
    files = [*quick.files, result_table(job, visits, attempt), dispatch_sheets(job, visits, deadlines), *task_sheets(job, visits)]
    message = say.DONE_ALL.format(task=job.task["name"], files=len(files), visits=len(visits), units=len(by_unit(visits)))
    return Outcome(message, [*warnings, *([NO_TEAMS] if any(not line["leader"] for line in lines) else [])], folder=quick.folder, files=files)


def _record(request: Request, attempt: Attempt) -> tuple[Mapping[str, Any], Drawn]:
    """The draw record, as far as papers print it. Refusal if it is lost or not the one
    whose SHA-256 the draw row of the log holds.
    """
    row = attempt.draw or {}
    record = load_draw(archive_of(request) / attempt.frozen["folder"], row)
    return record, _drawn(record, row)


def _drawn(record: Mapping[str, Any], row: Row) -> Drawn:
    """`row`: of the draw in the log."""
    made = {name: "、".join(value) if isinstance(value, list) else value for name, value in record["made"].items()}
    said = [(name, value) for name, value in record["said"]]
    return Drawn(said, record["nonce"], record["seed"], len(record["visits"]), record["checks"], record["saved"], made, data(row)["record"])


def _succeeded(log: Sequence[Row], attempt: Attempt) -> set[str]:
    """Subjects with a visit that a replacement made."""
    rows = [row for row in log if row["event"] == codelists.REPLACED and (row["task"], row["attempt"]) == (attempt.task, attempt.number)]
    return {id_ for row in rows for _, id_, _, _ in json.loads(data(row)["visits"])}


def _same_visits(record: Mapping[str, Any], lines: Sequence[Row], succeeded: set[str]) -> None:
    """The sheet holds the firms of the record and of its replacements, no more and no fewer. Refusal if not."""
    drawn, shown = {one["id"] for one in record["visits"]} | succeeded, {line["subject"] for line in lines}
    if drawn != shown:
        raise Refusal(say.OTHER_VISITS, missing=len(drawn - shown), extra=len(shown - drawn), example=min(drawn ^ shown))


def _deadlines(request: Request, job: Job, lines: Sequence[Row], options: dict[str, str]) -> tuple[Deadlines, list[str]]:
    """Days by which something is due; a unit whose dispatch date is blank is dispatched today."""
    holidays = overrides(request.view["holidays"])
    today = beijing(request.now).date().isoformat()
    uncovered = []

    def due(start: str, setting: str) -> str:
        date, covered = add_workdays(dt.date.fromisoformat(start), whole(options, setting), holidays)
        if covered:
            return day(date.isoformat())
        uncovered.append(date.isoformat())
        return f"{day(date.isoformat())}（{NOT_COVERED}）"

    dispatched = {line["unit"]: line["dispatched"] if is_date(line["dispatched"]) else today for line in lines}
    made = Deadlines(
        {unit: day(date) for unit, date in dispatched.items()}, {unit: due(date, "confirm_days") for unit, date in dispatched.items()},
        options["confirm_days"], due(job.task["end"], "entry_days"), due(job.task["end"], "publish_days"),
    )
    warnings = [say.CLOCK_WARNING.format(dates="、".join(dict.fromkeys(uncovered)), note=NOT_COVERED)] if uncovered else []
    return made, warnings
