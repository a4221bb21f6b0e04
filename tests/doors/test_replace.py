"""补抽 through the terminal door: only firms that the registry shows outside the scope, by lot order, logged."""

from __future__ import annotations

import json

import pytest

from ssj_xlwings.lottery.said import called, keys
from tests.doors.conftest import TASK


@pytest.fixture
def drawn(desk):
    desk.freeze()
    desk.draw()
    return desk


def firm(desk, at=0):
    return desk.read("visits")["subject"].iloc[at]


def retire(desk, code, status="注销"):
    desk.patch("subjects", desk.row("subjects", "code", code), "status", status)


def replace(desk, code, how="good", **given):
    args = {"reason": "注销", "evidence": "登记系统截图 2026-11-24", "approver": "赵局长", **given}
    return getattr(desk, how)("replace", desk.book, TASK, code, *(word for name, value in args.items() for word in (f"--{name}", value)))


def test_a_struck_off_firm_is_replaced(drawn):
    """The firm leaves, the next by lot takes its items; sheets, replace.tsv, public list, papers and verify know it."""
    code = firm(drawn)
    count = len(drawn.read("visits"))
    retire(drawn, code)
    said = replace(drawn, code)
    assert "已补抽“第一批”：1 户退出，3 个事项由 1 户接替。" in said
    visits, results, log = drawn.read("visits"), drawn.read("results"), drawn.read("log")
    assert list(log["event"])[-1] == "补抽"
    assert list(visits[visits["left"] == "补抽"]["subject"]) == [code]
    new = visits[visits["no"] == str(count + 1)].iloc[0]
    assert len(new["team"].split("、")) == 2
    assert set(results[results["subject"] == code]["withheld"]) == {"已补抽"}
    assert sorted(results[results["subject"] == new["subject"]]["item"]) == ["DJ01", "DJ03", "GS01"]
    row = (drawn.record / "replace.tsv").read_text(encoding="utf-8").splitlines()[0].split("\t")
    assert row == [code, "DJ01", new["subject"], "注销", "登记系统截图 2026-11-24", "赵局长", log["time"].iloc[-1], log["hash"].iloc[-1]]
    assert not list(drawn.folder.rglob("现行名单*")), "one list a replacement would name a pair of one class"
    assert "补抽 1 户，和抽取记录一致" in drawn.good("verify", drawn.record)
    drawn.good("papers", drawn.book, TASK, "--out", drawn.folder / "文书")


def test_the_roster_leaves_out_who_left(drawn):
    """A firm that was replaced is neither published nor missing; its successor is waited for."""
    code, other = firm(drawn), firm(drawn, 1)
    retire(drawn, code)
    replace(drawn, code)
    for row in drawn.read("results").index[drawn.read("results")["subject"] == other]:
        for column, value in (("date", "2026-11-20"), ("result", "未发现问题")):
            drawn.patch("results", int(row), column, value)
    name = drawn.read("visits").set_index("subject").at[code, "name"]
    said = drawn.good("publish", drawn.book, TASK, "--out", drawn.folder / "公示")
    assert name not in said
    assert set(drawn.read("roster")["code"]) == {other}


def test_struck_off_for_a_day(drawn):
    """A firm that the registry shows inside the scope again after it was replaced is named by verify with that workbook; a firm that
    is still struck off is not, nor does a copy from before the replacement say anything.
    """
    for at in (0, 1):
        retire(drawn, firm(drawn, at))
        replace(drawn, firm(drawn, at))
    verdict = "12 补抽　是　补抽 2 户，和抽取记录一致"
    assert verdict in drawn.good("verify", drawn.record, "--book", drawn.book)
    retire(drawn, firm(drawn, 0), "存续")
    said = drawn.good("verify", drawn.record, "--book", drawn.book)
    assert f"12 补抽　未核　补抽 2 户，和抽取记录一致，接替的户都按抽签次序。注意：退出的户里有 1 户（例如“{firm(drawn, 0)}”，原因写的是“注销”）" in said
    assert "没有核的：纸上承诺值、补抽" in said
    earlier = min((drawn.folder / "备份").glob("*"))
    assert verdict in drawn.good("verify", drawn.record, "--book", earlier)


