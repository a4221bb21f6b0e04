"""Step 1 of the draw: from the registry to the pool, each exclusion with its reason; and the staff's facts."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from itertools import groupby, islice
from json.encoder import encode_basestring as quoted
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.lottery.meter import checked_days
from ssj_xlwings.lottery.pool import PoolRow
from ssj_xlwings.lottery.scope import Condition, inside
from ssj_xlwings.types import File
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.lookup import Lookup, bare_item, item_lookup, records, subject_ids
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.tables import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from ssj_xlwings.types import Column, Frame, View

SUMS = "source-sums.tsv"
SOME = 10_000
"""Subjects whose lines are held at a time."""
SOURCE_COLUMNS = [column.name for column in SUBJECTS.columns if column.name == "class" or not column.private]
"""What the source digest covers: everything that could decide, no personal data."""


class Part(NamedTuple):
    """What one task brings into a draw: its scope and the codes of its items."""

    conditions: Sequence[Condition]
    items: Sequence[str]


class Rules(NamedTuple):
    """Who stays out: checked within so many days, or this year as often as the credit class allows (0 turns either off).
    `layer`: the column of 检查对象名录库 whose values are the strata.
    """

    recheck: int
    ceiling: Mapping[str, int]
    layer: Column


class Limits(NamedTuple):
    """Those rules on a day, as a plan freezes them."""

    day: date
    recheck: int
    ceiling: Mapping[str, int]


class Sifted(NamedTuple):
    """The registry parted in two.

    `pool`: one row a subject; `excluded`: (id, reason); `jurisdiction`: (id, unit);
    `sheet_rows`: where in 检查对象名录库 the pool and the subjects of the scope stand; `checked`: (id, day), sorted, of all
    checks that those rules look at.
    """

    pool: list[PoolRow]
    excluded: list[tuple[str, str]]
    jurisdiction: list[tuple[str, str]]
    sheet_rows: set[int]
    checked: list[tuple[str, str]]


def sift(view: View, parts: Sequence[Part], today: date, rules: Rules) -> Sifted:
    """Who can be drawn today, for one task or for several drawn together: a subject's items are those of every part
    whose scope it is in.
    """
    subjects = view["subjects"]
    ids = subject_ids(subjects)
    scopes = [inside(subjects, part.conditions) for part in parts]
    somewhere = scopes[0].copy()
    for one in scopes[1:]:
        somewhere |= one
    limits = Limits(today, rules.recheck, rules.ceiling)
    registered = registered_reasons(subjects, somewhere.tolist())
    checked = _looked_at(view, {id_ for id_, reason in zip(ids, registered, strict=True) if not reason}, limits)
    out = reasons(ids, registered, subjects["class"].tolist(), by_subject(checked), limits)
    strata = subjects[rules.layer.name].where(subjects[rules.layer.name] != "", rules.layer.default or say.NO_LAYER)
    sets: dict[tuple[bool, ...], tuple[str, ...]] = {}
    pool = []
    for id_, layer, reason, *within in zip(ids, strata.tolist(), out, *(one.tolist() for one in scopes), strict=True):
        if not reason:
            key = tuple(within)
            if key not in sets:
                sets[key] = tuple(sorted({code for part, there in zip(parts, key, strict=True) if there for code in part.items}))
            pool.append(PoolRow(id_, layer, sets[key]))
    excluded = [(id_, reason) for id_, reason in zip(ids, out, strict=True) if reason]
    units = Lookup(view["units"]["name"])
    written = subjects["unit"].tolist()
    known = {unit: units.one(unit) or unit for unit in set(written)}
    jurisdiction = [(id_, known[unit]) for id_, unit, reason in zip(ids, written, out, strict=True) if not reason]
    return Sifted(pool, excluded, jurisdiction, set(subjects.index[somewhere].tolist()), checked)


def _looked_at(view: View, ids: set[str], limits: Limits) -> list[tuple[str, str]]:
    """The checks of these subjects that can keep one of them out: none before the first day that a rule looks at."""
    firsts = [*([_since(limits)] if limits.recheck > 0 else []), *([f"{limits.day:%Y}-01-01"] if any(limits.ceiling.values()) else [])]
    if not firsts:
        return []
    return sorted((id_, day) for id_, days in checked_days(view).items() if id_ in ids for day in days if day >= min(firsts))


def by_subject(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Subject → its days, from (id, day)."""
    found: dict[str, list[str]] = {}
    for id_, day in pairs:
        found.setdefault(id_, []).append(day)
    return found


