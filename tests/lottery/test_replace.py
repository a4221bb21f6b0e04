"""Replacement by step 15: by lot order, past the alternates to the end of the scope, and checked by step 12."""

from __future__ import annotations

import shutil

import pytest

from ssj_xlwings.lottery import log, record, replace
from ssj_xlwings.lottery.draw import draw, ticket
from ssj_xlwings.lottery.said import called
from ssj_xlwings.lottery.verify import verify
from ssj_xlwings.types import Refusal
from tests.lottery import sample

GROUND = replace.Ground("注销", "登记系统截图", "赵局长")
BAD_GROUNDS = {
    "查无下落": GROUND._replace(reason="查无下落"), "没有写依据": GROUND._replace(evidence=""), "没有写审批人": GROUND._replace(approver=""),
    "操作人“王五”自己审批": GROUND._replace(approver="王五"),
}
"""Words of the verdict → a ground that is none, with which a changed program took firms out; the operator of the sample is 王五."""


def roll_of(frozen=None):
    frozen = frozen or sample.frozen()
    return replace.Roll(frozen, draw(frozen, sample.SAID))


def order_of(frozen, item, stratum):
    """Subjects of one item and stratum by ticket, written out from the protocol."""
    key = draw(frozen, sample.SAID).keys["subject"]
    rows = [row for row in frozen.rows if item in row.items and row.stratum == stratum]
    return [id_ for _, id_ in sorted((ticket(key, frozen.veil, row.id), row.id) for row in rows)]


def test_next_in_ticket_order():
    """For each of its items the next firm by ticket takes the item: the sample is the first n of those truly in scope."""
    frozen = sample.frozen()
    drawn = draw(frozen, sample.SAID)
    roll = replace.Roll(frozen, drawn)
    out = {visit.id for visit in drawn.visits[:3]}
    roll.fall(out, ())
    for cut in drawn.cuts:
        truly = [id_ for id_ in order_of(frozen, cut.item, cut.stratum) if id_ not in out]
        holders = [id_ for id_ in truly if id_ in roll.holds[cut.item]]
        assert holders == truly[: cut.n]


def test_one_by_one_or_together_the_same_sample():
    """Firms taken out one after the other, in any order, or all at once leave the same sample."""
    ids = [visit.id for visit in roll_of().visits.values()][:4]
    together, forth, back = roll_of(), roll_of(), roll_of()
    together.fall(ids, ())
    for roll, order in ((forth, ids), (back, ids[::-1])):
        for id_ in order:
            roll.fall([id_], ())
    assert together.holds == forth.holds == back.holds


def test_to_the_end_of_the_scope():
    """Past the alternates the lot goes on; where the scope is used up the shortfall stands with no successor."""
    roll = roll_of()
    named = 0
    while True:
        standing = [id_ for id_ in roll.visits if roll.strata[id_] == "B"]
        if not standing:
            break
        found, _ = roll.fall([standing[0]], ())
        named += sum(bool(one.successor) for one in found)
        assert all(one.successor not in roll.fallen for one in found)
    frozen = sample.frozen()
    everyone = {row.id for row in frozen.rows if row.stratum == "B"}
    assert roll.fallen == everyone
    assert found[-1].successor == ""
    assert named > 2 * frozen.open_plan["alternates"]


def test_several_fall_in_ticket_order():
    """Several at once: the one with the lowest ticket is succeeded first, however they are named."""
    one, other = roll_of(), roll_of()
    ids = [visit.id for visit in one.visits.values()][:5]
    found, visits = one.fall(ids, ())
    assert (found, visits) == other.fall(set(ids), ())
    assert list(dict.fromkeys(row.fallen for row in found)) == one.in_order(ids)


def test_joins_a_visit_not_begun_else_gets_its_own():
    """An item joins the successor's visit while it is not begun; else it is a visit of its own, numbered on from the last."""
    frozen = sample.frozen()
    drawn = draw(frozen, sample.SAID)
    for visit in drawn.visits:
        roll = replace.Roll(frozen, drawn)
        _, visits = roll.fall([visit.id], ())
        joined = [made for made in visits if made.no <= len(drawn.visits)]
        if joined:
            break
    else:
        pytest.fail("the sample has no successor with a visit")
    before = next(one for one in drawn.visits if one.id == joined[0].id)
    assert set(joined[0].items) > set(before.items)
    again = replace.Roll(frozen, drawn)
    _, own = again.fall([visit.id], {joined[0].id})
    made = next(one for one in own if one.id == joined[0].id)
    assert made.no > len(drawn.visits)
    assert not set(made.items) & set(before.items)


def test_new_visits_have_a_team_by_the_rule():
    """A visit made by a replacement has two different inspectors who may go there; one that grew keeps a team able to do it."""
    roll = roll_of()
    for id_ in list(roll.visits)[:5]:
        for visit in roll.fall([id_], ())[1]:
            assert len(set(visit.team)) == 2
            people = {person["id"]: person for person in roll.frozen.staff}
            for who in visit.team:
                assert people[who]["city"] or people[who]["unit"] == roll.units[visit.id]
                assert set(visit.items) <= set(people[who]["items"])


