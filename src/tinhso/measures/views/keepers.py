"""The side menu of those who keep figures: publications, reported figures, declarations, scores, the meter."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.directory.api import who
from tinhso.measures.permissions import ASSESSORS, PUBLISHERS, STATISTICIANS

#: Who keeps and who approves figures.
KEEPERS = (*STATISTICIANS, *PUBLISHERS)
#: Pages of those who write; who approves reads.
_WRITING = ("prepare_publication", "enter_reported", "dti_import")


def keepers_frame(request: HttpRequest, current: str) -> dict[str, Any]:
    """Return the side menu and the duty, for the templates of officers."""
    entries = (
        ("publications", _("Công bố số liệu"), "lock"),
        ("prepare_publication", _("Soạn bản công bố"), "plus"),
        ("reported_figures", _("Số báo cáo"), "file-text"),
        ("enter_reported", _("Ghi số báo cáo"), "pencil"),
        ("declarations", _("Khai báo độ phủ"), "landmark"),
        ("dti_criteria", _("Chấm điểm DTI"), "clipboard-check"),
        ("dti_import", _("Nhập từ bảng tính"), "upload"),
        ("dti_periods", _("Kỳ chấm"), "calendar"),
        ("monitoring", _("Lượt mở và tình trạng"), "chart-line"),
        ("reports", _("Biểu báo cáo"), "printer"),
    )
    post = next(post for post in who(request).posts if post.role in KEEPERS)
    return {
        "menu": [
            {"url": reverse(f"measures:{key}"), "label": label, "icon": icon, "current": key == current}
            for key, label, icon in entries
            if key not in _WRITING or who(request).holds(*ASSESSORS)
        ],
        "duty": {"office": post.office_name, "role": post.title},
    }
