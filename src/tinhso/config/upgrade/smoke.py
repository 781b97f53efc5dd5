"""Look whether a release serves: the health checks, and the pages that everybody needs."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from typing import Final

PAGES: Final = ("/", "/tim/?q=khai+sinh", "/so-lieu/", "/kiem-tra/", "/tai-khoan/login/")
_PATIENCE: Final = 30


def smoke(host: str, port: int, patience: float, sleep: Callable[[float], object] = time.sleep) -> list[str]:
    """Return what does not answer as it must, as sentences; readiness is waited for. Empty: all is well."""
    reached = "127.0.0.1" if host in ("0.0.0.0", "", "::") else host  # noqa: S104 - compares, does not bind
    deadline = time.monotonic() + patience
    while (status := _status(reached, port, "/readyz")) != http.client.OK and time.monotonic() < deadline:
        sleep(0.5)
    wrong = [] if status == http.client.OK else [f"Hệ thống chưa sẵn sàng sau {patience:.0f} giây."]
    for page in PAGES:
        status = _status(reached, port, page)
        if status != http.client.OK:
            wrong.append(f"Trang {page} trả lời {status or 'không gì cả'}.")
    return wrong


def _status(host: str, port: int, path: str) -> int:
    connection = http.client.HTTPConnection(host, port, timeout=_PATIENCE)
    try:
        connection.request("GET", path, headers={"Accept": "text/html", "Host": "127.0.0.1"})
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return 0
    else:
        return answer.status
    finally:
        connection.close()
