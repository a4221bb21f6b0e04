"""What stands in a new workbook outside its tables: the cover, prompts, legend, manual; and what `new` refuses."""

from __future__ import annotations

# Refusals of `new`.
ENDING = "“{name}”不是 .xlsm 或 .xlsx。请把新工作簿取名为“{stem}.xlsm”；不要功能区按钮的，取名为“{stem}.xlsx”。"
BAD_NAME = '“{name}”不能做文件名：太长，或者有 \\ / : * ? " < > | 这些符号。请换一个文件名。'
EXISTS = "“{path}”已经有了，不会覆盖。请换一个文件名。"
NO_BUREAU = "没有写单位名称。请写全称，例如 邯郸市市场监督管理局。"
BAD_BUREAU = "单位名称“{seen}”里有看不见的字符（{char}）。请重新输入。"
BAD_DIVISION = "行政区划代码要写 6 位数字，看到的是“{seen}”。例如 邯郸市是 130400。"
UNKNOWN_DIVISION = "区划代码表里没有“{seen}”。请核对；开发区、新区没有自己的代码，请写所在市或县的代码。"
BAD_YEAR = "年度要写 4 位数字，看到的是“{seen}”。例如 2026。"
NEXT_IMPORT = "ssj import {book} 检查对象名录库 名单.csv"
CREATED = "已新建“{name}”：{bureau}，{year} 年度，已列好 {units} 个单位。"

# The bureau below a city, from the name of its county.
BUREAU_OF = "{county}市场监督管理局"

# Prompts and error boxes of cells.
REQUIRED, OPTIONAL, DERIVED = "必填", "选填", "自动"
PROMPT_DERIVED = "由程序填写，一般不用改。"
PROMPT_CHOICE = "从列表里选。"
PROMPT_DEFAULT = "不填就是{default}。"
PROMPT_ALLOWED = "可填：{allowed}。"
PROMPT_HEADING = "校验时会核对。"
STOP_TITLE = "请再看一下"
STOP_CHOICE = "“{header}”只能从列表里选。"
STOP_DATE = "“{header}”要填日期，例如 2026-03-02。"
STOP_RATE = "“{header}”要填 0 到 100% 的比例，例如 3%，或固定户数，例如 5户。"
STOP_INT = "“{header}”要填整数，例如 2。"

# Headings of code lists that more than one column uses; the others bear their column's heading.
LIST_HEADINGS = {
    "yes_no": "是否",
    "valid": "有效状态",
    "scope_columns": "抽查范围的列",
    "results": "检查结果",
    "clean_results": "无需处置的结果",
    "void_reasons": "作废原因",
}

# Headers and footers of printed sheets.
PAGE = "第 &P 页 共 &N 页"
PRINTED = "打印日期 &D"

# The cover.
TITLE = "年度双随机、一公开工作台"
SUBTITLE = "簿号"
NEXT = "下一步"
COLON = "："
ALL_DONE = "都办完了。下一次抽查，请在“抽查任务”添一行。"
NOT_FROZEN = "未冻结"
STEPS_HEAD = ("进度", "步骤", "怎么办")
STATES = ("√ 已办", "● 现在办", "○ 待办")
TILES = {
    "subjects": "检查对象（户）",
    "inspectors": "检查人员（人）",
    "items": "抽查事项（个）",
    "tasks": "抽查任务（次）",
    "visits": "抽中户次",
    "entered": "结果已录入（条）",
    "missing": "结果未录入（条）",
    "blocking": "阻断的问题（类）",
}
STEPS = {
    "subjects": ("检查对象", "用{import}把企业名单并入“检查对象名录库”。"),
    "inspectors": ("检查人员", "在“执法检查人员名录库”填写，或用{import}。"),
    "items": ("抽查事项", "在“抽查事项清单”填写编码、名称、类别和依据，或用{import}。"),
    "tasks": ("抽查任务", "在“抽查任务”填一行；只抽一部分对象的，再填“抽查范围”。"),
    "check": ("校验", "运行{check}，先改好“校验结果”里阻断的问题。"),
    "freeze": ("冻结", "对未冻结的任务运行{freeze}，请报数人各自写好六位数。"),
    "draw": ("抽取", "当众把报数填进“现场抽取”，运行{draw}，再用{papers}打印。"),
    "results": ("检查结果", "检查后在“检查结果”填写日期、结果和录入人。"),
    "publish": ("公示", "运行{publish}，把名册上传公示系统。"),
}
COMMAND = "“{label}”（ssj {id}）"
BUTTON = "“双随机→{label}”"

