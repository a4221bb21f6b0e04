"""Pool, staff and plan fixed before anyone says a number (protocol, steps 2 and 3)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ssj_xlwings.lottery import pool, shape, teams
from ssj_xlwings.lottery.digest import PROTOCOL, ascending, canonical, digest, pairs_digest
from ssj_xlwings.lottery.plan import Plan, check_count, check_rate
from ssj_xlwings.lottery.said import check_slots
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import lottery as say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ssj_xlwings.lottery.pool import PoolRow
    from ssj_xlwings.lottery.teams import Inspector

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Frozen:
    """Everything that a draw depends on but the numbers said, and the checks that the pool depended on. `rows` and the pairs are sorted by id bytes."""

    rows: list[PoolRow]
    excluded: Pairs
    staff: list[Inspector]
    jurisdiction: Pairs
    open_plan: dict[str, Any]
    inner_plan: dict[str, Any]
    nonce: str
    veil: str
    root: str
    inner: str
    plan: str
    commitment: str
    checked: Pairs = field(default_factory=list)


def freeze(
    rows: Iterable[PoolRow], excluded: Iterable[tuple[str, str]], staff: Iterable[Inspector], jurisdiction: Iterable[tuple[str, str]],
    plan: Plan, nonce: str, veil: str,
) -> Frozen:
    """Fix a draw. `excluded`: (id, reason); `jurisdiction`: (id, unit) of every pool row; both empty, with an
    empty `staff`, for a quick draw without teams. `nonce`, `veil`: 32 bytes from the operating system, in hex.

    The same input in any order gives the same result. Refusal, naming firm or place, for whatever the protocol refuses.
    """
    return commit(laid_out(rows, excluded, staff, jurisdiction, plan, nonce, veil))


def laid_out(
    rows: Iterable[PoolRow], excluded: Iterable[tuple[str, str]], staff: Iterable[Inspector], jurisdiction: Iterable[tuple[str, str]],
    plan: Plan, nonce: str, veil: str,
) -> Frozen:
    """The same before its root and digests are computed: they stand blank. Refusal as `freeze`."""
    return planned(pool.ordered(rows), sorted(excluded), staff, sorted(jurisdiction), plan, nonce, veil)


def planned(rows: list[PoolRow], excluded: Pairs, staff: Iterable[Inspector], jurisdiction: Pairs, plan: Plan, nonce: str, veil: str) -> Frozen:
    """The same of a pool and lists that are in order and checked."""
    for what, secret in (("nonce", nonce), ("veil", veil)):
        if not shape.HEX.fullmatch(secret):
            raise Refusal(say.BAD_HIDDEN, what=what)
    people = sorted(staff, key=lambda person: str(person["id"]))
    teams.check_staff(people)
    outer = _open(plan, len(rows))
    inner = _inner(plan, rows, excluded, people, jurisdiction, veil)
    check_plan(outer, inner, rows)
    check_units(inner, rows, jurisdiction)
    return Frozen(rows, excluded, people, jurisdiction, outer, inner, nonce, veil, "", "", "", "", sorted(plan.checked.days) if plan.checked else [])


def commit(frozen: Frozen) -> Frozen:
    """The same with root, inner and plan digest and commitment computed afresh."""
    root = pool.root(frozen.veil, frozen.rows)
    inner, plan = plan_digests(frozen.open_plan, frozen.inner_plan)
    return replace(frozen, root=root, inner=inner, plan=plan, commitment=digest("commit", frozen.nonce, root, plan))


def plan_digests(open_plan: Mapping[str, Any], inner_plan: Mapping[str, Any]) -> tuple[str, str]:
    """(inner, plan): the digest of the inner object, and of the open one with it."""
    inner = digest("inner", canonical(inner_plan))
    return inner, digest("plan", canonical(open_plan), inner)


def staff_digest(staff: Sequence[Inspector]) -> str:
    """D("staff", json(staff)); the inspectors sorted by id."""
    return digest("staff", canonical(list(staff)))


def salt(veil: str) -> str:
    """What keeps the inner plan's digest from being guessed."""
    return digest("salt", veil, "plan")


def reasons(excluded: Pairs) -> dict[str, int]:
    """Count of the excluded by reason."""
    return dict(Counter(reason for _, reason in excluded))


