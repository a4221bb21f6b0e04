"""The power fails between the log row of a draw and its files: the next command makes them again, to the byte."""

from __future__ import annotations

import json
from hashlib import sha256

import openpyxl
import pytest

from ssj_xlwings.doors import run
from ssj_xlwings.lottery import log
from ssj_xlwings.vocabulary.lookup import records
from ssj_xlwings.vocabulary.sentences import show
from tests.doors.test_adopt import VOID
from tests.doors.test_quick import NUMBER, SAY, quick

WRITTEN = ("draw.json", "public.json", show.FILE, "核验.html")
SIGNED = "抽取证明-*.xlsx"


@pytest.fixture
def cut(desk, monkeypatch):
    """Draws as the power fails: the row is in the log file, and neither files nor workbook are written. A call gives the status."""
    def draw(*words: object) -> int:
        def fails(outcome):
            if outcome.log and outcome.log["event"] == "抽取":
                raise OSError("power")
            return whole(outcome)

        whole = run.write_files
        with monkeypatch.context() as patched:
            patched.setattr(run, "write_files", fails)
            return desk.ssj("draw", desk.book, *words)[0]

    return draw


def kept(desk, names=WRITTEN) -> dict[str, bytes]:
    return {name: (desk.record / name).read_bytes() for name in names}


def cells(path) -> list[tuple[object, ...]]:
    """What stands on a paper."""
    return list(openpyxl.load_workbook(path).active.values)


def test_a_draw_cut_off_before_its_files(desk, cut):
    """The next command makes draw.json, public.json, the show and the page again, with the digests that the log holds, and fills the
    sheets; record and log are verified.
    """
    desk.freeze()
    assert cut("第一批", "--say", "张三=384729", "--say", "李四=000007") == 2
    assert not {path.name for path in desk.record.iterdir()} & set(WRITTEN)
    assert not len(desk.read("visits"))
    desk.ssj("check", desk.book)
    held = log.data(records(desk.read("log"))[-1])
    assert {sha256(data).hexdigest() for name, data in kept(desk).items() if name in ("draw.json", show.FILE)} == {held["record"], held["show"]}
    assert len(list(desk.record.glob(SIGNED))) == 1
    assert list(desk.read("visits")["subject"]) == [visit["id"] for visit in json.loads(kept(desk)["draw.json"])["visits"]]
    assert "核验结论：是" in desk.good("verify", desk.record, "--book", desk.book)
    assert "核验结论：是" in desk.good("verify", desk.book)


@pytest.mark.parametrize("lost", [WRITTEN, *[(name,) for name in WRITTEN[:3]]], ids="、".join)
def test_what_is_lost_comes_back_as_it_was(desk, lost):
    """Of a draw that was finished, with the workbook put back: each file that is gone is written as it was, the others are left alone."""
    desk.freeze()
    former = desk.book.read_bytes()
    desk.draw()
    before, times = kept(desk), {name: (desk.record / name).stat().st_mtime_ns for name in WRITTEN}
    (paper,) = desk.record.glob(SIGNED)
    printed = cells(paper)
    for path in (paper, *(desk.record / name for name in lost)):
        path.unlink()
    desk.book.write_bytes(former)
    desk.ssj("check", desk.book)
    assert cells(paper) == printed
    assert kept(desk) == before
    assert {name for name in WRITTEN if (desk.record / name).stat().st_mtime_ns == times[name]} == set(WRITTEN) - set(lost)
    assert "核验结论：是" in desk.good("verify", desk.book)


def test_what_comes_out_otherwise_is_not_written(desk):
    """Where a firm has another name by now the files cannot be those of the log: a lost record is refused by name, and no other
    is written; a lost show alone stays lost, the workbook is brought up, and verify names it.
    """
    desk.freeze()
    former = desk.book.read_bytes()
    desk.draw()
    winner, record = desk.read("visits")["subject"].iloc[0], (desk.record / "draw.json").read_bytes()
    desk.book.write_bytes(former)
    desk.patch("subjects", desk.row("subjects", "code", winner), "name", "后来改了名的商行")
    for name in ("draw.json", show.FILE):
        (desk.record / name).unlink()
    status, said = desk.ssj("check", desk.book)
    assert status == 2
    assert not (desk.record / "draw.json").exists()
    assert "draw.json 不见了" in said
    assert "第 3 行" in said
    (desk.record / "draw.json").write_bytes(record)
    desk.ssj("check", desk.book)
    assert len(desk.read("visits"))
    assert not (desk.record / show.FILE).exists()
    assert show.FILE in desk.ssj("verify", desk.book)[1]


def test_a_quick_draw_cut_off_before_its_files(desk, cut):
    """The same for a quick draw, its paper included; and its void comes back with the mark in the public record."""
    desk.good(*quick(desk, sheet="检查对象名录库", rows="2-30", take=3))
    assert cut(NUMBER, *SAY) == 2
    assert not (desk.record / "draw.json").exists()
    assert NUMBER in desk.ssj("check", desk.book)[1]
    held = log.data(records(desk.read("log"))[-1])
    assert sha256((desk.record / "draw.json").read_bytes()).hexdigest() == held["record"]
    assert sha256((desk.record / show.FILE).read_bytes()).hexdigest() == held["show"]
    assert f"现场快抽记录-{NUMBER}.xlsx" in {path.name for path in desk.record.iterdir()}
    assert "核验结论：是" in desk.good("verify", desk.book)
    former, public = desk.book.read_bytes(), (desk.record / "public.json").read_bytes()
    desk.good("void", desk.book, NUMBER, *VOID)
    marked = (desk.record / "public.json").read_bytes()
    desk.book.write_bytes(former)
    (desk.record / "public.json").write_bytes(public)
    desk.ssj("check", desk.book)
    assert (desk.record / "public.json").read_bytes() == marked != public
