"""`ssj pack` and `ssj setup`: from a Linux machine to a PC without internet, in a folder that stands for its user."""

from __future__ import annotations

import io
import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from ssj_xlwings.doors import cli, menu
from ssj_xlwings.install import addin, imports, machine
from ssj_xlwings.install.machine import Machine
from tests.install import standins

if TYPE_CHECKING:
    from pathlib import Path

PC = Machine(10, 64, 16)


@pytest.fixture(scope="module")
def packed(tmp_path_factory) -> Path:
    """A pack made of stand-ins."""
    folder = tmp_path_factory.mktemp("pack")
    out = folder / "双随机安装包"
    argv = ["pack", "--python", str(standins.embedded(folder)), "--out", str(out), "--wheels", str(standins.wheels(folder / "wheels"))]
    assert cli.answer(argv) == 0
    return out


def test_one_folder_for_a_stick(packed):
    """Python that sees its packages, everything compiled, the add-in, a workbook with the ribbon, the files to double-click. Nothing else is left lying about."""
    top = {path.name for path in packed.iterdir()}
    assert top == {"安装.cmd", "双随机.cmd", "先看这里.txt", "双随机台账.xlsm", "ssj"}
    site = packed / "ssj" / "python" / "Lib" / "site-packages"
    assert (site / "ssj_xlwings" / "workbooks" / "SsjRibbon.bas").is_file()
    sources = list(site.rglob("*.py"))
    assert len(sources) > 100
    assert all((path.parent / "__pycache__" / f"{path.stem}.{sys.implementation.cache_tag}.pyc").is_file() for path in sources)
    assert (packed / "ssj" / "xlwings.xlam").read_bytes() == site.joinpath(*addin.IN_PACKAGE).read_bytes()
    assert [path.name for path in packed.parent.iterdir() if path.name.startswith(".")] == []


def test_nothing_is_missing(packed):
    """The imports of all our modules, and of theirs, are in the pack."""
    assert imports.scan(packed / "ssj" / "python" / "Lib" / "site-packages").missing == []


@pytest.mark.parametrize("module", ["rapidfuzz", "win32com", "lxml"])
def test_a_missing_module_stops_the_pack(tmp_path, capsys, module):
    """Without one of the packages there is a sentence that names it, and no folder."""
    argv = ["pack", "--python", str(standins.embedded(tmp_path)), "--out", str(tmp_path / "o"), "--wheels", str(standins.wheels(tmp_path / "w", without=module))]
    assert cli.answer(argv) == 2
    assert f"缺少“{module}" in capsys.readouterr().err
    assert not (tmp_path / "o").exists()


def test_a_full_folder_is_left_alone(tmp_path, capsys):
    """The folder must be new."""
    (tmp_path / "a.txt").write_text("a")
    assert cli.answer(["pack", "--python", str(standins.embedded(tmp_path)), "--out", str(tmp_path)]) == 2
    assert "已经有内容" in capsys.readouterr().err


def test_a_real_pack(tmp_path, capsys):
    """With the real wheels for Windows, of a Python that is not this one, everything that is imported is there."""
    if not os.environ.get("CI"):
        pytest.skip("downloads 40 MB of wheels; runs where CI is set")
    out, other = tmp_path / "o", "3.13" if standins.HERE == "3.12" else "3.12"
    assert cli.answer(["pack", "--python", str(standins.embedded(tmp_path, version=other)), "--out", str(out)]) == 0, capsys.readouterr().err
    assert (out / "ssj" / "python" / "Lib" / "site-packages" / "win32com").is_dir()


class User:
    """Somebody's PC: a home folder, Windows as told, and the terminal."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.capsys = home, capsys
        self.program, self.xlstart = home / "Local" / "ssj", home / "Roaming" / "Microsoft" / "Excel" / "XLSTART"
        self.opened: list[Path] = []

    def setup(self, *argv: object) -> tuple[int, str]:
        return self.ssj("setup", *argv)

    def ssj(self, *argv: object) -> tuple[int, str]:
        self.capsys.readouterr()
        status = cli.answer(list(map(str, argv)))
        shown = self.capsys.readouterr()
        return status, shown.out + shown.err

    def files(self) -> dict[str, bytes]:
        return {str(path.relative_to(self.home)): path.read_bytes() for path in self.home.rglob("*") if path.is_file()}


@pytest.fixture
def stick(packed, tmp_path) -> Path:
    """The pack on a stick; its python.exe is this machine's, so that the self-test runs."""
    place = tmp_path / "U 盘 & 资料" / packed.name
    shutil.copytree(packed, place)
    python = place / "ssj" / "python" / "python.exe"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    return place


