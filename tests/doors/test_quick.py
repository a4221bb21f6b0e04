"""现场快抽: rows picked on any sheet, drawn by the same protocol, with one page to sign."""

from __future__ import annotations

import json

import openpyxl
import pytest

from ssj_xlwings.books.selected import MOST_AREAS
from ssj_xlwings.commands.picking import numbered
from ssj_xlwings.doors import menu
from ssj_xlwings.vocabulary.quick import is_quick
from tests.doors.conftest import TASK, edit_sheet
from tests.office import needs_office, pages

SHEET = "周例会"
NAMES = ["张三", "李四", "王五", "张三", "赵六", None, "钱七", "孙八", "周九"]
NUMBER = "快抽-20261125-01"
SAY = ("--say", "甲=384729", "--say", "乙=000007")


@pytest.fixture
def meeting(desk):
    """The desk's book with a sheet of staff's own: a heading, nine rows, one hidden, one blank, two alike."""
    book = openpyxl.load_workbook(desk.book)
    sheet = book.create_sheet(SHEET)
    sheet.append(["序号", "姓名", "备注"])
    for number, name in enumerate(NAMES, 1):
        sheet.append([number, name, None])
    sheet.row_dimensions[8].hidden = True
    book.save(desk.book)
    return desk


def quick(desk, *more: object, rows: str = "2-10", take: int | str = 2, sheet: str = SHEET, speakers: tuple[str, ...] = ("甲", "乙")):
    words = [word for name in speakers for word in ("--speaker", name)]
    return ("quick", desk.book, "--sheet", sheet, "--rows", rows, "--take", take, "--purpose", "抽查台账", *words, *more)


def pool(desk) -> list[str]:
    return [line.split("\t")[0] for line in (desk.record / "pool.tsv").read_text(encoding="utf-8").splitlines()]


def test_from_rows_to_a_verified_record(meeting):
    """Freeze, say, draw, verify: the pool is the visible rows, twins are numbered, the hidden one is excluded by name, and the record holds."""
    said = meeting.good(*quick(meeting))
    assert "可见 7 行列入名单；隐藏 1 行未列入；空白 1 行略过。" in said
    assert "相同的内容有 2 个" in said
    assert f"ssj draw 台账.xlsx {NUMBER} --say 甲=六位数 --say 乙=六位数" in said
    assert sorted(pool(meeting)) == sorted(["张三（1）", "张三（2）", "李四", "王五", "赵六", "孙八", "周九"])
    assert (meeting.record / "excluded.tsv").read_text(encoding="utf-8") == "钱七\t隐藏行\n"
    said = meeting.good("draw", meeting.book, NUMBER, *SAY)
    assert "抽中 2 个" in said
    draw = json.loads((meeting.record / "draw.json").read_text(encoding="utf-8"))
    assert {visit["id"] for visit in draw["visits"]} <= set(pool(meeting))
    assert draw["inner_plan"]["rates"] == {"抽取": {"全部": {"n": 2}}}
    assert draw["staff"] == []
    assert "名单由操作人选定：周例会 第 2-10 行" in draw["open_plan"]["source"]
    assert "核验结论：是" in meeting.good("verify", meeting.record, "--slip", draw["commitment"][:8])


def test_no_sheet_but_the_log_is_touched(meeting):
    """Nothing enters 抽取结果与派发 or 检查结果, so no annual figure counts it; the ledger lists it apart."""
    meeting.good(*quick(meeting))
    meeting.good("draw", meeting.book, NUMBER, *SAY)
    assert len(meeting.read("visits")) == 0
    assert len(meeting.read("results")) == 0
    assert list(meeting.read("log")["event"]) == ["冻结", "报数", "抽取"]
    meeting.good("check", meeting.book)
    meeting.good("ledger", meeting.book, "抽取", "--out", meeting.folder / "台账")
    shown = "".join(str(cell) for row in openpyxl.load_workbook(next((meeting.folder / "台账").glob("*.xlsx"))).active.values for cell in row if cell)
    assert "现场快抽：抽查台账" in shown
    assert "合计：冻结 0 次，抽取 0 次" in shown
    assert "另有现场快抽 1 次" in shown


