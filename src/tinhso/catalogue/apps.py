"""Wiring of the catalogue."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The catalogue: it listens to nobody, so nothing is wired here."""

    name = "tinhso.catalogue"
    label = "catalogue"
    verbose_name = "Danh mục thủ tục"
    default_auto_field = "django.db.models.BigAutoField"
