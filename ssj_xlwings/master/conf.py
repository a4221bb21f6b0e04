"""The hidden sheet xlwings.conf: how the xlwings add-in starts Python for this workbook, the same on every PC.

xlwings looks here first, then in the folder's and the user's xlwings.conf, so a setting that is absent
here could come from another project. What must not is therefore present, even if empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.vocabulary.sentences import master as say

if TYPE_CHECKING:
    from xlsxwriter import Workbook

SHEET = "xlwings.conf"
INTERPRETER = r"%LOCALAPPDATA%\ssj\python\python.exe"
"""Where setting up puts Python; the launcher in workbooks/SsjRibbon.bas looks for it there too."""
PACKAGE = r"Lib\site-packages\ssj_xlwings"
"""Where the package stands beside the interpreter."""
SETTINGS = (
    ("INTERPRETER_WIN", INTERPRETER),
    ("ADD_WORKBOOK_TO_PYTHONPATH", "False"),  # a stray click.py beside the workbook would be run
    ("USE UDF SERVER", "False"),  # a server would be shared between workbooks and outlive an update
    ("SHOW CONSOLE", "False"),
    ("SHOW_ERROR_POPUPS", "True"),  # False would write a sheet “Error” into the workbook
    ("TEMP DIR", "%TEMP%"),  # empty would mean the root of the disk
    ("PYTHONPATH", ""),
    ("CONDA PATH", ""),
    ("CONDA ENV", ""),
    ("ONEDRIVE_CONSUMER_WIN", ""),
    ("ONEDRIVE_COMMERCIAL_WIN", ""),
    ("SHAREPOINT_WIN", ""),
)
"""Names as xlwings asks for them, from A1 downwards without a gap; every value passes through its ExpandEnvironmentStrings."""


def write(book: Workbook) -> None:
    """Add the sheet, hidden, all cells text."""
    sheet = book.add_worksheet(SHEET)
    text = book.add_format({"num_format": "@"})
    for row, (name, value) in enumerate(SETTINGS):
        sheet.write_string(row, 0, name, text)
        sheet.write_string(row, 1, value, text) if value else sheet.write_blank(row, 1, None, text)
    sheet.write_string(0, 3, say.CONF)
    sheet.set_column(0, 1, 42)
    sheet.hide()
