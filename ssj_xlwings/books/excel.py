"""What Excel can do that plain xlwings cannot say: the only module that touches `.api`.

Everything here is one or two calls of Excel's own object model, so that the stand-in of the tests stays small.
"""

from __future__ import annotations

import atexit
import re
import sys
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.filters import Filter, Test
from ssj_xlwings.vocabulary.sentences import live as say
from ssj_xlwings.vocabulary.sentences import scope as filter_words

if TYPE_CHECKING:
    from pathlib import Path

    from ssj_xlwings.books.blocks import Rows

ATTEMPTS, PAUSE = 50, 0.1
"""How often a busy Excel is asked again, and seconds in between; xlwings alone would ask for ever, without a pause."""
REJECTED, IN_CELL = -2147418111, -2146777998
"""RPC_E_CALL_REJECTED; Excel's own code while somebody types into a cell."""
GONE = frozenset((-2147023174, -2147023170, -2147417848, -2147220995))
"""RPC_S_SERVER_UNAVAILABLE, RPC_S_CALL_FAILED, RPC_E_DISCONNECTED, CO_E_OBJNOTCONNECTED."""
ERROR_VALUES = {
    2000: "#NULL!", 2007: "#DIV/0!", 2015: "#VALUE!", 2023: "#REF!", 2029: "#NAME?", 2036: "#NUM!", 2042: "#N/A",
    2045: "#SPILL!", 2047: "#BLOCKED!", 2049: "#FIELD!", 2050: "#CALC!",
}
"""CVErr of VBA; over COM each comes as an int, and numbers never do. xlwings knows the first seven."""
ERROR_BASE = -2146828288
SLOW = ("pandas", "numpy")
"""xlwings imports them if it can, for conversions that we do not use; they cost half a second."""
ALL_OF, ANY_OF, VALUES = 1, 2, 7
SORTS = {
    **dict.fromkeys((3, 4, 5, 6), filter_words.TOP), **dict.fromkeys((8, 9, 12, 13), filter_words.COLOUR),
    **dict.fromkeys((10, 14), filter_words.ICON), 11: filter_words.DYNAMIC,
}
"""XlAutoFilterOperator: two conditions, a list of values, and those that no scope can say."""
CRITERION = re.compile(r"(<>|<=|>=|=|<|>)?(.*)", re.DOTALL)
"""=企业, <>, >=43831; without a sign it is =."""
COUNT_VISIBLE = 103
"""SUBTOTAL: COUNTA of what shows."""
TEXT_ANSWER = 2
"""Application.InputBox, Type: a text."""


class _Patience(int):
    """So many attempts, with a pause before each further one: xlwings asks `attempt < N_COM_ATTEMPTS`."""

    def __gt__(self, attempt: int) -> bool:
        more = int(self) > attempt
        if more:
            time.sleep(PAUSE)
        return more


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

        _xlwindows.N_COM_ATTEMPTS = _Patience(ATTEMPTS)
        atexit.unregister(_xlwindows.cleanup)  # it ends every Excel that shows no workbook, be it somebody else's
    return xlwings


def caller() -> Any:
    """The workbook whose button was clicked, by its window handle: never merely the active one.

    Refusal if its name holds an equals sign, at which xlwings cuts the name that the add-in hands over.
    """
    if any(arg.startswith("--wb=") and "=" in arg.removeprefix("--wb=") for arg in sys.argv):
        raise Refusal(say.NAME_WITH_EQUALS)
    return xlwings().Book.caller()


def full_name(book: Any) -> str:
    """Folder and name, or a URL, in plain characters; the name alone of a workbook never saved."""
    full = str(book.api.FullName)
    return unquote(full) if "://" in full else full


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


def bring(sheet: Any) -> None:
    """The sheet, a hidden one too, to the front of its own workbook; which workbook is in front stays as it is (xlwings' own activate would change that)."""
    sheet.api.Visible = True
    sheet.api.Activate()


def error_texts(rows: Rows) -> Rows:
    """The rows with error values as their text, also those that xlwings gives as numbers."""
    return [[ERROR_VALUES.get(value - ERROR_BASE, value) if type(value) is int else value for value in row] for row in rows]


def busy(error: BaseException) -> bool:
    """Whether Excel refused because something else has it: a box, a cell being typed into, a long calculation."""
    inner = getattr(error, "excepinfo", None)
    return type(error).__name__ == "ExcelBusyError" or getattr(error, "hresult", None) == REJECTED or bool(inner and inner[-1] == IN_CELL)


