"""What the catalogue's office lists: procedures by filters, one procedure's versions, and who did what to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from tinhso.catalogue.models import Alias, Procedure, ProcedureVersion, SheetDraft
from tinhso.catalogue.permissions import PROCEDURES, SHEETS, MayProcedure, MaySheet
from tinhso.catalogue.queries.catalogue import levels_in_force
from tinhso.catalogue.queries.level_worklist import level_words
from tinhso.directory.api import Account, Actor
from tinhso.journal.api import Record, history
from tinhso.toolkit.text import fold
from tinhso.toolkit.words import date_text

PAGE = 50
OPEN_STATES = ("writing", "in_review", "approved")
#: What a sheet in the office is doing, in words.
STATE_WORDS = {
    "writing": "Đang soạn",
    "in_review": "Chờ duyệt",
    "approved": "Đã duyệt, chờ công bố",
    "published": "Đã công bố",
    "dropped": "Đã bỏ",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the list; blank is all. ``after`` is the last code of the page above (keyset)."""

    words: str = ""
    field: str = ""
    level: str = ""
    state: str = ""
    online: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list. ``draft`` is the sheet being written, if any."""

    code: str
    name: str
    field: str
    version: int | None
    effective_from: dt.date | None
    effective_to: dt.date | None
    level: int | None
    has_default_form: bool
    draft: SheetDraft | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of the list; ``following`` is the ``after`` of the next page, blank at the end."""

    rows: tuple[Listed, ...]
    total: int
    following: str


def listed(by: Actor, wanted: Wanted, on: dt.date, page: int = PAGE) -> ListPage:
    """Return a page of the procedures that the filters leave, by code."""
    latest = ProcedureVersion.objects.filter(
        procedure=OuterRef("pk"), published_at__isnull=False, effective_from__lte=on
    ).order_by("-number")
    rows = _filtered(by, wanted, on)
    total = rows.count()
    if wanted.after:
        rows = rows.filter(code__gt=wanted.after)
    found = list(
        rows.order_by("code")
        .select_related("field")
        .annotate(
            latest_number=Subquery(latest.values("number")[:1]),
            latest_from=Subquery(latest.values("effective_from")[:1]),
            latest_to=Subquery(latest.values("effective_to")[:1]),
        )[: page + 1]
    )
    here = found[:page]
    levels = levels_in_force(on)
    drafts = open_sheets(by, [procedure.code for procedure in here])
    return ListPage(
        tuple(
            Listed(
                procedure.code,
                procedure.everyday_name,
                procedure.field.name,
                procedure.latest_number,
                procedure.latest_from,
                procedure.latest_to,
                levels[procedure.pk].level if procedure.pk in levels else None,
                procedure.has_default_form,
                drafts.get(procedure.code),
            )
            for procedure in here
        ),
        total,
        here[-1].code if len(found) > page else "",
    )


def _filtered(by: Actor, wanted: Wanted, on: dt.date) -> QuerySet[Procedure]:
    rows = PROCEDURES.rows(by, MayProcedure.READ)
    for word in fold(wanted.words).split()[:8]:
        rows = rows.filter(Q(folded__contains=word) | Q(code__startswith=word))
    if wanted.field.isdigit():
        rows = rows.filter(field=int(wanted.field[:15]))
    if wanted.level:
        rows = rows.filter(executing_levels__contains=[wanted.level])
    in_force = ProcedureVersion.objects.on(on).filter(procedure=OuterRef("pk"))
    if wanted.state in OPEN_STATES:
        rows = rows.filter(code__in=SheetDraft.objects.filter(state=wanted.state).values("code"))
    elif wanted.state == "default":
        rows = rows.filter(has_default_form=True)
    elif wanted.state == "ended":
        rows = rows.filter(~Exists(in_force))
    if wanted.online in ("1", "2", "3", "4"):
        level = int(wanted.online)
        rows = rows.filter(pk__in=[pk for pk, one in levels_in_force(on).items() if one.level == level])
    return rows


def open_sheets(by: Actor, codes: Iterable[str]) -> dict[str, SheetDraft]:
    """Return the sheets being written for these codes."""
    rows = SHEETS.rows(by, MaySheet.READ).filter(state__in=OPEN_STATES, code__in=list(codes))
    return {draft.code: draft for draft in rows}


