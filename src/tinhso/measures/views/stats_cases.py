"""The dossiers behind a figure, with the outcome of each under every formula: for officers who may read them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.catalogue.api import Procedure
from tinhso.directory.api import holders_only, who
from tinhso.dossiers.api import readable_as_officer
from tinhso.measures.forms import said
from tinhso.measures.queries.facts import Case, cases_of, period
from tinhso.measures.queries.places import limits, place_of, places, procedure_names
from tinhso.measures.rules.formulas import GROUPS, Formula
from tinhso.measures.views.asked import Asked, asked, channel_words
from tinhso.measures.views.sheets import Cell, Column, Row, Sheet
from tinhso.measures.views.stats_frame import OUTCOME_WORDS, page
from tinhso.measures.views.telling import READERS
from tinhso.toolkit import clock, words

#: Dossiers of the whole province are listed over so many days at most.
MOST_DAYS = 31


def group_words() -> dict[str, str]:
    """Return the six groups as people read them."""
    return {
        "early": _("Trả trước hạn"),
        "on_time": _("Trả đúng hạn"),
        "late": _("Trả trễ"),
        "running_in_time": _("Đang làm, còn hạn"),
        "running_late": _("Đang làm, quá hạn"),
        "ended_otherwise": _("Kết thúc khác"),
    }


def end_words() -> dict[str, str]:
    """Return how cases end as people read it."""
    return {
        "": _("đang giải quyết"),
        "issued": _("đã có kết quả"),
        "rejected": _("từ chối giải quyết"),
        "withdrawn": _("đã rút"),
    }


@dataclass(frozen=True, slots=True)
class Found:
    """The cases of a figure: all of them by group, those of the group asked for, and which the reader may open."""

    groups: Counter[str]
    cases: Sequence[Case]
    codes: dict[str, str]


@require_safe
@holders_only(*READERS)
def cases_page(request: HttpRequest) -> HttpResponse:
    """List the dossiers behind a figure of an office or procedure, as far as the officer may read them."""
    want = asked(request)
    office_code, code = said(request.GET, "co-quan")[:20], said(request.GET, "thu-tuc")[:20]
    place = place_of(office_code) if office_code else None
    names = procedure_names([code]) if code else {}
    error = want.error
    if (office_code and place is None) or (code and not names):
        error = error or _("Không có cơ quan hoặc thủ tục này.")
    if not place and not code and (want.last - want.first).days >= MOST_DAYS:
        error = error or _("Chọn một cơ quan hoặc thủ tục, hoặc kỳ không quá %(n)d ngày.") % {"n": MOST_DAYS}
    group = said(request.GET, "nhom")
    group = group if group in GROUPS else ""
    extra = {"co-quan": office_code, "thu-tuc": code, "nhom": group}
    found = Found(Counter(), (), {})
    if not error:
        found = _found(request, want, place.pk if place else None, code, group)
    sheet = _sheet(want, found)
    paged = Paginator(sheet.rows, limits().cases_a_page).get_page(request.GET.get("trang"))
    what = " · ".join(part for part in (place.name if place else "", names.get(code, "")) if part)
    context: dict[str, Any] = {
        "error": error,
        "what": what or _("cả tỉnh"),
        "office_code": office_code,
        "procedure_code": code,
        "finding": _("%(n)s hồ sơ đằng sau con số") % {"n": words.number(len(sheet.rows))},
        "whole": sum(found.groups.values()),
        "asked_for": len(found.cases),
        "groups": [
            (label, found.groups[key], f"?{want.query(**{**extra, 'nhom': key})}", key == group)
            for key, label in group_words().items()
        ],
        "every": (f"?{want.query(**{**extra, 'nhom': ''})}", not group),
        "rows": [list(zip(sheet.columns, row.cells, strict=True)) for row in paged.object_list],
        "paged": paged,
        "page_query": want.query(**extra),
        "back": reverse("measures:stats_office", args=[place.code])
        if place
        else reverse("measures:statistics"),
    }
    wanted = [sheet] if not error else []
    return page(
        request, "measures/stats_cases.html", want, context, wanted, span=(want.first, want.last), extra=extra
    )


def _found(request: HttpRequest, want: Asked, office_id: int | None, code: str, group: str) -> Found:
    groups: Counter[str] = Counter()
    kept: list[Case] = []
    of_field = (
        frozenset(Procedure.objects.filter(field=want.field_id).values_list("code", flat=True))
        if want.field_id
        else None
    )
    when = period(want.first, want.last, clock.now())
    for case in cases_of(when, office_id=office_id, procedure_code=code):
        if want.channel and case.channel != want.channel:
            continue
        if of_field is not None and case.procedure_code not in of_field:
            continue
        mine = want.formula.groups[case.cls]
        groups[mine] += 1
        if group in ("", mine):
            kept.append(case)
    return Found(groups, kept, readable_as_officer(who(request), [case.number for case in kept]))


def _sheet(want: Asked, found: Found) -> Sheet:
    readable = [case for case in found.cases if case.number in found.codes]
    names = procedure_names({case.procedure_code for case in readable})
    return Sheet(
        "ho-so",
        _("Hồ sơ đằng sau con số"),
        (
            Column("so_ho_so", _("Số hồ sơ"), "text"),
            Column("thu_tuc", _("Thủ tục"), "text"),
            Column("noi_nhan", _("Nơi nhận"), "text"),
            Column("kenh", _("Kênh"), "text"),
            Column("tiep_nhan", _("Tiếp nhận"), "text"),
            Column("hen_dau", _("Hẹn đầu"), "text"),
            Column("hen_moi", _("Hẹn mới nhất"), "text"),
            Column("ket_thuc", _("Kết thúc"), "text"),
            *(Column(f"theo_{one.version}", one.name, "text") for one in want.formulas),
        ),
        [_row(case, found.codes[case.number], names, want.formulas) for case in readable],
    )


def _row(case: Case, code: str, names: dict[str, str], formulas: Sequence[Formula]) -> Row:
    ended = f"{end_words().get(case.how, case.how)}" + (f", {_moment(case.ended)}" if case.ended else "")
    return Row(
        (
            Cell(case.number, url=reverse("dossiers:desk", args=[code])),
            Cell(names.get(case.procedure_code, case.procedure_code)),
            Cell(places()[case.office_id].name),
            Cell(channel_words().get(case.channel, case.channel)),
            Cell(_moment(case.accepted)),
            Cell(_moment(case.original_due) or None, _("không có hạn")),
            Cell(_moment(case.due) or None, _("không có hạn")),
            Cell(ended),
            *(Cell(OUTCOME_WORDS.get(one.outcomes[case.cls], one.outcomes[case.cls])) for one in formulas),
        )
    )


def _moment(moment: dt.datetime | None) -> str:
    return words.moment_text(moment) if moment else ""
