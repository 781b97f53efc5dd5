"""Imagine how one dossier of the demo went, by the same life-cycle and deadlines as a real one.

Everything is drawn from the random source that the caller seeds, so that the same seed gives the same life.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Literal

from tinhso.dossiers.lifecycle import CLOSED, LIFECYCLE, State, Verb
from tinhso.dossiers.rules import Limit, due
from tinhso.toolkit.clock import VN
from tinhso.toolkit.working_time import WorkingCalendar

#: A result is drafted as a file, and these lives have none: nothing of them waits between the draft and the hand-over.
_NEEDS_DRAFT = frozenset({Verb.PROPOSE, Verb.SIGN, Verb.ISSUE})
#: Limits of which only the day of acceptance counts, from one whole unit on.
_BY_THE_DAY = frozenset({"wd", "d", "m"})
_EXTENDABLE = _BY_THE_DAY


@dataclass(frozen=True, slots=True)
class Habits:
    """How often what happens, as shares; what is 0 is not even drawn.

    Refused, withdrawn, rejected, asked before acceptance and paused are shares of dossiers. ``asked_again`` and
    ``paused_again`` are shares of those asked or paused once, ``never_supplied`` and ``never_resumed`` of those asked
    that withdraw instead. ``very_late`` and ``extended`` are shares of the late ones.
    """

    refused: float
    withdrawn: float
    rejected: float
    asked_before: float
    never_supplied: float
    paused: float
    asked_again: float = 0
    paused_again: float = 0
    never_resumed: float = 0
    very_late: float = 0
    extended: float = 0


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


@dataclass(frozen=True, slots=True)
class Move:
    """The due moment moved: by the end of a pause, or by an extension."""

    cause: Literal["pause", "extension"]
    before: dt.datetime
    after: dt.datetime
    at: dt.datetime


@dataclass(slots=True)
class Life:
    """How a dossier went until the history ends. ``due_at`` is where ``moves`` have brought the original one.

    A pause without an end still lasts. ``extension``: when it was decided, and the new due moment.
    """

    terms: Terms
    events: list[Event]
    original_due_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    pauses: list[tuple[dt.datetime, dt.datetime | None]] = field(default_factory=list)
    extension: tuple[dt.datetime, dt.datetime] | None = None
    moves: list[Move] = field(default_factory=list)
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


class Deadlines:
    """Ask the rules when dossiers are due; one answer serves all that the rules cannot tell apart."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        """Know nothing yet."""
        self.calendar = calendar
        self._known: dict[tuple[Limit, dt.date], dt.datetime | None] = {}

    def original(self, accepted: dt.datetime, limit: Limit) -> dt.datetime | None:
        """Return the first due moment, NULL: there is none."""
        if limit.unit == "none":
            return None
        if limit.unit not in _BY_THE_DAY or limit.value < 1:
            return due(accepted, limit, self.calendar).at
        key = limit, accepted.date()
        if key not in self._known:
            self._known[key] = due(accepted, limit, self.calendar).at
        return self._known[key]

    def moved(self, life: Life, pauses: int, *, extended: bool = False) -> dt.datetime | None:
        """Return the due moment after so many of the life's pauses, and after its extension."""
        accepted = life.accepted_at
        assert accepted is not None
        extensions = [life.extension] if extended and life.extension else []
        found = due(accepted, life.terms.limit, self.calendar, life.pauses[:pauses], extensions=extensions)
        return found.last_known


def imagine_life(
    rng: Random,
    terms: Terms,
    day: dt.date,
    deadlines: Deadlines,
    habits: Habits,
    *,
    lateness: float,
    until: dt.datetime,
) -> Life | None:
    """Return a life that began on the day, cut off at ``until``; NULL where it would begin after that.

    ``lateness`` is the share of dossiers that the office ends late.
    """
    calendar = deadlines.calendar
    submitted = _submission(rng, terms.channel, day, calendar)
    if submitted > until:
        return None
    first = terms.desks[0]
    events = [Event(submitted, Verb.SUBMIT, first)]
    moment = _seen_at_counter(rng, submitted, terms.channel, calendar)
    may_go_on = True
    if rng.random() < habits.refused:
        events.append(Event(moment, Verb.REFUSE))
        may_go_on = False
    elif terms.channel != "counter" and rng.random() < habits.asked_before:
        for _ in range(1 + _happens(rng, habits.asked_again)):
            events.append(Event(moment, Verb.ASK_FOR_PAPERS))
            supplied = _answer(rng, moment)
            may_go_on = rng.random() >= habits.never_supplied
            events.append(
                Event(supplied, Verb.SUPPLY, first)
                if may_go_on
                else Event(supplied + dt.timedelta(days=rng.randint(10, 40)), Verb.WITHDRAW)
            )
            moment = _seen_at_counter(rng, supplied, "online", calendar)
            if not may_go_on:
                break
    life = Life(terms, events)
    if may_go_on:
        _handle(rng, life, moment, deadlines, habits, lateness)
    _cut(life, until, deadlines)
    return life


