"""How high a row must be: styles, cells, rows, A4 paper, and the print scale at which pages fit.

Excel does not fit the height of a merged row to its text, and a guessed height cuts text off. So a
paper is a list of `Row`, each row a list of `Cell`, and the height follows from font size and width:
a Chinese character is one em wide, anything else 0.55 em. Lengths are in points (1/72 inch).
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FANGSONG, HEITI, SONGTI, DIGITS = "仿宋", "黑体", "宋体", "Calibri"
"""`DIGITS` is for narrow columns of codes and dates: half an em a digit wherever it or Carlito is there."""
NARROW = 0.55
"""Width of a letter, digit or space, in em: 0.5 in 仿宋 and 宋体, and some air for substitutes."""
LEADING = 1.47
"""Line pitch, in em: 1.3 in 仿宋 and 宋体, 1.45 in Noto Sans CJK, which stands in for them elsewhere."""
PADDING = 7.0
"""What a cell keeps free at its left and right side together."""
FILL = 0.97
"""How much of a line gets used: LibreOffice puts 41 characters where 42 would go."""
HIGHEST = 408.75
"""Excel knows no higher row."""
PIXEL = 0.75

Align = Literal["left", "center", "right"]


def mm(length: float) -> float:
    """Millimetres as points."""
    return length * 72 / 25.4


SIGNATURE = mm(18)
"""Least height of a cell in which somebody signs."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell looks. `boxed`: with a thin border all round."""

    font: str = SONGTI
    size: float = 10.5
    bold: bool = False
    align: Align = "left"
    boxed: bool = True
    top: bool = False


BODY = Style()
CENTRED = Style(align="center")
LABEL = Style(font=HEITI, align="center")
SMALL = Style(size=9)
SMALL_CENTRED = Style(size=9, align="center")
TITLE = Style(font=SONGTI, size=18, bold=True, align="center", boxed=False)
BUREAU = Style(font=HEITI, size=14, align="center", boxed=False)
PLAIN = Style(font=FANGSONG, size=10.5, boxed=False)
ENDS = replace(PLAIN, align="right")
TEXT = Style(font=FANGSONG, size=12, boxed=False)
HEADING = Style(font=HEITI, size=12, boxed=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """A text over `span` columns of the grid."""

    text: str
    span: int = 1
    style: Style = BODY


@dataclass(frozen=True, slots=True)
class Row:
    """Cells from left to right. `least`: printed height it has at least (somebody writes there);
    `grows`: its share of what is left free at the foot of a page.
    """

    cells: tuple[Cell, ...]
    least: float = 0
    grows: int = 0


def row(*cells: Cell, least: float = 0, grows: int = 0) -> Row:
    """A row of a paper."""
    return Row(cells, least, grows)


@dataclass(frozen=True, slots=True)
class Paper:
    """A4 upright or lying, its margins (left and right, top, bottom; in points)."""

    landscape: bool = False
    side: float = mm(15)
    top: float = mm(13)
    bottom: float = mm(16)

    @property
    def width(self) -> float:
        """Printable width, less 8 %: Excel rounds a digit of its default font to 7 pixels, LibreOffice
        does not and makes columns 6 % wider; printers differ a little too.
        """
        return (mm(297 if self.landscape else 210) - 2 * self.side) * 0.92

    @property
    def height(self) -> float:
        """Printable height, less 2 %."""
        return (mm(210 if self.landscape else 297) - self.top - self.bottom) * 0.98


UPRIGHT = Paper()
FULL = Paper(side=mm(12), top=mm(10), bottom=mm(14))
"""Upright, for forms that need the whole page."""
LYING = Paper(landscape=True, side=mm(10))

# A closing mark never begins a line and an opening one never ends it: they wrap with their neighbour.
TOKEN = re.compile("[（《“‘【〔]*(?:[!-~]+|.)[，。、；：？！）》”’】〕…％]*")


class _Breadths(dict[str, float]):
    """Of each character, told when first asked for."""

    def __missing__(self, char: str) -> float:
        found = self[char] = 1.0 if unicodedata.east_asian_width(char) in "WFA" else NARROW
        return found


_BREADTHS = _Breadths()


@lru_cache(maxsize=65536)
def breadth(text: str) -> float:
    """Width of a text on one line, in em."""
    return sum(map(_BREADTHS.__getitem__, text))


def lines(text: str, ems: float) -> int:
    """On how many lines a text stands in a cell `ems` wide."""
    return sum(1 if breadth(part) <= ems else _wrapped(part, ems) for part in text.split("\n"))


def _wrapped(text: str, ems: float) -> int:
    count, used = 1, 0.0
    for token in TOKEN.findall(text):
        size = breadth(token)
        if used + size <= ems:
            used += size
        elif size <= ems:
            count, used = count + 1, size
        else:  # longer than a line: broken anywhere, after a fresh start
            rows = math.ceil(size / ems)
            count, used = count + rows - (not used), ems
    return count


def digits(text: str, style: Style) -> Style:
    """The style for a text that may be a code, number or date: those stand in the narrow font."""
    return _narrow(style) if text.isascii() else style


@cache
def _narrow(style: Style) -> Style:
    return replace(style, font=DIGITS)


def room(width: float, style: Style) -> float:
    """What a line of a cell that wide holds, in em."""
    return max(1.0, (width - PADDING) / style.size * FILL)


def height(text: str, style: Style, width: float) -> float:
    """The height a text needs in a cell of that width."""
    return lines(text, room(width, style)) * style.size * LEADING + 3 if text else 0.0


def row_height(made: Row, widths: Sequence[float], scale: float = 1) -> float:
    """The height of a row, a whole number of pixels; `scale`: the sheet is printed this much smaller."""
    need, at = made.least / scale, 0
    for cell in made.cells:
        need = max(need, height(cell.text, cell.style, sum(widths[at : at + cell.span])))
        at += cell.span
    return min(HIGHEST, math.ceil(max(need, PIXEL) / PIXEL) * PIXEL)


SCALES = tuple(percent / 100 for percent in range(100, 55, -2))


def columns(paper: Paper, weights: Sequence[float], scale: float) -> list[float]:
    """Column widths that share the printable width by weight, whole pixels."""
    return [round(paper.width / scale * weight / sum(weights) / PIXEL) * PIXEL for weight in weights]


def page_height(rows: Iterable[Row], paper: Paper, weights: Sequence[float], scale: float) -> float:
    """How high the rows stand on a sheet that is printed at `scale`."""
    widths = columns(paper, weights, scale)
    return sum(row_height(made, widths, scale) for made in rows)


def fitting_scale(pages: Sequence[Sequence[Row]], paper: Paper, weights: Sequence[float]) -> float:
    """The largest print scale at which every page is one page; 0 where none is."""
    return next((scale for scale in SCALES if all(page_height(rows, paper, weights, scale) <= paper.height / scale for rows in pages)), 0)
