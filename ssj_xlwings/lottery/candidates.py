"""Step 1 of the draw: from the registry to the pool, each exclusion with its reason; and the staff's facts."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.lottery.pool import PoolRow
from ssj_xlwings.lottery.scope import Condition, inside
from ssj_xlwings.types import File
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.lookup import Lookup, item_lookup, records, subject_ids
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.tables import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from ssj_xlwings.types import Frame, View

SUMS = "source-sums.tsv"
SOURCE_COLUMNS = [column.name for column in SUBJECTS.columns if column.name == "class" or not column.private]
"""What the source digest covers: everything that could decide, no personal data."""


class Sifted(NamedTuple):
    """The registry parted in two.

    `pool`: one row a subject; `excluded`: (id, reason); `jurisdiction`: (id, unit);
    `sheet_rows`: where in 检查对象名录库 the pool and the subjects of the scope stand.
    """

    pool: list[PoolRow]
    excluded: list[tuple[str, str]]
    jurisdiction: list[tuple[str, str]]
    sheet_rows: set[int]


def sift(view: View, rows: Sequence[Condition], items: Sequence[str], today: date, recheck: int, ceiling: int) -> Sifted:
    """Who can be drawn today. `recheck`: days, `ceiling`: checks a year; 0 turns either off."""
    subjects = view["subjects"]
    ids = subject_ids(subjects)
    reasons = _reasons(view, rows, ids, today, recheck, ceiling)
    stratum = subjects["class"].where(subjects["class"] != "", SUBJECTS.column("class").default)
    kept = [not reason for reason in reasons]
    codes = tuple(items)
    pool = [PoolRow(id_, layer, codes) for id_, layer, keep in zip(ids, stratum, kept, strict=True) if keep]
    excluded = [(id_, reason) for id_, reason in zip(ids, reasons, strict=True) if reason]
    units = Lookup(view["units"]["name"])
    jurisdiction = [(id_, units.one(unit) or unit) for id_, unit, keep in zip(ids, subjects["unit"], kept, strict=True) if keep]
    return Sifted(pool, excluded, jurisdiction, {int(row) for row in subjects.index[inside(subjects, rows)]})


def _reasons(view: View, rows: Sequence[Condition], ids: list[str], today: date, recheck: int, ceiling: int) -> list[str]:
    """Why each subject stays out, "" where it does not; the first reason that applies."""
    subjects = view["subjects"]
    reasons = subjects["name"].map(lambda _: "")

    def out(mask: pd.Series[bool], why: object) -> None:
        nonlocal reasons
        reasons = reasons.mask((reasons == "") & mask, why)

    status = subjects["status"].where(subjects["status"] != "", SUBJECTS.column("status").default)
    out(subjects["state"] == codelists.VALID[1], say.OUT_STATE)
    out(~status.isin(codelists.IN_SCOPE_STATUS), status.map(lambda word: say.OUT_STATUS.format(status=word)))
    out(~inside(subjects, rows), say.OUT_SCOPE)
    out(subjects["whitelist"] == codelists.YES_NO[0], say.OUT_WHITELIST)
    days = checked_days(view["results"])
    since, year = (today - timedelta(days=recheck)).isoformat(), f"{today:%Y}"
    recent = subjects["name"].map(lambda _: False)
    often = recent.copy()
    for place, id_ in enumerate(ids):
        if id_ in days:
            recent.iloc[place] = recheck > 0 and max(days[id_]) >= since
            often.iloc[place] = 0 < ceiling <= sum(day.startswith(year) for day in days[id_])
    out(recent, say.OUT_RECENT.format(days=recheck))
    out(often, say.OUT_CEILING.format(times=ceiling))
    return list(reasons)


def checked_days(results: Frame) -> dict[str, set[str]]:
    """On which days each subject was checked; several items on one day are one visit."""
    days: dict[str, set[str]] = {}
    for subject, day in zip(results["subject"], results["date"], strict=True):
        if day:
            days.setdefault(subject, set()).add(day)
    return days


def source_digest(subjects: Frame) -> str:
    """SHA-256 of the registry as read: one JSON line a subject, sorted, so row order does not matter."""
    return hashlib.sha256("".join(line + "\n" for line in sorted(_source_lines(subjects))).encode()).hexdigest()


def _source_lines(subjects: Frame) -> Iterator[str]:
    columns = [list(subjects[name]) for name in SOURCE_COLUMNS]
    return (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in zip(*columns, strict=True))


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


def staff(view: View, today: date, bureau: str) -> list[dict[str, object]]:
    """The frozen facts of everyone on duty with the right to inspect: a dict a person, sorted by certificate.

    `items` are codes (全部 spelt out), `recused` subject ids of recusals still in force,
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
        people.append({
            "id": row["id"], "unit": unit, "city": unit in city, "items": sorted(items.several(row["items"]).keys, key=str.encode),
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
