"""What the sheet 现场抽取 says, and what is said about it."""

from __future__ import annotations

WAITING, DONE = "待抽取", "已抽取"
POOL, TAKE = "{pool} 户", "{take} 项次"
POOL_QUICKLY, TAKE_QUICKLY = "{pool} 个", "{take} 个"

EMPTY = "{cell} 空着：“{name}”还没有报数。请当众填上六位数字，填齐再抽取；填好的都还在。"
BAD = "{cell}“{name}”报的“{seen}”不对。只能是六位数字 0–9，例如 000007。请改好再抽取；填好的都还在。"
NO_SLOT = "{cell} 写的是“{seen}”，冻结时定下的报数人是 {slots}。请改回来再抽取，或者用 --say 直接给出报数。"
TWICE = "{cell} 里“{seen}”是第二次出现，每位报数人只有一行。请清空多出的一行再抽取，或者用 --say 直接给出报数。"
LACKS = "工作表“{sheet}”里少了报数人“{name}”的一行。请把姓名写回去再抽取，或者用 --say 直接给出报数。"
LAID = "还没有抽取：“{sheet}”里没有“{task}”第 {attempt} 次的报数人，现在已经列好。请当众填上报数，再抽取一次。"
FILL = "请在“{sheet}”里填各人的报数，填齐再抽取。"
LINE = "{name}　{said}"
TASK_LINE = "{task}（{number}）第 {attempt} 次抽取，报数："

# The title above the rows.
TITLE = "现场抽取"
ATTEMPT = ("　第 ", " 次抽取")
SIZES = ("名单 ", "，抽取 ")
COMMITMENT = "承诺值（请和承诺单逐组核对）"
NOBODY = "现在没有等待报数的抽取。先运行{freeze}，这里会列出报数人。"
MISSING = ("还差 ", " 位报数。请报数人依次念出纸上的六位数，当众填进“报数”；开始抽取以前可以改。")
COMPLETE = "报数已填齐。请大家再看一遍，核对无误后运行{draw}。"
OVER = "已经抽取，记入抽取记录，报数不能再改。接着运行{papers}。"
