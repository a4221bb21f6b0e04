"""Divisions of GB/T 2260, from python-stdnum's table (its `cn/loc` holds past names too)."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from stdnum import numdb


class Division(NamedTuple):
    """One division that has borne a code: `until` is the year it was abolished, "" if it stands."""

    code: str
    name: str
    until: str


@cache
def below(division: str) -> tuple[Division, ...]:
    """All divisions, present and past, that belong to a province (130000), city (130400) or county."""
    prefix = division.rstrip("0") if division.endswith("00") else division
    prefix += "0" * (len(prefix) % 2)
    spare = 6 - len(prefix)
    codes = (f"{prefix}{n:0{spare}d}" for n in range(10**spare)) if spare else (division,)
    return tuple(found for code in codes for found in _named(code) if found.name != "市辖区")


def name(code: str) -> str:
    """The present name of a division code, "" if it has none."""
    return next((found.name for found in _named(code) if not found.until), "")


@cache
def _named(code: str) -> tuple[Division, ...]:
    info = numdb.get("cn/loc").info(code)
    if len(info) < 2 or "county" not in info[1][1]:
        return ()
    found = []
    for word in info[1][1]["county"].split(","):
        years, _, label = word.rpartition("]")
        found.append(Division(code, label, years.partition("-")[2]))
    return tuple(found)
