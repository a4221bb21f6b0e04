"""What covers a table follows it when it grows or shrinks: rules, drop-downs, filters, print areas, names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ssj_xlwings.package.areas import Area
from ssj_xlwings.package.plain import said

SQREF = re.compile(rb"""((?:\ssqref=["'])|(?:<(?:\w+:)?sqref>))([^"'<]*)""")
FILTER = re.compile(rb"""(<(?:autoFilter|sortState)\s(?:[^>]*\s)?ref=["'])([^"']*)""")
AREA = re.compile(r"[A-Z]{1,3}[0-9]+(?::[A-Z]{1,3}[0-9]+)?")
REFERENCE = re.compile(r"((?:'((?:[^']|'')+)'|([^\s'!,()=<>&+*/^;:\-]+))!\$?[A-Z]{1,3}\$?)([0-9]+)(:\$?[A-Z]{1,3}\$?)([0-9]+)")


@dataclass(frozen=True)
class Stretch:
    """A table whose heading stands in row `header`, columns `left`…`right`, and whose last data row moved from `old` to `new`."""

    header: int
    left: int
    right: int
    old: int
    new: int

    def area(self, area: Area) -> Area:
        """`area` with the new end, if it ended where the table ended; else as it was."""
        over = area.left <= self.right and self.left <= area.right and area.top <= self.header + 1
        return area._replace(bottom=max(self.new, area.top)) if over and area.bottom == self.old else area

    def rules(self, tail: bytes) -> bytes:
        """The part of a sheet after its rows: conditional formats, drop-downs, ignored errors, the sheet's own filter."""

        def ended(text: str) -> str:
            return str(self.area(Area.read(text))) if AREA.fullmatch(text) else text

        def several(found: re.Match[bytes]) -> bytes:
            return found[1] + " ".join(ended(one) for one in said(found[2]).split()).encode()

        def single(found: re.Match[bytes]) -> bytes:
            return found[1] + ended(said(found[2])).encode()

        return FILTER.sub(single, SQREF.sub(several, tail))

    def formula(self, sheet: str, formula: str, built_in: bool) -> str:
        """A defined name's formula. `built_in`: print area or filter, which may cover a table that has no rows yet."""

        def one(found: re.Match[str]) -> str:
            named = found[2].replace("''", "'") if found[2] else found[3]
            if named != sheet or (self.old == self.header and not built_in):
                return found[0]
            area = Area.read(re.sub(r"\$", "", f"{found[1].rpartition('!')[2]}{found[4]}{found[5]}{found[6]}"))
            return f"{found[1]}{found[4]}{found[5]}{self.area(area).bottom}"

        return REFERENCE.sub(one, formula)
