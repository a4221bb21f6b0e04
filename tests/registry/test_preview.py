"""导入预览 and 确认导入: what the sheet shows, what a clerk's corrections come to, what is refused with its cell."""

from __future__ import annotations

import csv

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ssj_xlwings.commands.confirm import confirm
from ssj_xlwings.commands.registry import import_
from ssj_xlwings.registry import headings
from ssj_xlwings.registry.matching import bare, labels, lettered
from ssj_xlwings.registry.reader import read_source
from ssj_xlwings.types import Append, Refusal, Rewrite
from ssj_xlwings.vocabulary.sentences import preview as say
from ssj_xlwings.vocabulary.sentences import registry as words
from ssj_xlwings.vocabulary.tables import EXAMPLES, PREVIEW, SUBJECTS
from tests.registry.book import applied, code, request, view
from tests.registry.files import book, text

COLUMNS = {column.name: column.header for column in headings.importable(SUBJECTS)}


def looked(of, path, table="检查对象名录库", **args):
    """The book after the preview."""
    return applied(of, import_(request(of, table=table, file=path, preview=True, **args)))


def at(of, **where):
    """The sheet row of the preview that shows these texts."""
    frame = of["preview"]
    for name, value in where.items():
        frame = frame[frame[name] == value]
    return int(frame.index[0])


def put(of, row, **cells):
    for name, value in cells.items():
        of["preview"].loc[row, name] = value


def firms(path, heads="企业名称,信用代码,登记地,网格", count=3):
    return text(path, "\n".join([heads, *(f"店{n},{code(n)},丛台区{n}号,三" for n in range(count))]))


def refused(of, **args) -> str:
    with pytest.raises(Refusal) as refusal:
        confirm(request(of, **args))
    return str(refusal.value)


def test_what_is_shown(tmp_path):
    """A row a heading with its column, by what right, and ten rows; a row a column that the file lacks, the required first; counts; nothing else is written."""
    path = firms(tmp_path / "a.csv", count=12)
    outcome = import_(request(view(), table="检查对象名录库", file=path, preview=True))
    assert [(type(change), change.table) for change in outcome.changes] == [(Rewrite, "preview")]
    assert outcome.next == "ssj confirm 台账.xlsx"
    assert not outcome.files
    rows = outcome.changes[0].rows
    shown = [(row["heading"], row["column"], row["how"]) for row in rows if row["kind"] == say.HEADING]
    assert shown == [("企业名称", "主体名称", words.KNOWN), ("信用代码", "统一社会信用代码", words.KNOWN), ("登记地", "不导入", say.UNKNOWN), ("网格", "不导入", say.UNKNOWN)]
    first = next(row for row in rows if row["kind"] == say.HEADING)
    assert [first[name] for name in EXAMPLES] == [f"店{n}" for n in range(10)]
    lacking = [(row["column"], row["how"]) for row in rows if row["kind"] == say.WHOLE]
    assert lacking[0] == ("住所", say.NEEDED)
    assert len(lacking) == len(COLUMNS) - 2
    notes = {row["heading"]: row["how"] for row in rows if row["kind"] == say.NOTE}
    assert notes[say.FILE] == str(path)
    assert "来源 12 行，新增 0 行" in notes[say.COUNTS]
    assert "住所" in notes[say.LACKS]
    assert [row["options"] for row in rows if row.get("options")] == [say.LEFT_OUT, *COLUMNS.values()]


def test_corrected_confirmed_remembered(tmp_path):
    """A heading given its column, a content for all rows: they are taken in, the correction alone is remembered, the preview is empty, and the next such file needs nothing."""
    of = looked(view(), firms(tmp_path / "a.csv"))
    put(of, at(of, heading="登记地"), column="住所")
    put(of, at(of, kind=say.WHOLE, column="专项库标签"), fill="食品；餐饮")
    outcome = confirm(request(of))
    added = next(change for change in outcome.changes if change.table == "subjects")
    assert [(row["name"], row["address"], row["tags"]) for row in added.rows] == [(f"店{n}", f"丛台区{n}号", "食品、餐饮") for n in range(3)]
    assert outcome.changes[-1] == Rewrite("preview", [])
    after = applied(of, outcome)
    assert after["sources"][["column", "heading"]].to_numpy().tolist() == [["住所", "登记地"]]
    again = looked(after, firms(tmp_path / "b.csv"))
    assert again["preview"].loc[at(again, heading="登记地"), ["column", "how"]].tolist() == ["住所", words.REMEMBERED]


