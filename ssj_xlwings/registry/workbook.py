"""Read a foreign file in a process of its own, because it may be hostile, broken or huge: a workbook, or a text (.csv).

Run by path (`python limits.py workbook.py FILE`), so it imports nothing of ours. Takes the password from its input, never from the
command line, which others can see. Prints one JSON object: `{"sheets": [{"name": …, "rows": [[…], …]}]}` or
`{"fault": "password" | "wrong" | "damaged" | "large"}` (it has a password; the one given is not it; it cannot be read; it takes more
memory than we give); of a text `"html" | "binary" | "encoding" | "quotes" | "wide" | "long"` (the last three with what their sentence
names). The one sheet of a text is named "". The cells of a row are texts, numbers, booleans or null, as far as the row goes; dates are ISO texts. A merged cell stands in every row it
covers, and in the top rows, where headings are, in every column too.

calamine lays a sheet out from its first to its last used cell, so that one cell in XFD3 makes every row 16 384 wide: a sheet that is
mostly holes is read by openpyxl instead, row by row as far as each goes. calamine can take gigabytes of memory on a bad .xls, or panic in a way that `except Exception` misses:
either ends this process only.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
import re
import sys
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from statistics import median_low
from typing import TYPE_CHECKING, Any

import python_calamine as calamine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The stream in which Office keeps a workbook that has a password."""
NONE_SET = "VelvetSweatshop"
"""What Excel itself takes for a workbook that is encrypted without anybody having set a password."""
TOP = 30
"""Rows in which a merged cell may be a heading."""
DENSE, HOLES = 1 << 20, 8
"""Cells that may always be laid out, and how many times the cells there are."""
LISTED = 1 << 26
"""Cells, blank ones between others included, that are handed on; more is no list of firms."""
PIECE = 1 << 20
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
DELIMITERS = ",;\t"
LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
"""A line and its end; io.StringIO would take four bytes for each character."""
LONGEST_CELL = 1 << 20
ROWS, COLUMNS = 1_048_576, 16_384
"""A text with more has no program to open it, and what comes after reading takes its time by the row and by the heading."""
WIDE = re.compile(rb""" r=["']([A-Z]{2,3})[0-9]""")
ROW = re.compile(rb"""row (?:[^<>]* )?r=["']([0-9]{1,7})["']""")
FILLED = re.compile(rb""" r=["']([A-Z]{1,3})([0-9]{1,7})["'][^<>/]*>""")
"""A cell that holds something; one with a format alone is closed at once."""
MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s+ref=["']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})["']""")

Merge = tuple[tuple[int, int], tuple[int, int]]
"""(row, column) of the first and of the last cell, from 0."""


class TooLarge(Exception):
    """More cells than can be handed on."""


def plain(value: Any) -> Any:
    """A cell as JSON can carry it."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return None if value == "" else value


def rows_of(rows: list[list[Any]], merges: Iterable[Merge]) -> list[list[Any]]:
    """All rows from the sheet's first, so that a row's place is its number; nothing blank at their ends. TooLarge if merging makes them so."""
    width, listed = max(map(len, rows), default=0), 0
    for (top, left), (bottom, right) in merges:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        for row in range(top, min(bottom + 1, len(rows))):
            last = min(right, width - 1) if top < TOP else left
            missing = max(last + 1 - len(rows[row]), 0)
            listed += missing
            if listed > LISTED:
                raise TooLarge
            rows[row] += [None] * missing
            rows[row][left:last + 1] = [rows[top][left]] * (last + 1 - left)
    for cells in rows:
        while cells and cells[-1] is None:
            cells.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def sheets(data: bytes) -> dict[str, Any]:
    """The visible worksheets of a workbook."""
    if holed(data):
        return {"sheets": sparse(data)}
    with calamine.CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        shown = [
            sheet.name for sheet in book.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        return {"sheets": [{"name": name, "rows": laid_out(book.get_sheet_by_name(name))} for name in shown]}


def laid_out(sheet: calamine.CalamineSheet) -> list[list[Any]]:
    """The rows of a sheet without holes."""
    return rows_of([[plain(value) for value in row] for row in sheet.to_python(skip_empty_area=False)], sheet.merged_cell_ranges or ())


def holed(data: bytes) -> bool:
    """Whether a sheet of a workbook is mostly holes. What is no zip is not looked at."""
    if not zipfile.is_zipfile(BytesIO(data)):
        return False
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = [name for name in archive.namelist() if "/worksheets/" in name and name.endswith(".xml")]
            return any(mostly_holes(archive, name) for name in parts)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        return False  # calamine says what is wrong


def mostly_holes(archive: zipfile.ZipFile, part: str) -> bool:
    """Whether a sheet would be laid out much larger than it is: by a quick look that counts too few cells, then by each filled one."""
    cells, row, columns = 0, 0, {b"Z"}
    for piece in pieces(archive, part):
        cells += (piece.count(b"v>") + piece.count(b"is>")) // 2
        last = ROW.match(piece, piece.rfind(b"row "))
        row = max(row, int(last[1])) if last else row
        columns.update(WIDE.findall(piece))
    if not large(cells, row, columns):
        return False
    cells, row, columns = 0, 0, {b"A"}
    for piece in pieces(archive, part):
        for letters, number in FILLED.findall(piece):
            cells, row = cells + 1, max(row, int(number))
            columns.add(letters)
    return large(cells, row, columns)


def large(cells: int, row: int, columns: set[bytes]) -> bool:
    """Whether so few cells are laid out over so many rows and columns."""
    return row * (1 + max(map(at, columns))) > max(DENSE, HOLES * cells)


def pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A part of whole tags, piece by piece."""
    carried = b""
    with archive.open(part) as member:
        while piece := member.read(PIECE):
            whole = carried + piece
            cut = max(whole.rfind(b"<"), 0)
            carried = whole[cut:]
            yield whole[:cut]
    yield carried


def at(letters: bytes) -> int:
    """A column as a number from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def sparse(data: bytes) -> list[dict[str, Any]]:
    """The visible worksheets of a workbook with holes. TooLarge if they come to too many cells all the same."""
    import openpyxl

    made, listed = [], 0
    book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True)
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()  # what the part states, not what it holds
        rows: list[list[Any]] = []
        for row in sheet.iter_rows():
            rows.append([as_calamine(cell.value, cell.data_type) for cell in row])
            listed += len(row) + 1
            if listed > LISTED:
                raise TooLarge
        made.append({"name": sheet.title, "rows": rows_of(rows, merged(data, sheet._worksheet_path.lstrip("/")))})
    return made


def as_calamine(value: Any, kind: str) -> Any:
    """A cell that openpyxl read, as calamine tells it: numbers with a fraction, no error values."""
    if kind == "e":
        return None
    return plain(float(str(value)) if type(value) is int else value)


def merged(data: bytes, part: str) -> list[Merge]:
    """The merged cells of a sheet part."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        found = [one for piece in pieces(archive, part) for one in MERGED.findall(piece)]
    return [((int(top) - 1, at(left)), (int(bottom) - 1, at(right))) for left, top, right, bottom in found]


def locked(data: bytes) -> bool:
    """Whether an old .xls that calamine cannot read has a password: calamine tells it only where the name ends so."""
    if not data.startswith(OLE):
        return False
    import msoffcrypto

    try:
        return bool(msoffcrypto.OfficeFile(BytesIO(data)).is_encrypted())
    except Exception:  # noqa: BLE001 - see `unlocked`
        return False


def decrypted(data: bytes, password: str) -> bytes:
    """The workbook within. InvalidKeyError if the password is not the one; anything else where it cannot be read."""
    import msoffcrypto

    office, made = msoffcrypto.OfficeFile(BytesIO(data)), BytesIO()
    office.load_key(password=password, **({"verify_password": True} if ENCRYPTED in data else {}))
    office.decrypt(made)
    return made.getvalue()


def unlocked(data: bytes, password: str) -> bytes | str:
    """The workbook within, or the fault that there is."""
    from msoffcrypto.exceptions import InvalidKeyError

    try:
        return decrypted(data, password or NONE_SET)
    except InvalidKeyError:
        return "wrong" if password else "password"
    except MemoryError:
        return "large"
    except Exception:  # noqa: BLE001 - the library has many ways to fail on a bad file
        return "damaged" if password else "password"


def text_rows(data: bytes) -> dict[str, Any]:
    """The rows of a text with delimiters, or the fault."""
    text = decoded(data)
    if text is None or "\0" in text:
        return {"fault": "encoding" if text is None and (b"\0" not in data or marked(data)) else "binary"}
    if not text.strip():  # a byte-order mark alone, too
        return {"sheets": []}
    if text.lstrip().startswith("<"):
        return {"fault": "html"}
    csv.field_size_limit(LONGEST_CELL)
    rows: list[list[Any]] = []
    listed = 0
    try:
        for cells in csv.reader((line[0] for line in LINE.finditer(text)), delimiter=delimiter(text), strict=True):
            rows.append([cell or None for cell in cells])  # a line break inside a quoted cell makes fewer rows than lines
            listed += len(cells) + 1
            if len(cells) > COLUMNS and any(cells[COLUMNS:]):
                return {"fault": "wide", "row": len(rows), "most": COLUMNS}
            if len(rows) > ROWS and any(cells):
                return {"fault": "long", "most": ROWS}
            if listed > LISTED:
                raise TooLarge
    except csv.Error:
        return {"fault": "quotes", "row": len(rows) + 1}
    return {"sheets": [{"name": "", "rows": rows_of(rows, ())}]}


def marked(data: bytes) -> list[str]:
    """The encoding that the first bytes state, if they do."""
    return [encoding for mark, encoding in MARKS if data.startswith(mark)]


def decoded(data: bytes) -> str | None:
    """UTF-8, UTF-16 with its mark, else GB18030; a strict reading, so that no character is lost unseen. None if it is none of them."""
    for encoding in marked(data) or ["utf-8", "gb18030"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def delimiter(text: str) -> str:
    """The delimiter that makes the usual row of the top lines widest; a comma where none does."""
    top = text[:20_000].splitlines()

    def width(sign: str) -> int:
        return median_low([len(cells) for cells in csv.reader(top, delimiter=sign)])

    return max(DELIMITERS, key=width)


def read(path: str, password: str) -> dict[str, Any]:
    """The visible worksheets of a workbook, or the rows of a text, or the fault."""
    try:
        data = Path(path).read_bytes()
        if not data.startswith((ZIP, OLE)):
            return text_rows(data)
        if not (data.startswith(OLE) and ENCRYPTED in data):
            try:
                return sheets(data)
            except calamine.CalamineError:
                if not locked(data):
                    raise
        within = unlocked(data, password)
        return {"fault": within} if isinstance(within, str) else sheets(within)
    except (TooLarge, MemoryError):
        return {"fault": "large"}
    except (calamine.CalamineError, OSError, ValueError):
        return {"fault": "damaged"}


if __name__ == "__main__":
    sys.stdout.buffer.write(json.dumps(read(sys.argv[1], sys.stdin.buffer.read().decode()), ensure_ascii=False).encode())
