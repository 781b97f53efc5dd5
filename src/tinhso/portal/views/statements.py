"""Help, privacy and accessibility statements."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tinhso.toolkit.public_page import public_page


@require_safe
@public_page
def help_page(request: HttpRequest) -> HttpResponse:
    """Say how to get help."""
    return render(request, "portal/help.html")


@require_safe
@public_page
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what personal data is kept, why, how long, and who sees it."""
    return render(request, "portal/privacy.html")


@require_safe
@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how usable the pages are for everybody, and what is not yet."""
    return render(request, "portal/accessibility.html")