def test_left_out_is_remembered(tmp_path):
    """不导入, or an emptied cell, keeps a column out, now and next time; nothing else slips into its place."""
    of = looked(view(), text(tmp_path / "a.csv", f"企业名称,信用代码,住所,电话,手机\n店,{code(1)},路,110,120"))
    assert of["preview"].loc[at(of, heading="电话"), "column"] == "联系电话"
    put(of, at(of, heading="电话"), column="")
    outcome = confirm(request(of))
    assert "phone" not in next(change for change in outcome.changes if change.table == "subjects").rows[0]
    again = looked(applied(of, outcome), tmp_path / "a.csv")
    assert again["preview"].loc[at(again, heading="手机"), "column"] == say.LEFT_OUT


def test_two_of_one_name(tmp_path):
    """Headings of one name can be told apart, and stay so in what is remembered; --map knows them by the same names."""
    path = text(tmp_path / "a.csv", f"名称,名称,信用代码,住所\n旧名,新名,{code(1)},路")
    of = looked(view(), path)
    put(of, at(of, heading="名称"), column="不导入")
    put(of, at(of, heading="名称#2"), column="主体名称")
    outcome = confirm(request(of))
    assert outcome.changes[0].rows[0]["name"] == "新名"
    mapped = import_(request(view(), table="检查对象名录库", file=path, map=[("主体名称", "名称#2")]))
    assert mapped.changes[0] == outcome.changes[0]
    after = applied(of, outcome)
    assert import_(request(after, table="检查对象名录库", file=path)).message.startswith("检查对象名录库：来源 1 行，新增 0 行，改动 0 行，不变 1 行")


def test_the_sheet_that_was_shown(tmp_path):
    """Of a workbook with two sheets the one shown is imported, whatever a correction would make of the other."""
    path = book(tmp_path / "a.xlsx", [["甲", "乙", "丙"], ["x", "y", "z"]], [["企业名称", "信用代码", "住所"], ["店", code(1), "路"]])
    of = looked(view(), path)
    for heading in ("企业名称", "信用代码", "住所"):
        put(of, at(of, heading=heading), column="")
    put(of, at(of, kind=say.WHOLE, column="主体类型"), fill="企业")
    assert "Sheet2" in of["preview"]["how"].tolist()
    assert refused(of).startswith("必填的列还没有着落：主体名称、统一社会信用代码、住所。")


def test_given_on_the_command_line(tmp_path):
    """--map and --set stand on the preview, and are confirmed with it."""
    path = firms(tmp_path / "a.csv")
    args = {"map": [("住所", "登记地")], "set": [("主体类型", "个体户")]}
    of = looked(view(), path, **args)
    assert of["preview"].loc[at(of, kind=say.WHOLE, column="主体类型"), "fill"] == "个体工商户"
    assert confirm(request(of)).changes[:-1] == import_(request(view(), table="检查对象名录库", file=path, **args)).changes


def test_refusals_name_the_cell(tmp_path):
    """Two headings to one column, an unknown column, two contents for one, a content that cannot be: one sentence with the cell."""
    path = firms(tmp_path / "a.csv")
    of = looked(view(), path)
    row = at(of, heading="登记地")
    first = at(of, heading="企业名称")
    put(of, row, column="主体名称")
    assert refused(of) == say.TWO_COLUMNS.format(cell=f"导入预览!C{first}", other=f"导入预览!C{row}", column="主体名称")
    put(of, row, column="住锁")
    assert refused(of) == say.UNKNOWN_COLUMN.format(cell=f"导入预览!C{row}", seen="住锁", target="检查对象名录库", hint="是不是“住所”？")
    put(of, row, column="住所", fill="路")
    other = at(of, kind=say.WHOLE, column="住所")
    put(of, other, fill="街")
    assert refused(of) == say.FILLED_TWICE.format(cell=f"导入预览!D{row}", other=f"导入预览!D{other}", column="住所")
    put(of, row, fill="")
    put(of, other, column="", fill="街")
    assert refused(of) == say.NO_COLUMN.format(cell=f"导入预览!D{other}", seen="街")
    put(of, other, column="成立日期", fill="去年")
    assert refused(of).startswith(f"导入预览!D{other} 的内容不能用：")


