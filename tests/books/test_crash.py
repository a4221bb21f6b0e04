"""Saving that is cut off: by kill -9, by a disk without room, by another process. The old workbook or the new one, always whole."""

from __future__ import annotations

import contextlib
import os
import random
import resource
import signal
import time
import zipfile

import pytest

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.types import Append, Patch, Refusal
from tests.books.workbooks import build

KILLS = int(os.environ.get("SSJ_KILLS", "200" if os.environ.get("CI") else "60"))
"""200 in CI, fewer at a desk; SSJ_KILLS says otherwise."""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork: processes that are killed start from this one")


@pytest.fixture
def path(tmp_path):
    return build(tmp_path / "台账.xlsx")


def save(path, number) -> None:
    book = FileBook(path)
    view = book.read(["log", "subjects"])
    book.apply([Append("log", [{"seq": str(number)}]), Patch("subjects", {(5, "class"): "ABCD"[number % 4]})], view, ["log", "subjects"])


def child(act) -> int:
    """The process that runs `act` and ends: status 0, 3 for a refusal, 9 for anything else."""
    pid = os.fork()
    if pid:
        return pid
    status = 9
    with contextlib.suppress(BaseException):
        try:
            act()
            status = 0
        except Refusal:
            status = 3
    os._exit(status)


def status(pid) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def rows(path) -> list[str]:
    """The log of a workbook that must be whole."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
    return list(FileBook(path).read(["log"])["log"]["seq"])


def test_kill_at_any_moment(path):
    """However a save is killed: the log has the rows it had, or one more; nothing is left for people to clear away; backups are whole."""
    save(path, 0)  # the first one imports
    start = time.perf_counter()
    assert status(child(lambda: save(path, 0))) == 0
    took = time.perf_counter() - start
    chance, done, killed = random.Random(1), 2, 0
    for number in range(KILLS):
        pid = child(lambda number=number: save(path, number))
        time.sleep(chance.uniform(0, 1.6 * took))
        os.kill(pid, signal.SIGKILL)
        killed += status(pid) == -signal.SIGKILL
        found = len(rows(path))
        assert found in {done, done + 1}
        done = found
    assert killed > KILLS // 5
    assert 2 < done < KILLS + 2
    save(path, 0)
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["台账.xlsx", "备份"]
    for copy in (path.parent / "备份").iterdir():
        assert rows(copy) is not None
        assert not copy.name.startswith(".")


@pytest.mark.parametrize("share", [0, 0.001, 0.1, 0.3, 0.5, 0.9, 0.99, 0.9999])
def test_a_disk_that_fills_up(path, share):
    """The system refuses to write beyond some byte, wherever that is: a sentence, the old file, nothing beside it."""
    before = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(len(before) * share), hard))
    try:
        with pytest.raises(Refusal) as caught:
            save(path, 1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(caught.value).endswith("。")
    assert path.read_bytes() == before
    assert {entry.name for entry in path.parent.iterdir()} <= {"台账.xlsx", "备份"}
    assert not [copy for copy in path.parent.glob("备份/*") if copy.read_bytes() != before]


def test_processes_that_save_at_once(path):
    """Four processes save as often as they can: some are refused, every save that was not is in the workbook."""
    ends = time.monotonic() + 2

    def work() -> None:
        made = 0
        while time.monotonic() < ends:
            with contextlib.suppress(Refusal):
                save(path, made)
                made += 1
        os._exit(min(made, 200))

    made = [status(pid) for pid in [child(work) for _ in range(4)]]
    assert sum(made) == len(rows(path)) > 1
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["台账.xlsx", "备份"]


def test_the_second_of_two_is_refused(path):
    """While one process holds the workbook, another gets a sentence, and the first one's save counts."""
    book = FileBook(path)
    with book.held():
        assert status(child(lambda: save(path, 7))) == 3
        book.apply([Append("log", [{"seq": "1"}])], book.read(["log"]), ["log"])
    assert rows(path) == ["1"]
    assert status(child(lambda: save(path, 2))) == 0
    assert rows(path) == ["1", "2"]
