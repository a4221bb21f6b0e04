"""Where the heading row of a foreign file is, and the sheet as it is understood from there."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz

from ssj_xlwings.registry.matching import Heads, Match, bare, guessed, known, labels, lettered, told
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import registry as say
from ssj_xlwings.vocabulary.text import normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ssj_xlwings.registry.reader import Sheet, Source
    from ssj_xlwings.types import Column, Table

TOP = 20
"""Rows among which the heading row is looked for, below titles and 填报单位."""
CODE = re.compile("[0-9]{6}")
"""Headings hold no number of six digits; rows of data nearly always do."""
DEEP = 3
"""Rows a heading may have."""
COUNTER = re.compile(r"(顺?序|编|行|流水|排|档案?|NO\.?|№|#|ID|.*(序号|编号))(号码?)?[.:]?")
"""Headings of running numbers, which name nothing that a column of ours could hold."""
OURS = (say.ROW_NUMBER, say.REASON)
"""Headings that we add to the workbook of refused rows; on its way back they mean nothing."""


class Spot(NamedTuple):
    """Where headings stand: the sheet, its row (from 0), how many rows."""

    sheet: str
    top: int
    depth: int


class Other(NamedTuple):
    """A sheet that was left aside. `rows`: how many stand below its headings; 0 where it has none that are known."""

    name: str
    rows: int


@dataclass(frozen=True)
class Layout:
    """A sheet understood. `head_rows`: its heading rows as they stand; `rows`: all rows below them, the first
    of which is row `first` of the source sheet; `headings`: one text a column of the source, as wide as its widest row; `others`: the
    sheets of the source that hold anything and were not chosen. `depth` 0: the data begin at once.
    """

    sheet: Sheet
    top: int
    depth: int
    headings: tuple[str, ...]
    matches: tuple[Match, ...]
    others: tuple[Other, ...] = ()

    @property
    def head_rows(self) -> list[list[object]]:
        """The heading rows as they stand in the source."""
        return self.sheet.rows[self.top:self.top + self.depth]

    @property
    def rows(self) -> list[list[object]]:
        """All rows below the headings; the first one is source row `first`."""
        return self.sheet.rows[self.top + self.depth:]

    @property
    def first(self) -> int:
        """Source row number, from 1, of the first row below the headings."""
        return self.top + self.depth + 1

    @property
    def spot(self) -> Spot:
        """Where the headings stand."""
        return Spot(self.sheet.name, self.top, self.depth)

    @property
    def labels(self) -> tuple[str, ...]:
        """The headings by names of their own; a column without heading goes by its letters."""
        return tuple(label or lettered(place) for place, label in enumerate(labels(self.headings)))

    @property
    def unused(self) -> list[str]:
        """Headings that became no column, other than our own two."""
        used = {match.position for match in self.matches}
        return [text for place, text in enumerate(self.headings) if text and place not in used and text not in OURS]

    def offer(self, column: Column) -> str:
        """The unused heading most like a column, for an example; "" if none but running numbers is left."""
        names = (column.header, *column.aliases)
        return max((text for text in self.unused if not COUNTER.fullmatch(bare(text))), key=lambda text: max(fuzz.ratio(text, name) for name in names), default="")

    @property
    def fingerprint(self) -> str:
        """The same for every file with these headings: by it a given mapping is remembered."""
        return fingerprint(self.headings)


def fingerprint(headings: Sequence[str]) -> str:
    """16 hex digits of SHA-256 over the headings, without the two of ours."""
    texts = [bare(text) for text in headings if text and text not in OURS]
    return hashlib.sha256("\t".join(texts).encode()).hexdigest()[:16]


def importable(table: Table) -> list[Column]:
    """The columns that a file may fill: no formula, and of the derived ones only keys and numbers."""
    return [c for c in table.columns if not c.formula and (c.filled_by != "derived" or c.name in table.key or c.kind == "code")]


def understand(
    source: Source, table: Table, given: Mapping[str, str], remembered: Mapping[str, Mapping[str, str]], spot: Spot | None = None, *, loose: bool = False,
) -> Layout:
    """The layout that understands most of the table, of all sheets and top rows; or that of one `spot`.

    `given`: column name → heading, as the person said ("" means: leave this column out); `remembered`:
    fingerprint → such a mapping of an earlier import. Refusal if nothing looks like headings (unless
    `loose`: then they are shown to somebody who knows), or a given heading is not there.
    """
    found = [
        _layout(sheet, spot.top, spot.depth, table, given, remembered) if spot and spot.sheet == sheet.name else _best(sheet, table, given, remembered)
        for sheet in source.sheets if sheet.name != say.TWICE_SHEET and any(map(any, sheet.rows))
    ]
    if spot:
        return _widened(next(layout for layout in found if layout.spot == spot))
    best = max(found, key=_score, default=None)
    chosen = best if best is None or _enough(best) else _likeliest(best, table, given, remembered) if loose else None
    if best is None or chosen is None or not (chosen is best or chosen.rows):
        raise Refusal(
            say.NO_HEADINGS, name=source.name, top=TOP, sheet=table.sheet, seen=_widest(source), columns="、".join(c.header for c in importable(table)),
            column=table.columns[0].header,
        )
    for heading in given.values():
        if heading and not any(match.how == say.GIVEN and match.heading == heading for match in best.matches):
            raise Refusal(say.MAP_HEADING, seen=heading, name=source.name, headings="、".join(filter(None, best.headings)))
    others = (Other(layout.sheet.name, sum(map(any, layout.rows)) if _enough(layout) else 0) for layout in found if layout is not best)
    return _widened(replace(chosen, others=tuple(others)))


def _widened(layout: Layout) -> Layout:
    """The layout with a heading, be it blank, for every cell of its rows."""
    return replace(layout, headings=layout.headings + ("",) * (max(map(len, layout.sheet.rows)) - len(layout.headings)))


def _likeliest(layout: Layout, table: Table, given: Mapping[str, str], remembered: Mapping[str, Mapping[str, str]]) -> Layout:
    """Of a sheet whose headings say nothing: where one is known, that row; else, of the rows above the first data, the one with most texts; else none."""
    if layout.matches:
        return layout
    rows = layout.sheet.rows
    above = takewhile(lambda place: not any(_is_data(cell) for cell in rows[place]), range(min(TOP, len(rows))))
    top = max(above, key=lambda place: sum(bool(_text(cell)) for cell in rows[place]), default=None)
    if top is not None and any(rows[top]):
        return _layout(layout.sheet, top, 1, table, given, remembered)
    first = next(place for place, row in enumerate(rows) if any(row))
    return _layout(layout.sheet, first, 0, table, given, remembered)


def _best(sheet: Sheet, table: Table, given: Mapping[str, str], remembered: Mapping[str, Mapping[str, str]]) -> Layout:
    """The layout of one sheet that understands most; of equals the first. Its first row, where one merged cell joins all."""
    tops = range(min(TOP, len(sheet.rows)))
    layouts = (_layout(sheet, top, depth, table, given, remembered) for top in tops for depth in (*_depths(sheet.rows, top), *([0] if top == 0 else [])))
    return max(layouts, key=_score, default=None) or _layout(sheet, 0, 1, table, given, remembered)


def _depths(rows: list[list[object]], top: int) -> Iterator[int]:
    """How many rows the headings beginning here may have. Rows sharing a cell (merged) are never parted,
    and a row with a code or a number in it is data.
    """
    for depth in range(1, DEEP + 1):
        below = rows[top + depth] if top + depth < len(rows) else []
        last = not below or any(_is_data(cell) for cell in below)
        joined = any(_text(a) and _text(a) == _text(b) for a, b in zip(rows[top + depth - 1], below, strict=False))
        if last or not joined:
            yield depth
        if last:
            return


def _is_data(cell: object) -> bool:
    return bool(CODE.search(cell)) if isinstance(cell, str) else cell is not None


def _text(cell: object) -> str:
    return normal(cell) if isinstance(cell, str) else ""


def _heads(rows: Sequence[list[object]]) -> list[Heads]:
    """Each column's heading texts; an upper cell left blank over a lower one belongs to the cell at its left."""
    width = max(map(len, rows), default=0)
    grid = [[_text(row[place]) if place < len(row) else "" for place in range(width)] for row in rows]
    for upper, lower in pairwise(grid):
        for place in range(1, width):
            if not upper[place] and lower[place] and lower[place] != lower[place - 1]:
                upper[place] = upper[place - 1]
    return [tuple(dict.fromkeys(filter(None, texts))) for texts in zip(*grid, strict=True)]


