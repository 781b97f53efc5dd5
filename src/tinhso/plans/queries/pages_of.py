"""The pages of the records that reviews and conclusions speak of."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from tinhso.plans.models import Task


def pages_of(abouts: Iterable[str]) -> dict[str, str]:
    """Return the address of each record (``task:12``); those without a page are left out. One query."""
    wanted: dict[str, set[int]] = {}
    for about in abouts:
        kind, _colon, number = about.partition(":")
        if number.isdigit():
            wanted.setdefault(kind, set()).add(int(number))
    found: dict[str, str] = {}
    tasks = Task.objects.filter(pk__in=wanted.get("task", ())).values_list("pk", "code")
    found |= {f"task:{pk}": f"{reverse('plans:tasks')}{code}/" for pk, code in tasks}
    for kind in ("directive", "target", "window"):
        found |= {f"{kind}:{pk}": reverse(f"plans:{kind}", args=[pk]) for pk in wanted.get(kind, ())}
    return found


def page_of(about: str) -> str:
    """Return the address of a record; blank where it has no page."""
    return pages_of([about]).get(about, "")
