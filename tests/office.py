"""LibreOffice for tests: what a workbook looks like (PDF, PNG) and what its formulas come to."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

SOFFICE = shutil.which("soffice")


def needs_office() -> None:
    """Skip without LibreOffice, saying why; under CI its absence is a failure."""
    if SOFFICE:
        return
    if os.environ.get("CI"):
        pytest.fail("LibreOffice (soffice) is missing; .ci/run installs it")
    pytest.skip("LibreOffice (soffice) is not installed")


def convert(source: Path, target: str, folder: Path) -> Path:
    """`source` converted by LibreOffice to `target` (pdf, xlsx, csv …) in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        command = [SOFFICE or "soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", target,
                   "--outdir", str(folder), str(source)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    made = folder / f"{source.stem}.{target.split(':', maxsplit=1)[0]}"
    if not made.exists():
        raise RuntimeError(done.stdout + done.stderr)
    return made


def pages(source: Path, folder: Path, dpi: int = 70) -> list[Path]:
    """The printed pages of a workbook as PNG files, in order."""
    pdf = convert(source, "pdf", folder)
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", str(pdf), str(folder / pdf.stem)], check=True)
    return sorted(folder.glob(f"{pdf.stem}-*.png"))