def _layout(sheet: Sheet, top: int, depth: int, table: Table, given: Mapping[str, str], remembered: Mapping[str, Mapping[str, str]]) -> Layout:
    heads = _heads(sheet.rows[top:top + depth])
    headings = tuple("".join(texts) for texts in heads)
    former = remembered.get(fingerprint(headings), {})
    matches = told(heads, table, given, say.GIVEN)
    matches += told(heads, table, {name: text for name, text in former.items() if name not in given}, say.REMEMBERED)
    left_out = {*given, *former}
    columns = [column for column in importable(table) if column.name not in left_out]
    matches = known(heads, columns, matches)
    matches = guessed(heads, columns, matches)
    return Layout(sheet, top, depth, headings, tuple(sorted(matches, key=lambda match: match.position)))


def _score(layout: Layout) -> tuple[int, int]:
    """More columns understood is better, a guess counting half; then the fewer rows, the higher up."""
    points = sum(1 if match.how == say.GUESSED else 2 for match in layout.matches)
    return points, -layout.depth


def _enough(layout: Layout) -> bool:
    """Two headings understood, or the only one there is, or one that the person gave."""
    filled = sum(1 for text in layout.headings if text)
    return len(layout.matches) >= max(1, min(2, filled)) or any(match.how == say.GIVEN for match in layout.matches)


def _widest(source: Source) -> str:
    """The top row with most texts, to show what was seen."""
    rows = [[_text(cell) for cell in row if _text(cell)] for sheet in source.sheets for row in sheet.rows[:TOP]]
    return "、".join(text[:20] for text in max(rows, key=len, default=[])[:20])
