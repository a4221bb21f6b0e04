"""Files made to hurt: refused, each with its sentence, or read within 1 GB and some seconds; never changed by a refusal."""

from __future__ import annotations

import os
import resource
import struct
import time
import zipfile
from unittest import mock

import pytest

from ssj_xlwings.books import picked
from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.package.areas import Area
from ssj_xlwings.types import Append, Refusal
from ssj_xlwings.vocabulary.values import canonical
from tests.books.workbooks import build

TABLES = ["subjects", "log"]
SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
ENTITIES = b'<!DOCTYPE a [<!ENTITY a "' + b"a" * 50 + b'">' + b"".join(b'<!ENTITY %c "%s">' % (c + 1, b"&%c;" % c * 50) for c in range(97, 106)) + b"]>"
MOST, SECONDS = 1 << 30, 30


@pytest.fixture
def path(tmp_path):
    return build(tmp_path / "台账.xlsx")


def parts(path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def put(path, members) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)


def change(path, part, old, new) -> None:
    found = parts(path)
    assert old in found[part]
    found[part] = found[part].replace(old, new, 1)
    put(path, found.items())


def use(path) -> str:
    """Read and write in a process of its own, within limits: the sentence of the refusal, "" if there was none. The file is as it was if refused."""
    before = path.read_bytes()
    inlet, outlet = os.pipe()
    pid = os.fork()
    if not pid:
        said = b"\xff"
        try:
            book = FileBook(path)
            book.apply([Append("log", [{"seq": "1"}])], book.read(TABLES), ["log"])
            said = b"\0"
        except Refusal as refusal:
            said = str(refusal).encode()
        finally:
            os.write(outlet, said)
            os._exit(0)
    os.close(outlet)
    start = time.monotonic()
    with os.fdopen(inlet, "rb") as pipe:
        said = pipe.read()
    _, _, used = os.wait4(pid, 0)
    assert said != b"\xff", "crashed"
    assert used.ru_maxrss * 1024 - resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 < MOST
    assert time.monotonic() - start < SECONDS
    if said != b"\0":
        assert path.read_bytes() == before
        assert said.decode().endswith("。")
    return said.decode().strip("\0")


@pytest.mark.parametrize(("part", "root"), [(SHEET, b"<worksheet "), (STRINGS, b"<sst "), (BOOK, b"<workbook "), ("xl/styles.xml", b"<styleSheet "),
                                            ("_rels/.rels", b"<Relationships "), ("xl/tables/table2.xml", b"<table ")])
def test_entity_bombs(path, part, root):
    """A document type in any part that is read is refused before an entity is resolved."""
    change(path, part, root, ENTITIES + root)
    assert "带有 DTD 或实体定义" in use(path)


def test_zip_bombs(path):
    """A part that swells three hundredfold, and one over the limit for small parts."""
    found = parts(path)
    put(path, [*found.items(), ("xl/bomb.xml", b"\0" * (80 << 20))])
    assert "大得不正常" in use(path)
    found["xl/styles.xml"] = found["xl/styles.xml"].replace(b"</styleSheet>", b"<!--" + os.urandom(17 << 20).hex().encode() + b"--></styleSheet>")
    put(path, found.items())
    assert "大得不正常" in use(path)


def test_one_text_used_by_thousands_of_cells(path):
    """A shared text of 1 MiB in 12 000 cells would come to 12 GB; a text over a cell's limit is refused, and so is one within it that repeats too often."""
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (row, row) for row in range(9, 60_000))
    change(path, SHEET, b"</sheetData>", cells + b"</sheetData>")
    original = parts(path)
    for size, sentence in ((1 << 20, "超过了 Excel 一格的上限"), (32_000, "大得不正常")):
        found = dict(original)
        begin = found[STRINGS].index(b"<si>")
        end = found[STRINGS].index(b"</si>") + 5
        found[STRINGS] = found[STRINGS][:begin] + b"<si><t>" + b"x" * size + b"</t></si>" + found[STRINGS][end:]
        put(path, found.items())
        assert sentence in use(path)


