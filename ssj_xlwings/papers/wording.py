"""Dates and names as they are printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ssj_xlwings.vocabulary.clock import beijing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def clock(moment: str) -> str:
    """2026-03-02T01:00:00Z as 2026年3月2日 09:00, Beijing time."""
    local = beijing(moment)
    return f"{day(local.date().isoformat())} {local:%H:%M}"


def day(date: str) -> str:
    """2026-03-02 as 2026年3月2日."""
    return "{}年{}月{}日".format(*(int(part) for part in date.split("-"))) if date else ""


LISTED = 200
"""Characters of item names that a cell of a list takes; Excel's highest row holds about twice that."""


def listed(codes: Sequence[str], names: Mapping[str, str]) -> str:
    """Items by name, or by code where the names are too long for a cell of a list."""
    text = "、".join(names.get(code, code) for code in codes)
    return text if len(text) <= LISTED else "、".join(codes)


def safe_name(text: str) -> str:
    """A text that comes from data as part of a file name: no path, no character that Windows refuses."""
    clean = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", text).strip(" .")
    return clean[:60].strip(" .") or "_"


def distinct(names: Iterable[str], longest: int) -> list[str]:
    """The names, cut to `longest` characters, made different from each other without regard to case."""
    made: list[str] = []
    taken: set[str] = set()
    for name in names:
        short, number = name[:longest], 1
        while short.casefold() in taken:
            number += 1
            short = f"{name[: longest - len(str(number)) - 2]}({number})"
        taken.add(short.casefold())
        made.append(short)
    return made


def sheet_names(texts: Iterable[str]) -> list[str]:
    """Sheet names that Excel accepts: at most 31 characters, none that it forbids, distinct."""
    return distinct((re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", text).strip("' ") or "_" for text in texts), 31)
