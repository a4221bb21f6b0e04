"""Slip, certificate, result table, task sheets, dispatch sheets."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace

import pytest

from ssj_xlwings.commands.papers import papers
from ssj_xlwings.papers.forms import GRID, Job, grouped
from ssj_xlwings.papers.measure import FULL, page_height
from ssj_xlwings.papers.task_sheets import LEGIBLE, Visit, _pages, task_sheets
from ssj_xlwings.papers.wording import safe_name, sheet_names
from ssj_xlwings.types import Refusal, View
from tests import bureau
from tests.bureau import FIRMS, ITEMS, NOW, SECRETS, STAFF, TASK, UNITS, digest, request
from tests.office import convert, needs_office
from tests.papers.reading import load, named, same_as_golden, structure, texts

FONTS = {"仿宋", "黑体", "宋体", "Calibri"}
PAPERS = ("承诺单", "抽取证明", "抽取结果表", "派发单", "检查任务单-邯郸市丛台区", "检查任务单-武安市")


def page_count(file, folder):
    """Pages of a paper as LibreOffice prints it."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "paper.xlsx"
    source.write_bytes(file.data)
    told = subprocess.run(["pdfinfo", str(convert(source, "pdf", folder))], capture_output=True, text=True, check=True).stdout
    return int(next(line for line in told.splitlines() if line.startswith("Pages")).split()[1])


@pytest.fixture
def made(tmp_path):
    return papers(request(tmp_path))


@pytest.mark.parametrize("start", PAPERS)
def test_golden(made, start):
    """Every paper says what its golden text says: texts, cells, print set-up."""
    same_as_golden(start, structure(named(made, start)))


def test_all_papers_are_listed_and_none_is_public(made):
    """After the draw: slip, certificate, table, dispatch, one workbook of task sheets for each unit; all internal."""
    assert list(made.lines) == [], "the door lists the files"
    assert [file.name.split("-")[0] for file in made.files] == ["承诺单", "抽取证明", "抽取结果表", "派发单"] + ["检查任务单"] * len(UNITS)
    assert not any(file.public for file in made.files)
    assert not any(set('/\\:*?"<>|') & set(file.name) for file in made.files)


def test_before_the_draw_there_is_only_the_slip(tmp_path):
    """After a freeze the slip alone, with empty boxes; it knows neither nonce nor seed."""
    outcome = papers(request(tmp_path, draws=False))
    assert [file.name for file in outcome.files] == [f"承诺单-{TASK}-第2次.xlsx"]
    said = texts(outcome.files[0])
    assert "赵报数" in said
    assert "3" not in said
    assert grouped(digest("new")[:8]) in said
    assert not any(secret[:8] in text for text in said for secret in (digest("nonce"), digest("seed")))


def test_a_said_row_fills_the_boxes(tmp_path):
    """Between said and drawn (a computation to be repeated) the slip already holds the numbers."""
    asked = request(tmp_path)
    outcome = papers(replace(asked, log=asked.log[:-1]))
    assert len(outcome.files) == 1
    assert {"3", "8"} <= set(texts(outcome.files[0]))


def test_said_numbers_stand_on_the_slip(made):
    """Each digit in a box of its own, leading zeros kept."""
    sheet = load(named(made, "承诺单"))["抽取承诺单"]
    rows = [[cell.value for cell in line[6:18:2]] for line in sheet.iter_rows() if line[2].value in ("赵报数", "钱报数")]
    assert rows == [list("384729"), list("000007")]


@pytest.mark.parametrize("draws", [True, False])
def test_one_speaker_is_called_unwitnessed(tmp_path, draws):
    """A draw with one speaker says 未见证 on the slip; one with two does not."""
    one = papers(request(tmp_path, draws=False, speakers=("赵报数",)))
    assert any("未见证" in text for text in texts(one.files[0]))
    assert not any("未见证" in text for file in papers(request(tmp_path, draws=draws)).files for text in texts(file))


