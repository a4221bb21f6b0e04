"""The registries: make a workbook, take foreign lists in."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ssj_xlwings.commands.above import imported
from ssj_xlwings.master.build import build, units
from ssj_xlwings.papers.wording import safe_name
from ssj_xlwings.registry import headings, preview, refused, summary
from ssj_xlwings.registry.intake import fixed_cells, take
from ssj_xlwings.registry.jurisdiction import Jurisdiction, home_unit
from ssj_xlwings.registry.matching import bare
from ssj_xlwings.registry.reader import read_source
from ssj_xlwings.types import Append, File, Outcome, Patch, Refusal, Rewrite
from ssj_xlwings.vocabulary import clock, divisions, settings
from ssj_xlwings.vocabulary.commands import IMPORTABLE
from ssj_xlwings.vocabulary.lookup import Lookup, records
from ssj_xlwings.vocabulary.sentences import master as words
from ssj_xlwings.vocabulary.sentences import preview as looked
from ssj_xlwings.vocabulary.sentences import registry as say
from ssj_xlwings.vocabulary.tables import PREVIEW
from ssj_xlwings.vocabulary.text import normal, unseen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ssj_xlwings.registry.headings import Layout
    from ssj_xlwings.registry.intake import Intake
    from ssj_xlwings.registry.reader import Source
    from ssj_xlwings.types import Change, Request, Row, Table, View


def new(request: Request) -> Outcome:
    """A blank workbook for a bureau; an .xlsm has the ribbon. Args: book, bureau, division, year. Never overwrites."""
    path = Path(request.args["book"])
    bureau, division, year = (normal(str(request.args[name])) for name in ("bureau", "division", "year"))
    ending = path.suffix.lower()
    if ending not in (".xlsm", ".xlsx"):
        raise Refusal(words.ENDING, name=path.name, stem=path.stem)
    if safe_name(path.name) != path.name:
        raise Refusal(words.BAD_NAME, name=path.name)
    if path.exists():
        raise Refusal(words.EXISTS, path=path)
    if not bureau:
        raise Refusal(words.NO_BUREAU)
    if unseen(bureau):
        raise Refusal(words.BAD_BUREAU, seen=bureau, char=unseen(bureau))
    if not re.fullmatch("[0-9]{6}", division):
        raise Refusal(words.BAD_DIVISION, seen=division)
    if not divisions.name(division):
        raise Refusal(words.UNKNOWN_DIVISION, seen=division)
    if not re.fullmatch("20[0-9]{2}", year):
        raise Refusal(words.BAD_YEAR, seen=year)
    chosen = {"bureau": bureau, "division": division, "year": year, "book": f"{year}-{request.entropy(3).hex()}"}
    return Outcome(
        message=words.CREATED.format(name=path.name, bureau=bureau, year=year, units=len(units(bureau, division))),
        folder=path.parent, files=[File(path.name, partial(build, settings=chosen, ribbon=ending == ".xlsm"))], next=words.NEXT_IMPORT.format(book=path.name),
    )


def import_(request: Request) -> Outcome:
    """Merge a file into a registry, or show on 导入预览 what would come in.

    Args: table, file, map, set, preview, dry_run, password (of the file; it stays nowhere).


    Refusal: the file cannot be read, its headings cannot be understood, an argument names what is not
    there. Rows that cannot be taken in go to a new workbook beside the file. Status 1 if no row was taken in.
    """
    args, view = request.args, request.view
    table = table_of(args["table"])
    path = Path(args["file"])
    given = _columns_of(table, args.get("map") or (), say.MAP_COLUMN)
    fixed = fixed_cells(table, headings.importable(table), _columns_of(table, args.get("set") or (), say.SET_COLUMN))
    request.progress(say.READING.format(name=path.name))
    source = read_source(path, args.get("password") or "")
    layout = headings.understand(source, table, given, remembered(view, table), loose=bool(args.get("preview")))
    if args.get("preview"):
        return _previewed(request, path, source, layout, fixed, table)
    return merged(request, path, layout, fixed, given, lacking(source.name, layout, table, view, fixed), table)


def _previewed(request: Request, path: Path, source: Source, layout: Layout, fixed: dict[str, str], table: Table) -> Outcome:
    """The sheet 导入预览: nothing enters before 确认导入."""
    request.progress(say.MERGING.format(sheet=table.sheet))
    intake = _taken(request.view, layout, table, fixed)
    rows = preview.rows(path, source, layout, table, fixed, intake)
    book = request.book.name if request.book else ""
    return Outcome(
        message=looked.PREVIEWED.format(sheet=PREVIEW.sheet, file=source.name, target=table.sheet), lines=[preview.counts(layout, intake, table)],
        changes=[] if request.args.get("dry_run") else [Rewrite(PREVIEW.name, rows)], show=PREVIEW.name, next=looked.NEXT.format(book=book),
    )


def _taken(view: View, layout: Layout, table: Table, fixed: dict[str, str]) -> Intake:
    return take(layout, table, view[table.name], fixed, _jurisdiction(view) if table.name == "subjects" else None)


def merged(request: Request, path: Path, layout: Layout, fixed: dict[str, str], given: dict[str, str], lacks: list[str], table: Table) -> Outcome:
    """What taking in an understood sheet comes to. `given`: column name → heading, to be remembered; `lacks`: required headings not there."""
    view = request.view
    request.progress(say.MERGING.format(sheet=table.sheet))
    intake = _taken(view, layout, table, fixed)
    dry = bool(request.args.get("dry_run"))
    above, met = imported(view, request.log, _listed(intake, view), clock.day(request.now)) if table.name == "upper" else ([], [])
    wrong, twice = intake.of("wrong"), intake.of("twice")
    files = [] if dry or not (wrong or twice) else [File(refused.free_name(path), partial(refused.write, layout=layout, wrong=wrong, twice=twice))]
    lines = [
        *summary.headings(path.name, layout, table, fixed, lacks), *(summary.top(layout, table, intake) if dry else ()),
        *summary.outcome(intake, table, _home(view)), *met, *(_about(file.name, bool(wrong), bool(twice)) for file in files),
    ]
    none = bool(intake.refused) and not intake.taken
    return Outcome(
        message=(say.DRY if dry else "") + summary.counts(intake, table),
        lines=lines, folder=path.parent if files else None, files=files,
        changes=[] if dry else [*_changes(intake, table), *above, *_remember(view, layout, table, given)],
        next=say.NEXT_CHECK.format(book=request.book.name) if request.book and not dry and not none else "", status=1 if none else 0,
    )


def _about(name: str, wrong: bool, twice: bool) -> str:
    """What the workbook of refused rows is good for."""
    if not wrong:
        return say.TWICE_FILE_LINE.format(name=name, sheet=say.TWICE_SHEET)
    return say.REFUSED_FILE_LINE.format(name=name) + (say.TWICE_THERE.format(sheet=say.TWICE_SHEET) if twice else "")


def table_of(word: str) -> Table:
    """The table meant by its sheet's name or its English one."""
    lookup = Lookup(IMPORTABLE, (table.name for table in IMPORTABLE.values()))
    sheet = lookup.one(word)
    if not sheet:
        near = lookup.nearest(word)
        raise Refusal(say.TABLE_UNKNOWN, seen=word, nearest=say.NEAREST_TABLE.format(word=near) if near else "", tables="、".join(IMPORTABLE))
    return IMPORTABLE[sheet]


