"""Freeze, draw, void, verify: the ceremony, step by step (draw protocol, Steps and Verifying)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings import __version__
from ssj_xlwings.commands import outcomes
from ssj_xlwings.commands.preparing import archive_of, book_of, check_speakers, find_task, meant, plan_of, prepare
from ssj_xlwings.commands.quick import drawn_quickly, names_of
from ssj_xlwings.commands.unchanged import refuse_changes
from ssj_xlwings.lottery import log, record, scope, teams
from ssj_xlwings.lottery.candidates import source_digest
from ssj_xlwings.lottery.draw import draw as draw_lots
from ssj_xlwings.lottery.freeze import freeze as freeze_pool
from ssj_xlwings.lottery.said import check_said
from ssj_xlwings.lottery.verify import Source
from ssj_xlwings.lottery.verify import verify as verify_record
from ssj_xlwings.registry import checks, numbers
from ssj_xlwings.types import LogRow, Outcome, Patch, Refusal
from ssj_xlwings.vocabulary import clock, codelists, settings
from ssj_xlwings.vocabulary.lookup import subject_ids
from ssj_xlwings.vocabulary.quick import is_quick
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.values import percent

if TYPE_CHECKING:
    from pathlib import Path

    from ssj_xlwings.commands.preparing import Prepared
    from ssj_xlwings.lottery.draw import Drawn
    from ssj_xlwings.lottery.freeze import Frozen
    from ssj_xlwings.types import Request

HEAD = 8
"""How many digits of a fingerprint people read out."""


def freeze(request: Request) -> Outcome:
    """Fix pool, staff and plan, and commit to secrets. Refusal: unknown task, frozen already, a blocking finding in
    the task's scope, nobody in the pool, too few inspectors for a firm, an operator among the speakers.
    """
    view, now = request.view, request.now
    row, found = find_task(view, request.args["task"])
    number = found["number"] or numbers.task_numbers(view).get(row, "")
    if not number:
        raise Refusal(say.NO_DATES, task=found["name"])
    standing = log.state(request.log, number)
    if standing.event in say.ALREADY:
        raise Refusal(say.ALREADY[standing.event], task=found["name"], attempt=standing.attempt)
    speakers = request.args["speaker"]
    check_speakers(speakers, request.operator)
    ready = prepare(view, found["name"], clock.day(now), number)
    _refuse_findings(request, ready)
    if not ready.sifted.pool:
        raise Refusal(say.EMPTY_POOL, task=found["name"], why="；".join(_reasons(ready)) or say.NO_SUBJECTS)
    _refuse_shortage(ready)
    plan = plan_of(ready, slots=speakers, attempt=standing.next_attempt, before=log.head(request.log), frozen=clock.utc(now))
    request.progress(say.DIGESTING)
    frozen = freeze_pool(ready.sifted.pool, ready.sifted.excluded, ready.staff, ready.sifted.jurisdiction, plan,
                         request.entropy(32).hex(), request.entropy(32).hex())
    folder = record.folder(archive_of(request), f"{len(request.log) + 1:04d}", number)
    note = say.LOG_FROZEN.format(pool=len(frozen.rows), head=frozen.commitment[:HEAD])
    data = {
        **record.freeze_data(frozen), "slots": "、".join(speakers), "folder": folder.name, "name": found["name"],
        "host": request.args["host"] or "", "place": request.args["place"] or "", "witnesses": "、".join(request.args["witness"]),
    }
    entry = log.make(request.log, LogRow(number, codelists.FROZEN, plan.attempt, note, data), now, request.operator)
    return Outcome(
        message=say.FROZEN.format(task=found["name"], attempt=plan.attempt, pool=len(frozen.rows), out=len(frozen.excluded), head=frozen.commitment[:HEAD]),
        lines=[*_quota_lines(frozen), *_reasons(ready), say.WITNESSED if len(speakers) > 1 else say.UNWITNESSED],
        log=entry, folder=folder, files=record.freeze_files(frozen),
        changes=[] if found["number"] else [Patch("tasks", {(row, "number"): number})],
        next=say.NEXT_DRAW.format(book=book_of(request).name, task=found["name"], said=" ".join(f"--say {name}=六位数" for name in speakers)),
    )


def draw(request: Request) -> Outcome:
    """Write down what was said, then draw. Refusal: not frozen, drawn already, pool, staff or plan changed since
    the freeze, the sealed file lost, numbers that are not six digits or not the ones said before.
    """
    number, name = meant(request.view, request.log, request.args["task"])
    standing = log.state(request.log, number)
    if standing.event == codelists.DRAWN:
        raise Refusal(say.DRAWN_BEFORE, task=name, attempt=standing.attempt)
    if standing.event not in (codelists.FROZEN, codelists.SAID):
        raise Refusal(say.NOT_FROZEN, task=name)
    opened = log.data(standing.freeze)
    folder = archive_of(request) / opened["folder"]
    request.progress(say.DIGESTING)
    frozen = record.load_frozen(folder, opened["commitment"])
    said = _in_slots(frozen.open_plan["slots"], request.args["say"])
    check_said(frozen.open_plan["slots"], said)
    if standing.event == codelists.SAID:
        if log.data(standing.said) != record.said_data(frozen, said):
            raise Refusal(say.OTHER_NUMBERS, task=name, attempt=standing.attempt)
        return _complete(request, name, folder, frozen, said)
    if not is_quick(number):  # its rows may be gone: they were picked by hand, and what was picked is frozen
        refuse_changes(prepare(request.view, name, clock.day_of(frozen.open_plan["frozen"])), frozen)
    note = say.LOG_SAID.format(said="，".join(f"{name}={value}" for name, value in said))
    entry = log.make(request.log, LogRow(number, codelists.SAID, standing.attempt, note, record.said_data(frozen, said)), request.now, request.operator)
    return Outcome(message="", log=entry, then=lambda later: _complete(later, name, folder, frozen, said))


def _complete(request: Request, task: str, folder: Path, frozen: Frozen, said: list[tuple[str, str]]) -> Outcome:
    """The computation, from the frozen files and the said row alone; a failed one is repeated from the same inputs."""
    request.progress(say.COMPUTING)
    number, attempt = frozen.open_plan["tasks"][0], frozen.open_plan["attempt"]
    standing = log.state(request.log, number)
    if standing.said is None:
        raise RuntimeError("nothing was said yet")
    opened = log.data(standing.freeze)
    drawn = draw_lots(frozen, said)
    witnesses = opened["witnesses"].split("、") if opened["witnesses"] else []
    made = record.Made(clock.utc(request.now), opened["place"], opened["host"], witnesses, f"ssj-xlwings {__version__}")
    listed = settings.read(request.view["settings"])["winners"] == codelists.YES_NO[0] and not is_quick(number)
    names = names_of(request.view)
    kept = record.draw_json(folder, frozen, drawn, names, made, standing.said["hash"], listed)
    data = record.draw_data(kept, drawn, frozen.commitment)
    note = say.LOG_DRAWN.format(visits=len(drawn.visits), checks=drawn.checks)
    entry = log.make(request.log, LogRow(number, codelists.DRAWN, attempt, note, data), request.now, request.operator)
    if is_quick(number):
        return drawn_quickly(request, entry, folder, kept, record.draw_files(kept, frozen.inner, entry["hash"]))
    visits = [outcomes.Drawn(visit.no, visit.id, visit.items, visit.team) for visit in drawn.visits]
    strata = {row.id: row.stratum for row in frozen.rows}
    return Outcome(
        message=say.DRAWN.format(task=task, attempt=attempt, visits=len(drawn.visits), checks=drawn.checks, saved=drawn.saved),
        lines=_drawn_lines(drawn), log=entry, folder=folder, files=record.draw_files(kept, frozen.inner, entry["hash"]),
        changes=outcomes.changes(request.view, number, attempt, visits, strata),
        next=say.NEXT_PAPERS.format(book=book_of(request).name, task=task),
    )


def void(request: Request) -> Outcome:
    """Void the standing freeze or draw. It stays in the log, with stage, reason and approver, and is counted."""
    number, name = meant(request.view, request.log, request.args["task"])
    standing = log.state(request.log, number)
    if standing.event not in say.ALREADY:
        raise Refusal(say.NOTHING_TO_VOID, task=name)
    reason, explanation, approver = (request.args[name].strip() for name in ("reason", "explain", "approver"))
    if reason not in codelists.VOID_REASONS:
        raise Refusal(say.VOID_REASON, seen=reason, allowed="、".join(codelists.VOID_REASONS))
    if len(explanation) < 10:
        raise Refusal(say.VOID_SHORT, count=len(explanation))
    if not approver:
        raise Refusal(say.NO_BLANK, label=say.APPROVER)
    results = request.view["results"]
    checked = bool(((results["task"] == number) & (results["date"] != "")).any())
    stage = codelists.VOID_STAGES[codelists.EVENTS.index(standing.event) + (standing.event == codelists.DRAWN and checked)]
    data = {"stage": stage, "reason": reason, "explain": explanation, "approver": approver}
    note = say.LOG_VOIDED.format(stage=stage, reason=reason)
    entry = log.make(request.log, LogRow(number, codelists.VOIDED, standing.attempt, note, data), request.now, request.operator)
    return Outcome(
        message=say.VOIDED.format(task=name, attempt=standing.attempt, stage=stage), log=entry, changes=outcomes.voided(request.view, number),
        next="" if is_quick(number) else say.NEXT_FREEZE.format(book=book_of(request).name, task=name),
    )


def verify(request: Request) -> Outcome:
    """Do the protocol's steps in their order and say yes, or the first difference and where, and what was not checked."""
    place = request.args["record"]
    folder = place if place.is_dir() else place.parent
    kept = folder.parent / settings.LOG_FILE
    source = None
    if "subjects" in request.view.tables:
        subjects = request.view["subjects"]
        source = Source(subject_ids(subjects), source_digest(subjects))
    verdict = verify_record(folder, slip=request.args["slip"] or "", log=log.read(kept) if kept.exists() else None, source=source)
    lines = [say.STEP.format(no=step.no, title=step.title, result=step.result, sentence=step.sentence) for step in verdict.steps]
    first, *rest = verdict.summary
    return Outcome(message=say.VERDICT.format(answer=say.YES if verdict.ok else say.NO, sentence=first), lines=[*lines, *rest], status=0 if verdict.ok else 1)


