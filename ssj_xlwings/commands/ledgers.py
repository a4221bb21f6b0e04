"""The command 打印台账."""

from __future__ import annotations

from pathlib import Path

from ssj_xlwings.papers.choice import Choice
from ssj_xlwings.papers.ledgers import listing
from ssj_xlwings.papers.listing import listing_file
from ssj_xlwings.papers.wording import safe_name
from ssj_xlwings.types import Outcome, Refusal, Request
from ssj_xlwings.vocabulary import settings
from ssj_xlwings.vocabulary.clock import beijing
from ssj_xlwings.vocabulary.lookup import Lookup
from ssj_xlwings.vocabulary.sentences import papers as say
from ssj_xlwings.vocabulary.values import canonical, is_date


def ledger(request: Request) -> Outcome:
    """打印台账: one of the six ledgers, for a unit and a period. An empty one prints 本期无.

    Refuses an unknown unit and a period that is none.
    """
    options = settings.read(request.view["settings"])
    kind = request.args["kind"]
    internal = bool(request.args.get("internal"))
    choice = Choice(
        request.view, request.log, options["bureau"], options["year"] or str(beijing(request.now).year), request.now, _unit(request, options["bureau"]),
        *_period(request), internal=internal,
    )
    made = listing(kind, choice)
    parts = [f"{kind}台账", choice.unit, choice.start and f"自{choice.start}", choice.end and f"至{choice.end}", say.INTERNAL if internal else ""]
    name = safe_name("-".join(filter(None, parts))) + ".xlsx"
    file = listing_file(name, made, options["bureau"], request.now)
    return Outcome(say.DONE_LEDGER.format(kind=kind, rows=len(made.rows)), folder=Path(request.args["out"]), files=[file])


def _unit(request: Request, bureau: str) -> str:
    word = request.args.get("unit") or ""
    lookup = Lookup([*request.view["units"]["name"], bureau])
    unit = lookup.one(word) if word else ""
    if word and not unit:
        near = lookup.nearest(word)
        raise Refusal(say.NO_UNIT, word=word, hint=say.NEAREST.format(word=near) if near else "")
    return unit


def _period(request: Request) -> tuple[str, str]:
    dates = []
    for name in ("from_", "to"):
        date = canonical(request.args.get(name), "date")
        if date and not is_date(date):
            raise Refusal(say.BAD_PERIOD, word=date)
        dates.append(date)
    start, end = dates
    if start and end and start > end:
        raise Refusal(say.TURNED_PERIOD, start=start, end=end)
    return start, end
