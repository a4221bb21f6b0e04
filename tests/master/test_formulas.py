"""What Excel does alone: the workbook's own formulas, evaluated by LibreOffice."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl
import pytest
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from stdnum.cn.uscc import calc_check_digit

from ssj_xlwings.master.names import ALPHABET, constants
from ssj_xlwings.master.rules import rules, uscc_holds
from ssj_xlwings.registry.uscc import fault
from ssj_xlwings.vocabulary.tables import BY_NAME, HOME
from tests.master.books import built
from tests.office import convert, needs_office

if TYPE_CHECKING:
    from pathlib import Path

HELPER = 60
"""First column to the right of every table, where the rules are evaluated."""
TODAY = date.today()  # noqa: DTZ011 - as the spreadsheet's TODAY()
DAY = timedelta(days=1)


def code(body: str) -> str:
    return body + str(calc_check_digit(body))


A, B = code("91130400105526420"), code("N2130403MA0DK7XQ1")
SAME_15 = code("91130400105526421")
WRONG = A[:-1] + ("0" if A[-1] != "0" else "1")

ROWS: dict[str, list[dict[str, Any]]] = {
    "subjects": [
        {"name": "甲", "code": A, "address": "一", "unit": "丛台区市场监督管理局", "status": "存续", "class": "A"},
        {"name": "乙", "code": A, "address": "一", "unit": "不存在的局", "status": "营业", "class": "a级"},
        {"name": "丙", "code": WRONG, "address": "一"},
        {"name": "丁", "code": 911304000123456789, "address": "一"},
        {"name": "戊", "code": B, "address": "一", "founded": "2020.3.2"},
        {"name": "己", "code": "130400123456789", "address": "一", "founded": "去年"},
        {"name": "庚", "address": "一", "nature": "非市场主体", "founded": date(2020, 3, 2)},
        {"name": "辛", "address": "一", "founded": 12},
        {"name": "壬", "code": SAME_15, "phone": 13800000000},
        {},
    ],
    "inspectors": [
        {"name": "张", "unit": "丛台区市场监督管理局", "id": "0304001", "until": TODAY - DAY, "items": "全部"},
        {"name": "王", "unit": "丛台区市场监督管理局", "id": "03040010", "until": TODAY, "items": "全部"},
        {"name": "李", "id": "0304002", "until": "2020-01-01", "items": "全部"},
        {"name": "赵", "unit": "丛台区市场监督管理局", "id": "0304002", "until": TODAY + DAY},
    ],
    "items": [{"code": "DJ1", "name": "事项", "kind": "一般检查事项", "basis": "条例"}, {"code": "DJ10", "name": "事项二", "kind": "重点检查事项", "basis": "条例"}],
    "tasks": [
        {"number": "T1", "name": "第一次", "items": "DJ1", "start": TODAY, "end": TODAY - DAY, "rate_A": 0.03, "rate_B": "5户", "rate_C": 1.5, "rate_D": "x"},
        {"number": "T2", "name": "第二次", "items": "DJ1", "start": TODAY, "end": TODAY, "rate_A": "3%", "rate_B": "1.5户", "alternates": "两户"},
        {"name": "第三次", "items": "DJ1"},
        {},
        {"number": "T5", "name": "一起抽取的", "items": "DJ1", "start": TODAY, "end": TODAY, "joint": "T1", "source": "投诉"},
    ],
    "scopes": [{"task": "第一次", "column": "主体类型", "condition": "含", "value": "企"}, {"task": "T2", "column": "类型", "condition": "等于"}, {"task": "T9"}],
    "log": [
        {"seq": 1, "task": "T1", "event": "冻结"}, {"seq": 2, "task": "T2", "event": "冻结"}, {"seq": 3, "task": "T1", "event": "报数"},
        {"seq": 4, "task": "T1", "event": "抽取"}, {"seq": 5, "task": "T1", "event": "补抽"}, {"seq": 6, "task": "T1", "event": "回执"},
    ],
    "results": [
        {"task": "T1", "subject": A, "item": "DJ1", "date": TODAY, "result": "发现问题已责令改正", "done": TODAY - DAY},
        {"task": "T1", "subject": B, "item": "DJ1", "result": "未发现问题"},
        {"task": "T1", "subject": SAME_15, "item": "DJ1", "date": TODAY},
    ],
    "visits": [{"task": "T1", "subject": A, "name": "甲"}],
    "holidays": [{"date": date(2026, 10, 1), "kind": "放假"}, {"date": date(2026, 10, 1), "kind": "调休上班"}, {"date": date(2026, 10, 2)}],
    "findings": [{"level": "阻断"}, {"level": "提醒"}],
}


class Evaluated(NamedTuple):
    """What LibreOffice made of the filled workbook."""

    marks: dict[tuple[str, int, str], set[str]]
    book: openpyxl.Workbook


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Evaluated:
    """The master with `ROWS`, every conditional format also written into a cell of its row, calculated once."""
    needs_office()
    folder = tmp_path_factory.mktemp("formulas")
    source = folder / "填.xlsx"
    source.write_bytes(built())
    book = openpyxl.load_workbook(source)
    for name, rows in ROWS.items():
        _fill(book, name, rows)
    book[HOME]["AZ1"], book[HOME]["AZ2"] = "=ROWS(ssj_list_units)", "=ROWS(ssj_list_items)"
    book.save(source)
    done = openpyxl.load_workbook(convert(source, "xlsx", folder / "out"), data_only=True)
    marks: dict[tuple[str, int, str], set[str]] = {}
    for name, rows in ROWS.items():
        for row in range(2, len(rows) + 2):
            for number, rule in enumerate(rules(BY_NAME[name])):
                if done[BY_NAME[name].sheet].cell(row, HELPER + number).value in (True, 1):
                    marks.setdefault((name, row, rule.column), set()).add(rule.mark)
    return Evaluated(marks, done)


def _fill(book: openpyxl.Workbook, name: str, rows: list[dict[str, Any]]) -> None:
    table = BY_NAME[name]
    sheet = book[table.sheet]
    for row, values in enumerate(rows, start=2):
        for number, column in enumerate(table.columns, start=1):
            if column.formula:
                sheet.cell(row, number).value = sheet.cell(2, number).value
            elif column.name in values:
                sheet.cell(row, number).value = values[column.name]
        for number, rule in enumerate(rules(table)):
            at = f"{get_column_letter(HELPER + number)}{row}"
            sheet[at] = Translator(f"={rule.formula}", origin=f"{get_column_letter(HELPER + number)}2").translate_formula(at)
            sheet[at].number_format = "General"
    last = f"A1:{get_column_letter(len(table.columns))}{len(rows) + 1}"
    sheet.tables[f"ssj_{name}"].ref = sheet.tables[f"ssj_{name}"].autoFilter.ref = last


def test_check_digit_agrees_with_python_on_10000_codes(tmp_path: Path) -> None:
    """The formula and Python agree on 10 000 codes: half right, half with one character changed, letters first among them."""
    needs_office()
    chance = random.Random(20260301)
    codes = []
    for number in range(10_000):
        first = chance.choice(("91", "92", "93", "12", "52", "N1", "N2", "A1", "Y1"))
        made = code(first + f"{chance.randrange(10**6):06d}" + "".join(chance.choice(ALPHABET) for _ in range(9)))
        if number % 2:
            at = chance.randrange(18)
            made = made[:at] + chance.choice([char for char in ALPHABET if char != made[at]]) + made[at + 1 :]
        codes.append(made)
    book = openpyxl.Workbook()
    for name, formula in constants().items():
        book.defined_names[name] = DefinedName(name, attr_text=formula[1:])
    for row, each in enumerate(codes, start=1):
        book.active.append([each, f"=IF({uscc_holds(f'A{row}')},1,2)"])
    source = tmp_path / "codes.xlsx"
    book.save(source)
    sheet = openpyxl.load_workbook(convert(source, "xlsx", tmp_path / "out"), data_only=True).active
    seen = [sheet.cell(row, 2).value == 1 for row in range(1, len(codes) + 1)]
    assert seen == [fault(each) is None for each in codes]
    assert sum(seen) == 5_000
    assert sum(good and each[0] in "NAY" for good, each in zip(seen, codes, strict=True)) > 1_000


def test_codes_are_marked_where_they_are_wrong(filled: Evaluated) -> None:
    """Wrong check digits and numbers are; letter-initial codes, old registration numbers and blanks are not."""
    wrong = {row for (table, row, column), marks in filled.marks.items() if (table, column) == ("subjects", "code") and "wrong" in marks}
    assert wrong == {4, 5}
    assert filled.marks["subjects", 10, "phone"] == {"wrong"}


def test_duplicates_compare_the_whole_code(filled: Evaluated) -> None:
    """Both of a pair are marked; codes equal in 15 digits, or one the beginning of another, are not."""
    twice = {(table, row) for (table, row, _), marks in filled.marks.items() if "twice" in marks}
    assert twice == {("subjects", 2), ("subjects", 3), ("inspectors", 4), ("inspectors", 5), ("holidays", 2), ("holidays", 3)}


def test_expired_and_reversed_dates_are_marked(filled: Evaluated) -> None:
    """A certificate is expired from the day after its last; a date before its predecessor is marked."""
    late = {key for key, marks in filled.marks.items() if "late" in marks}
    assert late == {("inspectors", 2, "until"), ("inspectors", 4, "until"), ("tasks", 2, "end"), ("results", 2, "done")}


def test_what_pasting_smuggles_in_is_marked(filled: Evaluated) -> None:
    """Words outside a list or a table, dates, rates and numbers that are none."""
    wrong = {key for key, marks in filled.marks.items() if "wrong" in marks and key[0] not in ("inspectors", "findings") and key[2] not in ("code", "phone")}
    assert wrong == {
        ("subjects", 3, "unit"), ("subjects", 3, "status"), ("subjects", 3, "class"), ("subjects", 7, "founded"), ("subjects", 9, "founded"),
        ("tasks", 2, "rate_C"), ("tasks", 2, "rate_D"), ("tasks", 3, "rate_B"), ("tasks", 3, "alternates"),
        ("scopes", 3, "column"), ("scopes", 3, "condition"), ("scopes", 4, "task"),
    }


def test_blank_required_cells_of_a_started_row_are_marked(filled: Evaluated) -> None:
    """Only in a row that holds something; a result's date and problem only when the result asks for them."""
    missing = {key for key, marks in filled.marks.items() if "missing" in marks}
    assert missing == {
        ("subjects", 9, "code"), ("subjects", 10, "address"), ("inspectors", 4, "unit"), ("inspectors", 5, "items"),
        ("tasks", 4, "start"), ("tasks", 4, "end"), ("scopes", 4, "column"), ("scopes", 4, "condition"), ("holidays", 4, "kind"),
        ("results", 2, "problem"), ("results", 3, "date"), ("results", 4, "result"),
    }


