"""A workbook with as many firms as wanted, as Excel would have saved it, ready for a draw of 3 %."""

from __future__ import annotations

import random
import re
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.programs import ITEM, NOW, OPERATOR, TASK
from ssj_xlwings.doors import synthetic
from ssj_xlwings.doors.run import run
from ssj_xlwings.package.archive import Archive
from ssj_xlwings.package.areas import letters
from ssj_xlwings.package.relations import Workbook, relations
from ssj_xlwings.package.rows import Sheet
from ssj_xlwings.vocabulary import demo as words
from ssj_xlwings.vocabulary import divisions
from ssj_xlwings.vocabulary.commands import BY_ID
from ssj_xlwings.vocabulary.tables import SUBJECTS, UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ssj_xlwings.package.archive import Part

BUREAU, DIVISION, RATE = words.CITY_BUREAU, words.CITY_DIVISION, "3%"
COLUMNS = ("name", "code", "address", "unit", "type", "status", "class", "tags", "state", "nature", "division", "registered", "founded", "legal_person", "contact", "phone")
"""The sixteen that are filled, in the order of the sheet."""
TEXTS_A_FIRM = 5
PEOPLE = 400
FIRST_DAY = (date(2005, 1, 1) - date(1899, 12, 30)).days


def make(path: Path, size: int) -> dict[str, int]:
    """How many parts it has, and how many units the city. The workbook: blank master, units, 400 inspectors, an item and a task brought in by commands; the firms
    put into the sheet itself."""
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / path.name
        _small(small)
        archive = Archive(small.read_bytes())
    workbook = Workbook(archive)
    part, texts = workbook.sheets[SUBJECTS.sheet], workbook.other("sharedStrings")
    table = next(relation.target for relation in relations(archive, part) if relation.kind == "table")
    units = offices()
    common = _common(units)
    old = archive.read(texts)
    at = old.count(b"<si>")
    placed = {text: at + number for number, text in enumerate(common)}
    changed: dict[str, Part] = {
        part: lambda: _sheet(Sheet(archive.member(part)), size, placed, at + len(common), units),
        texts: lambda: _texts(old, common, size),
        table: re.sub(rb'(ref="A1:[A-Z]+)\d+', rb"\g<1>%d" % (size + 1), archive.read(table)),
    }
    with path.open("wb") as file:
        archive.write(file, changed)
    return {"parts": len(archive.members), "units": len(units) + 1}


def step(book: Path, command: str, **args: Any) -> None:
    """One command, as a person would run it."""
    declared = BY_ID[command]
    blank: dict[str, Any] = {param.name: ([] if param.kind in {"texts", "pairs"} else False if param.kind == "flag" else None) for param in declared.params}
    run(declared, {**blank, "book": book, **args}, operator=OPERATOR, now=lambda: NOW)


def offices() -> list[synthetic.Office]:
    """The counties of the city."""
    return [synthetic.Office(f"{one.name}市场监督管理局", one.code, "县局", one.name) for one in divisions.below(DIVISION) if not one.until and one.code != DIVISION]


def _small(book: Path) -> None:
    step(book, "new", bureau=BUREAU, division=DIVISION, year=str(NOW.year))
    counties = offices()
    names = {column.name: column.header for column in UNITS.columns}
    sources = {
        "单位": [{names["name"]: one.name, names["division"]: one.division, names["level"]: one.level, names["area"]: one.area} for one in counties],
        "执法检查人员名录库": synthetic.inspectors([*counties, synthetic.Office(BUREAU, DIVISION, "市局", "")], PEOPLE, NOW.date(), seed=3),
        "抽查事项清单": synthetic.items(),
        "抽查任务": [{"任务名称": TASK, "抽查事项": ITEM, "检查开始": "2026-03-10", "检查截止": "2026-06-30",
                      **{f"{name}类比例": RATE for name in "ABCD"}, "未评比例": RATE, "任务来源": "市局部署"}],
    }
    for sheet, rows in sources.items():
        step(book, "import", table=sheet, file=synthetic.write_csv(book.parent / f"{sheet}.csv", rows))
    step(book, "check")


