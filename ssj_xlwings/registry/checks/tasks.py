"""Checks of tasks: their items, plan, rates and scope."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.registry import cells
from ssj_xlwings.types import At, Finding
from ssj_xlwings.vocabulary import codelists, settings
from ssj_xlwings.vocabulary.lookup import item_lookup, nearest, plan_lookup, task_lookup
from ssj_xlwings.vocabulary.sentences import registry as say
from ssj_xlwings.vocabulary.tables import BY_NAME, ITEMS, SCOPES, SUBJECTS, TASKS
from ssj_xlwings.vocabulary.values import canonical, is_date, is_rate, percent, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ssj_xlwings.types import Column, Sentence, View

LAYERS = codelists.CLASSES
RISING = LAYERS[:4]
GENERAL, KEY = codelists.ITEM_KINDS
NO_VALUE = (codelists.BLANK, codelists.FILLED)
COMPARED = (codelists.BEFORE, codelists.SINCE)
LISTED = (codelists.ANY_OF, codelists.NONE_OF)
SCOPE_HEADERS = {column.header: column for column in SUBJECTS.columns}


class Rates(NamedTuple):
    """The rates of a task, or of one item of it (else ""): layer → canonical rate, and where they stand."""

    at: At
    task: str
    item: str
    of: Mapping[str, str]


def retired_items(view: View) -> list[Finding]:
    """Tasks with an item that is no longer in force."""
    if not _has(view, "tasks", "items"):
        return []
    lookup = item_lookup(view["items"])
    states = dict(zip(view["items"]["code"], view["items"]["state"], strict=True))
    found = []
    for row, task in _rows(view, "tasks"):
        retired = [item for item in lookup.several(task["items"]).keys if states.get(item) == codelists.VALID[1]]
        found += [_finding(At("tasks", row, "items"), TASKS.column("items"), say.RETIRED_ITEM, seen=item, sheet=ITEMS.sheet) for item in retired]
    return found


def outside_plan(view: View) -> list[Finding]:
    """Tasks whose window or items leave the plan that they name (requirements, line 68)."""
    if not _has(view, "tasks", "items", "plans"):
        return []
    items, lookup = item_lookup(view["items"]), plan_lookup(view["plans"])
    plans = {str(plan["name"]): plan for plan in view["plans"].to_dict("records")}
    found = []
    for row, task in _rows(view, "tasks"):
        plan = plans.get(lookup.one(task["plan"])) if task["plan"] else None
        if plan is None:
            continue
        days = [task["start"], task["end"], plan["start"], plan["end"]]
        if all(map(is_date, days)) and not days[2] <= days[0] <= days[1] <= days[3]:
            found.append(_finding(At("tasks", row, "start"), TASKS.column("start"), say.OUTSIDE_PLAN,
                                  seen=f"{days[0]} ~ {days[1]}", allowed=f"{days[2]} ~ {days[3]}"))
        planned = items.several(plan["items"]).keys
        strange = [item for item in items.several(task["items"]).keys if item not in planned]
        if planned and strange:
            found.append(_finding(At("tasks", row, "items"), TASKS.column("items"), say.NOT_PLANNED,
                                  seen="、".join(strange), plan=plan["name"], allowed="、".join(planned)))
    return found


def falling_rates(view: View) -> list[Finding]:
    """Rates that do not rise from A to D: a reminder. Numbers of firms are not compared."""
    found = []
    for rates in _rates(view):
        rising = [rates.of[layer] for layer in RISING]
        if all(is_rate(rate) and not rate.endswith("户") for rate in rising) and sorted(rising, key=Decimal) != rising:
            seen = "、".join(f"{layer} {percent(rate)}" for layer, rate in zip(RISING, rising, strict=True))
            found.append(_finding(rates.at, _rate_column(rates.at), say.RATES_FALL, blocks=False, seen=seen))
    return found


def above_ceiling(view: View) -> list[Finding]:
    """General items drawn at more than their ceiling. Numbers of firms are not compared."""
    found = []
    for rates, item in _items_of_rates(view):
        ceiling = item["ceiling"]
        if item["kind"] != GENERAL or not is_rate(ceiling) or ceiling.endswith("户"):
            continue
        above = [rate for rate in rates.of.values() if is_rate(rate) and not rate.endswith("户") and Decimal(rate) > Decimal(ceiling)]
        if above:
            highest = percent(max(above, key=Decimal))
            found.append(_finding(rates.at, _rate_column(rates.at), say.ABOVE_CEILING, item=item["name"], seen=highest, allowed=percent(ceiling)))
    return found


def key_at_zero(view: View) -> list[Finding]:
    """Key items with a class of which nobody would be drawn (requirements, line 38)."""
    found = []
    for rates, item in _items_of_rates(view):
        zero = [layer for layer in LAYERS if rates.of[layer] in ("0", "0户")]
        if item["kind"] == KEY and zero:
            found.append(_finding(rates.at, _rate_column(rates.at), say.KEY_AT_ZERO, item=item["name"], strata="、".join(zero), seen="0"))
    return found


def scopes(view: View) -> list[Finding]:
    """Scope rows that mean nothing: an unknown column, no value, a word that the column never holds."""
    if "scopes" not in view.tables:
        return []
    frame = view["scopes"]
    found = []
    for row, header, condition, value in zip(frame.index, frame["column"], frame["condition"], frame["value"], strict=True):
        column = SCOPE_HEADERS.get(header)
        if header and column is None:
            like = nearest(header, list(SCOPE_HEADERS))
            found.append(_finding(At("scopes", int(row), "column"), SCOPES.column("column"), say.SCOPE_COLUMN, seen=header, hint=cells.hint(like), allowed=like or "、".join(SCOPE_HEADERS)))
        if condition in codelists.CONDITIONS and condition not in NO_VALUE and not value:
            found.append(_finding(At("scopes", int(row), "value"), SCOPES.column("value"), say.SCOPE_NO_VALUE, seen=condition))
        if column and column.allowed and condition in LISTED:
            found += _strange_words(int(row), column, value)
        if column and column.kind == "date" and condition in COMPARED and value and not is_date(canonical(value, "date")):
            found.append(_finding(At("scopes", int(row), "value"), SCOPES.column("value"), say.DATE, seen=value))
    return found


def _strange_words(row: int, column: Column, value: str) -> list[Finding]:
    strange = [word for word in words(value) if word not in column.allowed]
    return [
        _finding(At("scopes", row, "value"), SCOPES.column("value"), say.SCOPE_VALUE, holder=column.header, seen=word,
                 allowed="、".join(column.allowed), hint=cells.hint(codelists.known(word, column.allowed) or nearest(word, column.allowed)))
        for word in strange
    ]


def _items_of_rates(view: View) -> Iterator[tuple[Rates, Mapping[str, str]]]:
    """Rates with each item they hold for: a task's own for all its items that have none of their own."""
    all_rates = _rates(view)
    if not all_rates:
        return
    lookup = item_lookup(view["items"])
    items = {item["code"]: item for _, item in _rows(view, "items")}
    special = {(rates.task, rates.item) for rates in all_rates if rates.item}
    in_task = {task["name"]: lookup.several(task["items"]).keys for _, task in _rows(view, "tasks")}
    for rates in all_rates:
        for item in [rates.item] if rates.item else in_task[rates.task]:
            if rates.item or (rates.task, item) not in special:
                yield rates, items[item]


