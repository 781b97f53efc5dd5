"""What counts as on time: two definitions side by side, each with its version. Pure.

*strict* is the province's own promise; *national* follows the index of Decision 766/QĐ-TTg (23/06/2022), so for
earlier periods it is applied backwards and marked so.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
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


@dataclass(frozen=True, slots=True)
class Received:
    """Dossiers accepted in a period, by the channel they came by."""

    online: int = 0
    counter: int = 0
    post: int = 0

    @property
    def whole(self) -> int:
        """Return the dossiers of all channels."""
        return self.online + self.counter + self.post

    def plus(self, other: Received) -> Received:
        """Return both together."""
        return Received(self.online + other.online, self.counter + other.counter, self.post + other.post)


@dataclass(frozen=True, slots=True)
class Reached:
    """What became of one number that a target names. ``done`` NULL: there is nothing to divide by yet.

    ``target``, ``done`` and ``short`` (done less target; below zero is what is missing) are dossiers, or percent and
    percentage points. ``percent`` is done of the target.
    """

    target: Decimal
    done: Decimal | None

    @property
    def short(self) -> Decimal | None:
        """Return the difference to the target."""
        return None if self.done is None else self.done - self.target

    @property
    def percent(self) -> float | None:
        """Return which part of the target is done, in percent."""
        return None if self.done is None else float(100 * self.done / self.target)

    @property
    def is_reached(self) -> bool:
        """Say whether the target is reached."""
        return self.done is not None and self.done >= self.target


def reached_count(target: int | None, received: Received) -> Reached | None:
    """Compare a target number of dossiers online with those accepted; None where there is no such target."""
    return None if target is None else Reached(Decimal(target), Decimal(received.online))


def reached_share(target: Decimal | None, received: Received) -> Reached | None:
    """Compare a target share, in percent, with that of the dossiers online among all accepted."""
    if target is None:
        return None
    done = 100 * Decimal(received.online) / received.whole if received.whole else None
    return Reached(target, done)


def month_after(month: dt.date) -> dt.date:
    """Return the first day of the month that follows."""
    return (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def last_day_of(month: dt.date) -> dt.date:
    """Return the last day of the month."""
    return month_after(month) - dt.timedelta(days=1)
