"""After each command, four other readers and a validator say of the workbook what we say of it."""

from __future__ import annotations

import os

import pytest

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.vocabulary.tables import BY_NAME
from tests.books import readers, torture
from tests.live.office import Office, needs_live_office

ARRAYS = {(2, 6), (2, 9), (3, 6), (3, 8), (3, 9), (4, 6)}
"""Cells that array formulas of staff fill: XlsxWriter writes 0 into them, and this LibreOffice does not know UNIQUE."""
STATES = ("冻结", "报数", "抽取", "作废")
STATE = [column.name for column in BY_NAME["tasks"].columns].index("state") + 1
LINK = [column.name for column in BY_NAME["findings"].columns].index("link") + 1
SLOW = pytest.mark.skipif(not (os.environ.get("CI") or os.environ.get("SSJ_SLOW")), reason="takes about a minute; set SSJ_SLOW=1")


def last_of_each(used):
    """The workbook after the last run of each command."""
    return {stage.command: stage.path for stage in used.stages}


def differences(one, other, skipped=frozenset()) -> dict[str, list]:
    """Sheet → cells that the two do not read alike; (cell, one, other), the first few."""
    found = {}
    for name in one:
        cells = (one[name].keys() | other[name].keys()) - (skipped[name] if skipped else set())
        wrong = [(cell, one[name].get(cell), other[name].get(cell)) for cell in sorted(cells) if one[name].get(cell) != other[name].get(cell)]
        found |= {name: wrong[:5]} if wrong else {}
    return found


@pytest.mark.slow
@SLOW
def test_openpyxl_calamine_and_wolfxl_agree(used):
    """Every cell of every sheet, after each command: three readers, one content."""
    for command, path in last_of_each(used).items():
        one = readers.by_openpyxl(path)
        assert len(one[torture.REGISTRY]) > 3000, command
        assert differences(one, readers.by_calamine(path)) == {}, command
        assert differences(one, readers.by_wolfxl(path)) == {}, command


@pytest.mark.slow
@SLOW
def test_libreoffice_agrees_and_calculates_the_same(used):
    """Every cell of every sheet, after each command; all formulas calculated anew come to what we wrote as their value, and
    where we wrote none to what the log and the registry say.
    """
    needs_live_office()
    office = Office()
    try:
        for command, path in last_of_each(used).items():
            one, theirs = readers.by_openpyxl(path), readers.by_office(office, path)
            computed = readers.formulas(path)
            computed[torture.OWN] |= ARRAYS
            assert differences(one, theirs, computed) == {}, command
            written = {(name, cell) for name in one for cell in computed[name] & one[name].keys() if name != torture.OWN or cell not in ARRAYS}
            assert {(name, cell) for name, cell in written if one[name][cell] != theirs[name].get(cell)} == set(), command
            view = FileBook(path).read(["tasks", "log", "subjects", "findings"])
            assert command == "import" or {("校验结果", (row, LINK)) for row in view["findings"].index} <= written
            logged = list(zip(view["log"]["task"], view["log"]["event"], strict=True))
            for row, number in zip(view["tasks"].index, view["tasks"]["number"], strict=True):
                events = [event for task, event in logged if task == number != "" and event in STATES]
                assert theirs["抽查任务"][row, STATE] == (events or ["未冻结"])[-1], command
            assert theirs[torture.OWN][4, 10] == str(len(view["subjects"])), command
    finally:
        office.close()


@pytest.mark.slow
@SLOW
def test_the_validator_finds_nothing_new_after_any_command(used):
    """What an Open XML validator says after each command it said of the workbook before the first."""
    from openxml_audit import FileFormat, OpenXmlValidator

    def told(path) -> set[str]:
        found = OpenXmlValidator(file_format=FileFormat.OFFICE_2019, max_errors=500).validate(str(path))
        return {f"{error.part_uri} {error.description}" for error in found.errors}

    before = told(used.folder / "new.xlsm")
    for command, path in last_of_each(used).items():
        assert told(path) <= before, command
