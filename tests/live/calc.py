"""An xlwings engine over a live LibreOffice Calc, bounded to the members that LiveBook and the ribbon call.

`.api` is a small stand-in with the names of Excel's object model that `books.excel` uses. Boxes are answered from a list.
Texts are taken as Excel takes them: in a cell formatted as text verbatim, elsewhere parsed, with ' in front as a text.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import xlwings as xw
from xlwings import base_classes as base

from ssj_xlwings.package.areas import letters, position
from tests.live.office import bridge

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xlsm": "Calc MS Excel 2007 VBA XML"}
EPOCH = dt.datetime(1899, 12, 30)
DATE, TIME, TEXT, LOGICAL = 2, 4, 256, 1024
"""com.sun.star.util.NumberFormat."""
ERRORS = {532: "#DIV/0!", 32767: "#N/A", 525: "#NAME?", 524: "#REF!", 519: "#VALUE!", 502: "#NUM!", 503: "#NUM!"}


class CalcError(Exception):
    """What LibreOffice refuses; its own exceptions cannot pass through contextlib."""


class Refusing:
    """UNO's exceptions, met within, become CalcErrors."""

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _trace):
        if error is not None and hasattr(error, "Message"):
            raise CalcError(error.Message) from None


class ErrorValue(str):  # noqa: SLOT000 - a text that knows what it is
    """What a cell shows instead of a value."""


class Engine:
    """What xlwings asks of an engine besides its objects."""

    name, type = "calc", "desktop"

    @staticmethod
    def prepare_xl_data_element(x, _options):
        return "" if x is None else x

    @staticmethod
    def clean_value_data(data, _datetime_builder, empty_as, _number_builder, err_to_str):
        def clean(value):
            if isinstance(value, ErrorValue):
                return str(value) if err_to_str else None
            return empty_as if value in ("", None) else value

        return [[clean(value) for value in row] for row in data]


engine = Engine()


def properties(**values):
    """Arguments of a UNO call."""
    bridge()
    from com.sun.star.beans import PropertyValue

    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


class App(base.App):
    """One soffice. `answers`: what people will answer, in order; `asked`: what they were shown."""

    engine = engine
    display_alerts = enable_events = True
    pid = 0

    def __init__(self, desktop):
        self.desktop = desktop
        self.answers, self.asked, self.statuses = [], [], []
        self.calls, self.kinds = 0, {}  # calls that carry cells; kinds of number formats seen
        self.during = lambda: None  # what happens while a box is open
        self._updating, self._calculation, self._status = True, "automatic", False

    @property
    def api(self):
        return self

    WorksheetFunction = api

    def Subtotal(self, kind, cells):
        rows = cells.uno.Rows
        shown = (row for row in range(len(cells)) if rows.getByIndex(row).IsVisible)
        return float(sum(cells.uno.getCellByPosition(0, row).Type.value != "EMPTY" for row in shown))

    def InputBox(self, prompt, title, default, Type):  # noqa: N803 - Excel
        if len(prompt) > 255 or Type != 2:
            raise ValueError("Excel takes 255 characters, and gives a text for Type 2")
        return self._answered(title, f"{prompt} [{default}]", default)

    def GetOpenFilename(self, kinds, index, title):
        return self._answered(title, kinds, False)

    def alert(self, prompt, title, buttons, mode, callback):
        return self._answered(title, prompt, "ok") if buttons in ("yes_no", "yes_no_cancel") else self._shown(title, prompt)

    def _shown(self, title, prompt):
        self.asked.append((title, prompt))
        return "ok"

    def _answered(self, title, prompt, default):
        self._shown(title, prompt)
        self.during()
        answer = self.answers.pop(0)
        return default if answer is ... else answer

    @property
    def selection(self):
        doc = self.desktop.getCurrentComponent()
        chosen = doc.CurrentSelection
        if not hasattr(chosen, "RangeAddresses") and not hasattr(chosen, "RangeAddress"):
            return None  # a picture, a chart
        addresses = chosen.RangeAddresses if hasattr(chosen, "RangeAddresses") else [chosen.RangeAddress]
        book = Book(self, doc)
        found = book.at(addresses[0])
        found.selected = [book.at(address) for address in addresses]
        return found

    @property
    def Workbooks(self):
        return self

    def Open(self, path, _links, read_only):
        self.open(Path(path), hidden=True, ReadOnly=read_only)

    @property
    def screen_updating(self):
        return self._updating

    @screen_updating.setter
    def screen_updating(self, value):
        for doc in self.documents():
            if value != self._updating:
                doc.unlockControllers() if value else doc.lockControllers()
        self._updating = value

    @property
    def calculation(self):
        return self._calculation

    @calculation.setter
    def calculation(self, value):
        for doc in self.documents():
            doc.enableAutomaticCalculation(value != "manual")
        self._calculation = value

    @property
    def status_bar(self):
        return self._status

    @status_bar.setter
    def status_bar(self, value):
        self._status = value
        self.statuses.append(value)

    def documents(self):
        found = self.desktop.Components.createEnumeration()
        while found.hasMoreElements():
            yield found.nextElement()

    def open(self, path: Path, *, hidden=False, **how) -> xw.Book:
        """Open a workbook, as the active one unless `hidden`."""
        doc = self.desktop.loadComponentFromURL(bridge().systemPathToFileUrl(str(path)), "_blank", 0, properties(Hidden=hidden, **how))
        return xw.Book(impl=Book(self, doc))

    def add(self) -> xw.Book:
        """A workbook that was never saved."""
        return xw.Book(impl=Book(self, self.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())))


