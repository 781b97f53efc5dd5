"""An applicant's filing: office, questions page by page, papers, check, submit, done."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.catalogue import api as catalogue
from tinhso.directory.api import reference_stamp, signed_in, who
from tinhso.documents.api import MAX_BYTES
from tinhso.dossiers import api
from tinhso.dossiers.models import Draft, DraftFile
from tinhso.dossiers.permissions import DRAFTS, POLICY, May, MayDraft
from tinhso.dossiers.queries import draft_steps, places_for, sent_from, whole_draft
from tinhso.dossiers.queries.account import from_account, still_from_account
from tinhso.dossiers.views.draft_papers import (
    NotTaken,
    missing_papers,
    shown_papers,
    take_file,
    wanted_papers,
)
from tinhso.toolkit import clock, words
from tinhso.toolkit.policy import NotThere

#: What browsers send forms as.
FORM_TYPES = ("multipart/form-data", "application/x-www-form-urlencoded")
#: Salt of the mark that a check page carries.
_CHECKED = "dossiers.checked"
#: Keys of the pages that are not questions; no sheet may name a page so (the keys of sheets have no dot).
PAPERS, CHECK, OFFICE = draft_steps.PAPERS, draft_steps.CHECK, draft_steps.OFFICE


def _draft(request: HttpRequest, token: str) -> Draft:
    try:
        return whole_draft(DRAFTS.look(who(request), MayDraft.WRITE, token=token))
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


@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a draft of a procedure, or go on with the one begun before; a stranger signs in and comes back."""
    if not who(request).is_signed_in:
        return redirect(f"{reverse('account_login')}?next={reverse('portal:service', args=[code])}")
    try:
        version = catalogue.current(code, clock.today())
    except catalogue.ProcedureNotFound:
        raise Http404 from None
    if not catalogue.can_file_online(version, clock.today()):
        raise Http404
    begun = DRAFTS.rows(who(request), MayDraft.WRITE).filter(version=version).order_by("-saved_at").first()
    draft = begun or api.start_draft(
        by=who(request),
        at=clock.now(),
        version=version,
        office=None,
        typed=from_account(version.form.schema, who(request)),
    )
    return redirect("dossiers:draft_page", token=draft.token, page=draft.page or OFFICE)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def draft_page(request: HttpRequest, token: str, page: str) -> HttpResponse:
    """Show one page of the filing and take what was typed on it; a draft that was sent leads to its dossier."""
    try:
        draft = whole_draft(DRAFTS.look(who(request), MayDraft.WRITE, token=token))
        return _draft_page(request, draft, page)
    except NotThere:
        sent = sent_from(who(request), token)
        if sent is None:
            raise Http404 from None
        return redirect("dossiers:done", code=sent.tracking_code)


def _draft_page(request: HttpRequest, draft: Draft, page: str) -> HttpResponse:
    renewed = _renew(request, draft, page)
    if renewed is not None:
        return renewed
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
        "back": reverse("dossiers:draft_page", args=[draft.token, keys[place - 1]]) if place else "",
        "procedure": draft.version.procedure,
    }
    following = keys[place + 1] if place + 1 < len(keys) else ""
    view = {OFFICE: _office, PAPERS: _papers, CHECK: _check}.get(page, _questions)
    return view(request, draft, frame, following)


def _renew(request: HttpRequest, draft: Draft, page: str) -> HttpResponse | None:
    """Carry the draft over where a new version of its procedure has come into force, keeping what was just typed."""
    now = clock.now()
    if draft.version.effective_to is None or draft.version.effective_to >= now.date():
        return None
    try:
        version = catalogue.current(draft.version.procedure.code, now.date())
    except catalogue.ProcedureNotFound:
        version = None
    if request.method == "POST" and page not in (OFFICE, PAPERS, CHECK):
        try:
            typed = _form(draft, page, request.POST).typed()
        except catalogue.PageUnknown:
            raise Http404 from None
        api.save_draft(by=who(request), at=now, token=draft.token, typed=typed)
    if version is None or not catalogue.can_file_online(version, now.date()):
        said = _("Thủ tục này không còn nhận qua mạng. Mang giấy tờ ra quầy Một cửa.")
        ended = _("Thủ tục này đã hết hiệu lực. Bản nháp còn nguyên; hỏi quầy Một cửa nên làm thủ tục nào.")
        messages.warning(request, said if version else ended)
        return redirect("portal:my")
    draft = api.renew_draft(by=who(request), at=now, token=draft.token, version=version)
    sentence = _("Thủ tục có bản mới từ %(day)s. Phần đã điền còn nguyên. Xem lại từng trang rồi nộp.")
    messages.warning(request, sentence % {"day": words.date_text(version.effective_from)})
    return _go_on(draft, page if page in dict(_steps(draft)) else OFFICE)


