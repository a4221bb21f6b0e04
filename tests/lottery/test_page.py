"""The verifier page in Chromium: what Python says, it says too; nothing is sent anywhere."""

from __future__ import annotations

import base64
import json
import os
import random
import shutil
import time
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from ssj_xlwings.lottery import page, pool, receipt, record
from ssj_xlwings.lottery.digest import canonical, parse, pretty
from ssj_xlwings.lottery.public import verify_public
from ssj_xlwings.lottery.verify import verify
from ssj_xlwings.types import Refusal
from tests.browser import browser, needs_chromium
from tests.lottery import sample
from tests.lottery.test_record import POOL, edit, line_of
from tests.lottery.test_replace import BAD_GROUNDS, GROUND
from tests.lottery.test_vectors import BOTH, OWN, case_of, entered, vectors
from tests.lottery.test_verify import RECORD_CHANGES, SCOPES, TAMPERINGS, containers, redraw

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["vectors"]
LOG = "抽取记录.jsonl"
ASK = """
const [files, slip, done] = arguments;
const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
examine(files.map(([name, data]) => [name, bytes(data)]), slip, async () => {}).then((reports) => done({ reports }),
  (why) => done(why instanceof No ? { refused: why.message } : { broken: String(why.stack) }));
"""


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A finished draw: its folder, with the log among the files, and the page beside it."""
    place, chain = tmp_path_factory.mktemp("page") / "1-任务", []
    sample.ceremony(place, chain)
    (place / LOG).write_text("".join(canonical(row) + "\n" for row in chain), encoding="utf-8")
    (place.parent / "核验.html").write_bytes(page.html())
    return place


@pytest.fixture(scope="module")
def tab(done, tmp_path_factory):
    """Chromium with the page open from its file."""
    needs_chromium()
    with browser(tmp_path_factory.mktemp("profile")) as driver:
        driver.get((done.parent / "核验.html").as_uri())
        yield driver


@pytest.fixture
def copy(done, tmp_path):
    shutil.copytree(done, tmp_path / "copy")
    return tmp_path / "copy"


def ask(tab, given: Iterable[tuple[str, bytes]], slip: str = "") -> Any:
    """What the page's engine answers to files."""
    packed = [[name, base64.b64encode(data).decode()] for name, data in given]
    found = tab.execute_async_script(ASK, packed, slip)
    assert "broken" not in found, found
    return found


def of_folder(place: Path) -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in sorted(place.iterdir())]


def steps(answer: Any) -> list[tuple[int, str, str, str]]:
    """The steps of the one report, as Python's verdict has them."""
    assert "reports" in answer, answer
    return [(step["no"], step["title"], step["result"], step["sentence"]) for step in answer["reports"][0]["steps"]]


def python(place: Path) -> list[tuple[int, str, str, str]]:
    """What Python says of the same folder, its log file beside it."""
    from ssj_xlwings.lottery import log

    return [tuple(step) for step in verify(place, log=log.read(place / LOG)).steps]


def the_same(tab, place: Path) -> tuple[int, str, str, str] | None:
    """The page and Python stop at the same step; the step, and in whose words."""
    seen, want = steps(ask(tab, of_folder(place))), python(place)
    assert [step[:3] for step in seen] == [step[:3] for step in want], (place, seen, want)
    return next((step for step in seen if step[2] == "否"), None)


def test_green(tab, done):
    """A whole record is green, in Python's very words, with every step done but the slip and the source, and these named."""
    answer = ask(tab, of_folder(done))
    assert steps(answer)[:12] == python(done)[:12]
    assert answer["reports"][0]["ok"]
    assert "纸上承诺值、与名录库对照" in "".join(answer["reports"][0]["summary"])
    assert "事后重做" in "".join(answer["reports"][0]["summary"])
    commitment = json.loads((done / "draw.json").read_bytes())["commitment"]
    paper = ask(tab, of_folder(done), f"{commitment[:4]} {commitment[4:9].upper()}")
    assert steps(paper)[1][2] == "是"
    assert paper["reports"][0]["open"] == ["与名录库对照", "纸上的报数"]
    assert "承诺值不管报的数" in "".join(paper["reports"][0]["summary"])
    assert steps(ask(tab, of_folder(done), "f" * 8))[1][2] == "否"
    assert "承诺值" in ask(tab, of_folder(done), "abc")["refused"]


