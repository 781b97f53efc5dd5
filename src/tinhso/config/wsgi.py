"""Hand the web server the application, and get ready what the first person would otherwise wait for."""

import os
from threading import Timer

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.config.settings")

application = get_wsgi_application()


def _get_ready() -> None:
    """Build the index of the search in this process, beside the first requests."""
    from django.db import connection  # noqa: PLC0415 - the application must be there first

    from tinhso.catalogue.api import search  # noqa: PLC0415
    from tinhso.toolkit import clock  # noqa: PLC0415

    try:
        search("khai sinh", clock.today())
    finally:
        connection.close()


#: Seconds after the start; sooner, it would keep the first page waiting.
_AFTER = 15.0
_later = Timer(_AFTER, _get_ready)
_later.daemon = True
_later.start()


def _count_views() -> None:
    """Begin to write the page views that this process counts."""
    from tinhso.measures.middleware import keep_writing  # noqa: PLC0415 - the application must be there first

    keep_writing()


_count_views()
