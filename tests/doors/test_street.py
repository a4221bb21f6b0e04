"""The main job through the terminal door: freeze, say, draw, verify, papers, results, roster."""

from __future__ import annotations

import json
import shutil
from types import SimpleNamespace

import pytest

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.doors import cli
from ssj_xlwings.types import Append, Patch
from ssj_xlwings.vocabulary.lookup import records
from tests.doors.conftest import TASK, edit_sheet


def test_freeze_draw_verify(desk):
    """A freeze, two numbers and a draw end in visits, result rows, a record and a public record that verify."""
    said = desk.freeze()
    assert "已冻结“第一批”第 1 次" in said
    assert "下一步：ssj draw 台账.xlsx 第一批 --say 张三=六位数 --say 李四=六位数" in said
    said = desk.draw()
    assert "已抽取“第一批”第 1 次" in said
    visits, results, log = desk.read("visits"), desk.read("results"), desk.read("log")
    assert list(log["event"]) == ["冻结", "报数", "抽取"]
    assert list(visits["no"]) == [str(no + 1) for no in range(len(visits))]
    assert len(results) == 3 * len(visits) > 0
    record = json.loads((desk.record / "draw.json").read_text(encoding="utf-8"))
    assert [visit["id"] for visit in record["visits"]] == list(visits["subject"])
    slip = record["commitment"][:8]
    status, said = desk.ssj("verify", desk.record, "--slip", slip, "--book", desk.book)
    assert status == 0
    assert "核验结论：是（已核的步骤都对；没有核的：纸上的报数）。" in said
    assert "未核" not in said.replace("未核的", "")
    assert "报数请再和纸上逐个对照：张三=384729，李四=000007" in said


def test_the_log_file_comes_first(desk, monkeypatch):
    """If the workbook cannot be saved after the draw, the log file and the record hold it, and the next command brings it back."""
    desk.freeze()
    apply = FileBook.apply
    monkeypatch.setattr(FileBook, "apply", lambda *_: (_ for _ in ()).throw(OSError("disk")))
    status, said = desk.ssj("draw", desk.book, TASK, "--say", "张三=384729", "--say", "李四=000007")
    assert status == 2
    assert "已经记入抽取记录文件，不会丢失" in said
    monkeypatch.setattr(FileBook, "apply", apply)
    said = desk.good("check", desk.book)
    assert "有 2 条抽取记录没有保存在本簿中" in said
    record = json.loads((desk.record / "draw.json").read_text(encoding="utf-8"))
    assert [visit["id"] for visit in record["visits"]] == list(desk.read("visits")["subject"])


def test_closing_without_saving_undoes_nothing(desk):
    """The former file put back after a draw: the next command says that a draw is missing and restores all of it."""
    former = desk.book.read_bytes()
    desk.freeze()
    desk.draw()
    after = {table: desk.read(table) for table in ("log", "visits", "results", "tasks")}
    desk.book.write_bytes(former)
    said = desk.good("check", desk.book)
    number = after["tasks"]["number"].iloc[0]
    assert f"有 3 条抽取记录没有保存在本簿中，已经从记录文件补回：{number} 第 1 次冻结、{number} 第 1 次报数、{number} 第 1 次抽取。" in said
    for table, frame in after.items():
        assert desk.read(table).drop(columns="state", errors="ignore").to_dict("list") == frame.drop(columns="state", errors="ignore").to_dict("list"), table


