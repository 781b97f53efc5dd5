"""Pieces of WordprocessingML that python-docx has no words for: rules, borders, fields, repeated heads."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from typing import Final

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from lxml import etree

FONT: Final = "Times New Roman"
#: Twentieths of a point in a millimetre, in which borders and tables are measured.
TWIPS: Final = 1440 / 25.4
_W: Final = qn("w:p")[:-1]
_SPACE: Final = qn("xml:space")
_EARLIEST: Final = dt.datetime(1980, 1, 1)  # noqa: DTZ001 - the earliest that a ZIP can say


def element(name: str, **attributes: str | float) -> BaseOxmlElement:
    """Return an element of WordprocessingML: ``element("w:jc", val="center")``."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def rule(paragraph: Paragraph, width_mm: float, of_mm: float) -> None:
    """Make an empty paragraph a rule of ``width_mm`` in the middle of ``of_mm``, with the next line close beneath."""
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = Mm(max(0.0, (of_mm - width_mm) / 2))
    shape.first_line_indent = Mm(0)
    shape.space_before, shape.space_after = Pt(0), Pt(4)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
    borders = element("w:pBdr")
    borders.append(element("w:bottom", val="single", sz=6, space=1, color="000000"))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, *("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr")
    )


def page_number(paragraph: Paragraph, size: float) -> None:
    """Write the number of the page, centred."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.first_line_indent = Mm(0)
    run = paragraph.add_run()
    run.font.size = Pt(size)
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("text", "2"), ("end", "")):
        if kind == "":
            part = element("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = text
        elif kind == "text":
            part = element("w:t")
            part.text = text
        else:
            part = element("w:fldChar", fldCharType=kind)
        run._r.append(part)


def table(
    widths_mm: Sequence[float],
    head: Sequence[str],
    rows: Sequence[tuple[Sequence[str], bool]],
    *,
    size: float,
) -> BaseOxmlElement:
    """Return a table with thin borders and a head that is repeated on every page.

    ``rows``: the cells and whether they are bold; a row of one cell goes across and stays with the next. A cell
    that begins with a tab sign is set to the right.
    """
    made = element("w:tbl")
    properties = element("w:tblPr")
    properties.append(element("w:tblW", w=round(sum(widths_mm) * TWIPS), type="dxa"))
    properties.append(element("w:jc", val="center"))
    borders = element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(f"w:{side}", val="single", sz=4, space=0, color="000000"))
    properties.append(borders)
    properties.append(element("w:tblLayout", type="fixed"))
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=round(1.2 * TWIPS), type="dxa"))
    properties.append(margins)
    made.append(properties)
    grid = element("w:tblGrid")
    for width in widths_mm:
        grid.append(element("w:gridCol", w=round(width * TWIPS)))
    made.append(grid)
    made.append(_row(widths_mm, [(text, "center") for text in head], size, is_bold=True, is_head=True))
    for cells, is_bold in rows:
        told = [(cell.removeprefix("\t"), "right" if cell.startswith("\t") else "left") for cell in cells]
        made.append(_row(widths_mm, told, size, is_bold=is_bold, is_head=False))
    return made


def _row(
    widths_mm: Sequence[float], cells: Sequence[tuple[str, str]], size: float, *, is_bold: bool, is_head: bool
) -> BaseOxmlElement:
    made = element("w:tr")
    properties = _in(made, "trPr")
    _in(properties, "cantSplit")
    if is_head:
        _in(properties, "tblHeader")
    across = len(cells) == 1 < len(widths_mm)
    for (text, side), width in zip(cells, [sum(widths_mm)] if across else widths_mm, strict=True):
        cell = _in(made, "tc")
        about = _in(cell, "tcPr")
        _in(about, "tcW", w=round(width * TWIPS), type="dxa")
        if across:
            _in(about, "gridSpan", val=len(widths_mm))
        if is_head:
            _in(about, "vAlign", val="center")
        for line in text.split("\n"):
            _line(cell, line, side, size, is_bold=is_bold, stays_with_next=across or is_head)
    return made


def _line(
    cell: BaseOxmlElement, text: str, side: str, size: float, *, is_bold: bool, stays_with_next: bool
) -> None:
    made = _in(cell, "p")
    properties = _in(made, "pPr")
    if stays_with_next:
        _in(properties, "keepNext")
    _in(properties, "spacing", before=40, after=40, line=240, lineRule="auto")
    _in(properties, "ind", firstLine=0)
    _in(properties, "jc", val=side)
    run = _in(made, "r")
    about = _in(run, "rPr")
    if is_bold:
        _in(about, "b")
    _in(about, "sz", val=round(size * 2))
    said = _in(run, "t")
    said.set(_SPACE, "preserve")
    said.text = text


def _in(parent: BaseOxmlElement, name: str, **attributes: str | int) -> BaseOxmlElement:
    """Add an element at the end of another: a table of thousands of rows is made of these, ``element`` is slower."""
    made: BaseOxmlElement = etree.SubElement(parent, f"{_W}{name}")
    for key, value in attributes.items():
        made.set(f"{_W}{key}", str(value))
    return made


def saved(document: Document, made_at: dt.datetime) -> bytes:
    """Return the file: equal bytes for equal contents and moment, without the library's own picture."""
    package = document.part.package
    for key, one in list(package.rels.items()):
        if one.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]
    out = io.BytesIO()
    document.save(out)
    moment = max(made_at.replace(tzinfo=None), _EARLIEST).timetuple()[:6]
    again = io.BytesIO()
    with (
        zipfile.ZipFile(out) as old,
        zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new,
    ):
        for name in old.namelist():
            about = zipfile.ZipInfo(name, moment)
            about.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(about, old.read(name))
    return again.getvalue()
