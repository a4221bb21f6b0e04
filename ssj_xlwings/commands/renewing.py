"""代码表 and 填写说明 as this program writes them, in an older workbook: what staff put on these sheets stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ssj_xlwings.books.reading import Reader
from ssj_xlwings.package import inventory
from ssj_xlwings.package.areas import Area, letters
from ssj_xlwings.package.faults import Undeclared
from ssj_xlwings.package.overlay import REPLACED, Overlay
from ssj_xlwings.package.relations import relations
from ssj_xlwings.package.tables import TablePart
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import upgrade as say
from ssj_xlwings.vocabulary.tables import CODES

if TYPE_CHECKING:
    from collections.abc import Callable

    from ssj_xlwings.package.graft import Graft
    from ssj_xlwings.package.overlay import Place

LIST = re.compile(rf"'?{CODES}'?!\$([A-Z]{{1,3}})\$2(?::\$([A-Z]{{1,3}})\$([0-9]{{1,7}}))?")
"""Where a name says that a list of 代码表 stands, below its heading."""
TOLD = 10
"""Cells that a sentence names."""


def renew(graft: Graft, reader: Reader, name: str) -> tuple[frozenset[Place], str]:
    """The fresh sheet laid over the old one; the cells of staff's that stay, and the sentence about them ("" for none).

    Refusal if something of theirs stands where ours must go.
    """
    if name not in graft.book.sheets:
        graft.add_sheet(name)
        return frozenset(), ""
    part = graft.book.sheets[name]
    was, now = _shown(reader, name), _shown(Reader(graft.source), name)
    over = Overlay(graft.opened(part), graft.sheet(name), was, now, lambda _: False)
    over = over._replace(ours=_of_a_list(graft, over) if name == CODES else lambda place: _inside(over.area, place))
    staffs = frozenset(over.staffs())
    tables = [TablePart(one.target, graft.old.read(one.target)).area for one in relations(graft.old, part) if one.kind == "table"]
    clashes = over.clashes(staffs, tables)
    if clashes:
        raise Refusal(say.IN_THE_WAY, sheet=name, cell=_address(clashes[0]))
    before = inventory.features("sheet", [over.old.outside])
    over.lay(staffs)
    lost = {tag for tag in before - inventory.features("sheet", [over.old.head + over.old.tail]) if tag not in REPLACED}
    if lost:
        raise Undeclared(f"{part}：{'、'.join(sorted(tag.decode() for tag in lost))}")
    graft.change(part)
    cells = "、".join(map(_address, sorted(staffs, key=lambda place: place[::-1])[:TOLD]))
    more = say.MORE_CELLS.format(count=len(staffs)) if len(staffs) > TOLD else ""
    return staffs, say.STAFFS.format(sheet=name, cells=cells + more) if staffs else ""


def _shown(reader: Reader, name: str) -> dict[Place, object]:
    """What each cell of a sheet shows; those that show nothing left out."""
    return {(column, row): value for row, line in reader.rows(name) for column, value in enumerate(line, 1) if value not in (None, "")}


def _of_a_list(graft: Graft, over: Overlay) -> Callable[[Place], bool]:
    """Whether a cell of 代码表 belongs to a list of ours: our names say where these stand, and the fresh sheet has the word, or another in its place."""
    fresh = {one.get("name", "").lower() for one in graft.source.names()}
    told = [LIST.fullmatch(one.text or "") for one in graft.book.names() if one.get("name", "").lower() in fresh]
    lists = [Area.read(f"{one[1]}1:{one[2] or one[1]}{one[3] or 2}") for one in told if one] or [over.area]
    words = {*over.now.values(), ""}
    return lambda place: any(_inside(area, place) for area in lists) and (place in over.now or over.was.get(place, "") in words)


def _inside(area: Area, place: Place) -> bool:
    return area.left <= place[0] <= area.right and area.top <= place[1] <= area.bottom


def _address(place: Place) -> str:
    return f"{letters(place[0])}{place[1]}"
