"""The cover 首页: the next step, counts, the steps of a check and links to every sheet, on one A4 page.

Everything on it is a formula over names, so it is right after any command and after any typing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssj_xlwings.master.looks import ACCENT, INK, LINE, MARKS, PALE, QUIET, Looks, tint
from ssj_xlwings.master.names import KEYS, column_name
from ssj_xlwings.master.rules import BLOCKING
from ssj_xlwings.master.sheets import print_setup
from ssj_xlwings.vocabulary import codelists, settings
from ssj_xlwings.vocabulary import tables as words
from ssj_xlwings.vocabulary.commands import COMMANDS
from ssj_xlwings.vocabulary.sentences import master as say

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

TILES = 8
THOUSANDS = 3
"""Built-in number format #,##0."""
WIDTH = 18.5
NEXT_ROW, TILE_ROW, STEP_ROW = 3, 5, 8
DONE, NOW, LATER = say.STATES
BAR_HEIGHT = 36
BAR_COLOURS = {"yellow": ("FFF4CE", "5C4A00"), "red": ("F4C7C3", "8C0B0B")}
"""Fill and ink of the bars that Excel shows above a sheet."""
TARGETS = {"entered": "results", "missing": "results", "blocking": "findings"}


def count(table: str, column: str, word: str = "?*") -> str:
    """How many cells of a column hold the word (any text)."""
    return f'COUNTIF({column_name(table, column)},"{word}")'


def counts() -> dict[str, str]:
    """Formula of each number on the cover."""
    entered = count("results", "result")
    withheld = f'COUNTIFS({column_name("results", "withheld")},"?*",{column_name("results", "result")},"")'  # among them those of voided draws
    return {
        **{table: count(table, KEYS[table][-1] if table == "subjects" else KEYS[table][0]) for table in ("subjects", "inspectors", "items", "tasks")},
        "visits": count("visits", "name"),
        "entered": entered,
        "missing": f"MAX(0,{count('results', 'subject')}-{entered}-{withheld})",
        "blocking": count("findings", "level", BLOCKING),
    }


def conditions() -> dict[str, str]:
    """Step → when it is done. The first that is not done is the next step."""
    found = counts()
    unfrozen = count("tasks", "state", say.NOT_FROZEN)
    waiting = f"{count('tasks', 'state', codelists.FROZEN)}+{count('tasks', 'state', codelists.SAID)}"
    return {
        **{step: f"{found[step]}>0" for step in ("subjects", "inspectors", "items")},
        "tasks": f"{found['tasks']}>0",
        "check": f"AND({found['tasks']}>0,OR({found['blocking']}=0,{unfrozen}=0))",  # errors stand in the way of a freeze only
        "freeze": f"AND({found['tasks']}>0,{unfrozen}=0)",
        "draw": f"AND({found['visits']}>0,{waiting}=0)",
        "results": f"AND({found['entered']}>0,{found['missing']}=0)",
        "publish": f"{count('roster', 'name')}>0",
    }


def setting(name: str) -> str:
    """The formula that reads a setting from 参数."""
    return f'IFERROR(INDEX({column_name("settings", "value")},MATCH("{settings.BY_NAME[name].key}",{column_name("settings", "key")},0)),"")'


def write(looks: Looks, sheet: Worksheet, bureau: str, *, ribbon: bool) -> None:
    """Fill the cover; with a ribbon, also say what to do when it does not show.

    Formulas carry no value: one that is stored would be shown after a command made it wrong.
    """
    sheet.hide_gridlines(2)
    sheet.hide_row_col_headers()
    sheet.set_column(0, 0, 2)
    sheet.set_column(1, TILES, WIDTH)
    sheet.set_tab_color(f"#{ACCENT}")
    _title(looks, sheet)
    _next(looks, sheet)
    _tiles(looks, sheet)
    _steps(looks, sheet, say.BUTTON if ribbon else say.COMMAND)
    _links(looks, sheet)
    _legend(looks, sheet)
    if ribbon:
        _bars(looks, sheet)
    print_setup(sheet, "", bureau, landscape=True)
    sheet.set_header("")
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.activate()
    sheet.set_first_sheet()


