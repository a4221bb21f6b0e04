"""Names of workbook files that are too long, or no text."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from ssj_xlwings.books.opening import load
from ssj_xlwings.doors import cli, fault
from ssj_xlwings.master import build as master
from ssj_xlwings.types import Refusal
from tests.books.workbooks import build
from tests.doors.test_upgrade import VALUES

posix = pytest.mark.skipif(os.name == "nt", reason="names there are counted otherwise and are always text")


def answered(path, capsys) -> tuple[int, str]:
    status = cli.answer(["check", str(path)])
    shown = capsys.readouterr()
    return status, shown.out + shown.err


@posix
@pytest.mark.parametrize("name", ["x" * 231, "台" * 77])
def test_the_longest_name_works(tmp_path, capsys, name):
    """Its lock, its copies and what is written beside it still fit."""
    path = tmp_path / f"{name}.xlsx"
    master.build(path, VALUES)
    status, told = answered(path, capsys)
    assert status in (0, 1), told
    assert len(os.fsencode(path.name)) == 236
    assert next((tmp_path / "备份").glob("*.xlsx"))


@posix
@pytest.mark.parametrize("length", [237, 244, 250, 255])
def test_a_longer_name_is_refused(tmp_path, capsys, length):
    """One sentence that names the length as what is wrong; nothing is left beside it."""
    path = build(tmp_path / f"{'x' * (length - 5)}.xlsx")
    status, told = answered(path, capsys)
    assert (status, list(tmp_path.iterdir())) == (2, [path])
    assert "的名字太长" in told


def test_a_name_no_file_can_have(tmp_path, capsys):
    """It is not found."""
    status, told = answered(tmp_path / f"{'x' * 300}.xlsx", capsys)
    assert status == 2
    assert "找不到文件" in told
    with pytest.raises(Refusal):
        load(tmp_path / f"{'x' * 300}.xlsx")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep names as text")
def test_a_name_that_is_no_text(tmp_path, capsys):
    """Bytes that are not UTF-8: one sentence; nothing is left beside it."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.xlsx"))
    build(tmp_path / "a.xlsx").rename(path)
    status, told = answered(path, capsys)
    assert (status, list(tmp_path.iterdir())) == (2, [path])
    assert "认不出的字" in told
    told.encode()


def test_a_fault_with_such_a_name_is_kept(monkeypatch, tmp_path):
    """The file for the maintainers is written whatever stands in the command line."""
    monkeypatch.setattr(fault.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(fault.sys, "argv", ["ssj", "check", "\udcff.xlsx"])
    assert "\\udcff" in fault.keep().read_text(encoding="utf-8")
