"""The commands, each declared once. CLI, ribbon, dialogs and the manual are loops over this tuple."""

from __future__ import annotations

import re

from ssj_xlwings.types import Command, Param
from ssj_xlwings.vocabulary.tables import SUBJECTS, TABLES

GROUPS = REGISTRY, DRAWING, INSPECTING, PUBLISHING, COUNTING, ASSISTING = "名录库", "抽取", "检查", "公示", "台账与统计", "帮助"
"""The groups of the ribbon, from left to right."""
ICONS = frozenset((
    "AcceptInvitation", "AutoFilterClassic", "CalculateNow", "ChartInsert", "ControlProperties", "DataValidation", "DeclineInvitation", "FileNew", "FilePrint",
    "FileSaveAsPdfOrXps", "Filter", "Help", "ImportTextFile", "RefreshAll", "ReviewNewComment", "ReviewProtectWorkbook", "SignatureLineInsert",
    "TableSelectRow", "Undo",
))
"""imageMso names that stand in Microsoft's lists or in public workbooks; another name would show no picture."""

LEDGERS = ("对象库", "人员库", "抽取", "派发", "结果", "作废")
EVERYTHING = tuple(table.name for table in TABLES)
POOL = ("settings", "subjects", "inspectors", "items", "units", "recusals", "plans", "tasks", "scopes", "item_rates", "upper", "visits", "results", "log")
"""What decides who can be drawn."""
IMPORTED = ("subjects", "inspectors", "items", "units", "recusals", "plans", "tasks", "scopes", "item_rates", "upper", "visits", "results", "holidays", "sources", "preview")
"""What an import may write."""

BOOK = Param("book", "book", "工作簿", "台账工作簿", True, True)
TASK = Param("task", "task", "任务", "任务名称或编号", True, True)
PASSWORD = Param("password", "secret", "打开密码", "来源文件有打开密码时用；只写 --password 就另外询问", rare=True)
OUT = Param("out", "folder", "输出到", "放文件的文件夹", True)

