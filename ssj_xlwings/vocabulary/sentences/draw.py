"""What is said around a draw: scope, candidates, and the commands freeze, draw, void, verify."""

from __future__ import annotations

from ssj_xlwings.vocabulary import codelists

AND = "，且"
SCOPE_ALL = "检查对象名录库的全部对象"
VERBS = {codelists.ANY_OF: "为", codelists.NONE_OF: "不是"}
SCOPE_COLUMN = "“抽查范围”里的列“{seen}”，检查对象名录库没有。请改成检查对象名录库的列名。"
SCOPE_CONDITION = "“抽查范围”里的条件“{seen}”看不懂。请从下拉列表里选。"

OUT_STATE = "名录库状态：失效"
OUT_STATUS = "登记状态：{status}"
OUT_SCOPE = "不在抽查范围"
OUT_WHITELIST = "白名单"
OUT_RECENT = "{days}天内已查"
OUT_CEILING = "本年检查已达{times}次"

TASK_UNKNOWN = "没有叫“{seen}”的任务。{nearest}请核对任务名称或编号。"
NEAREST = "最接近的是“{word}”。"
TASK_BLOCKED = "这个任务的范围里有 {count} 处错误，改好才能冻结。第一处：{cell} {problem}{remedy}（先运行“校验名录库”，在“校验结果”里看全部。）"
ALREADY = {
    codelists.FROZEN: "“{task}”第 {attempt} 次已经冻结，正在等报数。请报数抽取，或先作废再重新冻结。",
    codelists.SAID: "“{task}”第 {attempt} 次已经报数，必须把抽取做完。请用同样的数再运行一次抽取。",
    codelists.DRAWN: "“{task}”第 {attempt} 次已经抽取。要重抽，请先作废，并写明原因和审批人。",
}
NOT_FROZEN = "“{task}”还没有冻结名单，不能抽取。请先冻结。"
DRAWN_BEFORE = "“{task}”第 {attempt} 次已经抽取，不能再抽。要重抽，请先作废，并写明原因和审批人。"
NOTHING_TO_VOID = "“{task}”没有冻结或抽取过，不用作废。"
EMPTY_POOL = "“{task}”的范围里一户也没有，不能冻结。请检查“抽查范围”和名录库。未进入的原因：{why}。"
NO_DATES = "“{task}”的检查开始或检查截止不是日期，不能冻结。"
NO_ITEMS = "“{task}”没有可用的抽查事项，不能冻结。{unknown}"
SETTING_NUMBER = "“参数”里的“{key}”填的是“{seen}”，应当是整数。"
SETTING_RATE = "“参数”里的“{key}”填的是“{seen}”，应当是比例，例如 3%，或户数，例如 5户。"
TASK_RATE = "“{task}”的“{header}”填的是“{seen}”，应当是比例，例如 3%，或户数，例如 5户。"
TEAM_SIZE = "“参数”里的“每户检查人员数”填的是“{seen}”，不得少于 2 人。"
FEW_SPEAKERS = "报数人不得少于 {least} 位。请再请一位在场的人报数。"
OPERATOR_APPROVES = "操作人“{name}”不能自己批准作废。请换一位审批人。"
NUMBER_CHANGED = "“{task}”的任务编号被改过：表里是“{seen}”，抽取记录里是“{logged}”。请把任务编号改回“{logged}”。"
WITHDRAWN = "“公示名册”里有这个任务的 {count} 行，已经取下。以前输出或公示过的，请撤下并说明。"
OPERATOR_SPEAKS = "操作人“{name}”不能报数。请换一位报数人。"
SHORTAGE = "检查人员不够：{unit}检查事项“{items}”需要 {need} 人，只有 {have} 人（例如 {example}）。证件要到 {until} 仍有效，并且可检查这些事项、不用回避、今日不缺席。{more}请补充人员或调整范围。"
SHORTAGE_MORE = "还有 {more} 组也不够。"
CHANGED = {
    "pool": "冻结以后，抽取名单变了：{what}。请改回原样再抽取；确实要改，请先作废，再重新冻结。",
    "staff": "冻结以后，检查人员变了：{what}。请改回原样再抽取；确实要改，请先作废，再重新冻结。",
    "plan": "冻结以后，任务方案变了：{what}。请改回原样再抽取；确实要改，请先作废，再重新冻结。",
}
POOL_GONE = "“{id}”不在名单里了"
POOL_CAME = "多了“{id}”"
POOL_OTHER = "“{id}”的等级或事项不同了"
SUBJECT_MOVED = "“{id}”的管辖单位不同了"
STAFF_OTHER = "证号“{id}”的情况不同了"
SOURCE_OTHER = "检查对象名录库里“{id}”这一户的内容改动了"
SOURCE_GONE = "检查对象名录库里少了“{id}”"
SOURCE_CAME = "检查对象名录库里多了“{id}”"
PLAN_OTHER = "“{key}”不同了"
OTHER_NUMBERS = "“{task}”第 {attempt} 次已经报过数，这次的数不一样。报过的数不能改，请用原来的数再运行一次。"
VOID_SHORT = "原因说明只有 {count} 个字，不得少于 10 个字。请写清楚为什么作废。"
VOID_REASON = "作废原因“{seen}”不在列表里。只能填：{allowed}。"
NO_BLANK = "“{label}”不能空着。"
NO_SUBJECTS = "名录库里一户也没有"
APPROVER = "审批人"
DIGESTING = "正在计算名单指纹…"
COMPUTING = "正在抽取…"
FIXED = "固定 {count} 户"
VISIT_LINE = "{no:>4}  {name}（{id}）  {items}"
AND_MORE = "      … 另有 {count} 户，见“抽取结果与派发”"
PLAN_KEYS = {
    "source_digest": "名录库内容", "excluded": "排除的户", "excluded_digest": "排除的户",
    "bureau": "单位名称", "tasks": "任务编号", "source": "任务来源", "window": "检查起止", "items": "抽查事项", "alternates": "备选户数",
    "rates": "比例", "minimum": "每层最少户数", "teams": "每户检查人员数", "scope": "抽查范围", "mode": "抽取方式",
}
RECORD_MISSING = "找不到抽取档案“{path}”。请给出 draw.json 或它所在的文件夹。"

