"""What Excel can do that plain xlwings cannot say: the only module that touches `.api`.

Everything here is one or two calls of Excel's own object model, so that the stand-in of the tests stays small.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

ATTEMPTS = 50
"""How often a busy Excel is asked again; xlwings alone would ask for ever."""
SLOW = ("pandas", "numpy")
"""xlwings imports them if it can, for conversions that we do not use; they cost half a second."""
TEXT_ANSWER = 2
"""Application.InputBox, Type: a text."""


def xlwings() -> Any:
    """The package, imported without what is slow, and never asking a busy Excel for ever."""
    if "xlwings" not in sys.modules:
        hidden = [name for name in SLOW if name not in sys.modules]
        sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type] # None makes the import fail at once
        try:
            import xlwings
        finally:
            for name in hidden:
                del sys.modules[name]
    import xlwings

    if sys.platform == "win32":
        from xlwings import _xlwindows

        _xlwindows.N_COM_ATTEMPTS = ATTEMPTS
    return xlwings


def caller() -> Any:
    """The workbook whose button was clicked, by its window handle: never merely the active one."""
    return xlwings().Book.caller()


def full_name(book: Any) -> str:
    """Folder and name, or a URL; the name alone of a workbook never saved."""
    return str(book.api.FullName)


def never_saved(book: Any) -> bool:
    """Whether the workbook has no file yet."""
    return not book.api.Path


def read_only(book: Any) -> bool:
    """Whether Excel holds it read-only: the file is, or a colleague has it open, or it is in Protected View."""
    return bool(book.api.ReadOnly)


def date1904(book: Any) -> bool:
    """Whether its calendar begins in 1904."""
    return bool(book.api.Date1904)


def save_copy(book: Any, path: Path) -> None:
    """Write the workbook as it is in memory to another file; the workbook itself stays what and where it is."""
    book.api.SaveCopyAs(str(path))


def protected(sheet: Any) -> bool:
    """Whether cells of the sheet cannot be changed."""
    return bool(sheet.api.ProtectContents)


def show_all(sheet: Any) -> None:
    """Lift the filter of a sheet, or of the table on it; its arrows stay."""
    if sheet.api.FilterMode:
        sheet.api.ShowAllData()


def bring_forward(sheet: Any) -> None:
    """Show the sheet, a hidden one too: the one place that changes what people look at, for a sheet they are to type into next."""
    sheet.api.Visible = True
    sheet.api.Activate()


def ask(app: Any, title: str, prompt: str, default: str) -> str | None:
    """A text typed into Excel's own box; None if it was closed. Excel cuts prompts at 255 characters."""
    answer = app.api.InputBox(prompt, title, default, Type=TEXT_ANSWER)
    return None if answer is False else str(answer)


def ask_file(app: Any, title: str, kinds: str) -> str | None:
    """An existing file, chosen in Excel's own box; None if it was closed. `kinds`: 表格 (*.xlsx),*.xlsx"""
    answer = app.api.GetOpenFilename(kinds, 1, title)
    return None if answer is False else str(answer)
