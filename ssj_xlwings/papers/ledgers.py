"""台账: the registries and what was done, as lists of at most twelve columns.

Derived columns (checks, last check) are counted here and never stored. Phones are masked (rules §2.6);
classes appear only where `internal` was asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ssj_xlwings.papers.attempts import Attempt, data
from ssj_xlwings.papers.choice import Choice, calling, local_date, records
from ssj_xlwings.papers.listing import Field, Listing
from ssj_xlwings.papers.wording import day
from ssj_xlwings.types import Row
from ssj_xlwings.vocabulary.clock import beijing
from ssj_xlwings.vocabulary.codelists import CLEAN_RESULTS, VOID_STAGES
from ssj_xlwings.vocabulary.sentences.papers import INTERNAL
from ssj_xlwings.vocabulary.sentences.quick import APART, NAME
from ssj_xlwings.vocabulary.values import words

PHONE = re.compile(r"\+?[0-9][0-9\-]{5,}[0-9]")


def masked(phone: str) -> str:
    """138****1234: every number of seven digits or more loses its middle; shorter ones stay."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", phone))
    return PHONE.sub(lambda found: (found[0][:3] if len(found[0]) >= 11 else "") + "****" + found[0][-4:], plain)


Made = tuple[Sequence[Row], str]
"""Rows (texts by column name, in printed order) and the sentence of their totals."""


def _subjects(choice: Choice) -> Made:
    done = {(line["task"], line["subject"]): line["date"] for line in choice.recorded}
    count = Counter(subject for (_, subject), date in done.items() if choice.counted(date))
    last: dict[str, str] = {}
    for (_, subject), date in done.items():
        last[subject] = max(date, last.get(subject, ""))
    rows = []
    for line in records(choice.view, "subjects"):
        if choice.here(line["unit"]):
            subject = line["code"] or line["name"]
            rows.append({**line, "phone": masked(line["phone"]), "checks": str(count[subject]), "last": last.get(subject, "")})
    return rows, f"合计：{len(rows)} 户，{choice.when}检查 {sum(int(line['checks']) for line in rows)} 户次。"


def _inspectors(choice: Choice) -> Made:
    count = Counter(number for line in choice.visits.values() if choice.counted(line["drawn"]) for number in words(line["team"]))
    rows = [{**line, "items": choice.items(line["items"]), "phone": masked(line["phone"]), "checks": str(count[line["id"]])}
            for line in records(choice.view, "inspectors") if choice.here(line["unit"])]
    return rows, f"合计：{len(rows)} 人，在岗 {sum(line['state'] == '在岗' for line in rows)} 人，{choice.when}派往检查 {sum(int(line['checks']) for line in rows)} 人次。"


def _draws(choice: Choice) -> Made:
    rows = []
    for one in choice.attempts:
        if choice.leads(one.task) and choice.dated(local_date(one.freeze)):
            quick = choice.apart(one.task)
            size = int(data(one.draw).get("visits", 0)) if quick else sum((line["task"], line["attempt"]) == (one.task, one.number) for line in choice.visits.values())
            rows.append({
                "task": one.task, "name": _name(choice, one), "attempt": one.number, "frozen": _minute(one.freeze), "drawn": _minute(one.draw),
                "pool": one.frozen.get("pool", ""), "size": str(size) if one.draw and not one.void else "", "slots": one.frozen.get("slots", ""),
                "witnesses": one.frozen.get("witnesses", ""), "commitment": one.frozen.get("commitment", "")[:8], "state": one.state,
            })
    counted = [line for line in rows if not choice.apart(line["task"])]
    totals = f"合计：冻结 {len(counted)} 次，抽取 {sum(bool(line['drawn']) for line in counted)} 次，作废 {sum(line['state'] == '作废' for line in counted)} 次，抽中 {sum(int(line['size'] or 0) for line in counted)} 户。"
    return rows, totals + _apart(len(rows) - len(counted))


