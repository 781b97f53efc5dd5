"""Bring a service of Project 06 up to date: where it hangs; who leads it and which procedures it means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office
from tinhso.journal.api import announce
from tinhso.plans.events.tasks import TrackedServiceUpdated
from tinhso.plans.models import History, TrackedService
from tinhso.plans.permissions import COMMITTEE
from tinhso.plans.permissions.tasks import TRACKED, MayTrack
from tinhso.toolkit.policy import NotThere

LONGEST_BLOCKER: Final = 400
MOST_CODES: Final = 50
LONGEST_CODE: Final = 20


class CannotUpdateService(ValueError):
    """What was typed does not fit; the sentence says what to mend."""


@transaction.atomic
def update_tracked_service(
    *,
    by: Actor,
    at: dt.datetime,
    ordinal: int,
    blocker: str,
    lead: Office | None = None,
    procedure_codes: Sequence[str] | None = None,
) -> TrackedService:
    """Say where a service hangs (blank: nowhere); ``lead`` and ``procedure_codes`` None: as they are.

    The lead office says where it hangs; lead and procedures are the committee's to change. Raises ``NotThere``,
    ``CannotUpdateService``.
    """
    service = TRACKED.one(by, MayTrack.UPDATE, ordinal=ordinal)
    if (lead is not None or procedure_codes is not None) and not by.holds(*COMMITTEE):
        raise NotThere
    said = blocker.strip()
    if len(said) > LONGEST_BLOCKER:
        raise CannotUpdateService(_("Ghi chỗ vướng tối đa %(n)d chữ.") % {"n": LONGEST_BLOCKER})
    before = _words(service)
    service.blocker = said
    if lead is not None:
        service.lead = lead
    if procedure_codes is not None:
        codes = list(dict.fromkeys(code.strip() for code in procedure_codes if code.strip()))
        if len(codes) > MOST_CODES or any(len(code) > LONGEST_CODE for code in codes):
            raise CannotUpdateService(_("Ghi tối đa 50 mã thủ tục, mỗi mã tối đa 20 chữ."))
        service.procedure_codes = codes
    service.updated_by_id, service.updated_at = by.account_id, at
    service.save()
    History.objects.record(
        service.about, _("Cập nhật dịch vụ"), by=by, at=at, before=before, after=_words(service)
    )
    announce(TrackedServiceUpdated(service.ordinal, bool(service.blocker)), about=service.about, by=by, at=at)
    return service


def _words(service: TrackedService) -> str:
    lead = service.lead.short_name if service.lead else _("chưa có cơ quan chủ trì")
    codes = ", ".join(service.procedure_codes) or _("chưa gắn thủ tục")
    return f"{lead}; {codes}; {service.blocker or _('không vướng')}"[:400]
