"""The panel 现场抽取 on a closed workbook: what a freeze lays, what a draw reads, and what it says when it cannot."""

from __future__ import annotations

import json
import re

import openpyxl
import pytest

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.doors import synthetic
from ssj_xlwings.types import Patch, Rewrite
from ssj_xlwings.vocabulary.sentences import panel as say
from ssj_xlwings.vocabulary.sentences import show
from tests.doors.conftest import END, START, TASK
from tests.office import convert, needs_office

TOP = 9
SHEET = "现场抽取"


def fill(desk, *numbers: str, top: int = TOP) -> None:
    """What people type into 报数, top down, and save."""
    book = FileBook(desk.book)
    book.apply([Patch("panel", {(top + at, "said"): number for at, number in enumerate(numbers)})], book.read(["panel"]), ["panel"])


def wipe(desk) -> None:
    book = FileBook(desk.book)
    book.apply([Rewrite("panel", [])], book.read(["panel"]), ["panel"])


def states(desk) -> list[tuple[str, str, str]]:
    frame = desk.read("panel")
    return list(zip(frame["speaker"], frame["said"], frame["state"], strict=True))


def test_two_plain_commands(desk):
    """Freeze, type two numbers, draw: the numbers of the panel are those of the log, and the panel shows that it is over."""
    desk.freeze()
    panel = desk.read("panel")
    assert states(desk) == [("张三", "", say.WAITING), ("李四", "", say.WAITING)]
    frozen = json.loads((desk.record / "frozen.json").read_text(encoding="utf-8"))
    assert set(panel["commitment"].str.replace(" ", "")) == {frozen["commitment"]}
    assert set(panel["pool"]) == {f"{sum(1 for _ in (desk.record / 'pool.tsv').open('rb'))} 户"}
    fill(desk, "384729", "000007")
    said = desk.good("draw", desk.book, TASK)
    assert str(desk.record / show.FILE) in said
    draw = json.loads((desk.record / "draw.json").read_text(encoding="utf-8"))
    assert draw["said"] == [["张三", "384729"], ["李四", "000007"]]
    assert set(panel["take"]) == {f"{draw['checks']} 项次"}
    assert states(desk) == [("张三", "384729", say.DONE), ("李四", "000007", say.DONE)]
    assert "核验结论：是" in desk.good("verify", desk.book)


def test_a_long_name_is_shown_whole(desk):
    """A speaker is named with the office too, in large letters for the projector: they shrink, where the cell would cut them."""
    desk.good("freeze", desk.book, TASK, "--speaker", "纪检监督员王敏", "--speaker", "某某协会企业代表李强")
    sheet = openpyxl.load_workbook(desk.book)[SHEET]
    column = next(cell.column for cell in sheet[TOP - 1] if cell.value == "姓名")
    for row in (TOP, TOP + 1):
        assert sheet.cell(row, column).value
        assert sheet.cell(row, column).alignment.shrink_to_fit


def test_the_slip_is_there_at_once(desk):
    """The freeze leaves the slip to print, the one that 生成文书 makes, with the commitment in groups of four."""
    desk.freeze()
    (slip,) = desk.record.glob("承诺单-*.xlsx")
    texts = {str(cell.value) for row in openpyxl.load_workbook(slip).active for cell in row if cell.value}
    assert desk.read("panel")["commitment"].iloc[0] in {re.sub(r"\s+", " ", text) for text in texts}
    desk.good("papers", desk.book, TASK, "--out", desk.folder / "文书")
    again = desk.folder / "文书" / slip.name
    assert texts == {str(cell.value) for row in openpyxl.load_workbook(again).active for cell in row if cell.value}


def test_given_numbers_win(desk):
    """Numbers on the command line count, whatever the panel holds; the panel then shows those that counted."""
    desk.freeze()
    fill(desk, "111111")
    desk.draw()
    assert states(desk) == [("张三", "384729", say.DONE), ("李四", "000007", say.DONE)]


