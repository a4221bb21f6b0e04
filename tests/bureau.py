"""A small bureau after its first draws, as a command sees it: frames, log rows, an archive folder.

Built by hand, without the lottery: papers and rosters must not depend on how a draw is computed.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd

from ssj_xlwings.types import Request, View
from ssj_xlwings.vocabulary.settings import BY_NAME as SETTINGS
from ssj_xlwings.vocabulary.tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path

BUREAU = "邯郸市市场监督管理局"
NOW = datetime(2026, 3, 12, 2, 30, tzinfo=UTC)
TASK = "13040020260310001"
SECRETS = {"veil": "5e" * 32, "ticket": "7a" * 32, "salt": "c4" * 16}

ITEMS = [
    ("DJ01", "营业执照（登记证）规范使用情况的检查", "是否将营业执照置于住所或经营场所的醒目位置；电子营业执照亮照情况；是否伪造、涂改、出租、出借、转让营业执照。", "营业执照正本、副本"),
    ("DJ02", "名称规范使用情况的检查", "印章、银行账户、牌匾、信笺所使用的名称是否与登记名称相同。", "印章；牌匾照片"),
    ("DJ03", "经营（驻在）期限的检查", "是否超过经营期限仍从事经营活动。", ""),
    ("DJ04", "法定代表人、自然人股东身份真实性的检查", "", "身份证明"),
    ("GS01", "年度报告公示信息的检查（通信地址、邮政编码、联系电话、电子邮箱、存续状态、投资信息、股东出资信息）",
     "逐项核对年度报告内容与实际情况是否一致；股东或者发起人认缴和实缴的出资额、出资时间、出资方式等信息是否真实；网站及从事网络经营的网店名称、网址等信息是否真实、完整、及时。", "年度报告；财务报表；出资凭证"),
    ("GS02", "即时公示信息的检查（有限责任公司股东认缴和实缴的出资额、股权转让、行政许可、知识产权出质登记、行政处罚信息）",
     "是否自信息形成之日起二十个工作日内通过企业信用信息公示系统公示。", "股东名册；许可证"),
]
UNITS = ["邯郸市丛台区市场监督管理局", "邯郸经济技术开发区市场监督管理局/综合行政执法大队", "武安市市场监督管理局"]
STAFF = [("张卫东", "1304020001"), ("李晓梅", "1304020002"), ("欧阳建国", "1304020003"), ("王磊", "1304020004"), ("王磊", "1304020005")]
FIRMS = [
    ("邯郸市丛台区东方红便利店（个体工商户）", "河北省邯郸市丛台区人民东路 12 号", 0, (0,), (0, 1)),
    ("河北冀南新能源汽车产业投资发展集团有限责任公司邯郸市丛台区第一分公司", "河北省邯郸市丛台区丛台东街道人民东路与东环路交叉口东南角冀南国际商务中心 A 座 23 层 2301-2306 室", 0, (0, 1, 2, 3, 4, 5), (2, 0)),
    ('=HYPERLINK("http://example.com")贸易行', "@SUM(1+1)街 3 号", 0, (0, 1), (1, 3)),
    ("邯郸开发区精工机械有限公司", "邯郸经济技术开发区和谐大街 19 号", 1, (0, 1, 2), (1, 2)),
    ("中共某街道党群服务中心", "邯郸经济技术开发区世纪大街 1 号", 1, (4,), (2, 1, 0)),
    ("武安市磁山镇鑫源铸造厂", "武安市磁山镇磁山一街村南", 2, (3, 5), (3, 4)),
    ("武安市阳光农产品种植专业合作社", "武安市大同镇小屯村", 2, (0, 1, 2, 3), (4, 0)),
]
CODES = ["92130402MA0XXXX01A", "91130402MA0XXXX02B", "92130402MA0XXXX03C", "91130400MA0XXXX04D", "", "91130481MA0XXXX05E", "93130481MA0XXXX06F"]
CLASSES = ["D", "A", "B", "C", "未评", "D", "B"]
RESULTS = {0: ("未发现问题", "", ""), 1: ("发现问题已责令改正", "", ""), 2: ("未发现问题", "", "涉及国家秘密，依法不公示"), 3: ("通过登记的住所（经营场所）无法联系", "退回", "")}


def digest(text: str) -> str:
    """A digest that is none of the protocol's, stable for golden files."""
    return hashlib.sha256(text.encode()).hexdigest()


