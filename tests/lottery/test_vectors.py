"""`draw-vectors.json`, recomputed from end to end."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ssj_xlwings.lottery import merkle, pool
from ssj_xlwings.lottery.digest import canonical, parse
from ssj_xlwings.lottery.draw import draw, ticket
from ssj_xlwings.lottery.freeze import Frozen, freeze
from ssj_xlwings.lottery.plan import Plan, check_rate
from ssj_xlwings.lottery.pool import PoolRow
from ssj_xlwings.lottery.said import check_said
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.text import normal

SHARED = Path(__file__).parents[3] / "shared"
VECTORS = SHARED / "design" / "draw-vectors.json"
CASES = ("two items, five strata", "same, rows in another order", "rate 0, rate 1, a fixed number, an empty stratum, minimum above the stratum",
         "one stratum, a number, no minimum (a quick draw)", "nobody in the pool")


@pytest.fixture(scope="module")
def vectors() -> dict[str, Any]:
    if not VECTORS.exists():
        if os.environ.get("CI") and SHARED.exists():
            pytest.fail("design/draw-vectors.json is missing from the shared folder")
        pytest.skip("the shared folder with design/draw-vectors.json is not at hand")
    return json.loads(VECTORS.read_text(encoding="utf-8"))


def entered(rows: list[list[Any]]) -> list[PoolRow]:
    """Rows as they come in: normalised once, at the door."""
    return [PoolRow(normal(id_), normal(stratum), tuple(normal(item) for item in items)) for id_, stratum, items in rows]


def frozen_of(case: dict[str, Any]) -> Frozen:
    outer, inner = case["open_plan"], case["inner_plan"]
    plan = Plan(
        outer["bureau"], outer["tasks"], outer["items"], outer["source"], tuple(outer["window"]), outer["slots"], outer["attempt"],
        outer["before"], outer["frozen"], outer["mode"], outer["alternates"], inner["rates"], inner["minimum"], inner["source_digest"],
    )
    return freeze(entered(case["pool"]), [], [], [], plan, case["nonce"], case["veil"])


@pytest.mark.parametrize("name", CASES)
def test_case(vectors, name):
    """A worked case gives the same leaves, root, plan, commitment, seed, tickets, winners, visits and cut lines, bit for bit."""
    case = next(case for case in vectors["cases"] if case["name"] == name)
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
    assert [{"id": visit.id, "items": list(visit.items)} for visit in drawn.visits] == case["visits"]
    assert [visit.no for visit in drawn.visits] == list(range(1, len(drawn.visits) + 1))
    assert drawn.checks == case["checks"]
    assert (drawn.lines, drawn.lines_root) == (case["cut_lines"], case["lines"])


@pytest.mark.parametrize("name", CASES)
def test_receipt(vectors, name):
    """The paths of a receipt are the vectors' paths and lead to the published roots; the seal opens."""
    case = next(case for case in vectors["cases"] if case["name"] == name)
    if "receipt" not in case:
        assert not case["pool"]
        return
    receipt, frozen = case["receipt"], frozen_of(case)
    leaves = list(pool.leaves(frozen.veil, frozen.rows))
    assert merkle.path(leaves, receipt["index"]) == receipt["path"]
    assert merkle.root_of_path(receipt["line"], receipt["index"], receipt["size"], receipt["path"]) == case["root"]
    assert pool.hidden(frozen.veil, receipt["id"]) == (receipt["blind"], receipt["salt"])
    assert receipt["line"].endswith(pool.seal(receipt["salt"], receipt["blind"], receipt["stratum"]))
    for cut in receipt["cuts"]:
        assert merkle.path(case["cut_lines"], cut["index"]) == cut["path"]
        assert merkle.root_of_path(cut["line"], cut["index"], cut["size"], cut["path"]) == case["lines"]


def test_names(vectors):
    """No case of the vectors is left out."""
    assert tuple(case["name"] for case in vectors["cases"]) == CASES


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
