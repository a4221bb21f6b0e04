"""Workbooks by every program at hand, with all that each can put into one: edited by `strangers`, nothing else in them changes."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter

import openpyxl
import pandas as pd
import pytest
import wolfxl
import xlsxwriter
from openpyxl.chart import BarChart, LineChart, PieChart, Reference, ScatterChart, Series
from openpyxl.comments import Comment
from openpyxl.formatting.rule import ColorScaleRule, DataBarRule, FormulaRule, IconSetRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.table import Table, TableStyleInfo

from tests.books import strangers, torture
from tests.books.test_shapes import parts, prefixed, put, strict
from tests.office import convert, needs_office

ROWS = [["店名", "区", "数", "日"], *([f"店{number}", f"区{number % 3}", number, dt.date(2026, 1, 1 + number)] for number in range(1, 9))]
EXPECTED = {"refused: Occupied", "refused: Loose", "refused: Covered", "refused: Stuck"}
"""What no program could do without moving what stands below."""


def by_xlsxwriter(path, **options):  # noqa: PLR0915 - a list of features
    """Whatever XlsxWriter can."""
    book = xlsxwriter.Workbook(path, options)
    day, bold = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True, "bg_color": "#FFCC00"})
    table = book.add_worksheet("表 'a' & <b>")
    table.add_table(2, 1, 11, 5, {"name": "Sales", "total_row": True, "style": "Table Style Medium 4", "data": ROWS[1:], "columns": [
        {"header": "店名", "total_string": "合计"}, {"header": "区"}, {"header": "数", "total_function": "sum"}, {"header": "日", "format": day},
        {"header": "倍", "formula": "=[@数]*2", "total_function": "average"}]})
    table.write("H4", "旁边")
    plain = book.add_worksheet("清单")
    for number, row in enumerate(ROWS):
        plain.write_row(number, 0, row[:3], bold if not number else None)
        plain.write(number, 3, row[3], day)
    plain.autofilter(0, 0, 8, 3)
    plain.filter_column("B", "x == 区1")
    plain.set_row(3, None, None, {"hidden": True})
    plain.data_validation("B2:B9", {"validate": "list", "source": ["区0", "区1", "区2"]})
    plain.data_validation("C2:C9", {"validate": "custom", "value": "=C2>0", "error_title": "不行", "input_message": "数"})
    for kind in ({"type": "data_bar", "data_bar_2010": True}, {"type": "3_color_scale"}, {"type": "icon_set", "icon_style": "5_ratings"}, {"type": "top", "value": 3, "format": bold},
                 {"type": "formula", "criteria": "=$C2>SUM($C$2:$C$9)/8", "format": bold}, {"type": "duplicate", "format": bold}):
        plain.conditional_format("C2:C9", kind)
    plain.add_sparkline("F2", {"range": "清单!C2:C9", "type": "column", "markers": True})
    plain.write_comment("A2", "批注", {"author": "某人", "visible": True})
    plain.write_rich_string("G2", "甲", bold, "乙", "丙")
    plain.write_url("G3", "internal:'表 ''a'' & <b>'!B3:F11", string="到表")
    plain.write_url("G4", "https://example.com/?a=1&b=2")
    plain.write_dynamic_array_formula("I2", "=SORT(_xlfn.UNIQUE(B2:B9))", None, "区0")
    plain.write_array_formula("J2:J9", "{=C2:C9*2}", None, 2)
    plain.write_formula("K2", "=SUM(Sales[数])", None, 36)
    plain.write_boolean("K3", True)
    plain.insert_image("M2", "a.png", {"image_data": torture.png(), "description": "图"})
    plain.embed_image("M9", "b.png", {"image_data": torture.png(5)})
    plain.insert_textbox("M20", "文字", {"textlink": "=清单!$C$9"})
    plain.insert_checkbox("L2", True)
    plain.insert_button("M30", {"caption": "按", "macro": "M"})
    plain.set_column("C:C", 20, None, {"level": 1})
    plain.freeze_panes(1, 1)
    plain.set_header("&C&G", {"image_center": "a.png", "image_data_center": torture.png()})
    plain.repeat_rows(0)
    plain.print_area("A1:D9")
    plain.set_h_pagebreaks([5])
    plain.ignore_errors({"number_stored_as_text": "A1:D9"})
    plain.protect("a", {"sort": True})
    plain.unprotect_range("A2:D9", "区")
    for kind in ("column", "line", "pie", "scatter", "area", "radar", "doughnut", "stock", "bar"):
        chart = book.add_chart({"type": kind})
        for _ in range(3 if kind == "stock" else 1):
            chart.add_series({"categories": "=清单!$A$2:$A$9", "values": "=清单!$C$2:$C$9", "name": "=清单!$C$1", "trendline": {"type": "linear"} if kind in {"line", "scatter"} else None})
        chart.set_title({"name": "=清单!$A$1"})
        plain.insert_chart("O2", chart)
    sheet = book.add_chartsheet("图页")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=清单!$C$2:$C$9"})
    sheet.set_chart(chart)
    hidden = book.add_worksheet("藏")
    hidden.write_row(0, 0, ["甲", "乙"])
    hidden.very_hidden()
    book.define_name("全部", "=清单!$A$2:$D$9")
    book.define_name("藏!本地", "=藏!$A$1")
    book.set_properties({"title": "题", "comments": "注"})
    book.set_custom_property("数", 3)
    book.close()
    return path


def by_openpyxl(path, write_only=False):
    """Whatever openpyxl can."""
    book = openpyxl.Workbook(write_only=write_only)
    sheet = book.create_sheet("清单", 0)
    for row in ROWS:
        sheet.append(row)
    if write_only:
        book.save(path)
        return path
    table = Table(displayName="Shops", ref="A1:D9")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium9", showRowStripes=True)
    sheet.add_table(table)
    sheet["F1"], sheet["F2"], sheet["F3"] = "算", "=SUM(C2:C9)", "=SUM(Shops[数])"
    sheet["G2"] = ArrayFormula("G2:G9", "=C2:C9*3")
    sheet["I2"] = DataTableFormula(ref="I2:I4", dt2D=False, r1="F2", r2="")
    sheet["A2"].comment = Comment("批注", "某人")
    sheet["K2"].hyperlink = "#清单!A1:D9"
    sheet.merge_cells("K5:L6")
    sheet.conditional_formatting.add("C2:C9", ColorScaleRule(start_type="min", start_color="FF0000", end_type="max", end_color="00FF00"))
    sheet.conditional_formatting.add("C2:C9", DataBarRule("min", None, "max", None, color="0000FF"))
    sheet.conditional_formatting.add("C2:C9", IconSetRule("3Arrows", "percent", [0, 33, 67]))
    sheet.conditional_formatting.add("A2:D9", FormulaRule(formula=["COUNTIF(清单!$A$2:$A$9,$A2)>1"], fill=PatternFill(bgColor="FFFF00")))
    choice = DataValidation(type="list", formula1="=清单!$B$2:$B$9", allow_blank=True)
    choice.add("B2:B9")
    sheet.add_data_validation(choice)
    for at, kind in enumerate((BarChart, LineChart, PieChart)):
        chart = kind()
        chart.add_data(Reference(sheet, min_col=3, min_row=1, max_row=9), titles_from_data=True)
        chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=9))
        sheet.add_chart(chart, f"N{2 + 16 * at}")
    points = ScatterChart()
    points.series.append(Series(Reference(sheet, min_col=3, min_row=2, max_row=9), Reference(sheet, min_col=3, min_row=2, max_row=9)))
    other = book.create_sheet("别处")
    other.append(["名", "值"])
    other.append(["和", "=SUM(清单!C2:C9)"])
    other.append(["个数", "=COUNTA(清单!$A$2:$A$9)"])
    other.add_chart(points, "D2")
    other.sheet_properties.tabColor = "FF0000"
    other.print_title_rows = "1:1"
    other.column_dimensions.group("F", "H", hidden=True)
    other.protection.sheet = True
    book.defined_names["全部"] = DefinedName("全部", attr_text="清单!$A$2:$D$9")
    book.save(path)
    return path


def by_pandas(path, engine):
    """Headings in two rows, merged labels, a styled sheet."""
    frame = pd.DataFrame(ROWS[1:], columns=ROWS[0])
    wide = frame.pivot_table(index=["区", "店名"], values=["数"], aggfunc=["sum", "max"])
    with pd.ExcelWriter(path, engine=engine) as writer:
        frame.to_excel(writer, sheet_name="清单", index=False)
        wide.to_excel(writer, sheet_name="交叉")
        frame.to_excel(writer, sheet_name="远处", startrow=7, startcol=4, index=False)
        frame.to_excel(writer, sheet_name="编号")
    return path


def by_wolfxl(path):
    """A workbook of another writer."""
    book = wolfxl.Workbook()
    sheet = book.active
    for number, row in enumerate(ROWS, 1):
        for column, value in enumerate(row, 1):
            sheet.cell(row=number, column=column).value = value
    sheet["F2"] = "=SUM(C2:C9)"
    book.save(str(path))
    return path


def changed_by(path, form):
    """The same workbook in another form of the format."""
    put(path, {name: form(data) if name.endswith(".xml") or (form is strict and name.endswith(".rels")) else data for name, data in parts(path).items()})
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One workbook of each kind."""
    here = tmp_path_factory.mktemp("strangers")
    by_xlsxwriter(here / "xlsxwriter.xlsx")
    by_xlsxwriter(here / "1904.xlsx", date_1904=True, use_zip64=True)
    by_openpyxl(here / "openpyxl.xlsx")
    by_openpyxl(here / "streamed.xlsx", write_only=True)
    by_pandas(here / "pandas1.xlsx", "xlsxwriter")
    by_pandas(here / "pandas2.xlsx", "openpyxl")
    by_wolfxl(here / "wolfxl.xlsx")
    changed_by(by_xlsxwriter(here / "prefixed.xlsx"), prefixed)
    changed_by(by_xlsxwriter(here / "strict.xlsx"), strict)
    changed_by(by_openpyxl(here / "prefixed2.xlsx"), prefixed)
    torture.build(here / "torture.xlsm", {"bureau": "涉县市场监督管理局", "division": "130426", "year": "2026", "book": "130426-2026-7F3A"})
    return here


def came(folder) -> Counter[str]:
    """What came of each sheet; what went wrong is shown."""
    found: Counter[str] = Counter()
    wrong = []
    for path in sorted(folder.iterdir()):
        for kind, where in strangers.tried(path):
            found[kind] += 1
            if kind not in EXPECTED | {"ok", "blank sheet"}:
                wrong.append(f"{kind}: {where}")
    assert not wrong, "\n".join(wrong)
    return found


def test_every_program_at_hand(folder):
    """Each sheet that looks like a table takes a row and a patch; all else reads as it did."""
    found = came(folder)
    assert found["ok"] > 40, found


def test_what_libreoffice_saved(folder, tmp_path):
    """The same workbooks as LibreOffice writes them: shared formulas, its own names and extensions."""
    needs_office()
    there = tmp_path / "saved"
    there.mkdir()
    for name in ("xlsxwriter.xlsx", "openpyxl.xlsx", "torture.xlsm", "strict.xlsx", "pandas1.xlsx"):
        made = convert(folder / name, "xlsx", tmp_path / name)
        shutil.move(made, there / f"{made.stem}.xlsx")
    found = came(there)
    assert found["ok"] > 25, found
