"""The files that people double-click: safe in every code page, and calling what there is."""

from __future__ import annotations

import re

import pytest

from ssj_xlwings.install import scripts
from ssj_xlwings.vocabulary.commands import BY_ID
from ssj_xlwings.vocabulary.sentences import install as say


@pytest.mark.parametrize("name", ["install.cmd", "menu.cmd"])
def test_safe_in_every_code_page(name):
    """ASCII, CRLF throughout, no word to people, no line that depends on chcp, and every goto has its label."""
    text = scripts.script(name).decode("ascii")
    lines = text.split("\r\n")
    assert "\n" not in "".join(lines)
    assert lines.pop() == ""
    assert not any(re.match(r"\s*(echo (?!off)|chcp)", line, re.IGNORECASE) for line in lines)
    assert {f":{label}" for label in re.findall(r"goto (\w+)", text)} <= set(lines)


def test_what_they_say_alone():
    """Copied without the pack, or started inside a zip, a script says one Chinese sentence, spelled in code points that PowerShell joins."""
    for name, sentence in (("install.cmd", say.ALONE), ("menu.cmd", say.PROGRAM_GONE)):
        text = scripts.script(name).decode("ascii")
        (codes,) = re.findall(r"-join \[char\[\]\]\(([\d,]+)\)", text)
        assert "".join(chr(int(code)) for code in codes.split(",")) == sentence
        assert max(map(len, text.splitlines())) < 8191
        assert "@" not in text.replace("@echo", "")


@pytest.mark.parametrize("name", ["install.cmd", "menu.cmd"])
def test_paths_survive(name):
    """Blanks, &, ^, % and ! in a folder's name: a path is only ever used in quotes, set in the quoted form, and while ! could
    be taken for a variable it is written !SO!, which cmd.exe reads once and never again.
    """
    delayed = False
    for line in scripts.script(name).decode("ascii").splitlines():
        delayed = delayed or "EnableDelayedExpansion" in line
        if line.startswith("rem "):
            continue
        outside = re.sub(r'"[^"]*"', "", line)
        assert not re.search(r"%(?!errorlevel)\w+%|!\w+!|%~", outside), line
        assert not re.match(r"set (?!\")", line), line
        assert not (delayed and "%" in line), line
    assert "DisableDelayedExpansion" in scripts.script(name).decode("ascii")


def test_a_split_path_never_runs():
    """Explorer hands over `a&b.xlsm` bare, so that cmd.exe would run `b.xlsm` after the menu: each way out ends cmd.exe itself."""
    lines = scripts.script("menu.cmd").decode("ascii").splitlines()
    assert lines[-1] == "exit 9"
    assert not any("exit /b" in line for line in lines)


def test_commands_and_options_exist():
    """What the scripts call are declared commands, with declared options."""
    for name in ("install.cmd", "menu.cmd"):
        for command, options in re.findall(r"-m ssj_xlwings (\w+)((?: --\w+)*)", scripts.script(name).decode("ascii")):
            declared = {"--" + param.name.rstrip("_") for param in BY_ID[command].params}
            assert set(options.split()) <= declared


def test_notes_open_in_any_notepad():
    """UTF-8 with its mark and CRLF: the notes that say what to do about the yellow and red bars, and about a PC that cannot run it."""
    readme = scripts.beside()["先看这里.txt"]
    assert readme.startswith(b"\xef\xbb\xbf")
    assert readme.count(b"\n") == readme.count(b"\r\n")
    for words in ("启用编辑", "启用内容", "解除锁定", "双随机.cmd", "安装.cmd"):
        assert words in readme.decode("utf-8-sig")
