"""The protocol `ssj-draw/1` once more, as its text reads, in the plainest Python: nothing of the package is imported.

`python -m tests.lottery.plainly` works the cases below and writes `tests/golden/draws.json`, which package and page must
reproduce. It is slow, refuses nothing, and knows one way to do each thing; so whoever doubts a number can read how it comes about.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[1] / "golden" / "draws.json"
PROTOCOL = "ssj-draw/1"
WHITE = "".join(map(chr, [*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000]))


def d(*parts: str) -> str:
    """D(tag, a, b, …)."""
    return hashlib.sha256("\t".join((PROTOCOL, *parts)).encode()).hexdigest()


def by_bytes(texts) -> list[str]:
    return sorted(texts, key=lambda text: text.encode())


def normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip(WHITE)


def written(value: Any) -> str:
    """json(x); all texts here are normal, so that only the quotation mark and the backslash are escaped."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{written(key)}:{written(value[key])}" for key in by_bytes(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def split(size: int) -> int:
    """The largest power of two below."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def tree(texts: list[str]) -> bytes:
    """MTH of RFC 9162, 2.1.1."""
    if not texts:
        return hashlib.sha256(b"").digest()
    if len(texts) == 1:
        return hashlib.sha256(b"\x00" + texts[0].encode()).digest()
    at = split(len(texts))
    return hashlib.sha256(b"\x01" + tree(texts[:at]) + tree(texts[at:])).digest()


def root(texts: list[str]) -> str:
    return tree(texts).hex()


def path(at: int, texts: list[str]) -> list[str]:
    """PATH of RFC 9162, 2.1.3.1."""
    if len(texts) == 1:
        return []
    half = split(len(texts))
    if at < half:
        return [*path(at, texts[:half]), root(texts[half:])]
    return [*path(at - half, texts[half:]), root(texts[:half])]


def quota(size: int, rate: Any, minimum: int) -> int:
    """Step 9."""
    if isinstance(rate, dict):
        return min(size, rate["n"])
    if rate == "0":
        return 0
    return min(size, max(minimum, ceil(size * Fraction(rate))))


def plans(case: dict[str, Any], rows: list[tuple[str, str, list[str]]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The open and the inner plan of step 2."""
    outer = {
        "protocol": PROTOCOL, "bureau": "涉县市场监督管理局", "tasks": [case["task"]], "source": "投诉举报", "window": ["2026-03-02", "2026-04-30"],
        "items": by_bytes(case["rates"]), "pool": len(rows), "alternates": case["alternates"], "slots": [name for name, _ in case["said"]],
        "attempt": case["attempt"], "before": case["before"], "frozen": "2026-03-02T01:00:00Z", "mode": "现场报数",
    }
    strata: dict[str, int] = {}
    for _, stratum, _ in rows:
        strata[stratum] = strata.get(stratum, 0) + 1
    excluded = sorted([id_, reason] for id_, reason in case["excluded"])
    units = sorted([id_, unit] for id_, unit in case["jurisdiction"])
    inner = {
        "rates": case["rates"], "minimum": case["minimum"], "strata": strata, "excluded": {reason: [one for _, one in excluded].count(reason) for _, reason in excluded},
        "source_digest": case["source_digest"], "excluded_digest": d("excluded", written(excluded)), "staff": d("staff", written(case["staff"])),
        "teams": {"rule": "ssj-team/1", "size": 2, "jurisdiction": d("jurisdiction", written(units))} if units else {}, "salt": d("salt", case["veil"], "plan"),
    }
    return outer, inner


def team(case: dict[str, Any], key: str, subject: str, items: list[str], load: dict[str, int]) -> list[str]:
    """Step 13: who may come, the least loaded first, ties by lot."""
    unit = dict(map(tuple, case["jurisdiction"]))[subject]
    able = [
        one["id"] for one in case["staff"]
        if one["available"] and one["until"] >= "2026-04-30" and (one["city"] or one["unit"] == unit) and set(items) <= set(one["items"]) and subject not in one["recused"]
    ]
    found = sorted(able, key=lambda id_: (load[id_], d("lot", key, id_, subject)))[:2]
    for id_ in found:
        load[id_] += 1
    return found


def successions(case: dict[str, Any], rows, tickets: dict[str, str], holds: dict[str, set[str]]) -> list[list[str]]:
    """Step 15, for those who fall together: [fallen, item, successor] in ticket order of the fallen."""
    out, found = set(case["fallen"]), []
    for fallen in sorted(out, key=lambda id_: tickets[id_]):
        layer = next(stratum for id_, stratum, _ in rows if id_ == fallen)
        for item in by_bytes(item for item, ids in holds.items() if fallen in ids):
            holds[item].discard(fallen)
            scope = [id_ for id_, stratum, items in rows if stratum == layer and item in items]
            free = [id_ for id_ in scope if id_ not in out and id_ not in holds[item]]
            successor = min(free, key=lambda id_: tickets[id_], default="")
            holds[item].add(successor)
            found.append([fallen, item, successor])
    return found


def worked(case: dict[str, Any]) -> dict[str, Any]:
    """A case with everything that the protocol computes of it."""
    rows = sorted(((normal(id_), normal(stratum), by_bytes(map(normal, items))) for id_, stratum, items in case["pool"]), key=lambda row: row[0].encode())
    strata = {id_: stratum for id_, stratum, _ in rows}
    hide = {id_: d("hide", case["veil"], id_) for id_ in strata}
    leaves = [f"{id_}\t{','.join(items)}\t{d('seal', hide[id_][32:], hide[id_][:32], stratum)}" for id_, stratum, items in rows]
    outer, inner = case.get("plans") or plans(case, rows)
    inner_digest = d("inner", written(inner))
    plan = d("plan", written(outer), inner_digest)
    commitment = d("commit", case["nonce"], root(leaves), plan)
    seed = d("seed", case["nonce"], root(leaves), plan, *(f"{name}={value}" for name, value in case["said"]))
    keys = {purpose: d("key", seed, purpose) for purpose in ("subject", "team", "call")}
    tickets = {id_: d("ticket", keys["subject"], id_, hide[id_][:32]) for id_ in strata}
    result: dict[str, dict[str, Any]] = {}
    lines = []
    for item, rates in case["rates"].items():
        for stratum, rate in rates.items():
            scope = sorted((id_ for id_, layer, items in rows if layer == stratum and item in items), key=lambda id_: tickets[id_])
            n = quota(len(scope), rate, case["minimum"])
            last = tickets[scope[n - 1]] if n else ""
            result.setdefault(item, {})[stratum] = {"N": len(scope), "n": n, "drawn": scope[:n], "alternates": scope[n : n + case["alternates"]], "last": last}
            lines.append("\t".join((item, stratum, str(len(scope)), str(n), last, d("salt", case["veil"], "cut", item, stratum))))
    lines = by_bytes(lines)
    holds = {item: {id_ for cut in cuts.values() for id_ in cut["drawn"]} for item, cuts in result.items()}
    winners = sorted({id_ for ids in holds.values() for id_ in ids}, key=lambda id_: d("call", keys["call"], id_))
    load = {one["id"]: 0 for one in case["staff"]}
    visits = []
    for id_ in winners:
        items = by_bytes(item for item, ids in holds.items() if id_ in ids)
        visits.append({"id": id_, "items": items, "team": team(case, keys["team"], id_, items, load) if case["staff"] else []})
    public = {
        "protocol": PROTOCOL, "open_plan": outer, "inner_digest": inner_digest, "nonce": case["nonce"], "root": root(leaves), "plan": plan, "commitment": commitment,
        "said": case["said"], "seed": seed, "lines_root": root(lines), "lines_size": len(lines), "drawn": len(visits),
        "winners": [{"no": no, "id": visit["id"], "name": "", "items": visit["items"]} for no, visit in enumerate(visits, 1)], "record_digest": "0" * 64, "log": "0" * 64,
    }
    receipts = []
    for at in sorted({0, len(rows) // 2, len(rows) - 1}) if rows else []:
        id_, stratum, items = rows[at]
        cuts = [next(no for no, line in enumerate(lines) if line.startswith(f"{item}\t{stratum}\t")) for item in items]
        receipts.append({
            "protocol": PROTOCOL, "commitment": commitment, "root": root(leaves), "id": id_, "index": at, "size": len(leaves), "line": leaves[at], "path": path(at, leaves),
            "verdict": next((visit["items"] for visit in visits if visit["id"] == id_), []), "stratum": stratum, "salt": hide[id_][32:], "blind": hide[id_][:32],
            "ticket": tickets[id_], "lines_root": root(lines), "cuts": [{"line": lines[no], "index": no, "size": len(lines), "path": path(no, lines)} for no in cuts],
        })
    return {
        **case, "leaf_lines": leaves, "root": root(leaves), "open_plan": outer, "inner_plan": inner, "open_text": written(outer), "inner_digest": inner_digest, "plan": plan,
        "commitment": commitment, "seed": seed, "keys": keys, "tickets": tickets, "result": result, "visits": visits, "checks": sum(cut["n"] for by in result.values() for cut in by.values()),
        "cut_lines": lines, "lines": root(lines), "receipts": receipts, "public": public, "successions": successions(case, rows, tickets, holds),
    }


def case(name: str, pool: list[list[Any]], rates: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A case to work, each with secrets of its own."""
    given = {
        "name": name, "task": "130426202603020001", "pool": pool, "rates": rates, "minimum": 1, "alternates": 2, "said": [["张三", "384729"], ["李四", "000007"]], "attempt": 1,
        "before": "", "nonce": hashlib.sha256(f"nonce {name}".encode()).hexdigest(), "veil": hashlib.sha256(f"veil {name}".encode()).hexdigest(),
        "source_digest": hashlib.sha256(name.encode()).hexdigest(), "excluded": [], "staff": [], "jurisdiction": [], "fallen": [],
    }
    return {**given, **more}


def firms(count: int, layers: str, sets: list[list[str]]) -> list[list[Any]]:
    """Made-up codes in an order of no meaning."""
    return [[f"9113042{at * 7 % 10}MA{at * 7919 % 10**8:08d}X", layers[at % len(layers)], sets[at // 2 % len(sets)]] for at in range(count)]


def cases() -> list[dict[str, Any]]:
    """What a port gets wrong: ceilings in binary floats, order by UTF-16, unnormal texts, ends of scopes, loads and recusals."""
    crossing = firms(100, "AABCDAAB", [["SP01", "DJ01"], ["DJ01", "GS01"], ["DJ01"], ["GS01", "SP01", "DJ01"]])
    manned = firms(40, "ABC", [["DJ01"], ["DJ01", "SP01"]])
    ids = [row[0] for row in manned]
    staff = [
        {"id": f"冀E{at:02d}", "unit": ("井店所", "涉城所", "县局")[at % 3], "city": at % 3 == 2, "items": ["DJ01", "SP01"] if at % 4 else ["DJ01"],
         "until": "2026-04-30" if at % 5 else "2026-04-29", "recused": by_bytes(ids[at::13]), "available": at != 7}
        for at in range(16)
    ]
    texts = ["𠮷野家（涉县）", "（有限公司）", "\uffe5店", "Cafe\u0301 ", "\u3000井店 集贸市场\u00a0", "a", "Z", "00", '企业"甲"', "企业\\乙", "각", "𝒜面馆"]
    return [
        case("items that cross, ceilings that floats get wrong", crossing, {
            "DJ01": {"A": "0.28", "B": "0.14", "C": "0.5", "D": "1"}, "GS01": {"A": "0.07", "B": "0.3", "C": {"n": 2}, "D": "0"},
            "SP01": {"A": "0.000000000000000000001", "B": "0.999999999999999999", "C": "0.1", "D": {"n": 0}, "E": "0.5"},
        }, minimum=0, attempt=3, before="ab" * 32, excluded=[["91130426MA0000000X", "90 天内已查"], ["井店集市", "白名单"], ["91130426MA0000001X", "白名单"]]),
        case("teams, recusals, an absence, firms replaced", manned, {"DJ01": {"A": "0.5", "B": "0.3", "C": "0.2"}, "SP01": {"A": {"n": 4}, "B": "0.3", "C": "1"}},
             staff=staff, jurisdiction=[[id_, ("井店所", "涉城所")[at % 2]] for at, id_ in enumerate(ids)], alternates=1),
        case("texts that need care, everyone drawn but one", [[text, "层\u3000" if at % 2 else "e\u0301", ["项目"]] for at, text in enumerate(texts)],
             {"项目": {"层": {"n": 5}, "\u00e9": "1"}}, said=[["王·五", "000000"], ["\u00e9", "999999"], ["丙", "010203"]], alternates=9),
        case("one stratum, a number, one speaker (a quick draw)", [[f"第{at}人", "全部", ["抽取"]] for at in range(60)], {"抽取": {"全部": {"n": 5}}},
             task="快抽-20260302-01", minimum=0, alternates=0, said=[["甲", "314159"]]),
        case("nobody in the pool", [], {"DJ01": {"A": "0.5"}}),
    ]


def whole() -> dict[str, Any]:
    """The file: cases, tree roots, JSON texts, and what must be refused."""
    done = [worked(one) for one in cases()]
    done[1] = worked({**cases()[1], "fallen": by_bytes(visit["id"] for visit in done[1]["visits"][2:9])})
    sizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 100]
    values = [{"𠮷": 1, "（": 2, "\ue000": [True, False], "a": {}}, [], '\\"', {"b": [{"z": 0, "A": 9007199254740991}]}]
    return {
        "protocol": PROTOCOL, "cases": done, "json": [{"value": value, "json": written(value)} for value in values],
        "trees": {"roots": [{"leaves": size, "root": root([f"leaf {at}" for at in range(size)])} for size in sizes]}, "refused": REFUSED,
    }


REFUSED = {
    "pool": [
        {"why": why, "value": value} for why, value in (
            ("an empty id", [["", "A", ["X"]]]), ("an empty stratum", [["1", "", ["X"]]]), ("no items", [["1", "A", []]]), ("an empty item", [["1", "A", ["X", ""]]]),
            ("an item twice", [["1", "A", ["X", "X"]]]), ("a comma in an item", [["1", "A", ["X,Y"]]]), ("the same id", [["1", "A", ["X"]], ["1", "B", ["X"]]]),
            ("the same after NFKC", [["\uff11", "A", ["X"]], ["1", "A", ["X"]]]), ("the same in upper case", [["ab", "A", ["X"]], ["AB", "A", ["X"]]]),
            ("the same without white space", [["井店 市场", "A", ["X"]], ["井店市场", "A", ["X"]]]), ("a character nobody sees", [["1\u200b", "A", ["X"]]]),
            ("a filler", [["1\u3164", "A", ["X"]]]), ("a variation selector", [["1", "A\ufe0f", ["X"]]]), ("a tab", [["1\t2", "A", ["X"]]]),
        )
    ],
    "rates": ["", "0.0", "00", "1.0", "01", ".5", "0.", "0.50", "1.1", "2", "3%", "3e-2", "-0.1", "+0.1", " 0.1", "\uff10.1", 1, 0, True, {"n": -1}, {"n": 1000000001}, {"n": "5"},
              {"n": 5, "m": 1}, {}, []],
    "said": [[], [["甲", "12345"]], [["甲", "1234567"]], [["甲", "\uff11\uff12\uff13\uff14\uff15\uff16"]], [["甲", "12345 "]], [["甲", "-12345"]], [["甲", "000001"], ["甲", "000002"]],
             [["", "000001"]], [["甲=乙", "000001"]]],
}

if __name__ == "__main__":
    FILE.write_text(json.dumps(whole(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
