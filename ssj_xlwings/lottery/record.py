"""The files of a draw: what is written at the freeze, what at the draw, and reading the first back.

At the freeze: pool.tsv, excluded.tsv, jurisdiction.tsv, checked.tsv (the earlier checks that decided who stays out; a quick
draw has none), frozen.json (all that is fixed, no secret), checksums.json
(only to say later which line was changed) and 密封.json, the one place of the two secrets until the draw.
At the draw: draw.json, which is never changed again, and public.json, its projection for everyone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ssj_xlwings.lottery import files, pool, recheck, shape
from ssj_xlwings.lottery.digest import PROTOCOL, canonical, parse, pretty
from ssj_xlwings.types import File, Refusal
from ssj_xlwings.vocabulary.sentences import lottery as say
from ssj_xlwings.vocabulary.sentences import proof

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ssj_xlwings.lottery.draw import Drawn
    from ssj_xlwings.lottery.freeze import Frozen
    from ssj_xlwings.lottery.said import Said

FROZEN, DRAW, PUBLIC, REPLACE = "frozen.json", "draw.json", "public.json", "replace.tsv"
SEALED = say.SEALED
KEPT = (pool.FILE, recheck.EXCLUDED, recheck.JURISDICTION, recheck.CHECKED, FROZEN, recheck.CHECKSUMS, SEALED)
"""Written at the freeze; draw.json holds the digest of each that the freeze has."""


@dataclass(frozen=True, slots=True)
class Made:
    """Where and before whom a draw was made. `time`: UTC."""

    time: str
    place: str
    host: str
    witnesses: Sequence[str]
    software: str


def folder(archive: Path, seq: str, task: str) -> Path:
    """Where the record of the freeze with that log number lies."""
    return archive / (f"{seq}-" + re.sub(r"[^\w-]", "_", task))


def freeze_files(frozen: Frozen) -> list[File]:
    """All that is written at the freeze. None of it is public."""
    tables = {
        pool.FILE: "".join(line + "\n" for line in pool.lines(frozen.rows)).encode(),
        recheck.EXCLUDED: files.tsv(frozen.excluded),
        recheck.JURISDICTION: files.tsv(frozen.jurisdiction),
        **({recheck.CHECKED: files.tsv(frozen.checked)} if "checked" in frozen.inner_plan else {}),
    }
    stated = {
        "protocol": PROTOCOL, "open_plan": frozen.open_plan, "inner_plan": frozen.inner_plan, "staff": frozen.staff,
        "root": frozen.root, "inner": frozen.inner, "plan": frozen.plan, "commitment": frozen.commitment,
    }
    objects = {
        FROZEN: stated, recheck.CHECKSUMS: recheck.checksums(frozen, tables), SEALED: {"nonce": frozen.nonce, "veil": frozen.veil},
    }
    return [File(name, data) for name, data in tables.items()] + [File(name, pretty(value)) for name, value in objects.items()]


def load_frozen(place: Path, commitment: str = "") -> Frozen:
    """The frozen draw of a folder, everything recomputed. `commitment`: the one in the log.

    Refusal, naming file and line as far as can be known, if pool, staff or plan are not what was committed to, or a
    file is missing; one of its own if the sealed file is lost.
    """
    claim = files.value(place / FROZEN)
    shape.check(claim, shape.FROZEN, FROZEN)
    if not (place / SEALED).exists():
        raise Refusal(say.SEALED_LOST, file=SEALED)
    sealed = files.value(place / SEALED)
    shape.check(sealed, shape.SEALED, SEALED)
    check_protocol(claim)
    frozen = recheck.check_all(recheck.Evidence(place, FROZEN, claim, sealed["nonce"], sealed["veil"]))
    if commitment and commitment != frozen.commitment:
        raise Refusal(say.NOT_THE_LOGGED, seen=frozen.commitment, want=commitment)
    return frozen


def check_protocol(claim: Mapping[str, Any]) -> None:
    """Refusal for a protocol that this program does not know."""
    for seen in (claim["protocol"], claim["open_plan"]["protocol"]):
        if seen != PROTOCOL:
            raise Refusal(say.BAD_PROTOCOL, seen=seen, want=PROTOCOL)


def draw_json(place: Path, frozen: Frozen, drawn: Drawn, names: Mapping[str, str], made: Made, log: str, publish: bool) -> bytes:
    """The draw record. `place`: the folder of the freeze; `names`: id → name; `log`: hash of the said row;
    `publish`: whether the public record names the winners.
    """
    kept = {name: sha256(files.load(place / name)).hexdigest() for name in KEPT if name != recheck.CHECKED or "checked" in frozen.inner_plan}
    visits = [
        {"no": visit.no, "id": visit.id, "name": names.get(visit.id, visit.id), "items": list(visit.items), "ticket": visit.ticket,
         "team": list(visit.team)}
        for visit in drawn.visits
    ]
    return pretty({
        "protocol": PROTOCOL, "open_plan": frozen.open_plan, "inner_plan": frozen.inner_plan, "nonce": frozen.nonce, "veil": frozen.veil,
        "root": frozen.root, "plan": frozen.plan, "commitment": frozen.commitment, "said": [list(pair) for pair in drawn.said],
        "seed": drawn.seed, "pool": {"file": pool.FILE, "size": len(frozen.rows)},
        "excluded": {"file": recheck.EXCLUDED, "size": len(frozen.excluded)},
        "jurisdiction": {"file": recheck.JURISDICTION, "size": len(frozen.jurisdiction)},
        "staff": frozen.staff, "lines": drawn.lines, "lines_root": drawn.lines_root, "visits": visits, "alternates": drawn.alternates,
        "checks": drawn.checks, "saved": drawn.saved, "log": log, "files": kept, "published": publish,
        "made": {"time": made.time, "place": made.place, "host": made.host, "witnesses": list(made.witnesses), "software": made.software},
    }, between="\t")


def projection(draw: Mapping[str, Any], record_digest: str, inner_digest: str, log: str, void: Mapping[str, str] | None = None) -> dict[str, Any]:
    """public.json of a draw record: the ceremony and, where the task publishes them, the winners in calling order.

    No rate, stratum, ticket, salt, team or size by class is in it. `log`: hash of the draw row; `void`: what it says of a void, if it was voided.
    """
    same = ("protocol", "open_plan", "nonce", "root", "plan", "commitment", "said", "seed", "lines_root")
    winners = [{key: visit[key] for key in ("no", "id", "name", "items")} for visit in draw["visits"]] if draw["published"] else []
    return {
        **{key: draw[key] for key in same}, "inner_digest": inner_digest, "lines_size": len(draw["lines"]), "drawn": len(draw["visits"]),
        "winners": winners, "record_digest": record_digest, "log": log, **({"voided": dict(void)} if void else {}),
    }


def load_draw(place: Path, row: Mapping[str, str]) -> dict[str, Any]:
    """The value of draw.json. `row`: of the draw in the log, whose data hold its SHA-256. Refusal, naming that row, if the
    file is gone or another one.
    """
    path = place / DRAW
    if not path.is_file():
        raise Refusal(proof.ARCHIVE_GONE, row=row["seq"], path=path)
    return read_draw(files.load(path), path, row)


def read_draw(data: bytes, path: Path, row: Mapping[str, str]) -> dict[str, Any]:
    """The same from its bytes."""
    if sha256(data).hexdigest() != parse(row["data"], path.name)["record"]:
        raise Refusal(proof.ARCHIVE_CHANGED, row=row["seq"], path=path)
    value: dict[str, Any] = parse(files.decode(data, DRAW), DRAW, between="\t")
    return value


def draw_files(draw: bytes, inner_digest: str, log: str) -> list[File]:
    """draw.json and public.json. `log`: hash of the draw row, which holds the SHA-256 of draw.json."""
    public = projection(parse(draw.decode(), DRAW, between="\t"), sha256(draw).hexdigest(), inner_digest, log)
    return [File(DRAW, draw), File(PUBLIC, pretty(public), public=True)]


def freeze_data(frozen: Frozen) -> dict[str, str]:
    """What the freeze row of the log holds of the protocol."""
    return {"commitment": frozen.commitment, "root": frozen.root, "plan": frozen.plan, "pool": str(len(frozen.rows))}


def said_data(frozen: Frozen, said: Said) -> dict[str, str]:
    """What the said row holds: the values, written before any key is computed."""
    return {"commitment": frozen.commitment, "said": canonical([list(pair) for pair in said])}


def draw_data(draw: bytes, drawn: Drawn, commitment: str) -> dict[str, str]:
    """What the draw row holds: the SHA-256 of draw.json and the counts."""
    return {
        "commitment": commitment, "record": sha256(draw).hexdigest(), "seed": drawn.seed, "visits": str(len(drawn.visits)),
        "checks": str(drawn.checks),
    }