def _open(plan: Plan, size: int) -> dict[str, Any]:
    return {
        "protocol": PROTOCOL, "bureau": plan.bureau, "tasks": sorted(plan.tasks), "source": plan.source, "window": list(plan.window),
        "items": sorted(plan.items), "pool": size, "alternates": plan.alternates, "slots": list(plan.slots), "attempt": plan.attempt,
        "before": plan.before, "frozen": plan.frozen, "mode": plan.mode,
    }


def _inner(plan: Plan, rows: list[PoolRow], excluded: Pairs, staff: list[Inspector], jurisdiction: Pairs, veil: str) -> dict[str, Any]:
    rule = {"rule": teams.RULE, "size": plan.team_size, "jurisdiction": pairs_digest("jurisdiction", jurisdiction)}
    for id_, reason in excluded:
        if not reason:
            raise Refusal(say.EMPTY_REASON, id=id_)
    inner: dict[str, Any] = {
        "rates": {item: dict(rates) for item, rates in plan.rates.items()}, "minimum": plan.minimum, "strata": pool.strata(rows),
        "excluded": reasons(excluded), "source_digest": plan.source_digest, "excluded_digest": pairs_digest("excluded", excluded),
        "teams": rule if staff or jurisdiction else {}, "staff": staff_digest(staff), "salt": salt(veil),
    }
    if plan.scope is not None:
        inner["scope"] = [list(condition) for condition in plan.scope]
    if plan.checked is not None:
        recheck, ceiling, days = plan.checked
        inner["checked"] = {"recheck": recheck, "ceiling": dict(ceiling), "digest": pairs_digest("checked", sorted(days))}
    if plan.layer is not None:
        inner["layer"] = plan.layer._asdict()
    return inner


def check_plan(open_plan: Mapping[str, Any], inner_plan: Mapping[str, Any], rows: Iterable[PoolRow]) -> None:
    """Refusal unless the plan is in form and covers the pool: every item planned, every (item, stratum) with a rate."""
    start, end = open_plan["window"]
    if not (shape.DAY.fullmatch(start) and shape.DAY.fullmatch(end) and start <= end):
        raise Refusal(say.BAD_WINDOW, start=start, end=end)
    if not shape.TIME.fullmatch(open_plan["frozen"]):
        raise Refusal(say.BAD_TIME, seen=open_plan["frozen"])
    for key in ("tasks", "items"):
        if not ascending(open_plan[key]):
            raise Refusal(say.NOT_SORTED, key=key)
    check_slots(open_plan["slots"])
    check_count("alternates", open_plan["alternates"])
    check_count("minimum", inner_plan["minimum"])
    if inner_plan["teams"] and inner_plan["teams"]["size"] < 2:
        raise Refusal(say.FEW_IN_TEAM, seen=inner_plan["teams"]["size"])
    for rates in inner_plan["rates"].values():
        for rate in rates.values():
            check_rate(rate)
    covered = set()
    for row in rows:
        if (row.stratum, row.items) not in covered:
            _check_row(row, open_plan["items"], inner_plan["rates"])
            covered.add((row.stratum, row.items))


def _check_row(row: PoolRow, planned: Sequence[str], rates: Mapping[str, Mapping[str, Any]]) -> None:
    for item in row.items:
        if item not in planned:
            raise Refusal(say.ITEM_NOT_PLANNED, id=row.id, item=item)
        if row.stratum not in rates.get(item, {}):
            raise Refusal(say.NO_RATE, id=row.id, item=item, stratum=row.stratum)


def check_units(inner_plan: Mapping[str, Any], rows: Sequence[PoolRow], jurisdiction: Pairs) -> None:
    """Refusal unless every pool row has exactly one unit, or the draw has no teams."""
    if not inner_plan["teams"] or (all(unit for _, unit in jurisdiction) and [id_ for id_, _ in jurisdiction] == [row.id for row in rows]):
        return
    ids = {row.id for row in rows}
    before = None
    for id_, unit in jurisdiction:
        if id_ == before or id_ not in ids:
            raise Refusal(say.UNIT_WITHOUT_FIRM, id=id_)
        if not unit:
            raise Refusal(say.NO_UNIT, id=id_)
        before = id_
    if len(jurisdiction) < len(ids):
        raise Refusal(say.NO_UNIT, id=min(ids.difference(id_ for id_, _ in jurisdiction)))
