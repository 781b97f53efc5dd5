"""A procedure on paper: one A4 page to take along, and a poster with a QR code."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.catalogue.api import ProcedureNotFound, current, form_html, sample_of, service_page
from tinhso.documents.api import draw_pdf
from tinhso.portal.rules import PHONE, PROVINCE, SERVICE_NAME
from tinhso.portal.services.draw_print import PRINTS, PenBusy, Printed
from tinhso.toolkit import clock

#: Raise it when the drawing changes, so that nobody keeps the old one.
DRAWING = 2


def _print(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    today = clock.today()
    try:
        page = service_page(code, today)
    except ProcedureNotFound:
        raise Http404 from None
    address = request.build_absolute_uri(reverse("portal:service", args=[page.code]))
    # What the drawing depends on: the version (never changed), the level of the day, where it is served from.
    key = (page.code, page.version, page.can_file_online, page.level, address)
    tag = f'"{page.version}-{page.level}-{int(page.can_file_online)}-{DRAWING}-{kind}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    cases = current(page.code, today).cases.all()
    printed = Printed(
        province=PROVINCE,
        service_name=SERVICE_NAME,
        phone=PHONE,
        address=address,
        is_demo=settings.TINHSO_DEMO,
        ordinary_case=next((c.name for c in cases if c.when is None and not c.is_chosen_by_officer), ""),
    )
    try:
        drawn = PRINTS.get(kind, key, page, printed)
    except PenBusy:
        return _wait()
    return _given(drawn, f"{'ap-phich' if kind == 'poster' else 'to-in'}-{page.code}", tag)


def _wait() -> HttpResponse:
    wait = HttpResponse(
        _("Nhiều người đang in. Đợi một phút rồi bấm lại."),
        status=503,
        content_type="text/plain; charset=utf-8",
    )
    wait["Retry-After"] = "30"
    return wait


def _given(drawn: bytes, name: str, tag: str) -> HttpResponse:
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
def sheet(request: HttpRequest, code: str) -> HttpResponseBase:
    """Give the page to print: who, which papers, how much, how long, where."""
    return _print(request, code, "sheet")


@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponseBase:
    """Give the poster with the QR code of the service page."""
    return _print(request, code, "poster")


@require_safe
def sample_form(request: HttpRequest, code: str) -> HttpResponseBase:
    """Give the procedure's form filled in with invented answers, stamped so: how others have filled it in."""
    try:
        version = current(code, clock.today())
    except ProcedureNotFound:
        raise Http404 from None
    if not version.levels:
        raise Http404
    tag = f'"{version.pk}-{DRAWING}-sample"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})

    def draw() -> bytes:
        sample = sample_of(version)
        stamp = _("MẪU – dữ liệu đặt ra")
        return draw_pdf(form_html(version, sample.answers, office=sample.office, on=sample.day, stamp=stamp))

    try:
        drawn = PRINTS.drawn(("sample", version.pk), draw)
    except PenBusy:
        return _wait()
    return _given(drawn, f"to-khai-mau-{version.procedure.code}", tag)
