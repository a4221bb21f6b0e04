"""A small book with everything in it, at each stage of the ceremony; every test works on a copy."""

from __future__ import annotations

import random
import re
import shutil
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.doors import cli, synthetic
from ssj_xlwings.types import Patch
from ssj_xlwings.vocabulary import demo as words

if TYPE_CHECKING:
    from pathlib import Path

TASK = "第一批"
START, END = "2026-11-01", "2026-12-20"


@dataclass
class Desk:
    """A book on somebody's desk, and the terminal beside it."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def book(self) -> Path:
        return self.folder / "台账.xlsx"

    def ssj(self, *argv: object) -> tuple[int, str]:
        """Run a command line; its exit status and all it said."""
        self.capsys.readouterr()
        status = cli.answer([str(word) for word in argv])
        shown = self.capsys.readouterr()
        return status, shown.out + shown.err

    def good(self, *argv: object) -> str:
        """Run a command line that must succeed."""
        status, said = self.ssj(*argv)
        assert status == 0, said
        return said

    def refused(self, *argv: object) -> str:
        """Run a command line that must be refused and change nothing in the whole folder."""
        before = self.bytes()
        status, said = self.ssj(*argv)
        assert status == 2, said
        assert self.bytes() == before
        return said.removeprefix("没有执行：").rstrip("\n")

    def bytes(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file()}

    def read(self, table: str):
        return FileBook(self.book).read([table])[table]

    def patch(self, table: str, row: int, column: str, value: str) -> None:
        """What staff do in Excel: change one cell and save."""
        book = FileBook(self.book)
        book.apply([Patch(table, {(row, column): value})], book.read([table]), [table])

    def row(self, table: str, column: str, value: str) -> int:
        """The sheet row where a column holds a value."""
        frame = self.read(table)
        return int(frame.index[frame[column] == value][0])

    @property
    def archive(self) -> Path:
        return next(path for path in (self.folder / "抽取档案").iterdir() if path.is_dir())

    @property
    def record(self) -> Path:
        """The folder of the newest freeze."""
        return max(path for path in self.archive.iterdir() if path.is_dir())

    def freeze(self) -> str:
        return self.good("freeze", self.book, TASK, "--speaker", "张三", "--speaker", "李四")

    def draw(self) -> str:
        return self.good("draw", self.book, TASK, "--say", "张三=384729", "--say", "李四=000007")


def edit_sheet(path: Path, sheet: str, pattern: bytes, new: bytes) -> int:
    """Change a sheet's XML, as other programs do: how many places were changed."""
    beside, count = path.with_suffix(".tmp"), 0
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as made:
        book, rels = old.read("xl/workbook.xml").decode(), old.read("xl/_rels/workbook.xml.rels").decode()
        rid = re.search(rf'<sheet [^>]*name="{sheet}"[^>]*r:id="([^"]+)"', book)[1]
        relation = next(found for found in re.findall(r"<Relationship [^>]*>", rels) if f'Id="{rid}"' in found)
        part = "xl/" + re.search(r'Target="/?(?:xl/)?([^"]+)"', relation)[1]
        for name in old.namelist():
            data = old.read(name)
            if name == part:
                data, count = re.subn(pattern, new, data)
            made.writestr(name, data)
    beside.replace(path)
    return count


def fill(desk: Desk) -> None:
    """A county bureau of 300 firms and 30 inspectors, one task of three items."""
    desk.good("new", desk.book, "--bureau", "涉县市场监督管理局", "--division", "130426", "--year", "2026")
    firms = synthetic.firms(300, seed=7)
    bureau = synthetic.Office("涉县市场监督管理局", "130426", "县局", "")
    stations = [synthetic.Office(f"涉县{name}", "130426", "所", area) for name, area in words.STATIONS]
    task = {"任务名称": TASK, "抽查事项": "DJ01、DJ03、GS01", "检查开始": START, "检查截止": END, "任务来源": "投诉举报"}
    scope = {"任务": TASK, "列": "主体类型", "条件": "等于其一", "值": "企业"}
    sheets = {
        "单位": [{"单位名称": s.name, "行政区划代码": s.division, "层级": s.level, "辖区名称": s.area} for s in stations],
        "检查对象名录库": firms, "执法检查人员名录库": synthetic.inspectors([bureau, *stations], 30, date(2026, 12, 31), seed=8),
        "抽查事项清单": synthetic.items(), "抽查任务": [task], "抽查范围": [scope],
    }
    for sheet, rows in sheets.items():
        desk.good("import", desk.book, sheet, synthetic.write_csv(desk.folder / f"{sheet}.csv", rows))


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a filled book, made once."""
    folder = tmp_path_factory.mktemp("filled")
    desk = Desk(folder, _Silent())  # type: ignore[arg-type]
    fill(desk)
    return folder


class _Silent:
    """Stands for capsys where a session fixture needs none."""

    def readouterr(self):
        from types import SimpleNamespace

        return SimpleNamespace(out="", err="")


@pytest.fixture
def desk(filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A filled book, nothing frozen. The clock stands still at a working day; chance is seeded."""
    folder = tmp_path / "桌面"
    shutil.copytree(filled, folder)
    monkeypatch.setenv("SSJ_OPERATOR", "王五")
    fix_clock(monkeypatch)
    return Desk(folder, capsys)


def fix_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of a test sees the same moment, and its own run of seeded chance."""
    from ssj_xlwings.doors import run as shell

    chance = random.Random(1)
    monkeypatch.setitem(shell.run.__kwdefaults__, "now", lambda: datetime(2026, 11, 25, 1, 0, tzinfo=UTC))
    monkeypatch.setitem(shell.run.__kwdefaults__, "entropy", chance.randbytes)
