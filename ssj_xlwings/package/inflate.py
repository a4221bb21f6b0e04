"""A member of the zip unpacked piece by piece, never more of it in memory than one piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from zlib_ng import zlib_ng as zlib  # the same as zlib, in half the time

from ssj_xlwings.package.faults import Damaged, Twisted

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = 4 << 20
"""Bytes unpacked at a time: a million-row sheet of 700 MB is seen through windows of this size."""
FED = 64 << 10


class Place(NamedTuple):
    """Where unpacking can begin again: the state before a piece (None: stored, not packed), and how far the input was fed."""

    state: object
    fed: int


class Member:
    """The packed bytes of a member (plain ones if `stored`, or if there are none: some writers pack an empty one so), its true size and
    checksum. Pieces can be had again from their places.
    """

    def __init__(self, name: str, packed: bytes | memoryview, size: int, checksum: int, stored: bool) -> None:
        self.name, self.packed, self.size, self.checksum, self.stored = name, memoryview(packed), size, checksum, stored or not packed
        self.sound = False
        """Whether all of it was unpacked once, and is what the directory says."""
        self.speaks = False
        """Whether it holds a `!` as far as it was unpacked; a sheet without one refers to no other sheet."""

    @classmethod
    def of(cls, name: str, data: bytes) -> Member:
        """Bytes that need no unpacking, seen the same way."""
        return cls(name, data, len(data), zlib.crc32(data), stored=True)

    def pieces(self) -> Iterator[tuple[Place, bytes]]:
        """All pieces in order. Damaged where size or checksum are not what the directory says, or bytes are left over."""
        state, fed, size, checksum = None if self.stored else zlib.decompressobj(-zlib.MAX_WBITS), 0, 0, 0
        while True:
            place = Place(state.copy() if state else None, fed)  # type: ignore[attr-defined]  # its stub lacks what zlib's has
            piece, state, fed = self._piece(state, fed)
            size, checksum = size + len(piece), zlib.crc32(piece, checksum)
            self.speaks = self.speaks or b"!" in piece
            if not piece or size > self.size:
                break
            yield place, piece
        if size != self.size or checksum != self.checksum or fed < len(self.packed) or (state and (not state.eof or state.unused_data)):
            if checksum == self.checksum or size > self.size:  # the bytes are sound, the directory lies about them
                raise Twisted("header", self.name)
            raise Damaged(f"{self.name}: checksum")
        self.sound = True

    def again(self, place: Place) -> bytes:
        """The piece that came with `place`."""
        state = place.state
        return self._piece(state.copy() if state else None, place.fed)[0]  # type: ignore[attr-defined]

    def whole(self) -> bytes:
        """All of it."""
        return b"".join(piece for _, piece in self.pieces())

    def _piece(self, state: zlib._Decompress | None, fed: int) -> tuple[bytes, zlib._Decompress | None, int]:
        if state is None:
            return bytes(self.packed[fed:fed + PIECE]), None, min(fed + PIECE, len(self.packed))
        made, size = [], 0
        try:
            while size < PIECE and not state.eof:
                waiting = state.unconsumed_tail or bytes(self.packed[fed:fed + FED])
                if not state.unconsumed_tail:
                    fed += len(waiting)
                got = state.decompress(waiting, PIECE - size)
                if not (waiting or got):
                    break
                made.append(got)
                size += len(got)
        except zlib.error as error:  # type: ignore[misc]
            raise Damaged(f"{self.name}: {error}") from error
        return b"".join(made), state, fed