class Book(base.Book):
    app = None

    def __init__(self, app, doc):
        self.app, self.doc = app, doc

    @property
    def api(self):
        return self

    @property
    def FullName(self):
        return bridge().fileUrlToSystemPath(self.doc.URL) if self.doc.URL.startswith("file:") else self.doc.URL or self.doc.Title

    @property
    def Path(self):
        return self.FullName.rpartition("/")[0]

    @property
    def ReadOnly(self):
        return self.doc.isReadonly()

    Date1904 = False

    def SaveCopyAs(self, path):
        with Refusing():
            self.doc.storeToURL(bridge().systemPathToFileUrl(path), properties(FilterName=FILTERS[Path(path).suffix]))

    @property
    def name(self):
        return self.FullName.rpartition("/")[2]

    @property
    def sheets(self):
        return Sheets(self)

    def save(self, path=None, password=None):
        with Refusing():
            self.doc.store()

    def close(self):
        self.doc.close(True)

    def at(self, address):
        """The range of a UNO address."""
        sheet = Sheet(self, self.doc.Sheets.getByIndex(address.Sheet))
        return Range(sheet, address.StartRow + 1, address.StartColumn + 1, address.EndRow + 1, address.EndColumn + 1)


class Sheets(base.Sheets):
    def __init__(self, book):
        self.book = book

    @property
    def active(self):
        return Sheet(self.book, self.book.doc.CurrentController.ActiveSheet)

    def __call__(self, name):
        return Sheet(self.book, self.book.doc.Sheets.getByName(name))

    def __len__(self):
        return self.book.doc.Sheets.Count

    def __iter__(self):
        return (Sheet(self.book, self.book.doc.Sheets.getByIndex(index)) for index in range(len(self)))


class _Asked(dict):
    """On which sheet each table stands, by document, its tables and its sheets: three calls instead of two a table."""

    def __call__(self, document, tables, sheets, ranges):
        key = document, tables, sheets
        if key not in self:
            self[key] = [(name, ranges.getByName(name).DataArea.Sheet) for name in tables]
        return self[key]


_table_sheets = _Asked()


