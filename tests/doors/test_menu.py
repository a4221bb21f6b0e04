"""The third door: a numbered Chinese menu on the closed file, for WPS and blocked macros."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from ssj_xlwings.doors import cli, menu
from ssj_xlwings.install import machine
from tests.doors.conftest import TASK


@pytest.fixture
def opened(monkeypatch) -> list[Path]:
    """What was opened in the end."""
    files: list[Path] = []
    monkeypatch.setattr(machine, "show", files.append)
    return files


def number(command: str) -> str:
    return str(1 + [entry.id for entry in menu.ENTRIES].index(command))


def play(desk, monkeypatch, *typed: str, book: bool = True) -> tuple[int, str]:
    """Sit down at the menu and type these lines."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
    return desk.ssj("menu", *([desk.book] if book else []))


def test_every_command_on_a_workbook_is_offered():
    """Generated from the declarations: all that take a workbook, verify, and setup, which nobody can type on a PC without `ssj`."""
    ids = {command.id for command in menu.ENTRIES}
    assert {"import", "check", "freeze", "draw", "void", "papers", "publish", "ledger", "verify", "setup"} <= ids
    assert not ids & {"new", "menu", "pack", "demo"}


def test_a_draw_by_numbers(desk, monkeypatch, opened):
    """Check, freeze and draw, by typing what is asked; the workbook is opened in the end."""
    freeze = (number("freeze"), "1", "张三", "李四", "", "周主持", "三楼", "吴见证", "", "", "", "", "", "")
    draw = (number("draw"), "1", "张三=384729", "李四=000007", "", "", "")
    status, said = play(desk, monkeypatch, *freeze, *draw, "0")
    assert status == 0, said
    assert "已冻结“第一批”第 1 次" in said
    assert "已抽取“第一批”第 1 次" in said
    assert "ssj draw" not in said
    assert opened == [desk.book]
    assert len(desk.read("visits"))


def test_the_same_as_the_terminal(desk, monkeypatch, opened, tmp_path):
    """A table is chosen by number, a file is dropped with its quotes, an answer may be left out."""
    csv = desk.folder / "检查对象名录库.csv"
    status, said = play(desk, monkeypatch, number("import"), "检查对象名录库", f'"{csv}"', "", "", "是", "", "", "0")
    assert status == 0, said
    assert "只看不写。" in said
    status, said = play(desk, monkeypatch, number("ledger"), "1", "", "", "", "", "台账 文件", "", "0")
    assert status == 0, said
    assert list((desk.folder / "台账 文件").glob("*.xlsx"))


def test_refused_while_the_book_is_open(desk, monkeypatch, opened):
    """Somebody has it open in WPS: one sentence before anything is asked, and the menu goes on."""
    owner = "李娟"
    (desk.folder / "~$台账.xlsx").write_bytes(b"\0" * 55 + bytes([len(owner), 0]) + owner.encode("utf-16-le").ljust(108, b" "))
    before = desk.bytes()
    status, said = play(desk, monkeypatch, number("freeze"), "", "0")
    assert status == 0
    assert "正由 李娟 在 Excel（或 WPS）里打开着" in said
    assert desk.bytes() == before


def test_wrong_answers_are_asked_again(desk, monkeypatch, opened):
    """A number that is not on the list, an empty answer where one is needed, a refusal: the menu goes on."""
    typed = ("99", "x", number("void"), "7", "1", "", "原因", "太短了", "赵局长", "", "0")
    status, said = play(desk, monkeypatch, *typed)
    assert status == 0, said
    assert said.count("请输入 0 到") == 2
    assert "请输入 1 到 1 的数字" in said
    assert "“作废原因”不能空着" in said
    assert "没有执行：" in said
    assert TASK in said


def test_end_of_input_ends_it(desk, monkeypatch, opened):
    """A window closed in the middle changes nothing."""
    before = desk.bytes()
    assert play(desk, monkeypatch, number("freeze"))[0] == 2
    assert desk.bytes() == before


@pytest.mark.parametrize(("line", "want"), [
    (r'C:\Windows\system32\cmd.exe /c ""D:\台 账\双随机.cmd" "D:\a b\台账.xlsm""', r"D:\a b\台账.xlsm"),
    (r'C:\Windows\system32\cmd.exe /c ""D:\x\双随机.cmd" D:\张三&李四\台账.xlsm"', r"D:\张三&李四\台账.xlsm"),
    (r'C:\Windows\system32\cmd.exe /c ""D:\x\双随机.cmd" "', None),
    (r'"C:\Windows\system32\cmd.exe" ', None),
])
def test_what_was_dropped(line, want):
    """The path as Explorer wrote it: quoted with a space, bare with an ampersand, or nothing."""
    assert menu.dropped(line) == (Path(want) if want else None)


def test_the_book_beside_the_script(desk, monkeypatch, opened):
    """A double click on 双随机.cmd takes the one workbook beside it."""
    monkeypatch.setenv("SSJ_FOLDER", str(desk.folder))
    monkeypatch.setenv("SSJ_DROPPED", 'cmd.exe /c ""x.cmd" "')
    status, said = play(desk, monkeypatch, "0", book=False)
    assert status == 0, said
    assert opened == [desk.book]


def test_a_first_workbook(tmp_path, monkeypatch, capsys, opened):
    """Without any workbook the menu asks for the four facts of a new one."""
    for name in ("SSJ_FOLDER", "SSJ_DROPPED"):
        monkeypatch.delenv(name, raising=False)
    book = tmp_path / "新 台账.xlsm"
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"\n{book}\n涉县市场监督管理局\n130426\n2026\n0\n"))
    assert cli.answer(["menu"]) == 0
    assert book.is_file()
    assert opened == [book]
    assert "新建" in capsys.readouterr().out


def test_not_a_workbook(tmp_path, capsys):
    """Another file dropped on it."""
    file = tmp_path / "名单.csv"
    file.write_text("a")
    assert cli.answer(["menu", str(file)]) == 2
    assert "不是 .xlsx 或 .xlsm 工作簿" in capsys.readouterr().err
