"""A person's own data: what is held, who looked, taking it away, asking to have it corrected."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.directory.api import (
    FIELD_WORDS,
    CannotCorrect,
    Person,
    ask_correction,
    communes,
    looks_at,
    own_record,
    own_requests,
    register,
    shown_value,
    signed_in,
    who,
    withdraw_correction,
)
from tinhso.dossiers.api import own_dossiers, own_drafts, own_numbers
from tinhso.messages.api import inbox
from tinhso.portal.forms import CorrectionForm
from tinhso.portal.services.write_my_data import write_my_data
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere

#: What is shown at first of long lists.
FIRST = 20
#: Pages where a person changes telephone and mail alone, where this installation serves them.
_CONTACT_PAGES = ("directory:contact", "portal:contact", "directory:my_contact", "portal:my_contact")
#: Purposes that concern everybody; what officers do on duty is told on the public page.
_NOT_FOR_PEOPLE = ("duty", "personnel", "signing", "protection")


@require_safe
@signed_in
def my_data(request: HttpRequest) -> HttpResponse:
    """Show in plain words what is held of the person, who looked, and what can be done."""
    by = who(request)
    record = own_record(by)
    if record is None:
        raise Http404
    looks = looks_at(by)
    is_whole = request.GET.get("xem") == "het"
    numbers = own_numbers(by)
    response = render(
        request,
        "portal/my_data.html",
        {
            "record": record,
            "facts": facts_of(record.person),
            "dossiers": own_dossiers(by),
            "drafts": own_drafts(by),
            "notices": len(inbox(record.person.pk, limit=1_000).notices),
            "looks": [(one, numbers.get(one.about, "")) for one in (looks if is_whole else looks[:FIRST])],
            "more_looks": 0 if is_whole else max(0, len(looks) - FIRST),
            "requests": [(one, FIELD_WORDS[one.field], *answer_tag(one.answer)) for one in own_requests(by)],
            "uses": [one for one in register(clock.today()).uses if one.key not in _NOT_FOR_PEOPLE],
            "contact_page": _contact_page(),
            "section": "my",
        },
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@signed_in
def download(request: HttpRequest) -> HttpResponse:
    """Give everything as one file."""
    try:
        whole = write_my_data(by=who(request), at=clock.now())
    except NotThere:
        raise Http404 from None
    name = f"du-lieu-cua-toi-{clock.today():%Y-%m-%d}.zip"
    response = FileResponse(whole, as_attachment=True, filename=name, content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, response)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def correct(request: HttpRequest) -> HttpResponse:
    """Ask the commune to correct a field."""
    by = who(request)
    record = own_record(by)
    if record is None:
        raise Http404
    shown = facts_of(record.person)
    form = CorrectionForm(
        request.POST if request.method == "POST" else None,
        initial={"office": record.person.commune_id},
        fields=[
            (key, f"{FIELD_WORDS[key]}: {value}" if value else FIELD_WORDS[key])
            for key, _label, value in shown
        ],
        offices=[(str(one.pk), one.name) for one in communes(clock.today())],
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = ask_correction(
                by=by,
                at=clock.now(),
                field=said["field"],
                wanted=said["wanted"],
                said=said["said"],
                office=said["office"],
            )
        except CannotCorrect as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(
                request,
                _("Đã gửi tới %(office)s. Câu trả lời sẽ hiện ở trang này.") % {"office": row.office.name},
            )
            return redirect("portal:my_data")
    return render(
        request,
        "portal/my_data_correct.html",
        {"form": form, "section": "my", "contact_page": _contact_page()},
        status=422 if form.errors else 200,
    )


@require_POST
@signed_in
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was asked."""
    try:
        withdraw_correction(by=who(request), at=clock.now(), request=pk)
    except NotThere:
        raise Http404 from None
    except CannotCorrect as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Đã rút yêu cầu."))
    return redirect("portal:my_data")


def facts_of(person: Person) -> list[tuple[str, str, str]]:
    """Return key, word and value of what may be corrected."""
    return [(key, label, shown_value(person, key)) for key, label in FIELD_WORDS.items()]


def _contact_page() -> str:
    for name in _CONTACT_PAGES:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


def answer_tag(answer: str) -> tuple[str, str]:
    """Return the tag and the words of the answer to a correction."""
    return {
        "": ("warn", _("Chờ trả lời")),
        "done": ("ok", _("Đã sửa")),
        "refused": ("bad", _("Không sửa")),
        "withdrawn": ("plain", _("Đã rút")),
    }[answer]
