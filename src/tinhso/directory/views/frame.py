"""What every page of administration needs: who may come in, the side menu, the duty, forms in two presses, sheets."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from tinhso.directory.models import Office
from tinhso.directory.permissions import administers_province, delegates_own, roles_told
from tinhso.directory.queries import holders_only, who
from tinhso.directory.rules import Actor, Role
from tinhso.directory.services.prove import recently_proved
from tinhso.toolkit.spreadsheet import guarded

View = Callable[..., HttpResponse]
#: Pages of others that belong to the same menu, where this installation serves them.
_ELSEWHERE = (
    ("dossiers:calendar", _("Lịch làm việc"), "calendar"),
    ("dossiers:inbox", _("Hồ sơ cần xử lý"), "inbox"),
)


def admin_only(*more: Role) -> Callable[[View], View]:
    """Let administrators in, and holders of ``more`` roles; a change asks for a recent proof of who one is."""
    guard = holders_only(Role.ADMINISTRATOR, *more)

    def decorate(view: View) -> View:
        @guard
        @recently_proved
        @wraps(view)
        def guarded_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return view(request, *args, **kwargs)

        return guarded_view

    return decorate


#: Who may lend a post: administrators, and whoever may lend one's own.
lenders_only = admin_only(*delegates_own())
administrators_only = admin_only()


def frame(request: HttpRequest, current: str) -> dict[str, Any]:
    """Return the side menu, the duty and how far the actor's administration reaches."""
    by = who(request)
    is_administrator = by.holds(Role.ADMINISTRATOR)
    entries = [
        ("offices", _("Cơ quan"), "landmark"),
        ("officers", _("Cán bộ"), "users"),
        ("roles", _("Vai trò và quyền"), "list"),
        ("access_requests", _("Chờ khóa mới"), "key-round"),
    ]
    entries = entries if is_administrator else []
    if is_administrator or by.holds(*delegates_own()):
        entries.append(("loans", _("Ủy quyền"), "user-check"))
    menu: list[dict[str, Any]] = [
        {"url": reverse(f"directory:{key}"), "label": label, "icon": icon, "current": key in (current, f"{current}_requests")}
        for key, label, icon in entries
    ]
    for name, label, icon in _ELSEWHERE:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        if is_administrator or name == "dossiers:inbox":
            menu.append({"url": address, "label": label, "icon": icon, "current": False})
    post = next((one for one in by.posts if one.role == Role.ADMINISTRATOR), by.posts[0])
    return {
        "menu": menu,
        "duty": {"office": post.office_name, "role": post.title},
        "is_province": is_administrator and administers_province(by),
    }


def role_choices(by: Actor) -> list[tuple[str, str]]:
    """Return the roles that the actor may give somewhere."""
    whole = administers_province(by)
    return [
        (role, str(told["name"]))
        for role, told in roles_told().items()
        if whole or told["given_by"] == "branch"
    ]


def picked(places: dict[str, Office], pk: str) -> str:
    """Return the label under which an office is picked, or blank."""
    return next((label for label, office in places.items() if str(office.pk) == pk), "")


def status_of(form: Any, *, seen: bool = False) -> int:
    """Return 422 for a form with mistakes, else 200."""
    return 422 if form.is_bound and not seen and form.errors else 200


def sheet(name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return rows as a CSV file, each cell a text."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    written = csv.writer(response)
    written.writerow(heads)
    for row in rows:
        written.writerow([guarded(cell) for cell in row])
    return response