def test_refusals_of_the_whole(tmp_path):
    """No preview there, the file gone or changed, notes overtyped, the key not mapped."""
    assert refused(view()) == say.EMPTY.format(sheet="导入预览")
    path = firms(tmp_path / "a.csv")
    of = looked(view(), path)
    put(of, at(of, heading="信用代码"), column="不导入")
    put(of, at(of, heading="登记地"), column="住所")
    assert refused(of).startswith("必填的列还没有着落：统一社会信用代码。")
    put(of, at(of, heading=say.TARGET), how="首页")
    assert refused(of) == say.BROKEN.format(sheet="导入预览", what=say.TARGET)
    of = looked(view(), path)
    put(of, at(of, heading=say.TOP), place="900-900")
    assert refused(of) == say.BROKEN.format(sheet="导入预览", what=say.TOP)
    of = looked(view(), path)
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert refused(of) == say.FILE_CHANGED.format(path=path)
    path.unlink()
    assert refused(of) == say.FILE_GONE.format(cell="导入预览", path=path)


def test_nothing_taken_keeps_the_preview(tmp_path):
    """Where no row can be taken in, the preview stays to be corrected; --dry-run writes nothing."""
    path = text(tmp_path / "a.csv", "企业名称,信用代码,住所\n店,12,路")
    of = looked(view(), path)
    outcome = confirm(request(of))
    assert (outcome.status, [change.table for change in outcome.changes]) == (1, [])
    good = looked(view(), text(tmp_path / "b.csv", f"企业名称,信用代码,住所\n店,{code(1)},路"))
    assert confirm(request(good, dry_run=True)).changes == []


HOSTILE = ("=1+1", "@SUM(A1)", "+x", "-x", "'", "", "   ", "*", ":", "名称", "名称", "名称#2", "企业名称", "住所（经营场所）", "信用代码", "代码", "电话", "手机", "\t企业 名称", "注", "x" * 32767)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_corrected_by_hand_equals_map(tmp_path, data):
    """Whatever the headings are and whatever a clerk makes of them, 确认导入 comes to what --map and --set come to; and the next such file shows the same."""
    heads = data.draw(st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=9))
    assume(any(head.strip() for head in heads))
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, *([f"{code(row * 20 + place)}" for place in range(len(heads))] for row in range(1, 3))])
    try:
        of = looked(view(), path)
    except Refusal as refusal:
        assert "找不到" in str(refusal)
        return
    rows = [row for row in of["preview"].index if of["preview"].loc[row, "kind"] == say.HEADING]
    names = data.draw(st.lists(st.sampled_from(list(COLUMNS)), unique=True, min_size=len(rows), max_size=len(rows)))
    kept = [data.draw(st.booleans()) for _ in rows]
    chosen = {}
    for row, name, keep in zip(rows, names, kept, strict=True):
        put(of, row, column=COLUMNS[name] if keep else data.draw(st.sampled_from([say.LEFT_OUT, ""])))
        if keep:
            place = ord(of["preview"].loc[row, "place"]) - ord("A")
            chosen[name] = labels([head.strip() for head in heads])[place] or lettered(place)
    fills = {"住所": "路", "备注": "=1+1"}
    for header, fill in fills.items():
        blocks = of["preview"][(of["preview"]["kind"] == say.WHOLE) & (of["preview"]["column"] == header)]
        put(of, blocks.index[0] if len(blocks) else rows[0], column=header if len(blocks) else of["preview"].loc[rows[0], "column"], fill=fill if len(blocks) else "")
    filled = [(header, fill) for header, fill in fills.items() if fill in of["preview"]["fill"].tolist()]
    mapped = {"map": [(header, chosen.get(name, "")) for name, header in COLUMNS.items()], "set": filled}

    def taken(outcome):
        return [change for change in outcome.changes if change.table == "subjects"], outcome.message

    try:
        expected = taken(import_(request(view(), table="检查对象名录库", file=path, **mapped)))
    except Refusal:
        with pytest.raises(Refusal):
            confirm(request(of))
        return
    outcome = confirm(request(of))
    assert taken(outcome) == expected
    if outcome.status:
        return
    again = looked(applied(of, outcome), path)
    shown = {again["preview"].loc[row, "column"] for row in again["preview"].index if again["preview"].loc[row, "kind"] == say.HEADING}
    assert shown - {say.LEFT_OUT} == {COLUMNS[name] for name in chosen}


@given(st.lists(st.sampled_from(HOSTILE), max_size=12))
def test_labels_are_names(heads):
    """Every heading has a label of its own (but blank ones), however they repeat; the first of a name keeps it."""
    found = labels(heads)
    named = [bare(label) for label in found if label]
    assert len(set(named)) >= len(named) - sum(not bare(head) for head in heads)
    for place, head in enumerate(heads):
        assert bool(found[place]) == bool(head)
        if head not in heads[:place] and bare(head) not in map(bare, heads[:place]):
            assert found[place] == head


