"""Every address of a demo, with the project's own pages for what is not there."""

from __future__ import annotations

from tinhso.config.tests.demo_urls import urlpatterns as everything
from tinhso.config.urls import handler400, handler403, handler404, handler500

__all__ = ("handler400", "handler403", "handler404", "handler500", "urlpatterns")

urlpatterns = list(everything)
