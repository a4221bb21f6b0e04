"""Source files for tests: texts in an encoding, workbooks with merged cells."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent


def text(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def book(path: Path, *sheets: Sequence[Sequence[object]], merged: Sequence[str] = ()) -> Path:
    """A workbook of these sheets; `merged` ranges of the first one keep the text of their first cell."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as made:
        for number, rows in enumerate(sheets):
            sheet = made.add_worksheet()
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, ["" if cell is None else cell for cell in row])
            for area in merged if number == 0 else ():
                top, left = xlsxwriter.utility.xl_cell_to_rowcol(area.split(":")[0])
                sheet.merge_range(area, rows[top][left])
    return path
