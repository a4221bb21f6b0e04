"""How lists are drawn: by this program, and by what is used elsewhere. One signature for all: (ids in the order of the
sheet, how many, seed) → the ids drawn, in the order in which they come.

`seed` stands for whatever the method lets one keep: the numbers said here, the random start of a fixed interval, the
seed of a seeded sample. RAND() and the ToolPak keep nothing: they take their next numbers, whatever the seed.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ssj_xlwings.lottery import pool
from ssj_xlwings.lottery.draw import pick
from ssj_xlwings.lottery.freeze import Frozen, freeze
from ssj_xlwings.lottery.pool import PoolRow
from tests.lottery import sample

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Method = Callable[[Sequence[str], int, int], list[str]]

ITEM, LAYER = "抽取", "全部"
EVERY = 10**9
"""As many alternates as there are: the whole ticket order."""
volatile = random.Random(20210119)


def said(seed: int) -> list[tuple[str, str]]:
    """Two speakers' numbers, other ones for every seed below 10^6."""
    return [("张三", f"{seed:06d}"), ("李四", f"{seed * 7919 % 10**6:06d}")]


@lru_cache(maxsize=8)
def _rows(ids: tuple[str, ...]) -> list[PoolRow]:
    return pool.ordered(PoolRow(id_, LAYER, (ITEM,)) for id_ in ids)


@lru_cache(maxsize=1)
def _frozen() -> Frozen:
    plan = replace(sample.PLAN, items=[ITEM], rates={ITEM: {LAYER: {"n": 1}}}, alternates=0, scope=None, checked=None)
    return freeze([PoolRow("F", LAYER, (ITEM,))], [], [], [], plan, sample.NONCE, sample.VEIL)


def this_draw(ids: Sequence[str], n: int, seed: int, nonce: str = sample.NONCE) -> list[str]:
    """ssj-draw/1 with one and the same root and plan, so that nonce and seed alone decide the key."""
    base = _frozen()
    inner = {**base.inner_plan, "rates": {ITEM: {LAYER: {"n": n}}}}
    return pick(replace(base, rows=_rows(tuple(ids)), inner_plan=inner, nonce=nonce), said(seed)).cuts[0].drawn


def fixed_interval(ids: Sequence[str], n: int, seed: int) -> list[str]:
    """One random start, then every ⌊N/n⌋-th row."""
    step = len(ids) // n
    start = random.Random(seed).randrange(step)
    return [ids[start + step * turn] for turn in range(n)]


def rand_sort(ids: Sequence[str], n: int, seed: int) -> list[str]:
    """=RAND() beside every row, the sheet sorted by it, the first n taken; every recalculation draws afresh."""
    return sorted(ids, key=lambda _: volatile.random())[:n]


def toolpak(ids: Sequence[str], n: int, seed: int) -> list[str]:
    """Data Analysis, Sampling, Random: n times any row, with replacement."""
    return [ids[volatile.randrange(len(ids))] for _ in range(n)]


def seeded(ids: Sequence[str], n: int, seed: int) -> list[str]:
    """random.Random(seed).sample, the plain way to a repeatable draw."""
    return random.Random(seed).sample(list(ids), n)
