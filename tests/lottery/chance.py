"""How far chance may go: statistics of a simple random sample whose distribution is known, and limits for them.

A sample of n of N firms is simple random if every set of n is as likely as any other. Over T independent draws the
counts below are sums of T independent, bounded, equally distributed vectors, so by the central limit theorem each
statistic is distributed as χ² (or normal) with the degrees of freedom stated; the tests keep every expected count above
100, where the approximation is far better than the width of the limits.

The limits let a fair draw fail once in 10^6 tests; as the seeds are fixed, a test that passed once passes always.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

ALPHA = 1e-6


class Chi(NamedTuple):
    """A statistic that is χ² with `df` degrees of freedom under simple random sampling."""

    value: float
    df: int

    @property
    def limits(self) -> tuple[float, float]:
        """What a fair draw leaves once in 10^6: too even is as suspect as too uneven.

        Laurent and Massart (2000), lemma 1: P(χ² ≥ d + 2√(dx) + 2x) ≤ e^-x and P(χ² ≤ d - 2√(dx)) ≤ e^-x, with
        x = ln(2/ALPHA) for both sides together.
        """
        x = math.log(2 / ALPHA)
        return self.df - 2 * math.sqrt(self.df * x), self.df + 2 * math.sqrt(self.df * x) + 2 * x

    @property
    def fair(self) -> bool:
        """Whether the statistic lies between its limits."""
        low, high = self.limits
        return low <= self.value <= high


def z_limit() -> float:
    """|z| that a normal variable passes at most once in 10^6: from P(|z| > a) ≤ 2·exp(-a²/2), 5.39."""
    return math.sqrt(2 * math.log(2 / ALPHA))


def indicator(ids: Sequence[str], winners: Sequence[Sequence[str]]) -> Matrix:
    """One row a draw, one column a firm: 1 where the firm was drawn."""
    place = {id_: index for index, id_ in enumerate(ids)}
    found = np.zeros((len(winners), len(ids)))
    for row, drawn in enumerate(winners):
        found[row, [place[id_] for id_ in drawn]] = 1
    return found


def evenness(drawn: Matrix, n: float, groups: Sequence[int] | None = None) -> Chi:
    """Do all firms, or all groups of firms, win equally often?

    `groups`: the group (0, 1, …) of each column; each firm by itself if not given. The number of winners of group g in
    one draw is multivariate hypergeometric: mean n·q, covariance n(N-n)/(N-1)·(diag(q) - qqᵀ), q = N_g/N. So
    Σ (O_g - T·n·q_g)² / (T·n(N-n)/(N-1)·q_g) is χ² with (groups - 1) degrees of freedom.
    """
    trials, size = drawn.shape
    label = np.arange(size) if groups is None else np.asarray(groups)
    share = np.bincount(label) / size
    seen = np.bincount(label, weights=drawn.sum(axis=0))
    spread = trials * n * (size - n) / (size - 1)
    return Chi(float((((seen - trials * n * share) ** 2) / (spread * share)).sum()), len(share) - 1)


def pairing(drawn: Matrix, n: float) -> Chi:
    """Do all pairs of firms win together equally often, beyond what their own counts say?

    The covariance of the pair indicators commutes with every renumbering of the firms, so (Johnson scheme J(N,2)) it has
    one eigenvalue on the vectors of the form a_i + a_j (what `evenness` tests) and one on their complement, of dimension
    N(N-3)/2: p2 - 2·p3 + p4, where pk is the chance that k given firms are all drawn. So the squared length of the
    counts projected onto the complement, over T times that eigenvalue, is χ² with N(N-3)/2 degrees of freedom.
    Needs 2 ≤ n ≤ N-2.
    """
    trials, size = drawn.shape
    p2, p3, p4 = (math.prod((n - i) / (size - i) for i in range(k)) for k in (2, 3, 4))
    together = drawn.T @ drawn - trials * p2
    np.fill_diagonal(together, 0)
    rows = together.sum(axis=1)
    own = (rows - rows.sum() / (2 * size - 2)) / (size - 2)
    rest = together - own[:, None] - own[None, :]
    np.fill_diagonal(rest, 0)
    return Chi(float((rest**2).sum() / 2 / (trials * (p2 - 2 * p3 + p4))), size * (size - 3) // 2)


def apartness(left: Matrix, right: Matrix, n: int, m: int) -> Chi:
    """Are two samples (of different strata) independent of each other?

    Counts of pairs (i of the left, j of the right), less the means of their row and column: independent samples give
    them the covariance λ(n,N)·λ(m,M) on a space of dimension (N-1)(M-1), λ(n,N) = n(N-n)/(N(N-1)).
    """
    trials, size, other = *left.shape, right.shape[1]
    both = left.T @ right
    both -= both.mean(axis=0)[None, :] + both.mean(axis=1)[:, None] - both.mean()
    spread = n * (size - n) / (size * (size - 1)) * m * (other - m) / (other * (other - 1))
    return Chi(float((both**2).sum() / (trials * spread)), (size - 1) * (other - 1))
