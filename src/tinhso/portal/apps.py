"""Wiring of the portal."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Home, search, my page, public pages: composition only."""

    name = "tinhso.portal"
    label = "portal"
    verbose_name = "Cổng dịch vụ công"
