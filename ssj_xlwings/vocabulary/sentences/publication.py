"""What is said about compiling the public roster."""

NOT_DRAWN = "任务“{task}”还没有抽取，没有可以公示的结果。"
VOIDED = "任务“{task}”的第 {attempt} 次抽取已经作废，没有可以公示的结果。"
NO_RESULTS = "任务“{task}”还没有可以公示的结果：{missing} 项未录入，{returned} 项复核退回，{withheld} 项依法不公示。请先在“检查结果”里填写检查日期和结果。"
NO_VISITS = "“抽取结果与派发”里没有任务“{task}”第 {attempt} 次抽取的户。请恢复后再编制名册。"

DONE = "公示名册已编好：任务“{task}”公示 {published} 项。"
COUNTS = "公示 {published} 项，依法不公示 {withheld} 项，复核退回 {returned} 项，未录入 {missing} 项；公示率 {rate}。"
GROUND = "不公示：{name}，{item}，事由：{ground}"
RETURNED = "复核退回：{name}，{item}"
MISSING = "未录入：{name}，{item}"
MORE = "……另有 {count} 项未录入。"
TOTALS = "合计：{rows} 项，{firms} 户。公示渠道：{platform}。"
TEMPORARY = "临时任务"
CURRENT_FILE = "现行名单"
CURRENT_HEAD = ("序号", "主体名称", "统一社会信用代码", "检查事项")
