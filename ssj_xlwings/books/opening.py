"""A closed workbook's bytes, or the one sentence that says why not."""

from __future__ import annotations

import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ssj_xlwings.package import faults
from ssj_xlwings.package.inflate import PIECE
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.faults import reason
from ssj_xlwings.vocabulary.sentences import books as say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a compound file begins: an old .xls, or an encrypted workbook."""
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
LARGEST = 1 << 30
"""Bytes of a workbook file; one of a million rows has 80 MB."""
SENTENCES: dict[type[faults.Fault], str] = {
    faults.NotWorkbook: say.NOT_WORKBOOK,
    faults.Damaged: say.DAMAGED,
    faults.Protected: say.ENCRYPTED,
    faults.TooLarge: say.TOO_LARGE,
    faults.Signed: say.SIGNED,
}


def load(path: Path) -> bytes:
    """The file's bytes, recognised by what they are and not by the file's name.

    Refusal if it is missing, unreadable, too large, password-protected, an old .xls, a web page or something else, or has a name
    that no note of ours could hold.
    """
    told = path.name.encode("utf-8", "replace").decode()
    if told != path.name:
        raise Refusal(say.ODD_NAME, name=told)
    try:
        if path.is_dir():
            raise Refusal(say.FOLDER, path=path)
        known = path.stat()
        if not stat.S_ISREG(known.st_mode):
            raise Refusal(say.NO_FILE, name=path.name)
        if known.st_size > LARGEST:
            raise Refusal(say.TOO_LARGE, name=path.name)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise Refusal(say.MISSING, path=path) from error
    except OSError as error:
        raise Refusal(say.UNREADABLE, name=path.name, why=reason(error)) from error
    sentence = _other(data)
    if sentence:
        raise Refusal(sentence, name=path.name)
    return data


def differs(path: Path, data: bytes) -> bool:
    """Whether the file on the disk is no longer these bytes."""
    known, at = memoryview(data), 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            if known[at:at + len(piece)] != piece:
                return True
            at += len(piece)
    return at != len(data)


def _other(data: bytes) -> str:
    """The sentence for what is known and no workbook of today, "" for all else."""
    if data.startswith(OLE):
        return say.ENCRYPTED if ENCRYPTED_STREAM in data else say.OLD_XLS
    top = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if top.startswith(b"<"):
        return say.XML_2003 if b"urn:schemas-microsoft-com:office:spreadsheet" in top else say.WEB_PAGE if b"<html" in top else ""
    return ""


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Faults of the bytes, met within, become Refusals about `path`."""
    try:
        yield
    except faults.Twisted as fault:
        raise Refusal(say.TWISTED, name=path.name, how=say.HOWS[fault.how]) from fault
    except faults.Undeclared as fault:
        raise Refusal(say.UNDECLARED, name=path.name, what=fault.what) from fault
    except faults.Unwritten as fault:
        raise Refusal(say.UNWRITTEN, name=path.name, what=fault.what) from fault
    except faults.Fault as fault:
        raise Refusal(SENTENCES[type(fault)], name=path.name) from fault
