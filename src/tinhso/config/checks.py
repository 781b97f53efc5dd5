"""Check everything that a start must refuse, on the running connection of the role `tinhso_app`."""

import datetime as dt
import ipaddress
import time
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from tinhso.config import machine
from tinhso.config.finding import Finding
from tinhso.config.identities import IDENTITIES
from tinhso.journal import api as journal
from tinhso.signatures.api import TimeStampUnavailable, authority_time
from tinhso.toolkit import clock

LEAST_SECRET: Final = 40
LEAST_LETTERS: Final = 15
LARGEST_OFFSET: Final = dt.timedelta(seconds=2)
LARGEST_STAMP_OFFSET: Final = dt.timedelta(seconds=5)
SEALING_MAY_TAKE: Final = 3.0


def before_start() -> list[Finding]:
    """Check what can be known before the web server runs."""
    return [check() for check in BEFORE_START]


def everything() -> list[Finding]:
    """Check a running installation too: sealer, time stamps, what all rows must keep. Takes some seconds."""
    return [*before_start(), *(check() for check in WHILE_RUNNING)]


def _debug() -> Finding:
    if settings.DEBUG and not is_local(settings.TINHSO_PUBLIC_ADDRESS):
        return Finding("debug", False, "TINHSO_DEBUG=1 làm lộ dữ liệu ở địa chỉ công khai. Hãy bỏ biến ấy.")
    return Finding("debug", True, "Chế độ gỡ lỗi tắt, hoặc chỉ mở cho máy này.")


def _secret() -> Finding:
    key = settings.SECRET_KEY
    if (
        len(key) < LEAST_SECRET
        or len(set(key)) < LEAST_LETTERS
        or "insecure" in key
        or key.startswith("only-for")
    ):
        return Finding(
            "secret",
            False,
            f"TINHSO_SECRET_KEY dễ đoán. Hãy đặt chuỗi ngẫu nhiên từ {LEAST_SECRET} ký tự trở lên.",
        )
    return Finding("secret", True, "Khóa bí mật đủ dài và ngẫu nhiên.")


def _fonts() -> Finding:
    if lacks := machine.missing_packages():
        return Finding("fonts", False, f"Máy thiếu {', '.join(lacks)}. Hãy gõ: make setup")
    if lacks := machine.missing_own_fonts():
        return Finding(
            "fonts", False, f"Thiếu tệp phông chữ {', '.join(lacks)}. Hãy lấy lại mã nguồn đầy đủ."
        )
    return Finding("fonts", True, "Đủ phông chữ và thư viện để in giấy tờ.")


def _clock() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        (theirs,) = cursor.fetchone()
    offset = abs(dt.datetime.now(dt.UTC) - theirs)
    if offset > LARGEST_OFFSET:
        seconds = round(offset.total_seconds())
        return Finding(
            "clock", False, f"Đồng hồ máy lệch cơ sở dữ liệu {seconds} giây. Hãy bật đồng bộ giờ (NTP)."
        )
    return Finding("clock", True, "Đồng hồ máy khớp với cơ sở dữ liệu.")


def _ownership() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_tables where schemaname = 'public' and pg_has_role(tableowner, 'usage')"
        )
        (owned,) = cursor.fetchone()
    if owned:
        return Finding(
            "ownership", False, f"Vai trò của trang web sở hữu {owned} bảng. Hãy đặt TINHSO_ROLE=app."
        )
    return Finding("ownership", True, "Vai trò của trang web không sở hữu bảng nào.")


def _journal() -> Finding:
    """Ask for the privileges too: the trigger alone would refuse, and an owner can switch it off."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(format('%s %s', p, t), ', ' order by t, p)"
            " from unnest(array['journal_entry', 'journal_seal']) t,"
            " unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) p"
            " where has_table_privilege(t, p) or (p = 'UPDATE' and has_any_column_privilege(t, p))"
        )
        (granted,) = cursor.fetchone()
    if granted:
        return Finding(
            "journal", False, f"Vai trò của trang web có quyền {granted}. Hãy thu lại quyền ấy (revoke)."
        )
    if open_doors := journal.unguarded():
        return Finding("journal", False, " ".join(open_doors))
    return Finding("journal", True, "Sổ nhật ký từ chối sửa, xóa và làm rỗng.")


def _sealer() -> Finding:
    """Look twice: an entry that is still unsealed three seconds later means that sealing stands still."""
    oldest = journal.health().oldest_unsealed
    deadline = time.monotonic() + SEALING_MAY_TAKE
    while oldest is not None and journal.health().oldest_unsealed == oldest:
        if time.monotonic() > deadline:
            return Finding(
                "sealer",
                False,
                f"Mục nhật ký {oldest} chưa được niêm phong. Hãy xem tiến trình tinhso sealer.",
            )
        time.sleep(0.2)
    return Finding("sealer", True, "Sổ nhật ký được niêm phong đều.")


def _stamps() -> Finding:
    """Compare with the business clock: a time stamp off by more would date every signature wrongly."""
    try:
        offset = abs(authority_time() - clock.now())
    except TimeStampUnavailable:
        return Finding(
            "stamps",
            True,
            "Chưa hỏi được giờ của máy chủ dấu thời gian. Khi nó chưa chạy thì chưa ký được.",
            is_warning=True,
        )
    if offset > LARGEST_STAMP_OFFSET:
        seconds = round(offset.total_seconds())
        return Finding(
            "stamps", False, f"Máy chủ dấu thời gian lệch {seconds} giây. Hãy chỉnh giờ trước khi ký."
        )
    return Finding("stamps", True, "Máy chủ dấu thời gian khớp với đồng hồ của hệ thống.")


def is_local(address: str) -> bool:
    """Tell whether an address reaches this machine only."""
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


BEFORE_START: Final[Sequence[Callable[[], Finding]]] = (_debug, _secret, _fonts, _clock, _ownership, _journal)
WHILE_RUNNING: Final[Sequence[Callable[[], Finding]]] = (_sealer, _stamps, *IDENTITIES)
