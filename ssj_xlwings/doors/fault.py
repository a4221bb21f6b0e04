"""What is kept of an error that nobody foresaw: a file for the maintainers."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from pathlib import Path

from ssj_xlwings import __version__


def keep() -> Path:
    """The error being handled, written to a file of its own in the folder for temporary files."""
    handle, name = tempfile.mkstemp(prefix="ssj-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"ssj {__version__}\n{' '.join(sys.argv)}\n{traceback.format_exc()}")
    return Path(name)
