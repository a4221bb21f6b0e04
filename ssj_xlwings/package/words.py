"""Bytes looked at eight at a time, at many places at once: what `grid` and `windows` find rows, cells and numbers with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Words = NDArray[np.uint64]
Marks = NDArray[np.bool_]

AHEAD = bytes(64)
"""Bytes behind the end that may be looked at."""
NUMBERED = 8
"""The most digits of a whole number that is read here."""
ROW = b'<row r="'


def look(data: bytes) -> tuple[NDArray[np.uint8], Words]:
    """The bytes, and the word that begins at each; some more behind the end."""
    padded = data + AHEAD
    return np.frombuffer(padded, dtype=np.uint8), np.ndarray((len(data) + len(AHEAD) - 7,), "<u8", padded, strides=(1,))


def word(text: bytes) -> np.uint64:
    """Up to eight bytes as a word."""
    return np.uint64(int.from_bytes(text, "little"))


def spells(words: Words, text: bytes) -> Marks:
    """Which words begin with that text."""
    found: Marks = (words & np.uint64((1 << 8 * len(text)) - 1)) == word(text)
    return found


def byte(words: Words, place: int) -> Words:
    """The byte at that place of each word, from 0."""
    found: Words = (words >> np.uint64(8 * place)) & np.uint64(255)
    return found


def byte_at(words: Words, place: Numbers) -> Words:
    """The byte at a place of each word's own."""
    found: Words = (words >> (8 * place).astype(np.uint64)) & np.uint64(255)
    return found


def number(words: Words, length: Numbers) -> Numbers:
    """Up to eight digits at the beginning of each word as a number, -1 where they are none: the digits side by side, two, four, eight at a time."""
    fits = (length > 0) & (length <= NUMBERED)
    shift = (8 * (NUMBERED - np.where(fits, length, NUMBERED))).astype(np.uint64)
    digits = (words ^ np.uint64(0x3030303030303030)) << shift
    fits &= ((digits | (digits + np.uint64(0x7676767676767676))) & np.uint64(0x8080808080808080)) == 0
    twos = (digits * np.uint64(2561) >> np.uint64(8)) & np.uint64(0x00FF00FF00FF00FF)
    fours = (twos * np.uint64(6553601) >> np.uint64(16)) & np.uint64(0x0000FFFF0000FFFF)
    return np.where(fits, (fours * np.uint64(42949672960001) >> np.uint64(32)).astype(np.int64), -1)


def quoted(told: Words) -> tuple[Numbers, Numbers]:
    """The number of up to seven digits before a quotation mark at the beginning of each word, -1 where there is none; and how many digits."""
    length = np.zeros(len(told), dtype=np.int64)
    going = np.ones(len(told), dtype=bool)
    for place in range(7):
        going &= (byte(told, place) - np.uint64(ord("0"))) < np.uint64(10)
        length += going
    return np.where(byte_at(told, length) == ord('"'), number(told, length), -1), length


def rows(data: bytes) -> tuple[Numbers, Numbers] | None:
    """The number of each row and where it starts; None if a row is not written as Excel does it (`<row r="12"`)."""
    seen, words = look(data)
    starts = np.flatnonzero(seen == ord("w")) - 3  # the rare one of its letters
    starts = starts[starts >= 0]
    starts = starts[spells(words[starts], ROW[:4])]
    if not spells(words[starts], ROW).all():
        return None
    numbers = quoted(words[starts + len(ROW)])[0]
    return (numbers, starts) if (numbers >= 0).all() else None
