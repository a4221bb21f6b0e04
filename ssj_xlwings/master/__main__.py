"""`python -m ssj_xlwings.master`: build workbooks/master.xlsm anew from the vocabulary and the .bas files."""

from __future__ import annotations

import sys
from pathlib import Path

from ssj_xlwings.master.build import build
from ssj_xlwings.master.macros import sources

NAME = "master.xlsm"


def main(target: Path) -> None:
    """Build the master for no bureau yet; staff fill 参数, or take `ssj new`, which knows the bureau."""
    build(target, {}, ribbon=True)
    sys.stdout.write(f"{target}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else sources() / NAME)
