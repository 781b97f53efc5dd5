"""Look at what ends by itself or comes from others: certificates, backups, restore drills."""

from __future__ import annotations

import datetime as dt
import os
import ssl
from pathlib import Path
from typing import Any, Final

from asn1crypto import pem, x509
from django.conf import settings

from tinhso.config.operations import folder
from tinhso.config.operations.looking import Look
from tinhso.config.operations.parts import Part, State, worst
from tinhso.config.operations.words import span
from tinhso.signatures.api import Kind, expiring
from tinhso.toolkit.words import date_text, number

#: Sentences of the backup's own findings that a page shows at most.
_FINDINGS: Final = 20


def certificates(look: Look) -> Part:
    """Return the certificate that ends first: of the site, of seals, of officers, of the demo's authority."""
    rows = certificate_rows(look)
    bound = look.limit("certificate_days")
    when = f"dưới {int(bound.warn)} ngày"
    if not rows:
        return Part(
            "certificates",
            "Chứng thư",
            State.UNKNOWN,
            "Chưa có chứng thư nào trong danh bạ",
            when,
            runbook="certificate-expiring",
        )
    first = min(rows, key=lambda row: row["days"])
    state = look.grade("certificates", "certificate_days", first["days"])
    days = first["days"]
    said = f"Gần nhất hết hạn sau {number(days)} ngày" if days >= 0 else f"Đã hết hạn {number(-days)} ngày"
    return Part(
        "certificates",
        "Chứng thư",
        state,
        f"{said}: {first['name'][:1].lower()}{first['name'][1:]}",
        when,
        "" if state is State.OK else "Xin cấp mới và thay trước ngày hết hạn.",
        "certificate-expiring",
        facts={"rows": rows, "days": days},
    )


def certificate_rows(look: Look) -> list[dict[str, Any]]:
    """Return kinds of certificates with the first end of each: name, count, end, days left. No holder is named."""
    rows = []
    tls = os.environ.get("TINHSO_TLS_CERTIFICATE") or ""
    if tls:
        rows.append(_of_file("tls", "Trang công khai", Path(tls), look.at))
    for kind, name in ((Kind.SEAL, "Con dấu số của cơ quan"), (Kind.APPROVE, "Người ký, gần nhất")):
        count, soon, end = expiring(kind, look.business, look.business + dt.timedelta(days=30))
        if end is not None:
            rows.append(_row(kind, name, end, look.business, count=count, soon=soon))
    authority = Path(settings.TINHSO_DATA) / "pki"
    if settings.TINHSO_DEMO and authority.exists():
        ends = [end for file in sorted(authority.glob("*.crt")) if (end := _end_in(file)) is not None]
        if ends:
            rows.append(
                _row("authority", "Nơi cấp chứng thư trình diễn", min(ends), look.business, count=len(ends))
            )
    return rows


def _of_file(kind: str, name: str, file: Path, at: dt.datetime) -> dict[str, Any]:
    end = _end_in(file)
    if end is None:
        return {
            "kind": kind,
            "name": f"{name}: không đọc được tệp chứng thư",
            "end": None,
            "days": -1,
            "count": 1,
            "soon": 1,
        }
    return _row(kind, name, end, at)


def _row(
    kind: str, name: str, end: dt.datetime, at: dt.datetime, *, count: int = 1, soon: int = 0
) -> dict[str, Any]:
    days = int((end - at).total_seconds() // 86_400)
    return {"kind": kind, "name": name, "end": end.isoformat(), "days": days, "count": count, "soon": soon}


def _end_in(file: Path) -> dt.datetime | None:
    """Return when the first certificate of a file ends, PEM or DER."""
    try:
        content = file.read_bytes()
        if pem.detect(content):
            _, _, content = pem.unarmor(content)
        end: dt.datetime = x509.Certificate.load(content).not_valid_after
    except (OSError, ValueError, ssl.SSLError):
        return None
    return end


def backup(look: Look) -> Part:
    """Return what the backup's own check said last (`tinhso backup check`), and how old that is."""
    document = folder.read(folder.BACKUP)
    bound = look.limit("backup_seconds")
    when = f"chép chậm {span(bound.warn)}"
    at = folder.moment((document or {}).get("at"))
    if document is None or at is None:
        return Part(
            "backup",
            "Sao lưu",
            State.UNKNOWN if settings.TINHSO_DEMO else State.BAD,
            "Chưa có: chưa lần nào kiểm tra bản sao lưu",
            when,
            "Bật sao lưu theo tài liệu, rồi gõ: `tinhso backup check`",
            "backup-old",
        )
    age = (look.at - at).total_seconds()
    behind = document.get("seconds_behind")
    is_ok = bool(document.get("ok"))
    state = State.OK if is_ok else State.BAD
    if age > look.limit("backup_base_hours").warn * 3_600:
        state = worst(state, look.limit("backup_base_hours").grade(age / 3_600))
    if isinstance(behind, (int, float)):
        state = worst(state, look.grade("backup", "backup_seconds", float(behind)))
    said = [str(one.get("says", "")) for one in document.get("findings", []) if isinstance(one, dict)]
    bad = [
        str(one.get("says", ""))
        for one in document.get("findings", [])
        if isinstance(one, dict) and not one.get("is_fine", True)
    ]
    measured = (
        f"Hỏng lúc này thì mất nhiều nhất {span(float(behind))}"
        if isinstance(behind, (int, float)) and is_ok
        else f"Kiểm tra {span(age)} trước: {'đạt' if is_ok else bad[0] if bad else 'không đạt'}"
    )
    return Part(
        "backup",
        "Sao lưu",
        state,
        measured,
        when,
        "" if state is State.OK else "Xem vì sao bản sao lưu không đạt; làm theo cẩm nang ngay trong ngày.",
        "backup-old",
        facts={
            "at": at.isoformat(),
            "ok": is_ok,
            "age_seconds": round(age),
            "seconds_behind": behind,
            "findings": said[:_FINDINGS],
            "bad": bad[:_FINDINGS],
        },
    )


def drill(look: Look) -> Part:
    """Return how the last restore drill ended, and how long ago."""
    document = folder.read(folder.DRILL)
    when = f"không đạt, hoặc quá {int(look.limit('drill_days').warn)} ngày chưa tập"
    at = folder.moment((document or {}).get("at"))
    if document is None or at is None:
        return Part(
            "drill",
            "Tập khôi phục",
            State.UNKNOWN if settings.TINHSO_DEMO else State.WARN,
            "Chưa có: chưa lần nào tập",
            when,
            "Bản sao lưu chưa thử thì chưa chắc dùng được: tập một lần trong tuần này.",
            "restore-drill-failed",
        )
    age = (look.at - at).total_seconds() / 86_400
    is_ok = bool(document.get("ok"))
    state = worst(State.OK if is_ok else State.BAD, look.grade("drill", "drill_days", age))
    return Part(
        "drill",
        "Tập khôi phục",
        state,
        f"{'Đạt' if is_ok else 'Không đạt'}, ngày {date_text(at.date())}",
        when,
        "" if state is State.OK else "Xem biên bản lần tập, sửa rồi tập lại ngay.",
        "restore-drill-failed",
        facts={"at": at.isoformat(), "ok": is_ok, "days": round(age, 2)},
    )
