"""The command 校验名录库: alone in its module, because it builds no workbook and reads no foreign file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.registry import checks, numbers, report
from ssj_xlwings.types import Outcome, Patch, Rewrite
from ssj_xlwings.vocabulary import clock
from ssj_xlwings.vocabulary.sentences import registry as say
from ssj_xlwings.vocabulary.tables import BY_NAME, FINDINGS

if TYPE_CHECKING:
    from ssj_xlwings.types import Request

SHOWN = 10
"""Findings that are shown on the screen."""


def check(request: Request) -> Outcome:
    """Run every check, number what has no number, and write 校验结果. Status 1 if anything blocks."""
    view = request.view
    found = checks.findings(view, clock.day(request.now))
    cell = request.args.get("cell") or report.default_cell
    rows = report.rows(found, view["findings"], cell)
    blocks = sum(finding.blocks for finding in found)
    patches = [Patch(name, {(row, "number"): number for row, number in made.items()})
               for name, made in (("tasks", numbers.task_numbers(view)), ("plans", numbers.plan_numbers(view))) if made]
    lines = [say.FINDING_LINE.format(**{**row, "cells": f"{row['sheet']}!{report.few(row)}"}) for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        lines.append(say.MORE_FINDINGS.format(count=len(rows) - SHOWN, sheet=FINDINGS.sheet))
    lines += [say.NUMBERED.format(sheet=BY_NAME[patch.table].sheet, count=len(patch.cells)) for patch in patches]
    return Outcome(
        message=say.CHECKED.format(blocks=blocks, reminds=len(found) - blocks) if found else say.CHECKED_CLEAN,
        lines=lines, findings=found, changes=[Rewrite("findings", rows), *patches], status=1 if blocks else 0,
    )
