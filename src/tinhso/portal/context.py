"""What every page's frame needs to know of this installation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tinhso.directory.api import cast
from tinhso.portal.rules import PHONE, PROVINCE, SERVICE_NAME
from tinhso.toolkit import clock


def site(request: HttpRequest) -> dict[str, Any]:
    """Add ``site``: who runs it, the phone, the moment, the demo's banner."""
    return {
        "site": {
            "province": PROVINCE,
            "service_name": SERVICE_NAME,
            "phone": PHONE,
            "version": "0.1",
            "now": clock.now(),
            "banner": _("Bản trình diễn") if settings.TINHSO_DEMO else "",
        },
        "demo_cast": cast() if settings.TINHSO_DEMO else [],
        "actor": getattr(request, "actor", None),
    }
