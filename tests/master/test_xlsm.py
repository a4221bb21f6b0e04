"""The workbook with a ribbon: committed as built, sound, the same on every PC, and whole after our own edits."""

from __future__ import annotations

import tomllib
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from openxml_audit import FileFormat, OpenXmlValidator
from python_calamine import CalamineWorkbook

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.master import conf, macros
from ssj_xlwings.master.__main__ import NAME, main
from ssj_xlwings.master.build import build
from ssj_xlwings.master.macros import sources
from ssj_xlwings.master.ribbon import PART, RELATION
from ssj_xlwings.types import Append, Patch
from ssj_xlwings.vocabulary.sentences import master as say
from ssj_xlwings.vocabulary.tables import HOME, TABLES
from tests.master.books import CITY, built

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
VBA = "xl/vbaProject.bin"
KEPT = (VBA, PART, "_rels/.rels")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("xlsm") / "台账.xlsm"
    build(made, CITY, ribbon=True)
    return made


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_committed_master_is_a_fresh_build(tmp_path: Path) -> None:
    """workbooks/master.xlsm has exactly the parts of a build of today, each the same to the byte.

    After a wanted change: python -m ssj_xlwings.master
    """
    main(tmp_path / NAME)
    committed, fresh = parts(sources() / NAME), parts(tmp_path / NAME)
    assert sorted(committed) == sorted(fresh)
    assert [name for name in fresh if committed[name] != fresh[name]] == []


def test_an_installed_package_carries_its_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wheel takes workbooks/ to the place where an installed package looks for it first."""
    (place,) = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"].values()
    (tmp_path / place).mkdir(parents=True)
    monkeypatch.setattr(macros, "__file__", str(tmp_path / "ssj_xlwings" / "master" / "macros.py"))
    assert macros.sources() == tmp_path / place


def test_same_settings_same_bytes() -> None:
    """A workbook with a ribbon can be built again to the byte."""
    one, two = BytesIO(), BytesIO()
    build(one, CITY, ribbon=True)
    build(two, CITY, ribbon=True)
    assert one.getvalue() == two.getvalue()


def test_ribbon_and_vba_are_all_that_differs(path: Path) -> None:
    """An .xlsx has the same tables to the byte, and neither VBA nor ribbon nor the sheet for xlwings."""
    plain = zipfile.ZipFile(BytesIO(built()))
    ours = parts(path)
    assert not {VBA, PART} & set(plain.namelist())
    for name in plain.namelist():
        if name.startswith("xl/tables/"):
            assert plain.read(name) == ours[name]
    assert CalamineWorkbook.from_filelike(BytesIO(built())).sheet_names == CalamineWorkbook.from_path(str(path)).sheet_names[:-1]


def test_the_package_is_sound(path: Path) -> None:
    """openxml-audit, which checks as Microsoft's SDK does, finds nothing."""
    result = OpenXmlValidator(file_format=FileFormat.OFFICE_2013).validate(path)
    assert [str(error) for error in result.errors] == []
    assert result.is_valid


def test_the_audit_would_object(path: Path, tmp_path: Path) -> None:
    """The check above sees a value that Excel does not know. (It is blind to unknown attributes; test_ribbon is not.)"""
    broken = tmp_path / "broken.xlsm"
    with zipfile.ZipFile(broken, "w") as archive:
        for name, data in parts(path).items():
            archive.writestr(name, data.replace(b'orientation="landscape"', b'orientation="sideways"'))
    assert OpenXmlValidator(file_format=FileFormat.OFFICE_2013).validate(broken).errors


def test_excel_finds_ribbon_and_modules(path: Path) -> None:
    """The package points to the 2006 ribbon; the workbook is macro-enabled; every sheet has its own code name."""
    made = parts(path)
    relations = [(each.get("Type"), each.get("Target")) for each in etree.fromstring(made["_rels/.rels"])]
    assert (RELATION, PART) in relations
    assert b"application/vnd.ms-excel.sheet.macroEnabled.main+xml" in made["[Content_Types].xml"]
    codes = [
        etree.fromstring(data).find("{*}sheetPr").get("codeName") for name, data in made.items() if name.startswith("xl/worksheets/sheet")]
    assert sorted(codes) == sorted(f"Sheet{number}" for number in range(1, len(TABLES) + 5))


def settings(path: Path) -> dict[str, str | None]:
    sheet = openpyxl.load_workbook(path)[conf.SHEET]
    assert sheet.sheet_state == "hidden"
    return {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2)}


def test_settings_of_xlwings_travel(path: Path) -> None:
    """xlwings starts our interpreter, nothing beside the workbook, and takes nothing from another project's settings."""
    found = settings(path)
    assert found["INTERPRETER_WIN"] == r"%LOCALAPPDATA%\ssj\python\python.exe"
    assert {found[name] for name in ("ADD_WORKBOOK_TO_PYTHONPATH", "USE UDF SERVER", "SHOW CONSOLE")} == {"False"}
    assert {found[name] for name in ("PYTHONPATH", "CONDA PATH", "CONDA ENV")} == {None}
    assert None not in found, "xlwings stops reading at the first gap"
    assert settings(sources() / NAME) == found, "the same for every bureau"


def test_the_cover_explains_the_bars(path: Path) -> None:
    """首页 says without any code what the bars look like and what to click, on the one printed page."""
    sheet = openpyxl.load_workbook(path)[HOME]
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value and cell.data_type == "s"}
    for colour, bar, button, remedy in say.BARS:
        assert {bar, button, remedy} <= texts, colour
    assert {say.BARS_TITLE, say.BARS_ELSE} <= texts
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert {sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight} <= {None, 1}, "absent means one page"


def test_a_filebook_edits_it_and_keeps_vba_and_ribbon(path: Path, tmp_path: Path) -> None:
    """Rows enter an .xlsm as they do an .xlsx; VBA, ribbon and the relation to it stay as they are, bit by bit."""
    mine = tmp_path / "台账.xlsm"
    mine.write_bytes(path.read_bytes())
    book = FileBook(mine)
    view = book.read(["subjects", "units"])
    firm = {"name": "甲公司", "code": "91130403MA07TEST01", "address": "人民路1号"}
    with book.held():
        book.apply([Append("subjects", [firm]), Patch("units", {(2, "area"): "全市"})], view, ["subjects", "units"])
    again = FileBook(mine).read(["subjects", "units"])
    assert dict(again["subjects"].iloc[-1][list(firm)]) == firm
    assert again["units"].loc[2, "area"] == "全市"
    before, after = parts(path), parts(mine)
    assert set(after) - set(before) == set()
    assert {name: after[name] for name in KEPT} == {name: before[name] for name in KEPT}
    assert packed(mine, VBA) == packed(path, VBA)
    assert settings(mine) == settings(path)


def packed(path: Path, name: str) -> tuple[int, int]:
    """Checksum and compressed size of a member: the same where it was copied."""
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(name)
        return info.CRC, info.compress_size
