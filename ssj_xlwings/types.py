"""The few core types. Everything else in the package is written in these words.

Imports nothing of ours; pandas appears only in annotations, so that `ssj --help` stays quick.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    import pandas as pd

    Frame = pd.DataFrame
    """Rows of one table: index = sheet row number (int), columns = English names, values `str` in canonical form (`vocabulary.values`), "" for blank."""

Kind = Literal["text", "code", "int", "rate", "date", "month", "choice", "ref", "codes", "time", "link"]
"""What a cell holds, in canonical text: text; code (an identifier, never a number); int "12";
rate "0.03" or "5户"; date "2026-03-02"; month "2026-03"; choice (one of `allowed`); ref (one name or
code of table `refers`); codes (several, joined with "、"); time "2026-03-02T01:00:00Z"; link (a cell
address such as 检查对象名录库!C2, shown as a hyperlink)."""

Filled = Literal["staff", "import", "derived"]
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    `required`: blank is a finding. `filled_by`: staff type it; import brings it (or it is optional);
    derived means our commands write it. `private`: its values never enter a public file.
    `daily`: visible in the daily view; the others stand in a collapsed group. `default` is what a
    blank means. `allowed` are the words of a choice or of codes; `aliases` are other headings under
    which real exports carry it.
    """

    name: str
    header: str
    kind: Kind = "text"
    required: bool = False
    allowed: tuple[str, ...] = ()
    refers: str = ""
    filled_by: Filled = "staff"
    private: bool = False
    daily: bool = True
    default: str = ""
    width: int = 12
    aliases: tuple[str, ...] = ()
    help: str = ""
    formula: str = ""
    """An Excel formula that fills the column (structured references, Excel 2013 functions)."""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet that is a table. `key`: the columns that tell one row from another.

    `append_only`: rows are never changed or removed; `generated`: a command writes the whole of it.
    """

    name: str
    sheet: str
    group: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    help: str
    append_only: bool = False
    generated: bool = False
    landscape: bool = True

    def column(self, name: str) -> Column:
        """The column of that English name; KeyError if there is none (our bug)."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")


@dataclass(frozen=True, slots=True)
class At:
    """A place in a book: only a book (or the sheet name) turns it into 检查对象名录库!C2."""

    table: str
    row: int = 0
    column: str = ""


class Sentence(NamedTuple):
    """Two templates: what is wrong, and what to do about it. They stand in `vocabulary.sentences`."""

    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in people's data that is not right: where, what was seen, what is allowed, what to do.

    `values` fill the sentence; `seen` and `allowed` among them also stand in columns of their own.
    `blocks`: a draw whose scope holds this cell cannot go ahead.
    """

    at: At
    sentence: Sentence
    values: Mapping[str, str] = field(default_factory=dict)
    blocks: bool = True

    def problem(self) -> str:
        """What is wrong, filled."""
        return self.sentence.problem.format(**self.values)

    def remedy(self) -> str:
        """What to do, filled."""
        return self.sentence.remedy.format(**self.values)


class Refusal(Exception):
    """A command cannot run. One clear Chinese sentence; nothing was changed."""

    def __init__(self, sentence: str, **values: object) -> None:
        self.sentence = sentence
        self.values = values
        super().__init__(sentence.format(**values))


@dataclass(frozen=True, slots=True)
class Append:
    """Rows to add below a table (keyed by column name; missing names are blank)."""

    table: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Patch:
    """Cells to change: (sheet row, column name) → canonical text. `end`: where an Excel table is to end, if it can (0: as it does)."""

    table: str
    cells: Mapping[tuple[int, str], str]
    end: int = 0


@dataclass(frozen=True, slots=True)
class Rewrite:
    """All rows of a generated table."""

    table: str
    rows: Sequence[Row]


Change = Append | Patch | Rewrite


@dataclass(frozen=True, slots=True)
class LogRow:
    """What a command adds to the chained log, before `lottery.log.make` gives it number, time and chain.

    `data`: names → texts, every one normal text (draw protocol, Notation).
    """

    task: str
    event: str
    attempt: int
    note: str
    data: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class File:
    """A file to write, relative to the outcome's folder. `public`: anyone may see it. `data` is the bytes, or a function that writes
    the file at the path it is given. `former`: the workbook whose place these bytes take, if it still is so; it goes to 备份.
    """

    name: str
    data: bytes | Callable[[Path], None]
    public: bool = False
    former: bytes = b""


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a command wants done; `doors.run` does it once, in this order: log, files, book.

    `log`: a finished row of the chained log (`lottery.log.make`).
    `message` is the sentence for the person; `lines` what follows it (rows of text, for the screen).
    `folder`: where `files` go. `next`: the command line that comes next, as people would type it.
    `then`: a second step that must see the first one written (the draw after its said row).
    `status`: exit status of the terminal door.
    `show`: the table whose sheet a click brings to the front; `opens`: those of `files` that a click opens, in
    this order, once its sentence was read. A sentence before a page that reveals (.html) does not tell what it reveals.
    """

    message: str
    lines: Sequence[str] = ()
    findings: Sequence[Finding] = ()
    log: Row | None = None
    folder: Path | None = None
    files: Sequence[File] = ()
    changes: Sequence[Change] = ()
    next: str = ""
    then: Callable[[Request], Outcome] | None = None
    status: int = 0
    show: str = ""
    opens: Sequence[str] = ()


