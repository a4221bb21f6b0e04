"""Made-up data of a county bureau: firms with valid codes, people, items. Seeded, so a demo can be repeated."""

from __future__ import annotations

import csv
import hashlib
import random
from typing import TYPE_CHECKING, NamedTuple

from ssj_xlwings.vocabulary import demo as words
from ssj_xlwings.vocabulary.tables import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
EXPIRED, NARROW = 0.08, 0.14
CLASS_SHARES = ((0.52, "A"), (0.82, "B"), (0.94, "C"), (0.98, "D"), (1.0, "未评"))
RESULT_SHARES = (
    (0.72, "未发现问题"), (0.80, "通过登记的住所（经营场所）无法联系"), (0.87, "未按规定公示应当公示的信息"), (0.94, "发现问题已责令改正"),
    (0.96, "公示信息隐瞒真实情况、弄虚作假"), (0.98, "未发现开展本次抽查涉及的经营活动"), (1.0, "发现问题待后续处理"),
)


class Office(NamedTuple):
    """A unit with its area words and the code of its division."""

    name: str
    division: str
    level: str
    area: str


def share(text: str, shares: Sequence[tuple[float, str]]) -> str:
    """A word picked by a hash of the text: the synthetic rule for classes and results (the real ones are not public)."""
    point = int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 2**32
    return next(word for limit, word in shares if point < limit)


def uscc(prefix: str, division: str, chance: random.Random) -> str:
    """A code of valid form and check digit."""
    from stdnum.cn.uscc import calc_check_digit

    body = f"{prefix}{division}MA{''.join(chance.choice(ALPHABET) for _ in range(7))}"
    return body + str(calc_check_digit(body))


def firms(count: int, seed: int) -> list[dict[str, str]]:
    """Firms by heading of 检查对象名录库, in the six towns of the made-up county."""
    chance = random.Random(seed)  # noqa: S311 - made-up data, not a draw
    rows = []
    for number in range(count):
        trade, tag = chance.choice(words.TRADES)
        form, prefix = chance.choices(words.FORMS, (50, 22, 8, 14, 6))[0]
        code = uscc(prefix, words.DIVISION, chance)
        town = chance.choice(words.STATIONS)[1]
        rows.append({
            "主体名称": f"涉县{chance.choice(words.STEMS)}{chance.choice(words.STEMS) if number % 3 else ''}{trade}{form}",
            "统一社会信用代码": code,
            "住所": f"河北省邯郸市涉县{town}{chance.choice(words.STREETS)}{chance.randint(1, 320)}号",
            "信用风险等级": share(code, CLASS_SHARES),
            "登记状态": chance.choices(("存续", "注销", "吊销"), (95, 4, 1))[0],
            "专项库标签": tag,
            "成立日期": f"{chance.randint(2008, 2025)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
            "联系人": person(chance), "联系电话": f"138{chance.randint(0, 99999999):08d}",
        })
    return rows


def person(chance: random.Random) -> str:
    """A made-up name."""
    return chance.choice(words.SURNAMES) + chance.choice(words.GIVEN)


def inspectors(offices: Sequence[Office], count: int, until: date, seed: int) -> list[dict[str, str]]:
    """`count` people spread evenly over the offices; most may inspect everything, a few have an expired certificate."""
    chance = random.Random(seed)  # noqa: S311 - made-up data, not a draw
    rows = []
    for number in range(count):
        office = offices[number % len(offices)]
        expired, narrow = chance.random() < EXPIRED, chance.random() < NARROW
        rows.append({
            "姓名": person(chance), "所在单位": office.name, "行政执法证号": f"{office.division}{number + 1:05d}",
            "证件有效期至": until.replace(year=until.year - 3 if expired else until.year + chance.randint(1, 4)).isoformat(),
            "可检查事项": "DJ01、DJ02" if narrow else "全部", "手机": f"139{chance.randint(0, 99999999):08d}",
        })
    return rows


def items() -> list[dict[str, str]]:
    """The items of the demonstration, by heading."""
    return [{"事项编码": code, "抽查事项": name, "事项类别": kind, "检查依据": basis, "抽查类别": category, "检查内容及要点": words.POINTS.get(code, "")}
            for code, name, kind, basis, category in words.ITEMS]


def write_csv(path: Path, rows: Iterable[dict[str, str]], *, title: Sequence[str] = (), encoding: str = "utf-8-sig") -> Path:
    """Rows under their headings, below title lines, as real exports have them."""
    rows = list(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerows([line] for line in title)
        writer.writerow(rows[0])
        writer.writerows(row.values() for row in rows)
    return path


def results(drawn: Iterable[dict[str, str]], day: date) -> list[dict[str, str]]:
    """Results by heading for the rows of 检查结果, filled by the seeded rule. An unreachable firm is so for every item."""
    header = {column.name: column.header for column in BY_NAME["results"].columns}
    filled = []
    for row in drawn:
        result = share(row["subject"] + row["task"], RESULT_SHARES)
        if not result.startswith(("未发现问题", "通过登记")):
            result = share(row["subject"] + row["item"], RESULT_SHARES)
        problem = words.PROBLEMS.get(result, "")
        filled.append({
            **{header[name]: row[name] for name in ("task", "subject", "item")},
            header["date"]: day.isoformat(), header["result"]: result, header["problem"]: problem,
            header["follow_up"]: words.FOLLOW_UP.get(result, "无需后续处置"), header["done"]: "" if problem else day.isoformat(),
            header["recorder"]: words.CLERK, header["reviewer"]: words.REVIEWER, header["review"]: "通过",
        })
    return filled
