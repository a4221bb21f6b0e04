"""A workbook that holds what people and programs put into workbooks: built by XlsxWriter around the blank master, then by hand."""

from __future__ import annotations

import re
import struct
import warnings
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING
from unittest import mock

from ssj_xlwings.master import build as master

if TYPE_CHECKING:
    from pathlib import Path

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
REGISTRY, OWN = "检查对象名录库", "科里的东西"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
FIELDS = '<cacheField name="主体名称" numFmtId="0"><sharedItems/></cacheField><cacheField name="统一社会信用代码" numFmtId="0"><sharedItems/></cacheField>'
FOLLOWING: set[str] = set()
"""Parts with references over whole columns of the registry: their numbers change when it grows, nothing else in them. Known once it is built."""
FAR = 60
"""A column right of every table of ours."""


def png(side: int = 8) -> BytesIO:
    """A small picture."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([255, 0, 0]) * side for _ in range(side))
    return BytesIO(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
                   + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def build(path: Path, settings: dict[str, str]) -> Path:
    """The torture workbook."""
    write = master.manual.write

    def more(looks, *rest, **named):
        write(looks, *rest, **named)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _registry(looks.book)
            _own(looks.book)

    with mock.patch.object(master.manual, "write", more):
        master.build(path, settings)
    _by_hand(path)
    return path


def _registry(book) -> None:
    """On the sheet that commands edit most."""
    sheet = book.get_worksheet_by_name(REGISTRY)
    bold = book.add_format({"bold": True})
    sheet.write_comment("A1", "科里的批注：别动这一列", {"author": "老王"})
    sheet.write_rich_string(3, FAR, "普通", bold, "粗体", "又普通")
    sheet.write_url(4, FAR, "https://example.com/", string="网站")
    sheet.write_row(5, FAR, [3, 1, 2])
    sheet.add_sparkline(6, FAR, {"range": f"'{REGISTRY}'!BI6:BK6"})
    sheet.conditional_format(5, FAR, 5, FAR + 2, {"type": "data_bar", "data_bar_2010": True, "bar_solid": True})
    sheet.insert_image(8, FAR, "a.png", {"image_data": png()})
    sheet.insert_textbox(12, FAR, "图形里的字")
    sheet.insert_button(16, FAR, {"macro": "Knopf", "caption": "按钮"})
    sheet.merge_range(20, FAR, 21, FAR + 1, "合并")
    sheet.set_header("&L&G", {"image_left": "a.png", "image_data_left": png()})
    sheet.set_row(25, 41.5)


def _own(book) -> None:
    """A sheet of their own, and what belongs to the workbook."""
    sheet = book.add_worksheet(OWN)
    sheet.write_row(0, 0, ["区", "数", "勾", "图"])
    for number in range(1, 7):
        sheet.write_row(number, 0, [f"区{number % 3}", number])
    sheet.insert_checkbox(1, 2, True)
    sheet.embed_image(1, 3, "b.png", {"image_data": png(9)})
    sheet.write_dynamic_array_formula("F2:F4", "=_xlfn.UNIQUE(A2:A7)", None, "区1")
    sheet.write_array_formula("H2:I3", "{=TRANSPOSE(A2:B3)}", None, "区1")
    sheet.write_formula("J2", f"=COUNTA({REGISTRY}!A:A)")
    sheet.write_formula("J3", "=SUM(B2:B7)", None, 21)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"categories": f"='{OWN}'!$A$2:$A$7", "values": f"='{OWN}'!$B$2:$B$7", "trendline": {"type": "linear"}})
    sheet.insert_chart("L2", chart)
    over = book.add_chart({"type": "bar"})
    over.add_series({"values": f"='{REGISTRY}'!$B$2:$B$2"})  # the fresh table has one row: these follow it as it grows
    sheet.insert_chart("L20", over)
    sheet.write_formula("J4", f"=COUNTA({REGISTRY}!$A$2:$A$2)")
    for kind in ("data_bar", "3_color_scale", "icon_set"):
        options = {"type": kind} | ({"icon_style": "3_stars"} if kind == "icon_set" else {"data_bar_2010": True} if kind == "data_bar" else {})
        sheet.conditional_format("B2:B7", options)
    sheet.protect("geheim", {"select_locked_cells": True})
    sheet.unprotect_range("B2:B7", "开放的区")
    sheet.write_comment("A2", "又一条批注")
    pie = book.add_chart({"type": "pie"})
    pie.add_series({"values": f"='{OWN}'!$B$2:$B$7"})
    book.add_chartsheet("统计图").set_chart(pie)
    book.define_name("科里的名字", f"='{OWN}'!$A$1:$B$7")
    book.set_custom_property("科室", "信用监管科")
    book.add_vba_project(BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 40), is_stream=True)


def _by_hand(path: Path) -> None:
    """Parts that XlsxWriter cannot make: ribbons, threaded comments, pivot table, slicer, custom XML, printer settings, signature of macros."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename.lstrip("/"): archive.read(info) for info in archive.infolist()}  # wolfxl refuses the slash XlsxWriter writes
    registry, own = _sheet(parts, REGISTRY), _sheet(parts, OWN)
    for number, (name, year) in enumerate((("customUI", "2006"), ("customUI14", "2007")), 1):
        space = f"{MICROSOFT}/{'2006/01' if number == 1 else '2009/07'}/customui"
        tab = '<ribbon><tabs><tab id="own" label="科里"/></tabs></ribbon>'
        _put(parts, f"customUI/{name}.xml", f'<customUI xmlns="{space}">{tab}</customUI>')
        _relate(parts, "", f"{MICROSOFT}/{year}/relationships/ui/extensibility", f"customUI/{name}.xml")
    _put(parts, "customXml/item1.xml", '<own xmlns="urn:own">数据</own>')
    _relate(parts, "xl/workbook.xml", f"{OFFICE}/customXml", "../customXml/item1.xml")
    _put(parts, "xl/persons/person.xml", f'<personList xmlns="{MICROSOFT}/spreadsheetml/2018/threadedcomments">'
         '<person displayName="老王" id="{11111111-1111-1111-1111-111111111111}" userId="w" providerId="None"/></personList>', "application/vnd.ms-excel.person+xml")
    _relate(parts, "xl/workbook.xml", f"{MICROSOFT}/2017/10/relationships/person", "persons/person.xml")
    _put(parts, "xl/threadedComments/threadedComment1.xml", f'<ThreadedComments xmlns="{MICROSOFT}/spreadsheetml/2018/threadedcomments">'
         '<threadedComment ref="A2" dT="2026-01-01T00:00:00.00" personId="{11111111-1111-1111-1111-111111111111}" '
         'id="{22222222-2222-2222-2222-222222222222}"><text>又一条批注</text></threadedComment></ThreadedComments>', "application/vnd.ms-excel.threadedcomments+xml")
    _relate(parts, own, f"{MICROSOFT}/2017/10/relationships/threadedComment", "../threadedComments/threadedComment1.xml")
    _pivot(parts, own)
    _control(parts, own)
    _put(parts, "xl/pivotCache/pivotCacheDefinition2.xml", f'<pivotCacheDefinition xmlns="{MAIN}" refreshOnLoad="1" recordCount="0"><cacheSource type="worksheet">'
         f'<worksheetSource ref="A1:B2" sheet="{REGISTRY}"/></cacheSource><cacheFields count="2">{FIELDS}</cacheFields></pivotCacheDefinition>', f"{SPREADSHEET}.pivotCacheDefinition+xml")
    FOLLOWING.update({own, "xl/charts/chart2.xml", "xl/pivotCache/pivotCacheDefinition2.xml", "xl/ctrlProps/ctrlProp1.xml", "xl/drawings/vmlDrawing3.vml"})
    rid = _relate(parts, "xl/workbook.xml", f"{OFFICE}/pivotCacheDefinition", "pivotCache/pivotCacheDefinition2.xml")
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</pivotCaches>", f'<pivotCache cacheId="8" r:id="{rid}"/></pivotCaches>'.encode())
    parts["xl/printerSettings/printerSettings1.bin"] = bytes(range(200))
    _type(parts, '<Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"/>')
    _relate(parts, registry, f"{OFFICE}/printerSettings", "../printerSettings/printerSettings1.bin", "rIdPrinter")
    parts["xl/vbaProjectSignature.bin"] = bytes(range(100))
    _relate(parts, "xl/vbaProject.bin", f"{MICROSOFT}/2006/relationships/vbaProjectSignature", "vbaProjectSignature.bin")
    _type(parts, '<Override PartName="/xl/vbaProjectSignature.bin" ContentType="application/vnd.ms-office.vbaProjectSignature"/>')
    parts[registry] = parts[registry].replace(b"</sheetData>", b'</sheetData><protectedRanges><protectedRange sqref="BI1:BK9" name="own"/></protectedRanges>', 1)
    parts[registry] = parts[registry].replace(b"<pageSetup ", b'<pageSetup r:id="rIdPrinter" ', 1)
    parts[own] = re.sub(rb'(<c r="J[24]"[^>]*><f>[^<]*</f>)<v>0</v>', rb"\1", parts[own])  # LibreOffice calculates what has no value
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        archive.writestr("own/", b"")


