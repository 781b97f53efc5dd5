"""An officer leaves or goes elsewhere: the posts end and the work is handed over in the same step."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.directory.forms import ReleaseForm, TransferForm
from tinhso.directory.models import HandOver
from tinhso.directory.permissions import PEOPLE, MayPerson
from tinhso.directory.queries import signed_in, who
from tinhso.directory.queries.administration import offices_to_pick
from tinhso.directory.queries.officers import HeldNow, hand_over, officer_page, receivers
from tinhso.directory.rules import Role
from tinhso.directory.services.give_post import CannotGivePost, NewPost
from tinhso.directory.services.register_work import work_on_desks
from tinhso.directory.services.release_officer import CannotRelease, Release, release_officer
from tinhso.directory.views.frame import administrators_only, frame, role_choices, sheet
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.words import date_text

#: Works that the page names for each desk; the rest is counted, all stand in the record.
SHOWN = 30


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """End posts of an officer who leaves."""
    return _release(request, pk, transfers=False)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """End posts of an officer who goes to another office, and give the new one."""
    return _release(request, pk, transfers=True)


def _release(request: HttpRequest, pk: int, *, transfers: bool) -> HttpResponse:
    by, now = who(request), clock.now()
    person = PEOPLE.look(by, MayPerson.ADMINISTER, pk=pk)
    page = officer_page(by, pk, now.date())
    posts = [one for one in page.posts if one.is_ours and one.state != "ended"]
    if not posts:
        raise Http404
    places = offices_to_pick(by, now.date()) if transfers else {}
    kind = TransferForm if transfers else ReleaseForm
    form = kind(
        request.POST if request.method == "POST" else None,
        initial={"day": date_text(now.date())},
        places=places,
        choices={"role": role_choices(by)},
    )
    chosen = set(request.POST.getlist("chuc")) if request.method == "POST" else None
    if request.method == "POST" and form.is_valid():
        if not chosen:
            form.add_error(None, _("Chọn ít nhất một chức vụ kết thúc."))
        else:
            try:
                done = release_officer(
                    by=by, at=now, person=pk, wanted=_wanted(request, form.cleaned_data, posts, transfers)
                )
            except (CannotRelease, CannotGivePost) as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Đã ghi. Biên bản bàn giao nằm ở trang này."))
                if len(done.hand_overs) == 1:
                    return redirect("directory:hand_over", pk=done.hand_overs[0].pk)
                return redirect("directory:officer", pk=pk)
    return render(
        request,
        "directory/admin/release.html",
        {
            **frame(request, "officers"),
            "form": form,
            "person": person,
            "transfers": transfers,
            "places": places,
            "rows": [_row(request, one, chosen) for one in posts],
            "elsewhere": [one for one in page.posts if not one.is_ours and one.state != "ended"],
        },
        status=422 if form.is_bound else 200,
    )


def _row(request: HttpRequest, one: HeldNow, chosen: set[str] | None) -> dict[str, Any]:
    works = work_on_desks([(one.post.office_id, one.post.role)])
    may = receivers(one.post, clock.today())
    picked = request.POST.get(f"nhan-{one.post.pk}")
    if picked is None and works and may:
        picked = str(may[0][0].pk)
    return {
        "held": one,
        "works": works[:SHOWN],
        "works_n": len(works),
        "works_more": max(len(works) - SHOWN, 0),
        "receivers": may,
        "picked": picked or "",
        "is_last": not any(same for _person, same in may),
        "is_chosen": chosen is None or str(one.post.pk) in chosen,
    }


def _wanted(request: HttpRequest, said: dict[str, Any], posts: list[HeldNow], transfers: bool) -> Release:
    chosen = [one.post.pk for one in posts if str(one.post.pk) in request.POST.getlist("chuc")]
    taken = {pk: request.POST.get(f"nhan-{pk}", "") for pk in chosen}
    goes = None
    if transfers:
        goes = NewPost(said["office"].pk, Role(said["role"]), said["title"], said["day"])
    return Release(
        day=said["day"],
        decision=said["decision"],
        reason=said["reason"],
        posts=chosen,
        receivers={pk: int(who_) for pk, who_ in taken.items() if who_.isdecimal() and len(who_) < 15},
        next_post=goes,
    )


@require_safe
@signed_in
def hand_over_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and print the record of a hand-over, for administrators of the desk and for both officers."""
    if not who(request).is_officer:
        raise Http404
    try:
        made = hand_over(who(request), pk)
    except NotThere:
        raise Http404 from None
    if request.GET.get("tai") == "csv":
        rows = ((line["number"], line["title"], line["state"], line["due"]) for line in made.lines)
        return sheet(f"ban-giao-{pk}", ["ma_ho_so", "thu_tuc", "tinh_trang", "hen_tra"], rows)
    return render(
        request,
        "directory/admin/hand_over.html",
        {**frame(request, "officers"), "made": made, "lines": lines(made)},
    )


def lines(made: HandOver) -> list[dict[str, Any]]:
    """Return the lines of a hand-over with the due moment as a moment."""
    return [
        {**line, "due": dt.datetime.fromisoformat(line["due"]) if line["due"] else None}
        for line in made.lines
    ]
