"""How long a whole job takes on a workbook, and what memory it needs, beside other programs: docs/benchmarks.md.

    python -m benchmarks.workbook [--sizes 1000 10000 50000] [--only ssj] [--repeat 3] [--write]

With --write what was measured takes its place on the page; the rest stays there with the day on which it was measured.
1 000 000 firms take the straightforward program a quarter of an hour and 9 GB, so that size is measured only when named.
Every program runs in a process of its own, best of `repeat`; CPU seconds, so that another program's work does not count.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks import programs, saving

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PAGE, KEPT = ROOT / "docs" / "benchmarks.md", ROOT / "benchmarks" / "measured.json"
SIZES = (1000, 10_000, 50_000)
STAGES = ("start", "read", "check", "freeze", "draw", "save", "ledger")
SAVERS = {"ssj": saving.ours, "wolfxl": saving.wolfxl}
STRAIGHT, RUST, AIM, AIMED_FROM = "pandas + openpyxl", "wolfxl", 25, 50_000
SAVED = 200_000
"""The largest workbook whose saving is compared: wolfxl refuses a part of a million rows."""
CHANGES = {"results": "1 500 results", "registry": "besides 500 firms new, 1 500 changed"}


class Run(NamedTuple):
    """One program once: CPU seconds by stage, the most memory it held (MiB), and on which day."""

    stages: dict[str, float]
    peak: float
    date: str

    @property
    def seconds(self) -> float:
        """All told."""
        return sum(self.stages.values())


def child(kind: str, name: str, *books: Path) -> None:
    """In the child: the program, its stages and its peak printed."""
    if kind == "make":
        from benchmarks import cities

        print(json.dumps(cities.make(books[0], int(name))))
        return
    steps: Iterator[str]
    if kind == "job":
        steps = programs.PROGRAMS[name](books[0])
    elif name == "floor":
        steps = saving.floor(*books)
    else:
        steps = SAVERS[name](books[0], kind == "registry")
    stages, at = {}, time.process_time()
    for stage in steps:
        now = time.process_time()
        stages[stage], at = now - at, now
    print(json.dumps([stages, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def started(*words: object) -> str:
    """The last line of a process of its own."""
    command = [sys.executable, "-m", "benchmarks.workbook", "--child", *map(str, words)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout.splitlines()[-1]


def measured(kind: str, name: str, *books: Path) -> Run:
    """One program in a process of its own. `start` takes in how long Python takes to begin and to end."""
    begun = spent()
    stages, peak = json.loads(started(kind, name, *books))
    return Run({**stages, "start": spent() - begun - sum(stages.values()) + stages["start"]}, peak, f"{datetime.now(UTC):%Y-%m-%d}")


def spent() -> float:
    """CPU seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def best(repeat: int, kind: str, name: str, book: Path) -> Run:
    """The quickest of several, each on a fresh copy."""
    runs = []
    for _ in range(repeat):
        with tempfile.TemporaryDirectory(dir=book.parent) as folder:
            runs.append(measured(kind, name, Path(shutil.copy(book, folder))))
    return min(runs, key=lambda run: run.seconds)


def size(number: int, repeat: int, only: list[str], kept: dict[str, Any]) -> dict[str, Any]:
    """Everything measured at one size; of the programs left out, what is kept."""
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book.xlsm"
        made = json.loads(started("make", str(number), book))  # a parent that has grown would show in its children's peaks
        found: dict[str, Any] = {**made, "bytes": book.stat().st_size, "job": dict(kept.get("job", {})), "saving": dict(kept.get("saving", {}))}
        for name in only:
            found["job"][name] = best(1 if number > 100_000 and name != "ssj" else repeat, "job", name, book)
            print(number, name, found["job"][name], file=sys.stderr, flush=True)
        for kind in CHANGES if "ssj" in only and number <= SAVED else ():
            found["saving"][kind] = {name: best(repeat, kind, name, book) for name in SAVERS}
            after = Path(folder) / "after" / book.name
            after.parent.mkdir(exist_ok=True)
            shutil.copy(book, after)
            measured(kind, "ssj", after)
            found["saving"][kind]["floor"] = min((measured(kind, "floor", book, after) for _ in range(repeat)), key=lambda run: run.stages["save"])
            print(number, kind, found["saving"][kind], file=sys.stderr, flush=True)
    return found


def starting(repeat: int) -> dict[str, float]:
    """Seconds that the bare interpreter and our help take; the least of many."""
    commands = {"python -c pass": ["-c", "pass"], "ssj --help": ["-m", "ssj_xlwings", "--help"]}
    found = {name: [] for name in commands}  # type: dict[str, list[float]]
    for _ in range(4 * repeat):
        for name, command in commands.items():
            begun = spent()
            subprocess.run([sys.executable, *command], check=True, capture_output=True, cwd=ROOT)
            found[name].append(spent() - begun)
    return {name: min(times) for name, times in found.items()}


