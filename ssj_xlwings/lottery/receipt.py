"""One firm's receipt: made from a draw record, and checked against the public record (protocol, Checking a receipt).

A short receipt proves that the firm was in the pool and tells it nothing of its class; a full one opens the seal and
proves why the firm was drawn or not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ssj_xlwings.lottery import files, merkle, pool, public, replace, shape, voided
from ssj_xlwings.lottery.digest import PROTOCOL, digest, parse
from ssj_xlwings.lottery.draw import ticket
from ssj_xlwings.lottery.said import keys
from ssj_xlwings.lottery.verdict import Undone, Verdict, same, steps_of
from ssj_xlwings.lottery.verify import on_paper
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import lottery as words
from ssj_xlwings.vocabulary.sentences import proof as say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ssj_xlwings.lottery.pool import PoolRow
    from ssj_xlwings.types import Row

HALF = re.compile("[0-9a-f]{32}")
SHORT = {
    "protocol": str, "commitment": shape.HEX, "root": shape.HEX, "id": str, "index": int, "size": int,
    "line": re.compile("[^\n]+"), "path": [shape.HEX], "verdict": [str],
}
FULL = {
    **SHORT, "stratum": str, "salt": HALF, "blind": HALF, "ticket": shape.HEX, "lines_root": shape.HEX,
    "cuts": [{"line": re.compile("[^\n]+"), "index": int, "size": int, "path": [shape.HEX]}],
}
LATER = {"called": [{"items": [str], "log": shape.HEX}], "left": bool}
"""What stands in it besides where replacements changed something: the items that the firm took, `log` being D("called", hash of the
log row, id); that it fell out. An auditor who has the log finds the row; two firms that lay their receipts side by side cannot tell
whether one row called both, and so are of one class, or who followed whom.
"""
Receipt = dict[str, Any]


def make(draw: Mapping[str, Any], rows: Sequence[PoolRow], id_: str, *, full: bool = False, log: Iterable[Row] = ()) -> Receipt:
    """The receipt of one firm. `draw`: the value of draw.json; `rows`: the pool, by id bytes; `log`: rows, for the
    replacements since. The verdict is the list of items it is to be checked for, empty if for none. KeyError if the
    firm is not in the pool.
    """
    veil = draw["veil"]
    index = next((at for at, row in enumerate(rows) if row.id == id_), None)
    if index is None:
        raise KeyError(id_)
    leaves = list(pool.leaves(veil, rows))
    drawn: list[str] = next((visit["items"] for visit in draw["visits"] if visit["id"] == id_), [])
    later = _later(log, draw["commitment"], id_)
    short = {
        "protocol": PROTOCOL, "commitment": draw["commitment"], "root": draw["root"], "id": id_, "index": index, "size": len(rows),
        "line": leaves[index], "path": merkle.path(leaves, index), "verdict": _standing(drawn, later), **later,
    }
    return {**short, **_opened(draw, rows[index])} if full else short


def _later(log: Iterable[Row], commitment: str, id_: str) -> Receipt:
    """What replacements changed for the firm; empty if nothing."""
    called, left = [], False
    for row in replace.logged(log, commitment):
        found = replace.successions(row)
        items = sorted(one.item for one in found if one.successor == id_)
        called += [{"items": items, "log": digest("called", row["hash"], id_)}] if items else []
        left = left or any(one.fallen == id_ for one in found)
    return {**({"called": called} if called else {}), **({"left": True} if left else {})}


def _taken(receipt: Mapping[str, Any]) -> set[str]:
    """The items that the firm took by replacement."""
    return {item for one in receipt.get("called", []) for item in one["items"]}


def _standing(drawn: Iterable[str], later: Mapping[str, Any]) -> list[str]:
    """The items to be checked, of those drawn and what came later."""
    return [] if later.get("left") else sorted({*drawn, *_taken(later)})


def _opened(draw: Mapping[str, Any], row: PoolRow) -> Receipt:
    """What a full receipt holds besides: the keys to its seal and the cut lines of its items."""
    blind, salt = pool.hidden(draw["veil"], row.id)
    cuts = []
    for item in row.items:
        index = next(at for at, line in enumerate(draw["lines"]) if line.startswith(f"{item}\t{row.stratum}\t"))
        cuts.append({"line": draw["lines"][index], "index": index, "size": len(draw["lines"]), "path": merkle.path(draw["lines"], index)})
    return {
        "stratum": row.stratum, "salt": salt, "blind": blind, "ticket": ticket(keys(draw["seed"])["subject"], draw["veil"], row.id),
        "lines_root": draw["lines_root"], "cuts": cuts,
    }


@dataclass(slots=True)
class Held:
    """A receipt and the public record that it is held against."""

    data: bytes
    file: str
    ceremony: public.Ceremony
    receipt: Receipt = field(default_factory=dict)

    @property
    def cuts(self) -> list[list[str]]:
        """The fields of the receipt's cut lines."""
        return [cut["line"].split("\t") for cut in self.receipt["cuts"]]


