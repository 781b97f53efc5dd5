"""Measure the duties of publication, and list what is missing.

A decision is made public within five working days after it was signed, and at least five working days before the
effect (chưa kiểm chứng: the articles that say so were not found).
All mandatory parts: Decree 63/2010/NĐ-CP, article 8, clause 2.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from tinhso.catalogue.models import ChannelTerm, LegalBasis, ProcedureVersion, RequiredPaper, SheetDraft
from tinhso.catalogue.permissions import PROCEDURES, SHEETS, MayProcedure, MaySheet
from tinhso.catalogue.queries.office import PAGE
from tinhso.directory.api import Actor, calendar
from tinhso.toolkit.clock import VN

DAYS_BEFORE: Final = 5
DAYS_AFTER: Final = 5
_TOLD_PAPER: Final = "Giấy tờ theo hướng dẫn của nơi nhận"


@dataclass(frozen=True, slots=True)
class Announced:
    """A decision of the office: working days between its signature, the publication and the effect.

    ``ahead`` counts the working days from the day after publication to the day before the effect.
    """

    draft: SheetDraft
    published_on: dt.date
    after: int
    ahead: int

    @property
    def is_public_in_time(self) -> bool:
        """Say whether it was public within five working days after the decision."""
        return self.after <= DAYS_AFTER

    @property
    def is_ahead_in_time(self) -> bool:
        """Say whether it was announced at least five working days before its effect."""
        return self.ahead >= DAYS_BEFORE


def announced(by: Actor, limit: int = 100) -> list[Announced]:
    """Return the decisions of the office with their days, the latest first."""
    rows = SHEETS.rows(by, MaySheet.READ).filter(state="published").select_related("published")
    return [measured(draft) for draft in rows.order_by("-published__published_at")[:limit]]


def measured(draft: SheetDraft) -> Announced:
    """Measure one published sheet."""
    version = draft.published
    assert version is not None
    assert version.published_at is not None
    assert draft.decision_date is not None
    days, public = calendar(), version.published_at.astimezone(VN).date()
    one = dt.timedelta(days=1)
    return Announced(
        draft,
        public,
        days.working_days_between(draft.decision_date + one, public),
        days.working_days_between(public + one, version.effective_from - one),
    )


#: What may be missing of a version in force, by key: in words for the office.
LACK_WORDS = {
    "doi-tuong": "Thiếu đối tượng thực hiện",
    "thoi-han": "Thiếu thời hạn giải quyết",
    "giay-to": "Thiếu thành phần hồ sơ",
    "so-luong": "Thiếu số lượng giấy tờ",
    "can-cu": "Thiếu hoặc chưa kiểm chứng căn cứ",
}
#: On which page of the office each is mended.
LACK_PARTS = {
    "doi-tuong": "noi-lam",
    "thoi-han": "truong-hop",
    "giay-to": "giay-to",
    "so-luong": "giay-to",
    "can-cu": "can-cu",
}


def _measured_parts(on: dt.date) -> QuerySet[ProcedureVersion]:
    papers = RequiredPaper.objects.filter(version=OuterRef("pk"))
    terms = ChannelTerm.objects.filter(case__version=OuterRef("pk"), limit_unit="none", is_unverified=True)
    laws = LegalBasis.objects.filter(version=OuterRef("pk"), is_unverified=False)
    return (
        ProcedureVersion.objects.on(on)
        .exclude(levels=[])
        .annotate(
            lacks_audience=ExpressionWrapper(Q(procedure__audience=[]), BooleanField()),
            lacks_limit=Exists(terms),
            lacks_papers=~Exists(papers.exclude(name=_TOLD_PAPER)),
            lacks_numbers=Exists(
                papers.exclude(name=_TOLD_PAPER).filter(kind="hand_in", originals=0, copies=0)
            ),
            lacks_legal=~Exists(laws),
        )
    )


_FLAGS = {
    "doi-tuong": "lacks_audience",
    "thoi-han": "lacks_limit",
    "giay-to": "lacks_papers",
    "so-luong": "lacks_numbers",
    "can-cu": "lacks_legal",
}


@dataclass(frozen=True, slots=True)
class Missing:
    """A procedure in force and the keys of what it lacks."""

    code: str
    name: str
    field: str
    lacks: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Return what is missing, in words."""
        return tuple(_(LACK_WORDS[key]) for key in self.lacks)


@dataclass(frozen=True, slots=True)
class MissingPage:
    """A page of the worklist; ``counts`` by key are of all procedures, ``whole`` lack nothing."""

    rows: tuple[Missing, ...]
    total: int
    whole: int
    counts: tuple[tuple[str, str, int], ...]
    following: str


def missing(by: Actor, on: dt.date, lack: str = "", after: str = "", page: int = PAGE) -> MissingPage:
    """Return the procedures in force that lack a mandatory part, by code; with ``lack`` those that lack this one."""
    whole = _measured_parts(on).filter(procedure__in=PROCEDURES.rows(by, MayProcedure.READ))
    counted = {key: whole.filter(**{flag: True}).count() for key, flag in _FLAGS.items()}
    any_lack = Q()
    for flag in _FLAGS.values():
        any_lack |= Q(**{flag: True})
    rows = whole.filter(Q(**{_FLAGS[lack]: True}) if lack in _FLAGS else any_lack)
    total = rows.count()
    if after:
        rows = rows.filter(procedure__code__gt=after)
    flags = tuple(_FLAGS.values())
    found = list(
        rows.order_by("procedure__code").values_list(
            F("procedure__code"), F("procedure__everyday_name"), F("procedure__field__name"), *flags
        )[: page + 1]
    )
    return MissingPage(
        tuple(
            Missing(code, name, field, tuple(k for k, is_so in zip(_FLAGS, said, strict=True) if is_so))
            for code, name, field, *said in found[:page]
        ),
        total,
        whole.exclude(any_lack).count(),
        tuple((key, _(LACK_WORDS[key]), n) for key, n in counted.items()),
        found[page - 1][0] if len(found) > page else "",
    )


@dataclass(frozen=True, slots=True)
class DutiesKept:
    """How many of so many procedures: announced ahead of their effect, made public in time, complete on the last day.

    ``announced`` are decisions of the office in the period; imported sheets have none.
    """

    announced: int
    ahead_in_time: int
    public_in_time: int
    published: int
    complete: int


def duties_kept(first: dt.date, last: dt.date, *, level: str = "") -> DutiesKept:
    """Count the duties of publication over all listed procedures; ``level``: those filed at that level only."""
    start = dt.datetime.combine(first, dt.time(), VN)
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), VN)
    at_level = Q(published__levels__contains=[level]) if level else Q()
    drafts = SheetDraft.objects.filter(
        at_level, state="published", published__published_at__gte=start, published__published_at__lt=end
    ).select_related("published")
    found = [measured(draft) for draft in drafts]
    versions = _measured_parts(last).filter(procedure__is_listed=True)
    if level:
        versions = versions.filter(levels__contains=[level])
    any_lack = Q()
    for flag in _FLAGS.values():
        any_lack |= Q(**{flag: True})
    return DutiesKept(
        len(found),
        sum(one.is_ahead_in_time for one in found),
        sum(one.is_public_in_time for one in found),
        versions.count(),
        versions.exclude(any_lack).count(),
    )
