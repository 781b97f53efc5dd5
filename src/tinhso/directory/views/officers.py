"""Officers: the list, one officer, invitation, posts, locking."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.directory.forms import InviteForm, PostForm, ReasonForm
from tinhso.directory.models import Person
from tinhso.directory.permissions import PEOPLE, MayPerson, roles_told
from tinhso.directory.queries import changes_of, who
from tinhso.directory.queries.administration import offices_to_pick
from tinhso.directory.queries.officers import STATES, OfficerPage, officer_page, officers
from tinhso.directory.rules import Role
from tinhso.directory.services.give_post import CannotGivePost, NewPost, give_post
from tinhso.directory.services.invite_officer import (
    CannotInvite,
    Invited,
    NewOfficer,
    invite_again,
    invite_officer,
)
from tinhso.directory.services.register_work import Work, work_on_desks
from tinhso.directory.services.suspend_account import CannotSuspend, resume_account, suspend_account
from tinhso.directory.views.frame import administrators_only, frame, picked, role_choices, sheet, status_of
from tinhso.directory.views.offices import typed
from tinhso.toolkit import clock
from tinhso.toolkit.words import date_text

PAGE = 50
STATE_TAGS = {
    "ok": ("ok", _("Đang làm việc")),
    "locked": ("bad", _("Tạm khóa")),
    "closed": ("bad", _("Đã đóng")),
    "invited": ("warn", _("Chưa đặt mật khẩu")),
    "former": ("paused", _("Đã thôi")),
}


@require_safe
@administrators_only
def officer_list(request: HttpRequest) -> HttpResponse:
    """List the officers of the branch; as a sheet where asked."""
    by, today = who(request), clock.today()
    places = offices_to_pick(by, today)
    words, role, state = typed(request, "tim"), typed(request, "vai-tro"), typed(request, "tinh-trang")
    asked = typed(request, "co-quan")
    chosen = [office.pk for label, office in places.items() if asked and asked.lower() in label.lower()]
    rows = officers(
        by,
        today,
        words=words,
        offices=chosen if asked else (),
        role=role,
        state=state if state in STATES else "",
    )
    if asked and not chosen:
        rows = rows.none()
    if request.GET.get("tai") == "csv":
        return _sheet(rows)
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    query = request.GET.copy()
    query.pop("trang", None)
    query.pop("tai", None)
    return render(
        request,
        "directory/admin/officers.html",
        {
            **frame(request, "officers"),
            "page": page,
            "words": words,
            "role": role,
            "state": state,
            "office": asked,
            "roles": [(key, told["name"]) for key, told in roles_told().items()],
            "states": STATES.items(),
            "places": places,
            "query": query.urlencode(),
            "is_filtered": bool(words or role or state or asked),
            "today": today,
        },
    )


def _sheet(rows: Any) -> HttpResponse:
    heads = "ho_ten tai_khoan co_quan vai_tro chuc_danh tu_ngay den_ngay tinh_trang"

    def lines() -> Any:
        for person in rows:
            account = getattr(person, "account", None)
            is_open = account is not None and account.is_active
            for post in person.shown or [None]:
                yield (
                    person.name,
                    account.username if account else "",
                    post.office.short_name if post else "",
                    str(roles_told()[post.role]["name"]) if post else "",
                    post.title if post else "",
                    date_text(post.valid_from) if post else "",
                    date_text(post.valid_to) if post and post.valid_to else "",
                    _("đang dùng") if is_open else _("khóa"),
                )

    return sheet("can-bo", heads.split(), lines())


def lying_with(page: OfficerPage) -> list[Work]:
    """Return the running work on the desks that the officer holds today within the branch."""
    desks = {(one.post.office_id, one.post.role) for one in page.posts if one.state == "now" and one.is_ours}
    return work_on_desks(sorted(desks)) if desks else []


@require_safe
@administrators_only
def officer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one officer: posts, work, loans, hand-overs, how the account stands, history."""
    return _shown(request, pk)


