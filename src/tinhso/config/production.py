"""Refuse to serve people from an installation that is not closed: one sentence for each fault, with what to do.

`START` holds what would expose somebody at once; a start in service is refused for it. `DAILY` (`install/upkeep.py`)
holds what an office must put right, but what must not take the site away from people after a reboot.
"""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.db.models import Count

from tinhso.config import checks, places, roles
from tinhso.config.cluster import MAJOR
from tinhso.config.finding import Finding
from tinhso.config.install.upkeep import DAILY, found
from tinhso.directory.models import Account
from tinhso.directory.services.load_demo import PASSWORD as DEMO_PASSWORD
from tinhso.toolkit import clock

A_YEAR: Final = 31_536_000
LEAST_PASSWORD: Final = 16
LARGEST_SHIFT: Final = dt.timedelta(seconds=2)
#: Accounts whose password is compared with the demo's; each comparison is slow on purpose.
_COMPARED: Final = 5
_TOOLS: Final = ("debug_toolbar", "django_extensions", "silk", "django.contrib.admindocs")
_NAMES_OF_THE_DEMO: Final = ("lan", "minh", "hoa", "tam", "an")


def before_start() -> list[Finding]:
    """Check what a start in service is refused for. An installation on trial, for this machine alone, is let be."""
    return [] if is_trial() else [check() for check in START]


def everything() -> list[Finding]:
    """Check all that a province must put right, what any start refuses too. Takes some seconds."""
    usual = [one for one in checks.before_start() if one.name != "debug"]
    return [*usual, *(check() for check in (*START, *DAILY))]


def is_trial() -> bool:
    """Tell whether nobody outside this machine can reach the installation."""
    return checks.is_local(settings.TINHSO_PUBLIC_ADDRESS) and checks.is_local(f"//{settings.TINHSO_HOST}")


def _demo() -> Finding:
    return found(
        "demo",
        not settings.TINHSO_DEMO,
        "Không phải bản trình diễn.",
        "Đây là bản trình diễn. Hãy đặt TINHSO_DEMO=0 và dùng một thư mục dữ liệu mới, trống.",
    )


def _demo_accounts() -> Finding:
    """A salted hash never comes twice by itself: accounts that share one were given the same password."""
    usable = Account.objects.exclude(password__startswith="!").exclude(password="")
    is_shared = usable.order_by().values("password").annotate(n=Count("pk")).filter(n__gt=1).exists()
    named = usable.filter(username__in=_NAMES_OF_THE_DEMO).values_list("password", flat=True)[:_COMPARED]
    is_known = is_shared or any(check_password(DEMO_PASSWORD, one) for one in named)
    return found(
        "demo_accounts",
        not is_known,
        "Không có tài khoản dùng mật khẩu trình diễn hoặc mật khẩu chung.",
        "Dữ liệu có tài khoản dùng mật khẩu trình diễn hoặc mật khẩu chung."
        " Hãy bắt đầu bằng thư mục dữ liệu trống, hoặc đặt lại mật khẩu cho từng người.",
    )


def _debug() -> Finding:
    named = (*settings.INSTALLED_APPS, *settings.MIDDLEWARE)
    tools = [name for name in _TOOLS if any(name in one for one in named)]
    return found(
        "debug_off",
        not settings.DEBUG and not tools,
        "Chế độ gỡ lỗi và công cụ của lập trình viên đều tắt.",
        "Chế độ gỡ lỗi hoặc công cụ của lập trình viên đang bật. Hãy bỏ TINHSO_DEBUG và gỡ công cụ ấy.",
    )


def _hosts() -> Finding:
    wide = [name for name in settings.ALLOWED_HOSTS if name.startswith(("*", "."))]
    return found(
        "hosts",
        not wide,
        "Chỉ nhận những tên miền đã khai.",
        "Trang nhận mọi tên miền. Hãy đặt TINHSO_PUBLIC_ADDRESS là đúng một địa chỉ.",
    )


def _https() -> Finding:
    return found(
        "https",
        urlsplit(settings.TINHSO_PUBLIC_ADDRESS).scheme == "https",
        "Địa chỉ công khai dùng https.",
        "Địa chỉ công khai chưa dùng https. Hãy đặt TINHSO_PUBLIC_ADDRESS=https://… và chứng thư cho nginx.",
    )


def _hsts() -> Finding:
    return found(
        "hsts",
        settings.SECURE_HSTS_SECONDS >= A_YEAR,
        "Trình duyệt được dặn chỉ dùng https trong một năm.",
        "Trình duyệt chưa được dặn chỉ dùng https. Hãy để SECURE_HSTS_SECONDS từ một năm trở lên.",
    )


def _cookies() -> Finding:
    is_closed = all(
        (
            settings.SESSION_COOKIE_SECURE,
            settings.CSRF_COOKIE_SECURE,
            settings.SESSION_COOKIE_HTTPONLY,
            settings.SESSION_COOKIE_SAMESITE in ("Lax", "Strict"),
        )
    )
    return found(
        "cookies",
        is_closed,
        "Cookie chỉ đi qua https, mã lệnh của trang không đọc được.",
        "Cookie đăng nhập có thể đi qua đường không mã hóa. Hãy đặt TINHSO_PUBLIC_ADDRESS bắt đầu bằng https://.",
    )


