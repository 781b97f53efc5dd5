"""Wiring of the directory."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """People, offices over time, posts, sign-in, delegation, the working calendar."""

    name = "tinhso.directory"
    label = "directory"
    verbose_name = "Danh bạ"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the periodic tasks make themselves known."""
        from tinhso.directory import tasks  # noqa: F401 - wiring belongs here
