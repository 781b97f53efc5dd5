"""Wiring of the one-stop dossiers."""

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    """One-stop cases: life-cycle, desks, deadlines, answers."""

    name = "tinhso.dossiers"
    label = "dossiers"
    verbose_name = "Hồ sơ một cửa"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the listeners and counters make themselves known."""
        from tinhso.dossiers import counters, listeners  # noqa: F401 - wiring belongs here
