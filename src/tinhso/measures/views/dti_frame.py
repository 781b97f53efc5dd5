"""What every page for those who give and appraise scores needs: who may come in, the side menu, words, points."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tinhso.directory.api import holders_only
from tinhso.measures.forms import number_of, said
from tinhso.measures.models import DtiPeriod
from tinhso.measures.permissions import APPRAISERS, ASSESSORS
from tinhso.measures.queries.dti import periods
from tinhso.measures.rules.dti import Badge, Standing, Status
from tinhso.toolkit.policy import NotThere

#: Lets only those in who give scores or appraise them.
scorers_only = holders_only(*ASSESSORS, *APPRAISERS)
LONGEST_YEAR = 4


def year_of(request: HttpRequest) -> int | None:
    """Return the year asked for, None where none is named or it is no year."""
    typed = said(request.GET, "nam")
    return number_of(typed) or None if len(typed) == LONGEST_YEAR else None


def period_asked(request: HttpRequest) -> DtiPeriod | None:
    """Return the period of the year asked for, without one the latest; None where none was opened. Raises ``NotThere``."""
    every = list(periods())
    year = year_of(request)
    if year is None:
        return every[0] if every else None
    found = next((one for one in every if one.year == year), None)
    if found is None:
        raise NotThere
    return found


def status_words() -> dict[Status, str]:
    """Return the statuses that a person chooses, as people read them."""
    return {
        Status.NOT_STARTED: _("Chưa thực hiện"),
        Status.IN_PROGRESS: _("Đang thực hiện"),
        Status.NEEDS_EVIDENCE: _("Cần bổ sung minh chứng"),
        Status.DONE: _("Hoàn thành"),
    }


def badge_words() -> dict[Badge, tuple[str, str]]:
    """Return the badges that are worked out: the kind of tag and the words."""
    return {
        Badge.UNSCORED: ("plain", _("Chưa có điểm")),
        Badge.REFUSED: ("bad", _("Bị trả lại")),
        Badge.WITHOUT_EVIDENCE: ("soon", _("Thiếu minh chứng")),
        Badge.WAITING_AGAIN: ("soon", _("Chờ thẩm định lại")),
        Badge.WAITING: ("plain", _("Chờ thẩm định")),
        Badge.DIFFERENT: ("ok", _("Đã thẩm định, có chênh")),
        Badge.APPRAISED: ("ok", _("Đã thẩm định")),
        Badge.FINAL: ("ok", _("Đã chốt")),
    }


def score_words() -> dict[str, str]:
    """Return the names of the three scores."""
    return {"self": _("Tự chấm"), "appraised": _("Thẩm định"), "final": _("Điểm cuối")}


def index_text(value: Decimal | None) -> str:
    """Write an index as 0,6077; a dash where it is not known."""
    return "–" if value is None else f"{value:.4f}".replace(".", ",")


def standing_words(found: Standing) -> tuple[str, str]:
    """Return an index in large letters, and beneath what is missing of it."""
    if found.at_least is None or found.at_most is None:
        return _("chưa tính được"), _("Trọng số của bộ này chưa có trong nguồn.")
    if found.value is not None:
        return index_text(found.value), _("trên 1, đủ mọi chỉ tiêu")
    if not found.scored:
        return _("chưa có số liệu"), _("%(n)s chỉ tiêu chưa có điểm này") % {"n": found.missing}
    words = _("Thiếu %(n)s chỉ tiêu. Ít nhất %(least)s, nhiều nhất %(most)s.")
    if found.empty:
        words = _(
            "Thiếu %(n)s chỉ tiêu, %(empty)s nhóm chưa có chỉ tiêu nào. Ít nhất %(least)s, nhiều nhất %(most)s."
        )
    parts = {"n": found.missing, "empty": found.empty}
    return _("chưa đủ số liệu"), words % {
        **parts,
        "least": index_text(found.at_least),
        "most": index_text(found.at_most),
    }
