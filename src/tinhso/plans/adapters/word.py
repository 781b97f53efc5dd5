"""Write official documents as Word files, in the layout of Decree 30/2020/NĐ-CP, Phụ lục I."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from tinhso.plans.adapters.office_text import written
from tinhso.plans.adapters.word_parts import FONT, element, page_number, rule, saved, table

DOCX_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Paper and margins in millimetres: top, bottom, left, right.
_PAPER: Final = (210, 297)
_MARGINS: Final = (20, 20, 30, 15)
_BODY, _TABLE = 14, 12
_INDENT: Final = 12.7
#: Widths of the two columns above the title, and the rule beneath the motto: as long as its words in 13 points bold.
_LEFT, _RIGHT, _MOTTO_RULE = 70, 95, 57
#: What a capital of the issuer's name takes in 12 points bold: the rule beneath is a part of that.
_CAPITAL: Final = 3.1
_CENTER, _JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
_NO_DAY: Final = dt.datetime(2022, 1, 1)  # noqa: DTZ001 - for the file's own properties only
NO_DATE: Final = "ngày …… tháng …… năm ………"


class TableWithoutRoom(ValueError):
    """A row of a table has more or fewer cells than the table has columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; numbers are set to the right. Widths are scaled to the width of the page."""

    title: str
    width_mm: float
    is_number: bool = False


class OfficialDocument:
    """An official document (văn bản hành chính) in the layout of Decree 30/2020.

    ``authority``: the body above, blank where none is printed (People's Committees); ``issuer``: who issues it; both in
    capitals whatever they come in. ``number``: "12/KH-SGDĐT", blank while there is none. ``on`` None: not dated yet.
    ``kind``: "Kế hoạch"; blank makes it an official letter (công văn). ``about``: the summary beneath. ``mark``: a line
    on top of a draft. ``made_at``: the moment written into the file. Everything is text: nothing in it is markup.
    """

    def __init__(
        self,
        authority: str,
        issuer: str,
        number: str,
        place: str,
        on: dt.date | None,
        kind: str,
        about: str,
        landscape: bool = False,
        *,
        mark: str = "",
        made_at: dt.datetime | None = None,
    ) -> None:
        self._made_at = made_at or (dt.datetime.combine(on, dt.time()) if on else _NO_DAY)
        self._document = docx.Document()
        self._signature: tuple[str, str, str] | None = None
        self._receivers: tuple[str, ...] = ()
        self._styles()
        self._properties(f"{kind} {about}".strip(), issuer)
        section = self._document.sections[0]
        self._lay_out(section, landscape=landscape)
        page_number(section.header.paragraphs[0], 13)
        if mark:
            self._line(mark, size=13, is_italic=True, side=_CENTER, after=6)
        self._head(authority, issuer, number, place, on, "" if kind else about)
        if kind:
            self._line(written(kind).upper(), size=14, is_bold=True, side=_CENTER, before=12)
            self._line(about, size=14, is_bold=True, side=_CENTER)
            width = self._width(section)
            rule(self._document.add_paragraph(), min(width, max(20.0, len(about) * 0.9, 30.0), 60.0), width)

    # What is said

    def heading(self, text: str, level: int = 1) -> None:
        """Add a heading of the body: "I. MỤC TIÊU"; level 1 to 3."""
        said = self._document.add_paragraph(written(text), style=f"Heading {level}")
        said.paragraph_format.first_line_indent = Mm(_INDENT)

    def paragraph(self, text: str, bold: bool = False, *, italic: bool = False) -> None:
        """Add a paragraph: justified, its first line indented."""
        self._line(text, is_bold=bold, is_italic=italic, side=_JUSTIFY, before=3, after=3, indent=_INDENT)

    def bullet(self, text: str) -> None:
        """Add a paragraph that begins with a dash, as official documents list things."""
        self.paragraph(f"- {text}")

    def table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[str]], total: Sequence[str] | None = None
    ) -> None:
        """Add a table with thin borders whose head is repeated on every page; a row of one cell goes across, bold.

        Raises ``TableWithoutRoom``.
        """
        width = self._width(self._document.sections[-1])
        scale = width / sum(column.width_mm for column in columns)
        told = [(self._cells(columns, row), len(row) == 1) for row in rows] + (
            [(self._cells(columns, total), True)] if total is not None else []
        )
        made = table(
            [column.width_mm * scale for column in columns],
            [written(column.title) for column in columns],
            told,
            size=_TABLE,
        )
        body = self._document.element.body
        body.insert_element_before(made, "w:sectPr")
        self._line("", size=6)

    def sign(self, signs_for: str, title: str, name: str) -> None:
        """Set who signs: ``signs_for`` "TM. ỦY BAN NHÂN DÂN" or "KT. GIÁM ĐỐC", blank for a head; the title; the name."""
        self._signature = (written(signs_for), written(title), written(name))

    def receivers(self, names: Sequence[str]) -> None:
        """Set who receives it (nơi nhận), as lines without dash and end sign."""
        self._receivers = tuple(written(name) for name in names)

    def annex(self, name: str, title: str, note: str, *, landscape: bool = True) -> None:
        """Begin an annex on a new page, across by default: its pages are numbered from 1. ``note``: what it comes with."""
        self._close()
        section = self._document.add_section(WD_SECTION.NEW_PAGE)
        self._lay_out(section, landscape=landscape)
        numbers = element("w:pgNumType", start=1)
        section._sectPr.insert_element_before(numbers, "w:cols", "w:titlePg", "w:docGrid")
        self._line(name, size=14, is_bold=True, side=_CENTER)
        self._line(written(title).upper(), size=14, is_bold=True, side=_CENTER)
        self._line(note, size=13, is_italic=True, side=_CENTER, after=2)
        width = self._width(section)
        rule(self._document.add_paragraph(), 50, width)

    def content(self) -> bytes:
        """Return the file."""
        self._close()
        return saved(self._document, self._made_at)

    # How it looks

    def _styles(self) -> None:
        for name, bold, italic in (
            ("Normal", False, False),
            ("Heading 1", True, False),
            ("Heading 2", True, False),
            ("Heading 3", True, True),
            ("Header", False, False),
        ):
            style = self._document.styles[name]
            assert isinstance(style, ParagraphStyle)
            style.font.size, style.font.bold, style.font.italic = Pt(_BODY), bold, italic
            style.font.color.rgb = RGBColor(0, 0, 0)
            about = style.element.get_or_add_rPr()
            for old in about.findall(qn("w:rFonts")):
                about.remove(old)
            about.insert(0, element("w:rFonts", ascii=FONT, hAnsi=FONT, cs=FONT, eastAsia=FONT))
            shape = style.paragraph_format
            shape.space_before, shape.space_after = (Pt(6), Pt(3)) if bold else (Pt(0), Pt(0))
            shape.line_spacing_rule = WD_LINE_SPACING.SINGLE
        for language in self._document.styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), "vi-VN")

    def _properties(self, title: str, issuer: str) -> None:
        said = self._document.core_properties
        said.title, said.author, said.language = written(title)[:250], written(issuer)[:250], "vi-VN"
        said.comments, said.last_modified_by, said.revision = "", written(issuer)[:250], 1
        said.created = said.modified = self._made_at.replace(tzinfo=None)

    def _lay_out(self, section: Section, *, landscape: bool) -> None:
        width, height = reversed(_PAPER) if landscape else _PAPER
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(width), Mm(height)
        top, bottom, left, right = _MARGINS
        section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
        section.left_margin, section.right_margin = Mm(left), Mm(right)
        section.header_distance = section.footer_distance = Mm(10)
        section.different_first_page_header_footer = True

    def _width(self, section: Section) -> float:
        assert section.page_width is not None
        return float(section.page_width.mm) - _MARGINS[2] - _MARGINS[3]

    def _head(
        self, authority: str, issuer: str, number: str, place: str, on: dt.date | None, letter_about: str
    ) -> None:
        """Write the two columns above the title: issuer and number, national header and place."""
        width = self._width(self._document.sections[0])
        left, right = self._columns(width * _LEFT / (_LEFT + _RIGHT), width * _RIGHT / (_LEFT + _RIGHT))
        names = [line.strip() for line in written(issuer).upper().split("\n") if line.strip()]
        for line in written(authority).upper().split("\n"):
            if line.strip():
                self._line(line.strip(), size=12, side=_CENTER, into=left)
        for line in names:
            self._line(line, size=12, is_bold=True, side=_CENTER, into=left)
        longest = max((len(line) for line in names), default=8)
        rule(left.add_paragraph(), min(40.0, max(15.0, longest * _CAPITAL * 0.4)), _LEFT - 4)
        self._line(f"Số: {written(number) or '            '}", size=13, side=_CENTER, into=left)
        if letter_about:
            self._line(f"V/v {letter_about}", size=12, side=_CENTER, into=left)
        self._line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, is_bold=True, side=_CENTER, into=right)
        self._line("Độc lập - Tự do - Hạnh phúc", size=13, is_bold=True, side=_CENTER, into=right)
        rule(right.add_paragraph(), _MOTTO_RULE, _RIGHT - 4)
        self._line(f"{written(place)}, {_day(on)}", size=13, is_italic=True, side=_CENTER, into=right)
        for cell in (left, right):
            cell._element.remove(cell.paragraphs[0]._p)

    def _close(self) -> None:
        """Write who receives it and who signs, beside each other, once."""
        if not (self._signature or self._receivers):
            return
        width = self._width(self._document.sections[-1])
        self._line("", size=6)
        left, right = self._columns(width / 2, width / 2)
        if self._receivers:
            self._line("Nơi nhận:", size=12, is_bold=True, is_italic=True, into=left)
        for n, name in enumerate(self._receivers, 1):
            self._line(f"- {name}{'.' if n == len(self._receivers) else ';'}", size=11, into=left)
        signs_for, title, name = self._signature or ("", "", "")
        for text in (signs_for, title):
            for line in text.upper().split("\n"):
                if line.strip():
                    self._line(line.strip(), size=14, is_bold=True, side=_CENTER, into=right)
        if self._signature:
            for _n in range(4):
                self._line("", size=14, into=right)
            self._line(name, size=14, is_bold=True, side=_CENTER, into=right)
        for cell in (left, right):
            if len(cell.paragraphs) > 1:
                cell._element.remove(cell.paragraphs[0]._p)
        self._signature, self._receivers = None, ()

    def _columns(self, left_mm: float, right_mm: float) -> tuple[_Cell, _Cell]:
        made: Table = self._document.add_table(rows=1, cols=2)
        made.autofit = False
        made.rows[0]._tr.get_or_add_trPr().append(element("w:cantSplit"))
        cells = made.rows[0].cells
        for column, cell, width in zip(made.columns, cells, (left_mm, right_mm), strict=True):
            column.width = cell.width = Mm(width)
        return cells[0], cells[1]

    def _line(
        self,
        text: str,
        *,
        size: float = _BODY,
        is_bold: bool = False,
        is_italic: bool = False,
        side: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
        before: float = 0,
        after: float = 0,
        indent: float = 0,
        into: _Cell | None = None,
    ) -> Paragraph:
        said = (into or self._document).add_paragraph()
        run = said.add_run(written(text))
        run.font.size, run.font.bold, run.font.italic = Pt(size), is_bold, is_italic
        said.alignment = side
        shape = said.paragraph_format
        shape.space_before, shape.space_after = Pt(before), Pt(after)
        shape.first_line_indent = Mm(indent)
        return said

    def _cells(self, columns: Sequence[Column], row: Sequence[str]) -> list[str]:
        if len(row) not in (1, len(columns)):
            raise TableWithoutRoom(f"{len(row)} cells in {len(columns)} columns")
        if len(row) == 1 < len(columns):
            return [written(row[0]).lstrip("\t")]
        return [
            ("\t" if column.is_number else "") + written(cell).replace("\t", " ")
            for cell, column in zip(row, columns, strict=True)
        ]


def _day(on: dt.date | None) -> str:
    """Return the day as documents write it: days below 10 and the months 1 and 2 with a zero in front."""
    if on is None:
        return NO_DATE
    month = f"{on.month:02d}" if on.month < 3 else str(on.month)
    return f"ngày {on.day:02d} tháng {month} năm {on.year}"
