"""预演: everything that can be known of a draw before it is frozen. Nothing is written and nothing is drawn."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from ssj_xlwings.commands import figures
from ssj_xlwings.commands.freeze import obstacles
from ssj_xlwings.commands.joint import open_visits, overlaps
from ssj_xlwings.commands.preparing import prepare
from ssj_xlwings.lottery import forecast, meter, teams
from ssj_xlwings.lottery.scope import column_of
from ssj_xlwings.registry import numbers
from ssj_xlwings.types import Outcome, Refusal
from ssj_xlwings.vocabulary import clock, codelists, settings
from ssj_xlwings.vocabulary.sentences import draw as say
from ssj_xlwings.vocabulary.values import canonical, is_date, is_rate, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ssj_xlwings.commands.preparing import Prepared
    from ssj_xlwings.types import Request

SURE = 0.8
"""Above this a verdict tells a firm's class (draw protocol, Residual)."""


def plan(request: Request) -> Outcome:
    """The dry run of a task, or of several drawn together. Refusal only for what cannot be understood; whatever would
    stop or hold up the freeze is said.
    """
    made = numbers.task_numbers(request.view)
    today = clock.day(request.now)
    words = [request.args["task"], *(request.args.get("with_") or ())]
    ready = prepare(request.view, words, today, made)
    found = overlaps(request.view, request.log, ready, today, made)
    lines = [
        say.PLAN_POOL.format(pool=len(ready.sifted.pool), layer=ready.task.layer.header),
        *_strata(ready), *figures.exclusions(ready.sifted.excluded),
        say.PLAN_QUOTAS, *figures.quotas(ready.layers),
        say.PLAN_VISITS.format(visits=ready.expected, checks=ready.checks, saved=ready.checks - ready.expected, **ready.bounds()),
        *_people(ready), *figures.absent(request.view, ready.staff), say.PLAN_TELLS, *_tells(ready), say.PLAN_YEAR, *_year(request, ready),
        say.PLAN_BESIDE, *(overlap.sentence() + (say.OVERLAP_KEPT if overlap.cannot else "") for overlap in found), *_beside(request, ready),
    ]
    warnings = obstacles(request, words, ready, found)
    names = say.BETWEEN_TASKS.join(task.name for task in ready.tasks)
    return Outcome(
        message=say.PLANNED.format(task=names, pool=len(ready.sifted.pool), visits=ready.expected, warnings=len(warnings), least=ready.bounds()["least"]),
        lines=[*lines, *([say.PLAN_WARNINGS, *warnings] if warnings else [])],
        next=say.NEXT_JOINT.format(
            book=request.book.name if request.book else "", task=ready.task.name,
            others="".join(f"--with {name} " for name in (*(task.name for task in ready.tasks[1:]), *(one.task for one in found if one.able)))),
    )


def _strata(ready: Prepared) -> Iterator[str]:
    for stratum, count in sorted(Counter(row.stratum for row in ready.sifted.pool).items()):
        yield say.PLAN_STRATUM.format(stratum=stratum, count=count)


def _people(ready: Prepared) -> Iterator[str]:
    """By unit: visits to expect, the turns they take, and who is there for all items of the draw."""
    units, share = dict(ready.sifted.jurisdiction), forecast.shares(ready.layers)
    expected: dict[str, float] = {}
    sets: dict[str, set[str]] = {}
    for row in ready.sifted.pool:
        unit = units[row.id]
        expected[unit] = expected.get(unit, 0.0) + forecast.chance((row.stratum, row.items), share)
        sets.setdefault(unit, set()).update(row.items)
    bench, everybody = teams.Bench(ready.staff, ready.window[1]), set[str]()
    for unit, visits in sorted(expected.items()):
        there = bench.eligible(unit, tuple(sorted(sets[unit])), "")
        each = say.PLAN_EACH.format(each=f"{visits * ready.team / len(there):.1f}") if there else ""
        everybody.update(there)
        yield say.PLAN_UNIT.format(unit=unit, visits=f"{visits:.1f}", turns=f"{visits * ready.team:.1f}", need=ready.team, have=len(there), each=each)
    yield say.PLAN_PEOPLE.format(turns=f"{ready.visits * ready.team:.0f}", people=len(everybody))


