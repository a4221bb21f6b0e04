"""Sheet parts in plain form, so that they can be cut by bytes.

Cutting is sound because `<` cannot stand in text or attributes of well-formed XML. What could break it (comments, CDATA, another
encoding, a prefixed root, rows without number) is put into plain form first, by one pass through lxml.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from ssj_xlwings.package import markup
from ssj_xlwings.package.areas import letters, position
from ssj_xlwings.package.faults import Damaged

ATTRIBUTES = rb"""((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(/?)>"""
ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
ROOT = re.compile(rb"<worksheet" + ATTRIBUTES)


def attributes(text: bytes) -> dict[bytes, bytes]:
    """The attributes of a start tag, in their order."""
    return {found[1]: found[2] if found[2] is not None else found[3] for found in ATTRIBUTE.finditer(text)}


def holds(data: bytes, mark: bytes) -> bool:
    """Whether `<!`, `<?` or `<f` stands there: looked for by its rare second letter first, which is a hundred times quicker."""
    return mark[1:] in data and mark in data


def begins_plain(xml: bytes, root: re.Pattern[bytes] = ROOT) -> bool:
    """Whether a part begins in plain form: UTF-8, an unprefixed root."""
    declaration = markup.DECLARATION.match(xml)
    start = declaration.end() if declaration else 0
    coded = attributes(declaration[0]).get(b"encoding", b"UTF-8").upper() if declaration else b"UTF-8"
    return coded in {b"UTF-8", b"UTF8", b"US-ASCII"} and xml.find(b"<?", start) < 0 and bool(root.search(xml, start, start + 20_000))


def normalised(xml: bytes) -> bytes:
    """The same sheet in plain form, every row and cell with its address first. Damaged if rows stand twice or out of order."""
    old = markup.parse(xml)
    if markup.local(old) != "worksheet":
        raise Damaged(f"a sheet that is a {markup.local(old)}")
    main = etree.QName(old).namespace or markup.MAIN
    spaces: dict[Any, str] = {None: main, **{str(prefix): uri for prefix, uri in old.nsmap.items() if prefix and uri != main}}
    root = etree.Element(old.tag, nsmap=spaces)
    root.attrib.update(old.attrib)
    root.extend(list(old))
    data = markup.child(root, "sheetData")
    if data is not None:
        data.text = None
        data.attrib.clear()
    last = 0
    for row in () if data is None else data:
        given = number(row.get("r", str(last + 1)))
        if given <= last:
            raise Damaged(f"row {given} after {last}")
        last, column = given, 0
        _address(row, str(last))
        for cell in markup.children(row, "c"):
            column = position(cell.get("r", letters(column + 1) + "1"))[0]
            _address(cell, f"{letters(column)}{last}")
    return markup.serialise(root)


def number(text: str | bytes) -> int:
    """A count, a row, an index. Damaged if it is none."""
    told = text if isinstance(text, str) else said(text)
    if not (told.isascii() and told.isdecimal() and len(told) <= 9):
        raise Damaged(f"number {told[:20]!r}")
    return int(told)


def said(text: bytes) -> str:
    """An attribute's value; what is no UTF-8 is no address, no style and no number either, and is refused as such."""
    return text.decode("utf-8", "replace")


def _address(element: etree._Element, address: str) -> None:
    others = {name: value for name, value in element.attrib.items() if name != "r"}
    element.attrib.clear()
    element.set("r", address)
    element.attrib.update(others)
