"""Merge a foreign sheet into a registry: what is added, changed, unchanged, refused."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.registry import cells, uscc
from ssj_xlwings.registry.headings import bare
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.sentences import registry as say
from ssj_xlwings.vocabulary.text import folded, normal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ssj_xlwings.registry.headings import Layout
    from ssj_xlwings.registry.jurisdiction import Jurisdiction
    from ssj_xlwings.types import Column, Frame, Row, Table

TOTAL = re.compile(r"[合总小共]\s*计\s*[:：]?\s*[0-9]*\s*[户家人个条]?")
EXAMPLE = re.compile(r"\W*(示例|案例|样例)\W*\d*\W*|(示例|案例|样例)\s*[0-9]*\s*[:：（(【].*|.*请删除.*", re.DOTALL)
LISTS_MISSING = ("subjects", "inspectors")
Key = tuple[str, ...]


class Refused(NamedTuple):
    """A row that was not taken in. `row`: its number in the source; `cells`: as they stand there.
    `skipped`: there is nothing to correct (a total, an example).
    """

    row: int
    reason: str
    cells: list[object]
    skipped: bool


@dataclass
class Intake:
    """What an import comes to. Every row of the source with any content is in exactly one of added, changed,
    unchanged and refused.

    `changed`: sheet row → column name → (old, new); `missing`: names of registry rows that the source
    does not have (subjects and inspectors only); `units`: how the unit of so many rows was found.
    """

    added: list[dict[str, str]] = field(default_factory=list)
    changed: dict[int, dict[str, tuple[str, str]]] = field(default_factory=dict)
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    units: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """How many rows of the source had any content."""
        return len(self.added) + len(self.changed) + self.unchanged + len(self.refused)


def key_of(table: Table, row: Row) -> Key:
    """What tells a row from another, folded; () where it has nothing of the kind."""
    if table.name == "subjects":
        key: Key = (folded(row.get("code") or row.get("name", "")),)
    else:
        key = tuple(folded(row.get(name, "")) for name in table.key)
    return key if any(key) else ()


def fixed_cells(table: Table, columns: Sequence[Column], given: Mapping[str, str]) -> dict[str, str]:
    """The cells of --set, canonical: column name → text. Refusal if one cannot stand in its column."""
    fixed = {}
    for name, value in given.items():
        column = next(column for column in columns if column.name == name)
        fixed[name] = cells.admit(table, column, value)
        fault = cells.wrong(column, fixed[name]) if fixed[name] else None
        if fault:
            raise Refusal(say.SET_VALUE, why=fault.text())
    return fixed


def take(layout: Layout, table: Table, present: Frame, fixed: Mapping[str, str], jurisdiction: Jurisdiction | None = None) -> Intake:
    """Merge the rows of a layout into the present frame of the table.

    A blank never erases: only nonblank cells that differ are changes. A row is refused with the first
    thing that is wrong with it; of two rows with one key the second is refused.
    """
    rows = [(layout.first + place, row) for place, row in enumerate(layout.rows) if any(map(_filled, row))]
    read = _Reader(layout, table, fixed)
    held = _Held(table, present)
    intake = Intake()
    seen: dict[Key, int] = {}
    met: set[Key] = set()
    for number, row in rows:
        reason = read.not_data(row)
        if reason:
            intake.refused.append(Refused(number, reason, row, True))
            continue
        new, reason = read.row(row)
        met.add(key_of(table, new))
        if not reason:
            reason = _merge(intake, held, seen, number, new, jurisdiction)
        if reason:
            intake.refused.append(Refused(number, reason, row, False))
    if table.name in LISTS_MISSING:
        intake.missing = [name for key, name in held.names.items() if key not in met]
    return intake


def _filled(cell: object) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


class _Reader:
    """Raw rows of one layout → canonical rows; each distinct cell is understood once."""

    def __init__(self, layout: Layout, table: Table, fixed: Mapping[str, str]) -> None:
        self.table = table
        self.fixed = fixed
        self.matches = [match for match in layout.matches if match.column.name not in fixed]
        self.heads = [(match.position, bare(match.heading)) for match in layout.matches]
        self.memory: list[dict[object, tuple[str, str]]] = [{} for _ in self.matches]

    def not_data(self, row: list[object]) -> str:
        """Why the row is no data: a total, an example, the headings again, nothing in the used columns; "" if it is."""
        texts = [normal(cell) for cell in row if isinstance(cell, str) and cell]
        if texts and TOTAL.fullmatch(texts[0]):
            return say.TOTAL_ROW
        if any(("例" in text or "请删除" in text) and EXAMPLE.fullmatch(text) for text in texts):
            return say.EXAMPLE_ROW
        if not any(_filled(row[match.position]) for match in self.matches if match.position < len(row)):
            return say.NOTHING_USED
        again = [place < len(row) and isinstance(row[place], str) and bare(str(row[place])) == head for place, head in self.heads[:3]]
        return say.HEADING_ROW if all(again) else ""

    def row(self, row: list[object]) -> tuple[dict[str, str], str]:
        """The canonical cells of a row, --set included, and what is wrong with it ("" if nothing is)."""
        new = dict(self.fixed)
        reason = ""
        for match, memory in zip(self.matches, self.memory, strict=True):
            value = row[match.position] if match.position < len(row) else None
            if value is None:
                continue
            known = memory.get((type(value), value))
            if known is None:
                known = memory[type(value), value] = self._cell(match.column, value)
            new[match.column.name] = known[0]
            reason = reason or known[1]
        return new, reason

    def _cell(self, column: Column, value: object) -> tuple[str, str]:
        text = cells.admit(self.table, column, value)
        fault = cells.damaged(column, value) or (cells.wrong(column, text) if text else None)
        if not fault and (self.table.name, column.name) == ("items", "code") and cells.SEPARATOR.search(text):
            fault = cells.fault(column, say.CODE_COMMA, seen=text)
        return text, fault.text() if fault else ""


class _Held:
    """The rows that the registry holds, by key."""

    def __init__(self, table: Table, present: Frame) -> None:
        self.table = table
        self.columns = [column for column in table.columns if column.name in present.columns]
        self.lists = {column.name: present[column.name].tolist() for column in self.columns}
        self.index = [int(row) for row in present.index]
        self.places: dict[Key, int] = {}
        self.names: dict[Key, str] = {}
        for place in range(len(self.index)):
            row = self.row(place)
            key = key_of(table, row)
            if key and key not in self.places:
                self.places[key] = place
                self.names[key] = row.get("name") or key[0]
        self.closed = all(table.column(name).filled_by == "derived" for name in table.key)

    def row(self, place: int) -> dict[str, str]:
        return {name: values[place] for name, values in self.lists.items()}


def _merge(intake: Intake, held: _Held, seen: dict[Key, int], number: int, new: dict[str, str], jurisdiction: Jurisdiction | None) -> str:
    """Put one canonical row where it belongs; the reason if it is refused."""
    table = held.table
    key = key_of(table, new)
    if key in seen:
        return say.TWICE.format(row=seen[key], seen="、".join(filter(None, (new.get(name, "") for name in table.key))) or new.get("name", ""))
    place = held.places.get(key, -1) if key else -1
    old = held.row(place) if place >= 0 else {}
    if not old and held.closed:
        return say.NOT_DRAWN.format(sheet=table.sheet, seen="、".join(new.get(name, "") for name in table.key))
    whole = {**old, **{name: text for name, text in new.items() if text}}
    reason = _row_fault(table, whole)
    if reason:
        return reason
    seen[key] = number
    if table.name == "subjects":
        _derive(whole, intake.units, jurisdiction)
    if not old:
        intake.added.append(whole)
        return ""
    cells_changed = {name: (old.get(name, ""), text) for name, text in whole.items() if text != old.get(name, "")}
    if cells_changed:
        intake.changed[held.index[place]] = cells_changed
    else:
        intake.unchanged += 1
    return ""


def _row_fault(table: Table, row: Row) -> str:
    """What is wrong with a whole row, old cells included; "" if nothing is."""
    column = cells.blank(table.columns, row)
    if column:
        return cells.fault(column, say.BLANK, help="").text()
    code = row.get("code", "")
    if table.name == "subjects" and code:
        wrong = uscc.fault(code) if len(code) == 18 or row.get("nature") != codelists.NATURE[1] else None
        if wrong:
            return cells.fault(table.column("code"), wrong[0], **{"seen": code, **wrong[1]}).text()
    return ""


def _derive(row: dict[str, str], units: Counter[str], jurisdiction: Jurisdiction | None) -> None:
    """A subject's type from its code and its unit from address or code, where they are blank."""
    kind = codelists.USCC_TYPES.get(row.get("code", "")[:2], "") if len(row.get("code", "")) == 18 else ""
    if kind and not row.get("type"):
        row["type"] = kind
    if jurisdiction and not row.get("unit"):
        unit, how = jurisdiction.of(row.get("address", ""), row.get("code", ""))
        units[how] += 1
        if unit:
            row["unit"] = unit