@pytest.mark.parametrize(("file", "old", "new", "step", "words"), TAMPERINGS)
def test_tampering(tab, copy, file, old, new, step, words):
    """Each change to each file of a record is red at the step where Python stops, naming the place."""
    edit(copy / file, old.encode(), new.encode())
    found = the_same(tab, copy)
    assert found is not None
    assert found[0] == step
    if words not in ("None", "密封.json 和抽取时不一样，第 2 行", "frozen.json 和抽取时不一样，第"):  # Python's own None; lines it names by writing the file anew
        assert any(word in found[3] for word in words.split("|")), found


@pytest.mark.parametrize(("change", "step", "words"), RECORD_CHANGES)
def test_changed_record(tab, copy, change, step, words):
    """Each change to the values of draw.json is red at its step, with its place."""
    (copy / LOG).unlink()
    redraw(copy, change)
    answer = next(found for found in steps(ask(tab, of_folder(copy))) if found[2] == "否")
    assert answer[0] == step, answer
    for word in words:
        assert word in answer[3]


@pytest.mark.parametrize("what", POOL)
def test_changed_pool(tab, copy, what):
    """One change in the pool is red and names the line, in Python's words."""
    line = line_of(copy, 17)
    edit(copy / "pool.tsv", line, POOL[what](line))
    found = the_same(tab, copy)
    assert found in python(copy)
    assert "pool.tsv 第" in found[3]


@pytest.mark.parametrize("file", ["draw.json", "public.json", "checksums.json", LOG])
def test_nonsense(tab, copy, file):
    """Whatever stands in place of a value, page and Python stop at the same step; the page never breaks."""
    original = [json.loads(line) for line in (copy / file).read_text(encoding="utf-8").split("\n") if line] if file == LOG else json.loads((copy / file).read_bytes())
    chance = random.Random(5)
    places = [path for path in containers(original) if path]
    for path in chance.sample(places, min(12, len(places))):
        for nonsense in (-5, True, "x", "", [], {}, {"n": 5}, 10**12, "gone"):
            changed = json.loads(json.dumps(original))
            at = changed
            for key in path[:-1]:
                at = at[key]
            if nonsense == "gone":
                del at[path[-1]]
            else:
                at[path[-1]] = nonsense
            if file == LOG:
                (copy / file).write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in changed), encoding="utf-8")
            else:
                (copy / file).write_text(json.dumps(changed, ensure_ascii=False), encoding="utf-8")
            try:
                python(copy)
            except Refusal:  # a log file that cannot be read is refused by Python before any step
                assert steps(ask(tab, of_folder(copy)))[9][2] == "否", (path, nonsense)
            else:
                the_same(tab, copy)


@pytest.mark.parametrize("text", [
    '{"a":1,"a":1}', '{"a":1.0}', '{"a":1e3}', '{"a":NaN}', '{"a":null}', '{"a":9007199254740992}', '{"a":-9007199254740991}', '{"a":"\\u0041"}', '{"a":"\\ud800"}',
    '{"a":"x "}', '{"a":"x\\ty"}', '{"a":"e\u0301"}', '{"\u200b":1}', '{"a":01}', "{'a':1}", "[1,]", '{"a":1,}', "", "  ", '{"a":1} x', '{"a":"x\ny"}', '{"__proto__":{"a":1}}',
    "[" * 2000 + "]" * 2000, '{"a":-0}', '"\U00020000"', '{"\U00020000":1,"\uffee":2}', '{"a":true,"b":false}', "[-]", '"\\x"', "\ufeff1",
])
def test_json(tab, text):
    """JSON is read and refused as Python reads and refuses it, and written back the same."""
    try:
        want = canonical(parse(text, "x"))
    except Refusal:
        want = None
    seen = tab.execute_script('try { return canonical(parse(arguments[0], "x")); } catch (why) { if (why instanceof No) return null; throw why; }', text)
    assert seen == want


