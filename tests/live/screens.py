"""Pictures of the live workbook as a clerk sees it: `python -m tests.live.screens FOLDER [docs/images]` clicks and photographs, under Xvfb (with scrot).

Kept out of the repository but for those that the README shows. LibreOffice shows the sheets; the tab 双随机 only Excel shows.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import xlwings
from PIL import Image

from ssj_xlwings.doors import synthetic
from tests.doors.conftest import TASK, Desk, _Silent, fill
from tests.live.calc import App, engine
from tests.live.conftest import FREEZE, SAID, LiveDesk
from tests.live.office import Office

SIZE = 1600, 1000
KEPT = {"check": 330, "roster": 300}
"""What the README shows: heights in pixels."""
SETTLED = 1.5
"""Seconds until LibreOffice has drawn what it was told."""


class Camera:
    """A screen of its own, and a LibreOffice on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        reading, writing = os.pipe()
        self.screen = subprocess.Popen(["Xvfb", "-displayfd", str(writing), "-screen", "0", "{}x{}x24".format(*SIZE), "-nolisten", "tcp"],
                                       pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as told:
            self.display = f":{told.readline().strip()}"
        self.office = Office(self.display)
        xlwings.engines.add(xlwings.Engine(impl=engine))
        self.app = App(self.office.desktop)

    def close(self) -> None:
        self.office.close()
        self.screen.terminate()
        self.screen.wait()

    def shoot(self, desk: LiveDesk, name: str, sheet: str, cell: str = "A1") -> None:
        """One sheet, with that cell selected, as large as the screen."""
        controller = desk.opened.impl.doc.CurrentController
        controller.Frame.ContainerWindow.setPosSize(0, 0, *SIZE, 15)
        controller.setActiveSheet(desk.sheet(sheet).impl.uno)
        controller.select(desk.sheet(sheet).range(cell).impl.uno)
        controller.setFirstVisibleRow(0)
        controller.setFirstVisibleColumn(0)
        time.sleep(SETTLED)
        subprocess.run(["scrot", "-o", str(self.folder / f"{name}.png")], check=True, env={**os.environ, "DISPLAY": self.display})


def walk(camera: Camera, folder: Path) -> None:
    """check, freeze, draw, quick draw, results, roster; a picture after each."""
    at_terminal, desk = Desk(folder, _Silent()), LiveDesk(camera.app, folder, random.Random(1))
    headings = desk.sheet("检查对象名录库").range((1, 1), (1, 40)).value
    for heading, row, value in (("统一社会信用代码", 3, "91130426MA0000000X"), ("主体名称", 5, ""), ("登记状态", 8, "开业"), ("登记状态", 9, "开业"), ("成立日期", 11, "2062-03-04")):
        desk.sheet("检查对象名录库").range((row, headings.index(heading) + 1)).value = value
    desk.click("check")
    camera.shoot(desk, "home", "首页")
    camera.shoot(desk, "firms", "检查对象名录库", "B4")
    camera.shoot(desk, "check", "校验结果", "A2")
    desk.reopen()
    desk.do("freeze", **FREEZE)
    desk.do("draw", task=TASK, say=SAID)
    for name, sheet in (("tasks", "抽查任务"), ("visits", "抽取结果与派发"), ("drawn", "抽取记录")):
        camera.shoot(desk, name, sheet)
    desk.opened.close()
    quick = ("--sheet", "检查对象名录库", "--rows", "5-40", "--take", 3, "--purpose", "科室例会抽查台账", "--speaker", "甲", "--speaker", "乙")
    at_terminal.good("quick", folder / "台账.xlsx", *quick)
    number = str(at_terminal.read("log")["task"].iloc[-1])
    at_terminal.good("draw", folder / "台账.xlsx", number, "--say", "甲=123456", "--say", "乙=654321")
    desk.__post_init__()
    camera.shoot(desk, "quick", "抽取记录")
    rows = [row for row in desk.live.read(["results"])["results"].to_dict("records") if not row["withheld"]]
    results = synthetic.write_csv(folder / "检查结果.csv", synthetic.results(rows, date(2026, 11, 20)))
    desk.do("import", table="检查结果", file=results)
    camera.shoot(desk, "results", "检查结果")
    desk.do("publish", task=TASK, out=folder / "公示")
    camera.shoot(desk, "roster", "公示名册")
    camera.shoot(desk, "home_after", "首页")


def keep(folder: Path, docs: Path) -> None:
    """The README's pictures: the sheet alone, without the frame of LibreOffice, in few colours."""
    for name, height in KEPT.items():
        with Image.open(folder / f"{name}.png") as whole:
            whole.crop((0, 108, SIZE[0] - 62, 108 + height)).quantize(48).save(docs / f"live-{name}.png", optimize=True)


def main(out: str, docs: str = "") -> None:
    camera, folder = Camera(Path(out)), Path(tempfile.mkdtemp(prefix="ssj-screens-"))
    os.environ["SSJ_OPERATOR"] = "王五"
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            fill(Desk(folder, _Silent()))
        walk(camera, folder)
    finally:
        camera.close()
        shutil.rmtree(folder)
    if docs:
        keep(Path(out), Path(docs))


if __name__ == "__main__":
    main(*sys.argv[1:])
