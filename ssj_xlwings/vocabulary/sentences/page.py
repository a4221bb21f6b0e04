"""What the verifier page says beside the verifier's own sentences."""

from __future__ import annotations

from ssj_xlwings.vocabulary.tables import LOG as LOG_TABLE

TITLE = "双随机抽取核验"
LEAD = "把文件拖到这里，或点一下选择文件。全部在本机计算，不联网，什么也不上传。"
CHOOSE = "选择文件"
CHOOSE_FOLDER = "选择档案文件夹"
WHAT = (
    "抽取档案（内部审计用）：整个档案文件夹，可另加抽取记录 .jsonl",
    "公开记录：public.json",
    "企业回执：回执 .json 和 public.json",
)
SLIP = "纸上的承诺值（签过字的承诺单上，前 8 位或更多；没有可不填）"
PASTE = "回执二维码扫出来的文字（没有可不填；有几个码就贴几行）"
START = "开始核验"
AGAIN = "清空，重新选择"
BUSY = "正在核验：{words}"
YES_TITLE = "一致"
NOT_CHECKED = "（没有核的：{steps}）"
NO_TITLE = "不一致"
REFUSED_TITLE = "还不能核验"
KINDS = {"draw": "抽取档案", "public": "公开记录", "receipt": "企业回执", "void": "作废的公开记录"}
COLUMNS = ("步", "核对什么", "结果", "看到了什么")
FILES = "已读入：{names}"
LOG = LOG_TABLE.sheet
NO_SOURCE = "网页不读工作簿。要与名录库对照，请用 ssj verify 加 --book。"
NOTHING_TO_CHECK = "没有可以核验的文件。请给出抽取档案、公开记录 public.json 或企业回执。"
BAD_CODE = "二维码的文字不完整。请把每一个码的文字都贴上，一个码一行。"
BROKEN = "网页出错了：{why}。请把这句话告诉本局，并改用 ssj verify 核验。"
DETAILS = "怎样自己核对"
BY_HAND = "协议 ssj-draw/1：D(名称, 甲, 乙, …) 是把 ssj-draw/1、名称和各项用制表符连起来的 SHA-256。在终端里重算承诺值："
COMMAND = "printf 'ssj-draw/1\\tcommit\\t公开的数\\t名单根\\t方案指纹' | sha256sum"