def test_characters(tab):
    """Every character of Unicode's first two planes and of tags is normal, or folded, as in Python; order is by bytes.

    Characters younger than Python's own tables are left out: the browser may know them already.
    """
    import unicodedata

    from ssj_xlwings.vocabulary.text import folded, is_normal

    codes = [code for code in (*range(0x20000), *range(0xE0000, 0xE1000)) if not 0xD800 <= code < 0xE000]
    seen = tab.execute_script("return arguments[0].map((code) => { const text = 'a' + String.fromCodePoint(code) + 'b'; return [isNormal(text), folded(text)]; });", codes)
    known = [(chr(code), normal, key) for code, (normal, key) in zip(codes, seen, strict=True) if all(unicodedata.category(char) != "Cn" for char in chr(code) + key)]
    assert len(known) > 80_000
    assert not [char for char, normal, key in known if normal != is_normal(f"a{char}b") or key != folded(f"a{char}b")]
    texts = ["a", "", "ab", "\uffee", "\U00020000", "中", "é", "\ud7ff", "\ue000", "\U0010ffff"]
    assert tab.execute_script("return arguments[0].sort(order)", texts) == sorted(texts)


def vector_files(case: dict[str, Any]) -> list[tuple[str, bytes]]:
    """A record with the vectors' own numbers, nothing computed by our Python but the order of the pool."""
    drawn = {visit["id"]: case["tickets"][visit["id"]] for visit in case["visits"]}
    visits = [{"no": no, "name": "x", "team": [], **visit, "ticket": drawn[visit["id"]]} for no, visit in enumerate(case["visits"], 1)]
    rows, excluded, units = pool.ordered(entered(case["pool"])), sorted(case.get("excluded", [])), sorted(case.get("jurisdiction", []))
    draw = {
        **{key: case[key] for key in ("open_plan", "inner_plan", "nonce", "veil", "root", "plan", "commitment", "said", "seed", "checks")}, "protocol": "ssj-draw/1",
        "pool": {"file": "pool.tsv", "size": len(rows)}, "excluded": {"file": "excluded.tsv", "size": len(excluded)}, "jurisdiction": {"file": "jurisdiction.tsv", "size": len(units)},
        "staff": case.get("staff", []), "lines": case["cut_lines"], "lines_root": case["lines"], "visits": visits, "saved": case["checks"] - len(visits), "log": "0" * 64,
        "alternates": {item: {stratum: cut["alternates"] for stratum, cut in strata.items()} for item, strata in case["result"].items()}, "published": True,
        "made": {"time": "", "place": "", "host": "", "witnesses": [], "software": ""}, "files": {},
    }
    tables = {"pool.tsv": "".join(line + "\n" for line in pool.lines(rows)).encode(), "excluded.tsv": tsv(excluded)}
    tables |= {"jurisdiction.tsv": tsv(units)} if units else {}
    draw["files"] = {name: sha256(data).hexdigest() for name, data in tables.items()}
    replaced = tsv([[*one, "注销", "登记系统截图", "赵局长", "2026-03-05T01:00:00Z", "0" * 64] for one in case.get("successions", [])])
    return [("draw.json", json.dumps(draw, ensure_ascii=False).encode()), *tables.items(), *([("replace.tsv", replaced)] if replaced else [])]


def tsv(rows: Iterable[Iterable[str]]) -> bytes:
    return "".join("\t".join(row) + "\n" for row in rows).encode()


