"""What covers a table follows it when it grows or shrinks: rules, drop-downs, filters, print areas, names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ssj_xlwings.package.areas import Area
from ssj_xlwings.package.mentions import Mention, substituted
from ssj_xlwings.package.plain import said

SQREF = re.compile(rb"""((?:\ssqref=["'])|(?:<(?:\w+:)?sqref>))([^"'<]*)""")
FILTER = re.compile(rb"""(<(?:autoFilter|sortState|sortCondition|hyperlink)\s(?:[^>]*\s)?ref=["'])([^"']*)""")
CELL = "[A-Z]{1,3}[1-9][0-9]{0,6}"
AREA = re.compile(f"{CELL}(?::{CELL})?")


@dataclass(frozen=True)
class Stretch:
    """A table whose heading stands in row `header`, columns `left`…`right`, and whose last data row moved from `old` to `new`.

    `totals`: how many totals rows moved with it, right under the data.
    """

    header: int
    left: int
    right: int
    old: int
    new: int
    totals: int = 0

    def area(self, area: Area) -> Area:
        """`area` with the new end, if it ended where the table ended, with or without its totals; else as `sums`."""
        over = area.left <= self.right and self.left <= area.right and area.top <= self.header + 1
        if over and area.bottom == self.old:
            return area._replace(bottom=max(self.new, area.top))
        if over and self.totals and area.bottom == self.old + self.totals:
            return area._replace(bottom=self.new + self.totals)
        return self.sums(area)

    def sums(self, area: Area) -> Area:
        """`area` where the totals are now, if it is a part of them; else as it was."""
        if self.left <= area.left and area.right <= self.right and self.old < area.top and area.bottom <= self.old + self.totals:
            return area._replace(top=area.top + self.new - self.old, bottom=area.bottom + self.new - self.old)
        return area

    def rules(self, tail: bytes) -> bytes:
        """The part of a sheet after its rows: conditional formats, drop-downs, ignored errors, the sheet's own filter."""

        def ended(text: str) -> str:
            return str(self.area(Area.read(text))) if AREA.fullmatch(text) else text

        def several(found: re.Match[bytes]) -> bytes:
            return found[1] + " ".join(ended(one) for one in said(found[2]).split()).encode()

        def single(found: re.Match[bytes]) -> bytes:
            return found[1] + ended(said(found[2])).encode()

        return FILTER.sub(single, SQREF.sub(several, tail))

    def formula(self, sheet: str, formula: str, *, here: str = "", built_in: bool = False, fixed: bool = False, totals_only: bool = False) -> str:
        """A formula, on a sheet named `here`, with its areas over the table of `sheet` as it ends now.

        `built_in`: print area or filter, which may cover a table that has no rows yet. `fixed`: only areas whose rows are absolute.
        `totals_only`: only what is a part of the totals.
        """

        def one(mention: Mention) -> str:
            absolute = all(corner.kept for corner in mention.corners)
            if mention.sheet(here) != sheet or not mention.first.row or (fixed and not absolute):
                return str(mention)
            area = mention.area
            narrow = totals_only or not mention.last or (self.old == self.header and not built_in)
            there = self.sums(area) if narrow else self.area(area)
            return str(mention if there == area else mention.reaching(there.top, there.bottom))

        return substituted(formula, one)
