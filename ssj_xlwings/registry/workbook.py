"""Read a foreign workbook in a process of its own, because it may be hostile or broken.

Run by path (`python workbook.py FILE`), so it imports nothing of ours. Takes the password from its input, never from the
command line, which others can see. Prints one JSON object: `{"sheets": [{"name": …, "rows": [[…], …]}]}` or
`{"fault": "password" | "wrong" | "damaged" | "large"}` (it has a password; the one given is not it; it cannot be read; it takes more
memory than we give). The cells of a row are texts, numbers, booleans or null, as far as the row goes; dates are ISO texts. A merged cell stands in every row it
covers, and in the top rows, where headings are, in every column too.

calamine lays a sheet out from its first to its last used cell, so that one cell in XFD3 makes every row 16 384 wide: a sheet that is
mostly holes is read by openpyxl instead, row by row as far as each goes. calamine can take gigabytes of memory on a bad .xls, or panic in a way that `except Exception` misses:
either ends this process only.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import sys
import zipfile
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import python_calamine as calamine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MEMORY = 3 * 1024**3
"""Bytes of address space; where the platform keeps no such limit, the parent's time limit remains."""
SECONDS = 120
PROCESS_MEMORY, EXTENDED_LIMITS = 0x100, 9
"""JOB_OBJECT_LIMIT_PROCESS_MEMORY, JobObjectExtendedLimitInformation."""
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
WIDE = re.compile(rb""" r=["']([A-Z]{2,3})[0-9]""")
ROW = re.compile(rb"""row (?:[^<>]* )?r=["']([0-9]{1,7})["']""")
FILLED = re.compile(rb""" r=["']([A-Z]{1,3})([0-9]{1,7})["'][^<>/]*>""")
"""A cell that holds something; one with a format alone is closed at once."""
MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s+ref=["']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})["']""")

Merge = tuple[tuple[int, int], tuple[int, int]]
"""(row, column) of the first and of the last cell, from 0."""


class TooLarge(Exception):
    """More cells than can be handed on."""


def limit() -> None:
    """Bound memory and time of this process, on platforms that can."""
    try:
        import resource
    except ImportError:  # Windows
        with suppress(OSError, AttributeError):  # without it the parent's time limit remains
            enclose(MEMORY)
        return
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        with suppress(ValueError, OSError):  # a lower limit stands already, or macOS, which does not keep this one
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))


def enclose(memory: int) -> None:
    """Put this process into a job object of Windows that bounds its memory. OSError if Windows does not want that.

    learn.microsoft.com, JOBOBJECT_EXTENDED_LIMIT_INFORMATION: only its LimitFlags and ProcessMemoryLimit are filled in.
    """
    import ctypes
    from ctypes import c_int64, c_size_t, c_uint32, c_uint64, c_void_p

    class Basic(ctypes.Structure):
        _fields_ = (("process_time", c_int64), ("job_time", c_int64), ("flags", c_uint32), ("least", c_size_t), ("most", c_size_t),
                    ("processes", c_uint32), ("affinity", c_size_t), ("priority", c_uint32), ("scheduling", c_uint32))

    class Extended(ctypes.Structure):
        _fields_ = (("basic", Basic), ("io", c_uint64 * 6), ("process_memory", c_size_t), ("job_memory", c_size_t), ("peak", c_size_t * 2))

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined, unused-ignore]
    kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = c_void_p
    job = c_void_p(kernel.CreateJobObjectW(None, None))
    bounds = Extended()
    bounds.basic.flags, bounds.process_memory = PROCESS_MEMORY, memory
    if not (kernel.SetInformationJobObject(job, EXTENDED_LIMITS, ctypes.byref(bounds), ctypes.sizeof(bounds))
            and kernel.AssignProcessToJobObject(job, c_void_p(kernel.GetCurrentProcess()))):
        raise OSError("no job object")


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


def read(path: str, password: str) -> dict[str, Any]:
    """The visible worksheets of a workbook, or the fault."""
    try:
        data = Path(path).read_bytes()
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
    limit()
    sys.stdout.buffer.write(json.dumps(read(sys.argv[1], sys.stdin.buffer.read().decode()), ensure_ascii=False).encode())
