"""A reader of everything public, with receipts of other firms, guesses credit-risk classes and learns nothing.

Nothing, beyond what cannot be kept from him: verdict, item set and known rates. So firms with the same verdict and item
set are compared with each other: in truth their classes are a random order of one multiset, and whoever learns nothing
more can do no better, whatever he guesses, than chance within such a cell.

The bound. Let a cell hold M firms, a_c of them guessed c and b_c truly c, and A_ij = 1 where the guess for firm i is the
class of firm j. Matched at random, the right guesses have mean Σ a_c·b_c / M and variance Σ Ã_ij² / (M-1), Ã being A less
its row and column means (Hoeffding 1951). Cells of different draws are independent, those of one draw independent given
the multisets; so z = (right - mean) / √variance, summed over all cells, is normal, and |z| passes `chance.z_limit()` once
in 10^6. Both sides: who is wrong too often has learnt something too. With 120 draws of 102 firms that limit is an
advantage of 1.8 right guesses in a hundred or less (`by_shape`, which guesses most wildly).

The same readers see through variants of the protocol that give away what it hides; so they can see.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from ssj_xlwings.lottery import merkle, pool, receipt, record
from ssj_xlwings.lottery.digest import canonical, digest, pretty
from ssj_xlwings.lottery.draw import Drawn, pick, ticket
from ssj_xlwings.lottery.freeze import Frozen, freeze
from ssj_xlwings.lottery.pool import PoolRow
from ssj_xlwings.lottery.replace import Roll
from ssj_xlwings.lottery.said import called
from ssj_xlwings.publication import roster
from tests.lottery import chance, rivals, sample
from tests.lottery.reader import AFTER, WAYS, Reader, by_exchange, by_verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

WORLDS = 120
SIZES = {"甲类": 40, "乙类": 30, "丙类": 20, "丁类": 12}
RATES = {
    "DJ": {"甲类": "0.1", "乙类": "0.25", "丙类": "0.5", "丁类": "0.9"},
    "SP": {"甲类": "0.05", "乙类": "0.1", "丙类": "0.35", "丁类": "0.75"},
}
IDS = [f"91130402MA{number:08d}" for number in range(sum(SIZES.values()))]
ITEMS = {id_: ("DJ", "SP") if number % 3 else ("DJ",) for number, id_ in enumerate(IDS)}
SHORT, FULL = 25, 10
"""Receipts in the reader's hands."""
MADE = record.Made("2026-03-02T01:30:00Z", "三楼会议室", "赵六", ["钱七"], "ssj")
TICKETS, BLIND, ORDER, SEAL = "tickets published", "blind in short receipts", "ticket order published", "seals without salt"
NUMBERED, TOLD, ROW = "those who came in the order of succession", "a list after every replacement", "receipts that name the row of the log"
OUT = 8
"""Firms replaced in a draw of about 32."""


class World(NamedTuple):
    """One draw: what the reader has, and the truth."""

    reader: Reader
    classes: dict[str, str]
    frozen: Frozen
    drawn: Drawn
    draw: dict[str, Any]
    log: Sequence[dict[str, str]] = ()


def world(place: Path, number: int, variant: str = "") -> World:
    """Classes dealt at random onto the same firms, frozen with secrets of its own, drawn, published; receipts at random."""
    deal = random.Random(number)
    layers = [layer for layer, size in SIZES.items() for _ in range(size)]
    deal.shuffle(layers)
    rows = [PoolRow(id_, layer, ITEMS[id_]) for id_, layer in zip(IDS, layers, strict=True)]
    plan = replace(sample.PLAN, items=sorted(RATES), rates=RATES, minimum=1, alternates=3, scope=None, checked=None)
    fixed = freeze(rows, [], [], [], plan, deal.randbytes(32).hex(), deal.randbytes(32).hex())
    drawn = pick(fixed, rivals.said(number))
    sample.write(place, record.freeze_files(fixed))
    data = record.draw_json(place, fixed, drawn, {}, MADE, "0" * 64, publish=True)
    public = json.loads(record.draw_files(data, fixed.inner, "0" * 64)[1].data)
    tickets = {visit.id: visit.ticket for visit in drawn.visits}
    if variant == TICKETS:
        public["winners"] = [{**winner, "ticket": tickets[winner["id"]]} for winner in public["winners"]]
    if variant == ORDER:
        public["winners"].sort(key=lambda winner: tickets[winner["id"]])
    chosen, draw = deal.sample(IDS, SHORT + FULL), json.loads(data)
    reader = Reader(
        public, rows_of_roster(public), receipts(draw, fixed, chosen[:SHORT], variant), receipts(draw, fixed, chosen[SHORT:], variant, full=True),
        ITEMS, {item: {layer: float(rate) for layer, rate in by_class.items()} for item, by_class in RATES.items()}, SIZES,
    )
    return World(reader, {row.id: row.stratum for row in rows}, fixed, drawn, draw)


