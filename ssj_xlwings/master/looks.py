"""How a workbook looks: one font, a colour a group, four marks. Each format of a workbook is made once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

FONT = "微软雅黑"
"""On every Windows since Vista, at the size at which a digit is 7 pixels wide, as column widths assume."""
INK, QUIET, LINE, PALE = "262626", "7F7F7F", "BFBFBF", "F2F2F2"
ACCENT = "1F4E79"


def book_options() -> dict[str, Any]:
    """What XlsxWriter needs to know; a new dict each time, because it writes into it."""
    return {
        "in_memory": True,
        "default_format_properties": {"font_name": FONT, "font_size": 10, "font_scheme": "none"},  # else the theme's font would win
        "default_row_height": 22,
        "strings_to_urls": False,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
    }


MARKS: dict[str, dict[str, Any]] = {
    "wrong": {"bold": True, "font_color": "#9C0006", "bg_color": "#FFC7CE"},
    "twice": {"bold": True, "italic": True, "font_color": "#7F3F00", "bg_color": "#FFE0B2"},
    "late": {"font_strikeout": True, "font_color": "#5F3B8C", "bg_color": "#E8DFF5"},
    "missing": {"pattern": 14, "fg_color": "#E2B93B", "bg_color": "#FFF7DB"},
    "doubt": {"bold": True, "font_color": "#7F3F00"},
    "note": {"bold": True, "font_color": f"#{ACCENT}"},
}
"""What a conditional format gives a cell; never colour alone, so that a grey print still tells."""


def tint(colour: str, share: float) -> str:
    """The colour thinned with white: `share` of it stays."""
    parts = (int(colour[at : at + 2], 16) for at in (0, 2, 4))
    return "".join(f"{round(255 - (255 - part) * share):02X}" for part in parts)


def heading(colour: str, role: str) -> dict[str, Any]:
    """The look of a heading: `role` is required, optional or derived."""
    fill, ink = {"required": (colour, "FFFFFF"), "optional": (tint(colour, 0.25), INK), "derived": (PALE, "595959")}[role]
    return {
        "bold": role == "required", "font_color": f"#{ink}", "bg_color": f"#{fill}", "align": "center", "valign": "vcenter",
        "text_wrap": True, "border": 1, "border_color": f"#{LINE}", "bottom": 5, "bottom_color": f"#{colour}",
    }


class Looks(NamedTuple):
    """The formats of one workbook."""

    book: Workbook
    made: dict[tuple[tuple[str, Any], ...], Format]

    def get(self, **properties: Any) -> Format:
        """The format with these properties, made on first use."""
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format(properties)
        return self.made[key]
