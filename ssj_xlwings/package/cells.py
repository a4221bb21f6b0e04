"""A cell as XML."""

from __future__ import annotations

import re
from functools import partial
from html import escape as with_quotes
from typing import Literal, NamedTuple

escape = partial(with_quotes, quote=False)
"""&, < and > for an element; xml.sax.saxutils has the same, but brings the whole of HTTP with it."""
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""Characters XML cannot hold (or would turn into another, as \\r), and an underscore that would start an escape of its own."""
LONGEST = 32767
"""UTF-16 units a cell may hold (Excel specifications and limits)."""


class Value(NamedTuple):
    """What a cell is to hold. `text`: the text; the number as it is written; what a formula shows. Formulas without `=`."""

    type: Literal["blank", "text", "number", "date", "formula"]
    text: str = ""
    formula: str = ""


BLANK = Value("blank")


def escaped(text: str) -> str:
    """Text for an element: XML's own escapes, and _xHHHH_ (ST_Xstring) for what XML cannot hold."""
    if text.isalnum():  # most codes and names
        return text
    return escape(UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text))


def cell(address: str, style: str, value: Value, array: bool = False) -> bytes:
    """The `<c>` of a value; `array`: its formula is an array formula of this one cell.

    Texts are inline strings: the shared table of the workbook stays untouched.
    """
    start = f'<c r="{address}"' + (f' s="{style}"' if style else "")
    if value.type == "text":
        xml = f'{start} t="inlineStr"><is><t xml:space="preserve">{escaped(value.text)}</t></is></c>'
    elif value.type in {"number", "date"}:
        xml = f"{start}><v>{value.text}</v></c>"
    elif value.type == "formula":
        shown = f"<v>{escaped(value.text)}</v>" if value.text else ""
        kind = ' t="str"' if value.text else ""
        spread = f' t="array" ref="{address}"' if array else ""
        xml = f"{start}{kind}><f{spread}>{escape(value.formula)}</f>{shown}</c>"
    else:
        xml = f"{start}/>"
    return xml.encode()
