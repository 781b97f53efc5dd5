"""Wiring of the plans."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """The Steering Committee's desk: directives, plans, targets, tasks, money, inspections, reviews."""

    name = "tinhso.plans"
    label = "plans"
    verbose_name = "Chuyển đổi số"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Run what the clock drives."""
        from tinhso.plans import tasks  # noqa: F401 - wiring belongs here
