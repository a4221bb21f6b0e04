"""The terminal door: click commands built from the declarations, and every word to people in Chinese."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

import click
from click.exceptions import NoArgsIsHelpError

from ssj_xlwings import __version__
from ssj_xlwings.doors import fault
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.commands import BY_ID, COMMANDS
from ssj_xlwings.vocabulary.sentences import doors as say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ssj_xlwings.types import Command, Outcome, Param

REFUSED = 2
OUR_FAULT = 3


def _section(formatter: click.HelpFormatter, title: str, rows: Sequence[tuple[str, str]]) -> None:
    """A titled list in two columns; click would count a Chinese character as one column wide."""
    if not rows:
        return
    width = max(_columns(name) for name, _ in rows) + 2
    formatter.write(f"\n{title}：\n")
    for name, text in rows:
        formatter.write(f"  {name}{' ' * (width - _columns(name))}{text}\n")


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


class ChineseHelp(click.Command):
    """A command whose help page is Chinese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The usage line without click's English placeholders."""
        pieces = [piece for piece in self.collect_usage_pieces(ctx) if "OPTIONS" not in piece and "ARGS" not in piece]
        formatter.write_usage(ctx.command_path, " ".join([*(pieces or [say.A_COMMAND]), say.SOME_OPTIONS]), prefix=say.USAGE)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What must be given, then the options."""
        given = [(param.label, param.help) for param in BY_ID[self.name].params if param.positional] if self.name in BY_ID else []
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        _section(formatter, say.ARGUMENTS, given)
        _section(formatter, say.OPTIONS, [record for option in options if (record := option.get_help_record(ctx))])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """--help, explained in Chinese."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = say.HELP
        return option


class ChineseGroup(ChineseHelp, click.Group):
    """The group `ssj`."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands, then the options."""
        _section(formatter, say.COMMANDS, [(command.id, f"{command.label}：{command.help}") for command in COMMANDS])
        ChineseHelp.format_options(self, ctx, formatter)
        formatter.write_paragraph()
        formatter.write_text(say.MORE)


def _parameter(param: Param) -> click.Parameter:
    if param.positional:
        return click.Argument([param.name], required=param.required, metavar=param.label)
    if param.kind == "secret":  # without a value behind it the option asks, and shows nothing
        return click.Option([param.option, param.name], prompt=param.label, prompt_required=False, hide_input=True, metavar=param.label, help=param.help)
    flag = param.kind == "flag"
    return click.Option(
        [param.option, param.name], required=param.required, is_flag=flag, multiple=param.kind in ("texts", "pairs"),
        metavar=None if flag else param.form or param.label, help=param.help, default=False if flag else None,
    )


def value(param: Param, raw: Any) -> Any:
    """What the command gets: Path, list of texts, list of pairs, text or flag. Refusal if it cannot be that."""
    if raw is None or param.kind == "flag":
        return raw
    if param.kind == "pairs":
        return [_pair(param, text) for text in raw]
    if param.kind in ("book", "new_book", "file", "folder", "source") and not raw.strip():  # the working folder, as a path
        raise Refusal(say.BLANK_PATH, label=param.label, help=param.help)
    if param.kind in ("new_book", "folder"):
        return Path(raw).absolute()
    if param.kind in ("book", "file", "source"):
        return _existing(Path(raw).absolute(), folder_too=param.name == "record")
    if param.kind == "choice" and raw not in param.choices:
        raise Refusal(say.BAD_CHOICE, name=param.label, allowed="、".join(param.choices), seen=raw)
    return list(raw) if param.kind == "texts" else raw


def _pair(param: Param, text: str) -> tuple[str, str]:
    left, equals, right = text.partition("=")
    if not equals:
        raise Refusal(say.BAD_PAIR, name=param.option, form=param.form, seen=text)
    return left, right


def _existing(path: Path, *, folder_too: bool) -> Path:
    if not os.path.exists(path):  # noqa: PTH110 - a name too long for any file is none; Path.exists raises
        raise Refusal(say.NO_FILE, path=path)
    if path.is_dir() and not folder_too:
        raise Refusal(say.IS_FOLDER, path=path)
    return path


