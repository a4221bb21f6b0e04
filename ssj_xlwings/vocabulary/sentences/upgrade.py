"""What is said around bringing an older workbook up to the present program."""

from __future__ import annotations

NEWER = "工作簿是用更新的程序做的（表格版本 {seen}，本程序只认识到 {want}）。请先更新程序，再打开它。"
BAD_SCHEMA = "“参数”里的“表格版本”填的是“{seen}”，应当是整数。请改回原来的数。"
STRICT = (
    "“{name}”是“Strict Open XML 电子表格”，升级要加的内容放不进这种格式，所以没有升级。请用 Excel 打开它，另存为“Excel 工作簿”或“Excel 启用宏的工作簿”"
    "（不要选 Strict），再升级另存的那一份。"
)
NO_STYLES = "“{name}”里没有单元格样式这一部分，升级要加的格式没有地方放，所以没有升级。请用 Excel 或 WPS 打开它，保存一次，再升级。"
OCCUPIED = "工作表“{sheet}”要在 {cell} 一列加上“{heading}”，但那里已经有内容。请把它移到别处再升级。"
TOTALS = "工作表“{sheet}”的表格开着汇总行，要加的列放不下。请先关掉汇总行再升级。"
IN_THE_WAY = "工作表“{sheet}”的 {cell} 有后来加上的内容（文字、合并单元格或表格），新的“{sheet}”要用这一格。请把它移到别处再升级。"
STAFFS = "工作表“{sheet}”里后来加上的内容原样留着：{cells}。"
MORE_CELLS = " 等 {count} 格"
BUILDING = "正在准备新的版本…"
JOINING = "正在并入工作簿…"
CHECKING = "正在核对原有内容…"
ADDED_SHEET = "新增工作表：{sheet}"
ADDED_COLUMN = "新增列：{sheet}!{column}　{heading}"
ADDED_SETTING = "新增参数：{key}"
REPLACED = "已换成新的：{what}"
RIBBON, MACROS, NAMES, RULES = "选项卡", "宏", "名称", "提示、下拉和标色"
CHARTS = "工作簿里有图表工作表，宏没有换；请把图表移到普通工作表上再升级一次。"
SIGNED_MACROS = (
    "工作簿里的宏带有数字签名；升级要换掉宏，原来的签名会失效，所以没有升级。确实要换，请加上 --drop-signature 再做一次，升级后重新签名"
    "（Excel：开发工具 → Visual Basic → 工具 → 数字签名）。"
)
UNSIGNED = "注意：宏换新后没有数字签名，请重新签名。"
OWN_MACROS = "注意：原工作簿里另外的宏模块（{names}）没有带过来，在备份的那一本里。"
DONE = "已升级“{name}”到表格版本 {schema}：新增 {sheets} 张表、{columns} 列、{settings} 项参数。填写的内容和自己加的工作表都没有动。"

WAITING = "“{name}”已经保存。\n\n请现在关闭这本工作簿（别的工作簿不用关）。关闭以后，程序自动“{label}”，再把它打开；关闭前还可以继续填写，记得保存。\n\n{minutes} 分钟内没有关闭，就什么也不做。"
WAITS_ALREADY = "已经在等“{name}”关闭了。请关闭这本工作簿，程序会自动“{label}”，再把它打开。"
NOT_CLOSED = "等了 {minutes} 分钟，“{name}”还开着，没有“{label}”，什么都没有改动。要做请再点一次。（{why}）"
NOT_DONE = "没有“{label}”：{why}"
NOT_STARTED = "没能在后台开始（{why}）。请关闭工作簿，改用“双随机.cmd”里的“{label}”。"
