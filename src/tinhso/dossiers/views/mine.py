"""The applicant's own page of a dossier: where it is, what is missing, the slips, the result, taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tinhso.directory.api import signed_in, who
from tinhso.documents.api import UploadRefused, contents_of, read, take_upload
from tinhso.dossiers import api
from tinhso.dossiers.lifecycle import LIFECYCLE, State, Verb
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.queries import journey, tracked
from tinhso.dossiers.views.files import as_download
from tinhso.toolkit import clock
from tinhso.toolkit.lifecycle import StepNotAllowed
from tinhso.toolkit.policy import NotThere


def _mine(request: HttpRequest, code: str) -> Dossier:
    try:
        return POLICY.look(who(request), May.SUPPLY, tracking_code=code)
    except NotThere:
        raise Http404 from None


def _page(request: HttpRequest, dossier: Dossier, error: str = "", note: str = "") -> HttpResponse:
    verbs = LIFECYCLE.verbs_from(State(dossier.state))
    asked = dossier.slips.filter(form="02").order_by("-id").first()
    return render(
        request,
        "dossiers/mine.html",
        {
            "dossier": dossier,
            "j": journey(dossier, clock.now()),
            "slips": dossier.slips.order_by("id"),
            "papers": dossier.papers.select_related("file").order_by("round", "id"),
            "asked": asked if verbs & {Verb.SUPPLY, Verb.RESUME} else None,
            "may_withdraw": Verb.WITHDRAW in verbs and POLICY.holds(who(request), May.WITHDRAW, dossier),
            "has_result": dossier.state in {State.ISSUED, State.HANDED_OVER} and hasattr(dossier, "result"),
            "error": error,
            "note": note,
            "section": "my",
        },
        status=422 if error else 200,
    )


@require_safe
@signed_in
def my_dossier(request: HttpRequest, code: str) -> HttpResponse:
    """Show the applicant everything about one dossier."""
    return _page(request, _mine(request, code))


@signed_in
@require_POST
def supply(request: HttpRequest, code: str) -> HttpResponse:
    """Take the papers that were asked for; what was written stays when a file is refused."""
    dossier, now = _mine(request, code), clock.now()
    note = request.POST.get("note", "")
    files = []
    try:
        if not LIFECYCLE.verbs_from(State(dossier.state)) & {Verb.SUPPLY, Verb.RESUME}:
            raise StepNotAllowed(State(dossier.state), Verb.SUPPLY)
        for file in request.FILES.getlist("file"):
            upload = take_upload(contents_of(file), name=file.name or "", at=now)
            files.append(api.SentFile("bo-sung", upload.file, upload.name))
        api.supply(by=who(request), at=now, tracking_code=code, files=files, note=note)
    except UploadRefused as refused:
        return _page(request, dossier, str(refused.sentence), note)
    except api.NothingSupplied:
        return _page(request, dossier, _("Chưa có gì để gửi. Chọn tệp, hoặc viết lời trả lời."), note)
    except (StepNotAllowed, api.AlreadyDone):
        messages.warning(request, _("Hồ sơ này không còn chờ bổ sung. Xem tình trạng bên dưới."))
    else:
        messages.success(request, _("Đã gửi bổ sung. Cơ quan giải quyết tiếp từ bây giờ."))
    return redirect("dossiers:mine", code=code)


@signed_in
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take the dossier back."""
    try:
        api.withdraw(
            by=who(request), at=clock.now(), tracking_code=code, reason=request.POST.get("reason", "")
        )
    except NotThere:
        raise Http404 from None
    except api.AlreadyDone:
        messages.warning(request, _("Hồ sơ này đã rút trước đó rồi."))
    except StepNotAllowed:
        messages.warning(request, _("Hồ sơ đã trình lãnh đạo nên không rút được nữa."))
    else:
        messages.success(request, _("Đã rút hồ sơ. Cơ quan không giải quyết nữa."))
    return redirect("dossiers:mine", code=code)


@signed_in
@require_POST
def fetch(request: HttpRequest, code: str) -> HttpResponse:
    """Give the sealed result; the first time counts as handing it over."""
    dossier = _mine(request, code)
    result = getattr(dossier, "result", None)
    if result is None or result.file is None:
        raise Http404
    api.fetch_result(by=who(request), at=clock.now(), tracking_code=code)
    return as_download(read(result.file), f"ket-qua-{dossier}")


@require_safe
def tracked_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show whoever holds the code where the dossier is, since when, until when and why; never the papers."""
    dossier = tracked(code)
    if dossier is None:
        raise Http404
    return render(request, "dossiers/tracked.html", {"j": journey(dossier, clock.now()), "dossier": dossier})
