"""Load the 25 services of Project 06 from the data file, once. Not announced: nobody set them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.directory.api import Office
from tinhso.plans.models import TrackedService
from tinhso.plans.queries.documents import document


@transaction.atomic
def load_tracked_services(*, at: dt.datetime) -> int:
    """Load the services that are not there yet, by their place in the list; return how many.

    What was brought up to date by people stays. An office that leads is found by its short name; one that is not
    there leaves the service without lead.
    """
    known = set(TrackedService.objects.values_list("ordinal", flat=True))
    leads = {
        office.short_name: office
        for office in Office.objects.on(at.date()).order_by("-id")
        if office.short_name
    }
    rows = [
        TrackedService(
            ordinal=one["ordinal"],
            name=one["name"],
            procedure_codes=one["procedure_codes"],
            lead=leads.get(one["lead"]),
            is_verified=one["is_verified"],
            updated_at=at,
        )
        for one in document("project_06")["services"]
        if one["ordinal"] not in known
    ]
    return len(TrackedService.objects.bulk_create(rows))
