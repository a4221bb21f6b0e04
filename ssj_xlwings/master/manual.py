"""填写说明 and 代码表: both written from the vocabulary, so that they cannot say anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.master.looks import ACCENT, INK, LINE, MARKS, PALE, QUIET, Looks, heading
from ssj_xlwings.master.names import KEYS, code_lists
from ssj_xlwings.master.rules import role
from ssj_xlwings.master.sheets import TEXT, print_setup
from ssj_xlwings.vocabulary import tables as words
from ssj_xlwings.vocabulary.commands import BY_ID
from ssj_xlwings.vocabulary.sentences import master as say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from ssj_xlwings.types import Column, Command, Table

WIDTHS = (24, 9, 46, 54)
LINE_HEIGHT, SPARE = 16, 3
STEPS = ("new", "import", "check", "freeze", "draw", "papers", "", "publish", "verify", "ledger")
"""The main job; "" is the inspection itself, which is typed."""
ROLES = {"required": say.REQUIRED, "optional": say.OPTIONAL, "derived": say.DERIVED}


class Page:
    """The manual's sheet and the row that comes next."""

    def __init__(self, looks: Looks, sheet: Worksheet) -> None:
        self.sheet, self.row, self.looks = sheet, 0, looks
        boxed = {"border": 1, "border_color": f"#{LINE}", "text_wrap": True, "valign": "vcenter"}
        self.cell = looks.get(**boxed)
        self.centred = looks.get(**boxed, align="center")
        self.bold = looks.get(**boxed, bold=True)
        self.head = looks.get(**boxed, bold=True, bg_color=f"#{PALE}", align="center")

    def line(self, texts: Sequence[str], formats: Sequence[Format]) -> None:
        """One row of cells, as high as the longest text needs. The last text takes the columns that are left."""
        last = len(texts) - 1
        for column, (text, look) in enumerate(zip(texts, formats, strict=True)):
            if column == last < len(WIDTHS) - 1:
                self.sheet.merge_range(self.row, column, self.row, len(WIDTHS) - 1, text, look)
            else:
                self.sheet.write_string(self.row, column, text, look)
        widths = (*WIDTHS[:last], sum(WIDTHS[last:]))
        lines = max(-(-wide(text) // (width - SPARE)) for text, width in zip(texts, widths, strict=True))
        self._end(LINE_HEIGHT * max(lines, 1) + 2)

    def _end(self, height: float) -> None:
        self.sheet.set_row(self.row, height)
        self.row += 1

    def title(self, text: str) -> None:
        """The first line."""
        self.sheet.write_string(self.row, 0, text, self.looks.get(font_size=20, bold=True, font_color=f"#{ACCENT}", valign="vcenter"))
        self._end(36)

    def section(self, title: str, colour: str) -> None:
        """A coloured bar, after a blank row."""
        self._end(LINE_HEIGHT)
        bar = self.looks.get(bold=True, font_size=12, font_color="#FFFFFF", bg_color=f"#{colour}", valign="vcenter", indent=1)
        for column in range(len(WIDTHS)):
            self.sheet.write_string(self.row, column, "" if column else title, bar)
        self._end(24)

    def note(self, text: str) -> None:
        """One quiet line over the whole width."""
        self.sheet.write_string(self.row, 0, text, self.looks.get(font_color=f"#{QUIET}", valign="vcenter", indent=1))
        self._end(20)


def write(looks: Looks, bureau: str, *, ribbon: bool) -> None:
    """Add 填写说明: the main job in steps, the legend, habits, then every table with every column."""
    sheet = looks.book.add_worksheet(words.MANUAL)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    page = Page(looks, sheet)
    page.title(words.MANUAL)
    _steps(page, ribbon=ribbon)
    _legend(page)
    page.section(say.MANUAL_HABITS, ACCENT)
    for name, text in say.HABITS:
        page.line([name, text], [page.bold, page.cell])
    for table in words.TABLES:
        _table(page, table)
    sheet.hide_gridlines(2)
    sheet.set_tab_color(f"#{words.GROUPS[words.OFFICE]}")
    print_setup(sheet, words.MANUAL, bureau, landscape=False)


def wide(text: str) -> int:
    """Columns of text: a Chinese character takes two."""
    return sum(1 if char.isascii() else 2 for char in text)


def terminal_line(command: Command) -> str:
    """The command as people type it, its required arguments named."""
    needed = [param for param in command.params if param.required]
    parts = [param.label if param.positional else f"--{param.name} {param.form or param.label}" for param in needed]
    return " ".join(["ssj", command.id, *parts])


def _steps(page: Page, *, ribbon: bool) -> None:
    page.section(say.MANUAL_STEPS, ACCENT)
    if ribbon:
        page.note(say.MANUAL_RIBBON)
    look = [page.bold, page.centred, page.cell, page.cell]
    page.line(say.MANUAL_STEPS_HEAD, [page.head] * 4)
    for number, id_ in enumerate(STEPS, start=1):
        name, text = (BY_ID[id_].label, BY_ID[id_].help) if id_ else say.RESULTS_STEP
        page.line([name, str(number), terminal_line(BY_ID[id_]) if id_ else "", text], look)


def _legend(page: Page) -> None:
    page.section(say.LEGEND, ACCENT)
    for key, (name, text) in say.HEADINGS.items():
        page.line([name, text], [page.looks.get(**heading(words.GROUPS[words.REGISTRY], key)), page.cell])
    for mark, (name, text) in say.MARKS.items():
        sample = page.looks.get(**MARKS[mark], border=1, border_color=f"#{LINE}", align="center", valign="vcenter")
        page.line([name, text], [sample, page.cell])


def _table(page: Page, table: Table) -> None:
    page.section(table.sheet, words.GROUPS[table.group])
    page.note(table.help)
    page.line(say.MANUAL_TABLE_HEAD, [page.head] * 4)
    for column in table.columns:
        texts = [column.header, ROLES[role(column)], allowed(column), column.help]
        page.line(texts, [page.bold if column.required else page.cell, page.centred, page.cell, page.cell])


def allowed(column: Column) -> str:
    """What may be filled in, in one phrase."""
    if column.refers and column.kind != "choice":
        table = words.BY_NAME[column.refers]
        headers = say.OR.join(table.column(key).header for key in KEYS[column.refers])
        return say.KINDS["refs" if column.kind == "codes" else "ref"].format(sheet=table.sheet, headers=headers)
    if column.allowed:
        return say.KINDS[column.kind].format(allowed="、".join(column.allowed))
    if column.kind == "choice":
        return say.PROMPT_CHOICE
    return say.KINDS["text" if column.kind == "codes" else column.kind]


def write_codes(looks: Looks, bureau: str) -> None:
    """Add 代码表: one closed list a column, in the order of `names.code_lists`, on which the names rely."""
    sheet = looks.book.add_worksheet(words.CODES)
    head = looks.get(bold=True, bg_color=f"#{PALE}", font_color=f"#{INK}", border=1, border_color=f"#{LINE}", align="center", valign="vcenter", text_wrap=True)
    cell = looks.get(num_format=TEXT, valign="vcenter")
    for column, each in enumerate(code_lists()):
        longest = max(wide(word) for word in (*each.words, each.heading))
        sheet.set_column(column, column, longest + 3, cell)
        sheet.write_string(0, column, each.heading, head)
        for row, word in enumerate(each.words, start=1):
            sheet.write_string(row, column, word, cell)
    sheet.set_row(0, 33)
    sheet.freeze_panes(1, 0)
    sheet.set_tab_color(f"#{words.GROUPS[words.OFFICE]}")
    sheet.repeat_rows(0)
    sheet.hide_gridlines(0)
    print_setup(sheet, words.CODES, bureau, landscape=True)
    sheet.fit_to_pages(3, 0)
