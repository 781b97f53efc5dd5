"""Write the review (báo cáo sơ kết) and the conclusion notice (thông báo kết luận) as official documents for Word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from django.utils.translation import gettext as _

from tinhso.plans.adapters.word import Column, OfficialDocument
from tinhso.plans.lifecycle import ReviewState
from tinhso.plans.queries.documents import document
from tinhso.plans.queries.meetings import AssignedLine, ConclusionPage
from tinhso.plans.queries.reviews import Group, Heading, Line, Part, ReviewPage, Shown
from tinhso.toolkit.words import date_text, moment_text, number
from tinhso.toolkit.working_time import in_vietnam

#: Groups that are told in a table; the others line by line.
_TABLED: Final = ("dung-han", "chi-tieu")
_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI")
_HASH_GROUP: Final = 8


def review_document(page: ReviewPage, heading: Heading) -> bytes:
    """Return the review as DOCX: figures, late tasks, words, and an annex with the source of every bracketed number."""
    review = page.review
    is_draft = review.state != ReviewState.APPROVED
    made = OfficialDocument(
        heading.authority,
        heading.issuer,
        review.number,
        heading.place,
        in_vietnam(review.approved_at).date() if review.approved_at else None,
        _("Báo cáo"),
        review.title,
        mark=_("BẢN THẢO %(n)d, CHƯA DUYỆT") % {"n": review.draft_number} if is_draft else "",
        made_at=in_vietnam(review.frozen_at),
    )
    made.paragraph(f"{page.title}.", bold=True)
    made.heading(_("I. KẾT QUẢ"))
    for place, group in enumerate(page.groups, 1):
        _group(made, place, group)
    made.heading(_("II. CƠ QUAN CÓ NHIỆM VỤ TRỄ"))
    _late(made, page)
    for roman, part in zip(_ROMAN[2:], (part for part in page.parts if part.lines), strict=False):
        made.heading(f"{roman}. {part.title.upper()}")
        _part(made, part)
    made.paragraph(_("Trên đây là báo cáo của Ban Chỉ đạo. Số trong ngoặc vuông chỉ nguồn ở Phụ lục."))
    made.sign(_("TM. BAN CHỈ ĐẠO"), _("TRƯỞNG BAN"), heading.chair)
    made.receivers(document("review_figures")["receivers"]["review"])
    _sources(made, page)
    return made.content()


def _group(made: OfficialDocument, place: int, group: Group) -> None:
    made.heading(f"{place}. {group.label}", 2)
    if group.key not in _TABLED:
        for one in group.figures:
            made.bullet(_told(one))
        return
    is_target = group.key == "chi-tieu"
    first = _("Chỉ tiêu") if is_target else _("Cách tính")
    made.table(
        [
            Column(first, 44),
            Column(_("Tình trạng") if is_target else _("Từ đâu"), 56),
            Column(_("Đạt") if is_target else _("Đúng hạn"), 20, is_number=True),
            Column(_("Trên"), 20, is_number=True),
            Column(_("Tỷ lệ"), 20, is_number=True),
            Column(_("Số"), 14, is_number=True),
        ],
        [
            [
                one.figure.label,
                one.figure.note if is_target else _joined(one.figure.source, one.figure.note),
                one.numerator,
                one.denominator,
                one.value,
                f"[{one.figure.ordinal}]",
            ]
            for one in group.figures
        ],
    )


def _told(one: Shown) -> str:
    """Return a figure as a sentence: what, how many of how many, the share, its bracketed number, its note."""
    figure = one.figure
    if figure.value is None:
        said = _("%(label)s: chưa có số") % {"label": figure.label}
    elif one.has_fraction:
        said = _("%(label)s: %(part)s trên %(whole)s %(of)s, bằng %(share)s") % {
            "label": figure.label,
            "part": one.numerator,
            "whole": one.denominator,
            "of": one.of,
            "share": one.value,
        }
    else:
        said = f"{figure.label}: {one.value}"
    note = "" if figure.value is None else f" {figure.note}"
    return _held(f"{' '.join(said.split())} [{figure.ordinal}].{note}".rstrip())


def _late(made: OfficialDocument, page: ReviewPage) -> None:
    if page.late:
        made.table(
            [
                Column(_("Cơ quan"), 36),
                Column(_("Nhiệm vụ"), 56),
                Column(_("Hạn"), 28),
                Column(_("Trễ (ngày)"), 18, is_number=True),
                Column(_("Vì sao"), 42),
                Column(_("Đã nhắc"), 16, is_number=True),
            ],
            [
                [
                    row.line.lead.short_name if row.line.lead else "",
                    row.line.text,
                    date_text(row.line.due) if row.line.due else "",
                    number(row.days),
                    row.line.cause or _("chưa ghi"),
                    _("%(n)s lần") % {"n": number(row.reminded)} if row.reminded else _("chưa"),
                ]
                for row in page.late
            ],
        )
    else:
        made.paragraph(_("Không có nhiệm vụ nào quá hạn."))
    for note in page.window_notes:
        made.paragraph(note)


def _part(made: OfficialDocument, part: Part) -> None:
    for place, one in enumerate(part.lines, 1):
        made.paragraph(f"{place}. {_line(one)}")


def _line(one: Line) -> str:
    row = one.line
    places = "".join(f" [{place}]" for place in row.figures)
    text, end = (row.text[:-1], ".") if row.text.endswith(".") else (row.text, "")
    said = f"{text}{places}{end}"
    if row.cause:
        said += _(" Nguyên nhân: %(cause)s") % {"cause": row.cause}
    if row.section == "next" and row.lead and row.lead.short_name not in row.text:
        said += _(" Chủ trì: %(lead)s.") % {"lead": row.lead.short_name}
    return _held(said)


def _held(text: str) -> str:
    """Return the text with percent signs and bracketed numbers held to the word before them."""
    return text.replace(" %", "\u00a0%").replace(" [", "\u00a0[")


def _sources(made: OfficialDocument, page: ReviewPage) -> None:
    frozen = moment_text(in_vietnam(page.review.frozen_at))
    made.annex(
        _("Phụ lục"),
        _("Nguồn của từng con số"),
        _("Số khóa lúc %(at)s cùng bản thảo %(n)d") % {"at": frozen, "n": page.review.draft_number},
    )
    made.table(
        [
            Column(_("Số"), 10, is_number=True),
            Column(_("Con số"), 60),
            Column(_("Giá trị"), 40, is_number=True),
            Column(_("Lấy từ"), 66),
            Column(_("Công thức"), 38),
            Column(_("Đếm lúc"), 36),
        ],
        [
            [
                f"[{one.figure.ordinal}]",
                one.figure.label,
                one.value,
                one.figure.source,
                one.figure.formula,
                moment_text(in_vietnam(one.figure.counted_at)),
            ]
            for group in page.groups
            for one in group.figures
        ],
    )
    made.paragraph(
        _("Dãy khóa (SHA-256) của %(n)s con số: %(hash)s.")
        % {"n": number(len(page.figures)), "hash": " ".join(_grouped(page.review.figures_hash))}
    )


def _grouped(text: str) -> Iterator[str]:
    for start in range(0, len(text), _HASH_GROUP):
        yield text[start : start + _HASH_GROUP]


def conclusion_document(page: ConclusionPage, heading: Heading) -> bytes:
    """Return the conclusion notice as DOCX: the opening, each assignment, and the table of assignments as an annex."""
    one, meeting = page.conclusion, page.meeting
    made = OfficialDocument(
        heading.authority,
        heading.issuer,
        one.number,
        heading.place,
        in_vietnam(one.issued_at).date() if one.issued_at else None,
        _("Thông báo"),
        _("Kết luận của Trưởng ban tại %(title)s") % {"title": meeting.title},
        mark="" if one.issued_at else _("BẢN THẢO, CHƯA BAN HÀNH"),
        made_at=in_vietnam(one.issued_at or meeting.starts_at),
    )
    made.paragraph(one.opening)
    for place, line in enumerate(page.lines, 1):
        made.paragraph(f"{place}. {_assignment(line)}")
    made.paragraph(
        _("Ban Chỉ đạo thông báo để các cơ quan biết, thực hiện; kết quả báo cáo trên phần mềm đúng hạn.")
    )
    made.sign(_("TM. BAN CHỈ ĐẠO"), _("TRƯỞNG BAN"), heading.chair)
    made.receivers(document("review_figures")["receivers"]["conclusion"])
    given = [line for line in page.lines if line.line.lead]
    if given:
        made.annex(
            _("Phụ lục"),
            _("Bảng giao việc"),
            _("Kèm theo Thông báo số %(number)s") % {"number": one.number or "……/TB-BCĐ"},
        )
        made.table(
            [
                Column(_("Số"), 10, is_number=True),
                Column(_("Việc"), 90),
                Column(_("Chủ trì"), 44),
                Column(_("Phối hợp"), 50),
                Column(_("Hạn"), 24),
                Column(_("Sản phẩm"), 44),
            ],
            [
                [
                    str(line.line.ordinal),
                    line.line.text,
                    line.line.lead.short_name if line.line.lead else "",
                    _names(line),
                    date_text(line.line.due) if line.line.due else _("không hạn"),
                    line.line.product,
                ]
                for line in given
            ],
        )
    return made.content()


def _assignment(one: AssignedLine) -> str:
    line = one.line
    said = line.text if line.text.endswith(".") else f"{line.text}."
    if line.lead is None:
        return said
    parts = [_("Chủ trì: %(lead)s") % {"lead": line.lead.short_name}]
    if one.partners:
        parts.append(_("phối hợp: %(partners)s") % {"partners": _names(one)})
    if line.due:
        parts.append(_("hạn: %(due)s") % {"due": date_text(line.due)})
    return f"{said} {'; '.join(parts)}."


def _names(one: AssignedLine) -> str:
    return ", ".join(office.short_name for office in one.partners)


def _joined(*parts: str) -> str:
    return ". ".join(part.rstrip(".") for part in _filled(parts))


def _filled(parts: Iterable[str]) -> list[str]:
    return [part for part in parts if part]
