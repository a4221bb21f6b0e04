"""What was frozen, recomputed from its files and held against what was stated (protocol, verifying, steps 3 to 6).

Before a draw and when it is verified the same checks run; each raises a Refusal that names the file and, as far as
it can be known, the first line that was changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ssj_xlwings.lottery import files, freeze, pool, shape, teams
from ssj_xlwings.lottery.digest import canonical, digest, pairs_digest
from ssj_xlwings.lottery.freeze import Frozen, Pairs
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import lottery as say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ssj_xlwings.lottery.pool import PoolRow

EXCLUDED, JURISDICTION, CHECKED, CHECKSUMS = "excluded.tsv", "jurisdiction.tsv", "checked.tsv", "checksums.json"


@dataclass(slots=True)
class Evidence:
    """A record's folder, the file that states things (`frozen.json` or `draw.json`), what it states, and the two secrets.

    The checks fill in rows, excluded, jurisdiction and checked as they read them.
    """

    folder: Path
    file: str
    claim: dict[str, Any]
    nonce: str
    veil: str
    rows: list[PoolRow] = field(default_factory=list)
    excluded: Pairs = field(default_factory=list)
    jurisdiction: Pairs = field(default_factory=list)
    checked: Pairs = field(default_factory=list)

    def frozen(self) -> Frozen:
        """The frozen draw, once all checks have passed."""
        claim = self.claim
        inner, plan = freeze.plan_digests(claim["open_plan"], claim["inner_plan"])
        return Frozen(
            self.rows, self.excluded, claim["staff"], self.jurisdiction, claim["open_plan"], claim["inner_plan"],
            self.nonce, self.veil, claim["root"], inner, plan, claim["commitment"], self.checked,
        )

    def changed(self, name: str, lines: Iterable[bytes]) -> int | None:
        """Number of the first changed line of what stands under that name in checksums.json; 0 none, None unknown."""
        path = self.folder / CHECKSUMS
        if not path.exists():
            return None
        kept = files.value(path)
        shape.check(kept, {name: str}, CHECKSUMS)
        return files.changed(lines, kept[name])


def checksums(frozen: Frozen, tables: dict[str, bytes]) -> dict[str, str]:
    """Short checksums of every line of the tables, of every inspector and of every key of the plan."""
    parts = {name: files.cut(data) for name, data in tables.items()}
    parts |= {"staff": _people(frozen.staff), "open_plan": _keys(frozen.open_plan), "inner_plan": _keys(frozen.inner_plan)}
    return {name: files.sums(lines) for name, lines in parts.items()}


def check_pool(evidence: Evidence) -> None:
    """Step 3: pool.tsv in form, as many rows as stated."""
    data = files.load(evidence.folder / pool.FILE)
    want = evidence.claim["open_plan"]["pool"]
    try:
        evidence.rows = pool.read(data)
        _stated_size(pool.FILE, len(evidence.rows), evidence.file, want)
    except Refusal as why:
        line = evidence.changed(pool.FILE, files.cut(data))
        if not line:
            raise
        raise Refusal(say.CHANGED_SINCE, why=why, file=pool.FILE, where=_at(line)) from why


def check_root(evidence: Evidence) -> None:
    """Step 4: the veil gives the inner plan's salt and, row by row, the root."""
    if freeze.salt(evidence.veil) != evidence.claim["inner_plan"]["salt"]:
        raise Refusal(say.PLAN_SALT, file=evidence.file)
    root = pool.root(evidence.veil, evidence.rows)
    if root != evidence.claim["root"]:
        line = evidence.changed(pool.FILE, (text.encode() for text in pool.lines(evidence.rows)))
        if line == 0:
            raise Refusal(say.ROOT_STATED, file=evidence.file, want=root, seen=evidence.claim["root"])
        raise Refusal(say.POOL_CHANGED, file=pool.FILE, where=_at(line))


