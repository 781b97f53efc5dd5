"""Count a query that found nothing: the worklist of words. Nobody's name is kept with it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from django.db import connection

from tinhso.catalogue.models import SearchMiss
from tinhso.toolkit.text import fold

#: Words of people: letters, digits and little else; no addresses, tags, or walls of text.
_WORDS_ONLY: Final = re.compile(r"[\w ,.\-/?!%&()'\"“”]{2,200}")
_MOST_WORDS: Final = 14
_LONGEST_WORD: Final = 18
#: New queries are no longer kept when so many wait; the known ones are still counted.
MOST_WAITING: Final = 5_000
_COUNT: Final = """
insert into catalogue_searchmiss (query, times, last_day, settled_at) values (%s, 1, %s, null)
on conflict (query) do update set times = catalogue_searchmiss.times + 1, last_day = excluded.last_day, settled_at = null
"""


def record_search_miss(text: str, *, on: dt.date) -> bool:
    """Count a query once more, without marks; say whether it was counted.

    Not counted: what no person types (shorter than 2 or longer than 200 letters, mostly digits, addresses, one endless
    word), and a number that may be somebody's own.
    """
    query = fold(text)
    if not looks_typed(query):
        return False
    known = SearchMiss.objects.filter(query=query).exists()
    if not known and SearchMiss.objects.filter(settled_at=None).count() >= MOST_WAITING:
        return False
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [query, on])
    return True


def looks_typed(query: str) -> bool:
    """Tell whether a query without marks may be what a person looked for."""
    words = query.split()
    letters = sum(c.isalpha() for c in query)
    digits = sum(c.isdigit() for c in query)
    return (
        _WORDS_ONLY.fullmatch(query) is not None
        and letters >= 2
        and digits <= 4
        and len(words) <= _MOST_WORDS
        and all(len(word) <= _LONGEST_WORD for word in words)
        and "//" not in query
        and "www." not in query
    )
