"""The pages of service levels: who could be on level 4 and is not, and the decisions of one procedure."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.catalogue.models import LEVELS
from tinhso.catalogue.permissions import PROCEDURES, MayProcedure
from tinhso.catalogue.queries import level_worklist as reads
from tinhso.catalogue.queries.catalogue import NEW_SYSTEM_FROM
from tinhso.catalogue.queries.compare import LEVEL_WORDS
from tinhso.catalogue.queries.level_worklist import Waiting, WantedWaiting
from tinhso.catalogue.services.decide_eligibility import EligibilityDecision, decide_eligibility
from tinhso.catalogue.services.decide_level import LevelDecision, decide_level
from tinhso.catalogue.services.write_draft import OfficeRefused
from tinhso.catalogue.views.frame import day_of, frame, keepers_only, plain
from tinhso.directory.api import who
from tinhso.toolkit import clock
from tinhso.toolkit.spreadsheet import guarded
from tinhso.toolkit.words import date_text

_A_PAGE = 50
_COLUMNS = (
    ("ma_thu_tuc", "ten_thu_tuc", "linh_vuc", "co_quan", "cap_thuc_hien", "muc_do"),
    (
        "so_ho_so_mot_nam",
        "de_an_06",
        "danh_muc_tinh",
        "ly_do_du_dieu_kien",
        "can_cu",
        "du_dieu_kien_tu",
        "minh_hoa",
    ),
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a request asks of the list: its day, the filters, and the words typed."""

    day: dt.date
    wanted: WantedWaiting
    typed: dict[str, str]
    error: str

    @property
    def query(self) -> str:
        return urlencode({name: value for name, value in self.typed.items() if value})


def _asked(request: HttpRequest) -> _Asked:
    typed = {
        name: plain(request.GET.get(name, "")) for name in ("ngay", "linh-vuc", "co-quan", "cap", "de-an")
    }
    day, error = day_of(typed["ngay"]), ""
    if typed["ngay"] and day is None:
        error = _("Ghi đủ ngày, tháng, năm, ví dụ 24/05/2022. Số dưới đây là của hôm nay.")
    wanted = WantedWaiting(typed["linh-vuc"], typed["co-quan"], typed["cap"], bool(typed["de-an"]))
    return _Asked(day or clock.today(), wanted, typed, error)


@require_safe
@keepers_only
def levels(request: HttpRequest) -> HttpResponse:
    """Show both systems of levels on a day, and the procedures that may be on level 4 and are not."""
    asked = _asked(request)
    every = reads.eligible_not_yet(who(request), asked.day)
    rows = [one for one in every if asked.wanted.takes(one)]
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "catalogue/office/levels.html",
        {
            **frame(request, "levels"),
            "both": reads.side_by_side(asked.day),
            "new_from": NEW_SYSTEM_FROM,
            "asked": asked,
            "typed": asked.typed,
            "day_text": asked.typed["ngay"] or date_text(asked.day),
            "page": page,
            "total": len(rows),
            "project_06": sum(one.is_project_06 for one in rows),
            "fields": reads.counted_by(every, "field"),
            "departments": reads.counted_by(every, "department"),
            "levels": [(key, LEVEL_WORDS[key]) for key in LEVELS],
            "is_filtered": any(value for name, value in asked.typed.items() if name != "ngay"),
        },
    )


@require_safe
@keepers_only
def levels_csv(request: HttpRequest) -> HttpResponse:
    """Give the filtered list as a table for spreadsheets."""
    asked = _asked(request)
    rows = [one for one in reads.eligible_not_yet(who(request), asked.day) if asked.wanted.takes(one)]
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"chua-len-muc-do-4-{asked.day:%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    sheet = csv.writer(response, lineterminator="\r\n")
    sheet.writerow([name for part in _COLUMNS for name in part])
    sheet.writerows([guarded(cell) for cell in _cells(one)] for one in rows)
    return response


def _cells(one: Waiting) -> tuple[str, ...]:
    return (
        one.code,
        one.name,
        one.field,
        one.department,
        "; ".join(LEVEL_WORDS.get(level, level) for level in one.executing_levels),
        one.level,
        str(one.used),
        _yes(one.is_project_06),
        _yes(one.is_listed),
        one.eligibility.reason,
        one.eligibility.basis,
        f"{one.eligibility.valid_from:%Y-%m-%d}",
        _yes(one.eligibility.is_illustrative),
    )


def _yes(fact: bool) -> str:
    return "co" if fact else "khong"