# The box on the cover about what Excel may block: the colour and text of the bar, what its button says, what to do.
BARS_TITLE = "上面没有“双随机”选项卡，或点了没反应？看看窗口上方有没有这样一条："
BARS = (
    ("yellow", "受保护的视图　来自 Internet 的文件可能包含病毒……", "启用编辑", "点“启用编辑”。"),
    ("yellow", "安全警告　宏已被禁用。", "启用内容", "点“启用内容”。"),
    ("red", "安全风险　Microsoft 已阻止宏运行，因为此文件的来源不受信任。", "了解详细信息",
     "关闭工作簿，在文件上点右键→“属性”，在“常规”最下面勾选“解除锁定”，点“确定”，再打开。"),
)
BARS_ELSE = "都没有，还是不行：请双击“安装.cmd”再装一次；用 WPS 的请双击“双随机.cmd”。"

# The hidden sheet xlwings.conf.
CONF = "这张表告诉 xlwings 怎样启动程序，请不要改。"

# Marks and headings, for the legend.
MARKS = {
    "wrong": ("填错", "代码校验位不对、不在列表里、文本列里是数字、日期或比例看不懂"),
    "twice": ("重复", "同样的代码、证号或名称已有一行"),
    "late": ("过期或倒置", "证件已过期，或日期早于前一个日期"),
    "missing": ("缺填", "这一行已开始填，必填的格还空着"),
}
LEGEND = "颜色说明"
HEADINGS = {
    "required": ("必填", "深色标题的列必须填写"),
    "optional": ("选填", "浅色标题的列可以不填，或由导入带来"),
    "derived": ("自动", "灰白标题的列由程序填写"),
}

# The manual.
MANUAL_STEPS = "怎样办一次抽查"
MANUAL_RIBBON = "除“填写检查结果”外，每一步都是“双随机”选项卡里的一个按钮；不用 Excel 的，照“命令”一列在命令行里输入。"
MANUAL_STEPS_HEAD = ("步骤", "", "命令", "说明")
MANUAL_HABITS = "填写习惯"
MANUAL_TABLE_HEAD = ("列", "要求", "可以填什么", "说明")
RESULTS_STEP = ("填写检查结果", "在“检查结果”逐户填写，或把填好的表导入。")
HABITS = (
    ("增加一行", "在表的最后一行下面接着填，表会自动变长。不要在表里留空行。"),
    ("展开更多列", "每张表只显示常用列。点标题上方的 + 展开其余的列，点 - 收起。"),
    ("代码和证号", "这些列是文本格式。粘贴时请选“只保留文本”；变成 9.11E+17 的代码已经损坏，要从来源重新导入。"),
    ("一格填多个", "用顿号、逗号、分号、竖线或换行隔开都可以；全部都算就填 全部。"),
    ("日期", "写成 2026-03-02。"),
    ("比例", "写成 3%；固定户数写成 5户。不填就用“参数”里的默认比例。"),
    ("筛选和排序", "可以随意筛选、隐藏、排序，不影响抽取结果。"),
    ("自己的列", "可以在表的右边另加自己的列，或另加工作表，程序不会改动。"),
    ("对外提供", "本工作簿含内部信息，不要外发。对外只用“编制公示名册”生成的文件。"),
)
KINDS = {
    "text": "文字",
    "code": "文本格式的编号",
    "int": "整数",
    "rate": "比例，例如 3%，或 5户",
    "date": "日期，例如 2026-03-02",
    "month": "月份，例如 2026-03",
    "choice": "其中一个：{allowed}",
    "codes": "一个或多个：{allowed}",
    "ref": "“{sheet}”表里的{headers}",
    "refs": "“{sheet}”表里的{headers}，可填多个",
    "time": "时间",
    "link": "点一下跳到那一格",
}
OR = "或"
