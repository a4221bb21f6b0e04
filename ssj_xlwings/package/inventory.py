"""What a workbook consists of, before and after a save: nothing may change that the change did not ask for."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from ssj_xlwings.package import archive, markup
from ssj_xlwings.package.faults import Damaged, Signed, Undeclared
from ssj_xlwings.package.kept import Written
from ssj_xlwings.package.mentions import substituted
from ssj_xlwings.package.relations import called, relations, rels_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from ssj_xlwings.package.archive import Archive
    from ssj_xlwings.package.inflate import Member
    from ssj_xlwings.package.relations import Workbook
    from ssj_xlwings.package.rows import Sheet

TYPES = "[Content_Types].xml"
RELS = ".rels"
TAG = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)|\suri\s*=\s*[\"']([^\"']*)")
ROWS = re.compile(rb"<(?:[\w.-]+:)?sheetData[\s/>]")
SAID = re.compile(r"""=(["'])([^<]*?)\1|>([^<]+)""")
"""The value of an attribute, a text."""
FILTERS = {b"filterColumn", b"filters", b"filter", b"dateGroupItem", b"customFilters", b"customFilter", b"dynamicFilter", b"colorFilter",
           b"iconFilter", b"top10", b"ext", b"extLst"}
"""What a filter consists of: lifted when a table is written anew."""
STYLES = {b"xf", b"alignment", b"protection", b"numFmts", b"numFmt"}
"""What a new style consists of."""
CALCULATE = "fullCalcOnLoad"
"""Whether to calculate anew: every save asks for it."""
LONGEST = 64
"""Bytes of a tag that two pieces may share."""


def refuse_signed(archive: Archive) -> None:
    """Signed if a signature covers the package. The signature of a macro project covers that project only: see `macro_signatures`."""
    if any(relation.kind == "origin" for relation in relations(archive, "")):
        raise Signed("digital signature")


def macro_signatures(workbook: Workbook) -> list[str]:
    """The parts that sign the macro project (up to three: plain, Agile, V3). No save of rows touches the project; who replaces it takes them off."""
    project = workbook.other("vbaProject")
    return [one.target for one in relations(workbook.archive, project) if one.kind.startswith("vbaProjectSignature")] if project else []


def declared(workbook: Workbook, sheets: Iterable[str], followed: Iterable[str] = ()) -> dict[str, str]:
    """The parts that changes to these sheets may touch, each with what it is: sheet, table, workbook, styles, chain or list.

    `followed`: other sheets, charts and the like whose references may change, and nothing else in them.
    """
    parts = {TYPES: "list", rels_part(workbook.part): "list", workbook.part: "workbook", workbook.other("styles"): "styles",
             workbook.other("calcChain"): "chain"}
    for name in sheets:
        part = workbook.sheets[name]
        parts[part] = "sheet"
        parts |= {relation.target: "table" for relation in relations(workbook.archive, part) if relation.kind == "table"}
    others = {part: "sheet" if part in workbook.sheets.values() else "drawn" if part.endswith(".vml") else "references" for part in followed}
    return {part: kind for part, kind in (others | parts).items() if part in workbook.archive}


class Asked(NamedTuple):
    """What was asked of the allowed parts. `sheets`: those that were opened, which know how they were and which rows were touched;
    they are read back whole. `names`: the defined names that follow a table, with their formulas; `anew`: formulas in cells may follow one, too.
    """

    sheets: Mapping[str, Sheet]
    names: Mapping[tuple[str, str], str]
    anew: bool


NOTHING = Asked({}, {}, anew=False)


def compare(before: Archive, written: Path | BinaryIO, allowed: Mapping[str, str], asked: Asked) -> None:
    """Undeclared if the file that was written differs from `before` in more than the touched rows of the allowed parts and what follows from them.

    A part allowed as "named" may get a name for VBA; one allowed as "grafted" is the caller's to judge, and may be new. Of sheets that
    were not opened here the rows are the caller's to judge.
    """
    with zipfile.ZipFile(written) as made:
        after = {info.filename: info for info in made.infolist()}
        strange = sorted(name for name in before.members.keys() ^ after.keys() if allowed.get(name) not in {"chain", "grafted"})
        strange += sorted(name for name in before.members.keys() & after.keys() if name not in allowed and not _same(before.members[name], after[name]))
        if strange:
            raise Undeclared("、".join(strange))
        for name, kind in allowed.items():
            if kind != "grafted" and name in after and (name in asked.sheets or not _same(before.members[name], after[name])):
                if made.fp is None:
                    raise RuntimeError("the file is closed")
                _judge_part(before, name, kind, archive.written(made.fp, after[name]), asked)


def _judge_part(before: Archive, name: str, kind: str, made: Member, asked: Asked) -> None:
    if kind == "sheet" and name in asked.sheets:
        sheet = asked.sheets[name]
        try:
            rows = Written(made, sheet, asked.anew)
        except Damaged as error:
            raise Damaged(f"{name}: {error}") from error
        if not rows.same:
            raise Undeclared(f"{name}：row")
        around = rows.head + rows.tail
        old, new = features(kind, [sheet.outside]), features(kind, [around])
        may_move = asked.anew or sheet.windows.tail == rows.tail  # in front of the rows only the extent of the sheet names a place
        if old == new and around != sheet.outside and not (may_move and _anywhere(around) == _anywhere(sheet.outside)):
            raise Undeclared(f"{name}：text")
    else:
        old, new = (features(kind, (piece for _, piece in member.pieces())) for member in (before.member(name), made))
    _judge(name, kind, old, new)
    if kind == "workbook":
        was, now = _told(before.read(name), asked.names), _told(made.whole(), {})
        if was != now:
            raise Undeclared(f"{name}：{'、'.join(sorted({told.kind for told in was if told not in now} or {'order'}))}")


def _anywhere(xml: bytes) -> str:
    """What stands around the rows, but for the places that its rules and formulas name and the way its characters are escaped."""
    return SAID.sub(lambda found: f"={substituted(unescape(found[2] or found[3] or ''), lambda _: '#')}", xml.decode("utf-8", "surrogateescape"))


class Told(NamedTuple):
    """An element of the workbook part."""

    kind: str
    attributes: dict[str, str]
    text: str


def _told(data: bytes, names: Mapping[tuple[str, str], str]) -> list[Told]:
    """All that a workbook part says, but whether to calculate anew: its elements with attributes and texts; `names` with the formulas they are to have."""
    found = []
    for element in markup.parse(data).iter():
        kind, text = markup.local(element), (element.text or "").strip()
        said = {str(key): str(value) for key, value in element.attrib.items()}
        if kind == "calcPr":
            said.pop(CALCULATE, None)
        if kind == "definedName":
            text = names.get(called(element), text).strip()
        if said or kind != "calcPr":
            found.append(Told(kind, said, text))
    return found


def only_grown(name: str, old: bytes, new: bytes, goes: Callable[[etree._Element], bool]) -> None:
    """Undeclared unless a part that was added to begins, group by group, with what it held. What `goes` does not count, nor do attributes that came."""
    was, now = markup.parse(old), markup.parse(new)
    pairs = [(was, now)] if name.endswith((TYPES, RELS)) else [(group, markup.child(now, markup.local(group))) for group in was]
    for before, after in pairs:
        if after is None or not _begins(after, before, goes):
            raise Undeclared(f"{name}：{markup.local(before)}")


def _begins(group: etree._Element, former: etree._Element, goes: Callable[[etree._Element], bool]) -> bool:
    """Whether a group begins with what it held formerly, and says of itself what it said, but how many it holds and whether to calculate anew."""
    held, there = ([etree.tostring(one, method="c14n", exclusive=True, with_tail=False) for one in each if not goes(one)] for each in (former, group))
    return there[:len(held)] == held and all(group.get(key) == value for key, value in former.attrib.items() if key not in {"count", CALCULATE})


def _same(old: zipfile.ZipInfo, new: zipfile.ZipInfo) -> bool:
    return (old.CRC, old.file_size, old.compress_size) == (new.CRC, new.file_size, new.compress_size)


def _judge(name: str, kind: str, old: Counter[bytes], new: Counter[bytes]) -> None:
    lost, come = old - new, new - old
    if kind == "table":
        lost = Counter({tag: count for tag, count in lost.items() if tag not in FILTERS})
    elif kind == "list":
        lost = Counter({tag: count for tag, count in lost.items() if tag not in {b"Relationship", b"Override"} or count > 1})
    elif kind == "named":
        come.pop(b"sheetPr", None)
    elif kind == "workbook":
        come.pop(b"calcPr", None)
    elif kind == "styles":
        come = Counter({tag: count for tag, count in come.items() if tag not in STYLES})
    if lost or come:
        told = "、".join(sorted({tag.decode() for tag in (*lost, *come)}))
        raise Undeclared(f"{name}：{told}")


def features(kind: str, pieces: Iterable[bytes]) -> Counter[bytes]:
    """How often each element stands in a part, rows of sheets left out, and each extension by its uri."""
    if kind == "drawn":  # VML of Excel need not be well-formed
        return Counter(tag or uri for tag, uri in TAG.findall(b"".join(pieces)))
    if kind not in {"sheet", "named"}:
        return _counted(markup.parse(b"".join(pieces)))
    ends = list(_without_rows(pieces))
    if any(b"<!" in piece or b"\0" in piece for piece in ends):  # comments, another encoding: what is put into plain form when edited
        return _counted(markup.parse(b"".join(ends)))
    found: Counter[bytes] = Counter()
    for piece in ends:
        found.update(tag or uri for tag, uri in TAG.findall(piece))
    return found


def _counted(root: etree._Element) -> Counter[bytes]:
    for data in markup.children(root, "sheetData"):
        del data[:]
    found: Counter[bytes] = Counter()
    for element in root.iter():
        found.update([markup.local(element).encode(), *([str(element.get("uri")).encode()] if element.get("uri") else [])])
    return found


def _without_rows(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes before and after the rows, an empty sheetData between them; no piece is cut within a tag.

    A part that cannot be cut comes whole.
    """
    carried, state = b"", "before"
    for piece in pieces:
        data, carried = carried + piece, b""
        if state == "before" and (b"<!" in data or b"\0" in data[:LONGEST]):
            state = "whole"
        if state == "before" and (begin := ROWS.search(data)):
            yield data[:begin.start()] + b"<sheetData/>"
            empty = data[begin.end() - 1:].startswith(b"/>")
            data, state = data[begin.end() + 1 if empty else begin.end() - 1:], "after" if empty else "rows"
        if state == "rows":
            end = data.rfind(b"sheetData")
            if end < 0:
                carried = data[-LONGEST:]
                continue
            data, state = data[end + len(b"sheetData>"):], "after"
        cut = len(data) if state == "whole" else max(data.rfind(b"<"), 0)
        yield data[:cut]
        carried = data[cut:]
    yield carried
