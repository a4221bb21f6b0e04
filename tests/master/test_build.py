"""The blank workbook keeps what the vocabulary promises."""

from __future__ import annotations

import re
import warnings
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from ssj_xlwings.master import panel
from ssj_xlwings.master.rules import role
from ssj_xlwings.vocabulary.settings import SETTINGS
from ssj_xlwings.vocabulary.tables import BY_SHEET, CODES, GROUPS, HOME, MANUAL, TABLES, TYPED_AT_MOST
from tests.master.books import CITY, COUNTY, built, formulas

EXCEL_2013 = {
    "AND", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "DATEVALUE", "FIND", "IF", "IFERROR", "INDEX", "INT", "ISERROR", "ISNA", "ISNUMBER", "ISTEXT", "LEFT", "LEN",
    "LOOKUP", "MATCH", "MAX", "MID", "MOD", "NOT", "OR", "RIGHT", "SUBSTITUTE", "SUMPRODUCT", "TODAY", "VALUE",
}
HEADER = {"panel": panel.HEADER + 1}
"""Rows of headings; all others stand in row 1."""
GOLDEN = Path(__file__).parents[1] / "golden" / "master.txt"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("master") / "台账.xlsx"
    made.write_bytes(built())
    return made


@pytest.fixture(scope="module")
def book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def test_same_settings_same_bytes() -> None:
    """A workbook can be built again to the byte, and another bureau's differs."""
    assert built() == built()
    assert built() != built(COUNTY)


def test_sheets_stand_in_order(book: openpyxl.Workbook) -> None:
    """The cover first, then the tables in the vocabulary's order, coloured by group, then manual and code lists."""
    assert book.sheetnames == [HOME, *(table.sheet for table in TABLES), MANUAL, CODES]
    assert book.active.title == HOME
    for table in TABLES:
        assert book[table.sheet].sheet_properties.tabColor.rgb == f"FF{GROUPS[table.group]}"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_is_an_excel_table(book: openpyxl.Workbook, table) -> None:
    """Headings are exactly the vocabulary's, frozen, filtered, printed on every page; the table ends below its rows."""
    sheet = book[table.sheet]
    top = HEADER.get(table.name, 1)
    assert [cell.value for cell in sheet[top]][: len(table.columns)] == [column.header for column in table.columns]
    made = sheet.tables[f"ssj_{table.name}"]
    assert [column.name for column in made.tableColumns] == [column.header for column in table.columns]
    rows = {"settings": len(SETTINGS), "units": 19}.get(table.name, 1)
    assert made.ref == f"A{top}:{get_column_letter(len(table.columns))}{top + rows}"
    assert made.autoFilter.ref == made.ref
    assert sheet.freeze_panes == f"B{top + 1}"
    assert sheet.print_title_rows == f"${top}:${top}"
    setup = sheet.page_setup
    assert (setup.paperSize, setup.orientation, setup.fitToHeight) == ("9" if isinstance(setup.paperSize, str) else 9, "landscape", 0)
    assert CITY["bureau"] in sheet.oddHeader.left.text
    assert "&P" in sheet.oddFooter.center.text


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_daily_view_is_small(book: openpyxl.Workbook, table) -> None:
    """Only daily columns are visible (at most ten in what staff keep); the rest stands in a closed group."""
    sheet = book[table.sheet]
    hidden = {
        number for dimension in sheet.column_dimensions.values() if dimension.hidden for number in range(dimension.min, dimension.max + 1)
    }
    assert hidden == {number for number, column in enumerate(table.columns, start=1) if not column.daily}
    assert table.generated or sum(column.daily for column in table.columns) <= 10


def test_staff_type_little() -> None:
    """An item, firm, inspector and task ask for at most 4, 3, 5 and 7 columns."""
    for table in TABLES:
        typed = [column for column in table.columns if role(column) == "required"]
        assert len(typed) <= TYPED_AT_MOST.get(table.name, 7), table.name


def prompts(sheet) -> dict[str, tuple[str, str]]:
    """Column letters → title and text of the input prompt."""
    return {str(rule.sqref).partition("2:")[0]: (rule.promptTitle, rule.prompt) for rule in sheet.data_validations.dataValidation if rule.prompt}


@pytest.mark.parametrize("table", [table for table in TABLES if not table.generated], ids=lambda table: table.name)
def test_every_column_of_staffs_tables_has_a_prompt(book: openpyxl.Workbook, table) -> None:
    """Beside each cell staff may select stands what it wants, within Excel's limits, for the whole column."""
    found = prompts(book[table.sheet])
    for number, column in enumerate(table.columns, start=1):
        title, text = found[get_column_letter(number)]
        assert title == column.header
        assert len(title) <= 32
        assert len(text) <= 255
        assert ("必填" in text) == (role(column) == "required")
    for rule in book[table.sheet].data_validations.dataValidation:
        assert str(rule.sqref).endswith("1048576")


