"""Foreign files as rows of raw cells: .csv, .xlsx, .xls, recognised by their content, not by their name."""

from __future__ import annotations

import hashlib
import json
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from ssj_xlwings.registry import limits, workbook
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.faults import reason
from ssj_xlwings.vocabulary.sentences import registry as say

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = limits.SECONDS
LARGEST = 1 << 30
"""Bytes of a file, as of a workbook of ours."""
OUT_OF_TIME = -int(getattr(signal, "SIGXCPU", 1 << 16))
"""The exit status of a child that met its own limit of time; none on Windows."""
OUT_OF_MEMORY = re.compile(rb"memory allocation of [0-9]+ bytes failed|capacity overflow|MemoryError")
"""What calamine or Python leaves on dying of the limit of memory."""
FAULTS = {
    "password": say.LOCKED, "wrong": say.STILL_LOCKED, "damaged": say.DAMAGED_FILE, "large": say.TOO_BIG, "html": say.WEB_PAGE,
    "binary": say.NOT_A_TABLE, "encoding": say.NOT_TEXT, "quotes": say.QUOTES, "wide": say.TOO_WIDE, "long": say.TOO_LONG_LIST,
}


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
    """All visible sheets of a file. Refusal where it is missing, empty, too large, damaged, no table, or locked and this is not its password."""
    if not path.exists():
        raise Refusal(say.NO_FILE, name=path)
    if path.is_dir():
        raise Refusal(say.IS_FOLDER, name=path)
    if not path.is_file():  # a pipe would be waited for
        raise Refusal(say.NOT_A_FILE, name=path.name)
    try:
        if path.stat().st_size > LARGEST:
            raise Refusal(say.TOO_BIG, name=path.name)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()[:16]
    except OSError as error:
        raise Refusal(say.CANNOT_OPEN, name=path.name, why=reason(error)) from error
    sheets = _sheets(path, password)
    if not any(sheet.rows for sheet in sheets):
        raise Refusal(say.EMPTY, name=path.name)
    return Source(path.name, sheets, digest)


def _sheets(path: Path, password: str) -> list[Sheet]:
    """The sheets of a file, read by a child process (see `workbook`) within limits."""
    command = [sys.executable, "-I", limits.__file__, workbook.__file__, str(path.absolute())]
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
        raise Refusal(FAULTS[read.pop("fault")], name=path.name, **read)
    return [Sheet(sheet["name"], sheet["rows"]) for sheet in read["sheets"]]
