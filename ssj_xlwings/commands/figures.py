"""What is said of a pool and its quotas, at the dry run and at the freeze alike."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ssj_xlwings.commands.rates import shown_rate
from ssj_xlwings.vocabulary.sentences import draw as say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ssj_xlwings.lottery.forecast import Layer
    from ssj_xlwings.types import View

SHOWN = 20
"""People named at once."""


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


def absent(view: View, staff: Sequence[Mapping[str, object]]) -> list[str]:
    """Who is ticked absent today, by name: the tick stays until somebody takes it away."""
    away = {str(person["id"]) for person in staff if not person["available"]}
    if not away:
        return []
    people = view["inspectors"]
    names = [name for id_, name in zip(people["id"], people["name"], strict=True) if id_ in away]
    shown = "、".join(names[:SHOWN]) + (say.ABSENT_MORE if len(names) > SHOWN else "")
    return [say.ABSENT_LINE.format(count=len(away), people=len(staff), names=shown)]