class Sheet(base.Sheet):
    book = None

    def __init__(self, book, uno):
        self.book, self.uno = book, uno

    @property
    def api(self):
        return self

    AutoFilter = None
    """Only tables are filtered here."""

    @property
    def Visible(self):
        return self.uno.IsVisible

    @Visible.setter
    def Visible(self, value):
        self.uno.IsVisible = value

    def Activate(self):
        self.book.doc.CurrentController.setActiveSheet(self.uno)

    @property
    def ProtectContents(self):
        return self.uno.isProtected()

    def Evaluate(self, formula):
        """As an array formula on a sheet that goes again."""
        sheets = self.book.doc.Sheets
        sheets.insertNewByName("reckoned", sheets.Count)
        first, last = map(int, re.search(r"ROW\(\$A\$(\d+):\$A\$(\d+)\)", formula).groups())
        here = re.sub(r"\$A(?=\$\d+:)", f"$'{self.uno.Name}'.$A", formula)
        try:
            place = sheets.getByName("reckoned").getCellRangeByPosition(0, 0, 0, last - first)
            place.setArrayFormula("=" + argument_marks(here))
            self.book.app.calls += 1
            return place.getDataArray()
        finally:
            sheets.removeByName("reckoned")

    @property
    def FilterMode(self):
        return any(table.FilterMode for table in self.tables)

    def ShowAllData(self):
        for table in self.tables:
            table.ShowAllData()

    @property
    def name(self):
        return self.uno.Name

    @name.setter
    def name(self, value):
        with Refusing():
            self.uno.Name = value

    @property
    def tables(self):
        doc, ranges = self.book.doc, self.book.doc.DatabaseRanges
        places = _table_sheets(doc.RuntimeUID, ranges.ElementNames, doc.Sheets.ElementNames, ranges)
        here = self.uno.RangeAddress.Sheet
        return [Table(self, ranges.getByName(name)) for name, sheet in places if sheet == here]

    @property
    def used_range(self):
        cursor = self.uno.createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        return self.book.at(cursor.RangeAddress)

    def range(self, first, last=None):
        if isinstance(first, str):  # only tests write A1
            first = tuple(reversed(position(first)))
        if isinstance(first, Range):
            first, last = (first.row, first.column), (last.last_row, last.last_column)
        return Range(self, *first, *(last or first))


