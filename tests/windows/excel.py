"""An Excel of ours behind the wire: the members that LiveBook calls and no other, over plain cells.

Workbooks are loaded and saved with openpyxl, which keeps their cells and tables; texts are taken as Excel takes them.
A member that is not here does not exist: whoever calls a new one sees it fail, and adds it here and to the golden list.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils import range_boundaries

from ssj_xlwings.package.areas import letters
from tests.windows.com import REFUSED, Fault, Time

if TYPE_CHECKING:
    from collections.abc import Iterator

NUMBER, DATE = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?%?"), re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
LINK = re.compile(r'=HYPERLINK\(".*","(.*)"\)')
COUNTED = re.compile(r"SUBTOTAL\(103,OFFSET\(\$A\$(\d+):\$([A-Z]+)\$\d+,ROW\(\$A\$\d+:\$A\$(\d+)\)-\d+,0\)\)")
ERROR_BASE = -2146828288
ERRORS = {"#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042, "#SPILL!": 2045, "#CALC!": 2050}
"""CVErr; as a variant of COM each is 0x800A0000 more."""


class Application:
    """One Excel. `answers`: what people will answer to its boxes, in order; `asked`: what they were shown."""

    def __init__(self, hwnd: int):
        self._hwnd, self._books = hwnd, Workbooks(self)
        self._settings: dict[str, Any] = {"ScreenUpdating": True, "EnableEvents": True, "Calculation": -4105, "DisplayAlerts": True, "StatusBar": False}
        self.answers, self.asked, self.statuses = [], [], []
        self._selection: Range | None = None

    @property
    def Application(self) -> Application:
        return self

    @property
    def Hwnd(self) -> int:
        return self._hwnd

    @property
    def Workbooks(self) -> Workbooks:
        return self._books

    @property
    def Selection(self) -> Range | None:
        return self._selection

    def InputBox(self, Prompt, Title, Default, Type):  # noqa: N803 - Excel's own
        if len(Prompt) > 255 or Type != 2:
            raise Fault(REFUSED, "a prompt has 255 characters at most; Type 2 is a text")
        return self._answer(Title, Prompt, Default)

    def GetOpenFilename(self, FileFilter, FilterIndex, Title):  # noqa: N803
        return self._answer(Title, FileFilter, False)

    def _answer(self, title, prompt, default):
        self.asked.append((title, prompt))
        answer = self.answers.pop(0)
        return default if answer is ... else answer


def _setting(name: str) -> property:
    def put(self, value):
        self._settings[name] = value
        if name == "StatusBar":
            self.statuses.append(value)

    return property(lambda self: self._settings[name], put)


for _name in ("ScreenUpdating", "EnableEvents", "Calculation", "DisplayAlerts", "StatusBar"):
    setattr(Application, _name, _setting(_name))


class Workbooks:
    def __init__(self, app):
        self._app, self._all = app, []

    def Item(self, key):
        for book in self._all:
            if book.Name.lower() == key.lower():
                return book
        raise Fault(REFUSED, "no such workbook")

    def Open(self, filename, update_links, read_only):
        if update_links != 0:
            raise Fault(REFUSED, "a paper has no links to be asked about")
        self.open(Path(filename)).read_only = read_only

    def open(self, path: Path) -> Workbook:
        self._all.append(Workbook(self._app, path))
        return self._all[-1]


class Workbook:
    """`read_only`, `url`, `unsaved`: as people find it."""

    def __init__(self, app, path: Path):
        self._app, self._path, self._file = app, path, openpyxl.load_workbook(path, keep_vba=path.suffix == ".xlsm")
        shown = openpyxl.load_workbook(path, data_only=True)
        self._sheets = Worksheets(self, [Worksheet(self, sheet, shown[sheet.title]) for sheet in self._file.worksheets])
        self._active = self._sheets._all[0]
        self.read_only, self.url, self.unsaved, self.saves = False, "", False, 0

    @property
    def Application(self):
        return self._app

    @property
    def Name(self):
        return self.url.rpartition("/")[2] or self._path.name

    @property
    def FullName(self):
        return self.url or (self._path.name if self.unsaved else str(self._path))

    @property
    def Path(self):
        return "" if self.unsaved else self.FullName.rpartition("/")[0]

    @property
    def ReadOnly(self):
        return self.read_only

    @property
    def Date1904(self):
        return False

    @property
    def FileFormat(self):
        return 51

    @property
    def Worksheets(self):
        return self._sheets

    @property
    def ActiveSheet(self):
        return self._active

    def Save(self):
        self.saves += 1
        self._write(self._path)

    def SaveCopyAs(self, Filename):  # noqa: N803
        self._write(type(self._path)(Filename))

    def _write(self, path):
        beside = path.with_suffix(".writing" + path.suffix)
        for sheet in self._sheets._all:
            sheet.store()
        self._file.save(beside)
        shutil.move(beside, path)


class Worksheets:
    def __init__(self, book, sheets):
        self._book, self._all = book, sheets

    @property
    def Parent(self):
        return self._book

    def Item(self, key):
        for sheet in self._all:
            if sheet.Name.lower() == key.lower():
                return sheet
        raise Fault(REFUSED, "no such sheet")

    def each(self) -> Iterator[Worksheet]:
        return iter(self._all)


class Worksheet:
    """`cells`: (row, column) → what stands there: None, str, float, bool, datetime; `typed`: formulas where there are any."""

    def __init__(self, book, file, shown):
        self._book, self._file = book, file
        self.cells, self.typed = {}, {}
        for row in file.iter_rows():
            for cell in row:
                at, value = (cell.row, cell.column), cell.value
                if cell.data_type == "f":
                    self.typed[at] = getattr(value, "text", value)
                    value = shown.cell(*at).value
                if value is not None:
                    self.cells[at] = float(value) if isinstance(value, int) and not isinstance(value, bool) else value
        self._columns = {}
        for each in file.column_dimensions.values():
            for number in range(each.min or 1, (each.max or 0) + 1):
                self._columns[number] = each.number_format
        self._formats = {(cell.row, cell.column): cell.number_format for row in file.iter_rows() for cell in row if cell.has_style}
        self._tables = ListObjects([ListObject(self, table) for table in file.tables.values()])
        self.protected = False

    @property
    def Name(self):
        return self._file.title

    @property
    def Parent(self):
        return self._book

    @property
    def ListObjects(self):
        return self._tables

    @property
    def ProtectContents(self):
        return self.protected

    @property
    def FilterMode(self):
        """Of a filter of its own, or of the table that the selected cell stands in: here neither."""
        return False

    @property
    def Visible(self):
        return -1

    @Visible.setter
    def Visible(self, shown):
        if shown is not True:
            raise Fault(REFUSED, "nobody hides a sheet")

    def Activate(self):
        self._book._active = self
        self._book.Application._selection = self.Cells(1, 1)

    def Evaluate(self, Name):  # noqa: N803
        """How many filled cells each row shows: SUBTOTAL over rows made by OFFSET, and no other formula."""
        asked = COUNTED.fullmatch(Name)
        if not asked:
            return ERROR_BASE + ERRORS["#VALUE!"]
        top, bottom, last = int(asked[1]), int(asked[3]), range_boundaries(f"A1:{asked[2]}1")[2]
        filled, hidden = {row for row, column in self.cells if column <= last}, self.hidden()
        return tuple((float(row in filled and row not in hidden),) for row in range(top, bottom + 1))

    def hidden(self):
        """Rows that a filter hides."""
        return set().union(*(table._filter.hidden for table in self._tables._all))

    @property
    def UsedRange(self):
        filled = self.cells or {(1, 1): None}
        return Range(self, 1, 1, max(row for row, _ in filled), max(column for _, column in filled))

    def Cells(self, RowIndex, ColumnIndex):  # noqa: N803
        return Range(self, RowIndex, ColumnIndex, RowIndex, ColumnIndex)

    def Range(self, Cell1, Cell2=None):  # noqa: N803
        last = Cell2 or Cell1
        return Range(self, Cell1.Row, Cell1.Column, last._bottom, last._right)

    def form(self, row, column):
        """The number format of a cell."""
        return self._formats.get((row, column)) or self._columns.get(column) or "General"

    def shift(self, top, left, right, by):
        """Cells of these columns from row `top` on go `by` rows down, or up; tables that lie there grow, shrink or move with them."""
        if self.hidden() or any(not left <= table.Range.Column <= table.Range._right <= right for table in self._tables._all
                                if table.Range._bottom >= top and table.Range.Column <= right and left <= table.Range._right):
            raise Fault(REFUSED, "This operation is not allowed. The operation is attempting to shift cells in a table on your worksheet.")
        for name in ("cells", "typed", "_formats"):
            old = getattr(self, name)
            kept = {at: value for at, value in old.items() if at[0] < top or not left <= at[1] <= right}
            moved = {(row + by, column): value for (row, column), value in old.items() if row >= top - min(by, 0) and left <= column <= right}
            setattr(self, name, kept | moved)
        for table in self._tables._all:
            place = table.Range
            if place.Column <= right and left <= place._right and place._bottom >= top:
                place._top, place._bottom = place._top + by * (place._top >= top), place._bottom + by
                table.Resize(place)

    def store(self):
        """Into openpyxl's sheet."""
        for row in self._file.iter_rows():
            for cell in row:
                if cell.value is not None and (cell.row, cell.column) not in self.cells | self.typed:
                    cell.value = None
        for (row, column), value in self.cells.items():
            cell, formula = self._file.cell(row, column), self.typed.get((row, column))
            if formula is None and cell.value != value:
                cell.value = value
                if isinstance(value, str) and value not in ERROR_CODES:
                    cell.data_type = "s"
                cell.number_format = "yyyy-mm-dd" if isinstance(value, dt.datetime) else self.form(row, column)
        for at, formula in self.typed.items():
            if self._file.cell(*at).value != formula and not hasattr(self._file.cell(*at).value, "text"):
                self._file.cell(*at).value = formula


