"""From the sheets of a book to everything a freeze needs; the draw repeats it and compares."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.commands import rates as limits
from ssj_xlwings.lottery import candidates, forecast, scope
from ssj_xlwings.lottery.plan import Checked, Layer, Plan, rate_of
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary import codelists, settings
from ssj_xlwings.vocabulary.lookup import bare_item, item_lookup, plan_lookup, task_lookup
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.tables import SUBJECTS
from ssj_xlwings.vocabulary.values import is_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from ssj_xlwings.types import Column, Request, Row, View

CLASS = SUBJECTS.column("class")


class Task(NamedTuple):
    """One row of 抽查任务, its words understood. `row`: its sheet row; `items`: codes as the draw calls them (with the
    task's number before them where another task of the same draw has the item too);
    `scope_rows`, `rate_rows`: its rows (and its plan's) of 抽查范围, and of 分事项比例.
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
    batches: int
    layer: Column
    conditions: list[scope.Condition]
    plan_conditions: list[scope.Condition]
    scope_rows: set[int]
    rate_rows: set[int]
    cells: Row


@dataclass(frozen=True)
class Outline:
    """Tasks drawn together (the first leads) and the pool they have today. `rates`: item → stratum → canonical rate."""

    tasks: list[Task]
    sifted: candidates.Sifted
    rates: dict[str, dict[str, str]]
    settings: dict[str, str]

    @property
    def task(self) -> Task:
        """The one that leads."""
        return self.tasks[0]

    @property
    def window(self) -> tuple[str, str]:
        """From the first day of any task to the last."""
        return min(task.start for task in self.tasks), max(task.end for task in self.tasks)

    @cached_property
    def kinds(self) -> Counter[forecast.Kind]:
        """How many subjects of each stratum and set of items the pool holds."""
        return forecast.kinds(self.sifted.pool)

    @cached_property
    def layers(self) -> list[forecast.Layer]:
        """Quotas of every item in every stratum."""
        rates = {item: {layer: rate_of(rate) for layer, rate in by.items()} for item, by in self.rates.items()}
        return forecast.layers(self.kinds, rates, whole(self.settings, "minimum"))

    @cached_property
    def crossing(self) -> set[tuple[str, ...]]:
        """The sets of items whose scopes cross: expected visits are then the least there can be."""
        return forecast.crossing(self.kinds, forecast.shares(self.layers))

    def bounds(self) -> dict[str, str]:
        """Words for sentences about expected visits and what is saved: nothing, or at least and at most."""
        return {"least": say.AT_LEAST, "most": say.AT_MOST} if self.crossing else {"least": "", "most": ""}

    @property
    def checks(self) -> int:
        """Items drawn, all told."""
        return sum(layer.n for layer in self.layers)

    @property
    def visits(self) -> float:
        """Visits to expect."""
        return forecast.visits(self.kinds, forecast.shares(self.layers))

    @property
    def expected(self) -> int:
        """The same as people read it: rounded down where it is the least."""
        return int(self.visits) if self.crossing else round(self.visits)


@dataclass(frozen=True)
class Prepared(Outline):
    """Besides, by whom the subjects can be inspected."""

    staff: list[dict[str, object]]
    source_digest: str
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


def book_of(request: Request) -> Path:
    """The workbook of a command that works on one."""
    if request.book is None:
        raise RuntimeError("this command works on a book")
    return request.book


def archive_of(request: Request) -> Path:
    """The folder of the workbook's log and records."""
    return settings.archive(book_of(request), settings.read(request.view["settings"]))


def prepare(view: View, words: Sequence[str], today: date, numbers: Mapping[int, str] | None = None, sums: bytearray | None = None) -> Prepared:
    """Understand the tasks (the first leads) and part the registry. `numbers`: sheet row → number for tasks that have
    none yet; `sums`: as in `candidates.source_digest`. Refusals name what cannot be understood, and tasks that cannot be drawn together.
    """
    found = outline(view, words, today, numbers)
    team = whole(found.settings, "team")
    if team < 2:
        raise Refusal(say.TEAM_SIZE, seen=found.settings["team"])
    staff = candidates.staff(view, today, found.settings["bureau"], [item for task in found.tasks for item in task.items])
    return Prepared(found.tasks, found.sifted, found.rates, found.settings, staff, candidates.source_digest(view["subjects"], sums), team)


def outline(view: View, words: Sequence[str], today: date, numbers: Mapping[int, str] | None = None) -> Outline:
    """The same without staff and digests."""
    options = settings.read(view["settings"])
    tasks = _apart(_once([_task(view, word, options, numbers or {}) for word in words]))
    layer = tasks[0].layer
    strange = next((task for task in tasks if task.layer != layer), None)
    if strange:
        raise Refusal(say.OTHER_LAYER, task=tasks[0].name, other=strange.name, layer=layer.header, seen=strange.layer.header)
    batched = next((task for task in tasks if task.batches > 1), None)
    if batched and len(tasks) > 1:  # the order of its firms alone would decide its batches
        raise Refusal(say.BATCHES, task=batched.name, what=next(task.name for task in tasks if task is not batched))
    rules = candidates.Rules(whole(options, "recheck"), ceilings(options), layer)
    sifted = candidates.sift(view, [candidates.Part(task.conditions, task.items) for task in tasks], today, rules)
    rates: dict[str, dict[str, str]] = {}
    for task in tasks:
        rates |= _rates(view, task, {row.stratum for row in sifted.pool}, options)
    return Outline(tasks, sifted, rates, options)


def whole(options: Mapping[str, str], name: str) -> int:
    """A setting that is a whole number. Refusal if it is none."""
    if not options[name].isdecimal():
        raise Refusal(say.SETTING_NUMBER, key=settings.BY_NAME[name].key, seen=options[name])
    return int(options[name])


def ceilings(options: Mapping[str, str]) -> dict[str, int]:
    """Credit class → checks a year, the common number where a class has none of its own."""
    return {name: whole(options, f"ceiling_{name}" if options[f"ceiling_{name}"] else "ceiling") for name in codelists.CLASSES}


def _once(tasks: list[Task]) -> list[Task]:
    """Refusal for a task that is named twice, by name and number too."""
    twice = next((task for at, task in enumerate(tasks) if task.row in {one.row for one in tasks[:at]}), None)
    if twice:
        raise Refusal(say.TASK_TWICE, task=twice.name)
    return tasks


def _apart(tasks: list[Task]) -> list[Task]:
    """An item that several tasks of a draw have is one item of each of them (protocol, step 2: codes task/item)."""
    times = Counter(item for task in tasks for item in task.items)
    return [
        task._replace(items=sorted((f"{task.number}/{item}" if times[item] > 1 else item for item in task.items), key=str.encode)) for task in tasks
    ]


def _task(view: View, word: str, options: Mapping[str, str], numbers: Mapping[int, str]) -> Task:
    row, found = find_task(view, word)
    items = item_lookup(view["items"]).several(found["items"])
    if not items.keys or items.unknown:
        raise Refusal(say.NO_ITEMS, task=found["name"], unknown="、".join(items.unknown))
    if not (is_date(found["start"]) and is_date(found["end"])):
        raise Refusal(say.NO_DATES, task=found["name"])
    layer = next((column for column in SUBJECTS.columns if found["strata"] in ("", column.header)), None) if found["strata"] else CLASS
    if layer is None or layer.kind == "codes" or (layer.private and layer is not CLASS):
        raise Refusal(say.NO_SUCH_LAYER, task=found["name"], seen=found["strata"])
    mine = _rows_of(view, "scopes", found)
    plan = plan_lookup(view["plans"]).one(found["plan"])
    of_plan = _plan_rows(view, plan)
    own = {name: found[name] or "" for name in ("alternates", "batches")}
    return Task(
        row, found["number"] or numbers.get(row, ""), found["name"], sorted(items.keys, key=str.encode), found["start"], found["end"], plan,
        say.FROM_PLAN.format(plan=plan) if plan else found["source"] or say.AD_HOC,
        whole(own if own["alternates"] else options, "alternates"), int(own["batches"]) if own["batches"].isdecimal() else 0, layer,
        scope.conditions(view["scopes"].loc[sorted(mine)]), scope.conditions(view["scopes"].loc[sorted(of_plan)]), mine | of_plan, _rows_of(view, "item_rates", found), found,
    )


def _rows_of(view: View, table: str, task: Mapping[str, str]) -> set[int]:
    """Sheet rows of a table that belong to the task, named there by name or number."""
    names = task_lookup(view["tasks"])
    frame = view[table]
    return {int(row) for row, word in zip(frame.index, frame["task"], strict=True) if names.one(word) == task["name"]}


def _plan_rows(view: View, plan: str) -> set[int]:
    """Sheet rows of 抽查范围 that name the plan, and no task of the same name."""
    tasks, plans = task_lookup(view["tasks"]), plan_lookup(view["plans"])
    frame = view["scopes"]
    return {int(row) for row, word in zip(frame.index, frame["task"], strict=True) if plan and not tasks.one(word) and plans.one(word) == plan}


def _rates(view: View, task: Task, strata: set[str], options: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Rates by the task's items as the draw calls them; by class all five stand there, else the strata of the pool."""
    codes = {bare_item(item): item for item in task.items}
    rows = view["item_rates"].loc[sorted(task.rate_rows)]
    if task.layer is CLASS:
        found = limits.by_class(view, task.cells, rows, list(codes), options)
        known = strata | set(limits.BY_CLASS)
        return {codes[code]: {layer: rate for layer, rate in by.items() if layer in known} for code, by in found.items()}
    return {codes[code]: by for code, by in limits.by_layer(view, task.cells, rows, list(codes), strata).items()}


def plan_of(ready: Prepared, *, slots: list[str], attempt: int, before: str, frozen: str) -> Plan:
    """The frozen plan of the protocol (Steps, 2), with the conditions so that they can be replayed."""
    tasks = ready.tasks
    return Plan(
        bureau=ready.settings["bureau"], tasks=[task.number for task in tasks], items=[item for task in tasks for item in task.items],
        source="；".join(dict.fromkeys(task.source for task in tasks)), window=ready.window,
        slots=slots, attempt=attempt, before=before, frozen=frozen, mode=_mode(ready), alternates=max(task.alternates for task in tasks),
        rates={item: {layer: rate_of(rate) for layer, rate in by.items()} for item, by in ready.rates.items()},
        minimum=whole(ready.settings, "minimum"), source_digest=ready.source_digest,
        scope=[[task.number, *condition] for task in tasks for condition in task.conditions] if len(tasks) > 1 else
        [list(condition) for condition in tasks[0].conditions],
        team_size=ready.team, checked=Checked(whole(ready.settings, "recheck"), ceilings(ready.settings), ready.sifted.checked),
        layer=Layer(tasks[0].layer.header, candidates.blank_of(tasks[0].layer)),
    )


def _mode(ready: Prepared) -> str:
    batches = ready.task.batches
    return say.MODE_BATCHES.format(batches=batches) if batches > 1 else say.MODE
