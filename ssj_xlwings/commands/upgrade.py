"""ssj upgrade: an older workbook brought up to this program, every cell and every sheet of staff kept."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.books import layout, opening, permitted
from ssj_xlwings.books.reading import Reader
from ssj_xlwings.commands.preparing import book_of
from ssj_xlwings.commands.renewing import renew
from ssj_xlwings.master import conf, macros, ribbon, vba
from ssj_xlwings.master import panel as panel_sheet
from ssj_xlwings.master.build import build
from ssj_xlwings.master.sheets import in_file
from ssj_xlwings.package import inventory, markup, widen
from ssj_xlwings.package.archive import Archive, pieces
from ssj_xlwings.package.areas import letters, position
from ssj_xlwings.package.edit import Edit
from ssj_xlwings.package.faults import Occupied
from ssj_xlwings.package.graft import Graft
from ssj_xlwings.package.relations import Workbook, relations, rels_part
from ssj_xlwings.package.rows import Sheet, computed, style_of
from ssj_xlwings.package.tables import TablePart
from ssj_xlwings.types import File, Outcome, Patch, Refusal
from ssj_xlwings.vocabulary import settings
from ssj_xlwings.vocabulary.sentences import books
from ssj_xlwings.vocabulary.sentences import upgrade as say
from ssj_xlwings.vocabulary.tables import BY_NAME, CODES, HOME, MANUAL, PANEL, TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from lxml import etree

    from ssj_xlwings.package.overlay import Place
    from ssj_xlwings.types import Request, Table

PREFIX = "ssj_"
"""How all our defined names begin, and the names of our Excel tables."""
PLACE = re.compile(r"'((?:[^']|'')+)'!(\$[A-Z]{1,3}(?:\$[0-9]+)?(?::\$[A-Z]{1,3}(?:\$[0-9]+)?)?)")
CODE_MODULE = re.compile(rb"\n(?:Module|Class|BaseClass)=([^\r\n]+)")
PART = re.compile(r"\$([A-Z]{1,3})(?:\$([0-9]+))?")


class News(NamedTuple):
    """What an upgrade brought, for people."""

    sheets: list[str]
    columns: list[str]
    settings: list[str]
    replaced: list[str]
    left: list[str]
    staffs: dict[str, frozenset[Place]]
    """On the sheets that are written anew: the cells that are not ours."""


def upgrade(request: Request) -> Outcome:
    """Bring the workbook up: sheets, columns and settings it lacks, then ribbon, VBA, code lists, names and rules anew.

    Args: book, drop_signature. Refusal: the workbook is newer than this program, ISO-strict or without styles, something stands where a column must go,
    or its macros are signed and nobody said that the signature may go.
    """
    path = book_of(request)
    values = settings.read(request.view["settings"])
    settings.refuse_newer(values)
    old = opening.load(path)
    request.progress(say.BUILDING)
    with opening.refusing(path):
        archive = Archive(old)
        workbook = Workbook(archive)
        if workbook.strict:  # what is grafted is in transitional words: Excel takes no part that mixes them
            raise Refusal(say.STRICT, name=path.name)
        if not workbook.other("styles"):
            raise Refusal(say.NO_STYLES, name=path.name)
        fresh, made = BytesIO(), News([], [], [], [], [], {})
        with_ribbon = bool(workbook.other("vbaProject"))
        build(fresh, {**values, "year": values["year"] if re.fullmatch("20[0-9]{2}", values["year"]) else ""}, ribbon=with_ribbon)
        request.progress(say.JOINING)
        unsign = bool(request.args.get("drop_signature"))
        new, followed = _settled(_joined(archive, Archive(fresh.getvalue()), made, with_ribbon=with_ribbon, unsign=unsign), values, made)
        request.progress(say.CHECKING)
        _check(archive, Archive(new), followed, made.staffs)
    lines = [*made.sheets, *made.columns, *made.settings, say.REPLACED.format(what="、".join(made.replaced)), *made.left]
    counts = {"sheets": len(made.sheets), "columns": len(made.columns), "settings": len(made.settings)}
    return Outcome(
        message=say.DONE.format(name=path.name, schema=settings.SCHEMA, **counts), lines=lines, folder=path.parent,
        files=[File(path.name, new, former=old)],
    )


def _joined(archive: Archive, fresh: Archive, made: News, *, with_ribbon: bool, unsign: bool) -> bytes:
    """The workbook with everything but the settings."""
    graft, reader = Graft(archive, fresh), Reader(Workbook(archive))
    moved: dict[str, widen.Moved] = {}
    for table in TABLES:
        if table.sheet in graft.book.sheets:
            moved[table.sheet] = _table(graft, reader, table, made)
        else:
            _refuse_renamed(graft, table)
            graft.add_sheet(table.sheet)
            made.sheets.append(say.ADDED_SHEET.format(sheet=table.sheet))
    if HOME not in graft.book.sheets:
        graft.add_sheet(HOME)
        made.sheets.append(say.ADDED_SHEET.format(sheet=HOME))
    for name in (CODES, MANUAL):
        made.staffs[name], told = renew(graft, reader, name)
        made.replaced.append(name)
        made.left.extend([told] if told else [])
    if with_ribbon:
        graft.replace_sheet(conf.SHEET)
    graft.replace_names(PREFIX, lambda text: _moved_name(text, moved))
    made.replaced.extend((say.NAMES, say.RULES))
    if with_ribbon:
        _ribbon(graft, made, unsign=unsign)
    result, target = graft.result(), BytesIO()
    for part in (graft.book.part, graft.book.other("styles"), rels_part(graft.book.part), inventory.TYPES):
        inventory.only_grown(part, archive.read(part), b"".join(pieces(result[part])), lambda one: _goes(one, graft))
    archive.write(target, result, graft.dropped)
    return target.getvalue()


def _refuse_renamed(graft: Graft, table: Table) -> None:
    """A sheet that was given another name is not lacking: a second table of its name would make Excel repair the workbook."""
    seen = next((sheet for sheet, root in graft.tables if root.get("displayName", "").lower() == f"{PREFIX}{table.name}"), "")
    if seen:
        raise layout.Renamed(books.SHEET_RENAMED, (seen, ""), table.sheet, sheet=table.sheet, seen=seen)


def _goes(one: etree._Element, graft: Graft) -> bool:
    """Whether an upgrade takes it away: a name of ours, and what speaks of a part that goes."""
    target = (one.get("PartName") or one.get("Target") or "").rpartition("/")[2]
    return graft.ours(one) or any(target == part.rpartition("/")[2] for part in graft.dropped)


def _table(graft: Graft, reader: Reader, table: Table, made: News) -> widen.Moved:
    """One table's sheet: columns it lacks at the right end, rules of all our columns."""
    part = graft.book.sheets[table.sheet]
    sheet, place = graft.opened(part), reader.layout(_relaxed(table))
    tables = [TablePart(one.target, graft.old.read(one.target)) for one in relations(graft.old, part) if one.kind == "table"]
    own = next((one for one in tables if one.headed and one.top == place.header), None)
    fresh = graft.sheet(table.sheet)
    right = own.area.right if own else max(place.columns.values())
    lacking = [column for column in table.columns if column.name not in place.columns]
    if own and own.totals and lacking:
        raise Refusal(say.TOTALS, sheet=table.sheet)
    numbers = {column.name: number for number, column in enumerate(lacking, right + 1)}
    looks = Sheet(markup.serialise(fresh))
    columns = [_added(table, name, number, looks) for name, number in numbers.items()]
    try:
        widen.add(sheet, own, place.header, own.bottom if own else place.header, columns)
    except Occupied as fault:
        raise Refusal(say.OCCUPIED, sheet=table.sheet, cell=f"{letters(right + 1)}{fault.row}", heading=lacking[0].header) from fault
    moved = widen.Moved({at: {**place.columns, **numbers}[column.name] for at, column in enumerate(table.columns, 1)}, place.header, _heading(table))
    root = widen.skeleton(sheet)
    widen.widths(root, fresh, moved, list(numbers.values()))
    widen.rules(root, fresh, moved)
    widen.dress(sheet, root)
    graft.change(part)
    if own and own.changed:
        graft.changed[own.name] = own.serialise()
    made.columns.extend(say.ADDED_COLUMN.format(sheet=table.sheet, column=letters(one.number), heading=one.header) for one in columns)
    return moved


