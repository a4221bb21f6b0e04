"""升级工作簿 by a button: the click hands over, the upgrade waits until the workbook is closed and is that of `ssj upgrade`."""

from __future__ import annotations

import os
import shutil
import sys
import time

import openpyxl
import pytest

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.doors import handover
from ssj_xlwings.doors.run import run
from ssj_xlwings.types import Patch
from ssj_xlwings.vocabulary import settings
from ssj_xlwings.vocabulary.commands import BY_ID, COMMANDS, EVERYTHING
from ssj_xlwings.vocabulary.sentences import live as live_say
from ssj_xlwings.vocabulary.sentences import upgrade as say
from tests.live import calc
from tests.live.conftest import FREEZE, SAID, LiveDesk

UPGRADE = BY_ID["upgrade"]
PATIENCE = 60


@pytest.fixture
def old(desk) -> LiveDesk:
    """A workbook with a frozen task, in which two sheets of the present program are lacking; open."""
    desk.do("freeze", **FREEZE)
    desk.opened.close()
    book = openpyxl.load_workbook(desk.path)
    for sheet in ("节假日", "导入对照"):
        del book[sheet]
    book.save(desk.path)
    desk.__post_init__()
    return desk


def said(desk) -> str:
    """What the process says in the end; it is ended if it never does."""
    end = time.monotonic() + PATIENCE
    note = handover.place(desk.path)
    while time.monotonic() < end:
        number, _, text = note.read_text(encoding="utf-8").partition("\n") if note.exists() else ("", "", "")
        if text:
            os.waitpid(int(number), 0)
            return text
        time.sleep(0.1)
    raise AssertionError(note.read_text(encoding="utf-8"))


def tables(book: FileBook) -> dict[str, list]:
    return {name: frame.reset_index().to_numpy().tolist() for name, frame in book.read(EVERYTHING).tables.items()}


def test_hand_over_close_and_go_on(old):
    """The click saves and asks to close; closed, the workbook is as `ssj upgrade` leaves it, with a backup; the frozen task is drawn."""
    old.sheet("参数").range("H5").value = "还没有保存的字"
    waiting = say.WAITING.format(name=old.path.name, label=UPGRADE.label, minutes=handover.MINUTES)
    assert old.click("upgrade", "yes") == f"{waiting}\n\n{old.path.name}"
    assert old.path.name in old.app.asked[0][1]
    saved = old.path.read_bytes()
    twin = shutil.copytree(old.folder, old.folder.parent / "另一处", ignore=shutil.ignore_patterns(".~lock*")) / old.path.name
    run(UPGRADE, {"book": twin}, operator="王五")
    time.sleep(2 * handover.PAUSE)
    assert old.path.read_bytes() == saved
    assert old.click("upgrade", "yes") == say.WAITS_ALREADY.format(name=old.path.name, label=UPGRADE.label)
    old.opened.close()
    text = said(old)
    assert "新增 2 张表" in text
    assert tables(FileBook(old.path)) == tables(FileBook(twin))
    assert openpyxl.load_workbook(old.path).sheetnames == openpyxl.load_workbook(twin).sheetnames
    assert any(copy.read_bytes() == saved for copy in (old.folder / "备份").glob("*.xlsx"))
    old.__post_init__()
    assert old.sheet("参数").range("H5").value == "还没有保存的字"
    assert "已抽取" in old.do("draw", task=FREEZE["task"], say=SAID).message


def test_a_no(old):
    """Nothing is saved and nobody waits."""
    before = old.path.read_bytes()
    assert old.click("upgrade", "no").startswith("工作簿：")
    assert old.path.read_bytes() == before
    assert not handover.place(old.path).exists()


def test_refused_before_anything_is_closed(old):
    """A workbook newer than the program, or one that cannot be saved: one sentence at the click; nobody waits."""
    row = next(int(at) for at, key in old.live.read(["settings"])["settings"]["key"].items() if key == settings.BY_NAME["schema"].key)
    seen = old.live.read(["settings"])
    with old.live.held():
        old.live.apply([Patch("settings", {(row, "value"): "99"})], seen, ["settings"])
    assert old.click("upgrade", "yes").startswith("工作簿是用更新的程序做的（表格版本 99")
    assert not handover.place(old.path).exists()


def test_it_cannot_be_saved(old, monkeypatch):
    """Not saved, not handed over."""
    def full(*_args):
        raise calc.CalcError("no space left")

    monkeypatch.setattr(calc.Book, "save", full)
    assert "保存不了" in old.click("upgrade", "yes")
    assert not handover.place(old.path).exists()


def test_never_closed(old, monkeypatch):
    """The waiting ends: nothing is changed, and the sentence says so."""
    monkeypatch.setattr(handover, "PAUSE", 0.05)
    before = old.path.read_bytes()
    assert "还开着，没有“升级工作簿”，什么都没有改动" in handover.wait(UPGRADE, old.path, {}, minutes=0.005)
    assert old.path.read_bytes() == before


def test_what_comes_up_after_closing(old, monkeypatch, tmp_path):
    """A refusal, or a fault of ours, after it was closed: the sentence, and the workbook is opened again all the same."""
    shown = []
    monkeypatch.setattr(handover.machine, "show", shown.append)
    old.opened.close()
    monkeypatch.setattr("ssj_xlwings.commands.upgrade._check", lambda *_: 1 / 0)
    monkeypatch.setattr(handover.fault.tempfile, "tempdir", str(tmp_path))
    assert handover.wait(UPGRADE, old.path, {}).startswith(live_say.FAILED[:8])
    old.path.write_bytes(b"no workbook")
    assert handover.wait(UPGRADE, old.path, {}).startswith(say.NOT_DONE.format(label=UPGRADE.label, why=""))
    assert shown == [old.path] * 2


def test_it_cannot_be_started(old, monkeypatch):
    """A PC that bars new processes: one sentence, with the other door."""
    def barred(*_args, **_options):
        raise PermissionError(13, "denied")

    monkeypatch.setattr(handover.subprocess, "Popen", barred)
    assert "改用“双随机.cmd”" in old.click("upgrade", "yes")


def test_only_the_book_is_asked_for():
    """A click asks for nothing but the workbook; what may be given besides is asked where a refusal wants it."""
    assert [command.id for command in COMMANDS if command.closed] == ["upgrade"]
    assert [param.kind for param in UPGRADE.params if not param.rare] == ["book"]


def test_the_process_on_windows(monkeypatch, tmp_path):
    """It runs this package by the interpreter at hand, alone, with the path as one argument whatever stands in it, and what was given as another."""
    seen = {}

    class Started:
        returncode = None

        def __init__(self, words, **how):
            seen.update(how, words=words)

    path = tmp_path / "我的 桌面&文件" / "台账.xlsm"
    note = handover.place(path)
    path.parent.mkdir()
    monkeypatch.setattr(handover.subprocess, "Popen", Started)
    monkeypatch.setattr(handover.sys, "platform", "win32")
    handover._start(UPGRADE, path, note, {"drop_signature": True})
    assert seen["words"][0] == sys.executable
    assert seen["words"][-3:] == ["upgrade", str(path), '{"drop_signature": true}']
    assert (seen["creationflags"], seen["stdin"], seen["stdout"].name) == (0x208, handover.subprocess.DEVNULL, str(note))
    assert "start_new_session" not in seen