def number(value: float) -> str:
    """1234567 → 1 234 567; small ones with a digit or two behind the point."""
    return f"{value:,.0f}".replace(",", " ") if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def line(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def jobs(kept: dict[str, Any]) -> str:
    """The table of jobs."""
    lines = [line("firms × 16", "program", "CPU s", "× ours", "peak MB", *STAGES, "measured"), line(*["---:", "---", *["---:"] * (len(STAGES) + 3), "---"])]
    for firms, block in kept["sizes"].items():
        ours = Run(*block["job"]["ssj"]).seconds if "ssj" in block["job"] else 0
        for name in (name for name in programs.PROGRAMS if name in block["job"]):
            stages, peak, date = block["job"][name]
            seconds = sum(stages.values())
            lines.append(line(number(int(firms)), name, number(seconds), number(seconds / ours) if name != "ssj" and ours else "", number(peak),
                              *(number(stages[stage]) if stage in stages else "" for stage in STAGES), date))
    return "\n".join(lines)


def savings(kept: dict[str, Any]) -> str:
    """The table of saves."""
    lines = [line("firms × 16", "change", "copy and pack, CPU s", "ssj saves", "× of it", "wolfxl saves", "× ours", "ssj opens and saves", "wolfxl opens and saves", "× ours", "peak MB", "wolfxl MB"),
             line("---:", "---", *["---:"] * 10)]
    for firms, block in kept["sizes"].items():
        for kind, found in block["saving"].items():
            ours, rival, least = (Run(*found[name]) for name in ("ssj", "wolfxl", "floor"))
            floor, save, theirs = (run.stages["save"] for run in (least, ours, rival))
            mine, whole = (run.stages["open"] + run.stages["save"] for run in (ours, rival))
            lines.append(line(number(int(firms)), CHANGES[kind], number(floor), number(save), number(save / floor), number(theirs), number(theirs / save),
                              number(mine), number(whole), number(whole / mine), number(ours.peak), number(rival.peak)))
    return "\n".join(lines)


def proofs(kept: dict[str, Any]) -> str:
    """A line a size: how much of our time is the proof, and how what remains compares with the straightforward program."""
    lines = []
    for firms, block in kept["sizes"].items():
        runs = {name: Run(*run) for name, run in block["job"].items()}
        if {"ssj", STRAIGHT} <= runs.keys() and int(firms) >= AIMED_FROM:
            ours, rival = runs["ssj"], runs[STRAIGHT]
            proof = ours.stages["freeze"] + ours.stages["draw"]
            left, theirs = ours.seconds - proof, rival.seconds - rival.stages["draw"]
            lines.append(f"- {number(int(firms))} firms: {number(proof)} of {number(ours.seconds)} s are freeze and draw ({proof / ours.seconds:.0%}). Without them {number(left)} s remain, "
                         f"the straightforward program without its draw takes {number(theirs)} s: {number(theirs / left)} times. "
                         f"{AIM} times would be {number(rival.seconds / AIM)} s; starting and reading alone take ours {number(ours.stages['start'] + ours.stages['read'])} s."
                         + (f" wolfxl, written in Rust and free of all proof, is {number(rival.seconds / runs[RUST].seconds)} times the straightforward program." if RUST in runs else ""))
    return "\n".join(lines)


TEXT = """# How fast, with how much memory

Made by `python -m benchmarks.workbook --write`; nothing is typed in by hand. CPU seconds, each program in a process of its own:
only ratios mean anything on another machine.

The job: read the pool, check every row, draw 3 %, write record, results and ledger, save. Firms stand in one sheet of an
.xlsm of {parts} parts, with 400 inspectors in {units} units.

{jobs}

- *ssj*: the commands `check`, `freeze`, `draw`, `ledger` on one reading of the workbook and with one save; `freeze` checks
  once more, `draw` reads the frozen files back and verifies them, the save is read back, the former workbook kept.
- *pandas + openpyxl*: `read_excel`, the same checks of a firm in one loop, `sample(frac=0.03)`, `load_workbook(keep_vba=True)`
  and `save`. No commitment, no proof, nothing verified, and what openpyxl does not know of the workbook is lost.
- *wolfxl*: the same with wolfxl in its modify mode.

Where {aim} times the straightforward program stays out of reach: ours commits, proves and verifies, which the others do not, and
`freeze` and `draw` are each made to be trusted alone (a freeze checks the registry again, a draw reads the frozen files back,
digests the registry once more and holds both against the commitment). What of our time that is, and what is left of the job:

{proofs}

Saving alone, beside copying the file and packing the parts that changed (by Python's own zlib, at our levels; flushed to the disk once; ours flushes twice,
because it keeps the former file). Opening is ours to read the tables that change, checked against another hand's changes when saving; wolfxl's is to
take the sheets apart as they are first touched, which falls into its saving:

{savings}

What copying and packing leaves out, and a save of ours does: find the rows in the sheet that stands there, lay the new ones out with the looks of the
row before, let ranges and formulas elsewhere follow, read every part that was written back and hold it against what was meant, compare
the features of the workbook before and after. None of it depends on the size of what changed alone, so the ratio is worst where little changes.

Starting: `python -c pass` {bare} s, `ssj --help` {help} s: {times} times.
"""


def page(kept: dict[str, Any]) -> str:
    """The page."""
    block = next(iter(kept["sizes"].values()))
    bare, help_ = kept["start"]["python -c pass"], kept["start"]["ssj --help"]
    return TEXT.format(parts=block["parts"], units=block["units"], jobs=jobs(kept), aim=AIM, proofs=proofs(kept), savings=savings(kept), bare=f"{bare:.3f}", help=f"{help_:.3f}", times=f"{help_ / bare:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workbook")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--only", nargs="+", choices=programs.PROGRAMS, default=list(programs.PROGRAMS))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {"sizes": {}}
    kept["start"] = starting(given.repeat)
    for number in given.sizes:
        made = {str(number): size(number, given.repeat, given.only, kept["sizes"].get(str(number), {}))}
        kept["sizes"] = dict(sorted({**kept["sizes"], **made}.items(), key=lambda pair: int(pair[0])))
        if given.write:  # after each size: the last one may take an hour
            KEPT.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            PAGE.write_text(page(kept), encoding="utf-8")
    print(page(json.loads(json.dumps(kept))))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:4], *map(Path, sys.argv[4:]))
    else:
        main()
