"""Draw and void: the ceremony after the freeze (draw protocol, Steps)."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from ssj_xlwings.commands import outcomes, panel, recorded, voids
from ssj_xlwings.commands.merging import Joining, join, manning
from ssj_xlwings.commands.papers import certified
from ssj_xlwings.commands.preparing import archive_of, book_of, prepare
from ssj_xlwings.commands.quick import drawn_quickly
from ssj_xlwings.commands.shared import shared_data
from ssj_xlwings.commands.standing import QUICKLY, SPEAKERS, check_speakers, given_reason, refuse_own_approval
from ssj_xlwings.commands.standing import standing as standing_of
from ssj_xlwings.commands.unchanged import refuse_changes
from ssj_xlwings.lottery import log, page, record, show, voided
from ssj_xlwings.lottery.digest import parse
from ssj_xlwings.lottery.draw import draw as draw_lots
from ssj_xlwings.lottery.said import check_said
from ssj_xlwings.types import LogRow, Outcome, Refusal
from ssj_xlwings.vocabulary import clock, codelists
from ssj_xlwings.vocabulary.quick import is_quick
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.sentences import panel as panel_words
from ssj_xlwings.vocabulary.tables import PANEL
from ssj_xlwings.vocabulary.values import typed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ssj_xlwings.lottery.draw import Drawn
    from ssj_xlwings.lottery.freeze import Frozen
    from ssj_xlwings.types import Request, Row


def draw(request: Request) -> Outcome:
    """Write down what was said, then draw. Without `say` the numbers stand in the panel 现场抽取; where it lacks this freeze
    it is laid anew and nothing is drawn. Refusal: not frozen, drawn already, pool, staff or plan changed since the freeze,
    the sealed file lost, numbers that are missing, not six digits or not the ones said before.
    """
    _, found, number, standing = standing_of(request, request.args["task"])
    name = found["name"]
    if standing.event == codelists.DRAWN:
        raise Refusal(say.DRAWN_BEFORE, task=name, attempt=standing.attempt)
    if standing.event not in (codelists.FROZEN, codelists.SAID):
        raise Refusal(say.NOT_FROZEN, task=name)
    freeze: Row = standing.freeze or {}
    opened = log.data(freeze)
    folder = archive_of(request) / opened["folder"]
    request.progress(say.DIGESTING)
    frozen = record.load_frozen(folder, opened["commitment"])
    slots = frozen.open_plan["slots"]
    check_speakers(slots, request.operator, QUICKLY if is_quick(number) else SPEAKERS)
    said = _in_slots(slots, request.args["say"]) or _recorded(standing.said) or panel.said(request, freeze, slots)
    if not said:
        return Outcome(panel_words.LAID.format(sheet=PANEL.sheet, task=name, attempt=standing.attempt), status=1, show=PANEL.name,
                       changes=[panel.laid(request.view, request.log, freeze)])
    check_said(slots, said)
    if standing.event == codelists.SAID:
        if log.data(standing.said) != record.said_data(frozen, said):
            raise Refusal(say.OTHER_NUMBERS, task=name, attempt=standing.attempt)
        return _complete(request, name, folder, frozen, said)
    number, *others = log.tasks_of(freeze)
    if not is_quick(number):  # its rows may be gone: they were picked by hand, and what was picked is frozen
        refuse_changes(prepare(request.view, [number, *others], clock.day(frozen.open_plan["frozen"])), frozen, folder, request.view["subjects"])
    note = say.LOG_SAID.format(said="，".join(f"{who}={value}" for who, value in said))
    entry = log.make(request.log, LogRow(number, codelists.SAID, standing.attempt, note, record.said_data(frozen, said)), request.now, request.operator)
    lines = [panel_words.TASK_LINE.format(task=panel.title(freeze), number=number, attempt=standing.attempt), *(panel_words.LINE.format(name=who, said=value) for who, value in said)]
    return Outcome(message="", lines=lines, log=entry, then=lambda later: _complete(later, name, folder, frozen, said))


def _complete(request: Request, task: str, folder: Path, frozen: Frozen, said: list[tuple[str, str]]) -> Outcome:
    """The computation, from the frozen files and the said row alone; a failed one is repeated from the same inputs."""
    request.progress(say.COMPUTING)
    attempt, plan = frozen.open_plan["attempt"], frozen.open_plan
    standing = log.state(request.log, plan["tasks"][0])
    if standing.said is None:
        raise RuntimeError("nothing was said yet")
    freeze: Row = standing.freeze or {}
    number, opened = standing.said["task"], log.data(freeze)
    drawn = draw_lots(frozen, said)
    kept, shown = recorded.made(request.view, standing, len(request.log) + 1, request.now, folder, frozen, drawn)
    apart = given_reason(request.args, "draw", "no_merge")
    joined = Joining([], [], apart) if is_quick(number) else join(
        request.view, request.log, plan["window"], plan["tasks"], drawn.visits, manning(frozen, drawn), apart)
    data = {**record.draw_data(kept, drawn, frozen.commitment), "show": sha256(shown).hexdigest(), **joined.data()}
    note = say.LOG_DRAWN.format(visits=len(drawn.visits), checks=drawn.checks)
    entry = log.make(request.log, LogRow(number, codelists.DRAWN, attempt, note, data), request.now, request.operator)
    files = [*record.draw_files(kept, frozen.inner, entry["hash"]), show.file(shown)]
    over = panel.drawn(request.view, [*request.log, entry], freeze, said)
    told = parse(kept.decode(), record.DRAW, between="\t")
    if is_quick(number):
        quickly = drawn_quickly(request, entry, folder, told, files)
        return replace(quickly, changes=[over], opens=[*quickly.opens, files[-1].name])
    paper = certified(request.view, request.now, [*request.log, entry], told)
    winners = {visit.id for visit in drawn.visits}
    visits = [outcomes.Drawn(visit.no, visit.id, visit.items, visit.team) for visit in drawn.visits]
    strata = {row.id: row.stratum for row in frozen.rows if row.id in winners}
    return Outcome(
        message=say.DRAWN.format(task=task, attempt=attempt, visits=len(drawn.visits), checks=drawn.checks, saved=drawn.saved),
        lines=[*_drawn_lines(drawn, {visit["id"]: visit["name"] for visit in told["visits"]}), *joined.lines(), say.SIGN.format(file=paper.name)], log=entry, folder=folder,
        files=[*files, page.file(), paper], changes=[*outcomes.changes(request.view, outcomes.Draw(number, attempt, opened, joined.merged, joined.above), visits, strata), over],
        opens=[paper.name, files[-1].name],  # the show last: it stands in front
        next=say.NEXT_PAPERS.format(book=typed(book_of(request).name), task=typed(task)),
    )


def void(request: Request) -> Outcome:
    """Void the standing freeze or draw. It stays in the log, with stage, reason and approver, and is counted."""
    _, found, number, standing = standing_of(request, request.args["task"])
    name = found["name"]
    if standing.event == codelists.VOIDED:
        raise Refusal(say.VOIDED_BEFORE, task=name, attempt=standing.attempt)
    if standing.event not in say.ALREADY:
        raise Refusal(say.NOTHING_TO_VOID, task=name)
    reason, explanation, approver = (request.args[name].strip() for name in ("reason", "explain", "approver"))
    if reason not in codelists.VOID_REASONS:
        raise Refusal(say.VOID_REASON, seen=reason, allowed="、".join(codelists.VOID_REASONS))
    if len(explanation) < 10:
        raise Refusal(say.VOID_SHORT, count=len(explanation))
    if not approver:
        raise Refusal(say.NO_BLANK, label=say.APPROVER)
    refuse_own_approval(request)
    tasks, results = log.tasks_of(standing.freeze or {}), request.view["results"]
    mine = results["task"].isin(tasks) & (results["attempt"] == str(standing.attempt))
    checked = bool((mine & (results["date"] != "")).any())
    stage = codelists.VOID_STAGES[codelists.EVENTS.index(standing.event) + (standing.event == codelists.DRAWN and checked)]
    left = voids.leaving(request.view, tasks, standing.attempt)
    firms = len({one.id for one in left})
    data = {"stage": stage, "reason": reason, "explain": explanation, "approver": approver, **shared_data(left)}
    note = say.LOG_VOIDED.format(stage=stage, reason=reason) + (say.LOG_LEFT.format(count=firms) if firms else "")
    published = int(request.view["roster"]["task_number"].isin(tasks).sum())
    entry = log.make(request.log, LogRow(tasks[0], codelists.VOIDED, standing.attempt, note, data), request.now, request.operator)
    told = voided.told([*request.log, entry], entry, archive_of(request))
    return Outcome(
        message=say.VOIDED.format(task=name, attempt=standing.attempt, stage=stage), log=entry, folder=told.folder, files=told.files,
        lines=[*([say.LEFT_SHARED.format(count=firms)] if firms else []), *([say.WITHDRAWN.format(count=published)] if published else []), say.NOT_TOLD.format(why=told.why) if told.why else say.TOLD],
        changes=[*voids.changes(request.view, tasks, standing.attempt, left), *panel.cleared(request.view, [*request.log, entry], standing.freeze or {})],
        next="" if is_quick(number) else say.NEXT_FREEZE.format(book=typed(book_of(request).name), task=typed(name)),
    )


def _in_slots(slots: list[str], pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs in slot order, whatever the order they were typed in; unknown or missing names are left to the check."""
    place = {name: at for at, name in enumerate(slots)}
    return sorted(pairs, key=lambda pair: place.get(pair[0], len(slots)))


def _recorded(said: Row | None) -> list[tuple[str, str]]:
    """The numbers that were written down already: an interrupted draw is finished with them."""
    return [(who, value) for who, value in json.loads(log.data(said)["said"])] if said else []


def _drawn_lines(drawn: Drawn, names: Mapping[str, str]) -> list[str]:
    shown = [say.VISIT_LINE.format(no=visit.no, id=visit.id, name=names.get(visit.id, ""), items="、".join(visit.items)) for visit in drawn.visits[:10]]
    return [*shown, say.AND_MORE.format(count=len(drawn.visits) - 10)] if len(drawn.visits) > 10 else shown
