"""Who else has the workbook: Excel, LibreOffice, another of our commands, or a read-only disk."""

from __future__ import annotations

import errno
import json
import os
import re
import socket
import stat
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ssj_xlwings.package.archive import UNFINISHED, clear_unfinished
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.faults import reason
from ssj_xlwings.vocabulary.sentences import books as say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OWNER_AT, OWNER_LONGEST = 55, 52
"""Excel's owner file: a length and the user's name in UTF-16 from byte 55, at most 52 units (as LibreOffice reads it)."""
SHARING_VIOLATION = 32
STILL_ACTIVE = 259
NO_LINKS = frozenset({errno.EPERM, errno.EACCES, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL, errno.EMLINK})
"""What systems say where a folder has no hard links. A folder that cannot be written refuses the exclusive file as well."""
LOCK = ".ssj-lock"
LONGEST = 236
"""How long a workbook's name may be, in what systems count (bytes, on Windows characters): a copy's or a lock's is up to 19 longer, and 255 is the most."""


def check(path: Path) -> None:
    """Refusal if the workbook could not be written now; nothing is changed."""
    if len(path.name if os.name == "nt" else os.fsencode(path.name)) > LONGEST:
        raise Refusal(say.LONG_NAME, name=path.name)
    for excel in (path.with_name(f"~${path.name}"), path.with_name(f".~{path.name}")):  # WPS writes either
        if excel.exists():
            raise Refusal(say.IN_EXCEL, name=path.name, who=excel_user(_peek(excel)) or say.SOMEONE, lock=excel.name)
    office = path.with_name(f".~lock.{path.name}#")
    if office.exists():
        raise Refusal(say.IN_OFFICE, name=path.name, who=office_user(_peek(office)) or say.SOMEONE, lock=office.name)
    try:
        writable = bool(path.stat().st_mode & stat.S_IWUSR)
        with path.open("r+b" if writable else "rb"):
            pass
    except PermissionError as error:
        in_use = getattr(error, "winerror", None) == SHARING_VIOLATION
        raise Refusal(say.IN_USE if in_use else say.READ_ONLY, name=path.name) from error
    except OSError as error:
        raise Refusal(say.UNREADABLE, name=path.name, why=reason(error)) from error
    if not writable:
        raise Refusal(say.READ_ONLY, name=path.name)
    _refuse_if_held(path)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """The workbook is ours for a while: `.name.ssj-lock` stands beside it, made exclusively. Refusal if it cannot be had."""
    check(path)
    lock = lock_path(path)
    try:
        _take(lock)
    except (FileExistsError, FileNotFoundError) as error:  # another command was quicker by a hair, and has cleared what we had begun
        raise Refusal(say.BUSY, name=path.name, who=say.UNKNOWN, since=say.UNKNOWN, lock=lock.name) from error
    except OSError as error:
        raise Refusal(say.FOLDER_READ_ONLY, folder=path.parent) from error
    try:
        clear_unfinished(path)
        yield
    finally:
        with suppress(OSError):  # what was written is written; the lock of a process that is over hinders nobody
            lock.unlink(missing_ok=True)


def lock_path(path: Path) -> Path:
    """Our own lock file of a workbook."""
    return path.with_name(f".{path.name}{LOCK}")


def excel_user(data: bytes) -> str:
    """The user's name in Excel's owner file, "" if it is not to be made out."""
    size = data[OWNER_AT] if len(data) > OWNER_AT else 0
    name = data[OWNER_AT + 2:OWNER_AT + 2 + 2 * size]
    return name.decode("utf-16-le", "ignore").strip("\0 ") if 0 < size <= OWNER_LONGEST and len(name) == 2 * size else ""


def office_user(data: bytes) -> str:
    """The user's name in LibreOffice's lock file: name, system name, host, time, profile."""
    fields = data.decode("utf-8", "replace").split(",")
    return next((field.strip() for field in fields[:2] if field.strip()), "")


def _take(lock: Path) -> None:
    """Make the lock, with its owner in it from the first moment: a process may be killed between making and writing a file."""
    since = datetime.now(UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    owner = json.dumps({"host": socket.gethostname(), "pid": os.getpid(), "since": since}, ensure_ascii=False)
    beside = _unfinished(lock)
    try:
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o644), "w", encoding="utf-8") as file:
            file.write(owner)
        if os.name == "posix":
            _link(beside, lock)
        else:
            beside.rename(lock)
    finally:
        beside.unlink(missing_ok=True)


def _link(beside: Path, lock: Path) -> None:
    """The lock in one step. FileExistsError if there is one; a rename would take its place.

    A stick or share that knows no hard links (exFAT, some SMB) says EPERM or the like: there the lock is made exclusively and then
    filled, and whoever kills us between both leaves an empty lock, which the sentence names to be removed.
    """
    try:
        os.link(beside, lock)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        owner = beside.read_bytes()
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(owner)
        except OSError:
            lock.unlink()
            raise


def _unfinished(lock: Path) -> Path:
    """A name beside the workbook that who holds it next clears away, if this process is killed."""
    return lock.with_name(f"{lock.name.removesuffix(LOCK)}.{os.getpid()}{UNFINISHED}")


def _refuse_if_held(path: Path) -> None:
    """Refusal if another command holds the workbook; the lock of a process of this computer that died is taken away."""
    lock = lock_path(path)
    if not lock.exists():
        return
    seen = _peek(lock)
    owner = _owner(seen)
    if owner.get("host") == socket.gethostname() and not alive(int(owner.get("pid", 0))):
        aside = _unfinished(lock)
        try:
            lock.rename(aside)  # of several that see the dead lock, one gets it
        except FileNotFoundError:
            return
        stolen = _peek(aside)
        aside.unlink(missing_ok=True)
        if stolen == seen:
            return
        owner = _owner(stolen)
    who, since = owner.get("host") or say.UNKNOWN, owner.get("since") or say.UNKNOWN
    raise Refusal(say.BUSY, name=path.name, who=who, since=since, lock=lock.name)


def _owner(data: bytes) -> dict[str, str]:
    """Host, pid, since; empty if the lock is half written or not ours."""
    try:
        owner = json.loads(data)
    except ValueError:
        return {}
    if not isinstance(owner, dict) or not re.fullmatch(r"[0-9]{1,9}", str(owner.get("pid"))):
        return {}
    return {str(name): str(value) for name, value in owner.items()}


def _peek(path: Path) -> bytes:
    """What a lock file says; nothing if it cannot be read (Excel may bar others from its own)."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def alive(pid: int) -> bool:
    """Whether a process of this computer is running."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(0x1000, False, pid)  # the right to query; os.kill(pid, 0) would end the process here
        if not handle:
            return False
        code = ctypes.c_ulong()
        kernel.GetExitCodeProcess(handle, ctypes.byref(code))
        kernel.CloseHandle(handle)
        return code.value == STILL_ACTIVE
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
