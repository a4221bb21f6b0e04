"""Files that cannot be read or written: one sentence each, and not a byte changed."""

from __future__ import annotations

import errno
import json
import os
import re
import socket
import subprocess
import sys
import zipfile
from datetime import UTC, datetime

import pytest
import xlsxwriter

from ssj_xlwings.books import backup, filebook, locks
from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.master import build as master
from ssj_xlwings.types import Append, Patch, Refusal
from tests.books.workbooks import altered, build

CHANGE = [Append("log", [{"seq": "1"}])]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.fixture
def path(tmp_path):
    return build(tmp_path / "台账.xlsx")


def refused(act) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    text = str(caught.value)
    assert text.endswith("。")
    assert "{" not in text
    return text


def write(path):
    book = FileBook(path)
    book.apply(CHANGE, book.read(["log"]), ["log"])


def test_a_missing_file_and_a_folder(tmp_path):
    """Named with their path."""
    assert "找不到工作簿" in refused(lambda: FileBook(tmp_path / "没有.xlsx").read(["log"]))
    assert "是文件夹" in refused(lambda: FileBook(tmp_path).read(["log"]))


def zeroed(data, member):
    """The data with the middle of one member's bytes lost."""
    at = data.index(member) + len(member) + 100
    return data[:at] + bytes(50) + data[at + 50:]


def xlsb(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_rels/.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
                         'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.bin"/></Relationships>')
        archive.writestr("xl/workbook.bin", b"\0")


@pytest.mark.parametrize(("spoil", "sentence"), [
    (lambda path: path.write_bytes(b""), "不是 .xlsx 或 .xlsm 工作簿"),
    (lambda path: path.write_text("公司名称,代码\n", "gb18030"), "不是 .xlsx 或 .xlsm 工作簿"),
    (xlsb, "不是 .xlsx 或 .xlsm 工作簿"),
    (lambda path: path.write_bytes(path.read_bytes()[:-900]), "已经损坏"),
    (lambda path: path.write_bytes(zeroed(path.read_bytes(), b"xl/worksheets/sheet2.xml")), "已经损坏"),
    (lambda path: altered(path, "xl/worksheets/sheet2.xml", ("</sheetData>", "")), "已经损坏"),
    (lambda path: altered(path, "xl/workbook.xml", ("<workbook ", '<!DOCTYPE a [<!ENTITY b "c">]><workbook ')), "带有 DTD 或实体定义"),
    (lambda path: path.write_bytes(OLE + "EncryptedPackage".encode("utf-16-le") + bytes(99)), "设有打开密码"),
    (lambda path: path.write_bytes(OLE + "Workbook".encode("utf-16-le") + bytes(99)), "是旧格式（.xls"),
], ids=["empty", "csv", "xlsb", "cut short", "zeroed", "broken xml", "doctype", "password", "xls"])
def test_what_is_no_sound_workbook(path, spoil, sentence):
    """Empty, something else, damaged, encrypted, old: each says which, with the file's name."""
    seen = FileBook(path).read(["log"])
    spoil(path)
    before = path.read_bytes()
    for act in (lambda: FileBook(path).read(["log", "subjects"]), lambda: write(path)):
        text = refused(act)
        assert sentence in text
        assert "台账.xlsx" in text
    refused(lambda: FileBook(path).apply(CHANGE, seen, ["log"]))
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def excel_lock(name: str) -> bytes:
    """As Excel writes it: length and name in the code page, spaces to byte 55, length and name in UTF-16, spaces to 165."""
    narrow, wide = name.encode("gbk"), name.encode("utf-16-le")
    data = bytes([len(narrow)]) + narrow
    data += b" " * (55 - len(data)) + bytes([len(name), 0]) + wide
    return data + b" \0" * ((165 - len(data)) // 2)


@pytest.mark.parametrize(("name", "data", "who"), [
    ("~$台账.xlsx", excel_lock("张三丰"), "张三丰 在 Excel"),
    ("~$台账.xlsx", excel_lock("Li Ming"), "Li Ming 在 Excel"),
    ("~$台账.xlsx", b"", "别人 在 Excel"),
    (".~lock.台账.xlsx#", b",zhang,pc-1,02.03.2026 09:15,file:///home/zhang;", "zhang 在 LibreOffice"),
    (".~台账.xlsx", excel_lock("王五"), "王五 在 Excel（或 WPS）"),
    (".~lock.台账.xlsx#", "李四,li,pc-1,02.03.2026 09:15,file:///x;".encode(), "李四 在 LibreOffice"),
    (".台账.xlsx.ssj-lock", json.dumps({"host": "另一台", "pid": 1, "since": "2026-03-02 09:15:00"}).encode(), "电脑 另一台"),
    (".台账.xlsx.ssj-lock", json.dumps({"host": socket.gethostname(), "pid": os.getpid(), "since": "x"}).encode(), f"电脑 {socket.gethostname()}"),
    (".台账.xlsx.ssj-lock", b"", "电脑 不详"),
    (".台账.xlsx.ssj-lock", b"[1]", "电脑 不详"),
])
def test_a_workbook_someone_has_open(path, name, data, who):
    """Excel, LibreOffice or another command: said with the person's or computer's name; reading is still possible."""
    lock = path.with_name(name)
    lock.write_bytes(data)
    before = path.read_bytes()
    text = refused(lambda: write(path))
    assert who in text
    assert name in text
    assert refused(FileBook(path).held().__enter__) == text
    assert path.read_bytes() == before
    assert lock.read_bytes() == data
    FileBook(path).read(["log"])


def test_the_lock_of_a_dead_process_is_taken_over(path):
    """A crash does not lock anyone out; the lock is gone after the work."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    lock = locks.lock_path(path)
    lock.write_text(json.dumps({"host": socket.gethostname(), "pid": dead.pid, "since": "x"}))
    write(path)
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["台账.xlsx", "备份"]


def test_nothing_is_left_of_a_lock_that_was_being_taken_over(path, monkeypatch):
    """A process killed between moving a dead lock aside and removing it leaves a file; the next command clears it."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    locks.lock_path(path).write_text(json.dumps({"host": socket.gethostname(), "pid": dead.pid, "since": "x"}))
    peek = locks._peek

    def killed(lock):
        if lock != locks.lock_path(path):
            raise KeyboardInterrupt
        return peek(lock)

    with monkeypatch.context() as then, pytest.raises(KeyboardInterrupt):
        then.setattr(locks, "_peek", killed)
        locks.check(path)
    assert len(list(path.parent.iterdir())) == 2
    write(path)
    assert {entry.name for entry in path.parent.iterdir()} == {"台账.xlsx", "备份"}


def test_who_comes_second_by_a_hair_is_told_so(path, monkeypatch):
    """Whoever holds the workbook may clear away what another was about to make its lock of: that is no read-only folder."""
    def cleared(beside, _lock):
        beside.unlink()
        raise FileNotFoundError(errno.ENOENT, "gone")

    monkeypatch.setattr(os, "link", cleared)
    assert "另一个命令正在写" in refused(lambda: write(path))


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS])
def test_a_folder_without_hard_links(path, monkeypatch, number):
    """On an exFAT stick or such a share a lock is had all the same: who comes second is refused with the owner's name, nothing is left after the work."""
    def nowhere(_beside, _lock):
        raise OSError(number, "no hard links here")

    monkeypatch.setattr(os, "link", nowhere)
    with locks.held(path):
        assert json.loads(locks.lock_path(path).read_bytes())["pid"] == os.getpid()
        assert f"电脑 {socket.gethostname()}" in refused(lambda: write(path))
        with monkeypatch.context() as then:
            then.setattr(locks, "check", lambda _: None)  # both looked before either had it
            assert "另一个命令正在写" in refused(lambda: write(path))
        assert locks.lock_path(path).exists()
    write(path)
    assert {entry.name for entry in path.parent.iterdir()} == {"台账.xlsx", "备份"}