class ListObjects:
    def __init__(self, tables):
        self._all = tables

    def each(self):
        return iter(self._all)


class ListObject:
    def __init__(self, sheet, file):
        self._sheet, self._file = sheet, file
        self._filter = AutoFilter(self)

    @property
    def Range(self):
        left, top, right, bottom = range_boundaries(self._file.ref)
        return Range(self._sheet, top, left, bottom, right)

    @property
    def ShowTotals(self):
        return bool(self._file.totalsRowCount)

    @property
    def ListRows(self):
        return ListRows(self)

    @property
    def ShowAutoFilter(self):
        return self._file.autoFilter is not None

    @property
    def AutoFilter(self):
        return self._filter

    def Resize(self, Range):  # noqa: N803
        self._file.ref = f"{letters(Range.Column)}{Range.Row}:{letters(Range._right)}{Range._bottom}"
        if self._file.autoFilter is not None:
            self._file.autoFilter.ref = self._file.ref


class ListRows:
    def __init__(self, table):
        self._table = table

    def Add(self):
        """At the end, above the totals row; all beneath moves down."""
        place = self._table.Range
        last = place._bottom if self._table.ShowTotals else place._bottom + 1
        self._table._sheet.shift(last, place.Column, place._right, 1)
        if not self._table.ShowTotals:
            place._bottom += 1
            self._table.Resize(place)


