"""What stands on the sheet 导入预览, and what is said about it."""

from __future__ import annotations

NOTE, HEADING, WHOLE = "说明", "来源的列", "统一填写"
"""Kinds of rows: about the import, a column of the file, a column that the file lacks."""
FILE, TARGET, SHEET, TOP, COUNTS, CHECK, LACKS, OTHERS = "来源文件", "导入到", "来源工作表", "标题行", "数目", "怎么做", "还缺", "注意"
LEFT_OUT = "不导入"
UNKNOWN = "认不出"
NEEDED, OPTIONAL = "必填", "可不填"
ROW, ROWS = "第 {first} 行", "第 {first}–{last} 行"
WHAT_TO_DO = "请核对“归入列”，不对就从列表里改，不要的选“不导入”；整批相同的内容填在“统一填写”一列；然后点“确认导入”。在那以前什么都没有导入。"
LACKING = "必填的列 {columns} 还没有着落：请给它们选来源的列，或统一填写。"

PREVIEWED = "“{file}”的列已经摆在“{sheet}”上，还没有导入到“{target}”。请核对以后再点“确认导入”。"
NEXT = "ssj confirm {book}"

EMPTY = "“{sheet}”是空的，没有等着确认的导入。请先用“导入名单”选一个文件。"
BROKEN = "“{sheet}”里“{what}”那一行被改动过，不知道要导入什么。请再用“导入名单”选一次文件。"
FILE_GONE = "{cell} 写的来源文件“{path}”已经不在那里。请放回原处，或者再用“导入名单”选一次文件。"
FILE_CHANGED = "来源文件“{path}”在预览以后被改动过。请再用“导入名单”选一次，看看现在的内容。"
UNKNOWN_COLUMN = "{cell} 填的“{seen}”，“{target}”里没有这一列。{hint}请从列表里选，不要就选“不导入”。"
LIKE = "是不是“{word}”？"
TWO_COLUMNS = "{cell} 和 {other} 都归入了“{column}”。一列只能来自一个标题，请把其中一个改成“不导入”或别的列。"
FILLED_TWICE = "{cell} 和 {other} 都给“{column}”统一填写了内容。请只留一处。"
NO_COLUMN = "{cell} 填了“{seen}”，同一行的“归入列”却没有选列。请选一列，或清空这一格。"
BAD_FILL = "{cell} 的内容不能用：{why}"
MISSING_COLUMNS = "必填的列还没有着落：{missing}。请在“{sheet}”里给它们选来源的列（文件里的标题有：{seen}），或统一填写，再点“确认导入”。"