def test_the_current_list_goes_out_with_the_roster(drawn):
    """With the roster, and only after a replacement, comes the list of current visits: every firm that stands, numbered
    afresh in calling order, which anyone can recompute from the public seed; nobody who left, no mark, no class.
    """
    first, gone = firm(drawn), [firm(drawn, 1), firm(drawn, 2)]
    for column, value in (("date", "2026-11-20"), ("result", "未发现问题")):
        drawn.patch("results", drawn.row("results", "subject", first), column, value)
    drawn.good("publish", drawn.book, TASK, "--out", drawn.folder / "公示")
    assert not list((drawn.folder / "公示").glob("现行名单*"))
    for code in gone:
        retire(drawn, code)
        replace(drawn, code)
    drawn.good("publish", drawn.book, TASK, "--out", drawn.folder / "公示")
    head, *rows = next((drawn.folder / "公示").glob("现行名单*")).read_text(encoding="utf-8").splitlines()
    assert head.split("\t") == ["序号", "主体名称", "统一社会信用代码", "检查事项"]
    visits = drawn.read("visits")
    standing = set(visits[visits["left"] == ""]["subject"])
    listed = [row.split("\t")[2] for row in rows]
    public = json.loads((drawn.record / "public.json").read_bytes())
    assert set(listed) == standing
    assert not standing.intersection(gone)
    assert listed == called(keys(public["seed"])["call"], standing)
    assert [row.split("\t")[0] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert "补抽" not in "".join(rows)


@pytest.mark.parametrize(("given", "why"), [
    ({"reason": "查无下落"}, "查无下落、拒不配合、没有这项业务，都是检查结果"),
    ({"evidence": " "}, "“依据”不能空着"),
    ({"approver": ""}, "“审批人”不能空着"),
    ({"approver": "王五"}, "操作人“王五”不能自己审批补抽"),
    ({"evidence": "截图\u200b一"}, "看不见或不能用的字符"),
])
def test_no_ground(drawn, given, why):
    """A result is no ground; evidence and approver are wanted. Nothing changes."""
    retire(drawn, firm(drawn))
    assert why in replace(drawn, firm(drawn), "refused", **given)


def test_the_registry_must_show_it(drawn):
    """A firm in force in the registry is not replaced, whatever is said of it."""
    assert "看不出“注销”" in replace(drawn, firm(drawn), "refused")


def test_a_checked_firm_is_not_replaced(drawn):
    """A firm with a result stays: 注销 found on the spot is a result."""
    code = firm(drawn)
    retire(drawn, code)
    drawn.patch("results", drawn.row("results", "subject", code), "date", "2026-11-20")
    assert "已经有检查结果（2026-11-20）" in replace(drawn, code, "refused")


def test_not_of_this_draw(desk):
    """Before the draw, and for a firm that was not drawn, there is nothing to replace."""
    desk.freeze()
    code = desk.read("subjects")["code"].iloc[5]
    assert "还没有抽取" in replace(desk, code, "refused")
    desk.draw()
    drawn = set(desk.read("visits")["subject"])
    subjects = desk.read("subjects")
    code = next(code for code, status in zip(subjects["code"], subjects["status"], strict=True) if status == "注销" and code not in drawn)
    assert "不在这次抽取现在的名单里" in replace(desk, code, "refused")
    assert "检查对象名录库里没有“某某商行”" in replace(desk, "某某商行", "refused")


def test_several_at_once_and_again(drawn):
    """Several firms in one go, then a successor that is out too: every step is logged, verified, and restored after a lost save."""
    former = drawn.book.read_bytes()
    codes = [firm(drawn), firm(drawn, 1)]
    for code in codes:
        retire(drawn, code)
    replace(drawn, "、".join(codes))
    third = json.loads(json.loads(drawn.read("log")["data"].iloc[-1])["rows"])[0][2]
    retire(drawn, third, "吊销")
    replace(drawn, third, reason="吊销")
    assert "补抽 3 户" in drawn.good("verify", drawn.record)
    after = {table: drawn.read(table) for table in ("log", "visits", "results")}
    listed = (drawn.record / "replace.tsv").read_bytes()
    drawn.book.write_bytes(former)
    (drawn.record / "replace.tsv").unlink()
    drawn.ssj("check", drawn.book)
    for table, frame in after.items():
        assert drawn.read(table).to_dict("list") == frame.to_dict("list"), table
    assert (drawn.record / "replace.tsv").read_bytes() == listed
