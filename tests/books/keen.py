"""Every command, run on the torture workbook, its members looked at before and after each."""

from __future__ import annotations

import re
import shutil
import zipfile
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from ssj_xlwings.master import conf
from ssj_xlwings.package.archive import Archive
from ssj_xlwings.package.relations import Workbook, relations, rels_part
from ssj_xlwings.vocabulary.commands import BY_ID, LEDGERS
from ssj_xlwings.vocabulary.tables import BY_NAME, CODES, MANUAL, SUBJECTS
from tests.books import torture
from tests.books.workbooks import packed
from tests.doors.conftest import END, START, TASK, Desk, fill, fix_clock

LATER = "第二批"
ALWAYS = ("log", "settings")
"""What the shell itself may write with any command."""


class Stage(NamedTuple):
    """The workbook after a command."""

    command: str
    path: Path


class Keen(Desk):
    """A desk that looks at the workbook's members before and after every command."""

    ran: set[str]
    looked: set[str]
    """Commands that ran and left the file as it was, byte for byte."""
    stages: list[Stage]

    @property
    def book(self) -> Path:
        return self.folder / "台账.xlsm"

    def ssj(self, *argv):
        if argv[0] == "new":
            torture.build(self.book, {"bureau": argv[3], "division": argv[5], "year": argv[7], "book": "130426-2026-7F3A"})
            shutil.copy(self.book, self.folder / "new.xlsm")
            return 0, ""
        before, kept = packed(self.book), self.book.read_bytes()
        answer = super().ssj(*argv)
        if self.book.read_bytes() == kept:
            self.looked.add(argv[0])
            return answer
        assert BY_ID[argv[0]].writes, argv[0]
        assert "--dry-run" not in argv
        after = packed(self.book)
        allowed = may_change(self.book, (*BY_ID[argv[0]].writes, *ALWAYS))
        allowed |= replaced(self.book) if argv[0] == "upgrade" else set()
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        following = changed - allowed
        assert following <= torture.FOLLOWING, (argv[0], following)
        assert all(but_numbers(kept, name) == but_numbers(self.book.read_bytes(), name) for name in following)
        assert [name for name in before if name in after] == [name for name in after if name in before]
        self.ran.add(argv[0])
        self.stages.append(Stage(argv[0], Path(shutil.copy(self.book, self.folder / f"stage{len(self.stages)}.xlsm"))))
        return answer


