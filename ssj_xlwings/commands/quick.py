"""现场快抽: rows picked on any sheet, an ordinary draw with one stratum, one item and no staff (draw protocol, end of Steps)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ssj_xlwings.commands import panel
from ssj_xlwings.commands.picking import chosen_from, row_numbers
from ssj_xlwings.commands.preparing import archive_of, book_of
from ssj_xlwings.commands.standing import QUICKLY, check_speakers
from ssj_xlwings.lottery import files, log, pool, record
from ssj_xlwings.lottery.freeze import freeze
from ssj_xlwings.lottery.plan import Plan
from ssj_xlwings.papers.attempts import Attempt
from ssj_xlwings.papers.quick import quick_record
from ssj_xlwings.papers.slips import Drawn
from ssj_xlwings.types import LogRow, Outcome, Refusal
from ssj_xlwings.vocabulary import clock, codelists, settings
from ssj_xlwings.vocabulary.lookup import subject_ids
from ssj_xlwings.vocabulary.quick import ITEM, STRATUM, prefix
from ssj_xlwings.vocabulary.sentences import draw as words
from ssj_xlwings.vocabulary.sentences import papers as printed
from ssj_xlwings.vocabulary.sentences import quick as say
from ssj_xlwings.vocabulary.tables import PANEL
from ssj_xlwings.vocabulary.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from ssj_xlwings.commands.picking import Chosen
    from ssj_xlwings.lottery.freeze import Frozen
    from ssj_xlwings.types import File, Request, Row, View

HEAD = 8
SHOWN = 10


def quick(request: Request) -> Outcome:
    """Freeze the visible rows among those picked. Args: sheet, rows, take, purpose, speaker, column, host, place, witness, dry_run.

    Refusal: no such sheet or column, row numbers that cannot be read, nothing left, fewer than are to be drawn, an operator
    among the speakers. The draw is then `draw` with the number said here.
    """
    args = request.args
    check_speakers(args["speaker"], request.operator, QUICKLY)
    take = _take(str(args["take"]))
    sheet, numbers = args["sheet"].strip(), row_numbers(args["rows"])
    chosen = chosen_from(request, sheet, numbers, args["column"] or "")
    shown = _lines(request, chosen)
    if not chosen.pool:
        raise Refusal(say.NOTHING_PICKED, rows=len(numbers), hidden=len(chosen.hidden), blank=chosen.blank)
    if take > len(chosen.pool):
        raise Refusal(say.TOO_MANY, pool=len(chosen.pool), take=take)
    if args["dry_run"]:
        return Outcome(message=say.PREVIEW.format(pool=len(chosen.pool), take=take), lines=shown)
    today = _today(request, chosen.pool)
    frozen = _frozen(request, chosen, take, f"{today[0] + 1:02d}")
    return _outcome(request, chosen, frozen, take, today, shown)


def _outcome(request: Request, chosen: Chosen, frozen: Frozen, take: int, today: tuple[int, int], shown: list[str]) -> Outcome:
    args, (number,) = request.args, frozen.open_plan["tasks"]
    folder = record.folder(archive_of(request), f"{len(request.log) + 1:04d}", number)
    data = {
        **record.freeze_data(frozen), "slots": "、".join(args["speaker"]), "folder": folder.name, "name": args["purpose"].strip(), "host": args["host"] or "",
        "place": args["place"] or "", "witnesses": "、".join(args["witness"]), "sheet": args["sheet"].strip(), "rows": args["rows"].strip(), "take": str(take),
        "scope": say.OPERATOR_CHOSE.format(sheet=args["sheet"].strip(), rows=args["rows"].strip()),
        "hidden": str(len(chosen.hidden)), "blank": str(chosen.blank), "today": str(today[0] + 1), "overlapping": str(today[1]),
    }
    head = frozen.commitment[:HEAD]
    note = say.LOG_FROZEN.format(pool=len(chosen.pool), take=take, head=head)
    entry = log.make(request.log, LogRow(number, codelists.FROZEN, 1, note, data), request.now, request.operator)
    slip = paper(request.view, request.now, [*request.log, entry], number)
    return Outcome(
        message=say.FROZEN.format(name=data["name"], number=number, pool=len(chosen.pool), take=take, head=head),
        lines=[*shown, say.TODAY.format(count=today[0] + 1, overlapping=today[1]), words.WITNESSED if len(args["speaker"]) > 1 else words.UNWITNESSED],
        log=entry, folder=folder, files=[*record.freeze_files(frozen), slip],
        changes=[panel.laid(request.view, request.log, entry)], show=PANEL.name, opens=[slip.name],
        next=say.NEXT.format(book=book_of(request).name, number=number, said=" ".join(f"--say {name}=六位数" for name in args["speaker"])),
    )


def _frozen(request: Request, chosen: Chosen, take: int, count: str) -> Frozen:
    args, today = request.args, clock.day(request.now)
    source = say.SOURCE.format(purpose=args["purpose"].strip(), sheet=args["sheet"].strip(), rows=args["rows"].strip())
    plan = Plan(
        bureau=settings.read(request.view["settings"])["bureau"], tasks=[f"{prefix(today)}{count}"], items=[ITEM], source=source,
        window=(today.isoformat(), today.isoformat()), slots=args["speaker"], attempt=1, before=log.head(request.log), frozen=clock.utc(request.now),
        mode=say.MODE, alternates=0, rates={ITEM: {STRATUM: {"n": take}}}, minimum=0, source_digest=chosen.digest,
    )
    rows = [pool.PoolRow(id_, STRATUM, (ITEM,)) for id_ in chosen.pool]
    return freeze(rows, [(id_, say.HIDDEN) for id_ in chosen.hidden], [], [], plan, request.entropy(32).hex(), request.entropy(32).hex())


def _take(text: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,6}", text.strip()):
        raise Refusal(say.BAD_TAKE, seen=text)
    return int(text)


def _today(request: Request, ids: Iterable[str]) -> tuple[int, int]:
    """How many quick draws this book had today before this one, and how many of them overlap with it. Voided ones count."""
    earlier = _of_day(request.log, clock.day(request.now))
    return len(earlier), len(overlapping(archive_of(request), earlier, ids))


def overlapping(archive: Path, rows: Iterable[Row], ids: Iterable[str]) -> list[str]:
    """Those of the freezes (rows of the log) whose list has one of these ids too, by their numbers; one whose list is lost is among them."""
    wanted, found = {folded(id_) for id_ in ids}, list[str]()
    for row in rows:
        file = archive / log.data(row)["folder"] / pool.FILE
        if not file.exists() or any(folded(line.id) in wanted for line in pool.read(files.load(file))):
            found.append(row["task"])
    return found


def _of_day(rows: Iterable[Row], day: date) -> list[Row]:
    return [row for row in rows if row["event"] == codelists.FROZEN and row["task"].startswith(prefix(day))]


def _lines(request: Request, chosen: Chosen) -> list[str]:
    args = request.args
    head = say.PICKED.format(sheet=args["sheet"].strip(), rows=args["rows"].strip(), pool=len(chosen.pool), take=args["take"])
    listed = [say.LISTED.format(number=number, id=id_) for number, id_ in enumerate(chosen.pool[:SHOWN], 1)]
    more = [say.MORE.format(count=len(chosen.pool) - SHOWN)] if len(chosen.pool) > SHOWN else []
    twins = [say.TWINS.format(count=len(chosen.twins), ids="、".join(chosen.twins))] if chosen.twins else []
    headings = [say.HEADINGS.format(count=chosen.headings)] if chosen.headings else []
    return [head, *listed, *more, *twins, *headings, say.COUNTED.format(visible=len(chosen.pool), hidden=len(chosen.hidden), blank=chosen.blank)]


def names_of(view: View, ids: set[str]) -> dict[str, str]:
    """Id → name of those that stand in our own tables."""
    subjects, people = view["subjects"], view["inspectors"]
    items = dict(zip(view["items"]["code"], view["items"]["name"], strict=True))
    firms = {id_: name for id_, name in zip(subject_ids(subjects), subjects["name"].tolist(), strict=True) if id_ in ids}
    return items | dict(zip(people["id"], people["name"], strict=True)) | firms


def drawn_quickly(request: Request, entry: Row, folder: Path, kept: Mapping[str, Any], made: Sequence[File]) -> Outcome:
    """What a draw comes to when it was a quick one: its files and the paper; no row of any table but the log. `kept`: the draw record."""
    sheet = paper(request.view, request.now, [*request.log, entry], entry["task"], kept)
    name = log.data(log.state(request.log, entry["task"]).freeze)["name"]
    return Outcome(
        message=say.DRAWN.format(name=name, number=entry["task"], count=len(kept["visits"]), file=sheet.name),
        lines=[say.WINNER.format(no=visit["no"], name=winner(visit)) for visit in kept["visits"]], log=entry, folder=folder, files=[*made, sheet], opens=[sheet.name],
    )


def print_quickly(request: Request, number: str) -> Outcome:
    """The page again. Refusal if the draw was voided, or its record is not the one whose digest the log holds."""
    state = log.state(request.log, number)
    name = log.data(state.freeze)["name"]
    if state.event == codelists.VOIDED:
        raise Refusal(printed.VOIDED, task=name, attempt=state.attempt)
    kept = None if state.draw is None else _kept(archive_of(request), state)
    sheet = paper(request.view, request.now, request.log, number, kept)
    return Outcome(say.DONE.format(name=name), folder=request.args["out"], files=[sheet], opens=[sheet.name])


def drawn_ids(archive: Path, state: log.State) -> list[tuple[int, str]]:
    """(number in calling order, id) of all that were drawn. Refusal if the record is lost, or not the one of the log."""
    return [(visit["no"], visit["id"]) for visit in _kept(archive, state)["visits"]]


def _kept(archive: Path, state: log.State) -> Mapping[str, Any]:
    return record.load_draw(archive / log.data(state.freeze)["folder"], state.draw or {})


def winner(visit: Mapping[str, Any]) -> str:
    """The drawn one as people call it: its name, with the code where the two differ."""
    return visit["id"] if visit["name"] == visit["id"] else say.ENTRY_WITH_ID.format(name=visit["name"], id=visit["id"])


def paper(view: View, now: datetime, rows: Sequence[Row], number: str, kept: Mapping[str, Any] | None = None) -> File:
    """The one page of a quick draw, before or after it was drawn. `kept`: the draw record."""
    state = log.state(rows, number)
    if state.freeze is None:
        raise RuntimeError(f"{number} was never frozen")
    attempt = Attempt(state.freeze, state.said, state.draw)
    drawn = None if kept is None else Drawn(
        [(name, value) for name, value in kept["said"]], kept["nonce"], kept["seed"], len(kept["visits"]), kept["checks"], kept["saved"],
        {name: value for name, value in kept["made"].items() if isinstance(value, str)}, log.data(state.draw)["record"],
    )
    winners = [winner(visit) for visit in kept["visits"]] if kept else []
    return quick_record(settings.read(view["settings"])["bureau"], now, attempt, drawn, winners)