def test_row_order_filters_and_hidden_rows_change_no_winner(desk, tmp_path):
    """The same pool in another order, with rows filtered or hidden, gives the same root, and so the same winners."""
    other = tmp_path / "别处"
    shutil.copytree(desk.folder, other)
    mirror = SimpleNamespace(book=other / "台账.xlsx")
    book = FileBook(mirror.book)
    view = book.read(["subjects"])
    frame = view["subjects"]
    rows = records(frame.sample(frac=1, random_state=3))
    assert rows != records(frame)
    cells = {(int(row), name): value for row, values in zip(frame.index, rows, strict=True) for name, value in values.items()}
    book.apply([Patch("subjects", cells)], view, ["subjects"])
    hidden = edit_sheet(mirror.book, "检查对象名录库", rb'<row r="(\d*[0369])"', rb'<row hidden="1" r="\1"')
    assert hidden > 50
    secrets = [bytes([7]) * 32, bytes([9]) * 32]
    for place in (desk.book, mirror.book):
        run_frozen(place, list(secrets))
    assert list(desk.read("visits")["subject"]) == list(FileBook(mirror.book).read(["visits"])["visits"]["subject"])
    assert list(desk.read("visits")["team"]) == list(FileBook(mirror.book).read(["visits"])["visits"]["team"])


def run_frozen(book, secrets):
    """Freeze and draw with given secrets."""
    from ssj_xlwings.doors.run import run
    from ssj_xlwings.vocabulary.commands import BY_ID

    run(BY_ID["freeze"], {"book": book, "task": TASK, "speaker": ["张三", "李四"], "host": "", "place": "", "witness": []}, operator="王五",
        entropy=lambda _: secrets.pop(0))
    run(BY_ID["draw"], {"book": book, "task": TASK, "say": [("张三", "123456"), ("李四", "654321")]}, operator="王五")


def test_one_changed_character_of_the_pool(desk):
    """Verify says no and names the line when one character of the pool is changed."""
    desk.freeze()
    desk.draw()
    pool = desk.record / "pool.tsv"
    lines = pool.read_text(encoding="utf-8").split("\n")
    line = next(number for number, text in enumerate(lines) if "\tA\t" in text)
    lines[line] = lines[line].replace("\tA\t", "\tB\t")
    pool.write_text("\n".join(lines), encoding="utf-8")
    status, said = desk.ssj("verify", desk.record)
    assert status == 1
    assert "核验结论：否。" in said
    assert f"第 {line + 1} 行" in said


def test_void_and_draw_again(desk):
    """After a void with reason and approver a second attempt is drawn; the first stays in the log and in the sheets."""
    desk.freeze()
    desk.draw()
    first = desk.read("visits")
    desk.good("void", desk.book, TASK, "--reason", "比例或数量错误", "--explain", "C类比例应为百分之十，填成了百分之五", "--approver", "赵局长")
    desk.freeze()
    assert "第 2 次" in desk.draw()
    log, visits, results = desk.read("log"), desk.read("visits"), desk.read("results")
    assert list(log["event"]) == ["冻结", "报数", "抽取", "作废", "冻结", "报数", "抽取"]
    second = visits[visits["attempt"] == "2"]
    assert list(visits[visits["attempt"] == "1"]["subject"]) == list(first["subject"])
    open_rows = results[results["withheld"] == ""]
    assert sorted(zip(open_rows["subject"], open_rows["item"], strict=True)) == sorted(
        (subject, item) for subject, items in zip(second["subject"], second["items"], strict=True) for item in items.split("、"))
    assert desk.good("verify", desk.record)


def test_said_but_not_computed_is_completed(desk, monkeypatch):
    """A draw that failed after the numbers were said is completed with the same numbers, and with no others."""
    from ssj_xlwings.commands import draw as commands

    desk.freeze()
    compute = commands.draw_lots
    monkeypatch.setattr(commands, "draw_lots", lambda *_: (_ for _ in ()).throw(MemoryError))
    status, said = desk.ssj("draw", desk.book, TASK, "--say", "张三=384729", "--say", "李四=000007")
    assert status == 2
    assert "已经记入抽取记录文件，不会丢失" in said
    monkeypatch.setattr(commands, "draw_lots", compute)
    desk.good("check", desk.book)
    said = desk.refused("draw", desk.book, TASK, "--say", "张三=384729", "--say", "李四=000008")
    assert said == "“第一批”第 1 次已经报过数，这次的数不一样。报过的数不能改，请用原来的数再运行一次。"
    assert "已抽取“第一批”第 1 次" in desk.draw()