def _added(table: Table, name: str, number: int, looks: Sheet) -> widen.Added:
    """A new column as the fresh sheet has it (headings and a first row)."""
    column = table.column(name)
    at = [each.name for each in table.columns].index(name) + 1
    heading, body = looks.row(_heading(table)), looks.row(_heading(table) + 1)
    return widen.Added(
        number, column.header, style_of(heading.cells[at]) if heading else "", in_file(table, column.formula).lstrip("="),
        style_of(body.cells.get(at, b"")) if body else "",
    )


def _heading(table: Table) -> int:
    """The row of headings in a fresh book."""
    return panel_sheet.HEADER + 1 if table.name == PANEL.name else 1


def _relaxed(table: Table) -> Table:
    """The table with no column required: one that is lacking will be added."""
    return replace(table, columns=tuple(replace(column, required=False) for column in table.columns))


def _moved_name(text: str, moved: Mapping[str, widen.Moved]) -> str:
    """A name's formula, from the places of the fresh book to those of the old one."""

    def one(found: re.Match[str]) -> str:
        to = moved.get(found[1])
        if to is None:
            return found[0]

        def single(part: re.Match[str]) -> str:
            column = position(f"{part[1]}1")[0]
            row = part[2] and (str(to.header + 1) if part[2] == "2" else part[2])
            return f"${letters(to.columns.get(column, column))}" + (f"${row}" if row else "")

        return f"'{found[1]}'!{PART.sub(single, found[2])}"

    return PLACE.sub(one, text)


