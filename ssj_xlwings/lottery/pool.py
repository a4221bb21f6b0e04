"""The pool: who can be drawn, in which stratum, for which items; sealed leaves and their root (protocol, step 2)."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.lottery import files, merkle
from ssj_xlwings.lottery.digest import ascending, begun, digest
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import lottery as say
from ssj_xlwings.vocabulary.text import all_folded, folded, is_normal, surely_normal, unseen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FILE = "pool.tsv"


class PoolRow(NamedTuple):
    """One subject: its id, its one stratum, the codes of its items."""

    id: str
    stratum: str
    items: tuple[str, ...]


class Hidden(NamedTuple):
    """What the veil gives a subject: `blind` hides its ticket, `salt` its stratum."""

    blind: str
    salt: str


def ordered(rows: Iterable[PoolRow]) -> list[PoolRow]:
    """The rows checked, items and rows sorted by bytes.

    Refusal naming the firm: empty id, stratum or item; no items; an item twice or with a comma;
    a text that is not normal; two ids equal after NFKC, upper case and removal of white space.
    """
    rows = list(rows)
    if not _surely_apart([row[0] for row in rows]):
        _one_by_one(rows)
    sets = {kind: _items(id_, *kind) for kind, id_ in _kinds(rows).items()}
    if any(items != kept for (_, items), kept in sets.items()):
        rows = [PoolRow(id_, stratum, sets[stratum, items]) for id_, stratum, items in rows]
    rows.sort(key=itemgetter(0))  # code points, which is the order of the UTF-8 bytes
    return rows


def _kinds(rows: Sequence[PoolRow]) -> dict[tuple[str, tuple[str, ...]], str]:
    """(stratum, items) → the first subject that has them; a pool has few. In the order of those first subjects."""
    first = {(stratum, items): id_ for id_, stratum, items in reversed(rows)}
    return {kind: first[kind] for kind in dict.fromkeys((stratum, items) for _, stratum, items in rows)}


def _surely_apart(ids: list[str]) -> bool:
    """Whether every id is there, normal, and unlike every other, asked of all at once."""
    return all(ids) and surely_normal(ids) and len(set(all_folded(ids))) == len(ids)


def _one_by_one(rows: Iterable[PoolRow]) -> None:
    """Refusal that names the first subject with a wrong id, or wrong in itself before that."""
    ids: dict[str, str] = {}
    known = set()
    for index, (id_, stratum, items) in enumerate(rows, 1):
        if not id_:
            raise Refusal(say.EMPTY_ID, index=index)
        _normal(id_, id_)
        key = folded(id_)
        if key in ids:
            raise Refusal(say.SAME_FIRM, id=id_, other=ids[key])
        ids[key] = id_
        if (stratum, items) not in known:
            _items(id_, stratum, items)
            known.add((stratum, items))


def _items(id_: str, stratum: str, items: tuple[str, ...]) -> tuple[str, ...]:
    if not stratum:
        raise Refusal(say.EMPTY_STRATUM, id=id_)
    if not items:
        raise Refusal(say.NO_ITEMS, id=id_)
    _normal(id_, stratum)
    for item in items:
        if not item:
            raise Refusal(say.EMPTY_ITEM, id=id_)
        _normal(id_, item)
        if "," in item:
            raise Refusal(say.COMMA_IN_ITEM, id=id_, item=item)
        if items.count(item) > 1:
            raise Refusal(say.ITEM_TWICE, id=id_, item=item)
    return tuple(sorted(items))


def _normal(id_: str, text: str) -> None:
    if not is_normal(text):
        raise Refusal(say.UNSEEN_IN_FIRM, id=id_, seen=text, char=unseen(text) or say.NOTHING)


def hidden(veil: str, id_: str) -> Hidden:
    """D("hide", veil, id) cut in two: its first 32 digits are the blind, its last 32 the salt."""
    both = digest("hide", veil, id_)
    return Hidden(both[:32], both[32:])


def seal(salt: str, blind: str, stratum: str) -> str:
    """What stands in the public tree in place of the stratum."""
    return digest("seal", salt, blind, stratum)


def leaf(veil: str, row: PoolRow) -> str:
    """The leaf line of a row: id TAB items TAB seal."""
    blind, salt = hidden(veil, row.id)
    return f"{row.id}\t{','.join(row.items)}\t{seal(salt, blind, row.stratum)}"


def leaves(veil: str, rows: Iterable[PoolRow]) -> Iterator[str]:
    """The leaf lines of rows in their order: `leaf`, said so that a million take seconds."""
    hide, sealed = begun("hide", veil), begun("seal")
    for id_, stratum, items in rows:
        both = sha256(f"{hide}{id_}".encode()).hexdigest()
        over = sha256(f"{sealed}{both[32:]}\t{both[:32]}\t{stratum}".encode()).hexdigest()
        yield f"{id_}\t{','.join(items)}\t{over}"


def blinds(veil: str, rows: Iterable[PoolRow]) -> Iterator[str]:
    """The blind of each row."""
    hide = begun("hide", veil)
    return (sha256(f"{hide}{row[0]}".encode()).hexdigest()[:32] for row in rows)


def root(veil: str, rows: Iterable[PoolRow]) -> str:
    """The root over the leaf lines of ordered rows."""
    return merkle.root(leaves(veil, rows))


def strata(rows: Iterable[PoolRow]) -> dict[str, int]:
    """How many subjects each stratum of the pool holds."""
    return dict(Counter(row.stratum for row in rows))


def lines(rows: Iterable[PoolRow]) -> Iterator[str]:
    """The lines of pool.tsv, without their LF: id TAB stratum TAB items."""
    return (f"{row.id}\t{row.stratum}\t{','.join(row.items)}" for row in rows)


def read(data: bytes) -> list[PoolRow]:
    """The rows of a pool.tsv (protocol, verifying step 3). Refusal naming the first line that is out of form."""
    rows = []
    before = ""
    known: dict[str, tuple[str, ...]] = {}
    strata: dict[str, str] = {}  # a million rows have a few: each is kept once
    for number, (id_, stratum, codes) in enumerate(files.table(data, FILE, 3), 1):
        if id_ <= before:
            raise Refusal(say.NOT_ASCENDING, file=FILE, line=number, id=id_)
        before = id_
        if codes not in known:
            known[codes] = _ascending(codes, number)
        rows.append(PoolRow(id_, strata.setdefault(stratum, stratum), known[codes]))
    try:
        return ordered(rows)
    except Refusal as why:
        line = next(number for number, row in enumerate(rows, 1) if row.id == why.values["id"])
        raise Refusal(say.LINE_WRONG, file=FILE, line=line, why=why) from why


def _ascending(codes: str, number: int) -> tuple[str, ...]:
    items = tuple(codes.split(",")) if codes else ()
    if not ascending(items):
        raise Refusal(say.LINE_WRONG, file=FILE, line=number, why=say.ITEMS_NOT_ASCENDING.format(items=codes))
    return items
