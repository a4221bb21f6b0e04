"""What the paper 企业回执 says."""

from __future__ import annotations

SHORT_TITLE, FULL_TITLE = "双随机抽查企业回执", "双随机抽查企业回执（完整）"
PLACE = "第 {index} 条，共 {size} 户"
CHECK = "如何核对"
HOW = (
    "把下面的二维码扫成文字，贴进核验网页（核验.html，双击用浏览器打开，不联网），再放入本局公布的公开记录 public.json；"
    "也可以直接用随附的 .json 文件。承诺值请和抽取现场签过字的承诺单对照。"
)
SHORT_PROVES = "本回执能证明：报数之前您已在名单里。是否抽中以本局的话为准；它不含信用风险等级。任何回执都不能证明名单里没有同一户的第二条。"
FULL_PROVES = "本回执能证明：报数之前您以这个等级在名单里，票号不大于分界线就是抽中。等级只供本次复核使用，请勿外传。任何回执都不能证明名单里没有同一户的第二条。"
CODES = "共 {count} 个二维码，内容就是回执的全部"
SIGN = "（盖章）　　　　年　　月　　日"
CUT = "{item}：{stratum} 层 {size} 户抽 {n} 户，{last}"
LAST = "末一户的票号 {last} …"
NO_CUT = "这一层一户不抽"
GIVEN = "{date} 开具"
