"""Workbooks as former programs made them, in use for a while, brought up: nothing lost, everything there, and the next draw goes through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.doors import synthetic
from ssj_xlwings.master import build as master
from ssj_xlwings.types import Append
from ssj_xlwings.vocabulary import settings
from ssj_xlwings.vocabulary.commands import COMMANDS
from ssj_xlwings.vocabulary.tables import BY_NAME, BY_SHEET, SETTINGS, TABLES
from tests.doors.conftest import END, START, TASK, Desk, fix_clock
from tests.doors.test_upgrade import cells

RATES = {"ceiling_A", "ceiling_B", "ceiling_C", "ceiling_D", "ceiling_未评", "meter_base", "meter_date", "meter_rule", "meter_total", "meter_省", "meter_市"}
OLDER = {
    "before plans were estimated": (
        {"panel", "upper", "preview"}, RATES | {"copies"},
        {"tasks": {"strata", "batches", "joint"}, "visits": {"batch", "left"}, "results": {"attempt"}, "item_rates": {"layer", "rate"}}),
    "before numbers were typed into a sheet": ({"panel", "preview"}, {"copies"}, {}),
    "before an import was previewed": ({"preview"}, set(), {}),
}
"""Sheets, settings and columns that came later than some master that was once handed out."""
VALUES = {"bureau": "涉县市场监督管理局", "division": "130426", "year": "2026", "book": "130426-2026-7F3A"}


class Macro(Desk):
    """A desk with a workbook that has the ribbon."""

    @property
    def book(self):
        return self.folder / "台账.xlsm"


@pytest.fixture(params=OLDER)
def old(request, tmp_path, capsys, monkeypatch) -> Macro:
    """A workbook of a former program, filled."""
    sheets, gone, columns = OLDER[request.param]
    tables = tuple(replace(table, columns=tuple(one for one in table.columns if one.name not in columns.get(table.name, ()))) for table in TABLES if table.name not in sheets)
    monkeypatch.setenv("SSJ_OPERATOR", "王五")
    fix_clock(monkeypatch)
    desk = Macro(tmp_path, capsys)
    with monkeypatch.context() as then:
        then.setattr(master, "TABLES", tables)
        then.setattr(master, "SETTINGS", tuple(one for one in settings.SETTINGS if one.name not in gone))
        master.build(desk.book, VALUES, ribbon=True)
    work(desk)
    return desk


def work(desk: Macro) -> None:
    """Firms, inspectors, items and a task, typed in."""
    bureau = synthetic.Office(VALUES["bureau"], VALUES["division"], "县局", "")
    rows = {
        "检查对象名录库": [{**firm, "主体类型": "企业", "管辖单位": bureau.name} for firm in synthetic.firms(60, seed=7)],
        "执法检查人员名录库": synthetic.inspectors([bureau], 12, date(2027, 12, 31), seed=8), "抽查事项清单": synthetic.items(),
        "抽查任务": [{"任务名称": TASK, "抽查事项": "DJ01、GS01", "检查开始": START, "检查截止": END, "任务来源": "投诉举报"}],
        "抽查范围": [{"任务": TASK, "列": "主体类型", "条件": "等于其一", "值": "企业"}],
    }
    for sheet, given in rows.items():
        table, book = BY_SHEET[sheet], FileBook(desk.book)
        names = {column.header: column.name for column in table.columns}
        book.apply([Append(table.name, [{names[header]: value for header, value in row.items()} for row in given])], book.read([table.name]), [table.name])


def test_it_goes_on_after_an_upgrade(old):
    """Every cell as it was, every sheet, column and setting there; freeze, numbers typed into the panel, draw and verify go through."""
    sheets = [table.name for table in TABLES if table.sheet in {sheet for sheet, _ in cells(old.book)}]
    before, frames = cells(old.book), FileBook(old.book).read(sheets).tables
    if "panel" not in sheets:
        assert "请先“升级工作簿”" in old.refused("freeze", old.book, TASK, "--speaker", "张三", "--speaker", "李四")
    old.good("upgrade", old.book)
    after, view = cells(old.book), FileBook(old.book).read(BY_NAME)
    assert {place: after.get(place) for place in before} == before
    for name, frame in frames.items():
        typed = [column.name for column in BY_NAME[name].columns if not column.formula]
        assert name == SETTINGS.name or view[name][typed].equals(frame[typed])
    assert set(view["settings"]["key"]) >= {one.key for one in settings.SETTINGS}
    old.good("check", old.book)
    old.good("freeze", old.book, TASK, "--speaker", "张三", "--speaker", "李四")
    for row, number in zip(old.read("panel").index, ("384729", "000007"), strict=True):
        old.patch("panel", int(row), "said", number)
    old.good("draw", old.book, TASK)
    assert "核验结论：是" in old.good("verify", old.record, "--book", old.book)
    assert "新增 0 张表、0 列、0 项参数" in old.good("upgrade", old.book)


@pytest.mark.parametrize("command", [one for one in COMMANDS if any(param.kind == "book" for param in one.params)], ids=lambda one: one.id)
def test_every_command_refuses_a_newer_workbook(desk, command):
    """Whatever it would do: one sentence with both numbers, although a sheet has another name there."""
    desk.patch("settings", desk.row("settings", "key", "表格版本"), "value", "99")
    book = openpyxl.load_workbook(desk.book)
    book["检查对象名录库"].title = "检查对象库"  # and the log, which every command reads, has lost a heading
    book["抽取记录"]["A1"] = "号"
    book.save(desk.book)
    said = desk.refused(command.id, desk.book, *needed(desk, command))
    assert said == f"工作簿是用更新的程序做的（表格版本 99，本程序只认识到 {settings.SCHEMA}）。请先更新程序，再打开它。"


def needed(desk, command) -> list:
    """Something for every argument that must be given."""
    file = desk.folder / "a.csv"
    file.write_text("主体名称\n某店\n", encoding="utf-8")
    kinds = {"file": file, "table": "检查对象名录库", "folder": desk.folder / "出", "pairs": "张三=384729", "date": "2026-11-25"}
    words = []
    for param in command.params:
        if param.required and param.kind != "book":
            words += [] if param.positional else [param.option]
            words.append(param.choices[0] if param.choices else kinds.get(param.kind, "1"))
    return words
