"""Administrators repair access: requests for a new second factor, an officer's sessions and history, a code by hand."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tinhso.directory.forms import ReasonForm
from tinhso.directory.models import Account, Invitation, Person
from tinhso.directory.permissions import INVITATIONS, PEOPLE, SESSIONS, MayInvitation, MayPerson, MaySession
from tinhso.directory.queries import changes_of, who
from tinhso.directory.queries.access import live_sessions, waiting_requests
from tinhso.directory.services.end_session import end_session
from tinhso.directory.services.repair_second_factor import (
    CannotRepair,
    confirm_invitation,
    refuse_second_factor,
    start_second_factor,
)
from tinhso.directory.services.reset_password import CannotReset, give_password_code
from tinhso.directory.views.access_mine import tries_told
from tinhso.directory.views.frame import administrators_only, frame
from tinhso.toolkit import clock


@require_safe
@never_cache
@administrators_only
def requests(request: HttpRequest) -> HttpResponse:
    """List who waits for a new second factor, and what the actor may do about each."""
    return _list(request)


def _list(request: HttpRequest, refused: ReasonForm | None = None, about: int = 0) -> HttpResponse:
    by = who(request)
    rows = waiting_requests(by, timezone.now())
    may = set(
        INVITATIONS.rows(by, MayInvitation.CONFIRM)
        .filter(pk__in=[row.pk for row in rows], confirmed_by=None)
        .values_list("pk", flat=True)
    )
    return render(
        request,
        "directory/access/requests.html",
        {
            **frame(request, "access"),
            "rows": [{"row": row, "may_confirm": row.pk in may, "state": _state(row)} for row in rows],
            "refused": refused,
            "about": about,
        },
        status=422 if refused else 200,
    )


def _state(row: Invitation) -> tuple[str, str]:
    if row.confirmed_by_id:
        return ("ok", _("Đã xác nhận, chờ người này dùng mã"))
    if row.created_by_id:
        return ("warn", _("Chờ quản trị viên thứ hai"))
    return ("info", _("Chờ bắt đầu"))


@require_safe
@never_cache
@administrators_only
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how an officer gets in: second factors, sessions, history of signing in."""
    return _person(request, pk)


def _person(request: HttpRequest, pk: int, refused: ReasonForm | None = None) -> HttpResponse:
    by = who(request)
    found: Person = PEOPLE.look(by, MayPerson.READ, pk=pk)
    account = Account.objects.filter(person=found).first()
    if account is None:
        raise Http404
    kinds = list(Authenticator.objects.filter(user=account).values_list("type", flat=True))
    waiting = [row for row in waiting_requests(by, timezone.now()) if row.account_id == account.pk]
    return render(
        request,
        "directory/access/person.html",
        {
            **frame(request, "officers"),
            "person": found,
            "account": account,
            "passkeys": kinds.count("webauthn"),
            "has_app": "totp" in kinds,
            "sessions": live_sessions(account.pk, timezone.now()),
            "tries": tries_told(account.pk),
            "waiting": waiting[0] if waiting else None,
            "may": PEOPLE.holds(by, MayPerson.ADMINISTER, found) and account.has_usable_password(),
            "history": changes_of(f"person:{pk}", 200),
            "form": refused or ReasonForm(),
            "refused": refused,
        },
        status=422 if refused else 200,
    )


@require_POST
@administrators_only
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the repair of a lost second factor, after making sure who asks."""
    PEOPLE.look(who(request), MayPerson.ADMINISTER, pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            start_second_factor(
                by=who(request),
                at=clock.now(),
                real_at=timezone.now(),
                person=pk,
                reason=form.cleaned_data["reason"],
            )
        except CannotRepair as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã bắt đầu. Nhờ quản trị viên khác xác nhận ở danh sách chờ."))
            return redirect("directory:access_requests")
    return _person(request, pk, form)


@require_POST
@never_cache
@administrators_only
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm as the second administrator and show the code, this once."""
    row, code = confirm_invitation(by=who(request), at=clock.now(), real_at=timezone.now(), invitation=pk)
    return _with_code(request, row, code, _("Đặt khóa thứ hai mới"), reverse("account_new_factor"))


@require_POST
@administrators_only
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse a request with a reason."""
    INVITATIONS.look(who(request), MayInvitation.READ, pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            refuse_second_factor(
                by=who(request),
                at=clock.now(),
                real_at=timezone.now(),
                invitation=pk,
                reason=form.cleaned_data["reason"],
            )
        except CannotRepair as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã từ chối, người ấy được báo."))
            return redirect("directory:access_requests")
    return _list(request, form, pk)


@require_POST
@never_cache
@administrators_only
def password_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a code for a new password by hand, and show it this once."""
    PEOPLE.look(who(request), MayPerson.ADMINISTER, pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            row, code = give_password_code(
                by=who(request),
                at=clock.now(),
                real_at=timezone.now(),
                person=pk,
                reason=form.cleaned_data["reason"],
            )
        except CannotReset as refused:
            form.add_error(None, str(refused))
        else:
            return _with_code(request, row, code, _("Đặt lại mật khẩu"), reverse("account_reset"))
    return _person(request, pk, form)


@require_POST
@administrators_only
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an officer's session."""
    row = SESSIONS.look(who(request), MaySession.END, pk=pk)
    end_session(by=who(request), at=clock.now(), real_at=timezone.now(), session=pk)
    messages.success(request, _("Đã ngắt phiên ấy, người đó được báo."))
    owner = Account.objects.get(pk=row.account_id).person_id
    return redirect("directory:access_person", pk=owner)


def _with_code(request: HttpRequest, row: Invitation, code: str, title: str, address: str) -> HttpResponse:
    context: dict[str, Any] = {
        **frame(request, "access"),
        "person": Person.objects.get(account=row.account_id),
        "account": Account.objects.get(pk=row.account_id),
        "code": code,
        "until": row.expires_at,
        "title": title,
        "address": request.build_absolute_uri(address),
    }
    return render(request, "directory/access/code_shown.html", context)
