"""The chained log."""

from __future__ import annotations

import json

import pytest

from ssj_xlwings.lottery import log
from ssj_xlwings.types import LogRow, Refusal
from tests.lottery import sample


@pytest.fixture
def chain():
    found: list[dict[str, str]] = []
    for event in ("冻结", "报数", "抽取", "作废"):
        sample.add(found, event, {"甲": event})
    sample.add(found, "冻结", {}, 2)
    return found


def test_round_trip(tmp_path, chain):
    """Rows read back as they were appended; a log that was never begun is empty."""
    path = tmp_path / "簿" / "抽取记录.jsonl"
    assert log.read(path) == []
    for row in chain:
        log.append(path, row)
    assert log.read(path) == chain
    assert log.walk(chain) is None
    assert [row["seq"] for row in chain] == ["1", "2", "3", "4", "5"]
    assert chain[0]["before"] == ""
    assert chain[0]["time"] == "2026-03-02T01:00:00Z"
    assert log.data(chain[1]) == {"甲": "报数"}


@pytest.mark.parametrize("field", ["seq", "time", "task", "event", "attempt", "operator", "note", "data", "before", "hash"])
def test_a_changed_field_breaks_the_chain(chain, field):
    """Any change to any field of a row is found at that row."""
    chain[2] = {**chain[2], field: chain[2][field] + "1"}
    broken = log.walk(chain)
    assert broken is not None
    assert broken[0] == 3


def test_removed_or_swapped_rows_break_the_chain(chain):
    """A row taken out, put elsewhere, or rehashed alone is found."""
    assert log.walk(chain[1:])[0] == 1
    assert log.walk([*chain[:1], *chain[2:]])[0] == 2
    assert log.walk([chain[1], chain[0], *chain[2:]])[0] == 1
    forged = {**chain[1], "note": "x"}
    forged["hash"] = log.fingerprint(forged)
    assert log.walk([chain[0], forged, *chain[2:]])[0] == 3


@pytest.mark.parametrize("damage", [
    lambda t: t.replace('"seq":"2"', '"seq":2'), lambda t: t.replace('"attempt":"1"', '"attempt":"x"'), lambda t: t.replace('"note"', '"more"'),
    lambda t: t.replace('"hash"', '"also":"1","hash"'), lambda t: t.replace("\n", "\n\n", 1),
])
def test_damaged_file(tmp_path, chain, damage):
    """A damaged file is refused with its name and the line."""
    path = tmp_path / "抽取记录.jsonl"
    for row in chain:
        log.append(path, row)
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8", newline="")
    with pytest.raises(Refusal, match=r"抽取记录.jsonl 第 \d 行"):
        log.read(path)


def test_compare(chain):
    """A sheet that is behind gets the missing rows; a sheet that differs or is ahead is refused, sorted or not."""
    assert log.compare(chain, chain) == []
    assert log.compare(chain[1::-1], chain) == chain[2:]
    with pytest.raises(Refusal, match="只有 4 行"):
        log.compare(chain, chain[:4])
    with pytest.raises(Refusal, match="第 2 条的“说明”"):
        log.compare([chain[0], {**chain[1], "note": "x"}], chain)


def test_state(chain):
    """A task's state is that of its last attempt."""
    assert log.state(chain, "别的") == log.State("", 0)
    assert log.state(chain[:1], sample.TASK) == log.State("冻结", 1, chain[0])
    assert log.state(chain[:3], sample.TASK) == log.State("抽取", 1, chain[0], chain[1], chain[2])
    assert log.state(chain[:4], sample.TASK) == log.State("作废", 1, chain[0], chain[1], chain[2])
    assert log.state(chain[:4], sample.TASK).next_attempt == 2
    assert log.state(chain, sample.TASK) == log.State("冻结", 2, chain[4])


def test_texts_are_normal(chain):
    """A row with a text that is not normal is refused, not mended."""
    with pytest.raises(Refusal):
        log.make(chain, LogRow("t", "冻结", 1, "a\nb", {}), sample.NOW, "王五")
    assert json.loads(chain[0]["data"]) == {"甲": "冻结"}


def test_a_line_never_finished_does_not_count(tmp_path, chain):
    """A line cut off by a power failure is not read, and the next one puts it aside without touching those before."""
    path = tmp_path / "log.jsonl"
    log.append(path, chain[0])
    path.write_bytes(path.read_bytes() + b'{"attempt":"1","bef')
    assert log.read(path) == chain[:1]
    log.append(path, chain[1])
    assert log.read(path) == chain[:2]
    assert [torn.read_bytes() for torn in tmp_path.glob("*.torn")] == [b'{"attempt":"1","bef']
