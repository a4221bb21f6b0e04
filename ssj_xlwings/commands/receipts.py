"""回执 and 名单查询: one firm's place in a draw, from what the archive keeps (draw protocol, Checking a receipt)."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from stdnum.cn.uscc import calc_check_digit

from ssj_xlwings.commands.picking import unnumbered
from ssj_xlwings.commands.preparing import archive_of
from ssj_xlwings.commands.standing import refuse_own_approval, standing
from ssj_xlwings.lottery import files, log, recheck, record, shape
from ssj_xlwings.lottery.digest import pairs_digest, pretty
from ssj_xlwings.lottery.freeze import plan_digests
from ssj_xlwings.lottery.page import file as page_file
from ssj_xlwings.lottery.pool import FILE as POOL
from ssj_xlwings.lottery.pool import read as read_pool
from ssj_xlwings.lottery.pool import root as pool_root
from ssj_xlwings.lottery.receipt import make, sentence, verify_receipt
from ssj_xlwings.papers.receipts import Facts, receipt_paper
from ssj_xlwings.papers.wording import clock, day, safe_name
from ssj_xlwings.types import File, LogRow, Outcome, Refusal
from ssj_xlwings.vocabulary import codelists, settings
from ssj_xlwings.vocabulary.clock import day as clock_day
from ssj_xlwings.vocabulary.lookup import Lookup, nearest, subject_ids
from ssj_xlwings.vocabulary.quick import is_quick
from ssj_xlwings.vocabulary.sentences import proof as say
from ssj_xlwings.vocabulary.sentences.draw import NEAREST
from ssj_xlwings.vocabulary.text import folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ssj_xlwings.commands.standing import Standing
    from ssj_xlwings.lottery.pool import PoolRow
    from ssj_xlwings.lottery.receipt import Receipt
    from ssj_xlwings.types import Request, Row

CODE = 18
SHORTEST_REASON = 4


class Kept(NamedTuple):
    """A finished draw as the archive keeps it, its bytes those that the log speaks of."""

    draw: dict[str, Any]
    rows: list[PoolRow]
    excluded: dict[str, str]
    public: bytes


def receipt(request: Request) -> Outcome:
    """One firm's receipt: paper, JSON, and beside them the public record and the page that check it. A full one is
    logged first, since a cut line gives the class away. Refusal: not drawn, voided, the firm not in the pool, a full
    one without approver and reason, a record that is not the one of the log.
    """
    task = standing(request, request.args["task"])
    freeze, drawn = _drawn(task)
    name = task.cells["name"]
    refuse_own_approval(request)
    full, approver, reason = _approved(request.args)
    kept = _kept(archive_of(request) / log.data(freeze)["folder"], drawn)
    id_ = _in_pool(request, kept, name, freeze)
    made = make(kept.draw, kept.rows, id_, full=full, log=request.log)
    data = pretty(made, between="\t")
    if not verify_receipt(data, kept.public).ok:
        raise Refusal(say.RECORD_CHANGED, file=record.PUBLIC)
    number = sum(row["event"] == codelists.RECEIPT and row["task"] == freeze["task"] for row in request.log) + 1
    items = dict(zip(request.view["items"]["code"], request.view["items"]["name"], strict=True))
    firm, verdict, shown = _name(request, id_), sentence(made), sentence(made, items)
    file = say.RECEIPT_FILE.format(id=safe_name(id_), kind=say.FULL_KIND if full else say.SHORT_KIND)
    bureau = settings.read(request.view["settings"])["bureau"]
    facts = Facts(bureau, name, freeze["task"], freeze["attempt"], firm, clock(drawn["time"]), shown, day(f"{clock_day(request.now)}"), approver, reason)
    return Outcome(
        message=(say.MADE_FULL if full else say.MADE_SHORT).format(firm=firm, number=number, verdict=verdict),
        log=_entry(request, freeze, made, data, number) if full else None, folder=Path(request.args["out"]), files=[
            receipt_paper(f"{file}.xlsx", facts, made, data, request.now), File(f"{file}.json", data),
            File(record.PUBLIC, kept.public, public=True), page_file(),
        ], next=say.NEXT_VERIFY.format(file=f"{file}.json", public=record.PUBLIC))


def _drawn(task: Standing) -> tuple[Row, Row]:
    """The freeze row and the draw row of the task's standing draw."""
    name, state = task.cells["name"], task.state
    if state.event == codelists.VOIDED:
        raise Refusal(say.VOIDED_DRAW, task=name, attempt=state.attempt)
    if state.freeze is None or state.draw is None:
        raise Refusal(say.NO_DRAW, task=name)
    return state.freeze, state.draw