def _go_on(draft: Draft, following: str) -> HttpResponse:
    return redirect("dossiers:draft_page", token=draft.token, page=following)


def _office(request: HttpRequest, draft: Draft, frame: dict[str, Any], following: str) -> HttpResponse:
    places = places_for(draft.version, clock.today())
    if request.method == "POST":
        chosen = next((o for o in places if str(o.pk) == request.POST.get("office")), None)
        if chosen is not None:
            api.save_draft(
                by=who(request), at=clock.now(), token=draft.token, typed={}, office=chosen, page=following
            )
            return _go_on(draft, following)
        frame["error"] = _("Chưa chọn nơi nộp. Chọn một cơ quan trong danh sách.")
    return render(
        request,
        "dossiers/filing/office.html",
        {**frame, "places": places},
        status=422 if "error" in frame else 200,
    )


def _form(draft: Draft, page: str | None, data: Mapping[str, Any] | None) -> Any:
    area = frozenset({draft.office.territory_code}) if draft.office and draft.office.territory_code else None
    return catalogue.form_class(draft.version.form, page)(
        data, answers=draft.answers | draft.typed, today=clock.today(), area=area
    )


def _questions(request: HttpRequest, draft: Draft, frame: dict[str, Any], following: str) -> HttpResponse:
    if request.method != "POST":
        form = _form(draft, frame["page"], None)
        filled = _filled_in(request, draft) & form.names.keys()
        titles = [draft.version.form.schema["properties"][key]["title"] for key in sorted(filled)]
        return render(
            request, "dossiers/filing/questions.html", {**frame, "form": form, "from_account": titles}
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


def _filled_in(request: HttpRequest, draft: Draft) -> set[str]:
    """Return the questions that were filled in from the account and not changed since."""
    known = from_account(draft.version.form.schema, who(request))
    return still_from_account(known, draft.typed | draft.answers)


@signed_in
@require_POST
def autosave(request: HttpRequest, token: str, page: str) -> HttpResponse:
    """Keep what is on the screen, right or wrong, and say when."""
    draft = _draft(request, token)
    now = clock.now()
    try:
        typed = _form(draft, page, request.POST).typed()
        if request.content_type not in FORM_TYPES:
            return JsonResponse(
                {"error": _("Chưa lưu được vì phần gửi lên bị hỏng. Gõ tiếp để lưu lại.")}, status=400
            )
        api.save_draft(by=who(request), at=now, token=token, typed=typed)
    except (NotThere, catalogue.PageUnknown):
        raise Http404 from None
    return JsonResponse({"saved_at": f"{now:%H:%M}"})


def _papers(request: HttpRequest, draft: Draft, frame: dict[str, Any], following: str) -> HttpResponse:
    wanted = wanted_papers(draft)
    error, at_paper = "", ""
    if request.method == "POST":
        at_paper = request.POST.get("paper", "")
        paper = next((p for p in wanted if p.key == at_paper), None)
        gone = request.POST.get("remove", "")
        if gone:
            api.remove_file(by=who(request), at=clock.now(), token=draft.token, file_token=gone)
            return _go_on(draft, PAPERS)
        if paper is None:
            missing = missing_papers(draft)
            if not missing:
                api.save_draft(by=who(request), at=clock.now(), token=draft.token, typed={}, page=following)
                return _go_on(draft, following)
            at_paper = missing[0].key
            error = _("Còn thiếu: %(name)s. Chụp ảnh hoặc chọn tệp rồi gửi.") % {"name": missing[0].name}
        else:
            try:
                take_file(request, draft, paper)
            except NotTaken as refused:
                error = str(refused)
            else:
                return _go_on(draft, PAPERS)
    shown = shown_papers(request, draft, at_paper, error)
    return render(
        request,
        "dossiers/filing/papers.html",
        {**frame, **shown, "most": MAX_BYTES, "has_error": bool(error)},
        status=422 if error else 200,
    )


@signed_in
@require_POST
def upload(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """Take one file as one goes and answer with its row, or with a sentence about what is wrong."""
    draft = _draft(request, token)
    paper = next((p for p in wanted_papers(draft) if p.key == key), None)
    if paper is None:
        raise Http404
    try:
        taken = take_file(request, draft, paper)
    except NotTaken as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    return render(request, "dossiers/filing/file.html", {"file": taken, "draft": draft})


def _check(request: HttpRequest, draft: Draft, frame: dict[str, Any], following: str) -> HttpResponse:
    today = clock.today()
    files = list(draft.files.select_related("file").order_by("id"))
    whole: list[catalogue.Found] = []
    if not _was_checked(request.POST.get("checked", ""), draft):
        found = catalogue.check_answers(draft.version.form, draft.answers, today)
        whole += [one for one in found if not one.is_warning]
    answers_are_whole = not whole
    missing = _("Còn thiếu: %(name)s. Chụp ảnh hoặc chọn tệp rồi gửi.")
    whole += [
        catalogue.Found(PAPERS, PAPERS, missing % {"name": p.name}, False)
        for p in wanted_papers(draft)
        if p.is_required and p.key not in {f.paper_key for f in files}
    ]
    case = catalogue.case_of(draft.version, draft.answers, today)
    fee = catalogue.fee(case, "online", draft.answers, today)
    error, key, status = "", request.POST.get("key", ""), 200
    if request.method == "POST":
        status = 422
        if not request.POST.get("declared"):
            error = _("Chưa cam đoan lời khai đúng sự thật. Đánh dấu vào ô cam đoan rồi nộp.")
        elif draft.office is None:
            return _go_on(draft, OFFICE)
        elif not whole:
            try:
                return _submit(request, draft, case, fee.total, files)
            except api.KeyReused:
                key, status = "", 409
                error = _("Lần bấm này đã nộp một hồ sơ khác. Xem lại, rồi bấm Nộp hồ sơ lần nữa.")
            except api.DraftChanged:
                messages.warning(
                    request, _("Hồ sơ vừa được sửa ở thiết bị khác. Xem lại, rồi bấm Nộp hồ sơ.")
                )
                return _go_on(draft, CHECK)
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
            "files": files,
            "from_account": _filled_in(request, draft),
            "fee": fee,
            "problems": whole,
            "error": error,
            "key": key or secrets.token_urlsafe(16),
            "checked": signing.dumps(_state(draft), salt=_CHECKED) if answers_are_whole else "",
        },
        status=status,
    )


