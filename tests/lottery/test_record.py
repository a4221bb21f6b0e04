"""What is written at the freeze is read back, and a change in between is refused and located."""

from __future__ import annotations

import json

import pytest

from ssj_xlwings.lottery import record
from ssj_xlwings.lottery.draw import draw
from ssj_xlwings.types import Refusal
from tests.lottery import sample


@pytest.fixture
def place(tmp_path):
    sample.write(tmp_path / "1-任务", record.freeze_files(sample.frozen()))
    return tmp_path / "1-任务"


def edit(path, old, new, count=1):
    """Replace bytes in a file; the test fails if they are not there."""
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, count))


def test_round_trip(place):
    """The frozen draw of a folder is the one that was frozen, and draws the same."""
    fixed = sample.frozen()
    assert record.load_frozen(place, fixed.commitment) == fixed
    assert draw(record.load_frozen(place), sample.SAID) == draw(fixed, sample.SAID)


def test_empty_pool(tmp_path):
    """A draw nobody can be in is kept and read as well."""
    sample.write(tmp_path, record.freeze_files(sample.frozen([])))
    assert record.load_frozen(tmp_path).rows == []


def test_only_the_sealed_file_holds_secrets(place):
    """Until the draw neither secret stands in any other file."""
    for path in place.iterdir():
        data = path.read_text(encoding="utf-8")
        assert (sample.NONCE in data) == (sample.VEIL in data) == (path.name == "密封.json"), path.name


def test_lost_seal(place):
    """A lost sealed file is said in a sentence that tells what to do."""
    (place / "密封.json").unlink()
    with pytest.raises(Refusal, match=r"找不到密封文件 密封.json.*副本"):
        record.load_frozen(place)


def test_other_freeze(place):
    """A folder that is whole but not the one in the log is refused."""
    with pytest.raises(Refusal, match="不是同一次冻结"):
        record.load_frozen(place, "0" * 64)


def line_of(place, number):
    return (place / "pool.tsv").read_bytes().split(b"\n")[number - 1] + b"\n"


def stratum(line, new):
    """The line of pool.tsv with another class."""
    id_, _, items = line.split(b"\t")
    return b"\t".join((id_, new, items))


POOL = {
    "a class": lambda line: stratum(line, b"B" if b"\tA\t" in line else b"A"),
    "an item": lambda line: line.replace(b"DJ01,SP01", b"SP01") if b"," in line else line.replace(b"DJ01", b"SP01"),
    "the last character of a code": lambda line: line.replace(b"\t", b"0\t", 1),
    "a line removed": lambda _: b"",
    "a line added": lambda line: line + line.replace(b"\t", b"Z\t", 1),
    "the order": lambda line: b"9" + line,
    "an unknown class": lambda line: stratum(line, b"Z"),
    "a space": lambda line: line.replace(b"\t", b" \t", 1),
    "a third tab": lambda line: line.replace(b"\n", b"\t\n"),
    "bytes that are no text": lambda line: b"\xff" + line,
    "windows line end": lambda line: line.replace(b"\n", b"\r\n"),
}


@pytest.mark.parametrize("what", POOL)
@pytest.mark.parametrize("number", [1, 17, 40])
def test_changed_pool(place, what, number):
    """Whatever is changed in a line of the pool, the refusal names the file and the line."""
    line = line_of(place, number)
    new = POOL[what](line)
    edit(place / "pool.tsv", line, new)
    where = number + 1 if what == "a line added" else number
    with pytest.raises(Refusal, match=rf"pool.tsv 第 {where} 行"):
        record.load_frozen(place)


def test_changed_pool_without_checksums(place):
    """Without the checksums the change is still refused; only the line is unknown."""
    (place / "checksums.json").unlink()
    edit(place / "pool.tsv", b"\tA\t", b"\tB\t")
    with pytest.raises(Refusal, match=r"名单和冻结时不一样：pool\.tsv 某一处"):
        record.load_frozen(place)


@pytest.mark.parametrize(("file", "old", "new", "words"), [
    ("excluded.tsv", "90天内已查", "91天内已查", "excluded.tsv.*第 1 行被改过"),
    ("excluded.tsv", "集贸市场", "集贸市场 ", "excluded.tsv 第 2 行|excluded.tsv.*第 2 行"),
    ("jurisdiction.tsv", "丛台区局", "邯山区局", "jurisdiction.tsv.*第 1 行被改过"),
    ("frozen.json", '"HD-03"', '"HD-0x"', "检查人员.*第 4 人（证号 HD-0x）"),
    ("frozen.json", '"available": true', '"available": false', "检查人员.*第 1 人（证号 HD-00）"),
    ("frozen.json", '"minimum": 1', '"minimum": 2', "方案.*inner_plan 的“minimum”"),
    ("frozen.json", '"A": "0.1"', '"A": "0.2"', "方案.*inner_plan 的“rates”"),
    ("frozen.json", "等于其一", "不等于", "方案.*inner_plan 的“scope”"),
    ("frozen.json", "2026-04-30", "2026-05-30", "方案.*open_plan 的“window”"),
    ("frozen.json", "张三", "张四", "方案.*open_plan 的“slots”"),
    ("frozen.json", '"attempt": 1', '"attempt": 2', "方案.*open_plan 的“attempt”"),
    ("frozen.json", '"pool": 40', '"pool": 41', "40 行.*41 行"),
    ("frozen.json", '"protocol": "ssj-draw/1"', '"protocol": "ssj-draw/2"', "ssj-draw/2"),
    ("frozen.json", '"mode"', '"mood"', "缺少“mode”"),
    ("frozen.json", "{", "[", "frozen.json 第 1 行|frozen.json 第 2 行"),
    ("密封.json", 'nonce": "00', 'nonce": "01', "commitment"),
    ("密封.json", 'veil": "ff', 'veil": "fe', "veil"),
    ("密封.json", 'veil": "ff', 'veil": "FF', "密封.json 的 veil"),
])
def test_changed_between(place, file, old, new, words):
    """A change to staff, plan, lists or secrets is refused, with file and place."""
    edit(place / file, old.encode(), new.encode())
    with pytest.raises(Refusal, match=words):
        record.load_frozen(place)


@pytest.mark.parametrize("key", ["root", "inner", "plan", "commitment"])
def test_changed_digest(place, key):
    """A digest that is not that of the files is named."""
    stated = json.loads((place / "frozen.json").read_bytes())
    edit(place / "frozen.json", f'"{key}": "{stated[key]}"'.encode(), f'"{key}": "{"0" * 64}"'.encode())
    with pytest.raises(Refusal, match=key):
        record.load_frozen(place)


@pytest.mark.parametrize("file", ["pool.tsv", "excluded.tsv", "jurisdiction.tsv", "frozen.json"])
def test_missing_file(place, file):
    """A missing file is named."""
    (place / file).unlink()
    with pytest.raises(Refusal, match=f"缺少文件 {file}"):
        record.load_frozen(place)
