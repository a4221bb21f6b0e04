"""The defined names of a workbook: code lists, columns that formulas look into, constants of the check digit.

Array constants and other sheets may stand in a validation or a conditional format only through a name.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from xlsxwriter.utility import xl_col_to_name

from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary import tables as words
from ssj_xlwings.vocabulary.sentences import master as say
from ssj_xlwings.vocabulary.tables import BY_NAME, SUBJECTS, TABLES

if TYPE_CHECKING:
    from ssj_xlwings.types import Column

LAST = 1048576
"""The last row of a sheet: rules cover whole columns, so they need not grow."""
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
KEYS = {
    "units": ("name",), "items": ("code", "name"), "tasks": ("name", "number"), "plans": ("name", "number"),
    "inspectors": ("id",), "subjects": ("code", "name"),
}
"""What a `ref` may hold: the first is what the drop-down offers."""
LONG = ("subjects",)
"""Too long for a drop-down."""
COUNTED = (
    ("tasks", "state"), ("visits", "name"), ("results", "subject"), ("results", "result"), ("results", "withheld"), ("roster", "name"),
    ("findings", "level"), ("settings", "key"), ("settings", "value"),
)
"""What the cover counts and shows, besides the keys."""
LOGGED = ("task", "event")


class CodeList(NamedTuple):
    """A column of 代码表."""

    name: str
    heading: str
    words: tuple[str, ...]


def letter(table: str, column: str) -> str:
    """The letter of a column in the workbook as built."""
    return str(xl_col_to_name([each.name for each in BY_NAME[table].columns].index(column)))


def column_name(table: str, column: str) -> str:
    """The name of a whole column."""
    return f"ssj_{table}_{column}"


@cache
def code_lists() -> tuple[CodeList, ...]:
    """Every closed list that staff meet, in the order in which the tables use them."""
    known = {value: name.lower() for name, value in vars(codelists).items() if name.isupper() and isinstance(value, tuple)}
    scope = (CodeList("scope_columns", "", tuple(column.header for column in SUBJECTS.columns)),)
    used = [
        CodeList(known[column.allowed], column.header, column.allowed)
        for table in TABLES for column in table.columns if column.allowed in known
    ]
    more = [CodeList(known[each], "", each) for each in (codelists.CLEAN_RESULTS, codelists.VOID_REASONS)]
    first = {each.words: each for each in reversed((*used, *scope, *more))}
    return tuple(each._replace(heading=say.LIST_HEADINGS.get(each.name, each.heading)) for each in reversed(first.values()))


def list_name(column: Column) -> str:
    """The name of the words a cell may take from a drop-down, "" if there are none."""
    if column.kind == "ref":
        return "" if column.refers in LONG else f"ssj_list_{column.refers}"
    if column.kind != "choice":
        return ""
    if column.refers:  # what may be chosen stands beside it, row by row
        return f"ssj_list_{column.refers}"
    allowed = column.allowed or next(each.words for each in code_lists() if each.name == "scope_columns")
    return next((f"ssj_list_{each.name}" for each in code_lists() if each.words == allowed), "")


def _whole(table: str, column: str) -> str:
    at = letter(table, column)
    return f"='{BY_NAME[table].sheet}'!${at}$2:${at}${LAST}"


def _filled(table: str, column: str, measure: str) -> str:
    """As long as `measure` has cells: what a drop-down offers, and what an array formula can afford."""
    sheet, at, by = BY_NAME[table].sheet, letter(table, column), letter(table, measure)
    return f"='{sheet}'!${at}$2:INDEX('{sheet}'!${at}:${at},MAX(2,COUNTA('{sheet}'!${by}:${by})))"


def constants() -> dict[str, str]:
    """Places, weights and alphabet of the check digit (GB 32100, rules §2.7)."""
    return {
        "ssj_i": "={" + ",".join(str(place) for place in range(1, 18)) + "}",
        "ssj_w": "={" + ",".join(str(pow(3, place, 31)) for place in range(17)) + "}",
        "ssj_abc": f'="{ALPHABET}"',
    }


def names() -> dict[str, str]:
    """Name → formula, all that the workbook defines."""
    found = constants()
    for number, each in enumerate(code_lists()):
        at = xl_col_to_name(number)
        found[f"ssj_list_{each.name}"] = f"='{words.CODES}'!${at}$2:${at}${len(each.words) + 1}"
    for table, columns in KEYS.items():
        if table not in LONG:
            found[f"ssj_list_{table}"] = _filled(table, columns[0], columns[0])
    for table, column in (*((table, column) for table, columns in KEYS.items() for column in columns), *COUNTED):
        found[column_name(table, column)] = _whole(table, column)
    found["ssj_list_preview"] = _filled("preview", "options", "options")
    for column in LOGGED:
        found[column_name("log", column)] = _filled("log", column, "seq")
    return found
