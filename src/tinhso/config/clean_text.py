"""Take out of what people send the letters that nobody sees, before any page reads it.

NUL cannot be stored, zero-width letters hide in a name, a direction sign shows a text turned around, and the same
name comes in two spellings (NFC, NFD) from different keyboards: inside there is one spelling and nothing hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from tinhso.toolkit.text import visible


class CleanTextMiddleware:
    """Clean address, query and form. Stands after the CSRF check, so a form is read only once it may be."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on; the work is done when the view is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, kwargs: Mapping[str, Any]) -> None:
        """Clean what the view will read. An address with hidden letters leads nowhere: ``Http404``."""
        if any(isinstance(part, str) and visible(part) != part for part in kwargs.values()):
            raise Http404
        request.GET = cleaned(request.GET)
        if request.method == "POST":
            request.POST = cleaned(request.POST)


def cleaned(sent: QueryDict) -> Any:
    """Return the fields with visible letters only; passwords stay as they were typed."""
    if all("password" in key or visible(one) == one for key, every in sent.lists() for one in every):
        return sent
    clean = QueryDict(mutable=True, encoding=sent.encoding)
    for key, every in sent.lists():
        clean.setlist(visible(key), every if "password" in key else [visible(one) for one in every])
    clean._mutable = False
    return clean