def words(error: BaseException) -> str:
    """What Excel itself says of an error, without the numbers of COM around it."""
    inner = getattr(error, "excepinfo", None)
    return str((inner and inner[2]) or getattr(error, "strerror", None) or error)


def gone(error: BaseException) -> bool:
    """Whether there is no Excel any more."""
    return getattr(error, "hresult", None) in GONE


def _filters(sheet: Any) -> list[Any]:
    """The filters of a sheet's tables: the sheet itself only knows of the one that the selected cell stands in."""
    return [table.api.AutoFilter for table in sheet.tables if table.api.ShowAutoFilter]


def filtered(sheet: Any) -> bool:
    """Whether rows of the sheet may be hidden by a filter."""
    return bool(sheet.api.FilterMode) or any(each.FilterMode for each in _filters(sheet))


def show_all(sheet: Any) -> None:
    """Lift the filters of a sheet and of the tables on it; their arrows stay."""
    for each in _filters(sheet):
        if each.FilterMode:
            each.ShowAllData()
    if sheet.api.FilterMode:
        sheet.api.ShowAllData()


def add_row(table: Any) -> None:
    """A blank row at the end of a table, above its totals row."""
    table.api.ListRows.Add()


def filters(holder: Any) -> list[Filter]:
    """The columns that the AutoFilter of a sheet, or of a table, filters: two calls a column, three more a filtered one."""
    bar = holder.api.AutoFilter
    if bar is None:
        return []
    left, every = bar.Range.Column, bar.Filters
    return [_filter(left + at, one) for at in range(every.Count) if (one := every(at + 1)).On]


def _filter(number: int, one: Any) -> Filter:
    kind = int(one.Operator or 0)
    if kind in SORTS:
        return Filter(number, other=SORTS[kind])
    if kind not in (0, ALL_OF, ANY_OF, VALUES):
        return Filter(number, other=filter_words.OTHER)
    try:
        given = one.Criteria1
    except Exception:  # noqa: BLE001 - Excel's own error: days ticked by year and month have no Criteria1 that could be read
        return Filter(number, other=filter_words.DATES)
    texts = [str(text) for text in given] if isinstance(given, (list, tuple)) else [str(given)]
    if kind in (ALL_OF, ANY_OF):
        texts.append(str(one.Criteria2))
    return Filter(number, tuple(Test(found[1] or "=", found[2]) for text in texts if (found := CRITERION.fullmatch(text))), kind == ALL_OF)


def count_shown(app: Any, cells: Any) -> int:
    """How many cells of a range show something and are not hidden, by a filter or by hand."""
    return int(app.api.WorksheetFunction.Subtotal(COUNT_VISIBLE, cells.api))


def areas(cells: Any, most: int) -> list[str]:
    """The addresses of the areas of a selection ($B$2:$B$9, $B:$B, $5:$9), `most` of them at most."""
    found = cells.api.Areas
    return [str(found(number).Address) for number in range(1, min(int(found.Count), most) + 1)]


def shown(sheet: Any, top: int, bottom: int, last: str) -> list[int]:
    """How many filled cells each row shows, from column A to `last`: 0 for one that is hidden by hand, by a filter or for want of height.

    One call for any number of rows: SUBTOTAL over an array of rows made by OFFSET. It works on protected sheets, too.
    """
    formula = f"SUBTOTAL(103,OFFSET($A${top}:${last}${top},ROW($A${top}:$A${bottom})-{top},0))"
    found = sheet.api.Evaluate(formula)
    rows = [row[0] if isinstance(row, (tuple, list)) else row for row in (found if isinstance(found, (tuple, list)) else [found])]
    if len(rows) != bottom - top + 1 or not all(isinstance(count, (int, float)) and count >= 0 for count in rows):
        raise RuntimeError(f"Excel cannot tell which rows are hidden: {rows[:3]}")
    return [int(count) for count in rows]


def open_beside(app: Any, path: Path) -> None:
    """Open another workbook, read-only."""
    app.api.Workbooks.Open(str(path), 0, True)


def ask(app: Any, title: str, prompt: str, default: str) -> str | None:
    """A text typed into Excel's own box; None if it was closed. Excel cuts prompts at 255 characters."""
    answer = app.api.InputBox(prompt, title, default, Type=TEXT_ANSWER)
    return None if answer is False else str(answer)


def ask_file(app: Any, title: str, kinds: str) -> str | None:
    """An existing file, chosen in Excel's own box; None if it was closed. `kinds`: 表格 (*.xlsx),*.xlsx"""
    answer = app.api.GetOpenFilename(kinds, 1, title)
    return None if answer is False else str(answer)
