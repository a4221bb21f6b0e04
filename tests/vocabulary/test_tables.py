"""The vocabulary keeps its own promises."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

from ssj_xlwings.doors.run import function_of
from ssj_xlwings.vocabulary import codelists, divisions, sentences, settings
from ssj_xlwings.vocabulary.commands import COMMANDS
from ssj_xlwings.vocabulary.lookup import Lookup
from ssj_xlwings.vocabulary.tables import BY_NAME, TABLES, TYPED_AT_MOST


@pytest.mark.parametrize(("name", "most"), TYPED_AT_MOST.items())
def test_staff_type_little(name, most):
    """An item costs at most 4 typed columns, a firm 3, an inspector 5, a task 7."""
    assert sum(column.required and column.filled_by == "staff" for column in BY_NAME[name].columns) <= most


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_columns_are_sound(table):
    """Names and headings are unique, keys exist, references lead somewhere, choices have words, defaults are among them."""
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert len({column.header for column in table.columns}) == len(names)
    assert set(table.key) <= set(names)
    for column in table.columns:
        assert not column.refers or column.refers in BY_NAME
        assert not (column.default and column.allowed) or column.default in column.allowed
        assert column.kind != "choice" or column.allowed or (table.name, column.name) in {("scopes", "column"), ("preview", "column")}
        assert len(column.help) <= 255
        assert not set(column.aliases) & {other.header for other in table.columns}


def test_daily_view_is_narrow():
    """The registries show at most ten columns; the others are folded away."""
    for name in ("subjects", "inspectors", "items", "tasks", "visits", "results"):
        assert sum(column.daily for column in BY_NAME[name].columns) <= 10


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_command_resolves(command):
    """A declared command has its function, and reads and writes tables that exist."""
    assert callable(function_of(command))
    assert set(command.reads) | set(command.writes) <= set(BY_NAME)
    assert set(command.writes) <= set(command.reads) | {"sources"} or command.id == "import"


def test_classes_are_private():
    """Credit-risk classes, phones and names of people are private wherever they stand."""
    for table in TABLES:
        for column in table.columns:
            if column.allowed == codelists.CLASSES or "电话" in column.header or "手机" in column.header:
                assert column.private, (table.name, column.name)


def test_sentences_are_templates():
    """Every sentence of every room can be filled: its braces are well formed."""
    rooms = [room.name for room in iter_modules(sentences.__path__)]
    assert {"doors", "draw", "quick", "replace", "upgrade"} <= set(rooms)
    for room in rooms:
        module = import_module(f"{sentences.__name__}.{room}")
        texts = [value for name, value in vars(module).items() if isinstance(value, str) and name.isupper()]
        assert texts, room
        for text in texts:
            assert isinstance(text.format_map(_Anything()), str)


class _Anything(dict):
    def __missing__(self, key):
        return 1


def test_divisions_of_handan():
    """18 counties stand in Handan today; abolished codes are known with the year of their end."""
    below = divisions.below("130400")
    present = [d for d in below if not d.until and d.code != "130400"]
    assert len(present) == 18
    assert divisions.name("130403") == "丛台区"
    assert next(d for d in below if d.code == "130428").until == "2016"


def test_lookup():
    """Codes or names, any separator, 全部; unknown words come back with the nearest known one."""
    items = Lookup(["DJ01", "SP01"], ["登记、名称检查", "食品销售检查"])
    assert items.several("dj01；食品销售检查").keys == ["DJ01", "SP01"]
    assert items.several("登记、名称检查").keys == ["DJ01"]
    assert items.several("SP01，登记，名称检查；dj01").keys == ["SP01", "DJ01"]
    assert items.several("登记、SP01").unknown == ["登记"]
    assert items.several("全部").keys == ["DJ01", "SP01"]
    assert items.several("DJ01、XX").unknown == ["XX"]
    assert items.nearest("SP1") == "SP01"


def test_settings_have_their_defaults():
    """A setting left blank has its default."""
    import pandas as pd

    found = settings.read(pd.DataFrame({"key": ["单位名称", "备选户数"], "value": ["甲局", ""]}))
    assert (found["bureau"], found["alternates"]) == ("甲局", settings.BY_NAME["alternates"].default)