def test_one_page_to_sign(meeting):
    """The page says who chose the list, how many draws there were today, the commitment, the numbers, the winners; it can be printed again."""
    meeting.good(*quick(meeting, "--host", "周主持", "--witness", "吴见证"))
    before = page(meeting.record)
    assert "名单由操作人选定：周例会 第 2-10 行" in before
    assert "隐藏 1 行未列入" in before
    assert "今天本簿第 1 次现场快抽，其中 0 次与这次的名单有重叠。" in before
    meeting.good("draw", meeting.book, NUMBER, *SAY)
    after = page(meeting.record)
    winners = [visit["name"] for visit in json.loads((meeting.record / "draw.json").read_text(encoding="utf-8"))["visits"]]
    for text in (*winners, "抽中 2 个", "周主持", "吴见证", "不计入年度抽查比例"):
        assert text in after
    meeting.good("papers", meeting.book, NUMBER, "--out", meeting.folder / "再印")
    assert page(meeting.folder / "再印") == after


def page(folder) -> str:
    drawn, frozen = folder / f"现场快抽记录-{NUMBER}.xlsx", folder / f"现场快抽冻结单-{NUMBER}.xlsx"
    sheet = openpyxl.load_workbook(drawn if drawn.exists() else frozen).active
    return "\n".join(str(cell) for row in sheet.values for cell in row if cell)


def test_many_pieces_still_fit_one_page(meeting, tmp_path):
    """As many areas as a selection may have, and the record is one A4 page."""
    needs_office()
    rows = "、".join(["2-10", *(f"{10000 + at}-{10005 + at}" for at in range(0, 10 * (MOST_AREAS - 1), 10))])
    meeting.good(*quick(meeting, rows=rows))
    meeting.good("draw", meeting.book, NUMBER, *SAY)
    assert len(pages(meeting.record / f"现场快抽记录-{NUMBER}.xlsx", tmp_path / "图")) == 1


def test_one_speaker_is_unwitnessed(meeting):
    """A quick draw may have one speaker; the page says 未见证, and so does verify, of the record and of the public file."""
    assert "未见证" in meeting.good(*quick(meeting, speakers=("甲",)))
    assert "未见证" in page(meeting.record)
    meeting.good("draw", meeting.book, NUMBER, "--say", "甲=384729")
    for place in (meeting.record, meeting.record / "public.json"):
        assert "未见证" in meeting.good("verify", place)


def test_draws_of_the_day_are_counted(meeting):
    """The second and third draw of a day say how many there were and how many shared somebody, voided ones too."""
    meeting.good(*quick(meeting, rows="2-5"))
    meeting.good("void", meeting.book, NUMBER, "--reason", "其他", "--explain", "选错了人，重新选定名单再抽", "--approver", "赵局长")
    assert "今天本簿第 2 次现场快抽，其中 1 次与这次的名单有重叠。" in meeting.good(*quick(meeting, rows="4-8"))
    assert "今天本簿第 3 次现场快抽，其中 0 次与这次的名单有重叠。" in meeting.good(*quick(meeting, rows="9-10"))
    data = [json.loads(text) for text, event in zip(meeting.read("log")["data"], meeting.read("log")["event"], strict=True) if event == "冻结"]
    assert [(one["today"], one["overlapping"]) for one in data] == [("1", "0"), ("2", "1"), ("3", "0")]


def test_rows_of_our_own_tables(desk):
    """Firms go by their code, inspectors by their certificate; the page shows names; a public file shows nobody."""
    desk.good(*quick(desk, sheet="检查对象名录库", rows="2-30", take=3))
    codes = set(desk.read("subjects")["code"])
    assert set(pool(desk)) <= codes
    desk.good("draw", desk.book, NUMBER, *SAY)
    draw = json.loads((desk.record / "draw.json").read_text(encoding="utf-8"))
    assert all(visit["name"] != visit["id"] and visit["name"] in page(desk.record) for visit in draw["visits"])
    desk.good(*quick(desk, sheet="执法检查人员名录库", rows="2-20", take=2))
    assert set(pool(desk)) <= set(desk.read("inspectors")["id"])
    desk.good("draw", desk.book, "快抽-20261125-02", *SAY)
    public = (desk.record / "public.json").read_text(encoding="utf-8")
    assert not any(text in public for frame in [desk.read("inspectors")] for text in (*frame["id"], *frame["name"]))


