"""检查任务单: one page a subject with all its items (一企一表), one workbook a unit.

Manual page breaks need an explicit print scale (fit-to-page would ignore them). The scale is the
largest at which every page of the unit is one page; what is left free goes to the boxes people write in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from ssj_xlwings.papers import forms
from ssj_xlwings.papers.forms import DATE_BLANK, GRID, LINE, WHOLE, Job, boxes, field_row, two_fields
from ssj_xlwings.papers.measure import (
    BODY,
    ENDS,
    FULL,
    LABEL,
    PLAIN,
    SCALES,
    SIGNATURE,
    SMALL,
    SMALL_CENTRED,
    Cell,
    Row,
    fitting_scale,
    page_height,
    row,
)
from ssj_xlwings.papers.page import Papers
from ssj_xlwings.papers.wording import day, distinct, safe_name
from ssj_xlwings.types import File
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.sentences import papers as say
from ssj_xlwings.vocabulary.text import normal
from ssj_xlwings.vocabulary.values import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NO_UNIT = "未定单位"
MOST_BREAKS = 1000
"""Excel takes 1023 manual page breaks on a sheet."""
POINTS = (0, 160, 120, 90, 60, 30)
"""How much of an item's 检查内容及要点 is printed (0: all), tried in turn when no legible scale fits a page."""
LEGIBLE = 0.74
"""At this scale the items' 9 points are printed as 6.7."""


@dataclass(frozen=True)
class Visit:
    """One subject to be visited. `team`: (name, certificate number), leader first."""

    no: str
    code: str
    name: str
    address: str
    unit: str
    items: tuple[str, ...]
    team: tuple[tuple[str, str], ...]
    above: str = ""
    """For what it was drawn above as well, in words."""
    batch: str = ""
    """Which batch, where the lot decided the order of batches."""


def visit(line: Mapping[str, str], known: Mapping[str, str], above: Mapping[str, str] | None = None) -> Visit:
    """A visit from its row in 抽取结果与派发; `known`: inspectors' names by certificate number; `above`: subjects drawn
    above as well, for what.
    """
    numbers, names = words(line["team"]), [line["leader"], *words(line["members"])]
    if len(names) != len(numbers):  # two members of one name are written once
        names = [known.get(number, "") for number in numbers]
    team = tuple(zip(names, numbers, strict=True)) if numbers else tuple((name, "") for name in filter(None, (line["leader"], *words(line["members"]))))
    code = "" if line["subject"] == line["name"] else line["subject"]
    return Visit(line["no"], code, line["name"], line["address"], line["unit"] or NO_UNIT, tuple(words(line["items"])), team, (above or {}).get(line["subject"], ""), line["batch"])


def by_unit(visits: Sequence[Visit]) -> list[tuple[str, list[Visit]]]:
    """Visits unit by unit, in calling order inside a unit."""
    order = sorted(visits, key=lambda one: one.unit)
    return [(unit, list(group)) for unit, group in groupby(order, key=lambda one: one.unit)]


def task_sheets(job: Job, visits: Sequence[Visit]) -> list[File]:
    """A workbook for each unit: 检查任务单-<task number>-<unit>.xlsx."""
    units = by_unit(visits)
    names = distinct((safe_name(unit) for unit, _ in units), 60)
    return [_workbook(job, unit, group, f"检查任务单-{safe_name(job.task['number'])}-{name}.xlsx") for name, (unit, group) in zip(names, units, strict=True)]


def _workbook(job: Job, unit: str, visits: Sequence[Visit], name: str) -> File:
    pages, scale = _pages(job, visits)
    papers = Papers("检查任务单", job.bureau, job.now)
    papers.footer = f"{unit}　{job.task['number']}"
    for start in range(0, len(pages), MOST_BREAKS):
        sheet = papers.sheet("检查任务单" if not start else f"检查任务单{start // MOST_BREAKS + 1}", FULL, GRID, scale)
        breaks = []
        for rows in pages[start : start + MOST_BREAKS]:
            free = max(0.0, FULL.height / scale - page_height(rows, FULL, GRID, scale))
            shares = sum(made.grows for made in rows)
            for made in rows:
                sheet.write(made, free * made.grows / shares)
            breaks.append(sheet.at)
        sheet.sheet.set_h_pagebreaks(breaks[:-1])
        sheet.close()
    return File(name, papers.data())


