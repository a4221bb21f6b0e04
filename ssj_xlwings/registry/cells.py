"""What a single cell may hold: one rule for what import refuses and what a check reports."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.lookup import nearest
from ssj_xlwings.vocabulary.sentences import registry as say
from ssj_xlwings.vocabulary.text import characters, folded, unseen
from ssj_xlwings.vocabulary.values import ALL, canonical, is_date, is_rate, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ssj_xlwings.types import Column, Row, Sentence, Table

DAMAGED_TEXT = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
"""A long code as Excel writes it into a .csv: 9.11304E+17."""
LONGEST_NUMBER = 1e15
"""From 16 digits on a number has lost digits: Excel keeps fifteen."""
LONGEST = 32_767
"""Characters that a cell of Excel can hold."""
SEPARATOR = re.compile(r"[，、；,;|｜\s]")


class Fault(NamedTuple):
    """A sentence and what fills it; `values` always has header, seen, allowed, hint."""

    sentence: Sentence
    values: Mapping[str, str]

    def text(self) -> str:
        """Both halves as one refusal."""
        return (self.sentence.problem + self.sentence.remedy).format(**self.values)


def fault(column: Column, sentence: Sentence, **values: str) -> Fault:
    """A fault of one column's cell; the values not given are blank."""
    return Fault(sentence, {"header": column.header, "seen": "", "allowed": "", "hint": "", **values})


def damaged(column: Column, value: object) -> Fault | None:
    """A long code that came as a number, or as a text that was one: its last digits are lost."""
    if column.kind != "code" or isinstance(value, bool):
        return None
    if isinstance(value, (int, float)) and abs(value) >= LONGEST_NUMBER:
        return fault(column, say.DAMAGED, seen=canonical(value, "code"))
    if isinstance(value, str) and DAMAGED_TEXT.fullmatch(value.strip()):
        return fault(column, say.DAMAGED, seen=value.strip())
    return None


def admit(table: Table, column: Column, value: object) -> str:
    """The canonical text of a foreign cell: codes in half width and upper case, aliases as the word itself."""
    text = canonical(value, column.kind)
    if not text:
        return ""
    if column.kind == "code":
        return folded(text) if column.name in table.key else unicodedata.normalize("NFKC", text).upper()
    if column.kind == "choice" and column.allowed:
        return _word(text, column.allowed) or text
    if column.kind == "codes" and column.allowed:
        return "、".join(dict.fromkeys(_word(word, column.allowed) or word for word in words(text)))
    return text


def _word(word: str, allowed: tuple[str, ...]) -> str:
    return codelists.known(word, allowed) or codelists.known(folded(word), allowed)


def wrong(column: Column, text: str) -> Fault | None:
    """What is wrong with a nonblank canonical cell by itself; None if nothing is."""
    # People break lines inside long cells (经营范围, 检查要点); names and codes go into digests and must be one line.
    char = unseen(text.replace("\n", "") if column.kind == "text" and column.name != "name" else text)
    if char:
        name = say.CHARACTERS.get(char, say.A_CHARACTER)
        return fault(column, say.UNSEEN, seen=say.CHARACTER.format(name=name, code=char))
    if len(text) > LONGEST:
        return fault(column, say.TOO_LONG, seen=str(len(text)), allowed=str(LONGEST))
    if column.kind == "date":
        return None if is_date(text) else fault(column, say.DATE, seen=text)
    if column.kind == "rate":
        return None if is_rate(text) else fault(column, say.RATE, seen=text)
    if column.kind == "int":
        return None if text.isascii() and text.isdecimal() else fault(column, say.WHOLE, seen=text)
    if column.kind == "choice" and column.allowed and text not in column.allowed:
        return unknown(column, text)
    if column.kind == "codes" and column.allowed and text != ALL:
        strange = [word for word in words(text) if word not in column.allowed]
        return unknown(column, strange[0]) if strange else None
    return None


def surely_right(column: Column, texts: list[str]) -> bool:
    """Whether `wrong` finds nothing in any of them: asked once of all characters, where a column has no rule but those about characters."""
    if column.kind in ("date", "rate", "int") or (column.kind in ("choice", "codes") and column.allowed):
        return False
    used = characters(texts)
    return not unseen(used.replace("\n", "") if column.kind == "text" and column.name != "name" else used) and max(map(len, texts), default=0) <= LONGEST


def unknown(column: Column, word: str) -> Fault:
    """A word that the column's list does not have, with the nearest that it has."""
    return fault(column, say.WORD, seen=word, allowed="、".join(column.allowed), hint=hint(_word(word, column.allowed) or nearest(word, column.allowed)))


def hint(word: str) -> str:
    """是不是“存续”？ or nothing."""
    return say.LIKE.format(word=word) if word else ""


def blank(columns: Iterable[Column], row: Row) -> Column | None:
    """The first required column that the row leaves blank; subjects outside the market need no code."""
    for column in columns:
        if column.required and not row.get(column.name):
            if column.name == "code" and row.get("nature") == codelists.NATURE[1]:
                continue
            return column
    return None
