"""From the sheets of a book to everything a freeze needs; the draw repeats it and compares."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.lottery import candidates, log, scope
from ssj_xlwings.lottery.plan import Plan, rate_of
from ssj_xlwings.lottery.said import check_slots
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary import codelists, settings
from ssj_xlwings.vocabulary.lookup import item_lookup, plan_lookup, task_lookup
from ssj_xlwings.vocabulary.quick import is_quick
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.tables import TASKS
from ssj_xlwings.vocabulary.values import canonical, is_date, is_rate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from ssj_xlwings.types import Request, Row, View

RATES = {stratum: f"rate_{stratum}" for stratum in codelists.CLASSES}


class Task(NamedTuple):
    """One row of 抽查任务, its words understood. `row`: its sheet row; `rates`: item → stratum → canonical rate;
    `scope_rows`, `rate_rows`: its rows of 抽查范围 and 分事项比例.
    """

    row: int
    number: str
    name: str
    items: list[str]
    start: str
    end: str
    plan: str
    source: str
    alternates: int
    rates: dict[str, dict[str, str]]
    conditions: list[scope.Condition]
    scope_rows: set[int]
    rate_rows: set[int]


class Prepared(NamedTuple):
    """What can be drawn today, and by whom it can be inspected."""

    task: Task
    sifted: candidates.Sifted
    staff: list[dict[str, object]]
    source_digest: str
    settings: dict[str, str]
    team: int


def find_task(view: View, word: str) -> tuple[int, Mapping[str, str]]:
    """The sheet row and the row of the task meant, by name or number. Refusal, with the nearest, if there is none."""
    lookup = task_lookup(view["tasks"])
    name = lookup.one(word)
    if not name:
        near = lookup.nearest(word)
        raise Refusal(say.TASK_UNKNOWN, seen=word, nearest=say.NEAREST.format(word=near) if near else "")
    frame = view["tasks"]
    row = int(frame.index[frame["name"] == name][0])
    return row, {str(key): str(value) for key, value in frame.loc[row].items()}


def meant(view: View, rows: Sequence[Row], word: str) -> tuple[str, str]:
    """Number and name of the task meant; a quick draw goes by its number, which stands in the log alone."""
    quick = log.state(rows, word.strip()).freeze if is_quick(word.strip()) else None
    if quick is not None:
        return quick["task"], log.data(quick)["name"]
    _, found = find_task(view, word)
    return found["number"], found["name"]


def check_speakers(speakers: Sequence[str], operator: str) -> None:
    """Refusal unless there are speakers with distinct names, none of them the operator."""
    check_slots(speakers)
    if operator in speakers:
        raise Refusal(say.OPERATOR_SPEAKS, name=operator)


def book_of(request: Request) -> Path:
    """The workbook of a command that works on one."""
    if request.book is None:
        raise RuntimeError("this command works on a book")
    return request.book


def archive_of(request: Request) -> Path:
    """The folder of the workbook's log and records."""
    return settings.archive(book_of(request), settings.read(request.view["settings"]))


def prepare(view: View, word: str, today: date, number: str = "") -> Prepared:
    """Understand the task and part the registry. Refusals name what cannot be understood."""
    options = settings.read(view["settings"])
    task = _task(view, word, options, number)
    sifted = candidates.sift(view, task.conditions, task.items, today, whole(options, "recheck"), whole(options, "ceiling"))
    team = whole(options, "team")
    if team < 2:
        raise Refusal(say.TEAM_SIZE, seen=options["team"])
    staff = candidates.staff(view, today, options["bureau"])
    return Prepared(task, sifted, staff, candidates.source_digest(view["subjects"]), options, team)


def whole(options: Mapping[str, str], name: str) -> int:
    """A setting that is a whole number. Refusal if it is none."""
    if not options[name].isdecimal():
        raise Refusal(say.SETTING_NUMBER, key=settings.BY_NAME[name].key, seen=options[name])
    return int(options[name])


def _task(view: View, word: str, options: Mapping[str, str], number: str) -> Task:
    row, found = find_task(view, word)
    items = item_lookup(view["items"]).several(found["items"])
    if not items.keys or items.unknown:
        raise Refusal(say.NO_ITEMS, task=found["name"], unknown="、".join(items.unknown))
    if not (is_date(found["start"]) and is_date(found["end"])):
        raise Refusal(say.NO_DATES, task=found["name"])
    mine = _rows_of(view, "scopes", found)
    plan = plan_lookup(view["plans"]).one(found["plan"])
    alternates = whole({"alternates": found["alternates"]}, "alternates") if found["alternates"] else whole(options, "alternates")
    return Task(
        row, found["number"] or number, found["name"], sorted(items.keys, key=str.encode), found["start"], found["end"], plan,
        say.FROM_PLAN.format(plan=plan) if plan else found["source"] or say.AD_HOC, alternates,
        _rates(view, found, items.keys, options), scope.conditions(view["scopes"].loc[sorted(mine)]), mine,
        _rows_of(view, "item_rates", found),
    )


def _rows_of(view: View, table: str, task: Mapping[str, str]) -> set[int]:
    """Sheet rows of a table that belong to the task, named there by name or number."""
    names = task_lookup(view["tasks"])
    frame = view[table]
    return {int(row) for row, word in zip(frame.index, frame["task"], strict=True) if names.one(word) == task["name"]}


def _rates(view: View, task: Mapping[str, str], items: list[str], options: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Item → stratum → canonical rate: the item's own, else the task's, else the workbook's default."""
    common = {stratum: task[name] or canonical(options[name], "rate") for stratum, name in RATES.items()}
    own = {}
    frame, lookup = view["item_rates"], item_lookup(view["items"])
    for row in sorted(_rows_of(view, "item_rates", task)):
        cells = frame.loc[row]
        own[lookup.one(str(cells["item"]))] = {stratum: str(cells[name]) for stratum, name in RATES.items() if cells[name]}
    rates = {item: {**common, **own.get(item, {})} for item in items}
    for stratum, name in RATES.items():
        for item in items:
            if not is_rate(rates[item][stratum]):
                raise Refusal(say.TASK_RATE, task=task["name"], header=TASKS.column(name).header, seen=rates[item][stratum])
    return rates


def plan_of(ready: Prepared, *, slots: list[str], attempt: int, before: str, frozen: str) -> Plan:
    """The frozen plan of the protocol (Steps, 2), with the conditions so that they can be replayed."""
    task = ready.task
    strata = {row.stratum for row in ready.sifted.pool} | set(RATES)
    return Plan(
        bureau=ready.settings["bureau"], tasks=[task.number], items=task.items, source=task.source, window=(task.start, task.end),
        slots=slots, attempt=attempt, before=before, frozen=frozen, mode=say.MODE, alternates=task.alternates,
        rates={item: {stratum: rate_of(rate) for stratum, rate in by.items() if stratum in strata} for item, by in task.rates.items()},
        minimum=whole(ready.settings, "minimum"), source_digest=ready.source_digest,
        scope=[list(condition) for condition in task.conditions], team_size=ready.team,
    )
