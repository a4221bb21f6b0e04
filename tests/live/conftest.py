"""A live LibreOffice for the whole session, and a desk on which a filled workbook lies open."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.books.live import LiveBook
from ssj_xlwings.doors import ribbon
from ssj_xlwings.doors.run import run_on
from ssj_xlwings.master import panel
from ssj_xlwings.types import Request
from ssj_xlwings.vocabulary.commands import BY_ID, EVERYTHING
from ssj_xlwings.vocabulary.sentences import live as say
from ssj_xlwings.vocabulary.tables import BY_NAME, PANEL
from tests.doors.conftest import TASK, Desk, _Silent, fill
from tests.live.office import Office, needs_live_office

if TYPE_CHECKING:
    from collections.abc import Iterator

    import xlwings

SAID = [("张三", "384729"), ("李四", "000007")]
FREEZE = {"task": TASK, "speaker": ["张三", "李四"], "host": "赵主持", "place": "三楼", "witness": ["陈静"]}
NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


def pytest_collection_modifyitems(items):
    """All tests of this folder carry the marker."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.live)


@dataclass
class LiveDesk:
    """A folder with a workbook that is open."""

    app: object
    folder: Path
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def __post_init__(self):
        self.path = next(path for path in self.folder.glob("*.xls[xm]"))
        self.opened = self.app.open(self.path)
        self.live = LiveBook(self.opened)

    def do(self, command: str, book=None, agreed=lambda _sentence, _outcome: True, **args):
        """Run a command on a book (the open one) with the clock standing still."""
        declared = BY_ID[command]
        blank = {param.name: [] if param.kind in ("texts", "pairs") else False if param.kind == "flag" else None for param in declared.params}
        request = Request(args={**blank, **args}, now=NOW, operator="王五", entropy=self.chance.randbytes, progress=lambda _: None)
        return run_on(book or self.live, declared, request, agreed)

    def click(self, command: str, *answers) -> str:
        """Click a button; `answers` in order (... takes what is proposed). What the last box said."""
        self.opened.set_mock_caller()
        self.app.answers, self.app.asked = list(answers), []
        ribbon.click(command)
        assert not self.app.answers, f"not asked for: {self.app.answers}"
        assert self.app.status_bar is False
        return self.app.asked[-1][1] if self.app.asked else ""

    def type_numbers(self, *numbers: str) -> None:
        """What people see being typed: one number a cell, below the heading 报数 of the panel."""
        for row, number in enumerate(numbers, panel.HEADER + 2):
            self.sheet(PANEL.sheet).range((row, 2)).value = number

    def tables(self, book=None) -> dict[str, list]:
        """All tables but what formulas show, with their sheet rows."""
        view = (book or self.live).read(EVERYTHING)
        return {name: frame[[c.name for c in BY_NAME[name].columns if not c.formula]].reset_index().to_numpy().tolist() for name, frame in view.tables.items()}

    def sheet(self, name: str) -> xlwings.Sheet:
        return self.opened.sheets[name]

    def reopen(self) -> None:
        """Close without saving, and open again."""
        self.opened.close()
        self.__post_init__()

    def logged(self) -> list[bytes]:
        """Lines of the log file."""
        found = list(self.folder.glob("抽取档案/*/*.jsonl"))
        return found[0].read_bytes().splitlines() if found else []

    def told(self, sentence: str) -> str:
        return say.__dict__[sentence]


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """One soffice for all live tests."""
    needs_live_office()
    running = Office()
    yield running
    running.close()


@pytest.fixture
def app(office: Office, monkeypatch: pytest.MonkeyPatch):
    """The office as xlwings sees it; documents left open are closed."""
    import xlwings

    from tests.live.calc import App, engine

    if engine.name not in xlwings.engines.engines_by_name:
        xlwings.engines.add(xlwings.Engine(impl=engine))
    monkeypatch.setenv("SSJ_OPERATOR", "王五")
    running = App(office.desktop)
    yield running
    for doc in list(running.documents()):
        doc.close(True)
    if hasattr(xlwings.Book, "_mock_caller"):
        del xlwings.Book._mock_caller


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a filled book, made once."""
    folder = tmp_path_factory.mktemp("shelf")
    fill(Desk(folder, _Silent()))
    shutil.rmtree(folder / "备份", ignore_errors=True)
    return folder


@pytest.fixture
def copy(shelf: Path, tmp_path: Path):
    """Copies of the shelf, by name."""
    def made(name: str) -> Path:
        shutil.copytree(shelf, tmp_path / name)
        return tmp_path / name

    return made


@pytest.fixture
def desk(app, copy) -> LiveDesk:
    """A filled book, open, nothing frozen."""
    return LiveDesk(app, copy("我的 桌面&文件"))


@pytest.fixture
def closed(copy) -> FileBook:
    """Its twin, closed."""
    return FileBook(next(copy("别处").glob("*.xls[xm]")))
