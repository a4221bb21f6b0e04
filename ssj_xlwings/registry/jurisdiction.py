"""Which unit a subject belongs to: by the areas named in its address, else by its code.

Digits 3–8 of the code are the place of registration at the time of issue, perhaps abolished since, so
they are asked only where the address says nothing (rules §2.7).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from ssj_xlwings.vocabulary import codelists, divisions
from ssj_xlwings.vocabulary.values import words

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from ssj_xlwings.types import Frame

How = Literal["address", "code", "none"]
SUFFIX = re.compile("[区县市]$")
STATION = codelists.LEVELS[2]


def home_unit(units: Frame, bureau: str, division: str) -> str:
    """The bureau's own unit: by its name, else by its division; "" if it is not among the units."""
    names = units["name"].tolist()
    if bureau in names:
        return bureau
    return next((name for name, code in zip(names, units["division"], strict=True) if code and code == division), "")


class Jurisdiction:
    """The units' areas, ready to be looked up. `home` takes what nothing else claims.

    A station's areas are tried before a county's, longer names before shorter ones; a name that two
    units of one kind claim decides nothing, and the areas of a city or province say too little.
    """

    def __init__(self, units: Frame, home: str) -> None:
        self.home = home
        rows: list[Mapping[Hashable, object]] = [row for row in units.to_dict("records") if row["name"] and not str(row["division"]).endswith("00")]
        stations = [row for row in rows if row["level"] == STATION]
        others = [row for row in rows if row["level"] != STATION]
        self.steps = [_Areas(_areas(group)) for group in (stations, others) if group]
        self.by_code = _unique([(str(row["division"]), str(row["name"])) for row in others if row["division"]])

    def of(self, address: str, code: str) -> tuple[str, How]:
        """The unit of a subject, and what told it."""
        solid = "".join(address.split())  # 涉 县
        for areas in self.steps:
            unit = areas.find(solid)
            if unit:
                return unit, "address"
        unit = self.by_code.get(code[2:8], "") if len(code) == 18 else ""
        return (unit, "code") if unit else (self.home, "none")


class _Areas:
    """Area names, found in an address by one expression."""

    def __init__(self, units: Mapping[str, str]) -> None:
        self.units = units
        names = sorted(units, key=lambda name: (-len(name), name))
        # 武安市场 is a market, not the city 武安市.
        self.pattern = re.compile("|".join(re.escape(name) + ("(?!场)" if name.endswith("市") else "") for name in names) or "(?!)")

    def find(self, address: str) -> str:
        """The unit of the longest area named in the address, of several the first; "" if none is."""
        found = max(self.pattern.findall(address), key=len, default="")
        return self.units.get(found, "")


def _areas(units: Sequence[Mapping[Hashable, object]]) -> dict[str, str]:
    """Area name → unit, past names included: 永年县 for the unit of 永年区.

    A past name of one character and 县 is left out: 丘县 stands in 内丘县 too.
    """
    present = _unique([(area, str(unit["name"])) for unit in units for area in words(str(unit["area"]))])
    by_code = _unique([(str(unit["division"]), str(unit["name"])) for unit in units if unit["area"]])
    by_stem = _unique([(SUFFIX.sub("", area), unit) for area, unit in present.items()])
    past = {}
    for parent in {str(unit["division"])[:4] + "00" for unit in units if len(str(unit["division"])) == 6}:
        for division in divisions.below(parent):
            stem = SUFFIX.sub("", division.name)
            unit = by_code.get(division.code) or by_stem.get(stem)
            if division.until and unit and len(stem) > 1:
                past[division.name] = unit
    return {**past, **present}


def _unique(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Name → unit, without the names that two units claim."""
    units: dict[str, set[str]] = {}
    for name, unit in pairs:
        units.setdefault(name, set()).add(unit)
    return {name: next(iter(claimed)) for name, claimed in units.items() if name and len(claimed) == 1}
