"""The kinds of figures of a review, and how one is made: with its words, its source, and no value where nobody can tell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.plans.queries.documents import document
from tinhso.plans.rules.drafting import Limits
from tinhso.plans.rules.reviews import PERCENT, NewFigure, share
from tinhso.toolkit.clock import VN
from tinhso.toolkit.words import date_text


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of figure (``data/review_figures.json``): its group, words and source; ``of``: what is counted."""

    key: str
    group: str
    label: str
    of: str
    source: str
    places: int


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind of figure, in the order of the report."""
    return {
        one["key"]: Kind(
            one["key"], one["group"], one["label"], one["of"], one["source"], one.get("places", 1)
        )
        for one in document("review_figures")["figures"]
    }


def kind_of(key: str) -> Kind:
    """Return the kind of a figure: ``target:CT-001`` is of the kind ``target``."""
    return kinds()[key.partition(":")[0]]


def group_labels() -> dict[str, str]:
    """Return the groups of figures with their headings, in the order of the report."""
    return {one["key"]: one["label"] for one in document("review_figures")["groups"]}


def window_words() -> dict[str, str]:
    """Return what each status of an office in a window is called."""
    found: dict[str, str] = document("review_figures")["window_words"]
    return found


def draft_limits() -> Limits:
    """Return how much a draft says."""
    return Limits.of(document("review_figures")["limits"])


def light_words() -> dict[str, str]:
    """Return what each light is called."""
    found: dict[str, str] = document("review_figures")["lights"]
    return found


@dataclass(frozen=True, slots=True)
class Span:
    """A period as it is reckoned: ``on`` is its last day, or today where it is not over."""

    first: dt.date
    last: dt.date
    at: dt.datetime

    @property
    def on(self) -> dt.date:
        """Return the day for which states are told."""
        return min(self.last, self.at.date())

    @property
    def end(self) -> dt.datetime:
        """Return the first moment after the last day."""
        return dt.datetime.combine(self.last + dt.timedelta(days=1), dt.time(), VN)

    @property
    def seen(self) -> dt.datetime:
        """Return the moment as of which plans are told: the last one of the period, or now."""
        return min(self.at, self.end - dt.timedelta(microseconds=1))

    def address(self, name: str, **asked: Any) -> str:
        """Return an address of the platform for the days of the period."""
        days = {"tu": date_text(self.first), "den": date_text(self.on)}
        return f"{reverse(name)}?{urlencode(asked or days)}"


def figure(
    key: str,
    part: Decimal | int | None,
    whole: Decimal | int | None,
    counted_at: dt.datetime,
    **said: Any,
) -> NewFigure:
    """Return a share of a kind; without a whole there is no value, and the note says so."""
    kind = kind_of(key)
    value = share(part, whole)
    words = {"label": kind.label, "unit": PERCENT, "source": kind.source, "value": value, **said}
    made = NewFigure(
        key=key,
        group=kind.group,
        counted_at=counted_at,
        numerator=None if part is None else Decimal(part),
        denominator=None if whole is None else Decimal(whole),
        **words,
    )
    return made if made.value is not None else made.with_note(_("Chưa có số."))


def sentences(*parts: str) -> str:
    """Return sentences, each with its full stop; blank ones are left out."""
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)


def left_out(days: int) -> str:
    """Say how many days are in no figure."""
    return _("%(n)d ngày của kỳ chưa đếm, không nằm trong số.") % {"n": days} if days else ""


def unverified(is_verified: bool) -> str:
    """Say that a way of counting is not verified."""
    return "" if is_verified else _("Cách tính chưa kiểm chứng.")
