"""What tells a quick draw from a task: its number. It stands in the log, never in 抽查任务."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

PREFIX = "快抽-"
STRATUM, ITEM = "全部", "抽取"
"""The one stratum and the one item of a quick draw (draw protocol, end of Steps)."""


def is_quick(number: str) -> bool:
    """Whether a task number is that of a quick draw."""
    return number.startswith(PREFIX)


def prefix(day: date) -> str:
    """How the numbers of that day's quick draws begin."""
    return f"{PREFIX}{day:%Y%m%d}-"
