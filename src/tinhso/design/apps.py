"""The design system as a Django app: templates, styles, icons and template tags. No tables."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Register the templates and static files of the design system."""

    name = "tinhso.design"
    label = "design"
    verbose_name = "Giao diện"
