"""The two primitives of the protocol: D, a digest of texts, and json, one way to write a value."""

from __future__ import annotations

import json
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import lottery as say
from ssj_xlwings.vocabulary.text import is_normal, surely_normal, unseen

if TYPE_CHECKING:
    from collections.abc import Sequence

PROTOCOL = "ssj-draw/1"
SOME = 10_000
"""Pairs put into words at a time."""
LIMIT = 2**53
"""Integers from here on do not survive a reader that has only binary floats (a browser)."""


def digest(tag: str, *parts: str) -> str:
    """D(tag, a, b, …): SHA-256 in lower-case hex of the protocol's name, the tag and the parts, joined with TAB.

    The parts are normal texts (so they hold no TAB); whoever lets them in checks that.
    """
    return sha256("\t".join((PROTOCOL, tag, *parts)).encode()).hexdigest()


def begun(tag: str, *parts: str) -> str:
    """The beginning that many digests share: SHA-256 over it and one more text is D(tag, parts …, text)."""
    return "\t".join((PROTOCOL, tag, *parts, ""))


def canonical(value: Any) -> str:
    """json(x): keys sorted by bytes, no spaces, only " and backslash escaped.

    Refusal for null, fractions, integers from 2^53 on and texts that are not normal.
    """
    _check(value, set(), "")
    # Python orders texts by code point, which is the order of their UTF-8 bytes.
    return _plain(value)


def pairs_digest(tag: str, pairs: Sequence[tuple[str, str]]) -> str:
    """D(tag, json([[id, text] …])) of a million pairs, piece by piece: the texts are looked at together, and one by one only to name the bad one."""
    ids, texts = [id_ for id_, _ in pairs], list({text for _, text in pairs})
    if not (surely_normal(ids) and surely_normal(texts)):
        return digest(tag, canonical(pairs))
    if any(mark in text for mark in ('"', "\\") for text in ("".join(ids), "".join(texts))):
        return digest(tag, _plain(pairs))
    total = sha256(f"{begun(tag)}[".encode())
    for first in range(0, len(pairs), SOME):
        total.update((("," if first else "") + ",".join([f'["{id_}","{text}"]' for id_, text in pairs[first:first + SOME]])).encode())
    total.update(b"]")
    return total.hexdigest()


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def pretty(value: Any, between: str = "") -> bytes:
    """The same value for a file that people may read: one line a value, LF. `parse` gives it back.

    `between`: a character that may join normal texts into one (TAB in the cut lines of draw.json).
    """
    _check(value, set(), between)
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def parse(text: str, file: str, between: str = "") -> Any:
    """A value from JSON text, as strictly as `canonical` writes it (but spaces between tokens may stand).

    Refusal, naming the file and the line, for a key written twice and whatever `canonical` refuses.
    """

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise ValueError(say.WHY_DUPLICATE_KEY.format(key=twice))
        return found

    def refuse(seen: str) -> Any:
        raise ValueError(say.WHY_NUMBER.format(seen=seen))

    def integer(seen: str) -> int:
        if len(seen) > 17 or abs(int(seen)) >= LIMIT:
            refuse(seen)
        return int(seen)

    try:
        value = json.loads(text, object_pairs_hook=unique, parse_int=integer, parse_float=refuse, parse_constant=refuse)
        _check(value, set(), between)
    except json.JSONDecodeError as error:
        raise Refusal(say.BAD_JSON, file=file, line=error.lineno, why=say.WHY_SYNTAX.format(column=error.colno)) from error
    except RecursionError as error:
        raise Refusal(say.BAD_JSON, file=file, line=1, why=say.WHY_DEEP) from error
    except ValueError as error:
        raise Refusal(say.BAD_JSON, file=file, line=_line(text, str(error)), why=error) from error
    return value


def ascending(texts: Sequence[str]) -> bool:
    """Whether the texts are sorted by bytes, each once."""
    return all(left < right for left, right in pairwise(texts))


def normal_text(text: str) -> str:
    """The text itself. Refusal if it is not normal as it stands."""
    if not is_normal(text):
        raise Refusal(say.NOT_NORMAL, seen=text, char=unseen(text) or say.NOTHING)
    return text


def _line(text: str, why: str) -> int:
    """Where the word in quotes of a reason last stands in the text; 1 where it cannot be found."""
    word = why.partition("“")[2].partition("”")[0]
    return text.count("\n", 0, max(text.rfind(word), 0)) + 1


def _check(value: Any, known: set[str], between: str) -> None:
    """`known`: texts found normal already; a list of a million rows repeats a few unit names."""
    if isinstance(value, str):
        if value not in known:
            for part in value.split(between) if between else (value,):
                normal_text(part)
            known.add(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise Refusal(say.NOT_JSON_VALUE, seen=key)
            _check(key, known, between)
            _check(inner, known, between)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _check(inner, known, between)
    elif not isinstance(value, int) or abs(value) >= LIMIT:
        raise Refusal(say.NOT_JSON_VALUE, seen=value)
