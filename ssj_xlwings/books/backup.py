"""Former versions of a workbook, in a folder beside it."""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING

from ssj_xlwings.package.archive import UNFINISHED, clear_unfinished
from ssj_xlwings.vocabulary.sentences.books import BACKUPS

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

KEPT = 20


def keep(path: Path, now: datetime) -> Path:
    """Copy the workbook, as it is on the disk, to 备份/台账-20261125-091500.xlsx; the copy is flushed before this returns."""
    folder = path.parent / BACKUPS
    folder.mkdir(exist_ok=True)
    stamp = f"{path.stem}-{now:%Y%m%d-%H%M%S}"
    copy, count = folder / f"{stamp}{path.suffix}", 1
    while copy.exists():
        count += 1
        copy = folder / f"{stamp}-{count}{path.suffix}"
    unfinished = copy.with_name(f".{path.name}.{os.getpid()}{UNFINISHED}")
    try:
        shutil.copy2(path, unfinished)
        with unfinished.open("r+b") as file:
            os.fsync(file.fileno())
        unfinished.rename(copy)  # whole or not at all: a copy cut off half-way must not look like one
    finally:
        unfinished.unlink(missing_ok=True)
    return copy


def prune(path: Path) -> None:
    """Remove all but the last KEPT copies of this workbook; nothing else in the folder is touched."""
    clear_unfinished(path.parent / BACKUPS / path.name)
    name = re.compile(re.escape(path.stem) + r"-(\d{8}-\d{6})(?:-(\d+))?" + re.escape(path.suffix))
    found = [(match[1], int(match[2] or 1), copy) for copy in (path.parent / BACKUPS).iterdir() if (match := name.fullmatch(copy.name))]
    for _, _, copy in sorted(found)[:-KEPT]:
        copy.unlink()
