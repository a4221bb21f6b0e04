"""What the draw says: refusals, and the verifier's steps."""

from __future__ import annotations

# Names of files that people see in the record's folder.
SEALED = "密封.json"
ABSENT = "（没有）"
NOTHING = "组合字符"
OUTERMOST = "最外层"

# digest, files, shape: how a text or a file must look.
NOT_NORMAL = "文字“{seen}”里有不能用的字符（{char}），或首尾有空格。请改正后再试。"
NOT_JSON_VALUE = "内容里有不能写进档案的值“{seen}”。只能是文字、整数、是否、列表和名目。"
BAD_JSON = "{file} 第 {line} 行看不懂（{why}）。文件已损坏或被改过，请用原件。"
BAD_UTF8 = "{file} 第 {line} 行不是 UTF-8 文字。文件已损坏或被改过，请用原件。"
BAD_BOM = "{file} 开头多了一个 BOM 标记。请用原件，不要用记事本等另存。"
MISSING_FILE = "缺少文件 {file}。请把它放回抽取档案的文件夹。"
UNREADABLE = "打不开文件 {file}：{why}。"
BAD_LINE_END = "{file} 第 {line} 行的换行不对（只能用 LF）。文件被别的程序另存过，请用原件。"
NO_LAST_LF = "{file} 第 {line} 行（最后一行）末尾没有换行。文件不完整，请用原件。"
BAD_FIELDS = "{file} 第 {line} 行有 {seen} 栏，应当是 {want} 栏。"
LINE_WRONG = "{file} 第 {line} 行：{why}"
NOT_ASCENDING = "{file} 第 {line} 行的“{id}”次序不对或重复，应当按编码从小到大。"
ITEMS_NOT_ASCENDING = "事项“{items}”次序不对或重复，应当按编码从小到大。"
BAD_SHAPE = "{file} 的 {where} 不是应有的样子（写的是“{seen}”）。"
LACKING = "{file} 的 {where} 缺少“{key}”。"
WHY_DUPLICATE_KEY = "“{key}”写了两次"
WHY_NUMBER = "数字“{seen}”不是许可的整数"
WHY_SYNTAX = "第 {column} 列起不合格式"
WHY_DEEP = "层次太深"

# merkle
BAD_PATH = "名单回执的路径不对：第 {index} 条、共 {size} 条，应有 {want} 段 64 位指纹，实有 {seen} 段可用。"

# plan
BAD_RATE = "比例“{seen}”不对。只能写 0、1 或 0. 开头、末位不是 0 的小数（例如 0.03），或 0 到 10 亿之间的户数。"
BAD_COUNT = "“{what}”填的是“{seen}”，应当是 0 到 10 亿之间的整数。"
NO_RATE = "检查对象“{id}”的事项“{item}”在“{stratum}”层没有比例。不抽的请写 0。"
ITEM_NOT_PLANNED = "检查对象“{id}”的事项“{item}”不在方案里。"
NOT_SORTED = "方案的“{key}”次序不对或重复，应当按编码从小到大。"
BAD_WINDOW = "检查开始“{start}”和检查截止“{end}”要写成 2026-03-02 的样子，截止不能早于开始。"
BAD_TIME = "冻结时间“{seen}”要写成 2026-03-02T01:00:00Z 的样子。"
BAD_PROTOCOL = "协议“{seen}”不认识，只认识“{want}”。"
BAD_HIDDEN = "密封的“{what}”应当是 64 位小写十六进制数。"
FEW_IN_TEAM = "每户检查人员是 {seen} 人，不得少于 2 人。"

# pool
EMPTY_ID = "名单里有一户没有编码也没有名称（第 {index} 户）。请补上。"
EMPTY_STRATUM = "检查对象“{id}”没有分层（信用风险等级）。请补上，没有评级的写 未评。"
NO_ITEMS = "检查对象“{id}”没有抽查事项。请给出事项，或把它移出名单。"
EMPTY_ITEM = "检查对象“{id}”的抽查事项里有一个是空的。"
COMMA_IN_ITEM = "检查对象“{id}”的抽查事项“{item}”里有逗号。事项编码不能有逗号。"
ITEM_TWICE = "检查对象“{id}”的抽查事项“{item}”写了两次。"
UNSEEN_IN_FIRM = "检查对象“{id}”的“{seen}”里有看不见或不能用的字符（{char}），或首尾有空格。请改正后再试。"
SAME_FIRM = "检查对象“{id}”和“{other}”是同一个编码（大小写、全角半角、空格不算不同）。请只留一户。"

# freeze
NO_UNIT = "检查对象“{id}”没有管辖单位，配不了检查人员。请补上管辖单位。"
UNIT_WITHOUT_FIRM = "管辖名单里的“{id}”不在抽取名单里，或写了两次。"
BAD_STAFF = "检查人员“{id}”的“{key}”不是应有的样子（写的是“{seen}”）。"
STAFF_NOT_SORTED = "检查人员“{id}”的次序不对或证号重复。"
EMPTY_REASON = "排除的“{id}”没有写明原因。"