ParamKind = Literal["book", "new_book", "table", "task", "file", "folder", "text", "texts", "pairs", "choice", "date", "flag", "source", "secret", "sheet", "rows", "column", "quick"]
"""`secret` is a text kept nowhere and not shown while it is typed; `sheet`, `rows` and `column` are told by what is selected in Excel;
`quick` is the number of a quick draw; `source` is a book that is only looked at: its tables named in `reads` come as the view."""


@dataclass(frozen=True, slots=True)
class Param:
    """One argument of a command: an option or argument on the command line, a question in a dialog.

    `form`: how it is written, where a label does not tell: 姓名=六位数. `rare`: a click asks for it only after a refusal
    that names its option. `clicked`: a flag that a click sets without asking.
    """

    name: str
    kind: ParamKind
    label: str
    help: str
    required: bool = False
    positional: bool = False
    choices: tuple[str, ...] = ()
    form: str = ""
    rare: bool = False
    clicked: bool = False

    @property
    def option(self) -> str:
        """--dry-run for dry_run, --from for from_."""
        return "--" + self.name.rstrip("_").replace("_", "-")


@dataclass(frozen=True, slots=True)
class Command:
    """A command, declared once. The function is `ssj_xlwings.<module>.<id>` (`import_` for import).

    `reads`: tables it needs; `writes`: tables it may change (the save is checked against it).
    `group`: where its button stands on the ribbon, one of `vocabulary.commands.GROUPS`; "" has no button.
    `icon`: one of `vocabulary.commands.ICONS`. `large`: one of the five that matter daily.
    `closed`: it works on a closed workbook only: a click waits until it is closed, does it and opens it again.
    """

    id: str
    module: str
    label: str
    help: str
    params: tuple[Param, ...]
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    icon: str = ""
    large: bool = False
    group: str = ""
    closed: bool = False


@dataclass(frozen=True)
class View:
    """What a book showed at one moment.

    `tables`: name → Frame. `findings`: cells that could not be read as what they should be
    (a damaged code, an error value). `seen`: a digest of the book as read; `Book.apply` compares it.
    """

    tables: Mapping[str, Frame]
    findings: Sequence[Finding] = ()
    seen: str = ""

    def __getitem__(self, table: str) -> Frame:
        return self.tables[table]


@dataclass(frozen=True)
class Request:
    """Everything a command may know. Clock, operator and chance come in here, so that a command can
    be repeated in a test to the bit. `log`: rows of the log file, oldest first, as `lottery.log` wrote them.
    """

    args: Mapping[str, Any]
    now: datetime
    operator: str
    entropy: Callable[[int], bytes]
    progress: Callable[[str], None]
    book: Path | None = None
    view: View = field(default_factory=lambda: View({}))
    log: Sequence[Mapping[str, str]] = ()


class Book(Protocol):
    """A workbook that can be read and changed, open or closed. `copy`: as it was before the last `apply`; None if there was none."""

    path: Path
    copy: Path | None

    def held(self) -> AbstractContextManager[None]:
        """The book is ours for a while. Refusal if it could not be written now."""

    def read(self, tables: Iterable[str]) -> View:
        """The named tables. Refusal if the file or a sheet or a required heading is missing."""

    def filtered(self, table: str, column: str) -> Any:
        """A `vocabulary.filters.Filtered`: the AutoFilter of the table's sheet, and how many rows with something in that column it shows."""

    def ready(self, seen: View, may: Iterable[str]) -> None:
        """Refusal if `apply` could not do its work now, or the book changed since `seen`. Asked before anything that stays."""

    def apply(self, changes: Sequence[Change], seen: View, may: Iterable[str]) -> None:
        """All changes or none. Refusal if the book changed since `seen`."""

    def cell(self, at: At) -> str:
        """检查对象名录库!C2: where a place stands in this very book."""
