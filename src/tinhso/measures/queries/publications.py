"""Reads of publications: frozen figures beside the live ones, and the ledger from one to the other."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tinhso.directory.api import Actor
from tinhso.measures.models import (
    Comparison,
    Difference,
    Publication,
    PublishedCase,
    PublishedFigure,
    ReportedFigure,
)
from tinhso.measures.permissions import PUBLICATIONS, MayPublish
from tinhso.measures.queries.editions import known, told_months
from tinhso.measures.queries.figures import EVERY_CASE, By, counting, tally
from tinhso.measures.queries.formulas import every_formula
from tinhso.measures.queries.places import places
from tinhso.measures.rules import last_day_of
from tinhso.measures.rules.formulas import Figure, Formula, figure, formulas
from tinhso.toolkit.counting import Change, changes_since


@dataclass(slots=True)
class Line:
    """Cases of one office that changed by one act: what it adds to the numerator and the denominator, by version of a formula.

    ``change`` None: nobody recorded why. ``numbers`` and the change's name are for those who may read the rows; so is
    its reason, but for that of a correction, which is written for everybody.
    """

    change: Change | None
    office: str = ""
    numbers: list[str] = field(default_factory=list)
    numerator: int = 0
    denominator: int = 0


@dataclass(frozen=True, slots=True)
class Frozen:
    """One published figure beside the live one; ``lines`` lead from one to the other and add up."""

    figure: PublishedFigure
    formula: Formula
    live: tuple[int, int] | None
    lines: tuple[Line, ...]

    @property
    def share(self) -> float | None:
        """Return the published ratio."""
        return self.figure.numerator / self.figure.denominator if self.figure.denominator else None

    @property
    def is_same(self) -> bool:
        """Say whether the live figure is the published one."""
        return self.live in (None, (self.figure.numerator, self.figure.denominator))


@dataclass(frozen=True, slots=True)
class PublicationPage:
    """A publication with everything that stands on its page.

    ``told``: (office, version) of the figures of offices that the reader is told; None: all of them.
    """

    publication: Publication
    comparison: Comparison | None
    figures: tuple[Frozen, ...]
    changed: int
    offices: tuple[tuple[str, PublishedFigure], ...]
    told: frozenset[tuple[int, str]] | None

    def tells(self, one: PublishedFigure) -> bool:
        """Say whether the reader is told a frozen figure."""
        return self.told is None or not one.office_id or (one.office_id, one.version) in self.told


def publications(by: Actor) -> list[Publication]:
    """Return what an actor may read, the latest period first."""
    rows = PUBLICATIONS.rows(by, MayPublish.READ)
    return list(rows.select_related("comparison").order_by("-last", "-first", "-pk"))


def publication_page(by: Actor, code: str) -> PublicationPage:
    """Return the page of one publication. Raises ``NotThere``."""
    publication = PUBLICATIONS.look(by, MayPublish.READ, code=code)
    comparison = Comparison.objects.filter(publication=publication).first()
    differences = list(comparison.differences.order_by("number")) if comparison else []
    why = _why(publication.frozen_at, differences)
    frozen = []
    for one in publication.figures.filter(office_id=0).order_by("pk"):
        (formula,) = formulas({"formulas": [one.formula]}).every
        live = comparison.figures.get(one.version) if comparison else None
        frozen.append(
            Frozen(
                one,
                formula,
                (live[0], live[1]) if live else None,
                tuple(_lines(formula, differences, why)),
            )
        )
    offices = (
        publication.figures.filter(version=frozen[0].figure.version).exclude(office_id=0) if frozen else []
    )
    every = places()
    return PublicationPage(
        publication,
        comparison,
        tuple(frozen),
        len(differences),
        tuple(
            sorted(
                ((every[one.office_id].name, one) for one in offices),
                key=lambda pair: (pair[0], pair[1].pk),
            )
        ),
        None if by.is_officer else _told(publication),
    )


def _told(publication: Publication) -> frozenset[tuple[int, str]]:
    """Return the figures of offices that editions tell as they were frozen: of whole months, by their formula."""
    months = told_months(publication.first, publication.last)
    covered = sum((last_day_of(one.month) - one.month).days + 1 for one in months)
    if (
        covered != (publication.last - publication.first).days + 1
        or len({one.formula for one in months}) != 1
    ):
        return frozenset()
    every = known(months, By.OFFICE, EVERY_CASE) or {}
    version = months[0].formula
    return frozenset(
        (one.office_id, one.version)
        for one in publication.figures.filter(version=version, office_id__in=every)
        if every[one.office_id].by_strict == (one.numerator, one.denominator)
    )


def rows_behind(by: Actor, code: str) -> tuple[Publication, Iterator[PublishedCase]]:
    """Return a publication and its frozen cases in the order of their numbers. Raises ``NotThere``."""
    publication = PUBLICATIONS.look(by, MayPublish.READ_ROWS, code=code)
    return publication, publication.cases.order_by("number").iterator()


@dataclass(frozen=True, slots=True)
class BesideComputed:
    """A reported figure beside what the platform computes for the same period; None: it computes no such figure.

    ``gap`` in percentage points, reported less computed.
    """

    reported: ReportedFigure
    computed: Figure | None
    gap: Decimal | None


def reported_figures(*, of_whole_months: bool) -> list[BesideComputed]:
    """Return the reported figures that hold, the latest period first, beside the computed ones.

    A computed one is told where every day of the period was counted; to strangers ``of_whole_months`` only (decision 0023).
    """
    found = []
    for one in ReportedFigure.objects.filter(replaced_by=None).order_by("-last", "name", "pk"):
        computed = None
        is_told = not of_whole_months or (one.first.day == 1 and one.last == last_day_of(one.last))
        if every_formula().of(one.compares_with) and is_told and not counting(one.first, one.last).uncounted:
            formula = every_formula().usual(one.compares_with, one.last)
            computed = figure(formula, tally(one.first, one.last).classes)
        share = computed.share if computed else None
        gap = one.value - Decimal(str(100 * share)) if share is not None else None
        found.append(BesideComputed(one, computed if share is not None else None, gap))
    return found


def history_of(pk: int) -> list[ReportedFigure]:
    """Return a reported figure and all that it replaced, the latest first."""
    found: list[ReportedFigure] = []
    one = ReportedFigure.objects.filter(pk=pk).first()
    while one is not None:
        found.append(one)
        one = one.replaces
    return found


def _why(since: dt.datetime, differences: Sequence[Difference]) -> dict[str, Change]:
    """Return the last recorded change of each case that differs."""
    return {one.number: one for one in changes_since(since, [one.number for one in differences])}


def _lines(formula: Formula, differences: Sequence[Difference], why: dict[str, Change]) -> list[Line]:
    """Return what each recorded act moved at an office, and what moved without one."""
    every = places()
    lines: dict[tuple[object, ...], Line] = defaultdict(lambda: Line(None))
    for one in differences:
        change = why.get(one.number)
        key = (
            (change.what, change.by_name, change.by_title, change.document_number, change.at.date())
            if change
            else ()
        )
        line = lines[one.office_id, *key]
        line.change, line.office = change, every[one.office_id].name
        line.numbers.append(one.number)
        for cls, sign in ((one.before, -1), (one.after, 1)):
            outcome = formula.outcomes[cls] if cls is not None else ""
            line.numerator += sign * (outcome in formula.numerator)
            line.denominator += sign * (outcome in formula.denominator)
    return [line for line in lines.values() if line.numerator or line.denominator]
