"""Whether a value read from a file has the shape that the program relies on."""

from __future__ import annotations

import re
from typing import Any

from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.sentences import lottery as say

HEX = re.compile("[0-9a-f]{64}")
HEAD = re.compile("([0-9a-f]{64})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
NUMBER = re.compile("[1-9][0-9]{0,8}")
LINE = re.compile("[^\t]+\t[^\t]+\t[0-9]+\t[0-9]+\t([0-9a-f]{64})?\t[0-9a-f]{64}")
PAIR = (str, str)
FILE = {"file": str, "size": int}
STAFF = {"id": str, "unit": str, "city": bool, "items": [str], "until": str, "recused": [str], "available": bool}
OPEN_PLAN = {
    "protocol": str, "bureau": str, "tasks": [str], "source": str, "window": (DAY, DAY), "items": [str], "pool": int,
    "alternates": int, "slots": [str], "attempt": int, "before": HEAD, "frozen": TIME, "mode": str,
}
INNER_PLAN = {
    "rates": {...: {...: object}}, "minimum": int, "strata": {...: int}, "excluded": {...: int},
    "source_digest": HEX, "excluded_digest": HEX, "teams": {...: object}, "staff": HEX, "salt": HEX,
}
TEAMS = {"rule": str, "size": int, "jurisdiction": HEX}
INNER_MORE = {"scope": [[str]], "checked": {"recheck": int, "ceiling": {...: int}, "digest": HEX}, "layer": {"column": str, "blank": str}}
"""What an inner plan may hold besides; those of quick draws and the oldest do not."""
LOCKED = {...: (str, str, [str], [(str, str, str)])}
"""What the freeze row of the log keeps of each task: first and last day, items, conditions of its scope."""
CLAIM = {"protocol": str, "open_plan": OPEN_PLAN, "inner_plan": INNER_PLAN, "staff": [STAFF], "root": HEX, "plan": HEX, "commitment": HEX}
FROZEN = {**CLAIM, "inner": HEX}
SEALED = {"nonce": HEX, "veil": HEX}
MADE = {"time": str, "place": str, "host": str, "witnesses": [str], "software": str}
DRAW = {
    **CLAIM, **SEALED, "said": [PAIR], "seed": HEX, "pool": FILE, "excluded": FILE, "jurisdiction": FILE, "lines": [LINE], "lines_root": HEX,
    "visits": [{"no": int, "id": str, "name": str, "items": [str], "ticket": HEX, "team": [str]}],
    "alternates": {...: {...: [str]}}, "checks": int, "saved": int, "log": HEX, "made": MADE, "files": {...: HEX}, "published": bool,
}
PUBLIC = {
    "protocol": str, "open_plan": OPEN_PLAN, "inner_digest": HEX, "nonce": HEX, "root": HEX, "plan": HEX, "commitment": HEX, "said": [PAIR],
    "seed": HEX, "lines_root": HEX, "lines_size": int, "drawn": int, "winners": [{"no": int, "id": str, "name": str, "items": [str]}],
    "record_digest": HEX, "log": HEX,
}
VOIDED = {"stage": str, "reason": str, "time": TIME, "log": HEX}
MORE = {"voided": VOIDED}
"""What a public record may hold besides."""
"""A shape is a type, a pattern, [shape] a list of such, (shape, …) an array of that length,
{key: shape} an object with at least these keys, {...: shape} an object of any keys."""


def also(form: dict[Any, Any], more: dict[str, Any], value: Any) -> dict[Any, Any]:
    """The shape with those of the keys that may stand beside it and do."""
    return {**form, **{key: inner for key, inner in more.items() if isinstance(value, dict) and key in value}}


def check(value: Any, shape: Any, file: str, where: str = "") -> None:
    """Refusal naming file and place if the value has not the shape."""
    if isinstance(shape, re.Pattern):
        _demand(isinstance(value, str) and bool(shape.fullmatch(value)), value, file, where)
    elif isinstance(shape, list):
        _demand(isinstance(value, list), value, file, where)
        for index, inner in enumerate(value):
            check(inner, shape[0], file, f"{where}[{index + 1}]")
    elif isinstance(shape, tuple):
        _demand(isinstance(value, list) and len(value) == len(shape), value, file, where)
        for index, (inner, kind) in enumerate(zip(value, shape, strict=True)):
            check(inner, kind, file, f"{where}[{index + 1}]")
    elif isinstance(shape, dict):
        _demand(isinstance(value, dict), value, file, where)
        for key in value if ... in shape else shape:
            if key not in value:
                raise Refusal(say.LACKING, file=file, where=where or say.OUTERMOST, key=key)
            check(value[key], shape.get(key, shape.get(...)), file, f"{where}.{key}" if where else key)
    elif shape is str:
        _demand(isinstance(value, str) and "\t" not in value, value, file, where)
    elif shape is not object:
        _demand(type(value) is shape, value, file, where)


def _demand(good: bool, value: Any, file: str, where: str) -> None:
    if not good:
        raise Refusal(say.BAD_SHAPE, file=file, where=where or say.OUTERMOST, seen=str(value)[:60])
