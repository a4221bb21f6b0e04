"""The zip of a workbook: limits, raw copying, saving whole or not at all."""

from __future__ import annotations

import io
import os
import tracemalloc
import zipfile

import pytest

from ssj_xlwings.package import archive as module
from ssj_xlwings.package.archive import Archive
from ssj_xlwings.package.faults import Damaged, NotWorkbook, Protected, TooLarge, Twisted, Unwritten
from tests.books.workbooks import packed


class Pipe(io.RawIOBase):
    """A stream that cannot seek, so that zipfile writes data descriptors."""

    def __init__(self):
        self.data = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data)
        return len(data)


def zipped(*members, kind=zipfile.ZIP_DEFLATED, comment=b"") -> bytes:
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", kind) as out:
        for name, data in members:
            out.writestr(name, data)
        out.comment = comment
    return bytes(pipe.data)


@pytest.mark.parametrize("kind", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_unchanged_members_keep_their_compressed_bytes(tmp_path, kind):
    """Only the named part is packed anew, whether members have data descriptors or are stored; order and comment stay."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(zipped(("a.xml", b"<a/>" * 999), ("b.xml", b"<b>1</b>"), ("图.bin", os.urandom(5000)), ("e/", b""), kind=kind, comment=b"note"))
    before = packed(path)
    Archive(path.read_bytes()).save(path, {"b.xml": b"<b>22</b>", "new.xml": b"<n/>"}, {"e/"}, lambda _: None)
    after = packed(path)
    assert list(after) == ["a.xml", "b.xml", "图.bin", "new.xml"]
    assert {name: after[name] for name in ("a.xml", "图.bin")} == {name: before[name] for name in ("a.xml", "图.bin")}
    with zipfile.ZipFile(path) as made:
        assert made.testzip() is None
        assert made.read("b.xml") == b"<b>22</b>"
        assert made.comment == b"note"


@pytest.mark.parametrize("name", ["../a.xml", "xl/../../a.xml", "xl\\a.xml"])
def test_names_that_leave_the_package_are_refused(name):
    """A member called .. or with a backslash is no part of a workbook."""
    with pytest.raises(Twisted):
        Archive(zipped((name, b"x")))


@pytest.mark.parametrize("other", ["A.XML", "/a.xml"])
def test_names_that_differ_in_nothing_that_counts(other):
    """Letter case and a first slash do not tell parts apart."""
    with pytest.raises(Twisted):
        Archive(zipped(("a.xml", b"1"), (other, b"2")))


def test_duplicate_members_are_refused():
    """Two members of one name: readers would differ on which counts."""
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped(("a.xml", b"1"), ("a.xml", b"2"))
    with pytest.raises(Twisted):
        Archive(data)


def test_encrypted_members_are_refused():
    """A zip with a password is told from a damaged one."""
    data = zipped(("a.xml", b"1"))
    at = data.index(b"PK\x01\x02") + 8
    with pytest.raises(Protected):
        Archive(data[:at] + bytes([data[at] | 1]) + data[at + 1:])


def test_bombs_and_huge_parts_are_refused(monkeypatch):
    """Parts over the limit, and those that swell beyond what sheets do, are never unpacked."""
    data = zipped(("a.xml", b"\0" * 1_000_000))
    monkeypatch.setattr(module, "RATIO_FROM", 100_000)
    with pytest.raises(TooLarge):
        Archive(data)
    monkeypatch.setattr(module, "RATIO_FROM", 1 << 30)
    Archive(data)
    monkeypatch.setattr(module, "LARGEST", 999_999)
    with pytest.raises(TooLarge):
        Archive(data)
    monkeypatch.setattr(module, "LARGEST", 1_000_000)
    monkeypatch.setattr(module, "WHOLE", 1_999_999)
    with pytest.raises(TooLarge):
        Archive(zipped(("a.xml", b"\0" * 1_000_000), ("b.xml", b"\0" * 1_000_000)))


def test_damage_is_told_from_something_else():
    """Cut short or flipped bytes are damage; a text file is no workbook."""
    data = zipped(("a.xml", b"<a>" + os.urandom(400).hex().encode() + b"</a>"))
    with pytest.raises(Damaged):
        Archive(data[:len(data) // 2])
    with pytest.raises(NotWorkbook):
        Archive("公司名称,代码\n".encode())
    with pytest.raises(NotWorkbook):
        Archive(b"")
    broken = bytearray(data)
    broken[80] ^= 0xFF
    with pytest.raises(Damaged):
        Archive(bytes(broken)).read("a.xml")


def test_every_member_is_checked_piece_by_piece():
    """A flipped byte in any part is found, packed or stored, an empty one is none; 64 MB are seen through a few pieces."""
    data = zipped(("a.xml", b"<a/>"), ("e/", b""), ("b.bin", os.urandom(600).hex().encode()), ("c.bin", b"\0" * (64 << 20)))
    tracemalloc.start()
    Archive(data).check()
    assert tracemalloc.get_traced_memory()[1] < 30 << 20
    tracemalloc.stop()
    broken = bytearray(data)
    broken[data.index(b"b.bin") + 100] ^= 0xFF
    with pytest.raises(Damaged):
        Archive(bytes(broken)).check()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("a.png", b"picture" * 30)
    stored = target.getvalue()
    Archive(stored).check()
    with pytest.raises(Damaged):
        Archive(stored.replace(b"picture", b"pictura", 1)).check()


def test_an_empty_member_packed_as_nothing(tmp_path):
    """Deflated to no byte at all, as some programs write an empty thumbnail: it is empty, and is copied as it is; a size that it should have is a lie."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("a.xml", b"<a/>")
        made.writestr("docProps/thumbnail.wmf", b"")
    data = bytearray(target.getvalue())
    for begin, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.rindex(begin) + method] = zipfile.ZIP_DEFLATED
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    Archive(path.read_bytes()).check()
    Archive(path.read_bytes()).save(path, {"a.xml": b"<b/>"}, frozenset(), lambda _: None)
    with zipfile.ZipFile(path) as made:
        assert (made.testzip(), made.getinfo("docProps/thumbnail.wmf").compress_size) == (None, 0)
    for begin, size in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        data[data.rindex(begin) + size] = 1
    with pytest.raises(Damaged):
        Archive(bytes(data)).check()


@pytest.mark.parametrize("fail", ["replace", "fsync", "xml", "last"])
def test_a_failed_save_leaves_the_old_file_whole(tmp_path, monkeypatch, fail):
    """Whatever fails, the file is byte for byte as it was and nothing lies beside it."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(zipped(("a.xml", b"<a/>")))
    before = path.read_bytes()

    def broken(*_):
        raise OSError(28, "No space left on device")

    if fail in {"replace", "fsync"}:
        monkeypatch.setattr(os, fail, broken)
    with pytest.raises((OSError, Unwritten)):
        Archive(before).save(path, {"a.xml": b"<a>" if fail == "xml" else b"<b/>"}, set(), broken if fail == "last" else lambda _: None)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
