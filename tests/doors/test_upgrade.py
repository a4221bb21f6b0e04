"""`ssj upgrade`: an older workbook brought up, every cell and every sheet of staff kept."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.doors import cli, handover
from ssj_xlwings.doors.run import run
from ssj_xlwings.master import build as master
from ssj_xlwings.master import panel
from ssj_xlwings.package.archive import pieces
from ssj_xlwings.package.graft import Graft
from ssj_xlwings.types import Patch, Refusal
from ssj_xlwings.vocabulary import settings
from ssj_xlwings.vocabulary.commands import BY_ID
from ssj_xlwings.vocabulary.tables import BY_NAME, BY_SHEET, TABLES
from tests.books.test_followers import read
from tests.books.workbooks import altered, packed
from tests.doors.conftest import TASK
from tests.office import convert, needs_office

GONE_SHEETS = ("holidays", "item_rates", "panel")
GONE = {"tasks": ("state", "alternates"), "subjects": ("whitelist", "unit"), "inspectors": ("until",), "results": ("remark",)}
VALUES = {"bureau": "涉县市场监督管理局", "division": "130426", "year": "2025", "book": "2025-ab12cd", "schema": "0", "recheck": "30"}
OURS = ("代码表", "填写说明", "xlwings.conf", "参数")


@pytest.fixture
def untouched(tmp_path, monkeypatch) -> Path:
    """A workbook of an older program, without some sheets, columns (a required one, one with a formula) and settings."""
    path = tmp_path / "去年 台账.xlsm"
    tables = tuple(
        replace(table, columns=tuple(column for column in table.columns if column.name not in GONE.get(table.name, ())))
        for table in TABLES if table.name not in GONE_SHEETS
    )
    with monkeypatch.context() as then:
        then.setattr(master, "TABLES", tables)
        then.setattr(master, "SETTINGS", tuple(one for one in settings.SETTINGS if one.name not in ("phone", "ceiling")))
        master.build(path, VALUES, ribbon=True)
    return path


@pytest.fixture
def old(untouched) -> Path:
    """The same after a year of staff's work in another program."""
    work(untouched)
    return untouched


def work(path: Path) -> None:
    """What staff do in a year: rows, a sheet of their own, a column of their own, a colour rule, a drop-down, a wider column."""
    book = openpyxl.load_workbook(path, keep_vba=True)
    firms = book["检查对象名录库"]
    for number in range(2, 40):
        firms.cell(number, 1, f"商店{number}")
        firms.cell(number, 2, f"9113042600000{number:05d}")
        firms.cell(number, 3, "涉县某街")
    firms.tables["ssj_subjects"].ref = f"A1:{openpyxl.utils.get_column_letter(firms.max_column)}39"
    firms.column_dimensions["A"].width = 77
    people = book["执法检查人员名录库"]
    people["A2"], people["B2"], people["C2"] = "张三", "涉县市场监督管理局", "1304260001"
    tasks = book["抽查任务"]
    tasks["B2"], tasks["D2"], tasks["E2"], tasks["F2"] = TASK, "DJ01", "2025-03-01", "2025-04-01"
    own = book.create_sheet("我的统计", 3)
    own["A1"], own["B2"] = "=COUNTA(检查对象名录库!A:A)", "会议纪要"
    own.conditional_formatting.add("A1:A9", FormulaRule(formula=["$A1>3"], fill=PatternFill(bgColor="FFFF00")))
    firms.conditional_formatting.add("A2:C39", FormulaRule(formula=['$C2="涉县某街"'], fill=PatternFill(bgColor="FF00FF")))
    offered = DataValidation(type="list", formula1='"甲,乙"')
    offered.add("Z2:Z9")
    firms.add_data_validation(offered)
    book.save(path)


def cells(path: Path) -> dict[tuple[str, str], object]:
    """Every cell that holds anything, of the sheets that are not replaced whole."""
    book = openpyxl.load_workbook(path, keep_vba=True)
    return {(sheet.title, cell.coordinate): cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None and sheet.title not in OURS}


def upgrade(path: Path, capsys, status: int = 0) -> str:
    assert cli.answer(["--operator", "王五", "upgrade", str(path)]) == status, capsys.readouterr()
    shown = capsys.readouterr()
    return shown.out + shown.err


