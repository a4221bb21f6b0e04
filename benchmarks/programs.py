"""One job, three programs: read the pool, check every row, draw 3 %, write record, results and ledger, save.

Each is a generator that yields the name of a stage when it is done.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TASK, ITEM, OPERATOR = "三百分比抽查", "DJ01", "刘洋"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SAID = [("张三", "384729"), ("李四", "000007")]
LEDGER = "派发"
CODE = re.compile("[0-9A-HJ-NP-RTUW-Y]{18}")
WORDS = {
    "主体类型": ("企业", "个体工商户", "农民专业合作社", ""), "登记状态": ("存续", "注销", "吊销", "撤销", "迁出", ""), "信用风险等级": (*"ABCD", "未评", ""),
    "状态": ("有效", "失效", ""), "对象性质": ("市场主体", "非市场主体", ""),
}
REQUIRED = ("主体名称", "统一社会信用代码", "住所")
SUBJECTS, STAFF, VISITS, RESULTS, FINDINGS = "检查对象名录库", "执法检查人员名录库", "抽取结果与派发", "检查结果", "校验结果"


def ours(book: Path) -> Iterator[str]:
    """The commands' own functions, on one reading of the workbook and with one save: check, freeze, draw, ledger."""
    import secrets

    from ssj_xlwings.books.filebook import FileBook
    from ssj_xlwings.doors.run import function_of, roomy, write_files
    from ssj_xlwings.lottery import log
    from ssj_xlwings.types import Append, Change, Request, View
    from ssj_xlwings.vocabulary import settings
    from ssj_xlwings.vocabulary.commands import BY_ID

    roomy()
    used = [BY_ID[name] for name in ("check", "freeze", "draw", "ledger")]
    functions = {command.id: function_of(command) for command in used}
    yield "start"
    opened = FileBook(book)
    with opened.held():
        view = opened.read(dict.fromkeys(name for command in used for name in command.reads))
        yield "read"
        file = settings.archive(book, settings.read(view["settings"])) / settings.LOG_FILE
        blank: dict[str, Any] = {param.name: [] if param.kind in {"texts", "pairs"} else None for command in used for param in command.params}
        request = Request(args={**blank, "task": TASK, "cell": opened.cell}, now=NOW, operator=OPERATOR,
                          entropy=secrets.token_bytes, progress=lambda _: None, book=book, view=view)
        changes: list[Change] = [*functions["check"](request).changes]
        yield "check"
        for name, args in (("freeze", {"speaker": [who for who, _ in SAID]}), ("draw", {"say": SAID})):
            request = replace(request, args={**request.args, **args}, log=log.read(file))
            outcome = functions[name](request)
            while outcome:
                if outcome.log is not None:
                    log.append(file, outcome.log)
                    changes.append(Append("log", [outcome.log]))
                write_files(outcome)
                changes += outcome.changes
                outcome = outcome.then(replace(request, log=log.read(file))) if outcome.then else None
            yield name
        opened.apply(changes, view, {name for command in used for name in command.writes})
    yield "save"
    del view, opened  # as between two commands: the former reading is let go before the sheets are read again
    request = replace(request, view=View({}))
    again = FileBook(book).read([name for name in BY_ID["ledger"].reads if name != "subjects"])
    request = replace(request, view=again, log=log.read(file), args={**blank, "kind": LEDGER, "out": book.parent})
    write_files(functions["ledger"](request))
    yield "ledger"


def write(workbook: Any, findings: Any, visits: Any) -> None:
    """Record, results and findings into their sheets, cell by cell, as both libraries have it."""
    for sheet, rows in changed(findings, visits).items():
        written = workbook[sheet]
        for at, row in enumerate(rows, 2):
            for column, value in enumerate(row, 1):
                written.cell(at, column, value)
        reach(written, len(rows))


def straightforward(book: Path) -> Iterator[str]:
    """pandas.read_excel for reading, openpyxl for writing, as most people would begin."""
    import openpyxl
    import pandas as pd

    yield "start"
    sheets = pd.read_excel(book, sheet_name=[SUBJECTS, STAFF], dtype=str, keep_default_na=False)
    yield "read"
    findings = checked(sheets[SUBJECTS])
    yield "check"
    visits = drawn(sheets[SUBJECTS], sheets[STAFF], book)
    yield "draw"
    workbook = openpyxl.load_workbook(book, keep_vba=True)
    write(workbook, findings, visits)
    workbook.save(book)
    yield "save"
    pd.DataFrame(visits).to_excel(book.with_name("台账.xlsx"), index=False)
    yield "ledger"


