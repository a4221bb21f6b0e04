"""Sheets seen through windows: the same whatever their size, and never whole in memory."""

from __future__ import annotations

import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssj_xlwings.package import inflate, markup
from ssj_xlwings.package.areas import letters
from ssj_xlwings.package.cells import Value, cell
from ssj_xlwings.package.faults import Damaged, TooLarge
from ssj_xlwings.package.inflate import Member
from ssj_xlwings.package.rows import Row, Sheet
from ssj_xlwings.package.windows import Windows

HEAD = b'<worksheet xmlns="%s"><sheetData>' % markup.MAIN.encode()
TAIL = b"</sheetData><pageMargins/></worksheet>"


def sheet(numbers, wide=3) -> bytes:
    rows = (b'<row r="%d">' % n + b"".join(b'<c r="%s%d"><v>%d</v></c>' % (letters(c + 1).encode(), n, n * c) for c in range(wide)) + b"</row>" for n in numbers)
    return HEAD + b"".join(rows) + TAIL


def packed(xml: bytes) -> Member:
    deflate = zlib.compressobj(wbits=-15)
    return Member("sheet", deflate.compress(xml) + deflate.flush(), len(xml), zlib.crc32(xml), stored=False)


@pytest.mark.parametrize("member", [packed, lambda xml: Member.of("sheet", xml)], ids=["packed", "stored"])
@settings(max_examples=60, deadline=None)
@given(size=st.integers(40, 900), held=st.sampled_from([0, 1 << 20]), numbers=st.sets(st.integers(1, 90), max_size=40), put=st.sets(st.integers(1, 95), max_size=8), dropped=st.sets(st.integers(1, 95), max_size=5))
def test_windows_change_nothing(member, size, held, numbers, put, dropped):
    """Whatever the size of the pieces: the same bytes, the same rows, the same edits as with the sheet in one piece."""
    xml = sheet(sorted(numbers))

    def edited() -> tuple[bytes, int, list[int]]:
        page = Sheet(member(xml))
        assert page.serialise() == xml
        for number in put:
            page.put(Row(number, {}, {1: cell(f"A{number}", "", Value("text", "x"))}))
        for number in dropped - put:
            page.drop(number)
        return page.serialise(), page.last, [number for number in range(1, 96) if page.row(number)], [row.number for row in page.holding(b"<v>")]

    whole = edited()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inflate, "PIECE", size)
        patch.setattr("ssj_xlwings.package.windows.HELD", held)
        assert edited() == whole


def test_memory_stays_bounded(monkeypatch):
    """A sheet too large to be held is looked through, patched and written with the memory of a few windows."""
    monkeypatch.setattr("ssj_xlwings.package.windows.HELD", 32 << 20)
    member = packed(sheet(range(1, 60_001), wide=28))
    assert member.size > 40 << 20
    tracemalloc.start()
    page = Sheet(member)
    for number in range(1000, 60_000, 1000):
        row = page.row(number)
        row.cells[2] = cell(f"B{number}", "", Value("text", "新"))
        page.put(row)
    written = sum(map(len, page.pieces()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert written > member.size
    assert peak < 28 << 20, peak >> 20


def test_limits(monkeypatch):
    """A row without end, a head without end, a sheet in odd form that is too large: refused, not collected."""
    monkeypatch.setattr("ssj_xlwings.package.windows.LONGEST", 1000)
    monkeypatch.setattr("ssj_xlwings.package.windows.ODD", 1000)
    monkeypatch.setattr(inflate, "PIECE", 500)
    with pytest.raises(TooLarge):
        Windows(packed(HEAD + b'<row r="1">' + b'<c r="A1"/>' * 500 + TAIL))
    with pytest.raises(TooLarge):
        Windows(packed(b"<worksheet>" + b" " * 5000 + b"<sheetData>"))
    with pytest.raises(TooLarge):
        Windows(packed(sheet(range(1, 50)).replace(b"</sheetData>", b"<!-- odd --></sheetData>")))
    with pytest.raises(Damaged):
        Windows(packed(sheet([1, 2])[:-60]))


def test_a_member_that_is_not_what_it_says():
    """Size, checksum and end of a member are checked while it is unpacked."""
    good = packed(b"<a/>" * 99)
    assert good.whole() == b"<a/>" * 99
    for bad in (Member("a", bytes(good.packed), good.size - 1, good.checksum, stored=False), Member("a", bytes(good.packed), good.size, 1, stored=False),
                Member("a", bytes(good.packed) + b"x", good.size, good.checksum, stored=False),
                Member("a", bytes(good.packed)[:-3], good.size, good.checksum, stored=False),
                Member("a", b"abc", 4, zlib.crc32(b"abc"), stored=True)):
        with pytest.raises(Damaged):
            bad.whole()
