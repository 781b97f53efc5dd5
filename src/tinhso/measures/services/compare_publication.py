"""Compare what was published with the record of now, case by case."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.db import connection, transaction

from tinhso.measures.models import Comparison, CountedDay, Difference, Publication
from tinhso.measures.queries.facts import classes_of, fact_query, period
from tinhso.measures.rules.formulas import figure, formulas


@transaction.atomic
def compare_publication(publication: Publication, *, at: dt.datetime) -> Comparison:
    """Find every case that is another now, count the figures anew, and try whether the past gives the same rows again."""
    when = period(publication.first, publication.last, at)
    live = classes_of(when)
    versions = {one.version: one.formula for one in publication.figures.filter(office_id=0)}
    counted = {
        version: figure(formula, live)
        for version, document in versions.items()
        for formula in formulas({"formulas": [document]}).every
    }
    comparison, _made = Comparison.objects.update_or_create(
        publication=publication,
        defaults={
            "at": at,
            "figures": {version: [one.numerator, one.denominator] for version, one in counted.items()},
            "reproduced": _is_reproduced(publication, at),
        },
    )
    comparison.differences.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            with fact as materialized ({fact_query()}),
            frozen as materialized (select * from measures_publishedcase where publication_id = %(publication)s)
            select number, coalesce(fact.office_id, frozen.office_id), frozen.cls, fact.cls
            from frozen full join fact using (number)
            where (frozen.cls, frozen.office_id, frozen.procedure_code, frozen.channel)
              is distinct from (fact.cls, fact.office_id, fact.procedure_code, fact.channel) order by number""",  # noqa: S608 - our own words
            {**when.parameters, "publication": publication.pk},
        )
        Difference.objects.bulk_create(
            Difference(comparison=comparison, number=number, office_id=office, before=before, after=after)
            for number, office, before, after in cursor.fetchall()
        )
    return comparison


def compare_published(*, at: dt.datetime) -> int:
    """Compare every publication that never was, or days of which were counted anew since. Returns how many."""
    n = 0
    for publication in Publication.objects.filter(published_at__isnull=False).order_by("-last"):
        done = Comparison.objects.filter(publication=publication).values_list("at", flat=True).first()
        days = CountedDay.objects.filter(day__range=(publication.first, publication.last))
        if done is None or days.filter(counted_at__gt=done).exists():
            compare_publication(publication, at=at)
            n += 1
    return n


def _is_reproduced(publication: Publication, at: dt.datetime) -> bool:
    """Say whether the record as it stood when the rows were frozen gives the same counts by class."""
    past = classes_of(period(publication.first, publication.last, at, known=publication.frozen_at))
    with connection.cursor() as cursor:
        cursor.execute(
            "select cls, count(*) from measures_publishedcase where publication_id = %s group by 1",
            [publication.pk],
        )
        return past == Counter(dict(cursor.fetchall()))
