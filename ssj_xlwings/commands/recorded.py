"""The files that a draw leaves beside its log row: made once at the draw, and again where the power failed before they were written.

Everything they hold stands in the frozen files, the log and the workbook of that moment, so that they come out to the byte as the
log row says; where they do not, something else is at hand, and nothing is written.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from ssj_xlwings import __version__
from ssj_xlwings.commands import panel
from ssj_xlwings.commands.papers import certified
from ssj_xlwings.commands.quick import names_of, paper
from ssj_xlwings.lottery import files, log, page, record, show
from ssj_xlwings.lottery.digest import parse
from ssj_xlwings.lottery.draw import draw as draw_lots
from ssj_xlwings.types import File, Refusal
from ssj_xlwings.vocabulary import clock, codelists, settings
from ssj_xlwings.vocabulary.quick import is_quick
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.sentences import show as show_words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from pathlib import Path

    from ssj_xlwings.lottery.draw import Drawn
    from ssj_xlwings.lottery.freeze import Frozen
    from ssj_xlwings.types import Row, View


def made(view: View, state: log.State, seq: int, now: datetime, folder: Path, frozen: Frozen, drawn: Drawn) -> tuple[bytes, bytes]:
    """draw.json and the draw show. `state`: of the task once the numbers were said; `seq`, `now`: of the draw's row in the log."""
    freeze, opened, options = state.freeze or {}, log.data(state.freeze), settings.read(view["settings"])
    witnesses = opened["witnesses"].split("、") if opened["witnesses"] else []
    ceremony = record.Made(clock.utc(now), opened["place"], opened["host"], witnesses, f"ssj-xlwings {__version__}")
    listed = options["winners"] == codelists.YES_NO[0] and not is_quick(freeze["task"])
    names = names_of(view, {visit.id for visit in drawn.visits} | {frozen.rows[at].id for at in show.sample(len(frozen.rows))})
    kept = record.draw_json(folder, frozen, drawn, names, ceremony, (state.said or {})["hash"], listed)
    return kept, show.page(show.Ceremony(panel.title(freeze), options["bureau"], state.attempt, seq, now), frozen, drawn, names)


def again(view: View, row: Row, rows: Sequence[Row], folder: Path) -> list[File]:
    """Those files of a draw that are not there, as `row`, its row of the log, says; none if all are. `rows`: of the log.

    Refusal if draw.json is lost and comes out otherwise: names, settings or program are no longer those of the draw. A show that
    comes out otherwise stays lost, and `ssj verify` of the book names it.
    """
    until = [one for one in rows if int(one["seq"]) <= int(row["seq"])]
    state, held, quick = log.state(until, row["task"]), log.data(row), is_quick(row["task"])
    there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    found: list[File] = []
    if not there >= {record.DRAW, record.PUBLIC, *([show_words.FILE] if "show" in held else [])}:
        found = _drawn_again(view, row, state, folder, there)
    lost = next((file.data for file in found if file.name == record.DRAW), None)
    kept = record.read_draw(lost, folder / record.DRAW, row) if isinstance(lost, bytes) else record.load_draw(folder, row)
    now = clock.beijing(row["time"])
    papers = [paper(view, now, until, row["task"], kept)] if quick else [page.file(), certified(view, now, until, kept)]
    return [file for file in (*found, *papers) if file.name not in there]


def _drawn_again(view: View, row: Row, state: log.State, folder: Path, there: Collection[str]) -> list[File]:
    """The files of which the log holds digests, or that follow from these; the draw is computed afresh."""
    held = log.data(row)
    frozen = record.load_frozen(folder, held["commitment"])
    drawn = draw_lots(frozen, [(name, value) for name, value in parse(log.data(state.said)["said"], codelists.SAID)])
    kept, shown = made(view, state, int(row["seq"]), clock.beijing(row["time"]), folder, frozen, drawn)
    if record.DRAW in there:
        kept = files.load(folder / record.DRAW)
    elif sha256(kept).hexdigest() != held["record"]:
        raise Refusal(say.DRAW_LOST, path=folder / record.DRAW, row=row["seq"])
    found = record.draw_files(kept, frozen.inner, row["hash"])
    if sha256(shown).hexdigest() == held.get("show"):
        found.append(show.file(shown))
    return found
