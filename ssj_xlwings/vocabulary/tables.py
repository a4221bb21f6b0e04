"""The sheets of the master workbook. Blank book, drop-downs, prompts, checks and 填写说明 come from here.

Read as: a table is a sheet; a column is (name, heading, kind …). What staff must type carries
`required=True`; `daily=False` puts a column into the collapsed group; `private` never leaves the bureau.
"""

from __future__ import annotations

from ssj_xlwings.types import Column as C
from ssj_xlwings.types import Table
from ssj_xlwings.vocabulary import codelists as words

REGISTRY, DRAW, INSPECT, PUBLISH, OFFICE = "名录库", "抽取", "检查", "公示", "设置与说明"
GROUPS = {REGISTRY: "2E75B6", DRAW: "C55A11", INSPECT: "548235", PUBLISH: "7030A0", OFFICE: "7F7F7F"}
"""Sheet groups → tab colour (RGB)."""

HOME = "首页"
MANUAL = "填写说明"
CODES = "代码表"

ITEMS = Table("items", "抽查事项清单", REGISTRY, (
    C("code", "事项编码", "code", required=True, width=12, aliases=("编码", "事项代码", "编号"),
      help="本局自编的短编码，例如 DJ01。不能重复，不能有顿号、逗号或空格。"),
    C("name", "抽查事项", required=True, width=36, aliases=("事项名称", "检查事项", "抽查事项名称"), help="清单里的事项名称。"),
    C("kind", "事项类别", "choice", True, words.ITEM_KINDS, width=14, aliases=("一般/重点", "事项类型"),
      help="一般检查事项有比例上限；重点检查事项不设上限。"),
    C("basis", "检查依据", required=True, width=44, aliases=("依据", "抽查依据", "法律依据"), help="法规名称和条款。没有依据的事项不能抽查。"),
    C("category", "抽查类别", filled_by="import", width=16, aliases=("类别", "抽查类别名称"), help="例如 登记事项检查、公示信息检查。"),
    C("methods", "检查方式", "codes", allowed=words.METHODS, filled_by="import", width=18, help="可填多种，用顿号隔开。"),
    C("line", "业务条线", filled_by="import", width=14, aliases=("业务条线(处室)", "处室", "业务处室"), help="由哪个处室维护。"),
    C("points", "检查内容及要点", filled_by="import", width=40, daily=False, aliases=("检查内容", "检查内容及要求"), help="会印在检查表上。"),
    C("materials", "要求提供材料", filled_by="import", width=30, daily=False, help="会印在检查表上。"),
    C("ceiling", "抽查比例上限", "rate", filled_by="import", width=12, daily=False, help="一般检查事项的最高比例，例如 10%。"),
    C("version", "清单版本", filled_by="import", width=14, daily=False, help="总局、省局或市局的清单版本。"),
    C("state", "状态", "choice", allowed=words.VALID, filled_by="import", default="有效", width=8, help="不填就是有效。失效的事项不能再用。"),
), ("code",), "可以抽查的事项。每行一个事项。")