def _control(parts: dict[str, bytes], own: str) -> None:
    """A drop-down that offers the names of the registry, told twice as Excel tells it: its properties, and VML (with a tag of HTML that never ends)."""
    span = f"{REGISTRY}!$A$2:$A$2"
    _put(parts, "xl/ctrlProps/ctrlProp1.xml", f'<formControlPr xmlns="{MICROSOFT}/spreadsheetml/2009/9/main" objectType="Drop" dropStyle="combo" dx="16" '
         f'fmlaLink="$B$9" fmlaRange="{span}" noThreeD="1" sel="0" val="0"/>', "application/vnd.ms-excel.controlproperties+xml")
    rid = _relate(parts, own, f"{OFFICE}/ctrlProp", "../ctrlProps/ctrlProp1.xml")
    drawn = "xl/drawings/vmlDrawing3.vml"
    parts[drawn] = parts[drawn].replace(b"</xml>", ('<v:shape id="_x0000_s2099" type="#_x0000_t201" style="position:absolute;z-index:9"><v:textbox><div>选<br></div></v:textbox>'
        f'<x:ClientData ObjectType="Drop"><x:Anchor>25, 0, 30, 0, 26, 0, 31, 0</x:Anchor><x:FmlaRange>{span}</x:FmlaRange><x:FmlaLink>$B$9</x:FmlaLink>'
        "<x:DropStyle>Combo</x:DropStyle></x:ClientData></v:shape></xml>").encode())
    told = ('<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="x14"><controls>'
            f'<control shapeId="2099" r:id="{rid}" name="选"><controlPr defaultSize="0" autoPict="0"><anchor moveWithCells="1"><from><xdr:col>25</xdr:col><xdr:colOff>0</xdr:colOff>'
            "<xdr:row>30</xdr:row><xdr:rowOff>0</xdr:rowOff></from><to><xdr:col>26</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>31</xdr:row><xdr:rowOff>0</xdr:rowOff></to></anchor>"
            "</controlPr></control></controls></mc:Choice></mc:AlternateContent>")
    told = told.replace("<from>", '<from xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing">').replace(
        "<to>", '<to xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing">')
    end = b'<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" uri="{78C0'
    parts[own] = parts[own].replace(end, told.encode() + end, 1)


