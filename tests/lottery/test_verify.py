"""The verifier says yes to what was done, and no, and where, to anything else."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import replace
from hashlib import sha256

import pytest

from ssj_xlwings.lottery import log, record, voided
from ssj_xlwings.lottery.digest import pretty
from ssj_xlwings.lottery.public import verify_public
from ssj_xlwings.lottery.verify import Source, verify
from ssj_xlwings.types import Refusal
from ssj_xlwings.vocabulary.tables import SUBJECTS
from tests.lottery import sample
from tests.lottery.test_record import POOL, edit, line_of


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A finished draw: its folder and its log."""
    place, chain = tmp_path_factory.mktemp("record") / "1-任务", []
    sample.ceremony(place, chain)
    return place, chain


@pytest.fixture
def copy(done, tmp_path):
    shutil.copytree(done[0], tmp_path / "copy")
    return tmp_path / "copy"


def source():
    fixed = sample.frozen()
    return Source([row.id for row in fixed.rows] + [id_ for id_, _ in fixed.excluded], "0" * 64)


def commitment(place):
    return json.loads((place / "draw.json").read_bytes())["commitment"]


def test_yes(done):
    """With slip, log and source at hand all thirteen steps are done and true."""
    place, chain = done
    verdict = verify(place, commitment(place)[:8], chain, source())
    assert [step.result for step in verdict.steps] == ["是"] * 13
    assert [step.no for step in verdict.steps] == list(range(1, 14))
    assert verdict.ok
    assert "张三=384729" in verdict.steps[1].sentence
    assert verdict.open == ["纸上的报数"], "the commitment does not fix the numbers: only eyes can hold them beside the paper"
    assert "没有核对的步骤（纸上的报数）不在其内。" in verdict.summary
    assert "报数请再和纸上逐个对照" in "".join(verdict.summary)
    assert "没有人能挑选" in "".join(verdict.summary)
    assert verify(place / "draw.json", commitment(place)[:8], chain, source()) == verdict


def test_undone_steps_are_named(done, copy):
    """What could not be checked is named, and the verdict says so."""
    (copy / "public.json").unlink()
    verdict = verify(copy)
    assert verdict.ok
    assert [step.title for step in verdict.undone] == ["纸上承诺值", "抽取记录", "公开记录", "与名录库对照"]
    assert "纸上承诺值、抽取记录、公开记录、与名录库对照" in "".join(verdict.summary)
    assert "事后重做" in "".join(verdict.summary)
    assert "事后重做" not in "".join(verify(copy, commitment(copy)).summary)
    other = Source(source().ids, "1" * 64)
    assert verify(copy, source=other).steps[12].result == "未核"


def no(place, step, words, chain=None, slip=""):
    """The verdict is no, at that step, with these words; what comes after was not done."""
    verdict = verify(place, slip, chain, source())
    assert not verdict.ok
    assert verdict.failure.no == step, verdict.failure
    for word in words:
        assert word in verdict.failure.sentence, verdict.failure
    assert {one.result for one in verdict.steps[step:]} <= {"未核"}
    assert verdict.failure.sentence in verdict.summary[0]


@pytest.mark.parametrize("what", POOL)
@pytest.mark.parametrize("number", [1, 17, 40])
def test_changed_pool(done, copy, what, number):
    """One changed character of the pool, and it says no and the line."""
    line = line_of(copy, number)
    new = POOL[what](line)
    edit(copy / "pool.tsv", line, new)
    verdict = verify(copy, "", done[1])
    assert verdict.failure.no in (3, 4)
    assert f"pool.tsv 第 {number + (what == 'a line added')} 行" in verdict.failure.sentence


def test_every_character_of_the_pool(copy):
    """Wherever a single character is changed, it says no and names that line."""
    original = (copy / "pool.tsv").read_bytes()
    chance = random.Random(3)
    for at in chance.sample(range(len(original)), 60):
        (copy / "pool.tsv").write_bytes(original[:at] + (b"7" if original[at : at + 1] != b"7" else b"8") + original[at + 1 :])
        failure = verify(copy).failure
        assert failure is not None
        line = original.count(b"\n", 0, at) + 1
        assert f"pool.tsv 第 {line} 行" in failure.sentence