def test_hidden_by_a_filter_or_without_height(meeting):
    """Rows that a filter hides carry `hidden`; a row drawn up to nothing has no height: neither is in the pool."""
    assert edit_sheet(meeting.book, SHEET, rb'<row r="3"', b'<row r="3" ht="0" customHeight="1"') == 1
    assert edit_sheet(meeting.book, SHEET, rb'<row r="4"', b'<row r="4" hidden="true"') == 1
    assert "隐藏 3 行未列入" in meeting.good(*quick(meeting, "--dry-run"))


def test_dry_run_changes_nothing(meeting):
    """Shown before freezing: who is in, with their numbers; nothing is written."""
    before = meeting.bytes()
    said = meeting.good(*quick(meeting, "--dry-run"))
    assert "张三（1）" in said
    assert "只看不写" in said
    assert meeting.bytes() == before


def test_a_column_may_be_named(meeting):
    """The column is found by itself (words, not figures) or named by its letter."""
    meeting.good(*quick(meeting, "--column", "a", rows="2-4"))
    assert sorted(pool(meeting)) == ["1", "2", "3"]


@pytest.mark.parametrize(("given", "want"), [
    ({"sheet": "没有"}, "没有工作表“没有”"),
    ({"rows": "五到八"}, "行号“五到八”看不懂"),
    ({"rows": "9-3"}, "行号“9-3”看不懂"),
    ({"take": "0"}, "要抽的个数“0”不对"),
    ({"take": "8"}, "名单里只有 7 个，不够抽 8 个"),
    ({"rows": "7-8"}, "没有可以抽的内容（隐藏 1 行，空白 1 行）"),
    ({"speakers": ("王五",)}, "操作人“王五”不能报数"),
])
def test_refused_in_one_sentence(meeting, given, want):
    """Nothing is logged, nothing written."""
    assert want in meeting.refused(*quick(meeting, **given))


def test_a_column_that_is_none(meeting):
    """Not a letter."""
    assert "没有“姓 名”这一列" in meeting.refused(*quick(meeting, "--column", "姓 名"))


def test_lost_rows_do_not_stop_the_draw(meeting):
    """What was picked is frozen: the sheet may be gone when the numbers are said. A second draw needs a new quick draw."""
    meeting.good(*quick(meeting))
    book = openpyxl.load_workbook(meeting.book)
    del book[SHEET]
    book.save(meeting.book)
    meeting.good("draw", meeting.book, NUMBER, *SAY)
    assert "已经抽取" in meeting.refused("draw", meeting.book, NUMBER, *SAY)


def test_a_book_closed_without_saving(meeting):
    """The log file brings the workbook up again; a quick draw gives back its log rows and nothing else."""
    old = meeting.book.read_bytes()
    meeting.good(*quick(meeting))
    meeting.good("draw", meeting.book, NUMBER, *SAY)
    meeting.book.write_bytes(old)
    assert "补回" in meeting.good("check", meeting.book)
    assert list(meeting.read("log")["task"]) == [NUMBER] * 3
    assert len(meeting.read("visits")) == 0


def test_the_menu_offers_it(meeting):
    """A quick draw stands among the tasks that the menu offers, under its number."""
    meeting.good(*quick(meeting))
    assert menu._tasks(meeting.book) == [TASK, NUMBER]


def test_tasks_are_not_quick():
    """A task's own number is never taken for a quick draw."""
    assert is_quick(NUMBER)
    assert not is_quick(TASK)


@pytest.mark.parametrize(("texts", "want"), [
    (["甲", "乙"], ["甲", "乙"]),
    (["甲", "甲 ", "乙"], ["甲（1）", "甲 （2）", "乙"]),
    (["Ａ１", "a1"], ["Ａ１（1）", "a1（2）"]),
    (["甲（1）", "甲", "甲"], ["甲（1）", "甲（2）", "甲（3）"]),
])
def test_equal_texts_are_numbered(texts, want):
    """Equal as the draw compares ids (width, case, spaces); no number makes a name that is there already."""
    assert numbered(texts) == want


