"""Which rows of a sheet enter a quick draw, and under what ids."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.books import picked
from ssj_xlwings.commands.preparing import book_of
from ssj_xlwings.package.areas import LAST_ROW, position
from ssj_xlwings.package.faults import Damaged
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import quick as say
from ssj_xlwings.vocabulary.tables import BY_SHEET, INSPECTORS, ITEMS, SUBJECTS, UNITS
from ssj_xlwings.vocabulary.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ssj_xlwings.books.picked import Line, Picked
    from ssj_xlwings.types import Frame, Request, Table

SEPARATOR = re.compile(r"[、,，;；\s]+")
SPAN = re.compile(r"([0-9]{1,7})(?:[-–—~～]([0-9]{1,7}))?")
"""5-80, with any of the dashes that people type."""
FIGURES = re.compile(r"[-+0-9.,:/%年月日时分秒 ]*")

HEADINGS = {word for table in (SUBJECTS, INSPECTORS, UNITS, ITEMS) for column in table.columns if column.required for word in (column.header, *column.aliases)}
"""What stands over a list of firms or people: the first picked row is a heading if it says so."""


class Chosen(NamedTuple):
    """What was picked. `pool`, `hidden`: ids in the order of the sheet; `blank`, `headings`: rows passed over; `twins`: ids that got a number, in the same order."""

    pool: list[str]
    hidden: list[str]
    blank: int
    headings: int
    twins: list[str]
    digest: str


def row_numbers(text: str) -> list[int]:
    """Row numbers from 5-80 or 5-20、30."""
    found: set[int] = set()
    for word in filter(None, SEPARATOR.split(text.strip())):
        span = SPAN.fullmatch(word)
        first, last = (int(span[1]), int(span[2] or span[1])) if span else (0, 0)
        if not 0 < first <= last <= LAST_ROW:
            raise Refusal(say.BAD_ROWS, seen=text)
        found.update(range(first, last + 1))
    if not found:
        raise Refusal(say.BAD_ROWS, seen=text)
    return sorted(found)


def chosen_from(request: Request, sheet: str, numbers: Sequence[int], column: str) -> Chosen:
    """The picked rows parted in visible, hidden, blank and headings; every id once over all of them."""
    given: Picked | None = request.args.get("picked")  # what a click selected, where the book is open
    lines = given.lines if given else picked.lines(book_of(request), sheet, numbers)
    table = BY_SHEET.get(sheet) if not column else None
    if table is not None and len(table.key) == 1:
        headings = {line.row for line in lines if any(line.text(at) == table.column(table.key[0]).header for at in range(len(line.cells)))}
        texts = _keys(request.view[table.name], table, lines)
    else:
        at = _column(lines, column, sheet, given.columns if given else None)
        texts = [line.text(at) for line in lines]
        headings = {line.row for line, text in zip(lines[:1], texts, strict=False) if text in HEADINGS}
    filled = [(line, text) for line, text in zip(lines, texts, strict=True) if text and line.row not in headings]
    ids = numbered([text for _, text in filled])
    read = [[str(line.row), id_, "1" if line.hidden else ""] for (line, _), id_ in zip(filled, ids, strict=True)]
    return Chosen(
        [id_ for (line, _), id_ in zip(filled, ids, strict=True) if not line.hidden], [id_ for (line, _), id_ in zip(filled, ids, strict=True) if line.hidden],
        len(lines) - len(filled) - len(headings), len(headings), [id_ for id_, (_, text) in zip(ids, filled, strict=True) if id_ != text],
        hashlib.sha256("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in read).encode()).hexdigest(),
    )


def _keys(frame: Frame, table: Table, lines: Iterable[Line]) -> list[str]:
    """The key of each row of one of our own tables, its name where the key is blank."""
    names = frame["name"] if "name" in frame else frame[table.key[0]]
    ids = {int(row): key or name for row, key, name in zip(frame.index, frame[table.key[0]], names, strict=True)}
    return [ids.get(line.row, "") for line in lines]


def _column(lines: Sequence[Line], wanted: str, sheet: str, among: Sequence[int] | None) -> int:
    """From 0: the column named, else the leftmost (of those selected) that hold words, not figures, in most of the rows."""
    width = max((len(line.cells) for line in lines), default=0)
    if wanted:
        try:
            return position(f"{wanted.strip().upper()}1")[0] - 1
        except Damaged as error:
            raise Refusal(say.NO_COLUMN, sheet=sheet, seen=wanted) from error
    within = range(width) if among is None else among
    columns = [[line.text(at) for line in lines] for at in within]
    worded = [sum(bool(text) and not FIGURES.fullmatch(text) for text in column) for column in columns]
    counts = worded if any(worded) else [sum(map(bool, column)) for column in columns]
    return within[counts.index(max(counts))] if counts else 0


def numbered(texts: Sequence[str]) -> list[str]:
    """The texts, each made one of its kind: those equal (as the draw compares ids) carry a number, 张三（1）, 张三（2）."""
    counts = Counter(folded(text) for text in texts)
    taken = {key for key, count in counts.items() if count == 1}
    made = []
    for text in texts:
        name, number = text, 0
        if counts[folded(text)] > 1:
            while not number or folded(name) in taken:
                number += 1
                name = say.TWIN.format(text=text, number=number)
            taken.add(folded(name))
        made.append(name)
    return made


def unnumbered(id_: str) -> str:
    """An id without the number that `numbered` may have given it."""
    return re.sub("（[0-9]+）$", "", id_)
