"""Read a foreign workbook in a process of its own, because it may be hostile or broken.

Run by path (`python workbook.py FILE`), so it imports nothing of ours. Takes the password from its input, never from the
command line, which others can see. Prints one JSON object: `{"sheets": [{"name": …, "rows": [[…], …]}]}` or
`{"fault": "password" | "wrong" | "damaged"}` (it has a password; the one given is not it; it cannot be read). The cells of a
row are texts, numbers, booleans or null; dates are ISO texts. A merged cell stands in every row it
covers, and in the top rows, where headings are, in every column too.

calamine can take gigabytes of memory on a bad .xls, or panic in a way that `except Exception` misses:
either ends this process only.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import sys
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import python_calamine as calamine

MEMORY = 3 * 1024**3
"""Bytes of address space; where the platform knows no such limit, the parent's time limit remains."""
SECONDS = 120
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The stream in which Office keeps a workbook that has a password."""
NONE_SET = "VelvetSweatshop"
"""What Excel itself takes for a workbook that is encrypted without anybody having set a password."""
TOP = 30
"""Rows in which a merged cell may be a heading."""


def limit() -> None:
    """Bound memory and time of this process, on platforms that can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        with suppress(ValueError, OSError):  # a lower limit stands already, or macOS, which does not keep this one
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))


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


def rows_of(sheet: calamine.CalamineSheet) -> list[list[Any]]:
    """All rows from the sheet's first, so that a row's place is its number; nothing blank at their ends."""
    rows = [[plain(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= len(rows) or left >= len(rows[top]):
            continue
        for row in range(top, min(bottom + 1, len(rows))):
            last = min(right, len(rows[row]) - 1) if top < TOP else left
            rows[row][left:last + 1] = [rows[top][left]] * (last + 1 - left)
    while rows and not any(value is not None for value in rows[-1]):
        rows.pop()
    return rows


def sheets(data: bytes) -> dict[str, Any]:
    """The visible worksheets of a workbook."""
    with calamine.CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        shown = [
            sheet.name for sheet in book.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        return {"sheets": [{"name": name, "rows": rows_of(book.get_sheet_by_name(name))} for name in shown]}


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
    except Exception:  # noqa: BLE001 - the library has many ways to fail on a bad file, and one of them is our own limit
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
    except (calamine.CalamineError, OSError, ValueError):
        return {"fault": "damaged"}


if __name__ == "__main__":
    limit()
    sys.stdout.buffer.write(json.dumps(read(sys.argv[1], sys.stdin.buffer.read().decode()), ensure_ascii=False).encode())