def _columns_of(table: Table, pairs: Iterable[tuple[str, str]], unknown: str) -> dict[str, str]:
    """Column name → what was given for it; a column may be called by its heading, an alias or its English name."""
    columns = headings.importable(table)
    names = {bare(alias): column for column in columns for alias in column.aliases}
    names |= {bare(word): column for column in columns for word in (column.name, column.header)}
    found = {}
    for left, right in pairs:
        column = names.get(bare(left))
        if column is None:
            raise Refusal(unknown, seen=left, sheet=table.sheet, columns="、".join(c.header for c in columns))
        found[column.name] = right
    return found


def remembered(view: View, table: Table) -> dict[str, dict[str, str]]:
    """Fingerprint of headings → column name → heading, as given at earlier imports into this table."""
    names = {column.header: column.name for column in headings.importable(table)}
    found: dict[str, dict[str, str]] = {}
    for row in view["sources"].to_dict("records"):
        if row["table"] == table.sheet and row["column"] in names:
            found.setdefault(str(row["source"]), {})[names[row["column"]]] = str(row["heading"])
    return found


def _remember(view: View, layout: Layout, table: Table, given: dict[str, str]) -> list[Change]:
    """What was given by --map, added to 导入对照 or put in place of what stood there."""
    old = {(row["source"], row["table"], row["column"]): int(at)
           for at, row in zip(view["sources"].index, view["sources"].to_dict("records"), strict=True)}
    cells, rows = {}, []
    for name, heading in given.items() if any(layout.headings) else ():  # a file without headings is like every other one
        key = (layout.fingerprint, table.sheet, table.column(name).header)
        if key in old:
            cells[old[key], "heading"] = heading
        else:
            rows.append(dict(zip(("source", "table", "column", "heading"), (*key, heading), strict=True)))
    return [*([Patch("sources", cells)] if cells else []), *([Append("sources", rows)] if rows else [])]


def lacking(name: str, layout: Layout, table: Table, view: View, fixed: dict[str, str], sentence: str = say.MISSING_COLUMNS) -> list[str]:
    """Headings of required columns that the file does not have. Refusal, unless it can still update the rows there
    are: they must exist, and the file must have the key.
    """
    have = {*fixed, *(match.column.name for match in layout.matches)}
    lacks = [column for column in headings.importable(table) if column.required and column.name not in have]
    keyed = all(column in have for column in table.key)
    if (lacks and not (keyed and len(view[table.name]))) or not have.intersection(table.key):
        missing = lacks or [table.column(column) for column in table.key]
        raise Refusal(
            sentence, name=name, sheet=PREVIEW.sheet, missing="、".join(column.header for column in missing), seen="、".join(filter(None, layout.headings)) or "、".join(layout.labels),
            column=missing[0].header, heading=layout.offer(missing[0]) or say.SOME_HEADING,
        )
    return [column.header for column in lacks]


def _home(view: View) -> str:
    options = settings.read(view["settings"])
    return home_unit(view["units"], options["bureau"], options["division"])


def _jurisdiction(view: View) -> Jurisdiction | None:
    return Jurisdiction(view["units"], _home(view)) if len(view["units"]) else None


def _listed(intake: Intake, view: View) -> list[Row]:
    """The rows of 上级抽取名单 that come in or change, whole."""
    upper = view["upper"]
    old = dict(zip(map(int, upper.index), records(upper), strict=True))
    changed = [{**old[row], **{name: new for name, (_, new) in cells.items()}} for row, cells in intake.changed.items()]
    return [*changed, *({**dict.fromkeys(map(str, upper.columns), ""), **row} for row in intake.added)]


def _changes(intake: Intake, table: Table) -> list[Change]:
    cells = {(row, name): new for row, changed in intake.changed.items() for name, (_, new) in changed.items()}
    return [*([Patch(table.name, cells)] if cells else []), *([Append(table.name, intake.added)] if intake.added else [])]
