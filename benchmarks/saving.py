"""A change of 1 500 rows saved: by us, by wolfxl, and what no program can do without (copy the file, pack what changed).

Each is given a workbook of its own and yields the name of a stage when it is done.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NEW, CELLS, STEP = 1500, 1500, 33
FIRMS = 500
RESULTS, SUBJECTS = "检查结果", "检查对象名录库"


def rows() -> list[dict[str, str]]:
    """Results of 1 500 firms."""
    return [{"task": "1304002026031001", "subject": f"911304MA{number:010d}", "name": f"某某有限公司{number}", "item": "DJ01", "date": "2026-04-01",
             "result": "未发现问题", "recorder": "刘洋", "attempt": "1"} for number in range(NEW)]


def firms() -> list[dict[str, str]]:
    """Firms that are new in the registry."""
    return [{"name": f"新设有限公司{number}", "code": f"911304MB{number:010d}", "address": f"人民路{number}号", "status": "存续", "founded": "2026-02-01"} for number in range(FIRMS)]


def ours(book: Path, big: bool) -> Iterator[str]:
    """FileBook.apply: verified by reading back, the former file kept beside."""
    from ssj_xlwings.books.filebook import FileBook
    from ssj_xlwings.types import Append, Change, Patch

    opened = FileBook(book)
    yield "start"
    tables = ["results", "subjects"] if big else ["results"]
    seen = opened.read(tables)
    changes: list[Change] = [Append("results", rows())]
    if big:
        places = seen["subjects"].index[::max(len(seen["subjects"]) // CELLS, 1)][:CELLS]
        changes += [Append("subjects", firms()), Patch("subjects", {(int(row), "tags"): "本年已查" for row in places})]
    yield "open"
    opened.apply(changes, seen, tables)
    yield "save"


def wolfxl(book: Path, big: bool) -> Iterator[str]:
    """wolfxl in its modify mode, the same cells."""
    import wolfxl as library

    from ssj_xlwings.vocabulary.tables import BY_NAME

    yield "start"
    workbook = library.load_workbook(str(book), modify=True)
    last = workbook[SUBJECTS].max_row if big else 0
    yield "open"
    for name, first, added in (("results", 2, rows()), *((("subjects", last + 1, firms()),) if big else ())):
        table = BY_NAME[name]
        sheet = workbook[table.sheet]
        numbers = {column.name: number for number, column in enumerate(table.columns, 1)}
        for at, row in enumerate(added, first):
            for column, value in row.items():
                sheet.cell(at, numbers[column], value)
    if big:
        sheet = workbook[SUBJECTS]
        for row in range(2, last + 1, max((last - 1) // CELLS, 1)):
            sheet.cell(row, 8, "本年已查")
    workbook.save(str(book))
    yield "save"


def floor(book: Path, after: Path) -> Iterator[str]:
    """The file copied and flushed, the parts that differ in `after` packed at the level that we use, no more."""
    from ssj_xlwings.package.archive import BIG

    with zipfile.ZipFile(book) as old, zipfile.ZipFile(after) as new:
        known = {info.filename: info.CRC for info in old.infolist()}
        parts = [new.read(info) for info in new.infolist() if known.get(info.filename) != info.CRC]
    yield "start"
    data = book.read_bytes()
    with book.with_name("copy.xlsm").open("wb") as file:
        file.write(data)
        for part in parts:
            packer = zlib.compressobj(3 if len(part) > BIG else 6, zlib.DEFLATED, -zlib.MAX_WBITS)
            packer.compress(part)
            packer.flush()
        file.flush()
        os.fsync(file.fileno())
    yield "save"
