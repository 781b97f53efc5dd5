"""Load the demo province, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.conf import settings

from tinhso.catalogue.api import import_sheets
from tinhso.directory.api import SYSTEM, load_demo
from tinhso.dossiers.services.load_history import load_history
from tinhso.measures.api import count_stale_days
from tinhso.toolkit import clock

#: The history ends here, or now where the demo's clock stands earlier.
HISTORY_ENDS = dt.datetime(2022, 5, 10, 7, 30, tzinfo=clock.VN)


def load(say: Callable[[str], object] = lambda _: None) -> None:
    """Load what is not there yet, and ``say`` each step."""
    now = clock.now()
    if load_demo(key=settings.SECRET_KEY):
        say("Đã dựng tỉnh trình diễn: cơ quan, cán bộ, lịch làm việc.")
    import_sheets(by=SYSTEM, at=now)
    if n := load_history(key=settings.SECRET_KEY, until=min(now, HISTORY_ENDS)):
        say(f"Đã dựng {n} hồ sơ từ đầu năm 2022, mọi tên đều do đặt ra.")
        say(f"Đã đếm số liệu của {count_stale_days(at=now)} ngày.")


def welcome() -> list[str]:
    """Return what to try first, a line each."""
    return [
        "Bấm Đăng nhập, chọn một người trong danh sách, không cần mật khẩu.",
        "Thử trước: lan nộp hồ sơ, minh tiếp nhận, son soạn, hoa ký, thu đóng dấu (xã Hải Hưng).",
        "Tài khoản cũng vào được bằng mật khẩu trinh-dien-2022; mã dùng một lần: tinhso demo totp TÊN.",
    ]