def _listening() -> Finding:
    return found(
        "listening",
        checks.is_local(f"//{settings.TINHSO_HOST}"),
        "Máy chủ web chỉ nghe trong máy, nginx đứng trước.",
        "Máy chủ web nghe cả từ ngoài máy, không qua nginx. Hãy đặt TINHSO_HOST=127.0.0.1.",
    )


def _not_root() -> Finding:
    return found(
        "root",
        os.geteuid() != 0,
        "Chạy bằng tài khoản riêng, không phải root.",
        "Đang chạy bằng root. Hãy chạy bằng tài khoản tinhso: tinhso install làm sẵn các dịch vụ ấy.",
    )


def _closed_files() -> Finding:
    open_ = [str(path) for path in _to_be_closed() if _others_may(path)]
    return found(
        "files",
        not open_,
        "Dữ liệu và khóa chỉ tài khoản của hệ thống đọc được.",
        f"Tài khoản khác trên máy đọc được {', '.join(open_[:3])}. Hãy gõ: sudo chmod o-rwx {' '.join(open_[:3])}",
    )


def _to_be_closed() -> Iterator[Path]:
    data = Path(settings.TINHSO_DATA)
    yield from (data, data / "secret", data / "roles.json", places.ENVIRONMENT, settings.TINHSO_BACKUP_KEY)
    yield from (places.ENVIRONMENT.with_name(name) for name in ("owner.env", "backup.env"))
    yield from (settings.TINHSO_BACKUP, data / "journal-heads")


def _others_may(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH))
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return False


def _database_role() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls"
            " or exists (select 1 from pg_tables where schemaname = 'public' and pg_has_role(tableowner, 'usage'))"
            " from pg_roles where rolname = current_user"
        )
        (may_much,) = cursor.fetchone()
    return found(
        "database_role",
        not may_much,
        "Vai trò cơ sở dữ liệu của trang web chỉ có quyền cần thiết.",
        f"Vai trò cơ sở dữ liệu {connection.settings_dict['USER']} có quyền của chủ hoặc của quản trị."
        f" Hãy để trang web dùng {roles.APP}: bỏ TINHSO_ROLE, và thu lại các quyền ấy.",
    )


def _database_access() -> Finding:
    """Ask the way a stranger would: a server that lets a wrong password in asks for none."""
    url = settings.TINHSO_DATABASE_URL
    fine = "Cơ sở dữ liệu không cho vào khi thiếu mật khẩu hoặc sai tài khoản."
    if not url:
        access = settings.TINHSO_DATA / f"pg{MAJOR}" / "pg_hba.conf"
        is_open = access.exists() and any(
            line.split()[-1:] == ["trust"] or line.startswith("host")
            for line in access.read_text("utf-8").splitlines()
            if not line.startswith("#")
        )
        return found(
            "database_access", not is_open, fine, f"{access} cho vào không hỏi (trust). Hãy chạy lại dịch vụ để tệp ấy được ghi lại."
        )
    address = roles.elsewhere(url, settings.TINHSO_DATA / "roles.json", "app")
    is_socket = address.get("host", "").startswith("/")
    password = urlsplit(url).password or os.environ.get("PGPASSWORD") or ""
    if password and (len(password) < LEAST_PASSWORD or len(set(password)) < LEAST_PASSWORD // 2):
        return found(
            "database_access",
            False,
            fine,
            f"Mật khẩu của chủ cơ sở dữ liệu quá ngắn hoặc dễ đoán. Hãy đặt mật khẩu ngẫu nhiên từ {LEAST_PASSWORD} ký tự.",
        )
    return found(
        "database_access",
        is_socket or not _lets_in(address | {"password": "not the password"}),
        fine,
        "Cơ sở dữ liệu cho vào với mật khẩu sai (trust). Hãy đổi trust thành scram-sha-256 trong pg_hba.conf.",
    )


def _lets_in(address: dict[str, str]) -> bool:
    try:
        with psycopg.connect(**{**address, "connect_timeout": "5"}):  # type: ignore[arg-type]
            return True
    except psycopg.OperationalError:
        return False


def _real_clock() -> Finding:
    shift = abs(clock.now() - dt.datetime.now(dt.UTC))
    is_left = (Path(settings.TINHSO_DATA) / "clock").exists() or bool(os.environ.get("TINHSO_CLOCK"))
    return found(
        "clock_real",
        shift <= LARGEST_SHIFT and not is_left,
        "Giờ nghiệp vụ là giờ thật của máy.",
        "Giờ nghiệp vụ không phải giờ thật, hoặc còn đồng hồ của bản trình diễn."
        f" Hãy bỏ TINHSO_CLOCK và tệp {settings.TINHSO_DATA}/clock.",
    )


START: Final[Sequence[Callable[[], Finding]]] = (
    _demo,
    _demo_accounts,
    _debug,
    _hosts,
    _https,
    _hsts,
    _cookies,
    _listening,
    _not_root,
    _closed_files,
    _database_role,
    _database_access,
    _real_clock,
)
