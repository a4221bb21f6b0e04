"""LibreOffice as referee of row heights: how high does it make a row when nobody tells it a height?"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import openpyxl

from tests.office import convert

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.papers.reading import Filled

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles><style:style style:name="r" style:family="table-row"><style:table-row-properties style:use-optimal-row-height="true"/></style:style>"""


def _points(width: float) -> float:
    """Excel's characters (7 pixels each, 96 a inch) as points."""
    return width * 7 * 0.75


def wanted_heights(cells: Iterable[Filled], folder: Path) -> list[tuple[Filled, float]]:
    """Each cell with the height LibreOffice gives its text at the width Excel would show."""
    order = sorted(set(cells), key=lambda one: one.width)
    groups = [(width, list(group)) for width, group in groupby(order, key=lambda one: one.width)]
    styles = {(one.font, one.size, one.bold): f"c{at}" for at, one in enumerate(order)}
    made = [HEAD]
    for (font, size, bold), name in styles.items():
        weight = ' fo:font-weight="bold" style:font-weight-asian="bold"' if bold else ""
        made.append(
            f'<style:style style:name="{name}" style:family="table-cell"><style:table-cell-properties fo:wrap-option="wrap"/><style:text-properties '
            f'style:font-name="{font}" fo:font-family="{font}" style:font-family-asian="{font}" fo:font-size="{size}pt" style:font-size-asian="{size}pt"{weight}/></style:style>'
        )
    for at, (width, _) in enumerate(groups):
        made.append(f'<style:style style:name="w{at}" style:family="table-column"><style:table-column-properties style:column-width="{_points(width)}pt"/></style:style>')
    made.append("</office:automatic-styles><office:body><office:spreadsheet>")
    for at, (_, group) in enumerate(groups):
        made.append(f'<table:table table:name="s{at}"><table:table-column table:style-name="w{at}"/>')
        for one in group:
            paragraphs = "".join(f"<text:p>{escape(part)}</text:p>" for part in one.text.replace("  ", " \u00a0").split("\n"))
            style = styles[one.font, one.size, one.bold]
            made.append(f'<table:table-row table:style-name="r"><table:table-cell office:value-type="string" table:style-name="{style}">{paragraphs}</table:table-cell></table:table-row>')
        made.append("</table:table>")
    made.append("</office:spreadsheet></office:body></office:document>")
    source = folder / "heights.fods"
    source.write_text("".join(made), encoding="utf-8")
    book = openpyxl.load_workbook(convert(source, "xlsx", folder / "converted"))
    return [(one, sheet.row_dimensions[line].height) for sheet, (_, group) in zip(book, groups, strict=True) for line, one in enumerate(group, 1)]
