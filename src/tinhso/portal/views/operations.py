"""The operations screen: how the house stands, what failed, for administrators of the province only. Composition."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tinhso.directory.api import Role, holders_only, who
from tinhso.journal.api import failed_deliveries
from tinhso.messages.api import AddressReachesNobody, given_up
from tinhso.portal.adapters import operations, runbooks
from tinhso.portal.services.settle_job import drop_job, may_operate, retry_job, send_again
from tinhso.toolkit import clock
from tinhso.toolkit.words import number

View = Callable[..., HttpResponse]
#: What is shown of long lists; the rest is counted.
SHOWN = 50
#: How kinds of errors are called; other words are not shown.
_ERROR = re.compile(r"[A-Z][A-Za-z]{2,40}(?:Error|Exception)")
#: What a thing is called by its number; another code might hold somebody's words.
_ABOUT = re.compile(r"[a-z]+:\d{1,19}")
#: Parts without which people cannot file.
_FOR_PEOPLE = ("web", "database", "disk_database", "disk_documents")


def folder() -> Path:
    """Return where the watcher writes what it saw."""
    return Path(settings.TINHSO_DATA) / "ops"


def health_now() -> operations.Health:
    """Return what the last look saw. Whoever keeps the house goes by the machine's time, not by the demo's clock."""
    return operations.health(folder(), timezone.now())


def keepers_only(view: View) -> View:
    """Let only administrators of the whole province in; for others the page is not there."""

    @holders_only(Role.ADMINISTRATOR)
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_operate(who(request)):
            raise Http404
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-cache"
        return response

    return guarded


@require_safe
@keepers_only
def overview(request: HttpRequest) -> HttpResponse:
    """Show every part, the worst first; the page asks again by itself and is told where nothing changed."""
    health = health_now()
    context = {
        **frame(request, "operations", health),
        "health": health,
        "rows": [(part, runbooks.pieces(part.get("todo", ""))) for part in health.parts],
        "head": headline(health),
        "looked_at": _second(health),
        "for_people": _for_people(health),
        "jobs": health.part("jobs")["facts"],
        "failed": [_job(one) for one in failed_deliveries(limit=3)],
        "disks": [one for one in health.parts if one["key"].startswith("disk_") and "used" in one["facts"]],
        "certificates": _certificates(health),
        "backup": operations.backup(folder()),
        "backup_part": health.part("backup"),
        "drills": operations.drills(folder())[:3],
        "faults": sum(one.count for one in operations.faults(folder(), timezone.now())),
        "runbooks": len(runbooks.known()),
    }
    is_part = "HX-Request" in request.headers
    template = "portal/operations_state.html" if is_part else "portal/operations.html"
    if not is_part:
        return render(request, template, context)
    response = render(request, template, context)
    tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    response["ETag"] = tag
    return response


@require_safe
@keepers_only
def jobs(request: HttpRequest) -> HttpResponse:
    """Show what waits, runs and failed, with the reason and what can be done."""
    health = health_now()
    failed = failed_deliveries(limit=SHOWN)
    words = operations.words()
    return render(
        request,
        "portal/operations_jobs.html",
        {
            **frame(request, "operations_jobs", health),
            "health": health,
            "facts": health.part("jobs")["facts"],
            "failed": [_job(one) for one in failed],
            "is_cut": len(failed) == SHOWN,
            "reasons": words["reasons"].items(),
            "drop_reasons": words["drop_reasons"].items(),
        },
    )


@require_POST
@keepers_only
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a failed delivery tried again, for a reason that is chosen from a list."""
    if (reason := _reason(request, "reasons")) is None:
        return _no_reason(request, "portal:operations_jobs")
    retry_job(pk, by=who(request), at=clock.now(), now=timezone.now(), reason=reason)
    messages.success(request, _("Việc %(n)s sẽ được làm lại ngay.") % {"n": number(pk)})
    return redirect("portal:operations_jobs")


