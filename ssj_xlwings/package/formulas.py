"""Formulas in cells: reading one out, moving it to another row, taking a shared one apart."""

from __future__ import annotations

import re

from lxml import etree

from ssj_xlwings.package import plain, rows
from ssj_xlwings.package.areas import letters
from ssj_xlwings.package.cells import escaped
from ssj_xlwings.package.faults import Damaged

FORMULA = re.compile(rb"<f" + plain.ATTRIBUTES + rb"(?:([^<]*)</f\s*>)?")
OUTSIDE = re.compile(r'"[^"]*"|\[[^\[\]]*(?:\[[^\]]*\][^\[\]]*)*\]')
"""Strings and structured references: nothing in them moves with the row."""
ADDRESS = re.compile(r"(?<![A-Za-z0-9_.$])\$?[A-Z]{1,3}\$?[0-9]+(?![A-Za-z0-9_(.])")


def moves(formula: str) -> bool:
    """Whether the formula has cell addresses, so that it reads differently in another row."""
    return bool(ADDRESS.search(OUTSIDE.sub("", formula)))


def moved(formula: str, column: int, source: int, target: int) -> str:
    """The formula of row `source` as it reads in row `target` of the same column."""
    if not moves(formula) or source == target:
        return formula
    from openpyxl.formula.translate import Translator

    return str(Translator(f"={formula}", f"{letters(column)}{source}").translate_formula(f"{letters(column)}{target}"))[1:]


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
    for master in sheet.holding(*_tokens(shared[b"si"])):
        for at, other in master.cells.items():
            told = FORMULA.search(other)
            if told and told[3] and plain.attributes(told[1]).get(b"si") == shared[b"si"]:
                return _across(_text(told[3]), (at, master.number), (column, row.number))
    return ""


def unshare(sheet: rows.Sheet, cell: bytes) -> None:
    """Give every cell that shares the formula of `cell` its own text, before `cell` is overwritten.

    Nothing to do unless `cell` is the one that holds the text for the others.
    """
    found = FORMULA.search(cell)
    shared = plain.attributes(found[1]) if found and found[3] else {}
    if shared.get(b"t") != b"shared" or b"si" not in shared:
        return
    for row in list(sheet.holding(*_tokens(shared[b"si"]))):
        for column, other in row.cells.items():
            one = FORMULA.search(other)
            if one and plain.attributes(one[1]).get(b"si") == shared[b"si"] and not one[3]:
                text = escaped(formula_of(sheet, row, column)).encode()
                row.cells[column] = other[:one.start()] + b"<f>" + text + b"</f>" + other[one.end():]
                sheet.put(row)


def _tokens(index: bytes) -> tuple[bytes, bytes]:
    return b'si="%s"' % index, b"si='%s'" % index


def _text(xml: bytes) -> str:
    try:
        return etree.fromstring(b"<f>" + xml + b"</f>").text or ""
    except etree.XMLSyntaxError as error:
        raise Damaged(str(error)) from error


def _across(formula: str, source: tuple[int, int], target: tuple[int, int]) -> str:
    from openpyxl.formula.translate import Translator

    origin, place = (f"{letters(column)}{row}" for column, row in (source, target))
    return str(Translator(f"={formula}", origin).translate_formula(place))[1:]
