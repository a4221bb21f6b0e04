"""The verifier as one page: HTML, style, scripts, every sentence and every shape in a single file without network.

The scripts repeat `lottery.steps`, `lottery.public` and `lottery.receipt` in a browser. Sentences, shapes and the sets
of characters are not repeated: they are written into the page from where Python has them.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ssj_xlwings.lottery import log, receipt, shape, voided
from ssj_xlwings.types import File
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.quick import ITEM
from ssj_xlwings.vocabulary.sentences import lottery, page, proof, replace
from ssj_xlwings.vocabulary.text import SPACE, UNSEEN

if TYPE_CHECKING:
    from collections.abc import Mapping

ENGINE = ("sha256.js", "strict.js", "protocol.js", "replace.js", "record.js", "others.js")
SHAPES = {
    "draw": shape.DRAW, "public": shape.PUBLIC, "teams": shape.TEAMS, "inner": shape.INNER_MORE, "locked": shape.LOCKED, "log": log.ROW, "receipt": receipt.SHORT, "full": receipt.FULL, "later": receipt.LATER, "more": shape.MORE, "void": voided.FORM,
}
NAMES = {str: "str", int: "int", bool: "bool", object: "object"}


@cache
def html() -> bytes:
    """The page. The same program gives the same bytes."""
    data = {
        "say": {**_texts(lottery), **_texts(proof)}, "swap": _texts(replace), "ui": _texts(page), "shapes": {name: plain(value) for name, value in SHAPES.items()},
        "unicode": {"space": SPACE, "unseen": UNSEEN.pattern, "events": log.STEPS, "replaced": codelists.REPLACED, "grounds": codelists.REPLACE_REASONS, "quick": ITEM},
    }
    constants = "".join(f"const {name} = {safe(value)};\n" for name, value in data.items())
    scripts = {"engine": '"use strict";\n' + constants + "\n".join(_text(name) for name in ENGINE), "page": _text("page.js")}
    return document(page.TITLE, _text("page.css"), _text("page.html"), scripts)


def document(title: str, style: str, body: str, parts: Mapping[str, str]) -> bytes:
    """A page in one file, which may run its own scripts and fetch nothing. `parts`: what stands in the body for {{name}}."""
    escaped = title.replace("&", "&amp;").replace("<", "&lt;")
    return _filled(_text("whole.html"), {"title": escaped, "style": style, "body": _filled(body, parts)}).encode()


def _filled(text: str, parts: Mapping[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], text)


def file() -> File:
    """The page as it lies beside a public record."""
    return File(proof.PAGE_FILE, html(), public=True)


def plain(form: Any) -> dict[str, Any]:
    """A shape of `lottery.shape` as the page's scripts read it."""
    if isinstance(form, re.Pattern):
        return {"like": form.pattern}
    if isinstance(form, list):
        return {"list": plain(form[0])}
    if isinstance(form, tuple):
        return {"row": [plain(inner) for inner in form]}
    if isinstance(form, dict):
        return {"any": plain(form[...])} if ... in form else {"keys": {key: plain(inner) for key, inner in form.items()}}
    return {"is": NAMES[form]}


def _texts(module: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(module).items() if name.isupper() and isinstance(value, (str, tuple, dict))}


def safe(value: Any) -> str:
    """JSON that may stand inside a script element."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
