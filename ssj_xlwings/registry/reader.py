"""Foreign files as rows of raw cells: .csv, .xlsx, .xls, recognised by their content, not by their name."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import signal
import subprocess
import sys
from statistics import median_low
from typing import TYPE_CHECKING, Any, NamedTuple

from ssj_xlwings.registry import workbook
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.faults import reason
from ssj_xlwings.vocabulary.sentences import registry as say

if TYPE_CHECKING:
    from pathlib import Path

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
DELIMITERS = ",;\t"
SECONDS = workbook.SECONDS
LONGEST_CELL = 1 << 20
OUT_OF_TIME = -int(getattr(signal, "SIGXCPU", 1 << 16))
"""The exit status of a child that met its own limit of time; none on Windows."""
OUT_OF_MEMORY = re.compile(rb"memory allocation of [0-9]+ bytes failed|capacity overflow|MemoryError")
"""What calamine or Python leaves on dying of the limit of memory."""
FAULTS = {"password": say.LOCKED, "wrong": say.STILL_LOCKED, "damaged": say.DAMAGED_FILE, "large": say.TOO_BIG}


class Sheet(NamedTuple):
    """One sheet: `rows[0]` is its first row. Cells are str, float, int, bool or None; rows may differ in length."""

    name: str
    rows: list[list[object]]


class Source(NamedTuple):
    """A file that was read. `name`: the file's name; a .csv has one sheet, named "". `digest`: 16 hex digits of SHA-256 over its bytes."""

    name: str
    sheets: list[Sheet]
    digest: str = ""


def read_source(path: Path, password: str = "") -> Source:
    """All visible sheets of a file. Refusal where it is missing, empty, damaged, no table, or locked and this is not its password."""
    if not path.exists():
        raise Refusal(say.NO_FILE, name=path)
    if path.is_dir():
        raise Refusal(say.IS_FOLDER, name=path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refusal(say.CANNOT_OPEN, name=path.name, why=reason(error)) from error
    if not data.strip():
        raise Refusal(say.EMPTY, name=path.name)
    sheets = _workbook(path, password) if data.startswith((ZIP, OLE)) else [Sheet("", _text_rows(path.name, data))]
    if not any(sheet.rows for sheet in sheets):
        raise Refusal(say.EMPTY, name=path.name)
    return Source(path.name, sheets, hashlib.sha256(data).hexdigest()[:16])


def _workbook(path: Path, password: str) -> list[Sheet]:
    """The sheets of a workbook, read by a child process (see `workbook`)."""
    command = [sys.executable, "-I", workbook.__file__, str(path.absolute())]
    try:
        done = subprocess.run(
            command, input=password.encode("utf-8", "replace"), capture_output=True, timeout=SECONDS, check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired as error:
        raise Refusal(say.TOO_MUCH, name=path.name, seconds=SECONDS) from error
    if done.returncode == OUT_OF_TIME:
        raise Refusal(say.TOO_MUCH, name=path.name, seconds=SECONDS)
    died = {"fault": "large" if OUT_OF_MEMORY.search(done.stderr) else "damaged"}
    read: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else died
    if "fault" in read:
        raise Refusal(FAULTS[read["fault"]], name=path.name)
    return [Sheet(sheet["name"], sheet["rows"]) for sheet in read["sheets"]]


def _text_rows(name: str, data: bytes) -> list[list[object]]:
    text = _decoded(name, data)
    if text.lstrip().startswith("<"):
        raise Refusal(say.WEB_PAGE, name=name)
    csv.field_size_limit(LONGEST_CELL)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[list[object]] = []
    try:
        for cells in lines:  # a line break inside a quoted cell makes fewer rows than lines
            rows.append([cell or None for cell in cells])  # noqa: PERF401 - the count of rows read is needed on error
    except csv.Error as error:
        raise Refusal(say.QUOTES, name=name, row=len(rows) + 1) from error
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _decoded(name: str, data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, else GB18030; a strict reading, so that no character is lost unseen."""
    marked = [encoding for mark, encoding in MARKS if data.startswith(mark)]
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise Refusal(say.NOT_A_TABLE, name=name)
        return text
    raise Refusal(say.NOT_TEXT if marked or b"\0" not in data else say.NOT_A_TABLE, name=name)


def _delimiter(text: str) -> str:
    """The delimiter that makes the usual row of the top lines widest; a comma where none does."""
    top = text[:20_000].splitlines()

    def width(delimiter: str) -> int:
        return median_low([len(cells) for cells in csv.reader(top, delimiter=delimiter)])

    return max(DELIMITERS, key=width)