SUBJECTS = Table("subjects", "检查对象名录库", REGISTRY, (
    C("name", "主体名称", required=True, width=36, aliases=("企业名称", "市场主体名称", "名称", "单位名称", "检查对象", "对象名称", "主体名称（字号）"),
      help="营业执照上的名称。"),
    C("code", "统一社会信用代码", "code", width=22, required=True,
      aliases=("信用代码", "代码", "社会信用代码", "统一社会信用代码/注册号", "统一代码", "注册号/统一社会信用代码", "注册号"),
      help="18 位，文本格式。没有代码的非市场主体可以不填，请把“对象性质”填成非市场主体。"),
    C("address", "住所", required=True, width=44, aliases=("住所（经营场所）", "住所(经营场所)", "注册地址", "经营场所", "经营地址", "地址", "住所/经营场所"),
      help="住所或经营场所。管辖单位可由它推出。"),
    C("unit", "管辖单位", "ref", refers="units", filled_by="import", width=22, aliases=("监管单位", "辖区", "所属单位", "管辖机关"),
      help="负责检查的单位。导入时不填，会按住所推出。"),
    C("type", "主体类型", "choice", allowed=words.SUBJECT_TYPES, filled_by="import", width=14, aliases=("市场主体类型",),
      help="不填时按代码前两位推出。"),
    C("status", "登记状态", "choice", allowed=words.STATUS, filled_by="import", default="存续", width=10, aliases=("经营状态", "企业状态", "主体状态"),
      help="不填就是存续。只有存续的才会进入抽取。"),
    C("class", "信用风险等级", "choice", allowed=words.CLASSES, filled_by="import", private=True, default="未评", width=12,
      aliases=("风险等级", "信用等级", "等级", "信用风险分类", "风险类别"), help="A、B、C、D 或未评。只供内部使用，不会公示。"),
    C("tags", "专项库标签", "codes", filled_by="import", width=16, aliases=("标签", "专项库名称", "监管标签"), help="可填多个，用顿号隔开。"),
    C("key", "重点监管", "choice", allowed=words.YES_NO, filled_by="import", default="否", width=10, aliases=("重点监管标识", "重点标识"), help="不填就是否。"),
    C("state", "状态", "choice", allowed=words.VALID, filled_by="import", default="有效", width=8, help="不填就是有效。失效的不进入抽取，也不删除。"),
    C("nature", "对象性质", "choice", allowed=words.NATURE, filled_by="import", daily=False, default="市场主体", help="不填就是市场主体。"),
    C("division", "行政区划代码", "code", filled_by="import", daily=False, help="管辖地的 6 位区划代码，不是信用代码里的第 3–8 位。"),
    C("registered", "登记类型", filled_by="import", daily=False, width=20, aliases=("企业类型", "公司类型", "市场主体类型（大类）"), help="执照上的类型，例如 有限责任公司。"),
    C("founded", "成立日期", "date", filled_by="import", daily=False, aliases=("注册日期", "登记日期", "成立时间"), help="例如 2020-03-02。"),
    C("industry", "行业", filled_by="import", daily=False, width=16, aliases=("行业门类", "行业代码", "所属行业"), help="GB/T 4754 门类字母或名称。"),
    C("business", "经营范围", filled_by="import", daily=False, width=40, help="执照上的经营范围。"),
    C("legal_person", "法定代表人", filled_by="import", private=True, daily=False, aliases=("法定代表人(负责人)", "法定代表人（负责人）", "负责人", "法人", "经营者"),
      help="只供内部使用，不会公示。"),
    C("contact", "联系人", filled_by="import", private=True, daily=False, aliases=("联络员",), help="只供内部使用，不会公示。"),
    C("phone", "联系电话", "code", filled_by="import", private=True, daily=False, width=14, aliases=("电话", "手机", "联系方式"), help="打印时自动遮住中间四位。"),
    C("whitelist", "白名单", "choice", allowed=words.YES_NO, filled_by="import", daily=False, default="否", aliases=("白名单标识",), help="填是的不进入抽取。"),
    C("retired_why", "失效原因", filled_by="import", daily=False, help="状态是失效时请写明。"),
    C("remark", "备注", filled_by="import", daily=False, width=20, help="随意。"),
), ("code",), "可能被检查的企业、个体户和其他对象。每行一户。")

INSPECTORS = Table("inspectors", "执法检查人员名录库", REGISTRY, (
    C("name", "姓名", required=True, private=True, width=10, aliases=("检查人员", "人员姓名"), help="检查人员的姓名。"),
    C("unit", "所在单位", "ref", True, refers="units", width=24, aliases=("单位", "工作单位", "单位及职务", "所在单位(科室)"), help="要与“单位”表里的名称一致。"),
    C("id", "行政执法证号", "code", True, private=True, width=18, aliases=("执法证号", "证号", "执法证件编号", "执法证件号码", "执法证编号", "证件编号", "省执法证编号"), help="文本格式。证号不能重复。"),
    C("until", "证件有效期至", "date", True, width=13, aliases=("有效期", "有效期至", "证件有效期", "有效期限", "有效期限止", "有效期止"), help="检查截止那天证件必须有效。"),
    C("items", "可检查事项", "codes", True, refers="items", width=30, aliases=("可检查事项范围", "执法事项范围", "检查事项"),
      help="事项编码或名称，用顿号隔开；都能检查就填 全部。"),
    C("absent", "今日缺席", "choice", allowed=words.YES_NO, filled_by="import", default="否", width=9, help="抽取当天不能参加的填是，冻结时记入。"),
    C("state", "状态", "choice", allowed=words.STAFF_STATUS, filled_by="import", default="在岗", width=8, aliases=("人员状态",), help="不填就是在岗。只有在岗的会被抽到。"),
    C("kind", "人员类别", "choice", allowed=words.STAFF_KINDS, filled_by="import", default="有执法资格工作人员", width=18,
      help="专业技术人员和执法辅助人员不能作为两名检查人员之一。"),
    C("post", "职务", filled_by="import", daily=False, aliases=("担任职务",), help="例如 科长。"),
    C("line", "业务条线", filled_by="import", daily=False, aliases=("科室", "业务条线/科室所", "所在业务部门"), help="所在科室或监管所。"),
    C("phone", "手机", "code", filled_by="import", private=True, daily=False, width=14, aliases=("手机号", "联系电话", "电话"), help="打印时自动遮住中间四位。"),
    C("remark", "备注", filled_by="import", daily=False, width=20, help="随意。"),
), ("id",), "能够被抽中去检查的执法人员。每行一人。")