def rows_of_roster(public: dict[str, Any]) -> list[dict[str, str]]:
    """The roster of results in the order of the visits."""
    task = {"number": sample.TASK, "name": "抽查", "lead": ""}
    visits = [{"subject": winner["id"], "name": f"企业{winner['id']}", "items": "、".join(winner["items"])} for winner in public["winners"]]
    results = [
        {"subject": winner["id"], "item": item, "date": "2026-03-20", "result": "未发现问题", "review": "", "withheld": ""}
        for winner in public["winners"] for item in winner["items"]
    ]
    return roster.compile_roster(roster.head(task, None, "市局"), visits, results, {}).rows


def receipts(draw: dict[str, Any], fixed: Frozen, ids: list[str], variant: str, *, full: bool = False) -> list[dict[str, Any]]:
    """Receipts as the bureau makes them; a variant's leak added."""
    found = [receipt.make(draw, fixed.rows, id_, full=full) for id_ in ids]
    if variant == BLIND:
        found = [{**one, "blind": pool.hidden(fixed.veil, one["id"]).blind} for one in found]
    if variant == SEAL:
        leaves = [f"{row.id}\t{','.join(row.items)}\t{digest('seal', '', '', row.stratum)}" for row in fixed.rows]
        found = [{**one, "line": leaves[one["index"]], "path": merkle.path(leaves, one["index"])} for one in found]
    return found


class Score(NamedTuple):
    """Right guesses of how many, the mean and variance of right guesses by chance within the cells."""

    right: int
    of: int
    mean: Fraction
    variance: Fraction

    @property
    def z(self) -> float:
        """How many standard deviations above chance."""
        return float(self.right - self.mean) / float(self.variance) ** 0.5 if self.variance else 0.0


def score(guess: dict[str, str], made: World) -> Score:
    """One draw's guesses, cell by cell."""
    cells: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    verdicts = made.reader.verdicts
    for id_ in guess:
        cells[verdicts[id_], id_ in made.reader.current, ITEMS[id_]].append(id_)
    mean = variance = Fraction(0)
    for ids in cells.values():
        size = len(ids)
        guessed, true = Counter(guess[id_] for id_ in ids), Counter(made.classes[id_] for id_ in ids)
        level = Fraction(sum(guessed[layer] * true[layer] for layer in SIZES), size**2)
        mean += level * size
        if size > 1:
            variance += sum(
                guessed[one] * true[other] * ((one == other) - Fraction(true[one] + guessed[other], size) + level) ** 2 for one in SIZES for other in SIZES
            ) / (size - 1)
    return Score(sum(made.classes[id_] == layer for id_, layer in guess.items()), len(guess), mean, variance)


