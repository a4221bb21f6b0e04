"""What the workbook's own macro says, when Python cannot say it. It stands in workbooks/SsjRibbon.bas as code points."""

from __future__ import annotations

WORKING = "双随机：正在办理，请稍候……"
TITLE = "双随机"
WPS = "现在用的是 WPS，这个按钮只能在 Excel 里用。请保存并关闭工作簿，再双击“双随机.cmd”。"
NO_PYTHON = "这台电脑上还没有装双随机程序。请双击“安装.cmd”。"
NO_PACKAGE = "双随机程序不完整。请再双击一次“安装.cmd”。"
NO_ADDIN = "Excel 里缺少 xlwings 加载项。请关闭 Excel，再双击一次“安装.cmd”。"
FAILED = "双随机程序没有跑起来。请关闭 Excel，再双击一次“安装.cmd”；还不行，请找维护人员。"
