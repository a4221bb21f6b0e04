"""The rows of a sheet part, cut by bytes; only touched rows are taken apart.

This is sound because `<` cannot stand in text or attributes of well-formed XML, and the whole part is
checked for well-formedness before it is saved. What could break it (comments, CDATA, another encoding, a prefixed root, rows
without number) is put into plain form first, by one pass through lxml.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lxml import etree

from ssj_xlwings.package import markup
from ssj_xlwings.package.areas import Area, letters, position
from ssj_xlwings.package.faults import Damaged

if TYPE_CHECKING:
    from collections.abc import Iterator

ATTRIBUTES = rb"""((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(/?)>"""
ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
ROOT = re.compile(rb"<worksheet" + ATTRIBUTES)
DATA = re.compile(rb"<sheetData\s*(/?)>")
ROW = re.compile(rb"""<row(?=[\s/>])(?:\s+r=["'](\d+)["'])?""")
ROW_TAG = re.compile(rb"<row" + ATTRIBUTES)
CELL_TAG = re.compile(rb"<c" + ATTRIBUTES)
NEXT_CELL = re.compile(rb"\s*(?=<c[\s/>])")
CELL_END = re.compile(rb"</c\s*>")
FILLED = re.compile(rb"<(?:v|is)(?:\s[^>/]*)?>(?!</(?:v|is)>)")
FORMULA = re.compile(rb"<f(?=[\s/>])")
COLUMN = re.compile(rb"<col" + ATTRIBUTES)
ROOT_FORMAT = re.compile(rb"<sheetFormatPr" + ATTRIBUTES)
DIMENSION = re.compile(rb"""(<dimension\s+ref=["'])([^"']*)(["'])""")


def attributes(text: bytes) -> dict[bytes, bytes]:
    """The attributes of a start tag, in their order."""
    return {found[1]: found[2] if found[2] is not None else found[3] for found in ATTRIBUTE.finditer(text)}


def style_of(cell: bytes) -> str:
    """The style index of a cell, "" for the default."""
    tag = CELL_TAG.match(cell)
    return attributes(tag[1]).get(b"s", b"").decode() if tag else ""


def type_of(cell: bytes) -> bytes:
    """The cell's `t`: e is an error, s a shared string, b"" a number or nothing."""
    tag = CELL_TAG.match(cell)
    return attributes(tag[1]).get(b"t", b"") if tag else b""


def filled(cell: bytes) -> bool:
    """Whether the cell shows something."""
    return bool(FILLED.search(cell))


def computed(cell: bytes) -> bool:
    """Whether the cell holds a formula."""
    return bool(FORMULA.search(cell))


@dataclass
class Row:
    """One row taken apart: column number → the bytes of its cell. `rest` is what follows the cells."""

    number: int
    attributes: dict[bytes, bytes] = field(default_factory=dict)
    cells: dict[int, bytes] = field(default_factory=dict)
    rest: bytes = b""

    @classmethod
    def parse(cls, number: int, xml: bytes) -> Row:
        """From its bytes, up to the next row. Damaged if a tag cannot be read."""
        tag = ROW_TAG.match(xml)
        if not tag:
            raise Damaged(f"row {number}")
        row = cls(number, attributes(tag[1]))
        row.attributes.pop(b"r", None)
        if tag[2]:
            return row
        at, column = tag.end(), 0
        end = xml.rfind(b"</row")
        while cell := NEXT_CELL.match(xml, at, end):
            start = CELL_TAG.match(xml, cell.end(), end)
            close = start if start and start[2] else CELL_END.search(xml, cell.end(), end)
            if not start or not close:
                raise Damaged(f"row {number}")
            ref = attributes(start[1]).get(b"r")
            column = position(ref.decode())[0] if ref else column + 1
            row.cells[column] = xml[cell.end():close.end()]
            at = close.end()
        row.rest = xml[at:end].strip()
        return row

    def serialise(self) -> bytes:
        """As XML, cells in the order of their columns; `spans` is a hint that may no longer hold and goes."""
        extra = b"".join(b' %s="%s"' % pair for pair in self.attributes.items() if pair[0] != b"spans")
        cells = b"".join(self.cells[column] for column in sorted(self.cells))
        return b'<row r="%d"%s>%s%s</row>' % (self.number, extra, cells, self.rest)


class Sheet:
    """A sheet part: `head` before its rows, `tail` after them, rows by number."""

    def __init__(self, xml: bytes) -> None:
        plain = xml if is_plain(xml) else normalised(xml)
        if not self._cut(plain) and not self._cut(normalised(xml)):
            raise Damaged("rows without order")

    def _cut(self, xml: bytes) -> bool:
        data = DATA.search(xml)
        if not data:
            raise Damaged("no sheetData")
        end = data.end() if data[1] else xml.rfind(b"</sheetData")
        self.head = xml[:data.start()] + b"<sheetData>"
        self.tail = b"</sheetData>" + xml[xml.index(b">", end) + 1 if not data[1] else end:]
        self._body = b"" if data[1] else xml[data.end():end]
        found = list(ROW.finditer(self._body))
        if not all(match[1] for match in found):
            return False
        self._numbers = [int(match[1]) for match in found]
        self._starts = [match.start() for match in found] + [len(self._body)]
        self._touched: dict[int, Row | None] = {}
        return all(one < two for one, two in zip(self._numbers, self._numbers[1:], strict=False))

    @property
    def last(self) -> int:
        """The number of the last row there is, filled or not; 0 if there is none."""
        gone = {number for number, row in self._touched.items() if row is None}
        there = (number for number in reversed(self._numbers) if number not in gone)
        return max(next(there, 0), max((number for number, row in self._touched.items() if row), default=0))

    def row(self, number: int) -> Row | None:
        """A row taken apart, to look at; None where the sheet has none."""
        if number in self._touched:
            return self._touched[number]
        at = bisect_left(self._numbers, number)
        if at == len(self._numbers) or self._numbers[at] != number:
            return None
        return Row.parse(number, self._body[self._starts[at]:self._starts[at + 1]])

    def said_of(self, number: int) -> dict[bytes, bytes] | None:
        """The attributes of a row as the file has them, its cells not read; None where the sheet has no such row."""
        at = bisect_left(self._numbers, number)
        if at == len(self._numbers) or self._numbers[at] != number:
            return None
        tag = ROW_TAG.match(self._body, self._starts[at])
        return attributes(tag[1]) if tag else {}

    def put(self, row: Row) -> None:
        """Take this row instead of what stood under its number."""
        self._touched[row.number] = row

    def drop(self, number: int) -> None:
        """The row is gone; those below stay where they are."""
        self._touched[number] = None

    def holding(self, *tokens: bytes) -> Iterator[Row]:
        """The rows whose bytes hold one of the tokens, each once, in order (as they are now, if touched)."""
        seen = set()
        for token in tokens:
            at = self._body.find(token)
            while at >= 0:
                index = bisect_right(self._starts, at) - 1
                seen.add(self._numbers[index])
                at = self._body.find(token, self._starts[index + 1])
        for number in sorted(seen):
            row = self.row(number)
            if row:
                yield row

    def column_style(self, column: int) -> str:
        """The style the sheet gives a whole column, "" for none."""
        for found in COLUMN.finditer(self.head):
            given = attributes(found[1])
            if int(given.get(b"min", b"0")) <= column <= int(given.get(b"max", b"0")):
                return given.get(b"style", b"").decode()
        return ""

    def stretch_dimension(self, area: Area) -> None:
        """Let the sheet's stated extent take in `area`."""
        found = DIMENSION.search(self.head)
        if found:
            wider = Area.read(found[2].decode()).union(area)
            self.head = self.head[:found.start(2)] + str(wider).encode() + self.head[found.end(2):]

    def serialise(self) -> bytes:
        """The whole part: untouched rows as their old bytes."""
        pieces, at, body = [self.head], 0, memoryview(self._body)
        for number in sorted(self._touched):
            index = bisect_left(self._numbers, number)
            start = self._starts[index]
            pieces.append(bytes(body[at:start]))
            row = self._touched[number]
            if row:
                pieces.append(row.serialise())
            there = index < len(self._numbers) and self._numbers[index] == number
            at = self._starts[index + 1] if there else start
        return b"".join([*pieces, bytes(body[at:]), self.tail])


def is_plain(xml: bytes) -> bool:
    """Whether cutting by bytes is sound: UTF-8, an unprefixed root, no comment, CDATA or instruction."""
    declaration = markup.DECLARATION.match(xml)
    start = declaration.end() if declaration else 0
    coded = attributes(declaration[0]).get(b"encoding", b"UTF-8").upper() if declaration else b"UTF-8"
    return coded == b"UTF-8" and b"<!" not in xml and xml.find(b"<?", start) < 0 and bool(ROOT.search(xml, start, start + 20_000))


def normalised(xml: bytes) -> bytes:
    """The same sheet in plain form, every row and cell with its address first. Damaged if rows stand twice or out of order."""
    old = markup.parse(xml)
    main = etree.QName(old).namespace or markup.MAIN
    spaces: dict[Any, str] = {None: main, **{str(prefix): uri for prefix, uri in old.nsmap.items() if prefix and uri != main}}
    root = etree.Element(old.tag, nsmap=spaces)
    root.attrib.update(old.attrib)
    root.extend(list(old))
    data = markup.child(root, "sheetData")
    number = 0
    for row in () if data is None else data:
        given = int(row.get("r", number + 1))
        if given <= number:
            raise Damaged(f"row {given} after {number}")
        number, column = given, 0
        _address(row, str(number))
        for cell in markup.children(row, "c"):
            column = position(cell.get("r", letters(column + 1) + "1"))[0]
            _address(cell, f"{letters(column)}{number}")
    return markup.serialise(root)


def _address(element: etree._Element, address: str) -> None:
    others = {name: value for name, value in element.attrib.items() if name != "r"}
    element.attrib.clear()
    element.set("r", address)
    element.attrib.update(others)