def _shown(request: HttpRequest, pk: int, refused: ReasonForm | None = None) -> HttpResponse:
    by, now = who(request), clock.now()
    page = officer_page(by, pk, now.date())
    works = lying_with(page)
    return render(
        request,
        "directory/admin/officer.html",
        {
            **frame(request, "officers"),
            "page": page,
            "person": page.person,
            "tag": STATE_TAGS[page.state],
            "works": len(works),
            "late": sum(work.due_at is not None and work.due_at < now for work in works),
            "can_end": any(one.state != "ended" and one.is_ours for one in page.posts),
            "history": changes_of(f"person:{pk}", 200),
            "form": refused or ReasonForm(),
            "refused": refused,
            "today": now.date(),
        },
        status=422 if refused else 200,
    )


def activation_page() -> str:
    """Return the address where a code is typed, or blank where this installation has none."""
    try:
        return reverse("account_activate")
    except NoReverseMatch:
        return ""


def _with_code(request: HttpRequest, done: Invited) -> HttpResponse:
    """Show the code, this once."""
    return render(
        request,
        "directory/admin/code.html",
        {
            **frame(request, "officers"),
            "person": done.account.person,
            "account": done.account,
            "code": done.code,
            "until": done.invitation.expires_at,
            "address": request.build_absolute_uri(activation_page() or "/"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def invite(request: HttpRequest) -> HttpResponse:
    """Invite an officer: account, first post, one-time code."""
    by, now = who(request), clock.now()
    places = offices_to_pick(by, now.date())
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        initial={
            "office": picked(places, request.GET.get("co-quan", "")),
            "valid_from": date_text(now.date()),
        },
        places=places,
        choices={"role": role_choices(by)},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            done = invite_officer(
                by=by,
                at=now,
                real_at=timezone.now(),
                wanted=NewOfficer(said["name"], said["phone"], said["email"], said["birth_date"]),
                post=_post(said),
                decision=said["decision"],
                reason=said["reason"],
                activate_at=activation_page(),
            )
        except (CannotInvite, CannotGivePost) as refused:
            form.add_error(None, str(refused))
        else:
            return _with_code(request, done)
    return render(
        request,
        "directory/admin/invite.html",
        {**frame(request, "officers"), "form": form, "places": places},
        status=status_of(form),
    )


def _post(said: dict[str, Any]) -> NewPost:
    return NewPost(
        said["office"].pk, Role(said["role"]), said["title"], said["valid_from"], said.get("valid_to")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def new_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an officer one post more."""
    by, now = who(request), clock.now()
    person: Person = PEOPLE.look(by, MayPerson.ADMINISTER, pk=pk)
    places = offices_to_pick(by, now.date())
    form = PostForm(
        request.POST if request.method == "POST" else None,
        initial={"valid_from": date_text(now.date())},
        places=places,
        choices={"role": role_choices(by)},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            given = give_post(
                by=by,
                at=now,
                person=pk,
                wanted=_post(said),
                decision=said["decision"],
                reason=said["reason"],
            )
        except CannotGivePost as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã giao chức vụ %(title)s.") % {"title": given.title})
            return redirect("directory:officer", pk=pk)
    return render(
        request,
        "directory/admin/post_new.html",
        {**frame(request, "officers"), "form": form, "person": person, "places": places},
        status=status_of(form),
    )


@require_POST
@administrators_only
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    """Lock an account, as of the next request."""
    return _switch(request, pk, suspend_account, _("Đã khóa tài khoản, có hiệu lực ngay."))


@require_POST
@administrators_only
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a locked account again."""
    return _switch(request, pk, resume_account, _("Đã mở lại tài khoản."))


def _switch(request: HttpRequest, pk: int, act: Any, sentence: str) -> HttpResponse:
    PEOPLE.look(who(request), MayPerson.SUSPEND, pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            act(by=who(request), at=clock.now(), person=pk, reason=form.cleaned_data["reason"])
        except CannotSuspend as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, sentence)
            return redirect("directory:officer", pk=pk)
    return _shown(request, pk, form)


@require_POST
@administrators_only
def new_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a new code to an officer who has not begun yet."""
    PEOPLE.look(who(request), MayPerson.ADMINISTER, pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            done = invite_again(
                by=who(request),
                at=clock.now(),
                real_at=timezone.now(),
                person=pk,
                reason=form.cleaned_data["reason"],
            )
        except CannotInvite as refused:
            form.add_error(None, str(refused))
        else:
            return _with_code(request, done)
    return _shown(request, pk, form)
