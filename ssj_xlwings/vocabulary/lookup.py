"""Finding rows by what people write: a code, a name, 全部, or several of them in one cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.vocabulary.text import folded
from ssj_xlwings.vocabulary.values import ALL, SEPARATORS, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ssj_xlwings.types import Frame


JOINT = "、"
OF_TASK = re.compile("^[0-9]{18}/")
"""The number of a task before the code of an item."""


class Found(NamedTuple):
    """What a cell of several words meant: keys in the order written, and the words nobody knows."""

    keys: list[str]
    unknown: list[str]


class Lookup:
    """Keys of a table by any of its names. Case, width and spaces do not matter; 全部 means all keys."""

    def __init__(self, keys: Iterable[str], *names: Iterable[str]) -> None:
        self.keys = list(keys)
        self.by_word: dict[str, str] = {}
        for column in (*names, self.keys):  # a key wins over a name spelt the same
            self.by_word.update({_spelt(word): key for word, key in zip(column, self.keys, strict=True) if word and key})
        self.parts = max((spelt.count(JOINT) for spelt in self.by_word), default=0) + 1

    def one(self, word: str) -> str:
        """The key meant by one word, "" if there is none."""
        return self.by_word.get(_spelt(word), "")

    def several(self, text: str) -> Found:
        """The keys meant by a cell. A name may hold a separator: the longest run of words that is a name wins."""
        pieces = words(text, every=True)
        found: dict[str, None] = {}
        unknown = []
        at = 0
        while at < len(pieces):
            runs = range(min(len(pieces), at + self.parts), at, -1)
            end = next((end for end in runs if self.one(JOINT.join(pieces[at:end]))), at + 1)
            key = self.one(JOINT.join(pieces[at:end]))
            if key:
                found[key] = None
            elif pieces[at] == ALL:
                found.update(dict.fromkeys(self.keys))
            else:
                unknown.append(pieces[at])
            at = end
        return Found(list(found), list(dict.fromkeys(unknown)))

    def nearest(self, word: str) -> str:
        """The known word most like the one written, "" if none is like it."""
        return nearest(word, self.keys + [name for name in self.by_word if name])


def _spelt(word: str) -> str:
    """A word without the differences that do not matter: case, width, spaces, which separator."""
    return folded(SEPARATORS.sub(JOINT, word))


def nearest(word: str, known: Sequence[str]) -> str:
    """The known word most like the one written, "" if none is like it."""
    from rapidfuzz import process  # only where something is misspelt

    match = process.extractOne(word, known, score_cutoff=40)
    return match[0] if match else ""


def subject_ids(frame: Frame) -> list[str]:
    """What a subject is called in a draw: its code, or its name where it has none."""
    return [code or name for code, name in zip(frame["code"].tolist(), frame["name"].tolist(), strict=True)]


def item_lookup(frame: Frame) -> Lookup:
    """Items by code or name."""
    return Lookup(frame["code"], frame["name"])


def bare_item(item: str) -> str:
    """The code of an item that a joint draw calls task/item, because several of its tasks have it; else the item itself."""
    return OF_TASK.sub("", item)


def task_lookup(frame: Frame) -> Lookup:
    """Tasks by name or number; the key is the name, which staff type (the number comes later)."""
    return Lookup(frame["name"], frame["number"])


def plan_lookup(frame: Frame) -> Lookup:
    """Plans by name or number; the key is the name."""
    return Lookup(frame["name"], frame["number"])


def records(frame: Frame) -> list[dict[str, str]]:
    """The rows of a frame as dicts, in their order, without their sheet row numbers."""
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in frame.itertuples(index=False, name=None)]
