"""Whether a draw record is true: the protocol's steps in their order, stopping at the first difference."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.lottery import files, record
from ssj_xlwings.lottery.steps import STEPS, Case, Source, Undone
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import lottery as say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ssj_xlwings.types import Row

__all__ = ["Source", "Step", "Verdict", "verify"]
SLIP = 2
"""The step that only the signed paper can do: a whole record, log and all, could be made anew."""


class Step(NamedTuple):
    """One step: `result` is 是, 否 or 未核; the sentence says what was found, or why it could not be done."""

    no: int
    title: str
    result: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """All thirteen steps. `ok`: none of them found a difference."""

    steps: tuple[Step, ...]

    @property
    def ok(self) -> bool:
        """Whether everything that could be checked is true."""
        return self.failure is None

    @property
    def failure(self) -> Step | None:
        """The step that found the first difference."""
        return next((step for step in self.steps if step.result == say.NO), None)

    @property
    def undone(self) -> list[Step]:
        """The steps that could not be done."""
        return [step for step in self.steps if step.result == say.UNDONE]

    @property
    def summary(self) -> tuple[str, ...]:
        """In plain words what the verdict proves, and what it cannot."""
        if self.failure:
            return (say.FAILED.format(no=self.failure.no, title=self.failure.title, sentence=self.failure.sentence), say.CANNOT_PROVE)
        only = (say.PROVES_ONLY.format(steps="、".join(step.title for step in self.undone)),) if self.undone else ()
        remade = (say.REMADE,) if any(step.no == SLIP for step in self.undone) else ()
        return (say.PROVES, *only, *remade, say.CANNOT_PROVE)


def verify(path: Path, slip: str = "", log: Sequence[Row] | None = None, source: Source | None = None) -> Verdict:
    """Recompute a draw record. `path`: draw.json or its folder; `slip`: the commitment on the signed paper, or its
    first 8 digits or more; `log`: rows of the log file, oldest first.

    A difference is a step with 否, not an error. Refusal if there is no record or the slip is not a commitment.
    """
    place = path if path.is_dir() else path.parent
    if not (place / record.DRAW).is_file():
        raise Refusal(say.NO_RECORD, path=path)
    written = re.sub(r"\s", "", slip).lower()
    if written and not re.fullmatch("[0-9a-f]{8,64}", written):
        raise Refusal(say.SLIP_FORM, seen=slip)
    case = Case(place, files.load(place / record.DRAW), written, log, source)
    steps: list[Step] = []
    stopped = False
    for no, (title, step) in enumerate(zip(say.TITLES, STEPS, strict=True), 1):
        if stopped:
            steps.append(Step(no, title, say.UNDONE, say.STOPPED))
            continue
        try:
            result, sentence = say.YES, step(case)
        except Undone as why:
            result, sentence = say.UNDONE, str(why)
        except Refusal as why:
            result, sentence, stopped = say.NO, str(why), True
        steps.append(Step(no, title, result, sentence))
    return Verdict(tuple(steps))
