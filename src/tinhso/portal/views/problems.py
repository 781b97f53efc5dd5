"""Pages for when something is not there, not allowed or broken: what became of it, and another way."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read."""
    return render(request, "design/problems/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a person who may not open the page."""
    return render(request, "design/problems/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere, or nowhere for this person: the two look the same."""
    return render(request, "design/problems/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when we failed."""
    return render(request, "design/problems/500.html", status=500)