def _in_pool(request: Request, kept: Kept, task: str, freeze: Row) -> str:
    """The id of the firm meant, which must be in the pool."""
    ids, word = {row.id for row in kept.rows}, request.args["firm"]
    found = _meant(request, word, ids | kept.excluded.keys(), quick=is_quick(freeze["task"]))
    there = [id_ for id_ in found if id_ in ids]
    if not there:
        why = say.OUT_BECAUSE.format(reason=kept.excluded[found[0]]) if found[0] in kept.excluded else say.OUT_UNKNOWN
        raise Refusal(say.NOT_IN_POOL, firm=word, task=task, attempt=freeze["attempt"], why=why)
    if len(there) > 1:
        raise Refusal(say.SEVERAL_LISTED, seen=word, ids="、".join(there))
    return there[0]


def _approved(args: Mapping[str, Any]) -> tuple[bool, str, str]:
    """Whether a full receipt is wanted, who decided it and why. Refusal if one goes without the other."""
    approver, reason = (args["approver"] or "").strip(), (args["reason"] or "").strip()
    if args["full"] and not (approver and len(reason) >= SHORTEST_REASON):
        raise Refusal(say.FULL_NEEDS)
    if not args["full"] and (approver or reason):
        raise Refusal(say.SHORT_NEEDS_NOT)
    return args["full"], approver, reason


def _kept(folder: Path, drawn: Row) -> Kept:
    draw = record.load_draw(folder, drawn)
    shape.check(draw, shape.DRAW, record.DRAW)
    tables = {}
    for name in (POOL, recheck.EXCLUDED):
        tables[name] = files.load(folder / name)
        if sha256(tables[name]).hexdigest() != draw["files"][name]:
            raise Refusal(say.RECORD_CHANGED, file=name)
    return Kept(draw, read_pool(tables[POOL]), dict(_pairs(tables[recheck.EXCLUDED])), files.load(folder / record.PUBLIC))


def _entry(request: Request, freeze: Row, made: Receipt, data: bytes, number: int) -> dict[str, str]:
    _, approver, reason = _approved(request.args)
    note = say.LOG_RECEIPT.format(id=made["id"], approver=approver, number=number)
    held = {
        "commitment": made["commitment"], "id": made["id"], "approver": approver, "reason": reason, "number": str(number),
        "receipt": sha256(data).hexdigest(),
    }
    return log.make(request.log, LogRow(freeze["task"], codelists.RECEIPT, int(freeze["attempt"]), note, held), request.now, request.operator)


def pool(request: Request) -> Outcome:
    """Whether a firm was in the pool, for every freeze of the task or quick draw, from the kept pool and excluded list, each
    held against the log first. Refusal: never frozen, files gone or changed.
    """
    task = standing(request, request.args["task"])
    name = task.cells["name"]
    freezes = [row for row in request.log if row["event"] == codelists.FROZEN and task.number in log.tasks_of(row)]
    if not freezes:
        raise Refusal(say.NEVER_FROZEN, task=name)
    voided = {(row["task"], row["attempt"]) for row in request.log if row["event"] == codelists.VOIDED}
    lines, answer = [], ""
    for row in freezes:
        void = say.AND_VOID if (row["task"], row["attempt"]) in voided else ""
        found, there = _was_there(request, row, {"attempt": row["attempt"], "time": clock(row["time"]), "voided": void})
        lines += found
        answer = say.WAS_IN if there else say.WAS_OUT
    return Outcome(message=say.POOL_SAID.format(firm=request.args["firm"], task=name, answer=answer), lines=[*lines, say.POOL_PROVED])


