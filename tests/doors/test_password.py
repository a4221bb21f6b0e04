"""Files with a password are imported when it is given, and the password stays nowhere."""

from __future__ import annotations

import io
import sys
import tempfile
import zipfile
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from click.testing import CliRunner
from msoffcrypto.format.ooxml import OOXMLFile

from ssj_xlwings.doors import cli, menu, prompts
from ssj_xlwings.registry import reader, workbook
from tests.registry.files import HERE

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "Geheim-密码-93"
ROWS = [["单位名称", "层级"], ["涉县测试所", "所"]]
SHEET = "单位"
OLD = HERE / "locked.xls"


def locked(path: Path, password: str = PASSWORD) -> Path:
    """A workbook as Excel encrypts it (ECMA-376 agile)."""
    plain = io.BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        for number, row in enumerate(ROWS):
            (book.worksheets() or [book.add_worksheet()])[0].write_row(number, 0, row)
    with path.open("wb") as file:
        OOXMLFile(plain).encrypt(password, file)
    return path


def everything(folder: Path) -> bytes:
    """All bytes of a folder, what is packed in workbooks unpacked."""
    found = b""
    for path in folder.rglob("*"):
        if path.is_file():
            found += path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    found += b"".join(archive.read(name) for name in archive.namelist())
    return found


def test_with_its_password_a_file_is_imported(desk):
    """The rows come in; afterwards no file of the bureau holds the password: workbook, remembered headings, log, backups."""
    file = locked(desk.folder / "名单.xlsx")
    assert "新增 1 行" in desk.good("import", desk.book, SHEET, file, "--password", PASSWORD, "--map", "辖区名称=")
    assert "涉县测试所" in set(desk.read("units")["name"])
    kept = everything(desk.folder)
    assert all(PASSWORD.encode(coding) not in kept for coding in ("utf-8", "utf-16-le", "gb18030"))


@pytest.mark.parametrize(("given", "said"), [((), "“名单.xlsx”有打开密码。请加上 --password"), (("--password", "falsch"), "“名单.xlsx”的打开密码不对"),
                                             (("--password", ""), "有打开密码")], ids=["none", "wrong", "empty"])
def test_without_it_the_file_is_refused(desk, given, said):
    """Naming the file and the option, never the password; nothing is written."""
    file = locked(desk.folder / "名单.xlsx")
    sentence = desk.refused("import", desk.book, SHEET, file, *given)
    assert said in sentence
    assert "falsch" not in sentence


def test_a_password_nobody_set_is_no_password(desk):
    """Excel encrypts some files with a password of its own and opens them without asking: so do we."""
    said = desk.good("import", desk.book, SHEET, locked(desk.folder / "只读.xlsx", "VelvetSweatshop"))
    assert "未导入 0 行" in said


def test_the_option_alone_asks_and_shows_nothing(desk):
    """--password without a value: what is typed is not on the screen."""
    file = locked(desk.folder / "名单.xlsx")
    done = CliRunner().invoke(cli.build(), ["import", str(desk.book), SHEET, str(file), "--dry-run", "--password"], input=f"{PASSWORD}\n")
    assert done.exception is None
    assert "打开密码" in done.output
    assert PASSWORD not in done.output


def test_the_menu_asks_after_the_refusal(desk, monkeypatch):
    """It is not asked for with every file, only where a file has one; other refusals are said once."""
    asked = []
    monkeypatch.setattr(prompts, "secret", lambda param: asked.append(param.label) or PASSWORD)
    request = type("Asked", (), {"operator": "王五"})()
    command = cli.BY_ID["import"]
    args = {"book": desk.book, "table": SHEET, "file": locked(desk.folder / "名单.xlsx"), "dry_run": True}
    assert "新增 1 行" in menu._run(command, args, request).message
    assert asked == ["打开密码"]


def test_an_error_of_ours_keeps_no_password(desk, monkeypatch, tmp_path):
    """The file for the maintainers has the command line without it, and no traceback tells it."""
    def broken(*_args, **_options):
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(reader.subprocess, "run", broken)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    words = ["import", str(desk.book), SHEET, str(locked(desk.folder / "名单.xlsx"))]
    for given in (["--password", PASSWORD], [f"--password={PASSWORD}"]):
        monkeypatch.setattr(sys, "argv", ["ssj", *words, *given])
        assert cli.answer([*words, *given]) == 3
    logs = [path.read_text(encoding="utf-8") for path in tmp_path.glob("ssj-*.log")]
    assert len(logs) == 2
    assert all("unforeseen" in log and "--password" in log and PASSWORD not in log for log in logs)


def test_the_password_is_no_argument_of_the_child(monkeypatch, tmp_path):
    """Other users of the computer can list command lines; the password goes through a pipe."""
    seen = []
    run = reader.subprocess.run
    monkeypatch.setattr(reader.subprocess, "run", lambda command, **named: seen.append(command) or run(command, **named))
    source = reader.read_source(locked(tmp_path / "a.xlsx"), PASSWORD)
    assert source.sheets[0].rows == ROWS
    assert not any(PASSWORD in word for word in seen[0])


def test_an_old_xls_with_a_password():
    """As LibreOffice writes one (RC4): named as locked, opened with its password; a name that says .xlsx makes no difference."""
    assert workbook.read(str(OLD), "") == {"fault": "password"}
    assert workbook.read(str(OLD), "falsch") == {"fault": "wrong"}
    assert workbook.read(str(OLD), "abc密码") == {"sheets": [{"name": "Sheet1", "rows": [["单位名称"], ["涉县测试所"]]}]}


def test_a_broken_lock_is_damage(tmp_path):
    """With a password given, what still cannot be unpacked is damaged, whatever the library trips over."""
    data = locked(tmp_path / "a.xlsx").read_bytes()
    (tmp_path / "a.xlsx").write_bytes(data[:len(data) // 2])
    assert workbook.read(str(tmp_path / "a.xlsx"), PASSWORD) == {"fault": "damaged"}
