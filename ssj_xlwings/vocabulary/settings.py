"""The settings of a workbook: what `ssj new` writes into 参数 and every command reads from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import upgrade as say

if TYPE_CHECKING:
    from pathlib import Path

    from ssj_xlwings.types import Frame

SCHEMA = "1"
"""The number of the workbook's shape, kept in 参数. A workbook with a higher one is refused; `ssj upgrade` raises a lower one.

It rises by one when a program of the former number would misread, blame or spoil what a workbook of this one holds: a sheet, heading,
kind or setting renamed, gone or meaning something else; a word more or less in a closed list; a further column that must be filled; a
further event in 抽取记录. It stays where something comes that the former program may leave alone: a sheet, a column that may be blank, a
setting whose default is what was done before. `tests/vocabulary/test_schema.py` holds us to it.
"""


class Setting(NamedTuple):
    """One row of 参数."""

    name: str
    key: str
    default: str
    help: str


SETTINGS = (
    Setting("bureau", "单位名称", "", "印在所有文书上。"),
    Setting("division", "行政区划代码", "", "本局的 6 位区划代码，用来编号。"),
    Setting("year", "年度", "", "本工作簿的年度。"),
    Setting("book", "簿号", "", "本工作簿的编号，抽取档案按它存放。请不要改。"),
    Setting("schema", "表格版本", SCHEMA, "请不要改。"),
    Setting("platform", "平台名称", "国家企业信用信息公示系统", "公示渠道的名称，印在名册上。"),
    Setting("rate_A", "默认比例A", "3%", "任务没有写比例时用这个。"),
    Setting("rate_B", "默认比例B", "4%", "同上。"),
    Setting("rate_C", "默认比例C", "5%", "同上。"),
    Setting("rate_D", "默认比例D", "6%", "同上。"),
    Setting("rate_未评", "默认比例未评", "3%", "同上。"),
    Setting("minimum", "每层最少户数", "1", "比例大于 0 的每个事项、每层至少抽几户。"),
    Setting("alternates", "备选户数", "2", "每个事项、每层另抽几户备选。"),
    Setting("team", "每户检查人员数", "2", "不得少于 2 人。"),
    Setting("recheck", "多少天内查过不再抽", "90", "填 0 就不排除。"),
    Setting("ceiling", "每户每年最多检查次数", "4", "填 0 就不限制。"),
    *(Setting(f"ceiling_{name}", f"每年最多检查次数{name}", "", "不填就用上面的次数。") for name in ("A", "B", "C", "D", "未评")),
    Setting("meter_base", "年度比例基数", "", "年度抽查比例的分母（户数）。不填就数名录库里有效、存续的对象。"),
    Setting("meter_date", "年度比例基数日期", "", "基数是哪一天的，例如 2026-01-01。不填就是统计当天。"),
    Setting("meter_rule", "年度比例计数规则", "去重户数", "去重户数：一户全年只算一次；检查户次：每个任务各算一次。"),
    Setting("meter_total", "年度抽查比例目标", "3%", "各级合计不低于。"),
    Setting("meter_省", "省级抽查比例目标", "0.5%", ""),
    Setting("meter_市", "市级抽查比例目标", "1%", ""),
    Setting("entry_days", "结果录入期限", "5", "检查后多少个工作日内录入。"),
    Setting("publish_days", "公示期限", "20", "检查完成后多少个工作日内公示。"),
    Setting("confirm_days", "比对确认期限", "2", "派发后多少个工作日内比对确认。"),
    Setting("winners", "公开记录列出抽中名单", "是", "填 否，公开记录里就只有户数，没有名单。"),
    Setting("copies", "备份份数", "20", "“备份”文件夹里留最近几份，旧的自动删去。填 0 就全部留着。"),
    Setting("phone", "监督电话", "", "印在检查任务单上。"),
)

BY_NAME = {setting.name: setting for setting in SETTINGS}
BY_KEY = {setting.key: setting for setting in SETTINGS}
ARCHIVE = "抽取档案"
LOG_FILE = "抽取记录.jsonl"


def read(frame: Frame) -> dict[str, str]:
    """The settings of a workbook by English name; what is blank or missing has its default."""
    found = {setting.name: setting.default for setting in SETTINGS}
    for key, value in zip(frame["key"], frame["value"], strict=True):
        if key in BY_KEY and value:
            found[BY_KEY[key].name] = value
    return found


def copies(frame: Frame) -> int:
    """How many former versions are kept beside the workbook, 0 for all of them: also where no number stands, which a check names."""
    value = read(frame)["copies"]
    return int(value) if value.isascii() and value.isdecimal() else 0


def refuse_newer(values: dict[str, str]) -> None:
    """Refusal if the workbook was made by a newer program than this."""
    seen = values["schema"]
    if not seen.isdecimal():
        raise Refusal(say.BAD_SCHEMA, seen=seen)
    if int(seen) > int(SCHEMA):
        raise Refusal(say.NEWER, seen=seen, want=SCHEMA)


def archive(book: Path, settings: dict[str, str]) -> Path:
    """The folder of this workbook's log and draw records. It hangs on 簿号, so a renamed book keeps it."""
    return book.parent / ARCHIVE / (settings["book"] or book.stem)


def is_workbook(path: Path) -> bool:
    """Whether a path names an Excel workbook rather than a folder or a file of a record."""
    return path.suffix.lower() in (".xlsx", ".xlsm")
