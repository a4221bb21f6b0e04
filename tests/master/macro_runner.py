"""Runs the VBA of a workbook in headless LibreOffice. A program of its own, for the Python that has UNO.

Called with a JSON list of steps on stdin and the files to open as arguments (the first holds the macros);
a step is {"files": {path: there or not}, "call": sub, "with": [texts]}. Answers a JSON list of what the calls returned.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

RUN_MACROS_WITHOUT_ASKING = 4


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
        office = subprocess.Popen(
            ["soffice", "--headless", "--norestore", f"-env:UserInstallation=file://{profile}", f"--accept=pipe,name={name};urp"], stdout=sys.stderr)
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
            office.wait(30)
        finally:
            office.kill()
    json.dump(said, sys.stdout)


main(sys.argv[1:])