UNITS = Table("units", "单位", REGISTRY, (
    C("name", "单位名称", required=True, width=30, aliases=("单位", "机构名称"), help="单位全称。"),
    C("division", "行政区划代码", "code", width=14, aliases=("区划代码", "区划"), help="管辖地的 6 位区划代码。"),
    C("level", "层级", "choice", True, words.LEVELS, width=10, help="市局的人员可以到各县检查。"),
    C("area", "辖区名称", width=16, aliases=("辖区",), help="住所里写有这个名称的，归这个单位管辖。例如 丛台区。可填多个，用顿号隔开。"),
    C("liaison", "联络员", filled_by="import", private=True, daily=False, help="信息联络员。"),
    C("phone", "电话", "code", filled_by="import", private=True, daily=False, width=14, help="联络员电话。"),
), ("name",), "市局、县局和所。新建时已按区划列好，可以增减。")

RECUSALS = Table("recusals", "回避登记", REGISTRY, (
    C("inspector", "行政执法证号", "ref", True, refers="inspectors", private=True, width=18, aliases=("人员编号", "证号"), help="要回避的检查人员。"),
    C("subject", "检查对象", "ref", True, refers="subjects", width=24, aliases=("统一社会信用代码", "对象编号"), help="统一社会信用代码；没有代码的填名称。"),
    C("reason", "回避事由", "choice", True, words.RECUSAL_REASONS, private=True, width=14, help="从列表里选。"),
    C("decided_by", "决定人", width=10, private=True, filled_by="import", help="行政机关负责人。"),
    C("decided", "决定日期", "date", width=12, filled_by="import", help="例如 2026-03-02。"),
    C("until", "有效期至", "date", width=12, filled_by="import", help="不填就是一直有效。"),
), ("inspector", "subject"), "哪位检查人员不能检查哪一户。")

PLANS = Table("plans", "年度抽查计划", DRAW, (
    C("number", "计划编号", "code", filled_by="derived", width=18, help="不用填，校验时自动编号。"),
    C("name", "计划名称", required=True, width=36, aliases=("抽查计划名称",), help="年度计划里的名称。"),
    C("kind", "计划类型", "choice", True, words.PLAN_KINDS, width=12, help="本部门、内部联合或部门联合。"),
    C("items", "抽查事项", "codes", True, refers="items", width=26, help="事项编码或名称，用顿号隔开。"),
    C("start", "实施开始", "date", True, width=12, aliases=("开始日期",), help="例如 2026-03-01。"),
    C("end", "实施截止", "date", True, width=12, aliases=("截止日期", "结束日期"), help="不早于实施开始。"),
    C("direction", "抽查类型", "choice", allowed=words.DIRECTIONS, filled_by="import", default="不定向", width=10, help="不填就是不定向。"),
    C("launched_by", "发起层级", "choice", allowed=words.LAUNCHED_BY, filled_by="import", width=10, help="省、市或县。不填就是本局这一级。"),
    C("lead", "牵头条线", filled_by="import", width=14, aliases=("牵头处室", "牵头科室"), help="牵头的处室。"),
), ("name",), "一年的抽查计划。每行一项。")