def test_progress_is_the_last_event_of_the_task(filled: Evaluated) -> None:
    """抽查任务's 进度: the last line of the log about the task or the one it was drawn with, replacements and receipts apart,
    未冻结 without one, nothing in a blank row.
    """
    assert [filled.book["抽查任务"].cell(row, 7).value or "" for row in range(2, 7)] == ["抽取", "冻结", "未冻结", "", "抽取"]


def test_dropdowns_end_with_their_rows(filled: Evaluated) -> None:
    """The names behind drop-downs cover the filled rows and no more."""
    assert (filled.book[HOME]["AZ1"].value, filled.book[HOME]["AZ2"].value) == (19, 2)


def texts(sheet: Any) -> list[Any]:
    """All values of a sheet in reading order."""
    return [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_the_cover_counts_and_says_what_is_next(filled: Evaluated) -> None:
    """Eight counts; the next step is the first that is not done."""
    sheet = filled.book[HOME]
    assert [sheet.cell(6, column).value for column in range(2, 10)] == [9, 4, 2, 4, 1, 2, 1, 1]
    assert str(sheet["C4"].value).startswith("校验：")


def test_a_blank_book_begins_with_the_firms(tmp_path: Path) -> None:
    """As built and calculated: all counts 0, the first step is to bring in firms, no error value on any sheet."""
    needs_office()
    source = tmp_path / "空.xlsx"
    source.write_bytes(built())
    book = openpyxl.load_workbook(convert(source, "xlsx", tmp_path / "out"), data_only=True)
    sheet = book[HOME]
    assert [sheet.cell(6, column).value for column in range(2, 10)] == [0] * 8
    assert str(sheet["C4"].value).startswith("检查对象：")
    assert sheet["B1"].value == "2026 年度双随机、一公开工作台"
    assert sheet["B2"].value == "邯郸市市场监督管理局　簿号 2026-a1b2c3"
    assert not [value for each in book for value in texts(each) if str(value).startswith("#")]
