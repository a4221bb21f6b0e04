"""Whether a draw record is true: the protocol's steps in their order, stopping at the first difference."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ssj_xlwings.lottery import files, record
from ssj_xlwings.lottery.source import Source
from ssj_xlwings.lottery.steps import STEPS, Case
from ssj_xlwings.lottery.verdict import Step, Verdict, steps_of
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import lottery as say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ssj_xlwings.types import Row

__all__ = ["Source", "Step", "Verdict", "on_paper", "verify"]


def verify(path: Path, slip: str = "", log: Sequence[Row] | None = None, source: Source | None = None) -> Verdict:
    """Recompute a draw record. `path`: draw.json or its folder; `slip`: the commitment on the signed paper, or its
    first 8 digits or more; `log`: rows of the log file, oldest first.

    A difference is a step with 否, not an error. Refusal if there is no record or the slip is not a commitment.
    """
    place = path if path.is_dir() else path.parent
    if not (place / record.DRAW).is_file():
        raise Refusal(say.NO_RECORD, path=path)
    case = Case(place, files.load(place / record.DRAW), on_paper(slip), log, source)
    return Verdict(steps_of(say.TITLES, STEPS, case))


def on_paper(slip: str) -> str:
    """A commitment, or its head, as somebody typed it from the signed paper. Refusal unless it can be one."""
    written = re.sub(r"\s", "", slip).lower()
    if written and not re.fullmatch("[0-9a-f]{8,64}", written):
        raise Refusal(say.SLIP_FORM, seen=slip)
    return written
