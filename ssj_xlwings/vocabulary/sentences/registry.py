"""Sentences of the registries: reading foreign files, importing, checking.

A plain text is a refusal or a line for the screen; a `Sentence` is a finding: what is wrong, what to do.
"""

from __future__ import annotations

from ssj_xlwings.types import Sentence

# Reading a source file.
NO_FILE = "找不到文件“{name}”。请核对文件名和文件夹。"
IS_FOLDER = "“{name}”是文件夹，不是文件。请指定一个 .csv、.xlsx 或 .xls 文件。"
NOT_A_FILE = "“{name}”不是普通文件，读不了。请指定一个 .csv、.xlsx 或 .xls 文件。"
CANNOT_OPEN = "打不开“{name}”（{why}）。如果它正在 Excel 里打开，请先关闭再导入。"
EMPTY = "“{name}”是空的，没有可以导入的内容。"
LOCKED = "“{name}”有打开密码。请加上 --password 再导入，密码会另外询问，不会留下记录；也可以在 Excel 里去掉密码后另存。"
STILL_LOCKED = "“{name}”的打开密码不对。请核对大小写和输入法，加上 --password 再做一次。"
DAMAGED_FILE = "“{name}”已经损坏，读不出来。请在 Excel 里打开核对，另存为 .xlsx 后再导入。"
TOO_MUCH = "“{name}”太大或太复杂，读了 {seconds} 秒还没有读完。请在 Excel 里只留要导入的那张表，另存为 .xlsx 后再导入。"
TOO_BIG = "“{name}”太大或太复杂，要占的内存超过了限度，没有读。请在 Excel 里只留要导入的那张表，删掉远处多余的格，另存为 .xlsx 后再导入。"
TOO_WIDE = "“{name}”第 {row} 行超过了 {most} 列，Excel 也放不下。请核对分隔符和换行，只留要导入的列，再导入。"
TOO_LONG_LIST = "“{name}”超过了 {most} 行，Excel 也放不下。请删去多余的行，或分成几个文件，再导入。"
WEB_PAGE = "“{name}”其实是网页或 XML，不是表格文件。请在 Excel 里打开，另存为 .xlsx 后再导入。"
NOT_A_TABLE = "“{name}”不是 .csv、.xlsx 或 .xls 文件，读不了。请在 Excel 里打开，另存为 .xlsx 后再导入。"
NOT_TEXT = "“{name}”的文字编码认不出来。请在 Excel 里打开，另存为 .xlsx 后再导入。"
QUOTES = "“{name}”第 {row} 行附近的引号不成对，分不清单元格。请在 Excel 里打开，另存为 .xlsx 后再导入。"

# Headings.
NO_HEADINGS = "“{name}”的前 {top} 行里找不到“{sheet}”的标题行。最像标题的一行是：{seen}。可以用的列名：{columns}。请给文件加上标题行，或用 --map 列=标题 指定（没有标题的列写字母，例如 --map {column}=B列），或加 --preview 在“导入预览”里逐列选。"
MISSING_COLUMNS = "“{name}”里找不到必填的列：{missing}。文件里的标题有：{seen}。请用 --map 列=标题 指定，例如 --map {column}={heading}；整批相同的内容用 --set 列=内容。"
SOME_HEADING = "标题"
LETTERED = "{letters}列"
MAP_COLUMN = "--map 里的列“{seen}”不在“{sheet}”里。可以用的列：{columns}。"
MAP_HEADING = "--map 里的标题“{seen}”不在“{name}”里。文件里的标题有：{headings}。"
SET_COLUMN = "--set 里的列“{seen}”不在“{sheet}”里。可以用的列：{columns}。"
SET_VALUE = "--set 的内容不能用：{why}"
TABLE_UNKNOWN = "不能导入到“{seen}”。{nearest}可以导入的表：{tables}。"
NEAREST_TABLE = "最接近的是“{word}”。"

GIVEN, REMEMBERED, KNOWN, GUESSED = "指定", "上次指定", "标题相符", "猜测"
ROW_NUMBER, REASON = "行号", "原因"
REFUSED_FILE = "{stem}-未导入{number}.xlsx"
WRONG_SHEET = "未导入"
TWICE_SHEET = "重复的行（仅供查看，不导入）"

