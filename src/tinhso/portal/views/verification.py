"""Check any signed paper: what was signed, by whom, and whether it was changed."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tinhso.documents.api import MAX_BYTES, size_text
from tinhso.signatures.api import verify
from tinhso.toolkit import clock


def verification(request: HttpRequest) -> HttpResponse:
    """Ask for a PDF and say what can be trusted. The file is read and not kept."""
    report, error, digest = None, "", ""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None or not file.size:
            error = _("Chưa có tệp nào. Chọn tệp PDF cần kiểm tra.")
        elif file.size > MAX_BYTES:
            error = _("Tệp nặng %(size)s, tối đa %(most)s. Chọn tệp nhỏ hơn.") % {
                "size": size_text(file.size),
                "most": size_text(MAX_BYTES),
            }
        else:
            content = file.read()
            digest = hashlib.sha256(content).hexdigest()
            report = verify(content, at=clock.now())
    return render(request, "portal/verify.html", {"report": report, "error": error, "sha256": digest})
