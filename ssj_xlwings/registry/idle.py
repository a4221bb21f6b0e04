"""Rows of a foreign sheet that are no data: totals, examples, headings printed again, signatures and notes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ssj_xlwings.registry.matching import bare
from ssj_xlwings.vocabulary.sentences import registry as say
from ssj_xlwings.vocabulary.text import normal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ssj_xlwings.registry.headings import Layout
    from ssj_xlwings.registry.matching import Match

TOTAL = re.compile(r"(以上|本页|本表|本月|累计)?\s*[合总小共]\s*计\s*(户?数)?\s*[:：]?\s*[0-9]*\s*[户家人个条名项]?\s*([:：，,；;。].*)?", re.DOTALL)
EXAMPLE = re.compile(
    r"\W*(填写|填报)?(示例|案例|样例|范例)(行|数据)?\W*\d*\W*|(填写|填报)?(示例|案例|样例|范例|例)\s*[0-9]*\s*[:：（(【].*|.*请删除.*", re.DOTALL,
)
SIGNER, WORD = ("|".join(r"\s*".join(label) for label in labels) for labels in (say.SIGNERS, say.NOTES))
"""The labels, with or without space between their characters: 备  注."""
NOTE = re.compile(
    rf"[\W_]*({SIGNER})\s*(签[字名章]|[（(]签[字名章][)）])?\s*([:：\s\d].*)?|[\W_]*({WORD})\s*\d*\s*[:：].*|第\s*\d+\s*页.*", re.DOTALL,
)
"""A signer's label may stand alone or before a space; a note's word needs its colon, for firms are named so too."""
COUNTER = re.compile(r"[0-9０-９]+")
"""A running number: a .csv has it as text before the total."""


def filled(cell: object) -> bool:
    """Whether a raw cell holds anything but white space."""
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


class Idle:
    """Tells the rows of one layout that are no data."""

    def __init__(self, layout: Layout, used: Sequence[Match]) -> None:
        self.used = [match.position for match in used]
        self.must = [match.position for match in layout.matches if match.column.required]
        self.heads = {frozenset((place, text) for place, cell in enumerate(row) if (text := bare(_text(cell)))) for row in (*layout.head_rows, layout.headings)}
        self.titles = [texts for row in layout.sheet.rows[:layout.top] if (texts := set(_texts(row)))]

    def reason(self, row: list[object]) -> str:
        """Why the row is no data; "" if it is."""
        texts = [_text(cell) for cell in row]
        words = [text for text in texts if text and not COUNTER.fullmatch(text)]
        first = [*words[:1], *(texts[place] for place in self.must if place < len(texts))]
        if any(TOTAL.fullmatch(text) for text in first if text):
            return say.TOTAL_ROW
        if any(("例" in text or "请删除" in text) and EXAMPLE.fullmatch(text) for text in words):
            return say.EXAMPLE_ROW
        if words and NOTE.fullmatch(words[0]):
            return say.NOTE_ROW
        if not any(filled(row[place]) for place in self.used if place < len(row)):
            return say.NOTHING_USED
        return say.HEADING_ROW if self._again(row, texts) else ""

    def _again(self, row: list[object], texts: list[str]) -> bool:
        """Whether a title stands there again, or a heading row: most of the row, and two cells at the least."""
        if self.titles and set(filter(None, texts)) in self.titles:
            return True
        cells = {(place, bare(text)) for place, (cell, text) in enumerate(zip(row, texts, strict=True)) if filled(cell)}
        return any(2 * len(head & cells) > len(cells) and len(head & cells) >= min(2, len(head)) for head in self.heads)


def _text(cell: object) -> str:
    return normal(cell) if isinstance(cell, str) else ""


def _texts(row: Sequence[object]) -> list[str]:
    return [text for cell in row if (text := _text(cell))]