def reasons(ids: Iterable[str], registered: Iterable[str], classes: Iterable[str], days: Mapping[str, Collection[str]], limits: Limits) -> list[str]:
    """Why each subject stays out, "" where it does not; the first reason that applies: what the registry says
    (`registered`), then the days on which it was checked.
    """
    since, year = _since(limits), f"{limits.day:%Y}-"
    recent = {id_ for id_, found in days.items() if limits.recheck > 0 and max(found, default="") >= since}
    times = {id_: sum(day.startswith(year) for day in found) for id_, found in days.items()}
    unclassed = SUBJECTS.column("class").default

    def checked(id_: str, grade: str) -> str:
        most = limits.ceiling.get(grade, 0)
        return say.OUT_RECENT.format(days=limits.recheck) if id_ in recent else say.OUT_CEILING.format(times=most) if 0 < most <= times[id_] else ""

    return [
        reason or (checked(id_, grade or unclassed) if id_ in times else "")
        for id_, reason, grade in zip(ids, registered, classes, strict=True)
    ]


def _since(limits: Limits) -> str:
    return (limits.day - timedelta(days=limits.recheck)).isoformat()


def registered_reasons(subjects: Frame, within: Iterable[bool]) -> list[str]:
    """Why each subject stays out by what the registry itself says, "" where it does not. `within`: whether it is in the scope."""
    away = _of_status(set(subjects["status"].tolist()))
    columns = (subjects[name].tolist() for name in ("state", "status", "whitelist"))
    return [
        say.OUT_STATE if state == codelists.VALID[1]
        else away[status] or ("" if there and white != codelists.YES_NO[0] else say.OUT_WHITELIST if there else say.OUT_SCOPE)
        for there, state, status, white in zip(within, *columns, strict=True)
    ]


def is_registered(reason: str) -> bool:
    """Whether it is one of those reasons, not one of earlier checks."""
    return reason in (say.OUT_STATE, say.OUT_SCOPE, say.OUT_WHITELIST) or reason.startswith(say.OUT_STATUS.format(status=""))


def _of_status(words: Iterable[str]) -> dict[str, str]:
    """Status → why who has it stays out, "" if it does not."""
    told = {word: word or SUBJECTS.column("status").default for word in words}
    return {word: "" if status in codelists.IN_SCOPE_STATUS else say.OUT_STATUS.format(status=status) for word, status in told.items()}


def source_digest(subjects: Frame) -> str:
    """SHA-256 of the registry as read: one JSON line a subject, sorted, so row order does not matter."""
    total = hashlib.sha256()
    firsts = [*map(quoted, subjects[SOURCE_COLUMNS[0]].tolist())]
    # A quoted text is never the beginning of another, so lines are in the order of their first cells; only equal ones are compared whole.
    ordered = sorted(range(len(firsts)), key=firsts.__getitem__)
    names = [firsts[at] for at in ordered]
    lines = _source_lines(subjects, ordered)
    if len(set(names)) == len(names):
        while some := list(islice(lines, SOME)):
            total.update(("\n".join(some) + "\n").encode())
        return total.hexdigest()
    for _, same in groupby(zip(names, lines, strict=True), key=itemgetter(0)):
        total.update("".join(line + "\n" for line in sorted(line for _, line in same)).encode())
    return total.hexdigest()


