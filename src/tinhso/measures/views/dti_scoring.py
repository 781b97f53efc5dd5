"""Scores of the criteria: the list with its filters, and one criterion with its scores, evidence and history."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.directory.api import OfficeKind, offices, who
from tinhso.measures.forms import appraisal_of, assessment_of, assignment_of, number_of, said
from tinhso.measures.permissions import APPRAISERS, ASSESSORS, MayScore
from tinhso.measures.queries.dti import (
    WEEK,
    Board,
    History,
    Line,
    board,
    board_of,
    line_of,
    may,
    may_appraise,
    scores_since,
    undecided,
)
from tinhso.measures.rules.dti import Badge, Status
from tinhso.measures.services.appraise_criterion import appraise_criterion
from tinhso.measures.services.assess_criterion import DtiChanged, DtiRefused, assess_criterion
from tinhso.measures.services.assign_criterion import assign_criterion
from tinhso.measures.views.dti_frame import (
    badge_words,
    period_asked,
    scorers_only,
    standing_words,
    status_words,
)
from tinhso.measures.views.frame import plain, signed
from tinhso.measures.views.keepers import keepers_frame
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.words import date_text, number

#: Bodies that may look after a criterion.
KINDS = (OfficeKind.DEPARTMENT, OfficeKind.DISTRICT)
DASH = "–"


def _points(value: Decimal | None) -> str:
    return DASH if value is None else plain(value)


def _row(line: Line, one: Board, changes: dict[int, Decimal]) -> dict[str, Any]:
    index = one.version.index(line.criterion.group)
    kind, words = badge_words()[line.badge]
    change = changes.get(line.criterion.pk)
    return {
        "line": line,
        "criterion": line.criterion,
        "group": index.name if index else line.criterion.group,
        "is_scored_group": bool(index and index.points),
        "maximum": plain(line.criterion.max_score),
        "self": _points(line.self_score),
        "appraised": _points(line.appraised_score),
        "final": _points(line.final),
        "difference": signed(line.difference) if line.difference else _points(line.difference),
        "status": status_words()[line.status],
        "badge": {"kind": kind, "words": words},
        "office": line.assignment.office.name if line.assignment and line.assignment.office else "",
        "deadline": line.assignment.deadline if line.assignment else None,
        "is_late": line.is_late(clock.today()),
        "change": signed(change) if change else "",
    }


@require_safe
@scorers_only
def criteria_page(request: HttpRequest) -> HttpResponse:
    """List the criteria of a period, filtered by group, status, missing evidence, difference."""
    context: dict[str, Any] = keepers_frame(request, "dti_criteria")
    period = period_asked(request)
    if period is None:
        return render(request, "measures/dti_criteria.html", {**context, "finding": _("Chưa mở kỳ chấm nào")})
    one = board(who(request), period.year)
    changes = scores_since(one, board_of(period, clock.now() - WEEK))
    filters = {
        name: said(request.GET, name) for name in ("nhom", "trang-thai", "tinh-hinh", "thieu", "chenh")
    }
    kept = [line for line in one.lines if _is_wanted(line, filters)]
    done = sum(1 for line in one.lines if line.appraised_score is not None)
    words = _("%(n)s trên %(whole)s chỉ tiêu năm %(year)s đã thẩm định xong")
    return render(
        request,
        "measures/dti_criteria.html",
        {
            **context,
            "board": one,
            "finding": words % {"n": number(done), "whole": number(len(one.lines)), "year": period.year},
            "rows": [_row(line, one, changes) for line in kept],
            "n_kept": len(kept),
            "is_filtered": any(filters.values()),
            "filters": filters,
            "boxes": _boxes(one, filters),
            "standings": [
                {"name": name, "big": big, "of": of}
                for name, kind in ((_("Tự chấm"), "self"), (_("Thẩm định"), "appraised"))
                for big, of in [standing_words(one.standing(kind))]
            ],
            "counts": {
                "unscored": sum(1 for line in one.lines if line.assessment is None),
                "bare": sum(1 for line in one.lines if line.lacks_evidence),
                "undecided": len(undecided(one.lines)),
            },
            "week": {"n": len(changes), "points": signed(sum(changes.values(), Decimal(0)))},
            "is_illustrative": one.is_illustrative,
            "may_assess": may(who(request), MayScore.ASSESS, period),
        },
    )


def _is_wanted(line: Line, filters: dict[str, str]) -> bool:
    wanted: dict[str, Callable[[], bool]] = {
        "nhom": lambda: line.criterion.group == filters["nhom"],
        "trang-thai": lambda: line.status.value == filters["trang-thai"],
        "tinh-hinh": lambda: line.badge.value == filters["tinh-hinh"],
        "thieu": lambda: line.lacks_evidence,
        "chenh": lambda: bool(line.difference),
    }
    return all(test() for name, test in wanted.items() if filters[name])


def _boxes(one: Board, filters: dict[str, str]) -> list[dict[str, Any]]:
    groups = [(index.id, index.name) for index in one.version.indices]
    statuses = [(status.value, words) for status, words in status_words().items()]
    badges = [(badge.value, words) for badge, (_kind, words) in badge_words().items()]
    return [
        {"name": name, "title": title, "all": every, "options": options, "value": filters[name]}
        for name, title, every, options in (
            ("nhom", _("Nhóm"), _("Mọi nhóm"), groups),
            ("trang-thai", _("Trạng thái ghi tay"), _("Mọi trạng thái"), statuses),
            ("tinh-hinh", _("Tình hình điểm"), _("Mọi tình hình"), badges),
        )
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@scorers_only
def criterion_page(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Show one criterion of a year; score, appraise or assign it at a press."""
    actor = who(request)
    one, line, history = line_of(actor, year, pk)
    places = [(str(place.pk), place.name) for kind in KINDS for place in offices(kind, clock.today())]
    typed, wrong, error = _held(line), {}, ""
    if request.method == "POST":
        act = ACTS.get(said(request.POST, "act"))
        if act is None:
            raise Http404
        _see_allowed(request, one, line)
        typed |= {name: request.POST.get(name, "")[:20_000] for name in typed if name in request.POST}
        try:
            wrong = act(request, year, pk, frozenset(value for value, _name in places))
        except DtiRefused as refused:
            error = str(refused)
        except DtiChanged:
            error = _("Người khác vừa đổi chỉ tiêu này. Xem số mới bên dưới rồi bấm lần nữa.")
        if not wrong and not error:
            messages.success(request, _("Đã ghi."))
            return redirect("measures:dti_criterion", year=year, pk=pk)
        one, line, history = line_of(actor, year, pk)
    changes = scores_since(one, board_of(one.period, clock.now() - WEEK))
    return render(
        request,
        "measures/dti_criterion.html",
        {
            **keepers_frame(request, "dti_criteria"),
            **_row(line, one, changes),
            "board": one,
            "typed": typed,
            "wrong": wrong,
            "error": error,
            "places": places,
            "statuses": [(status.value, words) for status, words in status_words().items()],
            "events": _events(history),
            "may_assess": may(actor, MayScore.ASSESS, one.period),
            "may_appraise": may_appraise(actor, line.assessment),
            "is_assessor": actor.holds(*ASSESSORS),
            "is_appraiser": actor.holds(*APPRAISERS),
            "is_refused": line.badge == Badge.REFUSED,
            "is_illustrative": one.is_illustrative,
        },
        status=422 if wrong or error else 200,
    )


