"""One clock: UTC in records, the calendar day of China (one time zone) for people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
FORM = "%Y-%m-%dT%H:%M:%SZ"


def utc(now: datetime) -> str:
    """2026-03-02T01:00:00Z, as the protocol writes a time."""
    return now.astimezone(UTC).strftime(FORM)


def day(now: datetime) -> date:
    """The day in China."""
    return now.astimezone(CHINA).date()


def day_of(text: str) -> date:
    """The day in China of a time as `utc` writes it."""
    return day(datetime.strptime(text, FORM).replace(tzinfo=UTC))
