"""What is said when a public record, a receipt or a workbook's log is checked, and when a receipt is made."""

from __future__ import annotations

# What is given to be checked.
NOT_OURS = "“{path}”不是能核验的文件。请给出抽取档案的文件夹或 draw.json、公开记录 public.json、企业回执 .json，或台账工作簿。"
NOT_OUR_FOLDER = "“{path}”里没有抽取档案，也没有公开记录。请给出带 draw.json 或 public.json 的文件夹，或直接给出文件。"
ONLY_FROZEN = "“{path}”只冻结了名单，还没有抽取，没有可以核验的结果。请抽取以后再核验。"
WHOLE_ARCHIVE = "“{path}”是整本的抽取档案。请给出其中一次抽取的文件夹；要核验整本的抽取记录，请给出台账工作簿。"

# A public record, by its steps.
PUBLIC_TITLES = ("格式", "纸上承诺值", "方案", "承诺", "报数、种子", "公布次序")
VOIDED_BY = "（{stage}，{reason}，世界时 {time}）"
VOID_TITLES = ("格式", "纸上承诺值", "承诺", "作废")
OK_VOID_SLIP = "承诺值的前 {digits} 位和纸上一致。"
VOID_CLOSED = "密封的数没有公开，不能重算承诺值；这次冻结已不能再用来抽取。"
VOID_UNSAID = "没有报数"
OK_VOID = "第 {attempt} 次，世界时 {frozen} 冻结名单 {pool} 户，{said}，没有抽取。"
PROVES_VOID = "这是一次没有抽取就作废的冻结：它的承诺值、名单根和方案指纹留在这里，不能再当作没有过。"
CANNOT_VOID = "不能说明：为什么作废、是否应当作废，审批和说明在本局的抽取记录里；也不能算出假如抽取会抽中谁。"
OK_PUBLIC_FORMAT = "公开记录格式正确，协议 {protocol}。"
OK_PUBLIC_PLAN = "公开的方案（名单 {pool} 户，第 {attempt} 次抽取）和方案指纹一致。"
OK_PUBLIC_COMMIT = "公开的数、名单根和方案指纹重算出同一个承诺值。"
OK_CALLING = "抽中的 {drawn} 户正是按种子算出的次序公布的。"
NO_WINNERS = "这次抽取没有公布名单，只公布抽中 {drawn} 户。"
PROVES_PUBLIC = (
    "核验通过说明：名单、人员和方案的指纹在报数之前已经由承诺值固定；种子由固定的内容和报的数算出，没有人能挑选；公布的次序由种子决定。"
)
CANNOT_PUBLIC = (
    "公开记录不能说明：抽中的是不是这些户——票号和等级不公开，要由审计人员用抽取档案重算；名单是否齐全、等级是否评对；报数人是否事先串通。"
    "单独一户可以向本局要回执，核对自己在不在名单里。"
)
REMADE_PUBLIC = "没有和纸上的承诺值对照，不能排除整份公开记录是事后重做的。请把签过字的承诺单（或它的照片）拿来再核一次。"

