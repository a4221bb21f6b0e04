"""What an import says on the screen, line by line."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from ssj_xlwings.registry.cells import admit
from ssj_xlwings.registry.idle import filled
from ssj_xlwings.vocabulary.sentences import registry as say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ssj_xlwings.registry.headings import Layout
    from ssj_xlwings.registry.intake import Intake
    from ssj_xlwings.types import Table

SHOWN = 10
"""Rows of each sort that are shown."""


def headings(name: str, layout: Layout, table: Table, fixed: Mapping[str, str], lacking: Sequence[str]) -> Iterator[str]:
    """Which heading became which column, what was guessed, what was not used."""
    sheet = say.SOURCE_SHEET.format(sheet=layout.sheet.name) if layout.sheet.name else ""
    yield (say.SOURCE_LINE if layout.depth else say.HEADLESS_LINE).format(name=name, sheet=sheet, row=layout.first - (layout.depth > 0))
    for match in layout.matches:
        if match.column.name not in fixed:
            yield say.HEADING_LINE.format(column=match.column.header, heading=match.heading, how=match.how)
    for column, value in fixed.items():
        yield say.SET_LINE.format(column=table.column(column).header, value=value)
    if any(match.how == say.GUESSED for match in layout.matches):
        yield say.GUESS_LINE
    if layout.unused:
        yield say.UNUSED_LINE.format(headings="、".join(layout.unused))
    if lacking:
        yield say.LACKING_LINE.format(columns="、".join(lacking))
    yield from others(layout)


def others(layout: Layout) -> Iterator[str]:
    """The other sheets of the file that hold anything."""
    data = [say.OTHER_SHEET.format(name=other.name, rows=other.rows) for other in layout.others if other.rows]
    if data:
        yield say.OTHER_SHEETS_LINE.format(sheets="、".join(data))
    rest = [say.QUOTED.format(name=other.name) for other in layout.others if not other.rows]
    if rest:
        yield say.OTHER_CONTENT_LINE.format(sheets="、".join(rest))


def first_rows(layout: Layout, intake: Intake) -> list[list[object]]:
    """The first rows of data as they stand in the source."""
    idle = {row.row for row in intake.of("idle") if row.reason != say.NOTHING_USED}
    data = (row for number, row in enumerate(layout.rows, layout.first) if any(map(filled, row)) and number not in idle)
    return list(islice(data, SHOWN))


def counts(intake: Intake, table: Table) -> str:
    """How many rows were added, changed, left as they are, refused."""
    numbers = {"total": intake.total, "added": len(intake.added), "changed": len(intake.changed), "unchanged": intake.unchanged}
    none = say.NONE_TAKEN if intake.refused and not intake.taken else ""
    return say.IMPORTED.format(sheet=table.sheet, **numbers, refused=len(intake.of("wrong", "twice")), idle=counted(intake), none=none)


def top(layout: Layout, table: Table, intake: Intake) -> Iterator[str]:
    """The first rows of data as the columns would hold them."""
    rows = first_rows(layout, intake)
    yield say.TOP_ROWS.format(count=len(rows))
    for row in rows:
        texts = (admit(table, match.column, row[match.position]) if match.position < len(row) else "" for match in layout.matches)
        yield "  " + " | ".join(text[:20] for text in texts)


def counted(intake: Intake) -> str:
    """How many rows were passed over for which reason; "" if none was."""
    reasons = Counter(row.reason for row in intake.of("idle"))
    sorts = "、".join(say.IDLE_SORT.format(sort=say.IDLE_SORTS[reason], count=number) for reason, number in reasons.items())
    return say.IDLE.format(count=reasons.total(), reasons=sorts) if sorts else ""


def outcome(intake: Intake, table: Table, home: str) -> Iterator[str]:
    """What was changed, refused and missing, and how units were found."""
    if intake.units:
        yield say.UNITS_LINE.format(address=intake.units["address"], code=intake.units["code"], none=intake.units["none"],
                                    home=say.UNITS_HOME.format(home=home) if home else "")
    changes = ((row, name, old, new) for row, cells in intake.changed.items() for name, (old, new) in cells.items())
    for row, name, old, new in islice(changes, SHOWN):
        yield say.CHANGED_LINE.format(sheet=table.sheet, row=row, header=table.column(name).header, old=old or say.BLANK_CELL, new=new)
    more = sum(map(len, intake.changed.values())) - SHOWN
    if more > 0:
        yield say.MORE_CELLS_LINE.format(count=more)
    for rows, line, rest in ((intake.of("wrong", "twice"), say.REFUSED_LINE, say.MORE_LINE), (intake.of("idle"), say.IDLE_LINE, say.MORE_IDLE_LINE)):
        for found in rows[:SHOWN]:
            yield line.format(row=found.row, reason=found.reason)
        if len(rows) > SHOWN:
            yield rest.format(count=len(rows) - SHOWN)
    if intake.missing:
        names = "、".join(intake.missing[:SHOWN]) + (say.AND_MORE if len(intake.missing) > SHOWN else "")
        yield say.MISSING_LINE.format(count=len(intake.missing), names=names)
