"""Foreign files are recognised by content, and read so that texts stay texts."""

import ctypes
import re
import struct
from datetime import datetime
from pathlib import Path
from unittest import mock

import pytest

from ssj_xlwings.registry import limits, reader, workbook
from ssj_xlwings.registry.reader import read_source
from ssj_xlwings.types import Refusal
from tests.books.workbooks import altered
from tests.registry.files import HERE, book, text

ROWS = [["企业名称", "统一社会信用代码"], ["甲公司（总店）", "007"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_encodings_and_delimiters(tmp_path, encoding, delimiter):
    """Every encoding and delimiter of the documentation gives the same rows; a code keeps its zeros."""
    path = text(tmp_path / "a.csv", "\r\n".join(delimiter.join(row) for row in ROWS), encoding)
    assert read_source(path).sheets[0].rows == ROWS


def test_rare_characters_of_gb18030(tmp_path):
    """GB18030 is read whole, not only its GBK part."""
    path = text(tmp_path / "a.csv", "企业名称,代码\n𠮷野家㐂䶮,1", "gb18030")
    assert read_source(path).sheets[0].rows[1][0] == "𠮷野家㐂䶮"


def test_commas_and_line_breaks_inside_quotes(tmp_path):
    """A quoted cell may hold the delimiter, quotes and line breaks, and counts as one row."""
    path = text(tmp_path / "a.csv", '名称,范围\n甲,"食品,""零售""\n烟草"\n乙,无\n')
    assert read_source(path).sheets[0].rows == [["名称", "范围"], ["甲", '食品,"零售"\n烟草'], ["乙", "无"]]


def test_line_ends_of_every_system(tmp_path):
    """CR, LF and CRLF end a row, one after the other a blank one; other separators of lines are characters of a cell."""
    path = text(tmp_path / "a.csv", '名称,范围\r甲,"食\r品"\r\n乙,\u2028\v\n\r丙,"x\r\ny"')
    assert read_source(path).sheets[0].rows == [["名称", "范围"], ["甲", "食\r品"], ["乙", "\u2028\v"], [], ["丙", "x\r\ny"]]


def test_content_decides_not_the_name(tmp_path):
    """A workbook named .csv and a text named .xls are read as what they are."""
    assert read_source(book(tmp_path / "a.csv", ROWS)).sheets[0].rows == ROWS
    assert read_source(text(tmp_path / "b.xls", "名称\t代码\n甲\t01")).sheets[0].rows == [["名称", "代码"], ["甲", "01"]]


def test_old_workbook():
    """A real .xls: merged cells stand in every row they cover, headings in every column, hidden sheets are left out."""
    sheets = read_source(HERE / "people.xls").sheets
    assert [sheet.name for sheet in sheets] == ["人员"]
    assert sheets[0].rows[2:4] == [["序号", "姓名*", "工作\n单位", "执法证件", "执法证件", "可检查事项"],
                                   ["序号", "姓名*", "工作\n单位", "编号", "有效期至", "可检查事项"]]
    assert [row[2] for row in sheets[0].rows[4:6]] == ["邯郸市市场监督管理局"] * 2
    assert sheets[0].rows[4][4] == "2027-12-31"


def test_leading_blank_rows_keep_their_numbers(tmp_path):
    """rows[0] is the sheet's first row, even if it is blank."""
    assert read_source(book(tmp_path / "a.xlsx", [[None, None], [None, None], ["名称", "代码"]])).sheets[0].rows[2] == ["名称", "代码"]


def test_a_child_that_dies_is_a_refusal(tmp_path, monkeypatch):
    """Whatever a hostile file does to the reading process, the person gets one sentence."""
    child = text(tmp_path / "child.py", "import os; os.abort()")
    monkeypatch.setattr(workbook, "__file__", str(child))
    with pytest.raises(Refusal, match="已经损坏"):
        read_source(book(tmp_path / "a.xlsx", ROWS))


def test_a_child_that_hangs_is_a_refusal(tmp_path, monkeypatch):
    """The time limit holds where the platform has no limits of its own."""
    child = text(tmp_path / "child.py", "import time; time.sleep(60)")
    monkeypatch.setattr(workbook, "__file__", str(child))
    monkeypatch.setattr(reader, "SECONDS", 0.2)
    with pytest.raises(Refusal, match="太大或太复杂"):
        read_source(book(tmp_path / "a.xlsx", ROWS))


def with_cells(path, cells):
    """A small list, and besides it such cells, (row, column) from 0 → value, and two merged headings."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as made:
        sheet, day = made.add_worksheet("名单"), made.add_format({"num_format": "yyyy-mm-dd"})
        sheet.merge_range("A1:A2", "企业名称")
        sheet.merge_range("B1:C1", "证件")
        sheet.write_row("B2", ["代码", "日期"])
        sheet.write_row("A3", ["甲", "007"])
        sheet.write_datetime("C3", datetime(2026, 3, 2), day)
        sheet.write_row("A4", ["乙", 8, True])
        sheet.write_formula("D4", "=1/0", None, "#DIV/0!")
        for (row, column), value in cells.items():
            sheet.write(row, column, value)
        made.add_worksheet("藏").hide()
    return path


def test_a_stray_cell_far_away_changes_no_row(tmp_path):
    """One cell in XFD3 or in the last corner: every other row is what it is without it, only as long as it goes, in little memory."""
    pytest.importorskip("resource", reason="this platform has no memory limits")
    plain = read_source(with_cells(tmp_path / "a.xlsx", {})).sheets
    for cell in ((2, 16_383), (1_048_575, 16_383), (1_048_575, 0)):
        stray = read_source(with_cells(tmp_path / "b.xlsx", {cell: "角"})).sheets
        rows = stray[0].rows
        assert [sheet.name for sheet in stray] == ["名单"]
        assert rows[cell[0]].pop() == "角"
        found = [[value for value in row if value is not None] for row in rows[:4]]
        assert repr(found) == repr([[value for value in row if value is not None] for row in plain[0].rows])
        assert not any(rows[4:-1])
    assert plain[0].rows[:2] == [["企业名称", "证件", "证件"], ["企业名称", "代码", "日期"]]


def test_a_wide_row_does_not_widen_the_others(tmp_path):
    """3 000 rows below one wide one: laid out they are 49 million cells and 2.3 GB."""
    path = with_cells(tmp_path / "a.xlsx", {(2, 16_383): "角", **{(row, 0): "店" for row in range(5, 3000)}})
    rows = read_source(path).sheets[0].rows
    assert len(rows[2]) == 16_384
    assert {len(row) for row in rows[5:]} == {1}
    assert workbook.holed(path.read_bytes())
    assert not workbook.holed(with_cells(tmp_path / "b.xlsx", {(row, column): 1 for row in range(5, 60) for column in range(99)}).read_bytes())


def limited(tmp_path, monkeypatch, name, value, module=workbook):
    """The child with another limit."""
    source, count = re.subn(rf"^{name} = .*$", f"{name} = {value}", Path(module.__file__).read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    assert count
    monkeypatch.setattr(module, "__file__", str(text(tmp_path / "child.py", source)))


def test_a_text_has_the_limits_of_a_workbook(tmp_path, monkeypatch):
    """A .csv is read by the child too: past its memory, its cells or its time it gets the same sentences."""
    pytest.importorskip("resource", reason="this platform has no memory limits")
    path = text(tmp_path / "a.csv", "甲,乙\n" * 1_000_000)
    for name, value, module in (("MEMORY", "100 << 20", limits), ("LISTED", "1 << 20", workbook)):
        with monkeypatch.context() as patched:
            limited(tmp_path, patched, name, value, module)
            with pytest.raises(Refusal, match="要占的内存超过了限度"):
                read_source(path)
    monkeypatch.setattr(reader, "SECONDS", 0.05)
    with pytest.raises(Refusal, match="秒还没有读完"):
        read_source(path)


def test_a_text_as_large_as_a_sheet(tmp_path):
    """16 384 columns, blank ones beyond them, and 1 048 576 rows are read; blank rows after them do not count."""
    path = text(tmp_path / "a.csv", "甲," * 16_384 + ",,\n" + "乙\n" * 1_048_575 + "\n,\n")
    rows = read_source(path).sheets[0].rows
    assert (len(rows), len(rows[0]), rows[-1]) == (1_048_576, 16_384, ["乙"])


def test_our_own_limits_are_not_called_damage(tmp_path, monkeypatch):
    """A sound file that takes more memory (laid out by calamine, which ends the child), more cells or more time than we give is too large, not damaged."""
    pytest.importorskip("resource", reason="this platform has no memory limits")
    stray = with_cells(tmp_path / "b.xlsx", {(1_048_575, 16_383): "角"})
    for name, value in (("DENSE, HOLES", "1 << 60, 8"), ("LISTED", "1 << 20")):
        with monkeypatch.context() as patched:
            limited(tmp_path, patched, name, value)
            with pytest.raises(Refusal, match="要占的内存超过了限度"):
                read_source(stray)
    child = text(tmp_path / "child.py", "import os, signal; os.kill(os.getpid(), signal.SIGXCPU)")
    monkeypatch.setattr(workbook, "__file__", str(child))
    with pytest.raises(Refusal, match="秒还没有读完"):
        read_source(stray)


def test_a_merged_cell_over_everything(tmp_path):
    """Merged from the first cell to the last, and one stray cell: 17 thousand million cells are refused, not computed."""
    path = with_cells(tmp_path / "a.xlsx", {(1_048_575, 16_383): "角"})
    altered(path, "xl/worksheets/sheet1.xml", ('ref="B1:C1"', 'ref="A1:XFD1048576"'))
    with pytest.raises(Refusal, match="要占的内存超过了限度"):
        read_source(path)


def test_a_job_object_bounds_memory_on_windows(monkeypatch):
    """What Windows is told: 144 bytes of limits (64 bits), the flag and the memory where it looks for them, for this very process; its refusal is an OSError."""
    told = []

    class Kernel:
        def __init__(self, name, use_last_error):
            told.append(name)
            self.CreateJobObjectW, self.GetCurrentProcess = mock.Mock(return_value=7), mock.Mock(return_value=2**64 - 1)
            self.AssignProcessToJobObject = mock.Mock(side_effect=lambda job, process: told.append((job.value, process.value)) or answer)

        def SetInformationJobObject(self, job, kind, limits, size):
            data = ctypes.string_at(ctypes.addressof(limits._obj), size)
            told.append((job.value, kind, size, struct.unpack_from("<L", data, 16)[0], struct.unpack_from("<Q", data, 112)[0], sum(map(bool, data))))
            return 1

    monkeypatch.setattr(ctypes, "WinDLL", Kernel, raising=False)
    answer = 1
    limits.enclose(3 << 30)
    assert told == ["kernel32", (7, 9, 144, 0x100, 3 << 30, 2), (7, 2**64 - 1)]
    answer = 0
    with pytest.raises(OSError, match="job"):
        limits.enclose(1)
