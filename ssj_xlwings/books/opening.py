"""A closed workbook's bytes, or the one sentence that says why not."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ssj_xlwings.package import faults
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.faults import reason
from ssj_xlwings.vocabulary.sentences import books as say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a compound file begins: an old .xls, or an encrypted workbook."""
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
SENTENCES: dict[type[faults.Fault], str] = {
    faults.NotWorkbook: say.NOT_WORKBOOK,
    faults.Damaged: say.DAMAGED,
    faults.Protected: say.ENCRYPTED,
    faults.TooLarge: say.TOO_LARGE,
}


def load(path: Path) -> bytes:
    """The file's bytes. Refusal if it is missing, unreadable, password-protected, an old .xls or something else."""
    if path.is_dir():
        raise Refusal(say.FOLDER, path=path)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise Refusal(say.MISSING, path=path) from error
    except OSError as error:
        raise Refusal(say.UNREADABLE, name=path.name, why=reason(error)) from error
    if data.startswith(OLE):
        raise Refusal(say.ENCRYPTED if ENCRYPTED_STREAM in data else say.OLD_XLS, name=path.name)
    return data


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Faults of the bytes, met within, become Refusals about `path`."""
    try:
        yield
    except faults.Fault as fault:
        raise Refusal(SENTENCES[type(fault)], name=path.name) from fault
