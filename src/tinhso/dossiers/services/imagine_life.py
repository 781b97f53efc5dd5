"""Imagine how one dossier of the demo's history went, by the same life-cycle and deadlines as a real one.

Everything is drawn from the random source that the caller seeds, so that the same seed gives the same history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from tinhso.dossiers.lifecycle import CLOSED, LIFECYCLE, State, Verb
from tinhso.dossiers.rules import Limit, due
from tinhso.toolkit.clock import VN
from tinhso.toolkit.working_time import WorkingCalendar

REFUSED, WITHDRAWN, REJECTED = 0.012, 0.012, 0.008
ASKED_BEFORE, PAUSED, NEVER_SUPPLIED = 0.09, 0.11, 0.08
#: A result is drafted as a file, and history has none: nothing of it waits between the draft and the hand-over.
_NEEDS_DRAFT = frozenset({Verb.PROPOSE, Verb.SIGN, Verb.ISSUE})


@dataclass(frozen=True, slots=True)
class Desk:
    """One step of the internal process: its place in the order, kind of desk, working minutes."""

    order: int
    kind: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What the catalogue says of a case by a channel. Fee in VND."""

    case_key: str
    channel: str
    limit: Limit
    fee_vnd: int | None
    desks: tuple[Desk, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a life; ``desk`` is where the dossier lies afterwards, NULL: on nobody's desk."""

    at: dt.datetime
    verb: Verb
    desk: Desk | None = None


@dataclass(slots=True)
class Life:
    """How a dossier went until the history ends. ``due_at`` is moved by the pause that has ended."""

    terms: Terms
    events: list[Event]
    original_due_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    pause: tuple[dt.datetime, dt.datetime | None] | None = None
    states: list[State] = field(default_factory=list)

    def at(self, *verbs: Verb) -> dt.datetime | None:
        """Return when the first of the verbs was done, NULL: never."""
        return next((event.at for event in self.events if event.verb in verbs), None)

    @property
    def accepted_at(self) -> dt.datetime | None:
        """Return the moment of acceptance."""
        return self.at(Verb.ACCEPT)

    @property
    def ended_at(self) -> dt.datetime | None:
        """Return when the law's clock stopped for good."""
        return self.at(Verb.ISSUE, Verb.REFUSE, Verb.REJECT, Verb.WITHDRAW)


def imagine_life(
    rng: Random,
    terms: Terms,
    day: dt.date,
    calendar: WorkingCalendar,
    *,
    lateness: float,
    until: dt.datetime,
) -> Life | None:
    """Return a life that began on the day, cut off at ``until``; NULL where it would begin after that.

    ``lateness`` is the share of dossiers that the office ends late.
    """
    submitted = _submission(rng, terms.channel, day, calendar)
    if submitted > until:
        return None
    first = terms.desks[0]
    events = [Event(submitted, Verb.SUBMIT, first)]
    moment = _seen_at_counter(rng, submitted, terms.channel, calendar)
    may_go_on = True
    if rng.random() < REFUSED:
        events.append(Event(moment, Verb.REFUSE))
        may_go_on = False
    elif terms.channel != "counter" and rng.random() < ASKED_BEFORE:
        events.append(Event(moment, Verb.ASK_FOR_PAPERS))
        supplied = _answer(rng, moment)
        may_go_on = rng.random() >= NEVER_SUPPLIED
        events.append(
            Event(supplied, Verb.SUPPLY, first)
            if may_go_on
            else Event(supplied + dt.timedelta(days=rng.randint(10, 40)), Verb.WITHDRAW)
        )
        moment = _seen_at_counter(rng, supplied, "online", calendar)
    life = Life(terms, events)
    if may_go_on:
        _handle(rng, life, moment, calendar, lateness)
    _cut(life, until, calendar)
    return life


def _submission(rng: Random, channel: str, day: dt.date, calendar: WorkingCalendar) -> dt.datetime:
    if channel == "online":
        return dt.datetime.combine(day, dt.time(6), VN) + dt.timedelta(seconds=rng.randrange(16 * 3600))
    opening = calendar.opening(calendar.working_day_from(day))
    minutes = int(rng.betavariate(1.2, 1.6) * (calendar.minutes_per_day() - 15)) + 1
    return calendar.add_working_minutes(opening, minutes) + dt.timedelta(seconds=rng.randrange(50))


def _seen_at_counter(rng: Random, since: dt.datetime, channel: str, calendar: WorkingCalendar) -> dt.datetime:
    """Return when the counter has looked at a dossier: at once at the desk, else within 8 working hours."""
    if channel == "counter":
        return calendar.add_working_minutes(since, rng.randint(2, 9))
    slow = rng.randint(481, 900) if rng.random() < 0.02 else int(5 + 400 * rng.betavariate(1.2, 3))
    start = calendar.next_working_moment(since)
    return calendar.add_working_minutes(start, slow) + dt.timedelta(seconds=rng.randrange(50))


def _answer(rng: Random, asked: dt.datetime) -> dt.datetime:
    """Return when the applicant answers: some days later, by day or in the evening."""
    day = asked.date() + dt.timedelta(days=1 + int(rng.expovariate(0.5)))
    return dt.datetime.combine(day, dt.time(7), VN) + dt.timedelta(seconds=rng.randrange(14 * 3600))


def _handle(
    rng: Random, life: Life, accepted: dt.datetime, calendar: WorkingCalendar, lateness: float
) -> None:
    """Add acceptance and everything after it; moments are shares of the working time that the law gives."""
    terms, events = life.terms, life.events
    units = [desk for desk in terms.desks if desk.kind == "unit"]
    leader = next(d for d in terms.desks if d.kind == "leader" and d.order > units[-1].order)
    seal = next(desk for desk in terms.desks if desk.kind == "seal")
    work = [*units, leader, seal]
    original = due(accepted, terms.limit, calendar).at
    given = calendar.working_minutes_between(accepted, original) if original else 0
    total = max(given, 20) if original else sum(desk.minutes for desk in work)
    taken = int(total * rng.betavariate(4, 2.2) * 0.97)
    if original and rng.random() < lateness:
        taken = total + int(15 + rng.expovariate(1 / 400))
    share = max(taken, 8) / sum(desk.minutes for desk in work)
    ends = [int(share * sum(desk.minutes for desk in work[: i + 1])) for i in range(len(work))]
    start, passed = accepted, 0

    def moment(minutes: int) -> dt.datetime:
        return calendar.add_working_minutes(start, max(minutes - passed, 1))

    events.append(Event(accepted, Verb.ACCEPT, units[0]))
    fate = rng.random()
    if terms.limit.unit != "sameday" and rng.random() < PAUSED:
        passed = max(1, int(ends[0] * rng.uniform(0.1, 0.6)))
        asked = calendar.add_working_minutes(accepted, passed)
        start = _answer(rng, asked)
        events += [Event(asked, Verb.PAUSE), Event(start, Verb.RESUME, units[0])]
        life.pause = (asked, start)
    if fate < WITHDRAWN + REJECTED:
        verb = Verb.WITHDRAW if fate < WITHDRAWN else Verb.REJECT
        events.append(Event(moment(passed + max(2, (ends[0] - passed) // 2)), verb))
        return
    for end, desk in zip(ends, units[1:], strict=False):
        events.append(Event(moment(end), Verb.FORWARD, desk))
    last = len(units) - 1
    issued = moment(max(ends[-1], passed + 3))
    events += [
        Event(moment(ends[last]), Verb.PROPOSE, leader),
        Event(moment(ends[last + 1]), Verb.SIGN, seal),
        Event(issued, Verb.ISSUE, terms.desks[-1]),
        Event(_handed_over(rng, issued, terms.channel, calendar), Verb.HAND_OVER),
    ]


def _handed_over(rng: Random, issued: dt.datetime, channel: str, calendar: WorkingCalendar) -> dt.datetime:
    if channel == "online":
        return issued + dt.timedelta(seconds=rng.randint(90, 9 * 3600))
    return calendar.add_working_minutes(issued, rng.randint(3, 700))


def _cut(life: Life, until: dt.datetime, calendar: WorkingCalendar) -> None:
    """Leave out what comes after the end of the history, and reckon state and due moment from what remains."""
    kept = [event for event in life.events if event.at <= until]
    if kept[-1].verb is Verb.ISSUE and kept[-1].at + dt.timedelta(minutes=1) <= until:
        kept.append(Event(kept[-1].at + dt.timedelta(minutes=1), Verb.HAND_OVER))
    while kept[-1].verb in _NEEDS_DRAFT:
        kept.pop()
    life.events = kept
    life.states = [LIFECYCLE.initial]
    for event in kept[1:]:
        life.states.append(LIFECYCLE.after(life.states[-1], event.verb))
    if life.pause is not None:
        verbs = {event.verb for event in kept}
        life.pause = (life.pause[0], life.pause[1] if Verb.RESUME in verbs else None)
        life.pause = life.pause if Verb.PAUSE in verbs else None
    accepted = life.accepted_at
    if accepted is None:
        return
    ended_pauses = [life.pause] if life.pause and life.pause[1] else []
    found = due(accepted, life.terms.limit, calendar, ended_pauses)
    life.original_due_at, life.due_at = found.original, found.last_known


def lies_on(life: Life) -> Desk | None:
    """Return the desk on which the dossier lies when the history ends; NULL: on nobody's."""
    return None if life.states[-1] in CLOSED else life.events[-1].desk


def last_desk(events: Sequence[Event]) -> int:
    """Return the order of the last desk on which the dossier lay; taking it off a desk keeps it."""
    return next(event.desk.order for event in reversed(events) if event.desk is not None)
