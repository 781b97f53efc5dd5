"""Delegation: who does whose work, lending a post, taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.directory.forms import LoanForm, ReasonForm
from tinhso.directory.permissions import DELEGATIONS, MayDelegation, delegates_own
from tinhso.directory.queries import changes_of, who
from tinhso.directory.queries.officers import colleagues, lendable
from tinhso.directory.queries.roles import loans, may_take_back
from tinhso.directory.rules import Role
from tinhso.directory.services.lend_post import CannotLend, Loan, lend_post, withdraw_delegation
from tinhso.directory.views.frame import frame, lenders_only, sheet, status_of
from tinhso.directory.views.offices import typed
from tinhso.toolkit import clock
from tinhso.toolkit.words import date_text

PAGE = 50


@require_safe
@lenders_only
def loan_list(request: HttpRequest) -> HttpResponse:
    """List the delegations that hold or will hold, or those that have ended; as a sheet where asked."""
    by, today = who(request), clock.today()
    ended = typed(request, "xem") == "het"
    rows = loans(by, today, ended=ended)
    if request.GET.get("tai") == "csv":
        heads = "nguoi_uy_quyen chuc_danh co_quan nguoi_lam_thay tu_ngay den_ngay van_ban thu_lai"
        lines = (
            (
                *(one.post.person.name, one.post.title, one.post.office.short_name, one.to_person.name),
                *(date_text(one.valid_from), date_text(one.valid_to), one.decision),
                _("đã thu lại") if one.withdrawn_at else "",
            )
            for one in rows
        )
        return sheet("uy-quyen", heads.split(), lines)
    return render(
        request,
        "directory/admin/loans.html",
        {
            **frame(request, "loans"),
            "page": Paginator(rows, PAGE).get_page(request.GET.get("trang")),
            "ended": ended,
            "today": today,
            "mine": may_take_back(by, today),
            "may_lend": any(post.role in delegates_own() for post in lendable(by, today)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@lenders_only
def lend(request: HttpRequest) -> HttpResponse:
    """Lend a post of one's own, or of an officer of the branch (``?cua=``), to somebody found by name."""
    by, now = who(request), clock.now()
    asked = request.POST.get("cua", "") if request.method == "POST" else typed(request, "cua")
    owner = int(asked) if asked.isdecimal() and len(asked) < 15 and by.holds(Role.ADMINISTRATOR) else None
    posts = [post for post in lendable(by, now.date(), owner) if owner or post.role in delegates_own()]
    if owner and not posts:
        raise Http404
    words = (request.POST.get("ten", "") if request.method == "POST" else typed(request, "ten"))[:100]
    people = {
        post.person_id: f"{post.person.name}, {post.title}, {post.office.short_name}"
        for post in colleagues(by, words, now.date())
        if post.person_id != (owner or by.person_id)
    }
    form = LoanForm(
        request.POST if request.method == "POST" else None,
        initial={
            "valid_from": date_text(now.date()),
            "post": posts[0].pk if len(posts) == 1 else None,
        },
        choices={
            "post": [(str(post.pk), f"{post.title}, {post.office.short_name}") for post in posts],
            "to_person": [(str(pk), label) for pk, label in people.items()],
        },
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = lend_post(
                by=by,
                at=now,
                wanted=Loan(
                    said["post"],
                    said["to_person"],
                    said["valid_from"],
                    said["valid_to"],
                    said["decision"],
                    said["reason"],
                ),
            )
        except CannotLend as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Đã ủy quyền cho %(name)s. Người đó được báo.") % {"name": made.to_person.name}
            )
            return redirect("directory:loans")
    return render(
        request,
        "directory/admin/lend.html",
        {
            **frame(request, "loans"),
            "form": form,
            "words": words,
            "owner": owner or "",
            "posts": posts,
            "people": people,
            "name": posts[0].person.name if owner and posts else "",
        },
        status=status_of(form),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@lenders_only
def end_loan(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a delegation back."""
    by = who(request)
    row = DELEGATIONS.look(by, MayDelegation.WITHDRAW, pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_delegation(by=by, at=clock.now(), delegation=pk, reason=form.cleaned_data["reason"])
        except CannotLend as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã thu lại ủy quyền, có hiệu lực ngay."))
            return redirect("directory:loans")
    return render(
        request,
        "directory/admin/loan_end.html",
        {
            **frame(request, "loans"),
            "form": form,
            "loan": row,
            "history": changes_of(f"delegation:{pk}"),
        },
        status=status_of(form),
    )