def _pivot(parts: dict[str, bytes], own: str) -> None:
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    _put(parts, "xl/pivotCache/pivotCacheDefinition1.xml", f'<pivotCacheDefinition xmlns="{MAIN}" refreshOnLoad="1" recordCount="0">'
         f'<cacheSource type="worksheet"><worksheetSource ref="A1:B7" sheet="{OWN}"/></cacheSource><cacheFields count="2">'
         '<cacheField name="区" numFmtId="0"><sharedItems count="3"><s v="区1"/><s v="区2"/><s v="区0"/></sharedItems></cacheField>'
         '<cacheField name="数" numFmtId="0"><sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1" minValue="1" maxValue="6"/></cacheField>'
         "</cacheFields></pivotCacheDefinition>", f"{kinds}.pivotCacheDefinition+xml")
    rid = _relate(parts, "xl/workbook.xml", f"{OFFICE}/pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml")
    _put(parts, "xl/pivotTables/pivotTable1.xml", f'<pivotTableDefinition xmlns="{MAIN}" name="透视" cacheId="7" dataCaption="值">'
         '<location ref="T2:U6" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields count="2"><pivotField axis="axisRow" showAll="0">'
         '<items count="4"><item x="0"/><item x="1"/><item x="2"/><item t="default"/></items></pivotField><pivotField dataField="1" showAll="0"/></pivotFields>'
         '<rowFields count="1"><field x="0"/></rowFields><dataFields count="1"><dataField name="求和" fld="1" baseField="0" baseItem="0"/></dataFields>'
         "</pivotTableDefinition>", f"{kinds}.pivotTable+xml")
    _relate(parts, own, f"{OFFICE}/pivotTable", "../pivotTables/pivotTable1.xml")
    _relate(parts, "xl/pivotTables/pivotTable1.xml", f"{OFFICE}/pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")
    x14 = f"{MICROSOFT}/spreadsheetml/2009/9/main"
    _put(parts, "xl/slicerCaches/slicerCache1.xml", f'<slicerCacheDefinition xmlns="{x14}" name="切片器_区" sourceName="区">'
         '<pivotTables><pivotTable tabId="1" name="透视"/></pivotTables><data><tabular pivotCacheId="7"><items count="3"><i x="0" s="1"/><i x="1" s="1"/><i x="2" s="1"/></items>'
         "</tabular></data></slicerCacheDefinition>", "application/vnd.ms-excel.slicerCache+xml")
    cache = _relate(parts, "xl/workbook.xml", f"{MICROSOFT}/2007/relationships/slicerCache", "slicerCaches/slicerCache1.xml")
    _put(parts, "xl/slicers/slicer1.xml", f'<slicers xmlns="{x14}"><slicer name="区" cache="切片器_区" caption="区" rowHeight="241300"/></slicers>', "application/vnd.ms-excel.slicer+xml")
    _relate(parts, own, f"{MICROSOFT}/2007/relationships/slicer", "../slicers/slicer1.xml")
    book = parts["xl/workbook.xml"].decode()
    ends = (f'<pivotCaches><pivotCache cacheId="7" r:id="{rid}"/></pivotCaches><extLst><ext uri="{{BBE1A952-AA13-448e-AADC-164F8A28A991}}" xmlns:x14="{x14}">'
            f'<x14:slicerCaches><x14:slicerCache r:id="{cache}"/></x14:slicerCaches></ext></extLst></workbook>')
    parts["xl/workbook.xml"] = book.replace("</workbook>", ends).encode()