def test_what_is_lacking_is_added(old, capsys):
    """Sheets, columns and settings, each named; afterwards every table reads, with the old values in their columns."""
    said = upgrade(old, capsys)
    assert "新增 3 张表、6 列、2 项参数" in said
    for words in ("新增工作表：节假日", "新增工作表：分事项比例", "新增工作表：现场抽取", "证件有效期至", "白名单", "新增参数：监督电话"):
        assert words in said
    view = FileBook(old).read(BY_NAME)
    assert list(view["subjects"]["name"])[:2] == ["商店2", "商店3"]
    assert len(view["subjects"]) == 38
    assert view["inspectors"].iloc[0]["id"] == "1304260001"
    values = settings.read(view["settings"])
    assert (values["schema"], values["recheck"], values["ceiling"], values["bureau"]) == (settings.SCHEMA, "30", "4", VALUES["bureau"])
    assert cli.answer(["check", str(old)]) in (0, 1)


def test_a_chart_over_the_settings_follows_them(untouched, capsys):
    """What refers to a table that the upgrade lets grow goes along; it is no undeclared change."""
    book = openpyxl.load_workbook(untouched, keep_vba=True)
    own, last = book.create_sheet("我的统计"), book["参数"].tables["ssj_settings"].ref.rpartition(":")[2]
    chart = BarChart()
    chart.add_data(Reference(book["参数"], range_string=f"参数!$B$2:$B${re.sub('[A-Z]', '', last)}"))
    own.add_chart(chart, "B2")
    book.save(untouched)
    upgrade(untouched, capsys)
    end = openpyxl.load_workbook(untouched, keep_vba=True)["参数"].tables["ssj_settings"].ref.rpartition(":")[2]
    with zipfile.ZipFile(untouched) as archive:
        told = archive.read("xl/charts/chart1.xml").decode()
    assert end != last
    assert f"$B$2:$B${re.sub('[A-Z]', '', end)}</" in told


def test_a_formula_over_the_settings_follows_them(untouched, capsys):
    """So does a formula of staff's, though what it came to is calculated anew; the cells beside it are as they were."""
    last = re.sub("[A-Z]", "", openpyxl.load_workbook(untouched)["参数"].tables["ssj_settings"].ref.rpartition(":")[2])
    book = openpyxl.load_workbook(untouched, keep_vba=True)
    own = book.create_sheet("我的统计")
    own["A1"], own["B1"], own["C1"] = "参数有几项", f"=COUNTA(参数!A2:A{last})", "科里的话"
    book.save(untouched)
    part = f"xl/worksheets/sheet{len(book.sheetnames)}.xml"
    altered(untouched, part, ("<v></v>" if "<v></v>" in read(untouched, part) else "<v/>", f"<v>{int(last) - 1}</v>"))
    upgrade(untouched, capsys)
    end = re.sub("[A-Z]", "", openpyxl.load_workbook(untouched)["参数"].tables["ssj_settings"].ref.rpartition(":")[2])
    sheet = openpyxl.load_workbook(untouched)["我的统计"]
    assert end != last
    assert [cell.value for cell in sheet[1]] == ["参数有几项", f"=COUNTA(参数!A2:A{end})", "科里的话"]


def signed(path: Path) -> Path:
    """The workbook with its macro project signed twice, as Excel 2010 and later do."""
    kinds = ("vbaProjectSignature", "vbaProjectSignatureAgile")
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    lines = "".join(f'<Relationship Id="rId{kind}" Type="http://schemas.microsoft.com/office/2006/relationships/{kind}" Target="{kind}.bin"/>' for kind in kinds)
    members["xl/_rels/vbaProject.bin.rels"] = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'.encode()
    types = "".join(f'<Override PartName="/xl/{kind}.bin" ContentType="application/vnd.ms-office.{kind}"/>' for kind in kinds)
    members["[Content_Types].xml"] = members["[Content_Types].xml"].replace(b"</Types>", f"{types}</Types>".encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**members, **{f"xl/{kind}.bin": bytes(range(99)) for kind in kinds}}.items():
            archive.writestr(name, data)
    return path


