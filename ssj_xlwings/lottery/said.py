"""The numbers that people say, and the seed that comes of them (protocol, steps 4 to 7)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ssj_xlwings.lottery.digest import digest
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.quick import ITEM
from ssj_xlwings.vocabulary.sentences import lottery as say
from ssj_xlwings.vocabulary.text import is_normal

PURPOSES = ("subject", "team", "call")
Said = Sequence[tuple[str, str]]
"""(name, six digits) in slot order."""


def check_slots(slots: Sequence[str]) -> None:
    """Refusal unless there is a speaker, and the names are normal texts without “=”, each once."""
    if not slots:
        raise Refusal(say.NO_SPEAKER)
    for index, name in enumerate(slots):
        if not name or "=" in name or not is_normal(name):
            raise Refusal(say.BAD_NAME, name=name)
        if name in slots[:index]:
            raise Refusal(say.SAME_SPEAKER, name=name)


def check_said(slots: Sequence[str], said: Said) -> None:
    """Refusal unless exactly the speakers of the slots, in their order, said six digits each."""
    check_slots([name for name, _ in said])
    if list(slots) != [name for name, _ in said]:
        raise Refusal(say.WRONG_SLOTS, want="、".join(slots), seen="、".join(name for name, _ in said))
    for name, value in said:
        if not re.fullmatch("[0-9]{6}", value):
            raise Refusal(say.BAD_SAID, name=name, seen=value)


def seed(nonce: str, root: str, plan: str, said: Said) -> str:
    """D("seed", nonce, root, plan, name=value, …) in slot order."""
    return digest("seed", nonce, root, plan, *(f"{name}={value}" for name, value in said))


def keys(seed_: str) -> dict[str, str]:
    """key(purpose) for the purposes of a draw."""
    return {purpose: digest("key", seed_, purpose) for purpose in PURPOSES}


def unwitnessed(said: Said, items: Sequence[str]) -> str:
    """What must be said where one person alone spoke in a quick draw (protocol, step 4); "" where others heard it. `items`: of
    the open plan, which tell a quick draw. Refusal for any other draw with one speaker.
    """
    if len(said) > 1:
        return ""
    if list(items) != [ITEM]:
        raise Refusal(say.ONE_SPEAKER, name=said[0][0])
    return say.UNWITNESSED


def called(key: str, ids: Iterable[str]) -> list[str]:
    """Subjects in calling order; `key`: that of the purpose `call`. It knows nothing of tickets, so it may be published."""
    return sorted(ids, key=lambda id_: (digest("call", key, id_), id_))
