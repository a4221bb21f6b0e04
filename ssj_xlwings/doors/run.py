"""The one shell around every command: read, ask the command, then apply its outcome once.

The order of the stores is fixed: the log file first (a write-ahead log, flushed, because closing without
saving must not undo a draw), then files, then the workbook.
"""

from __future__ import annotations

import gc
import getpass
import os
import secrets
import tempfile
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssj_xlwings.types import Append, Change, File, Outcome, Refusal, Request
from ssj_xlwings.vocabulary import settings
from ssj_xlwings.vocabulary.commands import BY_ID
from ssj_xlwings.vocabulary.faults import reason
from ssj_xlwings.vocabulary.lookup import records
from ssj_xlwings.vocabulary.sentences import doors as say
from ssj_xlwings.vocabulary.sentences import live
from ssj_xlwings.vocabulary.tables import BY_NAME, SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ssj_xlwings.types import Book, Command, Row, View

BOOKKEEPING = ("settings", "log")
"""Read by every command on a book, so that a workbook behind its log file is noticed each time."""
BEHIND_ALLOWED = ("upgrade",)
"""An older workbook may lack a sheet that a restored row needs: it is brought up first, and restored by the command after."""
SELDOM = 200_000, 50, 100
"""After how many new objects Python looks for unreachable circles. A city's registry is millions of small objects without any,
and a command is over in a minute: Python's own 700 cost a tenth of its time."""
RESTORED = ("log", "tasks", "visits", "results", "roster", "panel")


def function_of(command: Command) -> Callable[[Request], Outcome]:
    """The function of a declared command, found by convention: `<module>.<id>`."""
    module = import_module(f"ssj_xlwings.{command.module}")
    found: Callable[[Request], Outcome] = getattr(module, command.id + ("_" if command.id == "import" else ""))
    return found


def roomy() -> None:
    """Make this process ready for many objects."""
    gc.set_threshold(*SELDOM)


