"""Checks of single cells: blank, of the wrong kind, of unknown words, codes that cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.registry import cells, uscc
from ssj_xlwings.registry.numbers import DIVISION
from ssj_xlwings.types import At, Finding
from ssj_xlwings.vocabulary import codelists, settings
from ssj_xlwings.vocabulary.sentences import registry as say
from ssj_xlwings.vocabulary.tables import BY_NAME, ITEMS, SETTINGS, SUBJECTS, TABLES
from ssj_xlwings.vocabulary.text import folded
from ssj_xlwings.vocabulary.values import canonical, is_rate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ssj_xlwings.types import Column, Frame, Table, View

CHECKED = tuple(table.name for table in TABLES if not table.generated and not table.append_only and table.name not in ("visits", "sources"))
"""The tables that people fill."""
RATES = frozenset(f"rate_{layer}" for layer in codelists.CLASSES)
DECIDES: dict[str, frozenset[str]] = {
    "subjects": frozenset({"name", "code", "unit", "type", "status", "class", "tags", "key", "state", "nature", "division", "whitelist"}),
    "inspectors": frozenset({"name", "id", "unit", "until", "items", "absent", "state", "kind"}),
    "items": frozenset({"code", "name", "kind", "basis", "ceiling", "state"}),
    "units": frozenset({"name", "level"}),
    "recusals": frozenset({"inspector", "subject", "until"}),
    "tasks": frozenset({"number", "name", "plan", "items", "start", "end", "alternates"}) | RATES,
    "scopes": frozenset({"task", "column", "condition", "value"}),
    "item_rates": frozenset({"task", "item"}) | RATES,
    "settings": frozenset({"value"}),
}
"""The columns that a draw is made from: only an error there can make one wrong, so only there it blocks."""


def filled_tables(view: View) -> Iterator[tuple[Table, Frame]]:
    """The tables that people fill, as far as the view has them."""
    for name in CHECKED:
        if name in view.tables:
            yield BY_NAME[name], view[name]


def finding(table: Table, row: int, column: Column, fault: cells.Fault) -> Finding:
    """A fault at its place; it blocks where the draw is made from that column."""
    return Finding(At(table.name, row, column.name), fault.sentence, fault.values, column.name in DECIDES.get(table.name, ()))


def blanks(view: View) -> list[Finding]:
    """Required cells left blank, in rows that hold anything at all."""
    found = []
    for table, frame in filled_tables(view):
        for column in table.columns:
            if not column.required or column.name not in frame:
                continue
            lacking = frame[column.name] == ""
            if table is SUBJECTS and column.name == "code":
                lacking &= frame["nature"] != codelists.NATURE[1]
            if lacking.any():
                rows = frame[lacking]
                fault = cells.fault(column, say.BLANK, help=column.help)
                found += [finding(table, int(row), column, fault) for row in rows.index[(rows != "").any(axis=1)]]
    return found


def wrong_cells(view: View) -> list[Finding]:
    """Dates that are none, rates that are none, words that no list has, characters that nobody sees."""
    found = []
    for table, frame in filled_tables(view):
        for column in table.columns:
            if column.name in frame and not column.formula:
                found += _column(table, column, frame)
    return found


def _column(table: Table, column: Column, frame: Frame) -> list[Finding]:
    """Each distinct value is judged once."""
    values = frame[column.name].tolist()
    if cells.surely_right(column, values):
        return []
    faults = {text: fault for text in set(values) if text and (fault := cells.wrong(column, text))}
    if not faults:
        return []
    return [finding(table, int(row), column, faults[text]) for row, text in zip(frame.index, values, strict=True) if text in faults]


def codes(view: View) -> list[Finding]:
    """Codes of subjects: form, check digit, case; item codes with a separator in them."""
    found = []
    if "subjects" in view.tables:
        frame, column = view["subjects"], SUBJECTS.column("code")
        texts = frame["code"].tolist()
        for row, code, nature, right in zip(frame.index, texts, frame["nature"].tolist(), uscc.surely_right(texts), strict=True):
            fault = None if right or not code else _code(column, code, market=nature != codelists.NATURE[1])
            if fault:
                found.append(finding(SUBJECTS, int(row), column, fault))
    if "items" in view.tables:
        frame, column = view["items"], ITEMS.column("code")
        for row, code in zip(frame.index, frame["code"], strict=True):
            if cells.SEPARATOR.search(code):
                found.append(finding(ITEMS, int(row), column, cells.fault(column, say.CODE_COMMA, seen=code)))
    return found


def _code(column: Column, code: str, *, market: bool) -> cells.Fault | None:
    if not (code.isascii() and code.isalnum() and code == code.upper()):
        right = folded(code)
        if right != code:
            return cells.fault(column, say.CODE_CASE, seen=code, allowed=right)
    wrong = uscc.fault(code) if market or len(code) == 18 else None
    return cells.fault(column, wrong[0], **{"seen": code, **wrong[1]}) if wrong else None


def settings_cells(view: View) -> list[Finding]:
    """Settings that a draw reads: rates, whole numbers, at least two inspectors a visit."""
    if "settings" not in view.tables:
        return []
    found = []
    frame = view["settings"]
    for row, key, value in zip(frame.index, frame["key"], frame["value"], strict=True):
        setting = settings.BY_KEY.get(key)
        fault = _setting(setting, value) if setting and (value or setting.name == "division") else None
        if fault:
            found.append(Finding(At("settings", int(row), "value"), fault.sentence, {**fault.values, "header": key, "key": key}))
    return found


def _setting(setting: settings.Setting, value: str) -> cells.Fault | None:
    column = SETTINGS.column("value")
    if setting.name == "division":
        return None if DIVISION.fullmatch(value) else cells.fault(column, say.DIVISION, seen=value)
    if setting.name in RATES:
        return None if is_rate(canonical(value, "rate")) else cells.fault(column, say.RATE, seen=value)
    if setting.default.isdecimal() and setting.name != "schema":
        if not (value.isascii() and value.isdecimal()):
            return cells.fault(column, say.WHOLE, seen=value)
        if setting.name == "team" and int(value) < 2:
            return cells.fault(column, say.TEAM, seen=value)
    return None
