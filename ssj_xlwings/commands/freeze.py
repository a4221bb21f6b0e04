"""Freeze: pool, staff and plan of one task, or of several drawn together, fixed before anyone says a number."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ssj_xlwings.commands import figures, joint, panel, plans, rates
from ssj_xlwings.commands.preparing import archive_of, book_of, plan_of, prepare
from ssj_xlwings.commands.standing import check_speakers, given_reason, refuse_own_approval, refuse_unknown_folders
from ssj_xlwings.commands.standing import standing as standing_of
from ssj_xlwings.lottery import candidates, log, record, scope, teams
from ssj_xlwings.lottery.digest import canonical
from ssj_xlwings.lottery.freeze import freeze as freeze_pool
from ssj_xlwings.papers.attempts import Attempt
from ssj_xlwings.papers.forms import Job
from ssj_xlwings.papers.slips import slip
from ssj_xlwings.registry import checks, numbers
from ssj_xlwings.types import LogRow, Outcome, Patch, Refusal
from ssj_xlwings.vocabulary import clock, codelists
from ssj_xlwings.vocabulary.lookup import bare_item, records, subject_ids
from ssj_xlwings.vocabulary.quick import is_quick
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.sentences import panel as panel_words
from ssj_xlwings.vocabulary.sentences import quick as quick_words
from ssj_xlwings.vocabulary.sentences import registry as found_words
from ssj_xlwings.vocabulary.tables import PANEL
from ssj_xlwings.vocabulary.values import typed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ssj_xlwings.commands.joint import Overlap
    from ssj_xlwings.commands.preparing import Outline, Prepared, Task
    from ssj_xlwings.types import Change, File, Finding, Request, Row

HEAD = 8
"""How many digits of a fingerprint people read out."""
OFF_PLAN = (found_words.OUTSIDE_PLAN, found_words.NOT_PLANNED)
"""Findings that a logged variation lets pass: the plan was approved, the task leaves it."""


def freeze(request: Request) -> Outcome:
    """Fix pool, staff and plan, and commit to secrets. Refusal: unknown task, frozen already, a blocking finding in
    the task's scope, nobody in the pool, too few inspectors for a firm, an operator among the speakers, rates beyond
    their limits, and without a reason kept in the log: a task outside its plan, or frozen after its last day or outside the days of its plan, rates that
    fall from A to D, a plan changed since the last freeze under it, tasks that overlap and are not drawn together, or
    that wait for a draw of their own.
    """
    view, now, speakers = request.view, request.now, request.args["speaker"]
    made = numbers.task_numbers(view)
    words = [request.args["task"], *(request.args.get("with_") or ())]
    for word in words:
        _refuse_standing(request, word)
    check_speakers(speakers, request.operator)
    refuse_own_approval(request)
    refuse_unknown_folders(request)
    sums = bytearray()
    ready = prepare(view, words, clock.day(now), made, sums)
    reasons = _reasons(request, ready, made)
    for stop in STOPS:
        stop(request, ready)
    short = _shortages(ready)
    if short:
        raise Refusal(say.SHORTAGES, first=short[0], more=say.SHORTAGE_MORE.format(more=len(short) - 1) if len(short) > 1 else "")
    attempt = max(log.state(request.log, task.number).next_attempt for task in ready.tasks)
    plan = plan_of(ready, slots=speakers, attempt=attempt, before=log.head(request.log), frozen=clock.utc(now))
    request.progress(say.DIGESTING)
    sifted = ready.sifted
    frozen = freeze_pool(sifted.pool, sifted.excluded, ready.staff, sifted.jurisdiction, plan, request.entropy(32).hex(), request.entropy(32).hex())
    folder = record.folder(archive_of(request), f"{len(request.log) + 1:04d}", ready.task.number)
    note = say.LOG_FROZEN.format(pool=len(frozen.rows), head=frozen.commitment[:HEAD])
    data = {**record.freeze_data(frozen), "slots": "、".join(speakers), "folder": folder.name, "name": ready.task.name, "take": str(ready.checks), **_present(request, ready), **reasons}
    entry = log.make(request.log, LogRow(ready.task.number, codelists.FROZEN, attempt, note, data), now, request.operator)
    paper = _slip(request, ready, entry)
    return Outcome(
        message=say.FROZEN.format(task=say.BETWEEN_TASKS.join(task.name for task in ready.tasks), attempt=attempt, pool=len(frozen.rows),
                                  out=len(frozen.excluded), head=frozen.commitment[:HEAD]),
        lines=[say.PRINT_SLIP.format(file=paper.name), say.WITNESSED, panel_words.FILL.format(sheet=PANEL.sheet),
               *figures.quotas(ready.layers), *figures.exclusions(sifted.excluded), *figures.absent(view, ready.staff),
               *([] if any(data[name] for name in ("host", "place", "witnesses")) else [say.NO_CEREMONY]),
               *([say.KEPT_APART.format(why=reasons["cannot"])] if "cannot" in reasons else [])],
        log=entry, folder=folder, files=[*record.freeze_files(frozen), candidates.source_sums(view["subjects"], sums), paper],
        changes=[*_numbered(ready), panel.laid(view, request.log, entry)], show=PANEL.name, opens=[paper.name],
        next=say.NEXT_DRAW.format(book=typed(book_of(request).name), task=typed(ready.task.name), said=" ".join(f"--say {typed(name)}=六位数" for name in speakers)),
    )


def _slip(request: Request, ready: Prepared, entry: Row) -> File:
    """承诺单, to be printed and signed before anyone says a number."""
    start, end = ready.window
    task = {**ready.task.cells, "name": "、".join(task.name for task in ready.tasks), "start": start, "end": end}
    items: dict[str, Row] = {row["code"]: row for row in records(request.view["items"])}
    return slip(Job(ready.settings["bureau"], task, request.now, items, ready.settings["phone"]), Attempt(entry), {})


def _refuse_standing(request: Request, word: str) -> None:
    """Refusal for a task to which no number can be given yet, or that stands frozen, said or drawn."""
    _, found, number, standing = standing_of(request, word)
    if is_quick(number):
        raise Refusal(quick_words.NOT_AGAIN, number=number)
    if not number:
        raise Refusal(say.NO_DATES, task=found["name"])
    if standing.event in say.ALREADY:
        raise Refusal(say.ALREADY[standing.event], task=found["name"], attempt=standing.attempt)


def _reasons(request: Request, ready: Prepared, made: dict[int, str]) -> dict[str, str]:
    """What is let pass for a reason, and the reason, for the log. Refusal where a reason is wanted and none is given."""
    view = request.view
    variation, apart = (given_reason(request.args, "freeze", name) for name in ("variation", "apart"))
    found = checks.findings(view, clock.day(request.now))
    passed = [finding.problem() for task in ready.tasks for finding in _refuse_findings(request, found, ready, task, variation)]
    strange = varies(request, ready)
    if strange and not variation:
        raise Refusal(say.WANTS_REASON, what=strange[0])
    beside = joint.overlaps(view, request.log, ready, clock.day(request.now), made)
    wanting = [refusal for overlap in beside if (refusal := overlap.wants())]
    if wanting and not apart:
        raise wanting[0]
    kept = {"variation": variation, "varied": "；".join([*passed, *strange])} if passed or strange else {}
    if beside:  # also those that cannot be drawn together: what stands in the way is the reason, and is kept in its words
        kept["overlaps"] = "、".join(overlap.task for overlap in beside)
    if len(wanting) < len(beside):
        kept["cannot"] = "；".join(overlap.sentence() for overlap in beside if overlap.cannot)
    return {**kept, "apart": apart} if wanting else kept


def varies(request: Request, ready: Outline) -> list[str]:
    """What asks for a reason besides the findings: today is after the last day of a task or outside the days of its plan, a plan changed
    since the last freeze under it, rates that fall from A to D, a pool that leaves the scope of its plan.
    """
    view, today = request.view, clock.day(request.now).isoformat()
    found = [say.TASK_OVER.format(task=task.name, end=task.end, today=today) for task in ready.tasks if task.end < today]
    found += [*plans.not_now(view, ready.tasks, today), *plans.changed(view, request.log, ready.tasks)]
    found += rates.falling(ready.layers) if ready.task.layer.name == "class" else []
    subjects = view["subjects"]
    pool = {row.id: row.items for row in ready.sifted.pool}
    for task in ready.tasks:
        within = scope.inside(subjects, task.plan_conditions)
        mine = set(task.items)
        outside = [id_ for id_, there in zip(subject_ids(subjects), within, strict=True) if not there and mine.intersection(pool.get(id_, ()))]
        if outside:
            words = scope.sentence(task.plan_conditions, whole=True)
            found.append(say.OUTSIDE_SCOPE.format(count=len(outside), plan=task.plan, scope=words, example=outside[0]))
    return found


def _refuse_findings(request: Request, found: list[Finding], ready: Prepared, task: Task, variation: str) -> list[Finding]:
    """A blocking finding in the scope of a task stops its freeze; those outside do not. Those that a reason lets pass come back.

    An error in a column that the scope itself looks at concerns the task too: nobody can tell whether the firm is in it.
    """
    items = request.view["items"]
    codes = {bare_item(item) for item in task.items}
    item_rows = {int(row) for row, code in zip(items.index, items["code"], strict=True) if code in codes}
    blocking = checks.blocking(found, task.row, ready.sifted.sheet_rows | _unsure(found, task), item_rows, task.scope_rows, task.rate_rows)
    left = [finding for finding in blocking if not (variation and finding.sentence in OFF_PLAN)]
    if left:
        first = left[0]
        sentence = say.TASK_VARIES if first.sentence in OFF_PLAN else say.TASK_BLOCKED
        raise Refusal(sentence, count=len(left), cell=request.args["cell"](first.at), problem=first.problem(), remedy=first.remedy())
    return [finding for finding in blocking if finding.sentence in OFF_PLAN]


def obstacles(request: Request, words: Sequence[str], ready: Prepared, beside: Sequence[Overlap]) -> list[str]:
    """For the dry run: every sentence with which a freeze of these tasks would be refused, or would ask for a reason.
    `beside`: the tasks that overlap.
    """
    found = checks.findings(request.view, clock.day(request.now))
    tries: list[Callable[[], object]] = [
        *(partial(_refuse_standing, request, word) for word in words),
        partial(refuse_unknown_folders, request),
        *(partial(_refuse_findings, request, found, ready, task, "") for task in ready.tasks),
        *(partial(stop, request, ready) for stop in STOPS),
    ]
    said = []
    for one in tries:
        try:
            one()
        except Refusal as refusal:
            said.append(str(refusal))
    return [*said, *_shortages(ready), *varies(request, ready), *(str(wish) for overlap in beside if (wish := overlap.wants()))]


def _unsure(found: list[Finding], task: Task) -> set[int]:
    looked_at = {scope.column_of(condition).name for condition in task.conditions} | {task.layer.name}
    return {finding.at.row for finding in found if finding.at.table == "subjects" and finding.at.column in looked_at}


def _refuse_empty(request: Request, ready: Prepared) -> None:  # noqa: ARG001 - one of STOPS
    if not ready.sifted.pool:
        raise Refusal(say.EMPTY_POOL, task=ready.task.name, why="；".join(figures.exclusions(ready.sifted.excluded)) or say.NO_SUBJECTS)


def _refuse_limits(request: Request, ready: Prepared) -> None:
    rates.refuse_limits(request.view, ready.layers)


def _shortages(ready: Prepared) -> list[str]:
    """A sentence for each unit and set of items that too few can inspect."""
    sifted, until = ready.sifted, ready.window[1]
    return [
        say.SHORTAGE.format(unit=short.unit, items="、".join(short.items), need=short.need, have=short.have, example=short.example, until=until)
        for short in teams.shortages(sifted.pool, ready.staff, dict(sifted.jurisdiction), until, ready.team)
    ]


def _refuse_batches(request: Request, ready: Prepared) -> None:
    """The order of batches is drawn only where everybody is: key items, every stratum whole."""
    if ready.task.batches < 2:
        return
    items = request.view["items"]
    kind = dict(zip(items["code"], items["kind"], strict=True))
    general = [item for task in ready.tasks for item in task.items if kind[bare_item(item)] != codelists.ITEM_KINDS[1]]
    part = [layer for layer in ready.layers if layer.size and not layer.whole]
    if general or part:
        what = general[0] if general else f"{part[0].item} {part[0].stratum}"
        raise Refusal(say.BATCHES, task=ready.task.name, what=what)


STOPS: tuple[Callable[[Request, Prepared], None], ...] = (_refuse_empty, _refuse_limits, _refuse_batches)
"""What no reason lets pass, besides too few people."""


def _present(request: Request, ready: Prepared) -> dict[str, str]:
    """Place, host, witnesses, approver, how many were absent; where several tasks are drawn together, which, and whose each item is."""
    args, absent = request.args, sum(not person["available"] for person in ready.staff)
    found = {
        "host": args["host"] or "", "place": args["place"] or "", "witnesses": "、".join(args["witness"]),
        "approver": args.get("approver") or "", "absent": str(absent),
    }
    found["scope"] = "；".join(dict.fromkeys(scope.sentence(task.conditions) for task in ready.tasks))
    found["locked"] = canonical({task.number: locked(task) for task in ready.tasks})
    found |= plans.kept(request.view, ready.tasks)
    if len(ready.tasks) > 1:
        found["tasks"] = "、".join(task.number for task in ready.tasks)
        found["names"] = canonical({task.number: task.name for task in ready.tasks})
        found["owners"] = canonical({item: task.number for task in ready.tasks for item in task.items})
    return {**found, "batches": str(ready.task.batches)} if ready.task.batches > 1 else found


def locked(task: Task) -> list[object]:
    """What of a task's row and scope stands fast from here on, for `ssj check` to compare."""
    return [task.start, task.end, sorted(map(bare_item, task.items)), [list(condition) for condition in task.conditions]]


def _numbered(ready: Prepared) -> list[Change]:
    """The tasks' numbers, and the lead's number in those drawn with it."""
    cells: dict[tuple[int, str], str] = {}
    for task in ready.tasks:
        lead = ready.task.number if task is not ready.task else ""
        cells |= {(task.row, name): value for name, value in (("number", task.number), ("joint", lead)) if task.cells[name] != value}
    return [Patch("tasks", cells)] if cells else []
