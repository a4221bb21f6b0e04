"""填写说明: the command lines people copy from it."""

from __future__ import annotations

import pytest

from ssj_xlwings.master.manual import terminal_line
from ssj_xlwings.vocabulary.commands import BY_ID, COMMANDS


def test_an_option_shows_how_its_value_is_written() -> None:
    """A label would be typed as it stands; what is wanted has a form. A draw needs nothing but its task: the numbers stand in 现场抽取."""
    assert terminal_line(BY_ID["draw"]) == "ssj draw 工作簿 任务"
    assert terminal_line(BY_ID["freeze"]) == "ssj freeze 工作簿 任务 --speaker 报数人"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_the_line_names_what_must_be_given(command) -> None:
    """Every required option stands there with its form, or its label where it has none."""
    line = terminal_line(command)
    for param in command.params:
        if param.required and not param.positional:
            assert f"--{param.name} {param.form or param.label}" in line
