"""Checks within a table: the same thing twice, blank rows between others, dates before their predecessor, subjects without a unit."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ssj_xlwings.registry import cells
from ssj_xlwings.registry.checks.contents import DECIDES, filled_tables
from ssj_xlwings.types import At, Finding
from ssj_xlwings.vocabulary.sentences import registry as say
from ssj_xlwings.vocabulary.tables import BY_NAME, SUBJECTS
from ssj_xlwings.vocabulary.text import all_folded
from ssj_xlwings.vocabulary.values import is_date

if TYPE_CHECKING:
    from ssj_xlwings.types import Table, View

SHOWN = 5
"""Row numbers named in a finding about a repeated key, and gaps in one about blank rows."""
UNIQUE = ("subjects", "inspectors", "items", "units", "tasks", "item_rates")
"""Where the same key twice makes a draw wrong; elsewhere it is only worth a look."""
PREDECESSORS = (
    ("tasks", "start", "end"), ("plans", "start", "end"), ("recusals", "decided", "until"),
    ("results", "date", "done"), ("results", "date", "published"),
)


def duplicates(view: View) -> list[Finding]:
    """Rows with the same key: each row after the first, naming them all. Case, width and spaces do not make a difference."""
    found = []
    for table, frame in filled_tables(view):
        columns = [table.column(name) for name in (("code", "name") if table is SUBJECTS else table.key)]
        lists = [frame[column.name].tolist() for column in columns]
        keys = _keys(table, lists)
        times = Counter(keys) if len(set(keys)) < len(keys) else {}
        places: dict[str, list[int]] = {key: [] for key, count in times.items() if count > 1 and key}
        for place, key in enumerate(keys) if places else ():
            if key in places:
                places[key].append(place)
        for same in places.values():
            first = [text for values in lists if (text := str(values[same[0]]))]
            found += _same(table.name, [int(frame.index[place]) for place in same], first[:1] if table is SUBJECTS else first)
    return found


def blank_rows(view: View) -> list[Finding]:
    """Rows between others that hold nothing: read past, never drawn, and told, for what stood there may have been deleted by mistake."""
    found = []
    for table, frame in filled_tables(view):
        broken = (frame.index[1:] - frame.index[:-1]) > 1
        gaps = [(int(one) + 1, int(other) - 1) for one, other in zip(frame.index[:-1][broken], frame.index[1:][broken], strict=True)]
        if gaps:
            listed = "、".join(f"{first}" if first == last else f"{first}–{last}" for first, last in gaps[:SHOWN])
            count = sum(last - first + 1 for first, last in gaps)
            seen = say.ROWS_AND_MORE.format(rows=listed, count=count) if len(gaps) > SHOWN else say.ROWS.format(rows=listed)
            fault = cells.fault(table.columns[0], say.BLANK_ROWS, seen=seen)
            found.append(Finding(At(table.name, gaps[0][0], table.columns[0].name), fault.sentence, fault.values, blocks=False))
    return found


def _keys(table: Table, lists: list[list[str]]) -> list[str]:
    """The key of each row as one text, "" where there is none: of a subject the code, or the name where it has no code."""
    if table is SUBJECTS:
        return all_folded([code or name for code, name in zip(*lists, strict=True)])
    rows = zip(*map(all_folded, lists), strict=True)
    return ["\t".join(row) if any(row) else "" for row in rows]  # what is folded holds no TAB


def _same(table: str, rows: list[int], texts: list[str]) -> list[Finding]:
    column = BY_NAME[table].column(BY_NAME[table].key[0])
    listed = "、".join(map(str, rows[:SHOWN])) + ("…" if len(rows) > SHOWN else "")
    fault = cells.fault(column, say.DUPLICATE, seen="、".join(texts), rows=listed)
    return [Finding(At(table, row, column.name), fault.sentence, fault.values, table in UNIQUE) for row in rows[1:]]


def dates_in_order(view: View) -> list[Finding]:
    """Dates that stand before the date they must follow."""
    found = []
    for name, first, then in PREDECESSORS:
        if name not in view.tables:
            continue
        frame, table = view[name], BY_NAME[name]
        for row, earlier, later in zip(frame.index, frame[first], frame[then], strict=True):
            if later and later < earlier and is_date(earlier) and is_date(later):
                fault = cells.fault(table.column(then), say.ORDER, seen=later, earlier=table.column(first).header, allowed=earlier)
                found.append(Finding(At(name, int(row), then), fault.sentence, fault.values, name in ("tasks", "recusals") and then in DECIDES[name]))
    return found


def subjects_without_unit(view: View) -> list[Finding]:
    """Subjects whose unit is blank: a reminder, for the bureau's own people may inspect them."""
    if "subjects" not in view.tables:
        return []
    frame = view["subjects"]
    column = SUBJECTS.column("unit")
    fault = cells.fault(column, say.NO_UNIT)
    lacking = (frame["unit"] == "") & ((frame["name"] != "") | (frame["code"] != ""))
    return [Finding(At("subjects", int(row), "unit"), fault.sentence, fault.values, blocks=False) for row in frame.index[lacking]]
