"""What goes over the wire to Excel: which members, how many calls, the same tables as a closed workbook, and all or nothing."""

from __future__ import annotations

import itertools
import os
import random
from pathlib import Path

import pytest

from ssj_xlwings.books import blocks
from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.master import panel
from ssj_xlwings.types import Append, Patch, Refusal, Rewrite
from ssj_xlwings.vocabulary.commands import EVERYTHING
from ssj_xlwings.vocabulary.sentences import live as say
from ssj_xlwings.vocabulary.tables import PANEL
from tests.doors.conftest import TASK
from tests.live.conftest import FREEZE, SAID
from tests.windows.com import REFUSED, Fault
from tests.windows.excel import Several

GOLDEN = Path(__file__).parents[1] / "golden" / "windows_members.txt"
HOLIDAYS = [{"date": f"2026-10-0{day}", "kind": "放假"} for day in (1, 2, 3)]
PEOPLE = ("张三、李四", "赵主持", "三楼", "陈静", "")


def apply(desk, *changes):
    tables = [change.table for change in changes]
    desk.live.apply(changes, desk.live.read(tables), tables)


def column_of(desk, sheet: str, heading: str) -> int:
    cells = desk.com.Worksheets.Item(sheet).cells
    return next(column for (row, column), value in cells.items() if row == 1 and value == heading)


def test_members(desk):
    """A day of clicks calls these members of Excel and no other; a new one is a visible change (SSJ_GOLDEN=write)."""
    file = desk.folder / "放假.csv"
    file.write_text("日期,类型\n2026-10-01,放假\n", encoding="utf-8")
    desk.live.read(EVERYTHING)
    desk.click("check")
    desk.click("import", "节假日", str(file))
    desk.click("confirm")
    desk.click("undo", yes=("yes",))
    desk.click("freeze", TASK, *PEOPLE, yes=("yes",))
    for row, number in enumerate(("384729", "000007"), panel.HEADER + 2):
        desk.com.Worksheets.Item(PANEL.sheet).cells[row, 2] = number
    desk.click("draw", yes=("yes",))
    tasks = desk.com.Worksheets.Item("抽查任务")
    desk.com._active, desk.app._selection = tasks, tasks.Cells(2, 3)
    desk.click("papers", ...)
    filtered(desk, "校验结果", {2})
    apply(desk, Rewrite("findings", [{"level": "提醒"}]), *(Append(name, [{"name": "新"}, {"name": "又新"}]) for name in ("subjects", "inspectors", "tasks")))
    seen = "".join(f"{name}\n" for name in sorted(desk.pc.wire.members))
    if os.environ.get("SSJ_GOLDEN") == "write":
        GOLDEN.write_text(seen, encoding="utf-8")
    assert seen == GOLDEN.read_text(encoding="utf-8")


def test_a_selection_costs_no_call_a_row(desk):
    """A quick draw from two pieces of the registry, some rows filtered away: the pool is what shows; two thousand rows cost what ten cost."""
    firms = desk.com.Worksheets.Item("检查对象名录库")
    desk.com._active = firms
    filtered(desk, "检查对象名录库", {4, 5, 22})

    def calls(top: int, bottom: int) -> int:
        desk.app._selection = Several(firms.Range(firms.Cells(top, 1), firms.Cells(bottom, 1)), firms.Range(firms.Cells(291, 1), firms.Cells(293, 1)))
        before = desk.pc.wire.trips
        found = desk.live.picked()
        assert [line.row for line in found.lines if line.hidden] == [row for row in (4, 5, 22) if row <= bottom]
        return desk.pc.wire.trips - before

    assert calls(2, 11) == calls(2, 288) < 100
    desk.app._selection = Several(firms.Range(firms.Cells(2, 1), firms.Cells(11, 1)), firms.Range(firms.Cells(291, 1), firms.Cells(293, 1)))
    assert "已冻结" in desk.click("quick", "3", "周例会", "张三、李四", yes=("yes",))
    pool = next(desk.folder.glob("抽取档案/*/*/pool.tsv")).read_text(encoding="utf-8").splitlines()
    assert len(pool) == 11
    assert desk.com._active.Name == PANEL.sheet