# Rows that are no data, and rows that cannot be taken in.
TOTAL_ROW = "这是合计行，不导入。"
EXAMPLE_ROW = "这是示例行，不导入。"
HEADING_ROW = "这是重复的标题行，不导入。"
NOTHING_USED = "这一行在用到的列里没有内容，不导入。"
NOTE_ROW = "这是签名或说明行，不导入。"
IDLE_SORTS = {TOTAL_ROW: "合计行", EXAMPLE_ROW: "示例行", HEADING_ROW: "重复的标题行", NOTE_ROW: "签名或说明行", NOTHING_USED: "用到的列都是空的行"}
SIGNERS = (
    "审核人", "填表人", "填报人", "制表人", "复核人", "经办人", "经手人", "审批人", "录入人", "统计人", "单位负责人", "制表", "填表", "审核", "复核", "制表单位", "填报单位", "填表单位",
    "制表日期", "填表日期", "填报日期", "打印日期", "导出日期", "统计日期", "审核日期", "制表时间", "填表时间", "填报时间", "打印时间", "导出时间", "单位盖章", "签字", "签名", "盖章",
)
NOTES = ("备注", "说明", "填表说明", "填报说明", "注", "附注", "注意", "日期", "时间", "负责人", "联系人", "联系电话", "电话", "单位", "公章", "数据来源", "来源")
TWICE = "与文件第 {row} 行重复（{seen}）。请只留一行。"
NOT_DRAWN = "“{sheet}”里没有这一行（{seen}）。这张表由抽取自动列好，不能导入新的行。"

# What an import says.
READING = "正在读取 {name}…"
MERGING = "正在并入 {sheet}…"
IMPORTED = "{sheet}：来源 {total} 行，新增 {added} 行，改动 {changed} 行，不变 {unchanged} 行，未导入 {refused} 行{idle}。{none}"
IDLE = "，略过 {count} 行（{reasons}）"
IDLE_SORT = "{sort} {count} 行"
NONE_TAKEN = "没有一行能导入。"
DRY = "只看不写。"
SOURCE_LINE = "来源：{name}，{sheet}标题在第 {row} 行。"
HEADLESS_LINE = "来源：{name}，{sheet}没有标题行，第 {row} 行起就是数据。"
SOURCE_SHEET = "工作表“{sheet}”，"
HEADING_LINE = "  {column} ← {heading}（{how}）"
GUESS_LINE = "有猜测的列，请核对；不对就用 --map 列=标题 指定，或用 --map 列= 不要这一列。"
SET_LINE = "  {column} ← 统一填“{value}”"
UNUSED_LINE = "没有用到的标题：{headings}。"
LACKING_LINE = "文件里没有必填的列：{columns}。只更新已有的行，新的行不能导入。"
OTHER_SHEETS_LINE = "同一文件里的这些工作表也有认得的标题，但没有导入：{sheets}。一次只导入一张；还要导入的，请另存成单独的文件。"
OTHER_SHEET = "“{name}”（{rows} 行）"
OTHER_CONTENT_LINE = "同一文件里的这些工作表有内容，但标题认不出来，没有导入：{sheets}。"
QUOTED = "“{name}”"
TOP_ROWS = "前 {count} 行："
UNITS_LINE = "管辖单位：由住所推定 {address} 行，由代码推定 {code} 行，未能推定 {none} 行{home}。"
UNITS_HOME = "（归{home}）"
CHANGED_LINE = "  改动 {sheet}第 {row} 行 {header}：{old} → {new}"
BLANK_CELL = "（空）"
REFUSED_LINE = "  未导入 第 {row} 行：{reason}"
MORE_LINE = "  …… 另有 {count} 行未导入"
IDLE_LINE = "  略过 第 {row} 行：{reason}"
MORE_IDLE_LINE = "  …… 另有 {count} 行略过"
MORE_CELLS_LINE = "  …… 另有 {count} 格改动"
AND_MORE = " 等"
REFUSED_FILE_LINE = "没有导入的行写在“{name}”里，改好后可以直接再导入这个文件。"
TWICE_THERE = "其中重复的行另放在“{sheet}”一页，只供查看。"
TWICE_FILE_LINE = "重复的行写在“{name}”的“{sheet}”一页，只供查看，不用再导入。"
MISSING_LINE = "文件里没有、名录库里有的 {count} 行，没有改动：{names}。"

