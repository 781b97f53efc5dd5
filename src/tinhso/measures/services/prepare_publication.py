"""Freeze the figures of a period that is over, with the cases behind them."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.measures.events import PublicationPrepared
from tinhso.measures.models import Publication, PublishedFigure
from tinhso.measures.permissions import STATISTICIANS
from tinhso.measures.queries.facts import fact_query, period
from tinhso.measures.queries.figures import counting, tally
from tinhso.measures.queries.formulas import every_formula
from tinhso.measures.rules.formulas import figure
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.words import date_text

LONGEST_TITLE: Final = 200
#: The lock of those who give out codes.
_LOCK: Final = 0x80


class NotReady(ValueError):
    """The period cannot be frozen yet; the sentence says why and what to do."""


@transaction.atomic
def prepare_publication(
    *, by: Actor, at: dt.datetime, title: str, first: dt.date, last: dt.date
) -> Publication:
    """Freeze every version of every formula, of the province and of each office, with all cases and their hash.

    Raises ``NotThere`` for others than statisticians, and ``NotReady`` where the period is not over, has days that
    were not counted, or where the sum of the days is not the count of the cases.
    """
    if not by.holds(*STATISTICIANS) or by.account_id is None:
        raise NotThere
    title = title.strip()
    _check_period(title, first, last, on=at.date())
    when = period(first, last, at)
    publication = Publication.objects.create(
        code=_code(first, last),
        title=title,
        first=first,
        last=last,
        frozen_at=at,
        rows_hash="",
        rows_count=0,
        prepared_by_id=by.account_id,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into measures_publishedcase (publication_id, number, office_id, procedure_code, channel, cls)"  # noqa: S608 - our own words
            f" select %(publication)s, number, office_id, procedure_code, channel, cls from ({fact_query()}) fact",
            {**when.parameters, "publication": publication.pk},
        )
    counts = _counts(publication)
    if counts[0] != tally(first, last).classes:
        raise NotReady(_("Tổng các ngày khác số hồ sơ đếm lại. Đếm lại các ngày của kỳ rồi soạn lại."))
    PublishedFigure.objects.bulk_create(
        PublishedFigure(
            publication=publication,
            version=formula.version,
            formula=dict(formula.document),
            office_id=office,
            numerator=found.numerator,
            denominator=found.denominator,
            excluded=dict(found.excluded),
            groups=dict(found.groups),
        )
        for formula in every_formula().every
        for office, found in ((key, figure(formula, classes)) for key, classes in counts.items())
    )
    rows_hash, rows_count = rows_of(publication)
    Publication.objects.filter(pk=publication.pk).update(rows_hash=rows_hash, rows_count=rows_count)
    publication.refresh_from_db()
    announce(
        PublicationPrepared(publication.code, first, last, rows_hash, rows_count),
        about=publication.about,
        by=by,
        at=at,
    )
    return publication


def rows_of(publication: Publication) -> tuple[str, int]:
    """Return the SHA-256 of a publication's rows, a line each in the order of their numbers, and how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select encode(sha256(convert_to(coalesce(string_agg("
            "  number || ';' || office_id || ';' || procedure_code || ';' || channel || ';' || cls || E'\\n', ''"
            "  order by number collate \"C\"), ''), 'utf8')), 'hex'), count(*)"
            " from measures_publishedcase where publication_id = %s",
            [publication.pk],
        )
        rows_hash, rows_count = cursor.fetchone()
    return rows_hash, rows_count


def _check_period(title: str, first: dt.date, last: dt.date, *, on: dt.date) -> None:
    if not title or len(title) > LONGEST_TITLE:
        raise NotReady(_("Ghi tên bản công bố, tối đa %(n)d chữ.") % {"n": LONGEST_TITLE})
    if first > last:
        raise NotReady(_("Ngày cuối đứng trước ngày đầu. Đổi lại hai ngày."))
    if last >= on:
        raise NotReady(_("Kỳ chưa hết. Chọn ngày cuối trước hôm nay."))
    found = counting(first, last)
    missing = sorted({*found.uncounted, *found.waiting})
    if missing:
        raise NotReady(
            _("%(n)d ngày của kỳ chưa có số liệu, sớm nhất %(day)s. Chờ đếm xong rồi soạn lại.")
            % {"n": len(missing), "day": date_text(missing[0])}
        )


def _code(first: dt.date, last: dt.date) -> str:
    """Return the next free code of a period. One at a time: two who prepare at once get two codes."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, 0)", [_LOCK])
    stem = f"cb-{first:%y%m%d}-{last:%y%m%d}-"
    codes = Publication.objects.filter(code__startswith=stem).values_list("code", flat=True)
    return f"{stem}{max((int(code.removeprefix(stem)) for code in codes), default=0) + 1}"


def _counts(publication: Publication) -> dict[int, Counter[int]]:
    """Return the cases by class: of the whole province under 0, and of each office."""
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    with connection.cursor() as cursor:
        cursor.execute(
            "select office_id, cls, count(*) from measures_publishedcase where publication_id = %s group by 1, 2",
            [publication.pk],
        )
        for office, cls, n in cursor.fetchall():
            counts[office][cls] += n
            counts[0][cls] += n
    return counts or {0: Counter()}