def _title(looks: Looks, sheet: Worksheet) -> None:
    title = looks.get(font_size=22, bold=True, font_color=f"#{ACCENT}", valign="vcenter")
    quiet = looks.get(font_size=11, font_color=f"#{QUIET}", valign="vcenter")
    sheet.set_row(0, 42)
    sheet.merge_range(0, 1, 0, TILES, "", title)
    sheet.write_formula(0, 1, f'={setting("year")}&" {say.TITLE}"', title, "")
    sheet.set_row(1, 20)
    sheet.merge_range(1, 1, 1, TILES, "", quiet)
    sheet.write_formula(1, 1, f'={setting("bureau")}&"　{say.SUBTITLE} "&{setting("book")}', quiet, "")
    sheet.set_row(2, 8)


def _next(looks: Looks, sheet: Worksheet) -> None:
    fill = f"#{tint(ACCENT, 0.1)}"
    label = looks.get(font_size=14, bold=True, font_color="#FFFFFF", bg_color=f"#{ACCENT}", align="center", valign="vcenter")
    text = looks.get(font_size=14, font_color=f"#{INK}", bg_color=fill, valign="vcenter", indent=1, text_wrap=True)
    sheet.set_row(NEXT_ROW, 44)
    sheet.write_string(NEXT_ROW, 1, say.NEXT, label)
    first, last = STEP_ROW + 2, STEP_ROW + 1 + len(say.STEPS)
    at = f'MATCH("{NOW}",$B${first}:$B${last},0)'
    formula = f'=IFERROR(INDEX($C${first}:$C${last},{at})&"{say.COLON}"&INDEX($D${first}:$D${last},{at}),"{say.ALL_DONE}")'
    sheet.merge_range(NEXT_ROW, 2, NEXT_ROW, TILES, "", text)
    sheet.write_formula(NEXT_ROW, 2, formula, text, "")
    sheet.set_row(NEXT_ROW + 1, 10)


def _tiles(looks: Looks, sheet: Worksheet) -> None:
    edge = {"border_color": f"#{LINE}", "left": 1, "right": 1, "align": "center", "valign": "vcenter"}
    number = looks.get(font_size=20, bold=True, font_color=f"#{ACCENT}", num_format=THOUSANDS, top=1, **edge)
    label = looks.get(font_size=9, font_color=f"#{QUIET}", bottom=1, **edge)
    alarm = looks.get(bold=True, font_color="#9C0006", bg_color="#FFC7CE")
    sheet.set_row(TILE_ROW, 36)
    sheet.set_row(TILE_ROW + 1, 20)
    sheet.set_row(TILE_ROW + 2, 12)
    for column, (name, formula) in enumerate(counts().items(), start=1):
        sheet.write_formula(TILE_ROW, column, f"={formula}", number, "")
        target = words.BY_NAME[TARGETS.get(name, name)].sheet
        sheet.write_url(TILE_ROW + 1, column, f"internal:'{target}'!A1", label, say.TILES[name])
        if name in ("missing", "blocking"):
            sheet.conditional_format(TILE_ROW, column, TILE_ROW, column, {"type": "cell", "criteria": ">", "value": 0, "format": alarm})


def _steps_text(form: str) -> list[tuple[str, str]]:
    called = {command.id: form.format(label=command.label, id=command.id) for command in COMMANDS}
    return [(name, how.format(**called)) for name, how in say.STEPS.values()]


