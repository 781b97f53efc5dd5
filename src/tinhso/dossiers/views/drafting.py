"""The specialist's draft of a result: fields prefilled from the answers, drawn as the paper it will be."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tinhso.catalogue import api as catalogue
from tinhso.directory.api import Role, holder, who
from tinhso.documents.api import PDF, draw_pdf, store
from tinhso.dossiers import api
from tinhso.dossiers.lifecycle import LIFECYCLE, State, Verb
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.queries.opinions import open_opinions
from tinhso.dossiers.views.officers import frame, officers_only
from tinhso.signatures.api import prepare
from tinhso.toolkit import clock
from tinhso.toolkit.lifecycle import StepNotAllowed
from tinhso.toolkit.policy import NotThere


def _moved_on(request: HttpRequest, code: str) -> HttpResponse:
    messages.warning(request, _("Hồ sơ đã sang bước khác. Xem lại tình trạng bên dưới."))
    return redirect("dossiers:desk", code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@officers_only
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """Write the result and lay it before the leader; what was typed stays when something is wrong."""
    actor, now = who(request), clock.now()
    try:
        dossier = POLICY.look(actor, May.HANDLE, tracking_code=code)
    except NotThere:
        raise Http404 from None
    version = dossier.version
    before = catalogue.draft_result(version, dossier.answers)
    kind = catalogue.result_kind(version)
    form = catalogue.form_class(kind)(
        request.POST if request.method == "POST" else None, answers=before, today=now.date()
    )
    proposal = request.POST.get("proposal", "").strip()
    error = ""
    if request.method == "POST":
        if Verb.PROPOSE not in LIFECYCLE.verbs_from(State(dossier.state)):
            return _moved_on(request, code)
        leader = holder(dossier.signing_office_id, Role.LEADER, now.date())
        if not proposal:
            error = _("Chưa có ý kiến đề xuất. Viết một câu: đề nghị ký hay không, vì sao.")
        elif leader is None:
            error = _("Cơ quan chưa có lãnh đạo ký trong danh bạ. Báo quản trị bổ sung.")
        elif form.is_valid():
            html = catalogue.result_html(
                version,
                form.answers,
                dossier.answers,
                office=dossier.signing_office,
                signer=catalogue.Signer(leader.person.name, leader.title),
                on=now.date(),
                is_demo=settings.TINHSO_DEMO,
            )
            draft = store(prepare(draw_pdf(html)), media_type=PDF, at=now)
            try:
                api.propose(
                    by=actor, at=now, tracking_code=code, fields=form.answers, proposal=proposal, draft=draft
                )
            except (StepNotAllowed, api.AlreadyDone):
                return _moved_on(request, code)
            messages.success(request, _("Đã trình lãnh đạo ký."))
            return redirect("dossiers:inbox")
    return render(
        request,
        "dossiers/propose.html",
        {
            **frame(request, "inbox"),
            "dossier": dossier,
            "missing": open_opinions(dossier, now.date()),
            "form": form,
            "proposal": proposal,
            "error": error,
        },
        status=422 if request.method == "POST" else 200,
    )
