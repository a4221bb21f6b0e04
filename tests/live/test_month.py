"""A clerk's month by clicks only, and what it costs: each click, cell and box is counted, and README shows the counts.

Run with SSJ_GOLDEN=write to write the table between README's two month marks anew.
"""

from __future__ import annotations

import csv
import os
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ssj_xlwings.doors.run import run
from ssj_xlwings.install import machine
from ssj_xlwings.master import panel
from ssj_xlwings.vocabulary.commands import BY_ID
from ssj_xlwings.vocabulary.sentences import preview, show
from ssj_xlwings.vocabulary.tables import BY_NAME
from tests.live.test_livebook import filtered
from tests.live.test_preview import at
from tests.live.test_quick import select
from tests.registry.book import code

if TYPE_CHECKING:
    from tests.live.conftest import LiveDesk

README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(r"(?<=<!-- month -->\n).*?(?=<!-- /month -->)", re.DOTALL)
ENGLISH = re.compile(r"(?=[a-z]*[g-z])[a-z]{3,}")
"""A word; a digest has letters to f only."""
HEADINGS = "step", "buttons clicked", "cells typed", "boxes typed into", "boxes only confirmed"
ONE_KEY = "yes", "no", "", ...
"""Answers without typing: 是, 否, what may stay empty, what is proposed."""
TASK, ROW = "当月抽查", 3
"""The task that is typed, and its sheet row."""
TODAY = datetime.now(UTC).date()
DAY, END = TODAY.isoformat(), (TODAY + timedelta(days=20)).isoformat()


@dataclass
class Clerk:
    """Somebody at the desk; what the hands do is counted in the step it belongs to."""

    desk: LiveDesk
    steps: dict[str, list[int]] = field(default_factory=dict)
    boxes: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)

    def begin(self, *names: str) -> None:
        """A step, called by its sheets and buttons."""
        words = [BY_NAME[name].sheet if name in BY_NAME else BY_ID[name].label for name in names]
        self.now = self.steps[" → ".join(words)] = [0] * 4

    def click(self, command: str, *answers) -> str:
        """A button; a box answered in words or with a file was typed into, every other, the last sentence too, only confirmed."""
        said = self.desk.click(command, *answers)
        typed, shown = sum(answer not in ONE_KEY for answer in answers), [text for _, text in self.desk.app.asked]
        for place, more in ((0, 1), (2, typed), (3, len(shown) - typed)):
            self.now[place] += more
        self.boxes += shown
        self.ends.append(said)
        return said

    def on_task(self, command: str, *answers) -> str:
        """A button while the task's row is selected: the box proposes it."""
        select(self.desk, self.desk.sheet(BY_NAME["tasks"].sheet), f"B{ROW}")
        return self.click(command, ..., *answers)

    def type(self, table: str, row: int, **cells: str) -> None:
        """Cells of one row, by column."""
        sheet, names = self.desk.sheet(BY_NAME[table].sheet), [column.name for column in BY_NAME[table].columns]
        for name, text in cells.items():
            sheet.range((row, names.index(name) + 1)).value = text
            self.now[1] += 1

    def numbers(self, *numbers: str) -> None:
        """What was said aloud, on the panel."""
        for row, number in enumerate(numbers, panel.HEADER + 2):
            self.type("panel", row, said=number)

    def read(self, table: str):
        return self.desk.live.read([table])[table]

    def files(self, pattern: str) -> int:
        return len(list(self.desk.folder.glob(pattern)))

    def table(self) -> str:
        """The counts as Markdown."""
        total = [sum(counts) for counts in zip(*self.steps.values(), strict=True)]
        rows = [[step, *map(str, counts)] for step, counts in (*self.steps.items(), ("together", total))]
        return "".join(f"| {' | '.join(row)} |\n" for row in (HEADINGS, ("---", *["---:"] * 4), *rows))


def export(folder: Path) -> Path:
    """A registration export as they come: a title above, headings of its own, one firm twice, one code mistyped."""
    firms = [[str(n), f"涉县新设{n}号有限公司", code(n), f"河北省邯郸市涉县河南店镇振兴路{n}号"] for n in range(1, 10)]
    firms[8][2] = f"{firms[8][2][:-1]}?"
    path = folder / "登记 导出.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["涉县上月新设企业"], ["序号", "企业名称（全称）", "统一社会 信用代码", "登记地"], *firms, firms[0]])
    return path


