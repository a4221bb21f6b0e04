"""How long freeze, draw and verify take and what memory they need, beside a bare loop over hashlib.

    python -m benchmarks.draw_speed [rows …]   (10000 100000 1000000 if none are named)

Every step runs in a process of its own on one and the same record, as the commands do: freeze makes the files, draw
reads them back (and recomputes root and plan) before it draws, verify goes through the thirteen steps. The bare loop
does one SHA-256 a row, of a text of a leaf line's length, over rows that are there already. Its time and its peak of
memory on the same machine in the same run are the unit, so the figures can be compared between machines; CPU time, so
that another program's work does not count.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ssj_xlwings.lottery import record
from ssj_xlwings.lottery.draw import draw
from ssj_xlwings.lottery.freeze import freeze
from ssj_xlwings.lottery.pool import PoolRow
from ssj_xlwings.lottery.verify import verify
from tests.lottery import sample

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (10_000, 100_000, 1_000_000)
CLASSES, RATES = "ABCD", {"A": "0.005", "B": "0.01", "C": "0.03", "D": "0.1"}
UNITS = [f"第{number}区局" for number in range(20)]
STAFF = 400


def rows(size: int) -> list[PoolRow]:
    """Firms with 18-digit codes, four classes in no order, two items for every other one."""
    deal = random.Random(size)
    return [PoolRow(f"911304MA{number:010d}", deal.choice(CLASSES), ("DJ01", "SP01") if number % 2 else ("DJ01",)) for number in range(size)]


def staff() -> list[dict[str, object]]:
    """400 inspectors in 20 units."""
    return [
        {"id": f"HD-{number:03d}", "unit": UNITS[number % 20], "city": False, "items": ["DJ01", "SP01"], "until": "2027-01-01", "recused": [], "available": True}
        for number in range(STAFF)
    ]


def bare(size: int, _place: Path) -> Callable[[], object]:
    lines = [f"911304MA{number:010d}\tDJ01,SP01\t{'0' * 64}" for number in range(size)]
    return lambda: [sha256(line.encode()).hexdigest() for line in lines]


def freezing(size: int, place: Path) -> Callable[[], object]:
    pool = rows(size)
    units = [(row.id, UNITS[index % 20]) for index, row in enumerate(pool)]
    plan = replace(sample.PLAN, items=["DJ01", "SP01"], rates=dict.fromkeys(["DJ01", "SP01"], RATES), scope=None, checked=None)
    return lambda: sample.write(place, record.freeze_files(freeze(pool, [], staff(), units, plan, sample.NONCE, sample.VEIL)))


def drawing(_size: int, place: Path) -> Callable[[], object]:
    made = record.Made("2026-03-02T01:30:00Z", "三楼会议室", "赵六", ["钱七"], "ssj")

    def run() -> None:
        frozen = record.load_frozen(place)
        data = record.draw_json(place, frozen, draw(frozen, sample.SAID), {}, made, "0" * 64, publish=True)
        sample.write(place, record.draw_files(data, frozen.inner, "0" * 64))

    return run


def verifying(_size: int, place: Path) -> Callable[[], object]:
    def run() -> None:
        verdict = verify(place)
        if not verdict.ok:
            sys.exit(str(verdict.failure))

    return run


STEPS = {"bare loop": bare, "freeze": freezing, "draw": drawing, "verify": verifying}


def measured(step: str, size: int, place: Path) -> tuple[float, float]:
    """CPU seconds and MiB at the peak, of one step in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.draw_speed", "--step", step, str(size), str(place)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, memory = map(float, done.stdout.split())
    return seconds, memory


def run_step(step: str, size: int, place: Path) -> None:
    """In the child: what is there beforehand is not timed, but its memory counts."""
    action = STEPS[step](size, place)
    begun = time.process_time()
    result = action()
    seconds = time.process_time() - begun
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    del result


def table(sizes: list[int]) -> str:
    """The table, one row a size and step."""
    lines = ["| rows | step | CPU seconds | × bare loop | peak MiB | × bare loop |", "| ---: | --- | ---: | ---: | ---: | ---: |"]
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            unit: tuple[float, float] = (0.0, 0.0)
            for step in STEPS:
                seconds, memory = measured(step, size, Path(folder))
                unit = unit if unit[0] else (seconds, memory)
                lines.append(f"| {size:,} | {step} | {seconds:.3g} | {seconds / unit[0]:.1f} | {memory:.0f} | {memory / unit[1]:.1f} |".replace(",", " "))
    return "\n".join(lines)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        run_step(sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
    else:
        print(table([int(size) for size in sys.argv[1:]] or list(SIZES)))
