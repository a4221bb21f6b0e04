"""Worked draws, recomputed from end to end: the protocol's own `draw-vectors.json` where it lies beside the project, and ours."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ssj_xlwings.lottery import merkle, pool, receipt
from ssj_xlwings.lottery.digest import canonical, parse, pretty
from ssj_xlwings.lottery.draw import draw, ticket
from ssj_xlwings.lottery.freeze import Frozen, freeze
from ssj_xlwings.lottery.plan import Plan, check_rate
from ssj_xlwings.lottery.pool import PoolRow
from ssj_xlwings.lottery.public import verify_public
from ssj_xlwings.lottery.replace import Roll
from ssj_xlwings.lottery.said import check_said
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.text import normal
from tests.lottery import plainly

SHARED = Path(__file__).parents[3] / "shared"
VECTORS = SHARED / "design" / "draw-vectors.json"
CASES = ("two items, five strata", "same, rows in another order", "rate 0, rate 1, a fixed number, an empty stratum, minimum above the stratum",
         "one stratum, a number, no minimum (a quick draw)", "nobody in the pool")


OWN = json.loads(plainly.FILE.read_text(encoding="utf-8"))
"""Worked by `plainly`, the protocol's text in plain Python; always at hand."""
BOTH = [*(("own", case["name"]) for case in OWN["cases"]), *(("shared", name) for name in CASES)]


def vectors_of(which: str) -> dict[str, Any]:
    """Our own vectors, or those of the protocol; the latter lie beside the project, and a skip says so where they do not."""
    if which == "own":
        return OWN
    if not VECTORS.exists():
        if os.environ.get("CI") and SHARED.exists():
            pytest.fail("design/draw-vectors.json is missing from the shared folder")
        pytest.skip(f"the protocol's own draw-vectors.json is not at hand ({VECTORS}); only tests/golden/draws.json was tried")
    return json.loads(VECTORS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=["own", "shared"])
def vectors(request: pytest.FixtureRequest) -> dict[str, Any]:
    return vectors_of(request.param)


def case_of(which: str, name: str) -> dict[str, Any]:
    return next(case for case in vectors_of(which)["cases"] if case["name"] == name)


def entered(rows: list[list[Any]]) -> list[PoolRow]:
    """Rows as they come in: normalised once, at the door."""
    return [PoolRow(normal(id_), normal(stratum), tuple(normal(item) for item in items)) for id_, stratum, items in rows]


def frozen_of(case: dict[str, Any]) -> Frozen:
    outer, inner = case["open_plan"], case["inner_plan"]
    plan = Plan(
        outer["bureau"], outer["tasks"], outer["items"], outer["source"], tuple(outer["window"]), outer["slots"], outer["attempt"],
        outer["before"], outer["frozen"], outer["mode"], outer["alternates"], inner["rates"], inner["minimum"], inner["source_digest"],
    )
    pairs = [[tuple(pair) for pair in case.get(name, [])] for name in ("excluded", "jurisdiction")]
    return freeze(entered(case["pool"]), pairs[0], case.get("staff", []), pairs[1], plan, case["nonce"], case["veil"])


@pytest.mark.parametrize(("which", "name"), BOTH)
def test_case(which, name):
    """A worked case gives the same leaves, root, plan, commitment, seed, tickets, winners, visits and cut lines, bit for bit."""
    case = case_of(which, name)
    frozen = frozen_of(case)
    assert list(pool.leaves(frozen.veil, frozen.rows)) == case["leaf_lines"]
    assert frozen.root == case["root"]
    assert frozen.open_plan == case["open_plan"]
    assert frozen.inner_plan == case["inner_plan"]
    assert canonical(frozen.open_plan) == case["open_text"]
    assert (frozen.inner, frozen.plan, frozen.commitment) == (case["inner_digest"], case["plan"], case["commitment"])
    drawn = draw(frozen, [tuple(pair) for pair in case["said"]])
    assert (drawn.seed, drawn.keys) == (case["seed"], case["keys"])
    assert {row.id: ticket(drawn.keys["subject"], frozen.veil, row.id) for row in frozen.rows} == case["tickets"]
    found: dict[str, dict[str, Any]] = {}
    for cut in drawn.cuts:
        found.setdefault(cut.item, {})[cut.stratum] = {"N": cut.size, "n": cut.n, "drawn": cut.drawn, "alternates": cut.alternates, "last": cut.last}
    assert found == case["result"]
    assert [{"id": visit.id, "items": list(visit.items), **({"team": list(visit.team)} if which == "own" else {})} for visit in drawn.visits] == case["visits"]
    assert [visit.no for visit in drawn.visits] == list(range(1, len(drawn.visits) + 1))
    assert drawn.checks == case["checks"]
    assert (drawn.lines, drawn.lines_root) == (case["cut_lines"], case["lines"])