# Findings: one cell.
BLANK = Sentence("“{header}”没有填。", "请填上。{help}")
WORD = Sentence("“{header}”填的是“{seen}”。", "只能填：{allowed}。{hint}")
DATE = Sentence("“{header}”填的“{seen}”不是日期。", "请写成 2026-03-02 这样。")
RATE = Sentence("“{header}”填的“{seen}”不是比例。", "请填 0 到 100% 的比例，例如 3%；或者户数，例如 5户。")
WHOLE = Sentence("“{header}”填的“{seen}”不是整数。", "请填整数，例如 2。")
UNSEEN = Sentence("“{header}”里有看不见的字符：{seen}。", "请删去这个字符，或重新输入这一格。")
TOO_LONG = Sentence("“{header}”有 {seen} 个字。", "一格最多 {allowed} 个字。请删短。")
DAMAGED = Sentence("“{header}”是数字 {seen}，长编码存成数字已经损坏，不能恢复。", "请把这一列设成文本格式，从原来的资料重新填写。")
CODE_LENGTH = Sentence("“{header}”填的“{seen}”是 {count} 位。", "统一社会信用代码是 18 位，注册号是 15 位数字。请核对执照。")
CODE_FORM = Sentence("“{header}”填的“{seen}”写法不对。", "只能有数字和大写字母（没有 I、O、S、V、Z），第 3 到 8 位是数字。请核对执照。")
CODE_DIGIT = Sentence("“{header}”填的“{seen}”校验位不对，最后一位应当是 {allowed}。", "多半有一位抄错了。请核对执照。")
CODE_CASE = Sentence("“{header}”填的“{seen}”里有小写字母、全角字符或空格。", "请改成 {allowed}。")
CODE_COMMA = Sentence("“{header}”填的“{seen}”里有分隔符号。", "编码里不能有逗号、顿号、分号、竖线或空格。")
LIKE = "是不是“{word}”？"

# Findings: between cells, rows and tables.
ORDER = Sentence("“{header}”（{seen}）早于“{earlier}”（{allowed}）。", "请核对这两个日期。")
DUPLICATE = Sentence("“{header}”重复：“{seen}”在第 {rows} 行都有。", "只留一行，或改正写错的那一行。")
BLANK_ROWS = Sentence("中间有空行：{seen}。", "空行不会被抽到，也不算错。请看看是不是误删了内容；没有用的可以整行删去。")
ROWS = "第 {rows} 行"
ROWS_AND_MORE = "第 {rows} 行等，共 {count} 行"
REFERENCE = Sentence("“{header}”填的“{seen}”，在“{sheet}”里没有。", "{hint}请改成“{sheet}”里有的，或先在那里加上。")
NOT_HERE = Sentence("“{header}”填的“{seen}”，在“{sheet}”里没有。", "这一户没有计入年度抽查比例，抽取时也不会避开或合并它。请核对代码，或先在“{sheet}”里加上。")
NO_UNIT = Sentence("“{header}”没有填。", "没有管辖单位的户，只能由市局或本局的人员检查。请从列表里选。")

# Findings: people and items.
EXPIRED = Sentence("“{header}”是 {seen}，证件已经过期。", "过期的人员不会被抽到。换证后请更新日期。")
OFF_DUTY = Sentence("“{header}”是“{seen}”，不会被抽到。", "如果已经回岗，请改成“{allowed}”。")
TOO_FEW = Sentence("事项“{seen}”能检查的人员只有 {count} 人。", "每户要两名以上检查人员。请在“{sheet}”里补充可检查这个事项的人员。")