class Range(base.Range):
    options = None

    def __init__(self, sheet, top, left, bottom, right):
        self.sheet, self.row, self.column, self.last_row, self.last_column = sheet, top, left, bottom, right
        self.uno = sheet.uno.getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1)

    selected: tuple = ()

    @property
    def Areas(self):
        return Areas(self.selected or [self])

    @property
    def Address(self):
        across, down = (self.column, self.last_column), (self.row, self.last_row)
        whole_rows, whole_columns = across == (1, self.sheet.uno.Columns.Count), down == (1, self.sheet.uno.Rows.Count)
        return ":".join(("" if whole_rows else f"${letters(column)}") + ("" if whole_columns else f"${row}") for column, row in zip(across, down, strict=True))

    sheet = row = column = None
    shape = property(lambda self: (self.last_row - self.row + 1, self.last_column - self.column + 1))
    api = property(lambda self: self)
    max_cells_per_read = max_cells_per_write = None

    merge_cells = property(lambda self: self.uno.getIsMerged())

    def __len__(self):
        return self.shape[0] * self.shape[1]

    def __call__(self, row, column=None):
        if column is None:
            row, column = divmod(row - 1, self.shape[1])
            row, column = row + 1, column + 1
        at = self.row + row - 1, self.column + column - 1
        return Range(self.sheet, *at, *at)

    def formats(self):
        """(kind of number format, rows, columns) of the areas formatted alike, rows and columns as offsets."""
        kinds, groups = self.sheet.book.app.kinds, self.uno.getUniqueCellFormatRanges()
        for index in range(groups.Count):
            group = groups.getByIndex(index)
            key = self.sheet.book.doc.RuntimeUID, group.NumberFormat
            if key not in kinds:
                kinds[key] = self.sheet.book.doc.NumberFormats.getByKey(key[1]).Type
            if kinds[key] & (DATE | TIME | TEXT | LOGICAL):
                for area in group.RangeAddresses:
                    yield kinds[key], range(area.StartRow - self.row + 1, area.EndRow - self.row + 2), range(area.StartColumn - self.column + 1, area.EndColumn - self.column + 2)

    @property
    def raw_value(self):
        self.sheet.book.app.calls += 1
        rows = [list(row) for row in self.uno.getDataArray()]
        if any(isinstance(value, float) for row in rows for value in row):
            for kind, down, across in self.formats():
                if kind & (DATE | TIME | LOGICAL):
                    for row in down:
                        for column in across:
                            if isinstance(rows[row][column], float):
                                value = rows[row][column]
                                rows[row][column] = bool(value) if kind & LOGICAL else EPOCH + dt.timedelta(days=value)
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if value is None:
                    cells[column] = ErrorValue(ERRORS.get(self.uno.getCellByPosition(column, row).getError(), "#VALUE!"))
        found = tuple(tuple(None if value == "" else value for value in row) for row in rows)
        return found[0][0] if len(self) == 1 else found

    @raw_value.setter
    def raw_value(self, data):
        self.sheet.book.app.calls += 1
        rows = data if isinstance(data, (list, tuple)) else [[data]]
        text = {(row, column) for kind, down, across in self.formats() if kind & TEXT for row in down for column in across}
        with Refusing():
            self.uno.setFormulaArray(tuple(tuple(typed(value, (row, column) in text) for column, value in enumerate(cells)) for row, cells in enumerate(rows)))
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if isinstance(value, dt.datetime):
                    self._date(self.uno.getCellByPosition(column, row))

    def _date(self, cell):
        known = self.sheet.book.doc.NumberFormats
        if not known.getByKey(cell.NumberFormat).Type & DATE:
            from com.sun.star.lang import Locale

            cell.NumberFormat = known.queryKey("yyyy-mm-dd", Locale("en", "US", ""), False)

    @property
    def formula(self):
        self.sheet.book.app.calls += 1
        rows = self.uno.getFormulaArray()
        return rows[0][0] if len(self) == 1 else rows

    @formula.setter
    def formula(self, rows):
        self.sheet.book.app.calls += 1
        with Refusing():
            self.uno.setFormulaArray(tuple(tuple(row) for row in rows))

    @property
    def number_format(self):
        bridge()
        from com.sun.star.beans.PropertyState import AMBIGUOUS_VALUE

        if self.uno.getPropertyState("NumberFormat") == AMBIGUOUS_VALUE:
            return None
        return self.sheet.book.doc.NumberFormats.getByKey(self.uno.NumberFormat).FormatString

    def copy(self, destination):
        with Refusing():
            self.sheet.uno.copyRange(destination.impl.cell_address(), self.uno.RangeAddress)
        self.sheet.book.app.calls += 1
        for row in range(1, destination.shape[0]):  # UNO copies one cell to one cell
            at = destination.impl.cell_address()
            at.Row += row
            self.sheet.uno.copyRange(at, self.uno.RangeAddress)

    def insert(self, shift, copy_origin="format_from_left_or_above"):
        bridge()
        from com.sun.star.sheet.CellInsertMode import DOWN

        self.sheet.book.app.calls += 1
        with Refusing():
            self.sheet.uno.insertCells(self.uno.RangeAddress, DOWN)

    def delete(self, shift=None):
        bridge()
        from com.sun.star.sheet.CellDeleteMode import UP

        self.sheet.book.app.calls += 1
        with Refusing():
            self.sheet.uno.removeRange(self.uno.RangeAddress, UP)

    def cell_address(self):
        bridge()
        from com.sun.star.table import CellAddress

        return CellAddress(self.uno.RangeAddress.Sheet, self.column - 1, self.row - 1)


class Areas(list):
    """The areas of a selection, numbered from 1."""

    Count = property(len)

    def __call__(self, number):
        self[0].sheet.book.app.calls += 1
        return self[number - 1]


