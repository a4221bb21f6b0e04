"""`ssj demo`: the whole street, from an empty folder to a public roster, through the same door as everyone.

Every step is a command run by `doors.run`; this module only makes source files and sets the clock, so that
a task drawn "five weeks ago" has results today.
"""

from __future__ import annotations

import csv
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.doors import synthetic
from ssj_xlwings.doors.run import run
from ssj_xlwings.types import Outcome, Refusal
from ssj_xlwings.vocabulary import demo as words
from ssj_xlwings.vocabulary import divisions
from ssj_xlwings.vocabulary.commands import BY_ID, LEDGERS
from ssj_xlwings.vocabulary.faults import reason
from ssj_xlwings.vocabulary.lookup import records
from ssj_xlwings.vocabulary.sentences import doors as say
from ssj_xlwings.vocabulary.tables import BY_NAME

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ssj_xlwings.types import Request

FIRMS, PEOPLE, PEOPLE_OF_A_CITY = 1200, 48, 400
CODE, CLASS = (BY_NAME["subjects"].column(name).header for name in ("code", "class"))
DAYS_AGO_FROZEN, DAYS_AGO_CHECKED = 35, 12


class Street:
    """One run of the demonstration: the folder, the clock, and what was said at each step."""

    def __init__(self, request: Request, folder: Path) -> None:
        self.request = request
        self.folder = folder
        self.book = folder / words.BOOK_NAME
        self.sources = folder / words.FOLDERS["sources"]
        self.clock: datetime = request.now - timedelta(days=DAYS_AGO_FROZEN)
        self.lines: list[str] = []

    def step(self, label: str, command: str, /, **args: Any) -> Outcome:
        """Run one command as a person would, and keep its sentence."""
        self.request.progress(words.STEPS[label])
        declared = BY_ID[command]
        blank: dict[str, Any] = {param.name: ([] if param.kind in ("texts", "pairs") else False if param.kind == "flag" else None) for param in declared.params}
        if "book" in blank:
            blank["book"] = self.book
        outcome = run(declared, {**blank, **args}, operator=words.OPERATOR, now=lambda: self.clock,
                      entropy=self.request.entropy, progress=self.request.progress)
        self.lines.append(f"{words.STEPS[label]}：{outcome.message}")
        return outcome

    def bring(self, label: str, sheet: str, rows: list[dict[str, str]], **shape: Any) -> None:
        """Import rows through a source file, as staff do."""
        file = synthetic.write_csv(self.sources / f"{sheet}.csv", rows, **shape)
        self.step(label, "import", table=sheet, file=file)


def demo(request: Request) -> Outcome:
    """Make the demonstration in a new folder. Refusal if the folder is not empty.

    With `firms`, a real registration export takes the place of the made-up firms, in a city of twenty counties.
    """
    from pathlib import Path

    folder = request.args["folder"] or Path("ssj-demo").absolute()
    if folder.exists() and any(folder.iterdir()):
        raise Refusal(say.DEMO_EXISTS, path=folder)
    people = request.args["people"] or str(PEOPLE_OF_A_CITY if request.args["firms"] else PEOPLE)
    if not people.isdecimal():
        raise Refusal(say.NOT_A_NUMBER, label=BY_ID["demo"].params[2].label, seen=people)
    firms = _export(request.args["firms"]) if request.args["firms"] else []
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(say.CANNOT_WRITE, path=folder, why=reason(error)) from error
    street = Street(request, folder)
    if firms:
        _city(street, firms, int(people))
    else:
        _county(street, int(people))
    _prepare(street)
    _draw(street)
    _inspect(street)
    return Outcome(message=say.DEMO_DONE.format(path=folder, book=words.BOOK_NAME), lines=[*street.lines, *_made(folder)])


def _made(folder: Path) -> list[str]:
    """Every file made, by folder; the backups are only counted."""
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    backups = [path for path in files if path.parts[0] == words.BACKUPS]
    return [say.FILES, *(f"  {path}" for path in files if path not in backups), say.BACKUPS.format(folder=words.BACKUPS, count=len(backups)), say.DEMO_LOOK]


