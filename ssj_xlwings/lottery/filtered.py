"""From an AutoFilter to conditions of a scope; and what of it no condition can say."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.lottery.scope import Condition
from ssj_xlwings.package.areas import letters
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.sentences import scope as say
from ssj_xlwings.vocabulary.tables import SUBJECTS
from ssj_xlwings.vocabulary.values import SEPARATORS, canonical, is_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ssj_xlwings.types import Column
    from ssj_xlwings.vocabulary.filters import Filter, Filtered, Test

WILD = re.compile(r"[*?~]")
WITHIN = re.compile(r"\*([^*?~]+)\*")
SERIAL = re.compile(r"[0-9]{1,7}")
SHOWN = 5


class Taken(NamedTuple):
    """`conditions`: rows of 抽查范围; `left`: a sentence for each column whose filter could not be taken over."""

    conditions: list[Condition]
    left: list[str]


class _Left(Exception):
    """Why a filter cannot be said as conditions."""


def take(filtered: Filtered) -> Taken:
    """The conditions that mean what the filters mean, column by column: all of a column's filter, or none of it."""
    taken = Taken([], [])
    for one in filtered.filters:
        name = filtered.names.get(one.number, "")
        try:
            if not name:
                raise _Left(say.NOT_OURS)
            if one.other:
                raise _Left(say.SORT)
            taken.conditions.extend(_conditions(SUBJECTS.column(name), one))
        except _Left as why:
            column = SUBJECTS.column(name).header if name else letters(one.number)
            taken.left.append(say.LEFT.format(column=column, seen=one.other or _seen(one), why=why))
    return taken


def _seen(one: Filter) -> str:
    texts = [f"{'' if test.operator == '=' else test.operator}{test.text or say.BLANK}" for test in one.tests[:SHOWN]]
    more = say.MORE.format(count=len(one.tests)) if len(one.tests) > SHOWN else ""
    return (say.AND if one.every else say.OR).join(texts) + more


def _conditions(column: Column, one: Filter) -> list[Condition]:
    if one.every or len(one.tests) == 1:
        return [_single(column, test) for test in one.tests]
    if any(test.operator != "=" for test in one.tests):
        raise _Left(say.MIXED)
    texts = [test.text for test in one.tests]
    words = [text for text in texts if text]
    if any(WILD.search(word) for word in words):
        if "" in texts or not all(WITHIN.fullmatch(word) for word in words):
            raise _Left(say.PATTERN)
        return [_row(column, codelists.HOLDS, [word[1:-1] for word in words])]
    row = _row(column, codelists.ANY_OF, words)
    if "" in texts and column.default not in [canonical(word, column.kind) for word in words]:
        raise _Left(say.BLANK_OR)
    return [row]


def _single(column: Column, test: Test) -> Condition:
    """One test as a condition. A blank cell counts as the column's default in a scope, but not for 为空."""
    same = test.operator == "="
    if test.operator not in ("=", "<>"):
        return _compared(column, test)
    if not test.text.strip():
        return Condition(column.header, codelists.BLANK if same else codelists.FILLED, "")
    if WILD.search(test.text):
        if not WITHIN.fullmatch(test.text):
            raise _Left(say.PATTERN)
        return _row(column, codelists.HOLDS if same else codelists.LACKS, [test.text[1:-1]])
    return _row(column, codelists.ANY_OF if same else codelists.NONE_OF, [test.text])


def _row(column: Column, condition: str, words: Sequence[str]) -> Condition:
    if any(SEPARATORS.search(word) for word in words):
        raise _Left(say.SEPARATED)
    return Condition(column.header, condition, "、".join(canonical(word, column.kind) for word in words))


def _compared(column: Column, test: Test) -> Condition:
    """Before or since a day: of whole days, after one is since the next."""
    text = canonical(float(test.text), "date") if SERIAL.fullmatch(test.text) else canonical(test.text, "date")
    if column.kind != "date" or not is_date(text):
        raise _Left(say.NOT_A_DATE if column.kind == "date" else say.SORT)
    day = date.fromisoformat(text) + timedelta(days=test.operator in (">", "<="))
    return Condition(column.header, codelists.SINCE if test.operator.startswith(">") else codelists.BEFORE, day.isoformat())