# A receipt, by its steps.
RECEIPT_TITLES = ("格式", "纸上承诺值", "公开记录", "与公开记录一致", "在名单里的位置", "等级密封", "分界线", "是否抽中")
RECEIPT_NEEDS_PUBLIC = "只有回执 {file}，不能核对：回执要和这次抽取的公开记录 public.json 对照，不能只看回执自己写的。请把 public.json 放在回执旁边，或者一起给出。"
RECEIPT_STRANGER = "回执里多了“{key}”。"
OK_RECEIPT_SHORT = "“{id}”的简式回执，格式正确。"
OK_RECEIPT_FULL = "“{id}”的完整回执，格式正确。"
OK_RECEIPT_PUBLIC = "公开记录自身一致：方案、承诺值、种子都能重算出来。"
OK_RECEIPT_HEADS = "回执上的承诺值、名单根和户数，正是公开记录里的。"
RECEIPT_LINE = "名单行有 {seen} 栏，应当是 3 栏。"
RECEIPT_ROOT = "由这一行和路径算出的名单根是“{seen}”，公开的是“{want}”：这一行不在名单里，或被改过。"
OK_RECEIPT_PLACE = "这一户是名单 {size} 户里的第 {index} 条，可能被抽的事项是：{items}。"
SHORT_NO_SEAL = "简式回执不含等级，不核对。"
RECEIPT_SEAL = "密封和等级“{stratum}”对不上：等级或密封被改过。"
OK_RECEIPT_SEAL = "密封打开，冻结时这一户的等级是“{stratum}”。"
SHORT_NO_CUTS = "简式回执不含分界线，不核对。"
RECEIPT_CUT_ITEMS = "分界线的事项是“{seen}”，应当恰好是“{want}”，每项一条。"
RECEIPT_CUT_FIELDS = "事项“{item}”的分界线有 {seen} 栏，应当是 6 栏。"
RECEIPT_CUT_STRATUM = "事项“{item}”的分界线是“{seen}”层的，这一户在“{want}”层。"
RECEIPT_CUT_ROOT = "事项“{item}”的分界线不在公开的分界线之内，或被改过。"
OK_RECEIPT_CUTS = "{count} 个事项的分界线都是公开记录所固定的。"
DRAWN_FOR = "抽中（{items}）"
NOT_DRAWN = "没有抽中"
CALLED = "，其中 {items} 由补抽接替"
FELL = "已退出（不在抽查范围内，由补抽接替，不再检查）"
RECEIPT_CALLED = "回执写着由补抽接替事项“{item}”，但这一户在名单里没有这个事项。"
VERDICT_LATER = "由种子重算票号，抽取时的结果是“{drawn}”，和回执不矛盾；回执现在写的是“{verdict}”，后来的变动以本局的抽取记录为准。"
SHORT_VERDICT_LATER = "回执写的是“{verdict}”。抽取时的结果和公布的名单不矛盾；后来的变动以本局的抽取记录为准。"
SHORT_VERDICT = "回执写的是“{verdict}”。简式回执不能核对这一点，以本局的话为准。"
SHORT_VERDICT_LISTED = "回执写的是“{verdict}”，和公布的名单一致。票号不在简式回执里，不能重算。"
OK_RECEIPT_VERDICT = "由种子重算这一户的票号，和分界线比较，结果是“{verdict}”，和回执一致。"
PROVES_SHORT = "核验通过说明：这一户在报数之前就在名单里，名单此后没有改过。简式回执只证明在名单里；抽中与否是本局的话。"
PROVES_FULL = "核验通过说明：这一户在报数之前就以这个等级在名单里；它的票号由种子算出；抽中或没有抽中，正是票号和分界线比较的结果。"
PROVES_LATER = "核验通过说明：这一户在报数之前就以这个等级在名单里；它的票号由种子算出；抽取时抽中或没有抽中，正是票号和分界线比较的结果。后来的补抽是本局的话。"
CANNOT_RECEIPT = "任何回执都不能证明名单里没有同一户的第二条，也不能说明别的户是否抽得公正：那只有审计人员用抽取档案才看得到。"

# The log of a workbook, by its steps.
BOOK_TITLES = ("记录文件", "与纸上对照", "首尾相接", "工作簿与文件一致", "事件次序", "抽取档案")
OK_FILE = "{file} 共 {rows} 行，每行都完整。"
NO_PAPER = "没有给出纸上的指纹。"
PAPER_ROW = "纸上指纹的前 {digits} 位，正是第 {row} 行（{event}）的；它后面还有 {after} 行。"
PAPER_COMMITMENT = "纸上承诺值的前 {digits} 位，在第 {row} 行（{event}）；它后面还有 {after} 行。"
PAPER_UNKNOWN = "纸上的“{seen}”不在抽取记录的 {rows} 行里：记录的末尾被截掉过，或整本重做过，或者这张纸不是本簿的。"
REMADE_LOG = "没有和纸上的指纹对照，不能排除记录文件和工作簿一起被截掉末尾，或整本重做。请用最近签过字的抽取证明再核一次，在“纸上的承诺值”里填指纹的前 8 位以上。"
OK_WALK = "逐行重算指纹，从第 1 行到第 {rows} 行首尾相接。最新指纹的前 8 位是 {head}，抄在纸上可以备查。"
OK_EMPTY = "还没有任何记录。"
OK_SHEET = "工作簿的“抽取记录”和记录文件逐条一致。"
SHEET_BEHIND = "工作簿的“抽取记录”只有 {sheet} 行，记录文件有 {file} 行：工作簿没有保存。对本簿运行任何一条命令，就会从记录文件补上。"
ORDER_WRONG = "抽取记录第 {row} 行：任务 {task} 第 {attempt} 次的“{event}”不该在这里（上一个事件是“{before}”）。"
VOID_LACKS = "抽取记录第 {row} 行：任务 {task} 第 {attempt} 次作废没有写{label}。"
VOID_PARTS = {"reason": "原因", "explain": "说明", "approver": "审批人"}
NOTHING_BEFORE = "没有"
NO_QUICK = "不是现场快抽"
ADOPTED_OTHERS = "抽取记录第 {row} 行转为任务的户，不是 {path} 里抽中的那些。请从备份恢复。"
OK_ORDER = "{tasks} 个任务、{attempts} 次冻结，事件次序正确；作废 {voided} 次；完整回执 {receipts} 份。"
ARCHIVE_GONE = "抽取记录第 {row} 行的档案文件 {path} 不见了。请从备份恢复。"
ARCHIVE_CHANGED = "抽取记录第 {row} 行的档案文件 {path} 被改过：它的指纹不是记录里的那一个。请从备份恢复。"
OK_ARCHIVE = "{draws} 份抽取档案都在，指纹和记录一致。（要逐份重算，请核验各自的档案文件夹。）"
PROVES_LOG = "核验通过说明：从第一行起，抽取记录没有被增删改，工作簿、记录文件和抽取档案说的是同一件事。"
CANNOT_LOG = (
    "不能说明：纸上那一行以后的末尾几行是否被截掉。冻结、抽取、补抽、作废在抽取档案里各留有文件，截掉了会被发现；"
    "报数和完整回执在那里不留文件，只有承诺单、回执本身和它们印着的指纹可以作证；档案文件夹和记录一起删掉的，也只有纸上看得出。"
)

