"""Services online that have dossiers, in a period and in every month of it: from the counts by procedure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tinhso.catalogue.api import OnlineService, online_services
from tinhso.measures.queries.documents import document
from tinhso.measures.queries.figures import By, Counting, counting, tallies
from tinhso.measures.rules import last_day_of
from tinhso.measures.rules.services_used import (
    EXCLUSION_WORDS,
    UseOutcome,
    UseRule,
    use_rules,
    wanted_months,
    whole_months,
)


def use_rule(key: str) -> UseRule:
    """Return the usual version of a rule."""
    return next(one for one in reversed(use_rules(document("services_used")).values()) if one.key == key)


def channel_keys() -> tuple[str, ...]:
    """Return the names under which channels may be asked for, the usual one first."""
    usual: str = document("services_used")["usual_channel"]
    return (usual, *(name for name in document("services_used")["channels"] if name != usual))


@dataclass(frozen=True, slots=True)
class ServiceUse:
    """One service: what it received, the months in which it should have some, those without, and the outcome."""

    service: OnlineService
    received: int
    wanted: tuple[dt.date, ...]
    missed: tuple[dt.date, ...]
    outcome: UseOutcome


@dataclass(frozen=True, slots=True)
class UseShare:
    """The figure of a part of the services; ``denominator`` 0: not applicable, which is not zero."""

    name: str
    numerator: int
    denominator: int
    excluded: int


@dataclass(frozen=True, slots=True)
class ServicesUsed:
    """The figure of a period by one rule, with every service behind it.

    ``months`` are the whole months of the period. Days not counted are in no number: the numerator is then at least so much.
    """

    rule: UseRule
    channel: str
    first: dt.date
    last: dt.date
    months: tuple[dt.date, ...]
    every: tuple[ServiceUse, ...]
    counting: Counting

    @property
    def whole(self) -> UseShare:
        """Return the figure of all services."""
        return share_of("", self.every)

    @property
    def excluded(self) -> dict[str, int]:
        """Return what was left out of the denominator, by reason."""
        counts = Counter(use.outcome for use in self.every)
        return {words: counts[outcome] for outcome, words in EXCLUSION_WORDS.items()}

    @property
    def is_illustrative(self) -> bool:
        """Say whether a level was set for the demo."""
        return any(use.service.is_illustrative for use in self.every)

    def by(self, part: Callable[[OnlineService], str]) -> list[UseShare]:
        """Return the figure of each part, by its name."""
        names = sorted({part(use.service) for use in self.every})
        return [share_of(name, (u for u in self.every if part(u.service) == name)) for name in names]


def share_of(name: str, every: Iterable[ServiceUse]) -> UseShare:
    """Count services by outcome."""
    counts = Counter(use.outcome for use in every)
    used = counts[UseOutcome.USED]
    return UseShare(name, used, used + counts[UseOutcome.UNUSED], counts[UseOutcome.TOO_NEW])


def services_used(first: dt.date, last: dt.date, *keys: str, channel: str = "") -> tuple[ServicesUsed, ...]:
    """Return the figure of a period by each of the rules; counts are read once for all of them."""
    channel = channel or channel_keys()[0]
    services = online_services(last)
    months = tuple(whole_months(first, last))
    whole = _received(first, last, channel)
    rules = [use_rule(key) for key in keys]
    by_month = {
        month: _received(month, last_day_of(month), channel)
        for month in (months if any(rule.each == "month" for rule in rules) else ())
    }
    seen = counting(first, last)
    return tuple(
        ServicesUsed(
            rule,
            channel,
            first,
            last,
            months,
            tuple(_use(one, rule, months, whole[one.code], by_month) for one in services),
            seen,
        )
        for rule in rules
    )


def _use(
    service: OnlineService,
    rule: UseRule,
    months: tuple[dt.date, ...],
    received: int,
    by_month: dict[dt.date, Counter[str]],
) -> ServiceUse:
    wanted = wanted_months(months, service.since) if rule.each == "month" else ()
    own = {month: by_month[month][service.code] for month in wanted}
    missed = tuple(month for month in wanted if own[month] < rule.least)
    return ServiceUse(service, received, wanted, missed, rule.outcome(received, own, wanted))


def _received(first: dt.date, last: dt.date, channel: str) -> Counter[str]:
    channels = document("services_used")["channels"][channel]
    return Counter(
        {
            str(code): sum(one.received[name] for name in channels)
            for code, one in tallies(first, last, By.PROCEDURE).items()
        }
    )
