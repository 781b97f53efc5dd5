"""Draw a slip as an A5 PDF, when it is first opened; the same paper is given ever after."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.template.loader import render_to_string

from tinhso.directory.api import calendar
from tinhso.documents.api import draw_pdf, qr_svg, store
from tinhso.dossiers.models import Slip
from tinhso.dossiers.rules import due, thread_of_days
from tinhso.toolkit.clock import VN
from tinhso.toolkit.words import clock_text

CHANNEL_WORDS = {"online": "nộp qua mạng", "counter": "nộp tại quầy", "post": "nộp qua bưu chính"}
UNIT_WORDS = {"h": "giờ làm việc", "wd": "ngày làm việc", "d": "ngày", "m": "tháng"}
SLIP_SIGNS = {"01": "TNHS", "02": "HDHS", "03": "TCHS"}


@transaction.atomic
def draw_slip(slip: Slip, *, at: dt.datetime, address: str, phone: str, is_demo: bool) -> Slip:
    """Return the slip with its PDF. ``address`` is the page that the QR code leads to."""
    slip = Slip.objects.select_for_update(of=("self",)).select_related("file").get(pk=slip.pk)
    if slip.file is not None:
        return slip
    dossier = slip.dossier
    context = {
        "slip": slip,
        "dossier": dossier,
        "issued": slip.issued_at.astimezone(VN),
        "slip_number": f"{(dossier.number or dossier.tracking_code)[-4:]}/{SLIP_SIGNS[slip.form]}",
        "defects": slip.defects.order_by("id"),
        "channel": CHANNEL_WORDS[dossier.channel],
        "qr": qr_svg(address),
        "phone": phone,
        "is_demo": is_demo,
    }
    if slip.form == "01" and dossier.accepted_at is not None:
        days_off = calendar()
        deadline = due(dossier.accepted_at, dossier.limit, days_off)
        context |= {
            "due": deadline.at,
            "due_clock": clock_text(deadline.at) if deadline.at else "",
            "reasons": deadline.reasons,
            "days": thread_of_days(deadline, days_off, dossier.accepted_at.date()) if deadline.at else (),
            "limit": limit_words(dossier.limit_value, dossier.limit_unit),
            "papers": _papers(slip),
        }
    content = draw_pdf(render_to_string(f"dossiers/slips/{slip.form}.html", context))
    slip.file = store(content, media_type="application/pdf", at=at)
    slip.save(update_fields=["file"])
    return slip


def limit_words(value: object, unit: str) -> str:
    """Return a time limit in words: 3 ngày làm việc, trong ngày."""
    if unit == "sameday":
        return "trong ngày"
    if unit not in UNIT_WORDS:
        return "không có thời hạn"
    return f"{value:g} {UNIT_WORDS[unit]}".replace(".", ",")


def _papers(slip: Slip) -> list[dict[str, object]]:
    wanted = {p.key: p for p in slip.dossier.version.papers.all()}
    rows = slip.dossier.papers.filter(round=0).select_related("file").order_by("id")
    return [
        {
            "name": wanted[p.paper_key].name if p.paper_key in wanted else p.name,
            "originals": wanted[p.paper_key].originals if p.paper_key in wanted else 0,
            "copies": wanted[p.paper_key].copies if p.paper_key in wanted else 1,
            "hash": f"{p.file.sha256[:4]} {p.file.sha256[4:8]}",
        }
        for p in rows
    ]
