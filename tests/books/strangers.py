"""Workbooks that we have never seen: read, edited, saved and read again, each sheet that looks like a table.

    python -m tests.books.strangers FOLDER…

For every .xlsx and .xlsm beneath: one row appended and one cell patched in each Excel table, or in the block of cells that a sheet
begins with. Then nothing else may have changed: no member that was not declared, no other cell as openpyxl and calamine read it.
Refusals are counted by their kind; a crash, a lost part or another cell is told and makes the exit status 1. No file is changed.
"""

from __future__ import annotations

import sys
import tempfile
import traceback
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from ssj_xlwings.package import inventory, rows
from ssj_xlwings.package.archive import Archive
from ssj_xlwings.package.areas import letters
from ssj_xlwings.package.cells import Value
from ssj_xlwings.package.edit import Edit
from ssj_xlwings.package.faults import Fault
from ssj_xlwings.package.relations import Workbook, relations
from ssj_xlwings.package.rows import Sheet, filled
from ssj_xlwings.package.tables import TablePart
from tests.books import readers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ssj_xlwings.package.stretch import Stretch

TEXT = "新的 <&> \"'"
SEARCHED = 30
"""Rows in which a block of cells must begin."""
FACES = ((readers.by_openpyxl, "openpyxl"), (readers.by_calamine, "calamine"))


def tables(edit: Edit, name: str) -> tuple[int, list[int]] | None:
    """The row of headings and the columns of what may be a table on a sheet."""
    part, archive = edit.workbook.sheets[name], edit.archive
    for one in relations(archive, part):
        if one.kind == "table":
            table = TablePart(one.target, archive.read(one.target))
            if table.headed:
                return table.top, list(range(table.area.left, table.area.right + 1))
    sheet = Sheet(archive.member(part))
    for number in range(1, min(sheet.last, SEARCHED) + 1):
        row = sheet.row(number)
        columns = sorted(column for column, cell in row.cells.items() if filled(cell)) if row else []
        if columns:
            return number, columns
    return None


def edited(archive: Archive, name: str) -> tuple[Edit, int, list[int]]:
    """The sheet with a row more, of which one cell is patched: the edit, the row, the columns."""
    edit = Edit(archive)
    found = tables(edit, name)
    if not found:
        raise LookupError
    header, columns = found
    sheet = edit.sheet(name, header, columns)
    sheet.append([{column: Value("text", TEXT) for column in columns}])
    row = sheet.last_filled()
    sheet.patch({(row, columns[0]): Value("number", "42")})
    return edit, row, columns


def saved(path: Path, archive: Archive, edit: Edit, name: str, folder: Path) -> Path:
    """Written as FileBook does it: read back, compared with what was declared."""
    target = folder / f"made{path.suffix.lower()}"
    target.write_bytes(archive.data)
    changed, dropped = edit.result()
    allowed = inventory.declared(edit.workbook, [name], edit.followed)
    archive.save(target, changed, dropped, lambda written: inventory.compare(archive, written, allowed, edit.asked()))
    return target


def lowered(cells: dict[tuple[int, int], str], moved: list[Stretch]) -> dict[tuple[int, int], str]:
    """The cells of a sheet with the totals row where it is now."""
    for one in moved:
        cells = {(row + (one.new - one.old if one.left <= column <= one.right and one.old < row <= one.old + one.totals else 0), column): text
                 for (row, column), text in cells.items()}
    return cells


def wrong(path: Path, made: Path, edit: Edit, name: str, row: int, columns: list[int]) -> Iterator[str]:
    """What other readers see otherwise than they should."""
    moved = edit.sheet(name, 0, ()).moved
    counted = computed(made)
    for read, reader in FACES:
        try:
            before = read(path)
        except Exception:  # noqa: BLE001 - a file that the other reader cannot read tells nothing
            continue
        after = read(made)
        if name not in before:  # openpyxl sees no sheets in an ISO-strict workbook
            continue
        for sheet, found in before.items():
            cells = lowered(found, moved if sheet == name else [])
            touched = {(row, column) for column in columns} if sheet == name else set()
            for cell in cells.keys() | after[sheet].keys():
                if cell not in touched and cells.get(cell) != after[sheet].get(cell) and (sheet, *cell) not in counted:
                    yield f"{reader}: {sheet}!{letters(cell[1])}{cell[0]} {cells.get(cell)!r} → {after[sheet].get(cell)!r}"
        expected = dict.fromkeys(columns, TEXT) | {columns[0]: "42"}
        if any(after[name].get((row, column)) != text for column, text in expected.items() if (name, row, column) not in counted):
            yield f"{reader}: {name} row {row} is not what was written"


def computed(path: Path) -> set[tuple[str, int, int]]:
    """Where formulas stand: they follow the table, and have no value until they are calculated. (openpyxl cannot open all of these files.)"""
    book = Workbook(Archive(path.read_bytes()))
    return {(name, row.number, column) for name, part in book.sheets.items() for row in Sheet(book.archive.member(part)).holding(b"<f")
            for column, cell in row.cells.items() if rows.computed(cell)}


def tried(path: Path) -> Iterator[tuple[str, str]]:
    """(what came of it, where) for each sheet of a workbook; nothing it holds is changed."""
    try:
        data = path.read_bytes()
        archive = Archive(data)
        archive.check()
        inventory.refuse_signed(archive)
        names = list(Edit(archive).workbook.sheets)
    except Fault as fault:
        yield f"refused: {type(fault).__name__}", f"{path.name}: {fault}"
        return
    for name in names:
        where = f"{path.name} {name}"
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                edit, row, columns = edited(archive, name)
                made = saved(path, archive, edit, name, Path(folder))
                found = list(wrong(path, made, edit, name, row, columns))
                yield ("changed otherwise", f"{where}: {'; '.join(found[:3])}") if found else ("ok", where)
            except LookupError as error:
                yield ("blank sheet", where) if type(error) is LookupError else ("crash", f"{where}: {traceback.format_exc()}")
            except Fault as fault:
                yield f"refused: {type(fault).__name__}", f"{where}: {fault}"
            except Exception:  # noqa: BLE001 - what is looked for
                yield "crash", f"{where}: {traceback.format_exc()}"


def main(folders: list[str]) -> int:
    """Print what came of all, and the exit status."""
    counts: Counter[str] = Counter()
    paths = sorted(path for folder in folders for path in Path(folder).rglob("*") if path.suffix.lower() in {".xlsx", ".xlsm", ".xltx", ".xltm"})
    for path in paths:
        for came, where in tried(path):
            counts[came] += 1
            if came != "ok":
                print(f"{came}: {where}")  # noqa: T201
    print(f"{len(paths)} workbooks, sheets: {dict(counts)}")  # noqa: T201
    return 1 if counts["crash"] or counts["changed otherwise"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
