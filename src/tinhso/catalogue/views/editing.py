"""The pages on which a sheet is written, reviewed and published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.catalogue.forms.cells import Reader, overlaid
from tinhso.catalogue.forms.parts import parts
from tinhso.catalogue.models import SheetDraft
from tinhso.catalogue.permissions import SHEETS, MaySheet
from tinhso.catalogue.queries.compare import compare
from tinhso.catalogue.queries.office import STATE_WORDS
from tinhso.catalogue.queries.process import drawn, lacks
from tinhso.catalogue.queries.sheets import sheet_of
from tinhso.catalogue.services.publish_draft import publish_draft
from tinhso.catalogue.services.review_draft import approve_draft, return_draft, writers
from tinhso.catalogue.services.write_draft import (
    DraftMoved,
    OfficeRefused,
    drop_draft,
    open_draft,
    reopen_draft,
    save_draft,
    send_to_review,
)
from tinhso.catalogue.views.frame import decision_of, frame, keepers_only
from tinhso.directory.api import who
from tinhso.toolkit import clock, words


@require_POST
@keepers_only
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Open the sheet of a procedure, or go on with the one that is open."""
    found = open_draft(by=who(request), at=clock.now(), code=code)
    return redirect("catalogue:draft", draft=found.pk)


def _look(request: HttpRequest, draft: int) -> SheetDraft:
    rows = SHEETS.rows(who(request), MaySheet.READ).select_related("based_on__procedure", "published")
    found = rows.filter(pk=draft).first()
    if found is None:
        raise Http404
    return found


def _before(draft: SheetDraft) -> dict[str, Any] | None:
    return sheet_of(draft.based_on) if draft.based_on else None


@require_safe
@keepers_only
def draft_page(request: HttpRequest, draft: int) -> HttpResponse:
    """Show a sheet's parts, what it lacks, and the acts that are possible now."""
    return _draft_page(request, _look(request, draft))


def _draft_page(
    request: HttpRequest, draft: SheetDraft, *, wrong: dict[str, str] | None = None, error: str = ""
) -> HttpResponse:
    actor = who(request)
    missing = lacks(draft.sheet)
    changed = {part.key: part.changes for part in compare(_before(draft), draft.sheet)}
    lacking: dict[str, list[str]] = {}
    for lack in missing:
        lacking.setdefault(lack.part, []).append(lack.sentence)
    may = {act.name.lower(): SHEETS.holds(actor, act, draft) for act in MaySheet}
    wrote = may["review"] and actor.ref in writers(draft)
    return render(
        request,
        "catalogue/office/draft.html",
        {
            **frame(request, "worklist"),
            "draft": draft,
            "state": STATE_WORDS[draft.state],
            "parts": [
                (part, changed.get(part.key, 0), lacking.get(part.key, [])) for part in parts().values()
            ],
            "missing": missing,
            "changes": sum(changed.values()),
            "lines": [drawn(case) for case in draft.sheet["cases"]] if draft.sheet["levels"] else [],
            "may": {**may, "review": may["review"] and not wrote},
            "wrote": wrote,
            "typed": request.POST,
            "wrong": wrong or {},
            "error": error,
        },
        status=422 if wrong or error else 200,
    )


