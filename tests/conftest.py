"""What holds for every test."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from zipfile import ZipFile

import pytest


@pytest.fixture(scope="session", autouse=True)
def _fsync_as_windows():
    """A file is flushed to the disk through a handle that may write: Windows takes no other."""
    if os.name == "nt":
        yield
        return
    import fcntl

    fsync = os.fsync

    def strict(handle: int) -> None:
        if stat.S_ISREG(os.fstat(handle).st_mode) and fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        fsync(handle)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", strict)
        yield


@pytest.fixture(scope="session", autouse=True)
def _forgotten_archives():
    """openpyxl leaves the archive of a workbook with macros open over a buffer that may be collected first. The complaint from the collector
    would be put into words with Python's own parser, and a test module just being parsed for its import would fail (CPython issue 106905).
    """
    def close(archive: ZipFile) -> None:
        with suppress(ValueError):
            archive.close()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ZipFile, "__del__", close)
        yield
