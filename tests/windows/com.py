"""What pywin32 and Windows are to xlwings, stood in for, so that its own `_xlwindows` runs on Linux over an Excel of ours.

Every call across the wire is counted and its member noted; `fault` may refuse it as Excel does (busy, dead).
"""

from __future__ import annotations

import atexit
import ctypes
import datetime as dt
import sys
import types
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BUSY, DEAD, REFUSED, IN_CELL = -2147418111, -2147023174, -2147352567, -2146777998
"""RPC_E_CALL_REJECTED; RPC_S_SERVER_UNAVAILABLE; DISP_E_EXCEPTION, and its inner code while somebody types into a cell."""
UNKNOWN = -2147352570
"""DISP_E_UNKNOWNNAME."""
CODES = ("pywintypes", "win32api", "win32con", "pythoncom", "win32com", "win32com.client", "win32gui", "win32process", "win32timezone")


class Fault(Exception):
    """pywintypes.com_error."""

    def __init__(self, hresult: int, text: str = "", scode: int | None = None):
        inner = None if scode is None else (0, "Microsoft Excel", text, None, 0, scode)
        super().__init__(hresult, text, inner, None)
        self.hresult, self.strerror, self.excepinfo, self.argerror = hresult, text, inner, None


class Time(dt.datetime):
    """pywintypes.TimeType: a datetime that always has a zone."""


class Wire:
    """Between Python and Excel. `trips`: calls made; `members`: which; `fault`: raises where Excel would refuse."""

    def __init__(self) -> None:
        self.trips, self.members = 0, set()
        self.fault: Callable[[str], None] = lambda _member: None

    def cross(self, thing: Any, member: str, how: str) -> None:
        """One call across the wire."""
        self.trips += 1
        name = f"{type(thing).__name__}.{member} {how}"
        self.members.add(name)
        self.fault(name)

    @contextmanager
    def refusing(self, fault: Callable[[str], None]) -> Iterator[None]:
        """Excel refuses, for a while, what `fault` raises at."""
        self.fault = fault
        try:
            yield
        finally:
            self.fault = lambda _member: None


class CDispatch:
    """An object of Excel as pywin32 hands it out: `thing` on the other side of the wire."""

    def __init__(self, thing: Any, wire: Wire):
        self.__dict__.update(_thing=thing, _wire=wire)

    @property
    def _oleobj_(self) -> Any:
        return SimpleNamespace(thing=self._thing, GetIDsOfNames=self._known)

    def _known(self, _locale: int, name: str) -> int:
        self._wire.fault("GetIDsOfNames")
        if not hasattr(type(self._thing), name):
            raise Fault(UNKNOWN, name)
        return 1

    def __getattr__(self, name: str) -> Any:
        found = getattr(type(self._thing), name, None)
        if found is None or name.startswith("_"):
            raise AttributeError(f"{type(self._thing).__name__} of the stand-in has no {name}")
        if isinstance(found, types.FunctionType):
            def call(_self: Any, *args: Any, **named: Any) -> Any:
                self._wire.cross(self._thing, name, "call")
                return self._out(getattr(self._thing, name)(*map(_in, args), **{key: _in(value) for key, value in named.items()}))
            return types.MethodType(call, self)
        self._wire.cross(self._thing, name, "get")
        return self._out(getattr(self._thing, name))

    def __setattr__(self, name: str, value: Any) -> None:
        self._wire.cross(self._thing, name, "set")
        if getattr(getattr(type(self._thing), name, None), "fset", None) is None:
            raise AttributeError(f"{type(self._thing).__name__} of the stand-in has no {name} to set")
        setattr(self._thing, name, _in(value))

    def __call__(self, *args: Any) -> Any:
        self._wire.cross(self._thing, "Item", "call")
        return self._out(self._thing.Item(*map(_in, args)))

    def __iter__(self) -> Iterator[Any]:
        self._wire.cross(self._thing, "_NewEnum", "get")
        for each in self._thing.each():
            self._wire.cross(self._thing, "_NewEnum", "next")
            yield self._out(each)

    def _out(self, value: Any) -> Any:
        return CDispatch(value, self._wire) if type(value).__module__.endswith(".excel") else value