def test_scope_conditions_decide(desk):
    """Only subjects that meet every condition of 抽查范围 enter the pool, and the others are listed with the reason."""
    desk.freeze()
    subjects = desk.read("subjects")
    pool = {line.split("\t")[0] for line in (desk.record / "pool.tsv").read_text(encoding="utf-8").splitlines()}
    wanted = subjects[(subjects["type"] == "企业") & subjects["status"].isin(["", "存续"])]
    assert pool == set(wanted["code"])
    excluded = dict(line.split("\t") for line in (desk.record / "excluded.tsv").read_text(encoding="utf-8").splitlines())
    assert pool | set(excluded) == set(subjects["code"])
    assert set(excluded.values()) <= {"不在抽查范围", "登记状态：注销", "登记状态：吊销"}


def test_recently_checked_firms_stay_out(desk):
    """A firm checked within the set number of days is excluded from the next freeze, with that reason."""
    desk.freeze()
    desk.draw()
    results = desk.read("results")
    row = int(results.index[0])
    for column, value in (("date", "2026-11-20"), ("result", "未发现问题"), ("recorder", "甲")):
        desk.patch("results", row, column, value)
    desk.good("void", desk.book, TASK, "--reason", "其他", "--explain", "为了看看刚查过的户会不会再进名单", "--approver", "赵局长")
    desk.freeze()
    excluded = dict(line.split("\t") for line in (desk.record / "excluded.tsv").read_text(encoding="utf-8").splitlines())
    assert excluded[results["subject"].iloc[0]] == "90天内已查"


def test_few_cells_are_typed(desk):
    """From `ssj new` to the first draw staff type at most 40 cells, imports of the three registries excluded."""
    import shutil

    keep = {"单位.csv", "检查对象名录库.csv", "执法检查人员名录库.csv", "抽查事项清单.csv"}
    for path in desk.folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink() if path.name not in keep else None
    desk.good("new", desk.book, "--bureau", "涉县市场监督管理局", "--division", "130426", "--year", "2026")
    for sheet in ("单位", "检查对象名录库", "执法检查人员名录库", "抽查事项清单"):
        desk.good("import", desk.book, sheet, desk.folder / f"{sheet}.csv")
    task = {"name": TASK, "source": "投诉举报", "items": "DJ01、DJ03、GS01", "start": "2026-11-01", "end": "2026-12-20"}
    scope = {"task": TASK, "column": "主体类型", "condition": "等于其一", "value": "企业"}
    book = FileBook(desk.book)
    book.apply([Append("tasks", [task]), Append("scopes", [scope])], book.read(["tasks", "scopes"]), ["tasks", "scopes"])
    desk.freeze()
    assert "已抽取" in desk.draw()
    assert len(task) + len(scope) <= 40


def test_the_restore_is_told_when_the_next_command_is_refused(desk):
    """A workbook put back after a draw, and a second draw tried: the refusal says what was restored first."""
    desk.freeze()
    former = desk.book.read_bytes()
    desk.draw()
    desk.book.write_bytes(former)
    status, said = desk.ssj("draw", desk.book, TASK, "--say", "张三=384729", "--say", "李四=000007")
    assert status == 2
    assert "有 2 条抽取记录没有保存在本簿中，已经从记录文件补回" in said
    assert "已经抽取，不能再抽" in said
    assert len(desk.read("visits"))


def test_a_dry_run_restores_nothing(desk):
    """Only looking does not write, not even what is missing; it says so."""
    former = desk.book.read_bytes()
    desk.freeze()
    desk.book.write_bytes(former)
    said = desk.good("import", desk.book, "单位", desk.folder / "单位.csv", "--dry-run")
    assert "这次只看不写，没有补回" in said
    assert desk.book.read_bytes() == former