def _refuse_findings(request: Request, ready: Prepared) -> None:
    """A blocking finding in the task's scope stops its freeze; those outside do not.

    An error in a column that the scope itself looks at concerns the task too: nobody can tell whether the firm is in it.
    """
    task, items = ready.task, request.view["items"]
    item_rows = {int(row) for row, code in zip(items.index, items["code"], strict=True) if code in task.items}
    found = checks.findings(request.view, clock.day(request.now))
    looked_at = {scope.column_of(condition).name for condition in task.conditions}
    unsure = {finding.at.row for finding in found if finding.at.table == "subjects" and finding.at.column in looked_at}
    blocking = checks.blocking(found, task.row, ready.sifted.sheet_rows | unsure, item_rows, task.scope_rows, task.rate_rows)
    if blocking:
        first = blocking[0]
        raise Refusal(say.TASK_BLOCKED, count=len(blocking), cell=request.args["cell"](first.at), problem=first.problem(), remedy=first.remedy())


def _refuse_shortage(ready: Prepared) -> None:
    sifted = ready.sifted
    short = teams.shortages(sifted.pool, ready.staff, dict(sifted.jurisdiction), ready.task.end, ready.team)
    if short:
        first = short[0]
        raise Refusal(say.SHORTAGE, unit=first.unit, items="、".join(first.items), need=first.need, have=first.have,
                      example=first.example, until=ready.task.end, more=len(short) - 1)


