"""What every page for those who promote use needs: who may come in, the side menu, figures as they are shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.directory.api import holders_only, who
from tinhso.measures.permissions import PROMOTERS
from tinhso.measures.queries.uptake import thresholds
from tinhso.toolkit import words

#: Lets only those in who promote use.
promoters_only = holders_only(*PROMOTERS)


def frame(request: HttpRequest, current: str) -> dict[str, Any]:
    """Return the side menu and the duty, for the templates of officers."""
    entries = (
        ("uptake", _("Mức sử dụng"), "chart-column"),
        ("giving_up", _("Chỗ bỏ dở"), "route"),
        ("targets", _("Chỉ tiêu tháng"), "clipboard-check"),
    )
    post = next(post for post in who(request).posts if post.role in PROMOTERS)
    return {
        "menu": [
            {"url": reverse(f"measures:{key}"), "label": label, "icon": icon, "current": key == current}
            for key, label, icon in entries
        ],
        "duty": {"office": post.office_name, "role": post.title},
    }


def few(n: int) -> str:
    """Write a number of people's drafts; a small one is not told exactly."""
    least = thresholds().few
    return _("dưới %(n)d") % {"n": least} if 0 < n < least else words.number(n)


def few_of(n: int, whole: int) -> str:
    """Write a share of people's drafts; a dash where one of the numbers is too small to be told."""
    least = thresholds().few
    return "–" if 0 < n < least or whole < least else words.percent(n, whole, 1)


def plain(value: Decimal | float) -> str:
    """Write 1.605 or 35,25: at most two decimals, none where they are zero."""
    whole, _dot, part = f"{abs(value):.2f}".partition(".")
    sign = "−" if float(value) <= -0.005 else ""
    return f"{sign}{words.number(int(whole))}" + (f",{part}".rstrip("0") if part.strip("0") else "")


def signed(value: Decimal | float) -> str:
    """Write a difference with its sign."""
    return f"+{plain(value)}" if float(value) >= 0.005 else plain(value)