def frame(table: str, rows: list[dict[str, str]]) -> pd.DataFrame:
    """Rows as a book would show them: first data row is sheet row 2, blanks are ""."""
    names = [column.name for column in next(one for one in TABLES if one.name == table).columns]
    return pd.DataFrame([{name: row.get(name, "") for name in names} for row in rows], columns=names, index=range(2, len(rows) + 2), dtype=object)


def subject(at: int) -> str:
    """The id of a firm in a draw."""
    return CODES[at] or FIRMS[at][0]


def log_rows(draws: bool = True, speakers: tuple[str, ...] = ("赵报数", "钱报数"), voids: bool = True) -> list[dict[str, str]]:
    """An attempt that was voided, then one that is frozen, and said and drawn if asked for."""
    rows: list[dict[str, str]] = []

    def add(event: str, attempt: str, time: str, note: str, **data: str) -> None:
        before = rows[-1]["hash"] if rows else ""
        number = str(len(rows) + 1)
        rows.append({"seq": number, "time": time, "task": TASK, "event": event, "attempt": attempt, "operator": "孙操作", "note": note,
                     "data": json.dumps(data, ensure_ascii=False), "before": before, "hash": digest(f"{number}{event}")})

    frozen = {"pool": "412", "slots": "、".join(speakers), "host": "周主持", "place": "市局三楼会议室", "scope": "主体类型为企业，且成立日期早于2025-01-01", "witnesses": "吴见证、郑见证"}
    if voids:
        add("冻结", "1", "2026-03-09T01:00:00Z", "", commitment=digest("old"), root=digest("r1"), plan=digest("p1"), folder=f"0001-{TASK}", **frozen)
        add("作废", "1", "2026-03-09T02:00:00Z", "", stage="已冻结未报数", reason="比例或数量错误", explain="C 类比例误填为百分之五十，需改正后重新抽取", approver="冯局长")
    seq = len(rows) + 1
    attempt = "2" if voids else "1"
    add("冻结", attempt, "2026-03-10T01:00:00Z", "", commitment=digest("new"), root=digest("root"), plan=digest("plan"), folder=f"{seq:04d}-{TASK}", **frozen)
    if draws:
        add("报数", attempt, "2026-03-10T01:20:00Z", "", commitment=digest("new"), said=json.dumps([list(pair) for pair in zip(speakers, ("384729", "000007"), strict=False)], ensure_ascii=False))
        add("抽取", attempt, "2026-03-10T01:21:00Z", "", commitment=digest("new"), record=hashlib.sha256(record_bytes()).hexdigest())
    return rows


def visits() -> list[dict[str, str]]:
    """The firms of the draw in calling order."""
    made = []
    for at, (name, address, unit, items, team) in enumerate(FIRMS):
        people = [STAFF[one] for one in team]
        made.append({
            "task": TASK, "no": str(at + 1), "subject": subject(at), "name": name, "address": address, "unit": UNITS[unit],
            "items": "、".join(ITEMS[one][0] for one in items), "leader": people[0][0], "members": "、".join(dict.fromkeys(one[0] for one in people[1:])),
            "attempt": "2", "class": CLASSES[at], "team": "、".join(one[1] for one in people),
            "dispatched": "2026-03-12" if at < 5 else "", "signed_by": "褚签收" if at < 3 else "",
        })
    return made


def results() -> list[dict[str, str]]:
    """Results of the first firms; the rest is still blank."""
    made = []
    for line in visits():
        for item in line["items"].split("、"):
            at = int(line["no"]) - 1
            result, review, withheld = RESULTS.get(at, ("", "", ""))
            made.append({
                "task": TASK, "subject": line["subject"], "name": line["name"], "item": item, "date": f"2026-03-{15 + at}" if result else "", "result": result,
                "problem": "牌匾名称与登记名称不一致，当场改正" if at == 1 else "", "follow_up": "责令改正并跟踪" if at == 1 else "", "review": review, "withheld": withheld,
                "recorder": line["leader"], "inspectors": line["leader"], "reviewer": "卫复核", "attempt": line["attempt"], "remark": "联系人陈老板 13900001111",
            })
    return made


