"""取用筛选 on a closed workbook: what Excel's filters mean as conditions, and what is named as left."""

from __future__ import annotations

import re
import zipfile

import openpyxl
import pytest

from ssj_xlwings.lottery.filtered import take
from ssj_xlwings.lottery.scope import Condition
from ssj_xlwings.vocabulary.filters import Filter, Filtered
from ssj_xlwings.vocabulary.filters import Test as Cut
from ssj_xlwings.vocabulary.sentences import books
from ssj_xlwings.vocabulary.sentences import scope as say
from ssj_xlwings.vocabulary.tables import SUBJECTS
from tests.doors.conftest import TASK, edit_sheet

COLUMNS = {number: column.name for number, column in enumerate(SUBJECTS.columns, 1)}
NUMBERS = {column.header: number for number, column in enumerate(SUBJECTS.columns, 1)}


def meant(header, *tests, every=False, other=""):
    """Conditions (without the heading) and reasons of one filter."""
    one = Filter(NUMBERS.get(header, 99), tuple(Cut(sign, text) for sign, text in tests), every, other)
    taken = take(Filtered((one,), COLUMNS, 0))
    assert all(condition.header == header for condition in taken.conditions)
    return [condition[1:] for condition in taken.conditions] or taken.left[0].rpartition("（")[2].rstrip("）")


@pytest.mark.parametrize(("header", "tests", "every", "expected"), [
    ("主体类型", [("=", "企业")], False, [("等于其一", "企业")]),
    ("主体类型", [("=", "企业"), ("=", "个体工商户"), ("=", "其他")], False, [("等于其一", "企业、个体工商户、其他")]),
    ("登记状态", [("=", "存续"), ("=", "")], False, [("等于其一", "存续")]),
    ("登记状态", [("=", "注销"), ("=", "")], False, say.BLANK_OR),
    ("白名单", [("=", "")], False, [("为空", "")]),
    ("白名单", [("<>", "")], False, [("不为空", "")]),
    ("白名单", [("<>", " ")], False, [("不为空", "")]),
    ("经营范围", [("=", "*食品*")], False, [("含", "食品")]),
    ("经营范围", [("=", "*食品*"), ("=", "*药品*")], False, [("含", "食品、药品")]),
    ("经营范围", [("=", "*食品*"), ("<>", "*酒*")], True, [("含", "食品"), ("不含", "酒")]),
    ("经营范围", [("=", "*食品*"), ("<>", "酒")], False, say.MIXED),
    ("经营范围", [("=", "食品*")], False, say.PATTERN),
    ("经营范围", [("=", "*食?品*")], False, say.PATTERN),
    ("经营范围", [("=", "食品、药品")], False, say.SEPARATED),
    ("经营范围", [("=", "*食品,药品*")], False, say.SEPARATED),
    ("主体类型", [("<>", "企业")], False, [("不等于", "企业")]),
    ("成立日期", [(">=", "43831")], False, [("不早于", "2020-01-01")]),
    ("成立日期", [(">", "2020/1/1"), ("<=", "2020-12-31")], True, [("不早于", "2020-01-02"), ("早于", "2021-01-01")]),
    ("成立日期", [("<", "昨天")], False, say.NOT_A_DATE),
    ("行业", [("<", "5")], False, say.SORT),
    ("别的列", [("=", "x")], False, say.NOT_OURS),
])
def test_what_a_filter_means(header, tests, every, expected):
    """Each filter of Excel's becomes the condition that means the same, or is left with its reason."""
    assert meant(header, *tests, every=every) == expected


@pytest.mark.parametrize("other", [say.DATES, say.TOP, say.DYNAMIC, say.COLOUR, say.ICON])
def test_sorts_that_are_left(other):
    """Groups of dates, the top ten, colours and icons are named and left."""
    taken = take(Filtered((Filter(NUMBERS["成立日期"], other=other),), COLUMNS, 0))
    assert taken.left == [say.LEFT.format(column="成立日期", seen=other, why=say.SORT)]


