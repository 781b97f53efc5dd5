"""An applicant's filing: office, questions page by page, papers, check, submit, done."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tinhso.catalogue import api as catalogue
from tinhso.directory.api import Office, OfficeKind, offices, who
from tinhso.documents.api import MAX_BYTES, UploadRefused, take_upload
from tinhso.dossiers import api
from tinhso.dossiers.models import Draft, DraftFile
from tinhso.dossiers.permissions import DRAFTS, POLICY, May, MayDraft
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere

#: Keys of the pages that are not questions; no sheet may name a page so (the keys of sheets have no dot).
PAPERS, CHECK, OFFICE = "buoc.giay-to", "buoc.xem-lai", "buoc.noi-nop"


def _draft(request: HttpRequest, token: str) -> Draft:
    try:
        return DRAFTS.look(who(request), MayDraft.WRITE, token=token)
    except NotThere:
        raise Http404 from None


def _steps(draft: Draft) -> list[tuple[str, str]]:
    form = draft.version.form
    asked = [(p.key, p.title) for p in catalogue.pages(form, draft.answers, clock.today())]
    return [
        (OFFICE, draft.version.texts["office_question"]["title"]),
        *asked,
        (PAPERS, _("Giấy tờ gửi kèm")),
        (CHECK, _("Xem lại rồi nộp")),
    ]


def _places(draft: Draft) -> list[Office]:
    kinds = {
        "commune": OfficeKind.COMMUNE,
        "district": OfficeKind.DISTRICT,
        "province": OfficeKind.DEPARTMENT,
    }
    found: list[Office] = []
    for level in draft.version.levels:
        found += offices(kinds[level], clock.today())
    return found


@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a draft of a procedure, or go on with the one begun before; a stranger signs in and comes back."""
    if not who(request).is_signed_in:
        return redirect(f"{reverse('account_login')}?next={reverse('portal:service', args=[code])}")
    try:
        version = catalogue.current(code, clock.today())
    except catalogue.ProcedureNotFound:
        raise Http404 from None
    if not version.can_file_online:
        raise Http404
    begun = DRAFTS.rows(who(request), MayDraft.WRITE).filter(version=version).order_by("-saved_at").first()
    draft = begun or api.start_draft(by=who(request), at=clock.now(), version=version, office=None)
    return redirect("dossiers:draft_page", token=draft.token, page=draft.page or OFFICE)


@login_required
def draft_page(request: HttpRequest, token: str, page: str) -> HttpResponse:
    """Show one page of the filing and take what was typed on it."""
    draft = _draft(request, token)
    steps = _steps(draft)
    keys = [key for key, _title in steps]
    if page not in keys:
        raise Http404
    place = keys.index(page)
    frame: dict[str, Any] = {
        "draft": draft,
        "page": page,
        "title": steps[place][1],
        "place": place + 1,
        "total": len(steps),
        "back": reverse("dossiers:draft_page", args=[token, keys[place - 1]]) if place else "",
        "procedure": draft.version.procedure,
    }
    following = keys[place + 1] if place + 1 < len(keys) else ""
    view = {OFFICE: _office, PAPERS: _papers, CHECK: _check}.get(page, _questions)
    return view(request, draft, frame, following)


def _go_on(draft: Draft, following: str) -> HttpResponse:
    return redirect("dossiers:draft_page", token=draft.token, page=following)


def _office(request: HttpRequest, draft: Draft, frame: dict[str, Any], following: str) -> HttpResponse:
    places = _places(draft)
    if request.method == "POST":
        chosen = next((o for o in places if str(o.pk) == request.POST.get("office")), None)
        if chosen is not None:
            api.save_draft(
                by=who(request), at=clock.now(), token=draft.token, typed={}, office=chosen, page=following
            )
            return _go_on(draft, following)
        frame["error"] = _("Chưa chọn nơi nộp. Chọn một cơ quan trong danh sách.")
    return render(request, "dossiers/filing/office.html", {**frame, "places": places})


def _form(draft: Draft, page: str | None, data: Mapping[str, Any] | None) -> Any:
    area = frozenset({draft.office.territory_code}) if draft.office and draft.office.territory_code else None
    return catalogue.form_class(draft.version.form, page)(
        data, answers=draft.answers | draft.typed, today=clock.today(), area=area
    )


def _questions(request: HttpRequest, draft: Draft, frame: dict[str, Any], following: str) -> HttpResponse:
    if request.method != "POST":
        return render(
            request, "dossiers/filing/questions.html", {**frame, "form": _form(draft, frame["page"], None)}
        )
    form = _form(draft, frame["page"], request.POST)
    typed = form.typed()
    if form.row_change:
        api.save_draft(by=who(request), at=clock.now(), token=draft.token, typed=typed)
        return _go_on(draft, frame["page"])
    if form.is_valid():
        api.save_draft(
            by=who(request),
            at=clock.now(),
            token=draft.token,
            typed=typed,
            answers=form.answers,
            page=following,
        )
        keys = [key for key, _title in _steps(_draft(request, draft.token))]
        return _go_on(draft, keys[keys.index(frame["page"]) + 1])
    api.save_draft(by=who(request), at=clock.now(), token=draft.token, typed=typed)
    return render(request, "dossiers/filing/questions.html", {**frame, "form": form}, status=422)


@login_required
@require_POST
def autosave(request: HttpRequest, token: str, page: str) -> HttpResponse:
    """Keep what is on the screen, right or wrong, and say when."""
    draft = _draft(request, token)
    form = _form(draft, page, request.POST)
    now = clock.now()
    api.save_draft(by=who(request), at=now, token=token, typed=form.typed())
    return JsonResponse({"saved_at": f"{now:%H:%M}"})


