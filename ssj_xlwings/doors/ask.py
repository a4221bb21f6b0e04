"""Questions in Excel, one for each kind of parameter, in Excel's own boxes: no forms, no tkinter.

Every box names the workbook. What a click can know is not asked: the workbook, where files go, the selected task or rows.
Optional switches, pairs and files are left to the terminal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ssj_xlwings.books import backup, excel
from ssj_xlwings.commands import panel
from ssj_xlwings.commands.preparing import find_task
from ssj_xlwings.commands.standing import QUICKLY, SPEAKERS, check_speakers
from ssj_xlwings.lottery import log
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.commands import DEFAULT_IMPORT, IMPORTABLE, worded
from ssj_xlwings.vocabulary.lookup import records
from ssj_xlwings.vocabulary.quick import adopted, is_quick
from ssj_xlwings.vocabulary.sentences import live as say
from ssj_xlwings.vocabulary.tables import BY_NAME, TABLES
from ssj_xlwings.vocabulary.values import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ssj_xlwings.books.live import LiveBook
    from ssj_xlwings.types import Command, Param

PROMPT = 250
"""Excel cuts or refuses longer prompts of its InputBox."""
UNASKED = ("flag", "pairs", "file")
"""Kinds that are asked for only where they must be given."""
ASKED = ("full", "internal")
"""Switches worth a question; all others are left to the terminal."""
TOLD = ("sheet", "rows", "column")
"""Kinds that the selection tells."""
OFFERED = {"adopt": ("no_merge",), "draw": ("no_merge",), "quick": ("host", "place", "witness")}
"""Rare ones that no refusal asks for, by command: offered in the box that confirms the step."""
RECENT = 20
"""Quick draws that are offered; older ones are typed by their number."""
SHEETS = {table.sheet: table for table in TABLES}


class Cancelled(Exception):
    """A box was closed: nothing is done, and nothing more is said."""


class Wanted(Exception):
    """Rare answers that somebody gave where a step was to be confirmed: it is worked out once more with them."""

    def __init__(self, given: dict[str, Any]) -> None:
        super().__init__(*given)
        self.given = given


def args(command: Command, book: LiveBook, operator: str) -> dict[str, Any]:
    """What the command gets, asked for one by one. Cancelled if a box is closed; Refusal if an answer cannot be meant,
    before the next box.
    """
    found: dict[str, Any] = {}
    if any(param.kind == "rows" for param in command.params):
        picked = book.picked()
        found |= {"picked": picked, "sheet": picked.sheet, "rows": picked.rows, "column": None}
    for param in command.params:
        if param.kind in TOLD:
            continue
        asked = param.required or param.name in ASKED or (param.kind not in UNASKED and not param.rare)
        found[param.name] = _answer(command, param, book) if asked else {"flag": param.clicked, "pairs": [], "texts": []}.get(param.kind)
        if param.name == "speaker":
            check_speakers(found["speaker"], operator, QUICKLY if command.id == "quick" else SPEAKERS)
    return found


def more(command: Command, book: LiveBook, args: dict[str, Any], refusal: str) -> dict[str, Any]:
    """The rare answers not given yet that a refusal asks for by their option, where people want to give them; none otherwise."""
    wanted = [param for param in command.params if param.rare and not args.get(param.name) and param.option in refusal]
    if not wanted or not yes(book, command.label, say.GIVE_MORE.format(book=book.path.name, refusal=worded(command, refusal), labels="、".join(param.label for param in wanted))):
        return {}
    given = {param.name: _answer(command, param, book) for param in wanted}
    return {name: value for name, value in given.items() if value}


def numbers(command: Command, book: LiveBook, args: dict[str, Any], lines: Sequence[str]) -> bool:
    """Whether to draw with the numbers as read, listed once more so that all can check them. Wanted: a rare answer first."""
    return _yes_or_more(command, book, args, say.SURE_NUMBERS.format(book=book.path.name, lines="\n".join(lines), label=command.label))


def chosen(command: Command, book: LiveBook, args: dict[str, Any], lines: str) -> bool:
    """Whether to freeze what was selected, as listed. Wanted: a rare answer first."""
    return _yes_or_more(command, book, args, say.PREVIEW_FREEZE.format(book=book.path.name, purpose=args["purpose"], lines=lines))


def _yes_or_more(command: Command, book: LiveBook, args: dict[str, Any], sentence: str) -> bool:
    alone = command.id == "draw" and is_quick(args["task"])  # its visits are of no task yet
    offered = [param for param in command.params if param.name in OFFERED.get(command.id, ()) and not args.get(param.name) and not alone]
    if not offered:
        return yes(book, command.label, sentence)
    sentence += say.OR_MORE.format(labels="、".join(param.label for param in offered))
    said = book.app.alert(sentence, say.TITLE.format(label=command.label), "yes_no_cancel")
    if said == "no":
        raise Wanted({param.name: _answer(command, param, book) for param in offered})
    return bool(said == "yes")


def sure(command: Command, book: LiveBook, args: dict[str, Any]) -> None:
    """Ask before a step that stays. Cancelled if it is not wanted; Wanted: a rare answer first."""
    if not surely(command, book, args):
        raise Cancelled


def surely(command: Command, book: LiveBook, args: dict[str, Any]) -> bool:
    """Whether a step that stays is wanted; the question names workbook and task."""
    sentence = say.SURE if "task" in args else say.SURE_NO_TASK
    step = backup.last(book.path) if command.id == "undo" else None
    if step:
        sentence = say.SURE_UNDO.format(book="{book}", step=step.label)
    tasks = "、".join((str(args.get("task")), *(args.get("with_") or ())))
    return _yes_or_more(command, book, args, sentence.format(book=book.path.name, task=tasks, help=command.help, label=command.label))


def yes(book: LiveBook, label: str, sentence: str) -> bool:
    """是 or 否."""
    return bool(book.app.alert(sentence, say.TITLE.format(label=label), "yes_no") == "yes")


def _answer(command: Command, param: Param, book: LiveBook) -> Any:
    kind = param.kind
    if kind in ("book", "source"):
        return book.path
    if kind == "folder":
        return book.path.parent / say.FOLDERS.get(command.id, command.label)
    if kind == "file":
        chosen = excel.ask_file(book.app, say.TITLE.format(label=command.label), say.FILE_KINDS)
        if chosen is None:
            raise Cancelled
        return book.path.parent / chosen
    if kind == "flag":
        return yes(book, command.label, say.YES_NO.format(label=param.label, help=param.help, book=book.path.name))
    if kind == "task":
        return _task(command, param, book)
    if kind == "quick":
        numbers = quick_draws(book, (codelists.DRAWN,))
        if not numbers:
            raise Refusal(say.NO_QUICK)
        return _choose(command, param, book, numbers, numbers[0])
    if kind == "table":
        return _choose(command, param, book, tuple(IMPORTABLE), _sheet(book) if _sheet(book) in IMPORTABLE else DEFAULT_IMPORT)
    if kind == "choice":
        text = _choose(command, param, book, param.choices, param.choices[0])
        if text not in param.choices:
            raise Refusal(say.NO_CHOICE, label=param.label, seen=text, allowed="、".join(param.choices))
        return text
    return _typed(command, param, book)


def _typed(command: Command, param: Param, book: LiveBook) -> Any:
    hint = {"texts": say.SEVERAL, "pairs": say.PAIRS}.get(param.kind, "") + ("" if param.required else say.OPTIONAL)
    text = _box(command, param, book, hint, "")
    if param.kind == "pairs":
        return [_pair(param, word) for word in words(text)]
    if param.kind == "texts":
        return words(text)
    if param.kind == "new_book":
        return book.path.parent / text
    return text or None


def _pair(param: Param, word: str) -> tuple[str, str]:
    left, equals, right = word.replace("＝", "=").partition("=")
    if not equals:
        raise Refusal(say.BAD_PAIR, label=param.label, seen=word)
    return left.strip(), right.strip()


def _task(command: Command, param: Param, book: LiveBook) -> str:
    """A task by name, or a quick draw by number. Without a question where the panel has one that waits and nothing else is selected."""
    view = book.read(["tasks", "panel"])
    tasks = view["tasks"]
    waiting = panel.waiting(view["panel"]) if command.id == "draw" else []
    numbers = {number: name for number, name in zip(tasks["number"], tasks["name"], strict=True) if number}
    names = [*(name for name in tasks["name"] if name), *(number for number in quick_draws(book, log.STEPS[:3]) if number not in numbers)]
    if not names:
        raise Refusal(say.NO_TASKS)
    here = selected_task(book)
    here = numbers.get(here, here)
    proposed = numbers.get(waiting[0], waiting[0]) if waiting else ""
    if len(waiting) == 1 and here in ("", proposed):  # the panel says it, and nothing else does
        return waiting[0]
    text = _choose(command, param, book, names, here or proposed or (names[0] if len(names) == 1 else ""))
    if not is_quick(text):
        find_task(view, text)  # refused before any other box
    return text


def quick_draws(book: LiveBook, events: Sequence[str]) -> list[str]:
    """The numbers of the last quick draws that are so far and no task yet, the newest first."""
    rows = records(book.read(["log"])["log"])
    tasks = adopted(rows)
    numbers = list(dict.fromkeys(row["task"] for row in reversed(rows) if is_quick(row["task"]) and row["task"] not in tasks))
    return [number for number in numbers[:RECENT] if log.state(rows, number).event in events]


def selected_task(book: LiveBook) -> str:
    """The task, by name or number, that the selected row is about; "" where the selection is about none."""
    table = SHEETS.get(_sheet(book))
    column = "name" if table is BY_NAME["tasks"] else "task"
    if table is None or column not in (each.name for each in table.columns):
        return ""
    frame, here = book.read([table.name])[table.name], book.app.selection
    return str(frame.at[here.row, column]) if here is not None and here.row in frame.index else ""  # None: a picture is selected


def _sheet(book: LiveBook) -> str:
    """The name of the sheet that people see."""
    return str(book.book.sheets.active.name)


def _choose(command: Command, param: Param, book: LiveBook, options: Sequence[str], default: str) -> str:
    shown = " ".join(f"{number}.{option}" for number, option in enumerate(options, 1))
    room = PROMPT - len(say.QUESTION) - len(param.label) - len(param.help) - len(book.path.name) - len(say.NUMBERED) - len(say.MORE)
    if len(shown) > room:
        shown = shown[:room] + say.MORE.format(count=len(options))
    text = _box(command, param, book, say.NUMBERED.format(list=shown), default)
    if text.isdecimal() and 1 <= int(text) <= len(options) and text not in options:
        return options[int(text) - 1]
    return text


def _box(command: Command, param: Param, book: LiveBook, hint: str, default: str) -> str:
    prompt = say.QUESTION.format(label=param.label, help=param.help.rstrip("。"), hint=hint, book=book.path.name)
    text = excel.ask(book.app, say.TITLE.format(label=command.label), prompt[:PROMPT], default)
    if text is None:
        raise Cancelled
    if param.required and not text.strip():
        raise Refusal(say.NEEDED, label=param.label)
    return text.strip()