def wolfxl(book: Path) -> Iterator[str]:
    """wolfxl in its modify mode, for reading and writing alike."""
    import pandas as pd
    import wolfxl as library

    yield "start"
    workbook = library.load_workbook(str(book), modify=True)
    frames = {}
    for name in (SUBJECTS, STAFF):
        rows = workbook[name].iter_rows(values_only=True)
        headings = [str(heading) for heading in next(rows)]
        frames[name] = pd.DataFrame(([text(value) for value in row] for row in rows), columns=headings, dtype=object)
    yield "read"
    findings = checked(frames[SUBJECTS])
    yield "check"
    visits = drawn(frames[SUBJECTS], frames[STAFF], book)
    yield "draw"
    write(workbook, findings, visits)
    workbook.save(str(book))
    yield "save"
    pd.DataFrame(visits).to_excel(book.with_name("台账.xlsx"), index=False)
    yield "ledger"


def text(value: Any) -> str:
    """A cell as text."""
    return "" if value is None else str(value)


def reach(sheet: Any, rows: int) -> None:
    """Let the sheet's table take in the rows."""
    for table in sheet.tables.values():
        last = re.sub(r".*:([A-Z]+)[0-9]+", r"\1", table.ref)
        table.ref = f"A1:{last}{max(rows, 1) + 1}"


def checked(subjects: Any) -> list[list[str]]:
    """Blank cells, codes, words, dates and doubles, row by row."""
    from stdnum.cn import uscc

    found = []
    seen: dict[str, int] = {}
    columns = [*REQUIRED, *WORDS, "成立日期"]
    for number, row in enumerate(zip(*(subjects[name] for name in columns), strict=True), 2):
        cells = dict(zip(columns, row, strict=True))
        code = cells["统一社会信用代码"]
        found += [["阻断", SUBJECTS, f"{name}是空的", "1", f"{number}"] for name in REQUIRED if not cells[name]]
        found += [["阻断", SUBJECTS, f"{name}不在列表里", "1", f"{number}", cells[name]] for name, allowed in WORDS.items() if cells[name] not in allowed]
        if code and not (CODE.fullmatch(code) and uscc.calc_check_digit(code[:17]) == code[17]):
            found.append(["阻断", SUBJECTS, "代码不对", "1", f"{number}", code])
        if code in seen:
            found.append(["阻断", SUBJECTS, "代码重复", "1", f"{number}", code])
        seen[code] = number
        if cells["成立日期"] and not re.match(r"\d{4}-\d{2}-\d{2}", cells["成立日期"]):
            found.append(["提醒", SUBJECTS, "日期不对", "1", f"{number}", cells["成立日期"]])
    return found


def drawn(subjects: Any, staff: Any, book: Path) -> list[dict[str, str]]:
    """3 % of each class of what is in force, two inspectors each; pool and draw are kept as files. No commitment, no proof."""
    pool = subjects[subjects["登记状态"].isin(["存续", ""]) & (subjects["状态"] != "失效")]
    seed = random.SystemRandom().randrange(2**32)
    sample = pool.groupby("信用风险等级", group_keys=False).sample(frac=0.03, random_state=seed)
    chance = random.Random(seed)
    people = staff[staff["证件有效期至"] >= "2026-06-30"]
    by_unit: dict[str, list[tuple[str, str]]] = {}
    for name, number, unit in zip(people["姓名"], people["行政执法证号"], people["所在单位"], strict=True):
        by_unit.setdefault(unit, []).append((name, number))
    visits = []
    for number, row in enumerate(sample.to_dict("records"), 1):
        team = chance.sample(by_unit[row["管辖单位"]], 2)
        visits.append({
            "任务编号": TASK, "序号": str(number), "统一社会信用代码": row["统一社会信用代码"], "主体名称": row["主体名称"], "住所": row["住所"], "管辖单位": row["管辖单位"],
            "检查事项": ITEM, "组长": team[0][0], "组员": team[1][0], "派发日期": "", "第几次": "1", "信用风险等级": row["信用风险等级"],
        })
    with book.with_name("pool.tsv").open("w", encoding="utf-8") as file:
        file.writelines(f"{code}\t{grade}\n" for code, grade in zip(pool["统一社会信用代码"], pool["信用风险等级"], strict=True))
    book.with_name("draw.json").write_text(json.dumps({"seed": seed, "visits": visits}, ensure_ascii=False), encoding="utf-8")
    return visits


def changed(findings: list[list[str]], visits: list[dict[str, str]]) -> dict[str, list[list[str]]]:
    """What is written: sheet → rows below its headings."""
    return {
        FINDINGS: findings, VISITS: [list(visit.values()) for visit in visits],
        RESULTS: [[TASK, visit["统一社会信用代码"], visit["主体名称"], ITEM] for visit in visits],
    }


PROGRAMS = {"ssj": ours, "pandas + openpyxl": straightforward, "wolfxl": wolfxl}
