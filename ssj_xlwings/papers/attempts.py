"""The attempts of all tasks, as the rows of the chained log tell them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.sentences import papers as say
from ssj_xlwings.vocabulary.values import batch_of

EVENTS = {codelists.FROZEN: "freeze", codelists.SAID: "said", codelists.DRAWN: "draw", codelists.VOIDED: "void"}
LogLine = Mapping[str, str]


def data(line: LogLine | None) -> dict[str, str]:
    """What a row of the log holds in its column 内容; empty where there is no row."""
    return {} if line is None else {str(name): str(value) for name, value in json.loads(line["data"] or "{}").items()}


@dataclass(frozen=True)
class Attempt:
    """One freeze and what followed it (rows of the log; None: has not happened)."""

    freeze: LogLine
    said: LogLine | None = None
    draw: LogLine | None = None
    void: LogLine | None = None

    @property
    def task(self) -> str:
        """The task's number."""
        return self.freeze["task"]

    @property
    def number(self) -> str:
        """1 for a task's first attempt, and so on."""
        return self.freeze["attempt"]

    @property
    def state(self) -> str:
        """The last event."""
        return [event for event, name in EVENTS.items() if getattr(self, name)][-1]

    @cached_property
    def frozen(self) -> dict[str, str]:
        """What the freeze wrote down: commitment, root, plan, pool, slots, folder, host, place, witnesses."""
        return data(self.freeze)


def batches_line(attempt: Attempt) -> str:
    """Of a finished draw, where the lot decided the order of batches: which numbers make which batch; else ""."""
    batches = int(attempt.frozen.get("batches", "1"))
    if batches < 2:
        return ""
    visits = int(data(attempt.draw)["visits"])
    numbers: dict[int, list[int]] = {}
    for no in range(1, visits + 1):
        numbers.setdefault(batch_of(no, visits, batches), []).append(no)
    return say.BATCHES.format(batches=batches, which="；".join(say.BATCH.format(batch=at, first=mine[0], last=mine[-1]) for at, mine in numbers.items()))


def attempts(log: Iterable[LogLine]) -> list[Attempt]:
    """All attempts in the order of their freezes."""
    found: dict[tuple[str, str], dict[str, LogLine]] = {}
    for line in log:
        if line["event"] in EVENTS:
            found.setdefault((line["task"], line["attempt"]), {})[EVENTS[line["event"]]] = line
    return [Attempt(**lines) for lines in found.values() if "freeze" in lines]


def latest(log: Iterable[LogLine], task: str) -> Attempt | None:
    """The last attempt of a task (by number), None if it was never frozen."""
    return next((one for one in reversed(attempts(log)) if one.task == task), None) if task else None
