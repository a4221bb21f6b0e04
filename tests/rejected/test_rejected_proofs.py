"""Odd things given to `ssj verify`: one kind sentence each, exactly this one, and exit status 2."""

from __future__ import annotations

import pytest

from ssj_xlwings.doors import cli
from tests.lottery import sample

CAN = "请给出抽取档案的文件夹或 draw.json、公开记录 public.json、企业回执 .json，或台账工作簿。"


def raw(path, data):
    path.write_bytes(data)
    return path


def frozen(at):
    sample.ceremony(at / "1", [])
    for name in ("draw.json", "public.json"):
        (at / "1" / name).unlink()
    return at / "1"


def archive(at):
    raw(at / "抽取记录.jsonl", b"")
    return at


ODD = {
    "nothing": (lambda _: "", "“要核验的文件”不能空着。要给的是：抽取档案的文件夹或 draw.json，公开记录 public.json，企业回执 .json，或台账工作簿。"),
    "blanks": (lambda _: "  ", "“要核验的文件”不能空着。要给的是：抽取档案的文件夹或 draw.json，公开记录 public.json，企业回执 .json，或台账工作簿。"),
    "missing": (lambda at: at / "无.json", "找不到文件“{at}/无.json”。请核对文件名和文件夹。"),
    "empty folder": (lambda at: at, "“{at}”里没有抽取档案，也没有公开记录。请给出带 draw.json 或 public.json 的文件夹，或直接给出文件。"),
    "frozen only": (frozen, "“{at}/1”只冻结了名单，还没有抽取，没有可以核验的结果。请抽取以后再核验。"),
    "whole archive": (archive, "“{at}”是整本的抽取档案。请给出其中一次抽取的文件夹；要核验整本的抽取记录，请给出台账工作簿。"),
    "system file": (lambda _: "/etc/passwd", "“/etc/passwd”不是能核验的文件。" + CAN),
    "device": (lambda _: "/dev/null", "“/dev/null”不是能核验的文件。" + CAN),
    "program": (lambda at: raw(at / "a.exe", b"\x7fELF\x00"), "“{at}/a.exe”不是能核验的文件。" + CAN),
    "other JSON": (lambda at: raw(at / "a.json", b'{"x":1}'), "“{at}/a.json”不是能核验的文件。" + CAN),
    "a list": (lambda at: raw(at / "a.json", b"[1]"), "“{at}/a.json”不是能核验的文件。" + CAN),
    "cut JSON": (lambda at: raw(at / "a.json", b'{"verdict":'), "a.json 第 1 行看不懂（第 12 列起不合格式）。文件已损坏或被改过，请用原件。"),
    "no text": (lambda at: raw(at / "a.json", b"\xff\xfe"), "a.json 第 1 行不是 UTF-8 文字。文件已损坏或被改过，请用原件。"),
    "a picture named as a book": (lambda at: raw(at / "a.xlsm", b"\x89PNG"), None),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_things_given_to_verify(tmp_path, capsys, monkeypatch, name):
    """What is none of ours is refused in one sentence that says what can be given."""
    monkeypatch.chdir(tmp_path)
    make, sentence = ODD[name]
    given = make(tmp_path)
    assert cli.answer(["verify", str(given)]) == 2
    said = capsys.readouterr().err.strip()
    assert said.count("\n") == 0
    assert said.startswith("没有执行：")
    if sentence:
        assert said == "没有执行：" + sentence.format(at=tmp_path)


def test_a_public_record_that_is_a_list(tmp_path, capsys):
    """Where the whole of a file has not its shape, the place has a name too."""
    raw(tmp_path / "public.json", b"[1]")
    assert cli.answer(["verify", str(tmp_path)]) == 1
    assert "public.json 的 最外层 不是应有的样子" in capsys.readouterr().out