def _steps(looks: Looks, sheet: Worksheet, form: str) -> None:
    head = looks.get(bold=True, font_color=f"#{INK}", bg_color=f"#{PALE}", valign="vcenter", bottom=1, border_color=f"#{LINE}", indent=1)
    cell = looks.get(valign="vcenter", bottom=1, border_color=f"#{LINE}", indent=1, text_wrap=True)
    name = looks.get(valign="vcenter", bottom=1, border_color=f"#{LINE}", indent=1, bold=True)
    sheet.set_row(STEP_ROW, 24)
    for column, text in enumerate(say.STEPS_HEAD, start=1):
        sheet.write_string(STEP_ROW, column, text, head)
    sheet.merge_range(STEP_ROW, 3, STEP_ROW, TILES - 2, say.STEPS_HEAD[-1], head)
    for row, (condition, (step, how)) in enumerate(zip(conditions().values(), _steps_text(form), strict=True), start=STEP_ROW + 1):
        above = f'COUNTIF($B${STEP_ROW + 1}:$B${row},"{NOW}")=0'
        sheet.write_formula(row, 1, f'=IF({condition},"{DONE}",IF({above},"{NOW}","{LATER}"))', cell, "")
        sheet.write_string(row, 2, step, name)
        sheet.merge_range(row, 3, row, TILES - 2, how, cell)
    area = (STEP_ROW + 1, 1, STEP_ROW + len(say.STEPS), TILES - 2)
    now = looks.get(bold=True, font_color=f"#{ACCENT}", bg_color=f"#{tint(ACCENT, 0.1)}")
    done = looks.get(font_color="#548235")
    sheet.conditional_format(*area, {"type": "formula", "criteria": f'=$B{area[0] + 1}="{NOW}"', "format": now})
    sheet.conditional_format(area[0], 1, area[2], 1, {"type": "formula", "criteria": f'=$B{area[0] + 1}="{DONE}"', "format": done})


def _links(looks: Looks, sheet: Worksheet) -> None:
    columns = ((words.DRAW, words.INSPECT, words.PUBLISH), (words.REGISTRY, words.OFFICE))
    lowest = 0
    for column, groups in enumerate(columns, start=TILES - 1):
        row = STEP_ROW
        for group in groups:
            bar = looks.get(bold=True, font_color="#FFFFFF", bg_color=f"#{words.GROUPS[group]}", valign="vcenter", indent=1)
            link = looks.get(font_color=f"#{words.GROUPS[group]}", valign="vcenter", indent=1, underline=1)
            sheet.write_string(row, column, group, bar)
            titles = _titles(group)
            for at, title in enumerate(titles, start=row + 1):
                sheet.write_url(at, column, f"internal:'{title}'!A1", link, title)
            row += len(titles) + 1
        lowest = max(lowest, row)
    for row in range(STEP_ROW + 1, lowest):
        sheet.set_row(row, 27)


def _legend(looks: Looks, sheet: Worksheet) -> None:
    row = STEP_ROW + len(say.STEPS) + 2
    sheet.write_string(row, 1, say.LEGEND, looks.get(font_color=f"#{QUIET}", valign="vcenter", indent=1))
    for column, (mark, (name, _)) in enumerate(say.MARKS.items(), start=2):
        sheet.write_string(row, column, name, looks.get(**MARKS[mark], align="center", valign="vcenter", border=1, border_color=f"#{LINE}"))


def _bars(looks: Looks, sheet: Worksheet) -> None:
    """What Excel shows above the sheet when it holds back the macros, drawn like it, and what to click. Static: it needs no code."""
    row = STEP_ROW + len(say.STEPS) + 4
    line = {"valign": "vcenter", "indent": 1, "text_wrap": True, "bottom": 1, "border_color": f"#{LINE}"}
    head = looks.get(**line, bold=True, bg_color=f"#{PALE}")
    sheet.merge_range(row, 1, row, TILES - 2, say.BARS_TITLE, head)
    sheet.set_row(row, BAR_HEIGHT)
    for at, (colour, text, button, remedy) in enumerate(say.BARS, start=row + 1):
        fill, ink = BAR_COLOURS[colour]
        bar = looks.get(**line, bg_color=f"#{fill}", font_color=f"#{ink}")
        pressed = looks.get(valign="vcenter", align="center", border=1, border_color=f"#{ink}", bg_color=f"#{fill}", font_color=f"#{ink}", bold=True, shrink=True)
        sheet.merge_range(at, 1, at, 2, text, bar)
        sheet.write_string(at, 3, button, pressed)
        sheet.merge_range(at, 4, at, TILES - 2, remedy, looks.get(**line))
        sheet.set_row(at, BAR_HEIGHT)
    last = row + len(say.BARS) + 1
    sheet.merge_range(last, 1, last, TILES - 2, say.BARS_ELSE, looks.get(**line))
    sheet.set_row(last, BAR_HEIGHT)


def _titles(group: str) -> list[str]:
    return [table.sheet for table in words.TABLES if table.group == group] + ([words.MANUAL, words.CODES] if group == words.OFFICE else [])
