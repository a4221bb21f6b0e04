"""Canonical text: one way to write each kind of value."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssj_xlwings.vocabulary.text import folded, is_normal, normal, unseen
from ssj_xlwings.vocabulary.values import canonical, is_rate, percent, words

CASES = [
    ("3%", "rate", "0.03"), ("3％", "rate", "0.03"), (".03", "rate", "0.03"), ("0.030", "rate", "0.03"), (0.03, "rate", "0.03"),
    (0.1 + 0.2, "rate", "0.3"), (1, "rate", "1"), ("100%", "rate", "1"), ("0", "rate", "0"), ("5户", "rate", "5户"), ("3", "rate", "3"),
    (44000, "date", "2020-06-18"), (44000.5, "date", "2020-06-18"), ("2026年3月2日", "date", "2026-03-02"), ("2026/3/2", "date", "2026-03-02"),
    ("20260302", "date", "2026-03-02"), ("2026-02-30", "date", "2026-02-30"), ("长期", "date", "长期"), (dt.date(2026, 3, 2), "date", "2026-03-02"),
    (dt.datetime(2026, 3, 2, 9, 30), "date", "2026-03-02"), ("2026.3", "month", "2026-03"), (123.0, "code", "123"), (" ＭＡ ", "code", "ＭＡ"),
    ("012", "int", "12"), (12.0, "int", "12"), (None, "text", ""), (True, "choice", "是"), ("DJ01,SP01；\nGS01", "codes", "DJ01、SP01、GS01"),
    ("DJ01;DJ01", "codes", "DJ01、DJ01"), (float("nan"), "int", "nan"),
]


@pytest.mark.parametrize(("seen", "kind", "want"), CASES)
def test_canonical(seen, kind, want):
    """Every value that real files carry comes out in the one canonical form of its kind."""
    assert canonical(seen, kind) == want


@given(st.text(), st.sampled_from(["text", "code", "int", "rate", "date", "month", "codes"]))
def test_canonical_is_stable(text, kind):
    """What is canonical stays as it is when read again."""
    once = canonical(text, kind)
    assert canonical(once, kind) == once


@given(st.integers(0, 10000))
def test_rates_are_exact(hundredths):
    """A percentage typed with two decimals is the exact decimal, never a binary float's noise."""
    rate = canonical(f"{hundredths / 100:.2f}%", "rate")
    assert is_rate(rate)
    assert round(float(rate) * 10000) == hundredths
    assert canonical(percent(rate), "rate") == rate


@given(st.text())
def test_normal_text(text):
    """Normalising is stable, and what it yields is normal unless it holds an unseen character."""
    assert normal(normal(text)) == normal(text)
    assert is_normal(normal(text)) == (not unseen(normal(text)))


@pytest.mark.parametrize("char", ["\u200b", "\ufe00", "\u3164", "\t", "\u2028", "\ufeff"])
def test_unseen_characters_are_named(char):
    """A character nobody can see in a code is found and named."""
    assert unseen(f"91{char}MA") == f"U+{ord(char):04X}"
    assert not unseen("91130400MA0A1B2C3D 邯郸")


def test_folding_finds_one_id_written_twice():
    """Width, case and spaces do not make two firms of one."""
    assert folded("ma０ 1") == folded("MA01")


def test_words_keep_their_order():
    """Several words in a cell, whatever stands between them."""
    assert words("乙，甲、乙;丙|丁\n戊") == ["乙", "甲", "丙", "丁", "戊"]
