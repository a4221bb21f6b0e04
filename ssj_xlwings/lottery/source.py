"""Step 13 of verifying: the pool is the registry less those excluded, each for the reason that the frozen plan gives it, and
everything the registry says of a firm of the pool is what the pool says: its stratum, its items, its unit.

The registry must be the one that was read at the freeze. Earlier checks are taken from checked.tsv, which the plan
fixed, and those that keep a firm out are held against the sheets, which the operator's program did not write then.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from ssj_xlwings.lottery import candidates, record, scope, shape
from ssj_xlwings.lottery.digest import parse
from ssj_xlwings.lottery.verdict import Undone
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary import clock, codelists
from ssj_xlwings.vocabulary.lookup import subject_ids
from ssj_xlwings.vocabulary.sentences import lottery as say
from ssj_xlwings.vocabulary.sentences.draw import OUT_SCOPE
from ssj_xlwings.vocabulary.tables import LOG, SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    import pandas as pd

    from ssj_xlwings.lottery.freeze import Frozen
    from ssj_xlwings.types import Frame

LONG, MOST = 80, 20
"""How much of a scope is read out."""


class Source(NamedTuple):
    """The registry as read: the ids of all its subjects (pool and excluded alike), its digest, and the sheet itself
    where the frozen scope is to be replayed on it; `checked`: on which days each subject was checked, as the sheets say now;
    `units`: the unit of each subject, as the sheets say now; `logged`: hashes of the log rows that the workbook holds.
    """

    ids: Collection[str]
    digest: str
    subjects: Frame | None = None
    checked: Mapping[str, Collection[str]] | None = None
    units: Mapping[str, str] | None = None
    logged: Collection[str] = ()


def check(source: Source | None, frozen: Frozen, opened: Mapping[str, str]) -> str:
    """What was found true. `opened`: the data of the freeze row of the log, empty where there is no log.

    Refusal at the first difference, naming the firm. `Undone` where something is not at hand; it says what was done.
    """
    if source is None:
        raise Undone(say.NO_SOURCE)
    if source.digest != frozen.inner_plan["source_digest"]:
        raise Undone(say.SOURCE_OTHER.format(time=f"{clock.beijing(frozen.open_plan['frozen']):%Y%m%d-%H%M%S}"))
    ids, pool = set(source.ids), {row.id for row in frozen.rows}
    excluded = {id_ for id_, _ in frozen.excluded}
    for sentence, found, where in (
        (say.SOURCE_LACKS, pool - ids, say.IN_POOL), (say.SOURCE_LACKS, excluded - ids, say.IN_EXCLUDED),
        (say.SOURCE_LEFT, ids - pool - excluded, ""),
    ):
        if found:
            raise Refusal(sentence, id=min(found), where=where)
    whole = say.OK_SOURCE.format(source=len(ids), excluded=len(excluded), pool=len(pool))
    if source.subjects is None:
        return whole
    if "scope" not in frozen.inner_plan:
        raise Undone(whole + say.NO_SCOPE)
    done, undone = _replay(_Replay(source.subjects, frozen, pool), source, opened)
    if undone:
        raise Undone(done + whole + undone)
    return done + whole


class _Replay:
    """The registry filtered by the conditions of the frozen plan. `within`: one series a task, in the order of the plan."""

    def __init__(self, subjects: Frame, frozen: Frozen, pool: Collection[str]) -> None:
        self.frozen, self.pool, self.subjects = frozen, pool, subjects
        self.ids = subject_ids(subjects)
        self.classes: list[str] = subjects["class"].tolist()
        tasks, conditions = frozen.open_plan["tasks"], frozen.inner_plan["scope"]
        shape.check(conditions, [(str,) * (3 if len(tasks) == 1 else 4)], record.DRAW, "inner_plan.scope")
        self.within: list[pd.Series[bool]] = scope.replay(subjects, tasks, conditions)
        self.somewhere: list[bool] = reduce(or_, self.within).tolist()
        self.registered = candidates.registered_reasons(subjects, self.somewhere)
        self.day = clock.day(frozen.open_plan["frozen"])

    def reasons(self, days: Mapping[str, Collection[str]]) -> dict[str, str]:
        """Why each subject stays out if these are the days on which it was checked."""
        rule = self.frozen.inner_plan["checked"]
        found = candidates.reasons(self.ids, self.registered, self.classes, days, candidates.Limits(self.day, rule["recheck"], rule["ceiling"]))
        return dict(zip(self.ids, found, strict=True))


def _replay(again: _Replay, source: Source, opened: Mapping[str, str]) -> tuple[str, str]:
    """What was found true, and what could not be done."""
    frozen, told = again.frozen, dict(again.frozen.excluded)
    inside = {id_ for id_, there in zip(again.ids, again.somewhere, strict=True) if there}
    left_out = {id_ for id_, reason in frozen.excluded if reason == OUT_SCOPE}
    for sentence, found in ((say.SCOPE_STRANGE, set(again.pool) - inside), (say.SCOPE_LEFT, left_out & inside)):
        if found:
            raise Refusal(sentence, id=min(found))
    known = "checked" in frozen.inner_plan
    wanted = again.reasons(candidates.by_subject(frozen.checked)) if known else dict(zip(again.ids, again.registered, strict=True))
    for id_, want in wanted.items():
        seen = told.get(id_, "")
        if seen != want and (known or want or candidates.is_registered(seen)):
            raise Refusal(say.SOURCE_REASON, id=id_, seen=seen or say.NO_REASON, want=want or say.NO_REASON)
    layered = _layers(again)
    if source.units is not None:
        _units(again, source.units)
    owners = _owners(frozen.open_plan, opened)
    if owners:
        _items(again, owners)
    earlier = sum(not candidates.is_registered(reason) for reason in told.values())
    done = say.OK_SCOPE.format(
        scope=_conditions(frozen.inner_plan["scope"]), layers=say.ALSO_LAYERS.format(column=layered) if layered else "",
        items=say.ALSO_ITEMS if owners else "", units=say.ALSO_UNITS if source.units is not None and frozen.inner_plan["teams"] else "", by="" if known else say.BY_REGISTRY,
    )
    undone = ("" if layered else say.NO_LAYERS) + ("" if owners else say.NO_OWNERS) + ("" if "locked" in opened else say.NO_LOCKED)
    undone += say.NO_UNITS if source.units is None and frozen.inner_plan["teams"] else ""
    if not known:
        return done, undone + say.NO_CHECKED.format(earlier=earlier)
    if source.checked is None:
        return done, undone + say.NO_SHEETS.format(earlier=earlier)
    return done + "".join(_held(again, told, source.checked)) + say.OK_CHECKED.format(earlier=earlier), undone


def _conditions(rows: Sequence[Sequence[str]]) -> str:
    """The frozen conditions as they are, so that whoever holds the slip can compare; long ones are cut, and it is said."""
    told = [text if len(text) <= LONG else say.CUT.format(text=text[:LONG], length=len(text)) for text in map(" ".join, rows[:MOST])]
    more = [say.MORE_CONDITIONS.format(count=len(rows))] if len(rows) > MOST else []
    return "；".join([*told, *more]) or say.NO_CONDITIONS


def _layers(again: _Replay) -> str:
    """Each firm stands in the layer that the registry gives it; the heading of the column, "" where the record does not keep it.

    Records from before it was kept show it by their strata, where those are classes.
    """
    rows, kept = again.frozen.rows, again.frozen.inner_plan.get("layer")
    column = SUBJECTS.column("class")
    if kept is None and not {row.stratum for row in rows} <= set(codelists.CLASSES):
        return ""
    if kept is not None:
        known = {one.header: one for one in SUBJECTS.columns if one.name in candidates.SOURCE_COLUMNS}
        if kept["column"] not in known or kept["blank"] != candidates.blank_of(known[kept["column"]]):
            raise Refusal(say.LAYER_STRANGE, column=kept["column"], blank=kept["blank"])
        column = known[kept["column"]]
    wanted = dict(zip(again.ids, candidates.strata_of(again.subjects, column).tolist(), strict=True))
    for row in rows:
        if row.stratum != wanted[row.id]:
            raise Refusal(say.SOURCE_LAYER, id=row.id, seen=row.stratum, column=column.header, want=wanted[row.id])
    return column.header


def _units(again: _Replay, units: Mapping[str, str]) -> None:
    """Each firm is given to the unit that the registry gives it to."""
    for id_, seen in again.frozen.jurisdiction:
        if seen != units[id_]:
            raise Refusal(say.SOURCE_UNIT, id=id_, seen=seen, want=units[id_] or say.ABSENT)


def _owners(plan: Mapping[str, Any], opened: Mapping[str, str]) -> dict[str, str]:
    """Item → the task it belongs to: of one task all of them; of several as the freeze row of the log says, {} where there is no log."""
    if len(plan["tasks"]) == 1:
        return dict.fromkeys(plan["items"], plan["tasks"][0])
    if not opened:
        return {}
    owners: dict[str, str] = parse(opened.get("owners", "{}"), LOG.sheet)
    shape.check(owners, {...: str}, LOG.sheet, "owners")
    if sorted(owners) != plan["items"] or set(owners.values()) != set(plan["tasks"]):
        raise Refusal(say.LOG_HEAD, event=codelists.FROZEN, key="owners", seen="、".join(sorted(owners)), want="、".join(plan["items"]))
    return owners


def _items(again: _Replay, owners: Mapping[str, str]) -> None:
    """Each firm has the items of every task whose scope it is in, and no others."""
    tasks: Sequence[str] = again.frozen.open_plan["tasks"]
    places = dict(zip(again.ids, zip(*(one.tolist() for one in again.within), strict=True), strict=True))
    sets: dict[tuple[bool, ...], tuple[str, ...]] = {}
    for row in again.frozen.rows:
        place = places[row.id]
        if place not in sets:
            mine = {task for task, there in zip(tasks, place, strict=True) if there}
            sets[place] = tuple(sorted(item for item, task in owners.items() if task in mine))
        if row.items != sets[place]:
            raise Refusal(say.SOURCE_ITEMS, id=row.id, seen="、".join(row.items), want="、".join(sets[place]))


def _held(again: _Replay, told: Mapping[str, str], sheets: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Whoever stayed out for an earlier check has one in the sheets. Who has one there before the day of the freeze that was not
    known then is counted: it may have been entered later, and nothing but the paper of that check can tell.
    """
    frozen = candidates.by_subject(again.frozen.checked)
    kept = again.reasons({id_: [day for day in days if day in sheets.get(id_, ())] for id_, days in frozen.items()})
    for id_, reason in told.items():
        if not candidates.is_registered(reason) and kept[id_] != reason:
            gone = [day for day in frozen[id_] if day not in sheets.get(id_, ())]
            raise Refusal(say.SOURCE_CHECKED, id=id_, seen=reason, days="、".join(gone))
    before = {id_: found for id_, days in sheets.items() if (found := [day for day in days if day < again.day.isoformat()])}
    later = [id_ for id_, reason in again.reasons(before).items() if reason and id_ not in told]
    if later:
        yield say.CHECKED_LATER.format(count=len(later), id=min(later))