@pytest.mark.parametrize(("cells", "sentence"), [
    ({(TOP, "said"): "384729"}, say.EMPTY.format(cell=f"{SHEET}!B{TOP + 1}", name="李四")),
    ({(TOP, "said"): "38472", (TOP + 1, "said"): "000007"}, say.BAD.format(cell=f"{SHEET}!B{TOP}", name="张三", seen="38472")),
    ({(TOP, "said"): "３８４７２９", (TOP + 1, "said"): "000007"}, say.BAD.format(cell=f"{SHEET}!B{TOP}", name="张三", seen="３８４７２９")),
    ({(TOP, "said"): "384729", (TOP + 1, "said"): "7"}, say.BAD.format(cell=f"{SHEET}!B{TOP + 1}", name="李四", seen="7")),
    ({(TOP, "speaker"): "王二"}, say.NO_SLOT.format(cell=f"{SHEET}!A{TOP}", seen="王二", slots="张三、李四")),
    ({(TOP + 1, "speaker"): "张三"}, say.TWICE.format(cell=f"{SHEET}!A{TOP + 1}", seen="张三")),
    ({(TOP + 2, "speaker"): "陈静", (TOP + 2, "said"): "123456"}, say.NO_SLOT.format(cell=f"{SHEET}!A{TOP + 2}", seen="陈静", slots="张三、李四")),
    ({(TOP, "attempt"): "7"}, say.LACKS.format(sheet=SHEET, name="张三")),
    ({(TOP, "task"): "别的任务"}, say.LACKS.format(sheet=SHEET, name="张三")),
], ids=["half-way", "five digits", "full-width", "one digit", "renamed", "twice", "no slot", "another attempt", "another task"])
def test_a_panel_that_cannot_be_drawn_from(desk, cells, sentence):
    """One sentence that names the cell; workbook, log and what was typed stay byte for byte."""
    desk.freeze()
    book = FileBook(desk.book)
    book.apply([Patch("panel", cells)], book.read(["panel"]), ["panel"])
    assert desk.refused("draw", desk.book, TASK) == sentence


def test_a_panel_without_the_speakers_is_laid_again(desk):
    """Wiped by hand, or a workbook upgraded after its freeze: nothing is drawn, the speakers are listed, and the next draw goes through."""
    desk.freeze()
    wipe(desk)
    status, said = desk.ssj("draw", desk.book, TASK)
    assert (status, said.strip()) == (1, say.LAID.format(sheet=SHEET, task=TASK, attempt=1))
    fill(desk, "384729", "000007")
    desk.good("draw", desk.book, TASK)


def test_void_and_undo(desk):
    """A void takes the rows away; 撤销上一步 after a check leaves numbers typed meanwhile, and never takes back a freeze."""
    desk.freeze()
    fill(desk, "384729")
    assert "不能撤销" in desk.refused("undo", desk.book)
    desk.ssj("check", desk.book)
    desk.good("undo", desk.book)
    assert states(desk)[0] == ("张三", "384729", say.WAITING)
    desk.good("void", desk.book, TASK, "--reason", "比例或数量错误", "--explain", "比例填错了，需要改正以后重新抽取", "--approver", "冯局长")
    assert states(desk) == []
    desk.freeze()
    assert set(desk.read("panel")["attempt"]) == {"2"}


def test_two_that_wait(desk):
    """A quick draw frozen while a task waits: the newest stands first, numbers typed for the other stay, each draws its own."""
    desk.freeze()
    fill(desk, "384729", "000007")
    quick = ("quick", desk.book, "--sheet", "执法检查人员名录库", "--rows", "2-20", "--take", "3", "--purpose", "值班")
    desk.good(*quick, "--speaker", "甲")
    assert [row[:2] for row in states(desk)] == [("甲", ""), ("张三", "384729"), ("李四", "000007")]
    assert desk.read("panel").iloc[0][["pool", "take"]].tolist() == ["19 个", "3 个"]
    desk.good("draw", desk.book, TASK)
    assert [row[2] for row in states(desk)] == [say.WAITING, say.DONE, say.DONE]
    fill(desk, "123456")
    desk.good("draw", desk.book, desk.read("panel")["task"].iloc[0])
    assert states(desk) == [("甲", "123456", say.DONE)]
    assert "核验结论：是" in desk.good("verify", desk.book)


