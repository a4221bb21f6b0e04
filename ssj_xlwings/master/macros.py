"""What makes a workbook an .xlsm: the launcher's VBA and the ribbon, put into what XlsxWriter builds."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from ssj_xlwings.master import ribbon, vba
from ssj_xlwings.package.archive import Archive
from ssj_xlwings.vocabulary.commands import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsxwriter import Workbook

SUFFIX = ".bas"
BOOK_MODULE = "ThisWorkbook"
RELATIONS = "_rels/.rels"


def sources() -> Path:
    """The folder of the .bas files: in the package where it was installed, beside it in a working copy."""
    installed = Path(__file__).parents[1] / "workbooks"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "workbooks"


def modules(sheets: int) -> Iterator[vba.Module]:
    """The modules of a workbook: one behind the workbook, one behind each sheet, and the .bas files."""
    yield vba.Module(BOOK_MODULE, "workbook", "")
    for number in range(1, sheets + 1):
        yield vba.Module(f"Sheet{number}", "sheet", "")
    for path in sorted(sources().glob(f"*{SUFFIX}")):
        yield vba.Module(path.stem, "code", path.read_text(encoding="ascii"))


def add_vba(book: Workbook) -> None:
    """Give an XlsxWriter workbook its VBA, after its last sheet was added."""
    book.add_vba_project(BytesIO(vba.project(list(modules(len(book.worksheets()))))), is_stream=True)
    book.set_vba_name(BOOK_MODULE)
    for number, sheet in enumerate(book.worksheets(), start=1):
        sheet.set_vba_name(f"Sheet{number}")


def with_ribbon(made: bytes) -> bytes:
    """A built workbook with the ribbon, which XlsxWriter has no way to add."""
    archive, target = Archive(made), BytesIO()
    archive.write(target, {RELATIONS: ribbon.related(archive.read(RELATIONS)), ribbon.PART: ribbon.ribbon(COMMANDS)})
    return target.getvalue()
