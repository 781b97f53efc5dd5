"""Load the demo province, once."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from tinhso.catalogue.api import import_sheets
from tinhso.directory.api import SYSTEM, load_demo
from tinhso.toolkit import clock


def load(say: Callable[[str], object] = lambda _: None) -> None:
    """Load what is not there yet, and ``say`` each step."""
    now = clock.now()
    if load_demo(key=settings.SECRET_KEY):
        say("Đã dựng tỉnh trình diễn: cơ quan, cán bộ, lịch làm việc.")
    import_sheets(by=SYSTEM, at=now)


def welcome() -> list[str]:
    """Return what to try first, a line each."""
    return [
        "Bấm Đăng nhập, chọn một người trong danh sách, không cần mật khẩu.",
        "Thử trước: lan nộp hồ sơ, minh tiếp nhận, son soạn, hoa ký, thu đóng dấu (xã Hải Hưng).",
        "Tài khoản cũng vào được bằng mật khẩu trinh-dien-2022; mã dùng một lần: tinhso demo totp TÊN.",
    ]