STATE_FORMULA = (
    '=IF([@任务名称]="","",IFERROR(LOOKUP(2,1/((ssj_log_task=IF([@合并抽取]="",[@任务编号],[@合并抽取]))*(ssj_log_event<>"")'
    + "".join(f'*(ssj_log_event<>"{event}")' for event in words.EVENTS[4:]) + '),ssj_log_event),"未冻结"))'
)
"""The last event of a task; what follows a draw without undoing it (a replacement, a receipt) is none."""
TASKS = Table("tasks", "抽查任务", DRAW, (
    C("number", "任务编号", "code", filled_by="derived", width=20, help="不用填，校验或冻结时自动编号。"),
    C("name", "任务名称", required=True, width=34, aliases=("抽查任务名称", "方案名称"), help="这次抽查叫什么。不能重复。"),
    C("plan", "所属计划", "ref", refers="plans", width=24, aliases=("计划编号", "所属计划编号"), help="年度抽查计划的名称或编号；临时任务不填。"),
    C("items", "抽查事项", "codes", True, refers="items", width=24, help="事项编码或名称，用顿号隔开。几个事项会合并成一次检查。"),
    C("start", "检查开始", "date", True, width=12, aliases=("开始日期",), help="例如 2026-03-10。"),
    C("end", "检查截止", "date", True, width=12, aliases=("截止日期", "结束日期"), help="不早于检查开始。人员证件要到这天仍有效。"),
    C("state", "进度", filled_by="derived", width=10, formula=STATE_FORMULA, help="自动显示：未冻结、冻结、报数、抽取、作废。"),
    C("rate_A", "A类比例", "rate", filled_by="import", daily=False, width=9, aliases=("A",), help="例如 3%，或 5户。不填就用“参数”里的默认比例。"),
    C("rate_B", "B类比例", "rate", filled_by="import", daily=False, width=9, aliases=("B",), help="同上。"),
    C("rate_C", "C类比例", "rate", filled_by="import", daily=False, width=9, aliases=("C",), help="同上。"),
    C("rate_D", "D类比例", "rate", filled_by="import", daily=False, width=9, aliases=("D",), help="同上。"),
    C("rate_未评", "未评比例", "rate", filled_by="import", daily=False, width=9, aliases=("未评",), help="同上。"),
    C("alternates", "备选户数", "int", filled_by="import", daily=False, width=9, help="每个事项、每层的备选户数。不填就用“参数”里的。"),
    C("source", "任务来源", filled_by="import", daily=False, width=16, help="临时任务请写明来源，例如 投诉举报。"),
    C("lead", "承办单位", filled_by="import", daily=False, width=20, help="不填就是本局。"),
    C("strata", "分层依据", filled_by="import", daily=False, width=14, help="按检查对象名录库的哪一列分层，例如 主体类型、管辖单位。不填就是信用风险等级。"),
    C("batches", "分批数", "int", filled_by="import", daily=False, width=9, help="只用于全部抽取的重点检查事项：抽签只决定先后，按先后平均分成这么多批。"),
    C("joint", "合并抽取", "code", filled_by="derived", daily=False, width=20, help="与另一任务一起冻结的，这里是牵头任务的编号。"),
), ("name",), "每次抽查一行。")

SCOPES = Table("scopes", "抽查范围", DRAW, (
    C("task", "任务", "ref", True, refers="tasks", width=34, help="任务名称或编号；也可以是年度计划的名称，那就是计划的范围。"),
    C("column", "列", "choice", True, (), width=18, help="检查对象名录库里的列名，例如 主体类型。"),
    C("condition", "条件", "choice", True, words.CONDITIONS, width=12, help="从列表里选。"),
    C("value", "值", width=40, help="可填多个，用顿号隔开。条件是为空或不为空时不填。"),
), ("task", "column", "condition", "value"), "任务只抽哪些对象。每行一个条件，同一任务的条件要同时满足；不填就是全部对象。")

ITEM_RATES = Table("item_rates", "分事项比例", DRAW, (
    C("task", "任务", "ref", True, refers="tasks", width=34, help="任务名称或编号。"),
    C("item", "抽查事项", "codes", True, refers="items", width=24, help="比例与任务不同的事项；都一样就填 全部。"),
    C("rate_A", "A类比例", "rate", filled_by="import", width=9, help="不填就与任务相同。"),
    C("rate_B", "B类比例", "rate", filled_by="import", width=9, help="同上。"),
    C("rate_C", "C类比例", "rate", filled_by="import", width=9, help="同上。"),
    C("rate_D", "D类比例", "rate", filled_by="import", width=9, help="同上。"),
    C("rate_未评", "未评比例", "rate", filled_by="import", width=9, help="同上。"),
    C("layer", "层", filled_by="import", width=16, help="任务的分层依据不是信用风险等级时，填那一列里的值，例如 个体工商户；填 全部 就是没有单列的各层。"),
    C("rate", "该层比例", "rate", filled_by="import", width=9, help="例如 3%，或 5户。"),
), ("task", "item", "layer"), "比例因事项不同，或不按信用风险等级分层时才填。")

