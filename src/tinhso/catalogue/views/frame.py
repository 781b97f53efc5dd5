"""What every page of the catalogue's office needs: who may come in, the side menu, the duty in the header."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.catalogue.permissions import KEEPERS
from tinhso.catalogue.services.publish_draft import Decision
from tinhso.directory.api import holders_only, who

#: Lets only those in who keep the catalogue.
keepers_only = holders_only(*KEEPERS)


def frame(request: HttpRequest, current: str) -> dict[str, Any]:
    """Return the side menu and the duty, for the templates of officers."""
    entries = (
        ("office", _("Danh mục thủ tục"), "list"),
        ("worklist", _("Bản đang soạn"), "file-pen"),
        ("duties", _("Nghĩa vụ công bố"), "megaphone"),
        ("levels", _("Mức độ trực tuyến"), "layers"),
        ("imports", _("Bảng đã nhập"), "file-up"),
        ("words", _("Từ hay dùng"), "search"),
    )
    post = next(post for post in who(request).posts if post.role in KEEPERS)
    return {
        "menu": [
            {"url": reverse(f"catalogue:{key}"), "label": label, "icon": icon, "current": key == current}
            for key, label, icon in entries
        ],
        "duty": {"office": post.office_name, "role": post.title},
        "search_url": reverse("catalogue:office"),
    }


def plain(text: str) -> str:
    """Return what was typed without NUL, which the database cannot hold, and not longer than a filter needs."""
    return text.replace("\x00", "").strip()[:200]


def day_of(text: str) -> dt.date | None:
    """Return the day that was typed as 24/05/2022, or None."""
    found = re.fullmatch(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*", text)
    try:
        return dt.date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def decision_of(request: HttpRequest) -> tuple[Decision | None, dict[str, str]]:
    """Read number, date and day of a decision; None and the sentences where something is wrong."""
    number = request.POST.get("number", "").strip()
    signed, day = day_of(request.POST.get("date", "")), day_of(request.POST.get("day", ""))
    wrong = {}
    if not number:
        wrong["number"] = _("Ghi số quyết định, ví dụ 915/QĐ-UBND.")
    if signed is None:
        wrong["date"] = _("Ghi ngày ký quyết định, ví dụ 24/05/2022.")
    if day is None:
        wrong["day"] = _("Ghi đủ ngày, tháng, năm, ví dụ 01/06/2022.")
    if wrong or signed is None or day is None:
        return None, wrong
    return Decision(number, signed, day), {}
