"""What anyone can recompute from the public record: the ceremony, the seed, the order of publication."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ssj_xlwings.lottery import files, record, shape, voided
from ssj_xlwings.lottery.digest import canonical, digest, parse
from ssj_xlwings.lottery.said import called, check_said, keys, seed, unwitnessed
from ssj_xlwings.lottery.verdict import Undone, Verdict, same, steps_of
from ssj_xlwings.lottery.verify import on_paper
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import lottery as words
from ssj_xlwings.vocabulary.sentences import proof as say

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(slots=True)
class Ceremony:
    """A public record at hand, and the signed commitment or its head ("" if nobody holds the slip beside it)."""

    data: bytes
    slip: str
    file: str = record.PUBLIC
    public: dict[str, Any] = field(default_factory=dict)


def verify_public(data: bytes, slip: str = "", file: str = record.PUBLIC) -> Verdict:
    """Recompute a public record (`data`: the bytes of public.json), of a draw or of a freeze voided undrawn. A difference is
    a step with 否, not an error.
    """
    if voided.is_undrawn(data, file):
        return voided.verify_undrawn(data, on_paper(slip), file)
    case = Ceremony(data, on_paper(slip), file)
    return Verdict(steps_of(say.PUBLIC_TITLES, STEPS, case), say.PROVES_PUBLIC, say.CANNOT_PUBLIC, say.REMADE_PUBLIC)


def read_form(case: Ceremony) -> str:
    """The record in form, and of a protocol that this program knows."""
    case.public = parse(files.decode(case.data, case.file), case.file)
    shape.check(case.public, shape.also(shape.PUBLIC, shape.MORE, case.public), case.file)
    record.check_protocol(case.public)
    return say.OK_PUBLIC_FORMAT.format(protocol=case.public["protocol"]) + voided.sentence(case.public)


def hold_slip(case: Ceremony) -> str:
    """The commitment beside the one on the signed paper."""
    if not case.slip:
        raise Undone(words.NO_SLIP)
    if not case.public["commitment"].startswith(case.slip):
        raise Refusal(words.SLIP_DIFFERS, seen=case.slip, want=case.public["commitment"])
    return words.OK_SLIP.format(digits=len(case.slip), said="，".join(f"{name}={value}" for name, value in case.public["said"]))


def check_plan(case: Ceremony) -> str:
    """The open plan, with the digest of the inner one, gives the plan's digest."""
    public = case.public
    same("plan", public["plan"], digest("plan", canonical(public["open_plan"]), public["inner_digest"]), case.file)
    return say.OK_PUBLIC_PLAN.format(pool=public["open_plan"]["pool"], attempt=public["open_plan"]["attempt"])


def check_commitment(case: Ceremony) -> str:
    """The opened nonce gives the commitment."""
    public = case.public
    same("commitment", public["commitment"], digest("commit", public["nonce"], public["root"], public["plan"]), case.file)
    return say.OK_PUBLIC_COMMIT


def check_seed(case: Ceremony) -> str:
    """The numbers said, in slot order, give the seed."""
    public = case.public
    said = [(name, value) for name, value in public["said"]]
    check_said(public["open_plan"]["slots"], said)
    same("seed", public["seed"], seed(public["nonce"], public["root"], public["plan"], said), case.file)
    return words.OK_SEED.format(count=len(said)) + unwitnessed(said, public["open_plan"]["items"])


def _calling(case: Ceremony) -> str:
    public = case.public
    winners = public["winners"]
    if not winners:
        raise Undone(say.NO_WINNERS.format(drawn=public["drawn"]))
    same("winners.length", len(winners), public["drawn"], case.file)
    key = keys(public["seed"])["call"]
    want = [{"no": no, "id": id_} for no, id_ in enumerate(called(key, (one["id"] for one in winners)), 1)]
    same("winners", [{"no": one["no"], "id": one["id"]} for one in winners], want, case.file)
    return say.OK_CALLING.format(drawn=public["drawn"])


STEPS: tuple[Callable[[Ceremony], str], ...] = (read_form, hold_slip, check_plan, check_commitment, check_seed, _calling)
