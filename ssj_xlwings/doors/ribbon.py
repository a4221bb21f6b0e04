"""Excel's door: one click, one command, on the workbook whose button was clicked.

Started by the launcher as `from ssj_xlwings.doors import ribbon; ribbon.click('check')`. Whatever happens, people get one
Chinese sentence and the process ends with status 0; a traceback goes to a file.
"""

from __future__ import annotations

import getpass
import os
import sys
from typing import TYPE_CHECKING, Any

from ssj_xlwings.books import excel
from ssj_xlwings.doors import fault
from ssj_xlwings.types import Outcome, Refusal
from ssj_xlwings.vocabulary.commands import BY_ID, worded
from ssj_xlwings.vocabulary.sentences import live as say
from ssj_xlwings.vocabulary.sentences.doors import RESTORED_AND_REFUSED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ssj_xlwings.books.live import LiveBook
    from ssj_xlwings.types import Book, Command

LINES = 20
"""Lines of an answer that a message box shows well."""
IN_FRONT = 0x10000 | 0x40000
"""MessageBox: MB_SETFOREGROUND, MB_TOPMOST."""
ASK_FIRST = ("undo", "upgrade")
"""Asked before they are done, besides all that goes into the log."""
ASK_LATER = ("draw",)
"""Asked when it has been read what they would write: the numbers."""


def click(command_id: str) -> None:
    """Do what a button says. Promises: no exception leaves, one sentence is shown, status bar as before."""
    label, app = command_id, None
    files: list[Path] = []
    try:
        book = excel.caller()
        app = book.app
        if command_id not in BY_ID:
            raise Refusal(say.NO_SUCH_BUTTON, id=command_id)
        label = BY_ID[command_id].label
        app.status_bar = say.WORKING.format(text=say.STARTED.format(label=label))
        sentence, files = answer(BY_ID[command_id], book)
    except Refusal as refusal:
        sentence = worded(BY_ID[command_id], str(refusal)) if command_id in BY_ID else str(refusal)
    except Exception as error:  # noqa: BLE001 - the last door: anything not foreseen is our bug, and is kept in a file
        path = fault.keep()
        sentence = say.BUSY if excel.busy(error) else say.CLOSED if excel.gone(error) else say.NO_WORKBOOK if app is None else say.FAILED.format(path=path)
    _end(app, label, sentence)
    for file in files:
        _open(app, label, file)


def answer(command: Command, workbook: Any) -> tuple[str, list[Path]]:
    """Ask, run, and say what came of it ("" where a box was closed); and the files to open once that was read."""
    from ssj_xlwings.books.layout import Renamed
    from ssj_xlwings.books.live import LiveBook
    from ssj_xlwings.doors import ask

    book = LiveBook(workbook)
    book.refuse_homeless()
    while True:
        try:
            return _answered(command, book)
        except Renamed as refusal:  # each time one name fewer is missing
            if not ask.yes(book, command.label, say.REPAIR.format(refusal=refusal, book=book.path.name)):
                raise
            book.rename(refusal)


def _answered(command: Command, book: LiveBook) -> tuple[str, list[Path]]:
    from ssj_xlwings.doors import ask

    if command.writes:
        with book.held():  # before anybody is asked anything
            pass
    notice = _abreast(command, book)
    try:
        return _completed(command, book, notice)
    except ask.Cancelled:
        return "\n\n".join(notice), []
    except Refusal as refusal:
        if not notice:
            raise
        raise Refusal(RESTORED_AND_REFUSED, notice="\n\n".join(notice), refused=str(refusal)) from refusal


def _abreast(command: Command, book: LiveBook) -> tuple[str, ...]:
    """The book brought up from its log file before anything else is asked. What a command will do on the closed file is not
    held up: a workbook to be upgraded may be too old for the row, and is brought up after.
    """
    from ssj_xlwings.doors import ask
    from ssj_xlwings.doors.run import abreast

    if not command.closed:
        return abreast(book, lambda sentence, _: ask.yes(book, command.label, sentence))
    try:
        return abreast(book, None)
    except Refusal as why:
        return (str(why),)


def _completed(command: Command, book: LiveBook, notice: tuple[str, ...]) -> tuple[str, list[Path]]:
    """What is asked, asked; then the command, once more for whatever it lacked. Cancelled where a box was closed."""
    from ssj_xlwings.doors import ask

    args = ask.args(command, book, operator())
    unsure = command.id in ASK_FIRST or ("log" in command.writes and command.id not in ASK_LATER and not _previewed(command))
    while True:
        try:
            if unsure:
                ask.sure(command, book, args)
                unsure = False
            outcome = _run(command, book, args)
            break
        except ask.Wanted as wanted:
            args |= wanted.given
        except Refusal as refusal:
            given = ask.more(command, book, args, str(refusal))
            if not given:
                raise
            args |= given
            unsure = bool(given.get("with_"))  # what was agreed to was one task's step
    if outcome.show:
        _bring(book, outcome.show)
    return "\n\n".join((*notice, told(outcome, book))), [outcome.folder / name for name in outcome.opens] if outcome.folder else []