# said
NO_SPEAKER = "没有报数人。至少要有一位报数人。"
BAD_NAME = "报数人的姓名“{name}”不能用：不能空着，首尾不能有空格，也不能有等号或看不见的字符。"
SAME_SPEAKER = "报数人“{name}”写了两次。每位报数人只报一次。"
WRONG_SLOTS = "报数人应当依次是：{want}。实际是：{seen}。"
BAD_SAID = "“{name}”报的“{seen}”不对。只能是六位数字 0–9，例如 000007。"

# teams
TEAM_SHORT = "第 {no} 户“{id}”只有 {have} 名符合条件的检查人员，需要 {need} 名。请补充人员后重新冻结。"

# record: what stands before a draw
SEALED_LOST = "找不到密封文件 {file}。没有它就不能抽取。请取回封存的副本；实在没有，请作废后重新冻结。"
CHANGED_SINCE = "{why}（冻结以后，{file} {where}被改过。）"
POOL_CHANGED = "名单和冻结时不一样：{file} {where}被改过。请恢复原文件；确实要改，请作废后重新冻结。"
STAFF_CHANGED = "检查人员和冻结时不一样：{file} 的 staff {where}被改过。请恢复原文件；确实要改，请作废后重新冻结。"
PLAN_CHANGED = "方案和冻结时不一样：{file} 的 {key} {where}被改过。请恢复原文件；确实要改，请作废后重新冻结。"
LIST_CHANGED = "{file} 和冻结时不一样，{where}被改过。请恢复原文件；确实要改，请作废后重新冻结。"
AT_LINE = "第 {line} 行"
AT_PERSON = "第 {line} 人（证号 {id}）"
AT_KEY = "的“{key}”"
SOMEWHERE = "某一处（指不出是哪一处）"
COUNT_DIFFERS = "{file} 有 {seen} 行，{by} 写的是 {want} 行。"
STATED_DIFFERS = "{file} 的 {key} 写的是“{seen}”，按档案重算是“{want}”。"
PLAN_SALT = "{file} 的 veil 或 inner_plan.salt 被改过：由 veil 算出的 salt 不同。"
ROOT_STATED = "pool.tsv 逐行都和冻结时一样，但 {file} 里的 root 或 veil 被改过：按档案重算的 root 是“{want}”，写的是“{seen}”。"
NOT_THE_LOGGED = "这份档案的承诺值是“{seen}”，抽取记录里写的是“{want}”，不是同一次冻结。请用原件。"

# log
LOG_LINE = "抽取记录文件 {file} 第 {line} 行已损坏（{why}）。请不要手工修改，用备份恢复。"
LOG_FIELDS = "栏目不对"
LOG_SEQ = "序号是“{seen}”，应当是“{want}”"
LOG_BEFORE = "上一行指纹对不上"
LOG_HASH = "本行指纹对不上，内容被改过"
SHEET_AHEAD = "工作簿的“抽取记录”有 {sheet} 行，记录文件只有 {file} 行。记录文件不完整，请用备份恢复。"
SHEET_DIFFERS = "工作簿的“抽取记录”第 {row} 条的“{header}”和记录文件不同。请不要手工修改，用备份恢复。"

