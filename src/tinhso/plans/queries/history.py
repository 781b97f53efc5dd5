"""What happened to a record, newest first."""

from __future__ import annotations

from tinhso.plans.models import History, Reminder


def history_of(about: str, limit: int = 200) -> list[History]:
    """Return the changes of a record (``task:12``), newest first."""
    return list(History.objects.filter(about=about).order_by("-at", "-id")[:limit])


def reminders_of(about: str) -> list[Reminder]:
    """Return the reminders about a record, newest first, with their offices."""
    return list(Reminder.objects.filter(about=about).select_related("office").order_by("-at", "-id"))
