"""The rates of a task by item and stratum, and the limits they are held to (draw protocol, Notation; rules §2.1)."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.lookup import bare_item, item_lookup, records
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.tables import ITEM_RATES, TASKS
from ssj_xlwings.vocabulary.values import ALL, canonical, is_rate, percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ssj_xlwings.lottery.forecast import Layer
    from ssj_xlwings.types import Frame, Row, View

BY_CLASS = {stratum: f"rate_{stratum}" for stratum in codelists.CLASSES}
RISING = codelists.CLASSES[:4]


def by_class(view: View, task: Row, rows: Frame, items: Sequence[str], options: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Item → credit class → canonical rate: the item's own, else the task's, else the workbook's default.

    `rows`: the task's rows of 分事项比例. Refusal for a cell that is no rate.
    """
    common = {stratum: task[name] or canonical(options[name], "rate") for stratum, name in BY_CLASS.items()}
    rates = {item: dict(common) for item in items}
    for row, codes in _own(view, rows, items):
        for code in codes:
            rates[code] |= {stratum: row[name] for stratum, name in BY_CLASS.items() if row[name]}
            if row["layer"]:
                rates[code][row["layer"]] = row["rate"]
    for stratum, name in BY_CLASS.items():
        for item in items:
            _demand(rates[item][stratum], task["name"], TASKS.column(name).header)
    return rates


def by_layer(view: View, task: Row, rows: Frame, items: Sequence[str], layers: Iterable[str]) -> dict[str, dict[str, str]]:
    """Item → stratum → canonical rate where the strata are the values of another column: the row of 分事项比例 with this
    stratum, else the one with 全部; a row of this item goes before one of 全部 items. Refusal where there is none.
    """
    wanted = sorted(layers)
    rates: dict[str, dict[str, str]] = {item: {} for item in items}
    for row, codes in _own(view, rows, items):  # general rows first, so the particular ones overwrite them
        for code in codes:
            rates[code] |= {layer: row["rate"] for layer in wanted if row["layer"] in (layer, ALL)}
    for item in items:
        for layer in wanted:
            if layer not in rates[item]:
                raise Refusal(say.LAYER_RATE, task=task["name"], item=item, layer=layer)
            _demand(rates[item][layer], task["name"], ITEM_RATES.column("rate").header)
    return rates


def _own(view: View, rows: Frame, items: Sequence[str]) -> list[tuple[dict[str, str], list[str]]]:
    """The rows with the items of the task they hold for; those for all items first, and for all strata before the single ones."""
    lookup = item_lookup(view["items"])
    found = [(row, [code for code in lookup.several(row["item"]).keys if code in items]) for row in records(rows)]
    return sorted(found, key=lambda one: (one[0]["item"] != ALL, one[0]["layer"] != ALL))


def _demand(rate: str, task: str, header: str) -> None:
    if not is_rate(rate):
        raise Refusal(say.TASK_RATE, task=task, header=header, seen=rate)


def refuse_limits(view: View, layers: Iterable[Layer]) -> None:
    """Refusal for a general item above its ceiling, be it by its rate, by a number of firms or by the least number a stratum (both
    held against the ceiling's share, rounded up), and for a key item with a stratum of which nobody would be drawn.
    """
    items = {row["code"]: row for row in records(view["items"])}
    general, key = codelists.ITEM_KINDS
    for layer in layers:
        item = items[bare_item(layer.item)]
        ceiling = item["ceiling"]
        if item["kind"] == general and is_rate(ceiling) and not ceiling.endswith("户"):
            told = {"item": item["name"], "layer": layer.stratum, "n": layer.n, "size": layer.size, "allowed": percent(ceiling)}
            if isinstance(layer.rate, str) and Decimal(layer.rate) > Decimal(ceiling):  # as it is written: rounding up is no excess
                raise Refusal(say.ABOVE_CEILING, **told)
            if layer.n > (Decimal(ceiling) * layer.size).to_integral_value(ROUND_CEILING):
                raise Refusal(say.ABOVE_BY_MINIMUM if isinstance(layer.rate, str) else say.ABOVE_CEILING, **told)
        if item["kind"] == key and layer.size and not layer.n:
            raise Refusal(say.KEY_AT_ZERO, item=item["name"], layer=layer.stratum, size=layer.size)


def falling(layers: Iterable[Layer]) -> list[str]:
    """A sentence for each item whose shares do not rise from A to D: a warning that a reason overrides.

    A class without firms counts too where its rate is a share: the plan freezes it. A number of firms is a share of
    nothing there, so its neighbours are compared with each other.
    """
    shares: dict[str, dict[str, Layer]] = {}
    for layer in layers:
        if layer.stratum in RISING and (layer.size or isinstance(layer.rate, str)):
            shares.setdefault(layer.item, {})[layer.stratum] = layer
    found = []
    for item, by in shares.items():
        present = [by[stratum] for stratum in RISING if stratum in by]
        steps = [_step(layer) for layer in present]
        if steps != sorted(steps):
            shown = "、".join(f"{layer.stratum} {shown_rate(layer)}" for layer in present)
            found.append(say.RATES_FALL.format(item=item, rates=shown))
    return found


def _step(layer: Layer) -> Decimal:
    """A share as it is written (quotas are rounded up, so n/N may fall where the rates rise); a number as its share."""
    return Decimal(layer.rate) if isinstance(layer.rate, str) else Decimal(layer.n) / layer.size


def shown_rate(layer: Layer) -> str:
    """3%, or 固定 5 户."""
    return percent(layer.rate) if isinstance(layer.rate, str) else say.FIXED.format(count=layer.rate["n"])
