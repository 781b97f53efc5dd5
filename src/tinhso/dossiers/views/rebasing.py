"""Move running dossiers onto the version in force: looked at first, then done, one procedure at a time."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.catalogue.api import ProcedureNotFound, ProcedureVersion, current, version_of
from tinhso.directory.api import Role, holders_only, who
from tinhso.dossiers import api
from tinhso.dossiers.lifecycle import State
from tinhso.dossiers.queries import STATE_WORDS
from tinhso.dossiers.queries.rebasing import behind, outlook, running_before
from tinhso.dossiers.views.officers import PAGE, frame
from tinhso.toolkit import clock
from tinhso.toolkit.lifecycle import StepNotAllowed
from tinhso.toolkit.policy import NotThere

#: Lets only those in who review the catalogue.
reviewers_only = holders_only(Role.CATALOGUE_REVIEWER)


@require_safe
@reviewers_only
def rebasing(request: HttpRequest) -> HttpResponse:
    """List the procedures of which dossiers still run under an earlier version."""
    rows = behind(who(request), clock.today())
    return render(request, "dossiers/rebase/list.html", {**frame(request, "rebasing"), "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
def rebase_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show what moving each dossier would mean; move those that were marked."""
    try:
        after = version_of(current(code, clock.today()).pk)
    except ProcedureNotFound:
        raise Http404 from None
    if request.method == "POST" and request.POST.getlist("dossier"):
        return _move(request, after)
    error = _("Chưa chọn hồ sơ nào. Đánh dấu ít nhất một hồ sơ.") if request.method == "POST" else ""
    page = Paginator(running_before(who(request), after), PAGE).get_page(request.GET.get("trang"))
    seen = [outlook(dossier, after, clock.today()) for dossier in page]
    return render(
        request,
        "dossiers/rebase/page.html",
        {
            **frame(request, "rebasing"),
            "after": after,
            "movable": [(one, STATE_WORDS[State(one.dossier.state)]) for one in seen if one.is_movable],
            "staying": [(one, STATE_WORDS[State(one.dossier.state)]) for one in seen if not one.is_movable],
            "page": page,
            "error": error,
        },
        status=422 if error else 200,
    )


def _move(request: HttpRequest, after: ProcedureVersion) -> HttpResponse:
    """Move each marked dossier by itself; what cannot be moved any more is named and stays."""
    moved = stayed = 0
    for number in dict.fromkeys(request.POST.getlist("dossier")[:PAGE]):
        try:
            api.rebase(
                by=who(request),
                at=clock.now(),
                number=_whole(number),
                onto=_whole(request.POST.get("onto", "")),
            )
            moved += 1
        except NotThere:
            raise Http404 from None
        except api.VersionMoved:
            messages.warning(request, _("Thủ tục vừa có bản khác. Xem lại rồi chuyển."))
            break
        except (api.NotRebasable, StepNotAllowed):
            stayed += 1
    if moved:
        words = {"n": moved, "number": after.number}
        messages.success(request, _("Đã chuyển %(n)d hồ sơ sang bản %(number)d.") % words)
    if stayed:
        messages.warning(
            request, _("%(n)d hồ sơ không chuyển được và còn nguyên. Lý do ở dưới.") % {"n": stayed}
        )
    return redirect("dossiers:rebase", code=after.procedure.code)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
