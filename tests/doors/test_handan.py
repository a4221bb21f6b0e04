"""The main job on the 8 988 registered firms of Handan, where the file is at hand."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.doors import cli

SHARED = Path(__file__).parents[2].parent / "shared"
FIRMS = SHARED / "data" / "handan_enterprises.csv"


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """`ssj demo --firms`, run once."""
    if not FIRMS.exists():
        if os.environ.get("CI") and SHARED.exists():
            pytest.fail(f"{FIRMS.name} is missing beside the project")
        pytest.skip("the registration data of Handan is not at hand")
    folder = tmp_path_factory.mktemp("city") / "邯郸"
    assert cli.answer(["demo", str(folder), "--firms", str(FIRMS)]) == 0
    return folder


def test_every_firm_is_there_with_its_unit(city):
    """All 8 988 firms came in, codes unchanged, each with a unit; most of them from the address."""
    with FIRMS.open(encoding="utf-8-sig", newline="") as file:
        codes = [row["统一社会信用代码"] for row in csv.DictReader(file)]
    view = FileBook(city / "双随机台账.xlsm").read(["subjects", "inspectors", "units"])
    assert list(view["subjects"]["code"]) == codes
    assert len(codes) == 8988
    assert set(view["subjects"]["unit"]) <= set(view["units"]["name"])
    assert (view["subjects"]["unit"] != "邯郸市市场监督管理局（演示）").mean() > 0.9
    assert len(view["inspectors"]) == 400
    assert view["inspectors"]["unit"].nunique() == 21


def test_the_rates_are_kept_by_class(city):
    """A 3 %, B 4 %, C 5 %, D 6 % of each class are drawn, rounded up; three items, one visit a firm."""
    from collections import Counter
    from math import ceil

    record = next(city.rglob("draw.json")).parent
    pool = [line.split("\t") for line in (record / "pool.tsv").read_text(encoding="utf-8").splitlines()]
    sizes = Counter(stratum for _, stratum, _ in pool)
    visits = FileBook(city / "双随机台账.xlsm").read(["visits"])["visits"]
    drawn = Counter(visits["class"])
    percent = {"A": 3, "B": 4, "C": 5, "D": 6, "未评": 3}
    assert drawn == {stratum: ceil(size * percent[stratum] / 100) for stratum, size in sizes.items()}
    assert set(visits["items"]) == {"DJ01、DJ03、GS01"}


def test_teams_are_local_and_valid(city):
    """Two different inspectors a firm, of the firm's unit or the city bureau, none with a certificate that ends too early."""
    view = FileBook(city / "双随机台账.xlsm").read(["visits", "inspectors", "tasks"])
    people = view["inspectors"].set_index("id")
    end = view["tasks"]["end"].iloc[0]
    for team, unit in zip(view["visits"]["team"], view["visits"]["unit"], strict=True):
        first, second = team.split("、")
        assert first != second
        for id_ in (first, second):
            assert people.at[id_, "unit"] in (unit, "邯郸市市场监督管理局（演示）")
            assert people.at[id_, "until"] >= end


def test_it_ends_in_a_published_roster(city, capsys):
    """A roster of every drawn firm and item; verify says yes, against the registry too."""
    visits = FileBook(city / "双随机台账.xlsm").read(["visits"])["visits"]
    roster = next((city / "公示").glob("*.csv")).read_text(encoding="utf-8-sig").splitlines()
    assert len(roster) == 1 + 3 * len(visits) > 900
    record = next(city.rglob("draw.json")).parent
    capsys.readouterr()
    assert cli.answer(["verify", str(record), "--book", str(city / "双随机台账.xlsm")]) == 0
    assert "核验结论：是（已核的步骤都对；没有核的：纸上承诺值）" in capsys.readouterr().out