class NotTaken(Exception):
    """A file was not taken; the message is the sentence for the person."""


def _wanted(draft: Draft) -> list[Any]:
    return [p for p in catalogue.papers(draft.version, draft.answers, clock.today()) if p.is_upload]


def _papers(request: HttpRequest, draft: Draft, frame: dict[str, Any], following: str) -> HttpResponse:
    wanted = _wanted(draft)
    error, at_paper = "", ""
    if request.method == "POST":
        at_paper = request.POST.get("paper", "")
        paper = next((p for p in wanted if p.key == at_paper), None)
        gone = request.POST.get("remove", "")
        if gone:
            api.remove_file(by=who(request), at=clock.now(), token=draft.token, file_token=gone)
            return _go_on(draft, PAPERS)
        if paper is None:
            missing = [
                p for p in wanted if p.is_required and not draft.files.filter(paper_key=p.key).exists()
            ]
            if not missing:
                return _go_on(draft, following)
            at_paper = missing[0].key
            error = _("Còn thiếu: %(name)s. Chụp ảnh hoặc chọn tệp rồi gửi.") % {"name": missing[0].name}
        else:
            try:
                _take(request, draft, paper)
            except NotTaken as refused:
                error = str(refused)
            else:
                return _go_on(draft, PAPERS)
    files = list(draft.files.select_related("file").order_by("id"))
    boxes = [
        (p, [f for f in files if f.paper_key == p.key], error if p.key == at_paper else "") for p in wanted
    ]
    return render(
        request,
        "dossiers/filing/papers.html",
        {**frame, "most": MAX_BYTES, "boxes": boxes, "has_error": bool(error)},
        status=422 if error else 200,
    )


def _take(request: HttpRequest, draft: Draft, paper: Any) -> DraftFile:
    """Take the posted file under its paper. Raises ``NotTaken`` with a sentence."""
    file = request.FILES.get("file")
    if file is None:
        raise NotTaken(_("Chưa có tệp nào. Chụp ảnh hoặc chọn tệp rồi gửi."))
    now = clock.now()
    try:
        upload = take_upload(file.read(), name=file.name or "", at=now)
        return api.add_file(
            by=who(request),
            at=now,
            token=draft.token,
            paper_key=paper.key,
            upload=upload,
            max_files=paper.max_files,
        )
    except UploadRefused as refused:
        raise NotTaken(str(refused.sentence)) from refused
    except api.TooManyFiles as full:
        words = _("Giấy này nhận tối đa %(n)d tệp. Bỏ bớt một tệp rồi gửi lại.")
        raise NotTaken(words % {"n": paper.max_files}) from full


@login_required
@require_POST
def upload(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """Take one file as one goes and answer with its row, or with a sentence about what is wrong."""
    draft = _draft(request, token)
    paper = next((p for p in _wanted(draft) if p.key == key), None)
    if paper is None:
        raise Http404
    try:
        taken = _take(request, draft, paper)
    except NotTaken as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    return render(request, "dossiers/filing/file.html", {"file": taken, "draft": draft})


def _check(request: HttpRequest, draft: Draft, frame: dict[str, Any], following: str) -> HttpResponse:
    today = clock.today()
    found = catalogue.check_answers(draft.version.form, draft.answers, today)
    whole = [one for one in found if not one.is_warning]
    case = catalogue.case_of(draft.version, draft.answers, today)
    fee = catalogue.fee(case, "online", draft.answers, today)
    error = ""
    if request.method == "POST":
        if not request.POST.get("declared"):
            error = _("Chưa cam đoan lời khai đúng sự thật. Đánh dấu vào ô cam đoan rồi nộp.")
        elif draft.office is None:
            return _go_on(draft, OFFICE)
        elif not whole:
            return _submit(request, draft, case, fee.total)
    return render(
        request,
        "dossiers/filing/check.html",
        {
            **frame,
            "rows": [
                said
                for said in catalogue.summary(draft.version.form, draft.answers, today)
                if not said.is_blank
            ],
            "files": draft.files.order_by("id"),
            "fee": fee,
            "problems": whole,
            "error": error,
            "key": request.POST.get("key") or secrets.token_urlsafe(16),
        },
        status=422 if error else 200,
    )


def _submit(request: HttpRequest, draft: Draft, case: Any, fee_vnd: int) -> HttpResponse:
    actor = who(request)
    person = actor.name
    files = [
        api.SentFile(f.paper_key, f.file, f.name) for f in draft.files.select_related("file").order_by("id")
    ]
    assert draft.office is not None
    party = api.Party(person, actor.person_id)
    filing = api.Filing(
        version=draft.version,
        case_key=case.key,
        channel="online",
        office=draft.office,
        owner=party,
        submitter=party,
        helper_person_id=None,
        answers=draft.answers,
        files=files,
        fee_vnd=fee_vnd,
        summary=draft.version.procedure.everyday_name,
    )
    key = request.POST.get("key", "")[:64] or draft.token
    dossier = api.submit_draft(by=actor, at=clock.now(), key=key, token=draft.token, filing=filing)
    return redirect("dossiers:done", code=dossier.tracking_code)


@login_required
def done(request: HttpRequest, code: str) -> HttpResponse:
    """Show the tracking code and what happens next; no due date before acceptance."""
    try:
        dossier = POLICY.look(who(request), May.READ, tracking_code=code)
    except NotThere:
        raise Http404 from None
    papers = dossier.papers.select_related("file").order_by("id")
    return render(request, "dossiers/filing/done.html", {"dossier": dossier, "papers": papers})