def _was_there(request: Request, freeze: Row, when: Mapping[str, str]) -> tuple[list[str], bool]:
    """What one freeze says of the firm, and whether the firm was in its pool."""
    rows, excluded = _frozen_lists(archive_of(request) / log.data(freeze)["folder"], freeze)
    quick = is_quick(freeze["task"])
    ids = set(_meant(request, request.args["firm"], {*(row.id for row in rows), *excluded}, quick=quick))
    inside = say.QUICK_IN if quick else say.POOL_IN
    lines = [inside.format(**when, id=row.id, line=at, stratum=row.stratum, items="、".join(row.items)) for at, row in enumerate(rows, 1) if row.id in ids]
    out = [say.POOL_OUT.format(**when, reason=excluded[id_]) for id_ in sorted(ids & excluded.keys())]
    return [*lines, *out] or [(say.QUICK_ABSENT if quick else say.POOL_ABSENT).format(**when)], bool(lines)


def _frozen_lists(folder: Path, freeze: Row) -> tuple[list[PoolRow], dict[str, str]]:
    """Pool and excluded list of a freeze. Refusal unless they, with the kept veil, give the root and the plan in the log."""
    opened = log.data(freeze)
    rows = read_pool(files.load(folder / POOL))
    frozen = files.value(folder / record.FROZEN)
    shape.check(frozen, shape.FROZEN, record.FROZEN)
    sealed = files.value(folder / record.SEALED)
    shape.check(sealed, shape.SEALED, record.SEALED)
    if pool_root(sealed["veil"], rows) != opened["root"]:
        raise Refusal(say.KEPT_CHANGED, path=folder / POOL, row=freeze["seq"])
    out = _pairs(files.load(folder / recheck.EXCLUDED))
    _, plan = plan_digests(frozen["open_plan"], frozen["inner_plan"])
    if plan != opened["plan"] or pairs_digest("excluded", out) != frozen["inner_plan"]["excluded_digest"]:
        raise Refusal(say.KEPT_CHANGED, path=folder / recheck.EXCLUDED, row=freeze["seq"])
    return rows, dict(out)


def _pairs(data: bytes) -> list[tuple[str, str]]:
    return [(id_, reason) for id_, reason in files.table(data, recheck.EXCLUDED, 2)]


def _meant(request: Request, word: str, known: Collection[str], *, quick: bool) -> list[str]:
    """The id meant by a code, or by a name that the registry or the kept lists know; several only where a list picked by hand has
    the firm more than once.

    Refusal for a word that neither knows, since a firm may have borne another name, and for a name of several firms.
    """
    listed = Lookup(known).one(word)
    if listed:
        return [listed]
    subjects = request.view["subjects"]
    ids = subject_ids(subjects)
    firm = Lookup(ids, subjects["name"]).one(word)
    name = _name(request, firm) if firm else word
    by_name = _by_name(name, known) if quick else []
    same = sum(folded(one) == folded(name) for one in subjects["name"])
    if same > 1 and (by_name or folded(word) == folded(name)):
        raise Refusal(say.SAME_NAME, seen=name, count=same)
    if not by_name and not firm and not (len(word) == CODE and word.isascii() and word.isalnum() and calc_check_digit(word) == word[-1]):
        near = nearest(word, [*subjects["name"], *ids])
        raise Refusal(say.WHO, seen=word, nearest=NEAREST.format(word=near) if near else "")
    return by_name or [firm or word]


def _by_name(name: str, known: Iterable[str]) -> list[str]:
    """The ids by which a list picked by hand has a name: itself, or with the numbers of one that was picked more than once."""
    found = sorted(id_ for id_ in known if folded(name) in (folded(id_), folded(unnumbered(id_))))
    return found if len(found) > 1 else [id_ for id_ in found if folded(id_) == folded(name)]


def _name(request: Request, id_: str) -> str:
    """What the registry calls a firm of that id; the id where it no longer knows it."""
    subjects = request.view["subjects"]
    return next((name for code, name in zip(subject_ids(subjects), subjects["name"], strict=True) if code == id_), id_)