def test_same_tables_as_a_closed_workbook(desk, copy):
    """check, freeze, draw, void and publish leave the same tables behind COM as in a file, and the saved file holds them."""
    closed = FileBook(next(copy("别处").glob("*.xls[xm]")))
    void = {"task": TASK, "reason": "比例或数量错误", "explain": "比例填错了，需要改正以后重新抽取", "approver": "冯局长"}
    chances = {desk.live: random.Random(5), closed: random.Random(5)}
    for command, args in (("check", {}), ("freeze", FREEZE), ("draw", {"task": TASK, "say": SAID}), ("void", void), ("freeze", FREEZE), ("draw", {"task": TASK, "say": SAID})):
        said = []
        for book, chance in chances.items():
            desk.chance = chance
            said.append(desk.do(command, book, **args).message)
        assert said[0] == said[1]
        assert desk.tables() == desk.tables(closed), command
    assert len(FileBook(desk.path).read(["log"])["log"]) == len(desk.logged()) == 7
    assert desk.com.saves > 0


def test_round_trips_do_not_grow_with_rows(desk):
    """Reading, appending, patching scattered rows and rewriting: as many calls for ten rows as for two thousand."""
    def trips(count: int) -> tuple[int, int]:
        seen = desk.live.read(["subjects", "findings"])
        desk.live.ready(seen, ["subjects"])
        wire, before = desk.pc.wire, desk.pc.wire.trips
        desk.live.apply([
            Append("subjects", [{"name": f"店{at}", "code": f"{count}-{at}", "founded": "2020-01-02"} for at in range(count)]),
            Patch("subjects", {(row, column): "改" for row in range(3, 3 + min(count, 300), 2) for column in ("remark", "legal_person")}),
            Rewrite("findings", [{"level": "提醒", "problem": str(at)} for at in range(count)]),
        ], seen, ["subjects", "findings"])
        written, before = wire.trips - before, wire.trips
        desk.live.read(["subjects", "findings"])
        return written, wire.trips - before

    few, many = trips(10), trips(2000)
    assert many == few
    assert few[0] < 1000
    assert few[1] < 125


def test_round_trips_grow_with_tables(desk):
    """One table more costs at most as many calls as the dearest so far: the whole book is read in a bounded number."""
    wire, costs, tables = desk.pc.wire, [], []
    for name in EVERYTHING:
        tables.append(name)
        before = wire.trips
        desk.live.read(tables)
        costs.append(wire.trips - before)
    steps = {after - before for before, after in itertools.pairwise(costs)}
    assert max(steps) <= 40
    assert min(steps) > 0


@pytest.mark.parametrize("nth", range(1, 12))
def test_rollback(desk, nth):
    """Whichever write fails, every cell and every table is as it was, and the screen works again."""
    before, count = desk.tables(), []
    sizes = [table.Range.Rows.Count for sheet in desk.com.Worksheets.each() for table in sheet.ListObjects.each()]
    changes = [Append("holidays", HOLIDAYS), Patch("units", {(2, "liaison"): "某人"}), Patch("subjects", {(5, "remark"): "改"}),
               Rewrite("findings", [{"level": "提醒", "problem": str(at)} for at in range(9)])]
    seen = desk.live.read([change.table for change in changes])

    def failing(member: str) -> None:
        if member in ("Range.Value set", "ListObject.Resize call"):
            count.append(member)
            if len(count) == nth:
                raise Fault(REFUSED, "boom", -2146827284)

    try:
        with desk.pc.wire.refusing(failing):
            desk.live.apply(changes, seen, [change.table for change in changes])
    except Fault:
        assert desk.tables() == before
        assert [table.Range.Rows.Count for sheet in desk.com.Worksheets.each() for table in sheet.ListObjects.each()] == sizes
    else:
        assert len(count) < nth
        assert nth > 6
    assert (desk.app.ScreenUpdating, desk.app.EnableEvents, desk.app.Calculation) == (True, True, -4105)


def filtered(desk, sheet: str, rows: set[int]) -> None:
    """Somebody has chosen values in a table's arrows; these rows do not show."""
    desk.com.Worksheets.Item(sheet).ListObjects._all[0]._filter.hidden = rows