def _sheet(parts: dict[str, bytes], name: str) -> str:
    """The part of a sheet; XlsxWriter numbers them in the order of the tabs."""
    listed = parts["xl/workbook.xml"].decode()
    before = listed[:listed.index(f'name="{name}"')]
    return f"xl/worksheets/sheet{before.count('<sheet ') }.xml"


def _put(parts: dict[str, bytes], name: str, xml: str, kind: str = "") -> None:
    parts[name] = (HEAD + xml).encode()
    if kind:
        _type(parts, f'<Override PartName="/{name}" ContentType="{kind}"/>')


def _type(parts: dict[str, bytes], xml: str) -> None:
    whole = parts["[Content_Types].xml"].decode()
    if xml not in whole and not ("Extension=" in xml and 'Extension="bin"' in whole):
        parts["[Content_Types].xml"] = whole.replace("</Types>", f"{xml}</Types>").encode()


def _relate(parts: dict[str, bytes], part: str, kind: str, target: str, rid: str = "") -> str:
    folder, _, name = part.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels".lstrip("/")
    whole = parts.get(rels, f'{HEAD}<Relationships xmlns="{PACKAGE}"></Relationships>'.encode()).decode()
    rid = rid or f"rIdOwn{len(whole)}"
    line = f'<Relationship Id="{rid}" Type="{kind}" Target="{target}"/>'
    parts[rels] = whole.replace("</Relationships>", f"{line}</Relationships>").replace("<Relationships/>", f"<Relationships>{line}</Relationships>").encode()
    return rid
