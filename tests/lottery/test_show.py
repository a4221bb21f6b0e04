"""The draw show in Chromium: winners in calling order and none before its key, hostile names, any number, both projectors."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from itertools import pairwise
from types import SimpleNamespace

import pytest

from ssj_xlwings.lottery import show
from ssj_xlwings.lottery.draw import draw
from ssj_xlwings.vocabulary.sentences import show as say
from tests.browser import browser, needs_chromium
from tests.lottery import sample

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
HOSTILE = ["</script><script>document.title='hacked'</script>商行", "<img src=x onerror=\"document.title='hacked'\">铺", "a&amp;b \u2028 ${alert(1)} {number}"]
LONG = "中国（河北）自由贸易试验区涉县龙虎乡太行山干果核桃花椒柴胡连翘种植加工仓储物流运输电子商务及乡村旅游综合开发农民专业合作社联合社有限责任公司龙虎营业部"


def facts(winners: list[str]) -> dict:
    """A page's facts around these winners."""
    return {"head": "甲局", "title": "第一批</title><script>document.title='hacked'</script>", "unit": "户", "counts": "名单 9 户", "recorded": "已记入",
            "facts": [["种子", "c07a"]], "roll": [f"池中{number}" for number in range(30)], "winners": winners}


def held(page: bytes) -> dict:
    """The data that a page carries."""
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page.decode(), re.DOTALL)[1])


@pytest.fixture(scope="module")
def tab(tmp_path_factory):
    """Chromium on a projector of 1280 × 720."""
    needs_chromium()
    with browser(tmp_path_factory.mktemp("profile"), 1280, 720) as driver:
        yield driver


@pytest.fixture
def opened(tab, tmp_path):
    """Open a page from its file, on a screen of that size; press keys, read what is seen."""
    def page(data: bytes, width: int = 1280, height: int = 720):
        (tmp_path / "揭 晓&.html").write_bytes(data)
        tab.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        tab.get((tmp_path / "揭 晓&.html").as_uri())
        return SimpleNamespace(
            press=lambda *keys: [tab.find_element("tag name", "body").send_keys(key) for key in keys], reload=tab.refresh,
            seen=lambda: tab.execute_script("return document.body.innerText"), stage=lambda: tab.execute_script("return document.getElementById('now').textContent"),
            listed=lambda: tab.execute_script("return [...document.querySelectorAll('#list span')].map(one => one.textContent)"),
        )
    return page


def through(page, count: int) -> list[str]:
    """What the stage held after each two keys."""
    found = []
    for _ in range(count):
        page.press(" ", " ")
        found.append(page.stage())
    return found


def test_the_recorded_winners_in_calling_order(opened):
    """A real draw: nothing of a winner is seen before the key, each comes at its turn, and the page says what was recorded before."""
    frozen = sample.frozen()
    drawn = draw(frozen, sample.SAID)
    names = {row.id: f"第{number}号商行" for number, row in enumerate(frozen.rows)}
    winners = [names[visit.id] for visit in drawn.visits]
    page = opened(show.page(show.Ceremony("第一批", "甲局", 1, 3, NOW), frozen, drawn, names))
    seen = page.seen()
    assert not any(name in seen for name in winners)
    assert say.START in seen
    assert say.RECORDED.format(seq=3, time="2026-03-02 09:30:00") in seen
    assert f"名单 40 户，抽中 {len(winners)} 户" in seen
    assert f"{frozen.commitment[:4]} {frozen.commitment[4:8]}" in seen
    assert drawn.seed in seen.replace(" ", "")
    page.press(" ")
    assert page.listed() == []
    assert page.stage() in names.values()
    page.press(" ")
    assert page.stage() == winners[0]
    assert page.listed() == winners[:1]
    assert through(page, len(winners) - 1) == winners[1:]
    page.press(" ")
    assert page.listed() == winners[: len(page.listed())]