# One procedure


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def level(request: HttpRequest, code: str) -> HttpResponse:
    """Show all decisions of a procedure and take the next one; what was typed stays on a mistake."""
    actor = who(request)
    wrong: dict[str, str] = {}
    error, about = "", ""
    if request.method == "POST":
        # For whoever may not decide the page is not there: neither the act nor its mistakes.
        PROCEDURES.look(actor, MayProcedure.DECIDE, code=code)
        about = "dieu-kien" if request.POST.get("viec") == "dieu-kien" else "muc-do"
        said, wrong = (_eligibility_of if about == "dieu-kien" else _level_of)(request)
        try:
            if isinstance(said, LevelDecision):
                decide_level(by=actor, at=clock.now(), code=code, decision=said)
            elif said is not None:
                decide_eligibility(by=actor, at=clock.now(), code=code, decision=said)
        except OfficeRefused as refused:
            error = str(refused)
        else:
            if said is not None:
                messages.success(
                    request, _("Đã ghi, áp dụng từ %(day)s.") % {"day": date_text(said.valid_from)}
                )
                return redirect("catalogue:level", code=code)
    whole = reads.levels_of(actor, code, clock.today())
    typed = request.POST if request.method == "POST" else {}
    return render(
        request,
        "catalogue/office/level.html",
        {
            **frame(request, "levels"),
            "whole": whole,
            "levels": [(one, reads.level_words(one.system, one.level)) for one in whole.levels],
            "level_now": reads.level_words(whole.level_now.system, whole.level_now.level)
            if whole.level_now
            else reads.level_words(2011, 0),
            "may_decide": PROCEDURES.holds(actor, MayProcedure.DECIDE, whole.procedure),
            "systems": [_system(system) for system in reads.SYSTEM_LEVELS],
            "typed_level": typed if about == "muc-do" else {},
            "typed_eligibility": typed if about == "dieu-kien" else {},
            "wrong": wrong,
            "error": error,
        },
        status=422 if wrong or error else 200,
    )


def _system(system: int) -> tuple[str, list[tuple[str, str]]]:
    until = date_text(NEW_SYSTEM_FROM - dt.timedelta(days=1))
    words = {
        2011: _("Nghị định 43/2011, áp dụng đến hết %(day)s") % {"day": until},
        2022: _("Nghị định 42/2022, áp dụng từ %(day)s") % {"day": date_text(NEW_SYSTEM_FROM)},
    }
    return words[system], [
        (f"{system}-{level}", reads.level_words(system, level)) for level in reads.SYSTEM_LEVELS[system]
    ]


def _typed(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "").strip()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _level_of(request: HttpRequest) -> tuple[LevelDecision | None, dict[str, str]]:
    wrong: dict[str, str] = {}
    system, _dash, chosen = _typed(request, "level").partition("-")
    signed, starts = day_of(_typed(request, "date")), day_of(_typed(request, "day"))
    if _number(chosen) not in reads.SYSTEM_LEVELS.get(_number(system), ()):
        wrong["level"] = _("Chọn mức độ.")
    if not _typed(request, "number"):
        wrong["number"] = _("Ghi số quyết định, ví dụ 915/QĐ-UBND.")
    if signed is None:
        wrong["date"] = _("Ghi ngày ký quyết định, ví dụ 24/05/2022.")
    if starts is None:
        wrong["day"] = _("Ghi đủ ngày, tháng, năm, ví dụ 01/06/2022.")
    if not _typed(request, "reason"):
        wrong["reason"] = _("Ghi lý do, ví dụ: đã trả kết quả qua mạng.")
    if wrong or signed is None or starts is None:
        return None, wrong
    return (
        LevelDecision(
            _number(system),
            _number(chosen),
            starts,
            _typed(request, "number"),
            signed,
            _typed(request, "reason"),
            _number(_typed(request, "seen")),
        ),
        {},
    )


def _eligibility_of(request: HttpRequest) -> tuple[EligibilityDecision | None, dict[str, str]]:
    wrong: dict[str, str] = {}
    starts, answer = day_of(_typed(request, "from")), _typed(request, "eligible")
    if answer not in ("co", "khong"):
        wrong["eligible-co"] = _("Chọn đủ điều kiện hay chưa.")
    if not _typed(request, "why"):
        wrong["why"] = _("Ghi lý do, ví dụ: còn bản giấy phải nộp tại quầy.")
    if not _typed(request, "basis"):
        wrong["basis"] = _("Ghi căn cứ, ví dụ số văn bản hoặc biên bản rà soát.")
    if starts is None:
        wrong["from"] = _("Ghi đủ ngày, tháng, năm, ví dụ 01/06/2022.")
    if wrong or starts is None:
        return None, wrong
    return (
        EligibilityDecision(
            answer == "co",
            starts,
            _typed(request, "why"),
            _typed(request, "basis"),
            _number(_typed(request, "seen")),
        ),
        {},
    )
