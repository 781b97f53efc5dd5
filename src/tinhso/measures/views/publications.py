"""Publications: the list, one with its frozen and live figures, and the acts of those who keep figures."""

from __future__ import annotations

import csv
import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.directory.api import Actor, holders_only, who
from tinhso.measures.forms import said
from tinhso.measures.models import PublishedFigure
from tinhso.measures.permissions import PUBLICATIONS, PUBLISHERS, ROW_READERS, STATISTICIANS, MayPublish
from tinhso.measures.queries.publications import (
    Frozen,
    PublicationPage,
    publication_page,
    publications,
    rows_behind,
)
from tinhso.measures.services.prepare_publication import NotReady, prepare_publication
from tinhso.measures.services.publish_figures import CannotPublish, discard_publication, publish_figures
from tinhso.measures.views.keepers import keepers_frame
from tinhso.measures.views.telling import explained, not_told
from tinhso.toolkit import clock, words
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.spreadsheet import guarded
from tinhso.toolkit.words import day_of

#: So many changed cases are listed on the page; the file has all.
MOST_LISTED = 200
#: What each kind of recorded change is called; a pause and an extension move the due moment.
CHANGE_WORDS = {
    "ended_at": "Ngày xong ghi lại",
    "extension": "Ngày hẹn dời lại",
    "pause": "Chờ người dân bổ sung",
}


@require_safe
def publications_page(request: HttpRequest) -> HttpResponse:
    """List what was published; those who keep figures see what is prepared too."""
    by = who(request)
    return render(
        request,
        "measures/publications.html",
        {"rows": publications(by), "may_prepare": by.holds(*STATISTICIANS)},
    )


@require_safe
def publication(request: HttpRequest, code: str) -> HttpResponse:
    """Show one publication: frozen beside live, and the ledger between them."""
    by = who(request)
    page = _found(by, code)
    return render(request, "measures/publication.html", _context(by, page))


@require_safe
def publication_json(request: HttpRequest, code: str) -> HttpResponse:
    """Give the frozen figures of the province and its offices, with the formulas' whole text."""
    page = _found(who(request), code)
    one = page.publication
    return JsonResponse(
        {
            "code": one.code,
            "title": one.title,
            "first": one.first.isoformat(),
            "last": one.last.isoformat(),
            "frozen_at": one.frozen_at.isoformat(),
            "published_at": one.published_at.isoformat() if one.published_at else None,
            "document_number": one.document_number,
            "rows": one.rows_count,
            "rows_sha256": one.rows_hash,
            "unit": "hồ sơ",
            "formulas": {frozen.figure.version: frozen.figure.formula for frozen in page.figures},
            "figures": [_figure(figure, page) for figure in one.figures.order_by("office_id", "version")],
        },
        json_dumps_params={"ensure_ascii": False},
    )


def _figure(one: PublishedFigure, page: PublicationPage) -> dict[str, Any]:
    """Return a frozen figure; strangers are told two numbers of an office, if the editions tell them, and no others."""
    tells, is_whole = page.tells(one), page.told is None or not one.office_id
    return {
        "office_id": one.office_id or None,
        "version": one.version,
        "numerator": one.numerator if tells else None,
        "denominator": one.denominator if tells else None,
        "excluded": one.excluded if is_whole else None,
        "groups": one.groups if is_whole else None,
    }


@holders_only(*ROW_READERS)
@require_safe
def publication_rows(request: HttpRequest, code: str) -> HttpResponse:
    """Give the frozen cases as CSV: the lines whose hash stands on the page."""
    try:
        one, cases = rows_behind(who(request), code)
    except NotThere:
        raise Http404 from None
    lines = (
        f"{case.number};{case.office_id};{case.procedure_code};{case.channel};{case.cls}\n" for case in cases
    )
    response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{one.code}.csv"'
    return response


@holders_only(*STATISTICIANS)
@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest) -> HttpResponse:
    """Freeze the figures of a period."""
    month = clock.today().replace(day=1) - dt.timedelta(days=1)
    typed = {
        "title": "",
        "tu": words.date_text(month.replace(day=1)),
        "den": words.date_text(month),
    }
    wrong: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: said(request.POST, name) for name in typed}
        first, last = day_of(typed["tu"]), day_of(typed["den"])
        wrong = {
            name: _("Viết ngày như 01/03/2022.")
            for name, day in (("tu", first), ("den", last))
            if day is None
        }
        if first and last:
            try:
                made = prepare_publication(
                    by=who(request), at=clock.now(), title=typed["title"], first=first, last=last
                )
            except NotReady as not_ready:
                wrong = {"title" if not typed["title"] else "den": str(not_ready)}
            else:
                messages.success(request, _("Đã khóa số liệu. Người thứ hai duyệt thì mới công bố."))
                return redirect("measures:publication", code=made.code)
    return render(
        request,
        "measures/prepare_publication.html",
        {**keepers_frame(request, "prepare_publication"), "typed": typed, "wrong": wrong},
        status=422 if wrong else 200,
    )