def _happens(rng: Random, share: float) -> bool:
    return share > 0 and rng.random() < share


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
    rng: Random, life: Life, accepted: dt.datetime, deadlines: Deadlines, habits: Habits, lateness: float
) -> None:
    """Add acceptance and everything after it; moments are shares of the working time that the law gives."""
    terms, events, calendar = life.terms, life.events, deadlines.calendar
    units = [desk for desk in terms.desks if desk.kind == "unit"]
    leader = next(d for d in terms.desks if d.kind == "leader" and d.order > units[-1].order)
    seal = next(desk for desk in terms.desks if desk.kind == "seal")
    work = [*units, leader, seal]
    original = deadlines.original(accepted, terms.limit)
    given = calendar.working_minutes_between(accepted, original) if original else 0
    total = max(given, 20) if original else sum(desk.minutes for desk in work)
    taken = int(total * rng.betavariate(4, 2.2) * 0.97)
    late = 0
    if original and rng.random() < lateness:
        late = int(15 + rng.expovariate(1 / 400)) * (12 if _happens(rng, habits.very_late) else 1)
        taken = total + late
    share = max(taken, 8) / sum(desk.minutes for desk in work)
    ends = [int(share * sum(desk.minutes for desk in work[: i + 1])) for i in range(len(work))]
    start, passed = accepted, 0

    def moment(minutes: int) -> dt.datetime:
        return calendar.add_working_minutes(start, max(minutes - passed, 1))

    events.append(Event(accepted, Verb.ACCEPT, units[0]))
    fate = rng.random()
    if terms.limit.unit != "sameday" and rng.random() < habits.paused:
        for _ in range(1 + _happens(rng, habits.paused_again)):
            before = passed
            passed += max(1, int((ends[0] - before) * rng.uniform(0.1, 0.6)))
            asked = calendar.add_working_minutes(start, passed - before)
            events.append(Event(asked, Verb.PAUSE))
            if _happens(rng, habits.never_resumed):
                gave_up = asked + dt.timedelta(days=rng.randint(10, 40))
                events.append(Event(gave_up, Verb.WITHDRAW))
                life.pauses.append((asked, gave_up))
                return
            start = _answer(rng, asked)
            events.append(Event(start, Verb.RESUME, units[0]))
            life.pauses.append((asked, start))
    if fate < habits.withdrawn + habits.rejected:
        verb = Verb.WITHDRAW if fate < habits.withdrawn else Verb.REJECT
        events.append(Event(moment(passed + max(2, (ends[0] - passed) // 2)), verb))
        return
    if late and terms.limit.unit in _EXTENDABLE and _happens(rng, habits.extended):
        decided = total - rng.randint(480, 1200)
        if decided > passed:
            _extend(rng, life, moment(decided), late, deadlines)
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


def _extend(rng: Random, life: Life, decided: dt.datetime, late: int, deadlines: Deadlines) -> None:
    """Give a new due moment some working days after the one that stands: four times of five it is enough."""
    standing = deadlines.moved(life, len(life.pauses))
    if standing is None or decided >= standing:
        return
    missing = late // deadlines.calendar.minutes_per_day() + 1
    days = missing + rng.randint(0, 2) if rng.random() < 0.8 else max(1, missing // 3)
    to = deadlines.original(standing, Limit(Decimal(days), "wd"))
    assert to is not None
    life.extension = (decided, to)


def _handed_over(rng: Random, issued: dt.datetime, channel: str, calendar: WorkingCalendar) -> dt.datetime:
    if channel == "online":
        return issued + dt.timedelta(seconds=rng.randint(90, 9 * 3600))
    return calendar.add_working_minutes(issued, rng.randint(3, 700))


def _cut(life: Life, until: dt.datetime, deadlines: Deadlines) -> None:
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
    if life.accepted_at is None:
        return
    life.pauses = [
        (began, None if ended is None or ended > until else ended)
        for began, ended in life.pauses
        if began <= until
    ]
    if life.extension and (life.extension[0] > until or (life.ended_at or until) < life.extension[0]):
        life.extension = None
    _move_due(life, deadlines)


def _move_due(life: Life, deadlines: Deadlines) -> None:
    """Reckon the first due moment and its moves; a pause that ends by a withdrawal moves nothing, as in the services."""
    assert life.accepted_at is not None
    life.original_due_at = life.due_at = deadlines.original(life.accepted_at, life.terms.limit)
    if life.due_at is None:
        return
    withdrawn = life.at(Verb.WITHDRAW)
    ended = [pause[1] for pause in life.pauses if pause[1] is not None and pause[1] != withdrawn]
    moves: list[tuple[Literal["pause", "extension"], dt.datetime | None, dt.datetime]] = [
        ("pause", deadlines.moved(life, n), at) for n, at in enumerate(ended, 1)
    ]
    if life.extension:
        moves.append(("extension", deadlines.moved(life, len(ended), extended=True), life.extension[0]))
    for cause, after, at in moves:
        if after is not None and after > life.due_at:
            life.moves.append(Move(cause, life.due_at, after, at))
            life.due_at = after


def lies_on(life: Life) -> Desk | None:
    """Return the desk on which the dossier lies when the history ends; NULL: on nobody's."""
    return None if life.states[-1] in CLOSED else life.events[-1].desk


def last_desk(events: Sequence[Event]) -> int:
    """Return the order of the last desk on which the dossier lay; taking it off a desk keeps it."""
    return next(event.desk.order for event in reversed(events) if event.desk is not None)
