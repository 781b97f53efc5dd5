"""Give templates the addresses of the pages that exist, so that no page ever shows a dead link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

if TYPE_CHECKING:
    from django.http import HttpRequest

ROUTES: Final[dict[str, str]] = {
    "home": "portal:home",
    "search": "portal:search",
    "my": "portal:my",
    "statistics": "measures:statistics",
    "track": "portal:track",
    "verify": "portal:verify",
    "help": "portal:help",
    "privacy": "portal:privacy",
    "accessibility": "portal:accessibility",
    "open_data": "portal:open_data",
    "status": "measures:status",
    "sign_in": "account_login",
    "sign_out": "account_logout",
    "inbox": "dossiers:inbox",
    "find": "dossiers:find",
    "rebasing": "dossiers:rebasing",
    "progress": "plans:progress",
}


def existing_links() -> dict[str, str]:
    """Return the address of every page in ``ROUTES`` that this installation serves, and no other."""
    found: dict[str, str] = {}
    for key, route in ROUTES.items():
        try:
            found[key] = reverse(route)
        except NoReverseMatch:
            continue
    return found


def links(_request: HttpRequest) -> dict[str, Any]:
    """Add ``links`` to the template context; addresses are looked up only when a template asks."""
    return {"links": SimpleLazyObject(existing_links)}
