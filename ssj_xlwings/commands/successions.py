"""What a replacement writes into the sheets; the same from the command and from its row of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.commands import outcomes
from ssj_xlwings.lottery import log, replace
from ssj_xlwings.types import Append, Change, Patch
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.lookup import bare_item
from ssj_xlwings.vocabulary.sentences import draw as draw_words
from ssj_xlwings.vocabulary.sentences import replace as say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ssj_xlwings.types import Row, View


def changes(view: View, row: Row, freeze: Row, strata: Mapping[str, str]) -> list[Change]:
    """Visits that left, grew and came, and the result rows that go with them. `freeze`: the freeze row of the draw."""
    draw = outcomes.Draw(row["task"], int(row["attempt"]), log.data(freeze))
    tasks = log.tasks_of(freeze)
    fallen = {one.fallen for one in replace.successions(row)}
    visits, results = view["visits"], view["results"]
    standing = (visits["task"] == draw.task) & (visits["attempt"] == str(draw.attempt)) & (visits["left"] == "")
    place = {str(visits.at[at, "subject"]): int(at) for at in visits.index[standing]}
    cells = {(place[id_], "left"): codelists.REPLACED for id_ in fallen if id_ in place}
    taken = visits.index[visits["subject"].isin(fallen) & (visits["left"] == draw_words.TAKEN_OVER.format(task=draw.task))]
    cells |= {(int(at), "left"): "" for at in taken}
    open_rows = results.index[results["task"].isin(tasks) & (results["attempt"] == str(draw.attempt)) & results["subject"].isin(fallen)
                              & (results["date"] == "")]
    came = []
    made = [outcomes.Drawn(no, id_, items, team) for no, id_, items, team in replace.visits_of(row)]
    firms, people = outcomes.firms_of(view, {visit.id for visit in made}), outcomes.people_of(view)
    rows = []
    for visit in made:
        items = sorted(set(map(bare_item, visit.items)), key=str.encode)
        line = {**outcomes.visit_row(draw, visit._replace(items=items), firms, people), "class": strata.get(visit.id, "")}
        rows.append(line)
        at = place.get(visit.id)
        if at is not None and visits.at[at, "no"] == line["no"]:
            cells |= {(at, name): line[name] for name in ("items", "leader", "members", "team")}
        else:
            came.append(line)
    return [
        *([Patch("visits", cells)] if cells else []), *([Append("visits", came)] if came else []),
        *([Patch("results", {(int(at), "withheld"): say.MARK for at in open_rows})] if len(open_rows) else []),
        *outcomes.result_changes(view, draw, made, rows),
    ]