def test_slip_states_the_residual_risk(made):
    """The slip says how a keeper of the machine and a speaker could cheat, and what meets it."""
    assert any(text.startswith("剩余风险") and "串通" in text for text in texts(named(made, "承诺单")))


def joined(text: str) -> str:
    """The text with its digests whole again, which are printed in groups of four."""
    return re.sub(r"(?<=\b[0-9a-f]{4})\s(?=[0-9a-f]{4}\b)", "", text)


def test_certificate_tells_what_was_drawn(made):
    """Numbers said, seed, root, commitment, log number and hash, earlier voids, software."""
    text = joined("\n".join(texts(named(made, "抽取证明"))))
    for part in (digest("new"), digest("root"), digest("plan"), digest("nonce"), digest("seed"), digest("5抽取"), "384729", "000007", "412 户", "7 户", "第 2 次", "冯局长", "ssj_xlwings 0.1.0"):
        assert part in text


def test_no_secret_is_printed(made):
    """Veil, tickets, salts and cut lines stand in no paper, nor does any class."""
    for file in made.files:
        for text in texts(file):
            plain = joined(text)
            assert not any(secret in plain for secret in SECRETS.values())
            assert plain not in ("A", "B", "C", "D", "未评")


def test_same_request_same_bytes(tmp_path, made):
    """Papers made twice at the same moment are equal byte for byte."""
    assert [file.data for file in papers(request(tmp_path)).files] == [file.data for file in made.files]


def test_fonts_and_heights_are_set_everywhere(made):
    """Every cell with text names one of the house's fonts, every row its height; nothing is a formula or a link."""
    for file in made.files:
        for sheet in load(file):
            assert sheet.page_setup.paperSize == 9
            for line in sheet.iter_rows():
                assert sheet.row_dimensions[line[0].row].height
                for cell in line:
                    assert cell.value is None or (cell.font.name in FONTS and cell.data_type == "s" and cell.hyperlink is None)


def test_lists_repeat_their_headings(made):
    """Result table and every dispatch sheet repeat the heading row on each page, lying, one page wide."""
    for start in ("抽取结果表", "派发单"):
        for sheet in load(named(made, start)):
            first, last = sheet.print_title_rows.replace("$", "").split(":")
            assert first == last
            assert sheet.cell(int(first), 1).value == "序号"
            assert sheet.page_setup.orientation == "landscape"
            assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)


def test_dispatch_sheets_have_a_sheet_and_deadlines_for_each_unit(made):
    """Names that Excel accepts; confirmation due two working days after dispatch, the sheet 节假日 counted."""
    book = load(named(made, "派发单"))
    assert len(book.sheetnames) == len(UNITS)
    assert all(len(name) <= 31 and "/" not in name for name in book.sheetnames)
    for sheet in book:
        assert any("2026年3月17日" in str(cell.value) for line in sheet.iter_rows() for cell in line)


def test_deadlines_outside_the_calendar_are_marked(tmp_path):
    """A deadline in a year nobody has holidays for says so on the paper and on the screen."""
    asked = request(tmp_path)
    tasks = asked.view["tasks"].copy()
    tasks.loc[2, "end"] = "2031-03-20"
    made = papers(replace(asked, view=View({**asked.view.tables, "tasks": tasks})))
    assert "未覆盖年份，仅按周末计算" in made.lines[0]
    assert any("未覆盖年份" in text for text in texts(named(made, "派发单")))


def test_two_inspectors_of_one_name_both_stand_on_the_sheet(made):
    """Two people called 王磊 are told apart by their numbers, though the visit's cell names them once."""
    text = "\n".join(texts(named(made, "检查任务单-武安市")))
    assert all(number in text for name, number in STAFF if name == "王磊")


def test_one_page_a_subject(made, tmp_path):
    """Task sheets print as many pages as there are subjects, between explicit breaks; slip and certificate one."""
    needs_office()
    file = named(made, "检查任务单-邯郸市丛台区")
    assert page_count(file, tmp_path / "sheets") == 3
    sheet = load(file).active
    assert len(sheet.row_breaks.brk) == 2
    assert not sheet.page_setup.fitToHeight
    assert page_count(named(made, "抽取证明"), tmp_path / "certificate") == 1
    assert page_count(named(made, "承诺单"), tmp_path / "slip") == 1