class AutoFilter:
    """`hidden`: the rows that do not show because somebody has chosen values."""

    def __init__(self, table):
        self._table, self.hidden = table, set()

    @property
    def FilterMode(self):
        return bool(self.hidden)

    def ShowAllData(self):
        if not self.hidden:
            raise Fault(REFUSED, "ShowAllData fails where nothing is filtered")
        self.hidden = set()


class Range:
    def __init__(self, sheet, top, left, bottom, right):
        self._sheet, self._top, self._left, self._bottom, self._right = sheet, top, left, bottom, right

    @property
    def Worksheet(self):
        return self._sheet

    @property
    def Row(self):
        return self._top

    @property
    def Column(self):
        return self._left

    @property
    def Address(self):
        return f"${letters(self._left)}${self._top}:${letters(self._right)}${self._bottom}"

    @property
    def Areas(self):
        return Areas([self])

    @property
    def Rows(self):
        return Size(self._bottom - self._top + 1)

    @property
    def Columns(self):
        return Size(self._right - self._left + 1)

    @property
    def Count(self):
        return self.Rows.Count * self.Columns.Count

    def Item(self, RowIndex, ColumnIndex):  # noqa: N803
        return self._sheet.Cells(self._top + RowIndex - 1, self._left + ColumnIndex - 1)

    def at(self):
        """Rows of places."""
        return [[(row, column) for column in range(self._left, self._right + 1)] for row in range(self._top, self._bottom + 1)]

    def _gather(self, one):
        rows = tuple(tuple(one(at) for at in row) for row in self.at())
        return rows[0][0] if self.Count == 1 else rows

    @property
    def Value(self):
        return self._gather(lambda at: _variant(self._sheet.cells.get(at)))

    @Value.setter
    def Value(self, given):
        self._put(given)

    @property
    def Formula(self):
        return self._gather(lambda at: self._sheet.typed.get(at) or _text(self._sheet.cells.get(at)))

    @Formula.setter
    def Formula(self, given):
        self._put(given)

    def _put(self, given):
        if self._sheet.protected:
            raise Fault(REFUSED, "the sheet is protected", -2146827284)
        rows = given if isinstance(given, (tuple, list)) else ((given,) * self.Columns.Count,) * self.Rows.Count
        hidden = self._sheet.hidden() if self.Count > 1 else set()
        if any(self._top <= row <= self._bottom for row in hidden):  # what Excel does: the first value into every shown cell
            for places in self.at():
                for row, column in places:
                    if row not in hidden:
                        Range(self._sheet, row, column, row, column)._put(rows[0][0])
            return
        for places, values in zip(self.at(), rows, strict=True):
            for at, value in zip(places, values, strict=True):
                self._sheet.cells.pop(at, None)
                self._sheet.typed.pop(at, None)
                meant, formula = taken(value, self._sheet.form(*at))
                if meant is not None:
                    self._sheet.cells[at] = meant
                if formula is not None:
                    self._sheet.typed[at] = formula

    @property
    def NumberFormat(self):
        found = {self._sheet.form(*at) for row in self.at() for at in row}
        return found.pop() if len(found) == 1 else None

    def Insert(self, Shift, CopyOrigin):  # noqa: N803
        if (Shift, CopyOrigin) != (-4121, 0):
            raise Fault(REFUSED, "only down, formatted as above")
        self._sheet.shift(self._top, self._left, self._right, self.Rows.Count)

    def Delete(self, Shift):  # noqa: N803
        if Shift != -4162:
            raise Fault(REFUSED, "only up")
        self._sheet.shift(self._top, self._left, self._right, -self.Rows.Count)

    def Copy(self, Destination):  # noqa: N803
        formula, value = self._sheet.typed.get((self._top, self._left)), self._sheet.cells.get((self._top, self._left))
        for row in Destination.at():
            for at in row:
                self._sheet.typed[at] = formula
                self._sheet.cells[at] = value


