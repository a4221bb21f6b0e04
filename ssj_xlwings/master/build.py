"""The blank master workbook, built from the vocabulary: same settings, same bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import xlsxwriter

from ssj_xlwings.master import home, manual, sheets
from ssj_xlwings.master.looks import Looks, book_options
from ssj_xlwings.master.names import names
from ssj_xlwings.vocabulary import codelists, divisions
from ssj_xlwings.vocabulary.sentences import master as say
from ssj_xlwings.vocabulary.settings import SETTINGS
from ssj_xlwings.vocabulary.tables import HOME, TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ssj_xlwings.types import Row

PROVINCE, CITY, COUNTY = codelists.LEVELS[3], codelists.LEVELS[0], codelists.LEVELS[1]


def build(target: str | Path | BinaryIO, settings: Mapping[str, str]) -> None:
    """Write a blank workbook for a bureau to a path or a binary buffer.

    `settings`: English names of `vocabulary.settings` → values (bureau, division, year, book …); the
    others take their defaults. The bytes depend on nothing else.
    """
    values = {setting.name: settings.get(setting.name, setting.default) for setting in SETTINGS}
    rows: dict[str, Sequence[Row]] = {
        "settings": [{"key": setting.key, "value": values[setting.name], "help": setting.help} for setting in SETTINGS],
        "units": units(values["bureau"], values["division"]),
    }
    with xlsxwriter.Workbook(target if not isinstance(target, Path) else str(target), book_options()) as book:
        book.set_properties({
            "title": f"{values['year']} {say.TITLE}", "author": values["bureau"],
            "created": datetime(int(values["year"]), 1, 1, tzinfo=UTC),  # not the clock: a book can be built again
        })
        book.set_size(1920, 1080)
        looks = Looks(book, {})
        cover = book.add_worksheet(HOME)
        for table in TABLES:
            sheets.write(looks, table, values["bureau"], rows.get(table.name, []))
        manual.write(looks, values["bureau"])
        manual.write_codes(looks, values["bureau"])
        for name, formula in names().items():
            book.define_name(name, formula)
        home.write(looks, cover, values["bureau"])


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
