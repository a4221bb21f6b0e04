"""A closed workbook takes the place of the one that was read, or nothing happens at all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ssj_xlwings.books import backup, locks, opening
from ssj_xlwings.package.archive import Archive
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.faults import reason
from ssj_xlwings.vocabulary.sentences import books as say

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from ssj_xlwings.package.archive import Part


def save(
    archive: Archive, path: Path, former: bytes, changed: Mapping[str, Part], dropped: AbstractSet[str],
    judge: Callable[[Path], None], judged: Collection[str] = (),
) -> Path:
    """`Archive.save` in the place of a workbook that still is `former`, which goes to 备份: its copy there. `judge` looks at what was written.

    Refusal if the file is another by now, in use, or the disk says no; then it is byte for byte as it was.
    """
    copies: list[Path] = []

    def last(written: Path) -> None:
        judge(written)
        if opening.differs(path, former):
            raise Refusal(say.CHANGED, name=path.name)
        copies.append(backup.keep(path, datetime.now(UTC).astimezone()))

    try:
        archive.save(path, changed, dropped, last, judged)
    except OSError as error:
        in_use = getattr(error, "winerror", None) == locks.SHARING_VIOLATION
        sentence = say.IN_USE if in_use else say.CANNOT_WRITE
        raise Refusal(sentence, name=path.name, why=reason(error)) from error
    return copies[0]


def replace(path: Path, former: bytes, data: bytes) -> Path:
    """A whole workbook in the place of `former`, which goes to 备份: its copy there. A link stays one; who calls holds the workbook.

    Every part is read back before it counts. Refusal as `save`.
    """
    with opening.refusing(path):
        return save(Archive(data), path.resolve(), former, {}, frozenset(), lambda written: Archive(written.read_bytes()).check())
