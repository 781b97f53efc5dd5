"""What comes from the pages of the measures: days, months, filters, a target as typed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from tinhso.measures.queries.uptake import Wanted
from tinhso.measures.rules.coverage import Status as Running
from tinhso.measures.rules.coverage import System
from tinhso.measures.rules.dti import Status
from tinhso.measures.rules.dti_sheet import Evidence, evidence_of, points_of
from tinhso.measures.services.assess_criterion import Assessment
from tinhso.measures.services.assign_criterion import Assignment
from tinhso.measures.services.declare_status import Declared
from tinhso.measures.services.set_target import Aim, Decision
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.words import day_of

#: Nothing is counted before this year.
FIRST_YEAR = 2021
_LONGEST = 200
_LONGEST_WHOLE = 15
_LONGEST_TEXT = 20_000


def said(data: Mapping[str, str], name: str) -> str:
    """Return what was typed, tidy and of bearable length."""
    return tidy(visible(data.get(name, "")))[:_LONGEST]


def month_of(text: str) -> dt.date | None:
    """Return the first day of the month that was typed as 05/2022, or None."""
    return day_of(f"1/{text}")


@dataclass(frozen=True, slots=True)
class Period:
    """The days asked for; ``error`` is a sentence about what was typed, and then the days are the usual ones."""

    first: dt.date
    last: dt.date
    error: str = ""


def period_of(data: Mapping[str, str], usual: dt.date, today: dt.date) -> Period:
    """Return the period that was typed, from ``usual`` to today where nothing was."""
    typed = [said(data, name) for name in ("tu", "den")]
    days = [day_of(text) if text else one for text, one in zip(typed, (usual, today), strict=True)]
    first, last = days
    if first is None or last is None:
        return Period(usual, today, _("Viết ngày như 01/03/2022."))
    if not first <= last <= today or first.year < FIRST_YEAR:
        return Period(usual, today, _("Chọn từ ngày đứng trước đến ngày, không quá hôm nay."))
    return Period(first, last)


def whole_number(text: str) -> int | None:
    """Return the whole number that was typed or that a hidden box carries, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_WHOLE else None


def wanted_of(data: Mapping[str, str]) -> Wanted:
    """Return the filters of the uptake page."""
    return Wanted(said(data, "cap"), said(data, "linh-vuc"), said(data, "co-quan"))


def decision_of(data: Mapping[str, str]) -> tuple[Decision | None, dict[str, str]]:
    """Read number and day of a document; None and the sentences where something is wrong."""
    number, signed = said(data, "number"), day_of(said(data, "date"))
    wrong = {}
    if not number:
        wrong["number"] = _("Ghi số văn bản, ví dụ 45/KH-UBND.")
    if signed is None:
        wrong["date"] = _("Ghi ngày ký văn bản, ví dụ 04/05/2022.")
    return (Decision(number, signed) if number and signed else None), wrong


def aim_of(data: Mapping[str, str], offices: frozenset[str]) -> tuple[Aim | None, dict[str, str]]:
    """Read the key and the numbers of a target; None and the sentences where something is wrong."""
    wrong = {}
    month = month_of(said(data, "month"))
    if month is None or month.year < FIRST_YEAR:
        wrong["month"] = _("Ghi tháng và năm, ví dụ 05/2022.")
    office = said(data, "office")
    if office and office not in offices:
        wrong["office"] = _("Chọn một cơ quan trong danh sách, hoặc cả tỉnh.")
    count, share = said(data, "count").replace(".", ""), said(data, "share").replace(",", ".").rstrip("% ")
    if count and not re.fullmatch(r"\d{1,7}", count, re.ASCII):
        wrong["count"] = _("Ghi số hồ sơ bằng chữ số, ví dụ 1.200.")
    if share and not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", share, re.ASCII):
        wrong["share"] = _("Ghi tỷ lệ bằng chữ số, ví dụ 35 hoặc 35,5.")
    if not count and not share:
        wrong["count"] = _("Ghi số hồ sơ, tỷ lệ, hoặc cả hai.")
    if wrong or month is None:
        return None, wrong
    return Aim(
        month,
        int(office) if office else None,
        said(data, "code")[:20],
        int(count) if count else None,
        Decimal(share) if share else None,
    ), {}


def numbers_of(text: str) -> tuple[int, ...]:
    """Return the row numbers that a hidden box carries, parted by dots; what is none is left out."""
    found = map(whole_number, text[:_LONGEST_TEXT].split("."))
    return tuple(number for number in found if number is not None)


# The Digital Transformation Index