def _click_command(command: Command) -> click.Command:
    def callback(**raw: Any) -> Outcome:
        from ssj_xlwings.doors.run import run

        args = {param.name: value(param, raw[param.name]) for param in command.params}
        operator = raw["operator"] or click.get_current_context().find_root().params["operator"]
        with _progress() as progress:
            return run(command, args, operator=operator or "", progress=progress)

    params = [*(_parameter(param) for param in command.params), click.Option(["--operator"], help=say.OPERATOR, metavar="姓名")]
    return ChineseHelp(command.id, callback=callback, params=params, help=command.help)


@contextlib.contextmanager
def _progress() -> Any:
    """A live line on a terminal; nothing where the output goes to a file."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield status.update


def build() -> click.Group:
    """The whole of `ssj`, from the declarations."""
    root = ChineseGroup("ssj", help=say.PROGRAM, params=[
        click.Option(["--operator"], help=say.OPERATOR, metavar="姓名", envvar="SSJ_OPERATOR"),
        click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, help=say.VERSION, callback=_version),
    ])
    for command in COMMANDS:
        root.add_command(_click_command(command))
    return root


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        click.echo(__version__)
        ctx.exit()


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of the console command. Exit status: 0 done, 1 a check blocks, 2 refused, 3 our fault."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        status = answer(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status)


def answer(argv: list[str]) -> int:
    """Run one command line, say what happened, give the exit status."""
    try:
        outcome = build().main(argv, prog_name="ssj", standalone_mode=False)
    except Refusal as refusal:
        return _refuse(str(refusal))
    except NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return REFUSED
    except click.ClickException as error:
        return _refuse(_usage(error, argv))
    except (KeyboardInterrupt, click.Abort):
        return REFUSED
    except BrokenPipeError:
        raise
    except Exception:  # noqa: BLE001 - the last door: anything not foreseen is our bug, and is kept in a file
        click.echo(say.OUR_FAULT.format(path=fault.keep()), err=True)
        return OUR_FAULT
    if outcome is None or isinstance(outcome, int):
        return outcome or 0
    show(outcome)
    return int(outcome.status)


def show(outcome: Outcome) -> None:
    """The answer on the screen: what follows, the files, and the one sentence last but for the next step."""
    for line in outcome.lines:
        click.echo(line)
    if outcome.files and outcome.folder is not None:
        click.echo(say.FILES)
        for file in outcome.files:
            click.echo(f"  {outcome.folder / file.name}")
    click.echo(outcome.message)
    if outcome.next:
        click.echo(say.NEXT.format(line=outcome.next))


def _refuse(sentence: str) -> int:
    click.echo(say.REFUSED.format(sentence=sentence), err=True)
    return REFUSED


def _usage(error: click.ClickException, argv: Sequence[str]) -> str:
    """Click's own sentences are English; these say the same in Chinese."""
    ctx = getattr(error, "ctx", None)
    command = BY_ID.get(ctx.info_name or "") if ctx else None
    name = command.id if command else ""
    if isinstance(error, click.BadOptionUsage) and not isinstance(error, click.NoSuchOption):
        name = next((word for word in argv if word in BY_ID), "")
        return say.NEEDS_VALUE.format(option=error.option_name, command=name)
    if isinstance(error, click.MissingParameter) and command and error.param:
        param = next(param for param in command.params if param.name == error.param.name)
        return say.MISSING.format(label=param.label, name=param.label if param.positional else param.option, help=param.help, command=name)
    if isinstance(error, click.NoSuchOption):
        return say.NO_SUCH_OPTION.format(seen=error.option_name, command=name)
    if isinstance(error, click.UsageError) and not command:
        seen = next((word for word in argv if not word.startswith("-")), "")
        return say.NO_SUCH_COMMAND.format(seen=seen, allowed="、".join(BY_ID))
    return say.BAD_USAGE.format(command=name)
