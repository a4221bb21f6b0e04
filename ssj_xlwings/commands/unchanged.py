"""Between freeze and draw nothing may change: the freeze is repeated with the same secrets and compared, whatever its digests are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.commands.preparing import plan_of
from ssj_xlwings.lottery.candidates import source_difference
from ssj_xlwings.lottery.freeze import planned
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import draw as say

if TYPE_CHECKING:
    from pathlib import Path

    from ssj_xlwings.commands.preparing import Prepared
    from ssj_xlwings.lottery.freeze import Frozen
    from ssj_xlwings.types import Frame


def refuse_changes(ready: Prepared, frozen: Frozen, folder: Path, subjects: Frame) -> None:
    """Refusal naming the first difference between the workbook now and what was frozen. `ready`: prepared for the
    day of the freeze, so that a recusal or an exclusion that ends by itself is no change; `folder`: of the frozen record.
    """
    was = frozen.open_plan
    plan = plan_of(ready, slots=was["slots"], attempt=was["attempt"], before=was["before"], frozen=was["frozen"])
    sifted = ready.sifted
    if sorted(sifted.pool) != frozen.rows or sorted(sifted.jurisdiction) != frozen.jurisdiction:
        raise Refusal(say.CHANGED["pool"], what=_pool_difference(ready, frozen))
    now = planned(frozen.rows, sorted(sifted.excluded), ready.staff, frozen.jurisdiction, plan, frozen.nonce, frozen.veil)
    if now.staff != frozen.staff:
        raise Refusal(say.CHANGED["staff"], what=_staff_difference(now, frozen))
    for key in was:
        if now.open_plan[key] != was[key]:
            raise Refusal(say.CHANGED["plan"], what=say.PLAN_OTHER.format(key=say.PLAN_KEYS.get(key, key)))
    # A check entered since that moves nobody in or out of the pool is no change.
    for key in sorted(frozen.inner_plan.keys() - {"checked"}, key=lambda key: (key == "source_digest", key)):
        if now.inner_plan.get(key) != frozen.inner_plan[key]:
            table = "pool" if key in ("source_digest", "excluded", "excluded_digest") else "plan"
            what = source_difference(subjects, folder) if table == "pool" else ""
            raise Refusal(say.CHANGED[table], what=what or say.PLAN_OTHER.format(key=say.PLAN_KEYS.get(key, key)))


def _pool_difference(ready: Prepared, frozen: Frozen) -> str:
    now, was = {row.id: row for row in ready.sifted.pool}, {row.id: row for row in frozen.rows}
    for id_ in sorted(now.keys() | was.keys()):
        if id_ not in now:
            return say.POOL_GONE.format(id=id_)
        if id_ not in was:
            return say.POOL_CAME.format(id=id_)
        if now[id_] != was[id_]:
            return say.POOL_OTHER.format(id=id_)
    units = dict(frozen.jurisdiction)
    return next(say.SUBJECT_MOVED.format(id=id_) for id_, unit in sorted(ready.sifted.jurisdiction) if units.get(id_) != unit)


def _staff_difference(now: Frozen, was: Frozen) -> str:
    before, after = {person["id"]: person for person in was.staff}, {person["id"]: person for person in now.staff}
    return next(say.STAFF_OTHER.format(id=id_) for id_ in sorted(before.keys() | after.keys()) if before.get(id_) != after.get(id_))
