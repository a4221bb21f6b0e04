"""What leaves the bureau: no private column's value, no secret, in any public file or paper."""

from __future__ import annotations

import csv
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from ssj_xlwings.books.filebook import FileBook
from ssj_xlwings.doors import cli
from ssj_xlwings.vocabulary import codelists
from ssj_xlwings.vocabulary.tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path

LONG = 5
"""A value of so many characters is looked for anywhere in a text; a shorter one (a name, a class) as a whole cell."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One demonstration, with everything it makes."""
    folder = tmp_path_factory.mktemp("demo") / "a"
    assert cli.answer(["demo", str(folder)]) == 0
    return folder


def private_values(folder: Path) -> set[str]:
    """Every value of a private column of every sheet of the workbook."""
    names = [table.name for table in TABLES if any(column.private for column in table.columns)]
    view = FileBook(folder / "双随机台账.xlsm").read(names)
    found = {
        word for table in TABLES for column in table.columns if column.private
        for cell in view[table.name][column.name] for word in (cell, *cell.split("、"))
    }
    return found - {""}


def secrets(folder: Path) -> set[str]:
    """The veil, and everything that only the veil opens: salts, tickets, cut lines."""
    path = next(folder.rglob("draw.json"))
    draw = json.loads(path.read_text(encoding="utf-8"))
    lines = {field for line in draw["lines"] for field in line.split("\t")[4:] if field}
    return {draw["veil"], draw["inner_plan"]["salt"], *(visit["ticket"] for visit in draw["visits"]), *lines}


def texts(path: Path) -> tuple[set[str], str]:
    """The cells of a file, and all its text in one piece."""
    if path.suffix == ".csv":
        cells = {cell for row in csv.reader(path.read_text(encoding="utf-8-sig").splitlines()) for cell in row}
        return cells, path.read_text(encoding="utf-8-sig")
    if path.suffix == ".json":
        text = path.read_text(encoding="utf-8")
        return set(_leaves(json.loads(text))), text
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    cells = {str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row}
    with zipfile.ZipFile(path) as archive:
        whole = "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return cells, whole


def _leaves(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield str(value)


def public_files(folder: Path) -> list[Path]:
    return [next(folder.rglob("public.json")), *sorted((folder / "公示").iterdir())]


def test_public_files_hold_nothing_private(made):
    """The public record and the roster hold no class, no phone, no contact, no inspector, no operator, no recorder."""
    private, hidden = private_values(made), secrets(made)
    speakers = {name for name, _ in json.loads(next(made.rglob("draw.json")).read_text(encoding="utf-8"))["said"]}
    assert len(private) > 500
    assert set("ABCD") <= private
    for path in public_files(made):
        cells, whole = texts(path)
        assert not cells & private - speakers, path.name
        assert not [value for value in private | hidden if len(value) >= LONG and value in whole], path.name


def test_the_scan_can_fail(made):
    """The same scan finds the class, a phone number and the veil in the bureau's own files."""
    private, hidden = private_values(made), secrets(made)
    cells, whole = texts(made / "双随机台账.xlsm")
    assert {"A", "D"} <= cells & private
    assert [value for value in private if len(value) >= LONG and value in whole]
    _, kept = texts(next(made.rglob("draw.json")))
    assert [value for value in hidden if value in kept]


def test_papers_hold_no_secret_and_no_class(made):
    """No paper or ledger shows a veil, a salt, a ticket or a cut line, a whole phone number, or a class."""
    hidden = secrets(made)
    view = FileBook(made / "双随机台账.xlsm").read(["subjects", "inspectors"])
    phones = {*view["subjects"]["phone"], *view["inspectors"]["phone"]} - {""}
    classes = {word for word in codelists.CLASSES if len(word) == 1}
    papers = [path for folder in ("文书", "台账") for path in sorted((made / folder).glob("*.xlsx"))]
    assert len(papers) > 10
    for path in papers:
        cells, whole = texts(path)
        assert not [value for value in hidden if value in whole], path.name
        assert not [phone for phone in phones if phone in whole], path.name
        assert not cells & classes, path.name


def test_secrets_lie_in_the_archive_only(made):
    """The veil stands in the sealed file and the draw record, never in the workbook, its backups, or any other file."""
    veil = json.loads(next(made.rglob("draw.json")).read_text(encoding="utf-8"))["veil"]
    holders = set()
    for path in made.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            whole = data if not zipfile.is_zipfile(path) else b"".join(zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist())
            if veil.encode() in whole:
                holders.add(path.name)
    assert holders == {"密封.json", "draw.json"}
