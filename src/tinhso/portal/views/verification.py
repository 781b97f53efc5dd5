"""Check any signed paper: what was signed, by whom, and whether it was changed."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tinhso.documents.api import UploadRefused, contents_of
from tinhso.signatures.api import verify
from tinhso.toolkit import clock


@require_http_methods(["GET", "HEAD", "POST"])
def verification(request: HttpRequest) -> HttpResponse:
    """Ask for a PDF and say what can be trusted. The file is read and not kept."""
    report, error, digest = None, "", ""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None or not file.size:
            error = _("Chưa có tệp nào. Chọn tệp PDF cần kiểm tra.")
        else:
            try:
                content = contents_of(file)
            except UploadRefused as refused:
                error = str(refused.sentence)
            else:
                digest = hashlib.sha256(content).hexdigest()
                report = verify(content, at=clock.now())
    return render(
        request,
        "portal/verify.html",
        {"report": report, "error": error, "sha256": digest},
        status=422 if error else 200,
    )
