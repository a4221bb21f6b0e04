"""What is said around replacing a firm that was never in the scope."""

from __future__ import annotations

NOT_DRAWN = "“{task}”还没有抽取，不用补抽。"
FIRM_UNKNOWN = "检查对象名录库里没有“{seen}”。{nearest}请填统一社会信用代码或名称。"
NOT_VISITED = "“{id}”不在这次抽取现在的名单里，不能补抽。"
REASON = "补抽原因“{seen}”不在列表里。只能填：{allowed}。关闭停业、查无下落、拒不配合、没有这项业务，都是检查结果，请照实录入，不能补抽。"
NOT_IN_REGISTRY = "名录库里“{name}”的{header}是“{seen}”，看不出“{reason}”。请先核实并改好名录库（填“{want}”），再补抽。"
BLANK = "“{label}”不能空着。"
BAD_TEXT = "“{label}”里有看不见或不能用的字符（{char}）。请改正后再试。"
EVIDENCE, APPROVER = "依据", "审批人"
NOT_NOW = "“{id}”已经有检查结果（{date}），请照实录入结果，不能补抽。"
LOG_NOTE = "补抽：{fallen} 户退出（{reason}），{items} 个事项由 {successors} 户接替，缺 {short}"
DONE = "已补抽“{task}”：{fallen} 户退出，{items} 个事项由 {successors} 户接替。"
SHORTFALL = "“{item}”这一层已经没有可以接替的户，少抽 1 户，已记入抽取记录。"
LINE = "{fallen} 的 {item} → 第 {no} 户 {successor}{joined}"
JOINED = "（并入它原有的检查）"
ALSO_OUT = "注意：接替的“{id}”在名录库里也不是存续（{status}），请核实后对它再补抽一次。"
MARK = "已补抽"
LIST_HEAD = ("序号", "主体名称", "检查事项")
LIST_FILE = "现行名单.tsv"

NONE = "没有补抽。"
GOOD = "补抽 {count} 户，和抽取记录一致，接替的户都按抽签次序。"
GOOD_FILE = "补抽 {count} 户，接替的户都按抽签次序；没有抽取记录，记录和检查人员没有对照。"
NOT_THE_LOG = "{file} 第 {line} 行和抽取记录不一致（文件 {seen} 行，按抽取记录应有 {want} 行）。"
OTHER_SUCCESSOR = "补抽（{seq}）写的是“{seen}”，按抽签次序应当是“{want}”。"
BAD_GROUND = "{file} 里“{id}”的原因或审批人不对（“{seen}”），原因只能是：{allowed}。"
