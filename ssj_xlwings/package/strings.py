"""Texts as XML holds them, and the table of texts that the cells of a workbook share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from ssj_xlwings.package import markup
from ssj_xlwings.package.faults import Damaged, TooLarge
from ssj_xlwings.package.plain import ATTRIBUTES, begins_plain, holds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ssj_xlwings.package.inflate import Member

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


def shared(member: Member) -> list[str]:
    """All shared texts in order. TooLarge over the limits."""
    if member.size > MOST:
        raise TooLarge(member.name)
    found: list[str] = []
    for data in _items(member):
        if isinstance(data, list):
            return data
        simple = _simple(data)
        if not simple and data.count(b"<si") != data.count(b"</si>") + data.count(b"<si/>"):
            return _slowly(member)
        found += simple or [text(item[0]) if item[0] or not item[1] else runs(item[1]) for item in ITEM.findall(data)]
        if len(found) > COUNT:
            raise TooLarge(f"{len(found)} texts")
    return found


def _simple(data: bytes) -> list[str]:
    """The texts of items that are all `<si><t>…</t></si>`; none if one is not. A city has five million of them."""
    data = data.replace(b'<t xml:space="preserve">', b"<t>") if b"xml:space" in data else data
    start, end = data.find(b"<si>"), data.rfind(END)
    if start < 0 or end < 0 or data[start:start + len(BEGIN)] != BEGIN:
        return []
    try:
        items = data[start + len(BEGIN):end].decode()
    except UnicodeDecodeError as error:
        raise Damaged(str(error)) from error
    found = items.split((END + BEGIN).decode())
    if items.count("<") != 4 * (len(found) - 1):
        return []
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