def but_numbers(data: bytes, part: str) -> bytes:
    """A part without its digits, how it was declared, and the hint that a row need not carry."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return re.sub(rb" spans=\"[0-9:]*\"|[0-9]+|<\?xml.*?\?>\s*", b"", archive.read(part))


def may_change(path, tables) -> set[str]:
    """The parts of these tables, and what belongs to the workbook as a whole."""
    workbook = Workbook(Archive(path.read_bytes()))
    sheets = {workbook.sheets[BY_NAME[table].sheet] for table in tables}
    theirs = {one.target for sheet in sheets for one in relations(workbook.archive, sheet) if one.kind == "table"}
    return sheets | theirs | {"xl/workbook.xml", "xl/styles.xml", "xl/calcChain.xml", "[Content_Types].xml", rels_part(workbook.part)}


def replaced(path) -> set[str]:
    """The sheets that an upgrade puts in place of the old ones, and those of all tables, whose rules it renews."""
    workbook = Workbook(Archive(path.read_bytes()))
    return may_change(path, BY_NAME) | {workbook.sheets[name] for name in (CODES, MANUAL, conf.SHEET)}


def look(desk: Keen, firm: str) -> None:
    """Every command that only looks, after a draw, and those that can be asked to."""
    desk.good("verify", desk.record, "--book", desk.book)
    desk.good("verify", desk.book)
    desk.good("pool", desk.book, TASK, firm)
    desk.good("page", "--out", desk.folder / "网页")
    desk.good("receipt", desk.book, TASK, firm, "--out", desk.folder / "短回执")
    for kind in LEDGERS:
        desk.good("ledger", desk.book, kind, "--out", desk.folder / "台账")
    desk.good("quick", desk.book, "--sheet", torture.OWN, "--rows", "2-7", "--take", 2, "--purpose", "看看", "--speaker", "张三", "--speaker", "李四", "--dry-run")
    desk.good("import", desk.book, "单位", desk.folder / "单位.csv", "--dry-run")


def adopt(desk: Keen) -> None:
    """A quick draw from the registry becomes a task."""
    desk.good("quick", desk.book, "--sheet", "检查对象名录库", "--rows", "2-9", "--take", 1, "--purpose", "回头看", "--speaker", "张三", "--speaker", "李四")
    number = desk.read("log")["task"].iloc[-1]
    desk.good("draw", desk.book, number, "--say", "张三=384729", "--say", "李四=000007")
    desk.good("adopt", desk.book, number, "--items", "DJ01", "--source", "投诉举报", "--start", START, "--end", END, "--approver", "赵局长")


def filter_subjects(path: Path) -> None:
    """Only enterprises are shown, as Excel saves a filter; no other member is touched."""
    archive = Archive(path.read_bytes())
    part = next(name for name in packed(path) if name.startswith("xl/tables/") and b'displayName="ssj_subjects"' in archive.read(name))
    at = [column.name for column in SUBJECTS.columns].index("type")
    column = f'<filterColumn colId="{at}"><filters><filter val="企业"/></filters></filterColumn>'
    data, count = re.subn(rb"(<autoFilter [^>]*)/>", lambda found: found[1] + b">" + column.encode() + b"</autoFilter>", archive.read(part))
    assert count == 1
    archive.save(path, {part: data}, set(), lambda _: None)


def run_all(folder: Path) -> Keen:
    """The torture workbook after every command has run on it; its former selves beside it."""
    capsys = SimpleNamespace(readouterr=lambda: SimpleNamespace(out="", err=""))
    desk = Keen(folder, capsys)
    desk.ran, desk.looked, desk.stages = set(), set(), []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSJ_OPERATOR", "王五")
        fix_clock(patch)
        fill(desk)
        desk.good("check", desk.book)
        desk.good("plan", desk.book, TASK)
        desk.freeze()
        desk.draw()
        firm = desk.read("visits")["subject"].iloc[0]
        look(desk, firm)
        desk.patch("subjects", desk.row("subjects", "code", firm), "status", "注销")
        desk.good("replace", desk.book, TASK, firm, "--reason", "注销", "--evidence", "登记系统截图", "--approver", "赵局长")
        other = desk.read("visits")["subject"].iloc[1]
        desk.good("receipt", desk.book, TASK, other, "--full", "--approver", "赵局长", "--reason", "该户提出异议", "--out", folder / "回执")
        row = int(desk.read("results")["withheld"].eq("").idxmax())
        for name, value in (("date", "2026-11-24"), ("result", "未发现问题"), ("reviewer", "卫复核")):
            desk.patch("results", row, name, value)
        desk.good("publish", desk.book, TASK, "--out", folder / "公示")
        desk.good("undo", desk.book)
        desk.good("publish", desk.book, TASK, "--out", folder / "公示")
        desk.good("papers", desk.book, TASK, "--out", folder / "文书")
        picked = ("--sheet", torture.OWN, "--rows", "2-7", "--take", 2, "--purpose", "抽查台账", "--column", "B", "--speaker", "张三", "--speaker", "李四")
        desk.good("quick", desk.book, *picked)
        adopt(desk)
        days = desk.folder / "放假.csv"
        days.write_text("日期,类型\n2026-10-01,放假\n", encoding="utf-8")
        desk.good("import", desk.book, "节假日", days, "--preview")
        desk.good("confirm", desk.book)
        later = desk.folder / "又一项.csv"
        later.write_text(f"任务名称,抽查事项,检查开始,检查截止,任务来源\n{LATER},DJ01,2026-11-01,2026-12-20,投诉举报\n", encoding="utf-8")
        desk.good("import", desk.book, "抽查任务", later)
        filter_subjects(desk.book)
        desk.good("scope", desk.book, LATER)
        desk.good("upgrade", desk.book)
        desk.good("void", desk.book, TASK, "--reason", "比例或数量错误", "--explain", "C类比例应为百分之十，填成了百分之五", "--approver", "赵局长")
    return desk
