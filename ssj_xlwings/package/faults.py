"""What can be wrong with the bytes of a workbook. This room knows no language: books turns a fault into a sentence."""

from __future__ import annotations


class Fault(Exception):
    """The file, not the program, is at fault."""


class NotWorkbook(Fault):
    """A zip that holds no spreadsheet in XML, or no zip at all."""


class Damaged(Fault):
    """A workbook whose zip or XML cannot be trusted."""


class Protected(Fault):
    """Members of the zip are encrypted."""


class TooLarge(Fault):
    """A part over the limit, or one that swells suspiciously when unpacked."""


class Occupied(Fault):
    """A table cannot grow: `row` beneath it (or its totals row) is in use; 0 when the sheet has no more rows."""

    def __init__(self, row: int) -> None:
        self.row = row
        super().__init__(f"row {row}")
