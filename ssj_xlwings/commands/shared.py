"""进一次门, after a replacement: a visit that another task's went into, or that went into another task's, or that has items from
above, keeps all of it when it takes an item over, as long as one team can do all (protocol, step 15; plan of 2021, 二(二)).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.commands.crews import over
from ssj_xlwings.commands.merging import join
from ssj_xlwings.commands.outcomes import unite
from ssj_xlwings.lottery import meter
from ssj_xlwings.lottery.digest import canonical
from ssj_xlwings.vocabulary.lookup import bare_item, records
from ssj_xlwings.vocabulary.sentences import draw as draw_words
from ssj_xlwings.vocabulary.sentences import replace as say
from ssj_xlwings.vocabulary.values import words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ssj_xlwings.commands.merging import Joining
    from ssj_xlwings.lottery.draw import Visit
    from ssj_xlwings.lottery.replace import Roll
    from ssj_xlwings.types import Row, View


class Shared(NamedTuple):
    """A row of 抽取结果与派发 (the first four) as a replacement leaves it, where that is not the roll's own visit."""

    task: str
    attempt: str
    no: str
    id: str
    items: Sequence[str]
    team: Sequence[str]
    left: str


def shared_data(rows: Sequence[Shared]) -> dict[str, str]:
    """The rows for the log; `read_shared` reads them."""
    return {"shared": canonical([[list(cell) if isinstance(cell, (list, tuple)) else cell for cell in one] for one in rows])} if rows else {}


def read_shared(data: Mapping[str, str]) -> list[Shared]:
    """What a replacement row of the log says of shared visits."""
    return [Shared(*one) for one in json.loads(data.get("shared", "[]"))]


class Sharing:
    """Which rows of the sheet are one visit with those of a draw. `task`: its leading task."""

    def __init__(self, view: View, task: str, attempt: int) -> None:
        self.view, self.task, self.attempt = view, task, str(attempt)
        self.lines: dict[str, list[Row]] = {}
        for line in records(view["visits"]):
            self.lines.setdefault(line["subject"], []).append(line)
        self.tasks = [row for row in records(view["tasks"]) if row["number"]]
        self.leads = {row["number"]: row["joint"] or row["number"] for row in self.tasks}
        self.results: dict[str, list[Row]] = {}
        for row in records(view["results"]):
            if row["withheld"] not in (draw_words.VOID_MARK, say.MARK):
                self.results.setdefault(row["subject"], []).append(row)

    def own(self, id_: str) -> list[Row]:
        """The rows of the draw for a subject."""
        return [line for line in self.lines.get(id_, []) if (line["task"], line["attempt"]) == (self.task, self.attempt)]

    def over(self, line: Row) -> list[Row]:
        """The rows that a visit went into, one after the other; the last one stands."""
        return over(line, self.lines[line["subject"]])

    def under(self, id_: str) -> list[Row]:
        """The rows that went into the draw's visit."""
        return [line for line in self.lines.get(id_, []) if line["left"] == draw_words.TAKEN_OVER.format(task=self.task)]

    def begun(self) -> set[str]:
        """Subjects whose visit is under way in a task that shares it."""
        return {id_ for id_ in self.lines if self._found(id_, {line["task"] for own in self.own(id_) for line in (*self.over(own), *self.under(id_))})}

    def under_way(self, id_: str, standing: Sequence[Row]) -> bool:
        """Whether the one visit of the draw's row and these has begun, for whichever task."""
        return self._found(id_, {self.task, *(line["task"] for line in (*standing, *self.under(id_)))})

    def _found(self, id_: str, leads: Collection[str]) -> bool:
        return any(row["date"] and self.leads.get(row["task"], row["task"]) in leads for row in self.results.get(id_, []))

    def wanted(self, id_: str) -> set[str]:
        """The items that the draw wants of a subject, those from above left aside."""
        mine = (row for row in self.results.get(id_, []) if row["attempt"] == self.attempt)
        return {row["item"] for row in mine if self.leads.get(row["task"], row["task"]) == self.task}

    def apart(self, line: Row) -> Shared:
        """The row by itself again."""
        return _row(line, words(line["items"]))._replace(left="")

    def without(self, lines: Iterable[Row], items: Iterable[str], tasks: Iterable[str]) -> list[Shared]:
        """Rows without the items that only these tasks (leading ones) want of the subject."""
        leaving, gone = set(tasks), set(items)
        found = []
        for line in lines:
            others = {row["item"] for row in self.results.get(line["subject"], []) if self.leads.get(row["task"], row["task"]) not in leaving}
            found.append(_row(line, [item for item in words(line["items"]) if item in others or item not in gone]))
        return found

    def until(self, lines: Iterable[Row], window: tuple[str, str]) -> str:
        """The last day on which the visit of these rows can be."""
        mine = {line["task"] for line in lines}
        above = [row["end"] for line in lines for row in meter.open_above(self.view, window).get(line["subject"], [])] if len(self.view["upper"]) else []
        return max(window[1], *(row["end"] for row in self.tasks if self.leads[row["number"]] in mine), *above)