def _see_allowed(request: HttpRequest, one: Board, line: Line) -> None:
    """See that whoever sends a form was shown it, before what was typed is read. Raises ``NotThere``."""
    appraises = said(request.POST, "act") in ("tham-dinh", "tra-lai")
    if appraises and not may_appraise(who(request), line.assessment):
        raise NotThere
    if not appraises and not may(who(request), MayScore.ASSESS, one.period):
        raise NotThere


def _held(line: Line) -> dict[str, str]:
    """Return what the forms hold at first: what holds by now."""
    held, duty = line.assessment, line.assignment
    return {
        "score": plain(held.score) if held else "",
        "evidence": "\n".join(str(paper) for paper in line.evidence),
        "link": held.link if held else "",
        "appraised": _points(line.appraised_score if line.appraisal else line.self_score).replace(DASH, ""),
        "reason": "",
        "office": str(duty.office_id or "") if duty else "",
        "deadline": date_text(duty.deadline) if duty and duty.deadline else "",
        "status": line.status.value,
        "note": duty.note if duty else "",
    }


def _assess(request: HttpRequest, year: int, pk: int, _places: frozenset[str]) -> dict[str, str]:
    found, wrong = assessment_of(request.POST)
    if found is not None:
        assess_criterion(
            by=who(request),
            at=clock.now(),
            year=year,
            criterion=pk,
            said=found,
            seen=number_of(said(request.POST, "seen")),
        )
    return wrong


def _appraise(request: HttpRequest, _year: int, _pk: int, _places: frozenset[str]) -> dict[str, str]:
    score, reason, wrong = appraisal_of(request.POST)
    if not wrong:
        appraise_criterion(
            by=who(request),
            at=clock.now(),
            assessment=number_of(said(request.POST, "assessment")) or 0,
            score=score,
            reason=reason,
            seen=number_of(said(request.POST, "seen")),
        )
    return wrong


def _assign(request: HttpRequest, year: int, pk: int, places: frozenset[str]) -> dict[str, str]:
    found, wrong = assignment_of(request.POST, places)
    if found is not None:
        assign_criterion(
            by=who(request),
            at=clock.now(),
            year=year,
            criterion=pk,
            said=found,
            seen=number_of(said(request.POST, "seen")),
        )
    return wrong


#: What can be done to a criterion, by the word that its form sends.
ACTS: dict[str, Callable[[HttpRequest, int, int, frozenset[str]], dict[str, str]]] = {
    "tu-cham": _assess,
    "tham-dinh": _appraise,
    "tra-lai": _appraise,
    "phan-cong": _assign,
}


def _events(history: History) -> list[dict[str, Any]]:
    """Return all that was said of a criterion, the latest first: when, who, what."""
    said_by = _("Hệ thống, minh họa")
    rows = [
        {
            "at": one.assessed_at,
            "by": one.assessed_by.person.name if one.assessed_by else said_by,
            "what": _("Tự chấm"),
            "score": plain(one.score),
            "more": [str(paper) for paper in one.evidence.all()] or [_("chưa có minh chứng")],
        }
        for one in history.assessments
    ]
    rows += [
        {
            "at": one.appraised_at,
            "by": one.appraised_by.person.name if one.appraised_by else said_by,
            "what": _("Thẩm định") if one.score is not None else _("Trả lại"),
            "score": _points(one.score),
            "more": [one.reason] if one.reason else [],
        }
        for one in history.appraisals
    ]
    rows += [
        {
            "at": one.assigned_at,
            "by": one.assigned_by.person.name if one.assigned_by else said_by,
            "what": _("Phân công"),
            "score": "",
            "more": [
                part
                for part in (
                    status_words()[Status(one.status)],
                    one.office.name if one.office else _("chưa giao cơ quan nào"),
                    _("hạn %(day)s") % {"day": date_text(one.deadline)} if one.deadline else "",
                    one.note,
                )
                if part
            ],
        }
        for one in history.assignments
    ]
    return sorted(rows, key=lambda row: row["at"], reverse=True)
