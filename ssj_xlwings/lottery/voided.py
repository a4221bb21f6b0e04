"""What the public is told of a voided attempt: it can be asked why a draw does not stand, as much as how one was made.

Of a draw, public.json says by itself that it was voided. Of a freeze that was never drawn public.json holds what was
already read out, from the log alone (a lost archive is a reason to void): commitment, root, plan, numbers said. Its
secrets stay closed, so nobody can compute what it would have drawn.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ssj_xlwings.lottery import files, log, record, shape
from ssj_xlwings.lottery.digest import PROTOCOL, parse, pretty
from ssj_xlwings.lottery.verdict import Undone, Verdict, steps_of
from ssj_xlwings.types import File, Refusal
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.sentences import lottery as words
from ssj_xlwings.vocabulary.sentences import proof as say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from ssj_xlwings.types import Row

FORM = {
    "protocol": str, "tasks": [str], "attempt": int, "frozen": shape.TIME, "pool": int, "commitment": shape.HEX, "root": shape.HEX, "plan": shape.HEX,
    "slots": [str], "said": [shape.PAIR], "before": shape.HEAD, "log": shape.HEX, "voided": shape.VOIDED,
}
"""public.json of a freeze that was voided before it was drawn; `log`: hash of the freeze row."""


class Told(NamedTuple):
    """The files of the folder of a voided attempt, and why public.json could not be brought up; "" if it was."""

    folder: Path
    files: list[File]
    why: str


def mark(row: Row) -> dict[str, str]:
    """What public.json says of a void, from its row of the log. Who approved it and the explanation stay with the bureau."""
    data = log.data(row)
    return {"stage": data.get("stage", ""), "reason": data.get("reason", ""), "time": row["time"], "log": row["hash"]}


def void_of(rows: Iterable[Row], task: str, attempt: str) -> Row | None:
    """The row that voided an attempt."""
    return next((row for row in rows if (row["event"], row["task"], row["attempt"]) == (codelists.VOIDED, task, attempt)), None)


def undrawn(rows: Iterable[Row], row: Row) -> dict[str, Any]:
    """The public record of a freeze voided by `row` before it was drawn."""
    mine = {one["event"]: one for one in rows if (one["task"], one["attempt"]) == (row["task"], row["attempt"])}
    freeze, said = mine[codelists.FROZEN], log.data(mine.get(codelists.SAID))
    opened = log.data(freeze)
    return {
        "protocol": PROTOCOL, "tasks": sorted(log.tasks_of(freeze)), "attempt": int(row["attempt"]), "frozen": freeze["time"],
        "pool": int(opened["pool"]), **{key: opened[key] for key in ("commitment", "root", "plan")}, "slots": opened["slots"].split("、"),
        "said": json.loads(said.get("said", "[]")), "before": freeze["before"], "log": freeze["hash"], "voided": mark(row),
    }


def told(rows: Iterable[Row], row: Row, archive: Path) -> Told:
    """public.json as it is to be once `row` has voided its attempt."""
    kept = list(rows)
    mine = {one["event"]: one for one in kept if (one["task"], one["attempt"]) == (row["task"], row["attempt"])}
    folder = archive / log.data(mine[codelists.FROZEN])["folder"]
    if codelists.DRAWN not in mine:
        return Told(folder, [File(record.PUBLIC, pretty(undrawn(kept, row)), public=True)], "")
    try:
        public = files.value(folder / record.PUBLIC)
        shape.check(public, shape.PUBLIC, record.PUBLIC)
    except Refusal as why:
        return Told(folder, [], str(why))
    return Told(folder, [File(record.PUBLIC, pretty({**public, "voided": mark(row)}), public=True)], "")


def sentence(public: Mapping[str, Any]) -> str:
    """What a public record says of its void; "" where it stands."""
    void = public.get("voided")
    if not void:
        return ""
    return words.VOIDED_LATER + say.VOIDED_BY.format(stage=void["stage"], reason=void["reason"], time=void["time"])


@dataclass(slots=True)
class Aborted:
    """The public record of a freeze voided undrawn, and the commitment on paper, or its head."""

    data: bytes
    slip: str
    file: str
    public: dict[str, Any] = field(default_factory=dict)


def is_undrawn(data: bytes, file: str) -> bool:
    """Whether these bytes are such a record, damaged or not."""
    try:
        found = parse(files.decode(data, file), file)
    except Refusal:  # the check of a public record says what is wrong with it
        return False
    return isinstance(found, dict) and "voided" in found and "inner_digest" not in found


def verify_undrawn(data: bytes, slip: str, file: str) -> Verdict:
    """Check it. A difference is a step with 否, not an error."""
    return Verdict(steps_of(say.VOID_TITLES, STEPS, Aborted(data, slip, file)), say.PROVES_VOID, say.CANNOT_VOID, say.REMADE_PUBLIC)


def _format(case: Aborted) -> str:
    case.public = parse(files.decode(case.data, case.file), case.file)
    shape.check(case.public, FORM, case.file)
    if case.public["protocol"] != PROTOCOL:
        raise Refusal(words.BAD_PROTOCOL, seen=case.public["protocol"], want=PROTOCOL)
    return say.OK_PUBLIC_FORMAT.format(protocol=PROTOCOL)


def _slip(case: Aborted) -> str:
    if not case.slip:
        raise Undone(words.NO_SLIP)
    if not case.public["commitment"].startswith(case.slip):
        raise Refusal(words.SLIP_DIFFERS, seen=case.slip, want=case.public["commitment"])
    return say.OK_VOID_SLIP.format(digits=len(case.slip))


def _commitment(_: Aborted) -> str:
    raise Undone(say.VOID_CLOSED)


def _void(case: Aborted) -> str:
    public = case.public
    said = "，".join(f"{name}={value}" for name, value in public["said"]) or say.VOID_UNSAID
    return say.OK_VOID.format(attempt=public["attempt"], pool=public["pool"], frozen=public["frozen"], said=said) + sentence(public)


STEPS: tuple[Callable[[Aborted], str], ...] = (_format, _slip, _commitment, _void)