@require_POST
@keepers_only
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a dead delivery go, for a reason that is chosen from a list."""
    if (reason := _reason(request, "drop_reasons")) is None:
        return _no_reason(request, "portal:operations_jobs")
    drop_job(pk, by=who(request), at=clock.now(), now=timezone.now(), reason=reason)
    messages.success(request, _("Đã bỏ việc %(n)s. Sổ nhật ký ghi lý do.") % {"n": number(pk)})
    return redirect("portal:operations_jobs")


@require_safe
@keepers_only
def post(request: HttpRequest) -> HttpResponse:
    """Show how letters and SMS go, and what was given up: no address is shown."""
    health = health_now()
    rows = given_up(SHOWN)
    words = operations.words()
    return render(
        request,
        "portal/operations_post.html",
        {
            **frame(request, "operations_post", health),
            "facts": health.part("mail")["facts"],
            "part": health.part("mail"),
            "last": operations.moment(health.part("mail")["facts"].get("last_sent_at")),
            "rows": [
                {
                    "pk": one.pk,
                    "channel": words["channels"].get(one.channel, one.channel),
                    "created_at": one.created_at,
                    "attempts": one.attempts,
                    "why": _why(one.last_error),
                }
                for one in rows
            ],
            "is_cut": len(rows) == SHOWN,
            "reasons": words["reasons"].items(),
        },
    )


@require_POST
@keepers_only
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a letter or SMS that was given up sent again."""
    if (reason := _reason(request, "reasons")) is None:
        return _no_reason(request, "portal:operations_post")
    try:
        send_again(pk, by=who(request), at=clock.now(), reason=reason)
    except AddressReachesNobody:
        messages.error(
            request, _("Địa chỉ ghi sai nên gửi lại cũng không đến. Người nhận vẫn xem được trong hộp thư.")
        )
    else:
        messages.success(request, _("Thư %(n)s sẽ được gửi lại ngay.") % {"n": number(pk)})
    return redirect("portal:operations_post")


@require_safe
@keepers_only
def database(request: HttpRequest) -> HttpResponse:
    """Show size, growth, connections, the largest tables, slow queries and migrations."""
    health = health_now()
    return render(
        request,
        "portal/operations_database.html",
        {
            **frame(request, "operations_database", health),
            "health": health,
            "part": health.part("database"),
            "facts": health.part("database")["facts"],
            "largest": health.database.get("largest", []),
            "slow": health.database.get("slow"),
            "migrations": health.database.get("migrations", {}),
        },
    )


@require_safe
@keepers_only
def errors(request: HttpRequest) -> HttpResponse:
    """Show the errors of a day by kind and place, with the ids of requests."""
    health = health_now()
    found = operations.faults(folder(), timezone.now())
    return render(
        request,
        "portal/operations_errors.html",
        {
            **frame(request, "operations_errors", health),
            "faults": [
                {"one": one, "says": operations.words()["errors"].get(one.kind.rpartition(".")[2], "")}
                for one in found[:SHOWN]
            ],
            "count": sum(one.count for one in found),
        },
    )


@require_safe
@keepers_only
def backups(request: HttpRequest) -> HttpResponse:
    """Show what the backup's own check said and how the restore drills ended."""
    health = health_now()
    return render(
        request,
        "portal/operations_backups.html",
        {
            **frame(request, "operations_backups", health),
            "part": health.part("backup"),
            "backup": operations.backup(folder()),
            "drill": health.part("drill"),
            "drills": operations.drills(folder()),
        },
    )


@require_safe
@keepers_only
def versions(request: HttpRequest) -> HttpResponse:
    """Show what runs, and the runbooks."""
    health = health_now()
    return render(
        request,
        "portal/operations_versions.html",
        {
            **frame(request, "operations_versions", health),
            "build": health.build,
            "database": health.part("database")["facts"],
            "migrations": health.database.get("migrations", {}),
            "runbooks": runbooks.titles().items(),
        },
    )


@require_safe
@keepers_only
def book(request: HttpRequest, key: str) -> HttpResponse:
    """Show one runbook."""
    blocks = runbooks.runbook(key)
    if blocks is None:
        raise Http404
    title = next(("".join(text for _, text in one.lines[0]) for one in blocks if one.kind == "title"), key)
    return render(
        request,
        "portal/operations_book.html",
        {
            **frame(request, "", health_now()),
            "title": title,
            "blocks": [one for one in blocks if one.kind != "title"],
        },
    )


