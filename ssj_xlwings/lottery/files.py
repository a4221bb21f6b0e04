"""Strict reading of a record's files: nothing is mended, and the first bad line is named."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ssj_xlwings.lottery.digest import parse
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.faults import reason
from ssj_xlwings.vocabulary.sentences import lottery as say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SOME = 1 << 20
"""Characters cut into lines at a time."""
SUM = 8
"""Hex digits kept of each line, to say later which line was changed."""


def load(path: Path) -> bytes:
    """The bytes of a file. Refusal if it is missing or cannot be opened."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Refusal(say.MISSING_FILE, file=path.name) from error
    except OSError as error:
        raise Refusal(say.UNREADABLE, file=path.name, why=reason(error)) from error


def decode(data: bytes, file: str) -> str:
    """Strict UTF-8 without BOM."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Refusal(say.BAD_UTF8, file=file, line=data.count(b"\n", 0, error.start) + 1) from error
    if text.startswith("\ufeff"):
        raise Refusal(say.BAD_BOM, file=file)
    return text


def value(path: Path) -> Any:
    """The JSON value of a file, strictly."""
    return parse(decode(load(path), path.name), path.name)


def lines(data: bytes, file: str) -> Iterator[str]:
    """The lines of a text file that ends each of them with LF alone, one after the other."""
    text = decode(data, file)
    if "\r" in text:
        raise Refusal(say.BAD_LINE_END, file=file, line=text.count("\n", 0, text.index("\r")) + 1)
    if text and text[-1] != "\n":
        raise Refusal(say.NO_LAST_LF, file=file, line=text.count("\n") + 1)
    at = 0
    while at < len(text):  # a million lines are not held besides what they say
        end = text.find("\n", min(at + SOME, len(text) - 1))
        yield from text[at:end].split("\n")
        at = end + 1


def table(data: bytes, file: str, fields: int) -> Iterator[list[str]]:
    """The rows of a .tsv with so many fields in every line, one after the other."""
    for number, line in enumerate(lines(data, file), 1):
        row = line.split("\t")
        if len(row) != fields:
            raise Refusal(say.BAD_FIELDS, file=file, line=number, seen=len(row), want=fields)
        yield row


def tsv(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows as the bytes of a .tsv, LF at the end of every line."""
    return "".join("\t".join(row) + "\n" for row in rows).encode()


def sums(texts: Iterable[bytes]) -> str:
    """A short checksum of each line, one after the other. It only finds a change; what proves it are the digests."""
    return "".join(sha256(text).hexdigest()[:SUM] for text in texts)


def changed(texts: Iterable[bytes], kept: str) -> int:
    """Number (from 1) of the first line that is not as its checksum says, 0 if all are."""
    now = sums(texts)
    if now == kept:
        return 0
    return next((at // SUM + 1 for at in range(0, len(now), SUM) if now[at : at + SUM] != kept[at : at + SUM]), len(now) // SUM + 1)


def cut(data: bytes) -> list[bytes]:
    """The lines of a file as they are, however damaged."""
    return data.removesuffix(b"\n").split(b"\n") if data else []
