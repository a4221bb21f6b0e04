"""Bad input: one clear Chinese sentence, exit status 2, and every file byte for byte as it was."""

from __future__ import annotations

import json
import shutil

import pytest

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.types import Append
from tests.doors.conftest import TASK, edit_sheet

SAY = ("--say", "张三=384729", "--say", "李四=000007")
FREEZE = ("--speaker", "张三", "--speaker", "李四")


def test_missing_file(desk):
    """A book that is not there."""
    where = desk.folder / "没有.xlsx"
    assert desk.refused("check", where) == f"找不到文件“{where}”。请核对文件名和文件夹。"


@pytest.mark.parametrize("argv", [("check",), ("freeze", TASK, *FREEZE), ("import", "检查对象名录库")], ids=lambda argv: argv[0])
def test_locked_workbook(desk, argv):
    """A book that somebody has open in Excel is left alone by every command that would write; the sentence names them.
    Nothing is logged either."""
    owner = "李娟"
    (desk.folder / "~$台账.xlsx").write_bytes(b"\0" * 55 + bytes([len(owner), 0]) + owner.encode("utf-16-le").ljust(108, b" "))
    more = (desk.folder / "检查对象名录库.csv",) if argv[0] == "import" else ()
    said = desk.refused(argv[0], desk.book, *argv[1:], *more)
    assert "台账.xlsx" in said
    assert owner in said


