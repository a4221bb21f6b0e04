"""统一社会信用代码 (GB 32100-2015): the form rule is ours, the check digit python-stdnum's.

stdnum's own `validate` asks for eight leading digits and so rejects valid codes that begin with a
letter, such as N2… of village collectives (rules §2.7).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stdnum.cn.uscc import calc_check_digit

from ssj_xlwings.vocabulary.sentences import registry as say

if TYPE_CHECKING:
    from ssj_xlwings.types import Sentence

FORM = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
OLD_NUMBER = re.compile(r"[0-9]{15}")
"""A 注册号 of before 2015; its check digit is not confirmed, so only its form is asked for."""


def fault(code: str) -> tuple[Sentence, dict[str, str]] | None:
    """What is wrong with a nonblank, canonical code, and the values of that sentence; None if it is right."""
    if OLD_NUMBER.fullmatch(code):
        return None
    if len(code) != 18:
        return say.CODE_LENGTH, {"count": str(len(code))}
    if not FORM.fullmatch(code):
        return say.CODE_FORM, {}
    digit = str(calc_check_digit(code[:17]))
    return None if code[17] == digit else (say.CODE_DIGIT, {"allowed": digit})