@pytest.mark.parametrize(("which", "name"), BOTH)
def test_vectors(tab, which, name):
    """The worked cases are green from the first step to the last that they hold, and one changed digit is red."""
    case = case_of(which, name)
    given = vector_files(case)
    results = [step[2] for step in steps(ask(tab, given))]
    assert results == ["是", "未核", "是", "是", "是", "是", "是", "是", "是", "未核", "未核", "是", "未核"]
    for key, step in (("root", 4), ("plan", 5), ("commitment", 6), ("seed", 7), ("lines", 8)):
        old = case[key].encode()
        changed = [(file, data.replace(old, b"0" * 64) if file == "draw.json" else data) for file, data in given]
        assert next(found[0] for found in steps(ask(tab, changed)) if found[2] == "否") == step
    found = case["receipts"] if which == "own" else [case["receipt"]] if "receipt" in case else []
    for one in found:
        seen = tab.execute_script("const r = arguments[0]; return [rootOfPath(r.line, r.index, r.size, r.path), r.cuts.map((c) => rootOfPath(c.line, c.index, c.size, c.path)), D('seal', r.salt, r.blind, r.stratum)]", one)
        assert seen == [case["root"], [case["lines"]] * len(one["cuts"]), one["line"].split("\t")[2]]


@pytest.mark.parametrize("case", OWN["cases"], ids=lambda case: case["name"])
def test_our_vectors_further(tab, case):
    """Teams, successions, the public record and whole receipts of our own vectors are green; another team or successor is red at its step."""
    given = vector_files(case)
    teams, lines = [visit["team"] for visit in case["visits"]], case["successions"]
    if any(teams):
        changed = [(file, data.replace(json.dumps(teams[0]).encode(), json.dumps(teams[0][::-1]).encode(), 1) if file == "draw.json" else data) for file, data in escaped(given)]
        assert next(found[0] for found in steps(ask(tab, changed)) if found[2] == "否") == 9
    if lines:
        assert lines[0][2]
        other = next(row for row in case["tickets"] if row not in {id_ for line in lines for id_ in line} | {visit["id"] for visit in case["visits"]})
        changed = [(file, data.replace(lines[0][2].encode(), other.encode(), 1) if file == "replace.tsv" else data) for file, data in given]
        assert next(found[0] for found in steps(ask(tab, changed)) if found[2] == "否") == 12
    public = json.dumps(case["public"], ensure_ascii=False).encode()
    assert {step[2] for step in steps(ask(tab, [("public.json", public)], case["commitment"]))} == ({"是"} if case["visits"] else {"是", "未核"})  # no order to check
    for one in case["receipts"]:
        answer = ask(tab, [("回执.json", json.dumps(one, ensure_ascii=False).encode()), ("public.json", public)], case["commitment"])
        assert {step[2] for step in steps(answer)} == {"是"}