def test_required_headings_differ_from_optional_and_derived(book: openpyxl.Workbook) -> None:
    """Within a sheet the fill of a heading tells required, optional and derived columns apart."""
    for table in TABLES:
        fills = {(role(column), book[table.sheet].cell(HEADER.get(table.name, 1), number).fill.bgColor.rgb,
                  book[table.sheet].cell(HEADER.get(table.name, 1), number).fill.fgColor.rgb) for number, column in enumerate(table.columns, start=1)}
        assert len(fills) == len({fill[0] for fill in fills}) == len({fill[1:] for fill in fills}), table.sheet


def test_columns_are_text_unless_dates_or_numbers(book: openpyxl.Workbook) -> None:
    """Codes, words and phones cannot turn into numbers: the whole column is text."""
    for table in TABLES:
        for number, column in enumerate(table.columns, start=1):
            dimension = next(each for each in book[table.sheet].column_dimensions.values() if each.min <= number <= each.max)
            expected = {"date": "yyyy-mm-dd", "rate": "0.0#%", "int": "0", "link": "General"}.get(column.kind, "@")
            assert dimension.number_format == ("General" if column.formula else expected), (table.name, column.name)


def test_opens_without_warnings(path: Path) -> None:
    """openpyxl and calamine read it in silence; the units and settings stand in it as text."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = openpyxl.load_workbook(path)
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("单位").to_python()
    assert rows[1][:3] == ["邯郸市市场监督管理局", "130400", "市局"]
    assert ["丛台区市场监督管理局", "130403", "县局", "丛台区"] in [row[:4] for row in rows]
    assert len(rows) == 20
    assert not any("邯郸县" in row[0] for row in rows), "abolished in 2016"
    assert [row[1].value for row in book["参数"].iter_rows(min_row=2, max_row=5)] == ["邯郸市市场监督管理局", "130400", "2026", "2026-a1b2c3"]


def test_a_county_bureau_has_itself(tmp_path: Path) -> None:
    """A county's workbook begins with one unit, whose area is the county."""
    made = tmp_path / "b.xlsx"
    made.write_bytes(built(COUNTY))
    rows = CalamineWorkbook.from_path(str(made)).get_sheet_by_name("单位").to_python()
    assert [row[:4] for row in rows[1:]] == [["丛台区市场监督管理局", "130403", "县局", "丛台区"]]


def test_only_functions_of_excel_2013(path: Path) -> None:
    """No formula anywhere uses a function that Excel 2013 or WPS lacks, nor an unnamed array constant."""
    found = list(formulas(path))
    used = {name for formula in found for name in re.findall(r"([A-Z_][A-Za-z0-9_.]*)\(", formula)}
    assert used <= EXCEL_2013
    assert "SUMPRODUCT" in used
    assert {formula for formula in found if "{" in formula} == {formula for formula in found if formula.startswith("{1,")}


def structure(book: openpyxl.Workbook) -> list[str]:
    """The skeleton of a workbook, one fact a line."""
    lines = []
    for sheet in book:
        lines.append(f"# {sheet.title}")
        lines += [f"table {table.name} {table.ref}" for table in sheet.tables.values()]
        if sheet.tables:
            lines.append("headings " + " | ".join(str(cell.value) for cell in sheet[HEADER.get(BY_SHEET[sheet.title].name, 1)] if cell.value))
        for rule in sheet.data_validations.dataValidation:
            lines.append(f"valid {rule.sqref} {rule.type or 'any'} {rule.formula1 or ''}".rstrip())
        for area, rules in sheet.conditional_formatting._cf_rules.items():
            lines += [f"mark {area.sqref} {rule.formula[0]}" for rule in rules]
    return lines + ["# names", *(f"{name} {defined.attr_text}" for name, defined in sorted(book.defined_names.items()))]


def test_structure_is_the_committed_one(book: openpyxl.Workbook) -> None:
    """Sheets, headings, names, validations and rules are as committed in golden/master.txt."""
    assert structure(book) == GOLDEN.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":  # python -m tests.master.test_build renews the golden file after a wanted change
    GOLDEN.write_text("\n".join(structure(openpyxl.load_workbook(BytesIO(built())))) + "\n", encoding="utf-8")
