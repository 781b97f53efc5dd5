"""Counter intake: a clerk takes a dossier in for the person who stands at the desk, on one page."""

from __future__ import annotations

import re
import secrets

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.catalogue import api as catalogue
from tinhso.directory.api import Office, Role, holders_only, who
from tinhso.documents.api import MAX_BYTES, UploadRefused, contents_of, take_uploads
from tinhso.dossiers import api
from tinhso.dossiers.forms import SELF
from tinhso.dossiers.models import Draft
from tinhso.dossiers.permissions import DRAFTS, POLICY, May, MayDraft
from tinhso.dossiers.queries.counter import (
    COUNTER_NOTES,
    HOW_RECEIVED,
    counter_notes,
    counter_offices,
    known_person,
    known_under,
    receives,
    sent_under,
    taken_in_at,
)
from tinhso.dossiers.views.counter_sheet import (
    CHANNEL,
    PAPERS,
    PEOPLE,
    Box,
    Sheet,
    Sitting,
    case_of,
    costs_of,
    owner_as_answers,
    parts_of,
    sheet_of,
    with_files,
)
from tinhso.dossiers.views.officers import frame
from tinhso.toolkit import clock, words
from tinhso.toolkit.policy import NotThere

#: What the buttons say: submit only, submit and accept, fill the blank questions from what is known of the owner.
SUBMIT, ACCEPT, FILL = "nop", "nhan", "dien"
_KEY = re.compile(r"[A-Za-z0-9_-]{22}")


#: Lets only those in who receive at some counter today.
clerks_only = holders_only(Role.COUNTER_CLERK)


def _office(request: HttpRequest, office: int) -> Office:
    here = next((o for o in counter_offices(who(request)) if o.pk == office), None)
    if here is None:
        raise Http404
    return here


def _version(code: str, office: Office) -> catalogue.ProcedureVersion:
    try:
        version = catalogue.current(code, clock.today())
    except catalogue.ProcedureNotFound:
        raise Http404 from None
    if not receives(version, office, clock.today()):
        raise Http404
    return version


def _sitting(request: HttpRequest, code: str, office: int, key: str) -> Sitting:
    here = _office(request, office)
    if not _KEY.fullmatch(key):
        raise Http404
    has_draft, is_sent = known_under(who(request), key)
    drafts = Draft.objects.select_related("version__procedure", "version__form")
    draft = drafts.filter(token=key).first() if has_draft else None
    if draft is None or draft.dossier_id is not None:
        return Sitting(_version(code, here), here, key, None, is_sent=is_sent)
    mine = DRAFTS.holds(who(request), MayDraft.TAKE_IN, draft)
    if not mine or draft.office_id != office or draft.version.procedure.code != code:
        raise Http404
    return Sitting(draft.version, here, key, draft, is_sent=is_sent)


#: A counter serves hundreds of procedures: the most asked for are shown, the others are found by words.
MOST_SHOWN = 25


@require_safe
@clerks_only
def choose(request: HttpRequest) -> HttpResponse:
    """Choose what the person at the desk came for; go on with a sitting that was left."""
    actor, today = who(request), clock.today()
    term = request.GET.get("q", "").strip()
    hits = [hit.code for hit in catalogue.search(term, today)]
    counters = []
    for office in counter_offices(actor):
        versions = taken_in_at(office, today)
        if term:
            versions = sorted(
                (v for v in versions if v.procedure.code in hits), key=lambda v: hits.index(v.procedure.code)
            )
        shown = [catalogue.version_of(version.pk) for version in versions[:MOST_SHOWN]]
        counters.append((office, [(v, _usual_limit(v)) for v in shown], len(versions)))
    left = DRAFTS.rows(actor, MayDraft.TAKE_IN).select_related("version__procedure", "office")
    return render(
        request,
        "dossiers/intake/choose.html",
        {
            **frame(request, "intake"),
            "term": term,
            "counters": counters,
            "found": any(versions for _office, versions, _n in counters),
            "most": MOST_SHOWN,
            "left": [(d, d.typed.get(PEOPLE, {}).get("owner_name", "")) for d in left.order_by("-saved_at")],
        },
    )


def _usual_limit(version: catalogue.ProcedureVersion) -> str:
    case = catalogue.case_of(version, {}, clock.today())
    limit = catalogue.term(case, CHANNEL)
    return catalogue.limit_text(limit.limit_value, limit.limit_unit)


@require_safe
@clerks_only
def start(request: HttpRequest, code: str, office: int) -> HttpResponse:
    """Give the sitting a key of its own, by which it is kept and sent once; nothing is written yet."""
    _version(code, _office(request, office))
    return redirect("dossiers:intake_page", code=code, office=office, key=secrets.token_urlsafe(16))


