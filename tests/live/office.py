"""A LibreOffice of our own: started headless with its own profile, spoken to over a named pipe (UNO)."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import pytest

DEBIANS = Path("/usr/lib/python3/dist-packages")
"""Where Debian's python3-uno puts uno.py; a virtual environment does not look there."""
PATIENCE = 60


def bridge():
    """The module uno, Debian's if there is no other. ImportError if there is none or it is made for another Python."""
    if "uno" not in sys.modules and importlib.util.find_spec("uno") is None:
        spec = importlib.util.spec_from_file_location("uno", DEBIANS / "uno.py")
        if spec is None or spec.loader is None or not (DEBIANS / "uno.py").exists():
            raise ImportError("python3-uno is not installed")
        module = sys.modules["uno"] = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules["uno"]
            raise
    import uno

    return uno


def needs_live_office() -> None:
    """Skip without LibreOffice and its Python bridge, saying why; under CI their absence is a failure."""
    why = "" if shutil.which("soffice") else "LibreOffice (soffice) is not installed"
    try:
        bridge()
    except ImportError as error:
        why = why or f"the bridge to LibreOffice is missing: {error}"
    if why and os.environ.get("CI"):
        pytest.fail(f"{why}; .ci/run installs it")
    if why:
        pytest.skip(why)


class Office:
    """A running soffice and its desktop. Its display is none of ours (headless) unless `display` names one."""

    def __init__(self, display: str = "") -> None:
        self.pipe = f"ssj{uuid.uuid4().hex[:12]}"
        self.profile = tempfile.mkdtemp(prefix="ssj-office-")
        command = ["soffice", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard", f"-env:UserInstallation=file://{self.profile}",
                   f"--accept=pipe,name={self.pipe};urp;", *([] if display else ["--headless"])]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                                        env={**os.environ, **({"DISPLAY": display} if display else {})})
        try:
            self.desktop = connect(self.pipe)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the process we started, with all its documents."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


def connect(pipe: str):
    """The desktop of a soffice that listens on a pipe; it may still be starting."""
    uno = bridge()
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    end = time.monotonic() + PATIENCE
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception as error:  # noqa: BLE001 - UNO makes its classes as it goes
            if not type(error).__name__.endswith("NoConnectException") or time.monotonic() > end:
                raise ConnectionError(str(error)) from None  # an error of UNO's own cannot be raised through contextlib
            time.sleep(0.05)
