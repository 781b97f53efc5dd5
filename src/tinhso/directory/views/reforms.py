"""Decisions about an office in two presses: look at what it touches, then decide; take back what still waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tinhso.directory.forms import AdminForm, CloseForm, MoveForm, ReasonForm, RenameForm
from tinhso.directory.models import Office, OfficeReform
from tinhso.directory.permissions import OFFICES, MayOffice, roles_told
from tinhso.directory.queries import who
from tinhso.directory.queries.administration import offices_to_pick
from tinhso.directory.services.apply_reform import CannotReform, posts_from
from tinhso.directory.services.decide_reform import (
    END,
    KIND_WORDS,
    MOVE,
    Reform,
    decide_reform,
    reform_words,
    try_reform,
)
from tinhso.directory.services.register_work import hangs_on, work_of_office
from tinhso.directory.services.withdraw_reform import withdraw_reform
from tinhso.directory.views.frame import administrators_only, frame
from tinhso.toolkit import clock
from tinhso.toolkit.words import date_text

#: Works that the preview names; the rest is counted.
SHOWN = 25
FORMS: dict[str, type[AdminForm]] = {"rename": RenameForm, "move": MoveForm, "close": CloseForm}


def _reforming(kind: str) -> Callable[..., HttpResponse]:
    @require_http_methods(["GET", "HEAD", "POST"])
    @administrators_only
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return _reform(request, pk, kind)

    return view


rename_office, move_office, close_office = (_reforming(kind) for kind in FORMS)


def _reform(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    by, now = who(request), clock.now()
    office = OFFICES.look(by, MayOffice.ADMINISTER, pk=pk)
    if office.valid_to is not None:
        raise Http404
    places = offices_to_pick(by, now.date()) if kind != "rename" else {}
    first = {"effective_date": date_text(now.date())}
    if kind == "rename":
        first |= {"name": office.name, "short_name": office.short_name}
    form = FORMS[kind](request.POST if request.method == "POST" else None, initial=first, places=places)
    seen: Reform | None = None
    if request.method == "POST" and form.is_valid():
        wanted = _wanted(request, kind, form.cleaned_data)
        try:
            if request.POST.get("viec") == "doi":
                done = decide_reform(by=by, at=now, office=pk, wanted=wanted)
                said = _("Đã ghi: %(words)s.") if done.applied_at else _("Đã ghi, chờ đến ngày: %(words)s.")
                messages.success(request, said % {"words": reform_words(done)})
                return redirect("directory:office", pk=pk)
            try_reform(by=by, at=now, office=pk, wanted=wanted)
            seen = wanted
        except CannotReform as refused:
            form.add_error(None, str(refused))
    return render(
        request,
        f"directory/admin/office_{kind}.html",
        {
            **frame(request, "offices"),
            "form": form,
            **_touched(request, office, kind, seen),
            "places": places,
        },
        status=422 if form.is_bound and seen is None else 200,
    )


def _wanted(request: HttpRequest, kind: str, said: dict[str, Any]) -> Reform:
    more: dict[str, Any] = {}
    if kind == "rename":
        more = {"name": said["name"], "short_name": said["short_name"]}
    elif kind == "move":
        more = {"parent": said["parent"].pk, "code": said["code"], "code_2020": said["code_2020"]}
    else:
        heirs = (said["successor"], said["second"])
        chosen = {
            int(key.removeprefix("chuc-")): value
            for key, value in request.POST.items()
            if key.startswith("chuc-") and key[5:].isdecimal() and value in {MOVE, END}
        }
        more = {"successors": tuple(one.pk for one in heirs if one), "posts": chosen}
    return Reform(kind, said["effective_date"], said["decision"], said["reason"], **more)


def _touched(request: HttpRequest, office: Office, kind: str, seen: Reform | None) -> dict[str, Any]:
    """Return what the decision touches: work by desk, posts, what else hangs on the office."""
    now = clock.now()
    works = work_of_office(office.pk)
    by_role = Counter(work.role for work in works if work.office_id == office.pk)
    posts = posts_from(office, seen.effective_date if seen else now.date())
    return {
        "office": office,
        "kind_word": _(KIND_WORDS[kind]),
        "seen": seen,
        "works": works[:SHOWN],
        "works_n": len(works),
        "works_more": max(len(works) - SHOWN, 0),
        "by_role": [(str(roles_told()[role]["name"]), n) for role, n in by_role.items()],
        "on_the_way": sum(work.office_id != office.pk for work in works),
        "posts": [
            (post, str(roles_told()[post.role]["name"]), request.POST.get(f"chuc-{post.pk}", MOVE))
            for post in posts
        ],
        "hangs": hangs_on(office.pk, now),
        "waits": seen is not None and seen.effective_date > now.date(),
    }


@require_POST
@administrators_only
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a decision that waits for its day."""
    row = OfficeReform.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    OFFICES.look(who(request), MayOffice.ADMINISTER, pk=row.office_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render(
            request,
            "directory/admin/reform_withdraw.html",
            {**frame(request, "offices"), "form": form, "pk": pk},
            status=422,
        )
    try:
        row = withdraw_reform(by=who(request), at=clock.now(), reform=pk, reason=form.cleaned_data["reason"])
    except CannotReform as refused:
        form.add_error(None, str(refused))
        return render(
            request,
            "directory/admin/reform_withdraw.html",
            {**frame(request, "offices"), "form": form, "pk": pk},
            status=422,
        )
    messages.success(request, _("Đã rút quyết định. Cơ quan giữ nguyên như hôm nay."))
    return redirect("directory:office", pk=row.office_id)
