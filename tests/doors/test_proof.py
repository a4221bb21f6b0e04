"""Proof through the terminal door: receipts, the workbook's log, who was in the pool, the page."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from ssj_xlwings.commands import draw as drawing
from ssj_xlwings.commands import freeze as freezing
from ssj_xlwings.doors import synthetic
from ssj_xlwings.lottery import files, log
from ssj_xlwings.lottery.digest import digest, pretty
from tests.doors.conftest import TASK, edit_sheet

FULL = ("--full", "--approver", "赵局长", "--reason", "该户提出异议")


@pytest.fixture
def drawn(desk):
    """A book whose task is drawn."""
    desk.freeze()
    desk.draw()
    return desk


def rows(desk):
    """pool.tsv, cut into fields."""
    return [line.split("\t") for line in (desk.record / "pool.tsv").read_text(encoding="utf-8").splitlines()]


def test_short_receipt(drawn):
    """A short receipt is made by name or code, writes no log row, tells no class, and verifies with the public record beside it."""
    firm = drawn.read("visits").iloc[0]
    log = drawn.read("log")
    said = drawn.good("receipt", drawn.book, TASK, firm["name"], "--out", drawn.folder / "回执")
    assert "的简式回执：抽中（" in said
    place = drawn.folder / "回执"
    name = f"回执-{firm['subject']}-简式"
    assert {path.name for path in place.iterdir()} == {f"{name}.xlsx", f"{name}.json", "public.json", "核验.html"}
    made = json.loads((place / f"{name}.json").read_bytes())
    assert made["id"] == firm["subject"]
    assert not {"stratum", "salt", "blind", "ticket", "cuts"} & made.keys()
    assert drawn.read("log").equals(log)
    slip = made["commitment"][:8]
    said = drawn.good("verify", place / f"{name}.json", "--slip", slip)
    assert "只证明在名单里" in said
    assert drawn.good("verify", place / f"{name}.json", "--public", drawn.record / "public.json")


def test_full_receipt(drawn):
    """A full receipt needs an approver and a reason, is logged and counted, and proves why the firm was drawn or not; the draw still verifies."""
    firm = drawn.read("visits").iloc[0]["subject"]
    other = next(row[0] for row in rows(drawn) if row[0] not in set(drawn.read("visits")["subject"]))
    assert "审批人" in drawn.refused("receipt", drawn.book, TASK, firm, "--full", "--out", drawn.folder / "x")
    assert "--full" in drawn.refused("receipt", drawn.book, TASK, firm, "--reason", "该户提出异议", "--out", drawn.folder / "x")
    assert "第 1 份" in drawn.good("receipt", drawn.book, TASK, firm, *FULL, "--out", drawn.folder / "回执")
    assert "第 2 份" in drawn.good("receipt", drawn.book, TASK, other, *FULL, "--out", drawn.folder / "回执")
    log = drawn.read("log")
    assert list(log["event"]) == ["冻结", "报数", "抽取", "回执", "回执"]
    assert json.loads(log["data"].iloc[3])["approver"] == "赵局长"
    for id_, words in ((firm, "抽中（"), (other, "没有抽中")):
        said = drawn.good("verify", drawn.folder / "回执" / f"回执-{id_}-完整.json")
        assert "8 是否抽中　是" in said
        assert words in said
    assert drawn.good("verify", drawn.record)
    assert "完整回执 2 份" in drawn.good("verify", drawn.book)
    assert "已经抽取" in drawn.refused("draw", drawn.book, TASK, "--say", "张三=384729", "--say", "李四=000007")
    drawn.good("void", drawn.book, TASK, "--reason", "其他", "--explain", "开过回执以后仍然可以作废重抽", "--approver", "赵局长")
    assert "已经作废" in drawn.refused("receipt", drawn.book, TASK, firm, "--out", drawn.folder / "x")
    assert drawn.good("verify", drawn.book)


def test_after_a_replacement(drawn):
    """The receipt of a firm called by a replacement says so, with what finds its log row for who has the log; that of the firm that left says that it left;
    paper, JSON and verify say the same; the log is whole.
    """
    firm = drawn.read("visits").iloc[0]["subject"]
    drawn.patch("subjects", drawn.row("subjects", "code", firm), "status", "注销")
    drawn.good("replace", drawn.book, TASK, firm, "--reason", "注销", "--evidence", "登记系统查询截图", "--approver", "赵局长")
    successor = json.loads(json.loads(drawn.read("log")["data"].iloc[3])["rows"])[0][2]
    log = drawn.read("log")
    place = drawn.folder / "回执"
    for kind, given in (("完整", FULL), ("简式", ())):
        said = drawn.good("receipt", drawn.book, TASK, successor, *given, "--out", place)
        assert "抽中（DJ01、DJ03、GS01），其中 DJ01、DJ03、GS01 由补抽接替" in said
        made = json.loads((place / f"回执-{successor}-{kind}.json").read_bytes())
        assert made["verdict"] == ["DJ01", "DJ03", "GS01"]
        assert made["called"] == [{"items": made["verdict"], "log": digest("called", log["hash"].iloc[3], successor)}]
        said = drawn.good("verify", place / f"回执-{successor}-{kind}.json")
        assert "8 是否抽中　未核" in said
        assert "由补抽接替" in said
        assert "以本局的抽取记录为准" in said
    assert "由种子重算票号，抽取时的结果是“没有抽中”" in drawn.good("verify", place / f"回执-{successor}-完整.json")
    assert "已退出" in drawn.good("receipt", drawn.book, TASK, firm, "--out", place)
    made = json.loads((place / f"回执-{firm}-简式.json").read_bytes())
    assert (made["verdict"], made["left"], "called" in made) == ([], True, False)
    assert "已退出" in drawn.good("verify", place / f"回执-{firm}-简式.json")
    for change in ({"verdict": ["DJ01"]}, {"left": False}, {"called": [{"items": ["SP01"], "log": "0" * 64}]}, {"moved": True}):
        (place / "x.json").write_bytes(pretty({**made, **change}, between="\t"))
        assert drawn.ssj("verify", place / "x.json")[0] == 1
    assert drawn.good("verify", drawn.book)


def test_no_receipt(desk):
    """No receipt before the draw, for a firm outside the pool, or from a changed record; each time it says why."""
    assert "还没有抽取" in desk.refused("receipt", desk.book, TASK, "x", "--out", desk.folder / "x")
    desk.freeze()
    desk.draw()
    excluded = (desk.record / "excluded.tsv").read_text(encoding="utf-8").splitlines()[0].split("\t")
    said = desk.refused("receipt", desk.book, TASK, excluded[0], "--out", desk.folder / "x")
    assert f"未进入的原因：{excluded[1]}" in said
    assert "都没有" in desk.refused("receipt", desk.book, TASK, "无此户", "--out", desk.folder / "x")
    firm = rows(desk)[0][0]
    for name in ("pool.tsv", "draw.json"):
        data = (desk.record / name).read_bytes()
        (desk.record / name).write_bytes(data + b" ")
        assert name in desk.refused("receipt", desk.book, TASK, firm, "--out", desk.folder / "x")
        (desk.record / name).write_bytes(data)


def test_was_it_in_the_pool(drawn):
    """One command says for each freeze whether a firm was in the pool, with class and items, or why it stayed out."""
    firm, stratum, items = rows(drawn)[3]
    said = drawn.good("pool", drawn.book, TASK, firm)
    assert f"在名单里，第 4 行，等级“{stratum}”，事项 {items.replace(',', '、')}" in said
    assert "名单里：在。" in said
    name = drawn.read("subjects").set_index("code")["name"][firm]
    assert "名单里：在。" in drawn.good("pool", drawn.book, TASK, name)
    excluded = (drawn.record / "excluded.tsv").read_text(encoding="utf-8").splitlines()[0].split("\t")
    assert f"排除的原因是“{excluded[1]}”" in drawn.good("pool", drawn.book, TASK, excluded[0])
    assert "不认得" in drawn.refused("pool", drawn.book, TASK, "后来才有的户")
    assert "当时名录库里没有这一户" in drawn.good("pool", drawn.book, TASK, "91110000600037341L")
    drawn.good("void", drawn.book, TASK, "--reason", "其他", "--explain", "重新冻结一次看看两次的名单", "--approver", "赵局长")
    drawn.freeze()
    said = drawn.good("pool", drawn.book, TASK, firm)
    assert "第 1 次" in said
    assert "后已作废" in said
    assert "第 2 次" in said


@pytest.mark.parametrize("name", ["pool.tsv", "excluded.tsv"])
def test_a_changed_pool_does_not_answer(drawn, name):
    """A kept list that is not the one of the log is refused, naming the row of the log."""
    lines = (drawn.record / name).read_bytes().split(b"\n")
    (drawn.record / name).write_bytes(b"\n".join(lines[1:]))
    assert "抽取记录第 1 行" in drawn.refused("pool", drawn.book, TASK, "x")


def test_never_frozen(desk):
    """A task that was never frozen has no pool to look into."""
    assert "还没有冻结" in desk.refused("pool", desk.book, TASK, "x")


def test_the_log_of_a_book(drawn):
    """`ssj verify BOOK` walks the log from its first row and says yes, with the newest fingerprint, and what only paper can tell;
    with the fingerprint or the commitment of a paper beside it, yes without a rest.
    """
    said = drawn.good("verify", drawn.book)
    assert "没有核的：与纸上对照" in said
    assert "不能排除记录文件和工作簿一起被截掉末尾" in said
    assert "报数和完整回执在那里不留文件" in said
    log = drawn.read("log")
    assert log["hash"].iloc[-1][:8] in said
    said = drawn.good("verify", drawn.book, "--slip", log["hash"].iloc[1][:12].upper())
    assert "核验结论：是。" in said
    assert "正是第 2 行（报数）的；它后面还有 1 行" in said
    assert "承诺值的前 8 位，在第 1 行" in drawn.good("verify", drawn.book, "--slip", json.loads(log["data"].iloc[0])["commitment"][:8])
    assert "不在抽取记录的 3 行里" in drawn.ssj("verify", drawn.book, "--slip", "0" * 8)[1]
    assert "承诺值“12”不对" in drawn.refused("verify", drawn.book, "--slip", "12")


@pytest.mark.parametrize(("cut", "words"), [("抽取", "draw.json 说的事，抽取记录里没有"), ("补抽", "replace.tsv 说的事，抽取记录里没有"), ("作废", "public.json 被改过"), ("再冻结", "却没有它"), ("回执", "")])
def test_a_tail_cut_from_file_and_sheet(desk, cut, words):
    """The last rows cut off from the log file and the sheet together: what left a file in the archive is found by it, and stops the next
    freeze; everything is found by the fingerprint on paper, a full receipt by that alone.
    """
    steps = {
        "抽取": desk.draw, "回执": lambda: desk.good("receipt", desk.book, TASK, rows(desk)[0][0], *FULL, "--out", desk.folder / "回执"),
        "补抽": lambda: replaced(desk), "作废": lambda: desk.good("void", desk.book, TASK, *VOID), "再冻结": desk.freeze,
    }
    desk.freeze()
    for before in {"抽取": (), "再冻结": ("抽取", "作废")}.get(cut, ("抽取",)):
        steps[before]()
    book, lines = desk.book.read_bytes(), (desk.archive / "抽取记录.jsonl").read_bytes()
    steps[cut]()
    head = desk.read("log")["hash"].iloc[-1]
    (desk.archive / "抽取记录.jsonl").write_bytes(lines)
    desk.book.write_bytes(book)
    status, said = desk.ssj("verify", desk.book)
    assert status == bool(words), said
    assert words in said
    said = desk.ssj("verify", desk.book, "--slip", head[:8])[1]
    assert "核验结论：否" in said
    assert "记录的末尾被截掉过" in said
    if cut == "抽取":
        other = {"任务名称": "另一任务", "抽查事项": "DJ02", "检查开始": "2027-03-01", "检查截止": "2027-04-01", "任务来源": "投诉举报"}
        desk.good("import", desk.book, "抽查任务", synthetic.write_csv(desk.folder / "另一任务.csv", [other]))
        assert words in desk.refused("freeze", desk.book, "另一任务", "--speaker", "张三", "--speaker", "李四")


def replaced(desk):
    firm = desk.read("visits").iloc[0]["subject"]
    desk.patch("subjects", desk.row("subjects", "code", firm), "status", "注销")
    desk.good("replace", desk.book, TASK, firm, "--reason", "注销", "--evidence", "登记系统查询截图", "--approver", "赵局长")


def broken(desk, *words):
    status, said = desk.ssj("verify", desk.book)
    assert status == 1, said
    assert "核验结论：否。" in said
    for word in words:
        assert word in said


VOID = ("--reason", "其他", "--explain", "方案没有批准，先作废再说", "--approver", "赵局长")


def test_a_void_has_a_public_record(desk):
    """A freeze voided before or after the numbers were said leaves a public record of what was read out: no secret, no class,
    no approver. Verify tells it, holds it to the slip, and finds a changed one; the log of the book demands it.
    """
    for said in (False, True):
        desk.freeze()
        secrets = json.loads((desk.record / "密封.json").read_bytes())
        if said:  # the power fails between the said row and the draw
            book = desk.book.read_bytes()
            desk.draw()
            lines = (desk.archive / "抽取记录.jsonl").read_bytes().splitlines(keepends=True)
            (desk.archive / "抽取记录.jsonl").write_bytes(b"".join(lines[:-1]))
            desk.book.write_bytes(book)
            (desk.record / "draw.json").unlink()
            (desk.record / "public.json").unlink()
        assert "公开记录 public.json 已写明作废" in desk.good("void", desk.book, TASK, *VOID)
        data = (desk.record / "public.json").read_bytes()
        public = json.loads(data)
        assert public["said"] == ([["张三", "384729"], ["李四", "000007"]] if said else [])
        assert public["voided"]["log"] == desk.read("log")["hash"].iloc[-1]
        for hidden in (*secrets.values(), "赵局长", "没有批准", "rates", "strata", "nonce"):
            assert hidden not in data.decode()
        told = desk.good("verify", desk.record, "--slip", public["commitment"][:8])
        assert "没有抽取就作废的冻结" in told
        assert "已报数未抽取" if said else "已冻结未报数" in told
        assert desk.ssj("verify", desk.record, "--slip", "0" * 8)[0] == 1
        assert desk.good("verify", desk.book)
        (desk.record / "public.json").write_bytes(data.replace(b'"pool": ', b'"pool": 1'))
        assert "public.json" in desk.ssj("verify", desk.book)[1]
        (desk.record / "public.json").write_bytes(data)


def test_the_public_record_of_a_voided_draw_says_so(drawn):
    """A draw that was voided says so in public.json by itself, and whatever is verified with it says so; without the mark, or
    with one that the log does not know, the record is red. The file comes back after a lost save; a damaged one is told.
    """
    before, old = drawn.book.read_bytes(), (drawn.record / "public.json").read_bytes()
    drawn.good("void", drawn.book, TASK, *VOID)
    marked = (drawn.record / "public.json").read_bytes()
    assert json.loads(marked) == {**json.loads(old), "voided": json.loads(marked)["voided"]}
    for place in (drawn.record, drawn.record / "public.json"):
        assert "核验结论：是" in drawn.good("verify", place)
        assert "注意：这次抽取后来已经作废" in drawn.good("verify", place)
    assert drawn.good("verify", drawn.book)
    (drawn.record / "public.json").write_bytes(old)
    assert "public.json" in drawn.ssj("verify", drawn.record)[1]
    assert drawn.ssj("verify", drawn.book)[0] == 1
    drawn.book.write_bytes(before)
    drawn.ssj("check", drawn.book)
    assert (drawn.record / "public.json").read_bytes() == marked


def test_a_damaged_public_record_is_told_at_the_void(drawn):
    """Where public.json is damaged the void goes through, and says that the record does not tell it."""
    (drawn.record / "public.json").write_bytes(b"x")
    assert "公开记录没有加上作废说明" in drawn.good("void", drawn.book, TASK, *VOID)
    assert (drawn.record / "public.json").read_bytes() == b"x"


def test_a_broken_row_is_named(drawn):
    """A changed, removed, added or exchanged line of the log file, a changed cell of the sheet, a lost or changed record: each is named."""
    file = drawn.archive / "抽取记录.jsonl"
    data = file.read_bytes()
    lines = data.split(b"\n")
    for changed, words in (
        (data.replace("王五".encode(), "王六".encode(), 1), "第 1 行：本行指纹对不上"), (b"\n".join([lines[0], *lines[2:]]), "第 2 行：序号"),
        (b"\n".join([lines[1], lines[0], *lines[2:]]), "第 1 行：序号"), (data[:-9], "记录文件只有 2 行"), (b"", "记录文件只有 0 行"), (data.replace(b'"event"', b'"evnt"', 1), "第 1 行"),
    ):
        file.write_bytes(changed)
        broken(drawn, words)
    file.write_bytes(data)
    pool = drawn.record / "draw.json"
    kept = pool.read_bytes()
    pool.write_bytes(kept + b" ")
    broken(drawn, "第 3 行的档案文件", "被改过")
    pool.unlink()
    broken(drawn, "第 3 行的档案文件", "不见了")
    pool.write_bytes(kept)
    assert edit_sheet(drawn.book, "抽取记录", "报数：".encode(), "报了：".encode()) or edit_sheet(drawn.book, "抽取记录", "抽中".encode(), "选中".encode())
    broken(drawn, "“抽取记录”第")


@pytest.mark.parametrize(("key", "label"), [("reason", "原因"), ("explain", "说明"), ("approver", "审批人")])
def test_a_void_that_nobody_answers_for(desk, monkeypatch, key, label):
    """A void whose row, written by a changed program, lacks reason, explanation or approver: the walk of the log names it."""
    desk.freeze()
    make = log.make
    with monkeypatch.context() as patched:
        patched.setattr(log, "make", lambda rows, row, *more: make(rows, replace(row, data={**row.data, key: ""}), *more))
        desk.good("void", desk.book, TASK, *VOID)
    number = desk.read("tasks")["number"].iloc[0]
    broken(desk, f"抽取记录第 2 行：任务 {number} 第 1 次作废没有写{label}")


def test_one_speaker_for_a_task(desk, monkeypatch):
    """Only a quick draw may have one speaker: a task drawn with one by a changed program is named by verify, of its record and of its public record."""
    with monkeypatch.context() as patched:
        for module in (freezing, drawing):
            patched.setattr(module, "check_speakers", lambda *_: None)
        desk.good("freeze", desk.book, TASK, "--speaker", "张三")
        desk.good("draw", desk.book, TASK, "--say", "张三=384729")
    for place, step in ((desk.record, 7), (desk.record / "public.json", 5)):
        status, said = desk.ssj("verify", place)
        assert status == 1
        assert f" {step} 报数、种子　否　只有“张三”一位报数人" in said


def test_a_book_behind_is_said(drawn):
    """A workbook that was not saved is told so, and that is no break."""
    former = drawn.folder / "former.xlsx"
    shutil.copy(drawn.book, former)
    drawn.good("receipt", drawn.book, TASK, rows(drawn)[0][0], *FULL, "--out", drawn.folder / "回执")
    shutil.copy(former, drawn.book)
    said = drawn.good("verify", drawn.book)
    assert "只有 3 行，记录文件有 4 行" in said


def test_public_record(drawn):
    """The public record alone is verified, and the answer says what it does not prove; a receipt without it is refused."""
    public = drawn.folder / "别处" / "public.json"
    public.parent.mkdir()
    shutil.copy(drawn.record / "public.json", public)
    for path in (public, public.parent):
        said = drawn.good("verify", path)
        assert "公布的次序由种子决定" in said
        assert "票号和等级不公开" in said
    drawn.good("receipt", drawn.book, TASK, rows(drawn)[0][0], "--out", drawn.folder / "回执")
    receipt = next((drawn.folder / "回执").glob("回执-*.json"))
    lonely = drawn.folder / "只有回执.json"
    shutil.copy(receipt, lonely)
    assert "public.json" in drawn.refused("verify", lonely)


def test_page(desk):
    """`ssj page` lays down one file that names no other place on the network; the draw lays it beside the public record."""
    desk.good("page", "--out", desk.folder / "网页")
    page = (desk.folder / "网页" / "核验.html").read_bytes()
    for word in (b"http://", b"https://", b"src=", b"@import", b"url("):
        assert word not in page
    desk.freeze()
    desk.draw()
    assert files.load(desk.record / "核验.html") == page


@pytest.mark.parametrize(("spoil", "words"), [(lambda path: path.unlink(), "不见了"), (lambda path: path.write_bytes(path.read_bytes() + b" "), "被改过")], ids=["lost", "changed"])
def test_every_command_says_a_lost_record_alike(drawn, spoil, words):
    """Papers, receipts, replacements and the check of the log speak of a lost or changed draw.json in one sentence, with the log's row."""
    firm = drawn.read("visits").iloc[0]["subject"]
    drawn.patch("subjects", drawn.row("subjects", "code", firm), "status", "注销")
    spoil(drawn.record / "draw.json")
    why = ("--reason", "注销", "--evidence", "登记系统查询截图", "--approver", "赵局长")
    for asked in (("papers", "--out", drawn.folder / "文书"), ("receipt", firm, "--out", drawn.folder / "回执"), ("replace", firm, *why)):
        said = drawn.refused(asked[0], drawn.book, TASK, *asked[1:])
        assert said.startswith("抽取记录第 3 行的档案文件"), said
        assert f"draw.json {words}" in said
    assert f"draw.json {words}" in drawn.ssj("verify", drawn.book)[1]
