"""Files of dossiers: pictures of pages for the desk, slips and results as PDF. Each through the policy."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from tinhso.directory.api import who
from tinhso.documents.api import PageNotDrawn, StoredFile, page_png, read
from tinhso.dossiers import api
from tinhso.dossiers.models import DraftFile, Paper, Result, Slip
from tinhso.dossiers.permissions import DRAFTS, POLICY, May, MayDraft
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere

PHONE = "0228 000 1022"


def as_download(content: bytes, name: str) -> HttpResponse:
    """Answer with a PDF that the browser saves and nobody caches."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _picture(file: StoredFile, page: int, width: int) -> HttpResponse:
    try:
        response = HttpResponse(page_png(file, page, width), content_type="image/png")
    except PageNotDrawn:
        raise Http404 from None
    response["Cache-Control"] = "private, max-age=600"
    return response


@require_safe
def paper_page(request: HttpRequest, token: str, page: int) -> HttpResponse:
    """Give one page of a paper as a picture."""
    rows = Paper.objects.filter(dossier__in=POLICY.rows(who(request), May.READ)).select_related("file")
    paper = rows.filter(token=token).first()
    if paper is None:
        raise Http404
    return _picture(paper.file, page, 1100)


@require_safe
def draft_file(request: HttpRequest, token: str) -> HttpResponse:
    """Give the first page of a file in one's own draft as a small picture."""
    rows = DraftFile.objects.filter(draft__in=DRAFTS.rows(who(request), MayDraft.KEEP)).select_related("file")
    found = rows.filter(token=token).first()
    if found is None:
        raise Http404
    return _picture(found.file, 1, 160)


@require_safe
def own_picture(request: HttpRequest, token: str) -> HttpResponse:
    """Give the first page of a paper that one gave, or of a result that one was given, as a small picture."""
    rows = POLICY.rows(who(request), May.REUSE)
    papers = Paper.objects.filter(dossier__in=rows, token=token).select_related("file")
    results = Result.objects.filter(dossier__in=rows, token=token, issued_at__isnull=False)
    found = papers.first() or results.select_related("file").first()
    if found is None:
        raise Http404
    return _picture(_file(found.file), 1, 160)


@require_safe
def own_paper(request: HttpRequest, token: str) -> HttpResponse:
    """Give a paper that one gave in a dossier of one's own, to be kept."""
    rows = Paper.objects.filter(dossier__in=POLICY.rows(who(request), May.REUSE)).select_related("file")
    paper = rows.filter(token=token).first()
    if paper is None:
        raise Http404
    return as_download(read(paper.file), f"giay-to-{token[:8]}")


@require_safe
def slip(request: HttpRequest, token: str) -> HttpResponse:
    """Give a slip as an A5 PDF; it is drawn when first opened."""
    rows = Slip.objects.filter(dossier__in=POLICY.rows(who(request), May.READ)).select_related("dossier")
    found = rows.filter(token=token).first()
    if found is None:
        raise Http404
    path = reverse("dossiers:tracked", args=[found.dossier.tracking_code])
    drawn = api.draw_slip(
        found,
        at=clock.now(),
        address=settings.TINHSO_PUBLIC_ADDRESS + path,
        phone=PHONE,
        is_demo=settings.TINHSO_DEMO,
    )
    return as_download(read(_file(drawn.file)), f"mau-{found.form}-{found.dossier}")


@require_safe
def draft_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Give a result, as far as it has come, to the officers who work on it."""
    return as_download(read(_result_file(request, code)), f"du-thao-{code}")


@require_safe
def result_page(request: HttpRequest, code: str, page: int) -> HttpResponse:
    """Give one page of a result, as far as it has come, as a picture."""
    try:
        response = HttpResponse(page_png(_result_file(request, code), page, 1100), content_type="image/png")
    except PageNotDrawn:
        raise Http404 from None
    response["Cache-Control"] = "private, no-store"
    return response


def _result_file(request: HttpRequest, code: str) -> StoredFile:
    try:
        dossier = POLICY.look(who(request), May.READ_AS_OFFICER, tracking_code=code)
    except NotThere:
        raise Http404 from None
    result = getattr(dossier, "result", None)
    if result is None:
        raise Http404
    return _file(result.file or result.signed or result.draft)


def _file(file: StoredFile | None) -> StoredFile:
    if file is None:
        raise Http404
    return file