def test_was_it_in_the_list(meeting):
    """名单查询 answers for a quick draw from the kept list, before and after it is drawn: every row of a text picked twice, the
    hidden one with its reason, one that was not picked; a changed list does not answer.
    """
    meeting.good(*quick(meeting))
    for step in ((), ("draw", meeting.book, NUMBER, *SAY)):
        if step:
            meeting.good(*step)
        said = meeting.good("pool", meeting.book, NUMBER, "李四")
        assert f"在操作人选定的名单里，第 {pool(meeting).index('李四') + 1} 行，写作“李四”" in said
        assert "“李四”在“抽查台账”最近一次冻结的名单里：在。" in said
        assert "等级" not in said
        said = meeting.good("pool", meeting.book, NUMBER, "张三")
        assert "写作“张三（1）”" in said
        assert "写作“张三（2）”" in said
        said = meeting.good("pool", meeting.book, NUMBER, "钱七")
        assert "排除的原因是“隐藏行”" in said
        assert "名单里：不在。" in said
        assert "不认得" in meeting.refused("pool", meeting.book, NUMBER, "没有选的人")
        assert "选定的名单和隐藏行里都没有" in meeting.good("pool", meeting.book, NUMBER, meeting.read("subjects")["code"].iloc[0])
    lines = (meeting.record / "pool.tsv").read_bytes().split(b"\n")
    (meeting.record / "pool.tsv").write_bytes(b"\n".join(lines[1:]))
    assert "抽取记录第 1 行" in meeting.refused("pool", meeting.book, NUMBER, "李四")


def test_a_receipt_of_a_quick_draw(meeting):
    """Every row of the list can have a receipt, short and full, that verifies with the public record; of two alike the one meant must be named."""
    out = meeting.folder / "回执"
    meeting.good(*quick(meeting))
    assert "还没有抽取" in meeting.refused("receipt", meeting.book, NUMBER, "李四", "--out", out)
    meeting.good("draw", meeting.book, NUMBER, *SAY)
    drawn = {visit["id"] for visit in json.loads((meeting.record / "draw.json").read_text(encoding="utf-8"))["visits"]}
    for id_ in pool(meeting):
        said = meeting.good("receipt", meeting.book, NUMBER, id_, "--out", out)
        assert ("抽中（抽取）" if id_ in drawn else "没有抽中") in said
        assert "只证明在名单里" in meeting.good("verify", out / f"回执-{id_}-简式.json")
        meeting.good("receipt", meeting.book, NUMBER, id_, "--full", "--approver", "赵局长", "--reason", "本人提出异议", "--out", out)
        assert "8 是否抽中　是" in meeting.good("verify", out / f"回执-{id_}-完整.json")
    shown = {str(cell) for row in openpyxl.load_workbook(out / f"回执-{min(drawn)}-简式.xlsx").active.values for cell in row if cell}
    assert {"抽中（抽取）", "抽查台账", NUMBER} <= shown
    assert "有几条：张三（1）、张三（2）" in meeting.refused("receipt", meeting.book, NUMBER, "张三", "--out", out)
    assert "未进入的原因：隐藏行" in meeting.refused("receipt", meeting.book, NUMBER, "钱七", "--out", out)
    assert "核验结论：是" in meeting.good("verify", meeting.book)


def test_a_list_of_names_asked_by_code(desk):
    """A list pasted as names answers for the code of a firm, and after it was made a task; a name of two firms says that it cannot tell which."""
    book = openpyxl.load_workbook(desk.book)
    sheet = book.create_sheet("名单")
    firms = desk.read("subjects")
    for name in firms["name"].iloc[:4]:
        sheet.append([name])
    book.save(desk.book)
    desk.good(*quick(desk, sheet="名单", rows="1-3", take=3))
    desk.good("draw", desk.book, NUMBER, *SAY)
    code, name = firms["code"].iloc[1], firms["name"].iloc[1]
    given = ("--items", "DJ01", "--source", "投诉举报", "--start", "2026-11-25", "--end", "2026-12-20", "--approver", "赵局长", "--name", "专项")
    for task in (NUMBER, "专项"):
        if task == "专项":
            desk.good("adopt", desk.book, NUMBER, *given)
        for word in (code, name):
            assert f"写作“{name}”" in desk.good("pool", desk.book, task, word)
            assert f"“{name}”的简式回执：抽中" in desk.good("receipt", desk.book, task, word, "--out", desk.folder / "回执")
        assert "名单里：不在" in desk.good("pool", desk.book, task, firms["code"].iloc[3])
        assert "开不了回执" in desk.refused("receipt", desk.book, task, firms["code"].iloc[3], "--out", desk.folder / "回执")
    desk.patch("subjects", desk.row("subjects", "code", firms["code"].iloc[9]), "name", name)
    assert f"叫“{name}”的有 2 户" in desk.refused("pool", desk.book, NUMBER, code)
