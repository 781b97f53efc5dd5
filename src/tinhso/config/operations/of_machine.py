"""Look at the machine: room on the disks, the clock."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, connection

from tinhso.config.cluster import Cluster
from tinhso.config.operations.looking import Look
from tinhso.config.operations.parts import Part, State, worst
from tinhso.config.operations.words import percent, size, span
from tinhso.signatures.api import TimeStampUnavailable, authority_time
from tinhso.toolkit import clock

_TIMEDATECTL: Final = "timedatectl"
_LOOKS: Final = "stamps"


def places() -> list[tuple[str, str, Path]]:
    """Return the folders that must have room: key, name for people, path."""
    data = Path(settings.TINHSO_DATA)
    found = [
        ("disk_documents", "giấy tờ", Path(settings.MEDIA_ROOT)),
        ("disk_logs", "nhật ký", data / "logs"),
        ("disk_temporary", "chỗ tạm", Path(tempfile.gettempdir())),
    ]
    if not settings.TINHSO_DATABASE_URL:
        found.insert(0, ("disk_database", "cơ sở dữ liệu", Cluster(data).data))
    return found


def disks(look: Look) -> list[Part]:
    """Return a part for each disk: how full by bytes and by files, how fast it fills. Places on one disk share one."""
    by_device: dict[int, list[tuple[str, str, Path]]] = {}
    for key, name, place in places():
        found = _nearest(place)
        by_device.setdefault(found.stat().st_dev, []).append((key, name, found))
    return [
        _disk(look, rows[0][0], f"Đĩa {', '.join(name for _, name, _ in rows)}", rows[0][2])
        for rows in by_device.values()
    ]


def _nearest(path: Path) -> Path:
    """Return the path, or the nearest folder above it that is there."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


def _disk(look: Look, key: str, name: str, path: Path) -> Part:
    bound = look.limit("disk_percent")
    when = f"từ {percent(bound.warn)} đầy"
    try:
        room, stat = shutil.disk_usage(path), os.statvfs(path)
    except OSError as error:
        return Part(
            key,
            name,
            State.BAD,
            f"Không đo được: {error.strerror}",
            when,
            "Xem đĩa còn gắn vào máy không.",
            "disk-full",
        )
    # As `df` counts: what root keeps for itself is neither used nor free for us.
    whole = room.used + room.free
    used = 100 * room.used / whole if whole else 100.0
    inodes = (
        100 * (1 - stat.f_favail / (stat.f_files - stat.f_ffree + stat.f_favail)) if stat.f_files else 0.0
    )
    growth = look.growth(key, room.used)
    days = room.free / growth if growth and growth > 0 else None
    state = worst(look.grade(key, "disk_percent", used), look.grade(key, "inodes_percent", inodes))
    said = f"{percent(used)} đầy, còn {size(room.free)}"
    if days is not None and days < 3650:
        said += f", đầy hẳn sau {span(days * 86_400)}"
        state = worst(state, look.grade(key, "disk_days_left", days))
    if inodes >= look.limit("inodes_percent").warn:
        said += f"; {percent(inodes)} số tệp cho phép đã dùng"
    return Part(
        key,
        name,
        state,
        said,
        f"{when}, hoặc đầy hẳn trong {int(look.limit('disk_days_left').warn)} ngày",
        "" if state is State.OK else "Dọn hoặc thêm đĩa theo cẩm nang trước khi đầy hẳn.",
        "disk-full",
        facts={
            "used": room.used,
            "said": f"{size(room.used)} trên {size(whole)}"
            + (f", thêm {size(growth)} mỗi ngày" if growth and growth >= 1_000_000 else ""),
            "whole": whole,
            "percent": round(used, 2),
            "inodes_percent": round(inodes, 2),
            "growth": growth,
            "days_left": days,
        },
    )


def time_of_machine(look: Look) -> Part:
    """Compare the machine's clock with the database's, the time-stamp authority's, and ask whether NTP keeps it."""
    bound = look.limit("clock_seconds")
    facts: dict[str, Any] = {}
    said = []
    state = State.OK
    try:
        with connection.cursor() as cursor:
            cursor.execute("select clock_timestamp()")
            (theirs,) = cursor.fetchone()
    except DatabaseError:
        said.append("chưa so được với cơ sở dữ liệu")
    else:
        offset = abs((dt.datetime.now(dt.UTC) - theirs).total_seconds())
        facts["database_seconds"] = round(offset, 3)
        said.append(f"lệch {span(offset)} so với cơ sở dữ liệu")
        state = worst(state, look.grade("clock", "clock_seconds", offset))
    kept = _ntp()
    facts["ntp"] = kept
    if kept is True:
        said.append("máy chỉnh giờ qua mạng (NTP)")
    elif kept is False:
        said.append("máy chưa chỉnh giờ qua mạng (NTP)")
        state = worst(state, State.UNKNOWN if settings.TINHSO_DEMO else State.WARN)
    return Part(
        "clock",
        "Đồng hồ",
        state,
        ", ".join(said)[:1].upper() + ", ".join(said)[1:],
        f"lệch từ {span(bound.warn)}",
        "" if state in (State.OK, State.UNKNOWN) else "Bật chỉnh giờ qua mạng rồi xem lại.",
        "clock-drift",
        facts=facts,
    )


def stamps(look: Look) -> Part:
    """Ask the time-stamp authority for its time: without it nothing is signed, with a wrong one all is signed wrongly."""
    failed = int(look.before.facts.get(_LOOKS, {}).get("failed", 0))
    when = f"{int(look.limit('stamps_failed').warn)} lần liền không trả lời"
    begun = clock.now()
    try:
        theirs = authority_time()
    except TimeStampUnavailable:
        failed += 1
        state = look.grade(_LOOKS, "stamps_failed", failed)
        return Part(
            _LOOKS,
            "Dấu thời gian",
            worst(state, State.UNKNOWN),
            f"Không trả lời {failed} lần liền",
            when,
            "Chưa ký được văn bản. Xem máy chủ dấu thời gian và đường mạng đến đó.",
            "outside-away",
            facts={"failed": failed},
        )
    took = (clock.now() - begun).total_seconds()
    offset = abs((theirs - clock.now()).total_seconds())
    # The authority tells whole seconds.
    state = look.limit("clock_seconds").grade(max(0.0, offset - 1 - took), look.before.state(_LOOKS))
    return Part(
        _LOOKS,
        "Dấu thời gian",
        state,
        f"Trả lời sau {span(took)}" + (f", lệch {span(offset)}" if state is not State.OK else ""),
        when,
        ""
        if state is State.OK
        else "Giờ của nơi cấp dấu thời gian khác giờ hệ thống: xem đồng hồ trước khi ký tiếp.",
        "clock-drift" if state is not State.OK else "outside-away",
        facts={"failed": 0, "seconds": round(took, 3), "offset_seconds": round(offset, 3)},
    )


def _ntp() -> bool | None:
    """Say whether the machine keeps its clock by the network; None where nobody can tell."""
    if (tool := shutil.which(_TIMEDATECTL)) is None:
        return None
    try:
        told = subprocess.run(  # noqa: S603 - a fixed command
            [tool, "show", "-p", "NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            timeout=3,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(told.stdout.strip())
