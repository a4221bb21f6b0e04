"""What Excel does alone on typing or pasting: conditional formats and validations, as data.

Formulas are written for row 2 and hold for the whole column. They use functions of Excel 2013 only and
cost at most two passes over one column for each visible cell.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from xlsxwriter.utility import xl_col_to_name

from ssj_xlwings.master.names import KEYS, LAST, column_name, letter, list_name
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.sentences import master as say
from ssj_xlwings.vocabulary.sentences import preview as looked
from ssj_xlwings.vocabulary.sentences.registry import GUESSED
from ssj_xlwings.vocabulary.tables import FINDINGS, PREVIEW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ssj_xlwings.types import Column, Table

FIRST_DAY, LAST_DAY = date(1900, 3, 1), date(9999, 12, 31)
"""Days that Excel counts rightly."""
ORDERED = {
    "plans": (("start", "end"),), "tasks": (("start", "end"),), "recusals": (("decided", "until"),),
    "visits": (("dispatched", "signed"),), "results": (("date", "done"), ("date", "published")),
}
"""Dates of which the second is not before the first."""
EXPIRING = {("inspectors", "until")}
UNIQUE = {("subjects", "code"), ("inspectors", "id"), ("items", "code"), ("units", "name"), ("plans", "name"), ("tasks", "name"), ("holidays", "date")}
NEEDED_IF = {
    ("subjects", "code"): ("nature", '{0}<>"' + codelists.NATURE[1] + '"'),
    ("results", "problem"): ("result", 'AND({0}<>"",ISNA(MATCH({0},ssj_list_clean_results,0)))'),
    ("results", "date"): ("result", '{0}<>""'),
    ("results", "result"): ("date", '{0}<>""'),
}
"""Columns that must be filled only where another column says so."""


BLOCKING = FINDINGS.column("level").allowed[0]


class Rule(NamedTuple):
    """Where `formula` (written for row 2) holds, the cell of `column` takes the mark `looks.MARKS[mark]`."""

    column: str
    mark: str
    formula: str


def uscc_holds(cell: str) -> str:
    """Whether the cell is an 18-character code with the right check character (GB 32100; letters may come first)."""
    return (
        f"IFERROR(AND(ISTEXT({cell}),LEN({cell})=18,MID(ssj_abc,MOD(31-MOD(SUMPRODUCT((FIND(MID({cell},ssj_i,1),ssj_abc)-1)*ssj_w),31),31)+1,1)"
        f"=RIGHT({cell},1)),FALSE)"
    )


def twice(letters: str, cell: str, kind: str = "text") -> str:
    """Whether the column holds the cell's value more than once.

    A bare COUNTIF compares 15 digits of a long number. With a wildcard it compares text, so those that
    begin with the value, less those that go on after it, are those equal to it.
    """
    column = f"${letters}$2:${letters}${LAST}"
    count = f"COUNTIF({column},{cell})" if kind == "date" else f'COUNTIF({column},{cell}&"*")-COUNTIF({column},{cell}&"?*")'
    return f'AND({cell}<>"",{count}>1)'


def expired(cell: str) -> str:
    """Whether the day in the cell is past; a date kept as text counts too."""
    return f'AND({cell}<>"",IFERROR(DATEVALUE({cell}),{cell})<TODAY())'


def is_rate(cell: str) -> str:
    """Whether the cell is a rate of 0 to 100 % or a number of firms such as 5户."""
    return (
        f'IFERROR(IF(RIGHT({cell},1)="户",VALUE(LEFT({cell},LEN({cell})-1))=INT(VALUE(LEFT({cell},LEN({cell})-1))),'
        f"AND(VALUE({cell})>=0,VALUE({cell})<=1)),FALSE)"
    )


def rules(table: Table) -> list[Rule]:
    """All conditional formats of a table; where two hold, the earlier one wins."""
    if table == FINDINGS:
        return [Rule("level", "wrong", f'${letter(table.name, "level")}2="{BLOCKING}"')]
    own = _of_preview() if table == PREVIEW else []
    return own + [
        Rule(column.name, mark, formula)
        for column in table.columns if _watched(table, column)
        for mark, formula in _of(table, column, f"${letter(table.name, column.name)}2")
    ]


def _of_preview() -> list[Rule]:
    """What a clerk is to look at: guesses, two headings for one column, required columns that nothing fills yet."""
    kind, column, fill, how = (letter(PREVIEW.name, name) for name in ("kind", "column", "fill", "how"))
    same = f'COUNTIFS(${kind}$2:${kind}${LAST},"{looked.HEADING}",${column}$2:${column}${LAST},${column}2)'
    return [
        *(Rule(name, "note", f'AND(${kind}2="{looked.NOTE}",${letter(PREVIEW.name, name)}2<>"")') for name in ("heading", "how")),
        Rule("how", "doubt", f'OR(${how}2="{GUESSED}",${how}2="{looked.UNKNOWN}")'),
        Rule("column", "twice", f'AND(${kind}2="{looked.HEADING}",${column}2<>"",${column}2<>"{looked.LEFT_OUT}",{same}>1)'),
        Rule("fill", "missing", f'AND(${how}2="{looked.NEEDED}",${fill}2="",{same}=0)'),
    ]


def _watched(table: Table, column: Column) -> bool:
    return column.filled_by != "derived" and not table.append_only and (column.kind == "choice" or not table.generated)


def _of(table: Table, column: Column, cell: str) -> Iterator[tuple[str, str]]:
    at = (table.name, column.name)
    words = list_name(column)
    if at == ("subjects", "code"):
        registration = f"AND(ISTEXT({cell}),LEN({cell})=15,ISNUMBER(VALUE({cell})))"
        yield "wrong", f'AND({cell}<>"",NOT(IFERROR({registration},FALSE)),NOT({uscc_holds(cell)}))'
    elif column.kind == "code":
        yield "wrong", f"ISNUMBER({cell})"
    elif column.kind == "choice":
        yield "wrong", f'AND({cell}<>"",ISNA(MATCH({cell},{words},0)))'
    elif column.kind == "ref":
        named = (column.refers, "plans") if at == ("scopes", "task") else (column.refers,)
        missing = ",".join(f"ISNA(MATCH({cell},{column_name(target, key)},0))" for target in named for key in KEYS[target])
        yield "wrong", f'AND({cell}<>"",{missing})'
    elif column.kind == "date":
        yield "wrong", f'AND({cell}<>"",IF(ISTEXT({cell}),ISERROR(DATEVALUE(SUBSTITUTE({cell},".","-"))),OR({cell}<60,{cell}>2958465)))'
    elif column.kind == "rate":
        yield "wrong", f'AND({cell}<>"",NOT({is_rate(cell)}))'
    elif column.kind == "int":
        yield "wrong", f'AND({cell}<>"",ISERROR(VALUE({cell})))'
    if at in UNIQUE:
        yield "twice", twice(letter(*at), cell, column.kind)
    for first, second in ORDERED.get(table.name, ()):
        if second == column.name:
            before = f"${letter(table.name, first)}2"
            yield "late", f"AND(COUNT({before},{cell})=2,{cell}<{before})"
    if at in EXPIRING:
        yield "late", expired(cell)
    yield from _missing(table, column, cell)


def _missing(table: Table, column: Column, cell: str) -> Iterator[tuple[str, str]]:
    other, condition = NEEDED_IF.get((table.name, column.name), ("", ""))
    if not column.required and not condition:
        return
    tests = [f'{cell}=""']
    if column.required:  # LEN, not COUNTA: a formula that shows nothing does not start a row
        tests.append(f"SUMPRODUCT(LEN($A2:${xl_col_to_name(len(table.columns) - 1)}2))>0")
    if condition:
        tests.append(condition.format(f"${letter(table.name, other)}2"))
    yield "missing", f"AND({','.join(tests)})"


def role(column: Column) -> str:
    """required, optional or derived: how a heading is filled and what the manual says."""
    if column.filled_by == "derived":
        return "derived"
    return "required" if column.required else "optional"


def prompt(table: Table, column: Column) -> str:
    """What Excel shows beside the selected cell, at most 255 characters; "" where staff never write."""
    if column.filled_by == "derived":
        return "" if table.generated else f"{say.DERIVED}{say.COLON}{column.help or say.PROMPT_DERIVED}"
    text = say.REQUIRED if column.required else say.OPTIONAL
    text += say.COLON + (column.help or (say.PROMPT_CHOICE if column.kind == "choice" else say.PROMPT_HEADING))
    if column.default and column.default not in column.help:
        text += say.PROMPT_DEFAULT.format(default=column.default)
    if column.kind == "codes" and column.allowed:
        text += say.PROMPT_ALLOWED.format(allowed="、".join(column.allowed))
    return text


def validation(table: Table, column: Column) -> dict[str, Any]:
    """The validation of a whole column, as XlsxWriter takes it; {} where there is none."""
    message = prompt(table, column)
    if not message:
        return {}
    found = {"input_title": column.header, "input_message": message, "error_title": say.STOP_TITLE}
    words = list_name(column)
    cell = f"${letter(table.name, column.name)}2"
    if not _watched(table, column):
        return {"validate": "any", **found}
    if column.kind == "choice":
        return {"validate": "list", "source": f"={words}", "error_message": say.STOP_CHOICE.format(header=column.header), **found}
    if column.kind == "ref" and words:  # a number is as good as a name, so the list offers and does not stop
        return {"validate": "list", "source": f"={words}", "show_error": False, **found}
    if column.kind == "date":
        limits = {"criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY}
        return {"validate": "date", **limits, "error_message": say.STOP_DATE.format(header=column.header), **found}
    if column.kind == "rate":
        return {"validate": "custom", "value": f"={is_rate(cell)}", "error_message": say.STOP_RATE.format(header=column.header), **found}
    if column.kind == "int":
        limits = {"criteria": "between", "minimum": 0, "maximum": 10**9}
        return {"validate": "integer", **limits, "error_message": say.STOP_INT.format(header=column.header), **found}
    return {"validate": "any", **found}