def registry(clerk: Clerk) -> None:
    """Import with one heading put right and one content for all rows; then check until nothing is found."""
    clerk.begin("import", "preview", "confirm")
    assert "没有一行能导入" in clerk.click("import", ..., str(export(clerk.desk.folder)))
    clerk.type("preview", at(clerk.desk, heading="登记地"), column="住所")
    clerk.type("preview", at(clerk.desk, kind=preview.WHOLE, column="专项库标签"), fill="新设")
    assert "新增 8 行，改动 0 行，不变 0 行，未导入 2 行" in clerk.click("confirm")
    assert clerk.read("subjects")["tags"].tolist()[-8:] == ["新设"] * 8
    clerk.begin("check")
    assert "阻断 1 处，提醒 2 处" in clerk.click("check")
    assert clerk.read("findings")["cells"].tolist() == ["B6", "D4、D23"]
    clerk.type("inspectors", 6, unit="涉县河南店市场监督管理所")
    for row in (4, 23):
        clerk.type("inspectors", row, until="2031-12-31")
    assert "没有发现问题" in clerk.click("check")


def ceremony(clerk: Clerk) -> None:
    """A task with its scope, its freeze and its draw."""
    clerk.begin("tasks", "scope")
    clerk.type("tasks", ROW, name=TASK, items="DJ02", start=DAY, end=END, source="投诉举报")
    filtered(clerk.desk.sheet("检查对象名录库"), "主体类型", "个体工商户")
    assert "与筛选显示的一样" in clerk.on_task("scope")
    clerk.begin("freeze")
    assert f"已冻结“{TASK}”" in clerk.on_task("freeze", "张三、李四", "赵主持", "三楼", "陈静", "", "yes")
    clerk.begin("panel", "draw")
    clerk.numbers("384729", "000007")
    assert f"已抽取“{TASK}”第 1 次：5 户" in clerk.click("draw", "yes")


def quickly(clerk: Clerk) -> None:
    """A quick draw from what is selected: at most two clicks, and six cells and boxes typed."""
    clerk.begin("quick", "panel", "draw")
    select(clerk.desk, clerk.desk.sheet("检查对象名录库"), "B2:B101")
    clerk.click("quick", "3", "周例会抽查台账", "张三、李四", "yes")
    clerk.numbers("161803", "271828")
    assert "抽中 3 个" in clerk.click("draw", "yes")
    clicks, cells, boxes, _ = clerk.now
    assert clicks <= 2
    assert cells + boxes <= 6


def afterwards(clerk: Clerk) -> None:
    """Papers, a firm that is gone, a result, the roster, the month's ledgers."""
    clerk.begin("papers")
    said = clerk.on_task("papers")
    assert "抽中 5 户" in said
    assert f"的 {clerk.files('文书/**/*.xlsx')} 份文书" in said
    visits, firms = clerk.read("visits"), clerk.read("subjects")
    gone = visits.loc[visits["class"] == "A", "subject"].iloc[0]  # the widest class: others of it can follow
    clerk.begin("subjects", "replace")
    clerk.type("subjects", int(firms.index[firms["code"] == gone][0]), status="注销")
    assert "1 户退出，1 个事项由 1 户接替" in clerk.on_task("replace", gone, "注销", "登记系统查询截图", "冯局长", "yes")
    results = clerk.read("results")
    clerk.begin("results", "publish")
    clerk.type("results", int(results.index[results["subject"] != gone][0]), date=DAY, result="未发现问题", follow_up="无需后续处置", done=DAY, recorder="刘洋")
    assert "公示 1 项" in clerk.on_task("publish")
    assert len(clerk.read("roster")) == 1
    assert clerk.files("公示/*.csv") == 1
    clerk.begin("ledger")
    today = datetime.now(UTC).astimezone().date()
    for kind in ("抽取", "派发", "结果"):
        assert f"{kind}台账" in clerk.click("ledger", kind, "", f"{today:%Y-%m}-01", f"{today}", "no")
    assert clerk.files("台账/*.xlsx") == 3


def test_a_month(desk, monkeypatch):
    """The whole month succeeds through the buttons alone, and 核验 of the workbook says yes; no box shows a traceback, no last
    sentence a word of English; and what it took is what README says.
    """
    opened: list[Path] = []
    monkeypatch.setattr(machine, "show", opened.append)
    desk.sheet("执法检查人员名录库").range("B6").value = "河南店所"  # left behind by a colleague
    clerk = Clerk(desk)
    for part in (registry, ceremony, quickly, afterwards):
        part(clerk)
    proof = run(BY_ID["verify"], {"record": desk.path, "book": None, "public": None, "slip": None})
    assert proof.message.startswith("核验结论：是")
    assert len(desk.logged()) == 7
    assert [path.name for path in opened] == [show.FILE] * 2
    assert not any("Traceback" in text for text in clerk.boxes)
    for text in clerk.ends:
        assert re.match(r"“?[\u4e00-\u9fff]", text)
        assert not ENGLISH.search(re.sub(r"\.[a-z]+", "", text.replace(str(desk.folder), ""))), text
    readme = README.read_text(encoding="utf-8")
    if os.environ.get("SSJ_GOLDEN") == "write":
        readme = BLOCK.sub(clerk.table(), readme)
        README.write_text(readme, encoding="utf-8")
    assert BLOCK.findall(readme) == [clerk.table()]
