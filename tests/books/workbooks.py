"""A workbook like staff keep it, built by XlsxWriter: tables, formulas, their own columns, sheets, chart and notes."""

from __future__ import annotations

import zipfile
from datetime import datetime
from typing import TYPE_CHECKING

import xlsxwriter

from ssj_xlwings.vocabulary import tables as vocabulary

if TYPE_CHECKING:
    from pathlib import Path

SUBJECTS = [
    ("邯郸市丛台食品有限公司", "91130403MA07TEST01", "丛台区人民路1号", "A", "2020-03-02", 3),
    ("邯郸市复兴机械厂", "91130404MA07TEST02", "复兴区建设大街2号", "B", "2019-12-31", 5),
    ("", "", "", "", "", 0),
    ("邯山 <&> 商店", "92130402MA07TEST03", "邯山区陵西大街3号", "", "", 7),
]
"""Name, code, address, class, founded, staff's own number; the third row is blank."""
HEADER = 4
FINDINGS = ("level", "sheet", "problem", "count", "cells", "seen", "allowed", "remedy", "link", "handled")


def build(path: Path, subjects=SUBJECTS, **options) -> Path:
    """Title lines above the headings, own columns between ours, rules over the table, a hidden row, other sheets."""
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd", **options})
    formats = {"text": book.add_format({"num_format": "@", "border": 1}), "date": book.add_format({"num_format": "yyyy-mm-dd"}),
               "own": book.add_format({"bg_color": "#FFFF00"}), "title": book.add_format({"bold": True})}
    _subjects(book, formats, subjects)
    _fresh(book, formats, vocabulary.LOG)
    _fresh(book, formats, vocabulary.FINDINGS)
    _tasks(book, formats)
    _plain(book)
    own = book.add_worksheet("科里的统计")
    own.write_column(0, 0, [1, 2, 3])
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=科里的统计!$A$1:$A$3"})
    own.insert_chart("C2", chart)
    book.close()
    return path


def _subjects(book, formats, subjects):
    sheet = book.add_worksheet("检查对象名录库")
    sheet.write(0, 0, "邯郸市市场监督管理局检查对象名录库", formats["title"])
    sheet.write(1, 0, "填报单位：某某科")
    sheet.write_comment("B2", "科里的批注")
    names = ["主体名称", "统一社会信用代码", "科里的数", "住所", "信用风险等级", "成立日期", "翻倍"]
    last = HEADER + len(subjects)
    for number, (name, code, address, level, founded, own) in enumerate(subjects):
        row = HEADER + number
        for column, text in ((0, name), (1, code), (3, address), (4, level)):
            sheet.write_string(row, column, text, formats["text"]) if text else sheet.write_blank(row, column, None, formats["text"])
        sheet.write_number(row, 2, own, formats["own"]) if own else sheet.write_blank(row, 2, None, formats["own"])
        if founded:
            sheet.write_datetime(row, 5, datetime.fromisoformat(founded), formats["date"])
        else:
            sheet.write_blank(row, 5, None, formats["date"])
    sheet.add_table(HEADER - 1, 0, last - 1, 6, {"name": "subjects", "columns": [
        {"header": one, **({"formula": "=subjects[[#This Row],[科里的数]]*2"} if one == "翻倍" else {})} for one in names]})
    sheet.set_row(HEADER, None, None, {"hidden": True})
    sheet.data_validation(HEADER, 4, last - 1, 4, {"validate": "list", "source": ["A", "B", "C", "D", "未评"]})
    sheet.conditional_format(HEADER, 0, last - 1, 6, {"type": "blanks", "format": formats["own"]})
    sheet.print_area(0, 0, last - 1, 6)
    book.define_name("对象代码", f"=检查对象名录库!$B${HEADER + 1}:$B${last}")
    sheet.freeze_panes(HEADER, 0)


def _fresh(book, formats, table):
    sheet = book.add_worksheet(table.sheet)
    sheet.add_table(0, 0, 1, len(table.columns) - 1, {"name": table.name, "columns": [{"header": one.header} for one in table.columns]})
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, column.width, formats["date" if column.kind == "date" else "text"])


def _tasks(book, formats):
    sheet = book.add_worksheet("抽查任务")
    columns = vocabulary.TASKS.columns
    formula = '=IF(tasks[[#This Row],[任务名称]]="","","未冻结")'
    sheet.add_table(0, 0, 2, len(columns) - 1, {"name": "tasks", "columns": [
        {"header": one.header, **({"formula": formula} if one.formula else {})} for one in columns]})
    sheet.write_row(1, 0, ["RW1", "联合抽查", "", "DJ01、DJ02"], formats["text"])


def _plain(book):
    sheet = book.add_worksheet("执法检查人员名录库")
    sheet.write_row(0, 0, ["姓名", "单位", "证号", "有效期", "可检查事项范围", "工龄"])
    sheet.write_row(1, 0, ["张三", "丛台区市场监督管理局", "03130001", "2027-12-31", "全部", 8])
    sheet.write_row(2, 0, ["李四", "复兴区市场监督管理局", "03130002", "2027-12-31", "DJ01", 3])
    sheet.autofilter(0, 0, 2, 5)


def packed(path: Path) -> dict[str, bytes]:
    """Member name → its compressed bytes, and the checksum of what they are."""
    found = {}
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            start = info.header_offset + 30 + int.from_bytes(data[info.header_offset + 26:info.header_offset + 28], "little") \
                + int.from_bytes(data[info.header_offset + 28:info.header_offset + 30], "little")
            found[info.filename] = data[start:start + info.compress_size] + info.CRC.to_bytes(4, "little")
    return found


def altered(path: Path, part: str, *pairs: tuple[str, str]) -> Path:
    """The workbook with texts of one part replaced, in place. A lone surrogate in a text stands for a byte that is no UTF-8."""
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    for old, new in pairs:
        if old.encode() not in members[part]:
            raise AssertionError(f"{old} not in {part}")
        members[part] = members[part].replace(old.encode(), new.encode("utf-8", "surrogateescape"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path