@pytest.mark.parametrize(("which", "name"), BOTH)
def test_receipt(which, name):
    """The paths of a receipt are the vectors' paths and lead to the published roots; the seal opens."""
    case = case_of(which, name)
    found = case["receipts"] if which == "own" else [case["receipt"]] if "receipt" in case else []
    assert bool(found) == bool(case["pool"])
    frozen = frozen_of(case)
    leaves = list(pool.leaves(frozen.veil, frozen.rows))
    for one in found:
        assert merkle.path(leaves, one["index"]) == one["path"]
        assert merkle.root_of_path(one["line"], one["index"], one["size"], one["path"]) == case["root"]
        assert pool.hidden(frozen.veil, one["id"]) == (one["blind"], one["salt"])
        assert one["line"].endswith(pool.seal(one["salt"], one["blind"], one["stratum"]))
        for cut in one["cuts"]:
            assert merkle.path(case["cut_lines"], cut["index"]) == cut["path"]
            assert merkle.root_of_path(cut["line"], cut["index"], cut["size"], cut["path"]) == case["lines"]


@pytest.mark.parametrize("case", OWN["cases"], ids=lambda case: case["name"])
def test_whole_receipts_and_successions(case):
    """Receipts word for word, each true against the public record, itself true with its calling order; who follows whom by step 15."""
    frozen = frozen_of(case)
    drawn = draw(frozen, [tuple(pair) for pair in case["said"]])
    held = {
        "veil": frozen.veil, "commitment": frozen.commitment, "root": frozen.root, "seed": drawn.seed, "lines": drawn.lines, "lines_root": drawn.lines_root,
        "visits": [{"id": visit.id, "items": list(visit.items)} for visit in drawn.visits],
    }
    public = pretty(case["public"])
    assert verify_public(public, case["commitment"]).ok
    for one in case["receipts"]:
        assert receipt.make(held, frozen.rows, one["id"], full=True) == one
        assert receipt.verify_receipt(pretty(one, between="\t"), public, case["commitment"]).ok
    found, _ = Roll(frozen, drawn).fall(case["fallen"], ())
    assert [list(one) for one in found] == case["successions"]


def test_our_vectors_are_as_worked():
    """The kept file is what the plain words of the protocol come to, and holds each kind of case: teams, successions, a used-up scope."""
    assert plainly.whole() == OWN
    assert any(visit["team"] for case in OWN["cases"] for visit in case["visits"])
    assert {bool(successor) for case in OWN["cases"] for _, _, successor in case["successions"]} == {True, False}


def test_the_plain_words_give_the_protocols_vectors():
    """Who worked our vectors gives the protocol's own as well, so it has understood the text; nothing of the package took part."""
    theirs = vectors_of("shared")
    for case in theirs["cases"]:
        outer, inner = case["open_plan"], case["inner_plan"]
        given = {**case, "plans": (outer, inner), "rates": inner["rates"], "minimum": inner["minimum"], "alternates": outer["alternates"], "staff": [], "jurisdiction": [], "fallen": []}
        made = plainly.worked(given)
        made["visits"] = [{"id": visit["id"], "items": visit["items"]} for visit in made["visits"]]
        for key in ("leaf_lines", "root", "open_text", "inner_digest", "plan", "commitment", "seed", "keys", "tickets", "result", "visits", "checks", "cut_lines", "lines"):
            assert made[key] == case[key], (case["name"], key)
    for case in theirs["trees"]["roots"]:
        assert plainly.root([f"leaf {at}" for at in range(case["leaves"])]) == case["root"]
    text = Path(plainly.__file__).read_text(encoding="utf-8")
    assert "ssj_xlwings" not in text


def test_names():
    """No case of the protocol's vectors is left out."""
    assert tuple(case["name"] for case in vectors_of("shared")["cases"]) == CASES


def test_refused_pools(vectors):
    """Every pool that the vectors refuse is refused, in a sentence."""
    for bad in vectors["refused"]["pool"]:
        with pytest.raises(Refusal) as why:
            pool.ordered(entered(bad["value"]))
        assert str(why.value).endswith("。"), bad


def test_refused_rates(vectors):
    """Every rate that the vectors refuse is refused."""
    for bad in vectors["refused"]["rates"]:
        with pytest.raises(Refusal):
            check_rate(bad)


def test_refused_said(vectors):
    """Every list of numbers that the vectors refuse is refused, whatever the slots."""
    for bad in vectors["refused"]["said"]:
        with pytest.raises(Refusal):
            check_said([name for name, _ in bad], [tuple(pair) for pair in bad])


def test_json(vectors):
    """Objects are written as the vectors write them, and read back."""
    for case in vectors["json"]:
        assert canonical(case["value"]) == case["json"]
        assert parse(case["json"], "x") == case["value"]


def test_trees(vectors):
    """The roots of all tree sizes of the vectors."""
    for case in vectors["trees"]["roots"]:
        assert merkle.root(f"leaf {i}" for i in range(case["leaves"])) == case["root"], case["leaves"]
