"""The log of a workbook from its first row: line by line, chain, sheet, order of events, and the files it speaks of."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from ssj_xlwings.lottery import files, log, record, replace, voided
from ssj_xlwings.lottery.freeze import plan_digests
from ssj_xlwings.lottery.verdict import Undone, Verdict, steps_of
from ssj_xlwings.lottery.verify import on_paper
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary import codelists, settings
from ssj_xlwings.vocabulary.quick import is_quick
from ssj_xlwings.vocabulary.sentences import lottery as words
from ssj_xlwings.vocabulary.sentences import proof as say
from ssj_xlwings.vocabulary.sentences import show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ssj_xlwings.types import Row

BEFORE = {
    codelists.FROZEN: ("", codelists.VOIDED), codelists.SAID: (codelists.FROZEN,), codelists.DRAWN: (codelists.SAID,),
    codelists.VOIDED: (codelists.FROZEN, codelists.SAID, codelists.DRAWN), codelists.REPLACED: (codelists.DRAWN,),
    codelists.RECEIPT: (codelists.DRAWN,), codelists.ADOPTED: (codelists.DRAWN,),
}
"""Which step of a ceremony an event may follow; an event that is not named may stand anywhere."""
HEAD = 8


@dataclass(slots=True)
class Books:
    """The log sheet of a workbook (rows in any order), the archive folder beside it, and what somebody read off a signed
    paper; `rows`: of the log file.
    """

    sheet: Sequence[Row]
    archive: Path
    paper: str = ""
    rows: Sequence[Row] = field(default_factory=list)


def verify_log(sheet: Sequence[Row], archive: Path, paper: str = "") -> Verdict:
    """Whether the log is whole. `paper`: the fingerprint of a row, or a commitment, as a signed paper prints it, or its
    first 8 digits or more. A difference is a step with 否, naming the first broken row, not an error.
    """
    return Verdict(steps_of(say.BOOK_TITLES, STEPS, Books(sheet, archive, on_paper(paper))), say.PROVES_LOG, say.CANNOT_LOG, say.REMADE_LOG)


def _paper(books: Books) -> str:
    """The printed fingerprint is in the log: a tail cut off from log file and sheet alike shows only here."""
    if not books.paper:
        raise Undone(say.NO_PAPER)
    for row in books.rows:
        what = say.PAPER_ROW if row["hash"].startswith(books.paper) else say.PAPER_COMMITMENT if log.data(row).get("commitment", "").startswith(books.paper) else ""
        if what:
            return what.format(digits=len(books.paper), row=row["seq"], event=row["event"], after=len(books.rows) - int(row["seq"]))
    raise Refusal(say.PAPER_UNKNOWN, seen=books.paper, rows=len(books.rows))


def _file(books: Books) -> str:
    books.rows = log.read(books.archive / settings.LOG_FILE)
    return say.OK_FILE.format(file=settings.LOG_FILE, rows=len(books.rows))


def _walk(books: Books) -> str:
    broken = log.walk(books.rows)
    if broken:
        raise Refusal(words.LOG_BROKEN, row=broken[0], why=broken[1])
    return say.OK_WALK.format(rows=len(books.rows), head=log.head(books.rows)[:HEAD]) if books.rows else say.OK_EMPTY


def _sheet(books: Books) -> str:
    missing = log.compare(books.sheet, books.rows)
    if missing:
        raise Undone(say.SHEET_BEHIND.format(sheet=len(books.rows) - len(missing), file=len(books.rows)))
    return say.OK_SHEET


def _order(books: Books) -> str:
    """Each task freezes, says and draws in that order; a new freeze follows a void and carries a higher number."""
    standing: dict[str, tuple[str, int]] = {}
    together: dict[tuple[str, str], list[str]] = {}  # (leading task, attempt) → all tasks of that draw
    counts = dict.fromkeys(codelists.EVENTS, 0)
    tasks = set[str]()  # quick draws that were made tasks: each once
    for number, row in enumerate(books.rows, 1):
        event, attempt, key = row["event"], int(row["attempt"]), (row["task"], row["attempt"])
        if event not in BEFORE:
            continue
        counts[event] += 1
        if event == codelists.ADOPTED:
            if row["task"] in tasks or not is_quick(row["task"]):
                raise Refusal(say.ORDER_WRONG, row=number, task=row["task"], attempt=attempt, event=event, before=event if row["task"] in tasks else say.NO_QUICK)
            tasks.add(row["task"])
        if event == codelists.VOIDED:
            _answered_for(number, row)
        frozen = event == codelists.FROZEN
        if frozen:
            together[key] = log.tasks_of(row)
        for task in together.get(key, [row["task"]]):
            before, last = standing.get(task, ("", 0))
            if before not in BEFORE[event] or not (attempt > last if frozen else attempt == last):
                raise Refusal(say.ORDER_WRONG, row=number, task=task, attempt=attempt, event=event, before=before or say.NOTHING_BEFORE)
            if event in log.STEPS:
                standing[task] = event, attempt
    return say.OK_ORDER.format(
        tasks=len(standing), attempts=counts[codelists.FROZEN], voided=counts[codelists.VOIDED], receipts=counts[codelists.RECEIPT])


def _answered_for(number: int, row: Row) -> None:
    """A void says why, explains it, and names who approved it."""
    told = log.data(row)
    for key, label in say.VOID_PARTS.items():
        if not told.get(key):
            raise Refusal(say.VOID_LACKS, row=number, task=row["task"], attempt=row["attempt"], label=label)


def _archive(books: Books) -> str:
    folders: dict[tuple[str, str], str] = {}
    seen: dict[tuple[str, str], set[str]] = {}
    draws: dict[tuple[str, str], Row] = {}
    for number, row in enumerate(books.rows, 1):
        key = row["task"], row["attempt"]
        if row["event"] == codelists.FROZEN:
            folders[key] = log.data(row)["folder"]
            _there(books, number, folders[key], record.FROZEN)
        elif row["event"] == codelists.DRAWN:
            draws[key] = row
            _kept(books, number, folders[key], row)
            _shown(books, number, folders[key], log.data(row).get("show", ""))
        elif row["event"] == codelists.ADOPTED:
            drawn = record.load_draw(books.archive / folders[key], draws[key])
            if {id_ for _, id_, _ in json.loads(log.data(row)["firms"])} != {visit["id"] for visit in drawn["visits"]}:
                raise Refusal(say.ADOPTED_OTHERS, row=number, path=books.archive / folders[key] / record.DRAW)
        elif row["event"] == codelists.VOIDED and codelists.DRAWN not in seen[key]:
            _told(books, number, folders[key], row)
        seen.setdefault(key, set()).add(row["event"])
    strange = log.unknown_folders(books.rows, books.archive)
    if strange:
        raise Refusal(say.ARCHIVE_UNKNOWN, folder=strange[0])
    left = next(traces(books.rows, books.archive), None)
    if left:
        raise Refusal(say.ARCHIVE_NEWER, path=left)
    return say.OK_ARCHIVE.format(draws=len(draws))


def traces(rows: Sequence[Row], archive: Path) -> Iterator[Path]:
    """Files of the archive that speak of an event which the log does not know: each row is written before its files, so the
    log lost its tail. A draw leaves draw.json, a void its mark in public.json, a replacement its lines in replace.tsv.
    """
    events: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        events.setdefault((row["task"], row["attempt"]), set()).add(row["event"])
    for row in rows:
        if row["event"] != codelists.FROZEN:
            continue
        opened, known = log.data(row), events[row["task"], row["attempt"]]
        place = archive / opened["folder"]
        table = place / record.REPLACE
        if codelists.DRAWN not in known and (place / record.DRAW).exists():
            yield place / record.DRAW
        if not known & {codelists.DRAWN, codelists.VOIDED} and (place / record.PUBLIC).exists():
            yield place / record.PUBLIC
        if (files.load(table) if table.exists() else b"") != replace.table(replace.logged(rows, opened["commitment"])):
            yield table


def _kept(books: Books, number: int, folder: str, row: Row) -> None:
    """draw.json is the one of `row`, the files of the freeze are as it says, and public.json was made from it."""
    kept = record.load_draw(books.archive / folder, row)
    for name, digest in kept["files"].items():
        path = _there(books, number, folder, name)
        if sha256(files.load(path)).hexdigest() != digest:
            raise Refusal(say.ARCHIVE_CHANGED, row=number, path=path)
    path = _there(books, number, folder, record.PUBLIC)
    public = files.value(path)
    inner, _ = plan_digests(kept["open_plan"], kept["inner_plan"])
    void = voided.void_of(books.rows, row["task"], row["attempt"])
    if public != record.projection(kept, log.data(row)["record"], inner, row["hash"], voided.mark(void) if void else None):
        raise Refusal(say.ARCHIVE_CHANGED, row=number, path=path)


def _shown(books: Books, number: int, folder: str, digest: str) -> None:
    """The draw show is the one that was made with the draw. `digest`: from its row; a row before there were shows has none."""
    if digest and sha256(files.load(path := _there(books, number, folder, show.FILE))).hexdigest() != digest:
        raise Refusal(say.ARCHIVE_CHANGED, row=number, path=path)


def _told(books: Books, number: int, folder: str, row: Row) -> None:
    """A freeze voided undrawn has its public record."""
    path = _there(books, number, folder, record.PUBLIC)
    if files.value(path) != voided.undrawn(books.rows, row):
        raise Refusal(say.ARCHIVE_CHANGED, row=number, path=path)


def _there(books: Books, number: int, folder: str, name: str) -> Path:
    path = books.archive / folder / name
    if not path.is_file():
        raise Refusal(say.ARCHIVE_GONE, row=number, path=path)
    return path


STEPS: tuple[Callable[[Books], str], ...] = (_file, _paper, _walk, _sheet, _order, _archive)
