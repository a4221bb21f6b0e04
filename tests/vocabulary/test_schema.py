"""When SCHEMA must rise: `golden/schema.txt` keeps what programs of the present number rely on."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from ssj_xlwings.vocabulary import settings
from ssj_xlwings.vocabulary.codelists import EVENTS
from ssj_xlwings.vocabulary.settings import SCHEMA, SETTINGS, Setting
from ssj_xlwings.vocabulary.tables import TABLES

GOLDEN = Path(__file__).parents[1] / "golden" / "schema.txt"


def shape(tables=TABLES, given=SETTINGS, events=EVENTS) -> list[str]:
    """What a program relies on, a line each: the log's events; settings with what a blank means; columns with all that decides how they read."""
    lines = ["抽取记录 " + "、".join(events), *(f"参数 {one.key} = {one.default}" for one in given if one.name != "schema")]
    for table in tables:
        for column in table.columns:
            must = " 必填" if column.required else ""
            lines.append(f"{table.sheet}!{column.header} {column.kind}{must} {'、'.join(column.allowed or ())}".rstrip())
    return lines


def breaches(kept: list[str], now: list[str]) -> list[str]:
    """What a program that knows `kept` would misread in a workbook of `now`: a line that is gone or other, a column more that must be filled."""
    return [line for line in kept if line not in now] + [line for line in now if line not in kept and " 必填" in line]


def test_the_number_is_that_of_the_shape():
    """Whoever breaks the shape raises SCHEMA and writes the list anew (SSJ_GOLDEN=write); with the number as it is nothing in the list may change."""
    if os.environ.get("SSJ_GOLDEN") == "write":
        GOLDEN.write_text("\n".join([SCHEMA, *shape()]) + "\n", encoding="utf-8")
    number, *kept = GOLDEN.read_text(encoding="utf-8").splitlines()
    assert number == SCHEMA
    assert breaches(kept, shape()) == []


def changed(name: str, **what):
    """The tables, one column of the registry otherwise."""
    return tuple(replace(table, columns=tuple(replace(column, **what) if (table.name, column.name) == ("subjects", name) else column for column in table.columns)) for table in TABLES)


@pytest.mark.parametrize(("now", "count"), [
    (shape(events=(*EVENTS, "新的事件")), 1),
    (shape(given=SETTINGS[1:]), 1),
    (shape(given=tuple(one._replace(default="9") if one.name == "team" else one for one in SETTINGS)), 1),
    (shape(given=(*SETTINGS, Setting("new", "新参数", "", ""))), 0),
    (shape(changed("name", header="户名")), 2),
    (shape(changed("class", allowed=("A", "B", "C", "D", "E", "未评"))), 1),
    (shape(changed("remark", kind="date")), 1),
    (shape(changed("remark", required=True)), 2),
    (shape(TABLES[1:]), len(TABLES[0].columns)),
    (shape((*TABLES, replace(TABLES[0], sheet="新表", columns=TABLES[-1].columns[2:]))), 0),
], ids=["event", "setting gone", "setting means another", "setting more", "heading", "word more", "kind", "required", "sheet gone", "sheet more"])
def test_what_counts_as_broken(now, count):
    """Renamed, gone, meaning something else, a word more in a closed list, an event more: broken. What may be left alone is not."""
    assert len(breaches(shape(), now)) == count


def test_a_program_refuses_only_newer_numbers():
    """A workbook of the same number or an older one is read; a newer one, or no number at all, is refused."""
    for seen in ("0", SCHEMA):
        settings.refuse_newer({"schema": seen})
    for seen in (str(int(SCHEMA) + 1), "二"):
        with pytest.raises(settings.Refusal):
            settings.refuse_newer({"schema": seen})
