"""The launcher runs: in LibreOffice, with stand-ins for xlwings, for the message box and for Windows."""

from __future__ import annotations

import ast
import re
from pathlib import PureWindowsPath
from typing import NamedTuple

import pytest

from ssj_xlwings.install.machine import places
from ssj_xlwings.master import conf
from ssj_xlwings.master.macros import sources
from ssj_xlwings.vocabulary.commands import COMMANDS
from ssj_xlwings.vocabulary.sentences import macros as say
from tests.master.launcher import addin, launcher, run

TAGS = [command.id for command in COMMANDS if command.group]
CLICK = "Stub.Clicked"
NORMAL, WAIT = "-4143", "2"
CODE = "from ssj_xlwings.doors import ribbon; ribbon.click('{tag}')"
BOOK = r"D:\双随机 资料&名单\nu\2026年 台账&备份.xlsm"
ADDIN = r"C:\Users\张 三&四\AppData\Roaming\Microsoft\Excel\XLSTART\xlwings.xlam"
USER = r"C:\Users\张 三&四\AppData\Local"
SOURCE = (sources() / "SsjRibbon.bas").read_text(encoding="ascii")


class Said(NamedTuple):
    """What the launcher did on the clicks of `heard`."""

    buttons: dict[str, str]
    minus_one: str
    error: str
    wps: str
    no_python: str
    no_package: str
    no_addin: str


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Said:
    """Every button on a PC with everything; and one button on PCs where something is missing."""
    folder = tmp_path_factory.mktemp("launcher")
    book, extra = launcher(folder / "台账.xlsm"), launcher(folder / "xlwings.xlsm").rename(folder / "xlwings.xlam")
    python = f"{folder}\\ssj\\python\\python.exe"  # on Linux one long name, which LibreOffice finds as well
    package = f"{folder}\\ssj\\python\\Lib\\site-packages\\ssj_xlwings\\__init__.py"
    one = {"call": CLICK, "with": [TAGS[0], "0", ""]}
    heard = run([book, extra], [
        one,
        {**one, "files": {python: True}},
        {"files": {package: True}, "call": CLICK, "with": [TAGS[0], "-1", ""]},
        {"call": CLICK, "with": [TAGS[0], "error", ""]},
        {"call": CLICK, "with": [TAGS[0], "0", r"C:\Program Files\Kingsoft\WPS Office\12"]},
        *({"call": CLICK, "with": [tag, "0", r"C:\Program Files\Microsoft Office\root\Office16"]} for tag in TAGS),
    ], LOCALAPPDATA=str(folder))
    (no_addin,) = run([book], [one], LOCALAPPDATA=str(folder))
    return Said(dict(zip(TAGS, heard[5:], strict=True)), heard[2], heard[3], heard[4], heard[0], heard[1], no_addin)


@pytest.mark.parametrize("tag", TAGS)
def test_every_button_hands_over_its_command(said: Said, tag: str) -> None:
    """Python gets exactly this text, under the wait cursor, which is gone afterwards; no box appears."""
    assert said.buttons[tag] == f"|ran {CODE.format(tag=tag)}|cursor {WAIT}|cursor {NORMAL}"


def test_what_is_missing_is_said_in_chinese(said: Said) -> None:
    """Without interpreter, package or add-in nothing is run; one sentence names what is missing and what to do."""
    for heard, sentence in ((said.no_python, say.NO_PYTHON), (said.no_package, say.NO_PACKAGE), (said.no_addin, say.NO_ADDIN)):
        assert heard.startswith(f"|{say.TITLE}: {sentence}|cursor ")
        assert heard.rpartition(" ")[2] != WAIT


def test_a_python_that_fails_is_said_in_chinese(said: Said) -> None:
    """After -1 from xlwings, and after an error of VBA, the cursor is normal and one sentence says to install again."""
    for heard in (said.minus_one, said.error):
        assert heard == f"|ran {CODE.format(tag=TAGS[0])}|cursor {WAIT}|{say.TITLE}: {say.FAILED}|cursor {NORMAL}"


def test_wps_is_sent_to_its_own_door(said: Said) -> None:
    """In WPS the button runs nothing and names the other way."""
    assert f"|{say.TITLE}: {say.WPS}|" in said.wps
    assert "|ran" not in said.wps


def test_the_status_bar_is_set_and_reset() -> None:
    """LibreOffice shows no status bar to a macro; so the source is read: set before Python, reset on the one way out."""
    body = SOURCE[SOURCE.index("Function Answer"):SOURCE.index("Function U")]
    steps = ["On Error GoTo Done", "Application.StatusBar = U(", "Application.Cursor = xlWait", "Application.Run(RUNNER, code)",
             "Done:", "Application.StatusBar = False", "Application.Cursor = xlDefault", "End Function"]
    places = [body.index(step) for step in steps]
    assert places == sorted(places)
    assert "Exit" not in body


