"""What can be wrong with the bytes of a workbook. This room knows no language: books turns a fault into a sentence."""

from __future__ import annotations


class Fault(Exception):
    """The file, not the program, is at fault."""


class NotWorkbook(Fault):
    """A zip that holds no spreadsheet in XML, or no zip at all."""


class Damaged(Fault):
    """A workbook whose zip or XML cannot be trusted."""


class Twisted(Damaged):
    """Built in a way no program builds a workbook, so that readers would differ on what it says. `how`: one of HOWS."""

    def __init__(self, how: str, seen: str) -> None:
        self.how = how
        super().__init__(f"{how}: {seen}")


HOWS = ("doctype", "names", "twice", "overlap", "header", "packed")
"""A document type (entities), member names that leave the package, two members of one name, members over each other, a member whose
own header or bytes are not what the directory says, a way of packing no workbook has."""


class Signed(Fault):
    """A digital signature covers the package: any change would break it."""


class Protected(Fault):
    """Members of the zip are encrypted."""


class TooLarge(Fault):
    """A part over the limit, or one that swells suspiciously when unpacked."""


class Covered(Fault):
    """A cell to be written lies under another: a merged cell, or an array formula that fills several. `area`: A5:A7."""

    def __init__(self, area: str) -> None:
        self.area = area
        super().__init__(area)


class Undeclared(Fault):
    """The save would change something that nobody asked to change. `what`: parts, or a part and its elements."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)


class Unwritten(Fault):
    """What was written does not read back as it was meant, or is not well-formed: a disk that lies, or content that was broken before. `what`: the part."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)


class Occupied(Fault):
    """A table cannot grow: `row` beneath it is in use; 0 when the sheet has no more rows."""

    def __init__(self, row: int) -> None:
        self.row = row
        super().__init__(f"row {row}")


class Loose(Occupied):
    """What stands right under the table lacks its key: a row of the table half filled, or a note beneath it."""


class Stuck(Occupied):
    """The totals row cannot move down: a note or a merged cell hangs on it."""