UPPER = Table("upper", "上级抽取名单", DRAW, (
    C("task", "任务名称", required=True, width=34, aliases=("抽查任务名称", "任务", "任务编号", "抽查任务编号"), help="上级任务的名称或编号。"),
    C("launched_by", "发起层级", "choice", True, words.LAUNCHED_BY, width=10, help="省、市或县。"),
    C("subject", "统一社会信用代码", "code", required=True, width=22, aliases=("信用代码", "代码", "统一社会信用代码/注册号", "注册号"), help="没有代码的填名称。"),
    C("name", "主体名称", filled_by="import", width=34, aliases=("企业名称", "市场主体名称", "名称"), help=""),
    C("drawn", "抽取日期", "date", True, width=12, aliases=("抽取时间",), help="上级抽取的日期，年度比例按它计入。"),
    C("items", "检查事项", filled_by="import", width=24, aliases=("抽查事项",), help="照上级名单填写。"),
    C("start", "检查开始", "date", filled_by="import", width=12, aliases=("开始日期",), help=""),
    C("end", "检查截止", "date", filled_by="import", width=12, aliases=("截止日期", "结束日期"), help=""),
    C("checked", "检查日期", "date", filled_by="import", width=12, aliases=("检查时间", "检查完成日期"), help="已经查过的填写，以免重复检查。"),
), ("task", "subject"), "省局、市局抽好下发的名单。计入年度抽查比例，也用来避免重复检查。")

PANEL = Table("panel", "现场抽取", DRAW, (
    C("speaker", "姓名", filled_by="derived", width=26, help="冻结时定下的报数人，请不要改。"),
    C("said", "报数", "code", width=26, help="六位数字，例如 000007。当众念、当众填，开始抽取以前可以改。"),
    C("state", "状态", filled_by="derived", width=18, help="待抽取，或已抽取。"),
    C("name", "任务名称", filled_by="derived", width=40),
    C("task", "任务编号", "code", filled_by="derived", daily=False, width=20),
    C("attempt", "第几次", "int", filled_by="derived", daily=False, width=8),
    C("pool", "名单", filled_by="derived", daily=False, width=12, help="名单里有多少。"),
    C("take", "抽取", filled_by="derived", daily=False, width=14, help="要抽多少。"),
    C("commitment", "承诺值", "code", filled_by="derived", daily=False, width=84, help="四位一组，便于念和核对。"),
), ("task", "attempt", "speaker"), "冻结以后在这里填报数，每位报数人一行，填齐再抽取。由“冻结名单”生成。", generated=True)

LOG = Table("log", "抽取记录", DRAW, (
    C("seq", "序号", "int", filled_by="derived", width=7, help="连续编号，不能增删。"),
    C("time", "时间", "time", filled_by="derived", width=22, help="世界时。"),
    C("task", "任务编号", "code", filled_by="derived", width=20, help=""),
    C("event", "事件", "choice", allowed=words.EVENTS, filled_by="derived", width=8, help=""),
    C("attempt", "第几次", "int", filled_by="derived", width=8, help="同一任务第几次抽取。"),
    C("operator", "操作人", filled_by="derived", private=True, width=10, help=""),
    C("note", "说明", filled_by="derived", width=50, help=""),
    C("data", "内容", filled_by="derived", daily=False, width=40, help="供核验程序使用。"),
    C("before", "上一行指纹", "code", filled_by="derived", daily=False, width=20, help=""),
    C("hash", "本行指纹", "code", filled_by="derived", width=24, help="每行都含上一行的指纹，改动任何一行都会被发现。"),
), ("seq",), "每次冻结、报数、抽取、作废各一行，只增不改。请不要手工修改。", append_only=True)