def _ribbon(graft: Graft, made: News, *, unsign: bool) -> None:
    """Ribbon and VBA anew. The modules behind the sheets carry the sheets' own code names."""
    if any(one.kind == "chartsheet" for one in relations(graft.old, graft.book.part)):
        made.left.append(say.CHARTS)
        return
    signatures = inventory.macro_signatures(graft.book)
    if signatures and not unsign:
        raise Refusal(say.SIGNED_MACROS)
    if signatures:
        graft.unsign(signatures)
        made.left.append(say.UNSIGNED)
    name, sheets = graft.code_names()
    _, *modules = macros.modules(0)
    behind = [vba.Module(name, "workbook", ""), *(vba.Module(one, "sheet", "") for one in sheets)]
    graft.changed[graft.book.other("vbaProject")] = vba.project([*behind, *modules])
    graft.changed[ribbon.PART] = graft.fresh.read(ribbon.PART)
    if ribbon.PART not in graft.old:
        graft.changed[macros.RELATIONS] = ribbon.related(graft.old.read(macros.RELATIONS))
    made.replaced.extend((say.RIBBON, say.MACROS))
    own = _own_modules(graft.old.read(graft.book.other("vbaProject"))) - {one.name for one in modules}
    if own:
        made.left.append(say.OWN_MACROS.format(names="、".join(sorted(own))))


def _own_modules(project: bytes) -> set[str]:
    """Names of the code modules, from the stream PROJECT, which is plain text (MS-OVBA 2.3.1)."""
    return {name.decode(f"cp{vba.CODE_PAGE}", "replace") for name in CODE_MODULE.findall(project)}


