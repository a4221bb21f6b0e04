"""Packages changed at random: read and written, or refused with a sentence; nothing else, and never a changed file after a refusal."""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.package import markup
from ssj_xlwings.package.archive import Archive
from ssj_xlwings.package.cells import escape
from ssj_xlwings.package.faults import Damaged
from ssj_xlwings.package.formulas import moved
from ssj_xlwings.types import Append, Patch, Refusal, Rewrite
from tests.books.test_followers import STAFF, controls, with_totals
from tests.books.test_references import NEW, REGISTRY
from tests.books.workbooks import altered, build

EXAMPLES = int(os.environ.get("SSJ_FUZZ", "150"))
"""SSJ_FUZZ=20000 for a long run."""
PARTS = ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml",
         *(f"xl/worksheets/sheet{n}.xml" for n in (1, 2, 3, 4)), "xl/worksheets/_rels/sheet1.xml.rels", *(f"xl/tables/table{n}.xml" for n in (1, 2, 3, 4)),
         "xl/worksheets/sheet6.xml", "xl/worksheets/_rels/sheet6.xml.rels", "xl/drawings/drawing1.xml", "xl/charts/chart1.xml",
         "xl/ctrlProps/ctrlProp1.xml", "xl/drawings/vmlDrawing9.vml"]
TOKENS = [b"", b"<", b">", b"&", b'"', b"'", b"/>", b"<!--", b"-->", b"<![CDATA[", b"<?a?>", b"\0", b"\xff", b"&#0;", b"&a;", b"-1", b"0", b"1", b"99999999999",
          b"1e999", b"NaN", b"A1", b"XFE1", b"A1048577", b"A0", b"A9:A1", b"#REF!", b"s", b"e", b"b", b"d", b"str", b"inlineStr", b"shared", b"array",
          b"<row>", b"<row r='3'>", b"</row>", b'<c r="A1"/>', b"<c>", b"</c>", b"<v>", b"</sheetData>", b"<sheetData/>", b"<si>", b"</si>", b"x:", b"xmlns=''",
          b"..", b"\\", b"/", b"\xe4\xb8\x80", b"_x0000_", b"_xD800_", b' t="s"', b' s="7777"', b' si="0"', b'ref="A1"', b'id=""']
ODD = ["A2", "$B$5", "B5:B8", "B$8", ":", "!", "'", '"', "(", ")", "[", "]", "#", "#CALC!", "#REF!", "$", "8:8", "$5:$8", "A:A", f"{REGISTRY}!", f"'{REGISTRY}'!", "[1]", ",", " ",
       "\n", "{1,2;3}", "SUM(", "名", "a8", "1E+3", "1.5", "@", "%", "C1048576", "XFE9", "A0", "t[[#This Row],[a'[b]]]", "\U00020000", "R1C1", "TRUE", "&", "~", "|", "\\"]
CHANGES = [Append("log", [{"seq": "1"}]), Append("subjects", [NEW]), Patch("subjects", {(5, "class"): "D", (8, "founded"): "2026-03-02"}), Rewrite("findings", [{"level": "阻断"}] * 3)]
ALL = ["log", "subjects", "findings", "tasks"]


class Quiet(bytes):
    """Bytes that do not fill the screen when a test fails."""

    def __repr__(self):
        return f"{len(self)} bytes"


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> bytes:
    """With a totals row, controls, formulas and a shared one that follow it as it moves."""
    path = build(tmp_path_factory.mktemp("fuzz") / "a.xlsx")
    with_totals(path)
    controls(path, STAFF, f"{REGISTRY}!")
    told = (f"SUM({REGISTRY}!C5:C8)+{REGISTRY}!C9", f"COUNTIF({REGISTRY}!$B$5:$B$8,A30)")
    altered(path, STAFF, ("</sheetData>", (f'<row r="30"><c r="AA30"><f>{told[0]}</f><v>1</v></c><c r="AB30"><f t="shared" ref="AB30:AB31" si="3">{told[1]}</f></c></row>'
                          '<row r="31"><c r="AB31"><f t="shared" si="3"/><v>1</v></c></row></sheetData>')))
    return Quiet(path.read_bytes())


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def packed(members) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def well_formed(xml: bytes) -> bool:
    try:
        markup.check([xml])
    except Damaged:
        return False
    return True


