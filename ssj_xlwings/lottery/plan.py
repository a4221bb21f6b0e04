"""Rates and quotas: how many of a stratum are drawn (protocol, Notation and step 9)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import lottery as say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Rate = str | dict[str, int]
"""A share such as "0.03", or a fixed number {"n": 5}."""
SHARE = re.compile(r"0|1|0\.[0-9]*[1-9]")
MOST = 10**9


class Checked(NamedTuple):
    """Who stays out for earlier checks: within so many days, or so many in the year by credit class; `days`: (id, day) of
    the checks that were known.
    """

    recheck: int
    ceiling: Mapping[str, int]
    days: Sequence[tuple[str, str]]


class Layer(NamedTuple):
    """What the strata are: the heading of a column of the registry, and the word for those with nothing there."""

    column: str
    blank: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a task decides before its draw. `window`: first and last day; `frozen`: UTC time;
    `before`: head of the log; `rates`: item → stratum → rate; `scope`: conditions (column, condition, value).
    A quick draw has neither `scope`, `checked` nor `layer`: its rows were picked by hand.
    """

    bureau: str
    tasks: Sequence[str]
    items: Sequence[str]
    source: str
    window: tuple[str, str]
    slots: Sequence[str]
    attempt: int
    before: str
    frozen: str
    mode: str
    alternates: int
    rates: Mapping[str, Mapping[str, Rate]]
    minimum: int
    source_digest: str
    scope: Sequence[Sequence[str]] | None = None
    team_size: int = 2
    checked: Checked | None = None
    layer: Layer | None = None


def rate_of(cell: str) -> Rate:
    """A rate from canonical cell text: 0.03 → "0.03", 5户 → {"n": 5}. Refusal for anything else."""
    count = re.fullmatch("([0-9]{1,10})户", cell)
    rate: Rate = {"n": int(count[1])} if count else cell
    check_rate(rate)
    return rate


def check_rate(rate: Any) -> None:
    """Refusal unless it is a rate of the protocol; entry converts, everything else refuses."""
    if isinstance(rate, dict) and rate.keys() == {"n"}:
        if not _counts(rate["n"]):
            raise Refusal(say.BAD_RATE, seen=rate["n"])
    elif not isinstance(rate, str) or not SHARE.fullmatch(rate):
        raise Refusal(say.BAD_RATE, seen=rate)


def check_count(what: str, value: Any) -> None:
    """Refusal unless it is an integer from 0 to 10^9."""
    if not _counts(value):
        raise Refusal(say.BAD_COUNT, what=what, seen=value)


def quota(size: int, rate: Rate, minimum: int) -> int:
    """How many of a stratum of `size` are drawn: the share rounded up, at least `minimum`; a fixed number as it is."""
    if isinstance(rate, dict):
        return min(size, rate["n"])
    if rate == "0":
        return 0
    exact = Context(prec=len(rate) + 20).multiply(Decimal(size), Decimal(rate))
    return min(size, max(minimum, int(exact.to_integral_value(ROUND_CEILING))))


def _counts(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST
