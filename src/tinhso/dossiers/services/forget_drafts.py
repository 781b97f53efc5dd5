"""Empty drafts that are no longer needed: what was typed and the files go, what is counted of them stays."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from tinhso.directory.api import nobody
from tinhso.dossiers.models import Draft, DraftFile


@transaction.atomic
def forget_drafts(numbers: Collection[int]) -> tuple[list[int], list[int]]:
    """Empty drafts; return the numbers of those emptied and of the files taken out of them.

    The row stays with nobody as its writer, because how far drafts came is counted of these rows
    (``queries/draft_steps.py``): no answer, no letter typed, no file, no person.
    """
    empty = nobody()
    rows = Draft.objects.select_for_update().filter(pk__in=numbers).exclude(person_id=empty)
    found = list(rows.values_list("pk", flat=True))
    files = list(DraftFile.objects.filter(draft__in=found).values_list("pk", flat=True))
    DraftFile.objects.filter(pk__in=files).delete()
    Draft.objects.filter(pk__in=found).update(answers={}, typed={}, person=empty)
    return found, files