def _previewed(command: Command) -> bool:
    """Whether what would be written is shown first: what was selected."""
    return any(param.kind == "rows" for param in command.params)


def _run(command: Command, book: LiveBook, args: dict[str, Any]) -> Outcome:
    import secrets
    from datetime import UTC, datetime

    from ssj_xlwings.doors.run import run, run_on
    from ssj_xlwings.types import Request

    if command.closed:
        from ssj_xlwings.doors import handover

        return handover.begin(command, book, args)
    progress = _progress(book.app)
    if not any(param.kind == "book" for param in command.params):
        return run(command, args, operator=operator(), progress=progress)
    request = Request(args=args, now=datetime.now(UTC), operator=operator(), entropy=secrets.token_bytes, progress=progress)
    return run_on(book, command, request, _agreed(command, book, args))


def operator() -> str:
    """Who clicks: SSJ_OPERATOR, else who is logged on."""
    return os.environ.get("SSJ_OPERATOR") or getpass.getuser()


def _progress(app: Any) -> Callable[[str], None]:
    def show(text: str) -> None:
        app.status_bar = say.WORKING.format(text=text)

    return show


def _agreed(command: Command, book: LiveBook, args: dict[str, Any]) -> Callable[[str, Outcome | None], bool]:
    """Whether to go on: to bring the workbook up from its log file, to draw with the numbers read, to freeze what was selected."""
    from ssj_xlwings.doors import ask

    def agreed(sentence: str, outcome: Outcome | None) -> bool:
        if outcome is None:
            return ask.yes(book, command.label, sentence)
        if command.id in ASK_LATER:
            return outcome.log is None or (ask.numbers(command, book, args, outcome.lines) if outcome.then else ask.surely(command, book, args))
        return not _previewed(command) or ask.chosen(command, book, args, _short(outcome.lines))

    return agreed


def told(outcome: Outcome, book: Book) -> str:
    """What is shown of an outcome: the sentence, what follows it, where files are, which button comes next."""
    papers = [name.removesuffix(".xlsx") for name in outcome.opens if not name.endswith(".html")]
    parts = [outcome.message, say.REVEAL.format(papers="、".join(papers)) if len(papers) < len(outcome.opens) else _short(outcome.lines)]
    if outcome.files and outcome.folder is not None:
        parts.append(say.FILES.format(count=len(outcome.files), folder=outcome.folder))
    following = outcome.next.split()[1:2]
    if following and following[0] in BY_ID:
        parts.append(say.NEXT.format(button=BY_ID[following[0]].label))
    return "\n\n".join((*filter(None, parts), book.path.name))


def _short(lines: Any) -> str:
    shown = [str(line) for line in lines]
    return "\n".join([*shown[:LINES], say.MORE.format(count=len(shown))] if len(shown) > LINES else shown)


def _bring(book: LiveBook, table: str) -> None:
    try:
        book.show(table)
    except Exception:  # noqa: BLE001 - all is done and saved, and the sentence names the sheet: a workbook that forbids showing it is no failure
        fault.keep()


def _end(app: Any, label: str, sentence: str) -> None:
    """Give the status bar back and say the sentence, in Excel's window or, where that is gone, in one of our own."""
    try:
        if app is not None:
            app.status_bar = False
            if sentence:
                app.alert(sentence, say.TITLE.format(label=label))
            return
    except Exception:  # noqa: BLE001 - Excel was closed meanwhile: the traceback is kept, the sentence is shown all the same
        fault.keep()
    box(sentence, say.TITLE.format(label=label))


def _open(app: Any, label: str, file: Path) -> None:
    """A workbook opens in this Excel, read-only; a page in the program that a double click would take. What was done stands either way."""
    from ssj_xlwings.install import machine
    from ssj_xlwings.vocabulary import settings

    try:
        if settings.is_workbook(file):
            excel.open_beside(app, file)
        else:
            machine.show(file)
    except Exception:  # noqa: BLE001 - whatever Excel or the system says, people learn where the file is; the traceback is kept
        fault.keep()
        _end(app, label, say.NOT_OPENED.format(path=file))


def box(sentence: str, title: str) -> None:
    """A sentence in a window of our own, in front of all others."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, sentence, title, IN_FRONT)
    else:
        sys.stderr.write(f"{title}\n{sentence}\n")