def test_the_sheet_is_bounded(tmp_path):
    """A heading of 32 767 characters and a formula-like cell are shown as short texts; the whole is imported as it is."""
    long = "经" * 32767
    path = book(tmp_path / "a.xlsx", [["企业名称", "信用代码", "住所", long], ["=1+1", code(1), "路", long]])
    of = looked(view(), path)
    assert of["preview"].map(len).to_numpy().max() < 300
    assert of["preview"].loc[at(of, heading="企业名称"), "s1"] == "=1+1"
    put(of, at(of, heading="经" * 60), column="经营范围")
    outcome = confirm(request(of))
    row = next(change for change in outcome.changes if isinstance(change, Append) and change.table == "subjects").rows[0]
    assert (row["name"], row["business"]) == ("=1+1", long)
    assert [change.rows[0]["heading"] for change in outcome.changes if isinstance(change, Append) and change.table == "sources"] == [long]
    assert PREVIEW.generated


def test_headings_that_nobody_knows(tmp_path):
    """A file whose headings say nothing is shown with ten rows, and imported once a clerk has chosen the columns; the choice is remembered."""
    path = firms(tmp_path / "a.csv", "甲,乙,丙,丁")
    of = looked(view(), path)
    assert [of["preview"].loc[at(of, heading=text), "column"] for text in "甲乙丙丁"] == [say.LEFT_OUT] * 4
    assert of["preview"].loc[at(of, heading="甲"), EXAMPLES[0]] == "店0"
    assert say.UNREAD in set(of["preview"]["how"])
    for text_, column in zip("甲乙丙", ("name", "code", "address"), strict=True):
        put(of, at(of, heading=text_), column=COLUMNS[column])
    of = applied(of, confirm(request(of)))
    assert of["subjects"]["address"].tolist() == [f"丛台区{n}号" for n in range(3)]
    again = looked(of, path)
    assert again["preview"].loc[at(again, heading="丙"), "how"] == words.REMEMBERED


def test_no_headings_at_all(tmp_path):
    """A file that begins with its data: each column is named by its letters, all rows come in, refused ones go to a file with headings, and nothing is remembered of it."""
    path = text(tmp_path / "a.csv", "\n".join([*(f"店{n},{code(n)},丛台区{n}号" for n in range(3)), "店9,91130402MA0000020X,丛台区"]))
    of = looked(view(), path)
    assert of["preview"].loc[at(of, heading=say.TOP), "how"] == say.HEADLESS.format(first=1)
    assert of["preview"].loc[at(of, heading=say.COUNTS), "how"] == say.UNCOUNTED.format(total=4)
    for place, column in zip("ABC", ("name", "code", "address"), strict=True):
        row = at(of, kind=say.HEADING, place=place)
        assert of["preview"].loc[row, "heading"] == say.NO_TEXT.format(column=f"{place}列")
        put(of, row, column=COLUMNS[column])
    outcome = confirm(request(of))
    after = applied(of, outcome)
    assert after["subjects"]["name"].tolist() == ["店0", "店1", "店2"]
    assert len(after["sources"]) == len(of["sources"])
    (file,) = outcome.files
    file.data(tmp_path / file.name)
    back = headings.understand(read_source(tmp_path / file.name), SUBJECTS, {}, {})
    assert [match.column.name for match in back.matches] == ["name", "code", "address"]



def test_column_without_heading(tmp_path):
    """A column below a blank heading is shown where it holds anything, and can be chosen, at the terminal by its letters; an empty one is not shown."""
    path = text(tmp_path / "a.csv", "\n".join(["企业名称,信用代码,,", *(f"店{n},{code(n)},丛台区{n}号," for n in range(3))]))
    of = looked(view(), path)
    assert of["preview"].loc[of["preview"]["kind"] == say.HEADING, "place"].tolist() == ["A", "B", "C"]
    put(of, at(of, place="C"), column=COLUMNS["address"])
    chosen = applied(of, confirm(request(of)))["subjects"]
    given = applied(view(), import_(request(view(), table="检查对象名录库", file=path, map=[("住所", "C列")])))["subjects"]
    assert chosen["address"].tolist() == given["address"].tolist() == [f"丛台区{n}号" for n in range(3)]


def test_letters_never_name_a_headed_column(tmp_path):
    """B列 is refused where column B has a heading: it goes by that."""
    path = firms(tmp_path / "a.csv")
    with pytest.raises(Refusal) as refusal:
        import_(request(view(), table="检查对象名录库", file=path, map=[("住所", "D列")]))
    assert str(refusal.value) == words.MAP_HEADING.format(seen="D列", name="a.csv", headings="企业名称、信用代码、登记地、网格")
