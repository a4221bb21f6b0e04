"""vbaProject.bin: what the package writes is what other readers of the format find."""

from __future__ import annotations

import random
from io import BytesIO

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as some
from oletools.olevba import VBA_Parser, decompress_stream

from ssj_xlwings.master import vba
from ssj_xlwings.master.container import container
from ssj_xlwings.master.macros import modules, sources

NOISE = random.Random(1).randbytes(3 * 4096)


def read(bytes_: bytes) -> dict[str, bytes]:
    """Every stream of a compound file, by its path."""
    with olefile.OleFileIO(BytesIO(bytes_), raise_defects=olefile.DEFECT_UNSURE) as file:
        return {"/".join(path): file.openstream(path).read() for path in file.listdir()}


@given(some.text("ab c\r\n", max_size=9000) | some.binary(max_size=3000))
def test_compression_reads_back(data: str | bytes) -> None:
    """Any text of any length is found again by oletools."""
    raw = data.encode() if isinstance(data, str) else data
    assert bytes(decompress_stream(bytearray(vba.compress(raw)))) == raw


@pytest.mark.parametrize("length", [0, 1, 2, 3, 4095, 4096, 4097, 8192, 8193, 12289])
def test_compression_at_the_edges_of_chunks(length: int) -> None:
    """Lengths around a chunk of 4096 bytes read back, for much repetition and for none."""
    for data in (b"x" * length, bytes(number % 251 for number in range(length)), b"Dim part As Variant\r\n" * (length // 21)):
        assert bytes(decompress_stream(bytearray(vba.compress(data)))) == data


def test_noise_is_stored_or_refused() -> None:
    """A whole chunk of noise is stored as it is; a last one that does not fit is refused, never cut or padded."""
    assert bytes(decompress_stream(bytearray(vba.compress(NOISE[:8192])))) == NOISE[:8192]
    with pytest.raises(ValueError, match="cannot be compressed"):
        vba.compress(NOISE[:4096 + 4000])


@pytest.mark.parametrize("sizes", [(0, 1, 63, 64, 65), (4095, 4096, 4097), (511, 512, 513, 70000), tuple(range(40)), (300_000, 10)])
def test_a_container_reads_back(sizes: tuple[int, ...]) -> None:
    """Streams of every size, in storages and beside them, are found again without a defect by olefile."""
    streams = {f"s{size}": (NOISE * 30)[:size] for size in sizes}
    expected = {**{f"Below/{name}": data for name, data in streams.items()}, **streams}
    assert read(container({"Below": streams, **streams})) == expected


def test_too_much_for_one_container_is_refused() -> None:
    """Beyond what the header can list there is no file that is nearly right."""
    with pytest.raises(ValueError, match="too many"):
        container({"s": bytes(8 << 20)})


def test_oletools_extracts_the_very_text() -> None:
    """The .bas files stand in the project as they are committed; the modules behind the sheets are empty."""
    found = {name: code for _, _, name, code in VBA_Parser("vbaProject.bin", vba.project(list(modules(3)))).extract_macros()}
    committed = {path.name: path.read_text(encoding="ascii") for path in sources().glob("*.bas")}
    assert {name: found.pop(name).replace("\r\n", "\n") for name in committed} == committed
    assert set(found) == {"ThisWorkbook.cls", "Sheet1.cls", "Sheet2.cls", "Sheet3.cls"}
    assert all(line.startswith("Attribute ") for code in found.values() for line in code.splitlines())


def test_a_character_outside_the_code_page_is_refused() -> None:
    """A source that cannot be written is our bug and says so; it is not written with question marks."""
    with pytest.raises(UnicodeEncodeError):
        vba.project([vba.Module("M", "code", "' \N{GRINNING FACE}\n")])


def test_same_modules_same_bytes() -> None:
    """No clock and no chance is in the file."""
    assert vba.project(list(modules(2))) == vba.project(list(modules(2)))
