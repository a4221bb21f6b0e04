"""What is said when the AutoFilter of a sheet becomes the scope of a task."""

from __future__ import annotations

DATES, TOP, DYNAMIC, COLOUR, ICON, OTHER = "按年月日勾选", "前几个", "动态日期或平均值", "按颜色", "按图标", "认不出的筛选"
"""Sorts of filters that say nothing a scope could say."""

NO_FILTER = "“{sheet}”现在没有筛选。请先在那里筛选出要抽的对象，再点一次。"
FROZEN = "“{task}”已经{state}，抽查范围不能再改。确实要改，请先作废。"
THERE = "“{task}”在“{sheet}”里已有 {count} 个条件（{scope}，在 {cells}）。请先删掉，或者就用原来的条件。"
NOTHING = "“{sheet}”上的筛选没有一个能取用：\n{left}\n请换一种筛法，或者直接在“抽查范围”里填写。"

TAKEN = "已把 {count} 个条件填入“{task}”的抽查范围：{scope}。"
HOLDS = "范围里有 {inside} 户，筛选显示 {shown} 户。"
SAME = "范围里有 {inside} 户，与筛选显示的一样。"
WHY = "两个数目不同，多半因为有条件没有取用，空格按默认值算（例如“状态”不填就是有效），或者有手工隐藏的行。请核对。"
LEFT = "  没有取用 {column} 列：{seen}（{why}）"
MORE = " 等 {count} 个"
AND, OR = " 且 ", " 或 "
BLANK = "（空白）"

NOT_OURS = "不是检查对象名录库的列"
SORT = "这种筛法不能写成抽查范围"
SEPARATED = "内容里有分隔符号"
BLANK_OR = "空白和别的内容一起勾选"
PATTERN = "只有“包含”“不包含”能写成抽查范围"
MIXED = "两个条件用“或”连接"
NOT_A_DATE = "不是日期"
