"""A workbook with everything in it: commands change what they declare, every other part stays bit by bit."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import wolfxl
from python_calamine import CalamineWorkbook

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.doors.run import run
from ssj_xlwings.package.archive import Archive
from ssj_xlwings.package.relations import Workbook
from ssj_xlwings.types import Append, Patch
from ssj_xlwings.vocabulary.commands import BY_ID, COMMANDS
from ssj_xlwings.vocabulary.tables import BY_NAME
from tests.books import torture
from tests.books.keen import replaced
from tests.books.workbooks import packed
from tests.office import convert, needs_office


def test_every_command_keeps_every_other_part(used):
    """Each command that writes has run (checked on every run: undeclared members are the same compressed bytes, in the same order)."""
    writing = {command.id for command in COMMANDS if command.writes}
    assert writing == used.ran
    made, now = packed(used.folder / "new.xlsm"), packed(used.book)
    kept = made.keys() - replaced(used.book) - torture.FOLLOWING
    assert len(kept) > 40
    assert all(made[name] == now[name] for name in kept)


def test_commands_that_only_look_leave_the_file_as_it_is(used):
    """Every command with a workbook that writes nothing into it, a dry run, a short receipt: the file is the same to the byte (a change fails the run)."""
    looking = {command.id for command in COMMANDS if not command.writes and {"book", "source"} & {param.kind for param in command.params}}
    assert {"plan", "pool", "verify", "ledger", "papers"} <= looking
    assert looking | {"page", "receipt", "quick", "import"} <= used.looked


def test_an_upgrade_keeps_what_it_does_not_replace(used, tmp_path):
    """Members that no upgrade speaks of are the same compressed bytes; around the rows of a sheet only rules and widths of ours are new."""
    book = tmp_path / "台账.xlsm"
    shutil.copy(used.book, book)
    shutil.copytree(used.folder / "抽取档案", tmp_path / "抽取档案")
    outcome = run(BY_ID["upgrade"], {"book": book}, operator="王五")
    assert "图表工作表" in "".join(outcome.lines)
    before, after = packed(used.book), packed(book)
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} <= replaced(book) - torture.FOLLOWING
    for name in BY_NAME:
        assert FileBook(book).read([name])[name].equals(FileBook(used.book).read([name])[name]) or name == "settings"


def test_what_stands_around_the_rows_of_a_changed_sheet_stays(used):
    """Comments, pictures, buttons, sparklines, x14 rules, printer settings, protected and merged cells: still told by the changed sheet."""
    workbook = Workbook(Archive(used.book.read_bytes()))
    with zipfile.ZipFile(used.book) as archive:
        xml = archive.read(workbook.sheets[torture.REGISTRY]).decode()
    for told in ("protectedRange ", "legacyDrawing ", "legacyDrawingHF ", "<drawing ", "sparklineGroup ", "x14:dataBar", "rIdPrinter", "mergeCell ",
                 "hyperlink ", "dataValidation ", "conditionalFormatting ", "tablePart ", 'ht="41.25"'):
        assert told in xml, told


def test_a_form_control_follows_the_registry(used):
    """The list it offers has grown with the registry, in its properties and in VML; nothing else in them changed."""
    last = len(used.read("subjects")) + 1
    with zipfile.ZipFile(used.folder / "new.xlsm") as made, zipfile.ZipFile(used.book) as now:
        for part in ("xl/ctrlProps/ctrlProp1.xml", "xl/drawings/vmlDrawing3.vml"):
            was, told = (archive.read(part).decode().split("?>")[-1].strip() for archive in (made, now))
            assert told == was.replace("!$A$2:$A$2", f"!$A$2:$A${last}") != was


def test_readers_agree_cell_by_cell(used):
    """openpyxl, wolfxl, calamine and our own reader see the same texts on every sheet that commands changed."""
    ours = FileBook(used.book)
    theirs = openpyxl.load_workbook(used.book, data_only=True)
    other, third = wolfxl.load_workbook(str(used.book)), CalamineWorkbook.from_path(str(used.book))
    for name in ("subjects", "inspectors", "visits", "results", "log", "findings"):
        table = BY_NAME[name]
        frame = ours.read([name])[name]
        rows = third.get_sheet_by_name(table.sheet).to_python(skip_empty_area=False)
        heads = {cell.value: cell.column for cell in theirs[table.sheet][1]}
        for column in table.columns:
            if column.kind not in {"text", "code", "ref", "codes", "choice"} or column.formula or column.header not in heads:
                continue
            at = heads[column.header]
            for row in list(frame.index)[:: max(1, len(frame) // 40)]:
                seen = [theirs[table.sheet].cell(row, at).value, other[table.sheet].cell(row=int(row), column=at).value, rows[row - 1][at - 1]]
                assert {str(one).strip() if one is not None else "" for one in seen} == {frame.loc[row, column.name]}, (name, row, column.name)


def test_libreoffice_opens_it_and_its_formulas_agree(used, tmp_path):
    """LibreOffice reads the changed workbook; what it calculates is what the same cells came to before, and the counts of the cover follow."""
    needs_office()
    made = openpyxl.load_workbook(convert(used.book, "xlsx", tmp_path), data_only=True)
    sheet = made[torture.OWN]
    assert sheet["J3"].value == 21
    assert sheet["J2"].value == len(used.read("subjects")) + 1
    assert sheet["J4"].value == len(used.read("subjects"))
    assert [sheet[at].value for at in ("H2", "I2", "H3", "I3")] == ["区1", "区2", 1, 2]
    frame = used.read("subjects")
    assert made[torture.REGISTRY].cell(int(frame.index[-1]), 1).value is not None


def test_the_validator_finds_nothing_new(used):
    """An Open XML validator says of the changed workbook what it said of the one before, and no more."""
    from openxml_audit import FileFormat, OpenXmlValidator

    small = Path(shutil.copy(used.folder / "new.xlsm", used.folder / "small.xlsm"))

    def told() -> set[str]:
        found = OpenXmlValidator(file_format=FileFormat.OFFICE_2019, max_errors=500).validate(str(small))
        return {f"{error.part_uri} {error.description}" for error in found.errors}

    before = told()
    book = FileBook(small)
    row = {"name": "新店", "code": "92130402MA07TEST09", "address": "新街 <&> 1 号", "founded": "2024-01-05"}
    for change in (Append("subjects", [row] * 3), Patch("subjects", {(3, "class"): "A"}), Append("log", [{"seq": "1"}])):
        book.apply([change], book.read([change.table]), [change.table])
    assert told() <= before


def test_the_workbook_can_be_a_template_or_misnamed(used, tmp_path):
    """.xltm, .xltx, a zip named .xls: what a file is decides, not its name."""
    for name in ("模板.xltm", "模板.xltx", "台账.xls", "没有后缀"):
        path = Path(shutil.copy(used.book, tmp_path / name))
        book = FileBook(path)
        book.apply([Patch("subjects", {(3, "class"): "B"})], book.read(["subjects"]), ["subjects"])
        assert book.read(["subjects"])["subjects"].loc[3, "class"] == "B"
        assert subprocess.run(["unzip", "-tq", str(path)], check=False, capture_output=True).returncode == 0 if shutil.which("unzip") else True