def _settled(data: bytes, values: Mapping[str, str], made: News) -> tuple[bytes, list[str]]:
    """The settings that 参数 lacks, and the schema of this program; and the parts that refer to 参数 and follow it."""
    table, archive = BY_NAME["settings"], Archive(data)
    edit = Edit(archive)
    place, frame, _ = Reader(edit.workbook).table(_relaxed(table))
    date1904 = edit.workbook.date1904
    there = {key: int(row) for row, key in zip(frame.index, frame["key"], strict=True)}
    lacking = [setting for setting in settings.SETTINGS if setting.key not in there]
    sheet = edit.sheet(table.sheet, place.header, place.columns.values(), permitted.formulas(table, place), permitted.key(table, place))
    with permitted.placing(table):
        sheet.append([permitted.row(table, place, {"key": one.key, "value": values[one.name], "help": one.help}, date1904) for one in lacking])
        schema = settings.BY_NAME["schema"].key
        if schema in there:
            sheet.patch(permitted.patch(table, place, Patch("settings", {(there[schema], "value"): settings.SCHEMA}), date1904))
    made.settings.extend(say.ADDED_SETTING.format(key=one.key) for one in lacking)
    changed, dropped = edit.result()
    target = BytesIO()
    archive.write(target, changed, dropped)
    inventory.compare(archive, target, inventory.declared(edit.workbook, [table.sheet], edit.followed), edit.asked())
    return target.getvalue(), edit.followed


def _declared(before: Workbook, after: Workbook, followed: Sequence[str]) -> dict[str, str]:
    """The parts that an upgrade may touch: our sheets with their tables, what belongs to the workbook as a whole, the names of staff's sheets."""
    ours = {table.sheet for table in TABLES} | {HOME, CODES, MANUAL, conf.SHEET}
    grafted = {*inventory.macro_signatures(before), rels_part(before.other("vbaProject")), ribbon.PART, macros.RELATIONS, after.other("vbaProject"), *(rels_part(part) for name, part in after.sheets.items() if name in ours)}
    for book in (before, after):
        grafted |= inventory.declared(book, ours & book.sheets.keys()).keys()
    named = {part for name, part in before.sheets.items() if name not in ours}
    return {**inventory.declared(before, (), followed), **dict.fromkeys(grafted, "grafted"), **dict.fromkeys(named, "named")}


def _check(old: Archive, new: Archive, followed: Sequence[str], staffs: Mapping[str, AbstractSet[Place]]) -> None:
    """RuntimeError (our bug) unless every cell reads as it did, of sheets that are written anew those of staff; Undeclared if a part of staff changed.

    Formulas on sheets that follow the settings are calculated anew: what they showed does not count.
    """
    new.check()
    before, after = Workbook(old), Workbook(new)
    inventory.compare(old, BytesIO(new.data), _declared(before, after, followed), inventory.NOTHING)
    was, now = Reader(before), Reader(after)
    for name in before.sheets:
        if name in (conf.SHEET, BY_NAME["settings"].sheet):
            continue
        judged = staffs.get(name)
        lines = now.rows(name)
        anew = _calculated(after, name) if before.sheets[name] in followed else {}
        for number, row in was.rows(name):
            kept = next((line for at, line in lines if at >= number), [])
            kept += [None] * (len(row) - len(kept))
            differing = {at for at, (one, other) in enumerate(zip(row, kept, strict=False), 1) if one != other} - anew.get(number, set())
            if any(judged is None or (at, number) in judged for at in differing):
                raise RuntimeError(f"{name} row {number} would change")


def _calculated(workbook: Workbook, name: str) -> dict[int, set[int]]:
    """The cells of a sheet that hold a formula: row → columns."""
    sheet = Sheet(workbook.archive.member(workbook.sheets[name]))
    return {row.number: {column for column, cell in row.cells.items() if computed(cell)} for row in sheet.holding(b"<f")}