def tables() -> dict[str, pd.DataFrame]:
    """All sheets of the book."""
    settings = {"bureau": BUREAU, "division": "130400", "year": "2026", "book": "130400-2026-7F3A", "phone": "0310-12315"}
    rows: dict[str, list[dict[str, str]]] = {
        "settings": [{"key": SETTINGS[name].key, "value": value} for name, value in settings.items()],
        "items": [{"code": code, "name": name, "kind": "一般检查事项", "basis": "《市场主体登记管理条例》第三十八条", "points": points, "materials": materials}
                  for code, name, points, materials in ITEMS],
        "units": [{"name": name, "level": "县局", "liaison": "联络人蒋", "phone": "13600002222"} for name in UNITS],
        "subjects": [{"name": FIRMS[at][0], "code": CODES[at], "address": FIRMS[at][1], "unit": UNITS[FIRMS[at][2]], "type": "企业", "class": CLASSES[at],
                      "legal_person": f"法人{at}号", "contact": f"联系人{at}号", "phone": f"1381234567{at}"} for at in range(len(FIRMS))],
        "inspectors": [{"name": name, "unit": UNITS[at % 3], "id": number, "until": "2027-12-31", "items": "全部", "phone": f"1370000111{at}", "post": "科员"}
                       for at, (name, number) in enumerate(STAFF)],
        "plans": [{"number": "13040020261000", "name": "2026年度市场主体登记事项双随机抽查计划", "kind": "内部联合", "items": "DJ01", "start": "2026-03-01", "end": "2026-11-30"}],
        "tasks": [{"number": TASK, "name": "2026年第一批登记事项和公示信息内部联合双随机抽查", "plan": "13040020261000", "items": "DJ01、DJ02", "start": "2026-03-16", "end": "2026-04-30"},
                  {"number": "", "name": "临时抽查", "items": "DJ01", "start": "2026-05-06", "end": "2026-05-29", "source": "投诉举报"}],
        "visits": visits(), "results": results(),
        "holidays": [{"date": "2026-03-13", "kind": "放假"}],
        "roster": [{"no": "1", "task_number": "13040020250601001", "task_name": "去年的任务", "name": "某商店", "code": "92130402MA0YYYY01A", "result": "未发现问题"},
                   {"no": "2", "task_number": TASK, "task_name": "旧", "name": FIRMS[0][0], "code": CODES[0], "item": ITEMS[0][1], "result": "旧结果", "remark": "已整改"}],
    }
    return {table.name: frame(table.name, rows.get(table.name, [])) for table in TABLES}


def record() -> dict[str, object]:
    """The draw record (`draw.json`) of the second attempt, secrets included."""
    drawn = [{"no": int(line["no"]), "id": line["subject"], "items": line["items"].split("、"), "ticket": SECRETS["ticket"], "team": line["team"].split("、")} for line in visits()]
    return {
        "protocol": "ssj-draw/1", "open_plan": {"attempt": 2}, "inner_plan": {"rates": {}, "salt": SECRETS["salt"]}, "nonce": digest("nonce"), "veil": SECRETS["veil"],
        "root": digest("root"), "plan": digest("plan"), "commitment": digest("new"), "said": [["赵报数", "384729"], ["钱报数", "000007"]], "seed": digest("seed"),
        "staff": [], "lines": [f"DJ01\tD\t40\t3\t{SECRETS['ticket']}\t{SECRETS['salt']}"], "visits": drawn, "alternates": {}, "checks": 19, "saved": 12, "log": digest("4报数"),
        "made": {"time": "2026-03-10T01:21:00Z", "place": "市局三楼会议室", "scope": "主体类型为企业，且成立日期早于2025-01-01", "host": "周主持", "witnesses": ["吴见证", "郑见证"], "software": "ssj_xlwings 0.1.0"},
    }


def record_bytes() -> bytes:
    """`draw.json` as it lies in the archive."""
    return json.dumps(record(), ensure_ascii=False).encode()


def request(folder: Path, *, draws: bool = True, speakers: tuple[str, ...] = ("赵报数", "钱报数"), **args: object) -> Request:
    """A request on the book; the archive of its draw lies beside it."""
    archive = folder / "抽取档案" / "130400-2026-7F3A" / f"0003-{TASK}"
    archive.mkdir(parents=True, exist_ok=True)
    (archive / "draw.json").write_bytes(record_bytes())
    return Request(
        args={"task": TASK, "out": folder / "out", **args}, now=NOW, operator="孙操作", entropy=bytes, progress=lambda _: None,
        book=folder / "台账.xlsx", view=View(tables()), log=log_rows(draws, speakers),
    )