# ssj receipt
NO_DRAW = "“{task}”还没有抽取，没有回执可开。"
VOIDED_DRAW = "“{task}”第 {attempt} 次抽取已经作废，不能再开回执。"
NOT_IN_POOL = "“{firm}”不在“{task}”第 {attempt} 次的名单里（{why}），开不了回执。"
OUT_BECAUSE = "未进入的原因：{reason}"
OUT_UNKNOWN = "名单和排除名单里都没有"
RECORD_CHANGED = "档案文件 {file} 和抽取记录里的指纹不同，不能据此开回执。请先核验，从备份恢复。"
FULL_NEEDS = "完整回执会让这一户知道自己的等级和分界线，必须由审批人决定。请写明 --approver 姓名 和 --reason 原因（不少于 4 个字）。"
SHORT_NEEDS_NOT = "简式回执不用写审批人和原因。要开完整回执，请加 --full。"
SEVERAL_LISTED = "“{seen}”在名单里有几条：{ids}。请写明是哪一条。"
LOG_RECEIPT = "完整回执：{id}，审批人 {approver}，本任务第 {number} 份"
MADE_SHORT = "已开出“{firm}”的简式回执：{verdict}。"
MADE_FULL = "已开出“{firm}”的完整回执（本任务第 {number} 份，已记入抽取记录）：{verdict}。"
RECEIPT_FILE = "回执-{id}-{kind}"
SHORT_KIND, FULL_KIND = "简式", "完整"
NEXT_VERIFY = "ssj verify {file} --public {public}"


# ssj pool
NEVER_FROZEN = "“{task}”还没有冻结过名单。"
POOL_IN = "第 {attempt} 次（{time} 冻结{voided}）：在名单里，第 {line} 行，等级“{stratum}”，事项 {items}。"
POOL_OUT = "第 {attempt} 次（{time} 冻结{voided}）：不在名单里，排除的原因是“{reason}”。"
POOL_ABSENT = "第 {attempt} 次（{time} 冻结{voided}）：名单和排除名单里都没有，当时名录库里没有这一户。"
QUICK_IN = "第 {attempt} 次（{time} 冻结{voided}）：在操作人选定的名单里，第 {line} 行，写作“{id}”。"
QUICK_ABSENT = "第 {attempt} 次（{time} 冻结{voided}）：选定的名单和隐藏行里都没有。"
POOL_PROVED = "（由保存的名单重算，名单根和抽取记录一致）"
POOL_SAID = "“{firm}”在“{task}”最近一次冻结的名单里：{answer}。"
WAS_IN, WAS_OUT = "在", "不在"
AND_VOID = "，后已作废"
KEPT_CHANGED = "保存的名单 {path} 和抽取记录第 {row} 行的指纹不同，不能作答。请从备份恢复。"

# ssj page
PAGE_FILE = "核验.html"
PAGE_MADE = "核验网页已放好。用浏览器双击打开即可，不用联网，可以拷到 U 盘。"
ARCHIVE_NEWER = "抽取档案里的 {path} 说的事，抽取记录里没有：记录的末尾被截掉过，或者文件被改过。请从备份恢复。"
ARCHIVE_UNKNOWN = "抽取档案里有文件夹“{folder}”，抽取记录里却没有它：记录被删过行，或整本重做过。"
WHO = "不认得“{seen}”：名录库和当时的名单里都没有这个代码或名称。{nearest}企业可能改过名，请用统一社会信用代码查。"
SAME_NAME = "名录库里叫“{seen}”的有 {count} 户，分不清问的是哪一户。请用统一社会信用代码查。"