def test_rows_under_a_filter_are_written_right(desk):
    """Hidden and shown rows get what is theirs, new rows too, and the filter stays. Excel itself would put the first value into every shown cell."""
    filtered(desk, "检查对象名录库", hidden := set(range(3, 200, 2)))
    others = desk.tables()["subjects"]
    patched = {row: f"备注{row}" for row in range(2, 60)}
    apply(desk, Patch("subjects", {(row, "remark"): text for row, text in patched.items()}), Append("subjects", [{"name": f"新店{at}", "code": f"X{at}"} for at in range(5)]))
    frame = desk.live.read(["subjects"])["subjects"]
    assert {row: frame.at[row, "remark"] for row in patched} == patched
    assert frame["name"].tolist()[-5:] == [f"新店{at}" for at in range(5)]
    assert desk.tables()["subjects"][58:300] == others[58:]
    assert desk.com.Worksheets.Item("检查对象名录库").hidden() == hidden


def test_rollback_under_a_filter(desk):
    """A write that fails under a filter is taken back cell by cell, hidden rows included."""
    filtered(desk, "检查对象名录库", set(range(3, 200, 2)))
    before, count = desk.tables(), []
    seen = desk.live.read(["subjects"])

    def failing(member: str) -> None:
        if member == "Range.Value set":
            count.append(1)
            if len(count) == 20:
                raise Fault(REFUSED, "boom", -2146827284)

    with desk.pc.wire.refusing(failing), pytest.raises(Fault):
        desk.live.apply([Patch("subjects", {(row, "remark"): "改" for row in range(2, 60)})], seen, ["subjects"])
    assert desk.tables() == before


def test_too_much_under_a_filter(desk, monkeypatch):
    """So many cells that it would take minutes: the sentence says to lift the filter, and nothing is written."""
    monkeypatch.setattr(blocks, "SINGLY", 50)
    filtered(desk, "检查对象名录库", {7})
    before = desk.tables()
    with pytest.raises(Refusal) as refusal:
        apply(desk, Append("holidays", HOLIDAYS), Patch("subjects", {(row, "remark"): "改" for row in range(2, 60)}))
    assert str(refusal.value) == say.FILTERED.format(sheet="检查对象名录库", count=58)
    assert desk.tables() == before


def test_a_rewrite_lifts_the_tables_own_filter(desk):
    """Also where the sheet knows of none because the selected cell stands elsewhere."""
    desk.do("check")
    filtered(desk, "校验结果", {2, 3})
    apply(desk, Rewrite("findings", [{"level": "提醒", "problem": str(at)} for at in range(30)]))
    assert desk.com.Worksheets.Item("校验结果").hidden() == set()
    assert desk.live.read(["findings"])["findings"]["problem"].tolist() == [str(at) for at in range(30)]


def test_error_values(desk):
    """Every error value of Excel is a finding, also those that came after 2016 and that xlwings gives as numbers."""
    column = column_of(desk, "检查对象名录库", "主体名称")
    cells = desk.com.Worksheets.Item("检查对象名录库").cells
    errors = ["#N/A", "#SPILL!", "#CALC!", "#DIV/0!"]
    for row, error in enumerate(errors, 2):
        cells[row, column] = error
    found = desk.live.read(["subjects"])
    assert [finding.values["seen"] for finding in found.findings] == errors
    assert found["subjects"]["name"].tolist()[:4] == [""] * 4


def test_texts_stay_texts(desk):
    """Codes, leading zeros and formulas in disguise stay texts where staff made the cells General; dates are dates, formulas of staff survive a rollback."""
    sheet = desk.com.Worksheets.Item("检查对象名录库")
    column = column_of(desk, "检查对象名录库", "主体名称")
    sheet._formats |= {(row, column): "General" for row in range(302, 306)}
    names = ["0012", "=1+1", "2026-01-02"]
    apply(desk, Append("subjects", [{"name": name, "code": f"00{at}", "founded": "2020-02-03"} for at, name in enumerate(names)]))
    rows = desk.live.read(["subjects"])["subjects"].tail(3)
    assert rows["name"].tolist() == names
    assert rows["code"].tolist() == ["000", "001", "002"]
    assert rows["founded"].tolist() == ["2020-02-03"] * 3
    assert [sheet.cells[row, column] for row in (302, 303, 304)] == names
    assert not {(302, column), (303, column), (304, column)} & set(sheet.typed)