def _rates(view: View) -> list[Rates]:
    """The rates of every task, then those of 分事项比例; what is blank there comes from the task, then from 参数."""
    if not _has(view, "tasks", "items", "item_rates", "settings"):
        return []
    options, items, names = settings.read(view["settings"]), item_lookup(view["items"]), task_lookup(view["tasks"])
    common = {layer: canonical(options[f"rate_{layer}"], "rate") for layer in LAYERS}
    by_task: dict[str, Rates] = {}
    for row, task in _rows(view, "tasks"):
        by_task[task["name"]] = Rates(At("tasks", row, "rate_A"), task["name"], "", {layer: task[f"rate_{layer}"] or common[layer] for layer in LAYERS})
    found = list(by_task.values())
    for row, own in _rows(view, "item_rates"):
        task_name, item = names.one(own["task"]), items.one(own["item"])
        if task_name and item:
            of = {layer: own[f"rate_{layer}"] or by_task[task_name].of[layer] for layer in LAYERS}
            found.append(Rates(At("item_rates", row, "rate_A"), task_name, item, of))
    return found


def _rows(view: View, table: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows that have their first required cell, with their sheet row number."""
    first = next(column.name for column in BY_NAME[table].columns if column.required)
    for row, cells_of in zip(view[table].index, view[table].to_dict("records"), strict=True):
        if cells_of[first]:
            yield int(row), {str(key): str(value) for key, value in cells_of.items()}


def _has(view: View, *names: str) -> bool:
    return all(name in view.tables for name in names)


def _rate_column(at: At) -> Column:
    return BY_NAME[at.table].column(at.column)


def _finding(at: At, column: Column, sentence: Sentence, *, blocks: bool = True, **values: str) -> Finding:
    fault = cells.fault(column, sentence, **values)
    return Finding(at, fault.sentence, fault.values, blocks)
