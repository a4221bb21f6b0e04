"""What is kept of an error that nobody foresaw: a file for the maintainers."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from ssj_xlwings import __version__
from ssj_xlwings.vocabulary.commands import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Sequence

SECRET = tuple(param.option for command in COMMANDS for param in command.params if param.kind == "secret")


def keep() -> Path:
    """The error being handled, written to a file of its own in the folder for temporary files."""
    handle, name = tempfile.mkstemp(prefix="ssj-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(f"ssj {__version__}\n{' '.join(_without_secrets(sys.argv))}\n{traceback.format_exc()}")
    return Path(name)


def _without_secrets(argv: Sequence[str]) -> list[str]:
    """A command line without what stands behind an option for secrets."""
    told: list[str] = []
    for before, word in zip(["", *argv], argv, strict=False):
        option, equals, _ = word.partition("=")
        told.append("…" if before in SECRET else f"{option}=…" if equals and option in SECRET else word)
    return told
