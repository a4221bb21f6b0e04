"""The Merkle tree of RFC 9162 §2.1 over texts: raw bytes inside the tree, hex outside."""

from __future__ import annotations

import re
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING

from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import lottery as say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BLOCK = 1024
"""Leaves hashed at a time: a power of two, so that every full block is a subtree of its own."""


def root(texts: Iterable[str]) -> str:
    """MTH of the texts in the given order. Holds one block of leaves and a subtree root a level, whatever their number."""
    leaves = iter(texts)
    roots: list[bytes] = []  # of full subtrees, largest first: the binary digits of the number of blocks so far
    blocks = 0
    while len(hashes := _leaves(islice(leaves, BLOCK))) == BLOCK:
        roots.append(_fold(hashes))
        blocks += 1
        size = blocks
        while size % 2 == 0:
            right = roots.pop()
            roots.append(_node(roots.pop(), right))
            size //= 2
    if hashes:
        roots.append(_fold(hashes))
    if not roots:
        return sha256().hexdigest()
    top = roots.pop()
    while roots:
        top = _node(roots.pop(), top)
    return top.hex()


def path(texts: Iterable[str], index: int) -> list[str]:
    """The inclusion path of one leaf (RFC 9162 §2.1.3.1), from the leaf's sibling upwards. `index` counts from 0."""
    level = _leaves(texts)
    found = []
    while len(level) > 1:
        if index ^ 1 < len(level):
            found.append(level[index ^ 1].hex())
        level, index = _above(level), index // 2
    return found


def root_of_path(leaf: str, index: int, size: int, elements: Sequence[str]) -> str:
    """The root that a leaf and its path lead to (RFC 9162 §2.1.3.2). Refusal if the path cannot belong to such a tree."""
    sides = _sides(index, size) if 0 <= index < size else []
    good = [bytes.fromhex(element) for element in elements if re.fullmatch("[0-9a-f]{64}", element)]
    if not 0 <= index < size or len(good) != len(elements) or len(good) != len(sides):
        raise Refusal(say.BAD_PATH, index=index + 1, size=size, want=len(sides), seen=len(good))
    top = sha256(b"\x00" + leaf.encode()).digest()
    for element, left in zip(good, sides, strict=True):
        top = _node(element, top) if left else _node(top, element)
    return top.hex()


def _sides(index: int, size: int) -> list[bool]:
    """For each level where the leaf's subtree has a sibling: whether the sibling stands to the left."""
    sides = []
    while size > 1:
        if index ^ 1 < size:
            sides.append(index % 2 == 1)
        index, size = index // 2, (size + 1) // 2
    return sides


def _leaves(texts: Iterable[str]) -> list[bytes]:
    return [sha256(b"\x00" + text.encode()).digest() for text in texts]


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _above(level: list[bytes]) -> list[bytes]:
    """Pairs joined; an odd one out moves up as it is, which is the split at the largest power of two."""
    above = [sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
    return above + level[-1:] if len(level) % 2 else above


def _fold(level: list[bytes]) -> bytes:
    while len(level) > 1:
        level = _above(level)
    return level[0]
