"""The unit of a firm: by its address, else its code, else the bureau's own."""

import pytest

from ssj_xlwings.registry.jurisdiction import Jurisdiction, home_unit
from tests.registry.book import BUREAU, code, frame, units

LIST = [*units(), {"name": "经开区分局", "level": "县局", "area": "邯郸经济技术开发区、邯郸开发区"},
        {"name": "柳园所", "level": "所", "division": "130403", "area": "柳园街道"},
        {"name": "东城关所", "level": "所", "division": "130424", "area": "城关镇"}, {"name": "西城关所", "level": "所", "division": "130425", "area": "城关镇"}]
CITY = "91130400"


@pytest.mark.parametrize(("address", "unit"), [
    ("河北省邯郸市丛台区人民路", "丛台区市场监督管理局"),
    ("邯郸市武安市西土山乡", "武安市市场监督管理局"),
    ("河北省邯郸市永年县临洺关镇", "永年区市场监督管理局"),
    ("肥乡县城南", "肥乡区市场监督管理局"),
    ("武安县北", "武安市市场监督管理局"),
    ("涉县更乐镇", "涉县市场监督管理局"),
    ("涉 县更乐镇", "涉县市场监督管理局"),
    ("邯郸开发区世纪大街", "经开区分局"),
    ("丛台区柳园街道8号", "柳园所"),
    ("成安县城关镇", "成安县市场监督管理局"),
    ("临漳县柳园镇涉县庄村", "临漳县市场监督管理局"),
])
def test_by_address(address, unit):
    """The longest area named, a station before its county; past names count; a name of two units decides nothing."""
    assert Jurisdiction(frame("units", LIST), BUREAU).of(address, code(1, CITY)) == (unit, "address")


@pytest.mark.parametrize("address", ["邯郸市人民路", "丛台路1号", "干涉路", "邯郸市邯郸县", "武安市场3号", "内丘县", ""])
def test_names_that_say_nothing(address):
    """The city, roads, stems of one character, markets and divided counties name no unit."""
    assert Jurisdiction(frame("units", units()), BUREAU).of(address, code(1, CITY)) == (BUREAU, "none")


def test_by_code_only_as_a_fallback():
    """Digits 3–8 decide where the address does not, and only if they are a present division."""
    where = Jurisdiction(frame("units", units()), BUREAU)
    assert where.of("磁县一街", code(1, "91130426")) == ("磁县市场监督管理局", "address")
    assert where.of("一街", code(1, "91130426")) == ("涉县市场监督管理局", "code")
    assert where.of("一街", code(1, "91130421")) == (BUREAU, "none")
    assert where.of("一街", "130426000012345") == (BUREAU, "none")


def test_home_unit():
    """The bureau by its name, else by its division."""
    frame_ = frame("units", units())
    assert home_unit(frame_, BUREAU, "130400") == BUREAU
    assert home_unit(frame_, "另一个名字", "130426") == "涉县市场监督管理局"
    assert home_unit(frame_, "另一个名字", "") == ""
