"""Ledgers: heads, columns, totals, masks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ssj_xlwings.commands.ledgers import ledger
from ssj_xlwings.papers.ledgers import masked
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.commands import LEDGERS
from tests.bureau import CLASSES, UNITS, request
from tests.papers.reading import load, same_as_golden, structure, texts


def sheet_of(outcome):
    return load(outcome.files[0]).active


def table(outcome):
    """The rows below the headings, as long as they are numbered, keyed by heading."""
    lines = [[cell.value for cell in line] for line in sheet_of(outcome).iter_rows()]
    start = next(at for at, line in enumerate(lines) if line[0] == "序号")
    return [dict(zip(lines[start], line, strict=True)) for line in lines[start + 1 :] if str(line[0]).isdecimal()]


@pytest.mark.parametrize("kind", LEDGERS)
def test_golden(tmp_path, kind):
    """Every ledger says what its golden text says."""
    same_as_golden(f"{kind}台账", structure(ledger(request(tmp_path, kind=kind)).files[0]))


@pytest.mark.parametrize("internal", [False, True])
@pytest.mark.parametrize("kind", LEDGERS)
def test_form(tmp_path, kind, internal):
    """At most 12 columns; head with unit, period and print date; totals; signing line; page x of y; lying A4."""
    outcome = ledger(request(tmp_path, kind=kind, internal=internal))
    sheet, said = sheet_of(outcome), texts(outcome.files[0])
    assert sheet.max_column <= 12
    assert any(text.startswith("单位：全部　期间：全部") for text in said)
    assert any(text.endswith("打印日期：2026年3月12日") for text in said)
    assert any(text.startswith("合计：") for text in said)
    assert {"填表人：", "审核人：", "日期："} <= set(said)
    assert "&P" in sheet.oddFooter.right.text
    assert "&N" in sheet.oddFooter.right.text
    assert sheet.page_setup.orientation == "landscape"
    assert any("（内部）" in text for text in said) is internal
    assert any(text.endswith("　内部") for text in said) is internal


@pytest.mark.parametrize("kind", LEDGERS)
def test_an_empty_period_says_so(tmp_path, kind):
    """A period in which nothing happened prints 本期无; the registries have rows whatever the period."""
    said = texts(ledger(request(tmp_path, kind=kind, from_="2020-01-01", to="2020-12-31")).files[0])
    assert ("本期无" in said) is (kind not in ("对象库", "人员库"))
    assert any("期间：2020-01-01 至 2020-12-31" in text for text in said)


@pytest.mark.parametrize("kind", LEDGERS)
def test_classes_only_inside(tmp_path, kind):
    """The credit-risk class stands on internal ledgers of firms only."""
    heading = "信用风险等级"
    assert heading not in texts(ledger(request(tmp_path, kind=kind)).files[0])
    inside = ledger(request(tmp_path, kind=kind, internal=True))
    graded = kind in ("对象库", "派发", "结果")
    assert (heading in texts(inside.files[0])) is graded
    if kind == "派发":
        assert [line[heading] for line in table(inside)] == CLASSES


@pytest.mark.parametrize("kind", LEDGERS)
def test_phones_are_masked(tmp_path, kind):
    """No ledger shows a whole phone number, legal person or contact person."""
    said = "\n".join(texts(ledger(request(tmp_path, kind=kind, internal=True)).files[0]))
    for hidden in ("1381234567", "1370000111", "1360000222", "法人", "联系人"):
        assert hidden not in said
    if kind == "对象库":
        assert "138****5670" in said


@pytest.mark.parametrize(("phone", "shown"), [
    ("13812345678", "138****5678"), ("138 1234 5678", "138****5678"), ("１３８１２３４５６７８", "138****5678"), ("0310-8012345", "031****2345"), ("8012345", "****2345"),
    ("13812345678、13900001234", "138****5678、139****1234"), ("+8613812345678", "+86****5678"), ("12315", "12315"), ("", ""),
])
def test_masked(phone, shown):
    """Whatever the writing, the middle of a number is gone."""
    assert masked(phone) == shown


def test_checks_are_counted(tmp_path):
    """Checks of this year and the last check come from the results; with a period they are the period's."""
    rows = table(ledger(request(tmp_path, kind="对象库")))
    assert [(line["本年检查次数"], line["上次检查"]) for line in rows[:5]] == [("1", "2026-03-15"), ("1", "2026-03-16"), ("1", "2026-03-17"), ("1", "2026-03-18"), ("0", None)]
    period = table(ledger(request(tmp_path, kind="对象库", from_="2026-03-16", to="2026-03-16")))
    assert [line["本期检查次数"] for line in period[:4]] == ["0", "1", "0", "0"]


