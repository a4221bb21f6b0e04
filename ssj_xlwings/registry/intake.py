"""Merge a foreign sheet into a registry: what is added, changed, unchanged, refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from ssj_xlwings.registry import cells, uscc
from ssj_xlwings.registry.idle import Idle, filled
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.sentences import registry as say
from ssj_xlwings.vocabulary.text import folded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ssj_xlwings.registry.headings import Layout
    from ssj_xlwings.registry.jurisdiction import Jurisdiction
    from ssj_xlwings.types import Column, Frame, Row, Table

LISTS_MISSING = ("subjects", "inspectors")
Key = tuple[str, ...]
Sort = Literal["wrong", "twice", "idle"]
"""Why a row was not taken in: it must be corrected; its key stood in the file before; it is no data."""


class Refused(NamedTuple):
    """A row that was not taken in. `row`: its number in the source; `cells`: as they stand there."""

    row: int
    reason: str
    cells: list[object]
    sort: Sort


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
        return self.taken + len(self.refused)

    @property
    def taken(self) -> int:
        """How many rows were taken in."""
        return len(self.added) + len(self.changed) + self.unchanged

    def of(self, *sorts: Sort) -> list[Refused]:
        """The rows that were not taken in for these reasons, in their order."""
        return [row for row in self.refused if row.sort in sorts]


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
        fixed[name], why = fixed_cell(table, next(column for column in columns if column.name == name), value)
        if why:
            raise Refusal(say.SET_VALUE, why=why)
    return fixed


def fixed_cell(table: Table, column: Column, value: str) -> tuple[str, str]:
    """The canonical text for all rows of a column, and why it cannot stand there ("" if it can)."""
    text = cells.admit(table, column, value)
    fault = cells.wrong(column, text) if text else None
    return text, fault.text() if fault else ""


def take(layout: Layout, table: Table, present: Frame, fixed: Mapping[str, str], jurisdiction: Jurisdiction | None = None) -> Intake:
    """Merge the rows of a layout into the present frame of the table.

    A blank never erases: only nonblank cells that differ are changes. Of two rows with one key the second is
    refused, whatever else is wrong with it; else a row is refused with the first thing that is wrong with it.
    """
    rows = [(layout.first + place, row) for place, row in enumerate(layout.rows) if any(map(filled, row))]
    read = _Reader(layout, table, fixed)
    idle = Idle(layout, read.matches)
    held = _Held(table, present)
    intake = Intake()
    seen: dict[Key, int] = {}
    met: set[Key] = set()
    for number, row in rows:
        reason = idle.reason(row)
        if reason:
            intake.refused.append(Refused(number, reason, row, "idle"))
            continue
        new, reason = read.row(row)
        key = key_of(table, new)
        if key in seen:
            intake.refused.append(Refused(number, _twice(table, seen[key], new), row, "twice"))
            continue
        met.add(key)
        if key:  # also of a row that is refused: else its double would come in now, and the row itself at the next import
            seen[key] = number
        reason = reason or _merge(intake, held, key, new, jurisdiction)
        if reason:
            intake.refused.append(Refused(number, reason, row, "wrong"))
    if table.name in LISTS_MISSING:
        intake.missing = [name for key, name in held.names.items() if key not in met]
    return intake


def _twice(table: Table, first: int, new: Row) -> str:
    texts = "、".join(filter(None, (new.get(name, "") for name in table.key)))
    return say.TWICE.format(row=first, seen=texts or new.get("name", ""))


class _Reader:
    """Raw rows of one layout → canonical rows; each distinct cell is understood once."""

    def __init__(self, layout: Layout, table: Table, fixed: Mapping[str, str]) -> None:
        self.table = table
        self.fixed = fixed
        self.matches = [match for match in layout.matches if match.column.name not in fixed]
        self.memory: list[dict[object, tuple[str, str]]] = [{} for _ in self.matches]

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


def _merge(intake: Intake, held: _Held, key: Key, new: dict[str, str], jurisdiction: Jurisdiction | None) -> str:
    """Put one canonical row where it belongs; the reason if it is refused."""
    table = held.table
    place = held.places.get(key, -1) if key else -1
    old = held.row(place) if place >= 0 else {}
    if not old and held.closed:
        return say.NOT_DRAWN.format(sheet=table.sheet, seen="、".join(new.get(name, "") for name in table.key))
    whole = {**old, **{name: text for name, text in new.items() if text}}
    reason = _row_fault(table, whole)
    if reason:
        return reason
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
