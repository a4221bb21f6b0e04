"""The thirteen steps of verifying a draw record, each a function of what is at hand (protocol, Verifying).

A step returns the sentence of what it found true. It raises a Refusal at the first difference, naming its place,
and `Undone` where something that it needs is not at hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ssj_xlwings.lottery import files, log, recheck, record, replace, shape, source, voided
from ssj_xlwings.lottery.digest import parse
from ssj_xlwings.lottery.draw import Drawn, pick, teams_of
from ssj_xlwings.lottery.said import check_said, seed, unwitnessed
from ssj_xlwings.lottery.verdict import Undone, same
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.sentences import lottery as say
from ssj_xlwings.vocabulary.tables import LOG

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ssj_xlwings.lottery.freeze import Frozen
    from ssj_xlwings.lottery.source import Source
    from ssj_xlwings.types import Row

DONE = (codelists.FROZEN, codelists.SAID, codelists.DRAWN)


@dataclass(slots=True)
class Case:
    """What is at hand, filled in step by step. `opened`: the data of the freeze row of the log."""

    place: Path
    data: bytes
    slip: str
    log: Sequence[Row] | None
    source: Source | None
    draw: dict[str, Any] = field(default_factory=dict)
    public: dict[str, Any] | None = None
    opened: dict[str, str] = field(default_factory=dict)
    evidence: recheck.Evidence = field(init=False)
    frozen: Frozen = field(init=False)
    drawn: Drawn = field(init=False)

    @property
    def said(self) -> list[tuple[str, str]]:
        """The pairs (name, value) as the record states them."""
        return [(name, value) for name, value in self.draw["said"]]


def _format(case: Case) -> str:
    case.draw = parse(files.decode(case.data, record.DRAW), record.DRAW, between="\t")
    shape.check(case.draw, shape.DRAW, record.DRAW)
    record.check_protocol(case.draw)
    if (case.place / record.PUBLIC).exists():
        case.public = files.value(case.place / record.PUBLIC)
        shape.check(case.public, shape.also(shape.PUBLIC, shape.MORE, case.public), record.PUBLIC)
    case.evidence = recheck.Evidence(case.place, record.DRAW, case.draw, case.draw["nonce"], case.draw["veil"])
    return say.OK_FORMAT.format(protocol=case.draw["protocol"])


def _slip(case: Case) -> str:
    if not case.slip:
        raise Undone(say.NO_SLIP)
    if not case.draw["commitment"].startswith(case.slip):
        raise Refusal(say.SLIP_DIFFERS, seen=case.slip, want=case.draw["commitment"])
    return say.OK_SLIP.format(digits=len(case.slip), said="，".join(f"{name}={value}" for name, value in case.said))


def _pool(case: Case) -> str:
    recheck.check_pool(case.evidence)
    _same("pool.size", case.draw["pool"]["size"], len(case.evidence.rows))
    return say.OK_POOL.format(size=len(case.evidence.rows))


def _root(case: Case) -> str:
    recheck.check_root(case.evidence)
    return say.OK_ROOT.format(size=len(case.evidence.rows))


def _plan(case: Case) -> str:
    recheck.check_plan(case.evidence)
    _same("excluded.size", case.draw["excluded"]["size"], len(case.evidence.excluded))
    _same("jurisdiction.size", case.draw["jurisdiction"]["size"], len(case.evidence.jurisdiction))
    return say.OK_PLAN.format(staff=len(case.draw["staff"]), excluded=len(case.evidence.excluded))


def _commitment(case: Case) -> str:
    recheck.check_commitment(case.evidence)
    case.frozen = case.evidence.frozen()
    for file in record.freeze_files(case.frozen):
        path = case.place / file.name
        kept = case.draw["files"].get(file.name)
        if path.exists() and kept != sha256(files.load(path)).hexdigest():
            want = file.data if isinstance(file.data, bytes) else b""
            line = files.changed(files.cut(path.read_bytes()), files.sums(files.cut(want)))
            raise Refusal(say.FILE_CHANGED, file=file.name, where=say.FILE_AT_LINE.format(line=line) if line else "")
    return say.OK_COMMIT


def _said(case: Case) -> str:
    check_said(case.frozen.open_plan["slots"], case.said)
    _same("seed", case.draw["seed"], seed(case.frozen.nonce, case.frozen.root, case.frozen.plan, case.said))
    return say.OK_SEED.format(count=len(case.said)) + unwitnessed(case.said, case.frozen.open_plan["items"])


def _draw(case: Case) -> str:
    drawn = case.drawn = pick(case.frozen, case.said)
    fields = ("no", "id", "items", "ticket")
    _same("lines", case.draw["lines"], drawn.lines)
    _same("lines_root", case.draw["lines_root"], drawn.lines_root)
    _same(
        "visits", [{key: visit[key] for key in fields} for visit in case.draw["visits"]],
        [{"no": visit.no, "id": visit.id, "items": list(visit.items), "ticket": visit.ticket} for visit in drawn.visits],
    )
    _same("alternates", case.draw["alternates"], drawn.alternates)
    _same("checks", case.draw["checks"], drawn.checks)
    _same("saved", case.draw["saved"], drawn.saved)
    return say.OK_DRAW.format(checks=drawn.checks, visits=len(drawn.visits))


def _teams(case: Case) -> str:
    want = [list(team) for team in teams_of(case.frozen, case.drawn)]
    _same("visits.team", [visit["team"] for visit in case.draw["visits"]], want)
    return say.OK_TEAMS.format(visits=len(want)) if case.frozen.inner_plan["teams"] else say.OK_NO_TEAMS


def _log(case: Case) -> str:
    if case.log is None:
        raise Undone(say.NO_LOG)
    broken = log.walk(case.log)
    if broken:
        raise Refusal(say.LOG_BROKEN, row=broken[0], why=broken[1])
    frozen = [row for row in case.log if row["event"] == codelists.FROZEN and log.data(row).get("commitment") == case.frozen.commitment]
    if not frozen:
        raise Refusal(say.LOG_NOT_FOUND, seen=case.frozen.commitment)
    task, attempt = frozen[0]["task"], frozen[0]["attempt"]
    if task not in case.frozen.open_plan["tasks"]:
        raise Refusal(say.LOG_TASK, seen=task, want="、".join(case.frozen.open_plan["tasks"]))
    ours = [row for row in case.log if row["task"] == task and row["attempt"] == attempt and row["event"] in log.STEPS]
    events = [row["event"] for row in ours]
    if events not in ([*DONE], [*DONE, codelists.VOIDED]):
        raise Refusal(say.LOG_EVENTS, seen="、".join(events))
    for row in ours:
        if row["operator"] in case.frozen.open_plan["slots"]:
            raise Refusal(say.LOG_OPERATOR, event=row["event"], name=row["operator"])
    _earlier(case.log, case.frozen.open_plan["tasks"], case.frozen.commitment)
    _rows(case, *ours[:3])
    case.opened = log.data(ours[0])
    if case.public is not None:
        void = {"voided": voided.mark(ours[-1])} if len(ours) > len(DONE) else {}
        _same("", {key: case.public[key] for key in shape.MORE if key in case.public}, void, record.PUBLIC)
    _scope(case.frozen, case.opened)
    return say.OK_LOG.format(rows=len(case.log), voided=say.VOIDED_LATER if len(ours) > len(DONE) else "")


def _earlier(rows: Sequence[Row], tasks: Sequence[str], commitment: str) -> None:
    """Every earlier freeze of these tasks, alone or with others, was voided before the next one."""
    standing: tuple[str, str] | None = None
    for row in rows:
        key = (row["task"], row["attempt"])
        if row["event"] == codelists.FROZEN and not set(tasks).isdisjoint(log.tasks_of(row)):
            if standing:
                raise Refusal(say.LOG_EARLIER, attempt=standing[1])
            if log.data(row).get("commitment") == commitment:
                return
            standing = key
        elif row["event"] == codelists.VOIDED and key == standing:
            standing = None


def _scope(frozen: Frozen, opened: Mapping[str, str]) -> None:
    """The conditions by which the pool was filtered are those that the freeze row keeps, which are the slip's and the sheet's."""
    tasks, conditions = frozen.open_plan["tasks"], frozen.inner_plan.get("scope")
    if conditions is None or "locked" not in opened:  # a quick draw; a row from before it was kept, which step 13 says
        return
    locked = parse(opened["locked"], LOG.sheet)
    shape.check(locked, shape.LOCKED, LOG.sheet, "locked")
    seen = {"\t".join([*tasks, *row] if len(tasks) == 1 else row) for row in conditions}
    want = {"\t".join([task, *row]) for task, kept in locked.items() for row in kept[3]}
    for sentence, found in ((say.SCOPE_MORE, seen - want), (say.SCOPE_LESS, want - seen)):
        if found:
            task, *condition = min(found).split("\t")
            raise Refusal(sentence, task=task, condition=" ".join(condition))


def _rows(case: Case, frozen: Row, said: Row, drawn: Row) -> None:
    """What the three rows hold is what the record holds."""
    numbers = record.said_data(case.frozen, case.said)
    expected = (
        *((frozen, key, log.data(frozen).get(key), value) for key, value in record.freeze_data(case.frozen).items()),
        (frozen, "before", frozen["before"], case.frozen.open_plan["before"]),
        (frozen, "attempt", frozen["attempt"], str(case.frozen.open_plan["attempt"])),
        *((said, key, log.data(said).get(key), value) for key, value in numbers.items()),
        (said, "hash", said["hash"], case.draw["log"]),
        *((drawn, key, log.data(drawn).get(key), value) for key, value in record.draw_data(case.data, case.drawn, case.frozen.commitment).items()),
    )
    for row, key, seen, want in expected:
        if seen != want:
            raise Refusal(say.LOG_HEAD, event=row["event"], key=key, seen=seen, want=want)
    if case.public is not None:
        _same("log", case.public["log"], drawn["hash"], record.PUBLIC)


def _public(case: Case) -> str:
    if case.public is None:
        raise Undone(say.NO_PUBLIC)
    # Values first: they say more than the digest, which any change to draw.json alters.
    _same("", case.public, record.projection(case.draw, case.public["record_digest"], case.frozen.inner, case.public["log"], case.public.get("voided")), record.PUBLIC)
    _same("record_digest", case.public["record_digest"], sha256(case.data).hexdigest(), record.PUBLIC)
    return say.OK_PUBLIC + voided.sentence(case.public)


def _replace(case: Case) -> str:
    found = replace.check(case.place, case.frozen, case.drawn, case.log)
    if case.source is not None and case.source.subjects is not None:
        back = replace.back_inside(case.source.subjects, case.source.logged, case.log or (), case.frozen.commitment)
        if back:
            raise Undone(found + back)
    return found


def _source(case: Case) -> str:
    return source.check(case.source, case.frozen, case.opened)


STEPS: tuple[Callable[[Case], str], ...] = (
    _format, _slip, _pool, _root, _plan, _commitment, _said, _draw, _teams, _log, _public, _replace, _source,
)


def _same(where: str, seen: Any, want: Any, file: str = record.DRAW) -> None:
    """Refusal naming the first place where two JSON values differ."""
    same(where, seen, want, file)
