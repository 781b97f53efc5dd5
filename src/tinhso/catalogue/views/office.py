"""The office's lists: procedures, sheets being written, one procedure's history, comparison, duties of publication."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.catalogue.models import LEVELS, Field
from tinhso.catalogue.permissions import PROCEDURES, MayProcedure
from tinhso.catalogue.queries import duties as measures
from tinhso.catalogue.queries.compare import LEVEL_WORDS, compare
from tinhso.catalogue.queries.office import (
    OPEN_STATES,
    STATE_WORDS,
    Wanted,
    dossier_of,
    listed,
    open_sheets,
)
from tinhso.catalogue.queries.office import worklist as sheets_open
from tinhso.catalogue.queries.sheets import sheet_of
from tinhso.catalogue.services.copy_version import copy_version
from tinhso.catalogue.services.default_sheet import Facts
from tinhso.catalogue.services.unpublish import unpublish
from tinhso.catalogue.services.write_draft import OfficeRefused, start_procedure
from tinhso.catalogue.views.frame import decision_of, frame, keepers_only, plain
from tinhso.directory.api import Role, who
from tinhso.toolkit import clock, words

#: Filters of the list by the names in its address.
_FILTERS = {"q": "words", "linh-vuc": "field", "cap": "level", "tinh-trang": "state", "muc-do": "online"}


@require_safe
@keepers_only
def office(request: HttpRequest) -> HttpResponse:
    """List the procedures that the filters leave, a page at a time, by code."""
    chosen = {name: plain(request.GET.get(name, "")) for name in _FILTERS}
    wanted = Wanted(
        **{_FILTERS[name]: value for name, value in chosen.items()},
        after=plain(request.GET.get("sau", ""))[:20],
    )
    page = listed(who(request), wanted, clock.today())
    kept = {name: value for name, value in chosen.items() if value}
    return render(
        request,
        "catalogue/office/list.html",
        {
            **frame(request, "office"),
            "page": page,
            "chosen": chosen,
            "query": chosen["q"],
            "is_filtered": bool(kept),
            "after": wanted.after,
            "first": f"?{urlencode(kept)}",
            "following": f"?{urlencode({**kept, 'sau': page.following})}" if page.following else "",
            "fields": [
                (str(pk), name) for pk, name in Field.objects.order_by("name").values_list("pk", "name")
            ],
            "levels": [(key, LEVEL_WORDS[key]) for key in (*LEVELS, "ministry")],
            "states": [
                *((key, STATE_WORDS[key]) for key in OPEN_STATES),
                ("default", _("Dùng mẫu chung")),
                ("ended", _("Hết hiệu lực")),
            ],
            "online": [(str(n), _("Mức độ %(n)s") % {"n": n}) for n in (4, 3, 2, 1)],
            "state_words": STATE_WORDS,
            "may_write": who(request).holds(Role.CATALOGUE_EDITOR),
        },
    )


@require_safe
@keepers_only
def worklist(request: HttpRequest) -> HttpResponse:
    """List the sheets being written, last saved first."""
    rows = [(draft, STATE_WORDS[draft.state]) for draft in sheets_open(who(request))]
    return render(
        request,
        "catalogue/office/worklist.html",
        {
            **frame(request, "worklist"),
            "rows": rows,
            "may_write": who(request).holds(Role.CATALOGUE_EDITOR),
        },
    )


@require_safe
@keepers_only
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """Show a procedure's versions, sheets, levels and journal."""
    actor = who(request)
    whole = dossier_of(actor, code)
    latest = whole.versions[0] if whole.versions else None
    return render(
        request,
        "catalogue/office/procedure.html",
        {
            **frame(request, "office"),
            "whole": whole,
            "latest": latest,
            "today": clock.today(),
            "pairs": list(zip(whole.versions, [*whole.versions[1:], None], strict=True)),
            "draft": open_sheets(actor, [code]).get(code),
            "drafts": [(draft, STATE_WORDS[draft.state]) for draft in whole.drafts],
            "may_write": PROCEDURES.holds(actor, MayProcedure.WRITE, whole.procedure),
            "may_decide": PROCEDURES.holds(actor, MayProcedure.DECIDE, whole.procedure),
            "may_end": PROCEDURES.holds(actor, MayProcedure.END, whole.procedure)
            and latest is not None
            and latest.effective_to is None,
        },
    )


@require_safe
@keepers_only
def compare_versions(request: HttpRequest, code: str, before: int, after: int) -> HttpResponse:
    """Show two versions side by side, part by part."""
    whole = dossier_of(who(request), code)
    by_number = {version.number: version for version in whole.versions}
    if before not in by_number or after not in by_number:
        raise Http404
    return render(
        request,
        "catalogue/office/compare.html",
        {
            **frame(request, "office"),
            "name": whole.procedure.everyday_name,
            "code": code,
            "draft": None,
            "before": _("Bản %(n)s") % {"n": before},
            "after": _("Bản %(n)s") % {"n": after},
            "parts": compare(sheet_of(by_number[before]), sheet_of(by_number[after])),
        },
    )


