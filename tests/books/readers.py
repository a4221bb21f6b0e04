"""A workbook's cells as other programs read them, in one form, so that they can be compared."""

from __future__ import annotations

import datetime as dt
import math
import warnings

import openpyxl
import wolfxl
from openpyxl.utils.datetime import to_excel
from python_calamine import CalamineWorkbook

Grid = dict[tuple[int, int], str]
"""(row, column) → what the cell holds; blank cells and error values are not there, for calamine tells one from the other not."""


def plain(value) -> str:
    """Numbers, dates and booleans as the number that stands in the file; texts with the line ends of Excel."""
    if value is None or value == "" or (isinstance(value, str) and value.startswith("#") and value.rstrip("!?") in ERRORS):
        return ""
    if isinstance(value, (dt.datetime, dt.date, dt.time, dt.timedelta)):
        value = value.total_seconds() / 86400 if isinstance(value, dt.timedelta) else to_excel(value)
    if isinstance(value, (bool, int, float)):
        return "" if isinstance(value, float) and math.isnan(value) else f"{float(value):.12g}"
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


ERRORS = ("#N/A", "#REF", "#VALUE", "#NAME", "#DIV/0", "#NUM", "#NULL", "#SPILL", "#CALC")


def grid(rows) -> Grid:
    return {(row, column): text for row, cells in enumerate(rows, 1) for column, value in enumerate(cells, 1) if (text := plain(value))}


def by_openpyxl(path, values: bool = True) -> dict[str, Grid]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, data_only=values)
    return {sheet.title: grid(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def by_wolfxl(path) -> dict[str, Grid]:
    book = wolfxl.load_workbook(str(path), data_only=True)
    return {name: grid(book[name].iter_rows(values_only=True)) for name in book.sheetnames if hasattr(book[name], "iter_rows")}


def by_calamine(path) -> dict[str, Grid]:
    book = CalamineWorkbook.from_path(str(path))
    return {name: grid(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names}


def formulas(path) -> dict[str, set[tuple[int, int]]]:
    """Where formulas stand."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path)
    return {sheet.title: {(cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"} for sheet in book.worksheets}


def by_office(office, path) -> dict[str, Grid]:
    """As LibreOffice reads it and calculates all of it anew. `office`: tests.live.office.Office."""
    from tests.live.office import bridge

    bridge()
    from com.sun.star.beans import PropertyValue

    hidden = PropertyValue()
    hidden.Name, hidden.Value = "Hidden", True
    book = office.desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, (hidden,))
    try:
        book.calculateAll()
        found = {}
        for sheet in book.Sheets:
            used = sheet.createCursor()
            used.gotoEndOfUsedArea(False)
            end = used.RangeAddress
            found[sheet.Name] = grid(sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow).getDataArray())
        return found
    finally:
        book.close(True)
