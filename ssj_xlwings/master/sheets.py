"""A table of the vocabulary as a sheet: an Excel table with its formats, prompts, rules and print set-up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ssj_xlwings.master.looks import MARKS, Looks, heading
from ssj_xlwings.master.names import LAST
from ssj_xlwings.master.rules import role, rules, validation
from ssj_xlwings.vocabulary.sentences import master as say
from ssj_xlwings.vocabulary.tables import GROUPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.worksheet import Worksheet

    from ssj_xlwings.types import Column, Row, Table

TEXT, GENERAL, WHOLE = 49, "General", 1
FORMATS: dict[str, str | int] = {"date": "yyyy-mm-dd", "rate": "0.0#%", "int": WHOLE, "link": GENERAL}
"""Number formats of kinds; the rest is text. (0.##% would show 3% as “3.%”.)"""
CENTRED = {"date", "rate", "int", "choice", "link", "month"}
WRAPPED = {"items": ("name", "basis", "points", "materials"), "findings": ("problem", "cells", "seen", "allowed", "remedy")}
"""Sentences: they wrap, and all rows of the sheet are high enough for most. Other wide columns shrink, so that
a list keeps one line a row and no name is cut."""
HEIGHTS = {"items": 36, "findings": 50}
OPEN_ENDED = {"business", "data", "remark", "handled", "value"}
"""May be very long: neither."""
WIDE = 16
STYLE = "Table Style Light 15"
MARGINS = {"left": 0.5, "right": 0.5, "top": 0.8, "bottom": 0.7}


def write(looks: Looks, table: Table, bureau: str, rows: Sequence[Row]) -> None:
    """Add the sheet of a table with these rows of canonical text; without any, the table has one blank row.

    Row 1 holds the headings, exactly those of the vocabulary, in its order from column A on.
    """
    sheet = looks.book.add_worksheet(table.sheet)
    colour = GROUPS[table.group]
    last = max(len(rows), 1)
    headings = [{"header": column.header, "header_format": looks.get(**heading(colour, role(column)))} for column in table.columns]
    for described, column in zip(headings, table.columns, strict=True):
        if column.formula:
            described["formula"] = in_file(table, column.formula)
    sheet.add_table(0, 0, last, len(table.columns) - 1, {"name": f"ssj_{table.name}", "columns": headings, "style": STYLE})
    for number, column in enumerate(table.columns):
        _column(sheet, looks, table, number)
        _cells(sheet, looks, table, column, number, rows)
    if not table.columns[-1].daily:
        sheet.set_column(len(table.columns), len(table.columns), None, None, {"collapsed": True})
    for rule in rules(table):
        number = [column.name for column in table.columns].index(rule.column)
        sheet.conditional_format(1, number, LAST - 1, number, {"type": "formula", "criteria": f"={rule.formula}", "format": looks.get(**MARKS[rule.mark])})
    sheet.set_row(0, 33)
    if table.name in HEIGHTS:
        sheet.set_default_row(HEIGHTS[table.name])
    sheet.freeze_panes(1, 1)
    sheet.set_tab_color(f"#{colour}")
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{LAST}"})
    sheet.repeat_rows(0)
    sheet.hide_gridlines(0)
    print_setup(sheet, table.sheet, bureau, landscape=table.landscape)


def _column(sheet: Worksheet, looks: Looks, table: Table, number: int) -> None:
    column = table.columns[number]
    options: dict[str, Any] = {} if column.daily else {"level": 1, "hidden": True}
    if column.daily and number and not table.columns[number - 1].daily:
        options["collapsed"] = True  # the + stands over the column that follows a hidden group
    sheet.set_column(number, number, column.width, looks.get(**_look(table, column)), options)
    rule = validation(table, column)
    if rule:
        sheet.data_validation(1, number, LAST - 1, number, rule)


def _cells(sheet: Worksheet, looks: Looks, table: Table, column: Column, number: int, rows: Sequence[Row]) -> None:
    look = looks.get(**_look(table, column))
    if column.formula:
        for at in range(1, max(len(rows), 1) + 1):  # XlsxWriter alone would leave 0 as the value that readers see
            sheet.write_formula(at, number, in_file(table, column.formula), look, "")
        return
    for at, row in enumerate(rows, start=1):
        if row.get(column.name):
            sheet.write_string(at, number, row[column.name], look)


def _look(table: Table, column: Column) -> dict[str, Any]:
    look: dict[str, Any] = {"num_format": FORMATS.get(column.kind, TEXT), "valign": "vcenter", "align": "center" if column.kind in CENTRED else "left"}
    if column.formula:
        look["num_format"] = GENERAL  # a formula in a text cell turns into its own text when it is edited
    if column.name in WRAPPED.get(table.name, ()):
        look["text_wrap"] = True
    elif column.kind == "link" or (column.width >= WIDE and column.name not in OPEN_ENDED):
        look["shrink"] = True
    if column.kind == "link":
        look |= {"font_color": "#0563C1", "underline": 1}
    elif role(column) == "derived" and not table.generated:
        look["font_color"] = "#595959"
    return look


def in_file(table: Table, formula: str) -> str:
    """[@列] as files hold it: ssj_tasks[[#This Row],[列]]."""
    return re.sub(r"\[@([^\]]+)\]", rf"ssj_{table.name}[[#This Row],[\1]]", formula)


def print_setup(sheet: Worksheet, title: str, bureau: str, *, landscape: bool) -> None:
    """A4, one page wide; unit and title above, page and print date below."""
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(**MARGINS)
    unit = bureau.replace("&", "&&")
    sheet.set_header(f"&L&9 {unit}&C&14&B{title}")
    sheet.set_footer(f"&C&9{say.PAGE}&R&9{say.PRINTED}")
