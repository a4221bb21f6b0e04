"""What is said of a pool and its quotas, at the dry run and at the freeze alike."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ssj_xlwings.commands.rates import shown_rate
from ssj_xlwings.vocabulary.sentences import draw as say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ssj_xlwings.lottery.forecast import Layer


def quotas(layers: Iterable[Layer]) -> list[str]:
    """How many of how many beside the rate, for every item and stratum that has firms; strata drawn whole are named."""
    return [
        say.QUOTA_LINE.format(item=layer.item, stratum=layer.stratum, size=layer.size, drawn=layer.n, rate=shown_rate(layer),
                              share=f"{layer.share:.2%}", whole=say.WHOLE if layer.whole else "")
        for layer in layers if layer.size
    ]


def exclusions(excluded: Iterable[tuple[str, str]]) -> list[str]:
    """Who stays out, counted by reason."""
    counts = Counter(reason for _, reason in excluded)
    return [say.OUT_LINE.format(reason=reason, count=count) for reason, count in sorted(counts.items())]
