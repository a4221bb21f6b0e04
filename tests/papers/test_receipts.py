"""The paper 企业回执: one page, and codes that give back the whole receipt."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from ssj_xlwings.papers.receipts import FITS, PIXELS, SIDES, Facts, codes, picture, receipt_paper
from tests.bureau import BUREAU, CODES, FIRMS, NOW, TASK, digest
from tests.office import needs_office, pages
from tests.papers.reading import texts

FACTS = Facts(BUREAU, "2026年第一批登记事项和公示信息内部联合双随机抽查", TASK, "2", FIRMS[1][0], "2026年3月10日 09:21", "抽中（DJ01 营业执照规范使用情况的检查）", "2026年3月12日", "", "")


def receipt(items: int, levels: int, *, full: bool) -> dict[str, object]:
    """A receipt by its form alone, as large as one of a pool of 2^levels with so many items."""
    path = [digest(f"path {at}") for at in range(levels)]
    short = {"protocol": "ssj-draw/1", "commitment": digest("c"), "root": digest("root"), "id": CODES[1], "index": 5, "size": 2**levels,
             "line": f"{CODES[1]}\t{','.join(f'DJ{at:02d}' for at in range(items))}\t{digest('seal')}", "path": path, "verdict": ["DJ01"]}
    cuts = [{"line": f"DJ{at:02d}\tD\t40\t3\t{digest(f'last {at}')}\t{digest(f'salt {at}')}", "index": at, "size": 5 * items, "path": [digest(f"cut {at} {step}") for step in range(5)]}
            for at in range(items)]
    opened = {"stratum": "D", "salt": digest("s")[:32], "blind": digest("b")[:32], "ticket": digest("t"), "lines_root": digest("lines"), "cuts": cuts}
    return {**short, **opened} if full else short


def unpacked(found: list[str]) -> bytes:
    """The JSON in the texts of the codes."""
    parts = sorted((int(head.split("/")[0]), data) for _, head, data in (text.split(" ") for text in found))
    return zlib.decompress(b64decode("".join(data for _, data in parts)))


@pytest.mark.parametrize(("items", "levels", "full"), [(1, 9, False), (6, 20, False), (2, 9, True), (6, 20, True)])
def test_codes_read_back(tmp_path, items, levels, full):
    """Printed on one page and scanned at 150 dpi, the codes are read and give back every byte, of a pool of a million and six items too."""
    needs_office()
    data = json.dumps(receipt(items, levels, full=full), ensure_ascii=False).encode()
    facts = FACTS._replace(approver="冯局长", reason="该户提出异议") if full else FACTS
    path = tmp_path / "回执.xlsx"
    path.write_bytes(receipt_paper("回执.xlsx", facts, json.loads(data), data, NOW).data)
    printed = pages(path, tmp_path / "out", 150)
    assert len(printed) == 1
    found = [code.text for code in zxingcpp.read_barcodes(Image.open(printed[0])) if code.text.startswith("SSJ1")]
    assert len(found) == len(codes(data))
    assert unpacked(found) == data


def test_picture_is_fine_enough():
    """A code of the largest text has its quiet zone of four modules and at least 150 dpi in print."""
    image = Image.open(BytesIO(picture("SSJ1 1/1 " + "x" * FITS)))
    assert image.width / (max(SIDES.values()) / 72) >= 150
    border = 4 * PIXELS
    assert image.convert("L").crop((0, 0, image.width, border)).getextrema() == (255, 255)
    assert image.convert("L").crop((0, 0, border, image.height)).getextrema() == (255, 255)


def test_a_short_paper_tells_no_class():
    """The short paper says verdict and place, and nothing of class, ticket or cut line; the full one does, with approver and reason."""
    value = receipt(2, 9, full=True)
    short = {key: value[key] for key in receipt(2, 9, full=False)}
    said = "\n".join(texts(receipt_paper("x", FACTS, short, b"{}", NOW)))
    assert "第 6 条，共 512 户" in said
    assert "抽中（DJ01 营业执照规范使用情况的检查）" in said
    for word in ("D 层", "票号", "分界线", "冻结时等级", value["ticket"][:8]):
        assert word not in said
    said = "\n".join(texts(receipt_paper("x", FACTS._replace(approver="冯局长", reason="该户提出异议"), value, b"{}", NOW)))
    for word in ("冻结时等级", "本户票号", "分界线", "冯局长", "该户提出异议"):
        assert word in said