@require_http_methods(["GET", "HEAD", "POST"])
@clerks_only
def page(request: HttpRequest, code: str, office: int, key: str) -> HttpResponse:
    """Show the one page, and take it: people, answers, papers and files by one press."""
    sitting = _sitting(request, code, office, key)
    sent = sent_under(who(request), key) if sitting.is_sent else None
    if sent is not None:
        if request.method == "POST":
            messages.warning(request, _("Lượt này đã lập hồ sơ rồi, không lập thêm lần nữa."))
        return redirect("dossiers:intake_done", code=sent.tracking_code)
    if request.method != "POST":
        return _show(request, sitting, sheet_of(sitting, None))
    sheet = sheet_of(sitting, request.POST)
    _read_files(request, sheet)
    asked_to = request.POST.get("press", "")
    if asked_to in {SUBMIT, ACCEPT} and not sheet.answers.row_change and _is_whole(request, sitting, sheet):
        return _take_in(request, sitting, sheet, accepting=asked_to == ACCEPT)
    kept = _keep(request, sitting, sheet)
    if asked_to in {SUBMIT, ACCEPT} or any(box.error for box in sheet.boxes):
        return _show(request, kept, with_files(kept, sheet), status=422)
    place = next((n.rsplit("__", 1)[0] for n in request.POST if n.endswith(("__add", "__remove"))), "")
    return redirect(kept.address() + (f"#{place}" if place else ""))


@clerks_only
@require_POST
def autosave(request: HttpRequest, code: str, office: int, key: str) -> HttpResponse:
    """Keep what is on the screen, right or wrong, and say when."""
    sitting = _sitting(request, code, office, key)
    if sitting.is_sent:
        raise Http404
    _keep(request, sitting, sheet_of(sitting, request.POST))
    return JsonResponse({"saved_at": f"{clock.now():%H:%M}"})


@clerks_only
@require_POST
def drop(request: HttpRequest, code: str, office: int, key: str) -> HttpResponse:
    """Throw away what was typed for a person who went off again."""
    sitting = _sitting(request, code, office, key)
    if sitting.draft is None:
        raise Http404
    api.drop_draft(by=who(request), token=key)
    messages.success(request, _("Đã xóa phần đang làm dở."))
    return redirect("dossiers:intake")


@require_safe
@clerks_only
def done(request: HttpRequest, code: str) -> HttpResponse:
    """Show what was made: number, due date, fee to collect, the slip to print; the next person's start."""
    try:
        dossier = POLICY.look(who(request), May.ACCEPT, tracking_code=code)
    except NotThere:
        raise Http404 from None
    return render(
        request,
        "dossiers/intake/done.html",
        {
            **frame(request, "intake"),
            "dossier": dossier,
            "due_clock": words.clock_text(dossier.due_at.astimezone(clock.VN)) if dossier.due_at else "",
            "notes": counter_notes(dossier),
            "papers": dossier.papers.select_related("file").order_by("id"),
            "slip": dossier.slips.filter(form="01").first(),
        },
    )


# What stands on the page


def _read_files(request: HttpRequest, sheet: Sheet) -> None:
    """Read every posted file under its paper; one that is refused leaves its sentence there."""
    posted: list[tuple[Box, str, bytes]] = []
    for box in (b for b in sheet.boxes if b.paper.is_upload):
        files = request.FILES.getlist(f"tep-{box.paper.key}")
        room = box.paper.max_files - len(box.files)
        if len(files) > room:
            full = _("Giấy này nhận tối đa %(n)d tệp. Bỏ bớt một tệp rồi gửi lại.")
            box.error = full % {"n": box.paper.max_files}
        for file in files[:room]:
            try:
                posted.append((box, file.name or "", contents_of(file)))
            except UploadRefused as refused:
                box.error = f"{file.name}: {refused.sentence}"
    taken = (
        take_uploads([(content, name) for _box, name, content in posted], at=clock.now()) if posted else []
    )
    for (box, name, _content), one in zip(posted, taken, strict=True):
        if isinstance(one, UploadRefused):
            box.error = f"{name}: {one.sentence}"
        else:
            box.fresh.append(one)


def _is_whole(request: HttpRequest, sitting: Sitting, sheet: Sheet) -> bool:
    """Check everything, so that all mistakes are told at once."""
    is_fine = sheet.people.is_valid()
    is_fine = sheet.answers.is_valid() and is_fine and not sheet.notice
    helper = sheet.people.cleaned_data.get("helper_identity", "")
    if helper and sheet.people.cleaned_data.get("helper_name"):
        person = known_person(helper, sheet.people.cleaned_data["helper_name"])
        if person is None:
            sheet.people.add_error(
                "helper_identity", _("Tỉnh chưa có người này. Xem lại, hoặc để trống cả hai.")
            )
        elif person == who(request).person_id:
            sheet.people.add_error(
                "helper_identity", _("Cán bộ tiếp nhận không đứng tên người giúp. Để trống.")
            )
    wanted = {
        p.key
        for p in catalogue.papers(sitting.version, sheet.answers.answers, clock.today())
        if p.is_required
    }
    for box in sheet.boxes:
        is_missing = box.is_asked and box.paper.key in wanted and not (box.how or box.files or box.fresh)
        if is_missing and not box.error:
            box.error = _("Chưa ghi nhận: %(name)s. Chọn cách nhận, hoặc thêm tệp.") % {
                "name": box.paper.name
            }
    return is_fine and not sheet.people.errors and not any(box.error for box in sheet.boxes)


