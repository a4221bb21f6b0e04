"""The PC: its folders, its Windows, its Excel. The only module that asks Windows anything."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ssj_xlwings.install import addin
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import install as say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Registry = Callable[[str, str, str], str | int | None]
    """(hive, key, value name) → what the registry holds; None if there is no such value. Hives: HKCR, HKCU, HKLM."""

PROGRAM = "ssj"
WPS_MARKS = ("kingsoft", "wps", r"\et.exe")
OFFICES = range(16, 14, -1)


@dataclass(frozen=True, slots=True)
class Places:
    """Where things stand for one user; nothing of it needs admin rights."""

    program: Path
    xlstart: Path
    home: Path

    @property
    def interpreter(self) -> Path:
        """The Python that the workbooks call: INTERPRETER_WIN of every workbook."""
        return self.program / "python" / "python.exe"

    @property
    def site(self) -> Path:
        """The packages of that Python."""
        return self.program / "python" / "Lib" / "site-packages"

    @property
    def addin(self) -> Path:
        """The add-in that Excel opens by itself."""
        return self.xlstart / addin.NAME

    @property
    def receipt(self) -> Path:
        """What setting up did, so that it can be undone."""
        return self.program / "setup.json"


@dataclass(frozen=True, slots=True)
class Machine:
    """What decides which door works. `windows`: 0 if this is no Windows; `excel`: 0 if there is none; `bits`: of Windows;
    `hijacked`: WPS answers where Excel is asked for; `macros`: VBAWarnings as set by user or policy, 0 if unset;
    `policy`: it is set by policy.
    """

    windows: int
    bits: int
    excel: int = 0
    wps: bool = False
    hijacked: bool = False
    macros: int = 0
    policy: bool = False


def places(environ: Mapping[str, str] | None = None) -> Places:
    """The user's folders. Refusal where Windows' own variables are missing."""
    known = os.environ if environ is None else environ
    local, roaming, home = (known.get(name, "") for name in ("LOCALAPPDATA", "APPDATA", "USERPROFILE"))
    if not (local and roaming and home):
        raise Refusal(say.NOT_WINDOWS)
    return Places(Path(local) / PROGRAM, Path(roaming) / "Microsoft" / "Excel" / "XLSTART", Path(home) / say.HOME_FOLDER)


def machine() -> Machine:
    """What this PC is."""
    major = int(platform.version().split(".")[0]) if sys.platform == "win32" else 0
    return office(registry, major, 64 if platform.machine().endswith("64") else 32)


def office(ask: Registry, windows: int, bits: int) -> Machine:
    """The PC as the registry tells it."""
    current = str(ask("HKCR", r"Excel.Application\CurVer", "") or "")
    number = current.rpartition(".")[2]
    server = ask("HKCR", r"Excel.Application\CLSID", "")
    programs = [str(ask("HKCR", rf"{view}CLSID\{server}\LocalServer32", "") or "").lower() for view in ("", "WOW6432Node\\")]
    hijacked = any(mark in program for mark in WPS_MARKS for program in programs)
    real = ask("HKLM", r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe", "")
    warnings, policy = _macros(ask)
    return Machine(
        windows, bits, int(number) if real and number.isdecimal() else 0, wps=hijacked or ask("HKCR", r"ET.Application\CurVer", "") is not None,
        hijacked=hijacked, macros=warnings, policy=policy,
    )


def _macros(ask: Registry) -> tuple[int, bool]:
    """(VBAWarnings, set by policy); the policy wins."""
    for root, policy in ((r"Software\Policies\Microsoft\Office", True), (r"Software\Microsoft\Office", False)):
        for version in OFFICES:
            found = ask("HKCU", rf"{root}\{version}.0\Excel\Security", "VBAWarnings")
            if isinstance(found, int):
                return found, policy
    return 0, False


def registry(hive: str, key: str, name: str) -> str | int | None:
    """One value of the Windows registry; None where there is none, and everywhere but on Windows."""
    if sys.platform != "win32":
        return None
    import winreg

    roots = {"HKCR": winreg.HKEY_CLASSES_ROOT, "HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}
    try:
        with winreg.OpenKey(roots[hive], key) as opened:
            value = winreg.QueryValueEx(opened, name)[0]
    except OSError:  # no such key: the registry's way to say "unset"
        return None
    return value if isinstance(value, (str, int)) else None


def excel_runs() -> bool:
    """Whether Excel is open: it holds its add-ins, and would write them back."""
    if sys.platform != "win32":
        return False
    done = subprocess.run(["tasklist", "/FI", "IMAGENAME eq EXCEL.EXE", "/NH"], capture_output=True, check=False)
    return b"EXCEL.EXE" in done.stdout.upper()


def from_internet(path: Path) -> bool:
    """Whether Windows marked the file as downloaded (its stream Zone.Identifier, zone 3 or 4): Office blocks its macros."""
    try:
        stream = path.with_name(f"{path.name}:Zone.Identifier").read_bytes()
    except OSError:  # no such stream, or a disk that has none
        return False
    return any(line.strip().lower() in (b"zoneid=3", b"zoneid=4") for line in stream.splitlines())


def show(path: Path) -> None:
    """Open a file as a double click does; nothing where there is no desktop of Windows."""
    if sys.platform == "win32":
        os.startfile(path)  # noqa: S606 - a file that this command made