TAMPERINGS = [
    ("draw.json", '"protocol": "ssj-draw/1"', '"protocol": "ssj-draw/9"', 1, "ssj-draw/9"),
    ("draw.json", '"seed"', '"root": "x", "seed"', 1, "“root”写了两次"),
    ("draw.json", '"checks": ', '"checks": 1.5, "x": ', 1, "1.5"),
    ("draw.json", '"checks": ', '"checks": null, "x": ', 1, "None"),
    ("draw.json", "{", "\ufeff{", 1, "BOM"),
    ("draw.json", '"pool.tsv",\n  "size": 40', '"pool.tsv",\n  "size": 41', 3, "pool.size"),
    ("draw.json", '"size": 40', '"size": 41', 5, "jurisdiction.size"),
    ("draw.json", sample.VEIL, "0" * 64, 4, "veil"),
    ("draw.json", sample.NONCE, "0" * 64, 6, "commitment"),
    ("draw.json", '"id": "HD-00"', '"id": "HD-0"', 5, "证号 HD-0"),
    ("draw.json", '"until": "2027', '"until": "2028', 5, "第 1 人（证号 HD-00）"),
    ("draw.json", '"alternates": 2', '"alternates": 3', 5, "open_plan 的“alternates”"),
    ("draw.json", "90天内已查", "91天内已查", 5, "inner_plan.excluded"),
    ("draw.json", '"size": 2\n', '"size": 3\n', 5, "“teams”|excluded.size"),
    ("draw.json", "384729", "384728", 7, "seed"),
    ("draw.json", "384729", "38472", 7, "38472"),
    ("draw.json", '"张三",\n   "384729"', '"张四",\n   "384729"', 7, "张四"),
    ("draw.json", '"DJ01\\tA', '"DJ01\\tB', 8, "lines[1]"),
    ("draw.json", '"DJ01\\tA', '"DJ01 A', 1, "lines[1]"),
    ("excluded.tsv", "90天", "91天", 5, "excluded.tsv 和冻结时不一样，第 1 行"),
    ("excluded.tsv", "90天", "90天\t", 5, "excluded.tsv 第 1 行有 3 栏"),
    ("checked.tsv", "2026-01-20", "2025-01-20", 5, "checked.tsv 和冻结时不一样，第 1 行"),
    ("jurisdiction.tsv", "丛台区局", "邯山区局", 5, "jurisdiction.tsv 和冻结时不一样，第 1 行"),
    ("frozen.json", '"minimum": 1', '"minimum": 2', 6, "frozen.json 和抽取时不一样，第"),
    ("密封.json", "00", "01", 6, "密封.json 和抽取时不一样，第 2 行"),
    ("public.json", '"drawn": ', '"drawn": 9, "x": ', 11, "drawn"),
    ("public.json", "企业", "公司", 11, "winners[1].name"),
    ("public.json", '"no": 1\n', '"no": 1, "ticket": "x"\n', 11, "winners[1].ticket"),
    ("public.json", '"bureau": "邯郸', '"bureau": "邢台', 11, "open_plan.bureau"),
    ("public.json", '"drawn"', '"rates": {}, "drawn"', 11, "rates"),
    ("public.json", '"seed"', '"sed"', 1, "public.json"),
]


@pytest.mark.parametrize(("file", "old", "new", "step", "words"), TAMPERINGS)
def test_tampering(done, copy, file, old, new, step, words):
    """Each change to each file of the record is found at its step, with the place."""
    edit(copy / file, old.encode(), new.encode())
    verdict = verify(copy)
    assert verdict.failure is not None
    assert verdict.failure.no == step, verdict.failure
    assert any(word in verdict.failure.sentence for word in words.split("|")), verdict.failure


