"""From the frozen draw and the numbers said to winners, visits and teams (protocol, steps 6 to 14)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from ssj_xlwings.lottery import merkle, pool, teams
from ssj_xlwings.lottery.digest import begun, digest
from ssj_xlwings.lottery.plan import quota
from ssj_xlwings.lottery.said import Said, called, check_said, keys, seed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ssj_xlwings.lottery.freeze import Frozen
    from ssj_xlwings.lottery.pool import PoolRow

SOME = 10_000
"""Tickets taken at a time."""


@dataclass(slots=True)
class Cut:
    """One item in one stratum: `size` subjects, the `n` lowest tickets drawn. Ids in ticket order; `last`: the n-th ticket."""

    item: str
    stratum: str
    size: int
    n: int
    drawn: list[str] = field(default_factory=list)
    alternates: list[str] = field(default_factory=list)
    last: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """One subject to be visited once for all its items. `no` counts from 1 in calling order; `team`: leader first."""

    no: int
    id: str
    items: tuple[str, ...]
    ticket: str
    team: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A draw. `cuts` by item and stratum; `lines`: the cut lines sorted by bytes; `checks`: items drawn, all told."""

    said: tuple[tuple[str, str], ...]
    seed: str
    keys: dict[str, str]
    cuts: list[Cut]
    lines: list[str]
    lines_root: str
    visits: list[Visit]
    checks: int

    @property
    def saved(self) -> int:
        """Visits spared by joining the items of one subject."""
        return self.checks - len(self.visits)

    @property
    def alternates(self) -> dict[str, dict[str, list[str]]]:
        """Item → stratum → ids of the alternates, in ticket order."""
        found: dict[str, dict[str, list[str]]] = {}
        for cut in self.cuts:
            found.setdefault(cut.item, {})[cut.stratum] = cut.alternates
        return found


def draw(frozen: Frozen, said: Said) -> Drawn:
    """Draw subjects and their teams. `said`: (name, value) in slot order. Refusal unless the values are in form."""
    return with_teams(frozen, pick(frozen, said))


def with_teams(frozen: Frozen, drawn: Drawn) -> Drawn:
    """The same draw, each visit with its team."""
    return replace(drawn, visits=[replace(visit, team=team) for visit, team in zip(drawn.visits, teams_of(frozen, drawn), strict=True)])


def pick(frozen: Frozen, said: Said) -> Drawn:
    """The subjects alone, without teams."""
    check_said(frozen.open_plan["slots"], said)
    seed_ = seed(frozen.nonce, frozen.root, frozen.plan, said)
    key = keys(seed_)
    cuts, tickets = _cuts(frozen, key["subject"])
    lines = sorted(cut_line(cut, frozen.veil) for cut in cuts)
    items: dict[str, list[str]] = {}
    for cut in cuts:  # in the order of items, so each visit's items are sorted
        for id_ in cut.drawn:
            items.setdefault(id_, []).append(cut.item)
    visits = [Visit(no, id_, tuple(items[id_]), tickets[id_]) for no, id_ in enumerate(called(key["call"], items), 1)]
    pairs = tuple((name, value) for name, value in said)
    return Drawn(pairs, seed_, key, cuts, lines, merkle.root(lines), visits, sum(cut.n for cut in cuts))


def teams_of(frozen: Frozen, drawn: Drawn) -> Sequence[tuple[str, ...]]:
    """The team of each visit by the frozen rule; empty ones where the draw has no teams."""
    rule = frozen.inner_plan["teams"]
    if not rule:
        return [()] * len(drawn.visits)
    visits = [(visit.id, visit.items) for visit in drawn.visits]
    wanted = {visit.id for visit in drawn.visits}
    units = {id_: unit for id_, unit in frozen.jurisdiction if id_ in wanted}
    found = teams.assign(visits, frozen.staff, units, frozen.open_plan["window"][1], rule["size"], drawn.keys["team"])
    return [tuple(team) for team in found]


def ticket(key: str, veil: str, id_: str) -> str:
    """The ticket of a subject: D("ticket", key("subject"), id, blind(id))."""
    return digest("ticket", key, id_, pool.hidden(veil, id_).blind)


def _tickets(key: str, frozen: Frozen) -> list[bytes]:
    """`ticket` of each row, as bytes."""
    head = begun("ticket", key)
    pairs = zip(frozen.rows, pool.blinds(frozen.veil, frozen.rows), strict=True)
    return [sha256(f"{head}{row[0]}\t{blind}".encode()).digest() for row, blind in pairs]


def _in_order(tickets: list[bytes]) -> Iterator[int]:
    """The places of the tickets, the lowest first."""
    import numpy as np

    words = np.frombuffer(b"".join(tickets), dtype=">u8").reshape(-1, 4)
    order = np.lexsort(words.T[::-1])
    for first in range(0, len(order), SOME):  # few are looked at, as a rule
        yield from order[first:first + SOME].tolist()


def cut_line(cut: Cut, veil: str) -> str:
    """The line of a cut: item TAB stratum TAB N TAB n TAB last TAB salt."""
    salt = digest("salt", veil, "cut", cut.item, cut.stratum)
    return "\t".join((cut.item, cut.stratum, str(cut.size), str(cut.n), cut.last, salt))


def _cuts(frozen: Frozen, key: str) -> tuple[list[Cut], dict[str, str]]:
    """Every item and stratum with a rate, and the tickets of those drawn."""
    rates, minimum, spare = frozen.inner_plan["rates"], frozen.inner_plan["minimum"], frozen.open_plan["alternates"]
    sizes = _sizes(frozen.rows)
    cuts = {
        (item, stratum): Cut(item, stratum, sizes.get((item, stratum), 0), quota(sizes.get((item, stratum), 0), rates[item][stratum], minimum))
        for item in sorted(rates) for stratum in sorted(rates[item])
    }
    numbers, tickets = _tickets(key, frozen), dict[str, str]()
    wanted = sum(min(cut.n + spare, cut.size) for cut in cuts.values())
    for at in _in_order(numbers) if wanted else ():
        id_, stratum, codes = frozen.rows[at]
        for item in codes:
            cut = cuts[item, stratum]
            if len(cut.drawn) < cut.n:
                cut.drawn.append(id_)
                cut.last = tickets[id_] = numbers[at].hex()
                wanted -= 1
            elif len(cut.alternates) < spare:
                cut.alternates.append(id_)
                wanted -= 1
        if not wanted:
            break
    return list(cuts.values()), tickets


def _sizes(rows: Iterable[PoolRow]) -> dict[tuple[str, str], int]:
    """How many subjects each item has in each stratum."""
    sizes: Counter[tuple[str, str]] = Counter()
    for (stratum, items), count in Counter((row.stratum, row.items) for row in rows).items():
        sizes.update(dict.fromkeys(((item, stratum) for item in items), count))
    return sizes
