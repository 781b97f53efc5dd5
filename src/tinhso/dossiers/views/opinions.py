"""Opinions of other offices: the handling specialist asks, the asked office answers."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tinhso.directory.api import Office, who
from tinhso.dossiers import api
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.queries import acts_on
from tinhso.dossiers.queries.opinions import answer_by, office_to_ask, offices_to_ask, opinion_step
from tinhso.dossiers.views.officers import frame, officers_only, show_desk
from tinhso.toolkit import clock, words
from tinhso.toolkit.lifecycle import StepNotAllowed
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import fold, tidy

#: When a day ends for an office.
END_OF_DAY = dt.time(17, 0)


def _named(text: str, places: dict[str, Office]) -> tuple[Office | None, str]:
    """Return the office that a typed name means, or None and the sentence that says how to go on."""
    wanted = fold(text)
    if not wanted:
        return None, _("Chưa chọn cơ quan. Gõ vài chữ rồi chọn trong danh sách.")
    exact = [office for label, office in places.items() if fold(label) == wanted]
    near = exact or [office for label, office in places.items() if wanted in fold(label)]
    if len(near) == 1:
        return near[0], ""
    if near:
        return None, _("Có %(n)d cơ quan tên như vậy. Chọn một tên trong danh sách.") % {"n": len(near)}
    return None, _("Không thấy cơ quan nào tên như vậy. Chọn một tên trong danh sách.")


def _due(text: str, dossier: Dossier, now: dt.datetime) -> tuple[dt.datetime | None, str]:
    """Return the end of the typed day, or None and what is wrong; a blank is no due moment.

    While the dossier itself is in time, its opinion is not due after it.
    """
    if not text:
        return None, ""
    try:
        day = dt.datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day, no moment
    except ValueError:
        return None, _("Ngày viết như 24/05/2022. Gõ lại.")
    moment = dt.datetime.combine(day, END_OF_DAY, tzinfo=clock.VN)
    if moment <= now:
        return None, _("Hạn trả lời đã qua. Chọn một ngày sau hôm nay.")
    if dossier.due_at is not None and now < dossier.due_at < moment:
        last = words.date_text(dossier.due_at.astimezone(clock.VN).date())
        return None, _("Hồ sơ hẹn trả %(day)s. Chọn hạn trả lời không muộn hơn.") % {"day": last}
    return moment, ""


@require_http_methods(["GET", "HEAD", "POST"])
@officers_only
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask another office; the internal process names which, and the officer may choose another."""
    actor, now = who(request), clock.now()
    try:
        dossier = POLICY.look(actor, May.HANDLE, tracking_code=code)
    except NotThere:
        raise Http404 from None
    if "y-kien" not in acts_on(actor, dossier):
        messages.warning(request, _("Hồ sơ đã sang bước khác. Xem lại tình trạng bên dưới."))
        return redirect("dossiers:desk", code=code)
    places = offices_to_ask(now.date())
    step = opinion_step(dossier)
    expected = office_to_ask(dossier, step, now.date()) if step else None
    typed = {
        "office": next((label for label, o in places.items() if expected and o.pk == expected.pk), ""),
        "question": "",
        "due": words.date_text(answer_by(dossier, int(step.hours * 60), now).astimezone(clock.VN).date())
        if step
        else "",
    }
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in typed}
        office, errors["office"] = _named(typed["office"], places)
        due_at, errors["due"] = _due(tidy(typed["due"]), dossier, now)
        errors["question"] = "" if typed["question"].strip() else _("Chưa có câu hỏi. Viết rõ cần ý kiến gì.")
        if office is not None and not any(errors.values()):
            try:
                api.ask_opinion(
                    by=actor,
                    at=now,
                    tracking_code=code,
                    office=office,
                    question=typed["question"],
                    due_at=due_at,
                )
            except api.AlreadyAsked:
                errors["office"] = _("Đã hỏi cơ quan này và chưa có trả lời. Chọn cơ quan khác.")
            except api.AskedOneself:
                errors["office"] = _("Đây là đơn vị đang xử lý hồ sơ. Chọn cơ quan khác.")
            except StepNotAllowed:
                messages.warning(request, _("Hồ sơ đã sang bước khác. Xem lại tình trạng bên dưới."))
                return redirect("dossiers:desk", code=code)
            else:
                messages.success(request, _("Đã hỏi ý kiến %(office)s.") % {"office": office.name})
                return redirect("dossiers:desk", code=code)
    return render(
        request,
        "dossiers/ask_opinion.html",
        {
            **frame(request, "inbox"),
            "dossier": dossier,
            "step": step,
            "expected": expected,
            "places": places,
            "typed": typed,
            "errors": {name: sentence for name, sentence in errors.items() if sentence},
        },
        status=422 if any(errors.values()) else 200,
    )


@officers_only
@require_POST
def answer(request: HttpRequest, code: str, opinion: int) -> HttpResponse:
    """Answer for one's office; what was written stays when something is missing."""
    actor = who(request)
    try:
        dossier = POLICY.look(actor, May.ANSWER_OPINION, tracking_code=code)
    except NotThere:
        raise Http404 from None
    typed = {"agrees": request.POST.get("agrees", ""), "answer": request.POST.get("answer", "")}
    if typed["agrees"] not in {"co", "khong"}:
        error = _("Chưa chọn đồng ý hay không. Chọn một ô.")
        return show_desk(request, dossier, answered=typed, error=error)
    try:
        given = api.answer_opinion(
            by=actor,
            at=clock.now(),
            tracking_code=code,
            opinion_id=opinion,
            agrees=typed["agrees"] == "co",
            answer=typed["answer"],
        )
    except NotThere:
        if dossier.opinions.filter(pk=opinion, answered_at__isnull=False).exists():
            messages.warning(request, _("Ý kiến này đã có người trả lời. Xem bên dưới."))
            return redirect("dossiers:desk", code=code)
        raise Http404 from None
    except api.WordsMissing:
        error = _("Chưa viết ý kiến. Viết một câu: vì sao đồng ý hoặc không.")
        return show_desk(request, dossier, answered=typed, error=error)
    except api.NoLongerNeeded:
        messages.warning(request, _("Hồ sơ đã kết thúc, không cần ý kiến nữa."))
        return redirect("dossiers:desk", code=code)
    messages.success(
        request, _("Đã gửi ý kiến cho %(office)s.") % {"office": given.dossier.handling_office.name}
    )
    return redirect("dossiers:inbox")
