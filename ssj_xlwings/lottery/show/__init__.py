"""The draw show: one page that reveals the recorded winners in calling order, for a projector. It decides nothing.

One file without network. While it “rolls” it shows names out of the pool: a bounded sample, evenly spaced over the pool as it
was frozen (by id), so that neither tickets nor classes can be told from it. A quick draw may be about people, so that it rolls
numbers instead.
"""

from __future__ import annotations

from collections import Counter
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from ssj_xlwings.lottery.page import document, safe
from ssj_xlwings.types import File
from ssj_xlwings.vocabulary.clock import beijing
from ssj_xlwings.vocabulary.quick import is_quick
from ssj_xlwings.vocabulary.sentences import show as say
from ssj_xlwings.vocabulary.text import grouped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ssj_xlwings.lottery.draw import Drawn
    from ssj_xlwings.lottery.freeze import Frozen

SAMPLE = 300
"""Names that roll, at most: a pool of a million makes no larger page."""
HEAD = 8


class Ceremony(NamedTuple):
    """What stands around the winners. `seq`: number of the draw's row in the log."""

    task: str
    bureau: str
    attempt: int
    seq: int
    now: datetime


def page(ceremony: Ceremony, frozen: Frozen, drawn: Drawn, names: Mapping[str, str]) -> bytes:
    """The page of a draw. The same draw gives the same bytes."""
    return html(_facts(ceremony, frozen, drawn, names))


def file(data: bytes) -> File:
    """The page as it lies in the folder of its draw. Internal: it names firms of the pool."""
    return File(say.FILE, data)


def html(facts: Mapping[str, Any]) -> bytes:
    """The page around its facts."""
    words = {name: value for name, value in vars(say).items() if name.isupper()}
    return document(facts["title"], _text("show.css"), _text("show.html"), {"data": safe({"say": words, **facts}), "script": _text("show.js")})


def _facts(ceremony: Ceremony, frozen: Frozen, drawn: Drawn, names: Mapping[str, str]) -> dict[str, Any]:
    quick = is_quick(frozen.open_plan["tasks"][0])
    unit = say.UNITS["quick" if quick else "firm"]
    size = len(frozen.rows)
    return {
        "head": say.HEAD.format(bureau=ceremony.bureau), "title": say.TITLE.format(task=ceremony.task, attempt=ceremony.attempt), "unit": unit,
        "counts": say.COUNTS.format(pool=f"{size:,}", drawn=f"{len(drawn.visits):,}", unit=unit),
        "recorded": say.RECORDED.format(seq=ceremony.seq, time=f"{beijing(ceremony.now):%Y-%m-%d %H:%M:%S}"),
        "facts": [
            [say.COMMITMENT, f"{grouped(frozen.commitment[:HEAD])}…"], [say.SAID, say.LIST_COMMA.join(f"{who} {value}" for who, value in drawn.said)],
            [say.SEED, grouped(drawn.seed)],
        ],
        "roll": [say.NUMBER.format(number=at + 1) if quick else names.get(frozen.rows[at].id, frozen.rows[at].id) for at in sample(size)],
        "winners": labels([(visit.id, names.get(visit.id, visit.id)) for visit in drawn.visits]),
    }


def sample(size: int) -> list[int]:
    """Which rows of a pool roll: all of a small one, else `SAMPLE` of them, evenly spaced."""
    count = min(size, SAMPLE)
    return [at * size // count for at in range(count)]


def labels(winners: Sequence[tuple[str, str]]) -> list[str]:
    """Names to show of (id, name); those that are not one of their kind carry the id."""
    counts = Counter(name for _, name in winners)
    return [name if counts[name] == 1 or name == id_ else say.TWIN.format(name=name, id=id_) for id_, name in winners]


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
