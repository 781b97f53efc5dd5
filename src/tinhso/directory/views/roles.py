"""Who may do what, and who holds what where."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.directory.permissions import roles_told
from tinhso.directory.queries import who
from tinhso.directory.queries.roles import holders_of, role_rows
from tinhso.directory.views.frame import administrators_only, frame, sheet
from tinhso.directory.views.offices import typed
from tinhso.toolkit import clock
from tinhso.toolkit.words import date_text

PAGE = 100


@require_safe
@administrators_only
def roles(request: HttpRequest) -> HttpResponse:
    """Show every role in words; who holds one of them; as a sheet where asked."""
    by, today = who(request), clock.today()
    role = typed(request, "vai-tro")
    role = role if role in roles_told() else ""
    if request.GET.get("tai") == "csv":
        heads = "co_quan thuoc vai_tro chuc_danh ho_ten tai_khoan tu_ngay den_ngay"
        rows = (
            (
                post.office.short_name,
                post.office.parent.short_name if post.office.parent else "",
                str(roles_told()[post.role]["name"]),
                post.title,
                post.person.name,
                post.person.account.username if hasattr(post.person, "account") else "",
                date_text(post.valid_from),
                date_text(post.valid_to) if post.valid_to else "",
            )
            for post in holders_of(by, role, today)
        )
        return sheet("vai-tro", heads.split(), rows)
    page = Paginator(holders_of(by, role, today), PAGE).get_page(request.GET.get("trang")) if role else None
    return render(
        request,
        "directory/admin/roles.html",
        {
            **frame(request, "roles"),
            "rows": role_rows(by, today),
            "role": role,
            "role_name": roles_told()[role]["name"] if role else "",
            "page": page,
            "title": _("Vai trò và quyền"),
        },
    )
