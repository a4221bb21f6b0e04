"""核验 and 核验网页: whatever is given is checked, by the program or by one page (draw protocol, Verifying)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ssj_xlwings.lottery import files, log, record
from ssj_xlwings.lottery.audit import verify_log
from ssj_xlwings.lottery.candidates import source_digest, units_of
from ssj_xlwings.lottery.digest import parse
from ssj_xlwings.lottery.meter import checked_days
from ssj_xlwings.lottery.page import file as page_file
from ssj_xlwings.lottery.public import verify_public
from ssj_xlwings.lottery.receipt import verify_receipt
from ssj_xlwings.lottery.verify import Source
from ssj_xlwings.lottery.verify import verify as verify_record
from ssj_xlwings.types import Outcome, Refusal
from ssj_xlwings.vocabulary import settings
from ssj_xlwings.vocabulary.lookup import records, subject_ids
from ssj_xlwings.vocabulary.sentences import draw as words
from ssj_xlwings.vocabulary.sentences import proof as say
from ssj_xlwings.vocabulary.sentences.lottery import VOIDED_LATER

if TYPE_CHECKING:
    from ssj_xlwings.lottery.verdict import Verdict
    from ssj_xlwings.types import Request


def verify(request: Request) -> Outcome:
    """Say yes, or the first difference and where, and what was not checked, of whatever is given: a draw record, a
    public record, a receipt with its public record, or a workbook, whose log is walked from its first row.
    """
    place, slip = request.args["record"], request.args["slip"] or ""
    if settings.is_workbook(place):
        options = settings.read(request.view["settings"])
        return _answer(verify_log(records(request.view["log"]), settings.archive(place, options), slip))
    kind = _kind(place)
    if kind == "public":
        return _answer(verify_public(files.load(place / record.PUBLIC if place.is_dir() else place), slip))
    if kind == "receipt":
        beside = request.args["public"] or place.parent / record.PUBLIC
        if not beside.exists():
            raise Refusal(say.RECEIPT_NEEDS_PUBLIC, file=place.name)
        return _answer(verify_receipt(files.load(place), files.load(beside), slip, place.name))
    folder = place if place.is_dir() else place.parent
    kept = folder.parent / settings.LOG_FILE
    source = None
    if "subjects" in request.view.tables:
        subjects = request.view["subjects"]
        source = Source(
            subject_ids(subjects), source_digest(subjects), subjects, checked_days(request.view), dict(units_of(request.view)), set(request.view["log"]["hash"]),
        )
    return _answer(verify_record(folder, slip=slip, log=log.read(kept) if kept.exists() else None, source=source))


def _kind(place: Path) -> str:
    """What a file is, by its name or else by what it holds: a draw record, a public record, a receipt. Refusal for anything else."""
    if place.is_dir():
        found = next((name for name in (record.DRAW, record.PUBLIC, record.FROZEN, settings.LOG_FILE) if (place / name).is_file()), "")
        if found in (record.DRAW, record.PUBLIC):
            return "record" if found == record.DRAW else "public"
        raise Refusal({record.FROZEN: say.ONLY_FROZEN, settings.LOG_FILE: say.WHOLE_ARCHIVE}.get(found, say.NOT_OUR_FOLDER), path=place)
    if place.name == record.PUBLIC:
        return "public"
    if place.name in (record.DRAW, record.REPLACE, *record.KEPT):
        return "record"
    if not place.is_file() or place.suffix.lower() != ".json":
        raise Refusal(say.NOT_OURS, path=place)
    value = parse(files.decode(files.load(place), place.name), place.name, between="\t")
    keys = set(value) if isinstance(value, dict) else set()
    if "verdict" in keys:
        return "receipt"
    if keys & {"inner_digest", "voided"}:
        return "public"
    raise Refusal(say.NOT_OURS, path=place)


def _answer(verdict: Verdict) -> Outcome:
    lines = [words.STEP.format(no=step.no, title=step.title, result=step.result, sentence=step.sentence) for step in verdict.steps]
    first, *rest = verdict.summary
    undone = "、".join(verdict.open)
    answer = words.NO if not verdict.ok else words.YES_BUT.format(steps=undone) if undone else words.YES
    voided = any(VOIDED_LATER in step.sentence for step in verdict.steps)
    message = words.VERDICT.format(answer=answer, sentence=(VOIDED_LATER if voided else "") + first)
    return Outcome(message=message, lines=[*lines, *rest], status=0 if verdict.ok else 1)


def page(request: Request) -> Outcome:
    """The verifier page, one file without network."""
    return Outcome(message=say.PAGE_MADE, folder=Path(request.args["out"]), files=[page_file()])
