"""Every cell of a sheet, as its bytes tell it, in one pass with bounded memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ssj_xlwings.package import markup, strings
from ssj_xlwings.package.areas import letters, position
from ssj_xlwings.package.plain import attributes
from ssj_xlwings.package.rows import CELL_TAG, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ssj_xlwings.package.windows import Window, Windows

CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]{1,6})")?(?: t="([a-zA-Z]+)")?(?:/>|>(?:<v>([^<]*)</v></c>|(.*?)</c>))|<row\s+r=["\']([0-9]{1,7})',
    re.DOTALL,
)
INLINE = re.compile(rb'<is><t(?: xml:space="preserve")?>([^<]*)</t></is>')
VALUE = re.compile(rb"<v(?:\s[^<>]*)?>([^<]*)</v\s*>")

Cell = tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes]
"""Column letters, row number, style index, type, value, what stands in the cell if it is not a bare value; and, in an entry of its
own before the cells of a row, the row's number."""


def batches(windows: Windows) -> Iterator[list[Cell]]:
    """All cells from the first row on, window by window."""
    return (batch(windows, index, data) for index, data in enumerate(windows))


def batch(windows: Windows, index: int, data: bytes) -> list[Cell]:
    """The cells of one window, whose bytes these are."""
    found = CELL.findall(data)
    plain = len(found) == data.count(b"<c") + data.count(b"<row")
    return found if plain else list(_slowly(windows.window(index)))


def _slowly(window: Window) -> Iterator[Cell]:
    """Row by row, attributes in any order. Damaged if the window is not well-formed."""
    markup.check((b"<rows>", window.data, b"</rows>"))
    for number, start, end in zip(window.numbers, window.starts, window.starts[1:], strict=False):
        row = str(number).encode()
        yield b"", b"", b"", b"", b"", b"", row
        for column, xml in Row.parse(number, window.data[start:end]).cells.items():
            tag = CELL_TAG.match(xml)
            given = attributes(tag[1]) if tag else {}
            told = given.get(b"r")
            at = str(position(told.decode("ascii", "replace"))[1]).encode() if told else row
            yield letters(column).encode(), at, given.get(b"s", b""), given.get(b"t", b""), b"", xml, b""


def value(xml: bytes) -> bytes:
    """What stands in the `<v>` of a cell; nothing if it has none."""
    found = VALUE.search(xml)
    return found[1] if found else b""


def inline(xml: bytes) -> str:
    """The text of a cell that holds it itself."""
    plain = INLINE.search(xml)
    return strings.text(plain[1]) if plain else strings.runs(xml.partition(b"<is")[2])
