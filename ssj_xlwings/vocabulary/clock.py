"""One clock: UTC in records, the time of China (one time zone) for people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))


def utc(now: datetime) -> str:
    """2026-03-02T01:00:00Z, as the protocol writes a time."""
    return f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def beijing(moment: datetime | str) -> datetime:
    """A moment (aware, or as `utc` writes it) in China."""
    return (datetime.fromisoformat(moment) if isinstance(moment, str) else moment).astimezone(CHINA)


def day(moment: datetime | str) -> date:
    """The day in China."""
    return beijing(moment).date()
