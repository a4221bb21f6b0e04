"""`check`: 校验结果, the numbers it gives, its status; grouping and the column 处理."""

import pytest

from ssj_xlwings.commands.check import check
from ssj_xlwings.registry import checks, numbers, report
from ssj_xlwings.types import Patch, Rewrite, Sentence
from ssj_xlwings.vocabulary.sentences import registry as say
from tests.registry.book import BUREAU, code, frame, request, settings, sound, view

SHOP = {"address": "路", "unit": BUREAU}
SHOPS = [{**SHOP, "name": f"店{n}", "code": code(n), "status": "营业"} for n in range(7)]


def rows(outcome):
    return next(change.rows for change in outcome.changes if isinstance(change, Rewrite))


def test_equal_errors_are_one_row_what_blocks_first():
    """Seven equal errors are one row that names every cell; a reminder comes after what blocks."""
    outcome = check(request(sound(subjects=[*SHOPS, {**SHOP, "name": "店8", "code": code(8), "address": ""}])))
    first, second = rows(outcome)
    assert first == {
        "level": "阻断", "sheet": "检查对象名录库", "problem": "“登记状态”填的是“营业”。", "count": "7", "cells": "F2:F8", "seen": "营业",
        "allowed": "存续、吊销、注销、撤销、迁出、歇业、清算", "remedy": "只能填：存续、吊销、注销、撤销、迁出、歇业、清算。是不是“存续”？", "link": "检查对象名录库!F2", "handled": "",
    }
    assert (second["level"], second["cells"]) == ("提醒", "C9")
    assert (outcome.status, outcome.message) == (1, "校验完毕：阻断 7 处，提醒 1 处。")
    assert outcome.lines[0].startswith("阻断 检查对象名录库!F2:F8 “登记状态”填的是“营业”。只能填：")


def test_reminders_do_not_fail():
    """Exit status 0 where nothing blocks; a sound book says so and empties 校验结果."""
    assert check(request(sound(subjects=[{**SHOP, "name": "店", "code": code(1), "address": ""}]))).status == 0
    outcome = check(request(sound()))
    assert (outcome.message, rows(outcome), outcome.status) == ("校验完毕，没有发现问题。", [], 0)


def test_handled_survives_the_next_run():
    """What people wrote into 处理 stays with the same problem, and leaves with it."""
    book = sound(subjects=SHOPS)
    former = [dict(rows(check(request(book)))[0], handled="老王 3月5日改"), {"sheet": "x", "problem": "y", "seen": "", "handled": "旧"}]
    book.tables["findings"] = frame("findings", former)
    assert [row["handled"] for row in rows(check(request(book)))] == ["老王 3月5日改"]


def test_cells_are_those_of_the_book_at_hand():
    """Where the door knows the book's columns, its addresses are used."""
    outcome = check(request(sound(subjects=SHOPS[:1]), cell=lambda at: f"{at.table}!ZZ{at.row}"))
    assert (rows(outcome)[0]["cells"], rows(outcome)[0]["link"]) == ("ZZ2", "subjects!ZZ2")


def test_only_ten_kinds_are_shown():
    """The screen shows the first; the sheet holds them all."""
    shops = [{**SHOP, "name": f"店{n}", "code": code(n), "status": f"业{n}", "class": f"E{n}"} for n in range(6)]
    outcome = check(request(sound(subjects=shops)))
    assert len(rows(outcome)) == 12
    assert list(outcome.lines)[10:11] == ["…… 另有 2 类，见“校验结果”。"]


TASKS = [{"name": "甲", "start": "2026-03-16", "end": "2026-04-01", "items": "全部"}, {"name": "乙", "start": "2026-03-16", "number": "130400202603160004"},
         {"name": "丙", "start": "2026-03-16"}, {"name": "丁", "start": "明天"}, {"start": "2026-03-16"}]


def test_numbers_are_given_once():
    """Division, day and a serial above all that were ever used, the log's included; no name or no day, no number."""
    book = view(tasks=TASKS, log=[{"task": "130400202603160007"}], plans=[{"name": "计划", "start": "2026-01-01"}, {"name": "旧", "number": "13040020260001"}])
    assert numbers.task_numbers(book) == {2: "130400202603160008", 4: "130400202603160009"}
    assert numbers.plan_numbers(book) == {2: "13040020260002"}
    patches = [change for change in check(request(book)).changes if isinstance(change, Patch)]
    assert patches == [Patch("tasks", {(2, "number"): "130400202603160008", (4, "number"): "130400202603160009"}), Patch("plans", {(2, "number"): "13040020260002"})]


