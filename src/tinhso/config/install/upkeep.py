"""Check what keeps an installation well from day to day: mail, backups, certificate, clock, administrators, heads.

A start is never refused for these: the site would stay away from people after a reboot. `tinhso check --production` and
its timer ask each morning.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from cryptography import x509
from cryptography.x509.oid import NameOID
from django.conf import settings

from tinhso.config import places
from tinhso.config.finding import Finding
from tinhso.config.operations.of_machine import _ntp as kept_by_network
from tinhso.directory.models import Account
from tinhso.directory.rules import Role
from tinhso.signatures.api import TimeStampUnavailable, authority_time
from tinhso.toolkit import clock

CERTIFICATE_MUST_LAST: Final = dt.timedelta(days=14)
HEADS_MAY_BE_OLD: Final = 15 * 60


def found(name: str, is_fine: bool, fine: str, do: str) -> Finding:
    """Return a finding that says what is right, or what to do."""
    return Finding(name, is_fine, fine if is_fine else do)


def _mail() -> Finding:
    lacks = [
        name
        for name, value in (
            ("TINHSO_SMTP", settings.TINHSO_SMTP),
            ("TINHSO_MAIL_FROM", settings.TINHSO_MAIL_FROM),
            ("TINHSO_ALERTS_TO", os.environ.get("TINHSO_ALERTS_TO") or ""),
        )
        if not value
    ]
    return found(
        "mail",
        not lacks,
        "Cảnh báo có nơi gửi đến.",
        f"Cảnh báo không đến ai. Hãy điền {', '.join(lacks)} trong {places.ENVIRONMENT}.",
    )


def _backup_store() -> Finding:
    store, data = Path(settings.TINHSO_BACKUP), Path(settings.TINHSO_DATA)
    return found(
        "backup_store",
        store.is_dir() and not store.is_relative_to(data) and store.stat().st_dev != data.stat().st_dev,
        "Kho sao lưu nằm ở đĩa khác.",
        f"Kho sao lưu {store} chưa có, hoặc cùng đĩa với dữ liệu. Hãy gắn một đĩa khác vào đó (TINHSO_BACKUP).",
    )


def _backup_key() -> Finding:
    key, store, data = (Path(p) for p in (settings.TINHSO_BACKUP_KEY, settings.TINHSO_BACKUP, settings.TINHSO_DATA))
    return found(
        "backup_key",
        key.exists() and not key.is_relative_to(data) and not key.is_relative_to(store),
        "Khóa sao lưu để riêng với dữ liệu và kho.",
        "Khóa sao lưu chưa có, hoặc nằm cùng dữ liệu hay kho. Hãy để TINHSO_BACKUP_KEY ở chỗ khác, và cất thêm một bản ngoài máy.",
    )


def _certificate() -> Finding:
    file = Path(os.environ.get("TINHSO_TLS_CERTIFICATE") or "")
    try:
        held = x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return Finding(
            "certificate", False, "Không đọc được chứng thư TLS. Hãy đặt TINHSO_TLS_CERTIFICATE là tệp nginx dùng."
        )
    left = held.not_valid_after_utc - dt.datetime.now(dt.UTC)
    if held.issuer == held.subject:
        return Finding(
            "certificate", False, f"Chứng thư TLS {file} là loại tự ký. Hãy xin chứng thư thật rồi thay vào chỗ ấy."
        )
    if left < CERTIFICATE_MUST_LAST:
        return Finding(
            "certificate", False, f"Chứng thư TLS {file} hết hạn sau {max(left.days, 0)} ngày. Hãy thay ngay."
        )
    host = urlsplit(settings.TINHSO_PUBLIC_ADDRESS).hostname or ""
    return found(
        "certificate",
        host in _names_in(held),
        "Chứng thư TLS còn hạn và đúng tên miền.",
        f"Chứng thư TLS {file} không cấp cho {host}. Hãy xin chứng thư đúng tên miền.",
    )


def _names_in(held: x509.Certificate) -> list[str]:
    try:
        names = held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return names.get_values_for_type(x509.DNSName)
    except x509.ExtensionNotFound:
        return [str(one.value) for one in held.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]


def _network_time() -> Finding:
    return found(
        "ntp",
        kept_by_network() is True,
        "Máy chỉnh giờ qua mạng.",
        "Máy chưa chỉnh giờ qua mạng (NTP). Hãy gõ: sudo timedatectl set-ntp true",
    )


def _administrators() -> Finding:
    today = clock.today()
    holders = Account.objects.filter(
        is_active=True, person__posts__role=Role.ADMINISTRATOR, person__posts__valid_from__lte=today
    ).exclude(person__posts__valid_to__lt=today)
    return found(
        "administrators",
        Authenticator.objects.filter(user__in=holders).exists(),
        "Có quản trị viên dùng bước xác thực thứ hai.",
        "Chưa có quản trị viên nào dùng bước xác thực thứ hai. Hãy gõ: tinhso province first-admin, rồi đăng nhập và bật mã dùng một lần.",
    )


def _heads() -> Finding:
    kept = Path(settings.TINHSO_KEPT_HEADS) / "heads.jsonl"
    do = f"Hãy bật tinhso-heads.timer, và để {kept.parent} thuộc tài khoản tinhso-heads."
    try:
        age = time.time() - kept.stat().st_mtime
    except OSError:
        return Finding("heads", False, f"Đầu sổ nhật ký chưa được giữ ở nơi khác. {do}")
    if age > HEADS_MAY_BE_OLD:
        return Finding("heads", False, f"Đầu sổ nhật ký đã {round(age / 60)} phút chưa được giữ lại. {do}")
    return found(
        "heads",
        not os.access(kept, os.W_OK) and not os.access(kept.parent, os.W_OK),
        "Đầu sổ nhật ký được giữ ở nơi cơ sở dữ liệu không sửa được.",
        f"Tài khoản chạy cơ sở dữ liệu sửa được nơi giữ đầu sổ nhật ký. {do}",
    )


def _authority() -> Finding:
    if (Path(settings.TINHSO_DATA) / "pki").exists():
        return Finding(
            "authority",
            False,
            "Chữ ký đang dùng nơi cấp chứng thư trình diễn. Hãy nối với nơi cấp chứng thư và dấu thời gian thật.",
        )
    try:
        authority_time()
    except (TimeStampUnavailable, OSError):
        return Finding(
            "authority", False, "Máy chủ dấu thời gian không trả lời, chưa ký được. Hãy xem địa chỉ và đường mạng đến đó."
        )
    return Finding("authority", True, "Máy chủ dấu thời gian trả lời.")


def _release() -> Finding:
    return found(
        "release",
        not (places.is_clone() and (places.CLONE / ".git").exists()),
        "Chạy từ bản phát hành.",
        "Đang chạy từ thư mục mã nguồn có lịch sử (.git). Hãy cài bằng gói wheel: docs/how-to/install.md.",
    )


DAILY: Final[Sequence[Callable[[], Finding]]] = (
    _mail,
    _backup_store,
    _backup_key,
    _certificate,
    _network_time,
    _administrators,
    _heads,
    _authority,
    _release,
)
