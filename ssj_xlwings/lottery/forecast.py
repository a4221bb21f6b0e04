"""What a draw will be like, before anything is frozen: quotas, visits to expect, and what a reader could infer.

Everything follows from the pool and the rates alone, so it is exact but where the scopes of items cross: there each item's
last ticket depends on who else is in its scope, a subject is drawn with at least the highest of its items' shares (which is what
is counted), and not only for sets of items that nest.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.lottery.plan import Rate, quota

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ssj_xlwings.lottery.pool import PoolRow

Kind = tuple[str, tuple[str, ...]]
"""A stratum and a set of items: all subjects of one kind have the same chances."""


class Layer(NamedTuple):
    """One item in one stratum: `n` of `size` subjects at `rate`."""

    item: str
    stratum: str
    size: int
    rate: Rate
    n: int

    @property
    def share(self) -> float:
        """n/N, 0 where the stratum is empty."""
        return self.n / self.size if self.size else 0.0

    @property
    def whole(self) -> bool:
        """Whether every subject of the stratum is drawn."""
        return 0 < self.size == self.n


class Verdict(NamedTuple):
    """Subjects with the item set `items` that are drawn for `drawn` (empty: not drawn): how many to expect, and by
    stratum how likely one is to be of it, before (`prior`) and after (`posterior`) the verdict is known.
    """

    items: tuple[str, ...]
    drawn: tuple[str, ...]
    firms: float
    prior: Mapping[str, float]
    posterior: Mapping[str, float]


def kinds(rows: Iterable[PoolRow]) -> Counter[Kind]:
    """How many subjects of each kind the pool holds."""
    return Counter((row.stratum, row.items) for row in rows)


def only(counts: Mapping[Kind, int], items: Iterable[str]) -> Counter[Kind]:
    """The kinds that are left where only these items count."""
    mine, found = set(items), Counter[Kind]()
    for (stratum, own), count in counts.items():
        found[stratum, tuple(item for item in own if item in mine)] += count
    return found


def layers(counts: Mapping[Kind, int], rates: Mapping[str, Mapping[str, Rate]], minimum: int) -> list[Layer]:
    """The quota of every item in every stratum with a rate, sorted (protocol, step 9)."""
    sizes: Counter[tuple[str, str]] = Counter()
    for (stratum, items), count in counts.items():
        for item in items:
            sizes[item, stratum] += count
    return [
        Layer(item, stratum, sizes[item, stratum], rates[item][stratum], quota(sizes[item, stratum], rates[item][stratum], minimum))
        for item in sorted(rates) for stratum in sorted(rates[item])
    ]


def shares(found: Iterable[Layer]) -> dict[tuple[str, str], float]:
    """(item, stratum) → n/N."""
    return {(layer.item, layer.stratum): layer.share for layer in found}


def chance(kind: Kind, share: Mapping[tuple[str, str], float]) -> float:
    """How likely a subject of the kind is to be visited: one ticket serves all its items (protocol, step 11)."""
    stratum, items = kind
    return max((share[item, stratum] for item in items), default=0.0)


def visits(counts: Mapping[Kind, int], share: Mapping[tuple[str, str], float]) -> float:
    """The visits to expect from all kinds together."""
    return sum(count * chance(kind, share) for kind, count in counts.items())


def crossing(counts: Mapping[Kind, int], share: Mapping[tuple[str, str], float]) -> set[tuple[str, ...]]:
    """The sets of items for which all this is only near: in some stratum two of their items, of each of which some subjects are drawn and
    some are not, have different scopes.
    """
    scopes: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for stratum, items in counts:
        for item in items:
            scopes.setdefault((item, stratum), set()).add(items)
    return {
        items for stratum, items in counts
        if len({frozenset(scopes[item, stratum]) for item in items if 0 < share[item, stratum] < 1}) > 1
    }


def verdicts(counts: Mapping[Kind, int], share: Mapping[tuple[str, str], float]) -> list[Verdict]:
    """What a reader who knows a firm's items and its verdict could infer about its stratum (protocol, Residual).

    The items of a subject hang on one ticket, so the sets it can be drawn for nest: an item of a lower share is
    drawn only together with all those of higher shares. So it is only where no scopes cross; see `crossing`.
    """
    expected: dict[tuple[tuple[str, ...], tuple[str, ...]], dict[str, float]] = {}
    for (stratum, items), count in counts.items():
        for drawn, likely in _outcomes(stratum, items, share):
            firms = expected.setdefault((items, drawn), {})
            firms[stratum] = firms.get(stratum, 0.0) + count * likely
    found = []
    for (items, drawn), firms in sorted(expected.items()):
        pool = {stratum: count for (stratum, own), count in counts.items() if own == items}
        total, everyone = sum(firms.values()), sum(pool.values())
        prior = {stratum: count / everyone for stratum, count in sorted(pool.items())}
        found.append(Verdict(items, drawn, total, prior, {stratum: firms.get(stratum, 0.0) / total for stratum in prior}))
    return found


def _outcomes(stratum: str, items: Sequence[str], share: Mapping[tuple[str, str], float]) -> list[tuple[tuple[str, ...], float]]:
    """The sets of items a subject can be drawn for, each with its chance (above 0)."""
    levels = sorted({share[item, stratum] for item in items} | {0.0, 1.0}, reverse=True)
    # A ticket between two neighbouring levels draws every item whose share reaches the upper one.
    return [
        (tuple(item for item in items if share[item, stratum] >= high), high - low) for high, low in pairwise(levels)
    ]


def ruled_out(verdict: Verdict, stratum: str, share: Mapping[tuple[str, str], float]) -> bool:
    """Whether the rates alone say that it is none of the stratum, whatever scopes cross: drawn for an item of which nobody of it is, or
    not drawn for one of which everybody is.
    """
    left = set(verdict.items) - set(verdict.drawn)
    return any(share[item, stratum] == 0 for item in verdict.drawn) or any(share[item, stratum] == 1 for item in left)


def tells(verdict: Verdict, sure: float) -> list[tuple[str, float]]:
    """The strata that a verdict gives away: (stratum, probability) above `sure`, or 0 where it was possible before."""
    return [(stratum, after) for stratum, after in verdict.posterior.items() if after > sure or after == 0]
