"""The embeddable CPython: unpacked, opened for packages, refused when it is the wrong one."""

from __future__ import annotations

import zipfile

import pytest

from ssj_xlwings.install import embedded
from ssj_xlwings.types import Refusal
from tests.install import standins


@pytest.mark.parametrize("paths", [standins.PTH, "python{tag}.zip\n.\n", "python{tag}.zip\n.\nimport site\n"])
def test_packages_are_seen(tmp_path, paths):
    """Whether the line was commented out, absent or there, afterwards it stands once, and the version is told."""
    folder = tmp_path / "py"
    assert embedded.unpack(standins.embedded(tmp_path, version="3.12", paths=paths), folder) == "3.12"
    lines = (folder / "python312._pth").read_text().splitlines()
    assert lines.count("import site") == 1
    assert lines[:2] == ["python312.zip", "."]


def test_wrong_zips(tmp_path):
    """A zip of 32 bits, an old one, another zip, no zip: each has its sentence."""
    assert "embed-amd64" in refusal(standins.embedded(tmp_path, machine=standins.I386), tmp_path / "a")
    assert "3.8，太旧" in refusal(standins.embedded(tmp_path, version="3.8"), tmp_path / "b")
    other = tmp_path / "别的.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "")
    assert "不是嵌入版 Python" in refusal(other, tmp_path / "c")
    other.write_bytes(b"PK nothing")
    assert "不是嵌入版 Python" in refusal(other, tmp_path / "d")


def refusal(source, folder) -> str:
    with pytest.raises(Refusal) as refused:
        embedded.unpack(source, folder)
    return str(refused.value)
