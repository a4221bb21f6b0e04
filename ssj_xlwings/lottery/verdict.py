"""The answer of a check: its steps in their order, stopping at the first difference, and what they prove in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import lottery as say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Case = TypeVar("Case")
SLIP = 2
"""The step that only signed paper can do, in every verdict: a whole record, log and all, could be made anew."""


class Undone(Exception):
    """A step that cannot be done; the sentence says why."""


class Step(NamedTuple):
    """One step: `result` is 是, 否 or 未核; the sentence says what was found, or why it could not be done."""

    no: int
    title: str
    result: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """All steps, and in words what they prove if none finds a difference, what they cannot prove, and what is open
    while nobody held the signed slip beside it.
    """

    steps: tuple[Step, ...]
    proves: str = say.PROVES
    cannot: str = say.CANNOT_PROVE
    remade: str = say.REMADE

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
    def numbers(self) -> bool:
        """Whether the commitment was held beside the paper, and the numbers said still are to be: it does not fix them."""
        return any(step.no == SLIP and step.result == say.YES and say.COMPARE in step.sentence for step in self.steps)

    @property
    def open(self) -> list[str]:
        """What was not checked, in words."""
        return [*(step.title for step in self.undone), *([say.NUMBERS] if self.numbers else [])]

    @property
    def summary(self) -> tuple[str, ...]:
        """In plain words what the verdict proves, and what it cannot."""
        if self.failure:
            return (say.FAILED.format(no=self.failure.no, title=self.failure.title, sentence=self.failure.sentence), self.cannot)
        only = (say.PROVES_ONLY.format(steps="、".join(self.open)),) if self.open else ()
        remade = (say.COMPARE_WHY,) if self.numbers else (self.remade,) if self.remade and any(step.no == SLIP for step in self.undone) else ()
        return (self.proves, *only, *remade, self.cannot)


def steps_of(titles: Sequence[str], steps: Sequence[Callable[[Case], str]], case: Case) -> tuple[Step, ...]:
    """Every step done on the case. One that raises a Refusal is a 否, and those after it are not done."""
    done: list[Step] = []
    stopped = False
    for no, (title, step) in enumerate(zip(titles, steps, strict=True), 1):
        if stopped:
            done.append(Step(no, title, say.UNDONE, say.STOPPED))
            continue
        try:
            result, sentence = say.YES, step(case)
        except Undone as why:
            result, sentence = say.UNDONE, str(why)
        except Refusal as why:
            result, sentence, stopped = say.NO, str(why), True
        done.append(Step(no, title, result, sentence))
    return tuple(done)


def same(where: str, seen: object, want: object, file: str) -> None:
    """Refusal naming the first place where two JSON values differ."""
    if isinstance(seen, dict) and isinstance(want, dict):
        for key in sorted(seen.keys() | want.keys()):
            same(f"{where}.{key}" if where else key, seen.get(key, say.ABSENT), want.get(key, say.ABSENT), file)
    elif isinstance(seen, list) and isinstance(want, list):
        for index, (left, right) in enumerate(zip(seen, want, strict=False), 1):
            same(f"{where}[{index}]", left, right, file)
        same(f"{where}.length", len(seen), len(want), file)
    elif seen != want:
        raise Refusal(say.DIFFERS, file=file, where=where, seen=seen, want=want)
