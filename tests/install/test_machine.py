"""What Windows says of itself, from a stand-in registry; what follows from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ssj_xlwings import __version__
from ssj_xlwings.install import addin, diagnosis, machine
from ssj_xlwings.install.machine import Machine
from ssj_xlwings.types import Refusal

EXCEL = {
    ("HKCR", r"Excel.Application\CurVer", ""): "Excel.Application.16", ("HKCR", r"Excel.Application\CLSID", ""): "{1}",
    ("HKCR", r"CLSID\{1}\LocalServer32", ""): r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE /automation",
    ("HKLM", r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe", ""): r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE",
}
WPS = {("HKCR", r"ET.Application\CurVer", ""): "ET.Application.9"}
TAKEN = {("HKCR", r"CLSID\{1}\LocalServer32", ""): r"C:\Users\li\AppData\Local\Kingsoft\WPS Office\12\office6\et.exe /automation"}
OLD_TAKEN = {("HKCR", r"WOW6432Node\CLSID\{1}\LocalServer32", ""): r"C:\Program Files (x86)\Kingsoft\WPS Office\et.exe"}
USER = {("HKCU", r"Software\Microsoft\Office\16.0\Excel\Security", "VBAWarnings"): 2}
POLICY = {("HKCU", r"Software\Policies\Microsoft\Office\16.0\Excel\Security", "VBAWarnings"): 4}
GOOD = Machine(10, 64, 16)


@pytest.mark.parametrize(("values", "want"), [
    ({}, Machine(10, 64)),
    (EXCEL, GOOD),
    (EXCEL | WPS, replace(GOOD, wps=True)),
    (EXCEL | WPS | TAKEN, replace(GOOD, wps=True, hijacked=True)),
    (EXCEL | WPS | OLD_TAKEN, replace(GOOD, wps=True, hijacked=True)),
    (EXCEL | USER, replace(GOOD, macros=2)),
    (EXCEL | USER | POLICY, replace(GOOD, macros=4, policy=True)),
])
def test_read_from_the_registry(values, want):
    """Excel, WPS, WPS in Excel's place, macros set by the user, macros set by policy."""
    assert machine.office(lambda *key: values.get(key), 10, 64) == want


def test_folders_come_from_windows_own_variables():
    """Each user's own folders; without the variables this is no Windows, and a sentence says what to do instead."""
    where = machine.places({"LOCALAPPDATA": "/u/李 娟&/Local", "APPDATA": "/u/李 娟&/Roaming", "USERPROFILE": "/u/李 娟&"})
    assert where.interpreter == Path("/u/李 娟&/Local/ssj/python/python.exe")
    assert where.addin == Path("/u/李 娟&/Roaming/Microsoft/Excel/XLSTART/xlwings.xlam")
    with pytest.raises(Refusal, match="只用在 Windows 电脑上"):
        machine.places({})


def test_mark_of_the_internet(tmp_path):
    """Only the zones internet and restricted count."""
    book = tmp_path / "台账.xlsm"
    book.write_bytes(b"")
    stream = tmp_path / "台账.xlsm:Zone.Identifier"
    assert not machine.from_internet(book)
    for zone, marked in ((0, False), (1, False), (3, True), (4, True)):
        stream.write_bytes(f"[ZoneTransfer]\r\nZoneId={zone}\r\n".encode())
        assert machine.from_internet(book) is marked


def test_version_of_an_addin(tmp_path):
    """The real add-in states the version of its package; a file that states none is 版本不详, whatever it is."""
    import xlwings

    real = Path(xlwings.__file__).parent / "addin" / "xlwings.xlam"
    assert addin.version(real) == xlwings.__version__
    for junk in (b"", b"PK\x03\x04", bytes(range(256)) * 20):
        (tmp_path / "x.xlam").write_bytes(junk)
        assert addin.version(tmp_path / "x.xlam") == "版本不详"


@pytest.fixture
def where(tmp_path):
    """A PC where everything is in its place."""
    import xlwings

    made = machine.places({"LOCALAPPDATA": str(tmp_path / "Local"), "APPDATA": str(tmp_path / "Roaming"), "USERPROFILE": str(tmp_path)})
    real = (Path(xlwings.__file__).parent / "addin" / "xlwings.xlam").read_bytes()
    version = f'"""x"""\n\n__version__ = "{__version__}"\n'.encode()
    for file, data in {made.interpreter: b"", made.site / "ssj_xlwings" / "__init__.py": version, made.site.joinpath(*addin.IN_PACKAGE): real, made.addin: real}.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return made


def wrong(pc, where, book=None):
    found = diagnosis.points(pc, where, book)
    return [point.remedy for point in found if point.remedy], diagnosis.door(found)


def test_all_is_well(where):
    """Nothing to do, and the tab in Excel works."""
    remedies, door = wrong(GOOD, where)
    assert remedies == []
    assert "选项卡" in door


@pytest.mark.parametrize(("pc", "said", "door"), [
    (replace(GOOD, bits=32), "32 位", "还不能用"),
    (replace(GOOD, windows=6), "太旧", "还不能用"),
    (replace(GOOD, excel=0), "没有找到 Excel", "双随机.cmd"),
    (replace(GOOD, excel=14), "Excel 太旧", "双随机.cmd"),
    (replace(GOOD, wps=True, hijacked=True), "WPS 接管了 Excel", "双随机.cmd"),
    (replace(GOOD, macros=4), "宏设置", "双随机.cmd"),
    (replace(GOOD, macros=3, policy=True), "策略禁用了宏", "双随机.cmd"),
])
def test_what_a_pc_lacks(where, pc, said, door):
    """One thing wrong gives one thing to do, and the door that still works."""
    remedies, sentence = wrong(pc, where)
    assert len(remedies) == 1
    assert said in remedies[0]
    assert door in sentence


def test_wps_beside_excel_is_no_fault(where):
    """WPS may be installed as long as it does not answer for Excel."""
    assert wrong(replace(GOOD, wps=True), where)[0] == []


def test_what_is_not_in_its_place(where, tmp_path):
    """Python, program, add-in and the mark of the internet, one after the other."""
    where.addin.write_bytes(b"other")
    assert "版本不详，应当是" in wrong(GOOD, where)[0][0]
    where.addin.unlink()
    assert "选“安装到本机”" in wrong(GOOD, where)[0][0]
    (where.site / "ssj_xlwings" / "__init__.py").write_text('__version__ = "0.0.1"\n')
    assert "装的是 0.0.1" in wrong(GOOD, where)[0][0]
    where.interpreter.unlink()
    assert wrong(GOOD, where)[1].startswith("这台电脑现在还不能用")
    book = tmp_path / "台账.xlsm"
    (tmp_path / "台账.xlsm:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n")
    assert "解除锁定" in wrong(GOOD, where, book)[0][-1]
