"""What a number format shows: a date, a time or a number, as ECMA-376 18.8.31 has it."""

from xml.sax.saxutils import quoteattr

import pytest

from ssj_xlwings.package.styles import Styles

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DATES = (
    "yyyy-mm-dd", "yyyy/m/d h:mm", "yyyy/m/d;@", "yy", "mmm", "mm", 'm"月"', 'e"年"m"月"', "g e", "b1e", "bbbb", "aaaa", "[$-804]aaaa", '[DBNum1]m"月"', "m/e", "m-d h:mm",
    "[$-F800]dddd\\,\\ mmmm", "[Red]d", "e-m", 'm"月"d"日" AM/PM h"时"', "\\_d", '"*"d', "M",
)
TIMES = ("h:mm", "hh:mm:ss", "mm:ss.0", "ss", "s", "m:s", "[h]:mm", "[mm]", "[ss]", "[m]:ss", "[HH]:MM", "h:mm AM/PM", "h:mm A/P", '[$-804]上午/下午h"时"mm"分"', "AM/PM h:mm")
NUMBERS = (
    "General", "GENERAL", "G/通用格式", "General;[Red]-General", '0" day"', '"d"0', "\\d0", "_D0.00", "#,##0_d", "#,##0\\ _D_M", "0.00_y", "0*d", "*y0", "@", "# ?/?", "0.00E+00", "0e-0",
    "[$DKK] 0", "[Red]0;[Color10]-0", "[Cyan][>=100]0", "[$-804]0", '"[h]"0', '0"户";@', "0%",
)


def shown(code, kind=200):
    """What a cell with this format shows."""
    part = f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="{kind}" formatCode={quoteattr(code)}/></numFmts><cellXfs count="1"><xf numFmtId="{kind}"/></cellXfs></styleSheet>'
    return Styles("styles.xml", part.encode()).moment(0)


@pytest.mark.parametrize("code", DATES)
def test_dates(code):
    """A letter of a date counts wherever it stands by itself, a month alone too."""
    assert shown(code) == "date"


@pytest.mark.parametrize("code", TIMES)
def test_times(code):
    """Hours, minutes and seconds without a day are a time, also elapsed ones in brackets and those with halves of the day."""
    assert shown(code) == "time"


@pytest.mark.parametrize("code", NUMBERS)
def test_numbers(code):
    """Letters that are quoted, escaped, a width, a filling, in brackets or of an exponent make no date of a number."""
    assert shown(code) == ""


@pytest.mark.parametrize(("kind", "what"), [(0, ""), (9, ""), (11, ""), (14, "date"), (57, "date"), (20, "time"), (46, "time"), (33, "time")])
def test_formats_without_a_code(kind, what):
    """The built-in formats are known by their number."""
    assert shown("", kind) == what
