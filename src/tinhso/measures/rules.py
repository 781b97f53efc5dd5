"""What counts as on time: two definitions side by side, each with its version. Pure.

*strict* is the province's own promise; *national* follows the index of Decision 766/QĐ-TTg (23/06/2022), so for
earlier periods it is applied backwards and marked so.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from tinhso.toolkit.clock import VN
from tinhso.toolkit.counting import CaseFacts


class Formula(StrEnum):
    """The two definitions."""

    STRICT = "strict"
    NATIONAL = "national"


VERSIONS = {Formula.STRICT: "strict-1", Formula.NATIONAL: "national-766-1"}
#: Decision 766/QĐ-TTg is in force from this day; figures before it apply it backwards.
NATIONAL_FROM = dt.date(2022, 6, 23)


class Outcome(StrEnum):
    """What one case is under one formula, at the end of a period."""

    ON_TIME = "on_time"
    LATE = "late"
    WITHDRAWN = "withdrawn"
    NO_DUE_DATE = "no_due_date"
    NOT_YET_DUE = "not_yet_due"


#: In the denominator.
COUNTS = frozenset({Outcome.ON_TIME, Outcome.LATE})


def bounds(day: dt.date, at: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return the first moment of a day and its end; today ends now."""
    start = dt.datetime.combine(day, dt.time(), VN)
    return start, min(start + dt.timedelta(days=1), max(at, start))


def strict(case: CaseFacts, end: dt.datetime) -> Outcome:
    """Judge by the original due moment: ended by it, or late; running late counts, running in time does not yet."""
    if case.original_due is None:
        return Outcome.NO_DUE_DATE
    if case.ended is not None and case.ended < end:
        if case.how == "withdrawn":
            return Outcome.WITHDRAWN
        return Outcome.ON_TIME if case.ended <= case.original_due else Outcome.LATE
    return Outcome.LATE if case.original_due < end else Outcome.NOT_YET_DUE


def national(case: CaseFacts, end: dt.datetime) -> Outcome:
    """Judge as the national index does: the moved due moment; withdrawn and running dossiers count too.

    More than one supplement is late. A case that waits for the citizen is judged at the moment it was asked.
    Without a due date there is nothing to be late against, so it counts as on time.
    """
    asked = [began for began, _ in case.pauses if began < end]
    if len(asked) > 1:
        return Outcome.LATE
    if case.due is None:
        return Outcome.ON_TIME
    finished = case.ended if case.ended is not None and case.ended < end else None
    waiting = [began for began, to in case.pauses if began < end and (to is None or to >= end)]
    moment = finished or (waiting[0] if waiting else end)
    return Outcome.ON_TIME if moment <= case.due else Outcome.LATE


JUDGES = {Formula.STRICT: strict, Formula.NATIONAL: national}


@dataclass(slots=True)
class OnTime:
    """A ratio with everything that was left out of it, by reason."""

    formula: Formula
    numerator: int = 0
    denominator: int = 0
    excluded: Counter[str] = field(default_factory=Counter)


def on_time(formula: Formula, facts: Iterable[CaseFacts], end: dt.datetime) -> OnTime:
    """Count the cases of a period under one formula."""
    result = OnTime(formula)
    for case in facts:
        outcome = JUDGES[formula](case, end)
        if outcome in COUNTS:
            result.denominator += 1
            result.numerator += outcome is Outcome.ON_TIME
        else:
            result.excluded[outcome] += 1
    return result


@dataclass(frozen=True, slots=True)
class Bridge:
    """The difference between two formulas as an addition: each line moves cases from one count to another."""

    strict: OnTime
    national: OnTime
    #: (strict outcome, national outcome) → number of cases, of which some waited for the citizen.
    moved: dict[tuple[Outcome, Outcome], tuple[int, int]]


def bridge(facts: Iterable[CaseFacts], end: dt.datetime) -> Bridge:
    """Count both formulas and every way in which they disagree."""
    cases = list(facts)
    moved: dict[tuple[Outcome, Outcome], tuple[int, int]] = {}
    for case in cases:
        pair = strict(case, end), national(case, end)
        if pair[0] is not pair[1]:
            n, waited = moved.get(pair, (0, 0))
            moved[pair] = n + 1, waited + bool(case.pauses)
    return Bridge(on_time(Formula.STRICT, cases, end), on_time(Formula.NATIONAL, cases, end), moved)


def day_tally(
    facts: Iterable[CaseFacts], start: dt.datetime, end: dt.datetime
) -> Counter[tuple[str, int, str, str]]:
    """Count one day: (measure, office, procedure, channel) → number. Running measures are the day's last moment."""
    tally: Counter[tuple[str, int, str, str]] = Counter()
    for case in facts:
        key = case.office_id, case.procedure_code, case.channel
        if case.accepted >= start:
            tally["received", *key] += 1
        if case.ended is not None and case.ended < end:
            if case.how == "withdrawn":
                tally["withdrawn", *key] += 1
            elif case.due is None:
                tally["finished_no_due", *key] += 1
            elif case.ended > case.due:
                tally["finished_late", *key] += 1
            elif case.ended.date() < case.due.date():
                tally["finished_early", *key] += 1
            else:
                tally["finished_on_time", *key] += 1
        else:
            late = case.due is not None and case.due < end and not any(to is None for _, to in case.pauses)
            tally["running_late" if late else "running_in_time", *key] += 1
        for formula, judge in JUDGES.items():
            outcome = judge(case, end)
            ended = case.ended is not None and case.ended < end
            tally[f"{formula}_{'ended' if ended else 'running'}_{outcome}", *key] += 1
    return tally