def test_again_all_and_reload(opened):
    """R and a reload begin anew with nothing shown; A shows all at once, page by page, in order."""
    winners = [f"企业{number}" for number in range(300)]
    page = opened(show.html(facts(winners)))
    assert through(page, 12) == winners[:12]
    page.press("r")
    assert (page.listed(), page.stage()) == ([], say.START)
    page.press("A")
    found = page.listed()
    while len(found) < len(winners):
        page.press(" ")
        found += page.listed()
    assert found == winners
    page.press(" ")
    assert page.listed()[-1] == winners[-1]
    page.reload()
    assert (page.listed(), page.stage()) == ([], say.START)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("count", [1, 12, 300])
def test_readable_on_projectors(opened, tab, count, width, height):
    """No name is cut, nothing leaves the screen, ordinary names are at least a thirtieth of its height: while one is revealed and at the end."""
    winners = [LONG, *(f"河北涉县第{number}食品商贸有限公司" for number in range(1, count))][:count]
    page = opened(show.html(facts(winners)), width, height)
    for keys in ((" ", " "), ("a",)):
        page.press(*keys)
        cut, least, tall, wide = tab.execute_script("""
            const lines = [...document.querySelectorAll('#list li')], stage = document.getElementById('now');
            const boxes = [[stage, stage], ...lines.map(line => [line, line.lastChild])];
            const over = boxes.filter(([box, text]) => box.clientHeight && (text.scrollHeight > box.clientHeight + 1 || text.scrollWidth > text.clientWidth + 1)).map(([box]) => box);
            const small = lines.slice(1).map(line => parseFloat(getComputedStyle(line.lastChild).fontSize));
            return [over.map(one => one.textContent), Math.min(...small, innerHeight), document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth];
        """)
        assert (cut, tall, wide) == ([], 0, 0)
        assert least >= height / 32


def test_hostile_names_stay_text(opened, tab):
    """A firm named like a script is a firm; the page fetches nothing and reports no fault."""
    for kind in ("browser", "performance"):
        tab.get_log(kind)
    page = opened(show.html(facts(HOSTILE)))
    assert through(page, 3) == HOSTILE
    page.press("a")
    assert page.listed() == HOSTILE
    assert tab.title.startswith("第一批</title>")
    assert tab.get_log("browser") == []
    sent = [json.loads(entry["message"])["message"] for entry in tab.get_log("performance")]
    urls = {one["params"]["request"]["url"].split(":")[0] for one in sent if one["method"] == "Network.requestWillBeSent"}
    assert urls <= {"file", "data"}


def test_what_rolls_tells_nothing():
    """At most 300 of a pool roll, evenly spaced by id; no ticket, class or secret stands in the page; a quick draw rolls numbers, not people."""
    assert show.sample(3) == [0, 1, 2]
    places = show.sample(1_000_000)
    assert len(places) == show.SAMPLE
    assert {after - before for before, after in pairwise(places)} <= {3333, 3334}
    frozen = sample.frozen()
    drawn = draw(frozen, sample.SAID)
    page = show.page(show.Ceremony("第一批", "甲局", 1, 3, NOW), frozen, drawn, {})
    data = held(page)
    assert data["roll"] == [row.id for row in frozen.rows] == sorted(data["roll"])
    secrets = {frozen.veil, frozen.nonce, frozen.root, *(visit.ticket for visit in drawn.visits)}
    assert not any(secret.encode() in page for secret in secrets)
    frozen.open_plan["tasks"][0] = "快抽-20260302-01"
    assert held(show.page(show.Ceremony("值班", "甲局", 1, 3, NOW), frozen, drawn, {}))["roll"][:2] == ["1 号", "2 号"]


def test_names_that_are_alike():
    """Two winners of one name carry their codes; a name that stands alone does not."""
    assert show.labels([("1", "甲"), ("2", "乙"), ("3", "甲")]) == ["甲（1）", "乙", "甲（3）"]