@pytest.mark.parametrize("division", ["", "1304", "邯郸"])
def test_no_numbers_without_a_division(division):
    """A number begins with the division; without one nothing is numbered, and the check says why."""
    book = view(tasks=TASKS, settings=settings(division=division))
    assert numbers.task_numbers(book) == numbers.plan_numbers(book) == {}
    assert any(finding.at.table == "settings" and finding.blocks for finding in check(request(book)).findings)


def test_letters_beyond_z():
    """The default address counts past Z."""
    from ssj_xlwings.types import At

    assert report.default_cell(At("subjects", 7, "remark")) == "检查对象名录库!V7"
    assert report.default_cell(At("subjects")) == "检查对象名录库"


def test_any_text_dtype_will_do():
    """Object columns and pandas' own text columns give the same findings."""
    book = sound(subjects=SHOPS)
    typed = type(book)({name: table.astype("str") for name, table in book.tables.items()})
    day = request(book).now.date()
    assert checks.findings(typed, day) == checks.findings(book, day) != []


def bad(n):
    """A code whose check digit is wrong."""
    right = code(n)
    return right[:-1] + ("1" if right[-1] == "0" else "0")


def test_many_errors_of_a_kind_are_one_row():
    """300 wrong check digits are one row: every cell is named, a few values stand there, no sentence has a gap."""
    subjects = [{**SHOP, "name": f"店{n}", "code": bad(n)} for n in range(300)]
    (row,) = rows(check(request(sound(subjects=subjects))))
    assert (row["count"], row["cells"], row["problem"]) == ("300", "B2:B301", "“统一社会信用代码”的校验位不对。")
    assert row["seen"] == "、".join(bad(n) for n in range(5)) + " 等 300 种"
    assert (row["allowed"], row["link"]) == ("", "检查对象名录库!B2")
    few = rows(check(request(sound(subjects=subjects[:10]))))
    assert [(row["seen"], row["cells"]) for row in few] == [(bad(n), f"B{n + 2}") for n in range(10)]


def test_what_was_done_about_a_kind_stays_as_the_values_change():
    """处理 of a row of many values survives the first of them being put right."""
    subjects = [{**SHOP, "name": f"店{n}", "code": bad(n)} for n in range(20)]
    book = sound(subjects=subjects)
    book.tables["findings"] = frame("findings", [dict(rows(check(request(book)))[0], handled="老王在改")])
    fixed = sound(subjects=[{**subjects[0], "code": code(0)}, *subjects[1:]], findings=book["findings"].to_dict("records"))
    (row,) = rows(check(request(fixed)))
    assert (row["count"], row["handled"]) == ("19", "老王在改")


def test_all_cells_of_an_error_are_named():
    """Cells that do not stand together are named one by one, up to 500; the screen shows five."""
    subjects = [{**SHOP, "name": f"店{n}", "code": code(n), "status": "" if n % 2 else "营业"} for n in range(1200)]
    outcome = check(request(sound(subjects=subjects)))
    (row,) = rows(outcome)
    named = row["cells"].removesuffix(" 等 600 处").split("、")
    assert (len(named), named[:3], named[-1]) == (500, ["F2", "F4", "F6"], "F1000")
    assert outcome.lines[0].startswith("阻断 检查对象名录库!F2、F4、F6、F8、F10 等 600 处 ")


@pytest.mark.parametrize("sentence", [one for one in vars(say).values() if isinstance(one, Sentence)])
def test_every_kind_has_a_sentence_without_gaps(sentence):
    """Whatever kind of error comes in dozens, its one row says something whole, unless only few values can differ."""
    few = {say.BLANK, say.BLANK_ROWS, say.UNSEEN, say.NO_UNIT, say.OFF_DUTY, say.DIVISION, say.TEAM}
    assert sentence in say.OF_A_KIND or sentence in few
    for part in say.OF_A_KIND.get(sentence, ()):
        assert "{seen}" not in part
        assert "{hint}" not in part