def test_results_belong_to_their_attempt(desk):
    """What was found in a voided attempt is kept, marked, taken off the roster, and never published as the new attempt's."""
    desk.patch("settings", desk.row("settings", "key", "多少天内查过不再抽"), "value", "0")
    desk.freeze()
    desk.draw()
    results = desk.read("results")
    for row in results.index:
        for column, value in (("date", "2026-11-20"), ("result", "未发现问题"), ("recorder", "甲")):
            desk.patch("results", int(row), column, value) if row in results.index[:4] else None
    desk.good("publish", desk.book, TASK, "--out", desk.folder / "公示")
    assert len(desk.read("roster")) == 4
    said = desk.good("void", desk.book, TASK, "--reason", "其他", "--explain", "事项选错了，要重新抽取一次", "--approver", "赵局长")
    assert "“公示名册”里有这个任务的 4 行，已经取下" in said
    assert not len(desk.read("roster"))
    desk.freeze()
    desk.draw()
    again = desk.read("results")
    assert list(again.loc[results.index[:4], "result"]) == ["未发现问题"] * 4
    assert set(again[again["attempt"] == "1"]["withheld"]) == {"抽取已作废"}
    assert set(again[again["attempt"] == "2"]["date"]) == {""}
    assert "还没有可以公示的结果" in desk.refused("publish", desk.book, TASK, "--out", desk.folder / "公示")


def test_papers_of_two_tasks_lie_side_by_side(desk):
    """Two tasks printed into one folder: every file of both is there, and each slip names its scope."""
    book = FileBook(desk.book)
    other = {"name": "第二批", "source": "投诉举报", "items": "DJ02", "start": "2026-11-01", "end": "2026-12-20"}
    book.apply([Append("tasks", [other])], book.read(["tasks"]), ["tasks"])
    made = []
    for task in (TASK, "第二批"):
        desk.good("freeze", desk.book, task, "--speaker", "张三", "--speaker", "李四", "--apart", "两次检查的事项不同，由两个科分别牵头")
        desk.good("draw", desk.book, task, "--say", "张三=384729", "--say", "李四=000007")
        desk.good("papers", desk.book, task, "--out", desk.folder / "文书")
        made.append({path.name for path in (desk.folder / "文书").iterdir()})
    first, both = made
    number = desk.read("tasks").set_index("name").at["第二批", "number"]
    assert first < both
    assert all(number in name for name in both - first)
    slips = sorted((desk.folder / "文书").glob("承诺单*"))
    from python_calamine import CalamineWorkbook

    texts = [str(CalamineWorkbook.from_path(slip).get_sheet_by_index(0).to_python()) for slip in slips]
    assert "主体类型为企业" in texts[0]
    assert "检查对象名录库的全部对象" in texts[1]


def test_demo_makes_everything(tmp_path, capsys):
    """`ssj demo` ends with a workbook, papers, ledgers and a public roster, and says how to look at them."""
    assert cli.answer(["demo", str(tmp_path / "看看")]) == 0
    shown = capsys.readouterr().out
    assert "演示完成" in shown
    made = {path.relative_to(tmp_path / "看看").parts[0] for path in (tmp_path / "看看").rglob("*.xls?")}
    assert {"双随机台账.xlsm", "文书", "公示", "台账"} <= made


@pytest.mark.parametrize("argv", [["--help"], ["freeze", "--help"], ["--version"]])
def test_help_is_chinese(argv, capsys):
    """Help pages show and hold no English placeholder."""
    assert cli.answer(argv) == 0
    shown = capsys.readouterr().out
    assert shown
    assert not {"Usage", "Options", "Commands", "Show this", "OPTIONS", "ARGS"} & set(shown.replace(":", " ").split())


def test_patch_is_what_staff_do(desk):
    """The test's own way to edit a cell is read back as it was written."""
    desk.patch("subjects", 2, "remark", "甲")
    assert desk.read("subjects").at[2, "remark"] == "甲"
    assert Patch
