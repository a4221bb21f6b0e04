"""Reading papers back, as openpyxl sees them, and comparing them with golden texts."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import openpyxl

if TYPE_CHECKING:
    from ssj_xlwings.types import File, Outcome

GOLDEN = Path(__file__).parents[1] / "golden" / "papers"


def load(file: File) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(file.data))


def named(outcome: Outcome, start: str) -> File:
    """The file whose name begins and ends so, whatever task number stands between: 检查任务单-武安市."""
    kind, _, unit = start.partition("-")
    return next(file for file in outcome.files if file.name.startswith(kind) and (not unit or unit in file.name))


def texts(file: File) -> list[str]:
    """Every text of every sheet."""
    return [str(cell.value) for sheet in load(file) for line in sheet.iter_rows() for cell in line if cell.value is not None]


def structure(file: File) -> str:
    """What a paper consists of: sheets, print set-up, breaks, and every text with the range it fills."""
    made = [file.name]
    for sheet in load(file):
        set_up = sheet.page_setup
        fit = sheet.sheet_properties.pageSetUpPr.fitToPage if sheet.sheet_properties.pageSetUpPr else False
        made.append(f"# {sheet.title} | {set_up.orientation} | paper {set_up.paperSize} | {'fit' if fit else f'{set_up.scale or 100}%'} | titles {sheet.print_title_rows}"
                    f" | area {sheet.print_area} | breaks {[one.id for one in sheet.row_breaks.brk]} | footer {sheet.oddFooter.left.text} / {sheet.oddFooter.right.text}")
        spans = {str(one).split(":")[0]: str(one) for one in sheet.merged_cells.ranges}
        made += [f"{spans.get(cell.coordinate, cell.coordinate)} {cell.value!r}" for line in sheet.iter_rows() for cell in line if cell.value is not None]
    return "\n".join(made) + "\n"


def same_as_golden(name: str, text: str) -> None:
    """Compares with tests/golden/papers/<name>.txt; SSJ_GOLDEN=write in the environment writes it instead."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("SSJ_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


class Filled(NamedTuple):
    """A cell with text: its font, the width it fills (Excel's characters), and the height it has (points)."""

    text: str
    font: str
    size: float
    bold: bool
    width: float
    height: float


def filled(file: File) -> list[Filled]:
    made = []
    for sheet in load(file):
        widths: dict[int, float] = {}
        for dimension in sheet.column_dimensions.values():
            widths.update(dict.fromkeys(range(dimension.min, dimension.max + 1), dimension.width))
        spans = {(one.min_row, one.min_col): one.size["columns"] for one in sheet.merged_cells.ranges}
        for line in sheet.iter_rows():
            for cell in line:
                if cell.value is not None:
                    width = sum(widths[at] for at in range(cell.column, cell.column + spans.get((cell.row, cell.column), 1)))
                    made.append(Filled(str(cell.value), cell.font.name, cell.font.sz, bool(cell.font.b), width, sheet.row_dimensions[cell.row].height))
    return made
