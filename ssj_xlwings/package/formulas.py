"""Formulas in cells: reading one out, moving it to another row, taking a shared one apart."""

from __future__ import annotations

import re

from lxml import etree

from ssj_xlwings.package import plain, rows
from ssj_xlwings.package.cells import escaped
from ssj_xlwings.package.faults import Damaged
from ssj_xlwings.package.mentions import mentions, substituted

FORMULA = re.compile(rb"<f" + plain.ATTRIBUTES + rb"(?:([^<]*)</f\s*>)?")


def moves(formula: str) -> bool:
    """Whether the formula has rows in its references, so that it may read differently in another row."""
    return any(mention.first.row for mention in mentions(formula))


def moved(formula: str, source: tuple[int, int], target: tuple[int, int]) -> str:
    """The formula of cell `source` (column, row) as it reads in cell `target`: what is relative moves, all else stays letter for letter.

    What is no proper formula is moved alike: an odd one that staff can see is better than one that was lost.
    """
    columns, rows = (there - here for here, there in zip(source, target, strict=True))
    return substituted(formula, lambda mention: mention.shifted(columns, rows))


def formula_of(sheet: rows.Sheet, row: rows.Row, column: int) -> str:
    """The formula of a cell, a shared one as it reads there; "" if it has none."""
    cell = row.cells.get(column, b"")
    found = FORMULA.search(cell)
    if not found:
        return ""
    if found[3]:
        return _text(found[3])
    shared = plain.attributes(found[1])
    if shared.get(b"t") != b"shared" or b"si" not in shared:
        return ""
    for master in _sharing(sheet, shared[b"si"]):
        for at, other in master.cells.items():
            told = FORMULA.search(other)
            if told and told[3] and plain.attributes(told[1]).get(b"si") == shared[b"si"]:
                return moved(_text(told[3]), (at, master.number), (column, row.number))
    return ""


def unshare(sheet: rows.Sheet, cell: bytes) -> None:
    """Give every cell that shares the formula of `cell` its own text, before `cell` is overwritten.

    Nothing to do unless `cell` is the one that holds the text for the others.
    """
    found = FORMULA.search(cell)
    shared = plain.attributes(found[1]) if found and found[3] else {}
    if shared.get(b"t") != b"shared" or b"si" not in shared:
        return
    sharing = [(row, column, one) for row in _sharing(sheet, shared[b"si"]) for column, other in row.cells.items()
               if (one := FORMULA.search(other)) and plain.attributes(one[1]).get(b"si") == shared[b"si"]]
    master, told = next((((column, row.number), _text(one[3])) for row, column, one in sharing if one[3]), ((1, 1), ""))
    for row, column, one in sharing:
        if told and not one[3]:
            text = escaped(moved(told, master, (column, row.number))).encode()
            row.cells[column] = one.string[:one.start()] + b"<f>" + text + b"</f>" + one.string[one.end():]
            sheet.put(row)


def _sharing(sheet: rows.Sheet, index: bytes) -> list[rows.Row]:
    return [row for number in sheet.sharing.get(index, ()) if (row := sheet.row(number))]


def _text(xml: bytes) -> str:
    try:
        return etree.fromstring(b"<f>" + xml + b"</f>").text or ""
    except etree.XMLSyntaxError as error:
        raise Damaged(str(error)) from error