LONG = Visit("1", "91130402MA0XXXX02B", FIRMS[1][0], FIRMS[1][1], UNITS[1], (), (("欧阳建国", "1304020003"), ("李晓梅", "1304020002"), ("张卫东", "1304020001")))
TASK_LINE = {"name": "2026年第一批登记事项和公示信息内部联合双随机抽查", "number": TASK, "start": "2026-03-16", "end": "2026-04-30"}
LONG_ITEMS = {f"X{at}": {"name": (ITEMS[4][1] * 2)[:60], "points": (ITEMS[4][2] * 3)[:160], "basis": "", "materials": ITEMS[4][3]} for at in range(12)}


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
def test_a_page_holds_long_names(count):
    """One to six items of 60 characters with 160 characters of points, three inspectors: one legible page."""
    job = Job(bureau.BUREAU, TASK_LINE, NOW, LONG_ITEMS, "0310-12315")
    pages, scale = _pages(job, [replace(LONG, items=tuple(LONG_ITEMS)[:count])])
    assert scale >= LEGIBLE
    assert page_height(pages[0], FULL, GRID, scale) <= FULL.height / scale


def test_real_points_are_printed_whole(made):
    """Six real items with long names: nothing is shortened."""
    said = texts(named(made, "检查任务单-邯郸市丛台区"))
    assert {item[1] for item in ITEMS} | {item[2] for item in ITEMS if item[2]} <= set(said)


def test_the_longest_page_prints_as_one(tmp_path):
    """What is computed to fit one page does fit it on paper: subjects of one to six long items, a page each."""
    needs_office()
    job = Job(bureau.BUREAU, TASK_LINE, NOW, LONG_ITEMS, "0310-12315")
    visits = [replace(LONG, no=str(count), items=tuple(LONG_ITEMS)[:count]) for count in range(1, 7)]
    assert page_count(task_sheets(job, visits)[0], tmp_path) == 6


def test_names_from_data_are_safe():
    """File and sheet names lose what paths and Excel forbid, and stay different."""
    assert safe_name("../../etc:*?") == "_.._etc___"
    assert safe_name(" .. ") == "_"
    assert sheet_names(["某局" * 20, "某局" * 20, "a/b", "A/B", "'"]) == [("某局" * 20)[:31], ("某局" * 20)[:28] + "(2)", "a_b", "A_B(2)"[:6], "_"]


@pytest.mark.parametrize(("spoil", "word"), [
    (lambda record, _: record.unlink(), "抽取记录第 5 行的档案文件 .*draw.json 不见了"),
    (lambda record, _: record.write_text(json.dumps({**bureau.record(), "seed": digest("x")}), encoding="utf-8"), "抽取记录第 5 行的档案文件 .*draw.json 被改过"),
    (lambda _, asked: asked.view["visits"].__setitem__("task", asked.view["visits"]["task"].where(asked.view["visits"].index != 4, "")), "少 1 户、多 0 户"),
])
def test_refuses_what_is_not_the_draw(tmp_path, spoil, word):
    """A lost, broken or foreign draw record, or a firm taken out of the sheet, stops the papers with one sentence."""
    asked = request(tmp_path)
    spoil(next(tmp_path.rglob("draw.json")), asked)
    with pytest.raises(Refusal, match=word):
        papers(asked)


def test_refuses_without_a_standing_attempt(tmp_path):
    """Never frozen, and voided: one sentence each."""
    with pytest.raises(Refusal, match="还没有冻结"):
        papers(request(tmp_path, task="临时抽查"))
    with pytest.raises(Refusal, match="第 1 次抽取已经作废"):
        papers(replace(request(tmp_path), log=bureau.log_rows()[:2]))
