"""Open every public service once and keep what was seen of this minute; tell when one goes down and comes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from django.db import connection, transaction

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.measures.adapters.opener import Opener
from tinhso.measures.events import PublicServiceBack, PublicServiceDown
from tinhso.measures.models import ProbeMinute
from tinhso.measures.queries.monitoring import Target, limits_on, targets
from tinhso.measures.rules.availability import Answer, Limits, Run, State, judge, runs
from tinhso.toolkit.clock import VN

#: How many pages are opened at a time: one that hangs must not keep the others waiting, nor may the meter be the load.
_AT_ONCE: Final = 2
#: The lock of the meter: 0 under it keeps a minute, 1 rolls days.
METER_LOCK: Final = 0x81
#: How far back an alarm looks.
_BACK: Final = dt.timedelta(days=1)


def probe(*, opener: Opener, by: Actor, at: dt.datetime) -> int:
    """Look at every service in the minute of ``at``; return how many rows were kept. Outside any transaction."""
    minute = at.replace(second=0, microsecond=0)
    limits = limits_on(at.astimezone(VN).date())
    wanted = targets(minute)
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        answers = list(pool.map(lambda one: opener.open(one.path, one.sign, limits), wanted))
    return record(dict(zip(wanted, answers, strict=True)), minute=minute, limits=limits, by=by)


@transaction.atomic
def record(answers: Mapping[Target, Answer], *, minute: dt.datetime, limits: Limits, by: Actor) -> int:
    """Keep what was seen, unless another meter has kept this minute already. Returns the number of new rows."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, 0)", [METER_LOCK])
    known = set(ProbeMinute.objects.filter(minute=minute).values_list("service", flat=True))
    new = [(target.service, answer) for target, answer in answers.items() if target.service not in known]
    rows = []
    for service, answer in new:
        state, why = judge(answer, limits)
        rows.append(
            ProbeMinute(
                service=service,
                minute=minute,
                state=state,
                why=why,
                ms=answer.ms if state is not State.UNKNOWN else None,
                status=answer.status,
            )
        )
    ProbeMinute.objects.bulk_create(rows)
    for service, _answer in new:
        _tell(service, minute, limits, by)
    return len(rows)


def _tell(service: str, minute: dt.datetime, limits: Limits, by: Actor) -> None:
    """Announce the minute that makes a run of bad ones long enough, and the first good one after such a run."""
    rows = ProbeMinute.objects.filter(service=service, minute__range=(minute - _BACK, minute)).order_by(
        "minute"
    )
    seen = [(one, State(state)) for one, state in rows.values_list("minute", "state")]
    found = runs(service, seen)
    here = found[-1]
    about = f"public-service:{service}"
    if here.state is State.DOWN and here.minutes == limits.alarm_after["down"]:
        announce(PublicServiceDown(service, "down", here.first, here.minutes), about=about, by=by, at=minute)
    elif here.state is State.SLOW and here.minutes == limits.alarm_after["slow"]:
        announce(PublicServiceDown(service, "slow", here.first, here.minutes), about=about, by=by, at=minute)
    elif here.state is State.UP and here.minutes == 1 and (before := _alarmed(found[:-1], limits)):
        announce(PublicServiceBack(service, before.first, before.minutes), about=about, by=by, at=minute)


def _alarmed(before: Sequence[Run], limits: Limits) -> Run | None:
    """Return the run that raised an alarm and was not followed by a good minute yet."""
    for run in reversed(before):
        if run.state is State.UP:
            return None
        if run.minutes >= limits.alarm_after.get(run.state, run.minutes + 1):
            return run
    return None
