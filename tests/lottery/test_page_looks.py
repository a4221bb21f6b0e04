"""What the verifier page looks like on a desk's screen and on a telephone: nothing is cut off, covered or wider than the screen.

The pictures are left in the test's folder, for somebody to look at.
"""

from __future__ import annotations

import base64
import json
import shutil

import pytest

from ssj_xlwings.lottery import page
from ssj_xlwings.lottery.digest import canonical
from tests.browser import browser, needs_chromium
from tests.lottery import sample
from tests.lottery.test_page import LOG, give, receipts, shown
from tests.lottery.test_record import POOL, edit, line_of

FAULTS = """
const faults = [], seen = [], wide = document.documentElement;
if (wide.scrollWidth > innerWidth) faults.push(`the page is ${wide.scrollWidth} wide on ${innerWidth}`);
for (const box of document.querySelectorAll("body *")) {
  const style = getComputedStyle(box);
  if (box.clientWidth && style.overflowX !== "visible" && box.scrollWidth > box.clientWidth) faults.push(`cut at the side: ${box.tagName} ${box.id}`);
  if (box.clientHeight && style.overflowY !== "visible" && box.scrollHeight > box.clientHeight) faults.push(`cut below: ${box.tagName} ${box.id}`);
}
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const text = walk.currentNode, range = document.createRange();
  if (!text.data.trim() || text.parentElement.closest("script, style, textarea")) continue;
  range.selectNodeContents(text);
  let block = text.parentElement;
  while (getComputedStyle(block).display === "inline") block = block.parentElement;
  const room = block.getBoundingClientRect();
  for (const rect of range.getClientRects()) {
    if (!rect.width) continue;
    if (rect.left < room.left - 1 || rect.right > room.right + 1 || rect.bottom > room.bottom + 6 || rect.right > innerWidth) faults.push(`out of its box: ${text.data.slice(0, 30)}`);
    const other = seen.find(([data, one]) => Math.min(one.right, rect.right) - Math.max(one.left, rect.left) > 1 && Math.min(one.bottom, rect.bottom) - Math.max(one.top, rect.top) > 8);
    if (other && other[0] !== text.data) faults.push(`over each other: ${other[0].slice(0, 30)} / ${text.data.slice(0, 30)}`);
    seen.push([text.data, rect]);
  }
}
return [faults, seen.length];
"""
ANSWERS = {"green": "✓ 抽取档案：一致", "red": "✗ 抽取档案：不一致", "receipt": "✓ 企业回执：一致"}


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """What is laid onto the page: a record, the same with one class changed, and a full receipt with the public record."""
    place, chain = tmp_path_factory.mktemp("looks"), []
    green, red, firm = place / "green", place / "red", place / "receipt"
    sample.ceremony(green, chain)
    (green / LOG).write_text("".join(canonical(row) + "\n" for row in chain), encoding="utf-8")
    shutil.copytree(green, red)
    line = line_of(red, 17)
    edit(red / "pool.tsv", line, POOL["a class"](line))
    firm.mkdir()
    shutil.copy(green / "public.json", firm / "public.json")
    (firm / "回执-完整.json").write_bytes(receipts(green)["接替-True"])
    slip = json.loads((green / "draw.json").read_bytes())["commitment"][:8]
    (place / "核验.html").write_bytes(page.html())
    return place, slip


@pytest.fixture(scope="module")
def tab(given):
    needs_chromium()
    with browser(given[0] / "profile") as driver:
        yield driver


def picture(tab, width: int) -> bytes:
    """The whole page as PNG, however long."""
    height = tab.execute_script("return document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    return base64.b64decode(tab.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": clip})["data"])


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("what", ANSWERS)
def test_looks(tab, given, tmp_path, what, width):
    """Before and after the answer: no wider than the screen, every text in its box and on the screen, none over another, nothing scrolled away."""
    place, slip = given
    tab.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 600})
    tab.get((place / "核验.html").as_uri())
    tab.execute_script("document.querySelector('details').open = true")
    assert tab.execute_script("return innerWidth") == width
    assert tab.execute_script(FAULTS)[0] == []
    give(tab, sorted((place / what).iterdir()), "" if what == "red" else slip)
    assert shown(tab).startswith(ANSWERS[what])
    faults, texts = tab.execute_script(FAULTS)
    assert faults == []
    assert tab.execute_script("return innerWidth") == width  # a telephone widens its window to what does not fit
    assert texts > 30
    (tmp_path / f"{what}-{width}.png").write_bytes(picture(tab, width))


@pytest.mark.parametrize("style", ["td { white-space: nowrap !important; }", "td { max-height: 1em; overflow: hidden; display: block; }", "p { margin-bottom: -2em; }"])
def test_the_look_out_sees(tab, given, style):
    """A style that spoils the page is found: lines that do not break, cells that cut, paragraphs that run into each other."""
    place, _ = given
    tab.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True})
    tab.get((place / "核验.html").as_uri())
    give(tab, sorted((place / "green").iterdir()))
    shown(tab)
    assert tab.execute_script(FAULTS)[0] == []
    tab.execute_script("document.head.append(Object.assign(document.createElement('style'), { textContent: arguments[0] }))", style)
    assert tab.execute_script(FAULTS)[0]
