"""Which heading is which column: as given, by name, by alias, by likeness."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz

from ssj_xlwings.package.areas import letters, numbered
from ssj_xlwings.vocabulary.sentences import registry as say
from ssj_xlwings.vocabulary.text import folded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ssj_xlwings.types import Column, Table

ALIKE = 85
"""How like (0–100) an unknown heading must be to a known one to be guessed: one character in seven."""
LETTERED = re.compile(say.LETTERED.format(letters="([A-Za-z]{1,3})"))
NOTES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")

Heads = tuple[str, ...]
"""The texts of one heading from top to bottom, each once: ("执法证件", "编号")."""


class Match(NamedTuple):
    """One heading understood. `position` is its column in the source, from 0; `how` says by what right."""

    column: Column
    heading: str
    position: int
    how: str


def bare(text: str) -> str:
    """A heading for comparing: without white space, asterisks, a colon at its end; brackets of one width."""
    return folded(text).replace("*", "").rstrip(":")


def labels(headings: Sequence[str]) -> tuple[str, ...]:
    """The headings, each by a name of its own, so that a mapping can name any: the second 名称 is called 名称#2. "" for blank ones."""
    taken, counts = {bare(text) for text in headings}, dict[str, int]()
    found = []
    for text in headings:
        key, label = bare(text), text
        counts[key] = counts.get(key, 0) + 1
        while text and counts[key] > 1 and bare(label) in taken:
            label = f"{text}#{counts[key]}"
            counts[key] += bare(label) in taken
        taken.add(bare(label))
        found.append(label)
    return tuple(found)


def lettered(place: int) -> str:
    """What a column without heading is called: B列."""
    return say.LETTERED.format(letters=letters(place + 1))


def told(heads: list[Heads], table: Table, pairs: Mapping[str, str], how: str) -> list[Match]:
    """The headings that were named: column name → heading, by its label, or one of its parts; a column without heading by its letters."""
    found = []
    names = labels(["".join(texts) for texts in heads])
    for name, heading in pairs.items():
        places = [place for place, label in enumerate(names) if heading and label and bare(label) == bare(heading)]
        places = places or [place for place, texts in enumerate(heads) if heading and bare(heading) in map(bare, texts)]
        places = places or [place for place in _lettered(heading) if place >= len(heads) or not heads[place]]
        if places:
            found.append(Match(table.column(name), heading, places[0], how))
    return found


def _lettered(heading: str) -> list[int]:
    """The place, from 0, that letters name; none where they name nothing."""
    found = LETTERED.fullmatch(heading.strip())
    return [numbered(found[1].upper()) - 1] if found else []


def known(heads: list[Heads], columns: Sequence[Column], matches: list[Match]) -> list[Match]:
    """Headings that are a column's own or one of its aliases: the whole heading first, then its lowest part,
    then its uppermost where that stands over one column only; then the same without bracketed notes.
    """
    names: dict[str, Column] = {}
    for words in ([(c, (c.header,)) for c in columns], [(c, c.aliases) for c in columns]):
        for column, texts in words:
            for text in texts:
                names.setdefault(bare(text), column)
    for short in (False, True):
        for part in (_whole, _lowest, _uppermost):
            for place in range(len(heads)):
                text = bare(part(heads, place))
                found = names.get(NOTES.sub("", text) if short else text)
                if found and not _taken(matches, found, place):
                    matches = [*matches, Match(found, "".join(heads[place]), place, say.KNOWN)]
    return matches


def _whole(heads: list[Heads], place: int) -> str:
    return "".join(heads[place])


def _lowest(heads: list[Heads], place: int) -> str:
    return heads[place][-1] if heads[place] else ""


def _uppermost(heads: list[Heads], place: int) -> str:
    texts = heads[place]
    alone = texts and all(other[:1] != texts[:1] for other in (*heads[max(0, place - 1):place], *heads[place + 1:place + 2]))
    return texts[0] if alone else ""


def _taken(matches: Sequence[Match], column: Column, place: int) -> bool:
    return any(match.column is column or match.position == place for match in matches)


def guessed(heads: list[Heads], columns: Sequence[Column], matches: list[Match]) -> list[Match]:
    """Headings much like a known one, the likest first."""
    free = [
        (column, [NOTES.sub("", bare(name)) for name in (column.header, *column.aliases)])
        for column in columns if not any(match.column is column for match in matches)
    ]
    used = {match.position for match in matches}
    likes = []
    for place, texts in enumerate(heads):
        text = NOTES.sub("", bare("".join(texts)))
        if place in used or not text:
            continue
        for column, names in free:
            like = max(fuzz.ratio(text, name, score_cutoff=ALIKE) for name in names)
            if like >= ALIKE:
                likes.append((like, place, column))
    for _, place, column in sorted(likes, key=lambda found: (-found[0], found[1])):
        if not _taken(matches, column, place):
            matches = [*matches, Match(column, "".join(heads[place]), place, say.GUESSED)]
    return matches
