"""Workbooks whose VBA runs in LibreOffice: the launcher with stand-ins for what only Excel on Windows has."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from oletools.olevba import VBA_Parser

from ssj_xlwings.master import conf, vba
from ssj_xlwings.master.macros import sources
from tests.office import needs_office

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RUNNER = Path(__file__).with_name("macro_runner.py")
STAND_INS = {'"xlwings.xlam!RunPython"': '"RunPython"', "MsgBox U(": "StubBox U(", "Application.Path": "StubPath"}
"""In the launcher, for what LibreOffice lacks: a Sub of another workbook, a box that can be read, the program's folder."""
STUB = """Attribute VB_Name = "Stub"
Option Explicit
Public Heard As String
Public Says As Variant
Public StubPath As String

Public Function RunPython(code As String) As Variant
    Heard = Heard & "|ran " & code & "|cursor " & Application.Cursor
    If Says = "error" Then Err.Raise 1004
    RunPython = Says
End Function

Public Sub StubBox(text As String, kind As Long, title As String)
    Heard = Heard & "|" & title & ": " & text
End Sub

Public Function Clicked(tag As String, answer As String, folder As String) As String
    Dim control As Object
    Set control = CreateUnoService("com.sun.star.form.component.CommandButton")
    Heard = ""
    Says = answer
    If answer <> "error" Then Says = CLng(answer)
    StubPath = folder
    control.Tag = tag
    SsjClick control
    Clicked = Heard & "|cursor " & Application.Cursor
End Function
"""
ADDIN_STUB = """
Private Function ConfRow(key As String) As Long
    Dim at As Long
    For at = 1 To 40
        If UCase(ActiveWorkbook.Sheets("xlwings.conf").Cells(at, 1).Text) = key Then ConfRow = at
    Next at
End Function

Private Function ExpandEnvironmentStrings(ByVal s As String) As String
    ExpandEnvironmentStrings = Replace(Replace(s, "%LOCALAPPDATA%", Environ("LOCALAPPDATA")), "%TEMP%", Environ("TEMP"))
End Function

Private Function FileExists(path As String) As Boolean
    Started = Started & "|exists " & path
    FileExists = True
End Function

Private Function StubRun(line As String, style As Variant, wait As Variant) As Long
    Started = Started & "|window " & style & " waits " & wait & "|" & line
End Function

Private Sub ShowError(name As String)
    Started = Started & "|error shown"
End Sub

Public Function Ran(code As String) As String
    Started = ""
    Ran = RunPython(code) & Started
End Function
"""
ADDIN_STAND_INS = {
    "GetConfigFromSheet(ActiveWorkbook).Exists(configKey)": "(ConfRow(configKey) > 0)",  # a Scripting.Dictionary of columns A and B
    "GetConfigFromSheet(ActiveWorkbook).Item(configKey)": 'ActiveWorkbook.Sheets("xlwings.conf").Cells(ConfRow(configKey), 2).Text',
    "GetConfigFromSheet(ThisWorkbook).Exists(configKey)": "False",
    "GetConfigFromSheet(ThisWorkbook).Item(configKey)": '""',
    'If source = "" Or source = "sheet" Then': "If True Then",  # LibreOffice gives an absent argument no default
    'If source = "" Or source = "directory" Then': "If True Then",
    'If source = "" Or source = "user" Then': "If True Then",
    "WScript.Run(": "StubRun(", "CreateGUID()": '"guid"',
    "Application.Hwnd": '"1234"', "ActiveWorkbook.FullName": 'Environ("BOOK")', "ThisWorkbook.FullName": 'Environ("ADDIN")', "Application.Path": r'"C:\Office"',
}
WINDOWS = {"Mac": False, "Not Mac": True, 'App = "Microsoft Excel"': True, 'App = "Microsoft Word"': False}


@cache
def uno_python() -> str:
    """A Python that has UNO; skipped without one, saying why, but a failure under CI."""
    needs_office()
    for found in (sys.executable, "/usr/bin/python3", shutil.which("python3")):
        if found and Path(found).exists() and subprocess.run([found, "-c", "import uno"], capture_output=True, check=False).returncode == 0:
            return found
    if os.environ.get("CI"):
        pytest.fail("python3-uno is missing; .ci/run installs it")
    pytest.skip("no Python here has UNO (python3-uno)")


def replaced(source: str, stand_ins: Mapping[str, str]) -> str:
    """The source with each stand-in; each must stand in it, or the test would not test what it says."""
    for old, new in stand_ins.items():
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    return source


def launcher(path: Path) -> Path:
    """A workbook with the committed launcher and a stub that hears what it does."""
    source = replaced((sources() / "SsjRibbon.bas").read_text(encoding="ascii"), STAND_INS)
    return _book(path, [vba.Module("SsjRibbon", "code", source), vba.Module("Stub", "code", STUB)])


def addin(path: Path) -> Path:
    """A workbook with our xlwings.conf and the installed add-in's own RunPython, which says what it would start."""
    import xlwings

    modules = VBA_Parser(str(Path(xlwings.__file__).parent / "addin" / "xlwings.xlam")).extract_macros()
    text = {name.partition(".")[0]: code.replace("\r\n", "\n") for _, _, name, code in modules}
    wanted = (("Main", "RunPython"), ("Main", "ExecuteWindows"), ("Config", "GetConfig"), ("Utils", "SheetExists"), ("Utils", "ParentFolder"))
    own = "\n".join(on_windows(procedure(text[module], name)) for module, name in wanted)
    head = 'Attribute VB_Name = "Addin"\nOption Explicit\nPrivate Const PROJECT_NAME As String = "xlwings"\nPrivate Started As String\n'
    return _book(path, [vba.Module("Addin", "code", head + replaced(own, ADDIN_STAND_INS) + ADDIN_STUB)])


def procedure(text: str, name: str) -> str:
    """A Sub or Function cut out of a module."""
    found = re.search(rf"^(?:Public )?(Function|Sub) {name}\(.*?^End \1$", text, re.DOTALL | re.MULTILINE)
    assert found, name
    return found[0]


def on_windows(text: str) -> str:
    """The lines that VBA on Windows compiles: LibreOffice knows no #If."""
    kept, open_ = [], []
    for line in text.splitlines():
        word = line.strip()
        if word.startswith("#If "):
            open_.append(WINDOWS[word[4:-5]])
        elif word == "#Else":
            open_[-1] = not open_[-1]
        elif word == "#End If":
            open_.pop()
        elif all(open_):
            kept.append(line)
    return "\n".join(kept) + "\n"


def _book(path: Path, code: Sequence[vba.Module]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet()
        conf.write(book)
        documents = [vba.Module("ThisWorkbook", "workbook", ""), vba.Module("Sheet1", "sheet", ""), vba.Module("Sheet2", "sheet", "")]
        book.add_vba_project(BytesIO(vba.project([*documents, *code])), is_stream=True)
    return path


def run(paths: Sequence[Path], steps: Sequence[Mapping[str, Any]], **environment: str) -> list[str]:
    """What the calls returned, all in one LibreOffice; see macro_runner for a step."""
    done = subprocess.run(
        [uno_python(), str(RUNNER), *map(str, paths)], input=json.dumps(steps), capture_output=True, text=True, check=False,
        env={**os.environ, **environment}, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
