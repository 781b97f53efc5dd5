"""A plan as an official document: what stands in it, in the order of Decree 30/2020, for the page and for Word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tinhso.directory.api import Office, OfficeKind, Post
from tinhso.plans.models import Plan
from tinhso.plans.queries.annex import rows_now
from tinhso.plans.queries.documents import labels
from tinhso.plans.rules.plans import DEPUTY, Row, millions, security_amounts
from tinhso.toolkit.clock import VN
from tinhso.toolkit.words import date_text, moment_text, number, percent

#: A heading, a paragraph, a ground ("Căn cứ …"), a line of a list.
HEADING, PARAGRAPH, GROUND, BULLET = "heading", "paragraph", "ground", "bullet"
_COMMITTEES = (OfficeKind.PROVINCE, OfficeKind.DISTRICT, OfficeKind.COMMUNE)
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph of the document."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class AnnexPart:
    """The rows of one group with their places in the annex, from 1."""

    name: str
    rows: tuple[tuple[int, Row], ...]


@dataclass(frozen=True, slots=True)
class PlanPaper:
    """A plan as a document. ``issuer`` may have two lines; ``mark``: what a draft says on top, blank once it is issued."""

    authority: str
    issuer: str
    number: str
    place: str
    on: date | None
    about: str
    parts: tuple[Part, ...]
    signs_for: str
    title: str
    name: str
    receivers: tuple[str, ...]
    mark: str
    annex_title: str
    annex_note: str
    annex: tuple[AnnexPart, ...]
    total: int


def plan_paper(plan: Plan) -> PlanPaper:
    """Return the plan as a document; the plan comes with office, parent, head and signer."""
    rows = rows_now(plan)
    on = _day(plan)
    number_said = plan.number or "         /KH"
    authority, issuer = names_of(plan.office)
    about = _about(plan.title)
    signs_for, title, name = _signature(plan)
    return PlanPaper(
        authority=authority,
        issuer=issuer,
        number=number_said,
        place=plan.office.place,
        on=on,
        about=about,
        parts=tuple(_parts(plan, rows)),
        signs_for=signs_for,
        title=title,
        name=name,
        receivers=_receivers(plan.office),
        mark="" if plan.number else f"Dự thảo, bản nháp {plan.draft_number}, lưu {_moment(plan)}",
        annex_title=f"Nhiệm vụ {about[:1].lower()}{about[1:]}",
        annex_note=_note(plan, on),
        annex=annex_parts(rows),
        total=sum(row.amount for row in rows),
    )


def names_of(office: Office) -> tuple[str, str]:
    """Return the body above and the issuer as a document's head has them; a People's Committee has none above."""
    issuer = _whole(office.name)
    if office.kind in _COMMITTEES and issuer.lower().startswith("ủy ban nhân dân "):
        return "", f"Ủy ban nhân dân\n{issuer[len('ủy ban nhân dân ') :]}"
    above = office.parent.name if office.parent else ""
    return above.replace("Ủy ban nhân dân", "UBND"), issuer


def annex_parts(rows: Sequence[Row]) -> tuple[AnnexPart, ...]:
    """Return the rows by group in the order of the list of groups, each with its place in the annex."""
    placed = list(enumerate(rows, 1))
    known = labels("groups")
    names = {**known, **{row.group: known.get(row.group, row.group) for row in rows}}
    parts = [(name, tuple(one for one in placed if one[1].group == key)) for key, name in names.items()]
    return tuple(
        AnnexPart(f"{_ROMAN[n]}. {name}" if n < len(_ROMAN) else name, rows_of_group)
        for n, (name, rows_of_group) in enumerate(part for part in parts if part[1])
    )


def _parts(plan: Plan, rows: Sequence[Row]) -> list[Part]:
    found: list[Part] = []
    directive = plan.window.directive if plan.window else None
    if directive:
        found.append(
            Part(
                GROUND,
                f"Căn cứ {directive.kind} số {directive.number} ngày {date_text(directive.issued_on)} của "
                f"{directive.issuer} về {_lower(directive.summary).rstrip('.')};",
            )
        )
    sections: list[tuple[str, list[Part]]] = [
        ("MỤC TIÊU", [Part(PARAGRAPH, line) for line in plan.goal.splitlines() if line.strip()]),
        ("NHIỆM VỤ", _tasks(rows)),
        ("GIẢI PHÁP", [Part(BULLET, one.text) for one in plan.solutions.order_by("pk")]),
        ("KINH PHÍ", _money(rows)),
        ("TỔ CHỨC THỰC HIỆN", _duties(plan)),
    ]
    for n, (name, parts) in enumerate(one for one in sections if one[1]):
        found += [Part(HEADING, f"{_ROMAN[n]}. {name}"), *parts]
    return found


def _tasks(rows: Sequence[Row]) -> list[Part]:
    if not rows:
        return [Part(PARAGRAPH, "Phụ lục chưa có nhiệm vụ nào.")]
    counts = Counter(row.group for row in rows)
    return [
        Part(
            PARAGRAPH,
            f"Kế hoạch có {number(len(rows))} nhiệm vụ thuộc {len(counts)} nhóm, chi tiết tại Phụ lục kèm theo:",
        ),
        *(
            Part(
                BULLET,
                f"{name}: {number(counts[key])} nhiệm vụ, "
                f"{millions(sum(row.amount for row in rows if row.group == key))} triệu đồng.",
            )
            for key, name in labels("groups").items()
            if counts[key]
        ),
    ]


def _money(rows: Sequence[Row]) -> list[Part]:
    security, whole = security_amounts((row.group, row.amount) for row in rows)
    if not rows:
        return []
    by_source = Counter[str]()
    for row in rows:
        by_source[row.source] += row.amount
    found = [Part(PARAGRAPH, f"Tổng kinh phí: {millions(whole)} triệu đồng.")]
    if whole:
        found += [
            Part(BULLET, f"{name}: {millions(by_source[key])} triệu đồng.")
            for key, name in labels("sources").items()
            if by_source[key]
        ]
        found.append(
            Part(
                PARAGRAPH,
                f"Chi cho an toàn thông tin: {millions(security)} trên {millions(whole)} triệu đồng, "
                f"{percent(security, whole, 1)}.",
            )
        )
    return found


def _duties(plan: Plan) -> list[Part]:
    if plan.head is None:
        return []
    return [
        Part(
            PARAGRAPH,
            f"{plan.head.title} {plan.head.person.name} chịu trách nhiệm trực tiếp về kết quả thực hiện kế hoạch.",
        )
    ]


def _signature(plan: Plan) -> tuple[str, str, str]:
    """Return for whom, as what and who signs; a draft names the accountable head and bears no name to sign with."""
    post: Post | None = plan.signed_by or plan.head
    name = plan.signed_by.person.name if plan.signed_by else ""
    title = post.title if post else "Thủ trưởng"
    is_deputy = plan.signed_as == DEPUTY
    if plan.office.kind in _COMMITTEES:
        return "TM. Ủy ban nhân dân", "KT. Chủ tịch\nPhó Chủ tịch" if is_deputy else "Chủ tịch", name
    if is_deputy:
        return f"KT. {title.removeprefix('Phó').strip()}", title, name
    return "", title, name


def _receivers(office: Office) -> tuple[str, ...]:
    if office.kind == OfficeKind.PROVINCE:
        return "Các sở, ban, ngành", "UBND các huyện, thành phố", "Lưu: VT"
    return "Ban Chỉ đạo chuyển đổi số tỉnh", "Sở Thông tin và Truyền thông", "Lưu: VT"


def _day(plan: Plan) -> date | None:
    return plan.registered_at.astimezone(VN).date() if plan.registered_at else None


def _moment(plan: Plan) -> str:
    return moment_text(plan.saved_at.astimezone(VN))


def _note(plan: Plan, on: date | None) -> str:
    said = f"Kế hoạch số {plan.number}" if plan.number else "dự thảo Kế hoạch"
    day = f" ngày {on.day:02d} tháng {on.month} năm {on.year}" if on else ""
    return f"(Kèm theo {said}{day} của {plan.office.name}. Kinh phí tính bằng triệu đồng)"


def _about(title: str) -> str:
    words = title.removeprefix("Kế hoạch ").strip() or title
    return words[:1].upper() + words[1:]


def _whole(name: str) -> str:
    return f"Ủy ban nhân dân {name[5:]}" if name.startswith("UBND ") else name


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
