"""The blank master workbook, built from the vocabulary: same settings, same bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import xlsxwriter

from ssj_xlwings.master import conf, home, macros, manual, panel, sheets
from ssj_xlwings.master.looks import Looks, book_options
from ssj_xlwings.master.names import names
from ssj_xlwings.vocabulary import codelists, divisions
from ssj_xlwings.vocabulary.sentences import master as say
from ssj_xlwings.vocabulary.settings import SETTINGS
from ssj_xlwings.vocabulary.tables import HOME, PANEL, TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ssj_xlwings.types import Row

PROVINCE, CITY, COUNTY = codelists.LEVELS[3], codelists.LEVELS[0], codelists.LEVELS[1]


BLANK_YEAR = 2026
"""The date of creation in a workbook that has no year yet; any fixed one."""


def build(target: Path | BinaryIO, settings: Mapping[str, str], *, ribbon: bool = False) -> None:
    """Write a blank workbook for a bureau to a path or a binary buffer.

    `settings`: English names of `vocabulary.settings` → values (bureau, division, year, book …); the
    others take their defaults. `ribbon`: with the tab 双随机 and its VBA, to be named .xlsm.
    The bytes depend on nothing else.
    """
    made = BytesIO()
    _write(made, {setting.name: settings.get(setting.name, setting.default) for setting in SETTINGS}, ribbon=ribbon)
    whole = macros.with_ribbon(made.getvalue()) if ribbon else made.getvalue()
    if isinstance(target, Path):
        target.write_bytes(whole)
    else:
        target.write(whole)


def _write(target: BinaryIO, values: Mapping[str, str], *, ribbon: bool) -> None:
    """The workbook as XlsxWriter can make it."""
    rows: dict[str, Sequence[Row]] = {
        "settings": [{"key": setting.key, "value": values[setting.name], "help": setting.help} for setting in SETTINGS],
        "units": units(values["bureau"], values["division"]) if values["bureau"] else [],
    }
    with xlsxwriter.Workbook(target, book_options()) as book:
        book.set_properties({
            "title": f"{values['year']} {say.TITLE}".strip(), "author": values["bureau"],
            "created": datetime(int(values["year"] or BLANK_YEAR), 1, 1, tzinfo=UTC),  # not the clock: a book can be built again
        })
        book.set_size(1920, 1080)
        looks = Looks(book, {})
        cover = book.add_worksheet(HOME)
        for table in TABLES:
            if table is PANEL:
                panel.write(looks, values["bureau"], ribbon=ribbon)
            else:
                sheets.write(looks, table, values["bureau"], rows.get(table.name, []))
        manual.write(looks, values["bureau"], ribbon=ribbon)
        manual.write_codes(looks, values["bureau"])
        for name, formula in names().items():
            book.define_name(name, formula)
        home.write(looks, cover, values["bureau"], ribbon=ribbon)
        if ribbon:
            conf.write(book)
            macros.add_vba(book)


def units(bureau: str, division: str) -> list[Row]:
    """Rows of 单位 to begin with: the bureau; for a city also the bureau of each county that stands today."""
    county = not division.endswith("00")
    level = COUNTY if county else PROVINCE if division.endswith("0000") else CITY
    own: Row = {"name": bureau, "division": division, "level": level, "area": divisions.name(division) if county else ""}
    below = divisions.below(division) if level == CITY else ()
    return [own] + [
        {"name": say.BUREAU_OF.format(county=each.name), "division": each.code, "level": COUNTY, "area": each.name}
        for each in below if not each.until and each.code != division
    ]
