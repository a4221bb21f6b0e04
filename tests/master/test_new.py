"""`ssj new`: a workbook, or one sentence why not."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ssj_xlwings.commands.registry import new
from ssj_xlwings.types import Refusal, Request
from tests.master.books import CITY, built

if TYPE_CHECKING:
    from pathlib import Path


def asked(path: Path, **changed: str) -> Request:
    args = {"book": path, "bureau": CITY["bureau"], "division": CITY["division"], "year": "2026", **changed}
    return Request(args=args, now=datetime(2026, 1, 1, tzinfo=UTC), operator="王", entropy=lambda n: bytes(range(n)), progress=lambda _: None)


def test_new_makes_the_master(tmp_path: Path) -> None:
    """The outcome's file is the blank workbook under a book id of year and chance; nothing is written before."""
    outcome = new(asked(tmp_path / "台账.xlsx"))
    assert list(tmp_path.iterdir()) == []
    assert outcome.folder == tmp_path
    (file,) = outcome.files
    file.data(tmp_path / file.name)
    assert (tmp_path / "台账.xlsx").read_bytes() == built({**CITY, "book": "2026-000102"})
    assert "台账.xlsx" in outcome.next


def test_new_gives_an_xlsm_its_ribbon(tmp_path: Path) -> None:
    """The ending decides: .xlsm has the tab 双随机, .xlsx has not."""
    for name, there in (("台账.xlsm", True), ("台账.xlsx", False)):
        (file,) = new(asked(tmp_path / name)).files
        file.data(tmp_path / name)
        assert ("customUI/customUI.xml" in zipfile.ZipFile(tmp_path / name).namelist()) == there


@pytest.mark.parametrize(("changed", "says"), [
    ({"bureau": " "}, "没有写单位名称"),
    ({"bureau": "邯郸\u200b局"}, "U+200B"),
    ({"division": "1304"}, "6 位数字"),
    ({"division": "139903"}, "区划代码表里没有"),
    ({"year": "26"}, "4 位数字"),
])
def test_new_refuses(tmp_path: Path, changed: dict[str, str], says: str) -> None:
    """A bureau, division or year that cannot be is refused with a sentence that names it."""
    with pytest.raises(Refusal, match=says.replace("+", r"\+")):
        new(asked(tmp_path / "a.xlsx", **changed))


@pytest.mark.parametrize("name", ["a.xls", "a.xltm", "a", "a.csv"])
def test_new_makes_only_xlsm_and_xlsx(tmp_path: Path, name: str) -> None:
    """Other endings are refused, with the names to take; that with the ribbon first."""
    with pytest.raises(Refusal, match=r"a\.xlsm.*a\.xlsx"):
        new(asked(tmp_path / name))


def test_new_never_overwrites(tmp_path: Path) -> None:
    """An existing file stays as it is."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"mine")
    with pytest.raises(Refusal, match="不会覆盖"):
        new(asked(path))
    assert path.read_bytes() == b"mine"