def shared(sharing: Sharing, roll: Roll, before: Mapping[str, Visit], made: Iterable[Visit]) -> tuple[list[Shared], list[str]]:
    """After a replacement (`before`: the visits until then; `made`: those it made or grew): the rows that are not the
    roll's own visits, and a sentence for each subject that nobody can check for everything at once.
    """
    rows: list[Shared] = []
    lines: list[str] = []
    for id_ in roll.in_order(roll.fallen & set(before)):
        up = [line for own in sharing.own(id_) for line in sharing.over(own)]
        rows += sharing.without(up, map(bare_item, before[id_].items), [sharing.task])
    for visit in made:
        own = next((line for line in sharing.own(visit.id) if line["no"] == str(visit.no)), None)
        if own is not None:
            found, apart = _grown(sharing, roll, visit, own)
            rows += found
            lines += [say.APART.format(id=visit.id, items="、".join(mine), others="、".join(others)) for mine, others in apart]
    return rows, lines


def newcomers(sharing: Sharing, log: Sequence[Row], roll: Roll, made: Iterable[Visit], apart: str) -> tuple[list[Shared], Joining]:
    """Those of the visits made whose subject is new to the draw, joined as after a draw with open visits of other tasks and open
    lists from above, unless the draw was kept apart: the rows that come of it, and what was joined.
    """
    def team(visit: Visit, items: Sequence[str], earlier: Sequence[str], until: str) -> Sequence[str] | None:
        return roll.team(visit.id, items, (earlier, visit.team), until) or None

    visits = {visit.id: visit for visit in made if not sharing.own(visit.id)}
    plan = roll.frozen.open_plan
    joined = join(sharing.view, log, plan["window"], plan["tasks"], [*visits.values()], team, apart)
    united = unite(joined.merged, joined.above)
    rows = [Shared(sharing.task, sharing.attempt, str(visits[id_].no), id_, items, team, "") for id_, (items, team) in united.items()]
    for one in joined.merged:
        theirs = next(line for line in sharing.lines[one.id] if (line["task"], line["attempt"], line["left"]) == (one.task, one.attempt, ""))
        rows.append(_row(theirs, words(theirs["items"]))._replace(left=draw_words.TAKEN_OVER.format(task=sharing.task)))
    return rows, joined


def _grown(sharing: Sharing, roll: Roll, visit: Visit, own: Row) -> tuple[list[Shared], list[tuple[list[str], list[str]]]]:
    """The rows of one visit that took items over, and which items must be done apart from which."""
    up, under = sharing.over(own), sharing.under(visit.id)
    until = sharing.until([own, *up, *under], (roll.frozen.open_plan["window"][0], roll.frozen.open_plan["window"][1]))
    mine = _sorted(map(bare_item, visit.items))

    def wider(line: Row) -> Shared:
        items = _sorted([*words(line["items"]), *mine])
        return _row(line, items, roll.team(visit.id, sorted({*visit.items, *items}), (words(line["team"]), visit.team), until))

    apart = []
    over = [wider(line) for line in up]
    stands = wider(own)
    if over and not over[-1].team:
        leaving = [sharing.task, *(line["task"] for line in under)]
        over = sharing.without(up, words(own["items"]), leaving)
        stands = stands._replace(left="")
        apart.append((_sorted(stands.items), list(over[-1].items)))
    if not stands.team and list(stands.items) != mine:
        apart.append((mine, [item for item in stands.items if item not in mine]))
        return [stands._replace(items=mine, team=visit.team), *over, *map(sharing.apart, under)], apart
    same = (list(stands.items), tuple(stands.team)) == (mine, visit.team)
    return ([] if same and not over else [stands, *over]), apart


def _row(line: Row, items: Sequence[str], team: Sequence[str] | None = None) -> Shared:
    return Shared(line["task"], line["attempt"], line["no"], line["subject"], items, words(line["team"]) if team is None else team, line["left"])


def _sorted(items: Iterable[str]) -> list[str]:
    return sorted(set(items), key=str.encode)
