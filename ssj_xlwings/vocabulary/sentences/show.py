"""What the draw show says: the page that reveals the recorded winners in front of people."""

from __future__ import annotations

FILE = "揭晓.html"
HEAD = "{bureau}　双随机抽取现场"
TITLE = "{task}　第 {attempt} 次抽取"
COUNTS = "名单 {pool} {unit}，抽中 {drawn} {unit}"
UNITS = {"firm": "户", "quick": "个"}
NUMBER = "{number} 号"
TWIN = "{name}（{id}）"
START = "按空格键开始揭晓"
PLACE = "第 {number} {unit}"
PROGRESS = "已揭晓 {shown} / {drawn}"
ALL_SHOWN = "全部揭晓"
PAGE = "第 {page} / {pages} 页"
COMMITMENT, SAID, SEED = "承诺值", "报数", "种子"
RECORDED = "抽取结果已先记入抽取记录第 {seq} 条（{time}），本页只按公布顺序揭晓，不决定任何结果。"
KEYS = "空格 下一步　A 全部　← → 翻页　F 全屏　R 重来"
INTERNAL = "内部文件，只供现场投影。"
LIST_COMMA = "，"
