"""A totals row on its way down: its cells, their looks and height, and what on the sheet itself speaks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.package import formulas, rows
from ssj_xlwings.package.areas import letters
from ssj_xlwings.package.cells import BLANK, cell, escaped
from ssj_xlwings.package.plain import attributes
from ssj_xlwings.package.references import SHOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from ssj_xlwings.package.stretch import Stretch

SHARING = frozenset({b"t", b"si", b"ref"})
LOOKS = frozenset({b"s", b"customFormat", b"ht", b"customHeight"})


def move(sheet: rows.Sheet, name: str, stretch: Stretch, looks: Callable[[int, int], str]) -> None:
    """The cells of the totals rows to where `stretch` says; blank cells, with the style that `looks` says for row and column, stand in their place.

    Formulas of rows below the heading that speak of the totals follow them. What the totals come to is calculated anew.
    """
    step = stretch.new - stretch.old
    for number in range(stretch.old + stretch.totals, stretch.old, -1):
        _take(sheet, name, stretch, number, number + step)
    for number in range(stretch.old + 1, stretch.old + 1 + min(step, stretch.totals)):
        row = sheet.row(number) or rows.Row(number)
        for column in range(stretch.left, stretch.right + 1):
            row.cells[column] = cell(f"{letters(column)}{number}", looks(number, column), BLANK)
        sheet.put(row)
    tokens = {f"{letters(column)}{dollar}{number}".encode() for column in range(stretch.left, stretch.right + 1)
              for number in range(stretch.old + 1, stretch.old + stretch.totals + 1) for dollar in ("", "$")}
    for row in sheet.holding(b"<f") if stretch.totals else ():  # one after the other: each as those before left it
        if row.number > stretch.header and not stretch.new < row.number <= stretch.new + stretch.totals:
            _follow(sheet, name, stretch, row, tokens)


def _take(sheet: rows.Sheet, name: str, stretch: Stretch, source: int, target: int) -> None:
    """One row of totals to another row."""
    row = sheet.row(source) or rows.Row(source)
    for column in range(stretch.left, stretch.right + 1):
        sheet.put(row)
        formulas.unshare(sheet, row.cells.get(column, b""))
    there = sheet.row(target) or rows.Row(target)
    for column in range(stretch.left, stretch.right + 1):
        there.cells.pop(column, None)
        if column in row.cells:
            there.cells[column] = _moved(sheet, name, stretch, row, column, target)
    there.attributes.update({key: value for key, value in row.attributes.items() if key in LOOKS})
    sheet.put(there)
    for column in range(stretch.left, stretch.right + 1):
        row.cells.pop(column, None)
    above = sheet.row(source - 1) if source - 1 > stretch.header else None
    row.attributes = {key: value for key, value in row.attributes.items() if key not in LOOKS}
    row.attributes |= {key: value for key, value in (above.attributes if above else {}).items() if key in LOOKS}
    sheet.put(row)


def _moved(sheet: rows.Sheet, name: str, stretch: Stretch, row: rows.Row, column: int, target: int) -> bytes:
    xml, address = row.cells[column], f"{letters(column)}{target}".encode()
    found = formulas.FORMULA.search(xml)
    if found:
        text = stretch.formula(name, formulas.formula_of(sheet, row, column), here=name, totals_only=True)
        given = attributes(found[1])
        kept = {key: value for key, value in given.items() if key not in SHARING} if given.get(b"t") == b"shared" else given
        kept |= {b"ref": address} if b"ref" in kept else {}
        extra = b"".join(b' %s="%s"' % pair for pair in kept.items())
        xml = SHOWN.sub(b"", xml[:found.start()] + b"<f" + extra + b">" + escaped(text).encode() + b"</f>" + xml[found.end():])
    tag = rows.CELL_TAG.match(xml)
    if not tag:
        raise RuntimeError("a cell has a start tag")
    given = attributes(tag[1]) | {b"r": address}
    order = sorted(given.items(), key=lambda pair: pair[0] != b"r")
    return b"<c" + b"".join(b' %s="%s"' % pair for pair in order) + (b"/>" if tag[2] else b">") + xml[tag.end():]


def _follow(sheet: rows.Sheet, name: str, stretch: Stretch, row: rows.Row, tokens: set[bytes]) -> None:
    """A row's formulas that speak of the totals."""
    for column, xml in list(row.cells.items()):
        found = formulas.FORMULA.search(xml)
        if not found or not found[3] or not any(token in found[3] for token in tokens):
            continue
        sheet.put(row)
        formulas.unshare(sheet, xml)
        before = formulas.formula_of(sheet, row, column)
        text = stretch.formula(name, before, here=name, totals_only=True)
        if text != before:
            kept = {key: value for key, value in attributes(found[1]).items() if key not in SHARING or b"array" in found[1]}
            extra = b"".join(b' %s="%s"' % pair for pair in kept.items())
            row.cells[column] = SHOWN.sub(b"", xml[:found.start()] + b"<f" + extra + b">" + escaped(text).encode() + b"</f>" + xml[found.end():])