def test_checksums_are_of_the_record(copy):
    """A changed checksum is found too, although it proves nothing."""
    kept = json.loads((copy / "checksums.json").read_bytes())["pool.tsv"]
    edit(copy / "checksums.json", kept.encode(), ("0" + kept[1:] if kept[0] != "0" else "1" + kept[1:]).encode())
    no(copy, 6, ["checksums.json"])


def redraw(place, change):
    """Change draw.json as a value, and let public.json follow it."""
    draw = json.loads((place / "draw.json").read_bytes())
    change(draw)
    (place / "draw.json").write_text(json.dumps(draw, ensure_ascii=False), encoding="utf-8")


def swap(draw):
    one, two = draw["visits"][:2]
    one["no"], two["no"] = 2, 1
    draw["visits"][:2] = [two, one]


RECORD_CHANGES = [
    (lambda d: d["lines"].reverse(), 8, ["lines[1]"]),
    (lambda d: d.update(lines_root="0" * 64), 8, ["lines_root"]),
    (lambda d: d["visits"][2].update(ticket="0" * 64), 8, ["visits[3].ticket"]),
    (lambda d: d["visits"][2]["items"].append("X"), 8, ["visits[3].items.length"]),
    (lambda d: d["visits"].pop(), 8, ["visits.length"]),
    (lambda d: d["visits"].append(dict(d["visits"][0])), 8, ["visits.length"]),
    (swap, 8, ["visits[1].id"]),
    (lambda d: d["visits"][4].update(id="x"), 8, ["visits[5].id", "“x”"]),
    (lambda d: d["visits"][0]["team"].reverse(), 9, ["visits.team[1][1]"]),
    (lambda d: d["visits"][0].update(team=[]), 9, ["visits.team[1].length"]),
    (lambda d: d["alternates"]["DJ01"]["A"].reverse(), 8, ["alternates.DJ01.A[1]"]),
    (lambda d: d["alternates"].pop("SP01"), 8, ["alternates.SP01"]),
    (lambda d: d.update(checks=d["checks"] + 1), 8, ["checks"]),
    (lambda d: d.update(saved=d["saved"] + 1), 8, ["saved"]),
    (lambda d: d.update(seed="0" * 64), 7, ["seed"]),
    (lambda d: d.update(said=[]), 7, []),
    (lambda d: d.update(said=d["said"][::-1]), 7, ["依次"]),
    (lambda d: d["said"].append(["王五", "123456"]), 7, ["王五"]),
    (lambda d: d.update(root="0" * 64), 4, ["root"]),
    (lambda d: d.update(plan="0" * 64), 5, ["plan"]),
    (lambda d: d.update(commitment="0" * 64), 6, ["commitment"]),
    (lambda d: d["inner_plan"]["strata"].update(A=1), 5, ["inner_plan.strata"]),
    (lambda d: d["inner_plan"].update(salt="0" * 64), 4, ["salt"]),
    (lambda d: d["inner_plan"].update(staff="0" * 64), 5, ["inner_plan 的“staff”"]),
    (lambda d: d["inner_plan"]["rates"]["DJ01"].update(A="0.10"), 5, ["0.10"]),
    (lambda d: d["inner_plan"]["teams"].update(rule="mine"), 5, ["mine"]),
    (lambda d: d["inner_plan"].update(teams={}), 5, ["inner_plan 的“teams”"]),
    (lambda d: d["open_plan"].update(extra="x"), 5, ["plan"]),
    (lambda d: d["staff"].reverse(), 5, ["staff 第 1 人"]),
    (lambda d: d["staff"].pop(), 5, ["staff 第 10 人"]),
    (lambda d: d["made"].update(place="别处"), 11, ["record_digest"]),
    (lambda d: d["visits"][0].update(name="别的企业"), 11, ["winners[1].name"]),
    (lambda d: d.update(log="0" * 64), 11, ["record_digest"]),
    (lambda d: d["files"].pop("pool.tsv"), 6, ["pool.tsv"]),
]