def _in(value: Any) -> Any:
    """What arrives on the other side: the object itself for one that was handed out."""
    inner = getattr(value, "_oleobj_", None)
    return value if inner is None else inner.thing


class Windows:
    """The windows on the screen: by handle, the Excel behind it. Message boxes are answered from a list."""

    def __init__(self) -> None:
        self.excels: dict[int, CDispatch] = {}
        self.shown: list[tuple[str, str]] = []
        self.own: list[tuple[str, str]] = []
        self.answers: list[str] = []

    def message(self, _hwnd: int, prompt: str, title: str, style: int) -> int:
        """win32api.MessageBox, over Excel's window."""
        self.shown.append((title, prompt))
        return {"yes": 6, "no": 7, "cancel": 2}[self.answers.pop(0)] if style & 7 in (3, 4) else 1  # MB_YESNOCANCEL, MB_YESNO

    def _accessible(self, hwnd: int, _what: int, _guid: Any, pointer: Any) -> int:
        pointer._obj.value = hwnd
        if hwnd not in self.excels:
            raise OSError("no such window")
        return 0

    def modules(self) -> dict[str, types.ModuleType]:
        """pywin32, as far as `_xlwindows` needs it."""
        made = {name: types.ModuleType(name) for name in CODES}
        made["pywintypes"].__dict__.update(com_error=Fault, error=OSError, TimeType=Time)
        made["pythoncom"].__dict__.update(CoInitialize=lambda: None, com_error=Fault, ole_error=Fault, __file__="pythoncom.dll")
        made["win32api"].__dict__.update(MessageBox=self.message)
        made["win32con"].__dict__.update(MB_OK=0, MB_OKCANCEL=1, MB_YESNOCANCEL=3, MB_YESNO=4, MB_ICONINFORMATION=64, MB_ICONWARNING=48)
        made["win32gui"].__dict__.update(FindWindowEx=lambda hwnd, *_others: hwnd)
        made["win32process"].__dict__.update(GetWindowThreadProcessId=lambda hwnd: (1, 1000 + hwnd))
        made["win32timezone"].__dict__.update(TimeZoneInfo=SimpleNamespace(utc=lambda: dt.UTC))
        client = made["win32com.client"]
        client.__dict__.update(CDispatch=CDispatch, DispatchBaseClass=type("DispatchBaseClass", (), {}), Dispatch=lambda found: found, DispatchEx=None)
        made["win32com"].client = client
        return made

    def _dll(self, _path: str) -> Any:
        def found(pointer: Any, _guid: Any, _owned: bool) -> CDispatch:
            return self.excels[pointer.value]

        return SimpleNamespace(PyCom_PyObjectFromIUnknown=found)

    def xlwindows(self) -> types.ModuleType:
        """xlwings' own module for Windows, imported over these stand-ins; sys.modules and ctypes are as before afterwards."""
        known = {name: sys.modules.get(name) for name in CODES}
        user32 = SimpleNamespace(MessageBoxW=lambda _hwnd, prompt, title, _style: self.own.append((title, prompt)))
        windows = {
            "windll": SimpleNamespace(user32=user32), "PyDLL": self._dll,
            "oledll": SimpleNamespace(ole32=SimpleNamespace(CLSIDFromString=lambda *_: 0), oleacc=SimpleNamespace(AccessibleObjectFromWindow=self._accessible)),
        }
        before = {name: getattr(ctypes, name, None) for name in windows}
        sys.modules.update(self.modules())
        for name, value in windows.items():
            setattr(ctypes, name, value)
        try:
            sys.modules.pop("xlwings._win32patch", None)
            sys.modules.pop("xlwings._xlwindows", None)
            from xlwings import _xlwindows
        finally:
            for name, module in known.items():
                sys.modules.pop(name)
                if module is not None:
                    sys.modules[name] = module
            for name, value in before.items():
                delattr(ctypes, name) if value is None else setattr(ctypes, name, value)
        atexit.unregister(_xlwindows.cleanup)
        self.user32 = user32
        return _xlwindows
