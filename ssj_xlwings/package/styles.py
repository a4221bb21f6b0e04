"""Cell styles: only ever appended to, so that every index in use stays right."""

from __future__ import annotations

import copy
import re

from lxml import etree

from ssj_xlwings.package import markup
from ssj_xlwings.package.faults import Damaged
from ssj_xlwings.package.plain import number

DATES = frozenset({14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58})
"""Built-in number formats that show a date (ECMA-376 18.8.30, with the Chinese ones)."""
TIMES = frozenset({18, 19, 20, 21, 45, 46, 47, *range(32, 36)})
"""Those that show a time of day or an elapsed time."""
ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]")
LITERAL = re.compile(r'"[^"]*"|[\\_*].|\[(?!(?:h+|m+|s+)\])[^\]]*\]|general|g/通用格式|am/pm|a/p|上午/下午|e[+-]', re.IGNORECASE | re.DOTALL)
"""What stands in a format and is no letter of a date: quoted or escaped text, the width (_x) or the filling (*x) of a character, colours,
conditions and locales, a number as it comes, halves of the day, an exponent (ECMA-376 18.8.31).
"""
DAY = re.compile("[ydegb]|aaa")
"""Letters that only a date has: year, day, era, Buddhist or Hijri calendar, weekday. An m is a month, or minutes beside hours and seconds."""
CLOCK = re.compile("[hs]")
FORMAT = "yyyy-mm-dd"
FIRST_OWN = 164


class Styles:
    """The styles part, as far as dates need it."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.root = markup.parse(data)
        self.changed = False
        group = markup.child(self.root, "cellXfs")
        if group is None or not len(group):
            raise Damaged("no cellXfs")
        self._cells = group
        for cell in group:
            number(cell.get("numFmtId", "0"))  # a style is judged before a cell is given it
        self._dated: dict[str, str] = {}
        self._known: set[str] = set()

    def known(self, style: str) -> str:
        """The style itself. Damaged if there is none such: a cell that is given it could not be read again."""
        if style and style not in self._known:
            self.moment(number(style))
            self._known.add(style)
        return style

    def dated(self, style: str) -> str:
        """The style itself if it shows dates; else one that is equal but for its number format: an earlier save's, or made when first asked for."""
        if style not in self._dated:
            self._dated[style] = style if self.moment(number(style or "0")) == "date" else self._clone(number(style or "0"))
        return self._dated[style]

    def serialise(self) -> bytes:
        """The part."""
        return markup.serialise(self.root)

    def _formats(self) -> dict[int, str]:
        group = markup.child(self.root, "numFmts")
        return {number(one.get("numFmtId", "0")): one.get("formatCode", "") for one in (() if group is None else group)}

    def moment(self, index: int) -> str:
        """What a number with that style shows: "date", "time" or "" (a number)."""
        if index >= len(self._cells):
            raise Damaged(f"style {index}")
        kind = number(self._cells[index].get("numFmtId", "0"))
        code = self._formats().get(kind, "")
        shown = LITERAL.sub("", code).lower()
        clock = kind in TIMES or CLOCK.search(shown) or ELAPSED.search(shown)
        if kind in DATES or DAY.search(shown) or ("m" in shown and not clock):
            return "date"
        return "time" if clock else ""

    def _clone(self, index: int) -> str:
        made = copy.deepcopy(self._cells[index])
        made.set("numFmtId", str(self._date_format()))
        made.set("applyNumberFormat", "1")
        made.attrib.pop("quotePrefix", "")
        wanted = etree.tostring(made, method="c14n", with_tail=False)
        for there, one in enumerate(self._cells):
            if one.get("numFmtId") == made.get("numFmtId") and etree.tostring(one, method="c14n", with_tail=False) == wanted:
                return str(there)
        self._cells.append(made)
        self._cells.set("count", str(len(self._cells)))
        self.changed = True
        return str(len(self._cells) - 1)

    def _date_format(self) -> int:
        formats = self._formats()
        for known, code in formats.items():
            if code == FORMAT:
                return known
        group = markup.child(self.root, "numFmts")
        if group is None:
            group = etree.Element(markup.tag_like(self.root, "numFmts"))
            self.root.insert(0, group)
        free = max([FIRST_OWN - 1, *formats]) + 1
        etree.SubElement(group, markup.tag_like(self.root, "numFmt"), numFmtId=str(free), formatCode=FORMAT)
        group.set("count", str(len(group)))
        return free
