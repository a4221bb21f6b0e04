"""A list on lying A4 pages: title, head line, table with repeated headings, totals, signatures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ssj_xlwings.papers.measure import (
    CENTRED,
    ENDS,
    LABEL,
    LYING,
    PADDING,
    PLAIN,
    SMALL,
    SMALL_CENTRED,
    TITLE,
    Cell,
    Paper,
    Row,
    breadth,
    digits,
    mm,
    row,
)
from ssj_xlwings.papers.page import Papers, Sheet
from ssj_xlwings.types import File
from ssj_xlwings.vocabulary.sentences.papers import EMPTY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

SMALL_LABEL = replace(LABEL, size=9)
SIGNERS = ("填表人", "审核人", "日期")


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its heading, its share of the page's width (about points), and whether its texts are
    short (codes, dates, numbers, names) and stand in the middle.
    """

    header: str
    weight: float
    short: bool = False


@dataclass(frozen=True)
class Listing:
    """A list as it is printed. `head`: what stands below the title at the left and at the right;
    `notes`: sentences above the table; `rows`: one tuple a line, a text for each field;
    `totals`: what they come to; `signers`: who signs below.
    """

    title: str
    head: tuple[str, str]
    fields: Sequence[Field]
    rows: Sequence[Sequence[str]]
    totals: str = ""
    notes: Sequence[str] = ()
    signers: Sequence[str] = SIGNERS


def write_listing(papers: Papers, name: str, listing: Listing, paper: Paper = LYING) -> Sheet:
    """The list on a sheet of its own; headings repeat on every page."""
    sheet = papers.sheet(name, paper, [field.weight for field in listing.fields])
    whole = len(listing.fields)
    left = _split(sheet.widths, listing.head[1])
    sheet.write(row(Cell(listing.title, whole, TITLE), least=mm(12)))
    sheet.write(row(Cell(listing.head[0], left, PLAIN), Cell(listing.head[1], whole - left, ENDS), least=mm(7)))
    sheet.write_all(row(Cell(note, whole, PLAIN)) for note in listing.notes)
    sheet.write(Row(tuple(Cell(field.header, 1, SMALL_LABEL) for field in listing.fields), least=mm(8)))
    sheet.sheet.repeat_rows(sheet.at - 1)
    sheet.sheet.freeze_panes(sheet.at, 0)
    for values in listing.rows:
        sheet.write(Row(tuple(_cell(value, field) for value, field in zip(values, listing.fields, strict=True)), least=mm(7)))
    if not listing.rows:
        sheet.write(row(Cell(EMPTY, whole, CENTRED), least=mm(12)))
    if listing.totals:
        sheet.write(row(Cell(listing.totals, whole, replace(SMALL, bold=True)), least=mm(8)))
    _sign(sheet, listing.signers, whole)
    sheet.sheet.fit_to_pages(1, 0)
    sheet.close()
    return sheet


def _cell(value: str, field: Field) -> Cell:
    return Cell(value, 1, digits(value, SMALL_CENTRED) if field.short else SMALL)


def _split(widths: Sequence[float], right: str) -> int:
    """How many columns the left part of the head may take, so that the right part stands on one line."""
    need = breadth(right) * PLAIN.size * 1.1 + PADDING
    return max([number for number in range(1, len(widths)) if sum(widths[number:]) >= need], default=1)


def _sign(sheet: Sheet, signers: Sequence[str], whole: int) -> None:
    """One line: each signer a share of the width."""
    if not signers:
        return
    edges = [round(whole * at / len(signers)) for at in range(len(signers) + 1)]
    cells = tuple(Cell(f"{signer}：", end - start, PLAIN) for signer, start, end in zip(signers, edges, edges[1:], strict=False))
    sheet.write(Row(cells, least=mm(12)))


def listing_file(name: str, listing: Listing, bureau: str, now: datetime, paper: Paper = LYING, *, public: bool = False) -> File:
    """A workbook with one list."""
    papers = Papers(listing.title, bureau, now)
    write_listing(papers, listing.title[:31], listing, paper)
    return File(name, papers.data(), public)
