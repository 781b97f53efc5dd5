"""Mark the pages that are the same for every stranger, so that they can be made once and kept for a minute."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpResponse

#: The attribute of an answer that may be kept; ``config.kept_pages`` looks for it.
MARK: Final = "is_the_same_for_strangers"


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Say that whoever is not signed in gets the same page from this view: no form with a token, nothing personal."""

    @wraps(view)
    def marked(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        setattr(response, MARK, True)
        return response

    return marked
