"""Wheels for Windows, fetched on any machine and unpacked as pip would."""

from __future__ import annotations

import compileall
import importlib.metadata
import re
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from py_compile import PycInvalidationMode
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import install as say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

OURS = "ssj-xlwings"
WINDOWS_ONLY = ("xlwings", "pywin32", "colorama", "tzdata")
"""`pip download --platform` evaluates markers for the machine it runs on, so these are named (xlwings, click, pandas ask for them)."""
ROUNDS = 4
USELESS = re.compile(r".+/tests/|\.chm$")
"""A third of all files, and a USB stick is slow with many."""


def requirements() -> list[str]:
    """What this program needs on Windows, as pip understands it."""
    declared = [Requirement(line) for line in importlib.metadata.requires(OURS) or ()]
    wanted = {canonicalize_name(one.name): one for one in declared if "extra ==" not in str(one.marker)}
    for one in wanted.values():
        one.marker = None
    return [*map(str, wanted.values()), *(name for name in WINDOWS_ONLY if name not in wanted)]


def fetch(wanted: Iterable[str], python: str, folder: Path) -> None:
    """Download wheels for 64-bit Windows and that Python, until nothing that they require of each other is lacking."""
    wanted = list(wanted)
    for _ in range(ROUNDS):
        _download(wanted, python, folder)
        wanted = lacking(folder, python)
        if not wanted:
            return
    raise Refusal(say.WHEELS_LACKING, names="、".join(wanted), folder=folder)


def _download(wanted: Iterable[str], python: str, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--platform", "win_amd64", "--implementation", "cp",
               "--python-version", python, "--only-binary=:all:", "--dest", str(folder), *wanted]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode:
        raise Refusal(say.DOWNLOAD_FAILED, why=(done.stderr.strip().splitlines() or [say.UNKNOWN])[-1])


def lacking(folder: Path, python: str) -> list[str]:
    """Requirements of the wheels in `folder`, on Windows, that no wheel there meets."""
    have: set[str] = set()
    asked: dict[str, str] = {}
    windows = _windows(python)
    for wheel in sorted(folder.glob("*.whl")):
        headers = HeaderParser().parsestr(_metadata(wheel))
        have.add(canonicalize_name(headers["Name"]))
        for line in headers.get_all("Requires-Dist", []):
            one = Requirement(line)
            if one.marker is None or one.marker.evaluate(dict(windows)):
                asked[canonicalize_name(one.name)] = f"{one.name}{one.specifier}"
    return [line for name, line in sorted(asked.items()) if name not in have]


def _windows(python: str) -> Mapping[str, str]:
    """The words of markers as they read on the PCs this is for."""
    return {
        "os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64", "python_version": python,
        "python_full_version": f"{python}.0", "implementation_name": "cpython", "platform_python_implementation": "CPython", "extra": "",
    }


def _metadata(wheel: Path) -> str:
    try:
        with zipfile.ZipFile(wheel) as archive:
            name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
            return archive.read(name).decode()
    except (zipfile.BadZipFile, StopIteration) as error:
        raise Refusal(say.BAD_WHEEL, name=wheel.name) from error


def unpack(folder: Path, site: Path) -> int:
    """Unpack all wheels of `folder` into `site`; how many. Scripts, data folders and the packages' own tests are of no use there."""
    wheels = sorted(folder.glob("*.whl"))
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for info in archive.infolist():
                head, _, rest = info.filename.partition("/")
                if head.endswith(".data"):
                    kind, _, info.filename = rest.partition("/")
                    if kind not in ("purelib", "platlib"):
                        continue
                if info.filename and not info.is_dir() and not USELESS.search(info.filename):
                    archive.extract(info, site)
    return len(wheels)


def compiles_here(python: str) -> bool:
    """Whether this interpreter writes the .pyc files that Python `python` reads."""
    return python == f"{sys.version_info.major}.{sys.version_info.minor}"


def compile_all(site: Path) -> None:
    """Write .pyc files for everything in `site`, valid whatever the time stamps: a USB stick rounds them.

    Files of a package that are not meant for this Python (templates, tests of syntax errors) are left out.
    """
    compileall.compile_dir(site, quiet=2, workers=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH, stripdir=str(site))