def _common(units: list[synthetic.Office]) -> list[str]:
    """The texts that many firms share."""
    people = [surname + given for surname in words.SURNAMES for given in words.GIVEN]
    return list(dict.fromkeys([
        *(unit.name for unit in units), *(unit.division for unit in units), "企业", "个体工商户", "农民专业合作社", "存续", "注销", *"ABCD", "未评", "食品", "广告", "有效",
        "市场主体", "有限责任公司（自然人投资或控股）", "个体工商户（个人经营）", *people,
    ]))


def _texts(old: bytes, common: list[str], size: int) -> Iterator[bytes]:
    """The shared texts: those of the small book, the common ones, then five of each firm."""
    head = old[:old.rindex(b"</sst>")]
    total = old.count(b"<si>") + len(common) + TEXTS_A_FIRM * size
    yield re.sub(rb'count="\d+" uniqueCount="\d+"', b'count="%d" uniqueCount="%d"' % (total, total), head, count=1)
    yield "".join(f"<si><t>{text}</t></si>" for text in common).encode()
    chance = random.Random(size)
    trades, streets, stems = [trade for trade, _ in words.TRADES], words.STREETS, words.STEMS
    for first in range(0, size, 10_000):
        lines = []
        for number in range(first, min(first + 10_000, size)):
            code = _code(number)
            name = f"邯郸市{stems[number % 32]}{stems[number * 7 % 31]}{trades[number % 13]}有限公司第{number}分公司"
            address = f"河北省邯郸市{streets[number % 8]}{number % 977 + 1}号{number % 31 + 1}幢{number}室"
            person = f"{words.SURNAMES[chance.randrange(len(words.SURNAMES))]}{words.GIVEN[number % 30]}{number % 9973}"
            lines.append(f"<si><t>{name}</t></si><si><t>{code}</t></si><si><t>{address}</t></si><si><t>{person}</t></si><si><t>138{number:08d}</t></si>")
        yield "".join(lines).encode()
    yield b"</sst>"


def _code(number: int) -> str:
    from stdnum.cn.uscc import calc_check_digit

    body = f"911304{number % 100:02d}MA{number:07d}"
    return body + str(calc_check_digit(body))


def _sheet(sheet: Sheet, size: int, placed: dict[str, int], unique: int, units: list[synthetic.Office]) -> Iterator[bytes]:
    """The sheet with its heading row, then the firms."""
    numbers = [[column.name for column in SUBJECTS.columns].index(name) + 1 for name in COLUMNS]
    style = [f' s="{found}"' if (found := sheet.column_style(number)) else "" for number in numbers]
    begin = [f'<c r="{letters(number)}' for number in numbers]
    heading = sheet.row(1)
    if heading is None:
        raise RuntimeError("no headings")
    last = letters(len(SUBJECTS.columns))
    yield re.sub(rb'<dimension ref="[^"]*"', f'<dimension ref="A1:{last}{size + 1}"'.encode(), sheet.head) + heading.serialise()
    types = [("企业", "有限责任公司（自然人投资或控股）")] * 3 + [("个体工商户", "个体工商户（个人经营）")]
    people = len(words.SURNAMES) * len(words.GIVEN)
    person = placed[words.SURNAMES[0] + words.GIVEN[0]]
    for first in range(0, size, 10_000):
        rows = []
        for number in range(first, min(first + 10_000, size)):
            unit, (kind, form), mine = units[number % len(units)], types[number % 4], unique + TEXTS_A_FIRM * number
            values = (
                mine, mine + 1, mine + 2, placed[unit.name], placed[kind], placed["注销" if number % 50 == 0 else "存续"], placed["AABBBCCD"[number % 8]],
                placed["食品" if number % 3 else "广告"], placed["有效"], placed["市场主体"], placed[unit.division], placed[form],
                FIRST_DAY + number % 7000, person + number * 31 % people, mine + 3, mine + 4,
            )
            row = number + 2
            cells = "".join(
                f'{start}{row}"{look}><v>{value}</v></c>' if at == 12 else f'{start}{row}"{look} t="s"><v>{value}</v></c>'
                for at, (start, look, value) in enumerate(zip(begin, style, values, strict=True))
            )
            rows.append(f'<row r="{row}" spans="1:{len(SUBJECTS.columns)}">{cells}</row>')
        yield "".join(rows).encode()
    yield sheet.tail