def _in_slots(slots: list[str], pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs in slot order, whatever the order they were typed in; unknown or missing names are left to the check."""
    place = {name: at for at, name in enumerate(slots)}
    return sorted(pairs, key=lambda pair: place.get(pair[0], len(slots)))


def _quota_lines(frozen: Frozen) -> list[str]:
    """How many of how many beside the rate, for every item and stratum that has firms; strata drawn whole are named."""
    from ssj_xlwings.lottery.plan import quota

    inner = frozen.inner_plan
    lines = []
    for item in frozen.open_plan["items"]:
        for stratum, size in sorted(inner["strata"].items()):
            rate = inner["rates"][item][stratum]
            count = quota(size, rate, inner["minimum"])
            shown = percent(rate) if isinstance(rate, str) else say.FIXED.format(count=rate["n"])
            whole = say.WHOLE if count == size else ""
            lines.append(say.QUOTA_LINE.format(item=item, stratum=stratum, size=size, drawn=count, rate=shown, whole=whole))
    return lines


def _drawn_lines(drawn: Drawn) -> list[str]:
    shown = [say.VISIT_LINE.format(no=visit.no, id=visit.id, items="、".join(visit.items)) for visit in drawn.visits[:10]]
    return [*shown, say.AND_MORE.format(count=len(drawn.visits) - 10)] if len(drawn.visits) > 10 else shown


def _reasons(ready: Prepared) -> list[str]:
    counts: dict[str, int] = {}
    for _, reason in ready.sifted.excluded:
        counts[reason] = counts.get(reason, 0) + 1
    return [say.OUT_LINE.format(reason=reason, count=count) for reason, count in sorted(counts.items())]
