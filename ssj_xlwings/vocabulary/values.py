"""Cell values in canonical text, one place for workbook and import alike.

Every kind of `types.Kind` has one way to be written; readers disagree on ints, floats, dates and empty
strings, so a value is brought into this form once, at the door, and compared as text ever after.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from ssj_xlwings.vocabulary.text import normal

if TYPE_CHECKING:
    from ssj_xlwings.types import Kind

SEPARATORS = re.compile("[，、；,;|｜\r\n]+")
ALL = "全部"
DATE = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:[ T].*)?")
COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
MONTH = re.compile(r"(\d{4})\s*[-./年]?\s*(\d{1,2})\s*月?")
COUNT = re.compile(r"(\d{1,10})\s*户")
RATE = re.compile(r"0|1|0\.[0-9]*[1-9]")
LONGEST_NUMBER = 100
"""Digits of a typed number; a longer one stays the text it is."""
EPOCH = dt.date(1899, 12, 30)


def canonical(value: object, kind: Kind) -> str:
    """The value as canonical text; a text that cannot be what the kind asks for stays as it was typed.

    Takes what the readers give: None, str, bool, int, float, date, datetime, time.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return _from_text(normal(value), kind)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (dt.datetime, dt.date)):
        day = value.date() if isinstance(value, dt.datetime) else value
        return day.isoformat()[:7] if kind == "month" else day.isoformat()
    if isinstance(value, (int, float, Decimal)):
        return _from_number(value, kind)
    return normal(str(value))


def _from_text(text: str, kind: Kind) -> str:
    if kind == "date":
        return _date(text) or text
    if kind == "month":
        found = MONTH.fullmatch(text)
        return f"{found[1]}-{int(found[2]):02d}" if found and 1 <= int(found[2]) <= 12 else text
    if kind == "rate":
        return _rate(text) or text
    if kind == "int":
        return str(int(text)) if text.isdecimal() and len(text) <= LONGEST_NUMBER else text
    if kind == "codes":
        return "、".join(words(text, every=True))
    return text


def _from_number(number: float | Decimal, kind: Kind) -> str:
    # Excel keeps 15 significant digits; the 16th and 17th of a binary float are noise nobody typed.
    exact = Decimal(f"{number:.15g}") if isinstance(number, float) else Decimal(number)
    if not exact.is_finite():
        return str(number)
    if kind == "date" and exact > 59 and exact < 2958466:
        return (EPOCH + dt.timedelta(days=int(exact))).isoformat()
    plain = plain_number(exact)
    return _rate(plain) or plain if kind == "rate" else plain


def plain_number(number: Decimal) -> str:
    """Without exponent, without trailing zeros: 1E+2 → 100, 0.030 → 0.03."""
    text = f"{number.normalize():f}"
    return "0" if text == "-0" else text


def _date(text: str) -> str:
    found = DATE.fullmatch(text) or COMPACT_DATE.fullmatch(text)
    if not found:
        return ""
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return ""


def _rate(text: str) -> str:
    """3% → 0.03, .03 → 0.03, 5户 → 5户; "" where it is no rate."""
    count = COUNT.fullmatch(text)
    if count:
        return f"{int(count[1])}户"
    percent = text.endswith(("%", "％"))
    try:
        number = Decimal(text.rstrip("%％"))
    except InvalidOperation:
        return ""
    if not number.is_finite() or abs(number.adjusted()) > LONGEST_NUMBER:  # 1e-999999 would be a million zeros
        return ""
    number = number / 100 if percent else number
    return plain_number(number) if 0 <= number <= 1 else ""


def typed(word: str) -> str:
    """A word as it is typed on a command line: in quotes where a shell would take it apart."""
    return f'"{word}"' if re.search(r"[\s'`$&|;<>()*?\\!#~{}]", word) else word


def is_date(text: str) -> bool:
    """Whether it is a canonical date."""
    return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", text)) and bool(_date(text))


def is_rate(text: str) -> bool:
    """Whether it is a canonical rate (0 … 1) or a fixed number of firms (5户)."""
    return bool(RATE.fullmatch(text) or re.fullmatch(r"\d{1,10}户", text))


def percent(rate: str) -> str:
    """A canonical rate as people read it: 0.03 → 3%, 5户 → 5户."""
    return rate if rate.endswith("户") or not rate else f"{plain_number(Decimal(rate) * 100)}%"


def words(text: str, *, every: bool = False) -> list[str]:
    """The words of a cell that may hold several, in their order, each once (or `every` one as it stands)."""
    found = [word for word in map(normal, SEPARATORS.split(text)) if word]
    return found if every else list(dict.fromkeys(found))


def batch_of(no: int, count: int, batches: int) -> int:
    """In which of so many even batches the visit of that number is, of `count` in calling order."""
    return -(-no * batches // count)
