"""Tell Django that the journal exists."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The journal: it listens to nobody, so nothing is wired here."""

    name = "tinhso.journal"
    label = "journal"
    verbose_name = "Sổ nhật ký"
