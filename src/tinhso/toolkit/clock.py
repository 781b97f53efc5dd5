"""Tell the business time, which in the demo is not the machine's time.

The demo begins at the moment named by ``TINHSO_CLOCK`` and ticks on from there, over restarts too.
How far it runs behind the machine is kept in one file, so that every process tells the same time.
Only entry points ask this clock; everything below them is handed a moment.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from pathlib import Path
from zoneinfo import ZoneInfo

VN = ZoneInfo("Asia/Ho_Chi_Minh")
_LOOK_AGAIN_AFTER = 0.5

_file: Path | None = None
_shift = dt.timedelta()
_looked_at = 0.0


class ClockCannotMove(Exception):
    """The clock was asked to go back, or to move outside the demo."""


def use(file: Path | None, *, starts_at: dt.datetime | None = None) -> None:
    """Follow the shift kept in ``file``; ``None`` follows the machine.

    ``starts_at`` is the demo's first moment; it counts only where no shift was kept yet.
    """
    global _file
    _file = file
    if file is not None and not file.exists() and starts_at is not None:
        _keep(starts_at - _machine())
    _look()


def now() -> dt.datetime:
    """Return the business moment, in Vietnam's time zone."""
    if _file is not None and time.monotonic() - _looked_at > _LOOK_AGAIN_AFTER:
        _look()
    return _machine() + _shift


def today() -> dt.date:
    """Return the business day."""
    return now().date()


def is_moved() -> bool:
    """Say whether the business time follows a demo's shift."""
    return _file is not None


def advance_to(moment: dt.datetime) -> None:
    """Move the demo forward to ``moment``.

    Raises ``ClockCannotMove`` outside the demo, or when the moment has passed.
    """
    if _file is None:
        msg = "Đồng hồ chỉ dời được trong bản trình diễn. Ngoài ra hệ thống dùng giờ của máy."
        raise ClockCannotMove(msg)
    _look()
    if moment < now():
        msg = f"Đồng hồ đang ở {now():%d/%m/%Y %H:%M}, không lùi lại được. Chọn một lúc muộn hơn."
        raise ClockCannotMove(msg)
    _keep(moment - _machine())
    _look()


def _machine() -> dt.datetime:
    return dt.datetime.now(VN)  # noqa: TID251 - the one place that reads the machine's clock


def _look() -> None:
    global _shift, _looked_at
    _looked_at = time.monotonic()
    if _file is None:
        _shift = dt.timedelta()
    elif _file.exists():
        _shift = dt.timedelta(seconds=float(_file.read_text(encoding="ascii")))


def _keep(shift: dt.timedelta) -> None:
    if _file is None:
        return
    _file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=_file.parent, delete=False, encoding="ascii") as out:
        out.write(f"{shift.total_seconds():.3f}")
    Path(out.name).replace(_file)
