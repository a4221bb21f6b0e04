"""The chained log: one JSON line an event, never changed; each line holds the hash of the one before.

A row is keyed by the columns of table `log`, every value a text: seq, time (UTC), task, event, attempt, operator, note,
data (canonical JSON, names → texts), before ("" in the first row), hash = D("log", json of all the others).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ssj_xlwings.lottery import shape
from ssj_xlwings.lottery.digest import canonical, digest, parse
from ssj_xlwings.lottery.files import decode
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary import clock, codelists
from ssj_xlwings.vocabulary.sentences import lottery as say
from ssj_xlwings.vocabulary.tables import LOG

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from ssj_xlwings.types import LogRow, Row

STEPS = (codelists.FROZEN, codelists.SAID, codelists.DRAWN, codelists.VOIDED)
ROW = {column.name: shape.NUMBER if column.kind == "int" else str for column in LOG.columns}


@dataclass(frozen=True, slots=True)
class State:
    """How far a task is: its last event ("" if none), the number of its last attempt, and that attempt's rows."""

    event: str
    attempt: int
    freeze: Row | None = None
    said: Row | None = None
    draw: Row | None = None

    @property
    def next_attempt(self) -> int:
        """The number that a new freeze would carry."""
        return self.attempt + 1


def read(path: Path) -> list[dict[str, str]]:
    """All rows, oldest first; none if there is no file yet. Refusal naming the damaged line.

    A last line without its end was being written when the power failed: nothing was done on its account,
    so it does not count; the next `append` puts it aside.
    """
    if not path.exists():
        return []
    whole, _ = _torn(path.read_bytes())
    lines = decode(whole, path.name).split("\n")
    lines.pop()
    rows = []
    for number, line in enumerate(lines, 1):
        try:
            row = parse(line, path.name)
            shape.check(row, ROW, path.name)
            if len(row) > len(ROW):
                raise Refusal(say.LOG_FIELDS)
        except Refusal as why:
            raise Refusal(say.LOG_LINE, file=path.name, line=number, why=why) from why
        rows.append(row)
    return rows


def make(rows: Sequence[Row], row: LogRow, now: datetime, operator: str) -> dict[str, str]:
    """The row that follows `rows`, complete with number, time and chain. `now` carries its time zone."""
    made = {
        "seq": str(len(rows) + 1), "time": clock.utc(now), "task": row.task, "event": row.event,
        "attempt": str(row.attempt), "operator": operator, "note": row.note, "data": canonical(dict(row.data)), "before": head(rows),
    }
    return {**made, "hash": fingerprint(made)}


def head(rows: Sequence[Row]) -> str:
    """The newest hash, "" of an empty log."""
    return rows[-1]["hash"] if rows else ""


def fingerprint(row: Row) -> str:
    """D("log", json of all fields but the hash)."""
    return digest("log", canonical({key: value for key, value in row.items() if key != "hash"}))


def append(path: Path, row: Row) -> None:
    """Write one line and have it on the disk before returning."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole, torn = _torn(path.read_bytes()) if path.exists() else (b"", b"")
    if torn:
        path.with_suffix(f".{len(whole)}.torn").write_bytes(torn)
        os.truncate(path, len(whole))
    with path.open("ab") as file:
        file.write(canonical(dict(row)).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _torn(data: bytes) -> tuple[bytes, bytes]:
    """The finished lines of a log file, and the beginning of one that was never finished."""
    end = data.rfind(b"\n") + 1
    return data[:end], data[end:]


def walk(rows: Sequence[Row]) -> tuple[int, str] | None:
    """Number (from 1) of the first row that breaks the chain, and why; None if it holds."""
    before = ""
    for number, row in enumerate(rows, 1):
        if row["seq"] != str(number):
            return number, say.LOG_SEQ.format(seen=row["seq"], want=number)
        if row["before"] != before:
            return number, say.LOG_BEFORE
        if row["hash"] != fingerprint(row):
            return number, say.LOG_HASH
        before = row["hash"]
    return None


def compare(sheet: Iterable[Row], file: Sequence[Row]) -> list[dict[str, str]]:
    """The rows of the file that the sheet lacks, oldest first (the sheet's order does not matter).

    Refusal if the sheet has more rows than the file or differs from it anywhere.
    """
    shown = sorted(sheet, key=lambda row: int(row["seq"]) if row["seq"].isdecimal() else 0)
    if len(shown) > len(file):
        raise Refusal(say.SHEET_AHEAD, sheet=len(shown), file=len(file))
    for number, (seen, kept) in enumerate(zip(shown, file, strict=False), 1):
        for column in LOG.columns:
            if seen[column.name] != kept[column.name]:
                raise Refusal(say.SHEET_DIFFERS, row=number, header=column.header)
    return [dict(row) for row in file[len(shown) :]]


def state(rows: Iterable[Row], task: str) -> State:
    """How far a task is, by its number. A draw of several tasks is logged under the one that leads, and counts for each.

    A replacement changes nothing of it: the draw stands.
    """
    found = State("", 0)
    mine: tuple[str, str] | None = None
    for row in rows:
        if row["event"] == codelists.FROZEN and task in tasks_of(row):
            mine = row["task"], row["attempt"]
        if (row["task"], row["attempt"]) != mine or row["event"] not in STEPS:
            continue
        now: Mapping[str, Row | None] = {"freeze": found.freeze, "said": found.said, "draw": found.draw}
        if row["event"] == codelists.FROZEN:
            now = {"freeze": row}
        elif row["event"] == codelists.SAID:
            now = {**now, "said": row}
        elif row["event"] == codelists.DRAWN:
            now = {**now, "draw": row}
        found = State(row["event"], int(row["attempt"]), **now)
    return found


def tasks_of(row: Row) -> list[str]:
    """The numbers of all tasks that a freeze row is for, the leading one first."""
    return (data(row).get("tasks") or row["task"]).split("、")


def data(row: Row | None) -> dict[str, str]:
    """What a row holds in 内容, names → texts; empty where there is no row."""
    if row is None:
        return {}
    found: dict[str, str] = parse(row["data"], LOG.sheet)
    shape.check(found, {...: str}, LOG.sheet)
    return found


def unknown_folders(rows: Iterable[Row], archive: Path) -> list[str]:
    """Folders of draw records in the archive that no freeze of the log named. A log row comes before its files."""
    if not archive.is_dir():
        return []
    known = {data(row)["folder"] for row in rows if row["event"] == codelists.FROZEN}
    return sorted(place.name for place in archive.iterdir() if place.is_dir() and place.name not in known and (place / "frozen.json").exists())
