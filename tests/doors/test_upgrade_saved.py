"""How `ssj upgrade` writes: as every save does, or not at all."""

from __future__ import annotations

import errno
import re
import shutil
from types import SimpleNamespace

import pytest

from ssj_xlwings.books import saving
from ssj_xlwings.commands import upgrade as upgrading
from ssj_xlwings.doors import handover
from ssj_xlwings.doors.run import run
from ssj_xlwings.master import build as master
from ssj_xlwings.package import archive
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.commands import BY_ID
from tests.books.test_followers import read
from tests.books.test_shapes import parts, put
from tests.books.workbooks import altered
from tests.doors.test_upgrade import VALUES

UPGRADE = BY_ID["upgrade"]


@pytest.fixture
def book(tmp_path):
    """A workbook to be upgraded."""
    path = tmp_path / "局" / "台账.xlsm"
    path.parent.mkdir()
    master.build(path, VALUES, ribbon=True)
    return path


def refused(book) -> str:
    """The sentence of an upgrade that changed nothing."""
    before = book.read_bytes()
    with pytest.raises(Refusal) as why:
        run(UPGRADE, {"book": book}, operator="王五")
    assert book.read_bytes() == before
    assert not [left for left in book.parent.iterdir() if left.name.startswith(".")]
    return str(why.value)


def test_what_a_colleague_saved_meanwhile_stays(book, monkeypatch):
    """Saved between reading and writing: refused, and the colleague's workbook is the one on the disk."""
    theirs = VALUES | {"bureau": "同事刚存的"}
    check = upgrading._check

    def meanwhile(*given):
        check(*given)
        master.build(book, theirs, ribbon=True)

    monkeypatch.setattr(upgrading, "_check", meanwhile)
    with pytest.raises(Refusal, match="在读过之后被改动了"):
        run(UPGRADE, {"book": book}, operator="王五")
    other = book.with_name("另一本.xlsm")
    master.build(other, theirs, ribbon=True)
    assert book.read_bytes() == other.read_bytes()


def test_a_link_and_its_rights_stay(book):
    """A linked workbook stays a link, its target is upgraded; nobody may read it or its copy who could not before."""
    link = book.parent.parent / "桌面上的.xlsm"
    link.symlink_to(book)
    book.chmod(0o600)
    before = book.read_bytes()
    told = run(UPGRADE, {"book": link}, operator="王五").lines
    (copy,) = (book.parent / "备份").iterdir()
    assert link.is_symlink()
    assert book.read_bytes() != before
    assert copy.read_bytes() == before
    assert [path.stat().st_mode & 0o777 for path in (book, copy)] == [0o600, 0o600]
    assert any(str(copy) in line for line in told)


@pytest.mark.parametrize("dangling", [False, True], ids=["a file", "a link to nowhere"])
def test_no_folder_for_the_copies(book, dangling):
    """备份 is a file, or a link to nowhere: the sentence of every save, from the terminal; nothing is changed."""
    place = book.with_name("备份")
    place.symlink_to(book.with_name("没有")) if dangling else place.write_text("x")
    assert refused(book) == "“台账.xlsm”没有写成（已有同名的文件），文件保持原样。请检查磁盘空间和权限再做一次。"


def test_a_full_disk(book, monkeypatch):
    """The sentence of every save; nothing is changed, nothing is left."""
    def full(*_given):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archive.os, "fsync", full)
    assert "没有写成（磁盘满了）" in refused(book)


def test_what_does_not_read_back(book, monkeypatch):
    """A disk that writes something else: refused, the workbook stays."""
    copymode = shutil.copymode

    def lying(path, beside):
        copymode(path, beside)
        data = bytearray(beside.read_bytes())
        start = data.index(b"xl/styles.xml") + 60
        data[start:start + 40] = bytes(40)
        beside.write_bytes(data)

    monkeypatch.setattr(archive.shutil, "copymode", lying)
    assert "写好以后读回来核对不上" in refused(book)


def test_a_killed_upgrade_leaves_nothing_for_long(book, monkeypatch):
    """What lies beside the workbook while it is written is what the next command clears away."""
    keep, seen = saving.backup.keep, []

    def killed(path, now):
        seen.extend(shutil.copy2(left, left.with_name(left.name.replace(".ssj-tmp", "x.ssj-tmp"))) for left in book.parent.glob(".*.ssj-tmp"))
        return keep(path, now)

    monkeypatch.setattr(saving.backup, "keep", killed)
    run(UPGRADE, {"book": book}, operator="王五")
    assert len(seen) == 1
    assert seen[0].exists()
    run(UPGRADE, {"book": book}, operator="王五")
    assert not seen[0].exists()


def test_a_click_tries_without_a_trace(book, monkeypatch):
    """What the click computes before it hands over makes no folder."""
    monkeypatch.setattr(handover, "_start", lambda *_given: None)
    handover.begin(UPGRADE, SimpleNamespace(path=book, save=lambda: None), {})
    assert list(book.parent.iterdir()) == [book]


def test_names_of_staff_stay_whatever_they_begin_with(book):
    """Only names that the fresh book has are made anew; one of staff's that begins as ours do stays, also one of a single sheet called as ours."""
    theirs = '<definedName name="SSJ_mine" hidden="1">首页!$A$1</definedName><definedName name="ssj_ours">首页!$A$2</definedName><definedName name="ssj_i" localSheetId="0">首页!$A$3</definedName>'
    altered(book, "xl/workbook.xml", ("</definedNames>", f"{theirs}</definedNames>"))
    altered(book, "xl/workbook.xml", ('<definedName name="ssj_abc">', '<definedName name="SSJ_abc">'))
    run(UPGRADE, {"book": book}, operator="王五")
    told = read(book, "xl/workbook.xml")
    assert all(one in told for one in theirs.replace("</definedName>", "</definedName>\n").split("\n") if one)
    assert told.lower().count('name="ssj_abc"') == 1
    assert told.count('name="ssj_i"') == 2


def test_a_workbook_without_styles(book):
    """What it lacks and what to do; it is not called damaged."""
    members = parts(book)
    del members["xl/styles.xml"]
    members["xl/_rels/workbook.xml.rels"] = re.sub(rb'<Relationship [^>]*styles.xml"[^>]*/>', b"", members["xl/_rels/workbook.xml.rels"])
    members["[Content_Types].xml"] = re.sub(rb'<Override PartName="/xl/styles.xml"[^>]*/>', b"", members["[Content_Types].xml"])
    put(book, {name: re.sub(rb' (s|style)="\d+"', b"", data) if "worksheets" in name else data for name, data in members.items()})
    assert "里没有单元格样式这一部分" in refused(book)
