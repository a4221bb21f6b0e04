"""A whole quick draw, made by `ssj quick` and `ssj draw`, given to the page and to Python: the same verdict, step by step."""

from __future__ import annotations

import json
import shutil

import pytest

from ssj_xlwings.lottery import log, page
from ssj_xlwings.lottery.digest import canonical
from ssj_xlwings.lottery.verify import verify
from tests.browser import browser, needs_chromium
from tests.doors.test_quick import NUMBER, SAY, meeting, quick
from tests.lottery.test_page import LOG, ask, of_folder, steps
from tests.lottery.test_record import edit

__all__ = ["meeting"]
KEPT = ("draw.json", "public.json", "pool.tsv", "excluded.tsv", "checksums.json", LOG)
"""What decides; the secrets and the paper lie beside them."""


@pytest.fixture(scope="module")
def tab(tmp_path_factory):
    needs_chromium()
    place = tmp_path_factory.mktemp("quick")
    (place / "核验.html").write_bytes(page.html())
    with browser(place / "profile") as driver:
        driver.get((place / "核验.html").as_uri())
        yield driver


@pytest.fixture
def record(meeting):
    """The folder of the record, its log among the files, as somebody carries it to another machine."""
    meeting.good(*quick(meeting, take=3))
    meeting.good("draw", meeting.book, NUMBER, *SAY)
    copy = meeting.folder / "拷贝"
    shutil.copytree(meeting.record, copy)
    shutil.copy(meeting.archive / LOG, copy / LOG)
    assert {path.name for path in copy.iterdir()} >= set(KEPT)
    return copy


def both(tab, place) -> tuple[list[tuple[int, str, str, str]], list[tuple[int, str, str, str]]]:
    """What the page says, and what Python says."""
    return steps(ask(tab, of_folder(place))), [tuple(step) for step in verify(place, log=log.read(place / LOG)).steps]


def test_green(tab, record):
    """All thirteen steps in the same words, but for the source, which the page never has; with the slip, step 2 too."""
    seen, want = both(tab, record)
    assert seen[:12] == want[:12]
    assert len(seen) == len(want) == 13
    assert [step[2] for step in seen] == ["是", "未核", *["是"] * 10, "未核"]
    slip = json.loads((record / "draw.json").read_bytes())["commitment"]
    seen = steps(ask(tab, of_folder(record), slip))
    assert seen[:12] == [tuple(step) for step in verify(record, slip=slip, log=log.read(record / LOG)).steps][:12]
    assert seen[1][2] == "是"


def drawn(place) -> dict:
    return json.loads((place / "draw.json").read_bytes())


def in_draw(place, change) -> None:
    """draw.json with its value changed."""
    value = drawn(place)
    change(value)
    (place / "draw.json").write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


def in_log(place, number: int, change) -> None:
    """One row of the log changed, the chain not made anew."""
    rows = [json.loads(line) for line in (place / LOG).read_text(encoding="utf-8").splitlines()]
    change(rows[number])
    (place / LOG).write_text("".join(canonical(row) + "\n" for row in rows), encoding="utf-8")


def loser(place) -> str:
    winners = {visit["id"] for visit in drawn(place)["visits"]}
    return next(id_ for id_ in (line.split("\t")[0] for line in (place / "pool.tsv").read_text(encoding="utf-8").splitlines()) if id_ not in winners)


def another_winner(place) -> None:
    other = loser(place)
    in_draw(place, lambda value: value["visits"][0].update(id=other, name=other))


TAMPERINGS = {
    "somebody renamed": (4, lambda place: edit(place / "pool.tsv", "李四".encode(), "李五".encode())),
    "somebody left out": (3, lambda place: edit(place / "pool.tsv", "李四\t全部\t抽取\n".encode(), b"")),
    "the hidden row": (5, lambda place: edit(place / "excluded.tsv", "钱七".encode(), "钱八".encode())),
    "a said number": (7, lambda place: in_draw(place, lambda value: value["said"][0].__setitem__(1, "384730"))),
    "the seed": (7, lambda place: in_draw(place, lambda value: value.update(seed="0" * 64))),
    "the veil": (4, lambda place: in_draw(place, lambda value: value.update(veil="0" * 64))),
    "the nonce": (6, lambda place: in_draw(place, lambda value: value.update(nonce="0" * 64))),
    "how many are drawn": (5, lambda place: in_draw(place, lambda value: value["inner_plan"]["rates"]["抽取"]["全部"].update(n=4))),
    "another winner": (8, another_winner),
    "the calling order": (8, lambda place: in_draw(place, lambda value: value["visits"].reverse())),
    "the saved visits": (8, lambda place: in_draw(place, lambda value: value.update(saved=1))),
    "the freeze row": (10, lambda place: in_log(place, 0, lambda row: row.update(operator="别人"))),
    "the draw row": (10, lambda place: in_log(place, 2, lambda row: row.update(hash="0" * 64))),
    "the public record": (11, lambda place: edit(place / "public.json", b'"drawn": 3', b'"drawn": 2')),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampered(tab, record, what):
    """Each change is red at its step in both, every step before it alike, and the first difference told in the same words."""
    step, change = TAMPERINGS[what]
    change(record)
    seen, want = both(tab, record)
    assert [one[:3] for one in seen] == [one[:3] for one in want], (seen, want)
    red = [one for one in seen if one[2] == "否"]
    assert [one[0] for one in red] == [step], seen
    assert red == [one for one in want if one[2] == "否"]
