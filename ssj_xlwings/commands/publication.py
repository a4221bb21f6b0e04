"""Commands of the group 公示."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ssj_xlwings.commands.above import theirs
from ssj_xlwings.commands.outcomes import above_known
from ssj_xlwings.commands.preparing import find_task
from ssj_xlwings.lottery.said import called, keys
from ssj_xlwings.papers.attempts import Attempt, data, latest
from ssj_xlwings.papers.choice import calling, records
from ssj_xlwings.papers.listing import Field, Listing, listing_file
from ssj_xlwings.papers.measure import Paper, mm
from ssj_xlwings.papers.wording import day, safe_name
from ssj_xlwings.publication import roster
from ssj_xlwings.types import File, Outcome, Refusal, Request, Rewrite, Row
from ssj_xlwings.vocabulary import codelists, settings
from ssj_xlwings.vocabulary.clock import beijing
from ssj_xlwings.vocabulary.lookup import plan_lookup
from ssj_xlwings.vocabulary.sentences import publication as say
from ssj_xlwings.vocabulary.tables import ROSTER
from ssj_xlwings.vocabulary.values import words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

MISSING_SHOWN = 10
WIDTHS = (22, 78, 62, 94, 68, 30, 54, 82, 120, 56, 72, 58, 34)
"""Shares of the page's width, in the order of the public columns."""


def publish(request: Request) -> Outcome:
    """编制公示名册: the roster with this task's rows replaced, and the task's rows as .xlsx and .csv, both public; after
    replacements also the list of current visits, where the winners are public.

    Refuses before the draw, after a void, and as long as no result can be published.
    """
    options = settings.read(request.view["settings"])
    _, task = find_task(request.view, request.args["task"])
    attempt = _drawn(request, task)
    visits, results = _visits(request, task, attempt)
    compiled = _compile(request, task, visits, results, options["bureau"])
    counts = {name: len(getattr(compiled, name)) for name in ("withheld", "returned", "missing")}
    if not compiled.rows:
        raise Refusal(say.NO_RESULTS, task=task["name"], **counts)
    whole = roster.merged(records(request.view, "roster"), task["number"], compiled.rows)
    mine = [{**line, "no": str(number)} for number, line in enumerate((line for line in whole if line["task_number"] == task["number"]), 1)]
    name = f"公示名册-{safe_name(task['number'])}"
    files = [_print(request, f"{name}.xlsx", mine, options), File(f"{name}.csv", roster.csv_bytes(mine), public=True)]
    if options["winners"] == codelists.YES_NO[0] and _replaced(request, attempt):
        files.append(File(f"{say.CURRENT_FILE}-{safe_name(task['number'])}.tsv", roster.current(visits), public=True))
    return Outcome(
        message=say.DONE.format(task=task["name"], published=len(mine)),
        lines=[say.COUNTS.format(published=len(mine), rate=compiled.rate, **counts), *_left_out(compiled), *(file.name for file in files)],
        folder=Path(request.args["out"]), files=files, changes=[Rewrite(ROSTER.name, whole)],
    )


def _drawn(request: Request, task: Row) -> Attempt:
    attempt = latest(request.log, task["joint"] or task["number"])
    if attempt and attempt.void:
        raise Refusal(say.VOIDED, task=task["name"], attempt=attempt.number)
    if attempt is None or attempt.draw is None:
        raise Refusal(say.NOT_DRAWN, task=task["name"])
    return attempt


def _replaced(request: Request, attempt: Attempt) -> bool:
    """Whether firms of the draw were replaced."""
    return any((row["event"], row["task"], row["attempt"]) == (codelists.REPLACED, attempt.task, attempt.number) for row in request.log)


def _visits(request: Request, task: Row, attempt: Attempt) -> tuple[list[Row], list[Row]]:
    """The task's standing visits and its results. In calling order: after replacements of all that stand, since the
    numbers of those who came would tell which replacement they came by.
    """
    visits = [line for line in records(request.view, "visits")
              if (line["task"], line["attempt"]) == (attempt.task, attempt.number) and line["left"] != codelists.REPLACED]
    if not visits:
        raise Refusal(say.NO_VISITS, task=task["name"], attempt=attempt.number)
    every = records(request.view, "results")
    results = [line for line in every if (line["task"], line["attempt"]) == (task["number"], attempt.number)]
    taken = {(one.id, item) for one in above_known(request.log, attempt.task, attempt.number) for item in one.taken}  # their results go to those who drew them
    taken |= theirs(request.view, visits)
    visits = _of_task(visits, results, every, taken)
    visits.sort(key=calling)
    if _replaced(request, attempt):
        key = keys(data(attempt.draw)["seed"])["call"]
        place = {id_: at for at, id_ in enumerate(called(key, {visit["subject"] for visit in visits}))}
        visits.sort(key=lambda visit: place[visit["subject"]])
    return visits, results


def _compile(request: Request, task: Row, visits: Sequence[Row], results: Sequence[Row], bureau: str) -> roster.Compiled:
    items = request.view["items"]
    plan_name = plan_lookup(request.view["plans"]).one(task["plan"])
    plan = next((line for line in records(request.view, "plans") if plan_name and line["name"] == plan_name), None)
    common = roster.head(task, plan, bureau)
    return roster.compile_roster(common, visits, results, dict(zip(items["code"], items["name"], strict=True)))


def _of_task(visits: Sequence[Row], results: Sequence[Row], every: Sequence[Row], taken: AbstractSet[tuple[str, str]]) -> list[Row]:
    """The visits with this task's items alone: a visit may serve several tasks, each of which has its own roster, and
    lists from above (`taken`: subject and item).
    """
    mine, any_task = ({(line["subject"], line["item"]) for line in lines} for lines in (results, every))
    any_task |= taken
    found: list[Row] = []
    for visit in visits:
        items = [item for item in words(visit["items"]) if (visit["subject"], item) in mine or (visit["subject"], item) not in any_task]
        if items:
            found.append({**visit, "items": "、".join(items)})
    return found


def _left_out(compiled: roster.Compiled) -> list[str]:
    lines = [say.GROUND.format(name=name, item=item, ground=ground) for name, item, ground in compiled.withheld]
    lines += [say.RETURNED.format(name=name, item=item) for name, item, _ in compiled.returned]
    lines += [say.MISSING.format(name=name, item=item) for name, item, _ in compiled.missing[:MISSING_SHOWN]]
    more = len(compiled.missing) - MISSING_SHOWN
    return [*lines, say.MORE.format(count=more)] if more > 0 else lines


def _print(request: Request, name: str, rows: Sequence[Row], options: dict[str, str]) -> File:
    fields = [Field(column.header, width, short=column.kind in ("int", "date", "code")) for column, width in zip(ROSTER.columns, WIDTHS, strict=True)]
    firms = len({(line["code"], line["name"]) for line in rows})
    listing = Listing(
        title="双随机抽查结果公示名册",
        head=(f"抽查机关：{rows[0]['bureau']}", f"编制日期：{day(beijing(request.now).date().isoformat())}"),
        fields=fields, rows=[tuple(line[column] for column in roster.COLUMNS) for line in rows],
        totals=say.TOTALS.format(rows=len(rows), firms=firms, platform=options["platform"]),
    )
    return listing_file(name, listing, options["bureau"], request.now, Paper(landscape=True, side=mm(8)), public=True)
