"""Enter a document that directs, with what it assigns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.documents.api import Upload
from tinhso.journal.api import announce
from tinhso.plans.events.directives import DirectiveEntered
from tinhso.plans.models import Directive, DirectiveItem, History
from tinhso.plans.permissions.directives import ENTERERS
from tinhso.plans.queries.documents import labels
from tinhso.plans.rules.directives import (
    LONGEST_ISSUER,
    LONGEST_NUMBER,
    LONGEST_TEXT,
    ItemKind,
    NewItem,
    search_words,
)
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.words import date_text

#: The working calendar begins here: before it no time of entry can be counted.
FIRST_RECEIVED: Final = 2020
MOST_ITEMS: Final = 200


class CannotEnter(ValueError):
    """The document is not entered; the sentence says why, ``field`` names the box, blank where it is none."""

    def __init__(self, sentence: str, field: str = "") -> None:
        """Keep the box beside the sentence."""
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def enter_directive(
    *,
    by: Actor,
    at: dt.datetime,
    number: str,
    kind: str,
    issued_on: dt.date,
    issuer: str,
    summary: str,
    received_at: dt.datetime,
    urgency: str = "normal",
    upload: Upload | None = None,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    is_public: bool = True,
    is_verified: bool = True,
    items: Sequence[NewItem] = (),
) -> Directive:
    """Enter a document with what it assigns, in the order of ``items``.

    ``valid_from`` None: from the day of issue. Raises ``NotThere`` for others than chair and secretary, and
    ``CannotEnter`` where something is missing, the days contradict one another, or it was entered before.
    """
    if not by.holds(*ENTERERS):
        raise NotThere
    number, issuer, summary = (tidy(visible(text)) for text in (number, issuer, summary))
    begins = valid_from or issued_on
    check_words(number, kind, issuer, summary, urgency)
    check_days(issued_on, begins, valid_to, received_at, at)
    check_not_entered(number, issued_on, issuer)
    kept = tidied(items)
    directive = Directive.objects.create(
        number=number,
        kind=kind,
        issued_on=issued_on,
        issuer=issuer,
        summary=summary,
        urgency=urgency,
        received_at=received_at,
        entered_at=at,
        entered_by_id=by.account_id,
        file=upload.file if upload else None,
        file_name=upload.name if upload else "",
        valid_from=begins,
        valid_to=valid_to,
        folded=search_words(number, summary, issuer, (item.text for item in kept)),
        is_public=is_public,
        is_verified=is_verified,
    )
    DirectiveItem.objects.bulk_create(
        DirectiveItem(directive=directive, ordinal=place, kind=item.kind, text=item.text)
        for place, item in enumerate(kept, 1)
    )
    History.objects.record(
        directive.about, _("Nhập văn bản"), by=by, at=at, after=_("%(n)d mục giao") % {"n": len(kept)}
    )
    announce(
        DirectiveEntered(directive.pk, kind, issued_on, received_at, len(kept)),
        about=directive.about,
        by=by,
        at=at,
    )
    return directive


def check_words(number: str, kind: str, issuer: str, summary: str, urgency: str) -> None:
    """Refuse a document without its words, or with words that are too long. Raises ``CannotEnter``."""
    limits = (
        ("number", number, LONGEST_NUMBER, _("Ghi số, ký hiệu như trên văn bản, ví dụ 122/KH-UBND.")),
        ("issuer", issuer, LONGEST_ISSUER, _("Ghi nơi ban hành, ví dụ UBND tỉnh Nam Định.")),
        ("summary", summary, LONGEST_TEXT, _("Ghi trích yếu: văn bản nói về việc gì.")),
    )
    for field, words, longest, sentence in limits:
        if not words:
            raise CannotEnter(sentence, field)
        if len(words) > longest:
            raise CannotEnter(_("Dài quá %(n)d chữ. Viết gọn lại.") % {"n": longest}, field)
    if kind not in labels("directive_kinds"):
        raise CannotEnter(_("Chọn một loại văn bản trong danh sách."), "kind")
    if urgency not in ("normal", "urgent"):
        raise CannotEnter(_("Chọn văn bản thường hoặc khẩn."), "urgency")


def check_days(
    issued_on: dt.date,
    valid_from: dt.date,
    valid_to: dt.date | None,
    received_at: dt.datetime,
    at: dt.datetime,
) -> None:
    """Refuse days that contradict one another. Raises ``CannotEnter``."""
    if received_at > at:
        raise CannotEnter(_("Lúc nhận chưa tới. Ghi lúc văn bản đã đến."), "received_on")
    if received_at.year < FIRST_RECEIVED:
        raise CannotEnter(
            _("Ngày nhận sớm nhất là 01/01/%(year)d.") % {"year": FIRST_RECEIVED}, "received_on"
        )
    if issued_on > received_at.date():
        words = _("Văn bản ký ngày %(day)s, không thể nhận trước ngày ấy. Xem lại hai ngày.")
        raise CannotEnter(words % {"day": date_text(issued_on)}, "issued_on")
    if valid_from < issued_on:
        raise CannotEnter(_("Hiệu lực không bắt đầu trước ngày ký. Xem lại hai ngày."), "valid_from")
    if valid_to is not None and valid_to < valid_from:
        raise CannotEnter(_("Ngày hết hiệu lực đứng trước ngày bắt đầu. Xem lại hai ngày."), "valid_to")


def check_not_entered(number: str, issued_on: dt.date, issuer: str, but: int = 0) -> None:
    """Refuse what was entered before; ``but`` is the row itself. Raises ``CannotEnter``."""
    same = Directive.objects.filter(number=number, issued_on=issued_on, issuer=issuer).exclude(pk=but)
    if same.exists():
        raise CannotEnter(_("Văn bản này đã nhập rồi. Tìm theo số ở danh sách chỉ đạo."), "number")


def tidied(items: Sequence[NewItem]) -> list[NewItem]:
    """Return the items tidy, without empty ones. Raises ``CannotEnter`` for one that is too long or of no kind."""
    kept = [NewItem(item.kind, tidy(visible(item.text))) for item in items]
    kept = [item for item in kept if item.text]
    if len(kept) > MOST_ITEMS:
        raise CannotEnter(_("Tối đa %(n)d mục một văn bản. Bỏ bớt mục.") % {"n": MOST_ITEMS})
    for item in kept:
        field = f"{item.kind}s"
        if item.kind not in set(ItemKind):
            raise CannotEnter(_("Mỗi mục là chỉ tiêu, giải pháp hoặc nhiệm vụ."))
        if len(item.text) > LONGEST_TEXT:
            words = _("Mục “%(start)s…” dài quá %(n)d chữ. Viết gọn lại.")
            raise CannotEnter(words % {"start": item.text[:40], "n": LONGEST_TEXT}, field)
    return kept