def number_of(text: str) -> int | None:
    """Return the row number that a hidden box carries, None for nothing; what is none counts as a row that is not."""
    return whole_number(text) or 0 if text else None


def lines_of(data: Mapping[str, str], name: str) -> list[str]:
    """Return the lines that were typed, tidy, without empty ones."""
    typed = visible(data.get(name, ""))[:_LONGEST_TEXT]
    return [line for line in map(tidy, typed.splitlines()) if line]


def assessment_of(data: Mapping[str, str]) -> tuple[Assessment | None, dict[str, str]]:
    """Read a self-assessed score with its papers; None and the sentences where something is wrong."""
    wrong = {}
    score = points_of(said(data, "score"))
    if score is None:
        wrong["score"] = _("Ghi số điểm, ví dụ 12,5. Nhiều nhất hai số lẻ.")
    papers: list[Evidence] = []
    for line in lines_of(data, "evidence"):
        paper = evidence_of(line)
        if paper is None:
            words = _("“%(line)s” chưa đúng mẫu. Viết: 12/BC-STTTT – 20/12/2021: nội dung.")
            wrong["evidence"] = words % {"line": line[:80]}
            break
        papers.append(paper)
    if wrong or score is None:
        return None, wrong
    return Assessment(score, tuple(papers), said(data, "link")), {}


def appraisal_of(data: Mapping[str, str]) -> tuple[Decimal | None, str, dict[str, str]]:
    """Read an appraisal: a score, or a refusal with its reason; and the sentences where something is wrong."""
    reason = tidy(visible(data.get("reason", "")))
    if said(data, "act") == "tra-lai":
        return None, reason, {} if reason else {"reason": _("Ghi vì sao trả lại, để người chấm sửa được.")}
    score = points_of(said(data, "appraised"))
    if score is None:
        return None, reason, {"appraised": _("Ghi số điểm, ví dụ 12,5. Nhiều nhất hai số lẻ.")}
    return score, reason, {}


def assignment_of(
    data: Mapping[str, str], offices: frozenset[str]
) -> tuple[Assignment | None, dict[str, str]]:
    """Read who looks after a criterion; None and the sentences where something is wrong."""
    wrong = {}
    office, deadline, status = said(data, "office"), said(data, "deadline"), said(data, "status")
    if office and office not in offices:
        wrong["office"] = _("Chọn một cơ quan trong danh sách, hoặc để chưa giao.")
    if deadline and day_of(deadline) is None:
        wrong["deadline"] = _("Ghi ngày như 31/05/2022, hoặc để trống.")
    if status not in {one.value for one in Status}:
        wrong["status"] = _("Chọn một trạng thái.")
    if wrong:
        return None, wrong
    note = tidy(visible(data.get("note", "")))
    return Assignment(int(office) if office else None, day_of(deadline), Status(status), note), {}


# Coverage of the one-stop and of official signatures


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day asked for and how it stands in its box; ``error`` is a sentence about it, and then the day is today."""

    day: dt.date
    typed: str
    error: str = ""


def as_of(data: Mapping[str, str], today: dt.date) -> AsOf:
    """Return the day that was typed as ``vao``, today where nothing was."""
    typed = said(data, "vao")
    day = day_of(typed) if typed else today
    if day is None:
        return AsOf(today, typed, _("Viết ngày như 01/03/2022."))
    if day > today or day.year < FIRST_YEAR:
        error = _("Chọn một ngày từ năm %(year)d, không quá hôm nay.") % {"year": FIRST_YEAR}
        return AsOf(today, typed, error)
    return AsOf(day, f"{day:%d/%m/%Y}")


def declared_of(data: Mapping[str, str], offices: frozenset[str]) -> tuple[Declared | None, dict[str, str]]:
    """Read what a body declares; None and the sentences where something is wrong."""
    wrong = {}
    office, system, status = (said(data, name) for name in ("office", "system", "status"))
    since = day_of(said(data, "since"))
    if office not in offices:
        wrong["office"] = _("Chọn một cơ quan trong danh sách.")
    if system not in set(System):
        wrong["system"] = _("Chọn một trong ba hệ thống.")
    if status not in (Running.RUNS, Running.RUNS_NOT):
        wrong["status"] = _("Chọn chạy hoặc không chạy, theo đúng văn bản.")
    if since is None or since.year < FIRST_YEAR:
        wrong["since"] = _("Ghi ngày bắt đầu, từ năm %(year)d, ví dụ 01/04/2022.") % {"year": FIRST_YEAR}
    if wrong or since is None:
        return None, wrong
    return Declared(int(office), System(system), Running(status), since), {}