def test_a_lock_that_cannot_be_filled_is_none(path, monkeypatch):
    """Without hard links and without room: refused, and no lock of nobody stays behind."""
    opened, count = os.open, []

    def nowhere(_beside, _lock):
        raise PermissionError(errno.EPERM, "no hard links here")

    def full(name, flags, *rest):
        handle = opened(name, flags, *rest)
        if flags & os.O_EXCL and str(name).endswith(locks.LOCK):
            count.append(handle)
            os.close(handle)
            handle = opened("/dev/full", os.O_WRONLY)
        return handle

    monkeypatch.setattr(os, "link", nowhere)
    monkeypatch.setattr(os, "open", full)
    before = path.read_bytes()
    assert refused(lambda: write(path))
    assert count
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_only_one_command_writes_at_a_time(path):
    """While one holds the workbook another is refused, and the first keeps its lock."""
    with locks.held(path):
        assert "另一个命令正在写" in refused(lambda: write(path))
        assert locks.lock_path(path).exists()
    write(path)


def test_read_only_file_and_folder(path, monkeypatch):
    """A read-only file is refused even to an administrator; a folder when it says no."""
    path.chmod(0o444)
    before = path.read_bytes()
    assert "是只读的" in refused(lambda: write(path))
    path.chmod(0o644)
    opened = os.open

    def barred(name, *rest, **named):
        if ".ssj-" in str(name):
            raise PermissionError(errno.EACCES, "denied")
        return opened(name, *rest, **named)

    monkeypatch.setattr(os, "open", barred)
    assert "不能写入" in refused(lambda: write(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize("where", ["replace", "backup"])
def test_a_failing_disk_leaves_the_old_file_whole(path, monkeypatch, where):
    """One sentence with the reason; same bytes, no leftovers but the backup."""
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    before = path.read_bytes()
    monkeypatch.setattr(os, "replace", full) if where == "replace" else monkeypatch.setattr(backup.shutil, "copy2", full)
    assert "没有写成（磁盘满了）" in refused(lambda: write(path))
    assert path.read_bytes() == before
    assert {entry.name for entry in path.parent.iterdir()} == {"台账.xlsx", "备份"}


def test_a_change_at_the_last_moment_is_seen(path, monkeypatch):
    """Someone saves while we work: their file stays."""
    kept = filebook.Edit.result

    def slow(edit):
        made = kept(edit)
        path.write_bytes(path.read_bytes() + b"\0")
        return made

    monkeypatch.setattr(filebook.Edit, "result", slow)
    size = path.stat().st_size
    assert "在读过之后被改动了" in refused(lambda: write(path))
    assert path.stat().st_size == size + 1


def test_backups(path):
    """The former file, dated, beside the workbook; the last 20 of this workbook, nothing else removed; permissions kept."""
    path.chmod(0o640)
    before = path.read_bytes()
    write(path)
    folder = path.parent / "备份"
    (only,) = folder.iterdir()
    assert only.read_bytes() == before
    assert re.fullmatch(r"台账-\d{8}-\d{6}\.xlsx", only.name)
    assert path.stat().st_mode & 0o777 == 0o640
    (folder / "别的.xlsx").write_bytes(b"x")
    (folder / "台账-旧.xlsx").write_bytes(b"x")
    for minute in range(25):
        backup.keep(path, datetime(2026, 11, 25, 9, minute, tzinfo=UTC))
    twice = backup.keep(path, datetime(2026, 11, 25, 9, 24, tzinfo=UTC))
    assert twice.name == "台账-20261125-092400-2.xlsx"
    backup.prune(path, 20)
    left = sorted(entry.name for entry in folder.iterdir())
    assert len(left) == 22
    assert {"别的.xlsx", "台账-旧.xlsx", only.name} <= set(left) or only.name < "台账-20261125-090600.xlsx"
    assert twice.name in left
    assert "台账-20261125-090500.xlsx" not in left


def test_many_steps_within_a_second(path):
    """However fast the steps follow each other, the newest copies stay: a number given to a copy that is gone is not given again."""
    now = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    made = []
    for _ in range(30):
        made.append(backup.keep(path, now))
        backup.prune(path, 3)
        assert [copy for copy in made if copy.exists()] == made[-3:]


@pytest.mark.parametrize(("value", "left"), [("3", 3), ("0", 7), ("许多", 7), ("", 7)])
def test_the_number_of_backups_is_a_setting(tmp_path, value, left):
    """参数 says how many former versions stay: 备份份数; 0 keeps all of them, and what is no number removes none; blank is twenty."""
    path = tmp_path / "台账.xlsx"
    master.build(path, {"bureau": "涉县市场监督管理局", "division": "130426", "year": "2026", "book": "b", "copies": value}, ribbon=False)
    for minute in range(6):
        backup.keep(path, datetime(2026, 11, 25, 9, minute, tzinfo=UTC))
    book = FileBook(path)
    book.apply([Append("log", [{"seq": "1"}])], book.read(["log", "settings"]), ["log"])
    assert len(list((tmp_path / "备份").iterdir())) == left


def test_a_swollen_file_is_refused(tmp_path, monkeypatch):
    """A part over the limit is never unpacked."""
    monkeypatch.setattr("ssj_xlwings.package.archive.LARGEST", 1000)
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    book.add_worksheet("抽取记录").write_column(0, 0, list(range(999)))
    book.close()
    assert "大得不正常" in refused(lambda: FileBook(tmp_path / "a.xlsx").read(["log"]))


def test_a_broken_sheet_is_noticed_before_it_is_saved(path):
    """Damage in a part of the sheet that nobody touches still stops the save."""
    altered(path, "xl/worksheets/sheet2.xml", ("<pageMargins ", '<pageMargins bad="&nothing;" '))
    before = path.read_bytes()
    assert "核对不上" in refused(lambda: write(path))
    assert path.read_bytes() == before


def test_no_change_writes_nothing(path):
    """An empty list of changes is no reason to touch the file."""
    before = path.stat().st_mtime_ns
    FileBook(path).apply([], FileBook(path).read(["log"]), [])
    FileBook(path).apply([Patch("subjects", {})], FileBook(path).read(["subjects"]), ["subjects"])
    assert path.stat().st_mtime_ns >= before
