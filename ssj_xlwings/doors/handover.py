"""A command on a closed workbook, wanted by a click in the open one: handed to a process of its own that waits until it is closed.

Whoever closes the workbook from the click itself would end the macro that still waits for the click, and replace the very code
that runs. So the click saves, tries the command on the file without writing, starts the process and ends. The process waits
(bounded), does what the terminal would do, opens the workbook again and says one sentence; all it says stands in a file, too.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssj_xlwings.books import locks
from ssj_xlwings.doors import fault, ribbon
from ssj_xlwings.install import machine
from ssj_xlwings.types import Outcome, Refusal
from ssj_xlwings.vocabulary.commands import BY_ID
from ssj_xlwings.vocabulary.faults import reason
from ssj_xlwings.vocabulary.sentences import live
from ssj_xlwings.vocabulary.sentences import upgrade as say
from ssj_xlwings.vocabulary.sentences.books import BACKUPS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ssj_xlwings.books.live import LiveBook
    from ssj_xlwings.types import Command

MINUTES = 15
"""How long the workbook may stay open."""
PAUSE = 1.0
MINUTE = 60.0
ALONE = 0x00000008 | 0x00000200
"""Windows: DETACHED_PROCESS, CREATE_NEW_PROCESS_GROUP: it outlives the click and has no window."""
CHILD = "import sys; sys.path.insert(0, sys.argv.pop(1)); from ssj_xlwings.doors.handover import main; main(sys.argv[1:])"
"""What the process runs: this very package, wherever xlwings found it."""


def begin(command: Command, book: LiveBook, args: Mapping[str, Any]) -> Outcome:
    """Save, try, hand over; the sentence that says what to do now. `args`: what the command gets besides the workbook. Refusal: whatever the command would refuse on the file as it is."""
    note = place(book.path)
    if _waits(note):
        raise Refusal(say.WAITS_ALREADY, name=book.path.name, label=command.label)
    book.save()
    given = {name: value for name, value in args.items() if name != "book"}
    _try(command, book.path, given)
    try:
        _start(command, book.path, note, given)
    except OSError as error:
        raise Refusal(say.NOT_STARTED, why=reason(error), label=command.label) from error
    return Outcome(say.WAITING.format(name=book.path.name, label=command.label, minutes=MINUTES))


def place(path: Path) -> Path:
    """The file that holds what the process says; its first line is the process's number."""
    return path.parent / BACKUPS / f"{path.name}.log"


def _waits(note: Path) -> bool:
    """Whether the process of that file is still there and has not said what came of it."""
    number, end, said = note.read_text(encoding="utf-8", errors="replace").partition("\n") if note.exists() else ("", "", "")
    return bool(end) and not said and number.isdecimal() and locks.alive(int(number))


def _try(command: Command, path: Path, given: Mapping[str, Any]) -> None:
    """Refusal now rather than after the workbook was closed: the command is computed, nothing is written."""
    from ssj_xlwings.books.filebook import FileBook
    from ssj_xlwings.doors.run import function_of
    from ssj_xlwings.types import Request

    view = FileBook(path).read(command.reads)
    function_of(command)(Request({**given, "book": path}, datetime.now(UTC), ribbon.operator(), secrets.token_bytes, lambda _: None, book=path, view=view))


def _start(command: Command, path: Path, note: Path, given: Mapping[str, Any]) -> None:
    note.parent.mkdir(exist_ok=True)
    words = [sys.executable, "-X", "utf8", "-u", "-c", CHILD, str(Path(__file__).parents[2]), command.id, str(path), json.dumps(given)]
    with note.open("wb") as said:
        alone: dict[str, Any] = {"creationflags": ALONE} if sys.platform == "win32" else {"start_new_session": True}
        started = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, cwd=note.parent, **alone)
    started.returncode = 0  # nobody waits for it


def wait(command: Command, path: Path, given: Mapping[str, Any], minutes: float = MINUTES) -> str:
    """Wait until the workbook is closed, do the command, open the workbook again. The sentence of what came of it."""
    from ssj_xlwings.books.filebook import FileBook
    from ssj_xlwings.doors.run import run

    end = time.monotonic() + minutes * MINUTE
    while True:
        try:
            locks.check(path)
            break
        except Refusal as why:
            if time.monotonic() > end:
                return say.NOT_CLOSED.format(minutes=MINUTES, name=path.name, label=command.label, why=why)
        time.sleep(PAUSE)
    try:
        outcome = run(command, {**given, "book": path}, operator=ribbon.operator())
        sentence = ribbon.told(outcome, FileBook(path))
    except Refusal as why:
        sentence = say.NOT_DONE.format(label=command.label, why=why)
    except Exception:  # noqa: BLE001 - the last door: the sentence is shown, the workbook opened again, the traceback kept
        sentence = live.FAILED.format(path=fault.keep())
    machine.show(path)
    return sentence


def main(words: list[str]) -> None:
    """The process that was handed the command: its id, the workbook, what the command gets besides."""
    command, path = BY_ID[words[0]], Path(words[1])
    print(os.getpid(), flush=True)  # noqa: T201 - the file that begin reads
    sentence = wait(command, path, json.loads(words[2]))
    print(sentence, flush=True)  # noqa: T201 - as above
    if sys.platform == "win32":
        ribbon.box(sentence, live.TITLE.format(label=command.label))