def tried(data: bytes) -> None:
    """Read and write it. Whatever is not a Refusal fails; a refused file is as it was; a written one is whole and reads back."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        path.write_bytes(data)
        book = FileBook(path)
        try:
            view = book.read(ALL)
            book.apply(CHANGES, view, ALL)
        except Refusal as refusal:
            event("refused")
            assert str(refusal).endswith("。")
            assert "程序的错误" not in str(refusal)
            assert path.read_bytes() == data
            assert [entry.name for entry in Path(folder).iterdir()] == ["a.xlsx"]
            return
        event("written")
        ours = Archive(path.read_bytes())
        for name in (*PARTS[2:3], *PARTS[6:9]):
            if well_formed(Archive(data).member(name).whole()):  # a row that no program could read stays the row it was
                assert well_formed(ours.member(name).whole()), name
        again = FileBook(path).read(ALL)
        assert list(again["findings"]["level"]) == ["阻断"] * 3
        assert len(again["log"]) == len(view["log"]) + 1


EDIT = st.tuples(st.integers(0, 1 << 30), st.integers(0, 40), st.sampled_from(TOKENS))
FUZZ = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


@FUZZ
@given(st.lists(st.tuples(st.sampled_from(PARTS), EDIT), min_size=1, max_size=3))
def test_changed_parts(original, edits):
    """Some bytes of some parts replaced, removed or added."""
    members = parts(original)
    for name, (at, length, token) in edits:
        data = members[name]
        start = at % (len(data) + 1)
        members[name] = data[:start] + token + data[start + length:]
    tried(packed(members))


@FUZZ
@given(st.sampled_from(PARTS), st.integers(0, 1 << 30), st.sampled_from(TOKENS))
def test_changed_values(original, name, which, token):
    """One attribute's value, or one element's text, is another: well-formed, and possibly nonsense."""
    import re

    members = parts(original)
    places = list(re.finditer(rb'(?<==")[^"]*(?=")|(?<=>)[^<>]+(?=<)', members[name]))
    if any(sign in token for sign in (b"<", b"&", b'"')):
        return
    place = places[which % len(places)]
    members[name] = members[name][:place.start()] + token + members[name][place.end():]
    tried(packed(members))


@FUZZ
@given(st.lists(st.sampled_from(ODD), min_size=1, max_size=12).map("".join))
@example(formula="检查对象名录库!B5:B8 ")
def test_odd_formulas(original, formula):
    """Staff's formula column, a shared formula and a name that hold anything: filled, told apart, followed."""
    members = parts(original)
    told = escape(formula).encode()
    members["xl/worksheets/sheet1.xml"] = members["xl/worksheets/sheet1.xml"].replace(b"subjects[[#This Row],[\xe7\xa7\x91\xe9\x87\x8c\xe7\x9a\x84\xe6\x95\xb0]]*2", told)
    members[STAFF] = members[STAFF].replace(b'si="3">', b'si="3">' + told)
    members["xl/workbook.xml"] = members["xl/workbook.xml"].replace(b"</definedNames>", b'<definedName name="zz">%s</definedName></definedNames>' % told)
    assert told in members["xl/worksheets/sheet1.xml"]
    tried(packed(members))


@FUZZ
@given(st.lists(st.sampled_from(ODD), max_size=30).map("".join))
def test_moving_a_formula_and_back(formula):
    """Whatever a formula holds, moved down and back up again it is the same, letter for letter."""
    there = moved(formula, (5, 20), (5, 27))
    assert "#REF!" in there or moved(there, (5, 27), (5, 20)) == formula


@FUZZ
@given(st.lists(EDIT, min_size=1, max_size=4))
def test_changed_bytes(original, edits):
    """The zip itself is changed."""
    data = original
    for at, length, token in edits:
        start = at % (len(data) + 1)
        data = data[:start] + token + data[start + length % 9:]
    tried(data)


@FUZZ
@given(st.sampled_from(PARTS), st.sampled_from(PARTS), st.sampled_from(["gone", "swapped", "empty", "doubled"]))
def test_changed_packages(original, one, two, how):
    """Parts that are missing, in each other's place, empty or twice as long."""
    members = parts(original)
    if how == "gone":
        del members[one]
    elif how == "swapped":
        members[one], members[two] = members[two], members[one]
    else:
        members[one] = b"" if how == "empty" else members[one] * 2
    tried(packed(members))
