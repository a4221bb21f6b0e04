"""The scope of a task: rows of 抽查范围, replayed by machine and read out as a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.tables import SUBJECTS
from ssj_xlwings.vocabulary.values import canonical, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from ssj_xlwings.types import Column, Frame

BY_HEADER = {column.header: column for column in SUBJECTS.columns}


class Condition(NamedTuple):
    """One row of 抽查范围: a heading of 检查对象名录库, a word of codelists.CONDITIONS, a cell of values."""

    header: str
    condition: str
    value: str


def conditions(scopes: Frame) -> list[Condition]:
    """The rows of one task, sorted, so that their order in the sheet does not matter."""
    return sorted({Condition(*row) for row in zip(scopes["column"], scopes["condition"], scopes["value"], strict=True)})


def column_of(condition: Condition) -> Column:
    """The column a condition speaks of. Refusal if the registry has none of that heading."""
    if condition.header not in BY_HEADER:
        raise Refusal(say.SCOPE_COLUMN, seen=condition.header)
    return BY_HEADER[condition.header]


def inside(subjects: Frame, rows: Sequence[Condition]) -> pd.Series[bool]:
    """Which subjects meet every condition (joined by 且); all of them where there is none."""
    import pandas as pd

    kept = pd.Series(True, index=subjects.index)
    for row in rows:
        kept &= _meets(subjects, row)
    return kept


def replay(subjects: Frame, tasks: Sequence[str], frozen: Sequence[Sequence[str]]) -> list[pd.Series[bool]]:
    """Task by task, which subjects are in the scope that a plan froze: the conditions of its one task, or for several
    drawn together rows that begin with a task's number.
    """
    if len(tasks) == 1:
        return [inside(subjects, [Condition(*row) for row in frozen])]
    return [inside(subjects, [Condition(*row[1:]) for row in frozen if row[0] == task]) for task in tasks]


def _meets(subjects: Frame, row: Condition) -> pd.Series[bool]:
    column = column_of(row)
    raw = subjects[column.name]
    values = raw.where(raw != "", column.default)
    wanted = [canonical(word, column.kind) for word in words(row.value)]
    several = column.kind == "codes"
    match row.condition:
        case codelists.ANY_OF:
            return values.map(lambda cell: any(w in words(cell) for w in wanted)) if several else values.isin(wanted)
        case codelists.NONE_OF:
            return ~values.map(lambda cell: any(w in words(cell) for w in wanted)) if several else ~values.isin(wanted)
        case codelists.HOLDS:
            return values.map(lambda cell: any(word in cell for word in wanted)).astype(bool)
        case codelists.LACKS:
            return ~values.map(lambda cell: any(word in cell for word in wanted)).astype(bool)
        case codelists.BEFORE:
            return (values != "") & (values < canonical(row.value, "date"))
        case codelists.SINCE:
            return (values != "") & (values >= canonical(row.value, "date"))
        case codelists.BLANK:
            return raw == ""
        case codelists.FILLED:
            return raw != ""
        case _:
            raise Refusal(say.SCOPE_CONDITION, seen=row.condition)


def sentence(rows: Sequence[Condition], *, whole: bool = False) -> str:
    """The scope as it stands on slips: 主体类型为企业，且成立日期不早于2020-01-01。

    A condition on a private column is only said to be there: a slip that names a class tells it of every winner.
    `whole`: for the operator's eyes, with all conditions.
    """
    phrases = (say.PRIVATE_CONDITION if column_of(row).private and not whole else _phrase(row) for row in rows)
    return say.AND.join(dict.fromkeys(phrases)) or say.SCOPE_ALL


def _phrase(row: Condition) -> str:
    if row.condition in (codelists.BLANK, codelists.FILLED):
        return f"{row.header}{row.condition}"
    return f"{row.header}{say.VERBS.get(row.condition, row.condition)}{'、'.join(words(row.value))}"
