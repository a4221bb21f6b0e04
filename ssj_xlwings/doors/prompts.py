"""Questions on a terminal, in Chinese: one for each kind of parameter."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.commands import IMPORTABLE
from ssj_xlwings.vocabulary.sentences import menu as say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ssj_xlwings.types import Param

YES = ("y", "yes", *codelists.YES_NO[:1])
NO = ("n", "no", *codelists.YES_NO[1:])


def interactive() -> bool:
    """Whether somebody sits at the terminal."""
    return sys.stdin.isatty()


def line(question: str) -> str:
    """What is typed, without surrounding blanks; "" for a mere Enter."""
    return str(click.prompt(question, default="", show_default=False, prompt_suffix=say.SUFFIX)).strip()


def secret(param: Param) -> str:
    """What is typed without being shown."""
    return str(click.prompt(param.label, hide_input=True, default="", show_default=False, prompt_suffix=say.SUFFIX))


def yes(question: str, otherwise: str) -> bool:
    """是 or 否. Refusal with the sentence `otherwise` where nobody can answer."""
    if not interactive():
        raise Refusal(otherwise)
    return _yes(question)


def _yes(question: str) -> bool:
    while True:
        said = line(say.YES_NO.format(question=question)).lower()
        if said in (*YES, *NO, ""):
            return said in YES
        click.echo(say.YES_OR_NO)


def choose(question: str, options: Sequence[str], *, required: bool = True) -> str:
    """One of a numbered list, by its number or its own text; "" if nothing is chosen and nothing need be."""
    for number, option in enumerate(options, 1):
        click.echo(say.OPTION.format(number=number, option=option))
    while True:
        said = line(say.CHOOSE.format(question=question, skip="" if required else say.SKIP))
        if said in options:
            return said
        if said.isdecimal() and 1 <= int(said) <= len(options):
            return options[int(said) - 1]
        if not said and not required:
            return ""
        click.echo(say.NOT_A_NUMBER.format(count=len(options)))


def path(typed: str) -> str:
    """A path as a terminal writes one that was dropped on it: without quotes."""
    return typed.strip().strip('"').strip("'")


def answer(param: Param, tasks: Sequence[str]) -> Any:
    """What a person answers for a parameter, as the command line would have given it. `tasks`: names to choose from."""
    question = say.QUESTION.format(label=param.label, help=param.help.rstrip("。"))
    if param.kind == "flag":
        return _yes(question)
    if param.kind in ("texts", "pairs"):
        return _several(param, question)
    options = tasks if param.kind == "task" else tuple(IMPORTABLE) if param.kind == "table" else param.choices
    if options:
        return choose(question, options, required=param.required) or None
    skip = "" if param.required else say.SKIP
    while True:
        said = line(f"{question}{skip}")
        if said or not param.required:
            return (path(said) if param.kind in ("file", "folder", "source", "new_book") else said) or None
        click.echo(say.NEEDED.format(label=param.label))


def _several(param: Param, question: str) -> list[str]:
    """One a line, until an empty one."""
    found: list[str] = []
    while True:
        said = line(say.ONE_MORE.format(question=question, count=len(found) + 1))
        if said:
            found.append(said)
        elif found or not param.required:
            return found
        else:
            click.echo(say.NEEDED.format(label=param.label))
