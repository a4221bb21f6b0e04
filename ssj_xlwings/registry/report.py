"""Findings as rows of 校验结果: what blocks first, equal ones in one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.package.areas import letters
from ssj_xlwings.vocabulary.sentences import registry as say
from ssj_xlwings.vocabulary.tables import BY_NAME, FINDINGS, TABLES, address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ssj_xlwings.types import At, Finding, Frame

SHOWN = 5
"""Cells of a group that are named; the rest are counted."""
TAB = {table.name: place for place, table in enumerate(TABLES)}


def rows(findings: Sequence[Finding], former: Frame, cell: Callable[[At], str]) -> list[dict[str, str]]:
    """One row a group of equal findings (level, sheet, problem, seen, remedy), those that block first, then in the
    order of tabs and rows. `cell` gives an address such as 检查对象名录库!C2; 处理 is kept from `former`.
    """
    groups: dict[tuple[bool, int, str, str, str], list[Finding]] = {}
    for finding in findings:
        key = (not finding.blocks, TAB.get(finding.at.table, len(TAB)), finding.problem(), finding.values.get("seen", ""), finding.remedy())
        groups.setdefault(key, []).append(finding)
    handled = _handled(former)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0], item[0][1], min(f.at.row for f in item[1])))
    return [_row(key[2], key[4], sorted(same, key=lambda f: f.at.row), handled, cell) for key, same in ordered]


def _row(problem: str, remedy: str, same: Sequence[Finding], handled: Mapping[tuple[str, ...], str], cell: Callable[[At], str]) -> dict[str, str]:
    first = same[0]
    addresses = [cell(finding.at) for finding in same[:SHOWN]]
    named = "、".join(text.rpartition("!")[2] for text in addresses)
    row = {
        "level": say.BLOCKS if first.blocks else say.REMINDS,
        "sheet": BY_NAME[first.at.table].sheet,
        "problem": problem,
        "count": str(len(same)),
        "cells": named if len(same) <= SHOWN else say.CELLS.format(cells=named, count=len(same)),
        "seen": first.values.get("seen", ""),
        "allowed": first.values.get("allowed", ""),
        "remedy": remedy,
        "link": addresses[0],
    }
    return {**row, "handled": handled.get(tuple(row[name] for name in FINDINGS.key), "")}


def _handled(former: Frame) -> dict[tuple[str, ...], str]:
    """What people wrote into 处理, by the key of the table."""
    keys = zip(*(former[name] for name in FINDINGS.key), strict=True)
    return {key: text for key, text in zip(keys, former["handled"], strict=True) if text}


def default_cell(at: At) -> str:
    """The address of a place in a book whose columns stand in the order of the vocabulary."""
    names = [column.name for column in BY_NAME[at.table].columns]
    letter = letters(names.index(at.column) + 1) if at.column in names else ""
    return address(at.table, at.row, at.column, letter)

