"""The Digital Transformation Index for everybody: main indices of a year, sets by date, published ranks; CSV, JSON."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.measures.forms import said
from tinhso.measures.queries.dti import (
    SCORES,
    WEEK,
    Board,
    Published,
    board_of,
    index_versions,
    own_province,
    periods,
    published,
    scores_since,
    version_of,
    version_on,
)
from tinhso.measures.rules.dti import GroupScore, Version, ranks, ranks_by_rule
from tinhso.measures.views.dti_frame import index_text, period_asked, score_words, standing_words, year_of
from tinhso.measures.views.frame import plain, signed
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.public_page import public_page
from tinhso.toolkit.spreadsheet import guarded
from tinhso.toolkit.words import number

SHARE_PLACES = 4


def _period_board(request: HttpRequest) -> Board | None:
    try:
        period = period_asked(request)
    except NotThere:
        raise Http404 from None
    return board_of(period) if period else None


def _version_asked(request: HttpRequest, today: dt.date) -> Version:
    """Return the set asked for, without one the set in force today."""
    name = said(request.GET, "bo")
    found = version_of(name) if name else version_on(today) or index_versions()[0]
    if found is None:
        raise Http404
    return found


def _formula(version: Version) -> str:
    """Write the formula of a set with its weights."""
    if version.weights is None:
        return ""
    parts = " + ".join(f"{number(int(points))}·{name}" for name, points in version.weights.points.items())
    return f"DTI = ({parts}) / {number(int(version.weights.whole))}"


def _state(version: Version, today: dt.date) -> tuple[str, str]:
    if version.effective_from > today:
        return "soon", _("Chưa có hiệu lực")
    if version.effective_until is not None and version.effective_until < today:
        return "plain", _("Hết hiệu lực")
    return "ok", _("Đang có hiệu lực")


@require_safe
@public_page
def dti_page(request: HttpRequest) -> HttpResponse:
    """Show the main indices of a year, the set it was scored by, and the set in force today."""
    today, now = clock.today(), clock.now()
    board, looked_at = _period_board(request), _version_asked(request, today)
    context: dict[str, Any] = {
        "province": own_province(),
        "now": now,
        "today": today,
        "in_force": version_on(today),
        "looked_at": looked_at,
        "formula_looked_at": _formula(looked_at),
        "versions": [
            {"version": one, "state": _state(one, today), "next": one.effective_until}
            for one in index_versions()
        ],
        "years": [one.year for one in periods()],
        "ranks": [
            {"year": one, "rank": one.rank_of(own_province()), "is_later": one.known_from > today}
            for one in published()
        ],
        "finding": _("Chưa có năm nào chấm điểm chuyển đổi số"),
    }
    if board is not None:
        context |= _shown(board, now, today)
    return render(request, "measures/dti.html", context)


def _shown(board: Board, now: dt.datetime, today: dt.date) -> dict[str, Any]:
    main = "final" if board.period.closed_at else "self"
    standings = {kind: board.standing(kind) for kind in SCORES}
    rows = [
        {
            "group": groups["self"].index,
            "n": groups["self"].items,
            "scores": [{"name": score_words()[kind], **_cell(groups[kind])} for kind in SCORES],
            "bar": _bar(groups[main]),
        }
        for groups in (
            dict(zip(SCORES, each, strict=True))
            for each in zip(*(standings[kind].groups for kind in SCORES), strict=True)
        )
    ]
    rows.sort(key=lambda row: (not row["group"].points, -row["bar"]))
    changes = scores_since(board, board_of(board.period, now - WEEK))
    return {
        "board": board,
        "rows": rows,
        "figures": [
            {"name": score_words()[kind], "big": big, "of": of, "kind": kind}
            for kind in SCORES
            for big, of in [standing_words(standings[kind])]
        ],
        "score_names": [score_words()[kind] for kind in SCORES],
        "finding": _finding(board),
        "formula": _formula(board.version),
        "is_trial": board.version.effective_from > today,
        "chart": [(row["group"].name, row["bar"]) for row in rows if row["group"].points and row["n"]],
        "chart_kind": score_words()[main].lower(),
        "chart_finding": _chart_finding(rows),
        "week": {"n": len(changes), "points": signed(sum(changes.values(), Decimal(0)))},
        "items": len(board.lines),
        "list_points": plain(sum((one.criterion.max_score for one in board.lines), Decimal(0))),
    }


def _bar(group: GroupScore) -> float:
    """Return the share reached for certain, in percent of the maximum."""
    return float(round(100 * group.at_least, 1))


def _cell(group: GroupScore) -> dict[str, str]:
    """Return what a table says of a main index by one of the scores."""
    if not group.items:
        return {"text": _("chưa có chỉ tiêu"), "more": ""}
    if group.missing == group.items:
        return {"text": _("chưa có số liệu"), "more": ""}
    points = _("%(a)s trên %(b)s điểm") % {"a": plain(group.known), "b": plain(group.maximum)}
    if group.share is not None:
        return {"text": _share_text(group.share), "more": points}
    words = _("thiếu %(n)s trên %(whole)s chỉ tiêu, ít nhất %(least)s")
    return {
        "text": _("chưa đủ số liệu"),
        "more": words % {"n": group.missing, "whole": group.items, "least": _share_text(group.at_least)},
    }


def _share_text(share: Fraction) -> str:
    return index_text(Decimal(float(share)))


def _finding(board: Board) -> str:
    year = {"year": board.period.year}
    for kind, words in (
        ("final", _("Năm %(year)s tỉnh đạt %(value)s trên 1")),
        ("appraised", _("Năm %(year)s tỉnh được thẩm định %(value)s trên 1")),
        ("self", _("Năm %(year)s tỉnh tự chấm %(value)s trên 1")),
    ):
        if (value := board.standing(kind).value) is not None:
            return words % {**year, "value": index_text(value)}
    found = board.standing("self")
    if not found.scored or found.at_least is None:
        return _("Năm %(year)s chưa có điểm nào") % year
    words = _("Năm %(year)s còn thiếu điểm %(n)s chỉ tiêu, tự chấm ít nhất %(value)s trên 1")
    return words % {**year, "n": found.missing, "value": index_text(found.at_least)}


def _chart_finding(rows: list[dict[str, Any]]) -> str:
    bars = [(row["bar"], row["group"].name) for row in rows if row["group"].points and row["n"]]
    if not bars:
        return ""
    said_of = {"high": max(bars)[1], "low": min(bars)[1], "a": plain(max(bars)[0]), "b": plain(min(bars)[0])}
    return _("Cao nhất: %(high)s, %(a)s %%. Thấp nhất: %(low)s, %(b)s %%.") % said_of


@require_safe
@public_page
def ranks_page(request: HttpRequest) -> HttpResponse:
    """Show the published ranks of a year beside what the published shares and the rule of ties give."""
    every, year = published(), year_of(request)
    found = next((one for one in every if one.year == year), None if year else every[0])
    if found is None:
        raise Http404
    rows = rank_rows(found)
    by_value = [row for row in rows if row["computed"] is not None]
    return render(
        request,
        "measures/dti_ranks.html",
        {
            "found": found,
            "version": version_of(found.version),
            "years": [one.year for one in every],
            "rows": rows,
            "province": own_province(),
            "rank": found.rank_of(own_province()),
            "is_whole": len(rows) > 1,
            "valued": len(by_value),
            "differing": sum(1 for row in by_value if row["difference"]),
            "against_rule": sum(1 for row in rows if row["by_rule"] != row["rank"]) if len(rows) > 1 else 0,
            "is_later": found.known_from > clock.today(),
        },
    )


def rank_rows(found: Published) -> list[dict[str, Any]]:
    """Return each published row with what its shares give, and the ranks that follow."""
    version = version_of(found.version)
    weights = version.weights if version else None
    computed = [
        weights.value({key: Decimal(share) for key, share in row["shares"].items()})
        if weights is not None and "shares" in row
        else None
        for row in found.rows
    ]
    by_rule = ranks_by_rule([row["rank"] for row in found.rows])
    return [
        {
            "province": row["province"],
            "rank": row["rank"],
            "value": index_text(Decimal(row["value"])) if "value" in row else "",
            "computed": index_text(value) if value is not None else None,
            "difference": _difference(value, row),
            "computed_rank": rank,
            "by_rule": rule,
        }
        for row, value, rank, rule in zip(found.rows, computed, ranks(computed), by_rule, strict=True)
    ]


def _difference(value: Decimal | None, row: dict[str, Any]) -> str:
    """Write how far what the shares give is from what was published; empty where they are equal."""
    if value is None or (difference := value - Decimal(row["value"])) == 0:
        return ""
    return ("+" if difference > 0 else "−") + index_text(abs(difference))


COLUMNS = (
    *("nam", "bo_chi_so", "nhom", "ten_nhom", "trong_so", "so_chi_tieu", "diem_toi_da_danh_sach"),
    *(
        f"{kind}_{what}"
        for kind in ("tu_cham", "tham_dinh", "diem_cuoi")
        for what in ("diem", "thieu", "ty_le")
    ),
    *("la_minh_hoa", "tinh_luc"),
)


def _table(board: Board, now: dt.datetime) -> list[dict[str, Any]]:
    standings = [board.standing(kind) for kind in SCORES]
    rows = []
    for groups in zip(*(one.groups for one in standings), strict=True):
        index, first = groups[0].index, groups[0]
        row: dict[str, Any] = {
            "nam": board.period.year,
            "bo_chi_so": board.version.version,
            "nhom": index.id,
            "ten_nhom": index.name,
            "trong_so": index.points,
            "so_chi_tieu": first.items,
            "diem_toi_da_danh_sach": str(first.maximum),
        }
        for name, group in zip(("tu_cham", "tham_dinh", "diem_cuoi"), groups, strict=True):
            row[f"{name}_diem"] = str(group.known) if group.items > group.missing else None
            row[f"{name}_thieu"] = group.missing
            share = group.share
            row[f"{name}_ty_le"] = None if share is None else round(float(share), SHARE_PLACES)
        row |= {"la_minh_hoa": "co" if board.is_illustrative else "khong", "tinh_luc": _moment(now)}
        rows.append(row)
    return rows


def _moment(now: dt.datetime) -> str:
    return now.astimezone(clock.VN).isoformat(timespec="minutes")


@require_safe
def dti_csv(request: HttpRequest) -> HttpResponse:
    """Give the main indices of a year as CSV; an empty cell is a score that is not known, never 0."""
    board = _period_board(request)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="chi-so-chuyen-doi-so.csv"'
    sheet = csv.writer(response, lineterminator="\r\n")
    sheet.writerow(COLUMNS)
    for row in _table(board, clock.now()) if board else ():
        sheet.writerow([guarded(row[name]) if isinstance(row[name], str) else row[name] for name in COLUMNS])
    return response


@require_safe
def dti_json(request: HttpRequest) -> HttpResponse:
    """Give the main indices of a year with index, bounds, set, formula and source as JSON."""
    board, now = _period_board(request), clock.now()
    document: dict[str, Any] = {"tinh_luc": _moment(now), "nam": None, "nhom": []}
    if board is not None:
        document |= {
            "nam": board.period.year,
            "bo_chi_so": board.version.version,
            "quyet_dinh": board.version.decision,
            "hieu_luc_tu": board.version.effective_from.isoformat(),
            "cong_thuc": _formula(board.version),
            "nguon": board.version.source,
            "sha256_nguon": board.version.source_sha256,
            "chua_kiem_chung": board.version.unverified,
            "la_minh_hoa": board.is_illustrative,
            "chot_luc": _moment(board.period.closed_at) if board.period.closed_at else None,
            "dti": {
                name: {
                    "gia_tri": found.value,
                    "it_nhat": found.at_least,
                    "nhieu_nhat": found.at_most,
                    "thieu": found.missing,
                }
                for name, kind in zip(("tu_cham", "tham_dinh", "diem_cuoi"), SCORES, strict=True)
                for found in [board.standing(kind)]
            },
            "nhom": _table(board, now),
        }
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 2})