FROZEN = "已冻结“{task}”第 {attempt} 次：名单 {pool} 户，排除 {out} 户，承诺值前 8 位 {head}。"
WITNESSED = "请每位报数人在纸上写下六位数和承诺值前 8 位，面朝下放好，放齐后依次念出。"
DRAWN = "已抽取“{task}”第 {attempt} 次：{visits} 户，{checks} 项次检查，合并后少跑 {saved} 次。"
VOIDED = "已作废“{task}”第 {attempt} 次（{stage}）。"
QUOTA_LINE = "{item} {stratum}：{size} 户里抽 {drawn} 户（{rate}）{whole}"
WHOLE = "，整层抽取"
OUT_LINE = "未进入名单：{reason} {count} 户"
LOG_FROZEN = "冻结 {pool} 户，承诺值 {head}"
LOG_SAID = "报数：{said}"
LOG_DRAWN = "抽中 {visits} 户，{checks} 项次"
LOG_VOIDED = "作废（{stage}）：{reason}"
FROM_PLAN = "年度计划：{plan}"
AD_HOC = "临时任务"
MODE = "现场报数"
NEXT_DRAW = "ssj draw {book} {task} {said}"
NEXT_PAPERS = "ssj papers {book} {task} --out 文书"
NEXT_FREEZE = "ssj freeze {book} {task} --speaker 报数人"
YES, NO = "是", "否"
YES_BUT = "是（已核的步骤都对；没有核的：{steps}）"
VERDICT = "核验结论：{answer}。{sentence}"
STEP = "{no:>2} {title}　{result}　{sentence}"
RESTORED = "有 {count} 条抽取记录没有保存在本簿中，已经从记录文件补回：{what}。"
VOID_MARK = "抽取已作废"
RESTORED_ONE = "{task} 第 {attempt} 次{event}"
