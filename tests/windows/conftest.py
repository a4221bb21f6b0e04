"""A desk on Windows: an Excel of ours behind the wire, a filled workbook open in it, and clicks as the add-in makes them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
import xlwings

from ssj_xlwings.books import excel as door
from ssj_xlwings.books.live import LiveBook
from ssj_xlwings.doors import ribbon
from tests.live.conftest import LiveDesk, copy, shelf  # noqa: F401 - fixtures
from tests.windows.com import CDispatch, Windows, Wire
from tests.windows.excel import Application

HWND = 4242


class Pc:
    """A PC: its windows, the wire, and xlwings' own module for Windows."""

    def __init__(self):
        self.windows, self.wire = Windows(), Wire()
        self.xlwindows = self.windows.xlwindows()

    def excel(self, hwnd: int = HWND) -> Application:
        """Another Excel starts."""
        app = Application(hwnd)
        self.windows.excels[hwnd] = CDispatch(app, self.wire)
        return app


@dataclass
class WindowsDesk(LiveDesk):
    """A folder with a workbook that is open in Excel; tables, commands and log as on a live desk."""

    pc: Pc = None
    patch: pytest.MonkeyPatch = None

    def __post_init__(self):
        self.path = next(path for path in self.folder.glob("*.xls[xm]"))
        self.com = self.app.Workbooks.open(self.path)
        self.live = LiveBook(self.caller())

    def caller(self) -> xlwings.Book:
        """The workbook as a started Python finds it: by the arguments that the add-in gives."""
        argv = ["-c", f"--wb={self.com.Name}", "--from_xl=1", "--app=C:\\Office\\Microsoft Excel", f"--hwnd={self.app.Hwnd}"]
        self.patch.setattr(xlwings.main, "sys", SimpleNamespace(platform="win32", argv=argv))
        self.patch.setattr(door, "sys", SimpleNamespace(platform="win32", modules=sys.modules, argv=argv))
        return door.caller()

    def live_rows(self) -> list:
        """Rows of the log sheet, as the workbook that is open now shows them."""
        self.live = LiveBook(self.caller())
        return self.live.read(["log"])["log"].to_numpy().tolist()

    def click(self, command: str, *answers, yes: tuple[str, ...] = ()) -> str:
        """Click a button; `answers` to Excel's boxes, `yes` to those with 是 and 否. What the last box said."""
        self.app.answers[:], self.pc.windows.answers = answers, list(yes)
        self.pc.windows.shown, self.pc.windows.own = [], []
        self.caller()
        ribbon.click(command)
        assert not self.app.answers
        assert not self.pc.windows.answers
        return (self.pc.windows.own or self.pc.windows.shown)[-1][1]


@pytest.fixture(scope="session")
def pc() -> Pc:
    """One PC for all; Excels come and go."""
    return Pc()


@pytest.fixture
def opened(pc, copy, monkeypatch):  # noqa: F811 - the fixture
    """Open a copy of the shelf in an Excel of its own, or in one that runs."""
    monkeypatch.setenv("SSJ_OPERATOR", "王五")
    monkeypatch.setattr(xlwings, "_xlwindows", pc.xlwindows, raising=False)
    monkeypatch.setattr(ribbon, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr("ctypes.windll", SimpleNamespace(user32=pc.windows.user32), raising=False)
    pc.windows.excels.clear()
    pc.wire.__init__()

    def made(name: str, hwnd: int = HWND) -> WindowsDesk:
        return WindowsDesk(pc.excel(hwnd), copy(name), pc=pc, patch=monkeypatch)

    return made


@pytest.fixture
def desk(opened) -> WindowsDesk:
    """A filled book, open, nothing frozen."""
    return opened("我的 桌面&文件")