def test_a_signed_macro_project_is_named_before_it_is_replaced(untouched, capsys):
    """Without the option the upgrade is refused and says what would break; rows can be written all the same, the signature untouched."""
    signed(untouched)
    book = FileBook(untouched)
    before = untouched.read_bytes()
    assert "宏带有数字签名" in upgrade(untouched, capsys, status=2)
    assert untouched.read_bytes() == before
    book.apply([Patch("settings", {(2, "value"): "新名称"})], book.read(["settings"]), ["settings"])
    after = packed(untouched)
    with zipfile.ZipFile(untouched) as archive:
        assert archive.read("xl/vbaProjectSignature.bin") == bytes(range(99))
    assert cli.answer(["--operator", "王五", "upgrade", str(untouched), "--drop-signature"]) == 0
    assert "请重新签名" in capsys.readouterr().out
    now = packed(untouched)
    assert set(after.keys() - now.keys()) == {"xl/vbaProjectSignature.bin", "xl/vbaProjectSignatureAgile.bin", "xl/_rels/vbaProject.bin.rels"}
    with zipfile.ZipFile(untouched) as archive:
        assert b"vbaProjectSignature" not in archive.read("[Content_Types].xml")
    assert "已升级" in upgrade(untouched, capsys)


def test_every_cell_and_sheet_is_kept(old, capsys):
    """All cells of staff and ours read as before; their sheet, rule, drop-down and column width are there."""
    before = cells(old)
    upgrade(old, capsys)
    after = cells(old)
    assert {place: after.get(place) for place in before} == before
    book = openpyxl.load_workbook(old, keep_vba=True)
    assert book.sheetnames.index("我的统计") == 3
    firms = book["检查对象名录库"]
    assert firms.column_dimensions["A"].width == 77
    assert any(str(one.sqref) == "A2:C39" for one in firms.conditional_formatting)
    assert any(str(one.sqref) == "Z2:Z9" for one in firms.data_validations.dataValidation)


def test_the_old_one_lies_in_the_backups(old, capsys):
    """Byte for byte, and the sentence says where."""
    data = old.read_bytes()
    said = upgrade(old, capsys)
    (kept,) = (old.parent / "备份").iterdir()
    assert kept.read_bytes() == data
    assert str(kept) in said


def test_rules_follow_their_columns(old, capsys):
    """A new column stands at the right end; its mark, drop-down and the names look there, and no old rule of ours is left beside."""
    upgrade(old, capsys)
    book = openpyxl.load_workbook(old, keep_vba=True)
    for table in TABLES:
        sheet = book[table.sheet]
        top = panel.HEADER + 2 if table.name == "panel" else 2
        headings = {cell.value: cell.column_letter for cell in sheet[top - 1] if cell.value}
        assert {column.header for column in table.columns} <= headings.keys()
        ours = [str(one.sqref) for one in sheet.conditional_formatting if re.fullmatch(rf"([A-Z]+){top}:\1\d{{7}}", str(one.sqref))]
        assert len(ours) == len(set(ours))
        for one in sheet.conditional_formatting:
            if str(one.sqref) in ours:
                own = f"${str(one.sqref).split(f'{top}:')[0]}{top}"
                looked = (f"${headings['报数']}{top}", f"${headings['状态']}{top}") if table.name == "panel" else (own,)  # there a whole row shows that it is over
                bare = [re.sub(r"\$[A-Z]+2:\$[A-Z]+2(?!\d)", "", formula) for rule in one.rules for formula in rule.formula]
                assert all(any(cell in formula for cell in looked) for formula in bare)
        prompts = {str(one.sqref).split(":")[0].rstrip("2"): one.promptTitle for one in sheet.data_validations.dataValidation if one.promptTitle}
        assert {headings[header]: header for header in prompts.values()} == prompts
    assert book.defined_names["ssj_tasks_name"].attr_text == "'抽查任务'!$B$2:$B$1048576"


def test_names_point_where_the_columns_are(old, capsys):
    """Each of our names over a column points at the column with that heading."""
    upgrade(old, capsys)
    book = openpyxl.load_workbook(old, keep_vba=True)
    seen = 0
    for name, defined in book.defined_names.items():
        found = re.fullmatch(r"ssj_([a-z_]+?)_([a-z]+)", name)
        place = re.match(r"'([^']+)'!\$([A-Z]+)\$2", defined.attr_text)
        if found and place and place[1] in BY_SHEET and found[1] == BY_SHEET[place[1]].name:
            assert book[place[1]][f"{place[2]}1"].value == BY_SHEET[place[1]].column(found[2]).header
            seen += 1
    assert seen > 15


