"""企业回执 on one page: what the firm may know, and the whole receipt in QR codes for the verifier page."""

from __future__ import annotations

import zlib
from base64 import b64encode
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import qrcode
from qrcode.constants import ERROR_CORRECT_L
from qrcode.image.pure import PyPNGImage

from ssj_xlwings.papers import forms
from ssj_xlwings.papers.forms import WHOLE, field_row, grouped, ordinal, section, sentence, two_fields
from ssj_xlwings.papers.measure import CENTRED, HEITI, LABEL, UPRIGHT, Cell, Row, fitting_scale, mm, row
from ssj_xlwings.papers.page import Papers
from ssj_xlwings.types import File
from ssj_xlwings.vocabulary.sentences import receipts as say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

FITS = 1350
"""Characters in one code: at most 121 modules a side, which is 0.41 mm or more for a module."""
SIDES = {1: mm(74), 2: mm(74), 3: mm(53)}
"""How many codes stand side by side → the printed side of one, with its quiet zone of 4 modules."""
PIXELS = 8
"""Of a module: the picture has 260 dpi or more at that size."""
SCREEN = 96 / 72
"""Excel shows a picture without a resolution of its own at 96 dots an inch."""
SHOWN = 24
"""Digits of a cut line on paper: enough to compare the ticket with; all of them are in the code."""
LARGE = replace(CENTRED, font=HEITI, size=16, bold=True)


class Facts(NamedTuple):
    """What stands on the paper besides the receipt. `verdict`: in words; `given`: the day it was made; approver and
    reason only of a full one.
    """

    bureau: str
    task: str
    number: str
    attempt: str
    firm: str
    drawn: str
    verdict: str
    given: str
    approver: str
    reason: str


def codes(data: bytes) -> list[str]:
    """The texts of the QR codes of a receipt: `SSJ1 number/of base64` of the deflated JSON, in as few codes as fit."""
    packed = b64encode(zlib.compress(data, 9)).decode()
    count = -(-len(packed) // FITS)
    size = -(-len(packed) // count)
    return [f"SSJ1 {at + 1}/{count} {packed[at * size : (at + 1) * size]}" for at in range(count)]


def picture(text: str) -> bytes:
    """A QR code as PNG, quiet zone included."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_L, box_size=PIXELS, border=4, image_factory=PyPNGImage)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    out = BytesIO()
    code.make_image().save(out)
    return out.getvalue()


def receipt_paper(name: str, facts: Facts, receipt: Mapping[str, Any], data: bytes, now: datetime) -> File:
    """The paper. `receipt`: its value; `data`: its JSON, which goes into the codes."""
    texts = codes(data)
    title = say.FULL_TITLE if "cuts" in receipt else say.SHORT_TITLE
    rows = [*_facts(title, facts, receipt), *(_opened(facts, receipt) if "cuts" in receipt else []), section(say.CHECK)]
    rows += [sentence(line) for line in (say.HOW, say.FULL_PROVES if "cuts" in receipt else say.SHORT_PROVES)]
    beside = min(3, len(texts))
    pictures = [row(Cell("", WHOLE, replace(CENTRED, boxed=False)), least=SIDES[beside]) for _ in range(0, len(texts), beside)]
    last = [row(Cell(say.CODES.format(count=len(texts)), WHOLE, replace(CENTRED, boxed=False))), row(Cell(say.SIGN, WHOLE, forms.ends("").cells[0].style), least=mm(12))]
    fits = fitting_scale([[*rows, *pictures, *last]], UPRIGHT, forms.GRID)
    scale = fits or 1
    papers = Papers(title, facts.bureau, now)
    sheet = papers.sheet(title, UPRIGHT, forms.GRID, scale)
    if not fits:
        sheet.sheet.fit_to_pages(1, 1)
    sheet.write_all(rows)
    for at, made in enumerate(pictures):
        sheet.write(made)
        for place, text in enumerate(texts[beside * at : beside * (at + 1)]):
            _insert(sheet.sheet, sheet.at - 1, 6 if beside == 1 else place * WHOLE // beside, text, SIDES[beside] / scale)
    sheet.write_all(last)
    sheet.close()
    return File(name, papers.data())


def _insert(sheet: Any, line: int, column: int, text: str, side: float) -> None:
    """A code at that cell, `side` points wide on the screen."""
    data = picture(text)
    shown = side * SCREEN / int.from_bytes(data[16:20], "big")
    sheet.insert_image(line, column, "code.png", {
        "image_data": BytesIO(data), "x_scale": shown, "y_scale": shown, "x_offset": 4, "y_offset": 1, "object_position": 1, "description": text})


def _facts(title: str, facts: Facts, receipt: Mapping[str, Any]) -> list[Row]:
    return [
        *forms.head(facts.bureau, title), forms.ends(say.GIVEN.format(date=facts.given)),
        field_row("户", facts.firm), two_fields(("编码", receipt["id"]), ("第几次抽取", ordinal(facts.attempt))),
        two_fields(("任务名称", facts.task), ("任务编号", facts.number)),
        row(Cell("抽取结果", 4, LABEL), Cell(facts.verdict, WHOLE - 4, LARGE)),
        two_fields(("抽取时间", facts.drawn), ("在名单里", say.PLACE.format(index=receipt["index"] + 1, size=receipt["size"]))),
        field_row("承诺值", grouped(receipt["commitment"])), field_row("名单根", grouped(receipt["root"])),
    ]


def _opened(facts: Facts, receipt: Mapping[str, Any]) -> list[Row]:
    """What only a full receipt tells: class, ticket, and beside it the cut line of each item; who decided it and why."""
    lines: Sequence[Sequence[str]] = [cut["line"].split("\t") for cut in receipt["cuts"]]
    return [
        two_fields(("开具原因", facts.reason), ("审批人", facts.approver)),
        field_row("冻结时等级", receipt["stratum"]), field_row("本户票号", grouped(receipt["ticket"])),
        field_row("分界线", "\n".join(
            say.CUT.format(item=item, stratum=stratum, size=size, n=n, last=say.LAST.format(last=grouped(last[:SHOWN])) if last else say.NO_CUT)
            for item, stratum, size, n, last, _ in lines)),
    ]