@pytest.fixture
def user(tmp_path, capsys, monkeypatch) -> User:
    """李娟 on Windows 10 with Excel, nothing installed."""
    home = tmp_path / "用户 李娟"
    for name, folder in (("LOCALAPPDATA", "Local"), ("APPDATA", "Roaming"), ("USERPROFILE", "")):
        monkeypatch.setenv(name, str(home / folder))
    monkeypatch.setattr(machine, "machine", lambda: PC)
    monkeypatch.setattr("ssj_xlwings.doors.setup.SELF_TEST", "import json")
    made = User(home, capsys)
    monkeypatch.setattr(machine, "show", made.opened.append)
    return made


def test_a_double_click_sets_up(user, stick):
    """One run copies the program and the add-in, puts a workbook and the menu into the user's own folder, tests itself and opens the workbook."""
    status, said = user.setup("--from", stick)
    assert status == 0, said
    assert said.splitlines()[-1].startswith("安装完成。这台电脑可以用：Excel 里的“双随机”选项卡")
    assert (user.program / "python" / "python.exe").is_file()
    assert (user.xlstart / "xlwings.xlam").read_bytes() == (stick / "ssj" / "xlwings.xlam").read_bytes()
    assert user.opened == [user.home / "双随机" / "双随机台账.xlsm"]
    assert (user.home / "双随机" / "双随机.cmd").is_file()
    assert user.setup("--check")[0] == 0


def test_again_is_an_update(user, stick):
    """A second run replaces the program, keeps the workbook that people worked in, and leaves no old program behind."""
    user.setup("--from", stick)
    book = user.home / "双随机" / "双随机台账.xlsm"
    book.write_bytes(b"work of a year")
    (user.program / "python" / "old.txt").write_text("old")
    status, said = user.setup("--from", stick)
    assert status == 0, said
    assert book.read_bytes() == b"work of a year"
    assert "没有动" in said
    assert sorted(path.name for path in user.program.iterdir()) == ["python", "setup.json"]
    assert not (user.program / "python" / "old.txt").exists()


def test_another_addin_is_kept(user, stick):
    """A different xlwings.xlam: not touched unasked, both versions named; replaced on demand, kept outside XLSTART, and brought back by --undo."""
    user.xlstart.mkdir(parents=True)
    (user.xlstart / "xlwings.xlam").write_bytes(b"of another project")
    status, said = user.setup("--from", stick)
    assert status == 2
    assert "版本不详" in said
    assert "ssj setup --replace" in said
    assert (user.xlstart / "xlwings.xlam").read_bytes() == b"of another project"
    status, said = user.setup("--replace")
    assert status == 0, said
    kept = list((user.program / "backup").iterdir())
    assert [path.read_bytes() for path in kept] == [b"of another project"]
    assert [path.name for path in user.xlstart.iterdir()] == ["xlwings.xlam"]
    status, said = user.setup("--undo")
    assert status == 0, said
    assert (user.xlstart / "xlwings.xlam").read_bytes() == b"of another project"
    assert user.setup("--undo")[0] == 2


def test_the_question_is_asked(user, stick, monkeypatch):
    """Where somebody sits at the terminal, 是 replaces and 否 leaves the add-in and says which door works."""
    user.xlstart.mkdir(parents=True)
    (user.xlstart / "xlwings.xlam").write_bytes(b"of another project")
    monkeypatch.setattr("ssj_xlwings.doors.prompts.interactive", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("什么\n否\n"))
    status, said = user.setup("--from", stick)
    assert status == 0
    assert "请答 是 或 否" in said
    assert "这台电脑请用“双随机.cmd”" in said
    assert (user.xlstart / "xlwings.xlam").read_bytes() == b"of another project"
    monkeypatch.setattr(sys, "stdin", io.StringIO("是\n"))
    assert user.setup()[0] == 0
    assert (user.xlstart / "xlwings.xlam").read_bytes() == (stick / "ssj" / "xlwings.xlam").read_bytes()


