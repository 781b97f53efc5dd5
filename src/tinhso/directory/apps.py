"""Wiring of the directory."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """People, offices over time, posts, sign-in, delegation, the working calendar."""

    name = "tinhso.directory"
    label = "directory"
    verbose_name = "Danh bạ"
    default_auto_field = "django.db.models.BigAutoField"
