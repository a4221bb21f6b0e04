"""D, json and the tree."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssj_xlwings.lottery import merkle
from ssj_xlwings.lottery.digest import canonical, digest, pairs_digest, parse, pretty
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.text import is_normal

texts = st.text(max_size=6).filter(is_normal)
values = st.recursive(
    st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=8,
)


def test_by_hand():
    """The digest is what `printf … | sha256sum` gives."""
    assert digest("ticket", "KEY", "ID", "BLIND") == sha256(b"ssj-draw/1\tticket\tKEY\tID\tBLIND").hexdigest()


@given(values)
def test_read_back(value):
    """What is written canonically or for people reads back as it was, and canonical text is one text a value."""
    assert parse(canonical(value), "x") == value
    assert parse(pretty(value).decode(), "x") == value
    assert canonical(json.loads(pretty(value))) == canonical(value)


@pytest.mark.parametrize("value", [None, 1.5, 2**53, -(2**53), " a", "a\t", "e\u0301", "a\u200b", {"a ": 1}, {1: 2}, [None], "\ud800"])
def test_not_writable(value):
    """Null, fractions, large integers and texts that are not normal are refused, at any depth."""
    with pytest.raises(Refusal):
        canonical([value])


@pytest.mark.parametrize(("text", "line"), [
    ('{"a":1,\n"a":2}', 2), ('{"a":\n1.0}', 2), ("[NaN]", 1), ("[9007199254740992]", 1), ("[\n null]", 0), ('{"a"', 1), ("[" * 100000, 1), ('["\\ud800"]', 0),
    ("[" + "9" * 5000 + "]", 1), ('[" a"]', 0), ("", 1),
])
def test_not_readable(text, line):
    """Keys written twice, fractions, NaN, null, large integers, damaged and bottomless JSON are refused with their line."""
    with pytest.raises(Refusal) as why:
        parse(text, "x.json")
    if line:
        assert f"x.json 第 {line} 行" in str(why.value)


def mth(leaves: list[str]) -> bytes:
    """RFC 9162 §2.1.1 word for word."""
    if len(leaves) <= 1:
        return sha256(b"\x00" + leaves[0].encode()).digest() if leaves else sha256(b"").digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + mth(leaves[:split]) + mth(leaves[split:])).digest()


@pytest.mark.parametrize("size", [*range(20), 1023, 1024, 1025, 2047, 2048, 2049, 3072, 5000])
def test_tree(size):
    """The root in blocks is the root of the definition."""
    leaves = [str(i) for i in range(size)]
    assert merkle.root(leaves) == mth(leaves).hex()


@settings(max_examples=60)
@given(st.data())
def test_path(data):
    """Every leaf's path leads to the root; another leaf, index, size or path does not."""
    size = data.draw(st.integers(1, 70))
    index = data.draw(st.integers(0, size - 1))
    leaves = [str(i) for i in range(size)]
    path, root = merkle.path(leaves, index), merkle.root(leaves)
    assert merkle.root_of_path(leaves[index], index, size, path) == root
    assert merkle.root_of_path("x", index, size, path) != root
    other = data.draw(st.integers(0, size - 1).filter(lambda i: i != index)) if size > 1 else 0
    if size > 1:
        assert _root_or_none(leaves[index], other, size, path) != root
    for bad in ([*path, "0" * 64], path[:-1] if path else ["0" * 64], [*path[1:], "A" * 64]):
        assert _root_or_none(leaves[index], index, size, bad) is None
    for place in (-1, size):
        assert _root_or_none(leaves[index], place, size, path) is None


def _root_or_none(leaf, index, size, path):
    try:
        return merkle.root_of_path(leaf, index, size, path)
    except Refusal:
        return None


@pytest.mark.parametrize("size", [0, 1, 2, 10_000, 10_001, 20_500])
@pytest.mark.parametrize("odd", ["", '引"号', "斜\\线"])
def test_pairs_piece_by_piece(size, odd):
    """The digest of a list of pairs is D of its canonical text, however many there are and whatever JSON escapes in them."""
    pairs = [(f"{number:018d}", odd or f"第{number % 7}所") for number in range(size)]
    assert pairs_digest("jurisdiction", pairs) == digest("jurisdiction", canonical([list(pair) for pair in pairs]))