def test_this_pc_from_the_menu(user, stick, monkeypatch):
    """With 双随机.cmd and no word typed: what is missing is said, the add-in put back, the set-up undone; the open workbook is no hindrance."""
    user.setup("--from", stick)
    book = user.home / "双随机" / "双随机台账.xlsm"
    (book.parent / f"~${book.name}").write_bytes(b"")
    (user.xlstart / "xlwings.xlam").unlink()
    this_pc = str(1 + [entry.id for entry in menu.ENTRIES].index("setup"))

    def chosen(number: str) -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in (this_pc, number, "", "0"))))
        return user.ssj("menu", book)[1]

    assert "请关闭 Excel，双击“双随机.cmd”，选“安装到本机”" in chosen("1")
    assert "已放好加载宏" in chosen("3")
    assert "工作簿：双随机台账.xlsm" in chosen("1")
    assert "已撤销安装" in chosen("2")
    assert list(user.xlstart.iterdir()) == []


def test_undo_of_a_first_setup(user, stick):
    """Where no add-in was, none is left; one that somebody changed since is not taken away."""
    user.setup("--from", stick)
    assert user.setup("--undo")[0] == 0
    assert list(user.xlstart.iterdir()) == []
    user.setup()
    (user.xlstart / "xlwings.xlam").write_bytes(b"newer")
    _, said = user.setup("--undo")
    assert "没有动" in said
    assert (user.xlstart / "xlwings.xlam").read_bytes() == b"newer"


@pytest.mark.parametrize("argv", [("--from", "{stick}"), ("--undo",)])
def test_excel_is_running(user, stick, monkeypatch, argv):
    """Excel holds its add-ins: asks to close it, and nothing is changed."""
    monkeypatch.setattr(machine, "excel_runs", lambda: True)
    status, said = user.setup(*(word.format(stick=stick) for word in argv))
    assert status == 2
    assert "请保存并关闭所有 Excel 窗口" in said
    assert user.files() == {}


def test_windows_that_cannot(user, stick, monkeypatch):
    """32-bit Windows: a sentence, and nothing is changed."""
    monkeypatch.setattr(machine, "machine", lambda: Machine(10, 32, 16))
    assert "32 位 Windows" in user.setup("--from", stick)[1]
    assert user.files() == {}


def test_a_folder_that_is_no_pack(user, tmp_path):
    """Another folder."""
    assert "不是安装包" in user.setup("--from", tmp_path)[1]


def test_a_broken_program_is_noticed(user, stick):
    """The self-test says what does not start, and the workbook is not opened."""
    python = stick / "ssj" / "python" / "python.exe"
    python.write_text("#!/bin/sh\necho 'ImportError: DLL load failed' >&2\nexit 1\n")
    status, said = user.setup("--from", stick)
    assert status == 1
    assert "自检没有通过：ImportError: DLL load failed" in said
    assert user.opened == []


def test_a_full_disk(user, stick, monkeypatch):
    """What cannot be copied is said in a sentence; the program that was there works on."""
    user.setup("--from", stick)

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copytree", full)
    status, said = user.setup("--from", stick)
    assert status == 2
    assert "磁盘空间" in said
    assert user.setup("--check")[0] == 0


def test_check_before_anything(user):
    """On a bare PC --check names everything that is lacking and changes nothing."""
    status, said = user.setup("--check")
    assert status == 1
    assert said.count("→") == 3
    assert user.files() == {}


def test_not_on_windows(monkeypatch, capsys):
    """Elsewhere a sentence says what to use instead."""
    for name in ("LOCALAPPDATA", "APPDATA", "USERPROFILE"):
        monkeypatch.delenv(name, raising=False)
    assert cli.answer(["setup"]) == 2
    assert "ssj pack" in capsys.readouterr().err
