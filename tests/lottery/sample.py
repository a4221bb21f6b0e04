"""A small bureau to draw in: forty firms, three strata, two items, ten inspectors in two units and the city."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ssj_xlwings.lottery import log, record
from ssj_xlwings.lottery.digest import canonical
from ssj_xlwings.lottery.draw import Drawn, draw
from ssj_xlwings.lottery.freeze import Frozen, freeze
from ssj_xlwings.lottery.plan import Checked, Plan
from ssj_xlwings.lottery.pool import PoolRow
from ssj_xlwings.types import File, LogRow

if TYPE_CHECKING:
    from pathlib import Path

NONCE = "00112233445566778899aabbccddeeff" * 2
VEIL = "ffeeddccbbaa99887766554433221100" * 2
SAID = [("张三", "384729"), ("李四", "000007")]
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TASK = "130400202603020001"
UNITS = ("丛台区局", "邯山区局")
PLAN = Plan(
    bureau="邯郸市市场监督管理局", tasks=[TASK], items=["SP01", "DJ01"], source="年度计划", window=("2026-03-02", "2026-04-30"),
    slots=["张三", "李四"], attempt=1, before="", frozen="2026-03-02T01:00:00Z", mode="现场报数", alternates=2,
    rates={"DJ01": {"A": "0.1", "B": "0.2", "C": "0.5"}, "SP01": {"A": "0.1", "B": {"n": 3}, "C": "1"}}, minimum=1,
    source_digest="0" * 64, scope=[["主体类型", "等于其一", "企业"]], checked=Checked(90, {"C": 2}, [("91130402MA0000000X", "2026-01-20")]),
)


def rows(count: int = 40) -> list[PoolRow]:
    """Firms in an order of no meaning; every third has one item only."""
    found = [PoolRow(f"9113040{i % 8}MA{i:08d}", "ABC"[i % 3], ("DJ01",) if i % 3 == 0 else ("SP01", "DJ01")) for i in range(count)]
    random.Random(7).shuffle(found)
    return found


def unit(id_: str) -> str:
    return UNITS[int(id_[-1]) % 2]


def staff(count: int = 10) -> list[dict[str, object]]:
    """Inspectors 01 … ; the last two belong to the city bureau."""
    return [
        {"id": f"HD-{i:02d}", "unit": "市局" if i >= count - 2 else UNITS[i % 2], "city": i >= count - 2, "items": ["DJ01", "SP01"],
         "until": "2027-01-01", "recused": [], "available": True}
        for i in range(count)
    ]


def frozen(pool: list[PoolRow] | None = None, people: list[dict[str, object]] | None = None, plan: Plan = PLAN) -> Frozen:
    pool = rows() if pool is None else pool
    people = staff() if people is None else people
    return freeze(pool, [("91130402MA0000000X", "90天内已查"), ("丛台区集贸市场", "白名单")], people, [(row.id, unit(row.id)) for row in pool], plan, NONCE, VEIL)


def write(place: Path, files: list[File]) -> None:
    place.mkdir(parents=True, exist_ok=True)
    for file in files:
        assert isinstance(file.data, bytes)
        (place / file.name).write_bytes(file.data)


def add(chain: list[dict[str, str]], event: str, data: dict[str, str], attempt: int = 1) -> dict[str, str]:
    chain.append(log.make(chain, LogRow(TASK, event, attempt, event, data), NOW, "王五"))
    return chain[-1]


def ceremony(place: Path, chain: list[dict[str, str]], publish: bool = True, attempt: int = 1, scope: object = PLAN.scope) -> Drawn:
    """Freeze, say and draw, with the files in `place` and the rows added to the log `chain`. `scope`: as the freeze row keeps it."""
    fixed = frozen(plan=replace(PLAN, before=log.head(chain), attempt=attempt))
    write(place, record.freeze_files(fixed))
    add(chain, "冻结", {**record.freeze_data(fixed), "locked": canonical({TASK: [*PLAN.window, sorted(PLAN.items), scope]})}, attempt)
    said = add(chain, "报数", record.said_data(fixed, SAID), attempt)
    again = record.load_frozen(place, fixed.commitment)
    drawn = draw(again, SAID)
    made = record.Made("2026-03-02T01:30:00Z", "三楼会议室", "赵六", ["钱七"], "ssj 0.1")
    data = record.draw_json(place, again, drawn, {row.id: f"企业{row.id[-3:]}" for row in again.rows}, made, said["hash"], publish)
    row = add(chain, "抽取", record.draw_data(data, drawn, again.commitment), attempt)
    write(place, record.draw_files(data, again.inner, row["hash"]))
    return drawn
