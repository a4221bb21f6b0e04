"""What tells a quick draw from a task: its number. It stands in the log, and in 抽查任务 once it was made a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.vocabulary import codelists

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ssj_xlwings.types import Row

PREFIX = "快抽-"
STRATUM, ITEM = "全部", "抽取"
"""The one stratum and the one item of a quick draw (draw protocol, end of Steps)."""


def is_quick(number: str) -> bool:
    """Whether a task number is that of a quick draw."""
    return number.startswith(PREFIX)


def prefix(day: date) -> str:
    """How the numbers of that day's quick draws begin."""
    return f"{PREFIX}{day:%Y%m%d}-"


def adopted(rows: Iterable[Row]) -> set[str]:
    """The numbers of the quick draws that were made tasks, from the rows of the log. They keep their number."""
    return {row["task"] for row in rows if row["event"] == codelists.ADOPTED}
