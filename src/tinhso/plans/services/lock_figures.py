"""Lock the figures of a draft anew: a new number of the draft; what people wrote stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.reviews import ReviewLocked
from tinhso.plans.models import History, Review, ReviewFigure, ReviewLine
from tinhso.plans.permissions.reviews import REVIEWS, MayReview
from tinhso.plans.queries.review_figures import figures_of
from tinhso.plans.queries.review_words import drafted_lines
from tinhso.plans.queries.reviews import figures_hash, frozen_figure
from tinhso.plans.rules.drafting import SECTIONS, DraftLine
from tinhso.plans.rules.reviews import NewFigure, moved


@transaction.atomic
def lock_figures(*, by: Actor, at: dt.datetime, code: str) -> Review:
    """Reckon every figure of the draft again and lock it; lines that the machine wrote are written anew.

    Lines that somebody edited or added stay, and name the same figures. Raises ``NotThere`` for others than the
    secretary, and where the review was submitted.
    """
    review = REVIEWS.one(by, MayReview.EDIT, code=code)
    before = list(review.figures.order_by("ordinal"))
    review.draft_number += 1
    figures = freeze(review, at=at)
    changed = len(moved(before, figures))
    History.objects.record(
        review.about,
        _("Khóa lại số, bản thảo %(n)d") % {"n": review.draft_number},
        by=by,
        at=at,
        after=_("%(n)d số đổi") % {"n": changed} if changed else _("không số nào đổi"),
    )
    announce(
        ReviewLocked(review.code, review.draft_number, review.figures_hash, len(figures)),
        about=review.about,
        by=by,
        at=at,
    )
    return review


def freeze(review: Review, *, at: dt.datetime) -> list[NewFigure]:
    """Reckon figures and lines of a draft, write them with their hash, and return the figures. The caller records it."""
    figures = figures_of(review.first, review.last, at)
    drafted = drafted_lines(review.first, review.last, at, figures)
    earlier = dict(review.figures.values_list("ordinal", "key"))
    review.figures.all().delete()
    places = {one.key: place for place, one in enumerate(figures, 1)}
    ReviewFigure.objects.bulk_create(frozen_figure(review, places[one.key], one) for one in figures)
    _write_lines(review, drafted, places, earlier)
    review.frozen_at, review.figures_hash = at, figures_hash(figures)
    review.save()
    return figures


def _write_lines(
    review: Review, drafted: Sequence[DraftLine], places: Mapping[str, int], earlier: Mapping[int, str]
) -> None:
    """Write the machine's lines anew behind what people wrote; what they wrote about a record is not said twice."""
    review.lines.filter(is_automatic=True).delete()
    kept = list(review.lines.order_by("section", "ordinal"))
    said = {(one.section, one.about) for one in kept if one.about}
    ordinals = dict.fromkeys(SECTIONS, 0)
    for one in kept:
        ordinals[one.section] = max(ordinals[one.section], one.ordinal)
        named = [places[key] for place in one.figures if (key := earlier.get(place, "")) in places]
        if named != one.figures:
            one.figures = named
            one.save(update_fields=["figures"])
    fresh = []
    for line in drafted:
        if line.about and (line.section, line.about) in said:
            continue
        ordinals[line.section] += 1
        fresh.append(
            ReviewLine(
                review=review,
                section=line.section,
                ordinal=ordinals[line.section],
                text=line.text,
                cause=line.cause,
                figures=[places[key] for key in line.figures if key in places],
                about=line.about,
                lead_id=line.lead_id,
                due=line.due,
                product=line.product,
            )
        )
    ReviewLine.objects.bulk_create(fresh)