def escaped(given: Iterable[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """The same files, JSON written in ASCII."""
    return [(file, json.dumps(json.loads(data)).encode() if file.endswith(".json") else data) for file, data in given]


def test_vectors_primitives(tab, vectors):
    """Trees of all sizes, JSON texts, and every refusal of the vectors that a file can carry."""
    roots = tab.execute_script("return arguments[0].map((n) => treeRoot(Array.from({ length: n }, (_, i) => `leaf ${i}`)))", [case["leaves"] for case in vectors["trees"]["roots"]])
    assert roots == [case["root"] for case in vectors["trees"]["roots"]]
    for case in vectors["json"]:
        assert tab.execute_script("return canonical(parse(arguments[0], 'x'))", case["json"]) == case["json"]
    refuses = "try { %s; return false; } catch (why) { if (why instanceof No) return true; throw why; }"
    for bad in vectors["refused"]["rates"]:
        assert tab.execute_script(refuses % "checkRate(arguments[0])", bad), bad
    for said in vectors["refused"]["said"]:
        slots = [name for name, _ in said]
        assert tab.execute_script(refuses % "seedOf({ said: arguments[0], open_plan: { slots: arguments[1] }, nonce: '', root: '', plan: '' })", said, slots), said
    for bad in vectors["refused"]["pool"]:
        if "comma" in bad["why"]:  # in pool.tsv that is two items
            continue
        data = "".join("\t".join((id_, stratum, ",".join(items))) + "\n" for id_, stratum, items in sorted(bad["value"])).encode()
        assert tab.execute_async_script(
            "const done = arguments[1]; readPool(new TextEncoder().encode(arguments[0]), async () => {}).then(() => done(false), (why) => done(why instanceof No))", data.decode()), bad


@pytest.mark.parametrize("what", ["true", "no log", "none", "successor", *BAD_GROUNDS, "team", "missing", "short"])
def test_replacements(tab, tmp_path, what):
    """Step 12, with the log and without, is answered as Python answers it: true replacements, and tampered ones of every kind."""
    from ssj_xlwings.lottery import replace

    place, chain = tmp_path / "1-任务", []
    drawn = sample.ceremony(place, chain)
    frozen = record.load_frozen(place)
    roll = replace.Roll(frozen, drawn)
    ids = [visit.id for visit in drawn.visits]
    for out, begun in ((ids[1:3], ids[5:]), (ids[4:5], ()), (ids[7:11], ids[12:14])) if what != "none" else ():
        found, visits = roll.fall([id_ for id_ in out if id_ in roll.visits], begun)
        if what == "team":
            visits[0] = replace.Visit(visits[0].no, visits[0].id, visits[0].items, visits[0].ticket, visits[0].team[::-1])
        if what == "successor":
            found[0] = found[0]._replace(successor=ids[-1])
        sample.add(chain, "补抽", replace.row_data(frozen, found, visits, BAD_GROUNDS.get(what, GROUND)))
    table = replace.table(replace.logged(chain, frozen.commitment))
    if what not in ("missing", "none"):
        (place / record.REPLACE).write_bytes(table.split(b"\n", 1)[1] if what == "short" else table)
    (place / LOG).write_text("".join(canonical(row) + "\n" for row in chain), encoding="utf-8")
    if what == "no log":
        (place / LOG).unlink()
        seen, want = steps(ask(tab, of_folder(place)))[11], tuple(verify(place).steps[11])
    else:
        seen, want = steps(ask(tab, of_folder(place)))[11], python(place)[11]
    assert seen[:3] == want[:3], (seen, want)
    assert seen[2] == ("是" if what in ("true", "no log", "none") else "否")
    if what != "team":  # Python's own way to write a list
        assert seen == want


def receipts(done) -> dict[str, bytes]:
    """Receipts of a drawn and an undrawn firm, of one that took its items by replacement and of the one that left, short and full."""
    draw = parse((done / "draw.json").read_text(encoding="utf-8"), "draw.json", "\t")
    rows = pool.read((done / "pool.tsv").read_bytes())
    drawn = {visit["id"] for visit in draw["visits"]}
    two = next(visit["id"] for visit in draw["visits"] if len(visit["items"]) == 2)
    firms = {"中": two, "不中": next(row.id for row in rows if row.id not in drawn)}
    made = {f"{word}-{full}": receipt.make(draw, rows, id_, full=full) for word, id_ in firms.items() for full in (False, True)}
    items = next(row.items for row in rows if row.id == firms["不中"])
    data = {"commitment": draw["commitment"], "rows": canonical([[two, item, firms["不中"]] for item in items])}
    log = [{"event": "补抽", "seq": "9", "hash": "a" * 64, "data": canonical(data)}]
    made |= {f"{word}-{full}": receipt.make(draw, rows, id_, full=full, log=log) for word, id_ in (("接替", firms["不中"]), ("退出", two)) for full in (False, True)}
    return {name: pretty(one, "\t") for name, one in made.items()}


def test_receipts(tab, done):
    """A receipt with its public record is green in Python's words; alone it is not checked."""
    public = (done / "public.json").read_bytes()
    commitment = json.loads(public)["commitment"]
    for data in receipts(done).values():
        answer = ask(tab, [("回执.json", data), ("public.json", public)], commitment[:8])
        verdict = receipt.verify_receipt(data, public, commitment[:8], "回执.json")
        assert verdict.ok
        assert steps(answer) == [tuple(step) for step in verdict.steps]
        assert tuple(answer["reports"][0]["summary"]) == verdict.summary
        assert "public.json" in ask(tab, [("回执.json", data)])["refused"]


def test_tampered_receipts(tab, done):
    """Any changed value of a receipt, or of the public record beside it, is answered as Python answers it, and red where it proves something."""
    public = (done / "public.json").read_bytes()
    for name, data in receipts(done).items():
        original = json.loads(data)
        for path in [path for path in containers(original) if path and path[-1] != "log"]:  # the row of the log is the bureau's word
            changed = json.loads(data)
            at = changed
            for key in path[:-1]:
                at = at[key]
            old = at[path[-1]]
            at[path[-1]] = old + 1 if type(old) is int else not old if type(old) is bool else ("0" if old[0] != "0" else "1") + old[1:] if isinstance(old, str) and old else ["X"]
            tampered = json.dumps(changed, ensure_ascii=False).encode()
            verdict = receipt.verify_receipt(tampered, public, file="回执.json")
            assert not verdict.ok, (name, path)
            assert [found[:3] for found in steps(ask(tab, [("回执.json", tampered), ("public.json", public)]))] == [tuple(step)[:3] for step in verdict.steps], (name, path)


def test_public(tab, done):
    """A public record alone is checked in Python's words and says that it does not prove who was drawn; each changed value is red or proves nothing by itself."""
    public = (done / "public.json").read_bytes()
    verdict = verify_public(public)
    answer = ask(tab, [("public.json", public)])
    assert steps(answer) == [tuple(step) for step in verdict.steps]
    assert tuple(answer["reports"][0]["summary"]) == verdict.summary
    assert "票号和等级不公开" in "".join(verdict.summary)
    original = json.loads(public)
    for key in original:
        changed = {**original, key: original[key][::-1] if isinstance(original[key], (list, str)) else original[key] + 1 if isinstance(original[key], int) else {**original[key], "bureau": "别处"}}
        tampered = json.dumps(changed, ensure_ascii=False).encode()
        verdict = verify_public(tampered)
        assert verdict.ok == (key in ("lines_root", "lines_size", "record_digest", "log")), key
        assert steps(ask(tab, [("public.json", tampered)])) == [tuple(step) for step in verdict.steps], key


def test_a_single_speaker(tab):
    """The page says of one speaker alone what Python says."""
    from ssj_xlwings.lottery.said import unwitnessed

    alone, two = [["甲", "000001"]], [["甲", "000001"], ["乙", "000002"]]
    page_says = "try { return unwitnessed({ said: arguments[0], open_plan: { items: arguments[1] } }); } catch (why) { if (why instanceof No) return why.message; throw why; }"
    for said, items in ((alone, ["抽取"]), (two, ["抽取"]), (two, ["DJ01"])):
        assert tab.execute_script(page_says, said, items) == unwitnessed(said, items)
    for items in (["DJ01"], ["DJ01", "抽取"], ["抽取", "抽取"]):
        with pytest.raises(Refusal) as why:
            unwitnessed(alone, items)
        assert tab.execute_script(page_says, alone, items) == str(why.value)


@pytest.mark.parametrize(("conditions", "words"), SCOPES)
def test_another_scope_than_the_log_keeps(tab, tmp_path, conditions, words):
    """The page names the condition by which pool and log differ, in Python's words."""
    from ssj_xlwings.lottery import log

    chain: list[dict[str, str]] = []
    sample.ceremony(tmp_path / "1-任务", chain, scope=conditions)
    for row in chain:
        log.append(tmp_path / "1-任务" / LOG, row)
    found = the_same(tab, tmp_path / "1-任务")
    assert found in python(tmp_path / "1-任务") or words == "locked"  # a list out of form is written as each language writes it
    assert words in found[3]


def test_voids(tab, done, copy):
    """What a public record says of a void the page says too: of a voided draw, alone and with its folder and log, and of a freeze
    voided undrawn; marks that are missing, made up or damaged are answered as Python answers them.
    """
    from ssj_xlwings.lottery import log, voided

    chain = log.read(done / LOG)
    dropped = chain[:1]
    for kept in (chain, dropped):
        sample.add(kept, "作废", {"stage": "已冻结未报数", "reason": "其他"})
    dropped[0] = {**dropped[0], "data": canonical({**log.data(dropped[0]), "slots": "张三、李四"})}
    original = json.loads((copy / "public.json").read_bytes())
    marked, undrawn = {**original, "voided": voided.mark(chain[-1])}, voided.undrawn(dropped, dropped[-1])
    cases = [marked, undrawn, {**marked, "voided": {"stage": "x"}}, *({**undrawn, key: ["X"] if isinstance(undrawn[key], str) else "X"} for key in undrawn)]
    cases += [{key: value for key, value in undrawn.items() if key != gone} for gone in undrawn]
    for case in cases:
        data = json.dumps(case, ensure_ascii=False).encode()
        verdict = verify_public(data, case["commitment"][:8] if isinstance(case.get("commitment"), str) else "")
        answer = ask(tab, [("public.json", data)], case["commitment"][:8] if isinstance(case.get("commitment"), str) else "") if case.get("voided") and "commitment" in case else None
        if answer:
            assert [found[:3] for found in steps(answer)] == [tuple(step)[:3] for step in verdict.steps], case
    for case in (marked, undrawn):
        data = pretty(case)
        verdict, answer = verify_public(data), ask(tab, [("public.json", data)])
        assert verdict.ok
        assert steps(answer) == [tuple(step) for step in verdict.steps]
        assert tuple(answer["reports"][0]["summary"]) == verdict.summary
    for rows, public, ok in ((chain, marked, True), (chain, original, False), (chain[:-1], marked, False), (chain, {**marked, "voided": {**marked["voided"], "log": "0" * 64}}, False)):
        (copy / LOG).write_text("".join(canonical(row) + "\n" for row in rows), encoding="utf-8")
        (copy / "public.json").write_bytes(pretty(public))
        assert (the_same(tab, copy) is None) is ok
    (copy / LOG).write_text("".join(canonical(row) + "\n" for row in chain), encoding="utf-8")
    (copy / "public.json").write_bytes(pretty(marked))
    assert steps(ask(tab, of_folder(copy)))[:12] == python(copy)[:12]


def shown(tab, timeout: float = 30) -> str:
    """The answer on the page once it stands there."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if tab.find_elements("css selector", ".verdict"):
            return tab.find_element("id", "answer").text
        time.sleep(0.05)
    raise AssertionError(tab.find_element("id", "main").text)


def give(tab, paths: Iterable[Path], slip: str = "") -> None:
    """Choose files as people do, and press the button."""
    tab.find_element("id", "files").send_keys("\n".join(str(path) for path in paths))
    tab.find_element("id", "slip").send_keys(slip)
    tab.find_element("id", "start").click()


DROP = """
const [files, done] = arguments, data = new DataTransfer();
for (const [name, text] of files) data.items.add(new File([Uint8Array.from(atob(text), (char) => char.charCodeAt(0))], name));
document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
setTimeout(() => { document.getElementById("start").click(); done(); }, 200);
"""


def test_by_hand(done, copy, tmp_path):
    """Files chosen, then dropped, give green, then red with the first difference; the page asks the network for nothing."""
    needs_chromium()
    with browser(tmp_path / "profile") as tab:
        tab.get((done.parent / "核验.html").as_uri())
        give(tab, sorted(done.iterdir()), json.loads((done / "draw.json").read_bytes())["commitment"][:8])
        assert shown(tab).startswith("✓ 抽取档案：一致")
        tab.refresh()
        line = line_of(copy, 17)
        edit(copy / "pool.tsv", line, POOL["a class"](line))
        tab.execute_async_script(DROP, [[name, base64.b64encode(data).decode()] for name, data in of_folder(copy)])
        answer = shown(tab)
        assert answer.startswith("✗ 抽取档案：不一致")
        assert "pool.tsv 第 17 行" in answer
        messages = [json.loads(entry["message"])["message"] for entry in tab.get_log("performance")]
        sent = [found["params"] for found in messages if found["method"] == "Network.requestWillBeSent"]
        asked = {found["request"]["url"].split(":")[0] for found in sent if not found["documentURL"].startswith("chrome:")}
        assert asked <= {"file", "blob", "data"}, asked
        assert not [entry for entry in tab.get_log("browser") if entry["level"] == "SEVERE"]


def test_codes(tab, done):
    """The texts of a receipt's QR codes, pasted in any order, are the receipt; one missing is said."""
    from ssj_xlwings.papers.receipts import codes

    data = receipts(done)["中-True"]
    texts = codes(data)
    assert len(texts) > 1
    for given, words in ((texts[::-1], "✓ 企业回执：一致"), (texts[:1], "每一个码"), ([*texts[:1], "x"], "每一个码")):
        tab.refresh()
        tab.find_element("id", "codes").send_keys("\n".join(given))
        give(tab, [done / "public.json"])
        assert words in shown(tab)


@pytest.mark.parametrize("without", ["crypto", "Worker"])
def test_without(done, tmp_path, without):
    """Where a browser gives a file no WebCrypto or no worker, the page answers the same by its own means."""
    needs_chromium()
    bare = tmp_path / "page.html"
    bare.write_bytes(page.html().replace(b'<script id="engine">\n', f'<script id="engine">\nObject.defineProperty(self, "{without}", {{ value: undefined }});\n'.encode()))
    with browser(tmp_path / "profile") as tab:
        tab.get(bare.as_uri())
        assert tab.execute_script(f"return typeof self.{without}") == "undefined"
        give(tab, sorted(done.iterdir()))
        assert shown(tab).startswith("✓ 抽取档案：一致")


def million(folder: Path) -> None:
    """A record of a million firms, three items, five classes and 400 inspectors."""
    from dataclasses import replace

    from ssj_xlwings.lottery.draw import draw
    from ssj_xlwings.lottery.freeze import freeze
    from ssj_xlwings.lottery.pool import PoolRow

    sets = [("DJ01",), ("DJ01", "SP01"), ("DJ01", "GS01", "SP01")]
    rows = [PoolRow(f"91130{i % 500:03d}MA{i:08d}", ("A", "B", "C", "D", "未评")[i * 7 % 5], sets[i % 3]) for i in range(1_000_000)]
    rates = {item: {"A": "0.005", "B": "0.01", "C": "0.02", "D": "0.05", "未评": "0.01"} for item in ("DJ01", "GS01", "SP01")}
    people = [{**person, "items": ["DJ01", "GS01", "SP01"]} for person in sample.staff(400)]
    plan = replace(sample.PLAN, items=["DJ01", "GS01", "SP01"], rates=rates)
    fixed = freeze(rows, [], people, [(row.id, sample.unit(row.id)) for row in rows], plan, sample.NONCE, sample.VEIL)
    sample.write(folder, record.freeze_files(fixed))
    drawn = draw(fixed, sample.SAID)
    data = record.draw_json(folder, fixed, drawn, {}, record.Made("t", "", "", [], "s"), "0" * 64, publish=True)
    sample.write(folder, record.draw_files(data, fixed.inner, "0" * 64))


@pytest.mark.slow
@pytest.mark.skipif(not (os.environ.get("CI") or os.environ.get("SSJ_SLOW")), reason="takes about a minute; set SSJ_SLOW=1")
def test_a_million(tmp_path):
    """A pool of a million rows is verified while the page goes on answering, and its progress is shown."""
    needs_chromium()
    million(tmp_path / "record")
    (tmp_path / "核验.html").write_bytes(page.html())
    with browser(tmp_path / "profile") as tab:
        tab.get((tmp_path / "核验.html").as_uri())
        tab.execute_script("window.longest = 0; let last = performance.now(); setInterval(() => { const now = performance.now(); longest = Math.max(longest, now - last); last = now; }, 20);")
        begin = time.monotonic()
        give(tab, sorted((tmp_path / "record").iterdir()))
        seen = set()
        while not tab.find_elements("css selector", ".verdict"):
            assert time.monotonic() - begin < 150, seen
            seen.update(bar.get_attribute("value") for bar in tab.find_elements("css selector", "progress"))
            time.sleep(0.2)
        took = time.monotonic() - begin
        assert shown(tab).startswith("✓ 抽取档案：一致")
        assert len(seen) > 5
        frozen = tab.execute_script("return longest")
        assert (took < 150, frozen < 1500) == (True, True), f"1 000 000 rows: {took:.1f} s, the page stood still for {frozen:.0f} ms"
