"""Tell the directory what lies on desks and at offices, and lay a closed office's work on its successor's desks.

``directory.api.register_work`` is told of this in ``apps.ready()``. No citizen's name is told: administrators open no
dossiers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from tinhso.catalogue.api import Procedure
from tinhso.directory.api import Actor, Hangs, Office, Work, WorkSource
from tinhso.dossiers.lifecycle import CLOSED, ENDED, State
from tinhso.dossiers.models import Dossier, Draft, StepTaken
from tinhso.dossiers.queries import STATE_WORDS
from tinhso.signatures.api import in_force_by_office
from tinhso.toolkit.clock import VN
from tinhso.toolkit.text import fold
from tinhso.toolkit.words import number

_SHOWN = ("version__procedure",)


def on_desks(desks: Collection[tuple[int, str]]) -> list[Work]:
    """Return what lies on the desks, given as (office, role)."""
    wanted = Q(pk__in=())
    for office_id, role in desks:
        wanted |= Q(desk_office_id=office_id, desk_role=role)
    return [_work(dossier) for dossier in _live().filter(wanted)]


def of_office(office_id: int) -> list[Work]:
    """Return what lies on the office's desks, and what it still has to receive, prepare, sign or hand over."""
    return [_work(dossier) for dossier in _live().filter(_through(office_id))]


def done_since(office_id: int, day: dt.date) -> int:
    """Return how many steps the office took and how many dossiers came to it since the day began."""
    start = dt.datetime.combine(day, dt.time(), VN)
    came = Dossier.objects.filter(receiving_office_id=office_id, submitted_at__gte=start)
    return came.count() + StepTaken.objects.filter(by_office_id=office_id, at__gte=start).count()


def hangs_on(office_id: int, at: dt.datetime) -> list[Hangs]:
    """Return the certificates in force, the drafts addressed to the office, the procedures that name it."""
    found = []
    held = in_force_by_office(at).get(office_id)
    if held is not None and held.seals:
        found.append(
            Hangs(
                _("%(n)s chứng thư con dấu phải thu hồi") % {"n": number(held.seals)},
                _("Giấy đã ký trước đó vẫn kiểm được."),
                _registry(),
            )
        )
    if held is not None and held.holders:
        found.append(
            Hangs(
                _("%(n)s chứng thư của người ký phải thu hồi hoặc cấp lại")
                % {"n": number(len(held.holders))},
                link=_registry(),
            )
        )
    drafts = Draft.objects.filter(office_id=office_id, dossier=None).count()
    if drafts:
        found.append(
            Hangs(
                _("%(n)s bản nháp đang gửi đến đây") % {"n": number(drafts)},
                _("Đóng cơ quan thì bản nháp gửi đến nơi nhận việc."),
            )
        )
    name = fold(Office.objects.get(pk=office_id).name)
    named = [one for one in Procedure.objects.values_list("responsible", flat=True) if fold(one) == name]
    if named:
        found.append(
            Hangs(
                _("%(n)s thủ tục ghi tên cơ quan này") % {"n": number(len(named))},
                _("Người biên tập danh mục sửa tên nơi thực hiện, nếu không thì không nộp được."),
            )
        )
    return found


def move(from_office: int, to_office: int, _by: Actor, _at: dt.datetime) -> list[Work]:
    """Lay what is live on the successor's desks; where it was received stays, once it was accepted.

    The number of an accepted dossier bears the code of the office that received it, and figures count it there: both
    stay. Who works at the successor may do what the closed office's clerk could (decision 0029).
    """
    moved = []
    rows = _live().filter(_through(from_office)).select_for_update(of=("self",))
    for dossier in rows:
        before = _offices(dossier)
        if dossier.desk_office_id == from_office:
            dossier.desk_office_id = to_office
        if dossier.number is None and dossier.receiving_office_id == from_office:
            dossier.receiving_office_id = to_office
        if State(dossier.state) not in ENDED:
            if dossier.handling_office_id == from_office:
                dossier.handling_office_id = to_office
            if dossier.signing_office_id == from_office:
                dossier.signing_office_id = to_office
        if _offices(dossier) != before:
            dossier.save(
                update_fields=["desk_office", "receiving_office", "handling_office", "signing_office"]
            )
            moved.append(_work(dossier))
    Draft.objects.filter(office_id=from_office, dossier=None).update(office_id=to_office)
    return moved


SOURCE = WorkSource(on_desks, of_office, done_since, hangs_on, move)


def _live() -> QuerySet[Dossier]:
    return Dossier.objects.exclude(state__in=sorted(CLOSED)).select_related(*_SHOWN).order_by("id")


def _through(office_id: int) -> Q:
    """Dossiers that an office still has something to do with; one that has ended, only while it lies on its desk."""
    running = ~Q(state__in=sorted(ENDED))
    return Q(desk_office_id=office_id) | running & (
        Q(receiving_office_id=office_id) | Q(handling_office_id=office_id) | Q(signing_office_id=office_id)
    )


def _offices(dossier: Dossier) -> tuple[int | None, ...]:
    return (
        dossier.desk_office_id,
        dossier.receiving_office_id,
        dossier.handling_office_id,
        dossier.signing_office_id,
    )


def _work(dossier: Dossier) -> Work:
    return Work(
        about=dossier.about,
        number=dossier.number or dossier.tracking_code,
        title=dossier.version.procedure.everyday_name,
        state=STATE_WORDS[State(dossier.state)],
        due_at=dossier.due_at or (dossier.answer_due_at if dossier.number is None else None),
        office_id=dossier.desk_office_id or 0,
        role=dossier.desk_role,
    )


def _registry() -> str:
    """Return the address of the registry of certificates, where this installation serves it."""
    for name in ("signatures:certificates", "signatures:registry"):
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""
