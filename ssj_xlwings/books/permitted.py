"""What a change may do to a table, the same for a closed workbook and an open one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ssj_xlwings.books import cells
from ssj_xlwings.package import cells as written
from ssj_xlwings.package.faults import Covered, Loose, Occupied, Stuck
from ssj_xlwings.types import Append, Change, Column, Patch, Refusal, Rewrite, Row, Table
from ssj_xlwings.vocabulary.sentences import books as say
from ssj_xlwings.vocabulary.tables import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ssj_xlwings.books.layout import Layout
    from ssj_xlwings.package.cells import Value


def check(changes: Iterable[Change], may: set[str]) -> None:
    """RuntimeError (our bug) if a change is not allowed by `may` or the table's kind."""
    for change in changes:
        table = BY_NAME[change.table]
        if change.table not in may:
            raise RuntimeError(f"the command may not write {change.table}")
        if table.append_only and not isinstance(change, Append):
            raise RuntimeError(f"{change.table} is append-only")
        if isinstance(change, Rewrite) and not table.generated:
            raise RuntimeError(f"{change.table} is not generated")


def row(table: Table, place: Layout, given: Row, date1904: bool) -> dict[int, Value]:
    """A whole row, column number → value: every column the sheet has; what the row does not name is blank."""
    return rows(table, place, [given], date1904)[0]


def rows(table: Table, place: Layout, given: Iterable[Row], date1904: bool) -> list[dict[int, Value]]:
    """The same of many rows."""
    there = [(column, place.columns[column.name]) for column in table.columns if column.name in place.columns]
    known = {column.name for column, _ in there}
    found = []
    for one in given:
        for name in one.keys() - known:
            _is_there(table, place, table.column(name), one[name])
        texts = ((column, number, one.get(column.name)) for column, number in there)
        found.append({number: _value(table, column, text, date1904) if text else written.BLANK for column, number, text in texts})
    return found


def patch(table: Table, place: Layout, change: Patch, date1904: bool) -> dict[tuple[int, int], Value]:
    """The cells of a patch, (row, column number) → value."""
    found = {}
    for (number, name), text in change.cells.items():
        column = table.column(name)
        if number <= place.header:
            raise RuntimeError(f"{table.name}: row {number} is not below the headings")
        if _is_there(table, place, column, text):
            found[number, place.columns[name]] = _value(table, column, text, date1904)
    return found


def formulas(table: Table, place: Layout) -> list[int]:
    """Numbers of the columns that are meant to hold a formula and no values."""
    return [place.columns[column.name] for column in table.columns if column.formula and column.name in place.columns]


def key(table: Table, place: Layout) -> list[int]:
    """Numbers of the columns by which people tell that a row is one of the table: what must be filled of its key."""
    columns = [table.column(name) for name in table.key]
    wanted = [column for column in columns if column.required] or columns
    return [place.columns[column.name] for column in wanted] if all(column.name in place.columns for column in wanted) else []


@contextmanager
def placing(table: Table) -> Iterator[None]:
    """Where the table has no room for what is written within, a Refusal says so."""
    try:
        yield
    except Covered as fault:
        raise Refusal(say.COVERED, sheet=table.sheet, area=fault.area) from fault
    except Loose as fault:
        headings = "、".join(table.column(name).header for name in table.key if table.column(name).required or name == table.key[0])
        raise Refusal(say.LOOSE, sheet=table.sheet, row=fault.row, headings=headings) from fault
    except Stuck as fault:
        raise Refusal(say.TOTALS_STUCK, sheet=table.sheet, row=fault.row) from fault
    except Occupied as fault:
        raise Refusal(say.NO_ROOM if fault.row else say.FULL, sheet=table.sheet, row=fault.row) from fault


def _is_there(table: Table, place: Layout, column: Column, text: str) -> bool:
    """Whether the sheet has the column; Refusal if it has not and there is something to write."""
    if column.name not in place.columns and text and not column.formula:
        raise Refusal(say.HEADING_MISSING, sheet=table.sheet, heading=column.header)
    return column.name in place.columns


def _value(table: Table, column: Column, text: str, date1904: bool) -> Value:
    if len(text) > written.LONGEST // 2 and len(text.encode("utf-16-le", "surrogatepass")) // 2 > written.LONGEST:
        raise Refusal(say.TOO_LONG, sheet=table.sheet, heading=column.header)
    return cells.value(text, column.kind, date1904)