def set_filter(desk, *columns: str, hide: str = "") -> int:
    """Put filter columns into the table part of the registry, and hide rows whose type is `hide`, as Excel saves them. How many show."""
    beside = desk.book.with_suffix(".tmp")
    with zipfile.ZipFile(desk.book) as old, zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as made:
        for name in old.namelist():
            data = old.read(name)
            if b'displayName="ssj_subjects"' in data:
                data, count = re.subn(rb"(<autoFilter [^>]*)/>", rb"\1>" + "".join(columns).encode() + b"</autoFilter>", data)
                assert count == 1
            made.writestr(name, data)
    beside.replace(desk.book)
    frame = desk.read("subjects")
    hidden = [str(row).encode() for row, kind in zip(frame.index, frame["type"], strict=True) if kind == hide]
    if hidden:
        assert edit_sheet(desk.book, "检查对象名录库", rb'<row r="(' + b"|".join(hidden) + rb')"', rb'<row hidden="1" r="\1"') == len(hidden)
    return len(frame) - len(hidden)


def column(header: str, inside: str) -> str:
    return f'<filterColumn colId="{NUMBERS[header] - 1}">{inside}</filterColumn>'


def free(desk) -> None:
    """The task loses its conditions, as staff delete them."""
    for name in ("task", "column", "condition", "value"):
        desk.patch("scopes", 2, name, "")


def test_on_a_closed_workbook(desk):
    """The filter in the package becomes rows, both numbers are said, and the freeze goes by it."""
    free(desk)
    shown = set_filter(desk, column("主体类型", '<filters><filter val="企业"/><filter val="农民专业合作社"/></filters>'),
                       column("成立日期", '<filters><dateGroupItem year="2020" dateTimeGrouping="year"/></filters>'), hide="个体工商户")
    said = desk.good("scope", desk.book, TASK)
    assert "与筛选显示的一样" in said
    assert f"{shown} 户" in said
    assert say.LEFT.format(column="成立日期", seen=say.DATES, why=say.SORT) in said
    assert desk.read("scopes").to_numpy().tolist() == [[TASK, "主体类型", "等于其一", "企业、农民专业合作社"]]
    assert "不在抽查范围" in desk.good("plan", desk.book, TASK)
    assert "已有 1 个条件" in desk.refused("scope", desk.book, TASK)


def test_numbers_that_differ(desk):
    """Where the scope holds other firms than the filter shows, both numbers and the likely reason are said."""
    free(desk)
    set_filter(desk, column("主体类型", '<customFilters><customFilter operator="notEqual" val="个体工商户"/></customFilters>'))
    said = desk.good("scope", desk.book, TASK)
    assert "筛选显示 300 户" in said
    assert say.WHY in said


def test_refusals(desk):
    """No filter; none that can be taken over; a frozen task."""
    free(desk)
    assert desk.refused("scope", desk.book, TASK) == say.NO_FILTER.format(sheet="检查对象名录库")
    set_filter(desk, column("主体类型", '<colorFilter dxfId="0"/>'))
    assert say.COLOUR in desk.refused("scope", desk.book, TASK)
    desk.good("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四")
    assert desk.refused("scope", desk.book, TASK) == say.FROZEN.format(task=TASK, state="冻结")


def test_conditions_are_rows():
    """A condition has the heading of its column."""
    assert take(Filtered((Filter(1, (Cut("=", "甲"),)),), COLUMNS, 0)).conditions == [Condition("主体名称", "等于其一", "甲")]


def test_renamed_in_a_closed_workbook(desk):
    """The terminal's refusal names the renamed sheet, then the renamed heading, says what to do by hand, and changes nothing."""
    book = openpyxl.load_workbook(desk.book)
    book["抽查任务"].title = "任务表"
    book["检查对象名录库"]["A1"] = "企业字号"
    book.save(desk.book)
    assert desk.refused("check", desk.book) == books.SHEET_RENAMED.format(sheet="抽查任务", seen="任务表")
    book["任务表"].title = "抽查任务"
    book.save(desk.book)
    assert desk.refused("check", desk.book) == books.HEADING_RENAMED.format(sheet="检查对象名录库", heading="主体名称", cell="A1", seen="企业字号")
