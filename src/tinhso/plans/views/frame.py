"""What every page of the committee needs: who may come in, the line of pages, the duty, the moment."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.directory.api import holders_only, who
from tinhso.plans.permissions import INSIDERS
from tinhso.toolkit import clock

#: Lets only those in who work at the committee's desk or for an office.
insiders_only = holders_only(*INSIDERS)


def frame(request: HttpRequest, current: str) -> dict[str, Any]:
    """Return the line of pages, the duty and the moment, for ``plans/frame.html``."""
    by = who(request)
    entries = [
        ("board", _("Bảng điều hành")),
        ("desk", _("Việc của tôi")),
        ("targets", _("Chỉ tiêu")),
        ("tasks", _("Nhiệm vụ")),
        ("plans", _("Kế hoạch")),
        ("directives", _("Chỉ đạo")),
        ("bodies", _("Bộ máy")),
        ("money", _("Kinh phí")),
        ("inspections", _("Kiểm tra")),
        ("reviews", _("Sơ kết")),
    ]
    post = next((post for post in by.posts if post.role in INSIDERS), None)
    return {
        "nav": [
            {"url": reverse(f"plans:{key}"), "label": label, "current": key == current}
            for key, label in entries
        ],
        "duty": {"office": post.office_name, "role": post.title} if post else None,
        "me": by.name,
        "now": clock.now(),
    }