@pytest.mark.parametrize(("change", "step", "words"), RECORD_CHANGES)
def test_changed_record(copy, change, step, words):
    """Each change to the values of draw.json is found at its step, with its place."""
    before = (copy / "draw.json").read_bytes()
    redraw(copy, change)
    assert (copy / "draw.json").read_bytes() != before
    no(copy, step, words)


def leaves(value, path=()):
    """Every place of a JSON value that holds no other."""
    if isinstance(value, (dict, list)) and value:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path


@pytest.mark.parametrize("file", ["draw.json", "public.json"])
def test_any_value(done, copy, file):
    """Whichever value of a record's two results is changed, the verdict is no."""
    original = json.loads((copy / file).read_bytes())
    places = list(leaves(original))
    for path in random.Random(1).sample(places, min(100, len(places))):
        changed = json.loads(json.dumps(original))
        at = changed
        for key in path[:-1]:
            at = at[key]
        old = at[path[-1]]
        at[path[-1]] = old + 1 if type(old) is int else not old if type(old) is bool else f"{old}x" if isinstance(old, str) else ["x"]
        (copy / file).write_text(json.dumps(changed, ensure_ascii=False), encoding="utf-8")
        assert not verify(copy, "", done[1]).ok, path


def containers(value, path=()):
    """Every place of a JSON value."""
    yield path
    if isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from containers(inner, (*path, key))


@pytest.mark.parametrize("file", ["draw.json", "public.json", "frozen.json", "checksums.json", "密封.json"])
def test_any_nonsense(done, copy, file):
    """Whatever stands in place of a value, or if it is gone, there is an answer and it is no; never a crash."""
    original = json.loads((copy / file).read_bytes())
    chance = random.Random(2)
    places = [path for path in containers(original) if path]
    for path in chance.sample(places, min(60, len(places))):
        for nonsense in (-5, 10**12, True, "x", "", [], {}, ["x"], [[1]], {"n": 5}, {"x": {"y": "z"}}, "gone"):
            changed = json.loads(json.dumps(original))
            at = changed
            for key in path[:-1]:
                at = at[key]
            if nonsense == "gone":
                del at[path[-1]]
            else:
                at[path[-1]] = nonsense
            if changed == original:
                continue
            (copy / file).write_text(json.dumps(changed, ensure_ascii=False), encoding="utf-8")
            assert not verify(copy, "", done[1]).ok, (path, nonsense)
            if file in ("frozen.json", "密封.json"):
                with pytest.raises(Refusal):
                    record.load_frozen(copy)


def test_slip(done):
    """Another commitment than the one on paper is a no; the operator's spaces and capitals do not matter; nonsense is refused."""
    place, chain = done
    head = commitment(place)[:12]
    no(place, 2, ["ffffffff"], chain, "ffffffff")
    assert verify(place, f"{head[:4]} {head[4:].upper()}").steps[1].result == "是"
    for bad in ("abc", "xyzxyzxyz", "0" * 65):
        with pytest.raises(Refusal, match="承诺值"):
            verify(place, bad)


@pytest.mark.parametrize(("change", "words"), [
    (lambda c: c[:2], ["冻结、报数"]),
    (lambda c: c[:0], ["没有承诺值"]),
    (lambda c: c[1:], ["第 1 行"]),
    (lambda c: [c[0], {**c[1], "note": "x"}, c[2]], ["第 2 行", "内容被改过"]),
])
def test_log(done, change, words):
    """A log that lacks the rows of this draw, or is broken, is a no."""
    no(done[0], 10, words, change(done[1]))


def rebuilt(chain, at, **change):
    """The log with one row's content changed and every hash made anew: a forger with time."""
    forged = []
    for number, row in enumerate(chain):
        new = {**row, **(change if number == at else {}), "before": log.head(forged)}
        forged.append({**new, "hash": log.fingerprint(new)})
    return forged


