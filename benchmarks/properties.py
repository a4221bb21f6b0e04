"""The table of docs/properties.md: this draw beside other ways to draw, each cell measured here.

    python -m benchmarks.properties            prints the page
    python -m benchmarks.properties --write    writes it to docs/properties.md

Needs LibreOffice for one cell: RAND() is recalculated by a real spreadsheet program.
"""

from __future__ import annotations

import random
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.ways import IDS, SHEETS, WANTED, WAYS, N, Way, recalculated
from tests.lottery import chance, rivals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

PAGE = Path(__file__).parents[1] / "docs" / "properties.md"
DRAWS, REPEATS, TRIES = 10_000, 1000, 20
OUTSIDE = slice(2, None, 5)


@cache
def drawn(way: Way) -> chance.Matrix:
    """10 000 draws of 34 from 100."""
    rivals.volatile.seed(DRAWS)
    return chance.indicator(IDS, [way.draw(IDS, WANTED, seed) for seed in range(DRAWS)])


def fairness(test: Callable[[chance.Matrix, float], chance.Chi], found: chance.Matrix) -> str:
    """Even or uneven, with the statistic; the number drawn is what was drawn on average."""
    result = test(found, float(found.sum(axis=1).mean()))
    return f"{'yes' if result.fair else '**no**'} (χ² {number(result.value)})"


