"""现场快抽记录: one page with everything that the signatures vouch for, before and after the draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.papers import forms
from ssj_xlwings.papers.forms import WHOLE, field_row, grouped, section, sentence, table_row, two_fields
from ssj_xlwings.papers.measure import LABEL, UPRIGHT, Cell, fitting_scale, row
from ssj_xlwings.papers.page import Papers
from ssj_xlwings.papers.slips import LARGE, people, speakers
from ssj_xlwings.papers.wording import clock, safe_name
from ssj_xlwings.types import File
from ssj_xlwings.vocabulary.sentences import quick as say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ssj_xlwings.papers.attempts import Attempt
    from ssj_xlwings.papers.measure import Row
    from ssj_xlwings.papers.slips import Drawn

PAIR = (2, 10, 2, 10)
"""Winners stand two in a line."""


def quick_record(bureau: str, now: datetime, attempt: Attempt, drawn: Drawn | None, winners: Sequence[str]) -> File:
    """The page, printed smaller where it is longer than one. `winners`: in calling order; none before the draw."""
    last = attempt.draw or attempt.freeze
    rows = [*forms.head(bureau, say.TITLE), forms.ends(f"记录第 {last['seq']} 行　{clock(last['time'])}")]
    rows += _facts(attempt)
    rows += speakers(attempt, dict(drawn.said) if drawn else {})
    if drawn:
        rows += [section(f"抽中 {len(winners)} 个"), *_winners(winners), *_opened(attempt, drawn)]
    rows += [section("签名"), *people(attempt.frozen, last["operator"])]
    rows += [sentence(say.RULE + say.NO_RATIO), sentence(say.VERIFY)]
    papers = Papers(say.TITLE, bureau, now)
    sheet = papers.sheet(say.TITLE, UPRIGHT, forms.GRID, fitting_scale([rows], UPRIGHT, forms.GRID) or 1)
    sheet.write_all(rows)
    sheet.close()
    name = say.PAPER if drawn else say.SLIP  # two files: the first may lie open and locked when the draw writes the second
    return File(name.format(number=safe_name(attempt.task)), papers.data())


def _facts(attempt: Attempt) -> list[Row]:
    frozen = attempt.frozen
    counted = say.COUNTED.format(visible=frozen["pool"], hidden=frozen["hidden"], blank=frozen["blank"])
    return [
        two_fields(("用途", frozen["name"]), ("编号", attempt.task)),
        two_fields(("冻结时间", clock(attempt.freeze["time"])), ("地点", frozen["place"])),
        field_row("名单", f"{say.OPERATOR_CHOSE.format(sheet=frozen['sheet'], rows=frozen['rows'])}。{counted}"),
        two_fields(("当日次数", say.TODAY.format(count=frozen["today"], overlapping=frozen["overlapping"])), ("个数", f"{frozen['pool']} 抽 {frozen['take']}")),
        row(Cell("承诺值\n前 8 位", 4, LABEL), Cell(grouped(frozen["commitment"][:8]), WHOLE - 4, LARGE)),
        field_row("承诺值", grouped(frozen["commitment"])), field_row("名单根", grouped(frozen["root"])), field_row("方案指纹", grouped(frozen["plan"])),
    ]


def _winners(winners: Sequence[str]) -> list[Row]:
    texts = [text for number, name in enumerate(winners, 1) for text in (str(number), name)]
    texts += ["", ""] * (len(winners) % 2)
    return [table_row(PAIR, texts[at : at + 4]) for at in range(0, len(texts), 4)]


def _opened(attempt: Attempt, drawn: Drawn) -> list[Row]:
    """What is public from the draw on."""
    draw = attempt.draw or {}
    named = (("公开的数", drawn.nonce), ("种子", drawn.seed), ("档案指纹", drawn.digest), (f"第 {draw['seq']} 行指纹", draw["hash"]))
    return [field_row(label, grouped(digest)) for label, digest in named]
