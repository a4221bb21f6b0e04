"""Former versions of a workbook, in a folder beside it, and what the last step was."""

from __future__ import annotations

import json
import os
import re
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ssj_xlwings.package.archive import UNFINISHED, clear_unfinished
from ssj_xlwings.vocabulary.sentences.books import BACKUPS
from ssj_xlwings.vocabulary.tables import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True)
class Step:
    """The last command that changed a workbook: the copy from before it, and the tables it left.

    `after`: table → fingerprint (`cells.fingerprint`). `closed`: it stands in the log and is never taken back.
    """

    label: str
    copy: str
    after: Mapping[str, str]
    closed: bool


def place(path: Path, now: datetime) -> Path:
    """Where the next copy of a workbook goes: 备份/台账-20261125-091500.xlsx. Its folder is made, nothing else."""
    folder = path.parent / BACKUPS
    folder.mkdir(exist_ok=True)
    stamp = f"{now:%Y%m%d-%H%M%S}"
    last = max((number for day, number, _ in _copies(path) if day == stamp), default=0)  # a number that was pruned is not given again: it would look older
    return folder / f"{path.stem}-{stamp}{f'-{last + 1}' if last else ''}{path.suffix}"


def keep(path: Path, now: datetime) -> Path:
    """Copy the workbook, as it is on the disk; the copy is flushed before this returns."""
    copy = place(path, now)
    unfinished = copy.with_name(f".{path.name}.{os.getpid()}{UNFINISHED}")
    try:
        shutil.copy2(path, unfinished)
        with unfinished.open("r+b") as file:
            os.fsync(file.fileno())
        unfinished.rename(copy)  # whole or not at all: a copy cut off half-way must not look like one
    finally:
        unfinished.unlink(missing_ok=True)
    return copy


def prune(path: Path, count: int) -> None:
    """Remove all but the last `count` copies of this workbook (0: none is removed); nothing else in the folder is touched.

    A copy that somebody has open stays, and goes at a later step: nothing raises, as the step it belongs to is done.
    """
    with suppress(OSError):
        clear_unfinished(path.parent / BACKUPS / path.name)
    with suppress(OSError):
        for _, _, copy in _copies(path)[:-count] if count else ():
            with suppress(OSError):
                copy.unlink(missing_ok=True)


def _copies(path: Path) -> list[tuple[str, int, Path]]:
    """The copies of a workbook, oldest first: their second, their number within it (1 stands in no name), the file."""
    name = re.compile(re.escape(path.stem) + r"-(\d{8}-\d{6})(?:-(\d+))?" + re.escape(path.suffix))
    return sorted((match[1], int(match[2] or 1), copy) for copy in (path.parent / BACKUPS).iterdir() if (match := name.fullmatch(copy.name)))


def remember(path: Path, step: Step) -> None:
    """Keep what the last step was, whole or not at all. OSError if that cannot be; then no earlier step passes for the last, if that can be."""
    note = _note(path)
    unfinished = note.with_name(f".{path.name}.{os.getpid()}{UNFINISHED}")
    try:
        unfinished.write_text(json.dumps(asdict(step), ensure_ascii=False), encoding="utf-8")
        unfinished.replace(note)
    except OSError:
        with suppress(OSError):
            note.unlink(missing_ok=True)
        raise
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def last(path: Path) -> Step | None:
    """The last step, None if there was none or the note of it cannot be read (cut off, emptied, no file)."""
    try:
        step = Step(**json.loads(_note(path).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    told = isinstance(step.label, str) and isinstance(step.copy, str) and isinstance(step.after, dict) and step.after.keys() <= BY_NAME.keys()
    return step if told else None


def copy_of(path: Path, step: Step) -> Path:
    """The copy from before a step."""
    return path.parent / BACKUPS / step.copy


def _note(path: Path) -> Path:
    return path.parent / BACKUPS / f"{path.name}.json"
