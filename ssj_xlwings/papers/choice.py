"""What a ledger covers (unit, period, internal or not), and the rows of the book that belong to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ssj_xlwings.papers.attempts import Attempt, attempts
from ssj_xlwings.papers.wording import listed
from ssj_xlwings.vocabulary.clock import beijing
from ssj_xlwings.vocabulary.lookup import item_lookup
from ssj_xlwings.vocabulary.quick import adopted, is_quick
from ssj_xlwings.vocabulary.tables import BY_NAME
from ssj_xlwings.vocabulary.values import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ssj_xlwings.types import Row, View
    from ssj_xlwings.vocabulary.lookup import Lookup


def records(view: View, table: str) -> list[Row]:
    """The rows of a table, blank cells filled with what a blank means."""
    defaults = {column.name: column.default for column in BY_NAME[table].columns if column.default}
    return [{str(name): value or defaults.get(str(name), "") for name, value in line.items()} for line in view[table].to_dict("records")]


def calling(visit: Row) -> int:
    """For sorting visits by their number in calling order; one whose number was wiped out comes first."""
    return int(visit["no"]) if visit["no"].isdecimal() else 0


def local_date(line: Mapping[str, str] | None) -> str:
    """The day of a log row in China, "" where there is no row."""
    return beijing(line["time"]).date().isoformat() if line else ""


@dataclass(frozen=True)
class Choice:
    """What a ledger covers. `unit` "": all; `start`, `end`: dates, "" open; `internal`: classes too."""

    view: View
    log: Sequence[Mapping[str, str]]
    bureau: str
    year: str
    now: datetime
    unit: str = ""
    start: str = ""
    end: str = ""
    internal: bool = False

    @property
    def period(self) -> str:
        """The period in words."""
        return f"{self.start or '起始'} 至 {self.end or '今'}" if self.start or self.end else "全部"

    @property
    def when(self) -> str:
        """What counts are of: the period, or the year where none was given."""
        return "本期" if self.start or self.end else "本年"

    def dated(self, date: str) -> bool:
        """Whether a date lies in the period; no date lies in no period."""
        return (not self.start and not self.end) or (bool(date) and self.start <= date <= (self.end or "9999"))

    def counted(self, date: str) -> bool:
        """Whether a check of that date counts: in the period, or in the year where none was given."""
        return self.dated(date) if self.start or self.end else date.startswith(self.year)

    def here(self, unit: str) -> bool:
        """Whether rows of that unit are wanted."""
        return not self.unit or unit == self.unit

    @cached_property
    def attempts(self) -> list[Attempt]:
        """All attempts, oldest first."""
        return attempts(self.log)

    @cached_property
    def tasks(self) -> dict[str, Row]:
        """Tasks by number."""
        return {line["number"]: line for line in records(self.view, "tasks")}

    @cached_property
    def visits(self) -> dict[tuple[str, str], Row]:
        """Visits that stand (of attempts that were drawn and not voided), by task and subject."""
        standing = {(one.task, one.number): one for one in self.attempts if one.draw and not one.void}
        return {(line["task"], line["subject"]): {**line, "drawn": local_date(standing[line["task"], line["attempt"]].draw)}
                for line in records(self.view, "visits") if (line["task"], line["attempt"]) in standing}

    @cached_property
    def results(self) -> list[Row]:
        """Rows of results that belong to standing visits and their items, with the visit's unit and class."""
        found = [(line, self.visits.get((line["task"], line["subject"]))) for line in records(self.view, "results")]
        return [{**line, "unit": visit["unit"], "class": visit["class"]} for line, visit in found if visit and line["item"] in words(visit["items"])]

    @property
    def recorded(self) -> list[Row]:
        """Results that are in: with date and result."""
        return [line for line in self.results if line["date"] and line["result"]]

    @cached_property
    def item_names(self) -> dict[str, str]:
        """Items' names by code."""
        items = self.view["items"]
        return dict(zip(items["code"], items["name"], strict=True))

    @cached_property
    def item_lookup(self) -> Lookup:
        """Items by whatever people write for them."""
        return item_lookup(self.view["items"])

    def items(self, text: str) -> str:
        """The items of a cell, as a list shows them; 全部 and words that no item has stay as they are."""
        whole = self.item_lookup.one(text)
        found = [whole] if whole else dict.fromkeys(self.item_lookup.one(word) or word for word in words(text))
        return listed(list(found), self.item_names)

    def task_name(self, number: str) -> str:
        """A task's name by its number."""
        return self.tasks.get(number, {}).get("name", "")

    def apart(self, task: str) -> bool:
        """Whether a number is that of a quick draw that never became a task: listed and counted apart."""
        return is_quick(task) and task not in self._adopted

    @cached_property
    def _adopted(self) -> set[str]:
        return adopted(self.log)

    def leads(self, task: str) -> bool:
        """Whether the wanted unit is in charge of a task (the bureau where none is named)."""
        return self.here(self.tasks.get(task, {}).get("lead") or self.bureau)
