"""统一社会信用代码 (GB 32100-2015): the form rule is ours, the check digit python-stdnum's.

stdnum's own `validate` asks for eight leading digits and so rejects valid codes that begin with a
letter, such as N2… of village collectives (rules §2.7).
"""

from __future__ import annotations

import re
from itertools import compress
from operator import mul
from typing import TYPE_CHECKING

from stdnum.cn.uscc import calc_check_digit

from ssj_xlwings.vocabulary.sentences import registry as say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ssj_xlwings.types import Sentence

FORM = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
VALUES = {char: value for value, char in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
WEIGHTS = (*(pow(3, place, 31) for place in range(17)), 1)
"""A code is right when its weighted values come to a multiple of 31 (GB 32100-2015, 5.4): asked a million times, it is asked here;
python-stdnum says what the last one ought to be."""
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
    if sum(map(mul, WEIGHTS, map(VALUES.__getitem__, code))) % 31 == 0:
        return None
    digit = str(calc_check_digit(code[:17]))
    return say.CODE_DIGIT, {"allowed": digit}


def surely_right(codes: Sequence[str]) -> list[bool]:
    """Of each code whether `fault` finds nothing in it, asked of all at once. False says nothing yet: it may be an old number."""
    import numpy as np

    long = [len(code) == len(WEIGHTS) for code in codes]
    told = np.frombuffer("".join(compress(codes, long)).encode("utf-32-le", "surrogatepass"), dtype="<u4").reshape(-1, len(WEIGHTS))
    known = np.full(128, -1.0)
    known[[ord(char) for char in VALUES]] = list(VALUES.values())
    values = known[np.minimum(told, 127)]
    right = (values >= 0).all(axis=1) & (values[:, 2:8] < 10).all(axis=1) & (values @ np.array(WEIGHTS) % 31 == 0)
    found = np.array(long, dtype=bool)
    found[found] = right
    told_right: list[bool] = found.tolist()
    return told_right
