"""A reader who wants to know the credit-risk classes of firms, and what he may lay hands on.

He knows the protocol, the pool's ids, the item set of every firm, the rates by class and how many firms each class has.
He holds public.json, the roster, short receipts of many firms, and full ones of firms that are not those he guesses. He tries every way of guessing that the
files could open, and always answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from math import prod
from typing import TYPE_CHECKING, Any

from ssj_xlwings.lottery.digest import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Guess = dict[str, str]

WHOLE = 2**256


@dataclass(frozen=True)
class Reader:
    """`short`, `full`: receipts; `items`: id → item set; `rates`: item → class → share; `sizes`: class → firms in the pool;
    `current`: the list of current visits, after replacements; `pairs`: (fallen, successor), where somebody told.
    """

    public: Mapping[str, Any]
    roster: Sequence[Mapping[str, str]]
    short: Sequence[Mapping[str, Any]]
    full: Sequence[Mapping[str, Any]]
    items: Mapping[str, tuple[str, ...]]
    rates: Mapping[str, Mapping[str, float]]
    sizes: Mapping[str, int]
    current: Sequence[str] = ()
    pairs: Sequence[tuple[str, str]] = ()

    @property
    def left(self) -> list[str]:
        """Who was drawn and is no longer visited, in the order of public.json."""
        return [winner["id"] for winner in self.public["winners"] if self.current and winner["id"] not in self.current]

    @property
    def came(self) -> list[str]:
        """Who is visited and was not drawn, in the order of the current list."""
        return [id_ for id_ in self.current if not self.verdicts[id_]]

    @cached_property
    def verdicts(self) -> dict[str, tuple[str, ...]]:
        """Id → items it was drawn for; none for those who are not among the winners."""
        return {**dict.fromkeys(self.items, ()), **{winner["id"]: tuple(winner["items"]) for winner in self.public["winners"]}}

    @property
    def targets(self) -> list[str]:
        """The firms whose class he does not hold in writing."""
        told = {receipt["id"] for receipt in self.full}
        return [id_ for id_ in self.items if id_ not in told]

    def cuts(self) -> dict[tuple[str, str], int]:
        """(Item, class) → the last ticket drawn: read off full receipts, else the rate's share of all tickets."""
        found = {(item, layer): int(rate * WHOLE) for item, by_class in self.rates.items() for layer, rate in by_class.items()}
        for receipt in self.full:
            for cut in receipt["cuts"]:
                item, layer, _, _, last, _ = cut["line"].split("\t")
                found[item, layer] = int(last or "0", 16)
        return found


def by_verdict(reader: Reader) -> Guess:
    """The likeliest class by verdict, item set and rates alone: what cannot be kept from anyone."""
    return {id_: _likeliest(reader, {layer: _chance(reader, id_, layer) for layer in reader.sizes}) for id_ in reader.targets}


def by_ticket(reader: Reader) -> Guess:
    """Whoever's ticket is printed, or can be reckoned from a printed blind, is measured against the cuts."""
    key = digest("key", reader.public["seed"], "subject")
    tickets = {winner["id"]: winner["ticket"] for winner in reader.public["winners"] if "ticket" in winner}
    tickets |= {receipt["id"]: digest("ticket", key, receipt["id"], receipt["blind"]) for receipt in reader.short if "blind" in receipt}
    tickets |= {receipt["id"]: receipt["ticket"] for receipt in reader.short if "ticket" in receipt}
    cuts, verdicts, guess = reader.cuts(), reader.verdicts, by_verdict(reader)
    for id_ in guess.keys() & tickets.keys():
        ticket, drawn = int(tickets[id_], 16), verdicts[id_]
        fits = {layer: float(all((ticket <= cuts[item, layer]) == (item in drawn) for item in reader.items[id_])) for layer in reader.sizes}
        if any(fits.values()):
            guess[id_] = _likeliest(reader, fits)
    return guess


def by_order(reader: Reader) -> Guess:
    """As if the winners stood in the order of their tickets: the nth of them has the ticket that n winners lie below."""
    return _by_place(reader, [winner["id"] for winner in reader.public["winners"]])


def by_roster(reader: Reader) -> Guess:
    """The same with the order in which firms come in the roster."""
    return _by_place(reader, list(dict.fromkeys(row["code"] for row in reader.roster)))


def by_seal(reader: Reader) -> Guess:
    """Every seal in his hands is tried with every class and every text in his hands, the empty one too, as salt and blind;
    and so is the neighbour in the tree, whose leaf's hash begins a receipt's path.
    """
    texts = _texts(reader)
    keys = {*((text, text) for text in texts), *(("", text) for text in texts), *((text, "") for text in texts)}
    keys |= {(receipt["salt"], receipt["blind"]) for receipt in reader.full}
    common = {digest("seal", salt, blind, layer): layer for salt, blind in keys for layer in reader.sizes}
    places = sorted(reader.items)
    guess = by_verdict(reader)
    for receipt in (*reader.short, *reader.full):
        seal = receipt["line"].split("\t")[2]
        if receipt["id"] in guess and seal in common:
            guess[receipt["id"]] = common[seal]
        beside = receipt["index"] ^ 1
        if beside < len(places) and places[beside] in guess:
            id_ = places[beside]
            codes = ",".join(reader.items[id_])
            leaves = {sha256(f"\x00{id_}\t{codes}\t{seal}".encode()).hexdigest(): layer for seal, layer in common.items()}
            guess[id_] = leaves.get(receipt["path"][0], guess[id_])
    return guess