def test_damaged_workbook(desk):
    """A book cut off in the middle."""
    data = desk.book.read_bytes()
    desk.book.write_bytes(data[: len(data) // 2])
    assert "台账.xlsx" in desk.refused("check", desk.book)


def test_password_protected_workbook(desk):
    """A book with a password is an OLE file with an encrypted package in it: the sentence says password."""
    name = "EncryptedPackage".encode("utf-16-le")
    desk.book.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + name.ljust(512, b"\0") + b"\0" * 4096)
    assert "密码" in desk.refused("check", desk.book)


def test_unknown_heading(desk):
    """An export whose headings say nothing, and a mapping to a heading that is not there."""
    odd = desk.folder / "怪.csv"
    odd.write_text("甲,乙\n1,2\n", encoding="utf-8")
    assert "甲" in desk.refused("import", desk.book, "检查对象名录库", odd)
    firms = desk.folder / "检查对象名录库.csv"
    assert "没有的标题" in desk.refused("import", desk.book, "检查对象名录库", firms, "--map", "主体名称=没有的标题")


def test_code_as_number(desk):
    """A code of 18 digits in a number cell is damaged already: said so, never repaired."""
    row = desk.row("subjects", "type", "企业")
    number = f'<c r="B{row}"><v>911304261234567890</v></c>'.encode()
    assert edit_sheet(desk.book, "检查对象名录库", rf'<c r="B{row}"[^>]*?>.*?</c>'.encode(), number) == 1
    said = desk.refused("freeze", desk.book, TASK, *FREEZE)
    assert f"检查对象名录库!B{row}" in said
    assert "数字" in said
    status, _ = desk.ssj("check", desk.book)
    assert status == 1


def test_duplicate_id(desk):
    """Two rows with one code in a task's scope."""
    rows = desk.read("subjects")
    first, second = (int(row) for row in rows.index[(rows["type"] == "企业") & (rows["status"] == "存续")][:2])
    desk.patch("subjects", second, "code", rows.at[first, "code"])
    assert rows.at[first, "code"] in desk.refused("freeze", desk.book, TASK, *FREEZE)


def test_errors_outside_the_scope_do_not_block(desk):
    """A duplicate among firms that the task does not touch stops nothing."""
    rows = desk.read("subjects")
    first, second = (int(row) for row in rows.index[rows["type"] == "个体工商户"][:2])
    desk.patch("subjects", second, "code", rows.at[first, "code"])
    status, _ = desk.ssj("check", desk.book)
    assert status == 1
    desk.freeze()


@pytest.mark.parametrize("command", [("freeze", *FREEZE), ("draw", *SAY), ("papers", "--out", "x"), ("publish", "--out", "x")], ids=lambda c: c[0])
def test_unknown_task(desk, command):
    """A task that is not there; the nearest is named."""
    said = desk.refused(command[0], desk.book, "第一皮", *command[1:])
    assert said == "没有叫“第一皮”的任务。最接近的是“第一批”。请核对任务名称或编号。"


def test_draw_without_freeze(desk):
    """Nothing is drawn that was not frozen."""
    assert desk.refused("draw", desk.book, TASK, *SAY) == "“第一批”还没有冻结名单，不能抽取。请先冻结。"


def test_pool_changed_since_the_freeze(desk):
    """A firm retired after the freeze: the draw names it and says what can be done."""
    desk.freeze()
    id_ = (desk.record / "pool.tsv").read_text(encoding="utf-8").split("\t")[0]
    desk.patch("subjects", desk.row("subjects", "code", id_), "status", "注销")
    want = f"冻结以后，抽取名单变了：“{id_}”不在名单里了。请改回原样再抽取；确实要改，请先作废，再重新冻结。"
    assert desk.refused("draw", desk.book, TASK, *SAY) == want


def test_class_changed_since_the_freeze(desk):
    """A firm put into another class after the freeze."""
    desk.freeze()
    id_, stratum, _ = (desk.record / "pool.tsv").read_text(encoding="utf-8").split("\n")[0].split("\t")
    desk.patch("subjects", desk.row("subjects", "code", id_), "class", "D" if stratum != "D" else "A")
    assert f"抽取名单变了：“{id_}”的等级或事项不同了" in desk.refused("draw", desk.book, TASK, *SAY)


def test_staff_changed_since_the_freeze(desk):
    """An inspector marked absent after the freeze."""
    desk.freeze()
    row = int(desk.read("inspectors").index[0])
    number = desk.read("inspectors").at[row, "id"]
    desk.patch("inspectors", row, "absent", "是")
    want = f"冻结以后，检查人员变了：证号“{number}”的情况不同了。请改回原样再抽取；确实要改，请先作废，再重新冻结。"
    assert desk.refused("draw", desk.book, TASK, *SAY) == want


@pytest.mark.parametrize(("column", "value", "key"), [("rate_A", "20%", "比例"), ("end", "2026-12-25", "检查起止"), ("items", "DJ01", None)])
def test_plan_changed_since_the_freeze(desk, column, value, key):
    """Rates, window or items changed after the freeze."""
    desk.freeze()
    desk.patch("tasks", desk.row("tasks", "name", TASK), column, value)
    said = desk.refused("draw", desk.book, TASK, *SAY)
    assert f"任务方案变了：“{key}”不同了" in said if key else "不同了" in said


def test_frozen_pool_file_changed(desk):
    """One character of the frozen pool changed: the file and the line are named."""
    desk.freeze()
    pool = desk.record / "pool.tsv"
    lines = pool.read_text(encoding="utf-8").split("\n")
    at = next(number for number, line in enumerate(lines) if "\tB\t" in line)
    lines[at] = lines[at].replace("\tB\t", "\tD\t")
    pool.write_text("\n".join(lines), encoding="utf-8")
    said = desk.refused("draw", desk.book, TASK, *SAY)
    assert f"pool.tsv 第 {at + 1} 行" in said


def test_lost_sealed_file(desk):
    """Without the sealed secrets there is no draw, and no excuse but a logged void."""
    desk.freeze()
    (desk.record / "密封.json").unlink()
    want = "找不到密封文件 密封.json。没有它就不能抽取。请取回封存的副本；实在没有，请作废后重新冻结。"
    assert desk.refused("draw", desk.book, TASK, *SAY) == want


def test_second_draw_without_void(desk):
    """A drawn task is drawn: another freeze or draw needs a void first."""
    desk.freeze()
    desk.draw()
    assert desk.refused("draw", desk.book, TASK, *SAY) == "“第一批”第 1 次已经抽取，不能再抽。要重抽，请先作废，并写明原因和审批人。"
    assert desk.refused("freeze", desk.book, TASK, *FREEZE) == "“第一批”第 1 次已经抽取。要重抽，请先作废，并写明原因和审批人。"


def test_second_freeze(desk):
    """A frozen task waits for its numbers."""
    desk.freeze()
    assert desk.refused("freeze", desk.book, TASK, *FREEZE) == "“第一批”第 1 次已经冻结，正在等报数。请报数抽取，或先作废再重新冻结。"


def test_too_few_inspectors(desk):
    """A station with one inspector left cannot be served; the sentence says which, and what is needed."""
    for row, unit in desk.read("inspectors")["unit"].items():
        if unit in ("涉县市场监督管理局", "涉县井店市场监督管理所"):
            desk.patch("inspectors", int(row), "state", "休假")
    said = desk.refused("freeze", desk.book, TASK, *FREEZE)
    assert said.startswith("检查人员不够：涉县井店市场监督管理所检查事项“DJ01、DJ03、GS01”需要 2 人，只有 0 人")


@pytest.mark.parametrize(("value", "want"), [
    ("07", "“李四”报的“07”不对。只能是六位数字 0–9，例如 000007。"),
    ("１２３４５６", "“李四”报的“１２３４５６”不对。只能是六位数字 0–9，例如 000007。"),
    ("12345a", "“李四”报的“12345a”不对。只能是六位数字 0–9，例如 000007。"),
])
def test_value_that_is_not_six_digits(desk, value, want):
    """Six digits, nothing else."""
    desk.freeze()
    assert desk.refused("draw", desk.book, TASK, "--say", "张三=384729", "--say", f"李四={value}") == want


@pytest.mark.parametrize("pairs", [("张三=384729",), ("张三=384729", "王二=000007"), ("张三=384729", "李四=000007", "王二=111111"), ("张三=384729", "张三=384729")])
def test_wrong_speakers(desk, pairs):
    """Each speaker of the slip, once; nobody else."""
    desk.freeze()
    assert "报数人" in desk.refused("draw", desk.book, TASK, *(word for pair in pairs for word in ("--say", pair)))


def test_operator_does_not_speak(desk):
    """Whoever runs the draw gives no number."""
    assert desk.refused("freeze", desk.book, TASK, "--speaker", "王五", "--speaker", "李四") == "操作人“王五”不能报数。请换一位报数人。"


def test_void_needs_its_grounds(desk):
    """A void without a listed reason, enough words or an approver."""
    desk.freeze()
    common = ("void", desk.book, TASK)
    assert "只能填" in desk.refused(*common, "--reason", "不想要", "--explain", "这次抽取的结果不满意想重来", "--approver", "赵")
    assert desk.refused(*common, "--reason", "其他", "--explain", "太短", "--approver", "赵") == "原因说明只有 2 个字，不得少于 10 个字。请写清楚为什么作废。"
    assert desk.refused(*common, "--reason", "其他", "--explain", "人员名单里有三个人调走了", "--approver", " ") == "“审批人”不能空着。"


def test_nothing_to_void(desk):
    """What was never frozen cannot be voided."""
    said = desk.refused("void", desk.book, TASK, "--reason", "其他", "--explain", "人员名单里有三个人调走了", "--approver", "赵")
    assert said == "“第一批”没有冻结或抽取过，不用作废。"


def test_nothing_to_publish(desk):
    """No roster before a draw, and none without a result."""
    assert desk.refused("publish", desk.book, TASK, "--out", desk.folder / "公示")
    desk.freeze()
    desk.draw()
    assert desk.refused("publish", desk.book, TASK, "--out", desk.folder / "公示")


def test_changed_log_row(desk):
    """A row of 抽取记录 edited in the sheet is noticed by every command."""
    desk.freeze()
    assert edit_sheet(desk.book, "抽取记录", "冻结 [0-9]+ 户".encode(), "冻结 1 户".encode())
    assert desk.refused("check", desk.book) == "工作簿的“抽取记录”第 1 条的“说明”和记录文件不同。请不要手工修改，用备份恢复。"


def test_added_log_row(desk):
    """A row that only the sheet has; and a workbook that came without its archive."""
    desk.freeze()
    book = FileBook(desk.book)
    view = book.read(["log"])
    book.apply([Append("log", [{"seq": "2", "event": "抽取", "task": "1"}])], view, ["log"])
    assert desk.refused("check", desk.book) == "工作簿的“抽取记录”有 2 行，记录文件只有 1 行。记录文件不完整，请用备份恢复。"
    file = desk.archive / "抽取记录.jsonl"
    file.unlink()
    said = desk.refused("check", desk.book)
    assert said.startswith(f"“台账.xlsx”里有 2 条抽取记录，却找不到记录文件 {file}。")


def test_changed_log_file(desk):
    """A line of the log file changed breaks the chain, and the line is named."""
    desk.freeze()
    desk.draw()
    file = desk.archive / "抽取记录.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines()
    row = json.loads(lines[1])
    row["note"] = "报数：张三=000000，李四=000007"
    lines[1] = json.dumps(row, ensure_ascii=False)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert desk.refused("check", desk.book).startswith("抽取记录第 2 行：本行指纹对不上")


def test_read_only_workbook(desk):
    """A book that cannot be written is refused before anything is logged."""
    desk.book.chmod(0o444)
    assert "只读" in desk.refused("freeze", desk.book, TASK, *FREEZE)


def test_verify_needs_a_record(desk):
    """A folder without a draw record."""
    assert "draw.json" in desk.refused("verify", desk.folder)


def test_new_does_not_overwrite(desk):
    """An existing book is never overwritten."""
    assert "台账.xlsx" in desk.refused("new", desk.book, "--bureau", "甲局", "--division", "130400", "--year", "2026")


def test_demo_needs_an_empty_folder(desk):
    """The demonstration writes into a new folder only."""
    assert desk.refused("demo", desk.folder) == f"文件夹“{desk.folder}”已经有内容。请换一个新文件夹。"


def test_sheet_renamed(desk, tmp_path):
    """A book without one of our sheets: the sheet is named."""
    import openpyxl

    book = openpyxl.load_workbook(desk.book)
    book["检查对象名录库"].title = "企业"
    book.save(desk.book)
    assert "检查对象名录库" in desk.refused("check", desk.book)
    shutil.rmtree(tmp_path, ignore_errors=True)


def test_a_task_keeps_its_number(desk):
    """A number blanked after a draw comes back from the log; one that was overtyped is refused. Neither gives a second first draw."""
    desk.freeze()
    desk.draw()
    row = desk.row("tasks", "name", TASK)
    number = desk.read("tasks").at[row, "number"]
    desk.patch("tasks", row, "number", "")
    assert desk.refused("freeze", desk.book, TASK, *FREEZE) == "“第一批”第 1 次已经抽取。要重抽，请先作废，并写明原因和审批人。"
    desk.ssj("check", desk.book)
    assert desk.read("tasks").at[row, "number"] == number
    desk.patch("tasks", row, "number", "130426202611019999")
    want = f"“第一批”的任务编号被改过：表里是“130426202611019999”，抽取记录里是“{number}”。请把任务编号改回“{number}”。"
    assert desk.refused("freeze", desk.book, TASK, *FREEZE) == want
    assert desk.refused("draw", desk.book, TASK, *SAY) == want


def test_operator_does_not_speak_at_the_draw_either(desk):
    """A speaker who sits down at the keyboard for the draw is refused; verify finds one who got past."""
    desk.freeze()
    assert desk.refused("--operator", "李四", "draw", desk.book, TASK, *SAY) == "操作人“李四”不能报数。请换一位报数人。"


def test_two_speakers_at_least(desk):
    """One number alone is no ceremony."""
    assert desk.refused("freeze", desk.book, TASK, "--speaker", "张三") == "报数人不得少于 2 位。请再请一位在场的人报数。"


def test_operator_does_not_approve_a_void(desk):
    """Whoever runs the void cannot approve it."""
    desk.freeze()
    said = desk.refused("void", desk.book, TASK, "--reason", "其他", "--explain", "人员名单里有三个人调走了", "--approver", "王五")
    assert said == "操作人“王五”不能自己审批。请换一位审批人。"


@pytest.mark.parametrize("member", ["xl/theme/theme1.xml", "docProps/core.xml", "xl/tables/table1.xml", "xl/styles.xml"])
def test_workbook_damaged_in_one_part(desk, member):
    """A flipped byte in any part, even one that no command reads, is named before anything is written."""
    import zipfile

    data = bytearray(desk.book.read_bytes())
    with zipfile.ZipFile(desk.book) as archive:
        info = archive.getinfo(member)
    at = info.header_offset + 30 + len(info.filename.encode()) + len(info.extra) + info.compress_size // 2
    data[at] ^= 0xFF
    desk.book.write_bytes(bytes(data))
    assert "台账.xlsx" in desk.refused("freeze", desk.book, TASK, *FREEZE)


def test_what_changed_outside_the_pool_is_named(desk):
    """A firm that was excluded and is renamed after the freeze: the sentence names it."""
    desk.freeze()
    row = desk.row("subjects", "type", "个体工商户")
    desk.patch("subjects", row, "name", "改了名的商店")
    assert f"检查对象名录库里“{desk.read('subjects').at[row, 'code']}”这一户的内容改动了" in desk.refused("draw", desk.book, TASK, *SAY)


@pytest.mark.parametrize(("argv", "want"), [
    (("freeze", "台账.xlsx", TASK, "--speaker"), "选项“--speaker”后面要写内容。完整用法请看：ssj freeze --help"),
    (("draw", "台账.xlsx", TASK, "--say"), "选项“--say”后面要写内容。完整用法请看：ssj draw --help"),
    (("frezee", "台账.xlsx"), "没有“frezee”这个命令。"),
    (("demo", "新", "--people", "abc"), "“检查人员数”要写整数，看到的是“abc”。"),
    (("check", "台账.xlsx", "--bar"), "没有“--bar”这个选项。"),
])
def test_a_command_line_that_is_not_right(desk, argv, want, monkeypatch):
    """A missing value, an unknown command or option, a word for a number: said in Chinese."""
    monkeypatch.chdir(desk.folder)
    assert want in desk.refused(*argv)


def test_pairs_show_their_form(desk):
    """A pair without its sign: how it is written."""
    desk.freeze()
    assert desk.refused("draw", desk.book, TASK, "--say", "张三") == "“--say”要写成 姓名=六位数，看到的是“张三”。"


def test_the_reader_of_our_output_may_stop(tmp_path):
    """A closed pipe ends the command quietly, without a traceback."""
    import subprocess
    import sys

    command = f"{sys.executable} -m ssj_xlwings demo {tmp_path / 'a'} | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, cwd=desk_root())
    assert done.stdout.startswith("新建工作簿")
    assert not done.stderr


def desk_root():
    from pathlib import Path

    return Path(__file__).parents[2]


def test_a_log_begun_anew_is_noticed(desk):
    """The log emptied in file and sheet after a draw: no new first draw, and verifying the workbook says no."""
    desk.freeze()
    desk.draw()
    kept = (desk.record / "draw.json").read_bytes()
    (desk.archive / "抽取记录.jsonl").write_bytes(b"")
    assert edit_sheet(desk.book, "抽取记录", rb'<row r="([2-9])".*?</row>', rb'<row r="\1"/>') == 3
    said = desk.refused("freeze", desk.book, TASK, *FREEZE)
    assert said == f"抽取档案里已有文件夹“{desk.record.name}”，抽取记录里却没有它：记录文件被删改过，或换过。请用备份恢复记录文件，不要重新冻结。"
    status, said = desk.ssj("verify", desk.book)
    assert status == 1
    assert f"抽取档案里有文件夹“{desk.record.name}”，抽取记录里却没有它" in said
    assert (desk.record / "draw.json").read_bytes() == kept


@pytest.mark.parametrize(("name", "change"), [
    ("pool.tsv", lambda data: data[data.index(b"\n") + 1:]), ("public.json", lambda data: data.replace("有限".encode(), "无限".encode(), 1)), ("密封.json", None),
    ("excluded.tsv", lambda data: data + b"x\ty\n"),
])
def test_every_file_of_the_archive_counts(desk, name, change):
    """Verifying a workbook looks at every file of its draw records, and names the one that is changed or gone."""
    desk.freeze()
    desk.draw()
    path = desk.record / name
    path.write_bytes(change(path.read_bytes())) if change else path.unlink()
    status, said = desk.ssj("verify", desk.book)
    assert status == 1
    assert name in said


def test_who_is_not_known_was_not_absent(desk):
    """Asked for a firm by a name that neither registry nor kept list knows, nothing is said to be proven of it."""
    desk.freeze()
    row = desk.row("subjects", "code", (desk.record / "pool.tsv").read_text(encoding="utf-8").split("\t")[0])
    name = desk.read("subjects").at[row, "name"]
    desk.patch("subjects", row, "name", "改过的名字有限公司")
    assert desk.refused("pool", desk.book, TASK, name).startswith(f"不认得“{name}”：名录库和当时的名单里都没有这个代码或名称。")
    assert "不在" in desk.good("pool", desk.book, TASK, "91130426MA07777779"[:8] + synthetic_code())


def synthetic_code():
    """The rest of a sound code that no registry holds."""
    from stdnum.cn.uscc import calc_check_digit

    body = "91130426MAZZZZZZZ".replace("Z", "Y")
    return (body + calc_check_digit(body))[8:]


def test_a_class_never_stands_on_a_slip(desk):
    """A scope that picks by class: the dry run warns, and the papers say only that there is an internal condition."""
    row = desk.row("scopes", "task", TASK)
    for column, value in (("column", "信用风险等级"), ("value", "D、C")):
        desk.patch("scopes", row, column, value)
    assert "注意：抽查范围按“信用风险等级”挑选" in desk.good("plan", desk.book, TASK)
    desk.freeze()
    desk.draw()
    desk.good("papers", desk.book, TASK, "--out", desk.folder / "文书")
    from python_calamine import CalamineWorkbook

    for path in (desk.folder / "文书").glob("*.xlsx"):
        book = CalamineWorkbook.from_path(path)
        text = "".join(str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
        assert "信用风险等级" not in text, path.name
        assert path.name.startswith(("检查任务单", "派发单")) or "另有内部条件" in text


def test_the_dry_run_says_what_would_be_refused(desk):
    """A blocking error in the scope stands in the dry run, in the words of the freeze."""
    desk.patch("tasks", desk.row("tasks", "name", TASK), "rate_A", "很多")
    said = desk.ssj("plan", desk.book, TASK)[1]
    assert "A类比例" in said


def test_nobody_approves_himself(desk):
    """An operator who is his own approver is refused, at the freeze as at a full receipt."""
    want = "操作人“王五”不能自己审批。请换一位审批人。"
    assert desk.refused("freeze", desk.book, TASK, *FREEZE, "--approver", "王五") == want
    assert desk.refused("freeze", desk.book, TASK, *FREEZE, "--operator", "赵六", "--approver", "赵六") == want.replace("王五", "赵六")
    desk.freeze()
    desk.draw()
    firm = desk.read("visits")["subject"].iloc[0]
    full = ("--full", "--approver", "王五", "--reason", "该户提出异议，要求说明", "--out", desk.folder / "回执")
    assert desk.refused("receipt", desk.book, TASK, firm, *full) == want


def test_a_reason_says_something(desk):
    """A reason that is kept in the log has at least five characters."""
    assert desk.refused("freeze", desk.book, TASK, *FREEZE, "--apart", "x") == "“不合并的理由”只有 1 个字，不得少于 5 个字。请写清楚为什么。"
