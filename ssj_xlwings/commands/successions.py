"""What a replacement writes into the sheets; the same from the command and from its row of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.commands import outcomes
from ssj_xlwings.commands.crews import renamed
from ssj_xlwings.commands.shared import read_shared
from ssj_xlwings.lottery import log, replace
from ssj_xlwings.types import Append, Change, Patch
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.lookup import bare_item
from ssj_xlwings.vocabulary.sentences import draw as draw_words
from ssj_xlwings.vocabulary.sentences import replace as say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ssj_xlwings.types import Row, View


FILLED = ("items", "leader", "members", "team")


def changes(view: View, row: Row, freeze: Row, strata: Mapping[str, str]) -> list[Change]:
    """Visits that left, grew and came, and the result rows that go with them. `freeze`: the freeze row of the draw."""
    draw = outcomes.Draw(row["task"], int(row["attempt"]), log.data(freeze))
    fallen = {one.fallen for one in replace.successions(row)}
    visits, results = view["visits"], view["results"]
    keys = zip(visits["task"], visits["attempt"], visits["no"], visits["subject"], strict=True)
    place = {key: int(at) for at, key in zip(visits.index, keys, strict=True)}
    cells = _left(view, draw, fallen)
    made = [outcomes.Drawn(no, id_, items, team) for no, id_, items, team in replace.visits_of(row)]
    shared = read_shared(log.data(row))
    firms, people = outcomes.firms_of(view, {visit.id for visit in made}), outcomes.people_of(view)
    united: dict[str, Row] = {}
    for one in shared:
        line = outcomes.visit_row(draw, outcomes.Drawn(int(one.no), one.id, one.items, one.team), firms, people)
        at = place.get((one.task, one.attempt, one.no, one.id))
        if at is not None:  # a row that someone deleted is named by the papers
            cells |= {(at, name): line[name] for name in FILLED} | {(at, "left"): one.left}
        if not one.left:
            united.setdefault(one.id, line)  # the draw's own row comes first
    came, rows = [], []
    known = {(one.task, one.id) for one in shared}
    for visit in made:
        items = sorted(set(map(bare_item, visit.items)), key=str.encode)
        line = {**outcomes.visit_row(draw, visit._replace(items=items), firms, people), "class": strata.get(visit.id, "")}
        rows.append(united.get(visit.id, line))
        own = place.get((draw.task, str(draw.attempt), line["no"], visit.id))
        if own is None:
            came.append({**line, **{name: united.get(visit.id, line)[name] for name in FILLED}} if (draw.task, visit.id) in known else line)
        elif (draw.task, visit.id) not in known:
            cells |= {(own, name): line[name] for name in FILLED}
    open_rows = results.index[results["task"].isin(log.tasks_of(freeze)) & (results["attempt"] == str(draw.attempt)) & results["subject"].isin(fallen)
                              & (results["date"] == "")]
    found: list[Change] = [
        *([Patch("visits", cells)] if cells else []), *([Append("visits", came)] if came else []),
        *([Patch("results", {(int(at), "withheld"): say.MARK for at in open_rows})] if len(open_rows) else []),
        *outcomes.result_changes(view, draw, made, rows),
    ]
    return [*found, *renamed(view, found)]


def _left(view: View, draw: outcomes.Draw, fallen: set[str]) -> dict[tuple[int, str], str]:
    """The marks of who fell out; a visit that had gone into one of theirs goes where that one had gone, or stands by itself again."""
    visits = view["visits"]
    theirs = visits[visits["subject"].isin(fallen)]
    own = theirs[(theirs["task"] == draw.task) & (theirs["attempt"] == str(draw.attempt))]
    into = {subject: left for subject, left in zip(own["subject"], own["left"], strict=True) if left}
    taken = theirs[theirs["left"] == draw_words.TAKEN_OVER.format(task=draw.task)]
    return {(int(at), "left"): codelists.REPLACED for at in own.index} | {(int(at), "left"): into.get(taken.at[at, "subject"], "") for at in taken.index}
