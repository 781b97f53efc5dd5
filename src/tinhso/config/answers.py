"""See to it that nobody is left before an empty page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tinhso.portal.views.problems import not_this_way

WRONG_METHOD = 405


class NoEmptyPageMiddleware:
    """Give the bare "method not allowed" of a view a page with a way on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and replace an empty 405 where a person opened the address."""
        response = self.get_response(request)
        if response.status_code != WRONG_METHOD or request.method != "GET":
            return response
        page = not_this_way(request)
        page["Allow"] = response["Allow"]
        return page
