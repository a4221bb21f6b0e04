"""Excel's own object model stays behind one module."""

from __future__ import annotations

import re
from pathlib import Path

import ssj_xlwings

PACKAGE = Path(ssj_xlwings.__file__).parent
ADAPTER = PACKAGE / "books" / "excel.py"


def test_api_only_in_the_adapter():
    """`.api` is written in books/excel.py alone, and xlwings is imported nowhere else."""
    telling = re.compile(r"\.api\b|^\s*(?:import|from) xlwings\b(?!\.sentences)", re.MULTILINE)
    found = {path for path in PACKAGE.rglob("*.py") if telling.search(path.read_text(encoding="utf-8"))}
    assert found == {ADAPTER}


def test_nothing_is_activated():
    """No room but the adapter's callers could move the view: nobody activates, selects or scrolls in books or the ribbon."""
    moving = re.compile(r"\.(?:activate|select)\(|ScrollRow")
    assert not [path for path in [*(PACKAGE / "books").glob("*.py"), PACKAGE / "doors" / "ribbon.py"] if moving.search(path.read_text(encoding="utf-8"))]