# Findings: tasks.
RETIRED_ITEM = Sentence("“{header}”里的“{seen}”已经失效。", "失效的事项不能再抽查。请换一个事项，或在“{sheet}”里恢复它。")
OUTSIDE_PLAN = Sentence("检查时间（{seen}）不在年度计划的实施时间（{allowed}）内。", "请改任务的日期，或先修订年度计划。")
NO_SOURCE = Sentence("临时任务没有填“{header}”。", "请写明来源，例如 投诉举报；或者填上所属计划。")
SINCE_FROZEN = Sentence("“{header}”在冻结以后被改过，填的是“{seen}”。", "冻结时是“{allowed}”，冻结以后不能改。请改回原样；确实要改，请先作废，再重新冻结。")
NOT_PLANNED = Sentence("“{header}”里的“{seen}”不在年度计划“{plan}”的事项里。", "请改任务的事项，或先修订年度计划。")
RATES_FALL = Sentence("各类比例没有从 A 到 D 递增：{seen}。", "风险越高，比例一般越高。确实这样安排的，可以不改。")
ABOVE_CEILING = Sentence("一般检查事项“{item}”的比例 {seen} 超过上限 {allowed}。", "请降低比例，或核对“抽查事项清单”里的上限。")
KEY_AT_ZERO = Sentence("重点检查事项“{item}”的{strata}比例是 0。", "重点检查事项每一类都要抽，比例应当大于 0。")
SCOPE_COLUMN = Sentence("“{header}”填的“{seen}”，检查对象名录库没有这一列。", "{hint}请填检查对象名录库的列名。")
SCOPE_NO_VALUE = Sentence("条件“{seen}”没有填“{header}”。", "请填上要比较的内容；只看有没有填的，条件请选“为空”或“不为空”。")
SCOPE_VALUE = Sentence("“{holder}”不会是“{seen}”，这个条件选不到任何一户。", "可以填：{allowed}。{hint}")
DIVISION = Sentence("“{key}”填的是“{seen}”。", "请填本局的 6 位行政区划代码，例如 130400。任务编号由它开头。")
TEAM = Sentence("“{key}”填的是“{seen}”。", "检查人员不得少于 2 人。")

# Findings: results.
OUTSIDE_TASK = Sentence("“{header}”（{seen}）不在任务的检查时间（{allowed}）内。", "请核对检查日期。")
NO_TASK = "没有填"
NO_VISIT = Sentence("“{seen}”没有在这个任务（{task}）里抽中，这一行的检查日期不算检查。", "抽取时不会因此避开这一户。请核对任务编号和代码；别处查过的，请登入“上级抽取名单”。")
STILL_TO_COME = Sentence("“{header}”（{seen}）还没有到。", "没有到的日期不算检查，抽取时不会因此避开这一户。请核对日期。")
NO_PROBLEM_TEXT = Sentence("检查结果是“{seen}”，但“{header}”没有填。", "请写明发现了什么问题。")
SAME_PERSON = Sentence("“{header}”和录入人都是“{seen}”。", "复核要由另一个人做。")