def after(made: World, number: int, variant: str = "", out: int = OUT) -> World:
    """The same draw when firms drawn by lot left it, all at once or in waves, and the list of current visits was published. Besides his
    own receipts, made anew, the reader has those of everyone who left or came: full ones of half of them, short ones of the others.
    """
    deal = random.Random(-number - 1)
    roll, gone, pairs, log = Roll(made.frozen, made.drawn), deal.sample([visit.id for visit in made.drawn.visits], out), [], []
    step = {TOLD: 1, ROW: 1, NUMBERED: out}.get(variant) or deal.choice((1, 3, out))
    for at in range(0, out, step):
        found, _ = roll.fall(gone[at : at + step], ())
        pairs += [(one.fallen, one.successor) for one in found if one.successor]
        data = {"commitment": made.frozen.commitment, "rows": canonical([list(one) for one in found])}
        log.append({"event": "补抽", "seq": str(at + 4), "hash": deal.randbytes(32).hex(), "data": canonical(data)})
    standing = called(roll.key["call"], roll.visits)
    if variant == NUMBERED:
        drawn = {visit.id for visit in made.drawn.visits}
        came = dict.fromkeys(successor for _, successor in pairs if successor not in drawn)
        standing = [*(id_ for id_ in standing if id_ not in came), *came]
    visits = [{"subject": id_, "name": f"企业{id_}", "items": "、".join(roll.visits[id_].items)} for id_ in standing]
    shown = [line.split("\t")[2] for line in roster.current(visits).decode().splitlines()[1:]]
    rows = rows_of_roster({"winners": [{"id": visit["subject"], "items": visit["items"].split("、")} for visit in visits]})
    told = tuple(dict.fromkeys(pairs)) if variant == TOLD else ()
    reader = replace(made.reader, roster=rows, current=shown, pairs=told)
    moved = [*reader.left, *reader.came]
    full = {*(one["id"] for one in reader.full), *deal.sample(moved, len(moved) // 2)}
    short = {*(one["id"] for one in reader.short), *moved} - full
    return made._replace(log=log, reader=replace(reader, short=later(made, short, log, variant), full=later(made, full, log, variant, full=True)))


def later(made: World, ids: Iterable[str], log: Sequence[dict[str, str]], variant: str, *, full: bool = False) -> list[dict[str, Any]]:
    """Receipts as the bureau makes them after replacements; in a variant they name the row of the log."""
    found = [receipt.make(made.draw, made.frozen.rows, id_, full=full, log=log) for id_ in sorted(ids)]
    rows = {digest("called", row["hash"], one["id"]): row["seq"] for row in log for one in found}
    for one in found if variant == ROW else ():
        one["called"] = [{**call, "row": rows[call["log"]]} for call in one.get("called", [])]
    return found


def attack(place: Path, variant: str = "", worlds: int = WORLDS, *, replaced: bool = False, only: Collection[str] = ()) -> dict[str, Score]:
    """Every way of guessing, or `only` these, on so many draws; the scores added up."""
    ways = {name: way for name, way in (AFTER if replaced else WAYS).items() if not only or name in only}
    total = dict.fromkeys(ways, (0, 0, Fraction(0), Fraction(0)))
    for number in range(worlds):
        made = world(place, number, variant)
        made = after(made, number, variant) if replaced else made
        for name, way in ways.items():
            total[name] = tuple(map(sum, zip(total[name], score(way(made.reader), made), strict=True)))
    return {name: Score(*found) for name, found in total.items()}


@pytest.fixture(scope="module")
def honest(tmp_path_factory):
    return attack(tmp_path_factory.mktemp("honest"))


@pytest.mark.parametrize("way", WAYS)
def test_nothing_learnt(honest, way):
    """On the files as they are no way of guessing differs from chance within verdict and item set (bound above)."""
    assert abs(honest[way].z) <= chance.z_limit()


@pytest.fixture(scope="module")
def honest_after(tmp_path_factory):
    return attack(tmp_path_factory.mktemp("after"), replaced=True)


@pytest.mark.parametrize("way", AFTER)
def test_nothing_learnt_after_replacements(honest_after, way):
    """Nor when eight firms of each draw left and others came, whoever the reader takes for whose successor, with the receipts of all of
    them, half of these full: within verdict, present standing and item set he is at chance about the others.
    """
    assert abs(honest_after[way].z) <= chance.z_limit()


def test_the_new_ways_do_guess(honest_after):
    """The ways that look at who left and came leave room to be right or wrong."""
    assert min(honest_after[way].variance for way in ("by_came", "by_pair", "by_row")) > 30


@pytest.mark.parametrize(("variant", "way"), [(NUMBERED, "by_came"), (TOLD, "by_pair"), (ROW, "by_row")])
def test_a_told_succession_leaks(tmp_path, variant, way):
    """Those who came numbered in the order of succession, a list published after every single replacement, or the row of the log named
    in receipts: the reader sees through.
    """
    found = attack(tmp_path, variant, worlds=180 if variant != ROW else 450, replaced=True, only=[way])
    assert found[way].z > chance.z_limit()


def watched(place: Path, out: int, known: bool) -> tuple[float, float]:
    """What cannot be kept from a watcher who has the lists of before and after (docs/privacy.md): shares of those who came
    whose class he guesses, by verdict alone and by whoever left between the lists. `known`: he knows the classes of these.
    """
    plain = right = of = 0
    for number in range(240 // out):
        made = after(world(place, number), number, out=out)
        reader = made.reader
        told = [{"id": id_, "stratum": made.classes[id_]} for id_ in reader.left] if known else []
        guess = by_exchange(replace(reader, full=told))
        plain += sum(by_verdict(replace(reader, full=()))[id_] == made.classes[id_] for id_ in reader.came)
        right += sum(guess[id_] == made.classes[id_] for id_ in reader.came)
        of += len(reader.came)
    return plain / of, right / of


def test_what_two_lists_tell(tmp_path):
    """The residual, measured: one firm gone and one come between two lists are of one class (protocol, step 15), so who knows the one
    knows the other; eight at once tell less. The numbers stand in docs/privacy.md.
    """
    found = {(out, known): watched(tmp_path, out, known) for out in (1, OUT) for known in (False, True)}
    assert found[1, True][1] == 1
    assert found[OUT, True][1] < 0.7
    text = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")
    for shares in found.values():
        for share in shares:
            assert f"{share:.0%}" in text, found


def neighbours(place: Path, variant: str) -> tuple[float, float]:
    """Eight firms replaced one after the other, and the reader holds the full receipts of all who came but one: the share of these of whom
    the row of the log finds another who came with them, and of such guesses those that are right.
    """
    found = right = of = 0
    for number in range(60):
        made = after(world(place, number, variant), number, ROW)
        whole = later(made, made.reader.came, made.log, variant, full=True)
        for id_ in made.reader.came:
            mine = [receipt for receipt in whole if receipt["id"] != id_]
            rows = {call.get("row", call["log"]) for receipt in whole if receipt["id"] == id_ for call in receipt["called"]}
            told = [receipt["stratum"] for receipt in mine if rows & {call.get("row", call["log"]) for call in receipt["called"]}]
            found += bool(told)
            right += bool(told) and told[0] == made.classes[id_]
            of += 1
    return found / of, right / max(found, 1)


def test_what_receipts_of_those_who_came_tell(tmp_path):
    """Laid side by side they do not say who came by one row. If they named it they would: the share stands in docs/privacy.md."""
    assert neighbours(tmp_path, "") == (0, 0)
    share, right = neighbours(tmp_path, ROW)
    assert right == 1
    text = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert f"{share:.0%} of those who came" in text, share


def test_ways_do_guess(honest):
    """The ways are more than one guess for all: apart from the plain one, most leave room to be right or wrong within the cells."""
    assert honest["by_verdict"].variance == 0
    assert min(honest[way].variance for way in ("by_order", "by_roster", "by_shape")) > 100


VARIANTS = [(TICKETS, "by_ticket"), (BLIND, "by_ticket"), (ORDER, "by_order"), (ORDER, "by_roster"), (SEAL, "by_seal")]


@pytest.mark.parametrize("variant", sorted({variant for variant, _ in VARIANTS}))
def test_variants_leak(tmp_path, variant):
    """Tickets or their order published, the blind shown, the salt left out: the reader who looks there is far above the bound,
    and right more often than verdict, item set and rates let him be.
    """
    looked = [way for leak, way in VARIANTS if leak == variant]
    found = attack(tmp_path, variant, worlds=60, only=[*looked, "by_verdict"])
    for way in looked:
        assert found[way].z > 2 * chance.z_limit()
        assert found[way].right > found["by_verdict"].right


def test_nothing_hidden_is_printed(tmp_path):
    """No class, ticket, blind, salt or secret of anyone stands in the public files or in a short receipt; in a full one only
    the firm's own. The look-out works: it finds the ticket in the variant.
    """
    made = world(tmp_path, 1)
    hidden = {id_: {*pool.hidden(made.frozen.veil, id_), ticket(made.drawn.keys["subject"], made.frozen.veil, id_)} for id_ in IDS}
    secret = {made.frozen.veil, *SIZES, *made.drawn.lines, *(line.split("\t")[5] for line in made.drawn.lines), *set().union(*hidden.values())}
    public = json.dumps([made.reader.public, made.reader.roster, made.reader.short], ensure_ascii=False)
    assert not [text for text in secret if text in public]
    for one in made.reader.full:
        others = set().union(*(hidden[id_] for id_ in IDS if id_ != one["id"]))
        last = {cut["line"].split("\t")[4] for cut in one["cuts"]}
        printed = json.dumps(one)
        assert not [text for text in others - last if text in printed]
    leaking = json.dumps(world(tmp_path, 1, TICKETS).reader.public)
    assert [text for text in secret if text in leaking]


def test_receipts_are_true(tmp_path):
    """What the reader holds is what a firm is given: every receipt passes its own check against the public record."""
    made = world(tmp_path, 2)
    public = pretty(made.reader.public)
    for one in (*made.reader.short, *made.reader.full):
        assert receipt.verify_receipt(pretty(one, between="\t"), public).ok
    assert {len(one) for one in made.reader.short} == {len(receipt.SHORT)}
    assert {len(one) for one in made.reader.full} == {len(receipt.FULL)}