def _keep(request: HttpRequest, sitting: Sitting, sheet: Sheet) -> Sitting:
    """Keep what was typed and the files that were read; take out the file that the clerk gave up."""
    actor, now = who(request), clock.now()
    try:
        draft = api.start_intake(
            by=actor, at=now, key=sitting.key, version=sitting.version, office=sitting.office
        )
        typed = {
            **sheet.answers.typed(),
            PEOPLE: {n: request.POST.get(f"nguoi-{n}", "") for n in sheet.people.fields if n != "read_back"},
            PAPERS: {box.paper.key: box.how for box in sheet.boxes if box.how in HOW_RECEIVED},
        }
        if request.POST.get("press") == FILL:
            known = catalogue.prefilled(sitting.version.form.schema, owner_as_answers(typed[PEOPLE]))
            typed |= {key: value for key, value in known.items() if not typed.get(key)}
        draft = api.save_draft(by=actor, at=now, token=draft.token, typed=typed)
        for box in sheet.boxes:
            for upload in box.fresh:
                api.add_file(
                    by=actor,
                    at=now,
                    token=draft.token,
                    paper_key=box.paper.key,
                    upload=upload,
                    max_files=box.paper.max_files,
                )
        if request.POST.get("remove"):
            api.remove_file(by=actor, at=now, token=draft.token, file_token=request.POST["remove"])
    except NotThere:
        raise Http404 from None
    return Sitting(sitting.version, sitting.office, sitting.key, draft)


def _show(request: HttpRequest, sitting: Sitting, sheet: Sheet, status: int = 200) -> HttpResponse:
    found = sheet.found() if status != 200 else []
    so_far = sheet.answers.typed() if sheet.answers.is_bound else sitting.typed
    called = {paper.key for paper in catalogue.papers(sitting.version, so_far, clock.today())}
    others = [box for box in sheet.boxes if box.is_asked and box.paper.key not in called]
    return render(
        request,
        "dossiers/intake/page.html",
        {
            **frame(request, "intake"),
            "procedure": sitting.version.procedure,
            "version": sitting.version,
            "office": sitting.office,
            "draft": sitting.draft,
            "people": sheet.people,
            "parts": parts_of(sheet.answers),
            "asked": [box for box in sheet.boxes if box.is_asked and box.paper.key in called],
            "others": others,
            "others_open": any(box.how or box.files or box.error for box in others),
            "rest": [box.paper for box in sheet.boxes if not box.is_asked],
            "how": HOW_RECEIVED.items(),
            "mistakes": found,
            "costs": costs_of(sitting),
            "most": MAX_BYTES // (1024 * 1024),
            "autosave": sitting.address("intake_autosave"),
            "drop": sitting.address("intake_drop"),
            "submit": SUBMIT,
            "accept": ACCEPT,
            "fill": FILL,
        },
        status=status,
    )


# Taking it in


def _take_in(request: HttpRequest, sitting: Sitting, sheet: Sheet, *, accepting: bool) -> HttpResponse:
    actor, today, said = who(request), clock.today(), sheet.people.cleaned_data
    answers = catalogue.relevant(sitting.version.form.schema, sheet.answers.answers, today)
    case = case_of(sitting, answers, said.get("case", ""))
    owner = api.Party(
        said["owner_name"],
        known_person(said["owner_identity"], said["owner_name"]),
        said["owner_identity"],
        said["owner_phone"],
        said["owner_address"],
    )
    submitter = owner
    if said["who"] != SELF:
        number, name = said["submitter_identity"], said["submitter_name"]
        submitter = api.Party(name, known_person(number, name), number)
    notes = {
        "papers": {box.paper.key: box.how for box in sheet.boxes if box.how in HOW_RECEIVED},
        "relation": said["relation"],
        "authorisation": said["authorisation"],
        "read_back": said["read_back"],
    }
    filing = api.Filing(
        version=sitting.version,
        case_key=case.key,
        channel=CHANNEL,
        office=sitting.office,
        owner=owner,
        submitter=submitter,
        helper_person_id=known_person(said["helper_identity"], said["helper_name"]),
        answers={**answers, COUNTER_NOTES: notes},
        files=[
            *(api.SentFile(b.paper.key, f.file, f.name) for b in sheet.boxes for f in b.files),
            *(api.SentFile(b.paper.key, u.file, u.name) for b in sheet.boxes for u in b.fresh),
        ],
        fee_vnd=catalogue.fee(case, CHANNEL, answers, today).total,
        summary=sitting.version.procedure.everyday_name,
    )
    try:
        dossier = api.take_in(by=actor, at=clock.now(), key=sitting.key, filing=filing, accepting=accepting)
    except NotThere:
        raise Http404 from None
    except api.KeyReused:
        messages.warning(request, _("Lượt này đã lập hồ sơ rồi, không lập thêm lần nữa."))
        first = sent_under(actor, sitting.key)
        if first is None:
            raise
        dossier = first
    return redirect("dossiers:intake_done", code=dossier.tracking_code)
