"""Which rows of 检查结果 stand for a visit that was drawn: anyone can type a row with a date, and only a visit counts as a check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.lookup import records

if TYPE_CHECKING:
    from ssj_xlwings.types import View


def of_a_visit(view: View) -> list[bool]:
    """For each row of 检查结果 whether its subject stands under its task and attempt in 抽取结果与派发 (replaced, merged or voided since
    or not) and the log knows that draw. Tasks drawn together have their visits under the leading one. A row of an older book
    has no attempt: any of its task's will do.
    """
    results, visits = view["results"], view["visits"]
    if not (results["date"] != "").any():
        return [False] * len(results)
    drawn: set[tuple[str, str]] = set()
    leads: dict[tuple[str, str], str] = {}
    for row in records(view["log"]):
        if row["event"] in (codelists.DRAWN, codelists.ADOPTED):
            drawn.add((row["task"], row["attempt"]))
        elif row["event"] == codelists.FROZEN:
            together = json.loads(row["data"] or "{}").get("tasks") or row["task"]
            leads |= {(task, row["attempt"]): row["task"] for task in together.split("、")}
    stand = {key for key in zip(visits["task"], visits["attempt"], visits["subject"], strict=True) if key[:2] in drawn}
    attempts: dict[str, set[str]] = {}
    for task, attempt in leads:
        attempts.setdefault(task, set()).add(attempt)
    return [
        any((leads.get((task, one), task), one, subject) in stand for one in ([attempt] if attempt else attempts.get(task, ())))
        for task, attempt, subject in zip(results["task"], results["attempt"], results["subject"], strict=True)
    ]
