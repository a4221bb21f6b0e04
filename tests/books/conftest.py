"""The torture workbook after every command, made once."""

from __future__ import annotations

import pytest

from tests.books import keen


@pytest.fixture(scope="session")
def used(tmp_path_factory) -> keen.Keen:
    """The torture workbook after every command that writes has run on it; `stages`: a copy after each. Not to be changed by a test."""
    return keen.run_all(tmp_path_factory.mktemp("torture"))