def by_shape(reader: Reader) -> Guess:
    """Nothing better at hand: the digits of whatever stands beside a firm (seal, path, its number) taken for a class."""
    classes = sorted(reader.sizes)
    beside = {winner["id"]: winner["no"] for winner in reader.public["winners"]}
    beside |= {receipt["id"]: int(receipt["line"][-64:], 16) for receipt in reader.short}
    return {id_: classes[beside[id_] * len(classes) // WHOLE if beside[id_] > 10**6 else beside[id_] % len(classes)] if id_ in beside else guess
            for id_, guess in by_verdict(reader).items()}


def by_came(reader: Reader) -> Guess:
    """Those who came, as if they stood in the order of their predecessors' tickets."""
    return _by_place(reader, reader.came)


def by_pair(reader: Reader) -> Guess:
    """Whoever came has the class of whoever left: pair by pair where told, else in the order of both lists."""
    told = {receipt["id"]: receipt["stratum"] for receipt in reader.full}
    guess = by_verdict(reader)
    for left, came in reader.pairs or zip(reader.left, reader.came, strict=False):
        likely = told.get(left) or told.get(came) or _likeliest(reader, {layer: _chance(reader, left, layer) for layer in reader.sizes})
        guess |= {id_: likely for id_ in (left, came) if id_ in guess}
    return guess


def by_row(reader: Reader) -> Guess:
    """Those who came by one log row have one class, if one firm fell in it: who stands beside whom by what their receipts say of the row,
    else by the nearest digests; told by a full receipt of one of them, else by all verdicts together.
    """
    marks = {receipt["id"]: [f"{one.get('row', '')} {one['log']}" for one in receipt["called"]] for receipt in (*reader.short, *reader.full) if "called" in receipt}
    rows: dict[str, list[str]] = {}
    for id_, mine in sorted(marks.items()):
        for mark in mine:
            rows.setdefault(mark.split(" ")[0] or mark, []).append(id_)
    together = [ids for ids in rows.values() if len(ids) > 1]
    if not together:
        order = sorted(marks, key=lambda id_: marks[id_])
        together = [order[at : at + 2] for at in range(0, len(order), 2)]
    told, guess = {receipt["id"]: receipt["stratum"] for receipt in reader.full}, by_verdict(reader)
    for ids in together:
        known = [told[id_] for id_ in ids if id_ in told]
        fits = {layer: prod(_chance(reader, id_, layer) for id_ in ids) for layer in reader.sizes}
        guess |= {id_: known[0] if known else _likeliest(reader, fits) for id_ in ids if id_ in guess}
    return guess


def by_exchange(reader: Reader) -> Guess:
    """Whoever came has the class of someone who left: all of these weighed alike."""
    told = {receipt["id"]: receipt["stratum"] for receipt in reader.full}
    weight = dict.fromkeys(reader.sizes, 0.0)
    for left in reader.left:
        fits = {layer: float(told[left] == layer) if left in told else (_chance(reader, left, layer) + 1e-9) * size for layer, size in reader.sizes.items()}
        for layer, fit in fits.items():
            weight[layer] += fit / sum(fits.values())
    return {id_: max(sorted(weight), key=lambda layer: weight[layer]) for id_ in reader.came}


WAYS: dict[str, Callable[[Reader], Guess]] = {way.__name__: way for way in (by_verdict, by_ticket, by_order, by_roster, by_seal, by_shape)}
AFTER: dict[str, Callable[[Reader], Guess]] = {**WAYS, **{way.__name__: way for way in (by_came, by_pair, by_row)}}
"""The same and more, once firms were replaced."""


def _by_place(reader: Reader, order: Sequence[str]) -> Guess:
    """Firms by their place in an order of winners taken for the order of tickets."""
    share = {layer: max(by_class[layer] for by_class in reader.rates.values()) for layer in reader.sizes}
    total = sum(reader.sizes[layer] * share[layer] for layer in share)
    guess = by_verdict(reader)
    for place, id_ in enumerate(order):
        if id_ in guess:
            ticket = _ticket_at((place + 0.5) / len(order) * total, reader.sizes, share)
            guess[id_] = _likeliest(reader, {layer: float(ticket <= share[layer]) for layer in share})
    return guess


def _ticket_at(below: float, sizes: Mapping[str, int], share: Mapping[str, float]) -> float:
    """The ticket, as a share of all tickets, that so many winners lie below."""
    ticket = 0.0
    for step in sorted(share.values()):
        slope = sum(size for layer, size in sizes.items() if share[layer] >= step)
        if below <= slope * (step - ticket):
            return ticket + below / slope
        below, ticket = below - slope * (step - ticket), step
    return ticket


def _chance(reader: Reader, id_: str, layer: str) -> float:
    """How likely this verdict is in a class: nested items share the ticket."""
    rates = {item: reader.rates[item][layer] for item in reader.items[id_]}
    drawn = reader.verdicts[id_]
    low = max((rates[item] for item in rates if item not in drawn), default=0.0)
    return max(min((rates[item] for item in drawn), default=1.0) - low, 0.0)


def _likeliest(reader: Reader, fits: Mapping[str, float]) -> str:
    return max(sorted(fits), key=lambda layer: fits[layer] * reader.sizes[layer])


def _texts(reader: Reader) -> set[str]:
    """Every text in his files but the hashes of paths, and the empty one: digests, salts, blinds, names, numbers said."""
    found = {""}

    def walk(value: Any) -> None:
        if isinstance(value, str):
            found.update(value.split("\t"))
        elif isinstance(value, dict):
            walk([inner for key, inner in value.items() if key not in {"path", "winners"}])
        elif isinstance(value, (list, tuple)):
            for inner in value:
                walk(inner)

    walk([dict(reader.public), list(reader.short), list(reader.full)])
    return found
