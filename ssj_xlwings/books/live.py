"""An open workbook, in Excel, through xlwings: the same tables and the same promises as a closed one.

Whole rectangles are read and written, so the number of calls grows with the tables, never with their rows. Nothing is
activated, selected or scrolled. What was written is read back; if anything fails, all of it is put back.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssj_xlwings.books import backup, blocks, cells, excel, layout, permitted
from ssj_xlwings.books.livesheet import LiveSheet
from ssj_xlwings.books.selected import selected
from ssj_xlwings.package.areas import LAST_ROW, letters, position
from ssj_xlwings.types import Append, At, Change, Finding, Refusal, Rewrite, Table, View
from ssj_xlwings.vocabulary import settings
from ssj_xlwings.vocabulary.filters import Filtered
from ssj_xlwings.vocabulary.sentences import live as say
from ssj_xlwings.vocabulary.tables import BY_NAME, BY_SHEET, LOG, SETTINGS, address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ssj_xlwings.books.blocks import Journal, Rows
    from ssj_xlwings.books.picked import Picked

ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!"))
ROOM = 3
"""Free space wanted on the disk, in sizes of the workbook."""


class LiveBook:
    """An open workbook as tables (types.Book). `book`: the xlwings Book."""

    def __init__(self, book: Any) -> None:
        self.book, self.app = book, book.app
        self.path = Path(excel.full_name(book))
        self.copy: Path | None = None
        self._layouts: dict[str, layout.Layout] = {}
        self._ready = ""
        self._copies = int(settings.BY_NAME["copies"].default)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Refusal if the workbook could not be written and saved now: never saved, in a cloud, read-only, its file gone."""
        self._refuse_unwritable()
        yield

    def refuse_homeless(self) -> None:
        """Refusal if there is no folder on this PC beside the workbook: never saved, opened from a cloud, its file gone.

        A folder that OneDrive or WPS keeps in step with a cloud is on this PC, and works.
        """
        full = excel.full_name(self.book)
        if excel.never_saved(self.book):
            raise Refusal(say.NEVER_SAVED, name=self.path.name)
        if "://" in full:
            raise Refusal(say.IN_CLOUD, name=full.rpartition("/")[2], path=full)
        if not self.path.exists():
            raise Refusal(say.FILE_GONE, path=self.path)

    def _refuse_unwritable(self) -> None:
        self.refuse_homeless()
        if excel.read_only(self.book):
            raise Refusal(say.READ_ONLY, name=self.path.name)

    def read(self, tables: Iterable[str]) -> View:
        """The named tables; findings are codes that Excel has rounded and error values.

        Refusal if a sheet or a required heading is missing, or a heading stands twice.
        """
        frames, findings = {}, list[Finding]()
        date1904 = excel.date1904(self.book)
        sheets = {sheet.name: sheet for sheet in self.book.sheets}
        for table in (BY_NAME[name] for name in tables):
            if table.sheet not in sheets:
                raise layout.sheet_missing(table, ((name, _values(sheet, layout.SEARCHED)) for name, sheet in sheets.items() if name not in BY_SHEET))
            rows = self._rows(table)
            place = self._layouts[table.name] = layout.find(table, rows)
            _take_totals(sheets[table.sheet], place, rows)
            errors = _take_errors(table, place, rows)
            frames[table.name], damaged = cells.frame(table, place, rows, date1904)
            findings += damaged + errors
        if SETTINGS.name in frames:
            self._copies = settings.copies(frames[SETTINGS.name])
        return View(frames, tuple(findings), _digest(frames))

    def cell(self, at: At) -> str:
        """检查对象名录库!C2; the sheet's name alone for a place that is no cell. A column the book lacks is shown as column A."""
        if not (at.row and at.column):
            return address(at.table, at.row, at.column, "")
        if at.table not in self._layouts:
            self.read([at.table])
        return address(at.table, at.row, at.column, letters(self._layouts[at.table].columns.get(at.column, 1)))

    def filtered(self, table: str, column: str) -> Filtered:
        """The AutoFilter of the table's sheet, and how many rows with something in that column it shows."""
        frame, place, sheet = self.read([table])[table], self._layouts[table], self.book.sheets[BY_NAME[table].sheet]
        found = tuple(one for holder in (sheet, *sheet.tables) for one in excel.filters(holder))
        shown = 0
        if found and len(frame):
            at = place.columns[column]
            shown = excel.count_shown(self.app, blocks.area(sheet, blocks.Place(place.header + 1, at, int(frame.index[-1]), at)))
        return Filtered(found, {number: name for name, number in place.columns.items()}, shown)

    def rename(self, found: layout.Renamed) -> None:
        """Give a sheet or a heading its name back; Excel mends every formula, name and chart that speaks of it. A copy goes to 备份 first.

        Not done in a closed file: too many parts speak of a sheet by its name (formulas, names, rules, charts, pivots, links).
        """
        self._refuse_unwritable()
        sheet = self.book.sheets[found.sheet]
        if found.cell and excel.protected(sheet):
            raise Refusal(say.PROTECTED, sheet=found.sheet)
        self._keep_copy()
        try:
            if found.cell:
                sheet.range(tuple(reversed(position(found.cell)))).value = found.name
            else:
                sheet.name = found.name
        except Exception as error:  # Excel's own errors have no common class
            raise Refusal(say.CANNOT_RENAME, name=found.name, why=error) from error

    def show(self, table: str) -> None:
        """Bring the sheet of a table to the front, where people are to look next."""
        excel.bring(self.book.sheets[BY_NAME[table].sheet])

    def picked(self) -> Picked:
        """The rows selected on any sheet. Refusal if none are."""
        return selected(self.book)

    def ready(self, seen: View, may: Iterable[str]) -> None:
        """Refusal if `apply` could not do its work now; a copy of the workbook as it is now goes to 备份.

        A sheet is protected; a table changed since `seen` (while a question was open); no room for the copy; and, where
        the log may grow, the workbook cannot be saved.
        """
        self._refuse_unwritable()
        may = set(may)
        for name in sorted(may & set(self._layouts)):
            if excel.protected(self.book.sheets[BY_NAME[name].sheet]):
                raise Refusal(say.PROTECTED, sheet=BY_NAME[name].sheet)
        if self.read(seen.tables).seen != seen.seen:
            raise Refusal(say.CHANGED, name=self.path.name)
        self._keep_copy()
        if LOG.name in may:
            self.save()
        self._ready = seen.seen

    def apply(self, changes: Sequence[Change], seen: View, may: Iterable[str]) -> None:
        """All changes or none, in their order; if rows of the log are among them the workbook is saved and read back.

        RuntimeError (our bug) if a change is not allowed by `may` or the table's kind. Refusal as `ready`, or if a table has
        no room or does not keep what was written; then every cell is as it was.
        """
        may = set(may)
        permitted.check(changes, may)
        if not changes:
            return
        if self._ready != seen.seen:
            self.ready(seen, may)
        self._ready = ""
        self.read({change.table for change in changes} - set(self._layouts))
        journal = blocks.Journal()
        try:
            with self.app.properties(screen_updating=False, enable_events=False, calculation="manual"):
                try:
                    for change in changes:
                        self._change(change, journal)
                except BaseException:
                    journal.undo()
                    raise
        except Exception as fault:
            if journal.left and not excel.gone(fault) and self.copy is not None:
                raise Refusal(say.HALF, name=self.path.name, copy=self.copy.name) from fault
            raise
        if any(change.table == LOG.name for change in changes):
            self.save()
            self._read_back()

    def _rows(self, table: Table) -> Rows:
        """All values of a sheet from row 1, column A, in one call."""
        return _values(self.book.sheets[table.sheet])

    def _change(self, change: Change, journal: Journal) -> None:
        table = BY_NAME[change.table]
        place, date1904 = self._layouts[table.name], excel.date1904(self.book)
        links = [place.columns[column.name] for column in table.columns if column.kind == "link" and column.name in place.columns]
        sheet = LiveSheet(self.book.sheets[table.sheet], self._rows(table), place, permitted.formulas(table, place), links, permitted.key(table, place), journal)
        try:
            with permitted.placing(table):
                if isinstance(change, (Append, Rewrite)):
                    made = [{column: blocks.cell(value, date1904) for column, value in permitted.row(table, place, row, date1904).items()} for row in change.rows]
                    (sheet.append if isinstance(change, Append) else sheet.rewrite)(made)
                else:
                    sheet.patch({at: blocks.cell(value, date1904) for at, value in permitted.patch(table, place, change, date1904).items()}, change.end)
        except blocks.NotKept as fault:
            raise Refusal(say.NOT_KEPT, sheet=table.sheet) from fault
        except blocks.TooMany as fault:
            raise Refusal(say.FILTERED, sheet=table.sheet, count=fault) from fault
        except blocks.UnderFilter as fault:
            raise Refusal(say.FILTERED_TOTALS, sheet=table.sheet) from fault

    def _keep_copy(self) -> None:
        """The workbook as it is in memory, unsaved typing included, beside its former versions."""
        free = shutil.disk_usage(self.path.parent).free
        if free < ROOM * self.path.stat().st_size:
            raise Refusal(say.NO_SPACE, free=free // 2**20, name=self.path.name)
        try:
            copy = backup.place(self.path, datetime.now(UTC).astimezone())
            excel.save_copy(self.book, copy)
            with copy.open("r+b") as file:
                os.fsync(file.fileno())
            backup.prune(self.path, self._copies)
        except Exception as error:  # whatever Excel or the disk says: without a copy nothing is touched
            raise Refusal(say.NO_COPY, name=self.path.name, why=excel.words(error)) from error
        self.copy = copy

    def save(self) -> None:
        """Refusal if the workbook cannot be saved."""
        try:
            with self.app.properties(display_alerts=False):
                self.book.save()
        except Exception as error:  # Excel's own errors have no common class on the three systems
            raise Refusal(say.CANNOT_SAVE, name=self.path.name, why=excel.words(error)) from error

    def _read_back(self) -> None:
        """The file on the disk holds the log as the open workbook shows it."""
        from ssj_xlwings.books.filebook import FileBook

        kept, shown = FileBook(self.path).read([LOG.name])[LOG.name], self.read([LOG.name])[LOG.name]
        if kept.to_numpy().tolist() != shown.to_numpy().tolist():
            raise Refusal(say.SAVED_OTHERWISE, name=self.path.name)


def _values(sheet: Any, most: int = LAST_ROW) -> Rows:
    """The values of a sheet from row 1, column A, down to row `most`."""
    corner = sheet.used_range.last_cell
    return blocks.values(sheet.range((1, 1), (min(corner.row, most), corner.column)))


def _take_totals(sheet: Any, place: layout.Layout, rows: Rows) -> None:
    """The totals row of an Excel table becomes blank: it is none of its rows."""
    for table in sheet.tables:
        if table.show_totals and table.range.row == place.header:
            number = table.range.last_cell.row
            rows[number - 1:number] = [[None] * len(row) for row in rows[number - 1:number]]


def _take_errors(table: Table, place: layout.Layout, rows: Rows) -> list[Finding]:
    """Error values become blank, each with its finding; formula columns of ours are not people's data."""
    names = {number: table.column(name) for name, number in place.columns.items()}
    found = []
    for number, row in enumerate(rows[place.header:], place.header + 1):
        for at, column in names.items():
            if at <= len(row) and isinstance(row[at - 1], str) and row[at - 1] in ERRORS:
                if not column.formula:
                    found.append(cells.error(table, column, number, row[at - 1]))
                row[at - 1] = None
    return found


def _digest(frames: dict[str, Any]) -> str:
    """One fingerprint of all tables that were read."""
    return hashlib.sha256("".join(f"{name}:{cells.fingerprint(BY_NAME[name], frame)};" for name, frame in sorted(frames.items())).encode()).hexdigest()
