"""Rows of a sheet part, cut by bytes."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from ssj_xlwings.package import inflate, markup, rows
from ssj_xlwings.package.areas import Area, letters, position
from ssj_xlwings.package.cells import Value, cell
from ssj_xlwings.package.faults import Damaged
from ssj_xlwings.package.rows import Row, Sheet, filled, style_of

NS = f"{{{markup.MAIN}}}"
SHEET = (b'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="%s"><dimension ref="A1:B3"/><sheetData>%%s</sheetData><pageMargins/></worksheet>'
         % markup.MAIN.encode())
ROWS = (b'<row r="1"><c r="A1" s="1"><v>1</v></c><c r="C1" t="str"><f>A1&gt;"x"</f><v>a&lt;b</v></c></row><row r="3" ht="20"/>'
        b'<row r="5" x="a>b"><c r="B5"><v>5</v></c><extLst><ext uri="c"/></extLst></row>')


def values(xml: bytes) -> dict[str, str]:
    """Address → what the cell shows, read by lxml alone."""
    found = {}
    number = 0
    for row in etree.fromstring(xml).iter(f"{NS}row"):
        number, column = int(row.get("r", number + 1)), 0
        for one in row.findall(f"{NS}c"):
            column = position(one.get("r"))[0] if one.get("r") else column + 1
            found[f"{letters(column)}{number}"] = "".join(one.itertext(f"{NS}v", f"{NS}t"))
    return found


def test_what_is_not_touched_stays_as_bytes():
    """Cutting and joining without a change gives the same bytes."""
    xml = SHEET % ROWS
    assert Sheet(xml).serialise() == xml


def test_a_row_taken_apart_keeps_everything():
    """Cells, attributes (a `>` among them), empty rows and extensions survive being parsed and written."""
    sheet = Sheet(SHEET % ROWS)
    for number in (1, 3, 5):
        row = sheet.row(number)
        sheet.put(row)
    assert sheet.serialise() == (SHEET % ROWS).replace(b'<row r="3" ht="20"/>', b'<row r="3" ht="20"></row>')
    assert sheet.row(2) is None
    assert sheet.last == 5


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.tuples(st.integers(1, 9), st.integers(1, 30)), st.text("ab<>&_x01", max_size=4), max_size=12), st.sets(st.integers(1, 9)))
def test_cells_land_where_they_belong(cells, dropped):
    """Any cells put into any rows, and any rows dropped, give exactly that sheet, in order."""
    sheet = Sheet(SHEET % ROWS)
    expected = values(SHEET % ROWS)
    for number in dropped:
        sheet.drop(number)
        expected = {address: text for address, text in expected.items() if position(address)[1] != number}
    for (number, column), text in cells.items():
        row = sheet.row(number) or Row(number)
        row.cells[column] = cell(f"{letters(column)}{number}", "", Value("text", text))
        sheet.put(row)
        expected[f"{letters(column)}{number}"] = text
    made = sheet.serialise()
    assert values(made) == expected
    order = [(position(address)[1], position(address)[0]) for address in values(made)]
    assert order == sorted(order)
    assert sheet.last == max([int(row.get("r")) for row in etree.fromstring(made).iter("{*}row")], default=0)


@given(st.sets(st.integers(1, 6)), st.sets(st.integers(1, 6)))
def test_cells_without_addresses_stay_where_they_are(gone, new):
    """A cell may do without its address (ECMA-376 18.3.1.4); when others before it go or come, it shows where it showed."""
    sheet = Sheet(SHEET % b'<row r="4"><c><v>1</v></c><c/><c r="C4"><v>3</v></c><c s="1"><v>4</v></c><c t="str"><f>1</f><v>5</v></c></row>')
    row = sheet.row(4)
    for column in gone:
        row.cells.pop(column, None)
    for column in new:
        row.cells[column] = cell(f"{letters(column)}4", "", Value("text", "new"))
    sheet.put(row)
    there = {1: "1", 2: "", 3: "3", 4: "4", 5: "5"}
    assert values(sheet.serialise()) == {f"{letters(at)}4": "new" if at in new else there[at] for at in sorted({*there} - gone | new)}


@pytest.mark.parametrize("odd", [
    SHEET % ROWS.replace(b'r="3"', b'r="3" spans="1:1"').replace(b'<row r="1">', b'<!-- <row r="9"> --><row r="1">'),
    SHEET % ROWS.replace(b"a&lt;b", b"<![CDATA[a<b]]>"),
    SHEET % ROWS.replace(b'<row r="3"', b'<?pi <row?><row r="3"'),
    (SHEET % ROWS).replace(b"<worksheet xmlns=", b"<x:worksheet xmlns:x=").replace(b"</worksheet", b"</x:worksheet").replace(b"<", b"<x:")
    .replace(b"<x:/", b"</x:").replace(b"<x:?", b"<?").replace(b"<x:x:", b"<x:").replace(b"</x:x:", b"</x:"),
    SHEET % ROWS.replace(b'<row r="3" ht="20"', b'<row ht="20" r="3"').replace(b' r="A1"', b""),
    SHEET % ROWS.replace(b'<row r="1">', b"<row>").replace(b'<row r="3" ht="20"/>', b'<row/><row ht="20"/>').replace(b'r="5"', b'r = "5"'),
    (SHEET % ROWS).decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    SHEET % ROWS.replace(b'x="a>b"', b"""x='a>"b'"""),
    SHEET.replace(b'"', b"'") % ROWS.replace(b'"', b"'").replace(b"'x'", b'"x"'),
], ids=["comment", "cdata", "instruction", "prefix", "order", "no numbers", "utf-16", "a quote in quotes", "single quotes"])
def test_odd_forms_read_and_write_like_plain_ones(odd):
    """Comments, CDATA, instructions, a prefixed root, missing numbers, another encoding: the same cells, before and after."""
    assert values(odd) == values(SHEET % ROWS)
    sheet = Sheet(odd)
    row = sheet.row(5)
    row.cells[1] = cell("A5", "", Value("text", "new"))
    sheet.put(row)
    sheet.stretch_dimension(Area(1, 1, 9, 5))
    made = sheet.serialise()
    markup.check((made,))
    assert values(made) == {**values(SHEET % ROWS), "A5": "new"}
    assert sheet.last == 5
    assert etree.fromstring(made).find("{*}dimension").get("ref") == "A1:I5"


@settings(deadline=None)
@given(st.sets(st.integers(1, 400)), st.dictionaries(st.integers(1, 450), st.booleans()), st.integers(0, 460), st.sampled_from((1, 50, 4096)))
def test_the_last_row_that_shows_something(shown, put, number, near):
    """Whatever rows show something, were put or dropped: the last of them up to a row is found, however far it is."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(inflate, "PIECE", 700)
        patched.setattr(rows, "NEAR", near)
        sheet = Sheet(SHEET % b"".join(b'<row r="%d"><c r="A%d">%s</c></row>' % (at, at, b"<v>1</v>" if at in shown else b"") for at in range(1, 401)))
        for at, stays in put.items():
            sheet.put(Row(at)) if stays else sheet.drop(at)
        assert sheet.last_showing(number) == max([at for at, stays in put.items() if stays and at <= number] + [at for at in shown if at <= number], default=0)
        assert sheet.last == max([at for at, stays in put.items() if stays] + [at for at in range(1, 401) if put.get(at, True)], default=0)


