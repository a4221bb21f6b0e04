"""A click in a process of its own, as Excel starts it: what is loaded, and how long it takes, until the first words in the status bar."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

TREE = Path(__file__).parents[2]
FIRST = """
import time
began = time.time()
import json, sys
from ssj_xlwings.doors import ribbon
from ssj_xlwings.books import excel
xlwings = excel.xlwings()
imported = time.time()
from tests.live.calc import App, Book, engine
from tests.live.office import connect
xlwings.engines.add(xlwings.Engine(impl=engine))
stand_in = time.time()
app = App(connect(sys.argv[1]))
book = xlwings.Book(impl=Book(app, next(app.documents())))
book.set_mock_caller()
seen = {}
def first(text):
    if not seen:
        seen.update(at=time.time(), loaded=[name for name in ("pandas", "numpy", "openpyxl", "lxml", "python_calamine") if name in sys.modules])
type(app).status_bar = property(lambda self: False, lambda self, text: first(text))
type(app).alert = lambda *args: "ok"
ribbon.click(sys.argv[2])
print(json.dumps({"began": began, "imports": imported - began, "connect": seen["at"] - stand_in, "loaded": seen["loaded"],
                  "pandas_then": "pandas" in sys.modules, "answer": time.time() - seen["at"]}))
"""


def first_feedback(pipe: str, command: str) -> dict:
    """Click a button on the document that is open behind a pipe.

    Seconds: `start` of the process, `imports` (ours and xlwings), `connect` to the first words, their sum `first`, and `answer`
    from there to the end. The stand-in for Excel's own side is not counted.
    """
    asked = time.time()
    done = subprocess.run([sys.executable, "-B", "-c", FIRST, pipe, command], capture_output=True, text=True, check=True,
                          cwd=TREE, env={**os.environ, "PYTHONPATH": str(TREE)})
    seen = json.loads(done.stdout)
    seen["start"] = seen.pop("began") - asked
    return {**seen, "first": seen["start"] + seen["imports"] + seen["connect"]}