def verify_receipt(data: bytes, public_data: bytes, slip: str = "", file: str = "receipt.json") -> Verdict:
    """Check a receipt (its bytes) against a public record (its bytes) and the signed slip, never against itself alone.

    A difference is a step with 否, not an error.
    """
    case = Held(data, file, public.Ceremony(public_data, on_paper(slip)))
    steps = steps_of(say.RECEIPT_TITLES, STEPS, case)
    later = case.receipt.keys() & LATER.keys()
    proves = say.PROVES_SHORT if "cuts" not in case.receipt else say.PROVES_LATER if later else say.PROVES_FULL
    return Verdict(steps, proves, say.CANNOT_RECEIPT, say.REMADE_PUBLIC)


def sentence(receipt: Mapping[str, Any], names: Mapping[str, str] | None = None) -> str:
    """A receipt's verdict in words, and what replacements have to do with it. `names`: item code → name."""
    if receipt.get("left"):
        return say.FELL

    def listed(items: Iterable[str]) -> str:
        return "、".join(f"{item} {(names or {}).get(item, '')}".strip() for item in items)

    drawn = say.DRAWN_FOR.format(items=listed(receipt["verdict"])) if receipt["verdict"] else say.NOT_DRAWN
    return drawn + "".join(say.CALLED.format(items=listed(one["items"])) for one in receipt.get("called", []))


def _format(case: Held) -> str:
    found = parse(files.decode(case.data, case.file), case.file, between="\t")
    form = FULL if isinstance(found, dict) and "cuts" in found else SHORT
    form = shape.also(form, LATER, found)
    shape.check(found, form, case.file)
    if found["protocol"] != PROTOCOL:
        raise Refusal(words.BAD_PROTOCOL, seen=found["protocol"], want=PROTOCOL)
    strangers = sorted(found.keys() - form.keys())
    if strangers:
        raise Refusal(say.RECEIPT_STRANGER, key=strangers[0])
    case.receipt = found
    public.read_form(case.ceremony)
    return (say.OK_RECEIPT_FULL if "cuts" in found else say.OK_RECEIPT_SHORT).format(id=found["id"])


def _slip(case: Held) -> str:
    return public.hold_slip(case.ceremony)


def _public(case: Held) -> str:
    for step in (public.check_plan, public.check_commitment, public.check_seed):
        step(case.ceremony)
    return say.OK_RECEIPT_PUBLIC + voided.sentence(case.ceremony.public)


def _heads(case: Held) -> str:
    receipt, stated = case.receipt, case.ceremony.public
    for key in ("commitment", "root", *(["lines_root"] if "cuts" in receipt else [])):
        same(key, receipt[key], stated[key], case.file)
    same("size", receipt["size"], stated["open_plan"]["pool"], case.file)
    for number, cut in enumerate(receipt.get("cuts", []), 1):
        same(f"cuts[{number}].size", cut["size"], stated["lines_size"], case.file)
    return say.OK_RECEIPT_HEADS