@pytest.mark.parametrize(("at", "change", "words"), [
    (0, {"data": '{"commitment":"x"}'}, ["没有承诺值"]),
    (0, {"attempt": "2"}, ["冻结"]),
    (0, {"task": "别的"}, ["别的"]),
    (1, {"data": '{"commitment":"x"}'}, ["报数", "commitment"]),
    (1, {"note": "x"}, ["报数", "hash"]),
    (2, {"data": "{}"}, ["抽取", "commitment"]),
    (2, {"note": "x"}, ["public.json", "log"]),
    (2, {"event": "作废"}, ["冻结、报数、作废"]),
])
def test_forged_log(done, at, change, words):
    """A log whose chain holds but whose rows are not those of the record is a no."""
    no(done[0], 10, words, rebuilt(done[1], at, **change))


SCOPES = [
    ([["主体类型", "等于其一", "企业"], ["主体名称", "不含", "甲"]], "有“主体名称 不含 甲”这一条，名单却没有按它筛选"), ([], "按“主体类型 等于其一 企业”筛选过，抽取记录里冻结的抽查范围却没有这一条"),
    ([["主体类型", "等于其一"]], "locked"),
]


@pytest.mark.parametrize(("conditions", "words"), SCOPES)
def test_another_scope_than_the_log_keeps(tmp_path, conditions, words):
    """A pool filtered by one condition more or less than the freeze row of the log keeps is a no, naming the condition."""
    chain: list[dict[str, str]] = []
    sample.ceremony(tmp_path, chain, scope=conditions)
    no(tmp_path, 10, [words], chain)


def test_attempts(tmp_path):
    """A second attempt is true only if the first was voided before; a later void is mentioned."""
    chain: list[dict[str, str]] = []
    sample.ceremony(tmp_path / "1", chain)
    dropped = list(chain)
    row = sample.add(chain, "作废", {"stage": "已抽取未检查", "reason": "比例或数量错误"})
    silent = verify(tmp_path / "1", "", chain)
    assert "public.json" in silent.failure.sentence, "a public record must say by itself that its draw was voided"
    public = tmp_path / "1" / "public.json"
    public.write_bytes(pretty({**json.loads(public.read_bytes()), "voided": voided.mark(row)}))
    told = verify(tmp_path / "1", "", chain)
    assert told.ok
    for step in (9, 10):
        assert "后来已经作废" in told.steps[step].sentence
    assert verify_public(public.read_bytes()).ok
    assert "比例或数量错误" in verify_public(public.read_bytes()).steps[0].sentence
    assert not verify(tmp_path / "1", "", chain[:3]).ok, "nor may it claim a void that the log does not know"
    sample.ceremony(tmp_path / "2", chain, attempt=2)
    assert verify(tmp_path / "2", "", chain).ok
    sample.ceremony(tmp_path / "3", dropped, attempt=2)
    assert "第 1 次没有作废" in verify(tmp_path / "3", "", dropped).failure.sentence


def test_before_is_the_head(tmp_path, done):
    """A freeze that names another head of the log than the one before it is a no."""
    place, chain = done
    first = {**sample.add([], "导入", {}), "task": "别的"}
    first["hash"] = log.fingerprint(first)
    forged = [first]
    for row in chain:
        new = {**row, "seq": str(len(forged) + 1), "before": log.head(forged)}
        forged.append({**new, "hash": log.fingerprint(new)})
    no(place, 10, ["before"], forged)


@pytest.mark.parametrize(("ids", "words"), [
    (lambda ids: ids[1:], ["在名单里，但不在名录库里"]), (lambda ids: ids[:-1], ["在排除名单里，但不在名录库里"]), (lambda ids: [*ids, "新户"], ["“新户”", "没有列为排除"]),
])
def test_source(done, ids, words):
    """The pool must be the registry less the excluded, firm by firm."""
    verdict = verify(done[0], source=Source(ids(source().ids), "0" * 64))
    assert verdict.failure.no == 13
    for word in words:
        assert word in verdict.failure.sentence