def _source_lines(subjects: Frame, ordered: Sequence[int] | None = None) -> Iterator[str]:
    """As JSON without spaces: a list of texts a subject, in the order of the sheet or the one given; so many at a time."""
    columns = [subjects[name].tolist() for name in SOURCE_COLUMNS]
    for first in range(0, len(subjects), SOME):
        some = [[column[at] for at in ordered[first:first + SOME]] if ordered else column[first:first + SOME] for column in columns]
        yield from (f"[{line}]" for line in map(",".join, zip(*map(_quoted, some), strict=True)))


def _quoted(texts: list[str]) -> list[str]:
    """Each as JSON; a text that stands in many cells is put so once."""
    different = set(texts)
    if len(different) * 4 > len(texts):
        return [*map(quoted, texts)]
    known = {text: quoted(text) for text in different}
    return [known[text] for text in texts]


def _sums(subjects: Frame) -> dict[str, str]:
    return {id_: hashlib.sha256(line.encode()).hexdigest()[:8] for id_, line in zip(subject_ids(subjects), _source_lines(subjects), strict=True)}


def source_sums(subjects: Frame) -> File:
    """A short sum of every subject as it was frozen: proves nothing, but tells later which one was changed."""
    return File(SUMS, "".join(f"{id_}\t{total}\n" for id_, total in sorted(_sums(subjects).items())).encode())


def source_difference(subjects: Frame, folder: Path) -> str:
    """What became of the first subject that is not as it was frozen, as a sentence; "" if none can be named."""
    if not (folder / SUMS).exists():
        return ""
    lines = (folder / SUMS).read_text(encoding="utf-8").split("\n")
    was = {id_: total for id_, _, total in (line.partition("\t") for line in lines if line)}
    now = _sums(subjects)
    for id_ in sorted(was.keys() | now.keys()):
        if was.get(id_) != now.get(id_):
            return (say.SOURCE_GONE if id_ not in now else say.SOURCE_CAME if id_ not in was else say.SOURCE_OTHER).format(id=id_)
    return ""


def staff(view: View, today: date, bureau: str, drawn: Sequence[str] = ()) -> list[dict[str, object]]:
    """The frozen facts of everyone on duty with the right to inspect: a dict a person, sorted by certificate.

    `drawn`: the items of the draw, for those it calls task/item. `items` are codes (全部 spelt out), `recused` subject ids of recusals still in force,
    `available` is false for those absent today; `city` is true for those who may go anywhere:
    the staff of city units, and of the bureau that keeps the book.
    """
    frame, items = view["inspectors"], item_lookup(view["items"])
    levels = zip(view["units"]["name"], view["units"]["level"], strict=True)
    city = {bureau, *(name for name, level in levels if level == codelists.LEVELS[0])}
    units = Lookup(view["units"]["name"])
    recused = _recused(view, today.isoformat())
    people = []
    for row in records(frame):
        on_duty = row["state"] in ("", codelists.STAFF_STATUS[0]) and row["kind"] in ("", *codelists.STAFF_KINDS[:2])
        if not on_duty or not row["id"]:
            continue
        unit = units.one(row["unit"]) or row["unit"]
        known = set(items.several(row["items"]).keys)
        known |= {item for item in drawn if bare_item(item) in known}
        people.append({
            "id": row["id"], "unit": unit, "city": unit in city, "items": sorted(known, key=str.encode),
            "until": row["until"], "recused": recused.get(row["id"], []), "available": row["absent"] != codelists.YES_NO[0],
        })
    return sorted(people, key=lambda person: str(person["id"]).encode())


def _recused(view: View, today: str) -> Mapping[str, list[str]]:
    """Certificate → subjects of recusals in force, named by code or name in the sheet."""
    people = Lookup(view["inspectors"]["id"], view["inspectors"]["name"])
    subjects = Lookup(subject_ids(view["subjects"]), view["subjects"]["name"]) if len(view["recusals"]) else Lookup([])
    found: dict[str, set[str]] = {}
    for row in records(view["recusals"]):
        if not row["until"] or row["until"] >= today:
            found.setdefault(people.one(row["inspector"]) or row["inspector"], set()).add(subjects.one(row["subject"]) or row["subject"])
    return {person: sorted(ids, key=str.encode) for person, ids in found.items()}