VISITS = Table("visits", "抽取结果与派发", INSPECT, (
    C("task", "任务编号", "code", filled_by="derived", width=20, help=""),
    C("no", "序号", "int", filled_by="derived", width=7, help="公布顺序。"),
    C("subject", "统一社会信用代码", "code", filled_by="derived", width=22, help=""),
    C("name", "主体名称", filled_by="derived", width=34, help=""),
    C("address", "住所", filled_by="derived", width=36, help=""),
    C("unit", "管辖单位", filled_by="derived", width=22, help=""),
    C("items", "检查事项", "codes", filled_by="derived", width=20, help="同一户的事项合并成一次检查。"),
    C("leader", "组长", filled_by="derived", private=True, width=9, help=""),
    C("members", "组员", "codes", filled_by="derived", private=True, width=12, help=""),
    C("dispatched", "派发日期", "date", filled_by="import", width=12, help="交给承办单位的日期。"),
    C("attempt", "第几次", "int", filled_by="derived", daily=False, width=8, help=""),
    C("class", "信用风险等级", "choice", allowed=words.CLASSES, filled_by="derived", private=True, daily=False, width=12, help="只供内部使用。"),
    C("team", "执法证号", "codes", filled_by="derived", private=True, daily=False, width=30, help="组长在前。"),
    C("signed_by", "签收人", filled_by="import", private=True, daily=False, width=10, help=""),
    C("signed", "签收日期", "date", filled_by="import", daily=False, width=12, help=""),
    C("batch", "批次", "int", filled_by="derived", daily=False, width=7, help="分批检查的任务，这一户在第几批。"),
    C("left", "不再单独检查", filled_by="derived", daily=False, width=20, help="已补抽，或并入另一任务的检查。"),
), ("task", "attempt", "subject"), "抽中的户和检查人员。抽取后自动写入。")

RESULTS = Table("results", "检查结果", INSPECT, (
    C("task", "任务编号", "code", filled_by="derived", width=20, aliases=("抽查任务编号",), help="抽取后自动写入。"),
    C("subject", "统一社会信用代码", "code", filled_by="derived", width=22, aliases=("信用代码", "代码"), help="抽取后自动写入。"),
    C("name", "主体名称", filled_by="derived", width=32, aliases=("企业名称",), help="抽取后自动写入。"),
    C("item", "事项编码", "ref", refers="items", filled_by="derived", width=10, aliases=("抽查事项",), help="抽取后自动写入。"),
    C("date", "检查日期", "date", width=12, aliases=("检查时间",), help="实际检查的日期。"),
    C("result", "检查结果", "choice", allowed=words.RESULTS, width=30, aliases=("抽查结果",), help="从列表里选。"),
    C("problem", "发现问题情况", width=30, help="有问题时必须填写。"),
    C("follow_up", "后续处置", "choice", allowed=words.FOLLOW_UPS, width=18, aliases=("后续处置措施",), help="从列表里选。"),
    C("done", "完结日期", "date", width=12, help="处置完毕的日期，不早于检查日期。"),
    C("recorder", "录入人", private=True, width=9, help="谁检查谁录入。"),
    C("inspectors", "检查人员", "codes", filled_by="derived", private=True, daily=False, width=16, help="实际检查的人员；与派发不同时请改。"),
    C("attempt", "第几次", "int", filled_by="derived", daily=False, width=8, help="第几次抽取。"),
    C("reviewer", "复核人", private=True, filled_by="import", daily=False, width=9, help="不能与录入人相同。"),
    C("review", "复核结论", "choice", allowed=words.REVIEWS, filled_by="import", daily=False, width=9, help=""),
    C("withheld", "不公示事由", filled_by="import", daily=False, width=20, help="依法不公示的，写明依据。"),
    C("published", "公示日期", "date", filled_by="import", daily=False, width=12, help="在公示系统公示的日期。"),
    C("remark", "备注", filled_by="import", daily=False, width=20, help=""),
), ("task", "subject", "item"), "每户每个事项一行。抽取后自动列好，检查后填写日期和结果。")

# The columns of the public system (rules §2.5).
ROSTER = Table("roster", "公示名册", PUBLISH, (
    C("no", "序号", "int", filled_by="derived", width=6),
    C("plan_number", "抽查计划编号", "code", filled_by="derived", width=16),
    C("plan_name", "抽查计划名称", filled_by="derived", width=22),
    C("task_number", "抽查任务编号", "code", filled_by="derived", width=20),
    C("task_name", "抽查任务名称", filled_by="derived", width=24),
    C("direction", "抽查类型", filled_by="derived", width=9),
    C("bureau", "抽查机关", filled_by="derived", width=22),
    C("name", "市场主体名称", filled_by="derived", width=30),
    C("code", "统一社会信用代码/注册号", "code", filled_by="derived", width=21),
    C("date", "抽查完成日期", "date", filled_by="derived", width=12),
    C("item", "抽查事项", filled_by="derived", width=26),
    C("result", "抽查结果", filled_by="derived", width=26),
    C("remark", "备注", filled_by="derived", width=12),
), ("no",), "可以对外公示的名册，按公示系统的列编排。由“编制公示名册”生成。", generated=True)

