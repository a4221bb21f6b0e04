"""The sheet 现场抽取: big rows for the numbers under a title that a room can read.

The title is formulas over the table, so that no book needs to write it: a command rewrites the rows, and the title follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ssj_xlwings.master.looks import ACCENT, INK, LINE, MARKS, QUIET, Looks, heading, tint
from ssj_xlwings.master.names import LAST, letter
from ssj_xlwings.master.sheets import STYLE, TEXT, print_setup
from ssj_xlwings.vocabulary.commands import BY_ID
from ssj_xlwings.vocabulary.sentences import master as words
from ssj_xlwings.vocabulary.sentences import panel as say
from ssj_xlwings.vocabulary.tables import GROUPS, PANEL

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

HEADER = 7
"""Rows of the title; the headings stand in the next one."""
WIDE = 3
"""The last visible column, from 0: the title takes all of them."""
TITLES = (46, 28, 24, 34, 34, 44, 8)
"""Heights of the title's rows."""
ROW = 54
HALF = 39
"""Characters of a commitment in groups of four that stand in its first line."""
MONO = "Consolas"
PADDING = "0" * 11
"""To the 17 places that the name ssj_i counts."""
BIG: dict[str, dict[str, Any]] = {
    "speaker": {"font_size": 26, "indent": 1, "shrink": True}, "said": {"font_size": 30, "bold": True, "font_name": MONO, "align": "center"},
    "state": {"font_size": 16, "align": "center"}, "name": {"font_size": 14, "text_wrap": True},
}


def write(looks: Looks, bureau: str, *, ribbon: bool) -> None:
    """Add the sheet, its table with one blank row."""
    sheet = looks.book.add_worksheet(PANEL.sheet)
    colour = GROUPS[PANEL.group]
    sheet.set_default_row(ROW)
    headings = [{"header": each.header, "header_format": looks.get(**heading(colour, "required" if each.name == "said" else "derived"))} for each in PANEL.columns]
    sheet.add_table(HEADER, 0, HEADER + 1, len(PANEL.columns) - 1, {"name": f"ssj_{PANEL.name}", "columns": headings, "style": STYLE})
    for number, each in enumerate(PANEL.columns):
        look: dict[str, Any] = {"num_format": 1 if each.kind == "int" else TEXT, "valign": "vcenter", "align": "center" if each.kind == "int" else "left"}
        look |= BIG.get(each.name, {})
        sheet.set_column(number, number, each.width, looks.get(**look), {} if each.daily else {"level": 1, "hidden": True})
    sheet.set_column(len(PANEL.columns), len(PANEL.columns), None, None, {"collapsed": True})
    sheet.set_row(HEADER, 30)
    _title(looks, sheet, (words.BUTTON if ribbon else words.COMMAND))
    _marks(looks, sheet)
    sheet.freeze_panes(HEADER + 1, 1)
    sheet.set_selection(HEADER + 1, 1, HEADER + 1, 1)  # the first number: whoever is brought here types at once
    sheet.set_tab_color(f"#{colour}")
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{LAST}"})
    sheet.hide_gridlines(2)
    print_setup(sheet, PANEL.sheet, bureau, landscape=PANEL.landscape)
    sheet.repeat_rows(HEADER)


def column(name: str) -> str:
    """A column of the table, as formulas on any sheet say it."""
    return f"ssj_{PANEL.name}[{PANEL.column(name).header}]"


def first(name: str) -> str:
    """The column's cell in the first row."""
    return f"INDEX({column(name)},1)"


def _title(looks: Looks, sheet: Worksheet, form: str) -> None:
    called = {name: form.format(label=BY_ID[name].label, id=name) for name in ("freeze", "draw", "papers")}
    big: dict[str, Any] = {"align": "center", "valign": "vcenter"}
    code = {**big, "font_name": MONO, "font_size": 24, "bold": True, "font_color": f"#{INK}"}
    missing = f'SUMPRODUCT(({column("task")}={first("task")})*({column("state")}="{say.WAITING}")*(LEN({column("said")})<>6))'
    over = f'"{say.OVER.format(**called)}"'
    open_ = f'IF({missing}>0,"{say.MISSING[0]}"&{missing}&"{say.MISSING[1]}","{say.COMPLETE.format(**called)}")'
    empty = f'{first("task")}=""'
    lines = (
        (f'IF({empty},"{say.TITLE}",{first("name")}&"{say.ATTEMPT[0]}"&{first("attempt")}&"{say.ATTEMPT[1]}")', {**big, "font_size": 24, "bold": True, "font_color": f"#{ACCENT}", "shrink": True}),
        (f'IF({empty},"","{say.SIZES[0]}"&{first("pool")}&"{say.SIZES[1]}"&{first("take")})', {**big, "font_size": 16}),
        (f'IF({empty},"","{say.COMMITMENT}")', {**big, "font_size": 12, "font_color": f"#{QUIET}"}),
        (f"LEFT({first('commitment')},{HALF})", code), (f"MID({first('commitment')},{HALF + 2},{HALF})", code),
        (f'IF({empty},"{say.NOBODY.format(**called)}",IF({first("state")}="{say.DONE}",{over},{open_}))',
         {**big, "font_size": 14, "text_wrap": True, "bg_color": f"#{tint(ACCENT, 0.1)}", "font_color": f"#{INK}", "border": 1, "border_color": f"#{LINE}"}),
    )
    for row, height in enumerate(TITLES):
        sheet.set_row(row, height)
    for row, (formula, look) in enumerate(lines):
        sheet.merge_range(row, 0, row, WIDE, "", looks.get(**look))
        sheet.write_formula(row, 0, f"={formula}", looks.get(**look), "")


def _marks(looks: Looks, sheet: Worksheet) -> None:
    """A number still missing, one that is none, and what is over."""
    top = HEADER + 2
    said, state = f"${letter(PANEL.name, 'said')}{top}", f"${letter(PANEL.name, 'state')}{top}"
    digits = f'SUMPRODUCT(--ISERROR(FIND(MID({said}&"{PADDING}",ssj_i,1),"0123456789")))=0'
    rules = (
        ("said", f'AND({state}="{say.WAITING}",{said}="")', MARKS["missing"]),
        ("said", f'AND({said}<>"",NOT(AND(LEN({said})=6,{digits})))', MARKS["wrong"]),
        *((name, f'{state}="{say.DONE}"', {"font_color": f"#{QUIET}", "bg_color": "#E2EFDA"}) for name in ("speaker", "said", "state", "name")),
    )
    for name, formula, look in rules:
        at = [each.name for each in PANEL.columns].index(name)
        sheet.conditional_format(top - 1, at, LAST - 1, at, {"type": "formula", "criteria": f"={formula}", "format": looks.get(**look)})
