"""Sheets and workbooks of papers: A4, margins, footers, fonts on every cell, measured row heights."""

from __future__ import annotations

import math
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter

from ssj_xlwings.papers.measure import HIGHEST, PIXEL, Paper, Row, Style, columns, row_height
from ssj_xlwings.vocabulary.clock import beijing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime


class Sheet:
    """A sheet that is written from top to bottom on a grid of columns."""

    def __init__(self, book: xlsxwriter.Workbook, name: str, paper: Paper, weights: Sequence[float], footer: str, scale: float = 1) -> None:
        self.book, self.scale, self.at = book, scale, 0
        self.widths = columns(paper, weights, scale)
        self.sheet = book.add_worksheet(name)
        self._set_up(paper, footer)
        for column, width in enumerate(self.widths):
            self.sheet.set_column_pixels(column, column, round(width / PIXEL))
        self._format = cache(self._make_format)

    def _set_up(self, paper: Paper, footer: str) -> None:
        self.sheet.set_paper(9)
        if paper.landscape:
            self.sheet.set_landscape()
        inch = 72
        self.sheet.set_margins(paper.side / inch, paper.side / inch, paper.top / inch, paper.bottom / inch)
        shown = footer.replace("&", "&&")[:120]
        self.sheet.set_footer(f'&L&"宋体,Regular"&9{shown}&R&"宋体,Regular"&9第 &P 页 共 &N 页', {"margin": 0.3})
        self.sheet.center_horizontally()
        self.sheet.hide_gridlines(2)
        self.sheet.set_print_scale(round(self.scale * 100))

    def _make_format(self, style: Style) -> Any:
        return self.book.add_format({
            "font_name": style.font, "font_size": style.size, "bold": style.bold, "align": style.align,
            "valign": "top" if style.top else "vcenter", "text_wrap": True, "border": int(style.boxed), "num_format": "@",
        })

    def write(self, made: Row, extra: float = 0) -> None:
        """The row, `extra` points higher than its text needs."""
        self.sheet.set_row(self.at, min(HIGHEST, row_height(made, self.widths, self.scale) + math.floor(extra / PIXEL) * PIXEL))
        column = 0
        for cell in made.cells:
            form = self._format(cell.style)
            if cell.span > 1:
                self.sheet.merge_range(self.at, column, self.at, column + cell.span - 1, "", form)
            if cell.text:
                self.sheet.write_string(self.at, column, cell.text, form)
            else:
                self.sheet.write_blank(self.at, column, None, form)
            column += cell.span
        self.at += 1

    def write_all(self, rows: Iterable[Row]) -> None:
        """The rows, one below the other."""
        for made in rows:
            self.write(made)

    def close(self) -> None:
        """The print area: all that was written."""
        self.sheet.print_area(0, 0, self.at - 1, len(self.widths) - 1)


class Papers:
    """A workbook of papers. The same content at the same moment gives the same bytes."""

    def __init__(self, title: str, bureau: str, now: datetime) -> None:
        self._bytes = BytesIO()
        self.book = xlsxwriter.Workbook(self._bytes, {
            "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        })
        self.book.set_properties({"title": title, "author": bureau, "company": bureau, "created": beijing(now).replace(tzinfo=None)})
        self.footer = f"{bureau}　{title}"

    def sheet(self, name: str, paper: Paper, weights: Sequence[float], scale: float = 1) -> Sheet:
        """A new sheet whose columns share the printable width by weight."""
        return Sheet(self.book, name, paper, weights, self.footer, scale)

    def data(self) -> bytes:
        """The finished file."""
        self.book.close()
        return self._bytes.getvalue()
