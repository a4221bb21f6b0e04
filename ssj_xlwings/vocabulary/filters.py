"""What an AutoFilter shows, in words that both books and the lottery understand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Test(NamedTuple):
    """A cell must be (=), not be (<>), or come before or after a text; the text may hold * and ?, and "" is a blank cell."""

    operator: str
    text: str


class Filter(NamedTuple):
    """The filter of one column. `number`: of the column, from 1; `every`: all tests must hold, else any of them does.

    `other`: a filter of another sort, named as people know it; then there are no tests.
    """

    number: int
    tests: tuple[Test, ...] = ()
    every: bool = False
    other: str = ""


class Filtered(NamedTuple):
    """The AutoFilter of a table's sheet. `names`: column number → our column's name; `rows`: how many rows with content show."""

    filters: tuple[Filter, ...]
    names: Mapping[int, str]
    rows: int