@holders_only(*PUBLISHERS)
@require_POST
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publish what another person prepared."""
    by = who(request)
    number = said(request.POST, "so")
    try:
        publish_figures(by=by, at=clock.now(), code=code, document_number=number)
    except NotThere:
        raise Http404 from None
    except CannotPublish as refused:
        page = _found(by, code)
        context = _context(by, page) | {"typed_number": number, "refused": str(refused)}
        return render(request, "measures/publication.html", context, status=422)
    messages.success(request, _("Đã công bố. Từ nay không ai sửa được các số này."))
    return redirect("measures:publication", code=code)


@holders_only(*STATISTICIANS)
@require_POST
def discard(request: HttpRequest, code: str) -> HttpResponse:
    """Throw away what nobody published."""
    try:
        discard_publication(by=who(request), at=clock.now(), code=code)
    except NotThere:
        raise Http404 from None
    messages.success(request, _("Đã bỏ bản chưa công bố."))
    return redirect("measures:publications")


@require_safe
def offices_csv(request: HttpRequest, code: str) -> HttpResponse:
    """Give the frozen figures of every office as CSV."""
    page = _found(who(request), code)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}-co-quan.csv"'
    sheet = csv.writer(response)
    sheet.writerow(["co_quan", "cong_thuc", "tu_so", "mau_so"])
    for name, one in page.offices:
        told = (one.numerator, one.denominator) if page.tells(one) else (not_told(), not_told())
        sheet.writerow([guarded(name), one.version, *told])
    return response


def _found(by: Actor, code: str) -> PublicationPage:
    try:
        return publication_page(by, code)
    except NotThere:
        raise Http404 from None


def _context(by: Actor, page: PublicationPage) -> dict[str, Any]:
    one = page.publication
    rights = {
        may: PUBLICATIONS.holds(by, permission, one)
        for may, permission in (
            ("may_publish", MayPublish.PUBLISH),
            ("may_discard", MayPublish.DISCARD),
            ("may_read_rows", MayPublish.READ_ROWS),
        )
    }
    return {
        **rights,
        "page": page,
        "one": one,
        "figures": [_shown(frozen) for frozen in page.figures],
        "title": _finding(page),
        "changed": _changed(page) if rights["may_read_rows"] else [],
        "offices": [(name, figure if page.tells(figure) else None) for name, figure in page.offices],
        "hidden_words": explained() if page.told is not None else "",
        "link": reverse("measures:publication", args=[one.code]),
    }


def _finding(page: PublicationPage) -> str:
    """Return the headline: what was published, and whether it still holds."""
    if page.comparison is None or not page.figures:
        return page.publication.title
    return (
        _("%(title)s: đếm lại vẫn đúng như đã công bố")
        if not page.changed
        else _("%(title)s: %(n)s hồ sơ đã đổi từ khi công bố")
    ) % {"title": page.publication.title, "n": words.number(page.changed)}


def _shown(frozen: Frozen) -> dict[str, Any]:
    figure, live = frozen.figure, frozen.live
    return {
        "frozen": frozen,
        "name": frozen.formula.name,
        "share": words.percent(figure.numerator, figure.denominator),
        "live": live,
        "live_share": words.percent(*live) if live else "",
        "lines": [
            {
                "words": CHANGE_WORDS[line.change.what] if line.change else _("Không thấy ai ghi lý do"),
                "change": line.change,
                "office": line.office,
                "n": len(line.numbers),
                "numerator": _signed(line.numerator),
                "denominator": _signed(line.denominator),
            }
            for line in frozen.lines
        ],
    }


def _signed(n: int) -> str:
    return f"+ {words.number(n)}" if n > 0 else f"− {words.number(-n)}" if n else "0"


def _changed(page: PublicationPage) -> list[dict[str, Any]]:
    """Return the changed cases with who, when and why, for officers; a case stands once."""
    found: dict[str, dict[str, Any]] = {}
    for frozen in page.figures:
        for line in frozen.lines:
            for number in line.numbers:
                found.setdefault(
                    number,
                    {
                        "number": number,
                        "change": line.change,
                        "words": CHANGE_WORDS[line.change.what] if line.change else "",
                    },
                )
    return list(found.values())[:MOST_LISTED]
