"""A workbook for tests of the master: built once, read as people's programs read it."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from ssj_xlwings.master.build import build

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CITY = {"bureau": "邯郸市市场监督管理局", "division": "130400", "year": "2026", "book": "2026-a1b2c3"}
COUNTY = {"bureau": "丛台区市场监督管理局", "division": "130403", "year": "2026", "book": "2026-0d0e0f"}


def built(settings: dict[str, str] = CITY) -> bytes:
    """The bytes of a blank workbook."""
    buffer = BytesIO()
    build(buffer, settings)
    return buffer.getvalue()


def formulas(path: Path) -> Iterator[str]:
    """Every formula of a workbook: cells, names, rules, validations, tables."""
    tags = re.compile(r"<(f|formula|formula1|formula2|definedName|calculatedColumnFormula)\b[^>]*>([^<]*)<")
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                yield from (found[2] for found in tags.finditer(archive.read(name).decode()))