def test_unpublished(tmp_path):
    """Where the winners are not published, public.json names none and is still the record's projection."""
    sample.ceremony(tmp_path, [], publish=False)
    public = (tmp_path / "public.json").read_text(encoding="utf-8")
    assert json.loads(public)["winners"] == []
    assert "企业" not in public.replace("企业代表", "")
    assert verify(tmp_path).ok


def test_public_tells_no_class(done):
    """The public file holds no veil, rate, stratum, ticket, inspector or inner plan."""
    public = (done[0] / "public.json").read_text(encoding="utf-8")
    draw = json.loads((done[0] / "draw.json").read_bytes())
    for visit in draw["visits"]:
        assert visit["ticket"] not in public
    for word in (sample.VEIL, draw["inner_plan"]["salt"], "HD-0", "rates", "strata", "SP01\tA", "ticket", "team"):
        assert word not in public
    assert json.loads(public)["record_digest"] == sha256((done[0] / "draw.json").read_bytes()).hexdigest()


def test_no_record(tmp_path):
    """A folder without draw.json is refused."""
    with pytest.raises(Refusal, match=r"draw\.json"):
        verify(tmp_path)


def test_a_list_of_replacements_out_of_form(copy):
    """A list of replacements that is no table of them is a difference, named with its file."""
    (copy / "replace.tsv").write_text("x", encoding="utf-8")
    step = verify(copy).steps[11]
    assert step.result == "否"
    assert "replace.tsv" in step.sentence


def test_quick_draw(tmp_path):
    """A quick draw without staff is verified too, and says that it had no teams."""
    from ssj_xlwings.lottery.draw import draw
    from ssj_xlwings.lottery.freeze import freeze
    from ssj_xlwings.lottery.pool import PoolRow

    plan = replace(sample.PLAN, items=["抽取"], rates={"抽取": {"全部": {"n": 5}}}, minimum=0, scope=None, checked=None)
    fixed = freeze([PoolRow(f"第{i}行", "全部", ("抽取",)) for i in range(60)], [], [], [], plan, sample.NONCE, sample.VEIL)
    sample.write(tmp_path, record.freeze_files(fixed))
    drawn = draw(record.load_frozen(tmp_path), sample.SAID)
    data = record.draw_json(tmp_path, fixed, drawn, {}, record.Made("t", "", "", [], "s"), "0" * 64, publish=True)
    sample.write(tmp_path, record.draw_files(data, fixed.inner, "0" * 64))
    verdict = verify(tmp_path)
    assert verdict.ok
    assert "没有配" in verdict.steps[8].sentence


def test_a_scope_that_the_pool_leaves(tmp_path, monkeypatch):
    """With the registry at hand the frozen conditions are replayed: a pool outside them is a difference in step 13."""
    import pandas as pd

    every = [row._replace(items=("DJ01", "SP01")) for row in sample.rows()]
    monkeypatch.setattr(sample, "rows", lambda: every)
    place, chain = tmp_path / "0001", []
    sample.ceremony(place, chain)
    fixed = record.load_frozen(place)
    listed, classes = source(), {row.id: row.stratum for row in every}
    names = [column.name for column in SUBJECTS.columns]
    checked = {"91130402MA0000000X": {"2026-01-20"}}
    for strange, sheets, result in ((None, checked, "是"), (fixed.rows[7].id, checked, "否"), (None, {}, "否"), (None, None, "未核")):
        cells = [{"name": id_, "code": id_, "type": "个体工商户" if id_ == strange else "企业", "class": classes.get(id_, ""), "whitelist": "是" if id_ == "丛台区集贸市场" else "否"} for id_ in listed.ids]
        frame = pd.DataFrame([[row.get(name, "") for name in names] for row in cells], columns=names, dtype=object)
        step = verify(place, log=chain, source=Source(listed.ids, "0" * 64, frame, sheets, dict(fixed.jurisdiction))).steps[12]
        assert step.result == result, step
        assert strange is None or strange in step.sentence
