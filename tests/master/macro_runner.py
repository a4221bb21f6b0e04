"""Runs the VBA of a workbook in headless LibreOffice. A program of its own, for the Python that has UNO.

Called with a JSON list of steps on stdin and the files to open as arguments (the first holds the macros);
a step is {"files": {path: there or not}, "call": sub, "with": [texts]}. Answers a JSON list of what the calls returned.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

RUN_MACROS_WITHOUT_ASKING = 4
LIMIT = 60
"""Seconds for everything."""


def prop(name, value):
    return PropertyValue(Name=name, Value=value)


def desktop(name):
    resolver = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    for _ in range(200):
        try:
            context = resolver.resolve(f"uno:pipe,name={name};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.2)
        else:
            return context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
    raise TimeoutError("LibreOffice did not start")


def main(paths):
    steps, said = json.load(sys.stdin), []
    name = f"ssj{os.getpid()}"
    with tempfile.TemporaryDirectory() as profile:
        command = ["soffice", "--headless", "--norestore", f"-env:UserInstallation=file://{profile}", f"--accept=pipe,name={name};urp"]
        office = subprocess.Popen(command, stdout=sys.stderr, start_new_session=True)
        signal.signal(signal.SIGALRM, lambda *_: os.killpg(office.pid, signal.SIGKILL))  # a macro that hangs would leave it behind
        signal.alarm(LIMIT)
        try:
            top = desktop(name)
            how = (prop("Hidden", True), prop("MacroExecutionMode", RUN_MACROS_WITHOUT_ASKING))
            opened = [top.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, how) for path in paths]
            scripts = opened[0].getScriptProvider()
            for step in steps:
                for path, there in step.get("files", {}).items():
                    Path(path).touch() if there else Path(path).unlink(missing_ok=True)
                script = scripts.getScript(f"vnd.sun.star.script:VBAProject.{step['call']}?language=Basic&location=document")
                said.append(script.invoke(tuple(step["with"]), (), ())[0])
            for document in opened:
                document.close(True)
            top.terminate()
            office.wait()
        finally:
            signal.alarm(0)
            if office.poll() is None:
                os.killpg(office.pid, signal.SIGKILL)
    json.dump(said, sys.stdout)


main(sys.argv[1:])
