"""Wiring of the measures."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    """Day counts and the indicators made of them."""

    name = "tinhso.measures"
    label = "measures"
    verbose_name = "Số liệu"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear which days are stale; recount them in the background."""
        from tinhso.measures import tasks  # noqa: F401 - wiring belongs here
