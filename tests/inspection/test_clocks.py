"""Working days."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssj_xlwings.inspection.clocks import add_workdays, is_workday, overrides
from tests.bureau import frame

DAYS = st.dates(dt.date(2004, 1, 1), dt.date(2040, 12, 31))


@pytest.mark.parametrize(("start", "n", "due", "covered"), [
    ("2026-03-12", 0, "2026-03-12", True),
    ("2026-03-12", 2, "2026-03-16", True),
    ("2026-04-30", 1, "2026-05-06", True),
    ("2025-09-26", 1, "2025-09-28", True),
    ("2031-03-14", 1, "2031-03-17", False),
])
def test_add_workdays(start, n, due, covered):
    """Weekends and holidays do not count, worked Sundays do; beyond the calendar only weekends are known."""
    assert add_workdays(dt.date.fromisoformat(start), n, {}) == (dt.date.fromisoformat(due), covered)


def test_the_sheet_wins():
    """A row of 节假日 makes a day free or worked, and a year with rows counts as covered."""
    sheet = overrides(frame("holidays", [{"date": "2026-03-13", "kind": "放假"}, {"date": "2026-03-14", "kind": "调休上班"}, {"date": "2031-10-01", "kind": "放假"}, {"date": "十一", "kind": "放假"}]))
    assert add_workdays(dt.date(2026, 3, 12), 1, sheet) == (dt.date(2026, 3, 14), True)
    assert add_workdays(dt.date(2031, 9, 30), 1, sheet) == (dt.date(2031, 10, 2), True)


@given(DAYS, st.integers(1, 40), st.dictionaries(DAYS, st.booleans(), max_size=20))
def test_exactly_n_worked_days_lie_between(start, n, sheet):
    """The due day is worked, and n worked days lie after the start up to it."""
    due, _ = add_workdays(start, n, sheet)
    assert is_workday(due, sheet)[0]
    assert sum(is_workday(start + dt.timedelta(days=at), sheet)[0] for at in range(1, (due - start).days + 1)) == n