def test_the_source_is_ascii_and_short() -> None:
    """It survives every code page, and stays a launcher: everything else is Python's."""
    assert SOURCE.isascii()
    assert len([line for line in SOURCE.splitlines() if line.strip()]) <= 45
    assert max(map(len, SOURCE.splitlines())) < 1000
    assert ".Activate" not in SOURCE


def test_the_sentences_are_the_vocabularys() -> None:
    """The code points in the source spell exactly the sentences of vocabulary.sentences.macros."""
    spelled = {"".join(chr(int(code, 16)) for code in codes.split()) for codes in re.findall(r'"((?:[0-9A-F]{4} ?){2,})"', SOURCE)}
    wanted = {value for name, value in vars(say).items() if name.isupper()}
    assert spelled == wanted, [" ".join(f"{ord(char):04X}" for char in text) for text in wanted - spelled]


def test_launcher_and_settings_name_the_same_places() -> None:
    """Where the launcher looks is where xlwings starts Python."""
    inside = conf.INTERPRETER.removeprefix("%LOCALAPPDATA%").removesuffix("python.exe")
    assert f'Environ("LOCALAPPDATA") & "{inside}"' in SOURCE
    assert f'folder & "{conf.PACKAGE}\\__init__.py"' in SOURCE


def test_setting_up_fills_those_places() -> None:
    """`ssj setup` puts Python and the package where launcher and settings look."""
    there = places({"LOCALAPPDATA": "%LOCALAPPDATA%", "APPDATA": "%APPDATA%", "USERPROFILE": "%USERPROFILE%"})
    assert str(PureWindowsPath(there.interpreter)) == conf.INTERPRETER
    assert str(PureWindowsPath(there.site / "ssj_xlwings")).endswith(conf.PACKAGE)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the installed xlwings add-in does with a click: RunPython of its own xlwings.xlam, on our settings sheet."""
    book = addin(tmp_path_factory.mktemp("addin") / PureWindowsPath(BOOK).name)
    (answer,) = run([book], [{"call": "Addin.Ran", "with": [CODE.format(tag="check")]}], LOCALAPPDATA=USER, TEMP=r"C:\Temp", BOOK=BOOK, ADDIN=ADDIN)
    return answer.split("|")


def test_the_command_line_for_a_chinese_path(started: list[str]) -> None:
    """Exactly this line starts Python, hidden and waited for, from a folder and for a workbook with Chinese, blanks and &."""
    python = rf"{USER}\ssj\python"
    book, extra = (path.replace("&", "^&").replace("\\", "\\\\") for path in (BOOK, ADDIN))
    assert started == [
        "0", rf"exists {python}\python.exe", "window 0 waits True",
        (rf'cmd.exe /C C: & cd "{python}" & "{python}\python.exe" -B -c "import xlwings.utils;xlwings.utils.prepare_sys_path('
        rf'\"False;{book};{extra};;;;\"); '
        r"""from ssj_xlwings.doors import ribbon; ribbon.click('check')"  """
        r'--wb="2026年 台账&备份.xlsm" --from_xl=1 --app="C:\Office\Microsoft Excel" --hwnd="1234" 2> "C:\Temp\xlwings-guid.log" '),
    ]


def test_python_gets_the_command_line_whole(started: list[str]) -> None:
    """As cmd.exe and the C runtime read the line, the third command is Python with -B, our code and the workbook's name."""
    commands = after_cmd(started[3].removeprefix("cmd.exe /C "))
    assert [arguments(command)[0] for command in commands] == ["C:", "cd", rf"{USER}\ssj\python\python.exe"]
    flag, dash_c, code, workbook, *_ = arguments(commands[2])[1:]
    assert (flag, dash_c, workbook) == ("-B", "-c", "--wb=2026年 台账&备份.xlsm")
    (paths,) = (node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant) and ";" in str(node.value))
    assert paths == f"False;{BOOK};{ADDIN};;;;"
    assert code.endswith(CODE.format(tag="check"))


def after_cmd(line: str) -> list[str]:
    """The commands that cmd.exe makes of a line: & parts them outside quotes, ^ takes the meaning from the next character."""
    commands, quoted, escaped = [""], False, False
    for char in line.partition(" 2> ")[0]:
        if escaped or quoted or char not in '&^"':
            commands[-1] += char
            quoted, escaped = quoted and char != '"', False
        elif char == "&":
            commands.append("")
        elif char == "^":
            escaped = True
        else:
            commands[-1] += char
            quoted = True
    return [command.strip() for command in commands]


def arguments(command: str) -> list[str]:
    """The arguments as the C runtime of Windows cuts them: blanks part them outside quotes, \\" is a quote."""
    found, quoted = [""], False
    for piece in re.findall(r'\\"|"| |[^ "\\]+|\\', command):
        if piece == '"':
            quoted = not quoted
        elif piece == " " and not quoted:
            found.append("")
        else:
            found[-1] += '"' if piece == '\\"' else piece
    return [each for each in found if each]
