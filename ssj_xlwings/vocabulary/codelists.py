"""Closed lists of words, and the other words under which real files carry them.

Each list is data: the canonical words in their order, and an alias table that import uses.
Sources: rules §2.3 (classes), §2.4 (results), §3 (registries), `result_types.csv`.
"""

from __future__ import annotations

CLASSES = ("A", "B", "C", "D", "未评")
"""Credit-risk classes (国市监信发〔2022〕6号): the strata of a draw. Internal, never public."""

STATUS = ("存续", "吊销", "注销", "撤销", "迁出", "歇业", "清算")
IN_SCOPE_STATUS = ("存续",)
SUBJECT_TYPES = ("企业", "个体工商户", "农民专业合作社", "外国企业常驻代表机构", "事业单位", "社会组织", "其他")
USCC_TYPES = {"91": "企业", "92": "个体工商户", "93": "农民专业合作社", "11": "其他", "12": "事业单位", "13": "社会组织",
              "51": "社会组织", "52": "社会组织", "53": "社会组织"}
"""Digits 1–2 of the 18-character code → subject type (rules §2.7; unconfirmed, so only where blank)."""

NATURE = ("市场主体", "非市场主体")
VALID = ("有效", "失效")
YES_NO = ("是", "否")
ITEM_KINDS = ("一般检查事项", "重点检查事项")
METHODS = ("现场检查", "书面检查", "网络检查", "检验检测", "委托专业机构辅助", "部门检查结果或专业意见")
LEVELS = ("市局", "县局", "所", "省局", "其他")
STAFF_KINDS = ("行政执法类公务员", "有执法资格工作人员", "专业技术人员", "执法辅助人员")
STAFF_STATUS = ("在岗", "借调", "休假", "离岗", "退休")
RECUSAL_REASONS = ("近亲属", "直接利害关系", "曾任职", "股权或投资", "当事人申请", "其他")
PLAN_KINDS = ("本部门", "内部联合", "部门联合")
DIRECTIONS = ("不定向", "定向")
LAUNCHED_BY = ("省", "市", "县")
CONDITIONS = ("等于其一", "不等于", "含", "不含", "早于", "不早于", "为空", "不为空")
ANY_OF, NONE_OF, HOLDS, LACKS, BEFORE, SINCE, BLANK, FILLED = CONDITIONS
EVENTS = ("冻结", "报数", "抽取", "作废", "补抽", "回执", "转为任务")
FROZEN, SAID, DRAWN, VOIDED, REPLACED, RECEIPT, ADOPTED = EVENTS
REPLACE_REASONS = ("注销", "吊销", "撤销", "迁出", "重复登记")
"""The only grounds for taking a firm out of a draw: it was never in the scope (draw protocol, step 15)."""
COUNTING = ("去重户数", "检查户次")
VOID_STAGES = ("已冻结未报数", "已报数未抽取", "已抽取未检查", "已检查")
VOID_REASONS = ("名录数据错误", "事项选错", "比例或数量错误", "时间范围错误", "人员不足", "上级任务冲突", "重复布置", "系统故障", "其他")
REVIEWS = ("通过", "退回")
HOLIDAY_KINDS = ("放假", "调休上班")

RESULTS = (
    "未发现问题",
    "未按规定公示应当公示的信息",
    "公示信息隐瞒真实情况、弄虚作假",
    "通过登记的住所（经营场所）无法联系",
    "发现问题已责令改正",
    "不配合检查情节严重",
    "未发现开展本次抽查涉及的经营活动",
    "发现问题待后续处理",
    "已关闭停业或正在组织清算",
    "注销",
    "被吊销",
    "被撤销",
    "迁出",
)
CLEAN_RESULTS = ("未发现问题", "未发现开展本次抽查涉及的经营活动", "已关闭停业或正在组织清算", "注销", "被吊销", "被撤销", "迁出")
"""Results that need no follow-up by themselves (`result_types.csv`, needs_followup = 否)."""

FOLLOW_UPS = (
    "无需后续处置",
    "反馈日常监管部门依法处理",
    "责令改正并跟踪",
    "移送办案机构",
    "抄告相关部门",
    "其他",
)

ALIASES: dict[tuple[str, ...], dict[str, str]] = {
    CLASSES: {"低": "A", "A类": "A", "低风险": "A", "一般": "B", "B类": "B", "较低": "B", "较高": "C", "C类": "C",
              "高": "D", "D类": "D", "高风险": "D", "未评级": "未评", "无": "未评", "N/A": "未评", "未分类": "未评"},
    STATUS: {"在营": "存续", "开业": "存续", "在册": "存续", "正常": "存续", "存续（在营、开业、在册）": "存续",
             "存续(在营、开业、在册)": "存续", "营业": "存续", "在业": "存续", "已注销": "注销", "吊销，未注销": "吊销",
             "吊销未注销": "吊销", "已吊销": "吊销", "被撤销": "撤销", "已迁出": "迁出"},
    SUBJECT_TYPES: {"个体户": "个体工商户", "个体": "个体工商户", "农专社": "农民专业合作社", "合作社": "农民专业合作社",
                    "外企代表机构": "外国企业常驻代表机构", "民办非企业": "社会组织"},
    ITEM_KINDS: {"一般": "一般检查事项", "重点": "重点检查事项", "一般事项": "一般检查事项", "重点事项": "重点检查事项",
                 "一般检查": "一般检查事项", "重点检查": "重点检查事项"},
    METHODS: {"实地核查": "现场检查", "网络监测": "网络检查", "网络检查（监测）": "网络检查", "书面": "书面检查"},
    YES_NO: {"Y": "是", "N": "否", "√": "是", "×": "否", "有": "是"},
    RESULTS: {"发现问题经责令已改正": "发现问题已责令改正", "公示信息隐瞒真实情况弄虚作假": "公示信息隐瞒真实情况、弄虚作假",
              "不予配合情节严重": "不配合检查情节严重", "查无下落": "通过登记的住所（经营场所）无法联系",
              "通过登记的住所(经营场所)无法联系": "通过登记的住所（经营场所）无法联系",
              "未发现本次抽查涉及的生产经营活动": "未发现开展本次抽查涉及的经营活动",
              "未发现本次抽查涉及的经营活动": "未发现开展本次抽查涉及的经营活动", "正常": "未发现问题"},
    LEVELS: {"市": "市局", "县": "县局", "区局": "县局", "监管所": "所"},
    STAFF_STATUS: {"在职": "在岗", "正常": "在岗"},
}


def known(word: str, allowed: tuple[str, ...]) -> str:
    """The canonical word for what was written, "" if the list knows neither it nor an alias."""
    if word in allowed:
        return word
    return ALIASES.get(allowed, {}).get(word, "")
