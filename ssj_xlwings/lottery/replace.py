"""Replacing a firm that was never in the scope (protocol, step 15), and checking it (verifying, step 12).

A replacement is a row of the log; replace.tsv is the projection of those rows, so it can always be made again. Who
succeeds is the next firm in ticket order that has not fallen out: never chosen by hand, so the sample stays a simple
random sample of the firms truly in scope.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.lottery import files, record, teams
from ssj_xlwings.lottery.digest import canonical
from ssj_xlwings.lottery.draw import Drawn, Visit, ticket, with_teams
from ssj_xlwings.lottery.log import data
from ssj_xlwings.lottery.said import called
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.lookup import subject_ids
from ssj_xlwings.vocabulary.sentences import replace as say
from ssj_xlwings.vocabulary.tables import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from ssj_xlwings.lottery.freeze import Frozen
    from ssj_xlwings.types import Frame, Row


class Succession(NamedTuple):
    """One item of one fallen firm, and who takes it; "" where the scope is used up."""

    fallen: str
    item: str
    successor: str


class Ground(NamedTuple):
    """Why firms are taken out, by what evidence, approved by whom."""

    reason: str
    evidence: str
    approver: str


class Roll:
    """Who is in a draw after so many replacements. `visits`: subject → its standing visit; `fallen`: who is out."""

    def __init__(self, frozen: Frozen, drawn: Drawn) -> None:
        self.frozen, self.key = frozen, drawn.keys
        self.fallen: set[str] = set()
        self.visits = {visit.id: visit for visit in drawn.visits}
        self.begun: list[Visit] = []
        self.units = dict(frozen.jurisdiction)
        self.last = len(drawn.visits)
        self.strata = {row.id: row.stratum for row in frozen.rows}
        self.tickets = {row.id: ticket(drawn.keys["subject"], frozen.veil, row.id) for row in frozen.rows}
        self.order: dict[tuple[str, str], list[str]] = {}
        for row in sorted(frozen.rows, key=lambda row: (self.tickets[row.id], row.id)):
            for item in row.items:
                self.order.setdefault((item, row.stratum), []).append(row.id)
        self.holds: dict[str, set[str]] = {}
        for cut in drawn.cuts:
            self.holds.setdefault(cut.item, set()).update(cut.drawn)

    def in_order(self, ids: Iterable[str]) -> list[str]:
        """Subjects of the pool in ticket order."""
        return sorted(ids, key=lambda id_: (self.tickets[id_], id_))

    def fall(self, ids: Collection[str], begun: Collection[str]) -> tuple[list[Succession], list[Visit]]:
        """Take visited subjects out, all at once. What follows: who takes each item, and the visits made or grown.

        Items pass on in ticket order of the fallen (step 15); the visits that come of it are numbered and manned in calling order.

        `begun`: subjects whose visit is under way, so that a further item needs a visit of its own.
        """
        self.fallen.update(ids)
        found = []
        for fallen in self.in_order(ids):
            self.visits.pop(fallen)
            for item in sorted(item for item, holders in self.holds.items() if fallen in holders):
                self.holds[item].discard(fallen)
                order = self.order[item, self.strata[fallen]]
                successor = next((id_ for id_ in order if id_ not in self.fallen and id_ not in self.holds[item]), "")
                if successor:
                    self.holds[item].add(successor)
                found.append(Succession(fallen, item, successor))
        return found, self._visits(found, begun)

    def _visits(self, found: Sequence[Succession], begun: Collection[str]) -> list[Visit]:
        gained: dict[str, list[str]] = {}
        for one in found:
            if one.successor:
                gained.setdefault(one.successor, []).append(one.item)
        made = []
        for id_ in called(self.key["call"], gained):  # never in the order of succession: it is the tickets' own
            items = gained[id_]
            standing = self.visits.get(id_)
            if standing and id_ in begun:
                self.begun.append(standing)
                standing = None
            if standing is None:
                self.last += 1
            visit = standing or Visit(self.last, id_, (), self.tickets[id_])
            visit = replace(visit, items=tuple(sorted({*visit.items, *items})))
            self.visits[id_] = replace(visit, team=self._team(visit))
            made.append(self.visits[id_])
        return made

    def _team(self, visit: Visit) -> tuple[str, ...]:
        return self.team(visit.id, visit.items, [visit.team], self.frozen.open_plan["window"][1])

    def team(self, id_: str, items: Sequence[str], earlier: Iterable[Sequence[str]], until: str) -> tuple[str, ...]:
        """The first of the earlier teams that may do every item, else the least loaded by the frozen rule; none without a rule,
        or where too few may do everything, which for the items of the draw itself was ruled out before the freeze.
        """
        rule = self.frozen.inner_plan["teams"]
        if not rule:
            return ()
        bench = teams.Bench(self.frozen.staff, until)
        able = bench.eligible(self.units[id_], tuple(items), id_)
        kept = next((team for team in earlier if team and set(team) <= set(able)), ())
        if kept or len(able) < rule["size"]:
            return tuple(kept)
        load = dict.fromkeys(bench.items, 0)
        for other in (*self.visits.values(), *self.begun):
            for person in other.team:
                load[person] = load.get(person, 0) + 1
        return tuple(teams.chosen(able, load, id_, rule["size"], self.key["team"]))


def row_data(frozen: Frozen, found: Sequence[Succession], visits: Sequence[Visit], ground: Ground) -> dict[str, str]:
    """What the row of the log holds."""
    return {
        "commitment": frozen.commitment, "rows": canonical([list(one) for one in found]),
        "visits": canonical([[visit.no, visit.id, list(visit.items), list(visit.team)] for visit in visits]), **ground._asdict(),
    }


def successions(row: Row) -> list[Succession]:
    """Who fell and who succeeded, as a row of the log says."""
    return [Succession(*one) for one in json.loads(data(row)["rows"])]


def visits_of(row: Row) -> list[tuple[int, str, list[str], list[str]]]:
    """The visits made or grown, as a row of the log says: number, subject, items, team."""
    return [(no, id_, items, team) for no, id_, items, team in json.loads(data(row)["visits"])]


def logged(rows: Iterable[Row], commitment: str) -> list[Row]:
    """The replacements of one draw, oldest first."""
    return [row for row in rows if row["event"] == codelists.REPLACED and data(row)["commitment"] == commitment]


def table(rows: Iterable[Row]) -> bytes:
    """replace.tsv of the rows: fallen, item, successor, reason, evidence, approver, time, hash of the log row."""
    return files.tsv(
        (*one, *(data(row)[name] for name in Ground._fields), row["time"], row["hash"]) for row in rows for one in successions(row)
    )


def replay(roll: Roll, rows: Iterable[Row]) -> None:
    """Bring a roll up through the replacements of the log. Refusal naming the first that is not by the rule."""
    for row in rows:
        said, made = successions(row), visits_of(row)
        _known(roll, {one.fallen for one in said})
        grown = {visit.id: visit.no for visit in roll.visits.values()}
        begun = {id_ for no, id_, _, _ in made if grown.get(id_, no) != no}
        found, visits = roll.fall({one.fallen for one in said}, begun)
        for seen, want in ((said, found), (made, [(visit.no, visit.id, list(visit.items), list(visit.team)) for visit in visits])):
            if list(seen) != list(want):
                differs = next((pair for pair in zip(seen, want, strict=False) if pair[0] != pair[1]), (len(seen), len(want)))
                raise Refusal(say.OTHER_SUCCESSOR, seq=row["seq"], seen=_words(differs[0]), want=_words(differs[1]))


def check(place: Path, frozen: Frozen, drawn: Drawn, rows: Sequence[Row] | None) -> str:
    """Step 12: replace.tsv holds the log's replacements, and each is by step 15; the sentence of what was found true.
    `drawn` may lack its teams.

    Without the log only the order of succession in the file can be checked.
    """
    path = place / record.REPLACE
    shown = files.load(path) if path.exists() else b""
    if rows is None:
        return _by_file(shown, Roll(frozen, drawn)) if shown else say.NONE
    mine = logged(rows, frozen.commitment)
    want = table(mine)
    if shown != want:
        line = files.changed(files.cut(shown), files.sums(files.cut(want)))
        raise Refusal(say.NOT_THE_LOG, file=record.REPLACE, line=line, seen=len(files.cut(shown)), want=len(files.cut(want)))
    for row in mine:
        told, first = data(row), successions(row)
        _grounded(say.OF_LOG.format(row=row["seq"]), first[0].fallen if first else "", Ground(told["reason"], told["evidence"], told["approver"]), row["operator"])
    replay(Roll(frozen, with_teams(frozen, drawn)), mine)
    return say.GOOD.format(count=len({one.fallen for row in mine for one in successions(row)})) if mine else say.NONE


def _by_file(shown: bytes, roll: Roll) -> str:
    """The rows of the file alone: who falls together stands under one hash."""
    groups: dict[str, list[Succession]] = {}
    for fallen, item, successor, reason, evidence, approver, _, digest in files.table(shown, record.REPLACE, 8):
        _grounded(record.REPLACE, fallen, Ground(reason, evidence, approver))
        groups.setdefault(digest, []).append(Succession(fallen, item, successor))
    for said in groups.values():
        _known(roll, {one.fallen for one in said})
        found, _ = roll.fall({one.fallen for one in said}, ())
        if found != said:
            seen, want = next((pair for pair in zip(said, found, strict=False) if pair[0] != pair[1]), (len(said), len(found)))
            raise Refusal(say.OTHER_SUCCESSOR, seq=record.REPLACE, seen=_words(seen), want=_words(want))
    return say.GOOD_FILE.format(count=sum(len({one.fallen for one in said}) for said in groups.values()))


def _grounded(file: str, id_: str, ground: Ground, operator: str = "") -> None:
    """Refusal for a reason that is a result and no ground, without evidence or approver, or approved by who did it."""
    if ground.reason not in codelists.REPLACE_REASONS:
        raise Refusal(say.BAD_GROUND, file=file, id=id_, seen=ground.reason, allowed="、".join(codelists.REPLACE_REASONS))
    for label, text in ((say.EVIDENCE, ground.evidence), (say.APPROVER, ground.approver)):
        if not text.strip():
            raise Refusal(say.NO_GROUND, file=file, id=id_, label=label)
    if ground.approver == operator:
        raise Refusal(say.OWN_GROUND, file=file, id=id_, name=operator)


def back_inside(subjects: Frame, seen: Collection[str], rows: Iterable[Row], commitment: str) -> str:
    """What is to be said of fallen firms that a registry shows inside the scope; "" where there is none. `seen`: hashes of the log
    rows that its workbook holds: a copy from before a replacement says nothing of it.
    """
    standing = {
        id_ for id_, state, status in zip(subject_ids(subjects), subjects["state"].tolist(), subjects["status"].tolist(), strict=True)
        if state != codelists.VALID[1] and (status or SUBJECTS.column("status").default) in codelists.IN_SCOPE_STATUS
    }
    back = {one.fallen: data(row)["reason"] for row in logged(rows, commitment) if row["hash"] in seen for one in successions(row) if one.fallen in standing}
    if not back:
        return ""
    first = min(back)
    return say.BACK_INSIDE.format(count=len(back), id=first, reason=back[first])


def _known(roll: Roll, ids: Collection[str]) -> None:
    for id_ in ids:
        if id_ not in roll.visits:
            raise Refusal(say.NOT_VISITED, id=id_)


def _words(value: object) -> str:
    if isinstance(value, (tuple, list)):
        return (" " if isinstance(value, tuple) else "、").join(filter(None, map(_words, value)))
    return str(value)
