"""Normal text, as the draw protocol defines it (ssj-draw/1, Notation)."""

from __future__ import annotations

import re
import sys
import unicodedata

# White_Space of the protocol. str.strip() differs (it also takes U+001C–001F), so the set is written out.
SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
MANY = 50_000
"""Texts looked at together."""
REFUSED = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})


def normal(text: str) -> str:
    """NFC, stripped at both ends of White_Space. Done once, where data enters."""
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).strip(SPACE)


def all_normal(texts: list[str]) -> list[str]:
    """`normal` of each. Whether anything is to be composed is asked for many at once: every part of a text in NFC is in NFC."""
    found: list[str] = []
    for at in range(0, len(texts), MANY):
        some = texts[at:at + MANY]
        composed = unicodedata.is_normalized("NFC", "\n".join(some))
        found += [text.strip(SPACE) for text in some] if composed else map(normal, some)
    return found


def characters(texts: list[str]) -> str:
    """Every character that stands in any of the texts, once."""
    import numpy as np

    there = np.zeros(sys.maxunicode + 1, dtype=bool)
    for at in range(0, len(texts), MANY):
        there[np.frombuffer("".join(texts[at:at + MANY]).encode("utf-32-le", "surrogatepass"), dtype="<u4")] = True
    return "".join(map(chr, np.flatnonzero(there).tolist()))


def unseen(text: str) -> str:
    """The first character that may not stand in a normal text, as U+XXXX; "" if there is none."""
    if text.isprintable() and not UNSEEN.search(text):  # isprintable() is false for every category of REFUSED
        return ""
    for char in text:
        if unicodedata.category(char) in REFUSED or UNSEEN.match(char):
            return f"U+{ord(char):04X}"
    return ""


def is_normal(text: str) -> bool:
    """Whether the text is normal as it stands; a verifier refuses one that is not, and mends nothing."""
    if text.isascii() and text.isprintable():  # most codes
        return text == text.strip(" ")
    return text == normal(text) and not unseen(text)


def surely_normal(texts: list[str]) -> bool:
    """True only if all of them are normal, asked of many at once. False says nothing yet (a wide blank within a text): `is_normal` tells."""
    for at in range(0, len(texts), MANY):
        some = texts[at:at + MANY]
        joined = "\n".join(some)
        # No white space but the blank is printable, so only blanks can stand at an end.
        edges = joined[:1] == " " or joined[-1:] == " " or "\n " in joined or " \n" in joined
        if edges or joined.count("\n") != len(some) - 1 or not joined.replace("\n", "").isprintable():
            return False
        if not joined.isascii() and (UNSEEN.search(joined) or not unicodedata.is_normalized("NFC", joined)):
            return False
    return True


def all_folded(texts: list[str]) -> list[str]:
    """`folded` of each."""
    found: list[str] = []
    for at in range(0, len(texts), MANY):
        some = texts[at:at + MANY]
        joined = "\n".join(some)
        plain = joined.isascii() and joined.count("\n") == len(some) - 1 and joined.replace("\n", "").isprintable()
        found += joined.upper().replace(" ", "").split("\n") if plain else map(folded, some)
    return found


def folded(text: str) -> str:
    """For comparing: NFKC, upper case, without white space. Two ids equal here are one id written twice."""
    if text.isascii() and text.isprintable():  # most codes; a pool holds a million
        return text.upper().replace(" ", "")
    wide = unicodedata.normalize("NFKC", text).upper()
    return wide.replace(" ", "") if wide.isprintable() else "".join(c for c in wide if c not in SPACE)  # no other white space is printable


def grouped(digest: str) -> str:
    """A digest in groups of four digits, so that two people can read it to each other."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
