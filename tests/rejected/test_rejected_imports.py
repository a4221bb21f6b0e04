"""Bad input to `import`: one clear sentence each, exactly this one, and nothing wanted done."""

import os
import struct

import pytest

from ssj_xlwings.commands.registry import import_
from ssj_xlwings.types import Refusal
from tests.registry.book import code, request, view
from tests.registry.files import HERE, book, text

FIRM = f"企业名称,代码,地址\n甲,{code(1)},路"
SAVE = "请在 Excel 里打开，另存为 .xlsx 后再导入。"
TABLES = "抽查任务、检查结果、检查对象名录库、执法检查人员名录库、抽查事项清单、年度抽查计划、抽查范围、分事项比例、上级抽取名单、回避登记、单位、节假日。"
COLUMNS = "主体名称、统一社会信用代码、住所、管辖单位、主体类型、登记状态、信用风险等级、专项库标签、重点监管、状态、对象性质、行政区划代码、登记类型、成立日期、行业、经营范围、法定代表人、联系人、联系电话、白名单、失效原因、备注"


def encrypted(path):
    """As Office writes a workbook with a password: a compound file with a stream EncryptedPackage."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    path.write_bytes(header.ljust(512, b"\0") + "EncryptedPackage".encode("utf-16-le").ljust(512, b"\0"))
    return path


def raw(path, data):
    path.write_bytes(data)
    return path


def hollow(path):
    """A file of more than 1 GB that takes no room."""
    with path.open("wb") as file:
        file.truncate((1 << 30) + 1)
    return path


FILES = {
    "missing": (lambda at: at / "无.csv", "找不到文件“{at}/无.csv”。请核对文件名和文件夹。"),
    "folder": (lambda at: at, "“{at}”是文件夹，不是文件。请指定一个 .csv、.xlsx 或 .xls 文件。"),
    "empty": (lambda at: raw(at / "a.csv", b""), "“a.csv”是空的，没有可以导入的内容。"),
    "blank": (lambda at: raw(at / "a.csv", b" \r\n\t\n"), "“a.csv”是空的，没有可以导入的内容。"),
    "mark alone": (lambda at: raw(at / "a.csv", b"\xef\xbb\xbf"), "“a.csv”是空的，没有可以导入的内容。"),
    "mark of UTF-16 alone": (lambda at: raw(at / "a.csv", b"\xff\xfe"), "“a.csv”是空的，没有可以导入的内容。"),
    "mark and line breaks": (lambda at: raw(at / "a.csv", b"\xef\xbb\xbf\r\n\n"), "“a.csv”是空的，没有可以导入的内容。"),
    "line breaks": (lambda at: raw(at / "a.csv", b"\n\n\n"), "“a.csv”是空的，没有可以导入的内容。"),
    "commas": (lambda at: raw(at / "a.csv", b",,\n,,"), "“a.csv”是空的，没有可以导入的内容。"),
    "quoted nothing": (lambda at: raw(at / "a.csv", b'""'), "“a.csv”是空的，没有可以导入的内容。"),
    "one quote": (lambda at: raw(at / "a.csv", b'"'), "“a.csv”第 1 行附近的引号不成对，分不清单元格。" + SAVE),
    "zeros": (lambda at: raw(at / "a.csv", bytes(9)), "“a.csv”不是 .csv、.xlsx 或 .xls 文件，读不了。" + SAVE),
    "half a character of UTF-16": (lambda at: raw(at / "a.csv", b"\xff\xfea"), "“a.csv”的文字编码认不出来。" + SAVE),
    "too large": (lambda at: hollow(at / "a.csv"),
                  "“a.csv”太大或太复杂，要占的内存超过了限度，没有读。请在 Excel 里只留要导入的那张表，删掉远处多余的格，另存为 .xlsx 后再导入。"),
    "too many columns": (lambda at: raw(at / "a.csv", b"a\n" + b"a," * 16_385), "“a.csv”第 2 行超过了 16384 列，Excel 也放不下。请核对分隔符和换行，只留要导入的列，再导入。"),
    "too many rows": (lambda at: raw(at / "a.csv", b"a\n" * 1_048_577), "“a.csv”超过了 1048576 行，Excel 也放不下。请删去多余的行，或分成几个文件，再导入。"),
    "empty sheet": (lambda at: book(at / "a.xlsx", []), "“a.xlsx”是空的，没有可以导入的内容。"),
    "zip of nothing": (lambda at: raw(at / "a.xlsx", b"PK\x03\x04" + bytes(60)), "“a.xlsx”已经损坏，读不出来。请在 Excel 里打开核对，另存为 .xlsx 后再导入。"),
    "cut .xlsx": (lambda at: raw(at / "a.xlsx", book(at / "b.xlsx", [["企业名称"]]).read_bytes()[:3000]), "“a.xlsx”已经损坏，读不出来。请在 Excel 里打开核对，另存为 .xlsx 后再导入。"),
    "cut .xls": (lambda at: raw(at / "a.xls", (HERE / "people.xls").read_bytes()[:1500]), "“a.xls”已经损坏，读不出来。请在 Excel 里打开核对，另存为 .xlsx 后再导入。"),
    "password": (lambda at: encrypted(at / "a.xlsx"), "“a.xlsx”有打开密码。请加上 --password 再导入，密码会另外询问，不会留下记录；也可以在 Excel 里去掉密码后另存。"),
    "web page": (lambda at: text(at / "a.xls", "<html><table><tr><td>企业名称</td></tr></table></html>"), "“a.xls”其实是网页或 XML，不是表格文件。" + SAVE),
    "picture": (lambda at: raw(at / "a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "“a.csv”不是 .csv、.xlsx 或 .xls 文件，读不了。" + SAVE),
    "no encoding": (lambda at: raw(at / "a.csv", b"abc,\xff\xff\xff"), "“a.csv”的文字编码认不出来。" + SAVE),
    "open quote": (lambda at: text(at / "a.csv", '名称,代码\n甲,1\n"乙,2\n丙,3'), "“a.csv”第 3 行附近的引号不成对，分不清单元格。" + SAVE),
    "no headings": (lambda at: text(at / "a.csv", "甲,乙\n丙,丁\n"),
                    f"“a.csv”的前 20 行里找不到“检查对象名录库”的标题行。最像标题的一行是：甲、乙。可以用的列名：{COLUMNS}。请给文件加上标题行，或用 --map 列=标题 指定（没有标题的列写字母，例如 --map 主体名称=B列），或加 --preview 在“导入预览”里逐列选。"),
    "no address": (lambda at: text(at / "a.csv", "企业名称,代码,坐落\n甲,1,路"),
                   "“a.csv”里找不到必填的列：住所。文件里的标题有：企业名称、代码、坐落。请用 --map 列=标题 指定，例如 --map 住所=坐落；整批相同的内容用 --set 列=内容。"),
    "only a running number left": (lambda at: text(at / "a.csv", "序号,企业名称,代码\n1,甲,1"),
                                   "“a.csv”里找不到必填的列：住所。文件里的标题有：序号、企业名称、代码。请用 --map 列=标题 指定，例如 --map 住所=标题；整批相同的内容用 --set 列=内容。"),
    "nearest heading": (lambda at: text(at / "a.csv", "序号,企业名称,代码,注册资本,门店地址,档案编号\n1,甲,1"),
                        "“a.csv”里找不到必填的列：住所。文件里的标题有：序号、企业名称、代码、注册资本、门店地址、档案编号。请用 --map 列=标题 指定，例如 --map 住所=门店地址；整批相同的内容用 --set 列=内容。"),
}
ARGUMENTS = {
    "unknown table": ({"table": "检查对像名录"}, "不能导入到“检查对像名录”。最接近的是“检查对象名录库”。可以导入的表：" + TABLES),
    "log": ({"table": "抽取记录"}, "不能导入到“抽取记录”。最接近的是“上级抽取名单”。可以导入的表：" + TABLES),
    "map: no such column": ({"map": [("门牌", "地址")]}, f"--map 里的列“门牌”不在“检查对象名录库”里。可以用的列：{COLUMNS}。"),
    "map: no such heading": ({"map": [("住所", "门牌")]}, "--map 里的标题“门牌”不在“a.csv”里。文件里的标题有：企业名称、代码、地址。"),
    "set: no such column": ({"set": [("门牌", "1")]}, f"--set 里的列“门牌”不在“检查对象名录库”里。可以用的列：{COLUMNS}。"),
    "set: no such word": ({"set": [("登记状态", "营业中")]}, "--set 的内容不能用：“登记状态”填的是“营业中”。只能填：存续、吊销、注销、撤销、迁出、歇业、清算。是不是“歇业”？"),
}


@pytest.mark.parametrize(("make", "sentence"), FILES.values(), ids=FILES)
def test_bad_files(tmp_path, make, sentence):
    """A file that cannot be imported is refused with this sentence."""
    with pytest.raises(Refusal) as refusal:
        import_(request(view(), table="检查对象名录库", file=make(tmp_path)))
    assert str(refusal.value) == sentence.format(at=tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this platform has no pipes in folders")
def test_a_pipe(tmp_path):
    """What is no regular file is refused, not waited for."""
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(Refusal) as refusal:
        import_(request(view(), table="检查对象名录库", file=tmp_path / "a.csv"))
    assert str(refusal.value) == "“a.csv”不是普通文件，读不了。请指定一个 .csv、.xlsx 或 .xls 文件。"


@pytest.mark.parametrize(("args", "sentence"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_bad_arguments(tmp_path, args, sentence):
    """An argument that names what is not there is refused with what is."""
    with pytest.raises(Refusal) as refusal:
        import_(request(view(), **{"table": "检查对象名录库", "file": text(tmp_path / "a.csv", FIRM), **args}))
    assert str(refusal.value) == sentence
