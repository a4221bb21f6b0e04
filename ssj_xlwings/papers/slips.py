"""The slip of a freeze (承诺单) and the certificate of a draw (抽取证明), draw protocol steps 3–6.

Neither prints the veil, a ticket, a blind or a cut line; nonce and seed stand only on the certificate,
when they are public.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ssj_xlwings.papers import forms
from ssj_xlwings.papers.attempts import Attempt, batches_line, data
from ssj_xlwings.papers.forms import LINE, WHOLE, Job, field_row, grouped, ordinal, section, sentence, table_row, two_fields
from ssj_xlwings.papers.measure import BODY, CENTRED, HEITI, LABEL, SIGNATURE, TEXT, UPRIGHT, Cell, Row, fitting_scale, row
from ssj_xlwings.papers.page import Papers
from ssj_xlwings.papers.wording import clock, day, safe_name
from ssj_xlwings.types import File
from ssj_xlwings.vocabulary.sentences import papers as say
from ssj_xlwings.vocabulary.values import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LARGE = replace(CENTRED, font=HEITI, size=30, bold=True)
WARNING = replace(TEXT, font=HEITI, bold=True)


def slip(job: Job, attempt: Attempt, said: Mapping[str, str]) -> File:
    """承诺单: everything that the signatures vouch for, with boxes for the numbers.

    `said`: the six digits by speaker once they are known; empty before.
    """
    rows = [*forms.head(job.bureau, "双随机抽查抽取承诺单"), forms.ends(f"记录第 {attempt.freeze['seq']} 行　{clock(attempt.freeze['time'])} 冻结")]
    rows += _promise(job, attempt)
    rows += speakers(attempt, said)
    rows += people(attempt.frozen, attempt.freeze["operator"])
    rows += [sentence(say.SLIP_VERIFY), sentence(say.SLIP_RISK)]
    return _file(job, "抽取承诺单", f"承诺单-{safe_name(attempt.task)}-第{attempt.number}次.xlsx", rows)


def _promise(job: Job, attempt: Attempt) -> list[Row]:
    frozen = attempt.frozen
    return [
        two_fields(("任务名称", job.task["name"]), ("任务编号", attempt.task)),
        two_fields(("检查时间", f"{day(job.task['start'])} 至 {day(job.task['end'])}"), ("第几次抽取", ordinal(attempt.number))),
        two_fields(("抽取地点", frozen.get("place", "")), ("名单户数", f"{frozen['pool']} 户")),
        field_row("抽查范围", frozen.get("scope", "")),
        sentence(say.SLIP_PURPOSE),
        row(Cell("承诺值\n前 8 位", 4, LABEL), Cell(grouped(frozen["commitment"][:8]), WHOLE - 4, LARGE)),
        field_row("承诺值", grouped(frozen["commitment"])),
        field_row("名单根", grouped(frozen["root"])),
        field_row("方案指纹", grouped(frozen["plan"])),
        field_row("上一行指纹", grouped(attempt.freeze["before"]) or "无（这是第一行）"),
    ]


def speakers(attempt: Attempt, said: Mapping[str, str]) -> list[Row]:
    """What to do, and a line a speaker: boxes for the six digits and for the signature."""
    spans = (2, 4, 2, 2, 2, 2, 2, 2, 6)
    names = words(attempt.frozen["slots"])
    rows = [sentence(say.SLIP_STEPS), row(Cell("顺序", 2, LABEL), Cell("报数人", 4, LABEL), Cell("报的六位数", 12, LABEL), Cell("签名", 6, LABEL), least=LINE)]
    for number, name in enumerate(names, 1):
        digits = said.get(name, "").ljust(6)
        rows.append(table_row(spans, (str(number), name, *(digit.strip() for digit in digits[:6]), ""), least=SIGNATURE))
    if len(names) == 1:
        rows.append(row(Cell(say.UNWITNESSED, WHOLE, WARNING)))
    return rows


def people(facts: Mapping[str, str], operator: str) -> list[Row]:
    """Signature boxes of the host, the operator and the witnesses, two a row."""
    people = [("主持人", facts.get("host", "")), ("操作人", operator)] + [("审批人", name) for name in words(facts.get("approver", ""))] + [("见证人", name) for name in words(facts.get("witnesses", "")) or [""]]
    if len(people) % 2:
        people.append(("见证人", ""))
    return [
        row(*(cell for role, name in people[at : at + 2] for cell in (Cell(f"{role}\n{name}".strip(), 4, LABEL), Cell("签名：", 8, BODY))), least=SIGNATURE)
        for at in range(0, len(people), 2)
    ]


@dataclass(frozen=True)
class Drawn:
    """What the certificate takes from the draw record; `digest`: SHA-256 of `draw.json`."""

    said: Sequence[tuple[str, str]]
    nonce: str
    seed: str
    visits: int
    checks: int
    saved: int
    made: Mapping[str, str]
    digest: str


def certificate(job: Job, attempt: Attempt, drawn: Drawn, voided: Sequence[Attempt]) -> File:
    """抽取证明: what was promised, what was said, what came of it; for signing."""
    draw = attempt.draw or {}
    rows = [*forms.head(job.bureau, "双随机抽查抽取证明"), forms.ends(f"记录第 {draw['seq']} 行　{clock(draw['time'])} 抽取")]
    rows += _ceremony(job, attempt, drawn, voided)
    rows += _digests(attempt, drawn)
    rows += [section("签名"), *people({**attempt.frozen, **drawn.made}, draw["operator"])]
    rows += _speaker_signatures(drawn)
    rows.append(sentence(say.CERTIFICATE_VERIFY))
    return _file(job, "抽取证明", f"抽取证明-{safe_name(attempt.task)}-第{attempt.number}次.xlsx", rows)


def _ceremony(job: Job, attempt: Attempt, drawn: Drawn, voided: Sequence[Attempt]) -> list[Row]:
    made = {**attempt.frozen, **drawn.made}
    lines = "\n".join(_void_line(one) for one in voided) or say.NO_VOIDS
    batches = batches_line(attempt)
    return [
        two_fields(("任务名称", job.task["name"]), ("任务编号", attempt.task)),
        two_fields(("抽取时间", clock(made.get("time") or (attempt.draw or attempt.freeze)["time"])), ("第几次抽取", ordinal(attempt.number))),
        two_fields(("抽取地点", made.get("place", "")), ("名单户数", f"{attempt.frozen['pool']} 户")),
        two_fields(("抽取结果", say.SAVED_LINE.format(checks=drawn.checks, visits=drawn.visits, saved=drawn.saved)), ("抽中户数", f"{drawn.visits} 户")),
        two_fields(("报数", "；".join(f"{name} {value}" for name, value in drawn.said)), ("软件", made.get("software", ""))),
        field_row("抽查范围", attempt.frozen.get("scope", "")),
        *([field_row("分批", batches)] if batches else []),
        field_row("此前作废", lines),
        sentence(say.CERTIFICATE_SAYS),
        *([row(Cell(say.UNWITNESSED, WHOLE, WARNING))] if len(drawn.said) == 1 else []),
    ]


def _void_line(attempt: Attempt) -> str:
    void = attempt.void or {}
    facts = data(void)
    return say.VOID_LINE.format(
        attempt=attempt.number, time=clock(void["time"]), stage=facts.get("stage", ""), reason=facts.get("reason", ""),
        approver=facts.get("approver", ""), seq=void["seq"],
    )


def _digests(attempt: Attempt, drawn: Drawn) -> list[Row]:
    frozen, draw = attempt.frozen, attempt.draw or {}
    named = (
        ("承诺值", frozen["commitment"]), ("名单根", frozen["root"]), ("方案指纹", frozen["plan"]), ("公开的数", drawn.nonce), ("种子", drawn.seed),
        ("档案指纹", drawn.digest), (f"第 {draw['seq']} 行指纹", draw["hash"]),
    )
    return [field_row(label, grouped(digest)) for label, digest in named]


def _speaker_signatures(drawn: Drawn) -> list[Row]:
    people = [(name, value) for name, value in drawn.said]
    if len(people) % 2:
        people.append(("", ""))
    return [
        row(*(cell for name, value in people[at : at + 2] for cell in (Cell(f"报数人\n{name}".strip(), 4, LABEL), Cell(f"{value}\n签名：".strip(), 8, BODY))), least=SIGNATURE)
        for at in range(0, len(people), 2)
    ]


def _file(job: Job, title: str, name: str, rows: Sequence[Row]) -> File:
    """One upright page, printed smaller if it is longer than that."""
    papers = Papers(title, job.bureau, job.now)
    sheet = papers.sheet(title, UPRIGHT, forms.GRID, fitting_scale([rows], UPRIGHT, forms.GRID) or 1)
    sheet.write_all(rows)
    sheet.close()
    return File(name, papers.data())