def _name(choice: Choice, one: Attempt) -> str:
    """A task's name; for a quick draw what it was for."""
    return NAME.format(name=one.frozen["name"]) if choice.apart(one.task) else choice.task_name(one.task)


def _apart(count: int) -> str:
    """Quick draws are listed and counted apart: they enter no ratio."""
    return APART.format(count=count) if count else ""


def _minute(line: Row | None) -> str:
    return f"{beijing(line['time']):%Y-%m-%d %H:%M}" if line else ""


def _dispatched(choice: Choice) -> Made:
    rows = [{**line, "items": choice.items(line["items"])} for line in choice.visits.values()
            if choice.here(line["unit"]) and choice.dated(line["dispatched"] or line["drawn"])]
    rows.sort(key=lambda line: (line["task"], calling(line)))
    return rows, f"合计：{len(rows)} 户，已派发 {sum(bool(line['dispatched']) for line in rows)} 户，已签收 {sum(bool(line['signed']) for line in rows)} 户。"


def _results(choice: Choice) -> Made:
    wanted = [line for line in choice.results if choice.here(line["unit"])]
    rows = [{**line, "item": choice.items(line["item"])} for line in choice.recorded if choice.here(line["unit"]) and choice.dated(line["date"])]
    firms = {(line["task"], line["subject"]) for line in rows}
    problems = {(line["task"], line["subject"]) for line in rows if line["result"] not in CLEAN_RESULTS}
    waiting = "" if choice.start or choice.end else f"，未录入 {sum(not (line['date'] and line['result']) for line in wanted)} 项次"
    return rows, f"合计：{len(rows)} 项次（{len(firms)} 户），发现问题 {len(problems)} 户{waiting}。"


def _voids(choice: Choice) -> Made:
    freezes = [one for one in choice.attempts if choice.leads(one.task) and choice.dated(local_date(one.freeze))]
    rows = [_void(choice, one) for one in choice.attempts if one.void and choice.leads(one.task) and choice.dated(local_date(one.void))]
    quick = sum(choice.apart(line["task"]) for line in rows)  # quick draws count apart, outside the void rate
    rows, freezes = [line for line in rows if not choice.apart(line["task"])], [one for one in freezes if not choice.apart(one.task)]
    rate = f"{len(rows) / len(freezes):.1%}" if freezes else "无"
    causes = Counter(row["reason"] for row in rows)
    why = "，其中" + "、".join(f"{reason} {count} 次" for reason, count in causes.most_common()) if rows else ""
    left = sum(row["stage"] == VOID_STAGES[0] for row in rows)
    waiting = sum(not (one.draw or one.void) for one in freezes)
    return rows, f"合计：作废 {len(rows)} 次{why}；冻结后放弃 {left} 次，冻结后还没有抽取 {waiting} 次；同期冻结 {len(freezes)} 次，作废率 {rate}。" + _apart(quick)


def _void(choice: Choice, one: Attempt) -> Row:
    void = one.void or {}
    facts = data(void)
    return {
        "seq": void["seq"], "time": _minute(void), "task": one.task, "name": _name(choice, one), "attempt": one.number, "operator": void["operator"],
        **{name: facts.get(name, "") for name in ("stage", "reason", "explain", "approver")},
    }


class Column(NamedTuple):
    """A column of a ledger: the name of its text in a row, and how it is printed."""

    name: str
    header: str
    weight: float
    short: bool = False


CLASS = Column("class", "信用风险等级", 34, short=True)


class Ledger(NamedTuple):
    """A kind of ledger. `graded`: its rows have a class, shown on internal prints. `period`: what a period is of."""

    title: str
    period: str
    build: Callable[[Choice], Made]
    graded: bool
    columns: tuple[Column, ...]


