"""The figures of a review that ``measures`` and ``catalogue`` count: services, on time in three ways, coverage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.catalogue.api import service_levels
from tinhso.measures.api import (
    BesideComputed,
    Covered,
    LeftOut,
    Running,
    System,
    counting,
    coverage,
    every_formula,
    reported_figures,
    services_used,
    tally,
    usual,
)
from tinhso.plans.queries.review_kinds import Span, figure, kind_of, left_out, sentences, unverified
from tinhso.plans.rules.reviews import PERCENT, NewFigure
from tinhso.toolkit.words import date_text, number

#: The lowest level on which a service is online, as the catalogue counts it.
_ONLINE_FROM: Final = 3
_NOT_RECKONED: Final = "không tính lại được"


def measured(span: Span) -> Iterator[NewFigure]:
    """Yield every figure that is counted from dossiers, the catalogue and registers."""
    yield from _services(span)
    yield from _coverage(span)
    yield from _on_time(span)


def _services(span: Span) -> Iterator[NewFigure]:
    levels = service_levels(span.on)
    by_level = ", ".join(
        _("%(n)s ở mức độ %(level)d") % {"n": number(n), "level": level}
        for level, n in sorted(levels.whole.by_level.items(), reverse=True)
        if level >= _ONLINE_FROM and n
    )
    yield figure(
        "service_levels",
        levels.whole.online,
        levels.whole.listed,
        span.at,
        note=sentences(by_level, _("Mức độ minh họa.") if levels.is_illustrative else ""),
        url=reverse("portal:procedures_csv"),
        formula=_("Mức độ dịch vụ, hệ %(year)d") % {"year": levels.system},
    )
    used = services_used(span.first, span.on, "any", "every-month")
    keys = ("services_with_dossiers", "services_with_dossiers_every_month")
    for key, one in zip(keys, used, strict=True):
        whole = one.whole
        is_known = one.counting.counted_at is not None
        yield figure(
            key,
            whole.numerator if is_known else None,
            whole.denominator if is_known else None,
            one.counting.counted_at or span.at,
            note=sentences(left_out(len(one.counting.uncounted)), unverified(one.rule.is_verified)),
            url=span.address("measures:services_used"),
            formula=one.rule.version,
        )
    seen, received = counting(span.first, span.on), tally(span.first, span.on).by_channel
    yield figure(
        "online_share",
        received.online if seen.counted_at else None,
        received.whole if seen.counted_at else None,
        seen.counted_at or span.at,
        note=left_out(len(seen.uncounted)),
        url=span.address("measures:statistics"),
        formula=_("Theo kênh nộp lúc tiếp nhận"),
    )


def _coverage(span: Span) -> Iterator[NewFigure]:
    found = {system: coverage(system, span.on, span.at) for system in System}
    for key, system in (
        ("signatures", System.SIGNATURES),
        ("one_stop", System.ONE_STOP),
        ("interlinked", System.INTERLINKED),
    ):
        yield _covered(key, found[system], span)
        if key == "signatures":
            yield _declared(found[system], span)


def _covered(key: str, found: Covered | None, span: Span) -> NewFigure:
    if found is None:
        return figure(key, None, None, span.at, note=_("Chưa có cách tính cho ngày này."))
    whole = found.whole
    unknown = (
        _("%(n)s cơ quan chưa có dấu vết để xét.") % {"n": number(whole.unknown)} if whole.unknown else ""
    )
    return figure(
        key,
        whole.runs,
        whole.denominator,
        span.at,
        **({} if whole.is_told else {"value": None}),
        note=unknown,
        url=span.address("measures:coverage", vao=date_text(span.on)),
        formula=found.definition.version,
    )


def _declared(found: Covered | None, span: Span) -> NewFigure:
    """Return what bodies declared of signatures, over all that exist on the day: who declared nothing counts too."""
    key = "signatures_declared"
    if found is None:
        return figure(key, None, None, span.at)
    there = [row for row in found.rows if row.reason in (None, LeftOut.DECLARED_ONLY)]
    runs = sum(row.declared is Running.RUNS for row in there)
    silent = sum(row.declared is None for row in there)
    return figure(
        key,
        runs if silent < len(there) else None,
        len(there) if silent < len(there) else None,
        span.at,
        note=_("%(n)s nơi chưa khai.") % {"n": number(silent)} if silent else _("Nơi nào cũng đã khai."),
        url=reverse("measures:coverage"),
        formula=_NOT_RECKONED,
    )


def _on_time(span: Span) -> Iterator[NewFigure]:
    reported = _reported(span)
    if reported is None:
        yield figure("on_time_reported", None, None, span.at, formula=_NOT_RECKONED).with_note(
            _("Chưa ai nhập số báo cáo của kỳ này.")
        )
    else:
        yield _as_reported(reported)
    seen, classes = counting(span.first, span.on), tally(span.first, span.on)
    for key in ("national", "strict"):
        formula = usual(key, span.on)
        one = classes.under(formula)
        yield figure(
            f"on_time_{key}",
            one.numerator if seen.counted_at else None,
            one.denominator if seen.counted_at else None,
            seen.counted_at or span.at,
            note=sentences(left_out(len(seen.uncounted)), unverified(formula.is_verified)),
            url=span.address(
                "measures:statistics",
                tu=date_text(span.first),
                den=date_text(span.on),
                ct=formula.version,
            ),
            formula=formula.version,
        )


def _reported(span: Span) -> BesideComputed | None:
    """Return the reported share on time of the period: the one that covers most of it, the latest."""
    found = [
        one
        for one in reported_figures(of_whole_months=False)
        if every_formula().of(one.reported.compares_with)
        and one.reported.first <= span.last
        and one.reported.last >= span.first
    ]

    def covers(one: BesideComputed) -> tuple[int, dt.datetime]:
        first, last = max(one.reported.first, span.first), min(one.reported.last, span.last)
        outside = (one.reported.last - one.reported.first).days - (last - first).days
        return (last - first).days - outside, one.reported.entered_at

    return max(found, key=covers, default=None)


def _as_reported(one: BesideComputed) -> NewFigure:
    said = one.reported
    kind = kind_of("on_time_reported")
    document_words = f"{said.reported_by}, {said.document_number}"
    return NewFigure(
        key="on_time_reported",
        group=kind.group,
        label=kind.label,
        unit=PERCENT,
        source=document_words[:300],
        counted_at=said.entered_at,
        numerator=None if said.numerator is None else Decimal(said.numerator),
        denominator=None if said.denominator is None else Decimal(said.denominator),
        value=said.value,
        note=sentences(
            _("Kỳ báo cáo %(first)s đến %(last)s.")
            % {"first": date_text(said.first), "last": date_text(said.last)},
            said.note,
            unverified(said.is_verified),
        )[:500],
        url=reverse("measures:reported_history", args=[said.pk]),
        formula=_NOT_RECKONED,
    )