def test_unreachable_is_no_ground_here():
    """Nobody outside the current visits can fall: a replaced firm not twice, an alternate not at all."""
    roll = roll_of()
    with pytest.raises(Refusal, match="不在这次抽取现在的名单里"):
        replace.replay(roll, [_row([], roll.frozen, [replace.Succession("谁", "DJ01", "")], [])])


def _row(chain, frozen, found, visits):
    return sample.add(chain, "补抽", replace.row_data(frozen, found, visits, GROUND))


@pytest.fixture
def kept(tmp_path):
    """A drawn record with one replacement, its log, and the roll after it."""
    place, chain = tmp_path / "0001-任务", []
    drawn = sample.ceremony(place, chain)
    frozen = record.load_frozen(place)
    roll = replace.Roll(frozen, drawn)
    found, visits = roll.fall([drawn.visits[1].id, drawn.visits[4].id], ())
    _row(chain, frozen, found, visits)
    (place / record.REPLACE).write_bytes(replace.table(replace.logged(chain, frozen.commitment)))
    return place, chain, roll


def test_verify_says_yes(kept):
    """Step 12 replays the replacements from the log; without the log it checks the order in the file and says so."""
    place, chain, _ = kept
    step = verify(place, log=chain).steps[11]
    assert (step.result, step.sentence) == ("是", "补抽 2 户，和抽取记录一致，接替的户都按抽签次序。")
    assert "没有抽取记录" in verify(place).steps[11].sentence
    assert verify(place, log=chain).steps[9].result == "是"


@pytest.mark.parametrize("what", ["successor", "reason", "missing", "line"])
def test_a_tampered_list_is_found(kept, what):
    """Another successor, a reason that is none, a list that is gone or shorter: step 12 says no."""
    place, chain, roll = kept
    path = place / record.REPLACE
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    if what == "missing":
        path.unlink()
    else:
        if what == "successor":
            rows[0][2] = next(row.id for row in roll.frozen.rows if row.stratum == roll.strata[rows[0][0]] and row.id != rows[0][2] and row.id not in roll.visits)
        elif what == "reason":
            rows[0][3] = "查无下落"
        else:
            rows.pop()
        path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    assert verify(place, log=chain).steps[11].result == "否"
    if what in ("successor", "reason"):
        assert verify(place).steps[11].result == "否"


def test_a_chosen_successor_in_log_and_file(kept, tmp_path):
    """A log made anew with a favoured successor is found too: the order follows from the seed."""
    place, chain, roll = kept
    other = tmp_path / "x"
    shutil.copytree(place, other)
    first, *rest = replace.successions(chain[-1])
    friend = [id_ for id_ in order_of(roll.frozen, first.item, roll.strata[first.fallen]) if id_ not in roll.holds[first.item] and id_ not in roll.fallen]
    lied = chain[:-1]
    visits = [replace.Visit(no, id_, tuple(items), "", tuple(team)) for no, id_, items, team in replace.visits_of(chain[-1])]
    _row(lied, roll.frozen, [first._replace(successor=friend[-1]), *rest], visits)
    (other / record.REPLACE).write_bytes(replace.table(replace.logged(lied, roll.frozen.commitment)))
    step = verify(other, log=lied).steps[11]
    assert step.result == "否"
    assert first.successor in step.sentence


@pytest.mark.parametrize("words", BAD_GROUNDS)
def test_a_ground_that_is_none_in_log_and_file(tmp_path, words):
    """A result taken for a ground, nothing to show for it, nobody who approved, or the operator himself, in log and list alike: step 12
    names the firm and what is wrong; without the log, all but the last.
    """
    place, chain = tmp_path / "0001-任务", []
    drawn = sample.ceremony(place, chain)
    frozen = record.load_frozen(place)
    found, visits = replace.Roll(frozen, drawn).fall([drawn.visits[1].id], ())
    sample.add(chain, "补抽", replace.row_data(frozen, found, visits, BAD_GROUNDS[words]))
    (place / record.REPLACE).write_bytes(replace.table(replace.logged(chain, frozen.commitment)))
    step = verify(place, log=chain).steps[11]
    assert step.result == "否"
    assert f"抽取记录第 4 行里“{drawn.visits[1].id}”的补抽" in step.sentence
    assert words in step.sentence
    assert verify(place).steps[11].result == ("是" if "王五" in words else "否")


def test_the_state_stays_drawn(kept):
    """A replacement changes nothing of how far a task is."""
    _, chain, _ = kept
    assert log.state(chain, sample.TASK).event == "抽取"


def test_a_batch_is_numbered_in_calling_order():
    """Those who come in one batch are numbered on from the last in calling order, not in the order of succession."""
    roll = roll_of()
    last = roll.last
    found, visits = roll.fall([visit.id for visit in roll.visits.values()][:12], ())
    came = [visit for visit in visits if visit.no > last]
    assert [visit.no for visit in came] == list(range(last + 1, last + len(came) + 1))
    assert [visit.id for visit in came] == called(roll.key["call"], {visit.id for visit in came})
    assert [visit.id for visit in came] != list(dict.fromkeys(one.successor for one in found if one.successor in {visit.id for visit in came}))
