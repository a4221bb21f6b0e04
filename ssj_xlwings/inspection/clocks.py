"""Working days: deadlines are counted in 工作日 (rules §2.8, §6)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import chinese_calendar

from ssj_xlwings.vocabulary.values import is_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ssj_xlwings.types import Frame

NOT_COVERED = "未覆盖年份，仅按周末计算"
WORKING = "调休上班"


def overrides(holidays: Frame) -> dict[dt.date, bool]:
    """The sheet 节假日: day → whether it is worked. Rows without a proper date are left to the checks."""
    return {dt.date.fromisoformat(date): kind == WORKING for date, kind in zip(holidays["date"], holidays["kind"], strict=True) if is_date(date)}


def is_workday(day: dt.date, overridden: Mapping[dt.date, bool]) -> tuple[bool, bool]:
    """Whether the day is worked, and whether its year's holidays are known.

    The sheet wins over chinesecalendar (2004–2026). A later year counts as known as soon as the sheet
    holds a day of it; until then only weekends are free, since the State Council publishes a year's
    arrangement in the autumn before.
    """
    if day in overridden:
        return overridden[day], True
    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:
        return day.weekday() < 5, any(known.year == day.year for known in overridden)


def add_workdays(day: dt.date, n: int, overridden: Mapping[dt.date, bool]) -> tuple[dt.date, bool]:
    """The n-th working day after `day` (which itself does not count), and whether all years passed
    through were covered; where not, print `NOT_COVERED` beside the date.
    """
    covered = True
    while n > 0:
        day += dt.timedelta(days=1)
        worked, known = is_workday(day, overridden)
        covered = covered and known
        n -= worked
    return day, covered