def test_names_where_there_were_none(old, tmp_path, capsys):
    """A workbook that lost all its names (some programs drop them) has ours again, and they stand where the schema wants them."""
    with zipfile.ZipFile(old) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    parts["xl/workbook.xml"] = re.sub(rb"<definedNames>.*</definedNames>", b"", parts["xl/workbook.xml"])
    with zipfile.ZipFile(old, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    assert not openpyxl.load_workbook(old, keep_vba=True).defined_names
    upgrade(old, capsys)
    fresh = tmp_path / "new.xlsm"
    master.build(fresh, VALUES, ribbon=True)
    ours, theirs = (openpyxl.load_workbook(path, keep_vba=True).defined_names for path in (fresh, old))
    assert {name for name in ours if name.startswith("ssj_")} == theirs.keys()
    with zipfile.ZipFile(old) as made:
        assert re.search(rb"</sheets>\s*<definedNames>", made.read("xl/workbook.xml"))


def test_the_ribbon_is_the_present_one(old, tmp_path, capsys):
    """customUI as a fresh book has it; VBA with the launcher and one module for each sheet, staff's too, under the sheets' code names."""
    upgrade(old, capsys)
    fresh = tmp_path / "new.xlsm"
    master.build(fresh, VALUES, ribbon=True)
    with zipfile.ZipFile(old) as made, zipfile.ZipFile(fresh) as new:
        assert made.read("customUI/customUI.xml") == new.read("customUI/customUI.xml")
        names = set()
        for part in made.namelist():
            if part.startswith("xl/worksheets/sheet"):
                names |= set(re.findall(rb'<sheetPr[^>]*codeName="([^"]+)"', made.read(part)))
        count = len([part for part in made.namelist() if part.startswith("xl/worksheets/sheet")])
    assert len(names) == count
    olevba = pytest.importorskip("oletools.olevba")
    parser = olevba.VBA_Parser(str(old))
    modules = {Path(file).stem for _, _, file, _ in parser.extract_macros()}
    parser.close()
    assert {name.decode() for name in names} | {"ThisWorkbook", "SsjRibbon"} == modules


def test_macros_of_staff_are_named(old, capsys):
    """A module that is not ours does not come along; the sentence names it and says where it is. Without one nothing is said."""
    assert "另外的宏模块" not in upgrade(old, capsys)
    with zipfile.ZipFile(old) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    from ssj_xlwings.master import macros, vba

    parts["xl/vbaProject.bin"] = vba.project([*macros.modules(3), vba.Module("MyReport", "code", 'Attribute VB_Name = "MyReport"\n')])
    with zipfile.ZipFile(old, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    assert "另外的宏模块（MyReport）" in upgrade(old, capsys)


def test_the_package_is_sound(untouched, capsys):
    """openxml-audit, which checks as Microsoft's SDK does, finds nothing in an upgraded book."""
    audit = pytest.importorskip("openxml_audit")
    upgrade(untouched, capsys)
    result = audit.OpenXmlValidator(file_format=audit.FileFormat.OFFICE_2013).validate(untouched)
    assert [str(error) for error in result.errors] == []


def test_parts_and_tables_numbered_as_no_excel_does(untouched, capsys):
    """Other programs spell a part Sheet1.xml and count tables otherwise: what is added takes no name that differs in letter case alone, and no number twice."""
    from tests.books.test_shapes import parts, put

    def renamed(text: bytes) -> bytes:
        return text.replace(b"/sheet1.xml", b"/Sheet1.xml").replace(b"/table1.xml", b"/Table1.xml")

    members = {renamed(name.encode()).decode(): renamed(data) if name.endswith((".rels", "[Content_Types].xml")) else data for name, data in parts(untouched).items()}
    last = 1 + max(int(re.search(rb'<table [^>]* id="([0-9]+)"', b"<table " + data)[1]) for name, data in members.items() if name.startswith("xl/tables/"))
    name = max(name for name in members if name.startswith("xl/tables/"))
    members[name] = re.sub(rb' id="[0-9]+"', b' id="%d"' % last, members[name], count=1)
    put(untouched, members)
    upgrade(untouched, capsys)
    after = parts(untouched)
    assert len({name.lower() for name in after}) == len(after)
    numbers = [re.search(rb' id="([0-9]+)"', data)[1] for name, data in after.items() if name.lower().startswith("xl/tables/")]
    assert len(set(numbers)) == len(numbers) == len(TABLES)
    assert len(FileBook(untouched).read(BY_NAME).tables) == len(BY_NAME)


@pytest.mark.parametrize("said", ["true", "0", "false", "1"])
def test_whether_the_workbook_calculates_anew_is_said_in_other_words(untouched, capsys, said):
    """Other programs write true for 1, or that it shall not: after an upgrade it does, whatever was said."""
    altered(untouched, "xl/workbook.xml", (' fullCalcOnLoad="1"', f' fullCalcOnLoad="{said}"'))
    upgrade(untouched, capsys)
    with zipfile.ZipFile(untouched) as made:
        assert re.search(rb'<calcPr[^>]* fullCalcOnLoad="(1|true)"', made.read("xl/workbook.xml"))


def test_a_sheet_under_another_name(old, capsys):
    """It is not lacking: a second one with a table of the same name would make Excel repair the workbook. Refused with what to do; then it goes."""
    altered(old, "xl/workbook.xml", ('name="检查对象名录库"', 'name="2024年名录"'))
    before = old.read_bytes()
    assert "“2024年名录”里的标题与它一样，像是它改了名" in upgrade(old, capsys, status=2)
    assert old.read_bytes() == before
    altered(old, "xl/workbook.xml", ('name="2024年名录"', 'name="检查对象名录库"'))
    upgrade(old, capsys)


def test_no_list_of_formula_cells_outlives_its_sheets(old, capsys):
    """calcChain names cells of sheets that are replaced: it goes, with its relationship and content type; Excel makes a new one."""
    from tests.books.test_shapes import parts, put

    members = parts(old)
    members["xl/calcChain.xml"] = b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="Z1" i="1"/></calcChain>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    for name, end, line in (
        ("[Content_Types].xml", "</Types>", f'<Override PartName="/xl/calcChain.xml" ContentType="{kind}"/>'),
        ("xl/_rels/workbook.xml.rels", "</Relationships>",
         '<Relationship Id="rIdCC" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain" Target="calcChain.xml"/>'),
    ):
        assert end.encode() in members[name]
        members[name] = members[name].replace(end.encode(), f"{line}{end}".encode())
    put(old, members)
    upgrade(old, capsys)
    after = parts(old)
    assert "xl/calcChain.xml" not in after
    assert b"alcChain" not in after["[Content_Types].xml"] + after["xl/_rels/workbook.xml.rels"]


def test_an_iso_strict_workbook(old, capsys):
    """Its parts speak in other namespaces than ours: refused with what to do in Excel, in a closed file and before a click hands over; nothing is touched."""
    from tests.books.test_shapes import parts, put, strict

    put(old, {name: strict(data) if name.endswith((".xml", ".rels")) else data for name, data in parts(old).items()})
    before = old.read_bytes()
    said = upgrade(old, capsys, status=2)
    assert "另存为“Excel 工作簿”" in said
    opened = SimpleNamespace(path=old, save=lambda: None)
    with pytest.raises(Refusal) as clicked:
        handover.begin(BY_ID["upgrade"], opened, {})
    assert str(clicked.value) in said
    assert old.read_bytes() == before
    assert list(old.parent.iterdir()) == [old]


def test_twice_is_once(old, capsys):
    """A second upgrade finds nothing to add, and the workbook does not grow."""
    upgrade(old, capsys)
    size = old.stat().st_size
    assert "新增 0 张表、0 列、0 项参数" in upgrade(old, capsys)
    assert abs(old.stat().st_size - size) < 400


def test_it_opens_and_calculates(old, tmp_path, capsys):
    """LibreOffice opens the upgraded book, and the new formula column shows the state of the task."""
    needs_office()
    upgrade(old, capsys)
    made = openpyxl.load_workbook(convert(old, "xlsx", tmp_path / "lo"), data_only=True)
    headings = {cell.value: cell.column for cell in made["抽查任务"][1]}
    assert made["抽查任务"].cell(2, headings["进度"]).value == "未冻结"
    assert made["我的统计"]["A1"].value == 39


def test_a_newer_workbook_is_refused(desk):
    """An older program than the workbook: one sentence from every command, and nothing is touched."""
    desk.patch("settings", desk.row("settings", "key", "表格版本"), "value", "99")
    for argv in (("upgrade",), ("check",), ("freeze", TASK, "--speaker", "张三", "--speaker", "李四")):
        assert desk.refused(argv[0], desk.book, *argv[1:]) == "工作簿是用更新的程序做的（表格版本 99，本程序只认识到 1）。请先更新程序，再打开它。"


def test_something_in_the_way(old, capsys):
    """Staff wrote beside the table where a column must go: named, and nothing is touched."""
    book = openpyxl.load_workbook(old, keep_vba=True)
    sheet = book["抽查任务"]
    place = sheet.cell(2, len(BY_NAME["tasks"].columns) - 1)
    place.value = "备忘"
    book.save(old)
    before = old.read_bytes()
    assert f"抽查任务”要在 {place.coordinate} 一列加上“进度”" in upgrade(old, capsys, status=2)
    assert old.read_bytes() == before


def test_a_frozen_task_survives(desk):
    """Frozen before, upgraded, drawn after: the pool, the staff and the plan are what was frozen."""
    desk.freeze()
    book = openpyxl.load_workbook(desk.book)
    for sheet in ("节假日", "导入对照"):
        del book[sheet]
    sheet = book["检查结果"]
    table = sheet.tables["ssj_results"]
    sheet.delete_cols(len(table.tableColumns))
    table.tableColumns.pop()
    table.ref = table.autoFilter.ref = f"A1:{openpyxl.utils.get_column_letter(len(table.tableColumns))}2"
    book.save(desk.book)
    assert "新增 2 张表、1 列" in desk.good("upgrade", desk.book)
    assert "ssj" in desk.draw()
    assert "核验结论：是" in desk.good("verify", desk.record, "--book", desk.book)


def test_merged_cells_in_the_way(old, capsys):
    """A new column's heading or formula would lie under a merged cell and be lost: named, and nothing is touched."""
    book = openpyxl.load_workbook(old, keep_vba=True)
    sheet = book["抽查任务"]
    column = openpyxl.utils.get_column_letter(len(BY_NAME["tasks"].columns) - 1)
    sheet.merge_cells(f"{column}1:{column}2")
    book.save(old)
    before = old.read_bytes()
    assert f"抽查任务”要在 {column}2 一列加上“进度”" in upgrade(old, capsys, status=2)
    assert old.read_bytes() == before


@pytest.mark.parametrize(("part", "lost", "instead"), [
    ("xl/workbook.xml", '<sheet [^>]*name="我的统计"[^>]*/>'.encode(), b""), ("xl/workbook.xml", rb"<definedName[^>]*name=.own_rate.*?</definedName>", b""),
    ("xl/workbook.xml", rb'activeTab="[0-9]+"', b""), ("xl/styles.xml", rb"<cellXfs[^>]*><xf", b"<cellXfs><xf applyFont='1'"), ("xl/styles.xml", b"<cellStyles.*</cellStyles>", b""),
    ("[Content_Types].xml", rb"<Override [^>]*theme[^>]*/>", b""), ("xl/_rels/workbook.xml.rels", rb"<Relationship [^>]*theme[^>]*/>", b"")])
def test_what_the_workbook_holds_as_a_whole_only_grows(old, capsys, monkeypatch, part, lost, instead):
    """A sheet, a name, a view, a look or a link of staff that would go with an upgrade: our bug is seen before the workbook is replaced."""
    book = openpyxl.load_workbook(old, keep_vba=True)
    book.defined_names["own_rate"] = DefinedName("own_rate", attr_text="'我的统计'!$A$1")
    book.save(old)
    result = Graft.result

    def wrong(graft):
        changed = result(graft)
        spoilt, count = re.subn(lost, instead, changed[part], count=1, flags=re.DOTALL)
        assert count
        return changed | {part: spoilt}

    monkeypatch.setattr(Graft, "result", wrong)
    before = old.read_bytes()
    assert f"{part}：" in upgrade(old, capsys, status=2)
    assert old.read_bytes() == before


@pytest.mark.parametrize("spoil", ["part", "sheet", "cell"])
def test_an_upgrade_that_slips_is_stopped(old, capsys, monkeypatch, spoil):
    """A part of staff lost, a rule of their sheet lost, a cell of theirs changed: our bug is seen before the workbook is replaced."""
    result = Graft.result

    def wrong(graft):
        own = graft.book.sheets["我的统计"]
        changed = result(graft)
        if spoil == "part":
            return changed | {"xl/theme/theme1.xml": b"<a/>"}
        data = b"".join(pieces(changed[own]))
        return changed | {own: re.sub(b"<conditionalFormatting.*</conditionalFormatting>" if spoil == "sheet" else "会议".encode("ascii", "xmlcharrefreplace"), b"", data)}

    monkeypatch.setattr(Graft, "result", wrong)
    before = old.read_bytes()
    if spoil == "cell":
        with pytest.raises(RuntimeError, match="would change"):
            run(BY_ID["upgrade"], {"book": old}, operator="王五")
    else:
        assert ("theme1.xml" if spoil == "part" else "conditionalFormatting") in upgrade(old, capsys, status=2)
    assert old.read_bytes() == before
