"""回执 and 名单查询: one firm's place in a draw, from what the archive keeps (draw protocol, Checking a receipt)."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from stdnum.cn.uscc import calc_check_digit

from ssj_xlwings.commands.preparing import archive_of, find_task
from ssj_xlwings.commands.standing import refuse_own_approval
from ssj_xlwings.lottery import files, log, recheck, record, shape
from ssj_xlwings.lottery.digest import pairs_digest, parse, pretty
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
from ssj_xlwings.vocabulary.sentences.quick import NO_RECEIPT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

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
    _, task = find_task(request.view, request.args["task"])
    freeze, drawn = _drawn(request, task)
    refuse_own_approval(request)
    full, approver, reason = _approved(request.args)
    kept = _kept(archive_of(request) / log.data(freeze)["folder"], log.data(drawn)["record"])
    id_ = _in_pool(request, kept, task["name"], freeze["attempt"])
    made = make(kept.draw, kept.rows, id_, full=full, log=request.log)
    data = pretty(made, between="\t")
    if not verify_receipt(data, kept.public).ok:
        raise Refusal(say.RECORD_CHANGED, file=record.PUBLIC)
    number = sum(row["event"] == codelists.RECEIPT and row["task"] == freeze["task"] for row in request.log) + 1
    items = dict(zip(request.view["items"]["code"], request.view["items"]["name"], strict=True))
    firm, verdict, shown = _name(request, id_), sentence(made), sentence(made, items)
    name = say.RECEIPT_FILE.format(id=safe_name(id_), kind=say.FULL_KIND if full else say.SHORT_KIND)
    bureau = settings.read(request.view["settings"])["bureau"]
    facts = Facts(bureau, task["name"], freeze["task"], freeze["attempt"], firm, clock(drawn["time"]), shown, day(f"{clock_day(request.now)}"), approver, reason)
    return Outcome(
        message=(say.MADE_FULL if full else say.MADE_SHORT).format(firm=firm, number=number, verdict=verdict),
        log=_entry(request, freeze, made, data, number) if full else None, folder=Path(request.args["out"]), files=[
            receipt_paper(f"{name}.xlsx", facts, made, data, request.now), File(f"{name}.json", data),
            File(record.PUBLIC, kept.public, public=True), page_file(),
        ], next=say.NEXT_VERIFY.format(file=f"{name}.json", public=record.PUBLIC))


def _drawn(request: Request, task: Mapping[str, str]) -> tuple[Row, Row]:
    """The freeze row and the draw row of the task's standing draw."""
    if is_quick(task["number"]):
        raise Refusal(NO_RECEIPT, number=task["number"])
    standing = log.state(request.log, task["number"])
    if standing.event == codelists.VOIDED:
        raise Refusal(say.VOIDED_DRAW, task=task["name"], attempt=standing.attempt)
    if standing.freeze is None or standing.draw is None:
        raise Refusal(say.NO_DRAW, task=task["name"])
    return standing.freeze, standing.draw


def _in_pool(request: Request, kept: Kept, task: str, attempt: str) -> str:
    """The id of the firm meant, which must be in the pool."""
    ids = {row.id for row in kept.rows}
    id_ = _firm(request, request.args["firm"], ids | kept.excluded.keys())
    if id_ not in ids:
        why = say.OUT_BECAUSE.format(reason=kept.excluded[id_]) if id_ in kept.excluded else say.OUT_UNKNOWN
        raise Refusal(say.NOT_IN_POOL, firm=request.args["firm"], task=task, attempt=attempt, why=why)
    return id_


def _approved(args: Mapping[str, Any]) -> tuple[bool, str, str]:
    """Whether a full receipt is wanted, who decided it and why. Refusal if one goes without the other."""
    approver, reason = (args["approver"] or "").strip(), (args["reason"] or "").strip()
    if args["full"] and not (approver and len(reason) >= SHORTEST_REASON):
        raise Refusal(say.FULL_NEEDS)
    if not args["full"] and (approver or reason):
        raise Refusal(say.SHORT_NEEDS_NOT)
    return args["full"], approver, reason


def _kept(folder: Path, digest: str) -> Kept:
    data = files.load(folder / record.DRAW)
    if sha256(data).hexdigest() != digest:
        raise Refusal(say.RECORD_CHANGED, file=record.DRAW)
    draw = parse(files.decode(data, record.DRAW), record.DRAW, between="\t")
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
    """Whether a firm was in the pool, for every freeze of the task, from the kept pool and excluded list, each held
    against the log first. Refusal: never frozen, files gone or changed.
    """
    _, task = find_task(request.view, request.args["task"])
    if is_quick(task["number"]):
        raise Refusal(NO_RECEIPT, number=task["number"])
    freezes = [row for row in request.log if row["event"] == codelists.FROZEN and task["number"] in log.tasks_of(row)]
    if not freezes or not task["number"]:
        raise Refusal(say.NEVER_FROZEN, task=task["name"])
    voided = {(row["task"], row["attempt"]) for row in request.log if row["event"] == codelists.VOIDED}
    lines, answer = [], ""
    for row in freezes:
        void = say.AND_VOID if (row["task"], row["attempt"]) in voided else ""
        line, there = _was_there(request, row, {"attempt": row["attempt"], "time": clock(row["time"]), "voided": void})
        lines.append(line)
        answer = say.WAS_IN if there else say.WAS_OUT
    return Outcome(message=say.POOL_SAID.format(firm=request.args["firm"], task=task["name"], answer=answer), lines=[*lines, say.POOL_PROVED])


def _was_there(request: Request, freeze: Row, when: Mapping[str, str]) -> tuple[str, bool]:
    """What one freeze says of the firm, and whether the firm was in its pool."""
    folder = archive_of(request) / log.data(freeze)["folder"]
    rows, excluded = _frozen_lists(folder, freeze)
    id_ = _firm(request, request.args["firm"], {*(row.id for row in rows), *excluded})
    for number, row in enumerate(rows, 1):
        if row.id == id_:
            return say.POOL_IN.format(**when, line=number, stratum=row.stratum, items="、".join(row.items)), True
    if id_ in excluded:
        return say.POOL_OUT.format(**when, reason=excluded[id_]), False
    return say.POOL_ABSENT.format(**when), False


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


def _firm(request: Request, word: str, known: Collection[str]) -> str:
    """The id meant by a code, or by a name that the registry or the kept lists know.

    Refusal for a word that neither knows: a firm may have borne another name, so nothing can be said of it.
    """
    subjects = request.view["subjects"]
    ids = subject_ids(subjects)
    found = Lookup(known).one(word) or Lookup(ids, subjects["name"]).one(word)
    if not found and not (len(word) == CODE and word.isascii() and word.isalnum() and calc_check_digit(word) == word[-1]):
        near = nearest(word, [*subjects["name"], *ids])
        raise Refusal(say.WHO, seen=word, nearest=NEAREST.format(word=near) if near else "")
    return found or word


def _name(request: Request, id_: str) -> str:
    """What the registry calls a firm of that id; the id where it no longer knows it."""
    subjects = request.view["subjects"]
    return next((name for code, name in zip(subject_ids(subjects), subjects["name"], strict=True) if code == id_), id_)
