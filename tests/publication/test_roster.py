"""The public roster: who is on it, and what never is."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from ssj_xlwings.commands.publication import publish
from ssj_xlwings.publication.roster import csv_bytes, quiet
from ssj_xlwings.types import Refusal, Rewrite, View
from ssj_xlwings.vocabulary.tables import ROSTER, TABLES
from tests import bureau
from tests.bureau import FIRMS, ITEMS, TASK, request


@pytest.fixture
def made(tmp_path):
    return publish(request(tmp_path))


def rows_of(outcome):
    (change,) = outcome.changes
    assert isinstance(change, Rewrite)
    assert change.table == "roster"
    return change.rows


def cells_of(file):
    book = openpyxl.load_workbook(io.BytesIO(file.data))
    return [str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]


def test_published_withheld_returned_missing(made):
    """Results that are in are published; withheld ones are named with their ground, returned and missing ones too."""
    assert "公示 7 项，依法不公示 2 项，复核退回 3 项，未录入 7 项；公示率 41.2%。" in made.lines
    assert sum(line.startswith("不公示：") and "涉及国家秘密" in line for line in made.lines) == 2
    assert sum(line.startswith("复核退回：") for line in made.lines) == 3
    assert sum(line.startswith("未录入：") for line in made.lines) == 7


def test_rows_in_calling_order_and_others_kept(made):
    """Other tasks' rows stay, this task's are replaced and numbered on, a remark typed into the roster survives."""
    rows = rows_of(made)
    assert [line["no"] for line in rows] == [str(at) for at in range(1, 9)]
    assert (rows[0]["task_name"], rows[1]["result"], rows[1]["remark"]) == ("去年的任务", "未发现问题", "已整改")
    assert [line["name"] for line in rows[1:]] == [FIRMS[0][0]] + [FIRMS[1][0]] * 6
    assert [line["item"] for line in rows[2:]] == [item[1] for item in ITEMS]
    assert all(set(line) == {column.name for column in ROSTER.columns} for line in rows)


def test_plan_columns(made):
    """Number and name of the plan, the usual direction where none is given, the bureau where no unit leads."""
    row = rows_of(made)[1]
    assert (row["plan_number"], row["direction"], row["bureau"], row["task_number"]) == ("13040020261000", "不定向", bureau.BUREAU, TASK)


def test_both_files_are_public_and_say_the_same(made):
    """公示名册-<number>.xlsx and .csv, both public, with the same rows under the public headings."""
    sheet, text = made.files
    assert (sheet.name, text.name, sheet.public, text.public) == (f"公示名册-{TASK}.xlsx", f"公示名册-{TASK}.csv", True, True)
    assert text.data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(text.data.decode("utf-8-sig"))))
    assert lines[0] == [column.header for column in ROSTER.columns]
    printed = openpyxl.load_workbook(io.BytesIO(sheet.data)).active
    shown = [["" if cell.value is None else cell.value for cell in line] for line in printed.iter_rows(max_col=len(lines[0]))]
    start = shown.index(lines[0])
    assert shown[start + 1 : start + len(lines)] == lines[1:]


def test_no_private_value_leaves(made, tmp_path):
    """No value of any private column (inspectors, classes, phones, contacts …), nor a result's free text, is in a public file."""
    asked = request(tmp_path)
    hidden = {str(value) for table in TABLES for column in table.columns if column.private for value in asked.view[table.name][column.name] if value}
    hidden |= {word for value in hidden for word in value.split("、")} | {"13900001111", "陈老板", "牌匾名称与登记名称不一致"}
    letters = {word for word in hidden if len(word) == 1}
    assert {"A", "D", "张卫东", "1304020001", "13812345670"} <= hidden
    for file in made.files:
        assert isinstance(file.data, bytes)
        raw = [file.data.decode("utf-8-sig")] if file.name.endswith("csv") else [
            zipfile.ZipFile(io.BytesIO(file.data)).read(part).decode() for part in zipfile.ZipFile(io.BytesIO(file.data)).namelist()]
        assert not [word for word in hidden - letters for text in raw if word in text]
        cells = cells_of(file) if file.name.endswith("xlsx") else [cell for line in csv.reader(io.StringIO(raw[0])) for cell in line]
        assert not letters & set(cells)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_formula_comes_alive(text):
    """A cell that a spreadsheet would take for a formula gets an apostrophe in the .csv; others stay as they are."""
    row = dict.fromkeys((column.name for column in ROSTER.columns), "")
    line = list(csv.reader(io.StringIO(csv_bytes([{**row, "name": text}]).decode("utf-8-sig"))))[1]
    assert "'" + text in line
    assert quiet("某店=好") == "某店=好"


def test_a_hostile_name_is_text_in_the_workbook(tmp_path):
    """A firm called =HYPERLINK(…) stands in the .xlsx as a text, not as formula or link."""
    asked = request(tmp_path)
    results = asked.view["results"].assign(withheld="")
    made = publish(replace(asked, view=View({**asked.view.tables, "results": results})))
    book = openpyxl.load_workbook(io.BytesIO(made.files[0].data))
    found = [cell for line in book.active.iter_rows() for cell in line if str(cell.value).startswith("=HYPERLINK")]
    assert found
    assert all(cell.data_type == "s" for cell in found)
    assert b"'=HYPERLINK" in made.files[1].data or b"\"'=HYPERLINK" in made.files[1].data


def test_more_than_ten_missing_are_counted(tmp_path):
    """The first ten missing results are listed, the rest counted."""
    asked = request(tmp_path)
    results = asked.view["results"].copy()
    results.loc[results.index[1:], "result"] = ""
    lines = publish(replace(asked, view=View({**asked.view.tables, "results": results}))).lines
    assert sum(line.startswith("未录入：") for line in lines) == 10
    assert any(line.startswith("……另有") for line in lines)


def test_refusals(tmp_path):
    """Not drawn, voided, no result yet: one sentence each."""
    with pytest.raises(Refusal, match="还没有抽取"):
        publish(request(tmp_path, draws=False))
    with pytest.raises(Refusal, match="还没有抽取"):
        publish(request(tmp_path, task="临时抽查"))
    with pytest.raises(Refusal, match="第 1 次抽取已经作废"):
        publish(replace(request(tmp_path), log=bureau.log_rows()[:2]))
    asked = request(tmp_path)
    blank = View({**asked.view.tables, "results": asked.view["results"].assign(date="")})
    with pytest.raises(Refusal, match="还没有可以公示的结果：17 项未录入"):
        publish(replace(asked, view=blank))