@require_safe
@keepers_only
def duties(request: HttpRequest) -> HttpResponse:
    """Measure the duties of publication and list what is missing."""
    lack = plain(request.GET.get("thieu", ""))
    after = plain(request.GET.get("sau", ""))[:20]
    page = measures.missing(who(request), clock.today(), lack, after)
    kept = {"thieu": lack} if lack in measures.LACK_WORDS else {}
    return render(
        request,
        "catalogue/office/duties.html",
        {
            **frame(request, "duties"),
            "page": page,
            "lack": lack,
            "after": after,
            "first": f"?{urlencode(kept)}",
            "following": f"?{urlencode({**kept, 'sau': page.following})}" if page.following else "",
            "announced": measures.announced(who(request)),
            "days_before": measures.DAYS_BEFORE,
            "days_after": measures.DAYS_AFTER,
        },
    )


def _editors_only(request: HttpRequest) -> None:
    if not who(request).holds(Role.CATALOGUE_EDITOR):
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def new(request: HttpRequest) -> HttpResponse:
    """Begin a procedure that the catalogue does not know."""
    _editors_only(request)
    typed = {
        name: plain(request.POST.get(name, ""))
        for name in ("code", "field", "responsible", "online", "basis")
    }
    typed["name"] = request.POST.get("name", "").replace("\x00", "").strip()
    levels = [key for key in LEVELS if request.POST.get(f"level-{key}") == "1"]
    wrong: dict[str, str] = {}
    if request.method == "POST":
        wrong = _wrong_in_new(typed, levels)
        if not wrong:
            facts = Facts(
                code=typed["code"],
                name=typed["name"],
                field=typed["field"],
                responsible=typed["responsible"],
                levels=tuple(levels),
                source=typed["basis"],
                effective_from=clock.today().isoformat(),
                is_illustrative=False,
                online_level=int(typed["online"]),
                level_basis=typed["basis"],
            )
            try:
                draft = start_procedure(by=who(request), at=clock.now(), facts=facts)
            except OfficeRefused as refused:
                wrong = {"code": str(refused)}
            else:
                messages.success(request, _("Đã mở bản soạn. Điền từng phần rồi gửi duyệt."))
                return redirect("catalogue:draft", draft=draft.pk)
    return render(
        request,
        "catalogue/office/new.html",
        {
            **frame(request, "worklist"),
            "typed": typed,
            "wrong": wrong,
            "levels": [(key, LEVEL_WORDS[key], key in levels) for key in LEVELS],
            "online": [(str(n), _("Mức độ %(n)s") % {"n": n}) for n in (1, 2, 3, 4)],
        },
        status=422 if wrong else 200,
    )


def _wrong_in_new(typed: dict[str, str], levels: list[str]) -> dict[str, str]:
    wrong = {}
    if not typed["code"]:
        wrong["code"] = _("Ghi mã thủ tục, ví dụ 1.001193.")
    if not typed["name"]:
        wrong["name"] = _("Ghi tên thủ tục.")
    elif len(typed["name"]) > 1_000:
        wrong["name"] = _("Tên thủ tục dài quá 1.000 chữ cái. Hãy viết gọn lại.")
    if not typed["field"]:
        wrong["field"] = _("Ghi lĩnh vực, ví dụ Hộ tịch.")
    if not typed["responsible"]:
        wrong["responsible"] = _("Ghi cơ quan chịu trách nhiệm, ví dụ Sở Tư pháp.")
    if not levels:
        wrong["level-commune"] = _("Đánh dấu ít nhất một cấp nhận hồ sơ.")
    if typed["online"] not in ("1", "2", "3", "4"):
        wrong["online"] = _("Chọn mức độ dịch vụ công.")
    if not typed["basis"]:
        wrong["basis"] = _("Ghi văn bản quyết định mức độ.")
    return wrong


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def copy(request: HttpRequest, code: str) -> HttpResponse:
    """Copy a procedure to a new code."""
    _editors_only(request)
    source = dossier_of(who(request), code).procedure
    new_code, name = plain(request.POST.get("code", "")), request.POST.get("name", "").replace("\x00", "")
    error = ""
    if request.method == "POST":
        try:
            draft = copy_version(by=who(request), at=clock.now(), code=code, new_code=new_code, name=name)
        except OfficeRefused as refused:
            error = str(refused)
        else:
            messages.success(request, _("Đã chép sang mã %(code)s. Sửa rồi gửi duyệt.") % {"code": new_code})
            return redirect("catalogue:draft", draft=draft.pk)
    return render(
        request,
        "catalogue/office/copy.html",
        {
            **frame(request, "office"),
            "source": source,
            "code": new_code,
            "name": name if request.method == "POST" else source.legal_name,
            "error": error,
        },
        status=422 if error else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def end(request: HttpRequest, code: str) -> HttpResponse:
    """Let a procedure end at a day, by a decision."""
    found = PROCEDURES.look(who(request), MayProcedure.END, code=code)
    wrong: dict[str, str] = {}
    error = ""
    if request.method == "POST":
        decision, wrong = decision_of(request)
        if decision is not None:
            try:
                version = unpublish(by=who(request), at=clock.now(), code=code, decision=decision)
            except OfficeRefused as refused:
                error = str(refused)
            else:
                assert version.effective_to is not None
                sentence = _("Thủ tục hết hiệu lực sau %(day)s. Hồ sơ đã nộp vẫn được giải quyết.")
                messages.success(request, sentence % {"day": words.date_text(version.effective_to)})
                return redirect("catalogue:procedure", code=code)
    return render(
        request,
        "catalogue/office/end.html",
        {
            **frame(request, "office"),
            "procedure": found,
            "typed": request.POST,
            "wrong": wrong,
            "error": error,
        },
        status=422 if wrong or error else 200,
    )
