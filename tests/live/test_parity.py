"""An open workbook and a closed one come to the same tables, command by command."""

from __future__ import annotations

import random
from datetime import date

import pytest

from ssj_xlwings.doors import synthetic
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.commands import COMMANDS
from tests.doors.conftest import TASK
from tests.live.conftest import FREEZE, SAID

VOID = {"task": TASK, "reason": "比例或数量错误", "explain": "比例填错了，需要改正以后重新抽取", "approver": "冯局长"}
OUTSIDE = {"new", "verify", "demo", "menu", "setup", "pack", "upgrade", "scope"}
"""Commands that change no table of an existing workbook, or are tried elsewhere."""


@pytest.fixture
def both(desk, closed):
    """Run a command on both; their tables must be the same afterwards."""
    chances = {desk.live: random.Random(5), closed: random.Random(5)}

    def run(command: str, **args):
        outcomes = []
        for book, chance in chances.items():
            desk.chance = chance
            here = {name: value(book.path.parent) if callable(value) else value for name, value in args.items()}
            outcomes.append(desk.do(command, book, **here))
        assert outcomes[0].message == outcomes[1].message
        assert list(outcomes[0].lines) == list(outcomes[1].lines)
        live, file = desk.tables(), desk.tables(closed)
        for name in file:
            assert live[name] == file[name], name
        run.done.add(command)

    run.done = set()
    return run


def test_parity(desk, closed, both):
    """Every command that works on a workbook leaves the same tables in an open one as in a closed one, row by row."""
    files = {name: synthetic.write_csv(desk.folder.parent / f"{name}.csv", rows) for name, rows in {
        "检查对象名录库": synthetic.firms(40, seed=99), "节假日": [{"日期": "2026-10-01", "类型": "放假"}]}.items()}
    rows = [{"主体名称": " =1+1 公司", "统一社会信用代码": "００12", "住所": "'0012 号", "成立日期": "2020年3月1日", "注册资本": "007"}]
    both("import", table="检查对象名录库", file=files["检查对象名录库"])
    both("import", table="节假日", file=files["节假日"])
    both("import", table="检查对象名录库", file=lambda folder: synthetic.write_csv(folder / "乱.csv", rows))
    both("undo")
    both("import", table="检查对象名录库", file=synthetic.write_csv(desk.folder.parent / "新办.csv", synthetic.firms(20, seed=98)), preview=True)
    both("confirm")
    both("check")
    both("plan", task=TASK)
    with pytest.raises(Refusal, match="已有 1 个条件"):
        both("scope", task=TASK)
    both("freeze", **FREEZE)
    both("draw", task=TASK, say=SAID)
    both("papers", task=TASK, out=lambda folder: folder / "文书")
    both("void", **VOID)
    both("freeze", **FREEZE)
    both("draw", task=TASK, say=SAID)
    gone = closed.read(["visits"])["visits"]["subject"].iloc[-1]
    struck = synthetic.write_csv(desk.folder.parent / "注销.csv", [{"统一社会信用代码": gone, "登记状态": "注销"}])
    both("import", table="检查对象名录库", file=struck)
    both("replace", task=TASK, firm=gone, reason="注销", evidence="登记系统查询截图", approver="冯局长")
    both("pool", task=TASK, firm=gone)
    both("receipt", task=TASK, firm=gone, full=True, approver="冯局长", reason="该户提出异议", out=lambda folder: folder / "回执")
    drawn = closed.read(["results"])["results"].to_dict("records")
    results = synthetic.results([row for row in drawn if not row["withheld"]], date(2026, 11, 20))
    both("import", table="检查结果", file=synthetic.write_csv(desk.folder.parent / "检查结果.csv", results))
    both("check")
    both("publish", task=TASK, out=lambda folder: folder / "公示")
    both("quick", sheet="检查对象名录库", rows="2-30", take="3", purpose="周例会", speaker=["张三", "李四"])
    both("draw", task="快抽-20261125-01", say=SAID)
    both("adopt", task="快抽-20261125-01", items="DJ01", source="投诉举报", start="2026-11-25", end="2026-12-20", approver="冯局长")
    for kind in ("抽取", "结果"):
        both("ledger", kind=kind, out=lambda folder: folder / "台账")
    on_a_book = {command.id for command in COMMANDS if any(param.kind == "book" for param in command.params)}
    assert on_a_book - OUTSIDE <= both.done
