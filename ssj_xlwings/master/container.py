"""The OLE compound file, version 3 ([MS-CFB]): the container in which Office keeps VBA."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

Tree = Mapping[str, "bytes | Tree"]
"""Name → the bytes of a stream, or the storage below."""

MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
SECTOR, SMALL, CUTOFF = 512, 64, 4096
"""Bytes of a sector and of a small one; a stream below CUTOFF lies in small ones."""
TABLE, END, FREE = 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF
"""Marks in the table of sectors; FREE also means “no entry”."""
STORAGE, STREAM, ROOT = 1, 2, 5
BLACK = 1
LISTED = 109
"""How many sectors of the table the header can list: 7 MB in all."""
PER_SECTOR = SECTOR // 4


class Chains:
    """Data cut into blocks of one size, and the table that says which block follows which."""

    def __init__(self, size: int) -> None:
        self.size, self.data, self.table = size, bytearray(), list[int]()

    def put(self, data: bytes) -> int:
        """Add data; the number of its first block, END if it is empty."""
        if not data:
            return END
        first, count = len(self.table), -(-len(data) // self.size)
        self.table += [*range(first + 1, first + count), END]
        self.data += data.ljust(count * self.size, b"\0")
        return first


@dataclass(slots=True)
class Entry:
    """One line of the directory. `left`, `right`, `child`: numbers of other lines."""

    name: str = ""
    kind: int = 0
    start: int = 0
    size: int = 0
    left: int = FREE
    right: int = FREE
    child: int = FREE

    def pack(self) -> bytes:
        """128 bytes; no class id, no times, so that the same tree gives the same bytes."""
        name = (self.name + "\0").encode("utf-16-le") if self.name else b""
        head = struct.pack("<64sHBB3I", name, len(name), self.kind, BLACK if self.kind else 0, self.left, self.right, self.child)
        return head + bytes(36) + struct.pack("<IQ", self.start, self.size)


def container(tree: Tree) -> bytes:
    """A compound file that holds the tree."""
    large, small = Chains(SECTOR), Chains(SMALL)
    entries = [Entry("Root Entry", ROOT)]
    _fill(entries, 0, tree, large, small)
    entries[0].start, entries[0].size = large.put(bytes(small.data)), len(small.data)
    listed = _padded(small.table)
    small_table = large.put(listed)
    entries += [Entry()] * (-len(entries) % (SECTOR // 128))
    directory = large.put(b"".join(entry.pack() for entry in entries))
    count, first = 1, len(large.table)
    while count * PER_SECTOR < first + count:
        count += 1
    if count > LISTED:
        raise ValueError(f"{len(large.data)} bytes are too many for one compound file")
    own = list(range(first, first + count))
    table = _padded([*large.table, *[TABLE] * count])
    head = struct.pack("<8s16x5H6x", MAGIC, 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, count, directory, 0, CUTOFF, small_table, len(listed) // SECTOR, END, 0)
    head += struct.pack(f"<{LISTED}I", *own, *[FREE] * (LISTED - count))
    return head + bytes(large.data) + table


def _padded(table: list[int]) -> bytes:
    packed = struct.pack(f"<{len(table)}I", *table)
    return packed + b"\xff" * (-len(packed) % SECTOR)


def _fill(entries: list[Entry], parent: int, tree: Tree, large: Chains, small: Chains) -> None:
    """Add what stands in a storage; its entries lie side by side, in the order of the format: shorter names first."""
    first, names = len(entries), sorted(tree, key=lambda name: (len(name), name.upper()))
    for name in names:
        data = tree[name]
        if isinstance(data, Mapping):
            entries.append(Entry(name, STORAGE))
        else:
            entries.append(Entry(name, STREAM, (small if len(data) < CUTOFF else large).put(data), len(data)))
    entries[parent].child = _search_tree(entries, first, len(entries))
    for number, name in enumerate(names, start=first):
        below = tree[name]
        if isinstance(below, Mapping):
            _fill(entries, number, below, large, small)


def _search_tree(entries: list[Entry], low: int, high: int) -> int:
    """Link sorted entries into a balanced tree; all of them black, which the format allows ([MS-CFB] 2.6.4)."""
    if low == high:
        return FREE
    middle = (low + high) // 2
    entries[middle].left = _search_tree(entries, low, middle)
    entries[middle].right = _search_tree(entries, middle + 1, high)
    return middle
