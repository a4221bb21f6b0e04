"""A workbook with everything in it: commands change what they declare, every other part stays bit by bit."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
import wolfxl
from python_calamine import CalamineWorkbook

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.doors.run import run
from ssj_xlwings.master import conf
from ssj_xlwings.package.archive import Archive
from ssj_xlwings.package.relations import Workbook, relations, rels_part
from ssj_xlwings.types import Append, Patch
from ssj_xlwings.vocabulary.commands import BY_ID, COMMANDS
from ssj_xlwings.vocabulary.tables import BY_NAME, CODES, MANUAL
from tests.books import torture
from tests.books.workbooks import packed
from tests.doors.conftest import TASK, Desk, fill, fix_clock
from tests.office import convert, needs_office

ALWAYS = ("log", "settings")
"""What the shell itself may write with any command."""


class Keen(Desk):
    """A desk that looks at the workbook's members before and after every command."""

    ran: set[str]

    @property
    def book(self) -> Path:
        return self.folder / "台账.xlsm"

    def ssj(self, *argv):
        if argv[0] == "new":
            torture.build(self.book, {"bureau": argv[3], "division": argv[5], "year": argv[7], "book": "130426-2026-7F3A"})
            shutil.copy(self.book, self.folder / "new.xlsm")
            return 0, ""
        before = packed(self.book)
        answer = super().ssj(*argv)
        after = packed(self.book)
        allowed = may_change(self.book, (*BY_ID[argv[0]].writes, *ALWAYS)) if BY_ID[argv[0]].writes else set()
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        assert changed <= allowed, (argv[0], changed - allowed)
        assert [name for name in before if name in after] == [name for name in after if name in before]
        if changed:
            self.ran.add(argv[0])
        return answer


def may_change(path, tables) -> set[str]:
    """The parts of these tables, and what belongs to the workbook as a whole."""
    workbook = Workbook(Archive(path.read_bytes()))
    sheets = {workbook.sheets[BY_NAME[table].sheet] for table in tables}
    theirs = {one.target for sheet in sheets for one in relations(workbook.archive, sheet) if one.kind == "table"}
    return sheets | theirs | {"xl/workbook.xml", "xl/styles.xml", "xl/calcChain.xml", "[Content_Types].xml", rels_part(workbook.part)}


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """The torture workbook after every command that writes has run on it; its former self beside it."""
    folder = tmp_path_factory.mktemp("torture")
    capsys = SimpleNamespace(readouterr=lambda: SimpleNamespace(out="", err=""))
    desk = Keen(folder, capsys)
    desk.ran = set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSJ_OPERATOR", "王五")
        fix_clock(patch)
        fill(desk)
        desk.good("check", desk.book)
        desk.freeze()
        desk.draw()
        firm = desk.read("visits")["subject"].iloc[0]
        desk.patch("subjects", desk.row("subjects", "code", firm), "status", "注销")
        desk.good("replace", desk.book, TASK, firm, "--reason", "注销", "--evidence", "登记系统截图", "--approver", "赵局长")
        other = desk.read("visits")["subject"].iloc[1]
        desk.good("receipt", desk.book, TASK, other, "--full", "--approver", "赵局长", "--reason", "该户提出异议", "--out", folder / "回执")
        row = int(desk.read("results")["withheld"].eq("").idxmax())
        for name, value in (("date", "2026-11-24"), ("result", "未发现问题"), ("reviewer", "卫复核")):
            desk.patch("results", row, name, value)
        desk.good("publish", desk.book, TASK, "--out", folder / "公示")
        desk.good("undo", desk.book)
        desk.good("publish", desk.book, TASK, "--out", folder / "公示")
        desk.good("papers", desk.book, TASK, "--out", folder / "文书")
        picked = ("--sheet", torture.OWN, "--rows", "2-7", "--take", 2, "--purpose", "抽查台账", "--column", "B", "--speaker", "张三", "--speaker", "李四")
        desk.good("quick", desk.book, *picked)
        desk.good("void", desk.book, TASK, "--reason", "比例或数量错误", "--explain", "C类比例应为百分之十，填成了百分之五", "--approver", "赵局长")
    return desk


def test_every_command_keeps_every_other_part(used):
    """Each command that writes has run (checked on every run: undeclared members are the same compressed bytes, in the same order)."""
    writing = {command.id for command in COMMANDS if command.writes}
    assert writing - {"upgrade"} == used.ran
    made, now = packed(used.folder / "new.xlsm"), packed(used.book)
    kept = made.keys() - may_change(used.book, BY_NAME)
    assert len(kept) > 40
    assert all(made[name] == now[name] for name in kept)


def test_an_upgrade_keeps_what_it_does_not_replace(used, tmp_path):
    """Members that no upgrade speaks of are the same compressed bytes; around the rows of a sheet only rules and widths of ours are new."""
    book = tmp_path / "台账.xlsm"
    shutil.copy(used.book, book)
    shutil.copytree(used.folder / "抽取档案", tmp_path / "抽取档案")
    outcome = run(BY_ID["upgrade"], {"book": book}, operator="王五")
    assert "图表工作表" in "".join(outcome.lines)
    before, after = packed(used.book), packed(book)
    workbook = Workbook(Archive(book.read_bytes()))
    replaced = {workbook.sheets[name] for name in (CODES, MANUAL, conf.SHEET)}
    own = workbook.sheets[torture.OWN]
    assert own not in {name for name in after if before.get(name) != after[name]}
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} <= may_change(book, BY_NAME) | replaced
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