def typed(value, in_text):
    """What LibreOffice is to be given so that it takes a value as Excel would."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return (value - EPOCH) / dt.timedelta(days=1)
    if isinstance(value, str):
        return f"'{value}" if in_text and value else argument_marks(value) if value.startswith("=") else value
    return float(value)


def argument_marks(formula):
    """Excel separates arguments with commas, LibreOffice's own grammar with semicolons."""
    pieces = formula.split('"')
    pieces[::2] = [piece.replace(",", ";") for piece in pieces[::2]]
    return '"'.join(pieces)


class AutoFilter:
    """A table's AutoFilter by the names of Excel's object model; Filters(1) is its first column."""

    def __init__(self, table):
        self.table, self.area = table, table.uno.DataArea
        self.fields = {}
        for field in table.uno.getFilterDescriptor().FilterFields3:
            self.fields.setdefault(field.Field + 1, []).append(field)

    FilterMode = property(lambda self: bool(self.fields))
    Range = property(lambda self: self)
    Filters = property(lambda self: self)
    Column = property(lambda self: self.area.StartColumn + 1)
    Count = property(lambda self: self.area.EndColumn - self.area.StartColumn + 1)

    def ShowAllData(self):
        self.table.ShowAllData()

    def __call__(self, number):
        return ColumnFilter(self.fields.get(number, []))


SIGNS = {0: "=", 1: "<>", 2: "={}", 3: "<>{}", 4: ">{}", 5: ">={}", 6: "<{}", 7: "<={}", 12: "=*{}*", 13: "<>*{}*", 14: "={}*", 16: "=*{}"}
TOP = range(8, 12)
"""com.sun.star.sheet.FilterOperator2."""


class ColumnFilter:
    """One column of an AutoFilter. Days ticked by year and month have no Criteria1 that could be read, as in Excel."""

    def __init__(self, fields):
        self.fields = fields
        values = [(field, value) for field in fields for value in field.Values or (None,)]
        self.texts = [SIGNS.get(field.Operator, "?").format("" if value is None else plain(value)) for field, value in values]
        self.colour = any(value is not None and value.FilterType in {3, 4} for _, value in values)

    On = property(lambda self: bool(self.fields))

    @property
    def Operator(self):
        if self.colour:
            return 8
        if self.fields[0].Operator in TOP:
            return 3
        if len(self.fields) == 1:
            return 7 if len(self.texts) > 1 else 0
        return 2 if self.fields[1].Connection.value == "OR" else 1

    @property
    def Criteria1(self):
        return tuple(self.texts) if self.Operator == 7 else self.texts[0]

    @property
    def Criteria2(self):
        return self.texts[1]


def plain(value):
    """What a filter compares with; an empty text is a blank cell."""
    return f"{value.NumericValue:g}" if value.IsNumeric else value.StringValue


class Table(base.Table):
    def __init__(self, sheet, uno):
        self.sheet, self.uno = sheet, uno

    api = property(lambda self: self)
    ShowAutoFilter = property(lambda self: self.uno.AutoFilter)
    FilterMode = property(lambda self: bool(self.uno.getFilterDescriptor().getFilterFields()))
    show_totals = property(lambda self: self.uno.TotalsRow)
    AutoFilter = property(lambda self: AutoFilter(self) if self.uno.AutoFilter else None)

    @property
    def range(self):
        return self.sheet.book.at(self.uno.DataArea)

    def ShowAllData(self):
        self.uno.getFilterDescriptor().setFilterFields(())
        self.uno.ReferredCells.Rows.IsVisible = True

    ListRows = property(lambda self: self)

    def Add(self):
        """A row at the end, above the totals row."""
        self.sheet.book.app.calls += 1
        area = self.uno.DataArea
        last = self.sheet.range((area.EndRow + 1, area.StartColumn + 1), (area.EndRow + 1, area.EndColumn + 1))
        last.insert("down")

    def resize(self, range_):
        with Refusing():
            self.uno.setDataArea(range_.impl.uno.RangeAddress)
