"""The rules of the house, held by machine."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ssj_xlwings.vocabulary.commands import COMMANDS

ROOT = Path(__file__).parent.parent
UNUSED_BY_CHECK = {
    "openpyxl", "xlsxwriter", "python_calamine", "xlwings", "rich", "rapidfuzz", "qrcode", "chinese_calendar", "PIL", "packaging",
    "ssj_xlwings.papers", "ssj_xlwings.publication", "ssj_xlwings.install", "ssj_xlwings.master.build", "ssj_xlwings.registry.intake",
}
MODULES = sorted((ROOT / "ssj_xlwings").rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_are_small_and_honest(path):
    """A module reads in one sitting, a function fits on a screen; no assert, no swallowed error, nothing left to do."""
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 320
    assert not re.search(r"\b(TODO|FIXME|XXX)\b|raise NotImplementedError", text)
    for node in ast.walk(ast.parse(text)):
        assert not isinstance(node, ast.Assert), node.lineno
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno - node.lineno < 60, node.name
        if isinstance(node, ast.ExceptHandler) and all(isinstance(step, ast.Pass) for step in node.body):
            assert node.type is not None, node.lineno
            assert not (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")), node.lineno


def test_every_demand_of_the_plan_has_its_row():
    """docs/requirements.md has the 80 rows, each with a place or “not yet”, and the modules and sheets it names exist."""
    text = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    assert [int(number) for number, _, _ in rows] == list(range(1, 81))
    for name in set(re.findall(r"`((?!ssj_xlwings|tests)[a-z_]+/[a-z_/.]*)`", text)):
        assert (ROOT / "ssj_xlwings" / name).exists(), name


def test_readme_lists_every_command():
    """The README's table of commands is the declared one."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"| `ssj {command.id}` | {command.label} |" in text, command.id


def test_readme_gives_every_dependency_a_reason():
    """Each run-time dependency of pyproject.toml stands in the README's table."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for dependency in project["dependencies"]:
        name = re.match(r"[A-Za-z0-9-]+", dependency)[0]
        assert f"| {name} |" in text, name


def test_readme_shows_the_measured_table():
    """The table of properties in the README is the one that the benchmark wrote."""
    rows = [line for line in (ROOT / "docs" / "properties.md").read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    assert len(rows) > 10
    assert "\n".join(rows) in (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_shows_the_times_measured():
    """The tables of times in the README are those that the benchmark wrote, and the page is what its figures come to."""
    from benchmarks import workbook

    text = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    tables = [block for block in text.split("\n\n") if block.startswith("|")]
    assert len(tables) == 2
    assert all(table.strip() in (ROOT / "README.md").read_text(encoding="utf-8") for table in tables)
    assert workbook.page(json.loads(workbook.KEPT.read_text(encoding="utf-8"))) == text


def test_ci_runs_the_readme():
    """CI runs the very command that the README gives for the tests."""
    command = next(line for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if line.endswith("-m pytest"))
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_help_imports_little():
    """`ssj --help` imports no pandas, no Excel library, no lxml."""
    code = "import sys; from ssj_xlwings.doors import cli; cli.answer(['--help']); print(sorted(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    loaded = set(ast.literal_eval(shown.strip().splitlines()[-1]))
    assert not loaded & {"pandas", "numpy", "openpyxl", "xlsxwriter", "lxml", "python_calamine", "xlwings", "rich"}


def test_checking_imports_what_it_uses(tmp_path):
    """`ssj check` loads what reads and writes a workbook, not what builds one, prints, compares words or draws."""
    code = f"""import sys
from ssj_xlwings.doors import cli
cli.answer(["check", {str(tmp_path / "book.xlsm")!r}])
print(sorted(sys.modules))"""
    made = [sys.executable, "-m", "ssj_xlwings", "new", str(tmp_path / "book.xlsm"), "--bureau", "某局", "--division", "130400", "--year", "2026"]
    subprocess.run(made, capture_output=True, check=True, cwd=ROOT)
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    loaded = set(ast.literal_eval(shown.strip().splitlines()[-1]))
    assert {"pandas", "lxml"} <= loaded
    assert not loaded & UNUSED_BY_CHECK, sorted(loaded & UNUSED_BY_CHECK)


def test_nothing_says_where_it_was_made():
    """No file of the project holds a path of somebody's machine."""
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".txt", "") and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not re.search("/ro" + "ot/|/wo" + "rk/|/ho" + "me/[a-z]+/", text.replace("/home/zhang", "")), name