def test_looking_for_the_last_row_takes_no_row_twice():
    """100 000 rows that show something in a column that does not count: passed over one by one in a moment."""
    sheet = Sheet(SHEET % b"".join(b'<row r="%d"><c r="A%d"><f>1</f><v>1</v></c></row>' % (at, at) for at in range(1, 100_001)))
    start, number, passed = time.monotonic(), sheet.last, 0
    while number:
        number, passed = sheet.last_showing(number - 1), passed + 1
    assert passed == 100_000
    assert time.monotonic() - start < 20


@pytest.mark.parametrize("bad", [
    SHEET % b'<row r="2"/><row r="1"/>',
    SHEET % b'<row r="2"/><row r="2"/>',
    SHEET.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY e "x">]><worksheet') % b"",
    SHEET.replace(b"sheetData", b"other") % b"",
    SHEET % b"<!-- " + b"<row",
], ids=["order", "twice", "doctype", "no data", "broken"])
def test_what_cannot_be_trusted_is_damage(bad):
    """Rows out of order or twice, document types, broken XML are refused."""
    with pytest.raises(Damaged):
        Sheet(bad)


def test_an_empty_sheet_takes_rows():
    """`<sheetData/>` opens up."""
    sheet = Sheet((SHEET % b"").replace(b"<sheetData></sheetData>", b"<sheetData/>"))
    sheet.put(Row(2, {}, {1: cell("A2", "4", Value("number", "7"))}))
    assert values(sheet.serialise()) == {"A2": "7"}
    assert style_of(sheet.row(2).cells[1]) == "4"


def test_blank_cells_are_told_from_filled():
    """A style alone, or an empty value, shows nothing."""
    assert not any(filled(one) for one in (b'<c r="A1" s="1"/>', b'<c r="A1"><v></v></c>', b'<c r="A1"><v/></c>', b'<c r="A1"><f>x</f></c>'))
    assert all(filled(one) for one in (b'<c r="A1"><v>0</v></c>', b'<c r="A1" t="inlineStr"><is><t>a</t></is></c>'))
