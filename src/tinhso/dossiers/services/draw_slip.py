"""Draw a slip as an A5 PDF, when it is first opened; the same paper is given ever after."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.template.loader import render_to_string

from tinhso.catalogue.api import RequiredPaper
from tinhso.directory.api import calendar
from tinhso.documents.api import draw_pdf, qr_svg, store
from tinhso.dossiers.models import DueMoved, Slip
from tinhso.dossiers.queries.counter import COUNTER_NOTES
from tinhso.dossiers.rules import due, thread_of_days
from tinhso.toolkit.clock import VN
from tinhso.toolkit.words import clock_text

CHANNEL_WORDS = {"online": "nộp qua mạng", "counter": "nộp tại quầy", "post": "nộp qua bưu chính"}
UNIT_WORDS = {"h": "giờ làm việc", "wd": "ngày làm việc", "d": "ngày", "m": "tháng"}
SLIP_SIGNS = {"01": "TNHS", "02": "HDHS", "03": "TCHS", "04": "PXL"}


@transaction.atomic
def draw_slip(slip: Slip, *, at: dt.datetime, address: str, phone: str, is_demo: bool) -> Slip:
    """Return the slip with its PDF. ``address`` is the page that the QR code leads to."""
    # The file is read apart: joined to a row that was waited for, it would be the file of before the wait.
    slip = Slip.objects.select_for_update().get(pk=slip.pk)
    if slip.file is not None:
        return slip
    dossier = slip.dossier
    context = {
        "slip": slip,
        "dossier": dossier,
        "issued": slip.issued_at.astimezone(VN),
        "slip_number": f"{_number(slip)}/{SLIP_SIGNS[slip.form]}",
        "defects": slip.defects.order_by("id"),
        "channel": CHANNEL_WORDS[dossier.channel],
        "qr": qr_svg(address),
        "phone": phone,
        "is_demo": is_demo,
    }
    if slip.form == "01" and dossier.accepted_at is not None:
        days_off = calendar(dossier.accepted_at)
        deadline = due(dossier.accepted_at, dossier.limit, days_off)
        context |= {
            "due": deadline.at,
            "due_clock": clock_text(deadline.at) if deadline.at else "",
            "reasons": deadline.reasons,
            "days": thread_of_days(deadline, days_off, dossier.accepted_at.date()) if deadline.at else (),
            "limit": limit_words(dossier.limit_value, dossier.limit_unit),
            "papers": _papers(slip),
        }
    if slip.form == "04":
        context |= _new_moment(slip)
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


def _number(slip: Slip) -> str:
    """Return the end of the dossier's number; a second slip of a form says that it is the second."""
    nth = slip.dossier.slips.filter(form=slip.form, pk__lte=slip.pk).count()
    number = (slip.dossier.number or slip.dossier.tracking_code)[-4:]
    return number if nth == 1 else f"{number}-{nth}"


def _new_moment(slip: Slip) -> dict[str, object]:
    """Return what the apology says of the due moment: the first one, the one that was kept until now, the new one."""
    move = DueMoved.objects.get(pk=slip.content["move"])
    first = slip.dossier.original_due_at
    return {
        "office": slip.content["office"],
        "first": first.astimezone(VN) if first else None,
        "before": move.before.astimezone(VN),
        "after": move.after.astimezone(VN),
        "after_clock": clock_text(move.after.astimezone(VN)),
        "was_moved": move.before != first,
        "is_late": move.at > move.before,
    }


def _papers(slip: Slip) -> list[dict[str, object]]:
    """Return the papers of the dossier: the files sent, and what the counter took or saw without a file."""
    wanted = {p.key: p for p in slip.dossier.version.papers.all()}
    noted = slip.dossier.answers.get(COUNTER_NOTES, {}).get("papers", {})
    rows = slip.dossier.papers.filter(round=0).select_related("file").order_by("id")
    files = [(p.paper_key, p.name, f"{p.file.sha256[:4]} {p.file.sha256[4:8]}") for p in rows]
    filed = {key for key, _name, _hash in files}
    return [
        _paper_row(wanted.get(key), noted.get(key, ""), name, mark)
        for key, name, mark in files + [(key, "", "") for key in wanted if key in noted and key not in filed]
    ]


def _paper_row(paper: RequiredPaper | None, how: str, name: str, file_hash: str) -> dict[str, object]:
    if paper is None:
        return {"name": name, "originals": 0, "copies": 1, "hash": file_hash}
    if not how:
        return {"name": paper.name, "originals": paper.originals, "copies": paper.copies, "hash": file_hash}
    seen = " (chỉ xem bản chính, đã trả)" if how == "seen" else ""
    return {
        "name": paper.name + seen,
        "originals": int(how == "original"),
        "copies": int(how in {"certified", "copy"}),
        "hash": file_hash or "–",
    }