def _pages(job: Job, visits: Sequence[Visit]) -> tuple[list[list[Row]], float]:
    """The pages of a unit and their scale. Where no legible one does, points are shortened; then it
    gets smaller; at last (far more items than anyone checks in one visit) a page runs over at a row's edge.
    """
    pages: list[list[Row]] = []
    scale = 0.0
    for longest in POINTS:
        pages = [_page(job, one, len(visits), at, longest) for at, one in enumerate(visits, 1)]
        scale = fitting_scale(pages, FULL, GRID)
        if scale >= LEGIBLE:
            return pages, scale
    return pages, scale or SCALES[-1]


def _page(job: Job, one: Visit, count: int, at: int, longest: int) -> list[Row]:
    task = job.task
    return [
        *forms.head(job.bureau, "双随机抽查检查任务单"),
        row(Cell("（一企一表）", 12, PLAIN), Cell(f"抽取序号 {one.no}　{f'第 {one.batch} 批　' if one.batch else ''}本单位第 {at} 户，共 {count} 户", 12, ENDS)),
        two_fields(("任务名称", task["name"]), ("任务编号", task["number"])),
        two_fields(("被检查单位", one.name), ("信用代码", one.code)),
        two_fields(("住所", one.address), ("管辖单位", one.unit)),
        two_fields(("检查期限", f"{day(task['start'])} 至 {day(task['end'])}"), ("检查日期", DATE_BLANK)),
        *([field_row("上级抽取", say.ALSO_ABOVE.format(words=one.above))] if one.above else []),
        field_row("核查方式", boxes(codelists.METHODS), SMALL),
        *_items(job, one, longest),
        *_materials(job, one),
        field_row("检查程序", boxes(say.CHECKLIST), SMALL),
        field_row("检查结果", boxes(codelists.RESULTS), SMALL),
        field_row("后续处置", boxes((*codelists.FOLLOW_UPS[:-1], f"{codelists.FOLLOW_UPS[-1]}＿＿＿＿＿＿")), SMALL),
        row(Cell(say.RIGHTS.format(phone=job.phone or "＿＿＿＿＿＿＿＿"), WHOLE, SMALL)),
        _opinion("被检查单位\n意见", "签名（盖章）", grows=3),
        *_team(one),
        _opinion("组长\n审核意见", "组长签名", grows=2),
    ]


def _items(job: Job, one: Visit, longest: int) -> list[Row]:
    spans = (1, 6, 8, 2, 4, 3)
    rows = [forms.table_row(spans, ("序号", "检查事项", "检查内容及要点", "是否\n检查", "发现问题", "处置"), header=True)]
    for number, code in enumerate(one.items, 1):
        item = job.items.get(code, {})
        points = item.get("points") or ("依据：" + item["basis"] if item.get("basis") else "")
        if longest and len(points) > longest:
            points = points[:longest] + say.FULL_POINTS
        rows.append(row(
            Cell(str(number), 1, SMALL_CENTRED), Cell(item.get("name", code), 6, SMALL), Cell(points, 8, SMALL), Cell("□是\n□否", 2, SMALL_CENTRED),
            Cell("□无\n□有＿＿＿＿", 4, SMALL), Cell("", 3, SMALL), least=LINE, grows=2,
        ))
    return rows


def _materials(job: Job, one: Visit) -> list[Row]:
    texts = (job.items.get(code, {}).get("materials", "") for code in one.items)
    wanted = dict.fromkeys(normal(word) for text in texts for word in re.split("[；;\n]", text) if normal(word))
    return [field_row("要求提供\n材料", boxes(wanted), SMALL)] if wanted else []


def _opinion(label: str, signs: str, grows: int) -> Row:
    return row(Cell(label, 4, LABEL), Cell("", 10, BODY), Cell(f"{signs}：\n\n{DATE_BLANK}", 10, BODY), least=SIGNATURE, grows=grows)


def _team(one: Visit) -> list[Row]:
    """Two or three inspectors a row: name, certificate number, room for the signature."""
    people = [f"{name}{'（组长）' if not at else ''}\n证号 {number}\n签名：" for at, (name, number) in enumerate(one.team)] or ["", ""]
    spans = (7, 7, 6) if len(people) % 3 == 0 else (10, 10)
    people += [""] * (-len(people) % len(spans))
    return [
        row(Cell("检查人员", 4, LABEL), *(Cell(person, span, BODY) for person, span in zip(people[at:], spans, strict=False)), least=SIGNATURE)
        for at in range(0, len(people), len(spans))
    ]
