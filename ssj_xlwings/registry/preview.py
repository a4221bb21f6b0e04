"""The sheet 导入预览: what an import would do, laid out for a clerk to correct; and read back as it was corrected."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.package.areas import letters, position
from ssj_xlwings.package.faults import Damaged
from ssj_xlwings.registry import summary
from ssj_xlwings.registry.headings import Spot, importable
from ssj_xlwings.registry.idle import filled
from ssj_xlwings.registry.matching import bare
from ssj_xlwings.types import At, Refusal
from ssj_xlwings.vocabulary.commands import IMPORTABLE
from ssj_xlwings.vocabulary.lookup import nearest, records
from ssj_xlwings.vocabulary.sentences import preview as say
from ssj_xlwings.vocabulary.sentences import registry as words
from ssj_xlwings.vocabulary.tables import EXAMPLES, PREVIEW
from ssj_xlwings.vocabulary.values import canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ssj_xlwings.registry.headings import Layout
    from ssj_xlwings.registry.intake import Intake
    from ssj_xlwings.registry.reader import Source
    from ssj_xlwings.types import Frame, Row, Table

LONGEST = 60
"""Characters shown of a heading or an example; the file itself is what is imported."""


class Filled(NamedTuple):
    """One content for a whole column, and its cell."""

    text: str
    cell: str


class Settled(NamedTuple):
    """What a clerk settled. `columns`: column name → place of its heading in the source, from 0; `fixed`: column name → content for all rows."""

    path: Path
    digest: str
    table: Table
    spot: Spot
    columns: dict[str, int]
    fixed: dict[str, Filled]


def rows(path: Path, source: Source, layout: Layout, table: Table, fixed: Mapping[str, str], intake: Intake) -> list[dict[str, str]]:
    """All rows of the sheet: notes, a row for each heading of the source, a row for each column that it lacks."""
    made = [*_notes(path, source, layout, table, fixed, intake), *_headings(layout, intake), *_lacking(layout, table, fixed)]
    for row, option in zip(made, [say.LEFT_OUT, *(column.header for column in importable(table))], strict=False):
        row["options"] = option  # a row each is enough: every column has a row of its own, and there are notes besides
    return made


def _notes(path: Path, source: Source, layout: Layout, table: Table, fixed: Mapping[str, str], intake: Intake) -> Iterator[dict[str, str]]:
    def note(label: str, text: str, place: str = "") -> dict[str, str]:
        return {"kind": say.NOTE, "heading": label, "how": text, "place": place}

    first, last = layout.top + 1, layout.first - 1
    yield note(say.FILE, str(path), source.digest)
    if layout.sheet.name:
        yield note(say.SHEET, layout.sheet.name)
    yield note(say.TOP, (say.HEADLESS if last < first else say.ROW if first == last else say.ROWS).format(first=first, last=last), f"{first}-{last}")
    yield note(say.TARGET, table.sheet)
    yield note(say.COUNTS, counts(layout, intake, table))
    if not layout.matches:
        yield note(say.OTHERS, say.UNREAD)
    yield note(say.CHECK, say.WHAT_TO_DO)
    have = {*fixed, *(match.column.name for match in layout.matches)}
    lacks = [column.header for column in importable(table) if column.required and column.name not in have]
    if lacks:
        yield note(say.LACKS, say.LACKING.format(columns="、".join(lacks)))
    for line in summary.others(layout):
        yield note(say.OTHERS, line)


def counts(layout: Layout, intake: Intake, table: Table) -> str:
    """What would come in; while no column is chosen, how many rows there are."""
    return summary.counts(intake, table) if layout.matches else say.UNCOUNTED.format(total=intake.total)


def _headings(layout: Layout, intake: Intake) -> Iterator[dict[str, str]]:
    matches = {match.position: match for match in layout.matches}
    examples = summary.first_rows(layout, intake)
    for place, label in enumerate(layout.labels):
        named = layout.headings[place]
        if not (named or any(place < len(row) and filled(row[place]) for row in layout.rows)):
            continue
        match = matches.get(place)
        yield {
            "kind": say.HEADING, "heading": label[:LONGEST] if named else say.NO_TEXT.format(column=label), "place": letters(place + 1),
            "column": match.column.header if match else say.LEFT_OUT, "how": match.how if match else say.UNKNOWN if named else "",
            **{name: canonical(row[place], "text")[:LONGEST] if place < len(row) else "" for name, row in zip(EXAMPLES, examples, strict=False)},
        }


def _lacking(layout: Layout, table: Table, fixed: Mapping[str, str]) -> list[dict[str, str]]:
    """Columns that no heading became, the required ones first; and whatever is the same for all rows already."""
    have = {match.column.name for match in layout.matches} - set(fixed)
    columns = sorted((column for column in importable(table) if column.name not in have), key=lambda column: not column.required)
    return [
        {"kind": say.WHOLE, "column": column.header, "fill": fixed.get(column.name, ""), "how": say.NEEDED if column.required else say.OPTIONAL}
        for column in columns
    ]


def settled(frame: Frame, cell: Callable[[At], str]) -> Settled:
    """The sheet as it stands now. Refusal, with the cell, if it is empty, or says what cannot be."""
    if not len(frame):
        raise Refusal(say.EMPTY, sheet=PREVIEW.sheet)
    lines = dict(zip(map(int, frame.index), records(frame), strict=True))
    notes = {line["heading"]: line for line in lines.values() if line["kind"] == say.NOTE}
    for label in (say.FILE, say.TOP, say.TARGET):
        if label not in notes:
            raise Refusal(say.BROKEN, sheet=PREVIEW.sheet, what=label)
    table = IMPORTABLE.get(notes[say.TARGET]["how"])
    if table is None:
        raise Refusal(say.BROKEN, sheet=PREVIEW.sheet, what=say.TARGET)
    first, _, last = notes[say.TOP]["place"].partition("-")
    if not (first.isdecimal() and last.isdecimal() and 0 < int(first) <= int(last) + 1):
        raise Refusal(say.BROKEN, sheet=PREVIEW.sheet, what=say.TOP)
    spot = Spot(notes.get(say.SHEET, {"how": ""})["how"], int(first) - 1, int(last) - int(first) + 1)
    columns, fixed = _chosen(table, lines, cell)
    return Settled(Path(notes[say.FILE]["how"]), notes[say.FILE]["place"], table, spot, columns, fixed)


def _chosen(table: Table, lines: Mapping[int, Row], cell: Callable[[At], str]) -> tuple[dict[str, int], dict[str, Filled]]:
    names = {bare(word): column for column in importable(table) for word in (column.header, *column.aliases)}
    names |= {bare(column.header): column for column in importable(table)}
    columns, cells, fixed = dict[str, int](), dict[str, str](), dict[str, Filled]()
    for row, line in lines.items():
        if line["kind"] == say.NOTE:
            continue
        here, seen = cell(At(PREVIEW.name, row, "column")), line["column"]
        column = names.get(bare(seen))
        if column is None and seen not in ("", say.LEFT_OUT):
            near = nearest(seen, [each.header for each in importable(table)])
            raise Refusal(say.UNKNOWN_COLUMN, cell=here, seen=seen, target=table.sheet, hint=say.LIKE.format(word=near) if near else "")
        if column and line["kind"] == say.HEADING:
            if column.name in columns:
                raise Refusal(say.TWO_COLUMNS, cell=cells[column.name], other=here, column=column.header)
            columns[column.name], cells[column.name] = _place(line), here
        if line["fill"]:
            at = cell(At(PREVIEW.name, row, "fill"))
            if column is None:
                raise Refusal(say.NO_COLUMN, cell=at, seen=line["fill"])
            if column.name in fixed:
                raise Refusal(say.FILLED_TWICE, cell=fixed[column.name].cell, other=at, column=column.header)
            fixed[column.name] = Filled(line["fill"], at)
    return columns, fixed


def _place(line: Row) -> int:
    try:
        return position(f"{line['place']}1")[0] - 1
    except Damaged as error:
        raise Refusal(say.BROKEN, sheet=PREVIEW.sheet, what=line["heading"] or words.ROW_NUMBER) from error