COMMANDS: tuple[Command, ...] = (
    Command("new", "commands.registry", "新建工作簿", "新建一本空的台账工作簿。", (
        Param("book", "new_book", "工作簿", "要新建的文件，例如 台账.xlsm", True, True),
        Param("bureau", "text", "单位名称", "例如 邯郸市市场监督管理局", True),
        Param("division", "text", "行政区划代码", "本局的 6 位区划代码，例如 130400", True),
        Param("year", "text", "年度", "例如 2026", True),
    ), icon="FileNew", group=ASSISTING),
    Command("import", "commands.registry", "导入名单", "把 .csv、.xlsx、.xls 里的名单并入一张表。空格不会抹掉已有内容，少了的户只列出、不删除。", (
        BOOK,
        Param("table", "table", "表", "要导入到哪张表，例如 检查对象名录库", True, True),
        Param("file", "file", "文件", "来源文件", True, True),
        Param("map", "pairs", "列对照", "猜不对时指定，可以多次；会记住", form="列=标题"),
        Param("set", "pairs", "统一填写", "整批相同的列一次给出，可以多次", form="列=内容"),
        Param("dry_run", "flag", "只看不写", "只显示标题对照、前十行和数目"),
        Param("preview", "flag", "先预览", "写进“导入预览”，核对、改好以后再“确认导入”", clicked=True),
        PASSWORD,
    ), EVERYTHING, IMPORTED, "ImportTextFile", True, REGISTRY),
    Command("confirm", "commands.confirm", "确认导入", "照“导入预览”上核对过的对照和统一填写的内容导入，记住改过的对照，再清空预览。", (
        BOOK,
        PASSWORD,
        Param("dry_run", "flag", "只看不写", "只显示标题对照、前十行和数目"),
    ), EVERYTHING, IMPORTED, "AcceptInvitation", group=REGISTRY),
    Command("check", "commands.check", "校验名录库", "检查全部内容，结果写进“校验结果”，阻断抽取的排在前面。", (BOOK,), EVERYTHING, ("findings", "tasks", "plans"), "DataValidation", True, REGISTRY),
    Command("scope", "commands.scope", "取用筛选", "把“检查对象名录库”上现在的筛选填成一个任务的抽查范围；不能取用的会说明。", (BOOK, TASK),
            ("settings", "subjects", "tasks", "plans", "scopes", "log"), ("scopes",), "Filter", group=DRAWING),
    Command("plan", "commands.plan", "预演", "冻结前先看：名单、抽取数量、预计户数和人手、外人能推断出什么、年度比例、能与哪些任务合并。什么都不写。", (
        BOOK, TASK,
        Param("with_", "texts", "合并任务", "与它一起抽取的任务，可以多次"),
    ), POOL, (), "AutoFilterClassic", group=DRAWING),
    Command("freeze", "commands.freeze", "冻结名单", "固定对象名单、人员名单和方案，给出承诺值。冻结后请报数人各写六位数。", (
        BOOK, TASK,
        Param("speaker", "texts", "报数人", "报数人姓名，可以多次；操作人不能报数", True),
        Param("host", "text", "主持人", "主持抽取的人"),
        Param("place", "text", "地点", "抽取的地点"),
        Param("witness", "texts", "见证人", "见证人姓名，可以多次"),
        Param("approver", "text", "审批人", "批准这次抽取方案的人"),
        Param("with_", "texts", "合并任务", "一起抽取的任务，可以多次", rare=True),
        Param("apart", "text", "不合并的理由", "有能合并的任务而不合并时写明，会记入抽取记录", rare=True),
        Param("variation", "text", "变更理由", "与年度计划不一致，过了检查截止或不在计划的时间内，或比例没有从 A 到 D 递增时写明，会记入抽取记录", rare=True),
    ), (*POOL, "panel"), ("log", "tasks", "plans", "panel"), "ReviewProtectWorkbook", group=DRAWING),
    Command("draw", "commands.draw", "抽取", "登记“现场抽取”里各人报的六位数，抽出对象，随机配上检查人员。", (
        BOOK, TASK,
        Param("say", "pairs", "报数", "每位报数人一次；不给就用“现场抽取”里填好的", form="姓名=六位数", rare=True),
        Param("no_merge", "text", "不合并检查的理由", "抽中的户在别的任务里还没检查时，默认合并成一次；不合并请写明理由", rare=True),
    ), (*POOL, "panel"), ("log", "visits", "results", "panel"), "CalculateNow", True, DRAWING),
    Command("void", "commands.draw", "作废", "作废一次冻结或抽取，写明原因和审批人。作废后才能重新冻结。", (
        BOOK, TASK,
        Param("reason", "text", "作废原因", "例如 比例或数量错误", True),
        Param("explain", "text", "原因说明", "不少于十个字", True),
        Param("approver", "text", "审批人", "批准作废的人", True),
    ), ("settings", "items", "upper", "tasks", "log", "visits", "results", "roster", "panel"), ("log", "tasks", "visits", "results", "roster", "panel"), "DeclineInvitation", group=DRAWING),
    Command("quick", "commands.quick", "现场快抽", "从任意工作表选定的行里当场抽几个：选中这些行再点，先看名单再冻结，然后用“抽取”报数。隐藏的行不列入。", (
        BOOK,
        Param("sheet", "sheet", "工作表", "名单所在的工作表", True),
        Param("rows", "rows", "行号", "例如 5-80，或 5-20、30", True),
        Param("take", "text", "抽几个", "例如 3", True),
        Param("purpose", "text", "用途", "抽来做什么，例如 周例会抽查台账", True),
        Param("speaker", "texts", "报数人", "报数人姓名，可以多次；操作人不能报数；只有一位时文书写明“未见证”", True),
        Param("column", "column", "列", "名称所在列的字母；不填就自动选"),
        Param("host", "text", "主持人", "主持抽取的人", rare=True),
        Param("place", "text", "地点", "抽取的地点", rare=True),
        Param("witness", "texts", "见证人", "见证人姓名，可以多次", rare=True),
        Param("dry_run", "flag", "只看不写", "只显示名单，不冻结"),
    ), EVERYTHING, ("log", "panel"), "TableSelectRow", group=DRAWING),
    Command("adopt", "commands.adopt", "转为临时任务", "把一次抽好的现场快抽转为临时任务：写明来源和审批人，抽中的户从此计入年度抽查比例。检查人员不是抽出来的，要另行指定。", (
        BOOK,
        Param("task", "quick", "现场快抽", "编号，例如 快抽-20261125-01", True, True),
        Param("items", "text", "抽查事项", "编码或名称，用顿号隔开", True),
        Param("source", "text", "任务来源", "例如 投诉举报", True),
        Param("start", "date", "检查开始", "例如 2026-11-25", True),
        Param("end", "date", "检查截止", "例如 2026-12-20", True),
        Param("approver", "text", "审批人", "批准转为任务的人", True),
        Param("name", "text", "任务名称", "不填就用快抽的用途", rare=True),
        Param("no_merge", "text", "不合并检查的理由", "抽中的户在别的任务里还没检查时，默认合并成一次；不合并请写明理由", rare=True),
        Param("why", "text", "选用理由", "同一批户快抽过几次时，写明为什么用这一次，会记入抽取记录", rare=True),
    ), ("settings", "tasks", "items", "units", "subjects", "inspectors", "recusals", "upper", "visits", "results", "log"), ("log", "tasks", "visits", "results"), "AcceptInvitation", group=DRAWING),
    Command("replace", "commands.replace", "补抽", "名录库已注销、吊销、撤销、迁出或重复登记的户退出，由抽签次序的下一户接替。查无下落、关闭、拒查是检查结果，不能补抽。", (
        BOOK, TASK,
        Param("firm", "text", "退出的户", "统一社会信用代码或名称；原因相同的几户用顿号隔开", True, True),
        Param("reason", "text", "补抽原因", "注销、吊销、撤销、迁出或重复登记", True),
        Param("evidence", "text", "依据", "凭什么认定，例如 登记系统查询截图 2026-03-20", True),
        Param("approver", "text", "审批人", "批准补抽的人", True),
    ), ("settings", "tasks", "items", "subjects", "inspectors", "upper", "visits", "results", "log"), ("log", "visits", "results"), "ControlProperties", group=DRAWING),
    Command("verify", "commands.proof", "核验", "核验抽取档案、公开记录、企业回执或工作簿的抽取记录，说是或否；否就指出第一处不同。", (
        Param("record", "file", "要核验的文件", "抽取档案的文件夹或 draw.json，公开记录 public.json，企业回执 .json，或台账工作簿", True, True),
        Param("book", "source", "工作簿", "核验抽取档案时给出工作簿，还能与名录库对照"),
        Param("public", "file", "公开记录", "核验回执时与它对照；不填就用回执旁边的 public.json"),
        Param("slip", "text", "纸上的承诺值", "承诺单上的承诺值，或它的前 8 位以上；核验工作簿时也可以是抽取证明上的行指纹"),
    ), ("settings", "units", "subjects", "upper", "visits", "results", "log"), icon="ReviewNewComment", group=DRAWING),
    Command("receipt", "commands.receipts", "企业回执", "给一户开回执：纸面（带二维码）和 .json，可核对它在不在名单里。完整回执还能核对是否抽中，须经审批并记入抽取记录。", (
        BOOK, TASK,
        Param("firm", "text", "户", "统一社会信用代码或名称", True, True),
        Param("full", "flag", "完整回执", "带等级、票号和分界线"),
        Param("approver", "text", "审批人", "批准开完整回执的人", rare=True),
        Param("reason", "text", "原因", "为什么要开完整回执，例如 该户提出异议", rare=True),
        OUT,
    ), ("settings", "tasks", "items", "subjects", "log"), ("log",), "SignatureLineInsert", group=PUBLISHING),
    Command("pool", "commands.receipts", "名单查询", "某一户当时在不在名单里：查冻结时保存的名单，先核对它没有被改过。", (
        BOOK, TASK,
        Param("firm", "text", "户", "统一社会信用代码或名称", True, True),
    ), ("settings", "tasks", "subjects", "log"), (), "AutoFilterClassic", group=PUBLISHING),
    Command("page", "commands.proof", "核验网页", "放一个核验网页：一个文件，不联网，浏览器双击打开。", (OUT,), icon="Help", group=PUBLISHING),
    Command("papers", "commands.papers", "生成文书", "承诺单、抽取证明、抽取结果表、检查任务单（一企一表）、派发单。", (BOOK, TASK, OUT),
            ("settings", "tasks", "items", "units", "subjects", "inspectors", "upper", "visits", "results", "plans", "holidays", "log"), (), "FilePrint", True, INSPECTING),
    Command("publish", "commands.publication", "编制公示名册", "把已录入的结果编成可以公示的名册：工作表、.xlsx 和 .csv。", (BOOK, TASK, OUT),
            ("settings", "tasks", "plans", "items", "upper", "visits", "results", "log", "roster"), ("roster",), "FileSaveAsPdfOrXps", True, PUBLISHING),
    Command("ledger", "commands.ledgers", "打印台账", "对象库、人员库、抽取、派发、结果、作废台账，可按单位和日期。", (
        BOOK,
        Param("kind", "choice", "台账", "哪一种台账", True, True, LEDGERS),
        Param("unit", "text", "单位", "只要这个单位的"),
        Param("from_", "date", "从", "起始日期，例如 2026-01-01"),
        Param("to", "date", "到", "截止日期，例如 2026-03-31"),
        Param("internal", "flag", "内部件", "标上“内部”，带信用风险等级"),
        OUT,
    ), ("settings", "subjects", "inspectors", "items", "units", "tasks", "visits", "results", "log"), (), "ChartInsert", group=COUNTING),
    Command("undo", "commands.steps", "撤销上一步", "把上一步改动的单元格恢复原样；冻结、抽取、作废不能撤销。", (BOOK,), EVERYTHING,
            tuple(name for name in EVERYTHING if name != "log"), "Undo", group=ASSISTING),
    Command("demo", "doors.demo", "演示", "用虚构的一个县局从头做到尾，看看会得到什么。", (
        Param("folder", "folder", "文件夹", "放演示文件的新文件夹，不填就是 ssj-demo", False, True),
        Param("firms", "file", "真实企业名单", "用真实的登记名单代替虚构企业（.csv）"),
        Param("people", "text", "检查人员数", "虚构多少名检查人员"),
    ), icon="Help", group=ASSISTING),
    Command("upgrade", "commands.upgrade", "升级工作簿", "把旧版工作簿换成新版：补上缺的表、列和参数，换新选项卡、代码表和提示；填写的内容一格不动，并留备份。", (
        BOOK,
        Param("drop_signature", "flag", "去掉宏的签名", "宏有数字签名时，换掉宏并去掉签名", rare=True),
    ), ("settings",), ("settings",), "RefreshAll", group=ASSISTING, closed=True),
    Command("pack", "doors.pack", "制作安装包", "做一个 U 盘安装包，给不能上网、没有管理员权限的 Windows 电脑用。", (
        Param("python", "file", "嵌入版 Python", "python.org 的 python-3.x-embed-amd64.zip", True),
        OUT,
        Param("wheels", "folder", "组件文件夹", "已经下载好的 .whl，不填就联网下载"),
    )),
    Command("setup", "doors.setup", "安装到本机", "把程序和加载宏装到这台 Windows 电脑；也可以检查缺什么，或者撤销。", (
        Param("from_", "folder", "安装包", "用 ssj pack 做好的文件夹"),
        Param("check", "flag", "检查", "只检查，说缺什么、怎么办、能用哪种方式"),
        Param("undo", "flag", "撤销", "换回原来的加载宏"),
        Param("replace", "flag", "换掉", "已有别的 xlwings.xlam 时不再询问，直接换掉（原件另存）"),
        Param("book", "file", "工作簿", "顺便检查这本工作簿是否被标记为来自互联网"),
    )),
    Command("menu", "doors.menu", "数字菜单", "不用 Excel 的宏：按数字选择要做的事。", (
        Param("book", "file", "工作簿", "台账工作簿；不填就在旁边找", False, True),
    )),
)

BY_ID = {command.id: command for command in COMMANDS}
IMPORTABLE = {BY.sheet: BY for BY in TABLES if not BY.generated and not BY.append_only and BY.name not in ("settings", "sources", "visits")}
DEFAULT_IMPORT = SUBJECTS.sheet


def worded(command: Command, text: str) -> str:
    """The text with every option of the command called by its label: a click knows no command line."""
    for param in command.params:
        text = re.sub(rf"{param.option}(?![a-z-])", f"“{param.label}”", text)
    return text