class Areas:
    """Pieces of a selection, from 1."""

    def __init__(self, pieces):
        self._pieces = pieces

    @property
    def Count(self):
        return len(self._pieces)

    def Item(self, Index):  # noqa: N803
        return self._pieces[Index - 1]

    __call__ = Item


class Several(Range):
    """Several pieces, selected with Ctrl: as a range it is the first of them."""

    def __init__(self, *pieces):
        first = pieces[0]
        super().__init__(first._sheet, first._top, first._left, first._bottom, first._right)
        self._pieces = pieces

    @property
    def Areas(self):
        return Areas(self._pieces)


class Picture:
    """Selected in place of cells: it has no address."""


class Size:
    def __init__(self, count):
        self._count = count

    @property
    def Count(self):
        return self._count


def taken(value, form):
    """What Excel makes of a value given to a cell: (what it shows, its formula or None)."""
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None), None
    if not isinstance(value, str):
        return (float(value) if isinstance(value, int) and not isinstance(value, bool) else value), None
    if not value:
        return None, None
    if form == "@":
        return value, None
    if value.startswith("'"):
        return value[1:] or None, None
    if value.startswith("=") and len(value) > 1:
        link = LINK.fullmatch(value)
        return link[1] if link else "", value
    if NUMBER.fullmatch(value):
        return float(value.rstrip("%")), None
    if found := DATE.fullmatch(value):
        return dt.datetime(*map(int, found.groups())), None
    return value, None


def _variant(value):
    """As it comes over the wire."""
    if isinstance(value, str) and value in ERRORS:
        return ERROR_BASE + ERRORS[value]
    if isinstance(value, (dt.datetime, dt.date)):
        return Time(value.year, value.month, value.day, getattr(value, "hour", 0), getattr(value, "minute", 0), getattr(value, "second", 0), tzinfo=dt.UTC)
    return value


def _text(value):
    """What the formula bar holds of a value."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return str((value - dt.datetime(1899, 12, 30)).days)
    return f"{value:g}" if isinstance(value, float) else str(value)