@pytest.mark.parametrize("told", ["a", "[", "'a", "A1:'", "''a"])
def test_a_name_of_any_length(path, told):
    """A defined name of 400 000 letters, where Excel allows 8 192: the table grows all the same, at once."""
    change(path, BOOK, b"</definedNames>", b'<definedName name="zz">' + told.encode() * (400_000 // len(told)) + b"</definedName></definedNames>")
    book = FileBook(path)
    view = book.read(TABLES)
    start = time.monotonic()
    book.apply([Append("subjects", [{"name": "新店", "code": "92130402MA07TEST09"}])], view, ["subjects"])
    assert time.monotonic() - start < 10


def test_twenty_thousand_merged_cells(path):
    """Titles and notes merged in thousands: 2 000 new rows take a moment, as each row looks only at what lies in it."""
    merged = b"".join(b'<mergeCell ref="J%d:K%d"/>' % (row, row + 1) for row in range(20, 40_020, 2))
    change(path, SHEET, b"</sheetData>", b"</sheetData><mergeCells>" + merged + b"</mergeCells>")
    book = FileBook(path)
    view, looked = book.read(TABLES), []
    with mock.patch.object(Area, "hides", lambda area, column, row: looked.append(row) or (area.left <= column <= area.right and area.top <= row <= area.bottom)):
        book.apply([Append("subjects", [{"name": "新店", "code": "92130402MA07TEST09"}] * 2000)], view, ["subjects"])
    assert len(looked) <= 2000 * 7


def test_picked_rows_have_limits_too(path, monkeypatch):
    """Rows for a quick draw: too many of them, far too wide, with one long text in each, or from a file broken elsewhere."""
    with pytest.raises(Refusal, match="最多 100000 行"):
        picked.lines(path, "科里的统计", range(1, 100_002))
    wide = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (row, row) for row in range(4, 3000))
    own, sound = "xl/worksheets/sheet6.xml", parts(path)
    change(path, own, b"</sheetData>", wide + b"</sheetData>")
    with pytest.raises(Refusal, match="大得不正常"):
        picked.lines(path, "科里的统计", range(1, 3000))
    monkeypatch.setattr(picked, "MOST_TEXT", 100_000)
    long = b"".join(b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>%s</t></is></c></row>' % (row, row, b"x" * 30_000) for row in range(4, 9))
    put(path, {**sound, own: sound[own].replace(b"</sheetData>", long + b"</sheetData>")}.items())
    assert len(picked.lines(path, "科里的统计", range(1, 6))) == 5
    with pytest.raises(Refusal, match="大得不正常"):
        picked.lines(path, "科里的统计", range(1, 9))
    put(path, sound.items())
    data = bytearray(path.read_bytes())
    data[data.index(b"xl/worksheets/sheet2.xml") + 60] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(Refusal, match="已经损坏"):
        picked.lines(path, "科里的统计", range(1, 3))


@pytest.mark.parametrize(("name", "how"), [("../evil.xml", "越出"), ("xl\\evil.xml", "越出"), ("XL/WORKBOOK.XML", "重名"), ("/xl/workbook.xml", "重名")])
def test_names(path, name, how):
    """Names that leave the package, or that differ from another's in nothing that counts."""
    put(path, [*parts(path).items(), ("evil.xml", b"<a/>")])
    data = path.read_bytes()
    path.write_bytes(b"")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for one, content in parts_of(data).items():
            info = zipfile.ZipInfo("x")
            info.filename = name if one == "evil.xml" else one
            made.writestr(info, content)
    assert how in use(path)


def parts_of(data) -> dict[str, bytes]:
    import io

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def directory(data: bytes, member: bytes) -> int:
    """Where a member's entry in the central directory begins."""
    at = data.index(b"PK\x01\x02")
    while data[at + 46:at + 46 + len(member)] != member:
        at = data.index(b"PK\x01\x02", at + 4)
    return at


@pytest.mark.parametrize(("offset", "header"), [(24, 22), (20, 18), (16, 14)], ids=["size", "packed size", "checksum"])
@pytest.mark.parametrize("both", [True, False])
@pytest.mark.parametrize("by", [-7, 7])
def test_lies(path, offset, header, both, by):
    """Sizes and checksums that are not true, in the directory alone or in the member's own header too."""
    put(path, parts(path).items())
    data = bytearray(path.read_bytes())
    at = directory(data, SHEET.encode())
    local = struct.unpack_from("<L", data, at + 42)[0]
    for place in [at + offset, local + header] if both else [at + offset]:
        struct.pack_into("<L", data, place, struct.unpack_from("<L", data, place)[0] + by)
    path.write_bytes(data)
    said = use(path)
    assert "不正常" in said or "已经损坏" in said


def test_members_over_each_other(path):
    """Two entries that share bytes: how a small file holds a large one many times."""
    put(path, [*parts(path).items(), ("xl/evil1.xml", b"x" * 500)])
    data = bytearray(path.read_bytes())
    one, two = directory(data, b"xl/evil1.xml"), directory(data, b"xl/theme/theme1.xml")
    struct.pack_into("<L", data, one + 42, struct.unpack_from("<L", data, two + 42)[0])
    path.write_bytes(data)
    assert "不正常" in use(path)


@pytest.mark.parametrize("part", [SHEET, STRINGS, BOOK, "xl/styles.xml", "xl/tables/table2.xml", "xl/worksheets/sheet2.xml"])
def test_parts_in_another_encoding(path, part):
    """UTF-16 is legal; such a part is read, and edited where need be."""
    found = parts(path)
    expected = FileBook(path).read(TABLES)["subjects"]
    found[part] = found[part].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    put(path, found.items())
    assert use(path) == ""
    assert FileBook(path).read(TABLES)["subjects"].equals(expected)
    assert list(FileBook(path).read(TABLES)["log"]["seq"]) == ["1"]


def test_a_million_empty_styled_rows(path):
    """A format pulled down to the last row: nothing to read, and new rows go where they belong."""
    rows = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(3, 1_048_577))
    change(path, "xl/worksheets/sheet2.xml", b"</sheetData>", rows + b"</sheetData>")
    assert use(path) == ""
    assert list(FileBook(path).read(["log"])["log"].index) == [2]


@pytest.mark.parametrize("row", [b'<row r="1048576"><c r="XFD1048576" t="s"><v>0</v></c></row>', b'<row r="1048576"><c r="XFD1048576" s="1"/></row>'])
def test_a_stray_cell_in_the_last_corner(path, row):
    """One cell at XFD1048576 makes the used range 17 billion cells; only what is there is read."""
    change(path, SHEET, b"</sheetData>", row + b"</sheetData>")
    assert use(path) == ""
    assert len(FileBook(path).read(["subjects"])["subjects"]) == 3


@pytest.mark.parametrize("xml", [
    b'<row r="1048577"><c r="A1048577"><v>1</v></c></row>', b'<row r="9"><c r="XFE9"><v>1</v></c></row>', b'<row r="9"><c r="A9" t="s"><v>99999999</v></c></row>',
    b'<row r="9"><c r="A9" t="s"><v>-1</v></c></row>', b'<row r="9"><c r="A10"><v>1</v></c></row>', b'<row r="9"><c r="A9"><v>1</v></c><c r="A9"><v>2</v></c></row>',
    b'<row r="9"/><row r="9"/>', b'<row r="9"><c r="A9" s="99999"><v>1</v></c></row>', b'<row r="9"><c r="A9" t="str"><v>&bad;</v></c></row>',
    b'<row r="99999999999999999999"/>', b'<row r="9"><c r="A9" t="inlineStr"><is><t>\xff</t></is></c></row>', b'<row r="9"><c r="A9"><c r="B9"></c></row>',
], ids=["row", "column", "text", "negative", "address", "twice", "row twice", "style", "entity", "number", "utf-8", "tags"])
def test_cells_that_cannot_be(path, xml):
    """Addresses outside the sheet or in another row, texts and styles that do not exist: damage, said as such."""
    change(path, SHEET, b"</sheetData>", xml + b"</sheetData>")
    assert "已经损坏" in use(path)


def test_numbers_made_to_hurt(path):
    """Exponents, thousands of digits, NaN: read as what they say, at once."""
    numbers = [b"1e308", b"1e-308", b"NaN", b"1" * 5000, b"-1e999", b"1e-999999999999", b"1e-99999"]
    kinds = (b"", b' t="str"')
    rows, at = b"", 9
    for number in numbers:
        for kind in kinds:
            rows += b'<row r="%d">' % at + b"".join(b'<c r="%c%d"%s><v>%s</v></c>' % (letter, at, kind, number) for letter in b"ABDEF") + b"</row>"
            at += 1
    change(path, SHEET, b"</sheetData>", rows + b"</sheetData>")
    assert use(path) == ""
    for kind in ("int", "rate", "date", "month", "code", "codes", "text"):
        assert all(len(canonical(number.decode(), kind)) <= 5000 for number in numbers)


def test_a_workbook_of_a_format_that_came_to_nothing(path):
    """A beta of Excel 2007 wrote parts in names of its own: no workbook, rather than one without texts."""
    change(path, "xl/workbook.xml", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://schemas.microsoft.com/office/excel/2006/2")
    with pytest.raises(Refusal, match="不是"):
        FileBook(path).read(["subjects"])


def test_what_else_is_named(path, tmp_path):
    """Excel 2003 XML and web pages named .xlsx, something that is no file, a file too large to be a workbook."""
    path.write_text('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>')
    assert "Excel 2003 的 XML" in use(path)
    path.write_text("\ufeff<HTML><table></table></HTML>", encoding="utf-16")
    assert "其实是网页" in use(path)
    path.write_bytes(b"")
    os.truncate(path, (1 << 30) + 1)
    with pytest.raises(Refusal, match="大得不正常"):
        FileBook(path).read(TABLES)
    os.mkfifo(tmp_path / "管子.xlsx")
    with pytest.raises(Refusal, match="不是普通文件"):
        FileBook(tmp_path / "管子.xlsx").read(TABLES)


def test_a_signed_workbook(path):
    """A signature over the package would break: said before anything is written, on taking hold of the workbook already; reading is fine."""
    kind = b"http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    change(path, "_rels/.rels", b"</Relationships>", b'<Relationship Id="sig" Type="' + kind + b'" Target="_xmlsignatures/origin.sigs"/></Relationships>')
    put(path, [*parts(path).items(), ("_xmlsignatures/origin.sigs", b"")])
    assert "带有数字签名" in use(path)
    with pytest.raises(Refusal, match="数字签名"):
        FileBook(path).held().__enter__()
    assert len(FileBook(path).read(TABLES)["subjects"]) == 3
