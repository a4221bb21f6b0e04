"""Step 1 of the draw: from the registry to the pool, each exclusion with its reason; and the staff's facts."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import timedelta
from itertools import compress, islice, zip_longest
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.lottery.files import SUM
from ssj_xlwings.lottery.meter import checked_days
from ssj_xlwings.lottery.pool import PoolRow
from ssj_xlwings.lottery.scope import Condition, inside
from ssj_xlwings.types import File
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.lookup import Lookup, bare_item, item_lookup, records, subject_ids
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.tables import SUBJECTS
from ssj_xlwings.vocabulary.text import characters

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from ssj_xlwings.types import Column, Frame, View

    Texts = NDArray[np.object_]

SUMS = "source-sums.tsv"
SOME = 1_000
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

    `pool`: one row a subject; `excluded`: (id, reason); `jurisdiction`: (id, unit); `somewhere`: by sheet row, whether it is in the scope;
    `checked`: (id, day), sorted, of all checks that those rules look at.
    """

    pool: list[PoolRow]
    excluded: list[tuple[str, str]]
    jurisdiction: list[tuple[str, str]]
    somewhere: pd.Series[bool]
    checked: list[tuple[str, str]]

    @property
    def sheet_rows(self) -> set[int]:
        """Where in 检查对象名录库 the pool and the subjects of the scope stand."""
        return set(self.somewhere.index[self.somewhere].tolist())


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
    strata = strata_of(subjects, rules.layer)
    there = [not reason for reason in out]
    sets: dict[tuple[bool, ...], tuple[str, ...]] = {}
    for key in set(zip(*(one.tolist() for one in scopes), strict=True)):
        sets[key] = tuple(sorted({code for part, within in zip(parts, key, strict=True) if within for code in part.items}))
    items = map(sets.__getitem__, zip(*(one[there].tolist() for one in scopes), strict=True))
    pool = [*map(PoolRow, compress(ids, there), strata[there].tolist(), items)]
    excluded = [(id_, reason) for id_, reason in zip(ids, out, strict=True) if reason]
    return Sifted(pool, excluded, [*compress(units_of(view), there)], somewhere, checked)


def strata_of(subjects: Frame, layer: Column) -> pd.Series[str]:
    """The stratum of every subject of the registry: what stands in that column, or the word for nothing."""
    return subjects[layer.name].where(subjects[layer.name] != "", blank_of(layer))


def blank_of(layer: Column) -> str:
    """The stratum of those with nothing in the column."""
    return layer.default or say.NO_LAYER


def units_of(view: View) -> list[tuple[str, str]]:
    """(id, unit as 单位 spells it) of every subject of the registry, in its order."""
    units, written = Lookup(view["units"]["name"]), view["subjects"]["unit"].tolist()
    known = {unit: units.one(unit) or unit for unit in set(written)}
    return [(id_, known[unit]) for id_, unit in zip(subject_ids(view["subjects"]), written, strict=True)]


def _looked_at(view: View, ids: set[str], limits: Limits) -> list[tuple[str, str]]:
    """The checks of these subjects that can keep one of them out: none before the first day that a rule looks at, none still to come."""
    firsts = [*([_since(limits)] if limits.recheck > 0 else []), *([f"{limits.day:%Y}-01-01"] if any(limits.ceiling.values()) else [])]
    if not firsts:
        return []
    return sorted((id_, day) for id_, days in checked_days(view, limits.day.isoformat()).items() if id_ in ids for day in days if day >= min(firsts))


