"""The report of imported sheets: what is kept, what a person must look at, and one sheet beside its raw text."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tinhso.catalogue.adapters.sheets.shown import differing, shown, whole_raw
from tinhso.catalogue.queries import imports as reads
from tinhso.catalogue.services.see_record import see_record, unsee_record
from tinhso.catalogue.services.write_draft import OfficeRefused
from tinhso.catalogue.views.frame import frame, keepers_only, plain
from tinhso.directory.api import who
from tinhso.toolkit import clock

_A_PAGE = 50
_FILTERS = {"dieu": "part", "ket-qua": "outcome", "linh-vuc": "field", "xem": "seen"}


@require_safe
@keepers_only
def imports(request: HttpRequest) -> HttpResponse:
    """Show what is kept of all imports, and the sheets that a person must look at, the most used first."""
    actor = who(request)
    typed = {name: plain(request.GET.get(name, "")) for name in _FILTERS}
    wanted = reads.WantedRecords(**{_FILTERS[name]: value for name, value in typed.items()})
    found = reads.to_look_at(actor, wanted, clock.today())
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "catalogue/office/imports.html",
        {
            **frame(request, "imports"),
            "kept": reads.kept(actor),
            "runs": reads.runs(),
            "typed": typed,
            "query": urlencode({name: value for name, value in typed.items() if value}),
            "is_filtered": any(value for name, value in typed.items() if name != "xem"),
            "page": page,
            "rows": reads.lines_of(actor, list(page.object_list)),
            "total": len(found),
            "parts": reads.PART_WORDS.items(),
            "outcomes": reads.OUTCOME_WORDS.items(),
            "fields": reads.field_names(actor, wanted),
        },
    )


@require_safe
@keepers_only
def record(request: HttpRequest, number: int) -> HttpResponse:
    """Show one imported sheet: what was read beside the raw text, and what differs from the first of its code."""
    return _record(request, number)


def _record(request: HttpRequest, number: int, *, error: str = "", note: str = "") -> HttpResponse:
    one = reads.record_of(who(request), number, clock.today())
    kept, first = one.record, one.first
    return render(
        request,
        "catalogue/office/import_record.html",
        {
            **frame(request, "imports"),
            "one": one,
            "kept": kept,
            "parts": shown(kept.raw, kept.read, kept.flags, kept.shape) if kept.read else [],
            "differs": differing(
                kept.differs, (first.shape, first.raw, first.read), (kept.shape, kept.raw, kept.read)
            )
            if first
            else [],
            "raw": whole_raw(kept.raw) if kept.outcome == "listed" else "",
            "error": error,
            "note": note,
        },
        status=422 if error else 200,
    )


@require_POST
@keepers_only
def see(request: HttpRequest, number: int) -> HttpResponse:
    """Take a sheet off the list with a note; what was typed stays on a mistake."""
    note = request.POST.get("note", "").replace("\x00", "")
    try:
        see_record(by=who(request), at=clock.now(), number=number, note=note)
    except OfficeRefused as refused:
        return _record(request, number, error=str(refused), note=note)
    messages.success(request, _("Đã ghi là đã xem. Bảng này ra khỏi danh sách."))
    return redirect("catalogue:import_record", number=number)


@require_POST
@keepers_only
def unsee(request: HttpRequest, number: int) -> HttpResponse:
    """Put a sheet back on the list."""
    unsee_record(by=who(request), at=clock.now(), number=number)
    messages.success(request, _("Đã đưa bảng này lại vào danh sách."))
    return redirect("catalogue:import_record", number=number)
