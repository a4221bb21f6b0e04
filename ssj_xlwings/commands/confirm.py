"""确认导入: what the sheet 导入预览 says, done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ssj_xlwings.commands.registry import lacking, merged, remembered
from ssj_xlwings.registry import headings, preview, report
from ssj_xlwings.registry.intake import fixed_cell
from ssj_xlwings.registry.reader import read_source
from ssj_xlwings.types import At, Outcome, Refusal, Request, Rewrite
from ssj_xlwings.vocabulary.sentences import preview as say
from ssj_xlwings.vocabulary.sentences import registry as words
from ssj_xlwings.vocabulary.tables import PREVIEW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ssj_xlwings.registry.preview import Settled
    from ssj_xlwings.registry.reader import Source


def confirm(request: Request) -> Outcome:
    """Import as `import` with the mapping (--map) and contents (--set) that stand on 导入预览. Args: dry_run, password (of the file, as for `import`).

    The preview is emptied, unless no row could be taken in: then it stays to be corrected. Refusal, with the cell: two
    headings to one column, an unknown column, a content that cannot be; an empty sheet; the file gone or changed since.
    """
    cell = request.args.get("cell") or report.default_cell
    chosen = preview.settled(request.view[PREVIEW.name], cell)
    table = chosen.table
    fixed = {}
    for name, filled in chosen.fixed.items():
        fixed[name], why = fixed_cell(table, table.column(name), filled.text)
        if why:
            raise Refusal(say.BAD_FILL, cell=filled.cell, why=why)
    if not chosen.path.exists():
        raise Refusal(say.FILE_GONE, cell=cell(At(PREVIEW.name)), path=chosen.path)
    request.progress(words.READING.format(name=chosen.path.name))
    source = read_source(chosen.path, request.args.get("password") or "")
    if source.digest != chosen.digest:
        raise Refusal(say.FILE_CHANGED, path=chosen.path)
    if not any(sheet.name == chosen.spot.sheet and chosen.spot.top + chosen.spot.depth <= len(sheet.rows) for sheet in source.sheets):
        raise Refusal(say.BROKEN, sheet=PREVIEW.sheet, what=say.TOP)
    former = remembered(request.view, table)
    given = _corrections(source, chosen, former)
    layout = headings.understand(source, table, given, former, chosen.spot)
    lacks = lacking(source.name, layout, table, request.view, fixed, say.MISSING_COLUMNS)
    outcome = merged(request, chosen.path, layout, fixed, given, lacks, table)
    if request.args.get("dry_run") or outcome.status:
        return outcome
    return replace(outcome, changes=[*outcome.changes, Rewrite(PREVIEW.name, [])])


def _corrections(source: Source, chosen: Settled, former: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What must be said by --map (column name → heading, "" to leave it out) so that the file is understood as chosen: that is what is remembered.

    A heading that is taken from one column may be understood as another, so it is asked until nothing differs.
    """
    table, given = chosen.table, dict[str, str]()
    while True:
        layout = headings.understand(source, table, given, former, chosen.spot)
        now = {match.column.name: match.position for match in layout.matches}
        differ = [column.name for column in headings.importable(table) if now.get(column.name) != chosen.columns.get(column.name)]
        if not differ:
            return given
        if given.keys() >= set(differ):
            raise RuntimeError(f"{differ} are not understood as given")
        given |= {name: _label(layout.labels, chosen.columns.get(name)) for name in differ}


def _label(labels: tuple[str, ...], place: int | None) -> str:
    """The heading at a place, "" for none. Refusal if the source has no heading there."""
    if place is not None and not (place < len(labels) and labels[place]):
        raise Refusal(say.BROKEN, sheet=PREVIEW.sheet, what=say.HEADING)
    return labels[place] if place is not None else ""