# Findings: one sentence for many cells that hold different values.
OF_A_KIND = {
    WORD: Sentence("“{header}”填了列表里没有的内容。", "只能填：{allowed}。"),
    DATE: Sentence("“{header}”填的不是日期。", DATE.remedy),
    RATE: Sentence("“{header}”填的不是比例。", RATE.remedy),
    WHOLE: Sentence("“{header}”填的不是整数。", WHOLE.remedy),
    TOO_LONG: Sentence("“{header}”的字太多。", TOO_LONG.remedy),
    DAMAGED: Sentence("“{header}”是数字，长编码存成数字已经损坏，不能恢复。", DAMAGED.remedy),
    CODE_LENGTH: Sentence("“{header}”的位数不对。", CODE_LENGTH.remedy),
    CODE_FORM: Sentence("“{header}”的写法不对。", CODE_FORM.remedy),
    CODE_DIGIT: Sentence("“{header}”的校验位不对。", "多半各有一位抄错了。请逐户核对执照。"),
    CODE_CASE: Sentence("“{header}”里有小写字母、全角字符或空格。", "请改成半角的数字和大写字母，不留空格。"),
    CODE_COMMA: Sentence("“{header}”里有分隔符号。", CODE_COMMA.remedy),
    ORDER: Sentence("“{header}”早于“{earlier}”。", ORDER.remedy),
    DUPLICATE: Sentence("“{header}”有重复，同样的内容不止一行。", "每样只留一行，或改正写错的那一行。"),
    REFERENCE: Sentence("“{header}”填的，在“{sheet}”里没有。", "请改成“{sheet}”里有的，或先在那里加上。"),
    NOT_HERE: Sentence("“{header}”填的，在“{sheet}”里没有。", "这些户没有计入年度抽查比例，抽取时也不会避开或合并。请核对代码，或先补进名录库。"),
    EXPIRED: Sentence("“{header}”早于今天，证件已经过期。", EXPIRED.remedy),
    TOO_FEW: Sentence("能检查的人员不足两人的事项有许多。", TOO_FEW.remedy),
    RETIRED_ITEM: Sentence("“{header}”里有已经失效的事项。", RETIRED_ITEM.remedy),
    OUTSIDE_PLAN: Sentence("检查时间不在年度计划的实施时间内。", OUTSIDE_PLAN.remedy),
    NOT_PLANNED: Sentence("“{header}”里有年度计划没有的事项。", NOT_PLANNED.remedy),
    RATES_FALL: Sentence("各类比例没有从 A 到 D 递增。", RATES_FALL.remedy),
    ABOVE_CEILING: Sentence("一般检查事项的比例超过上限。", ABOVE_CEILING.remedy),
    KEY_AT_ZERO: Sentence("重点检查事项有的类比例是 0。", KEY_AT_ZERO.remedy),
    SCOPE_COLUMN: Sentence("“{header}”填的，检查对象名录库没有这一列。", "请填检查对象名录库的列名。"),
    SCOPE_NO_VALUE: Sentence("有的条件没有填“{header}”。", SCOPE_NO_VALUE.remedy),
    SCOPE_VALUE: Sentence("“{header}”填了列里不会有的内容，这些条件选不到任何一户。", "请改成那一列可以填的内容。"),
    OUTSIDE_TASK: Sentence("“{header}”不在任务的检查时间内。", OUTSIDE_TASK.remedy),
    NO_VISIT: Sentence("有的户没有在所填的任务里抽中，这些行的检查日期不算检查。", NO_VISIT.remedy),
    STILL_TO_COME: Sentence("“{header}”还没有到。", STILL_TO_COME.remedy),
    NO_PROBLEM_TEXT: Sentence("检查结果有问题，但“{header}”没有填。", NO_PROBLEM_TEXT.remedy),
    NO_SOURCE: Sentence("有的临时任务没有填“{header}”。", NO_SOURCE.remedy),
    SINCE_FROZEN: Sentence("“{header}”在冻结以后被改过。", "冻结以后不能改。请逐行改回原样；确实要改，请先作废，再重新冻结。"),
    SAME_PERSON: Sentence("“{header}”和录入人是同一个人。", SAME_PERSON.remedy),
}
DIFFERENT = "…"
"""In the place of what differs, in a sentence that has no such form."""
VALUES = "{values} 等 {count} 种"

# Characters by their names.
CHARACTERS = {
    "U+0009": "制表符", "U+000A": "换行", "U+000D": "换行", "U+200B": "零宽空格", "U+200C": "零宽字符", "U+200D": "零宽字符", "U+200E": "方向符号",
    "U+200F": "方向符号", "U+202A": "方向符号", "U+202C": "方向符号", "U+202D": "方向符号", "U+202E": "方向符号", "U+2060": "零宽字符",
    "U+FEFF": "零宽空格", "U+00AD": "软连字符",
}
CHARACTER = "{name}（{code}）"
A_CHARACTER = "控制字符"

# What a check says.
BLOCKS, REMINDS = "阻断", "提醒"
CHECKED = "校验完毕：阻断 {blocks} 处，提醒 {reminds} 处。"
CHECKED_CLEAN = "校验完毕，没有发现问题。"
NUMBERED = "“{sheet}”已自动编号 {count} 行。"
FINDING_LINE = "{level} {cells} {problem}{remedy}"
MORE_FINDINGS = "…… 另有 {count} 类，见“{sheet}”。"
CELLS = "{cells} 等 {count} 处"
NEXT_CHECK = "ssj check {book}"