def frame(request: HttpRequest, current: str, health: operations.Health) -> dict[str, Any]:
    """Return the side menu and the duty, for ``design/officer.html``."""
    trouble = health.count("bad", "warn")
    entries: list[tuple[str, str, str, int | None]] = [
        ("operations", _("Vận hành"), "chart-line", trouble or None),
        (
            "operations_jobs",
            _("Việc chạy nền"),
            "refresh-cw",
            health.part("jobs")["facts"].get("dead") or None,
        ),
        ("operations_post", _("Thư và tin nhắn"), "mail", None),
        ("operations_database", _("Cơ sở dữ liệu"), "database", None),
        ("operations_errors", _("Lỗi trong ngày"), "triangle-alert", None),
        ("operations_backups", _("Sao lưu"), "archive", None),
        ("operations_versions", _("Phiên bản, cẩm nang"), "book-open", None),
    ]
    held = next((one for one in who(request).posts if one.role is Role.ADMINISTRATOR), None)
    return {
        "menu": [
            {
                "url": reverse(f"portal:{key}"),
                "label": label,
                "icon": icon,
                "count": count,
                "current": key == current,
            }
            for key, label, icon, count in entries
        ],
        "duty": {"office": held.office_name, "role": held.title} if held else None,
    }


def headline(health: operations.Health) -> str:
    """Return the state of the house in one line."""
    if health.at is None:
        return _("Chưa đo lần nào")
    whole, good = len(health.parts), health.count("ok")
    said = _("%(good)s trên %(whole)s phần chạy tốt") % {"good": good, "whole": whole}
    for n, words in (
        (health.count("bad"), _("%(n)s phần hỏng")),
        (health.count("warn"), _("%(n)s phần cần xem")),
        (health.count("unknown"), _("%(n)s phần chưa đo")),
    ):
        if n:
            said += ", " + words % {"n": n}
    return said


def _second(health: operations.Health) -> str:
    """Return the moment of the last look to the second."""
    if health.at is None:
        return ""
    return _("%(h)s giờ %(m)s phút %(s)s giây") % {
        "h": health.at.hour,
        "m": f"{health.at.minute:02d}",
        "s": f"{health.at.second:02d}",
    }


def _for_people(health: operations.Health) -> str:
    """Say in one sentence whether people can file."""
    if health.at is None:
        return _("Máy canh chưa chạy nên chưa biết gì về các phần.")
    if any(health.part(key).get("state") == "bad" for key in _FOR_PEOPLE):
        return _("Người dân có thể không nộp được hồ sơ lúc này. Báo lên trang công khai nếu quá 15 phút.")
    return _("Người dân vẫn nộp được hồ sơ.")


def _job(delivery: Any) -> dict[str, Any]:
    """Return a failed delivery in words; the text of its error stays where it is, for it may quote somebody's data."""
    return {
        "pk": delivery.pk,
        "name": operations.words()["listeners"].get(delivery.listener, delivery.listener),
        "about": delivery.entry.about if _ABOUT.fullmatch(delivery.entry.about) else "",
        "attempts": delivery.attempts,
        "is_dead": delivery.next_try_at is None,
        "next_try_at": delivery.next_try_at,
        "why": _why(delivery.last_error),
    }


def _why(said: str) -> dict[str, str]:
    """Return the reason in words and the code of the error: only what we know, for the rest may quote somebody's data."""
    words = operations.words()
    for start, sentence in words["own_reasons"].items():
        if said.startswith(start):
            return {"words": sentence, "code": ""}
    kind = said.partition(":")[0].split(" ")[0].rpartition(".")[2]
    known: Mapping[str, str] = words["errors"]
    is_code = kind in known or _ERROR.fullmatch(kind) is not None
    return {"words": known.get(kind, _("Lỗi chưa rõ loại")), "code": kind if is_code else ""}


def _certificates(health: operations.Health) -> list[dict[str, Any]]:
    rows = health.part("certificates")["facts"].get("rows", [])
    return [dict(one, end=operations.moment(one["end"])) for one in rows]


def _reason(request: HttpRequest, which: str) -> str | None:
    chosen = request.POST.get("ly_do", "")
    return chosen if chosen in operations.words()[which] else None


def _no_reason(request: HttpRequest, back: str) -> HttpResponse:
    messages.error(request, _("Chưa chọn lý do. Chọn một lý do trong danh sách rồi bấm lại."))
    return redirect(back)
