"""The references in a formula: cells, areas, rows and columns, on a sheet that is named or not. One pass, whatever the formula holds.

A formula is cut into pieces, each taken whole: texts, brackets of structured references, words, references. So a name that only looks
like an address at its end is none, and no letter is looked at more than a few times.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.package.areas import LAST_COLUMN, LAST_ROW, Area, letters, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORD = r"""[^\s'"!,()=<>&+*/^;:\-\[\]{}@%|~]"""
CELL, COLUMN, ROW = r"(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6})", r"(\$?)([A-Za-z]{1,3})", r"(\$?)([1-9][0-9]{0,6})"
SHEET = rf"(?:(?:'(?:[^']++|'')++'|(?:\[[^\[\]']*+\])?(?:(?!\$|[A-Za-z]{{1,3}}\$?[0-9]{{1,7}}:){WORD}++:)?{WORD}*+)!)"
"""Table!, 'A table'!, First:Last!, [1]Table!"""
COLON, END = rf"(\s*+:\s*+{SHEET}?)", r"(?![\w.(!?\\])"
PIECE = re.compile(
    rf"""(?:"(?:[^"]++|"")*+"?)|({SHEET})?(?:{CELL}(?:{COLON}{CELL}{END})?{END}|{ROW}{COLON}{ROW}{END}|{COLUMN}{COLON}{COLUMN}{END})|"""
    rf"""{SHEET}|'(?:[^']++|'')*+'?|\[(?:[^\[\]']++|'.|\[(?:[^\[\]']++|'.)*+\]?)*+\]?|{WORD}++""", re.DOTALL)


class Corner(NamedTuple):
    """One end of a reference; column 0 of whole rows, row 0 of whole columns. `held` and `kept`: a $ stands before the column, the row."""

    column: int
    row: int
    held: bool
    kept: bool
    letters: str = ""
    """The column as it was written."""

    def __str__(self) -> str:
        return f"{'$' * self.held}{self.letters}{'$' * self.kept}{self.row or ''}"


class Mention(NamedTuple):
    """A reference: what names its sheet, as written ("" if nothing does), and one corner, or two with what stands between them."""

    prefix: str
    first: Corner
    between: str = ""
    last: Corner | None = None

    def __str__(self) -> str:
        return f"{self.prefix}{self.first}{self.between}{self.last or ''}"

    def sheet(self, here: str) -> str:
        """The sheet it lies on, `here` if it names none; "" if its corners name two."""
        name, other = _named(self.prefix, here), _named(self.between.strip()[1:].strip(), "")
        return name if other in {"", name} else ""

    @property
    def corners(self) -> tuple[Corner, ...]:
        """One or two."""
        return (self.first, self.last) if self.last else (self.first,)

    @property
    def area(self) -> Area:
        """The cells it means, whichever corner stands first."""
        columns, rows = sorted(one.column for one in self.corners), sorted(one.row for one in self.corners)
        return Area(columns[0] or 1, rows[0] or 1, columns[-1] or LAST_COLUMN, rows[-1] or LAST_ROW)

    def reaching(self, top: int, bottom: int) -> Mention:
        """The same with other rows; a corner that was the lower one stays it."""
        if not self.last:
            return self._replace(first=self.first._replace(row=top))
        ends = (top, bottom) if self.first.row <= self.last.row else (bottom, top)
        return self._replace(first=self.first._replace(row=ends[0]), last=self.last._replace(row=ends[1]))

    def shifted(self, columns: int, rows: int) -> str:
        """As it reads so many columns to the right and rows down: what is relative moves; #REF! where it would leave the sheet."""
        area = self.area
        across, down = columns * (area[::2] != (1, LAST_COLUMN)), rows * (area[1::2] != (1, LAST_ROW))
        there = [_shifted(one, across, down) for one in self.corners]
        if any(not 0 <= one.column <= LAST_COLUMN or one.row > LAST_ROW for one in there):
            return f"{self.prefix}#REF!"
        return str(self._replace(first=there[0], last=there[1] if self.last else None))


def substituted(formula: str, changed: Callable[[Mention], str]) -> str:
    """The formula with each of its references as `changed` tells it; all else letter for letter."""

    def one(found: re.Match[str]) -> str:
        mention = _read(found)
        return changed(mention) if mention else found[0]

    return PIECE.sub(one, formula)


def mentions(formula: str) -> Iterator[Mention]:
    """The references in a formula, in order."""
    return (mention for found in PIECE.finditer(formula) if (mention := _read(found)))


def _read(found: re.Match[str]) -> Mention | None:
    """None for what is no reference, or looks like one beyond the last row or column: that is a name."""
    (prefix, held, column, kept, row, between, held2, column2, kept2, row2,
     top_kept, top, rows, bottom_kept, bottom, left_held, left, columns, right_held, right) = found.groups()
    if row:
        first, last = _corner(held, column, kept, row), _corner(held2, column2, kept2, row2) if row2 else None
    elif top:
        between, first, last = rows, _corner("", "", top_kept, top), _corner("", "", bottom_kept, bottom)
    elif left:
        between, first, last = columns, _corner(left_held, left, "", ""), _corner(right_held, right, "", "")
    else:
        return None
    mention = Mention(prefix or "", first, between or "", last)
    beyond = any(one.row > LAST_ROW or one.column > LAST_COLUMN for one in mention.corners)
    return None if beyond else mention


def _corner(held: str, column: str, kept: str, row: str) -> Corner:
    return Corner(numbered(column.upper()), int(row or 0), bool(held), bool(kept), column)


def _shifted(corner: Corner, columns: int, rows: int) -> Corner:
    column = corner.column + (columns if corner.column and not corner.held else 0)
    row = corner.row + (rows if corner.row and not corner.kept else 0)
    if (corner.column and column < 1) or (corner.row and row < 1):
        return corner._replace(column=-1)
    return corner._replace(column=column, row=row, letters=corner.letters if column == corner.column else letters(column))


def _named(prefix: str, otherwise: str) -> str:
    """The name of a sheet without its mark and quotes."""
    name = prefix[:-1]
    return (name[1:-1].replace("''", "'") if name.startswith("'") else name) if prefix else otherwise