def _county(street: Street, people: int) -> None:
    """A county bureau with six stations and made-up firms."""
    street.step("new", "new", bureau=words.BUREAU, division=words.DIVISION, year=f"{street.clock:%Y}")
    stations = [synthetic.Office(f"涉县{name}", words.DIVISION, "所", area) for name, area in words.STATIONS]
    street.bring("units", "单位", [_office(station) for station in stations])
    title = (words.TITLE.format(bureau=words.BUREAU), words.FILLED_BY.format(bureau=words.BUREAU))
    street.bring("subjects", "检查对象名录库", synthetic.firms(FIRMS, seed=2026), title=title, encoding="gb18030")
    bureau = synthetic.Office(words.BUREAU, words.DIVISION, "县局", "")
    _people(street, [bureau, *stations], people)


def _export(path: Path) -> list[dict[str, str]]:
    """The rows of a registration export, each with a synthetic class. Refusal if it is none."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            rows = list(csv.DictReader(file))
        except (UnicodeDecodeError, csv.Error):
            rows = []
    if not rows or CODE not in rows[0]:
        raise Refusal(say.NOT_AN_EXPORT, name=path.name, heading=CODE)
    return [{**row, CLASS: synthetic.share(row[CODE] or "", synthetic.CLASS_SHARES)} for row in rows]


def _city(street: Street, firms: list[dict[str, str]], people: int) -> None:
    """A city bureau with its counties and two zones, and real registered firms with synthetic classes."""
    street.step("new", "new", bureau=words.CITY_BUREAU, division=words.CITY_DIVISION, year=f"{street.clock:%Y}")
    zones = [synthetic.Office(*zone) for zone in words.ZONES]
    street.bring("units", "单位", [_office(zone) for zone in zones])
    street.bring("subjects", "检查对象名录库", firms)
    counties = [d for d in divisions.below(words.CITY_DIVISION) if not d.until and d.code != words.CITY_DIVISION]
    units = FileBook(street.book).read(["units"])["units"]
    named = {row["division"]: row["name"] for row in records(units)}
    offices = [synthetic.Office(named[d.code], d.code, "县局", d.name) for d in counties] + zones
    _people(street, [*offices, synthetic.Office(words.CITY_BUREAU, words.CITY_DIVISION, "市局", "")], people)


def _office(office: synthetic.Office) -> dict[str, str]:
    return {"单位名称": office.name, "行政区划代码": office.division, "层级": office.level, "辖区名称": office.area}


def _people(street: Street, offices: list[synthetic.Office], count: int) -> None:
    street.bring("inspectors", "执法检查人员名录库", synthetic.inspectors(offices, count, street.clock.date(), seed=2027))


def _prepare(street: Street) -> None:
    """Items, plan, task and scope: what staff would type into the sheets."""
    start = street.clock.date()
    end = start + timedelta(days=30)
    joint = "、".join(words.JOINT)
    street.bring("items", "抽查事项清单", synthetic.items())
    street.bring("plans", "年度抽查计划", [{
        "计划名称": words.PLAN, "计划类型": "内部联合", "抽查事项": joint, "实施开始": f"{start:%Y}-01-10", "实施截止": f"{start:%Y}-12-31"}])
    street.bring("tasks", "抽查任务", [{
        "任务名称": words.TASK, "所属计划": words.PLAN, "抽查事项": joint, "检查开始": start.isoformat(), "检查截止": end.isoformat()}])
    street.bring("tasks", "抽查范围", [{"任务": words.TASK, "列": "主体类型", "条件": "等于其一", "值": "企业、农民专业合作社"}])
    street.step("check", "check")


def _draw(street: Street) -> None:
    task = words.TASK
    street.step("freeze", "freeze", task=task, speaker=[name for name, _ in words.SPEAKERS], host=words.HOST, place=words.PLACE, witness=[words.WITNESS])
    street.clock += timedelta(minutes=20)
    outcome = street.step("draw", "draw", task=task, say=list(words.SPEAKERS))
    street.step("verify", "verify", record=outcome.folder, book=street.book, slip=None)
    street.step("papers", "papers", task=task, out=street.folder / words.FOLDERS["papers"])


def _inspect(street: Street) -> None:
    """Twenty days later: results come in, the roster and the ledgers go out."""
    street.clock = street.request.now - timedelta(days=DAYS_AGO_CHECKED)
    drawn = records(FileBook(street.book).read(["results"])["results"])
    rows = synthetic.results(drawn, street.clock.date())
    street.bring("results", "检查结果", rows)
    street.clock = street.request.now
    street.step("publish", "publish", task=words.TASK, out=street.folder / words.FOLDERS["public"])
    for kind in LEDGERS:
        street.step("ledgers", "ledger", kind=kind, out=street.folder / words.FOLDERS["ledgers"])