def run(
    command: Command,
    args: Mapping[str, Any],
    *,
    operator: str = "",
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    entropy: Callable[[int], bytes] = secrets.token_bytes,
    progress: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Run one command and apply what it wants. Refusal: nothing was changed.

    The outcome returned is the last one, with the notice of a restored workbook before its lines.
    """
    request = Request(args=args, now=now(), operator=operator or getpass.getuser(), entropy=entropy, progress=progress)
    kinds = {param.kind: param.name for param in command.params}
    if "book" not in kinds:
        outcome = function_of(command)(_looking(request, _looked_at(args, kinds.get("source", "")), command.reads))
        write_files(outcome)
        return outcome
    from ssj_xlwings.books.filebook import FileBook

    return run_on(FileBook(Path(args["book"]).absolute()), command, request)


def _looked_at(args: Mapping[str, Any], source: str) -> Path | None:
    """The book that a command looks at: a file to be looked at that is itself a workbook, or the book given beside it."""
    return next((given for given in (args.get("record"), args.get(source)) if given and settings.is_workbook(given)), None)


def _looking(request: Request, source: Path | None, tables: tuple[str, ...]) -> Request:
    """The request with the tables of a book that is only looked at, where one is given."""
    if source is None:
        return request
    from ssj_xlwings.books.filebook import FileBook

    return replace(request, view=FileBook(source).read(tables))


def run_on(book: Book, command: Command, request: Request, agreed: Callable[[str, Outcome | None], bool] = lambda _sentence, _outcome: True) -> Outcome:
    """Run one command on a book, open or closed, and apply what it wants. Refusal: nothing was changed.

    `agreed` is asked twice at most, before anything is written: whether a workbook behind its log file shall be brought
    up (the sentence, None), and whether a computed outcome that changes sheets shall be applied (its message, the outcome).
    """
    roomy()
    writes = command.writes and not request.args.get("dry_run")
    with book.held() if writes else nullcontext():
        return _applied(command, request, book, agreed)


def _read(book: Book, tables: tuple[str, ...]) -> View:
    """The tables. Refusal that the workbook is a newer program's where that is why it lacks one of them."""
    try:
        return book.read(tables)
    except Refusal as refusal:
        try:
            values = settings.read(book.read([SETTINGS.name])[SETTINGS.name])
        except Refusal:
            raise refusal from None
        settings.refuse_newer(values)
        raise


def _applied(command: Command, request: Request, book: Book, agreed: Callable[[str, Outcome | None], bool]) -> Outcome:
    """Ask the command, and apply its outcome and those that follow from it, in the fixed order of the stores."""
    from ssj_xlwings.lottery import log

    tables = tuple(dict.fromkeys((*command.reads, *BOOKKEEPING)))
    request.progress(book.path.name)
    view = _read(book, tables)
    file = _log_file(book, view)
    rows = log.read(file)
    ask = None if request.args.get("dry_run") else agreed
    view, notice = (view, ()) if command.id in BEHIND_ALLOWED else _caught_up(book, view, tables, rows, file, ask)
    request = replace(request, book=book.path, view=view, log=rows, args={**request.args, "cell": book.cell, "filtered": book.filtered})
    try:
        outcome = function_of(command)(request)
    except Refusal as refusal:
        if not notice:
            raise
        raise Refusal(say.RESTORED_AND_REFUSED, notice="".join(notice), refused=str(refusal)) from refusal
    if outcome.log is not None or outcome.changes:
        if not agreed(outcome.message, outcome):
            raise Refusal(live.STOPPED)
        book.ready(view, command.writes)
    changes: list[Change] = []
    copies: list[Path] = []
    before = len(rows)
    try:
        while True:
            if outcome.log is not None:
                log.append(file, outcome.log)
                rows = [*rows, dict(outcome.log)]
                changes.append(Append("log", [outcome.log]))
            copies += write_files(outcome)
            changes += outcome.changes
            if outcome.then is None:
                break
            outcome = outcome.then(replace(request, log=rows))
        if changes:
            notice = (*notice, *_apply(book, command, changes, view))
    except Exception as error:
        if len(rows) == before:
            raise
        raise _logged(error) from error
    return replace(outcome, lines=(*notice, *outcome.lines, *(say.FORMER.format(path=copy) for copy in copies)))


def abreast(book: Book, agreed: Callable[[str, Outcome | None], bool] | None) -> tuple[str, ...]:
    """Compare the book with its log file, and bring it up once that is agreed to (None: only look). The notice of it."""
    from ssj_xlwings.lottery import log

    view = _read(book, BOOKKEEPING)
    file = _log_file(book, view)
    return _caught_up(book, view, BOOKKEEPING, log.read(file), file, agreed)[1]


def _log_file(book: Book, view: View) -> Path:
    """Where the log file of a book lies. Refusal for a book of a newer program."""
    values = settings.read(view["settings"])
    settings.refuse_newer(values)
    return settings.archive(book.path, values) / settings.LOG_FILE


def _logged(error: Exception) -> Refusal:
    """What is in the log file stays, whatever failed after it, and the sentence says so; a fault of ours is kept in a file."""
    from ssj_xlwings.doors import fault

    return Refusal(live.LOGGED, why=error if isinstance(error, Refusal) else live.FAULT.format(path=fault.keep()))


def _apply(book: Book, command: Command, changes: list[Change], view: View) -> tuple[str, ...]:
    """Apply, and note for 撤销上一步 what was done. Where only the note fails the step is done all the same: a line says so."""
    from ssj_xlwings.books import backup, cells

    closed = any(change.table == "log" for change in changes)
    book.apply(changes, view, command.writes)
    if book.copy is None:
        raise RuntimeError("apply keeps a copy")
    changed = list(dict.fromkeys(change.table for change in changes))
    try:
        after = {} if closed else {name: cells.fingerprint(BY_NAME[name], frame) for name, frame in book.read(changed).tables.items()}
        backup.remember(book.path, backup.Step(command.label, book.copy.name, after, closed))
    except (OSError, Refusal) as error:
        return (live.NOT_NOTED.format(why=reason(error) if isinstance(error, OSError) else str(error).rstrip("。"), label=BY_ID["undo"].label, copy=book.copy.name),)
    return ()


def _caught_up(
    book: Book, view: View, tables: tuple[str, ...], rows: list[dict[str, str]], file: Path, agreed: Callable[[str, Outcome | None], bool] | None,
) -> tuple[View, tuple[str, ...]]:
    """The view, after a workbook that is behind its log file was brought up from it; and the notice of it.

    Without `agreed` (only looking) nothing is written, and the notice says so.
    """
    from ssj_xlwings.lottery import log
    from ssj_xlwings.vocabulary.sentences.lottery import LOG_BROKEN

    broken = log.walk(rows)
    if broken:
        raise Refusal(LOG_BROKEN, row=broken[0], why=broken[1])
    if not rows and len(view["log"]):
        raise Refusal(say.LOG_GONE, book=book.path.name, count=len(view["log"]), file=file)
    missing: list[Row] = list(log.compare(records(view["log"]), rows))
    if not missing:
        return view, ()
    from ssj_xlwings.commands.restore import named, notice, restore

    if agreed is None:
        return view, (say.NOT_RESTORED.format(count=len(missing)),)
    if not agreed(live.BEHIND.format(what=named(missing), name=book.path.name), None):
        raise Refusal(live.NOT_RESTORED)
    for row in missing:  # one by one: a replacement needs the visits of its draw in the sheet
        whole = book.read((*RESTORED, "subjects", "inspectors", "items", "settings"))
        outcome = restore(whole, row, rows, file.parent)
        write_files(outcome)
        book.apply(outcome.changes, whole, RESTORED)
    return book.read(tables), (notice(missing),)


def write_files(outcome: Outcome) -> list[Path]:
    """Each file beside its place first, then renamed, so that no half file is ever seen. The copies of workbooks that were replaced."""
    copies: list[Path] = []
    for file in outcome.files:
        if outcome.folder is None:
            raise RuntimeError(f"{file.name}: an outcome with files names their folder")
        path = outcome.folder / file.name
        if isinstance(file.data, bytes) and file.former:
            from ssj_xlwings.books import saving

            copies.append(saving.replace(path, file.former, file.data))
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, file)
        except OSError as error:
            raise Refusal(say.CANNOT_WRITE, path=path, why=reason(error)) from error
    return copies


def _write(path: Path, file: File) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".~", suffix=path.suffix)
    os.close(handle)
    beside = Path(name)
    try:
        if callable(file.data):
            file.data(beside)
        else:
            beside.write_bytes(file.data)
        beside.chmod(0o644)
        with beside.open("r+b") as written:
            os.fsync(written.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
