"""Where a procedure is filed near a place that the person names, and when these counters are open."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.catalogue.api import ProcedureNotFound, ProcedureVersion, current
from tinhso.directory.api import Office, OfficeKind, calendar, communes, offices
from tinhso.dossiers.api import receives
from tinhso.portal.rules import PHONE
from tinhso.toolkit import clock
from tinhso.toolkit.opening import holiday_after, hours_text, opening_at
from tinhso.toolkit.public_page import public_page
from tinhso.toolkit.text import fold

#: Where the counters of the province's departments stand (NĐ 61/2018), by the beginning of its name; not verified.
_CENTRE = fold("Trung tâm Phục vụ hành chính công")


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter to go to: its office, where it stands, its telephone, and what of it is not sure, in words."""

    office: Office
    place: str
    place_note: str
    phone: str
    phone_note: str


@require_safe
@public_page
def counters(request: HttpRequest, code: str) -> HttpResponse:
    """Show the counters that take a procedure: the commune's, the district's, the province's; open or closed."""
    now = clock.now()
    try:
        version = current(code, now.date())
    except ProcedureNotFound:
        raise Http404 from None
    if not version.levels:
        raise Http404
    every = communes(now.date())
    found = districts(now.date())
    district = next((one for one in found if one.territory_code == request.GET.get("huyen")), None)
    inside = [one for one in every if district is not None and one.parent_id == district.pk]
    commune = next((one for one in inside if one.territory_code == request.GET.get("xa")), None)
    days_off = calendar()
    return render(
        request,
        "portal/counters.html",
        {
            "version": version,
            "districts": found,
            "district": district,
            "communes": inside if "commune" in version.levels else [],
            "commune": commune,
            "asks_district": set(version.levels) & {"commune", "district"},
            "counters": _nearest(version, commune, district, now.date()),
            "opening": opening_at(now, days_off),
            "hours": hours_text(days_off),
            "holiday": holiday_after(now.date(), days_off),
            "section": "search",
        },
    )


def districts(on: dt.date) -> list[Office]:
    """Return the districts that have communes on a day, in alphabetical order."""
    found = {one.parent.pk: one.parent for one in communes(on) if one.parent is not None}
    return sorted(found.values(), key=lambda office: (office.sort_key, office.pk))


def _nearest(
    version: ProcedureVersion, commune: Office | None, district: Office | None, on: dt.date
) -> list[Counter]:
    """Return the counters in the order in which one walks: the commune's own, the district's, the province's."""
    departments = offices(OfficeKind.DEPARTMENT, on)
    centre = next((one for one in departments if fold(one.name).startswith(_CENTRE)), None)
    near = [office for office in (commune, district) if office is not None]
    return [
        _counter(office, centre if office.kind == OfficeKind.DEPARTMENT else None)
        for office in (*near, *departments)
        if receives(version, office, on)
    ]


def _counter(office: Office, centre: Office | None) -> Counter:
    place, note = office.address, ""
    if not place and centre is not None:
        place = _("quầy của %(office)s tại %(centre)s") % {"office": office.short_name, "centre": centre.name}
        note = _("nơi đặt quầy chưa kiểm chứng")
    elif not place:
        place, note = _("trụ sở %(office)s") % {"office": office.name}, _("danh bạ chưa có số nhà")
    phone_note = "" if office.phone else _("tổng đài của tỉnh, số minh họa")
    return Counter(office, place, note, office.phone or PHONE, phone_note)