def _place(case: Held) -> str:
    receipt = case.receipt
    parts = receipt["line"].split("\t")
    if len(parts) != 3:
        raise Refusal(say.RECEIPT_LINE, seen=len(parts))
    same("id", receipt["id"], parts[0], case.file)
    root = merkle.root_of_path(receipt["line"], receipt["index"], receipt["size"], receipt["path"])
    if root != receipt["root"]:
        raise Refusal(say.RECEIPT_ROOT, seen=root, want=receipt["root"])
    return say.OK_RECEIPT_PLACE.format(size=receipt["size"], index=receipt["index"] + 1, items=parts[1].replace(",", "、"))


def _seal(case: Held) -> str:
    receipt = case.receipt
    if "cuts" not in receipt:
        raise Undone(say.SHORT_NO_SEAL)
    if pool.seal(receipt["salt"], receipt["blind"], receipt["stratum"]) != receipt["line"].split("\t")[2]:
        raise Refusal(say.RECEIPT_SEAL, stratum=receipt["stratum"])
    return say.OK_RECEIPT_SEAL.format(stratum=receipt["stratum"])


def _cuts(case: Held) -> str:
    receipt = case.receipt
    if "cuts" not in receipt:
        raise Undone(say.SHORT_NO_CUTS)
    items, seen = receipt["line"].split("\t")[1].split(","), [parts[0] for parts in case.cuts]
    if sorted(seen) != items:
        raise Refusal(say.RECEIPT_CUT_ITEMS, seen="、".join(seen), want="、".join(items))
    for cut, parts in zip(receipt["cuts"], case.cuts, strict=True):
        if len(parts) != 6:
            raise Refusal(say.RECEIPT_CUT_FIELDS, item=parts[0], seen=len(parts))
        if parts[1] != receipt["stratum"]:
            raise Refusal(say.RECEIPT_CUT_STRATUM, item=parts[0], seen=parts[1], want=receipt["stratum"])
        if merkle.root_of_path(cut["line"], cut["index"], cut["size"], cut["path"]) != receipt["lines_root"]:
            raise Refusal(say.RECEIPT_CUT_ROOT, item=parts[0])
    return say.OK_RECEIPT_CUTS.format(count=len(items))


def _verdict(case: Held) -> str:
    receipt, stated = case.receipt, case.ceremony.public
    words_, taken, later = sentence(receipt), _taken(receipt), bool(receipt.keys() & LATER.keys())
    strange = sorted(taken.difference(receipt["line"].split("\t")[1].split(",")))
    if strange:
        raise Refusal(say.RECEIPT_CALLED, item=strange[0])
    listed: list[str] = [item for item in receipt["verdict"] if item not in taken]
    if stated["winners"]:
        listed = next((one["items"] for one in stated["winners"] if one["id"] == receipt["id"]), [])
    same("verdict", receipt["verdict"], _standing(listed, receipt), case.file)
    if "cuts" not in receipt:
        known = say.SHORT_VERDICT_LATER if later else say.SHORT_VERDICT_LISTED
        raise Undone((known if stated["winners"] else say.SHORT_VERDICT).format(verdict=words_))
    number = digest("ticket", keys(stated["seed"])["subject"], receipt["id"], receipt["blind"])
    same("ticket", receipt["ticket"], number, case.file)
    drawn = sorted(parts[0] for parts in case.cuts if parts[4] and number <= parts[4])
    same("verdict", receipt["verdict"], _standing(drawn, receipt), case.file)
    if later:
        raise Undone(say.VERDICT_LATER.format(drawn=sentence({"verdict": drawn}), verdict=words_))
    return say.OK_RECEIPT_VERDICT.format(verdict=words_)


STEPS: tuple[Callable[[Held], str], ...] = (_format, _slip, _public, _heads, _place, _seal, _cuts, _verdict)