def test_unit_and_period_narrow_the_rows(tmp_path):
    """Only the unit's rows; dates at both ends are included."""
    rows = table(ledger(request(tmp_path, kind="结果", unit=UNITS[0], from_="2026-03-15", to="2026-03-15")))
    assert [(line["管辖单位"], line["检查日期"]) for line in rows] == [(UNITS[0], "2026-03-15")]
    assert {line["管辖单位"] for line in table(ledger(request(tmp_path, kind="对象库", unit=UNITS[2])))} == {UNITS[2]}


def test_voids_with_reason_approver_stage_and_rate(tmp_path):
    """The void ledger tells why, who approved, at which stage, and voids ÷ freezes."""
    outcome = ledger(request(tmp_path, kind="作废"))
    (row,) = table(outcome)
    assert (row["阶段"], row["原因"], row["审批人"], row["记录行号"]) == ("已冻结未报数", "比例或数量错误", "冯局长", "2")
    assert "合计：作废 1 次，其中比例或数量错误 1 次；冻结后放弃 1 次，冻结后还没有抽取 0 次；同期冻结 2 次，作废率 50.0%。" in texts(outcome.files[0])


def test_voided_visits_are_not_counted(tmp_path):
    """Visits of an attempt that was voided stand in no ledger."""
    asked = request(tmp_path, kind="派发")
    void = {**asked.log[-1], "event": "作废", "seq": "6"}
    assert table(ledger(replace(asked, log=[*asked.log, void]))) == []


@pytest.mark.parametrize(("args", "word"), [
    ({"unit": "丛台区市场监督管理局"}, "最接近的是“邯郸市丛台区市场监督管理局”"), ({"from_": "去年"}, "日期“去年”看不懂"),
    ({"from_": "2026-05-01", "to": "2026-04-01"}, "晚于截止日期"),
])
def test_refusals(tmp_path, args, word):
    """An unknown unit or a period that is none: one sentence."""
    with pytest.raises(Refusal, match=word):
        ledger(request(tmp_path, kind="结果", **args))


def test_a_firm_not_yet_dispatched_counts_by_its_draw(tmp_path):
    """With a period, 派发 takes the day of dispatch or, where that is blank, the day of the draw."""
    drawn = table(ledger(request(tmp_path, kind="派发", from_="2026-03-10", to="2026-03-10")))
    assert [line["派发日期"] for line in drawn] == [None, None]
    sent = table(ledger(request(tmp_path, kind="派发", from_="2026-03-11")))
    assert [line["派发日期"] for line in sent] == ["2026-03-12"] * 5


@pytest.mark.parametrize(("kind", "of"), [
    ("对象库", "只用于统计检查次数，名录全部列出"), ("人员库", "只用于统计检查次数，名录全部列出"), ("抽取", "按冻结日期"), ("派发", "按派发日期；还没有派发的，按抽取日期"),
    ("结果", "按检查日期"), ("作废", "按作废日期"),
])
def test_the_head_says_what_the_period_is_of(tmp_path, kind, of):
    """Nobody has to guess which date decides."""
    said = texts(ledger(request(tmp_path, kind=kind, from_="2026-03-01", to="2026-03-31")).files[0])
    assert any(f"期间：2026-03-01 至 2026-03-31（{of}）" in text for text in said)


def test_items_typed_anyhow_are_shown_by_name(tmp_path):
    """A code in small letters, one in full width and a name are all items, each shown once; a word that is none stays."""
    asked = request(tmp_path, kind="人员库")
    asked.view["inspectors"].loc[2, "items"] = "dj02、ＤＪ０３、名称规范使用情况的检查、别的"
    assert table(ledger(asked))[0]["可检查事项"] == "名称规范使用情况的检查、经营（驻在）期限的检查、别的"


def test_the_file_is_named_once(tmp_path):
    """The door lists the files; the lines do not repeat them."""
    assert list(ledger(request(tmp_path, kind="结果")).lines) == []
