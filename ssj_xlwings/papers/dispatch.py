"""What leaves for the units after a draw: 抽取结果表 and 派发单."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ssj_xlwings.papers.attempts import Attempt, batches_line
from ssj_xlwings.papers.listing import Field, Listing, listing_file, write_listing
from ssj_xlwings.papers.page import Papers
from ssj_xlwings.papers.task_sheets import Visit, by_unit
from ssj_xlwings.papers.wording import day, safe_name, sheet_names
from ssj_xlwings.types import File
from ssj_xlwings.vocabulary.clock import beijing
from ssj_xlwings.vocabulary.sentences import papers as say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ssj_xlwings.papers.forms import Job

FIELDS = (
    Field("序号", 24, short=True), Field("统一社会信用代码", 102, short=True), Field("名称", 130), Field("住所", 150), Field("管辖单位", 92),
    Field("检查事项", 142), Field("组长", 42, short=True), Field("组员", 46, short=True),
)


BATCH = Field("批次", 26, short=True)


def _fields(visits: Sequence[Visit]) -> tuple[Field, ...]:
    """The columns; with the batch behind the number where there are batches."""
    return (FIELDS[0], BATCH, *FIELDS[1:]) if any(one.batch for one in visits) else FIELDS


def _line(job: Job, one: Visit, fields: Sequence[Field]) -> tuple[str, ...]:
    names = [name for name, _ in one.team]
    return one.no, *([one.batch] if BATCH in fields else []), one.code, one.name, one.address, one.unit, job.item_names(one.items), "".join(names[:1]), "、".join(names[1:])


def result_table(job: Job, visits: Sequence[Visit], attempt: Attempt) -> File:
    """抽取结果表: the visits in calling order, with the scope they were drawn from."""
    fields, batches = _fields(visits), batches_line(attempt)
    listing = Listing(
        title="双随机抽取结果表",
        head=(f"任务：{job.task['name']}（{job.task['number']}，第 {attempt.number} 次）", f"{job.bureau}　打印日期：{day(beijing(job.now).date().isoformat())}"),
        notes=(say.SCOPE.format(scope=attempt.frozen.get("scope", ""), pool=attempt.frozen["pool"]), *([batches] if batches else [])),
        fields=fields, rows=[_line(job, one, fields) for one in visits],
        totals=f"合计：{len(visits)} 户，{sum(len(one.items) for one in visits)} 项次，{len({one.unit for one in visits})} 个单位。序号为公布顺序。",
        signers=("主持人", "操作人", "日期"),
    )
    return listing_file(f"抽取结果表-{safe_name(job.task['number'])}.xlsx", listing, job.bureau, job.now)


@dataclass(frozen=True)
class Deadlines:
    """Days by which a unit must have done what, as printed. `confirm` by unit (dispatch days differ)."""

    dispatched: Mapping[str, str]
    confirm: Mapping[str, str]
    confirm_days: str
    entry: str
    publish: str


def dispatch_sheets(job: Job, visits: Sequence[Visit], deadlines: Deadlines) -> File:
    """派发单: one workbook, a sheet for each unit, to be signed for."""
    papers = Papers("派发单", job.bureau, job.now)
    units = by_unit(visits)
    for name, (unit, group) in zip(sheet_names(unit for unit, _ in units), units, strict=True):
        write_listing(papers, name, _sheet(job, unit, group, deadlines))
    return File(f"派发单-{safe_name(job.task['number'])}.xlsx", papers.data())


def _sheet(job: Job, unit: str, visits: Sequence[Visit], deadlines: Deadlines) -> Listing:
    task, fields = job.task, _fields(visits)
    return Listing(
        title="双随机抽查派发单",
        head=(f"承办单位：{unit}　共 {len(visits)} 户", f"派发单位：{job.bureau}　派发日期：{deadlines.dispatched[unit]}"),
        notes=(
            f"任务：{task['name']}（{task['number']}）　检查时间：{day(task['start'])} 至 {day(task['end'])}",
            f"结果录入截止：{deadlines.entry}　公示截止：{deadlines.publish}",
            say.CONFIRM.format(date=deadlines.confirm[unit], days=deadlines.confirm_days),
        ),
        fields=fields, rows=[_line(job, one, fields) for one in visits],
        totals=f"合计：{len(visits)} 户，{sum(len(one.items) for one in visits)} 项次。",
        signers=("派发人", "签收人", "签收日期"),
    )
