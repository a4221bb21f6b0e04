"""统一社会信用代码: our form rule with python-stdnum's check digit."""

import random

from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as reference

from ssj_xlwings.registry import uscc
from ssj_xlwings.vocabulary.sentences import registry as say
from tests.registry.book import code

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def test_real_codes_and_letter_initial_codes():
    """Registered codes are right; so are those that stdnum rejects for their first letters."""
    assert uscc.fault("91130406105684509Y") is None
    assert uscc.fault(code(7, "N2130402")) is None


@given(st.from_regex(r"[0-9]{8}", fullmatch=True), st.text(ALPHABET, min_size=10, max_size=10))
def test_agrees_with_stdnum_where_that_accepts_the_form(head, rest):
    """On codes of eight leading digits both say the same."""
    assert (uscc.fault(head + rest) is None) == reference.is_valid(head + rest)


@given(st.integers(0, 9_999_999), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(number, place, other):
    """The check digit catches every single slip."""
    right = code(number)
    slip = right[:place] + other + right[place + 1:]
    assert (uscc.fault(slip) is None) == (slip == right)


def test_what_is_said():
    """Length, form and digit have a sentence each; an old 15-digit number passes."""
    assert uscc.fault("130406000012345") is None
    assert uscc.fault("12345")[0] is say.CODE_LENGTH
    assert uscc.fault(code(1).lower())[0] is say.CODE_FORM
    assert uscc.fault(code(1)[:17] + ("0" if code(1)[17] != "0" else "1")) == (say.CODE_DIGIT, {"allowed": code(1)[17]})


def test_the_quick_way_agrees_with_the_library():
    """Of 2 000 codes, every second with a digit changed, exactly those are refused whose last digit python-stdnum says otherwise."""
    chance = random.Random(5)
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    for number in range(2000):
        body = f"9{chance.choice('123')}{chance.randrange(10**6):06d}" + "".join(chance.choices(alphabet.replace("L", ""), k=9))
        code = body + reference.calc_check_digit(body)
        if number % 2:
            at = chance.randrange(2, 8)
            code = code[:at] + chance.choice("0123456789") + code[at + 1:]
        wrong = uscc.fault(code)
        assert (wrong is None) == (reference.calc_check_digit(code[:17]) == code[17]), code


@given(st.lists(st.one_of(
    st.text(max_size=20), st.from_regex(r"[0-9A-Z]{17,19}", fullmatch=True), st.builds(code, st.integers(0, 9_999_999)),
    st.builds(lambda number, place, other: code(number)[:place] + other + code(number)[place + 1:], st.integers(0, 9_999_999), st.integers(0, 17), st.characters()),
)))
def test_all_at_once_is_never_more_lenient(codes):
    """Whatever stands in the column: a code that is surely right has no fault, and of those with eighteen characters none without fault is missed."""
    for one, right in zip(codes, uscc.surely_right(codes), strict=True):
        assert right == (len(one) == 18 and uscc.fault(one) is None), one
