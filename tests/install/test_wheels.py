"""Wheels: markers read as on Windows, contents where pip would put them, missing imports found."""

from __future__ import annotations

from ssj_xlwings.install import imports, wheels
from tests.install import standins


def test_windows_only_requirements_are_noticed(tmp_path):
    """What a wheel asks for on Windows is lacking; what it asks for on a Mac, or as an extra, is not."""
    standins.wheel(tmp_path, "xlwings", {}, ('pywin32>=224; platform_system == "Windows"', 'appscript; platform_system == "Darwin"', 'jinja2; extra == "all"'))
    assert wheels.lacking(tmp_path, "3.12") == ["pywin32>=224"]
    standins.wheel(tmp_path, "pywin32", {})
    assert wheels.lacking(tmp_path, "3.12") == []


def test_windows_only_dependencies_are_named():
    """xlwings and pywin32 are asked for by name, whatever machine makes the pack; no marker and no extra is left."""
    asked = wheels.requirements()
    assert {"pywin32", "colorama", "tzdata"} <= set(asked)
    assert any(line.startswith("xlwings") for line in asked)
    assert not any(";" in line or "pytest" in line for line in asked)


def test_unpacked_as_pip_does(tmp_path):
    """purelib comes to the top, scripts and tests are left out, a name that climbs out stays inside."""
    standins.wheel(tmp_path / "w", "a", {
        "a/__init__.py": "", "a/tests/test_a.py": "", "a-1.0.data/purelib/b.py": "", "a-1.0.data/scripts/run.exe": "", "../../out.py": ""})
    assert wheels.unpack(tmp_path / "w", tmp_path / "deep" / "site") == 1
    files = {str(path.relative_to(tmp_path)) for path in (tmp_path / "deep").rglob("*") if path.is_file()}
    assert files == {f"deep/site/{name}" for name in ("a/__init__.py", "b.py", "out.py", "a-1.0.dist-info/METADATA")}
    assert not (tmp_path / "out.py").exists()


def packages(site, files):
    for name, text in {**{f"{module.replace('.', '/')}/__init__.py": "" for module in imports.MUST}, **files}.items():
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return imports.scan(site)


def test_missing_imports(tmp_path):
    """Found: what our modules import anywhere, and what a package imports as it loads. A guarded import of a package is its own affair."""
    scan = packages(tmp_path, {
        "ssj_xlwings/__init__.py": "", "ssj_xlwings/door.py": "import json\ndef f():\n    import gone\n    from pkg.inner import name\n    import tkinter\n",
        "pkg/__init__.py": "from . import inner\ntry:\n    import optional\nexcept ImportError:\n    optional = None\n", "pkg/inner.py": "import lost.deep\nname = 1\n",
    })
    assert {(one.module, one.importer) for one in scan.missing} == {("gone", "ssj_xlwings.door"), ("tkinter", "ssj_xlwings.door"), ("lost.deep", "pkg.inner")}


def test_modules_of_windows(tmp_path):
    """Compiled modules and folders named in .pth files count; a file in a newer syntax is told, not passed over."""
    scan = packages(tmp_path, {
        "ssj_xlwings/__init__.py": "import fast, inside, newer\n", "fast.cp312-win_amd64.pyd": "", "more.pth": "import os; os.x()\nwin\\lib\n", "win/lib/inside.py": "",
        "newer.py": "def f(:\n",
    })
    assert scan.missing == []
    assert scan.unread == ["newer.py"]
