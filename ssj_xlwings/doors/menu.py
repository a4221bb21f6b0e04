"""`ssj menu`: the third door, for WPS and blocked macros. A numbered menu from the same declarations, on the closed file."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ssj_xlwings.books import locks, opening
from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.doors import cli, prompts
from ssj_xlwings.doors.run import run
from ssj_xlwings.install import machine
from ssj_xlwings.types import Outcome, Refusal
from ssj_xlwings.vocabulary.commands import BY_ID, COMMANDS
from ssj_xlwings.vocabulary.quick import is_quick
from ssj_xlwings.vocabulary.sentences import doors
from ssj_xlwings.vocabulary.sentences import menu as say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ssj_xlwings.types import Command, Request

BOOKS = (".xlsx", ".xlsm")
ON_NO_BOOK = ("verify", "setup")
"""Commands without a workbook of their own that staff need all the same; on a PC set up from a pack nobody can type `ssj`."""
ON_THIS_PC = ("check", "undo")
"""Switches of `setup` of which one is chosen; without any it puts the add-in in its place."""
ENTRIES = tuple(command for command in COMMANDS if command.id in ON_NO_BOOK or any(param.kind == "book" for param in command.params))
DROPPED, FOLDER = "SSJ_DROPPED", "SSJ_FOLDER"
"""What 双随机.cmd hands over: the command line as Explorer wrote it, and its own folder."""
SCRIPT = re.compile(r'\.cmd"?\s*', re.IGNORECASE)


def menu(request: Request) -> Outcome:
    """Ask what to do, ask for the parameters, do it; until 0. Args: book. The workbook is opened in the end.

    Each round refuses while somebody has the workbook open; a refusal says its sentence and the menu goes on.
    """
    book = _book(request, os.environ)
    while True:
        click.echo("\n" + say.TITLE.format(name=book.name))
        for number, command in enumerate(ENTRIES, 1):
            click.echo(say.COMMAND.format(number=number, label=_wide(command.label), help=command.help))
        click.echo(say.LEAVE)
        said = prompts.line(say.ASK_COMMAND)
        if said == "0":
            machine.show(book)
            return Outcome(message=say.OPENED.format(path=book))
        if said.isdecimal() and int(said) <= len(ENTRIES):
            _do(request, ENTRIES[int(said) - 1], book)
        else:
            click.echo(say.NOT_A_COMMAND.format(count=len(ENTRIES)))


def _do(request: Request, command: Command, book: Path) -> None:
    """One command, asked for and run; what it says is shown, a refusal too."""
    try:
        if command.id != "setup":
            locks.check(book)
        outcome = _run(command, _args(command, book), request)
    except Refusal as refusal:
        click.echo(doors.REFUSED.format(sentence=refusal))
    except click.Abort:
        click.echo("\n" + say.BROKEN_OFF)
    else:
        cli.show(replace(outcome, next=""))
    prompts.line(say.AGAIN)


def _run(command: Command, args: Mapping[str, Any], request: Request) -> Outcome:
    """The command; where it is refused for want of a secret, once more with it."""
    try:
        return run(command, args, operator=request.operator, progress=click.echo)
    except Refusal as refusal:
        wanted = [param for param in command.params if param.kind == "secret" and param.option in str(refusal)]
        if not wanted:
            raise
        click.echo(doors.REFUSED.format(sentence=refusal))
        return run(command, {**args, **{param.name: prompts.secret(param) for param in wanted}}, operator=request.operator, progress=click.echo)


def _args(command: Command, book: Path) -> Mapping[str, Any]:
    """What the command gets, asked one by one as the command line would give it; a path begins at the workbook's folder."""
    if command.id == "setup":
        return _on_this_pc(command, book)
    tasks = _tasks(book) if any(param.kind == "task" for param in command.params) else []
    args: dict[str, Any] = {}
    for param in (each for each in command.params if each.kind != "secret"):
        if param.kind in ("book", "source"):
            args[param.name] = book
        else:
            typed = prompts.answer(param, tasks)
            args[param.name] = cli.value(param, str(book.parent / typed) if typed and param.kind in ("file", "folder") else typed)
    return args


def _on_this_pc(command: Command, book: Path) -> Mapping[str, Any]:
    """One of three things to do, instead of a question for each switch."""
    switches = [param.help for param in command.params if param.name in ON_THIS_PC]
    chosen = prompts.choose(command.label, [*switches, say.PLACE_ADDIN])
    return {**{param.name: param.help == chosen for param in command.params}, "from_": None, "book": book}


def _tasks(book: Path) -> list[str]:
    """The tasks of the workbook, and its quick draws, newest first, which go by their numbers."""
    view = FileBook(book).read(["tasks", "log"])
    quick = [number for number in reversed(list(view["log"]["task"])) if is_quick(number)]
    return [name for name in view["tasks"]["name"] if name] + list(dict.fromkeys(quick))


def _book(request: Request, environ: Mapping[str, str]) -> Path:
    """The workbook given, dropped on 双随机.cmd, lying beside it, or typed; else a new one."""
    given = request.args["book"] or dropped(environ.get(DROPPED, ""))
    if given is None:
        found = beside(Path(environ[FOLDER])) if environ.get(FOLDER) else []
        given = found[0] if len(found) == 1 else Path(prompts.choose(say.WHICH_BOOK, [str(path) for path in found])) if found else _typed()
    if given is None:
        return _new(request)
    if given.suffix.lower() not in BOOKS:
        raise Refusal(say.NOT_A_BOOK, name=given.name)
    opening.load(given)
    return given.absolute()


def dropped(line: str) -> Path | None:
    r"""The file that Explorer put behind the script on its command line: `cmd.exe /c ""D:\x\双随机.cmd" "D:\a b\台账.xlsm""`.

    Explorer quotes a path only when it holds a space, so one with `&` stands there bare. None where nothing was dropped.
    """
    found = SCRIPT.search(line)
    if not found:
        return None
    name = line[found.end():].strip().strip('"').strip()
    return Path(name) if name else None


def beside(folder: Path) -> list[Path]:
    """The workbooks in a folder, newest first; no lock files."""
    found = [path for path in folder.iterdir() if path.suffix.lower() in BOOKS and not path.name.startswith(("~$", "."))]
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def _typed() -> Path | None:
    typed = prompts.path(prompts.line(say.BOOK_PATH))
    return Path(typed) if typed else None


def _new(request: Request) -> Path:
    """A new workbook, through the command `new`."""
    click.echo(say.NO_BOOK)
    command = BY_ID["new"]
    args = {param.name: cli.value(param, prompts.answer(param, ())) for param in command.params}
    cli.show(replace(run(command, args, operator=request.operator), next=""))
    return Path(args["book"])


def _wide(label: str) -> str:
    """Padded to the widest label; a Chinese character takes two columns."""
    return label + "　" * (max(len(command.label) for command in ENTRIES) - len(label))
