"""转为临时任务: a quick draw becomes a task that counts. It keeps its number, so that log, archive and verifier speak of one thing.

What was drawn stays what was drawn; the adoption adds a row of the log, a row of 抽查任务, and its visits and results, joined with open
visits and lists from above as after a draw. Nobody drew inspectors, and none are drawn now: whoever adopts already knows the seed and
could try lists of staff until one suits. So a visit takes over the team of the one it joins, or has none.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from ssj_xlwings.commands import outcomes
from ssj_xlwings.commands.merging import Joining, by_hand, join
from ssj_xlwings.commands.preparing import archive_of, book_of, whole
from ssj_xlwings.commands.quick import drawn_ids, overlapping
from ssj_xlwings.commands.standing import given_reason, refuse_own_approval
from ssj_xlwings.lottery import candidates, files, log, pool
from ssj_xlwings.lottery.digest import canonical as json_of
from ssj_xlwings.lottery.draw import Visit
from ssj_xlwings.types import Append, LogRow, Outcome, Refusal
from ssj_xlwings.vocabulary import clock, codelists, settings
from ssj_xlwings.vocabulary.lookup import item_lookup, subject_ids
from ssj_xlwings.vocabulary.quick import adopted, is_quick
from ssj_xlwings.vocabulary.sentences import draw as words
from ssj_xlwings.vocabulary.sentences import quick as say
from ssj_xlwings.vocabulary.sentences.replace import BAD_TEXT
from ssj_xlwings.vocabulary.text import folded, normal, unseen
from ssj_xlwings.vocabulary.values import canonical, is_date, typed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ssj_xlwings.types import Change, Request, Row, View

SHOWN = 5


def adopt(request: Request) -> Outcome:
    """Make a drawn quick draw a task. Args: task (its number), items, source, start, end, approver, name, no_merge, why.

    Refusal: no quick draw, not drawn, voided, a task already; others drawn from the same firms and no reason for this one; an item, date, source, approver or name that cannot be; one of
    those drawn is no firm of the registry, or two of them are the same firm.
    """
    number, state = _drawn(request)
    refuse_own_approval(request)
    data = {**_task(request, log.data(state.freeze)["name"]), "approver": _given(request.args, "approver", words.APPROVER)}
    others = _others(request, number, state)
    data |= {"overlapping": str(len(others)), **({"why": given_reason(request.args, "adopt", "why")} if others else {})}
    visits = drawn_ids(archive_of(request), state)
    firms = _firms(request.view, [id_ for _, id_ in visits])
    data["firms"] = json_of([[no, id_, firms[id_]] for no, id_ in visits])
    joined = _joined(request, data, [(no, firms[id_]) for no, id_ in visits])
    data |= joined.data()
    data["locked"] = json_of({number: [data["start"], data["end"], sorted(data["items"].split("、")), []]})
    note = say.LOG_ADOPTED.format(name=data["name"], count=len(visits), source=data["source"], approver=data["approver"])
    note += say.LOG_OTHERS.format(count=len(others), why=data["why"]) if others else ""
    teams = [team for _, team in outcomes.unite(joined.merged, joined.above).values() if team]
    entry = log.make(request.log, LogRow(number, codelists.ADOPTED, state.attempt, note, data), request.now, request.operator)
    return Outcome(
        message=say.ADOPTED.format(number=number, name=data["name"], count=len(visits)),
        lines=[*joined.lines(), *([say.NO_TEAMS] if len(teams) < len(visits) else [])], log=entry, changes=changes(request.view, entry),
        next=words.NEXT_PAPERS.format(book=typed(book_of(request).name), task=typed(data["name"])),
    )


def _others(request: Request, number: str, state: log.State) -> list[str]:
    """Quick draws of any day, voided or not, for which numbers were said over a list that shares firms with this one's. Refusal if there are
    some and no reason is given: who draws until it suits does not draw.
    """
    archive, folder = archive_of(request), log.data(state.freeze)["folder"]
    said = {row["task"] for row in request.log if row["event"] == codelists.SAID}
    rows = [row for row in request.log if row["event"] == codelists.FROZEN and is_quick(row["task"]) and row["task"] != number and row["task"] in said]
    found = overlapping(archive, rows, [line.id for line in pool.read(files.load(archive / folder / pool.FILE))]) if rows else []
    if found and not given_reason(request.args, "adopt", "why"):
        raise Refusal(say.WANTS_WHY, number=number, count=len(found), others="、".join(found[:SHOWN]) + (say.AND_MORE.format(count=len(found)) if len(found) > SHOWN else ""))
    return found


def _joined(request: Request, task: Mapping[str, str], visits: Sequence[tuple[int, str]]) -> Joining:
    """What its visits (number, subject) share with open visits of other tasks and with open lists from above, by the facts of today."""
    view, options = request.view, settings.read(request.view["settings"])
    staff = candidates.staff(view, clock.day(request.now), options["bureau"])
    items = tuple(task["items"].split("、"))
    return join(
        view, request.log, (task["start"], task["end"]), (), [Visit(no, id_, items, "") for no, id_ in visits],
        by_hand(staff, dict(candidates.units_of(view)), whole(options, "team")), given_reason(request.args, "adopt", "no_merge"))


def changes(view: View, entry: Row) -> list[Change]:
    """What an adoption writes besides its log row, from that row alone, so that it can be written again. A task that is there stays."""
    data, number = log.data(entry), entry["task"]
    row = {"number": number, **{name: data[name] for name in ("name", "items", "start", "end", "source")}}
    visits = [outcomes.Drawn(no, subject, data["items"].split("、"), ()) for no, _, subject in json.loads(data["firms"])]
    draw = outcomes.Draw(number, int(entry["attempt"]), {}, outcomes.read_merged(data), outcomes.read_above(data))
    return [*([] if number in set(view["tasks"]["number"]) else [Append("tasks", [row])]), *outcomes.changes(view, draw, visits, {})]


def _drawn(request: Request) -> tuple[str, log.State]:
    number = request.args["task"].strip()
    state = log.state(request.log, number)
    if not is_quick(number) or state.freeze is None:
        raise Refusal(say.NO_SUCH_QUICK, seen=number)
    if number in adopted(request.log):
        raise Refusal(say.ADOPTED_BEFORE, number=number)
    if state.event != codelists.DRAWN:
        raise Refusal(say.NOT_TO_ADOPT, number=number, event=state.event)
    return number, state


def _task(request: Request, purpose: str) -> dict[str, str]:
    """The row of the task: name, items (codes), first and last day, source."""
    args, view = request.args, request.view
    items = item_lookup(view["items"]).several(args["items"])
    retired = dict(zip(view["items"]["code"], view["items"]["state"], strict=True))
    strange = [*items.unknown, *(code for code in items.keys if retired[code] == codelists.VALID[1])]
    if strange or not items.keys:
        raise Refusal(say.STRANGE_ITEMS, seen="、".join(strange) or args["items"])
    start, end = (canonical(args[name], "date") for name in ("start", "end"))
    if not (is_date(start) and is_date(end) and start <= end):
        raise Refusal(say.BAD_DAYS, start=args["start"], end=args["end"])
    name = normal(args.get("name") or purpose)
    if folded(name) in map(folded, view["tasks"]["name"]):
        raise Refusal(say.NAME_TAKEN, name=name)
    codes = sorted(items.keys, key=str.encode)
    return {"name": name, "items": "、".join(codes), "start": start, "end": end, "source": _given(args, "source", say.SOURCE_LABEL)}


def _given(args: Mapping[str, str], name: str, label: str) -> str:
    text = normal(args[name])
    if not text:
        raise Refusal(words.NO_BLANK, label=label)
    if unseen(text):
        raise Refusal(BAD_TEXT, label=label, char=unseen(text))
    return text


def _firms(view: View, ids: Sequence[str]) -> dict[str, str]:
    """Drawn id → the subject of the registry that it names, by code or by a name that only one of them has."""
    subjects = view["subjects"]
    keys = subject_ids(subjects)
    known = {folded(key): key for key in keys}
    times = Counter(map(folded, subjects["name"]))
    named = {folded(name): key for name, key in zip(subjects["name"], keys, strict=True) if times[folded(name)] == 1}
    found = {id_: known.get(folded(id_)) or named.get(folded(id_), "") for id_ in ids}
    strange = [id_ for id_, key in found.items() if not key]
    if strange:
        more = say.AND_MORE.format(count=len(strange)) if len(strange) > SHOWN else ""
        raise Refusal(say.NOT_FIRMS, count=len(strange), names="、".join(strange[:SHOWN]) + more)
    twice = next((id_ for id_, key in found.items() if list(found.values()).count(key) > 1), "")
    if twice:
        raise Refusal(say.SAME_FIRM, names="、".join(id_ for id_ in ids if found[id_] == found[twice]), subject=found[twice])
    return found
