"""Small books as a command sees them: frames of texts, sheet rows from 2 on; and a book's part in a command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from stdnum.cn.uscc import calc_check_digit

from ssj_xlwings.types import Append, Outcome, Patch, Request, View
from ssj_xlwings.vocabulary import divisions
from ssj_xlwings.vocabulary.settings import BY_NAME as SETTINGS
from ssj_xlwings.vocabulary.tables import BY_NAME, TABLES

BUREAU = "邯郸市市场监督管理局"
NOW = datetime(2026, 3, 12, 2, 30, tzinfo=UTC)
Rows = Sequence[Mapping[str, str]]


def code(number: int, head: str = "91130402") -> str:
    """A valid 统一社会信用代码."""
    stem = f"{head}MA{number:07d}"
    return stem + str(calc_check_digit(stem))


def frame(table: str, rows: Rows) -> pd.DataFrame:
    """Rows as a book shows them; what a row does not name is blank."""
    names = [column.name for column in BY_NAME[table].columns]
    return pd.DataFrame([[row.get(name, "") for name in names] for row in rows], columns=names, index=range(2, len(rows) + 2), dtype=object)


def settings(**other: str) -> Rows:
    values = {"bureau": BUREAU, "division": "130400", "year": "2026", **other}
    return [{"key": SETTINGS[name].key, "value": value} for name, value in values.items()]


def units() -> Rows:
    """The bureau and the county bureaus of Handan."""
    counties = [d for d in divisions.below("130400") if not d.until and d.code != "130400"]
    return [{"name": BUREAU, "division": "130400", "level": "市局", "area": "邯郸市"},
            *({"name": f"{d.name}市场监督管理局", "division": d.code, "level": "县局", "area": d.name} for d in counties)]


def view(**rows: Rows) -> View:
    """A book with the given tables; settings and units are there unless given."""
    rows = {"settings": settings(), "units": units(), **rows}
    return View({table.name: frame(table.name, rows.get(table.name, ())) for table in TABLES})


def sound(**rows: Rows) -> View:
    """A book in which no check finds anything, with the given tables in place of its own."""
    own: dict[str, Rows] = {
        "items": [{"code": "DJ01", "name": "名称检查", "kind": "一般检查事项", "basis": "条例第三十八条"},
                  {"code": "ZD01", "name": "特种设备检查", "kind": "重点检查事项", "basis": "特种设备安全法"}],
        "subjects": [{"name": f"商店{n}", "code": code(n), "address": "丛台区人民路", "unit": "丛台区市场监督管理局"} for n in range(4)],
        "inspectors": [{"name": name, "unit": BUREAU, "id": f"1304{n}", "until": "2027-12-31", "items": "全部"} for n, name in enumerate("甲乙丙")],
        "plans": [{"name": "年度计划", "kind": "内部联合", "items": "DJ01、ZD01", "start": "2026-03-01", "end": "2026-11-30"}],
        "tasks": [{"name": "第一批", "plan": "年度计划", "items": "DJ01、ZD01", "start": "2026-03-16", "end": "2026-04-30"}],
        "visits": [{"task": "第一批", "attempt": "1", "no": "1", "subject": code(1)}],
        "log": [{"seq": "1", "task": "第一批", "event": "冻结", "attempt": "1", "data": "{}"}, {"seq": "2", "task": "第一批", "event": "抽取", "attempt": "1", "data": "{}"}],
    }
    return view(**{**own, **rows})


def request(book: View, **args: object) -> Request:
    return Request(args=args, now=NOW, operator="孙操作", entropy=bytes, progress=lambda _: None, book=Path("台账.xlsx"), view=book)


def applied(book: View, outcome: Outcome) -> View:
    """The book after the changes of an outcome."""
    tables = {name: table.copy() for name, table in book.tables.items()}
    for change in outcome.changes:
        old = tables[change.table]
        if isinstance(change, Append):
            rows = [*({str(k): str(v) for k, v in row.items()} for row in old.to_dict("records")), *change.rows]
            tables[change.table] = frame(change.table, rows)
        elif isinstance(change, Patch):
            for (row, name), text in change.cells.items():
                old.loc[row, name] = text
        else:
            tables[change.table] = frame(change.table, change.rows)
    return View(tables)
