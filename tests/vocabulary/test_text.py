"""Texts asked about many at once: the same answers as one by one."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from ssj_xlwings.vocabulary import text

TEXTS = st.lists(st.text(st.sampled_from("aB1 \n\t\u3000\u00a0\u0301é中Ａ１\u200b\ufeff\ud7ff\u1100\u1161(（"), max_size=6), max_size=8)


@given(TEXTS)
@example(["甲", "\u0301"])
@example(["a", " "])
@example([""])
def test_many_normal_at_once(texts):
    """What is said to be surely normal is normal, each text of it; plain codes are always said to be so."""
    assert not text.surely_normal(texts) or all(text.is_normal(one) for one in texts)
    assert text.surely_normal([f"91130400{at:010d}" for at in range(len(texts) + 1)])


@given(TEXTS)
@example(["a\n", "b"])
def test_many_folded_at_once(texts):
    """Folding a list is folding each of it."""
    assert text.all_folded(texts) == [text.folded(one) for one in texts]


@given(TEXTS)
def test_many_cleaned_at_once(texts):
    """Making a list normal is making each of it normal."""
    assert text.all_normal(texts) == [text.normal(one) for one in texts]
