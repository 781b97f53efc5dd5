"""Have the running processes replaced by new ones, by whoever watches over them: our supervisor, or systemd."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, Final

from tinhso.config import places
from tinhso.config.supervision import report

_PROCESSES: Final = places.PACKAGE / "config/install/processes.json"
_LOOK: Final = 0.2


class NotRenewed(Exception):
    """Say in Vietnamese why the processes were not replaced; whoever ran still runs."""


def renew(data: Path, patience: float) -> float:
    """Have everything replaced and wait for it; return the seconds it took. Raises ``NotRenewed``."""
    begun = time.monotonic()
    if is_in_service():
        _by_systemd(patience)
    else:
        _by_supervisor(data, begun + patience)
    return time.monotonic() - begun


def is_in_service() -> bool:
    """Say whether systemd runs the processes of this installation."""
    return (
        places.ENVIRONMENT.exists()
        and shutil.which("systemctl") is not None
        and _systemctl("is-active", "--quiet", "tinhso-web.service", patience=30).returncode == 0
    )


def _by_supervisor(data: Path, deadline: float) -> None:
    found = report.read(data)
    pid = found.get("pid")
    if not isinstance(pid, int):
        raise NotRenewed(
            f"Không thấy hệ thống nào đang chạy với thư mục dữ liệu {data}. Hãy mở bằng: tinhso up (bản trình diễn: make run)."
        )
    before = _count(found)
    try:
        os.kill(pid, signal.SIGUSR2)
    except PermissionError as error:
        raise NotRenewed("Hệ thống do tài khoản khác mở. Hãy gõ lệnh này bằng tài khoản ấy.") from error
    while time.monotonic() < deadline:
        time.sleep(_LOOK)
        found = report.read(data)
        if not found:
            raise NotRenewed("Hệ thống đã dừng giữa chừng. Hãy mở lại và xem dòng cuối nó nói.")
        renewal = found.get("renewal") or {}
        if _count(found) > before and renewal.get("state") == "failed":
            raise NotRenewed(str(renewal.get("says")))
        if _count(found) > before and renewal.get("state") == "done":
            return
    raise NotRenewed(
        "Chưa thay xong trong thời gian đã cho; việc thay vẫn đang tiếp tục. Xem: tinhso health."
    )


def _count(found: dict[str, Any]) -> int:
    renewal: dict[str, Any] = found.get("renewal") or {}
    return int(renewal.get("count", 0))


def _by_systemd(patience: float) -> None:
    """Reload the web, which holds its socket meanwhile, then start the others anew."""
    names = [one["name"] for one in json.loads(_PROCESSES.read_text("utf-8"))["processes"]]
    others = [f"tinhso-{name}.service" for name in names if name != "web"]
    for words in (("reload", "tinhso-web.service"), ("try-restart", *others)):
        done = _systemctl(*words, patience=patience)
        if done.returncode:
            raise NotRenewed(
                f"systemctl {words[0]} không làm được: {done.stderr.strip()[-300:]}. Hãy chạy bằng quyền quản trị máy."
            )


def _systemctl(*words: str, patience: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - a fixed command
        [shutil.which("systemctl") or "systemctl", *words],
        capture_output=True,
        text=True,
        timeout=patience,
        check=False,
    )
