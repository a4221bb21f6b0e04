"""What goes wrong once the new workbook stands in its place: the step is done, and nothing says otherwise."""

from __future__ import annotations

import errno
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ssj_xlwings.books import backup
from ssj_xlwings.vocabulary.sentences import live as say


def test_a_copy_that_somebody_has_open_stays(desk, monkeypatch):
    """Windows lets nobody remove an old copy that Excel has open: the save is done and told so; the others go, that one at a later step."""
    desk.good("check", desk.book)
    old = [backup.keep(desk.book, datetime(2025, 1, 1, 9, minute, tzinfo=UTC)) for minute in range(30)]
    unlink = Path.unlink

    def barred(path, missing_ok=False):
        if path == old[0]:
            raise PermissionError(errno.EACCES, "being used by another process")
        unlink(path, missing_ok)

    before = desk.book.read_bytes()
    with monkeypatch.context() as then:
        then.setattr(Path, "unlink", barred)
        assert "没有" not in desk.good("import", desk.book, "单位", _offices(desk))
    assert desk.book.read_bytes() != before
    assert old[0].exists()
    assert not old[1].exists()
    desk.good("undo", desk.book)
    assert not old[0].exists()


def test_a_share_that_cannot_flush_a_folder(desk, monkeypatch):
    """fsync of a folder is EINVAL on some shares: the rename stands all the same, and the step can be undone."""
    fsync, asked = os.fsync, []

    def refused(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            asked.append(handle)
            raise OSError(errno.EINVAL, "Invalid argument")
        fsync(handle)

    before = desk.read("units")
    monkeypatch.setattr(os, "fsync", refused)
    desk.good("import", desk.book, "单位", _offices(desk))
    assert asked
    assert len(desk.read("units")) == len(before) + 1
    desk.good("undo", desk.book)


@pytest.mark.parametrize("removable", [True, False])
def test_a_step_that_cannot_be_noted(desk, monkeypatch, removable):
    """The step is done, a line says that it cannot be undone and where the copy is; the step before it does not pass for the last."""
    desk.good("check", desk.book)
    note = desk.folder / "备份" / f"{desk.book.name}.json"
    if not removable:
        note.unlink()
        note.mkdir()

    def full(path, _to):
        raise OSError(errno.ENOSPC, str(path))

    before = len(desk.read("units"))
    with monkeypatch.context() as then:
        if removable:
            then.setattr(Path, "replace", full)
        said = desk.good("import", desk.book, "单位", _offices(desk))
    assert "这一步已经做成，但没能记下" in said
    assert next(copy.name for copy in desk.folder.glob("备份/*.xlsx") if copy.name in said)
    assert len(desk.read("units")) == before + 1
    assert not [left for left in (desk.folder / "备份").iterdir() if left.name.startswith(".")]
    assert desk.refused("undo", desk.book) == say.NO_STEP


@pytest.mark.parametrize("kept", ["", '{"label": "校验', "[]", "{}", "null", '{"label": 1, "copy": "a", "after": {}, "closed": false}',
                                  '{"label": "a", "copy": "a", "after": {"nothing": ""}, "closed": false}', "\0\0\0\0"])
def test_a_note_that_is_no_note(desk, kept):
    """Emptied by a power cut, cut off, written by something else: no step is known, in one sentence."""
    desk.good("check", desk.book)
    (desk.folder / "备份" / f"{desk.book.name}.json").write_text(kept, encoding="utf-8")
    assert desk.refused("undo", desk.book) == say.NO_STEP


def _offices(desk) -> Path:
    """One more office, to import."""
    path = desk.folder / "又一所.csv"
    path.write_text("单位名称,行政区划代码,层级,辖区名称\n涉县新所,130426,所,新乡\n", encoding="utf-8")
    return path
