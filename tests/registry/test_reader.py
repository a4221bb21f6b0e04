"""Foreign files are recognised by content, and read so that texts stay texts."""

import pytest

from ssj_xlwings.registry import reader, workbook
from ssj_xlwings.registry.reader import read_source
from ssj_xlwings.types import Refusal
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


def test_memory_is_limited(tmp_path):
    """A cell in the last corner of a sheet would make a table of 17 thousand million cells: refused, not computed."""
    pytest.importorskip("resource", reason="this platform has no memory limits")
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as made:
        sheet = made.add_worksheet()
        sheet.write(0, 0, "企业名称")
        sheet.write(1_048_575, 16_383, "角")
    with pytest.raises(Refusal, match="已经损坏"):
        read_source(tmp_path / "a.xlsx")
