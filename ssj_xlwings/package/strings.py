"""Texts as XML holds them, and the table of texts that the cells of a workbook share."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from lxml import etree

from ssj_xlwings.package import markup
from ssj_xlwings.package.faults import Damaged, TooLarge
from ssj_xlwings.package.plain import ATTRIBUTES, begins_plain, holds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ssj_xlwings.package.inflate import Member
    from ssj_xlwings.package.words import Numbers

MOST = 1 << 30
"""Bytes of shared texts: twenty times those of a city's registry."""
COUNT = 1 << 24
"""How many of them there may be: every cell of a million rows by sixteen another."""
LONGEST = 16 << 20
"""Bytes of one shared text."""
ODD = 64 << 20
"""Bytes of a table that has to go through a tree."""
ROOT = re.compile(rb"<sst" + ATTRIBUTES)
ITEM = re.compile(rb'<si>(?:<t(?: xml:space="preserve")?>([^<]*)</t></si>|(.*?)</si>)|<si\s*/>', re.DOTALL)
BEGIN, END = b"<si><t>", b"</t></si>"
SPACED = b'<t xml:space="preserve">'
RESOLVED = "&", "_x", "\r"
"""What stands for something else in a text."""
RUN = re.compile(rb"<t" + ATTRIBUTES + rb"(?:([^<]*)</t\s*>)?")
PHONETIC = re.compile(rb"<rPh[\s>].*?</rPh\s*>", re.DOTALL)
SURROGATES = 0xD800, 0xDFFF
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def text(xml: bytes) -> str:
    """What an element's text says: references, line ends and _xHHHH_ resolved. Damaged if it cannot be read."""
    try:
        told = xml.decode()
        if "&" in told:
            told = etree.fromstring(f"<t>{told}</t>").text or ""
    except (UnicodeDecodeError, etree.XMLSyntaxError) as error:
        raise Damaged(str(error)) from error
    told = told.replace("\r\n", "\n").replace("\r", "\n") if "\r" in told and b"&" not in xml else told
    return _resolved(told)


def _resolved(told: str) -> str:
    return ESCAPED.sub(_char, told) if "_x" in told else told


def _char(found: re.Match[str]) -> str:
    """The character of an escape; half of a pair is none and stays as it is written."""
    code = int(found[1], 16)
    return found[0] if SURROGATES[0] <= code <= SURROGATES[1] else chr(code)


def runs(xml: bytes) -> str:
    """The text of an `<si>` or `<is>`: its runs one after the other, without readings (phonetic runs)."""
    return "".join(text(found[3] or b"") for found in RUN.finditer(PHONETIC.sub(b"", xml)))


class Shared:
    """All shared texts in order, taken apart when one beside them is asked for: small tables use the first of a city's five million.

    `finish` is given the texts of a piece and gives what they are to be known as. TooLarge over the limits.
    """

    def __init__(self, member: Member, finish: Callable[[list[str]], list[str]]) -> None:
        if member.size > MOST:
            raise TooLarge(member.name)
        self._texts: list[str] = []
        self._finish = finish
        self._pieces: list[bytes] = []
        """What is not taken apart yet, by the number of the piece; empty once it is."""
        self._starts: list[int] = []
        for data in _items(member):
            trimmed, count = (b"", 0) if isinstance(data, list) else _trimmed(data)
            if isinstance(data, bytes) and not count and data.count(b"<si") != data.count(b"</si>") + data.count(b"<si/>"):
                data = _slowly(member)  # noqa: PLW2901 - in place of all pieces, those before too
            if isinstance(data, list):
                self._texts, self._pieces, self._starts = finish(data), [], []
                break
            self._starts.append(len(self._texts))
            self._pieces.append(trimmed)
            self._texts += [""] * count if count else finish([text(item[0]) if item[0] or not item[1] else runs(item[1]) for item in ITEM.findall(data)])
            if len(self._texts) > COUNT:
                raise TooLarge(f"{len(self._texts)} texts")

    def __getitem__(self, index: int) -> str:
        self._ready(index, index)
        return self._texts[index]

    def take(self, indexes: Numbers) -> list[str]:
        """Those of these indexes. IndexError if one is too large."""
        if len(indexes):
            self._ready(int(indexes.min()), int(indexes.max()))
        return [*map(self._texts.__getitem__, indexes.tolist())]

    def _ready(self, first: int, last: int) -> None:
        for piece in range(max(bisect_right(self._starts, first) - 1, 0), bisect_right(self._starts, last)):
            if self._pieces[piece]:
                data, start, self._pieces[piece] = self._pieces[piece], self._starts[piece], b""
                texts = self._finish(_split(data))
                self._texts[start:start + len(texts)] = texts


def _trimmed(data: bytes) -> tuple[bytes, int]:
    """Where all items are `<si><t>…</t></si>`: from the text of the first to that of the last, and how many there are; 0 else."""
    start, end = data.find(b"<si"), data.rfind(END)
    count = data.count(END + BEGIN, start, end) + 1
    alone = 0 <= start < end and data.find(b"<si", end) < 0  # a blank or a rich one may stand before or behind
    if alone and data.startswith(BEGIN, start) and data.count(b"<", start + len(BEGIN), end) == 4 * (count - 1):
        return data[start + len(BEGIN):end], count
    return _trimmed(data.replace(SPACED, b"<t>")) if SPACED in data else (b"", 0)


def _split(data: bytes) -> list[str]:
    """The texts of items that were trimmed."""
    try:
        items = data.decode()
    except UnicodeDecodeError as error:
        raise Damaged(str(error)) from error
    found = items.split((END + BEGIN).decode())
    odd = [mark for mark in RESOLVED if mark[0] in items and mark in items]
    return [text(one.encode()) if any(mark in one for mark in odd) else one for one in found] if odd else found


def _items(member: Member) -> Iterator[bytes | list[str]]:
    """The table in pieces of whole items; or, where bytes cannot be cut safely, all its texts read the slow way."""
    carried, begun = b"", False
    for _, piece in member.pieces():
        data = carried + piece
        if holds(data, b"<!") or (not begun and not begins_plain(data, ROOT)) or (begun and holds(data, b"<?")):
            yield _slowly(member)
            return
        begun = True
        cut = data.rfind(b"<si")
        if cut > 0:
            yield data[:cut]
        carried = data[max(cut, 0):]
        if len(carried) > LONGEST:
            raise TooLarge("a text")
    yield carried


def _slowly(member: Member) -> list[str]:
    """Through a tree: prefixes, comments, CDATA, other encodings. TooLarge over ODD."""
    if member.size > ODD:
        raise TooLarge(member.name)
    found = []
    for item in markup.children(markup.parse(member.whole()), "si"):
        told = (t for t in item.iter() if markup.local(t) == "t" and markup.local(t.getparent()) != "rPh")  # type: ignore[arg-type]
        found.append(_resolved("".join(t.text or "" for t in told)))
    return found
