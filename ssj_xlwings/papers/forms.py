"""Pieces that several forms share: the grid of 24 columns, labelled rows, boxes, heads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ssj_xlwings.papers.measure import (
    BODY,
    BUREAU,
    CENTRED,
    ENDS,
    FULL,
    HEADING,
    LABEL,
    SMALL,
    TEXT,
    TITLE,
    Cell,
    Row,
    Style,
    breadth,
    digits,
    mm,
    room,
    row,
)
from ssj_xlwings.papers.wording import listed
from ssj_xlwings.vocabulary.text import grouped as in_fours

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from ssj_xlwings.types import Row as Line

GRID = (1.0,) * 24
WHOLE = len(GRID)
FIELD_EMS = room(FULL.width * 20 / 24, SMALL)
"""What a field across the page holds on one line of small text."""
LINE = mm(8)
DATE_BLANK = "　　　　年　　月　　日"


@dataclass(frozen=True)
class Job:
    """What every paper of a task must know. `items`: rows of the item list by code."""

    bureau: str
    task: Line
    now: datetime
    items: dict[str, Line] = field(default_factory=dict)
    phone: str = ""

    def item_names(self, codes: Sequence[str]) -> str:
        """The items of a visit, as they stand in a cell of a list."""
        return listed(codes, {code: item["name"] for code, item in self.items.items()})


def head(bureau: str, title: str) -> list[Row]:
    """The bureau and the paper's title."""
    return [row(Cell(bureau, WHOLE, BUREAU), least=mm(7)), row(Cell(title, WHOLE, TITLE), least=mm(10))]


def ends(text: str) -> Row:
    """A line at the right edge."""
    return row(Cell(text, WHOLE, ENDS))


def field_row(label: str, text: str, style: Style = BODY) -> Row:
    """A label and its text across the page."""
    return row(Cell(label, 4, LABEL), Cell(text, WHOLE - 4, style), least=LINE)


def two_fields(first: tuple[str, str], second: tuple[str, str]) -> Row:
    """Two labels with their texts, side by side."""
    return row(Cell(first[0], 4, LABEL), Cell(first[1], 10, BODY), Cell(second[0], 4, LABEL), Cell(second[1], 6, digits(second[1], BODY)), least=LINE)


def table_row(spans: Iterable[int], texts: Iterable[str], *, header: bool = False, least: float = LINE) -> Row:
    """A row of a table inside a form."""
    style = LABEL if header else CENTRED
    return Row(tuple(Cell(text, span, style) for span, text in zip(spans, texts, strict=True)), least)


def section(text: str) -> Row:
    """A heading inside a form."""
    return row(Cell(text, WHOLE, HEADING), least=mm(9))


def sentence(text: str) -> Row:
    """A paragraph across the page."""
    return row(Cell(text, WHOLE, TEXT))


def grouped(digest: str) -> str:
    """A digest in groups of four digits, eight groups a line, as the panel 现场抽取 shows it."""
    return "\n".join(in_fours(digest[at : at + 32]) for at in range(0, len(digest), 32))


def boxes(words: Iterable[str]) -> str:
    """Words to be ticked, on lines that fit a field across the page: no word breaks in two."""
    made = [""]
    for word in words:
        longer = f"{made[-1]}　□{word}" if made[-1] else f"□{word}"
        if breadth(longer) <= FIELD_EMS or not made[-1]:
            made[-1] = longer
        else:
            made.append(f"□{word}")
    return "\n".join(made)


def ordinal(attempt: str) -> str:
    """Which attempt it is."""
    return f"第 {attempt} 次"