def worklist(by: Actor) -> list[SheetDraft]:
    """Return all sheets being written, last saved first: also those of procedures that were never published."""
    rows = SHEETS.rows(by, MaySheet.READ).filter(state__in=OPEN_STATES)
    return list(rows.select_related("based_on").order_by("-saved_at")[:200])


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history: when, who (a name), what."""

    at: dt.datetime
    name: str
    what: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that the office knows of a procedure: versions (latest first), sheets, levels, old codes, history."""

    procedure: Procedure
    versions: tuple[ProcedureVersion, ...]
    drafts: tuple[SheetDraft, ...]
    levels: tuple[Any, ...]
    aliases: tuple[Alias, ...]
    happenings: tuple[Happening, ...]


def dossier_of(by: Actor, code: str) -> Dossier:
    """Return the whole history of a procedure. Raises ``NotThere``."""
    procedure = PROCEDURES.look(by, MayProcedure.READ, code=code)
    return Dossier(
        procedure,
        tuple(
            procedure.versions.filter(published_at__isnull=False)
            .select_related("written_as")
            .order_by("-number")
        ),
        tuple(SHEETS.rows(by, MaySheet.READ).filter(code=code).order_by("-pk")[:50]),
        tuple(procedure.service_levels.order_by("-valid_from", "system")),
        tuple(procedure.aliases.order_by("code")),
        happenings(code),
    )


def happenings(code: str) -> tuple[Happening, ...]:
    """Return what happened to a procedure by the journal, the latest first, with the names of who did it."""
    records = history(f"procedure:{code}")
    names = names_of({record.by for record in records})
    told = ((record, _sentence(record)) for record in records)
    return tuple(
        Happening(record.at, names.get(record.by, _("Hệ thống")), what) for record, what in told if what
    )


def names_of(refs: Iterable[str]) -> dict[str, str]:
    """Return the names of those people among the journal's doers, by their codes."""
    ids = {ref: int(ref.removeprefix("account:")) for ref in refs if ref.startswith("account:")}
    accounts: Mapping[int, Account] = Account.objects.select_related("person").in_bulk(list(ids.values()))
    return {ref: accounts[pk].person.name for ref, pk in ids.items() if pk in accounts}


def _sentence(record: Record) -> str:
    data = dict(record.data)
    part = PART_WORDS.get(str(data.get("part", "")), "")
    for key in ("effective_from", "decision_date", "last_day", "valid_from"):
        if data.get(key):
            data[key] = date_text(dt.date.fromisoformat(data[key]))
    words = {
        "ProcedurePublished": _("Bản %(version)s có hiệu lực từ %(effective_from)s"),
        "SheetDraftOpened": _("Chép từ thủ tục %(copied_from)s, mở bản soạn")
        if data.get("copied_from")
        else _("Mở bản soạn từ bản %(based_on)s")
        if data.get("based_on")
        else _("Mở bản soạn mới"),
        "SheetDraftSaved": _("Sửa phần %(part_words)s, lần lưu %(revision)s"),
        "SheetDraftSentToReview": _("Gửi duyệt, lần lưu %(revision)s"),
        "SheetDraftReturned": _("Trả lại để sửa"),
        "SheetDraftApproved": _("Duyệt, lần lưu %(revision)s"),
        "SheetDraftReopened": _("Rút về để sửa"),
        "SheetDraftDropped": _("Bỏ bản soạn"),
        "SheetDraftPublished": _("Công bố bản %(version)s theo %(decision_number)s ngày %(decision_date)s"),
        "ServiceLevelDecided": _(
            "Quyết định %(level_words)s từ %(valid_from)s theo %(decision_number)s ngày %(decision_date)s"
        ),
        "EligibilityDecided": _("Xét đủ điều kiện mức độ 4 từ %(valid_from)s")
        if data.get("is_eligible")
        else _("Xét chưa đủ điều kiện mức độ 4 từ %(valid_from)s"),
        "ProcedureEnded": _("Cho hết hiệu lực sau %(last_day)s theo %(decision_number)s"),
    }.get(record.event.partition(".")[2], "")
    level = level_words(data["system"], data["level"]).lower() if "system" in data else ""
    return words % {**data, "part_words": part.lower(), "level_words": level} if words else ""


#: The office's pages by key, in order.
PART_WORDS = {
    "ten": "Tên và tên gọi khác",
    "noi-lam": "Đối tượng, cơ quan, cách nộp",
    "truong-hop": "Trường hợp, thời hạn, phí",
    "giay-to": "Thành phần hồ sơ",
    "quy-trinh": "Quy trình nội bộ",
    "can-cu": "Căn cứ pháp lý",
    "trang": "Chữ trên trang",
    "mau-don": "Mẫu đơn",
}