# verify
NO_RECORD = "“{path}”里没有 draw.json，不是一份完成的抽取档案。"
TITLES = (
    "格式", "纸上承诺值", "名单文件", "名单指纹", "人员、方案", "承诺", "报数、种子", "抽中、备选、分界",
    "检查人员", "抽取记录", "公开记录", "补抽", "与名录库对照",
)
YES, NO, UNDONE = "是", "否", "未核"
STOPPED = "前面已有不同，没有继续核对。"
OK_FORMAT = "draw.json 格式正确，协议 {protocol}。"
UNWITNESSED = "只有一位报数人，没有第二人见证：未见证。"
NO_SLIP = "没有给出纸上的承诺值。"
SLIP_FORM = "给出的承诺值“{seen}”不对，应当是 8 到 64 位十六进制数。"
SLIP_DIFFERS = "纸上的承诺值是“{seen}”，档案里是“{want}”。"
OK_SLIP = "承诺值的前 {digits} 位和纸上一致；它固定了名单、人员、方案、报数人和此前的记录。报数请再和纸上逐个对照：{said}。"
OK_POOL = "pool.tsv 共 {size} 行，形式正确，没有重复。"
OK_ROOT = "由 {size} 户逐户重算，root 一致。"
OK_PLAN = "检查人员 {staff} 名、各层户数、比例、排除名单 {excluded} 户、管辖名单和方案一致。"
OK_COMMIT = "承诺值一致，其余文件没有被改过。"
OK_SEED = "{count} 位报数人的数都是六位，由它们重算的种子一致。"
OK_DRAW = "逐层重算：抽中 {checks} 项次，合为 {visits} 户，次序、备选和分界线都一致。"
OK_TEAMS = "按冻结的规则重配 {visits} 户的检查人员，完全一致。"
OK_NO_TEAMS = "这次抽取没有配检查人员。"
NO_LOG = "没有给出抽取记录。"
LOG_BROKEN = "抽取记录第 {row} 行：{why}。"
LOG_NOT_FOUND = "抽取记录里没有承诺值 {seen} 的冻结。"
LOG_TASK = "抽取记录把这次冻结记在任务“{seen}”，方案里写的是“{want}”。"
LOG_EVENTS = "抽取记录里这次抽取的事件是：{seen}。应当依次是冻结、报数、抽取，各一次。"
LOG_OPERATOR = "抽取记录里这次{event}的操作人“{name}”也是报数人。报数人不能操作。"
LOG_EARLIER = "同一任务第 {attempt} 次没有作废，就又冻结了。"
LOG_HEAD = "抽取记录里这次{event}的 {key} 是“{seen}”，档案里是“{want}”。"
OK_LOG = "抽取记录 {rows} 行首尾相接；这次的冻结、报数、抽取依次各一次，此前各次都已作废。{voided}"
VOIDED_LATER = "注意：这次抽取后来已经作废。"
NO_PUBLIC = "档案里没有 public.json。"
OK_PUBLIC = "public.json 和抽取档案一致，没有多出内容。"
NO_SOURCE = "没有给出名录库。"
SOURCE_OTHER = "给出的名录库和冻结时读到的不是同一份（指纹不同），不能对照。"
SOURCE_LACKS = "“{id}”在{where}里，但不在名录库里。"
SOURCE_LEFT = "“{id}”在名录库里，但既不在名单里，也没有列为排除。"
SCOPE_STRANGE = "“{id}”在名单里，但不符合冻结的抽查范围。"
SCOPE_LEFT = "“{id}”以不在抽查范围为由排除，但符合冻结的抽查范围。"
OK_SCOPE = "按冻结的抽查范围（{count} 个条件）重新筛选，名单、分层{items}和{by}排除的原因都相同。"
ALSO_ITEMS, BY_REGISTRY = "、各户的事项", "按名录库"
OK_CHECKED = "因以前查过而排除的 {earlier} 户，按冻结时保存的检查日期重算相同，这些检查在“检查结果”或“上级抽取名单”里都有。"
CHECKED_LATER = "注意：名单里有 {count} 户（例如“{id}”），按现在的检查记录冻结以前已经查过，冻结时却没有记；请核对是后来补录的，还是当时漏了。"
NO_CHECKED = "这份档案没有保存以前的检查日期，因以前查过而排除的 {earlier} 户没有重新比对。"
NO_SHEETS = "没有给出检查结果和上级抽取名单，因以前查过而排除的 {earlier} 户没有和它们对照。"
NO_OWNERS = "没有抽取记录，不知道各事项属于哪个任务，各户的事项没有重新比对。"
SOURCE_CHECKED = "“{id}”以“{seen}”排除，冻结时记的检查日期 {days} 在“检查结果”和“上级抽取名单”里都没有。"
SOURCE_REASON = "“{id}”没有进入名单的原因，记的是“{seen}”，按冻结时的名录库和检查日期应是“{want}”。"
NO_REASON = "没有，应在名单里"
SOURCE_LAYER = "“{id}”在名单里列在“{seen}”层，按冻结时的名录库应是“{want}”。"
SOURCE_ITEMS = "“{id}”在名单里的事项是“{seen}”，按方案应是“{want}”。"
OK_SOURCE = "名录库 {source} 户减去排除 {excluded} 户，正是名单 {pool} 户。"
IN_POOL, IN_EXCLUDED = "名单", "排除名单"
DIFFERS = "{file} 的 {where} 写的是“{seen}”，重算是“{want}”。"
FILE_CHANGED = "{file} 和抽取时不一样{where}。"
FILE_AT_LINE = "，第 {line} 行被改过"

PROVES = (
    "核验通过说明：名单、人员和方案在报数之前已经固定；报数之后，抽中谁、派谁去检查，全由固定的内容和报的数算出，没有人能挑选；"
    "事后没有改动。"
)
PROVES_ONLY = "没有核对的步骤（{steps}）不在其内。"
REMADE = "没有和纸上的承诺值对照，不能排除整份档案是事后重做的。请把签过字的承诺单拿来再核一次。"
CANNOT_PROVE = (
    "核验不能说明：名录库本身是否齐全、等级是否评对；报数人是否事先串通。"
    "公众凭公开记录只能核对承诺、种子和公布次序，不能核对谁被抽中；"
    "简式回执只证明这一户在名单里，抽中与否以本局的话为准；任何回执都不能证明名单里没有同一户的第二条，只有审计人员看得到。"
)
FAILED = "核验不通过：第 {no} 步“{title}”有不同，后面的步骤没有再核对。{sentence}"