@require_safe
@keepers_only
def compare_draft(request: HttpRequest, draft: int) -> HttpResponse:
    """Show a sheet beside the version that it began from."""
    found = _look(request, draft)
    return render(
        request,
        "catalogue/office/compare.html",
        {
            **frame(request, "worklist"),
            "name": found.sheet["everyday_name"],
            "code": found.code,
            "draft": found,
            "before": _("Bản %(n)s, đã công bố") % {"n": found.based_on.number}
            if found.based_on
            else _("Chưa có bản nào"),
            "after": _("Bản soạn, lần lưu %(n)s") % {"n": found.revision},
            "parts": compare(_before(found), found.sheet),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def part_page(request: HttpRequest, draft: int, part: str) -> HttpResponse:
    """Show one part as an ordinary form and take what was typed; nothing typed is lost on a mistake."""
    found = _look(request, draft)
    pages = parts()
    if part not in pages or not SHEETS.holds(who(request), MaySheet.WRITE, found):
        raise Http404
    page, error = pages[part], ""
    typed = None
    said = Reader({})
    revision, status = found.revision, 200
    if request.method == "POST":
        typed = {name: str(value) for name, value in request.POST.items()}
        said = Reader(typed)
        sheet = page.take(found.sheet, said)
        sent = request.POST.get("revision", "")
        if said.wrong:
            status = 422
        else:
            try:
                save_draft(
                    by=who(request),
                    at=clock.now(),
                    draft=found.pk,
                    revision=int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0,
                    sheet=sheet,
                    part=part,
                )
            except DraftMoved as moved:
                error, status = str(moved), 409
                found.refresh_from_db()
                revision = found.revision
            else:
                messages.success(request, _("Đã lưu phần “%(title)s”.") % {"title": page.title})
                if request.POST.get("roi") == "o-lai":
                    return redirect("catalogue:part", draft=found.pk, part=part)
                return redirect("catalogue:draft", draft=found.pk)
    keys = list(pages)
    following = keys[keys.index(part) + 1] if part != keys[-1] else ""
    return render(
        request,
        "catalogue/office/part.html",
        {
            **frame(request, "worklist"),
            "draft": found,
            "part": page,
            "pages": pages.values(),
            "revision": revision if not said.wrong else request.POST.get("revision", ""),
            "blocks": overlaid(page.draw(found.sheet), typed, said.wrong),
            "wrong": list(said.wrong.items()),
            "error": error,
            "following": following,
            "lines": [drawn(case) for case in found.sheet["cases"]] if part == "quy-trinh" else [],
        },
        status=status,
    )


@require_POST
@keepers_only
def act(request: HttpRequest, draft: int, verb: str) -> HttpResponse:
    """Do one act on a sheet; what could not be done says why and keeps what was typed."""
    found = _look(request, draft)
    doing = {
        "gui-duyet": _send,
        "rut-ve": _reopen,
        "bo": _drop,
        "tra-lai": _return,
        "duyet": _approve,
        "cong-bo": _publish,
    }.get(verb)
    if doing is None:
        raise Http404
    try:
        return doing(request, found)
    except OfficeRefused as refused:
        found.refresh_from_db()
        return _draft_page(request, found, error=str(refused))


def _done(request: HttpRequest, draft: SheetDraft, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("catalogue:draft", draft=draft.pk)


def _send(request: HttpRequest, draft: SheetDraft) -> HttpResponse:
    send_to_review(by=who(request), at=clock.now(), draft=draft.pk)
    return _done(request, draft, _("Đã gửi duyệt. Người thứ hai sẽ đọc và duyệt."))


def _reopen(request: HttpRequest, draft: SheetDraft) -> HttpResponse:
    reopen_draft(by=who(request), at=clock.now(), draft=draft.pk)
    return _done(request, draft, _("Đã rút về để sửa. Sửa xong phải gửi duyệt lại."))


def _drop(request: HttpRequest, draft: SheetDraft) -> HttpResponse:
    drop_draft(by=who(request), at=clock.now(), draft=draft.pk)
    messages.success(request, _("Đã bỏ bản soạn. Bản công bố không đổi."))
    return redirect("catalogue:worklist")


def _return(request: HttpRequest, draft: SheetDraft) -> HttpResponse:
    note = request.POST.get("note", "").replace("\x00", "")
    return_draft(by=who(request), at=clock.now(), draft=draft.pk, note=note)
    return _done(request, draft, _("Đã trả lại cho người soạn kèm ghi chú."))


def _approve(request: HttpRequest, draft: SheetDraft) -> HttpResponse:
    read = request.POST.get("revision", "")
    revision = int(read) if read.isascii() and read.isdigit() and len(read) < 10 else 0
    approve_draft(by=who(request), at=clock.now(), draft=draft.pk, revision=revision)
    return _done(request, draft, _("Đã duyệt. Có quyết định thì công bố."))


def _publish(request: HttpRequest, draft: SheetDraft) -> HttpResponse:
    decision, wrong = decision_of(request)
    if decision is None:
        return _draft_page(request, draft, wrong=wrong)
    version = publish_draft(by=who(request), at=clock.now(), draft=draft.pk, decision=decision)
    sentence = _("Đã công bố bản %(n)s, hiệu lực từ %(day)s.")
    return _done(
        request, draft, sentence % {"n": version.number, "day": words.date_text(version.effective_from)}
    )
