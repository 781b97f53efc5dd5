"""What filing costs people: what each service asks, what of it the State has, how long it took, where people stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.dossiers.api import DraftsOf, Step
from tinhso.measures.forms import said
from tinhso.measures.queries.documents import document
from tinhso.measures.queries.effort import (
    Effort,
    Way,
    by_kind,
    effort_named,
    effort_rule,
    efforts,
    levels,
    way_of,
)
from tinhso.measures.queries.places import limits
from tinhso.measures.queries.uptake import thresholds
from tinhso.measures.rules.effort import Again
from tinhso.measures.views.indices import index_tabs
from tinhso.measures.views.sheets import KINDS, Cell, Column, Row, Sheet, as_file
from tinhso.measures.views.telling import Cell as Place
from tinhso.measures.views.telling import Sum, is_told_all, kept_back, not_told
from tinhso.measures.views.uptake import STEP_WORDS
from tinhso.toolkit import clock, words
from tinhso.toolkit.public_page import public_page
from tinhso.toolkit.text import fold

PAGE: Final = 50
#: The tab of the services of which nothing is known.
UNKNOWN: Final = "chua-co"
_HOUR, _DAY = 60, 24 * 60
#: Where the numbers of papers stand in a row of the files.
_PAPER_COLUMNS: Final = slice(6, 9)
#: Cells of the drafts beside those of single pages.
_WHOLE, _SENT, _LATELY, _QUESTIONS = (
    ("", "mo"),
    ("", "nop"),
    ("", "dang-lam"),
    ("", "cau-hoi"),
)


@require_safe
@public_page
def effort_page(request: HttpRequest) -> HttpResponse:
    """Show every service online by how much it asks again though the State has it."""
    now = clock.now()
    every = efforts(now.date())
    kind = said(request.GET, "tai")
    if kind in KINDS:
        return as_file(_whole_sheet(every), kind, _root())
    slugs = {fold(colour).replace(" ", "-"): colour for colour in document("effort")["colours"]}
    tab = said(request.GET, "muc")
    tab = tab if tab in {*slugs, UNKNOWN} else ""
    chosen = [one for one in every if not tab or one.colour == slugs.get(tab, "")]
    page = Paginator(chosen, PAGE).get_page(said(request.GET, "trang"))
    counts = Counter(one.colour for one in every)
    known = [one for one in every if one.effort is not None]
    tabs = [("", _("Tất cả"), len(every))]
    tabs += [(slug, _colour_words(colour), counts[colour]) for slug, colour in slugs.items()]
    tabs += [(UNKNOWN, _("Chưa có số liệu"), counts[""])] if counts[""] else []
    return render(
        request,
        "measures/effort.html",
        {
            "section": "statistics",
            "index_tabs": index_tabs(request),
            "finding": _finding(every),
            "every": every,
            "general": sum(one.asking.form is not None and one.asking.form.is_general for one in every),
            "without_papers": sum(one.asking.papers is None for one in every),
            "is_illustrative": any(one.asking.service.is_illustrative for one in every),
            "today": now.date(),
            "now": now,
            "chart": [(_colour_words(colour), counts[colour]) for colour in slugs.values()],
            "shares": [
                (_colour_words(colour), counts[colour], _share(counts[colour], len(known)))
                for colour in slugs.values()
            ],
            "unknown": counts[""],
            "kinds": [(weight, n, _share(n, len(known))) for weight, n in by_kind(known)],
            "tabs": [(slug, label, n, f"?{urlencode({'muc': slug})}#dich-vu") for slug, label, n in tabs],
            "tab": tab,
            "page": page,
            "rows": [_row(one) for one in page],
            "before": f"?{urlencode({'muc': tab, 'trang': page.number - 1})}#dich-vu",
            "after": f"?{urlencode({'muc': tab, 'trang': page.number + 1})}#dich-vu",
            "files": [(label, f"?tai={key}") for key, (label, _type) in KINDS.items()],
            "rule": effort_rule(),
            "levels": _levels(),
        },
    )


@require_safe
@public_page
def effort_of(request: HttpRequest, code: str) -> HttpResponse:
    """Show what one service asks, what of it the State has, and how drafts of it went."""
    now = clock.now()
    one = effort_named(now.date(), code)
    if one is None:
        raise Http404
    if request.GET:
        return redirect(request.path)
    way = way_of(code, now)
    return render(
        request,
        "measures/effort_of.html",
        {
            "section": "statistics",
            "one": one,
            "row": _row(one),
            "finding": _one_finding(one),
            "again": [
                (again, effort_rule().weights[again.kind].name, _why(again, one)) for again in one.again
            ],
            "filled": [
                (question.title, question.filled, question.boxes)
                for question in (one.asking.form.questions if one.asking.form else ())
                if question.filled
            ],
            "way": way,
            "told": _told(way, is_told_all=is_told_all(request)),
            "minutes": _minutes(way, is_told_all=is_told_all(request)),
            "least": limits().ranked_from,
            "days": thresholds().untouched_days,
            "today": now.date(),
            "now": now,
            "rule": effort_rule(),
            "levels": _levels(),
        },
    )


def _share(n: int, whole: int) -> str:
    return words.percent(n, whole) if whole else _("chưa áp dụng")


def _colour_words(colour: str) -> str:
    if not colour:
        return _("Chưa có số liệu")
    return str(document("effort")["colours"][colour]["name"])


def _levels() -> str:
    """Return the levels in words: 0–1 điểm: ít hỏi lại."""
    return " ".join(
        (
            _("Từ %(a)d điểm: %(name)s.") % {"a": first, "name": _colour_words(colour).lower()}
            if last is None
            else _("%(a)d–%(b)d điểm: %(name)s.")
            % {"a": first, "b": last, "name": _colour_words(colour).lower()}
        )
        for colour, first, last in levels()
    )


def _finding(every: Sequence[Effort]) -> str:
    known = [one for one in every if one.effort is not None]
    if not known:
        return _("Chưa có dịch vụ trực tuyến nào để đo công nộp hồ sơ")
    return _("%(n)s trên %(whole)s dịch vụ trực tuyến còn hỏi điều Nhà nước đã có") % {
        "n": words.number(sum(bool(one.effort) for one in known)),
        "whole": words.number(len(known)),
    }


def _one_finding(one: Effort) -> str:
    said_of = {"name": one.asking.service.name, "n": words.number(len(one.again)), "effort": one.effort}
    if one.effort is None:
        return _("%(name)s: chưa có tờ khai điện tử để đo") % said_of
    if not one.again:
        return _("%(name)s: không hỏi lại điều nào Nhà nước đã có") % said_of
    return _("%(name)s: hỏi lại %(n)s điều Nhà nước đã có, công %(effort)d") % said_of


def _span(least: int, most: int) -> str:
    return words.number(least) if least == most else f"{words.number(least)}–{words.number(most)}"


def _row(one: Effort) -> dict[str, Any]:
    colours = document("effort")["colours"]
    return {
        "service": one.asking.service,
        "url": reverse("measures:effort_of", args=[one.asking.service.code]),
        "is_known": one.effort is not None,
        "pages": _span(one.pages_for_all, one.pages),
        "boxes": _span(one.boxes_for_all, one.boxes),
        "required": words.number(one.required),
        "filled": words.number(one.filled),
        "again": words.number(len(one.again)),
        "uploads": None if one.asking.papers is None else words.number(len(one.uploads)),
        "required_uploads": words.number(
            sum(paper.is_required and paper.is_for_all for paper in one.uploads)
        ),
        "reusable": words.number(len(one.reusable)),
        "effort": "" if one.effort is None else _span(one.effort_for_all or 0, one.effort),
        "colour": _colour_words(one.colour),
        "tag": colours[one.colour]["tag"] if one.colour else "plain",
    }


def _why(again: Again, one: Effort) -> str:
    if not again.typed:
        return again.why
    whole = next(
        question
        for question in (one.asking.form.questions if one.asking.form else ())
        if question.title == again.title and question.source == again.kind
    )
    if whole.filled:
        return _("Tài khoản điền được %(filled)d trên %(whole)d ô.") % {
            "filled": whole.filled,
            "whole": whole.boxes,
        }
    return _("Tờ khai ghi lấy từ tài khoản, nhưng cổng chưa điền được ô nào.")


# Drafts


def _told(way: Way, *, is_told_all: bool) -> dict[str, Any] | None:
    """Return where the drafts stand, in whole percent; None: too few for a share to say anything.

    What stands alone below the threshold stays away, and another share with it, so that nobody works it out.
    """
    drafts = way.drafts
    if drafts is None or (drafts.begun < limits().ranked_from and not is_told_all):
        return None
    cells, sums = _cells(drafts)
    away = kept_back(cells, sums, is_told_all=is_told_all)
    shares = {
        cell: not_told() if cell in away else words.percent(n, drafts.begun, 1) for cell, n in cells.items()
    }
    stops: list[tuple[str, bool, Place]] = []
    for page in drafts.pages:
        if page.step is Step.QUESTIONS and _QUESTIONS not in {cell for _name, _is_inner, cell in stops}:
            stops.append((STEP_WORDS[Step.QUESTIONS], False, _QUESTIONS))
        stops.append((_page_name(page.title, page.step), page.step is Step.QUESTIONS, (page.key, "dung")))
    outer = [(name, cells[cell]) for name, is_inner, cell in stops if not is_inner and cell not in away]
    return {
        "begun": words.number(drafts.begun),
        "sent": shares[_SENT],
        "lately": shares[_LATELY],
        "stops": [(name, is_inner, shares[cell]) for name, is_inner, cell in stops],
        "chart": [(name, round(100 * n / drafts.begun, 1)) for name, n in outer if n],
        "finding": _stop_finding(outer, drafts.begun),
        "hides": bool(away),
    }


def _cells(drafts: DraftsOf) -> tuple[dict[Place, int], list[Sum]]:
    """Return the drafts by where they stand: each step, each page of questions, sent, still worked on; and their sums."""
    pages = {(page.key, "dung"): page for page in drafts.pages}
    inner = tuple(cell for cell, page in pages.items() if page.step is Step.QUESTIONS)
    cells: dict[Place, int] = {cell: page.untouched for cell, page in pages.items()}
    cells |= {
        _WHOLE: drafts.begun,
        _SENT: drafts.sent,
        _LATELY: sum(page.lately for page in drafts.pages),
        _QUESTIONS: sum(cells[cell] for cell in inner),
    }
    outer = (*(cell for cell in pages if cell not in inner), _QUESTIONS, _SENT, _LATELY)
    return cells, [Sum(_WHOLE, outer), Sum(_QUESTIONS, inner)]


def _page_name(title: str, step: Step) -> str:
    return title or STEP_WORDS[step]


def _stop_finding(told: Sequence[tuple[str, int]], begun: int) -> str:
    name, n = max(told, key=lambda pair: pair[1], default=("", 0))
    if not n:
        return _("Không bước nào có đủ tờ khai bị bỏ dở để nêu")
    return _("Bỏ dở nhiều nhất ở bước “%(step)s”: %(share)s tờ khai đã mở") % {
        "step": name,
        "share": words.percent(n, begun, 1),
    }


def _minutes(way: Way, *, is_told_all: bool) -> str:
    """Return the median time from opening a draft to sending it; blank: too few."""
    if way.time is None or (way.time.sent < limits().ranked_from and not is_told_all):
        return ""
    minutes = way.time.median_minutes
    if minutes < 2 * _HOUR:
        return _("%(n)s phút") % {"n": words.number(round(minutes))}
    if minutes < 2 * _DAY:
        return _("%(n)s giờ") % {"n": words.number(round(minutes / _HOUR))}
    return _("%(n)s ngày") % {"n": words.number(round(minutes / _DAY))}


# Files


def _whole_sheet(every: Sequence[Effort]) -> Sheet:
    columns = (
        Column("ma", _("Mã"), "text"),
        Column("ten", _("Dịch vụ"), "text"),
        Column("linh_vuc", _("Lĩnh vực"), "text"),
        Column("trang", _("Trang, ai cũng qua"), unit="trang"),
        Column("trang_nhieu_nhat", _("Trang, nhiều nhất"), unit="trang"),
        Column("o", _("Ô, ai cũng bị hỏi"), unit="ô"),
        Column("o_nhieu_nhat", _("Ô, nhiều nhất"), unit="ô"),
        Column("o_bat_buoc", _("Ô bắt buộc, ai cũng bị hỏi"), unit="ô"),
        Column("o_dien_san", _("Ô cổng điền sẵn"), unit="ô"),
        Column("giay_gui", _("Giấy gửi, nhiều nhất"), unit="giấy"),
        Column("giay_khong_can_nop", _("Giấy không cần nộp"), unit="giấy"),
        Column("giay_lay_lai", _("Giấy lấy lại được"), unit="giấy"),
        Column("dieu_hoi_lai", _("Điều hỏi lại"), unit="điều"),
        Column("cau_chua_ro", _("Câu chưa rõ"), unit="câu"),
        Column("cong_ai_cung", _("Công, ai cũng gặp"), unit="điểm"),
        Column("cong", _("Công, nhiều nhất"), unit="điểm"),
        Column("muc", _("Mức"), "text"),
    )
    return Sheet(
        "cong-nop-ho-so", _("Công nộp hồ sơ của từng dịch vụ"), columns, [_file_row(one) for one in every]
    )


def _file_row(one: Effort) -> Row:
    numbers = (
        one.pages_for_all,
        one.pages,
        one.boxes_for_all,
        one.boxes,
        one.required,
        one.filled,
        len(one.uploads),
        len(one.spared),
        len(one.reusable),
        len(one.again),
        len(one.unclear),
        one.effort_for_all,
        one.effort,
    )
    service = one.asking.service
    lack = _("chưa có số liệu")
    told: list[int | None] = [n if one.effort is not None else None for n in numbers]
    if one.asking.papers is None:
        told[_PAPER_COLUMNS] = [None] * len(told[_PAPER_COLUMNS])
    return Row(
        (
            Cell(service.code),
            Cell(service.name),
            Cell(service.field),
            *(Cell(n, lack=lack) for n in told),
            Cell(_colour_words(one.colour)),
        )
    )


def _root() -> dict[str, Any]:
    rule = effort_rule()
    now = clock.now()
    return {
        "unit": _("trang, ô, giấy, điểm"),
        "on": f"{now.date():%Y-%m-%d}",
        "counted_at": now.isoformat(timespec="seconds"),
        "version": rule.version,
        "source": rule.source,
        "unverified": rule.unverified,
        "definition": rule.explained,
    }