def _tells(ready: Prepared) -> Iterator[str]:
    """By item set and verdict, what a reader of the public papers could infer about the class of a firm."""
    chosen = dict.fromkeys(condition.header for task in ready.tasks for condition in task.conditions if column_of(condition).private)
    yield from (say.SCOPE_TELLS.format(header=header) for header in chosen)
    if not ready.task.layer.private:
        if chosen:
            return
        yield say.TELLS_NOTHING.format(layer=ready.task.layer.header)
        return
    yield from (say.TELLS_CROSS.format(items="、".join(items)) for items in sorted(ready.crossing))
    drawn = forecast.shares(ready.layers)
    for verdict in forecast.verdicts(ready.kinds, drawn):
        near = verdict.items in ready.crossing
        after = "、".join(
            say.TELLS_ONE.format(stratum=stratum, before=f"{verdict.prior[stratum]:.0%}", after=f"{after:.1%}") for stratum, after in verdict.posterior.items())
        what = say.TELLS_DRAWN.format(items="、".join(verdict.drawn)) if verdict.drawn else say.TELLS_NOT_DRAWN
        yield say.TELLS.format(items="、".join(verdict.items), verdict=what, firms=f"{verdict.firms:.0f}", after=after)
        for stratum, share in forecast.tells(verdict, SURE):
            if share or not near or forecast.ruled_out(verdict, stratum, drawn):
                sentence = (say.TELLS_NEARLY if near else say.TELLS_SURE) if share else say.TELLS_OUT
                yield sentence.format(verdict=what, stratum=stratum, share=f"{share:.0%}")
    yield say.TELLS_LATER


def _year(request: Request, ready: Prepared) -> Iterator[str]:
    """The annual meter with what it is counted by, and how often firms were checked."""
    view, options, today = request.view, ready.settings, clock.day(request.now)
    year = options["year"] or f"{today:%Y}"
    registered = meter.base(view["subjects"])
    base, of_what = _base(options, len(registered))
    if options["meter_rule"] not in codelists.COUNTING:
        raise Refusal(say.METER_RULE, seen=options["meter_rule"], allowed="、".join(codelists.COUNTING))
    own = _own_level(options["division"])
    counted = meter.meter(view, request.log, year, options["meter_rule"], own)
    day = options["meter_date"] if is_date(options["meter_date"]) else today.isoformat()
    yield say.METER_HEAD.format(year=year, base=base, what=of_what, day=day, rule=counted.rule)
    province, city, county = codelists.LAUNCHED_BY
    targets = {level: _target(options, f"meter_{level}") for level in (province, city)} | {"": _target(options, "meter_total")}
    targets[county] = max(targets[""] - targets[province] - targets[city], Decimal(0))
    for level, name in say.METER_LEVELS.items():
        count, mine = counted.count(level), say.METER_OWN if level == own else ""
        yield say.METER_LINE.format(level=name, own=mine, count=count, share=_share(count, base), target=percent(f"{targets[level].normalize():f}"))
    unknown = meter.strangers(view, year)
    if unknown:
        yield say.METER_STRANGERS.format(count=len(unknown), example=unknown[0])
    share = forecast.shares(ready.layers)
    each = sum(forecast.visits(forecast.only(ready.kinds, task.items), share) for task in ready.tasks)
    after = counted.count_with(each, _fresh(ready, counted))
    yield say.METER_AFTER.format(count=round(after), share=_share(after, base), enough=say.METER_ENOUGH if after >= targets[""] * base else say.METER_SHORT)
    never, times = meter.often(meter.checked_days(view, today.isoformat()), registered, year)
    twice = sum(count for often, count in times.items() if often > 1)
    yield say.OFTEN.format(year=year, firms=len(registered), never=never, once=times[1], twice=twice, most=max(times, default=0))


def _base(options: Mapping[str, str], registered: int) -> tuple[int, str]:
    if not options["meter_base"]:
        return registered, say.METER_REGISTRY
    if not options["meter_base"].isdecimal() or int(options["meter_base"]) == 0:
        raise Refusal(say.SETTING_NUMBER, key=settings.BY_NAME["meter_base"].key, seen=options["meter_base"])
    return int(options["meter_base"]), say.METER_GIVEN


def _target(options: Mapping[str, str], name: str) -> Decimal:
    rate = canonical(options[name], "rate")
    if not is_rate(rate) or rate.endswith("户"):
        raise Refusal(say.SETTING_RATE, key=settings.BY_NAME[name].key, seen=options[name])
    return Decimal(rate)


def _share(count: float, base: int) -> str:
    return f"{count / base:.2%}" if base else say.NO_SHARE


def _own_level(division: str) -> str:
    province, city, county = codelists.LAUNCHED_BY
    return province if division.endswith("0000") else city if division.endswith("00") else county


def _fresh(ready: Prepared, counted: meter.Meter) -> float:
    """Visits to expect to subjects that were not yet drawn this year."""
    known = {id_ for ids in counted.drawn.values() for id_ in ids}
    return forecast.visits(forecast.kinds(row for row in ready.sifted.pool if row.id not in known), forecast.shares(ready.layers))


def _beside(request: Request, ready: Prepared) -> Iterator[str]:
    """Visits that would be merged, subjects on lists from above."""
    view, ids = request.view, {row.id for row in ready.sifted.pool}
    waiting = ids & set(open_visits(view, request.log, ready.window, [task.number for task in ready.tasks]))
    above = ids & set(meter.open_above(view, ready.window))
    yield say.BESIDE_OPEN.format(open=len(waiting), above=len(above))