def test_joint(desk):
    """Tasks drawn together have one panel under both names; each of them draws from it."""
    rows = [{"任务名称": "照面专项", "抽查事项": "DJ02", "检查开始": START, "检查截止": END, "任务来源": "投诉举报"}]
    desk.good("import", desk.book, "抽查任务", synthetic.write_csv(desk.folder / "另一任务.csv", rows))
    desk.good("freeze", desk.book, TASK, "--speaker", "张三", "--speaker", "李四", "--with", "照面专项")
    assert set(desk.read("panel")["name"]) == {f"{TASK}、照面专项"}
    fill(desk, "384729", "000007")
    desk.good("draw", desk.book, "照面专项")
    assert f"{TASK}、照面专项　第 1 次抽取" in (desk.record / show.FILE).read_text(encoding="utf-8")


@pytest.mark.parametrize("steps", [("freeze",), ("freeze", "draw")], ids=" ".join)
def test_a_restored_workbook_has_its_panel(desk, steps):
    """The former file put back after a freeze or a draw: the next command brings the panel back as it was, numbers said included."""
    former = desk.book.read_bytes()
    for step in steps:
        getattr(desk, step)()
    after = desk.read("panel").to_dict("list")
    desk.book.write_bytes(former)
    desk.ssj("check", desk.book)
    assert desk.read("panel").to_dict("list") == after


def test_an_interrupted_draw_needs_no_numbers(desk, monkeypatch):
    """The power failed after the numbers were written down: `ssj draw` finishes with them, whatever the panel says by now."""
    from ssj_xlwings.commands import draw

    desk.freeze()
    with monkeypatch.context() as patched:
        patched.setattr(draw, "draw_lots", lambda *_: 1 / 0)
        status, _ = desk.ssj("draw", desk.book, TASK, "--say", "张三=384729", "--say", "李四=000007")
    assert status == 2
    desk.good("check", desk.book)
    assert [row[1] for row in states(desk)] == ["384729", "000007"]
    wipe(desk)
    desk.good("draw", desk.book, TASK)
    assert json.loads((desk.record / "draw.json").read_text(encoding="utf-8"))["said"] == [["张三", "384729"], ["李四", "000007"]]


@pytest.mark.parametrize("change", [lambda path: path.write_bytes(path.read_bytes() + b" "), lambda path: path.unlink()], ids=["changed", "gone"])
def test_the_show_counts_like_every_file(desk, change):
    """Verifying the workbook names a draw show that was changed or is gone."""
    desk.freeze()
    desk.draw()
    change(desk.record / show.FILE)
    status, said = desk.ssj("verify", desk.book)
    assert status == 1
    assert show.FILE in said


def test_the_title_follows_the_rows(desk, tmp_path):
    """What the room reads is formulas over the rows: nobody, numbers missing, all there, over."""
    needs_office()

    def title(name: str) -> list[str]:
        sheet = openpyxl.load_workbook(convert(desk.book, "xlsx", tmp_path / name), data_only=True)[SHEET]
        return [str(sheet.cell(row, 1).value or "") for row in range(1, 7)]

    assert title("none")[0] == say.TITLE
    assert "冻结名单" in title("none")[5]
    desk.freeze()
    fill(desk, "384729")
    first, _, _, upper, lower, what = title("half")
    assert first == f"{TASK}　第 1 次抽取"
    assert f"{upper} {lower}" == desk.read("panel")["commitment"].iloc[0]
    assert what == f"{say.MISSING[0]}1{say.MISSING[1]}"
    fill(desk, "384729", "000007")
    assert title("full")[5].startswith("报数已填齐")
    desk.good("draw", desk.book, TASK)
    assert "报数不能再改" in title("over")[5]
