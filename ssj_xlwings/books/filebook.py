"""A closed workbook: read from its package and changed in it."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.books import backup, filters, layout, locks, opening, permitted, picked, saving
from ssj_xlwings.books.reading import Reader
from ssj_xlwings.package import inventory
from ssj_xlwings.package.archive import Archive
from ssj_xlwings.package.areas import letters
from ssj_xlwings.package.edit import Edit
from ssj_xlwings.package.relations import Workbook
from ssj_xlwings.types import Append, At, Change, Refusal, Rewrite, Table, View
from ssj_xlwings.vocabulary import settings
from ssj_xlwings.vocabulary.filters import Filtered
from ssj_xlwings.vocabulary.sentences import books as say
from ssj_xlwings.vocabulary.tables import BY_NAME, BY_SHEET, SETTINGS, address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Read(NamedTuple):
    """The file as it was last read: its digest, where the tables stand, the parts that refer to no sheet by its name."""

    digest: str
    layouts: dict[str, layout.Layout]
    silent: frozenset[str] = frozenset()


class FileBook:
    """A workbook as tables (types.Book), while no program has it open."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.copy: Path | None = None
        self._read = Read("", {})
        self._ours = False
        self._copies = int(settings.BY_NAME["copies"].default)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else of us writes meanwhile. Refusal if `apply` could not write now: open elsewhere, read-only, signed.

        Held before anything else is written, so that a log row never stands for a change that could not be saved.
        """
        with locks.held(self.path.resolve()):
            with opening.refusing(self.path):
                inventory.refuse_signed(Archive(opening.load(self.path)))
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
            workbook = Workbook(archive)
            wanted = [BY_NAME[name] for name in tables]
            for table in wanted:
                if table.sheet not in workbook.sheets:
                    reader = Reader(workbook)
                    raise layout.sheet_missing(table, ((name, reader.top(name)) for name in workbook.sheets if name not in BY_SHEET))
            view = self._view(workbook, wanted, digest)
            archive.check()
            self._read = self._read._replace(silent=archive.silent())
            return view

    def _view(self, workbook: Workbook, wanted: Sequence[Table], digest: str) -> View:
        frames, findings = {}, []
        layouts = dict(self._read.layouts) if self._read.digest == digest else {}
        reader = Reader(workbook)
        for table in wanted:
            layouts[table.name], frames[table.name], found = reader.table(table)
            findings += found
        if SETTINGS.name in frames:
            self._copies = settings.copies(frames[SETTINGS.name])
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

    def ends(self, tables: Iterable[str]) -> dict[str, int]:
        """The last data row of each of these that is an Excel table, blank rows counted; 0 for a plain list and above totals."""
        with opening.refusing(self.path):
            reader = Reader(Workbook(Archive(opening.load(self.path))))
            return {name: reader.end(BY_NAME[name]) for name in tables}

    def filtered(self, table: str, column: str) -> Filtered:
        """The AutoFilter of the table's sheet, and how many rows with something in that column it shows."""
        frame = self.read([table])[table]
        with opening.refusing(self.path):
            found = filters.filters(Workbook(Archive(opening.load(self.path))), BY_NAME[table].sheet)
        filled = frame.index[frame[column] != ""] if found else ()
        shown = sum(not line.hidden for line in picked.lines(self.path, BY_NAME[table].sheet, map(int, filled)))
        return Filtered(found, {number: name for name, number in self._read.layouts[table].columns.items()}, shown)

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
            inventory.refuse_signed(archive)
            edit = Edit(archive, self._read.silent)
            for change in changes:
                self._change(edit, change)
            self._save(archive, edit, path, {BY_NAME[change.table].sheet for change in changes})

    def _save(self, archive: Archive, edit: Edit, path: Path, sheets: set[str]) -> None:
        changed, dropped = edit.result()
        allowed, asked = inventory.declared(edit.workbook, sheets, edit.followed), edit.asked()
        self.copy = saving.save(
            archive, path, archive.data, changed, dropped, lambda written: inventory.compare(archive, written, allowed, asked), asked.sheets.keys(),
        )
        backup.prune(path, self._copies)

    def _change(self, edit: Edit, change: Change) -> None:
        table = BY_NAME[change.table]
        place = self._read.layouts[change.table]
        sheet = edit.sheet(table.sheet, place.header, place.columns.values(), permitted.formulas(table, place), permitted.key(table, place))
        date1904 = edit.workbook.date1904
        with permitted.placing(table):
            if isinstance(change, Append):
                sheet.append(permitted.rows(table, place, change.rows, date1904))
            elif isinstance(change, Rewrite):
                sheet.rewrite(permitted.rows(table, place, change.rows, date1904))
            else:
                sheet.patch(permitted.patch(table, place, change, date1904), change.end)