def number(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ")


def share(count: float, of: int) -> str:
    return f"{number(count)} of {number(of)}"


def holds(found: Iterable[bool]) -> str:
    results = list(found)
    return share(sum(results), len(results))


def never(way: Way) -> str:
    return share((drawn(way).sum(axis=0) == 0).sum(), N)


def even(way: Way) -> str:
    return fairness(chance.evenness, drawn(way))


def pairs(way: Way) -> str:
    together = drawn(way).T @ drawn(way)
    return share((together == 0).sum() / 2, N * (N - 1) // 2)


def even_pairs(way: Way) -> str:
    return fairness(chance.pairing, drawn(way))


def exact(way: Way) -> str:
    return share((drawn(way).sum(axis=1) == WANTED).sum(), DRAWS)


def again(way: Way) -> str:
    """RAND() in LibreOffice: a sheet opened twice. The others: the same seed twice."""
    if way.draw is rivals.rand_sort:
        return holds(one == other for one, other in zip(*recalculated(), strict=True))
    return holds(set(way.draw(IDS, WANTED, seed)) == set(way.draw(IDS, WANTED, seed)) for seed in range(REPEATS))


def shuffled(way: Way) -> str:
    deal = random.Random(2)
    return holds(set(way.draw(IDS, WANTED, seed)) == set(way.draw(deal.sample(IDS, N), WANTED, seed)) for seed in range(REPEATS))


def quarters(way: Way) -> str:
    """The four quarters of the list against each other."""
    return fairness(lambda found, n: chance.evenness(found, n, [place * 4 // N for place in range(N)]), drawn(way))


def longer(way: Way) -> str:
    """From n to n + 1 firms, n at random from 1 to 60."""
    deal = random.Random(4)
    sizes = [deal.randint(1, 60) for _ in range(REPEATS)]
    return holds(set(way.draw(IDS, n, seed)) <= set(way.draw(IDS, n + 1, seed)) for seed, n in enumerate(sizes))


def restricted(way: Way) -> str:
    """One firm that was not drawn is taken off the list."""
    deal = random.Random(3)

    def same(seed: int) -> bool:
        won = set(way.draw(IDS, WANTED, seed))
        gone = deal.choice([id_ for id_ in IDS if id_ not in won])
        return set(way.draw([id_ for id_ in IDS if id_ != gone], WANTED, seed)) == won

    return holds(same(seed) for seed in range(REPEATS))


def joined(way: Way) -> str:
    """Two items, 34 and 20 firms of the same 100: checks that need no visit of their own."""
    return spared(way, (IDS, WANTED), (IDS, 20))


def crossed(way: Way) -> str:
    """Two items, 20 firms each, of the first 70 and of the last 70."""
    return spared(way, (IDS[:70], 20), (IDS[30:], 20))


def spared(way: Way, *items: tuple[Sequence[str], int]) -> str:
    checks = visits = 0.0
    for seed in range(REPEATS):
        samples = [set(way.draw(ids, n, seed + turn * REPEATS * way.anew)) for turn, (ids, n) in enumerate(items)]
        checks += sum(map(len, samples))
        visits += len(set().union(*samples))
    return percent(1 - visits / checks)


def percent(value: float) -> str:
    return f"{value:.1%}".replace("%", " %")


def apart(left: int, right: int, both: int, n: int, m: int) -> str:
    """Checks spared by chance alone: n of `left` firms and m of `right`, `both` of them the same."""
    return percent(both * n / left * m / right / (n + m))


def replaced(way: Way) -> str:
    """Every fifth firm turns out to be outside the scope; who takes its place comes from a longer draw by the same method."""
    out = set(IDS[OUTSIDE])
    within = [id_ for id_ in IDS if id_ not in out]

    def sample(seed: int) -> list[str]:
        kept = [id_ for id_ in dict.fromkeys(way.draw(IDS, WANTED, seed)) if id_ not in out]
        spare = [id_ for id_ in dict.fromkeys(way.draw(IDS, WANTED + len(out), seed)) if id_ not in out and id_ not in kept]
        return kept + spare[: WANTED - len(kept)]

    return fairness(chance.evenness, chance.indicator(within, [sample(seed) for seed in range(DRAWS)]))


def steered(way: Way) -> str:
    """The operator tries 20 times for a draw without his friend before he shows one. Here he can only try nonces against
    numbers that he guesses; those said later decide.
    """
    friend, met = IDS[7], 0
    for case in range(REPEATS):
        tries = range(case * TRIES, (case + 1) * TRIES)
        if way.draw is rivals.this_draw:
            nonces = [sha256(str(turn).encode()).hexdigest() for turn in tries]
            kept = next((nonce for nonce in nonces if friend not in rivals.this_draw(IDS, WANTED, case, nonce)), nonces[0])
            met += friend in rivals.this_draw(IDS, WANTED, 500_000 + case, kept)
        else:
            met += all(friend in way.draw(IDS, WANTED, turn) for turn in tries)
    return share(met, REPEATS)


def read(way: Way) -> str:
    return holds(way.reads(code) == code for code in IDS)


ROWS: dict[str, Callable[[Way], str]] = {
    "Firms never drawn": never,
    "Every firm equally often": even,
    "Every quarter of the list equally often": quarters,
    "Pairs of firms never drawn together": pairs,
    "Every pair equally often": even_pairs,
    "Draws with exactly 34 different firms": exact,
    "Calculated again, the same winners": again,
    "Rows shuffled, the same winners": shuffled,
    "One firm more, all winners stay": longer,
    "A loser taken off the list, all winners stay": restricted,
    "Two items, same scope: checks that need no visit of their own": joined,
    "Two items, crossing scopes: checks that need no visit of their own": crossed,
    "Firms out of scope replaced: those within equally often": replaced,
    "Operator tries 20 times: his friend is drawn all the same": steered,
    "18-character codes read as they are": read,
}
TEXT = """# What this draw promises, beside other ways to draw

Made by `python -m benchmarks.properties --write`; every cell is measured by that code, nothing is typed in by hand.

{table}

How it was measured

- 100 firms, 34 to be drawn, 10 000 draws for the first six rows and for the row on replacing, else 1000; all seeds fixed.
- "Equally often": χ² of the counts against those of simple random sampling. Fair up to {even:.0f} for firms,
  {within:.0f} for the firms within scope, {quarters:.0f} for quarters, {pairs:.0f} for pairs: limits that a fair draw
  passes once in 10^6 (`tests/lottery/chance.py` derives them).
- *This draw*: the lottery as it runs, `lottery.draw.pick`. The seed is the numbers said.
- *Fixed interval*: one random start, then every ⌊N/n⌋-th row, as a provincial system did. The seed is the start;
  every item has a start of its own.
- *RAND() and sort*: fresh random numbers beside every row at each calculation, the first 34 after sorting; a model but for
  the row "calculated again", where LibreOffice opened one workbook twice ({sheets} columns of RAND()).
- *ToolPak Sampling*: the random method of Excel's Data Analysis, a model: each draw any row, with replacement, numbers
  only. A code is read as Excel reads it in a numeric cell.
- *Plain seeded sample*: Python's `random.Random(seed).sample`; both items of a task with the same seed.
- One firm more: from n to n + 1, n at random from 1 to 60.
- Replacing: every fifth firm is out of scope; whoever takes the place of one drawn is the first of a longer draw by the
  same method that is within scope and not yet drawn.
- Two items: 34 and 20 firms of the same 100, where {same} is spared by chance if they are drawn apart and {most} is the
  most; or 20 of the first 70 and 20 of the last 70, where chance spares {crossing}.
- Operator: keeps the first of 20 draws without his friend; {fair} is fair. In this draw he can
  only choose among secrets, against numbers that he guesses; the numbers said afterwards decide.
"""


def cell(title: str, way: Way) -> str:
    """One cell of the table, the same whenever it is measured."""
    rivals.volatile.seed(title)
    return ROWS[title](way)


def page() -> str:
    """The page, table and all."""
    heads = ["", *(way.name for way in WAYS)]
    lines = [heads, ["---"] * len(heads), *([title, *(cell(title, way) for way in WAYS)] for title in ROWS)]
    table = "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
    limits = [chance.Chi(0, df).limits[1] for df in (N - 1, N - len(IDS[OUTSIDE]) - 1, 3, N * (N - 3) // 2)]
    return TEXT.format(
        table=table, even=limits[0], within=limits[1], quarters=limits[2], pairs=limits[3], sheets=SHEETS, fair=share(REPEATS * WANTED / N, REPEATS),
        same=apart(N, N, N, WANTED, 20), most=percent(20 / (WANTED + 20)), crossing=apart(70, 70, 40, 20, 20),
    )


if __name__ == "__main__":
    made = page()
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(made, encoding="utf-8")
    print(made)
