"""How long a click takes to its first words, and to its answer: `python -m benchmarks.click [clicks]` prints a Markdown table.

A LibreOffice of our own holds a workbook of 300 firms open; each click is a process of its own, as Excel starts one. Cold: the
files of Python and of all packages are put out of the system's cache before each click. Warm: they are in it.
"""

from __future__ import annotations

import contextlib
import io
import os
import platform
import shutil
import statistics
import sys
import sysconfig
import tempfile
from pathlib import Path

from tests.doors.conftest import Desk, _Silent, fill
from tests.live.calc import App
from tests.live.first import TREE, first_feedback
from tests.live.office import Office

PARTS = {"start": "process start", "imports": "imports (ours, xlwings)", "connect": "connect, find the workbook", "first": "**first words**", "answer": "to the answer of 校验名录库"}


def forget() -> None:
    """Put the files of Python, of its packages and of ours out of the system's cache."""
    for folder in {sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), str(TREE / "ssj_xlwings")}:
        for path in Path(folder).rglob("*"):
            if path.suffix in (".py", ".pyc", ".so", ".pyi"):
                with contextlib.suppress(OSError):
                    handle = os.open(path, os.O_RDONLY)
                    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
                    os.close(handle)


def clicks(pipe: str, count: int, *, cold: bool) -> dict[str, float]:
    """The median of each part, in seconds."""
    seen = []
    for _ in range(count):
        if cold:
            forget()
        seen.append(first_feedback(pipe, "check"))
    return {part: statistics.median(one[part] for one in seen) for part in PARTS}


def main(count: int = 9) -> None:
    folder, office = Path(tempfile.mkdtemp(prefix="ssj-click-")), Office()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            fill(Desk(folder, _Silent()))
        App(office.desktop).open(folder / "台账.xlsx")
        clicks(office.pipe, 1, cold=False)
        measured = {"cold": clicks(office.pipe, count, cold=True), "warm": clicks(office.pipe, count, cold=False)}
    finally:
        office.close()
        shutil.rmtree(folder)
    print(f"| seconds, median of {count} clicks | cold | warm |\n| --- | --- | --- |")
    for part, label in PARTS.items():
        print(f"| {label} | {measured['cold'][part]:.2f} | {measured['warm'][part]:.2f} |")
    print(f"\nPython {platform.python_version()}, {platform.system()}, {os.cpu_count()} processors.")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