def _state(draft: Draft) -> list[Any]:
    """Return all that a check of the answers depends on; while it is the same, the answers need no second check."""
    return [draft.token, draft.revision, draft.version_id, str(clock.today()), str(reference_stamp())]


def _was_checked(sent: str, draft: Draft) -> bool:
    """Say whether the page that was sent showed these very answers, found whole by this server."""
    try:
        return bool(sent) and signing.loads(sent, salt=_CHECKED) == _state(draft)
    except signing.BadSignature:
        return False


def _submit(
    request: HttpRequest, draft: Draft, case: Any, fee_vnd: int | None, files: list[DraftFile]
) -> HttpResponse:
    actor = who(request)
    person = actor.name
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
        answers=catalogue.relevant(draft.version.form.schema, draft.answers, clock.today()),
        files=[api.SentFile(f.paper_key, f.file, f.name, f.taken_from_id) for f in files],
        fee_vnd=fee_vnd,
        summary=draft.version.procedure.everyday_name,
    )
    key = request.POST.get("key", "")[:64] or draft.token
    dossier = api.submit_draft(by=actor, at=clock.now(), key=key, draft=draft, filing=filing)
    return redirect("dossiers:done", code=dossier.tracking_code)


@require_safe
@signed_in
def done(request: HttpRequest, code: str) -> HttpResponse:
    """Show the tracking code and what happens next; no due date before acceptance."""
    try:
        dossier = POLICY.look(who(request), May.READ, tracking_code=code)
    except NotThere:
        raise Http404 from None
    papers = dossier.papers.select_related("file").order_by("id")
    return render(request, "dossiers/filing/done.html", {"dossier": dossier, "papers": papers})
