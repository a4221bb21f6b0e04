"""核验 and 核验网页: whatever is given is checked, by the program or by one page (draw protocol, Verifying)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ssj_xlwings.lottery import files, log, record
from ssj_xlwings.lottery.audit import verify_log
from ssj_xlwings.lottery.candidates import source_digest
from ssj_xlwings.lottery.digest import parse
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
        source = Source(subject_ids(subjects), source_digest(subjects), subjects)
    return _answer(verify_record(folder, slip=slip, log=log.read(kept) if kept.exists() else None, source=source))


def _kind(place: Path) -> str:
    """What a file is, by what it holds: a public record, a receipt, else a draw record, which says itself what it lacks."""
    if place.is_dir():
        return "record" if (place / record.DRAW).exists() or not (place / record.PUBLIC).exists() else "public"
    if place.name in (record.PUBLIC, record.DRAW):
        return "public" if place.name == record.PUBLIC else "record"
    text = files.decode(files.load(place), place.name)
    found = parse(text, place.name, between="\t") if text.lstrip().startswith("{") else {}
    return "receipt" if "verdict" in found else "public" if "inner_digest" in found else "record"


def _answer(verdict: Verdict) -> Outcome:
    lines = [words.STEP.format(no=step.no, title=step.title, result=step.result, sentence=step.sentence) for step in verdict.steps]
    first, *rest = verdict.summary
    undone = "、".join(step.title for step in verdict.undone)
    answer = words.NO if not verdict.ok else words.YES_BUT.format(steps=undone) if undone else words.YES
    voided = any(VOIDED_LATER in step.sentence for step in verdict.steps)
    message = words.VERDICT.format(answer=answer, sentence=(VOIDED_LATER if voided else "") + first)
    return Outcome(message=message, lines=[*lines, *rest], status=0 if verdict.ok else 1)


def page(request: Request) -> Outcome:
    """The verifier page, one file without network."""
    return Outcome(message=say.PAGE_MADE, folder=Path(request.args["out"]), files=[page_file()])