FINDINGS = Table("findings", "校验结果", OFFICE, (
    C("level", "级别", "choice", allowed=("阻断", "提醒"), filled_by="derived", width=7, help="阻断的要先改好才能抽取。"),
    C("sheet", "工作表", filled_by="derived", width=20),
    C("problem", "问题", filled_by="derived", width=34),
    C("count", "处数", "int", filled_by="derived", width=6),
    C("cells", "单元格", filled_by="derived", width=16),
    C("seen", "填的是", filled_by="derived", width=20),
    C("allowed", "可以填", filled_by="derived", width=18),
    C("remedy", "怎么办", filled_by="derived", width=36),
    C("link", "定位", "link", filled_by="derived", width=10),
    C("handled", "处理", filled_by="staff", width=14, help="可以写谁在什么时候怎么处理；再次校验时保留。"),
), ("sheet", "problem", "seen"), "上一次校验查出的问题。", generated=True)

SETTINGS = Table("settings", "参数", OFFICE, (
    C("key", "名称", required=True, filled_by="derived", width=24),
    C("value", "值", width=34),
    C("help", "说明", filled_by="derived", width=60),
), ("key",), "本单位的基本情况和默认做法，一般不用改。")

SOURCES = Table("sources", "导入对照", OFFICE, (
    C("source", "来源标题指纹", "code", filled_by="derived", width=20),
    C("table", "表", filled_by="derived", width=20),
    C("column", "列", filled_by="derived", width=20),
    C("heading", "来源标题", filled_by="derived", width=30),
), ("source", "table", "column"), "导入时指定过的列对照，同样的来源下次自动使用。")

PREVIEW = Table("preview", "导入预览", REGISTRY, (
    C("kind", "种类", filled_by="derived", width=9),
    C("heading", "来源标题", filled_by="derived", width=22),
    C("column", "归入列", "choice", refers="preview", width=18, help="这一列归入哪里；不对就从列表里改，不要就选 不导入。"),
    C("fill", "统一填写", private=True, width=15, help="整批都一样的内容填在这里，每一行都用它。"),
    C("how", "依据", filled_by="derived", width=10),
    *(C(f"s{number}", f"例{number}", filled_by="derived", private=True, width=13) for number in range(1, 11)),
    C("place", "位置", "code", filled_by="derived", daily=False, width=8),
    C("options", "可选的列", filled_by="derived", daily=False, width=18),
), ("kind", "place"), "导入以前先看：哪个标题归入哪一列，前十行，数目。改好后点“确认导入”，之前什么都不写入。", generated=True)
EXAMPLES = tuple(column.name for column in PREVIEW.columns if column.header.startswith("例"))

HOLIDAYS = Table("holidays", "节假日", OFFICE, (
    C("date", "日期", "date", True, width=12),
    C("kind", "类型", "choice", True, words.HOLIDAY_KINDS, width=12),
    C("name", "名称", filled_by="import", width=16),
), ("date",), "国务院公布的放假和调休。这里填的优先于程序自带的日历。")

TABLES: tuple[Table, ...] = (
    TASKS, PANEL, VISITS, RESULTS, ROSTER,
    SUBJECTS, INSPECTORS, ITEMS, PLANS, SCOPES, ITEM_RATES, UPPER, RECUSALS, UNITS, LOG,
    FINDINGS, PREVIEW, SETTINGS, SOURCES, HOLIDAYS,
)
"""In the order of the tabs: what is used daily first."""

BY_NAME = {table.name: table for table in TABLES}
BY_SHEET = {table.sheet: table for table in TABLES}
TYPED_AT_MOST = {"items": 4, "subjects": 3, "inspectors": 5, "tasks": 7}
"""How many columns staff may have to type (a test holds it)."""


def address(table: str, row: int, column: str, letter: str) -> str:
    """检查对象名录库!C2, from a table, a row and the letter of its column in the book at hand."""
    return f"{BY_NAME[table].sheet}!{letter}{row}" if row and column else BY_NAME[table].sheet
