"""A closed workbook: read by python-calamine, changed in its package."""

from __future__ import annotations

import hashlib
import io
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from python_calamine import CalamineError, CalamineWorkbook

from ssj_xlwings.books import backup, cells, layout, locks, opening, permitted
from ssj_xlwings.package.archive import Archive
from ssj_xlwings.package.areas import letters
from ssj_xlwings.package.edit import Edit
from ssj_xlwings.package.faults import Damaged, Occupied
from ssj_xlwings.package.relations import Workbook
from ssj_xlwings.package.rows import Sheet, type_of
from ssj_xlwings.types import Append, At, Change, Finding, Refusal, Rewrite, Table, View
from ssj_xlwings.vocabulary.faults import reason
from ssj_xlwings.vocabulary.sentences import books as say
from ssj_xlwings.vocabulary.tables import BY_NAME, address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Read(NamedTuple):
    """The file as it was last read: its digest, where the tables stand."""

    digest: str
    layouts: dict[str, layout.Layout]


class FileBook:
    """A workbook as tables (types.Book), while no program has it open."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.copy: Path | None = None
        self._read = Read("", {})
        self._ours = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else of us writes meanwhile. Refusal if `apply` could not write now: open elsewhere, read-only.

        Held before anything else is written, so that a log row never stands for a change that could not be saved.
        """
        with locks.held(self.path.resolve()):
            self._ours = True
            try:
                yield
            finally:
                self._ours = False

    def read(self, tables: Iterable[str]) -> View:
        """The named tables; findings are codes that Excel has rounded and error values.

        Refusal if the file cannot be opened, or a sheet or a required heading is missing, or a heading stands twice.
        """
        data = opening.load(self.path)
        digest = hashlib.sha256(data).hexdigest()
        with opening.refusing(self.path):
            archive = Archive(data)
            archive.check()
            workbook = Workbook(archive)
            wanted = [BY_NAME[name] for name in tables]
            for table in wanted:
                if table.sheet not in workbook.sheets:
                    raise Refusal(say.SHEET_MISSING, sheet=table.sheet)
            return self._view(archive, workbook, wanted, digest)

    def _view(self, archive: Archive, workbook: Workbook, wanted: Sequence[Table], digest: str) -> View:
        frames, findings = {}, []
        layouts = dict(self._read.layouts) if self._read.digest == digest else {}
        parts = {table.name: archive.read(workbook.sheets[table.sheet]) for table in wanted}  # checksums, before calamine sees them
        opened = calamine(archive, workbook)
        for table in wanted:
            rows = sheet_rows(opened, table.sheet)
            layouts[table.name] = layout.find(table, rows)
            frames[table.name], damaged = cells.frame(table, layouts[table.name], rows, workbook.date1904)
            findings += damaged + _errors(table, layouts[table.name], parts[table.name])
        self._read = Read(digest, layouts)
        return View(frames, tuple(findings), digest)

    def cell(self, at: At) -> str:
        """检查对象名录库!C2; the sheet's name alone for a place that is no cell. A column the book lacks is shown as column A."""
        if not (at.row and at.column):
            return address(at.table, at.row, at.column, "")
        if at.table not in self._read.layouts:
            self.read([at.table])
        column = self._read.layouts[at.table].columns.get(at.column, 1)
        return address(at.table, at.row, at.column, letters(column))

    def ready(self, seen: View, may: Iterable[str]) -> None:  # noqa: ARG002 - what `held` has not looked at yet is the same for all tables
        """Refusal if the file changed since `seen`: nothing that cannot be taken back is done for a book that is no longer so."""
        if hashlib.sha256(opening.load(self.path)).hexdigest() != seen.seen:
            raise Refusal(say.CHANGED, name=self.path.name)

    def apply(self, changes: Sequence[Change], seen: View, may: Iterable[str]) -> None:
        """All changes or none, in their order; the former file goes to 备份.

        RuntimeError (our bug) if a change is not allowed by `may` or the table's kind. Refusal if the file is open elsewhere,
        read-only, changed since `seen`, or has no room; then it is byte for byte as it was.
        """
        permitted.check(changes, set(may))
        if not changes:
            return
        path = self.path.resolve()
        with nullcontext() if self._ours else locks.held(path), opening.refusing(self.path):
            data = opening.load(path)
            if hashlib.sha256(data).hexdigest() != seen.seen:
                raise Refusal(say.CHANGED, name=path.name)
            missing = {change.table for change in changes} - (self._read.layouts.keys() if self._read.digest == seen.seen else set())
            if missing:
                self.read(missing)
            archive = Archive(data)
            edit = Edit(archive)
            for change in changes:
                self._change(edit, change)
            self._save(archive, edit, path)

    def _save(self, archive: Archive, edit: Edit, path: Path) -> None:
        changed, dropped = edit.result()

        def last() -> None:
            if path.read_bytes() != archive.data:
                raise Refusal(say.CHANGED, name=path.name)
            self.copy = backup.keep(path, datetime.now(UTC).astimezone())

        try:
            archive.save(path, changed, dropped, last)
            backup.prune(path)
        except OSError as error:
            in_use = getattr(error, "winerror", None) == locks.SHARING_VIOLATION
            sentence = say.IN_USE if in_use else say.CANNOT_WRITE
            raise Refusal(sentence, name=path.name, why=reason(error)) from error

    def _change(self, edit: Edit, change: Change) -> None:
        table = BY_NAME[change.table]
        place = self._read.layouts[change.table]
        sheet = edit.sheet(table.sheet, place.header, place.columns.values(), permitted.formulas(table, place))
        date1904 = edit.workbook.date1904
        try:
            if isinstance(change, Append):
                sheet.append([permitted.row(table, place, row, date1904) for row in change.rows])
            elif isinstance(change, Rewrite):
                sheet.rewrite([permitted.row(table, place, row, date1904) for row in change.rows])
            else:
                sheet.patch(permitted.patch(table, place, change, date1904))
        except Occupied as fault:
            raise Refusal(say.NO_ROOM if fault.row else say.FULL, sheet=table.sheet, row=fault.row) from fault


def calamine(archive: Archive, workbook: Workbook) -> CalamineWorkbook:
    """The workbook as calamine reads it. Damaged if it cannot."""
    for kind in ("sharedStrings", "styles"):  # their checksums, before calamine sees them
        if part := workbook.other(kind):
            archive.read(part)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(archive.data))
    except CalamineError as error:
        raise Damaged(str(error)) from error


def sheet_rows(opened: CalamineWorkbook, sheet: str) -> Sequence[Sequence[object]]:
    """All rows of a sheet from row 1, column A. Damaged if the reader gives up, even with a panic (no `Exception`)."""
    try:
        return opened.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise Damaged(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Damaged(str(error)) from error


def _errors(table: Table, place: layout.Layout, xml: bytes) -> list[Finding]:
    """Cells with an error value, which calamine shows as blank. Formula columns of ours are not people's data."""
    tokens = (b't="e"', b"t='e'")
    if not any(token in xml for token in tokens):
        return []
    names = {number: table.column(name) for name, number in place.columns.items() if not table.column(name).formula}
    found = []
    for row in Sheet(xml).holding(*tokens):
        for number in sorted(row.cells.keys() & names.keys()):
            cell = row.cells[number]
            if row.number > place.header and type_of(cell) == b"e":
                shown = cell.partition(b"<v>")[2].partition(b"</v>")[0].decode()
                found.append(cells.error(table, names[number], row.number, shown))
    return found