def by_subject(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Subject → its days, from (id, day)."""
    found: dict[str, list[str]] = {}
    for id_, day in pairs:
        found.setdefault(id_, []).append(day)
    return found


def reasons(ids: Iterable[str], registered: Iterable[str], classes: Iterable[str], days: Mapping[str, Collection[str]], limits: Limits) -> list[str]:
    """Why each subject stays out, "" where it does not; the first reason that applies: what the registry says
    (`registered`), then the days on which it was checked. A day after that of the limits is no check yet.
    """
    since, year, today = _since(limits), f"{limits.day:%Y}-", limits.day.isoformat()
    days = {id_: [day for day in found if day <= today] for id_, found in days.items()}
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


def source_digest(subjects: Frame, sums: bytearray | None = None) -> str:
    """SHA-256 of the registry as read: one JSON line a subject, sorted, so row order does not matter.

    `sums`: is filled with a short sum of every subject's line, eight hex digits each, in the order of the sheet.
    """
    total = hashlib.sha256()
    if sums is not None:
        sums[:] = bytes(SUM * len(subjects))
    columns = [subjects[name].to_numpy(dtype=object) for name in SOURCE_COLUMNS]
    ordered = _ordered(columns)
    for first in range(0, len(ordered), SOME):
        some = ordered[first:first + SOME]
        lines = _source_lines(columns, some)
        total.update(lines)
        if sums is not None:
            for at, line in zip(some, lines.split(b"\n"), strict=False):
                sums[SUM * at:SUM * at + SUM] = hashlib.sha256(line).hexdigest()[:SUM].encode()
    return total.hexdigest()


def _ordered(columns: Sequence[Texts]) -> list[int]:
    """The subjects in the order of their lines."""
    # A quoted text is never the beginning of another, so lines are in the order of their first cells; only equal ones are compared whole.
    firsts: list[str] = columns[0].tolist()
    used = characters(firsts)
    if min(used, default="") <= '"' or "\\" in used:  # else quoted ones would stand in the same order
        firsts = [*map(quoted, firsts)]
    ordered = sorted(range(len(firsts)), key=firsts.__getitem__)
    if len(set(firsts)) == len(firsts):
        return ordered
    times = Counter(firsts)
    equal = [at for at, first in enumerate(firsts) if times[first] > 1]
    whole = dict(zip(equal, _source_lines(columns, equal).split(b"\n"), strict=False))
    return sorted(ordered, key=lambda at: (firsts[at], whole.get(at, b"")))


def _source_lines(columns: Sequence[Texts], some: list[int]) -> bytes:
    """The lines of some subjects, each with its end: a JSON list of texts without spaces."""
    import numpy as np

    places = np.array(some, dtype=np.intp)
    rows = zip(*(column[places].tolist() for column in columns), strict=True)
    lines = ('["' + '"]\n["'.join(map('","'.join, rows)) + '"]\n').encode()
    marks = np.frombuffer(lines, dtype=np.uint8)
    # Nearly always no text holds what JSON would escape: then there is no mark, no end of line but ours, and nothing below a blank.
    if b"\\" not in lines and np.count_nonzero(marks < ord(" ")) == len(some) and np.count_nonzero(marks == ord('"')) == 2 * len(columns) * len(some):
        return lines
    cells = (map(quoted, column[places].tolist()) for column in columns)
    return "".join(f"[{line}]\n" for line in map(",".join, zip(*cells, strict=True))).encode()


def source_sums(subjects: Frame, sums: bytearray) -> File:
    """A short sum of every subject as it was frozen: proves nothing, but tells later which one was changed."""
    return File(SUMS, "".join([f"{id_}\t{total}\n" for id_, total in _sums(subjects, sums)]).encode())


def _sums(subjects: Frame, sums: bytearray) -> Iterator[tuple[str, str]]:
    """Id and sum, in the order of ids; of an id that stands twice, the last one's."""
    ids, told = subject_ids(subjects), sums.decode()
    ordered = sorted(range(len(ids)), key=ids.__getitem__)
    for at, following in zip_longest(ordered, islice(ordered, 1, None)):
        if following is None or ids[at] != ids[following]:
            yield ids[at], told[SUM * at:SUM * at + SUM]


def source_difference(subjects: Frame, folder: Path) -> str:
    """What became of the first subject that is not as it was frozen, as a sentence; "" if none can be named."""
    if not (folder / SUMS).exists():
        return ""
    lines = (folder / SUMS).read_text(encoding="utf-8").split("\n")
    was = {id_: total for id_, _, total in (line.partition("\t") for line in lines if line)}
    sums = bytearray()
    source_digest(subjects, sums)
    now = dict(_sums(subjects, sums))
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