COUNTED = "只用于统计检查次数，名录全部列出"
LEDGERS = {
    "对象库": Ledger("检查对象名录库台账", COUNTED, _subjects, True, (
        Column("name", "主体名称", 110), Column("code", "统一社会信用代码", 104, True), Column("address", "住所", 120), Column("unit", "管辖单位", 80),
        Column("type", "主体类型", 50), Column("status", "登记状态", 34, True), Column("state", "状态", 34, True), Column("phone", "联系电话", 64, True),
        Column("checks", "{when}检查次数", 34, True), Column("last", "上次检查", 58, True))),
    "人员库": Ledger("执法检查人员名录库台账", COUNTED, _inspectors, False, (
        Column("name", "姓名", 46, True), Column("unit", "所在单位", 110), Column("id", "行政执法证号", 90, True), Column("until", "证件有效期至", 60, True),
        Column("items", "可检查事项", 170), Column("kind", "人员类别", 80), Column("post", "职务", 50), Column("state", "状态", 34, True),
        Column("phone", "手机", 64, True), Column("checks", "{when}派往户数", 34, True))),
    "抽取": Ledger("抽取台账", "按冻结日期", _draws, False, (
        Column("task", "任务编号", 97, True), Column("name", "任务名称", 125), Column("attempt", "第几次", 32, True), Column("frozen", "冻结时间", 58, True),
        Column("drawn", "抽取时间", 58, True), Column("pool", "名单户数", 40, True), Column("size", "抽中户数", 40, True), Column("slots", "报数人", 60),
        Column("witnesses", "见证人", 60), Column("commitment", "承诺值前8位", 56, True), Column("state", "状态", 34, True))),
    "派发": Ledger("派发台账", "按派发日期；还没有派发的，按抽取日期", _dispatched, True, (
        Column("task", "任务编号", 97, True), Column("name", "主体名称", 110), Column("subject", "统一社会信用代码", 104, True), Column("unit", "管辖单位", 80),
        Column("items", "检查事项", 100), Column("leader", "组长", 42, True), Column("members", "组员", 46, True), Column("dispatched", "派发日期", 58, True),
        Column("signed_by", "签收人", 42, True), Column("signed", "签收日期", 58, True))),
    "结果": Ledger("检查结果台账", "按检查日期", _results, True, (
        Column("task", "任务编号", 97, True), Column("name", "主体名称", 94), Column("subject", "统一社会信用代码", 104, True), Column("unit", "管辖单位", 66),
        Column("item", "检查事项", 78), Column("date", "检查日期", 58, True), Column("result", "检查结果", 66), Column("problem", "发现问题情况", 74),
        Column("follow_up", "后续处置", 56), Column("done", "完结日期", 58, True))),
    "作废": Ledger("作废台账", "按作废日期", _voids, False, (
        Column("seq", "记录行号", 34, True), Column("time", "作废时间", 58, True), Column("task", "任务编号", 97, True), Column("name", "任务名称", 125),
        Column("attempt", "第几次", 32, True), Column("stage", "阶段", 66, True), Column("reason", "原因", 66), Column("explain", "原因说明", 140),
        Column("approver", "审批人", 46, True), Column("operator", "操作人", 46, True))),
}


def listing(kind: str, choice: Choice) -> Listing:
    """A ledger ready to print, rows numbered from 1."""
    ledger = LEDGERS[kind]
    rows, totals = ledger.build(choice)
    columns = (*ledger.columns, CLASS) if ledger.graded and choice.internal else ledger.columns
    mark = f"（{INTERNAL}）" if choice.internal else ""
    period = f"{choice.period}（{ledger.period}）" if choice.start or choice.end else choice.period
    return Listing(
        title=f"{ledger.title}{mark}",
        head=(f"单位：{choice.unit or '全部'}　期间：{period}{'　' + INTERNAL if mark else ''}", f"{choice.bureau}　打印日期：{day(beijing(choice.now).date().isoformat())}"),
        fields=[Field("序号", 24, short=True), *(Field(column.header.format(when=choice.when), column.weight, column.short) for column in columns)],
        rows=[(str(number), *(line[column.name] for column in columns)) for number, line in enumerate(rows, 1)],
        totals=totals,
    )
