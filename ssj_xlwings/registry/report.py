"""Findings as rows of 校验结果: what blocks first, equal ones in one row, many of a kind in one row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.package.areas import letters
from ssj_xlwings.vocabulary.sentences import registry as say
from ssj_xlwings.vocabulary.tables import BY_NAME, FINDINGS, TABLES, address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ssj_xlwings.types import At, Finding, Frame, Sentence

NAMED = 500
"""Cells of a row (or runs of cells) that are named; the rest are counted."""
FEW = 5
"""Cells named on the screen, and values of a kind named in 校验结果."""
ALIKE = 10
"""Of more different values than this, one kind of error makes one row, not one a value."""
TAB = {table.name: place for place, table in enumerate(TABLES)}
CELL = re.compile("([A-Z]+)([0-9]+)")
Key = tuple[bool, int, str, str, str]


class Group(NamedTuple):
    """Findings that make one row, in the order of their rows; `kind`: they hold different values."""

    findings: list[Finding]
    problem: str
    seen: str
    allowed: str
    remedy: str
    kind: bool


def rows(findings: Sequence[Finding], former: Frame, cell: Callable[[At], str]) -> list[dict[str, str]]:
    """One row a group of equal findings (level, sheet, problem, seen, remedy), those that block first, then in the
    order of tabs and rows. More than ten groups that differ in their values only are one. `cell` gives an address
    such as 检查对象名录库!C2; 处理 is kept from `former`.
    """
    equal: dict[Key, list[Finding]] = {}
    for finding in sorted(findings, key=lambda finding: finding.at.row):
        key = (not finding.blocks, TAB.get(finding.at.table, len(TAB)), finding.problem(), finding.values.get("seen", ""), finding.remedy())
        equal.setdefault(key, []).append(finding)
    kinds: dict[tuple[bool, str, str, Sentence], list[list[Finding]]] = {}
    for same in equal.values():
        first = same[0]
        kinds.setdefault((first.blocks, first.at.table, first.at.column, first.sentence), []).append(same)
    groups = [group for alike in kinds.values() for group in ([_kind(alike)] if len(alike) > ALIKE else map(_equal, alike))]
    groups.sort(key=lambda group: (not group.findings[0].blocks, TAB.get(group.findings[0].at.table, len(TAB)), group.findings[0].at.row))
    handled = _handled(former)
    return [_row(group, handled, cell) for group in groups]


def _equal(same: list[Finding]) -> Group:
    first = same[0]
    return Group(same, first.problem(), first.values.get("seen", ""), first.values.get("allowed", ""), first.remedy(), kind=False)


def _kind(alike: list[list[Finding]]) -> Group:
    """One group of errors of one kind: its sentence speaks of all of them, and what differs is left out of it."""
    found = sorted((finding for same in alike for finding in same), key=lambda finding: finding.at.row)
    sentence = say.OF_A_KIND.get(found[0].sentence, found[0].sentence)
    values = {name: text if all(finding.values.get(name) == text for finding in found) else "" for name, text in found[0].values.items()}
    words = list(dict.fromkeys(text for finding in found if (text := finding.values.get("seen", ""))))
    seen = "、".join(words[:FEW])
    shown = {name: text or say.DIFFERENT for name, text in values.items() if name != "hint"} | {"hint": ""}
    return Group(
        found, sentence.problem.format(**shown), say.VALUES.format(values=seen, count=len(words)) if len(words) > FEW else seen,
        values.get("allowed", ""), sentence.remedy.format(**shown), kind=True,
    )


def _row(group: Group, handled: Mapping[tuple[str, ...], str], cell: Callable[[At], str]) -> dict[str, str]:
    first = group.findings[0]
    addresses = [cell(finding.at) for finding in group.findings]
    named = _runs([text.rpartition("!")[2] for text in addresses])
    row = {
        "level": say.BLOCKS if first.blocks else say.REMINDS,
        "sheet": BY_NAME[first.at.table].sheet,
        "problem": group.problem,
        "count": str(len(group.findings)),
        "cells": _named(named, NAMED, len(group.findings)),
        "seen": group.seen,
        "allowed": group.allowed,
        "remedy": group.remedy,
        "link": addresses[0],
    }
    return {**row, "handled": handled.get((row["sheet"], row["problem"], "" if group.kind else row["seen"]), "")}


def _runs(cells: Sequence[str]) -> list[str]:
    """B2:B9 for three cells or more that follow each other in a column; the others as they are."""
    runs: list[list[str]] = []
    for text in cells:
        if runs and _below(runs[-1][-1]) == text:
            runs[-1].append(text)
        else:
            runs.append([text])
    return [name for run in runs for name in ([f"{run[0]}:{run[-1]}"] if len(run) > 2 else run)]


def _below(text: str) -> str:
    found = CELL.fullmatch(text)
    return f"{found[1]}{int(found[2]) + 1}" if found else ""


def _named(names: Sequence[str], most: int, count: int) -> str:
    text = "、".join(names[:most])
    return text if len(names) <= most else say.CELLS.format(cells=text, count=count)


def few(row: Mapping[str, str]) -> str:
    """The cells of a row of 校验结果, as many as a line on the screen takes."""
    return _named(row["cells"].split("、"), FEW, int(row["count"]))


def _handled(former: Frame) -> dict[tuple[str, ...], str]:
    """What people wrote into 处理, by sheet, problem and value; a row of many values also stands without them,
    because they change as the first of them are put right.
    """
    found: dict[tuple[str, ...], str] = {}
    for sheet, problem, seen, text in zip(*(former[name] for name in FINDINGS.key), former["handled"], strict=True):
        if text:
            found[sheet, problem, seen] = text
            found.setdefault((sheet, problem, ""), text)
    return found


def default_cell(at: At) -> str:
    """The address of a place in a book whose columns stand in the order of the vocabulary."""
    names = [column.name for column in BY_NAME[at.table].columns]
    letter = letters(names.index(at.column) + 1) if at.column in names else ""
    return address(at.table, at.row, at.column, letter)
