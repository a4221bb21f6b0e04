"""公示名册: the results of a task in the public columns (rules §2.5).

A row is built from a whitelist: only the columns of the table `roster` can appear, each from one
source named here. Inspectors, classes, phones and contact persons have no column to appear in; the
free texts of a result (problem, remark) are for the bureau and stay there.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ssj_xlwings.vocabulary.sentences.publication import CURRENT_HEAD, TEMPORARY
from ssj_xlwings.vocabulary.tables import BY_NAME, ROSTER
from ssj_xlwings.vocabulary.values import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ssj_xlwings.types import Row

COLUMNS = tuple(column.name for column in ROSTER.columns)
RETURNED = "退回"
LIVE = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet may take for a formula."""


@dataclass(frozen=True)
class Head:
    """What all rows of a task have in common."""

    plan_number: str
    plan_name: str
    task_number: str
    task_name: str
    direction: str
    bureau: str


@dataclass(frozen=True)
class Compiled:
    """`rows`: public rows, not yet numbered; the others as (name, item, ground)."""

    rows: list[Row]
    withheld: list[tuple[str, str, str]]
    returned: list[tuple[str, str, str]]
    missing: list[tuple[str, str, str]]

    @property
    def rate(self) -> str:
        """公示率: published ÷ should be published, which leaves out what is withheld on a stated ground."""
        should = len(self.rows) + len(self.returned) + len(self.missing)
        return f"{len(self.rows) / should:.1%}" if should else "无"


def head(task: Row, plan: Row | None, bureau: str) -> Head:
    """The common columns of a task; a task without a plan is a temporary one."""
    usual = BY_NAME["plans"].column("direction").default
    return Head(
        plan_number=plan["number"] if plan else "", plan_name=plan["name"] if plan else TEMPORARY, task_number=task["number"], task_name=task["name"],
        direction=(plan["direction"] if plan else "") or usual, bureau=task["lead"] or bureau,
    )


def compile_roster(common: Head, visits: Sequence[Row], results: Sequence[Row], item_names: Mapping[str, str]) -> Compiled:
    """One row for each firm and item of the visits (in calling order), as far as its result may be published.

    `visits`, `results`: rows of one task's standing attempt. A result counts as in when it has date and
    result; one with a ground in 不公示事由 is withheld, one whose review says 退回 waits.
    """
    by_key = {(line["subject"], line["item"]): line for line in results}
    made = Compiled([], [], [], [])
    for visit in visits:
        for code in words(visit["items"]):
            line, item = by_key.get((visit["subject"], code), {}), item_names.get(code, code)
            told = (visit["name"], item, line.get("withheld", ""))
            if line.get("withheld"):
                made.withheld.append(told)
            elif not (line.get("date") and line.get("result")):
                made.missing.append(told)
            elif line["review"] == RETURNED:
                made.returned.append(told)
            else:
                made.rows.append(_public(common, visit, item, line))
    return made


def _public(common: Head, visit: Row, item: str, line: Row) -> Row:
    return {
        "plan_number": common.plan_number, "plan_name": common.plan_name, "task_number": common.task_number, "task_name": common.task_name,
        "direction": common.direction, "bureau": common.bureau, "name": visit["name"],
        "code": "" if visit["subject"] == visit["name"] else visit["subject"], "date": line["date"], "item": item, "result": line["result"], "remark": "",
    }


def merged(former: Sequence[Row], task_number: str, rows: Sequence[Row]) -> list[Row]:
    """The whole roster: other tasks' rows as they stand, this task's rows below, numbered anew.

    A remark that staff typed into the roster for the same firm and item stays.
    """
    remarks = {_key(line): line["remark"] for line in former if line["task_number"] == task_number}
    others = [line for line in former if line["task_number"] != task_number]
    mine = [{**line, "remark": remarks.get(_key(line), "")} for line in rows]
    return [{**{name: line.get(name, "") for name in COLUMNS}, "no": str(number)} for number, line in enumerate([*others, *mine], 1)]


def _key(line: Row) -> tuple[str, str, str]:
    return line["code"], line["name"], line["item"]


def csv_bytes(rows: Sequence[Row]) -> bytes:
    """The roster as .csv: UTF-8 with BOM (or Excel takes it for GBK), CRLF, headings first.

    A cell that begins with = + - @, tab or carriage return gets a leading apostrophe, so that no text
    from a registry comes alive as a formula in the spreadsheet of whoever opens the file.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.header for column in ROSTER.columns])
    writer.writerows([[quiet(line[name]) for name in COLUMNS] for line in rows])
    return text.getvalue().encode("utf-8-sig")


def current(visits: Sequence[Row]) -> bytes:
    """The firms of the visits in their order, each once, as a .tsv: number, name, code, items. It tells of nobody who
    left or came, and its numbers are its own.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for visit in visits:
        found.setdefault((visit["name"], visit["subject"]), set()).update(words(visit["items"]))
    rows = [(str(number), *firm, "、".join(sorted(items))) for number, (firm, items) in enumerate(found.items(), 1)]
    return "".join("\t".join(row) + "\n" for row in (CURRENT_HEAD, *rows)).encode()


def quiet(text: str) -> str:
    """The text, with an apostrophe before it where it would be a formula."""
    return "'" + text if text.startswith(LIVE) else text
