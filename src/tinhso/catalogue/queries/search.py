"""Search the whole catalogue by everyday words.

The words of the catalogue are kept in the memory of each process, ranked by ``ranking``, and read anew when the
reference stamp or the table of everyday words moves; the words themselves are ordered anew only when they changed.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from tinhso.catalogue.models import Alias, Procedure, ProcedureVersion, SearchWord, ServiceLevel
from tinhso.catalogue.queries.ranking import Entry, Ranking
from tinhso.directory.api import reference_stamp
from tinhso.toolkit.prepared import first_row
from tinhso.toolkit.text import sort_key

_STARTING_WORDS: Final = Path(__file__).parents[1] / "data" / "search_words.json"
_WORDS_STATE: Final = (
    "select coalesce((select md5(string_agg(said || '|' || means, '|' order by id)) from catalogue_searchword), ''), "
    "(select count(*) from catalogue_alias)"
)
LONGEST_QUERY: Final = 200
SUGGESTIONS: Final = 7

Days = tuple[dt.date, dt.date | None]


@dataclass(frozen=True, slots=True)
class Hit:
    """A procedure found by a search; ``matched`` is the wording that fitted, e.g. a synonym.

    ``level`` is the service level of the day, None where none was decided; ``places`` the executing levels.
    """

    code: str
    title: str
    legal_name: str
    field: str
    matched: str
    score: float
    level: int | None = None
    department: str = ""
    places: tuple[str, ...] = ()
    is_listed: bool = False

    @property
    def is_online(self) -> bool:
        """Say whether it is filed on line on the day."""
        return (self.level or 0) >= 3

    @property
    def is_elsewhere(self) -> bool:
        """Say whether no office of the province carries it out: a reference page."""
        return self.places == ("ministry",)


@dataclass(frozen=True, slots=True)
class Filters:
    """What hits are narrowed down to; blank is all. ``place`` is an executing level, ``audience`` as in ``Procedure``."""

    audience: str = ""
    life_event: str = ""
    field: str = ""
    department: str = ""
    place: str = ""

    def __bool__(self) -> bool:
        """Say whether anything is asked for."""
        return any((self.audience, self.life_event, self.field, self.department, self.place))


@dataclass(frozen=True, slots=True)
class Choices:
    """What one may filter by on a day: each (value, number of procedures), fields and departments in order."""

    audiences: tuple[tuple[str, int], ...]
    life_events: tuple[tuple[str, int], ...]
    fields: tuple[tuple[str, int], ...]
    departments: tuple[tuple[str, int], ...]
    places: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Card:
    """What is known of a procedure beside its words."""

    title: str
    legal_name: str
    field: str
    department: str
    audience: tuple[str, ...]
    life_events: tuple[str, ...]
    places: tuple[str, ...]
    is_listed: bool
    in_force: tuple[Days, ...]
    levels: tuple[tuple[Days, int], ...]

    def is_on(self, day: dt.date) -> bool:
        return any(_within(day, days) for days in self.in_force)

    def level_on(self, day: dt.date) -> int | None:
        return max(
            ((days[0], level) for days, level in self.levels if _within(day, days)), default=(day, None)
        )[1]

    def passes(self, filters: Filters) -> bool:
        return (
            (not filters.audience or filters.audience in self.audience)
            and (not filters.life_event or filters.life_event in self.life_events)
            and (not filters.field or filters.field == self.field)
            and (not filters.department or filters.department == self.department)
            and (not filters.place or filters.place in self.places)
        )


@dataclass(frozen=True, slots=True)
class _Shelf:
    ranking: Ranking
    cards: tuple[_Card, ...]


def search(text: str, on: dt.date, *, filters: Filters | None = None) -> list[Hit]:
    """Return the procedures in force that the words mean, best first; with filters and no words, all that pass them.

    Typed with or without marks, with slips of a letter, undone Telex or VNI keys, initials, or a saying of the table of
    everyday words. A code, also an old one, finds its procedure alone. The province's own come before reference pages.
    """
    filters = filters or Filters()
    shelf = _shelf()
    text = text.strip()[:LONGEST_QUERY]
    if not text:
        return _all_that_pass(shelf, on, filters) if filters else []
    hits = []
    for found in shelf.ranking.search(text):
        card = shelf.cards[found.place]
        if card.is_on(on) and card.passes(filters):
            hits.append(_hit(shelf, found.place, on, found.wording, found.score))
    return hits


def suggest(text: str, on: dt.date) -> list[Hit]:
    """Return the few procedures to offer while somebody types; the last word may be a beginning."""
    return search(text, on)[:SUGGESTIONS] if len(text.strip()) > 1 else []


def choices(on: dt.date) -> Choices:
    """Return what one may filter by on a day."""
    return _choices(*_state(), on)


def starting_words() -> list[dict[str, str]]:
    """Return the everyday words that come with the software: said, means."""
    rows: list[dict[str, str]] = json.loads(_STARTING_WORDS.read_text("utf-8"))
    return rows


def _all_that_pass(shelf: _Shelf, on: dt.date, filters: Filters) -> list[Hit]:
    hits = [
        _hit(shelf, place, on, card.title, 0.0)
        for place, card in enumerate(shelf.cards)
        if card.is_on(on) and card.passes(filters)
    ]
    return sorted(hits, key=lambda hit: (not hit.is_listed, sort_key(hit.title)))


def _hit(shelf: _Shelf, place: int, on: dt.date, matched: str, score: float) -> Hit:
    card = shelf.cards[place]
    return Hit(
        code=shelf.ranking.entries[place].code,
        title=card.title,
        legal_name=card.legal_name,
        field=card.field,
        matched=matched,
        score=round(score, 4),
        level=card.level_on(on),
        department=card.department,
        places=card.places,
        is_listed=card.is_listed,
    )


def _within(day: dt.date, days: Days) -> bool:
    return days[0] <= day and (days[1] is None or day <= days[1])


# What is kept in memory


def _state() -> tuple[dt.datetime, str]:
    words, aliases = first_row(_WORDS_STATE, ()) or ("", 0)
    return reference_stamp(), f"{words}|{aliases}"


def _shelf() -> _Shelf:
    return _filled(*_state())


@lru_cache(maxsize=2)
def _filled(_stamp: dt.datetime, _words: str) -> _Shelf:
    in_force: dict[int, list[Days]] = {}
    filed_at: dict[int, tuple[str, ...]] = {}
    versions = ProcedureVersion.objects.filter(published_at__isnull=False).order_by("number")
    for pk, first, last, levels in versions.values_list(
        "procedure_id", "effective_from", "effective_to", "levels"
    ):
        in_force.setdefault(pk, []).append((first, last))
        filed_at[pk] = tuple(levels)
    served: dict[int, list[tuple[Days, int]]] = {}
    for pk, first, last, level in ServiceLevel.objects.values_list(
        "procedure_id", "valid_from", "valid_to", "level"
    ):
        served.setdefault(pk, []).append(((first, last), level))
    aliases: dict[int, list[str]] = {}
    for pk, code in Alias.objects.values_list("procedure_id", "code"):
        aliases.setdefault(pk, []).append(code)
    entries, cards = [], []
    for one in Procedure.objects.filter(pk__in=in_force).select_related("field").order_by("code"):
        places = tuple(one.executing_levels) or filed_at[one.pk]
        wordings = dict.fromkeys([one.everyday_name, *one.synonyms, one.legal_name])
        entries.append(
            Entry(
                one.code,
                one.field.name,
                tuple(wordings),
                places,
                one.is_listed,
                tuple(aliases.get(one.pk, ())),
            )
        )
        cards.append(
            _Card(
                one.everyday_name,
                one.legal_name,
                one.field.name,
                one.responsible,
                tuple(one.audience),
                tuple(one.life_events),
                places,
                one.is_listed,
                tuple(in_force[one.pk]),
                tuple(served.get(one.pk, ())),
            )
        )
    return _Shelf(_ranked(tuple(entries), _sayings()), tuple(cards))


@lru_cache(maxsize=2)
def _ranked(entries: tuple[Entry, ...], sayings: tuple[tuple[str, str], ...]) -> Ranking:
    return Ranking(entries, sayings)


def _sayings() -> tuple[tuple[str, str], ...]:
    """Return the table of everyday words; the one that comes with the software where nobody has loaded or edited it."""
    own = tuple(SearchWord.objects.order_by("id").values_list("said", "means"))
    return own or tuple((row["said"], row["means"]) for row in starting_words())


@lru_cache(maxsize=4)
def _choices(stamp: dt.datetime, words: str, on: dt.date) -> Choices:
    cards = [card for card in _filled(stamp, words).cards if card.is_on(on)]
    return Choices(
        audiences=_counted(cards, lambda card: card.audience),
        life_events=_counted(cards, lambda card: card.life_events),
        fields=_counted(cards, lambda card: (card.field,)),
        departments=_counted(cards, lambda card: (card.department,)),
        places=_counted(cards, lambda card: card.places),
    )


def _counted(cards: Sequence[_Card], values: Callable[[_Card], Iterable[str]]) -> tuple[tuple[str, int], ...]:
    times = Counter(value for card in cards for value in set(values(card)) if value)
    return tuple(sorted(times.items(), key=lambda pair: sort_key(pair[0])))