def check_plan(evidence: Evidence) -> None:
    """Step 5: staff, lists and strata as the inner plan states them, rates for all of the pool, and the plan's digests."""
    outer, inner = evidence.claim["open_plan"], evidence.claim["inner_plan"]
    _check_staff(evidence)
    evidence.excluded = _check_list(evidence, EXCLUDED, "excluded", inner["excluded_digest"])
    for key in shape.INNER_MORE.keys() & inner.keys():
        shape.check(inner[key], shape.INNER_MORE[key], evidence.file, f"inner_plan.{key}")
    if "checked" in inner:  # records from before it was kept have none
        evidence.checked = _check_list(evidence, CHECKED, "checked", inner["checked"]["digest"])
    if inner["teams"]:
        shape.check(inner["teams"], shape.TEAMS, evidence.file, "inner_plan.teams")
        evidence.jurisdiction = _check_list(evidence, JURISDICTION, "jurisdiction", inner["teams"]["jurisdiction"])
        if inner["teams"]["rule"] != teams.RULE:
            raise Refusal(say.STATED_DIFFERS, file=evidence.file, key="inner_plan.teams.rule", seen=inner["teams"]["rule"], want=teams.RULE)
    for key, want in (("strata", pool.strata(evidence.rows)), ("excluded", freeze.reasons(evidence.excluded))):
        if inner[key] != want:
            raise Refusal(say.STATED_DIFFERS, file=evidence.file, key=f"inner_plan.{key}", seen=inner[key], want=want)
    freeze.check_plan(outer, inner, evidence.rows)
    freeze.check_units(inner, evidence.rows, evidence.jurisdiction)
    _check_digests(evidence)


def check_commitment(evidence: Evidence) -> None:
    """Step 6: the commitment is that of nonce, root and plan."""
    want = digest("commit", evidence.nonce, evidence.claim["root"], evidence.claim["plan"])
    _stated(evidence, "commitment", want)


def check_all(evidence: Evidence) -> Frozen:
    """Steps 3 to 6; the frozen draw."""
    for check in (check_pool, check_root, check_plan, check_commitment):
        check(evidence)
    return evidence.frozen()


def _check_staff(evidence: Evidence) -> None:
    staff, inner = evidence.claim["staff"], evidence.claim["inner_plan"]
    try:
        teams.check_staff(staff)
        good = freeze.staff_digest(staff) == inner["staff"]
    except Refusal:
        good = False  # out of order is a change too, and it is named better below
    if good:
        return
    line = evidence.changed("staff", _people(staff))
    if line == 0:
        raise Refusal(say.PLAN_CHANGED, file=evidence.file, key="inner_plan", where=say.AT_KEY.format(key="staff"))
    who = staff[line - 1]["id"] if line and line <= len(staff) else say.ABSENT
    raise Refusal(say.STAFF_CHANGED, file=evidence.file, where=say.AT_PERSON.format(line=line, id=who) if line else say.SOMEWHERE)


def _check_list(evidence: Evidence, file: str, tag: str, want: str) -> Pairs:
    data = files.load(evidence.folder / file)
    ids, texts = (row.id for row in evidence.rows), dict[str, str]()  # the pool's are in memory already, and a million firms have a few units
    found = [(mine if (mine := next(ids, "")) == id_ else id_, texts.setdefault(text, text)) for id_, text in files.table(data, file, 2)]
    try:
        good = pairs_digest(tag, found) == want
    except Refusal:
        good = False  # a text that is not normal is a change too
    if not good:
        line = evidence.changed(file, files.cut(data))
        if line == 0:
            raise Refusal(say.PLAN_CHANGED, file=evidence.file, key="inner_plan", where=say.AT_KEY.format(key=tag))
        raise Refusal(say.LIST_CHANGED, file=file, where=_at(line))
    return found


def _check_digests(evidence: Evidence) -> None:
    claim = evidence.claim
    inner, plan = freeze.plan_digests(claim["open_plan"], claim["inner_plan"])
    if plan != claim["plan"]:
        for key in ("inner_plan", "open_plan"):
            line = evidence.changed(key, _keys(claim[key]))
            if line:
                names = sorted(claim[key])
                where = say.AT_KEY.format(key=names[line - 1]) if line <= len(names) else say.SOMEWHERE
                raise Refusal(say.PLAN_CHANGED, file=evidence.file, key=key, where=where)
    _stated(evidence, "plan", plan)
    if "inner" in claim:
        _stated(evidence, "inner", inner)


def _stated(evidence: Evidence, key: str, want: str) -> None:
    if evidence.claim[key] != want:
        raise Refusal(say.STATED_DIFFERS, file=evidence.file, key=key, seen=evidence.claim[key], want=want)


def _stated_size(file: str, seen: int, by: str, want: int) -> None:
    if seen != want:
        raise Refusal(say.COUNT_DIFFERS, file=file, seen=seen, by=by, want=want)


def _at(line: int | None) -> str:
    return say.AT_LINE.format(line=line) if line else say.SOMEWHERE


def _people(staff: list[teams.Inspector]) -> list[bytes]:
    return [canonical(person).encode() for person in staff]


def _keys(plan: dict[str, Any]) -> list[bytes]:
    return [canonical({key: plan[key]}).encode() for key in sorted(plan)]
