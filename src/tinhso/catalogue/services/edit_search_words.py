"""Edit the table of everyday words that search knows."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from tinhso.catalogue.events import SearchWordChanged
from tinhso.catalogue.models import SearchMiss, SearchWord
from tinhso.catalogue.permissions import KEEPERS
from tinhso.catalogue.queries.search import starting_words
from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.telex import spelling
from tinhso.toolkit.text import fold, tidy

M = TypeVar("M", bound=Model)


class SearchWordRefused(ValueError):
    """The word cannot be kept so; the sentence says why."""


@transaction.atomic
def load_search_words() -> int:
    """Put the words that come with the software into an empty table; return how many. Idempotent."""
    if SearchWord.objects.exists():
        return 0
    return len(SearchWord.objects.bulk_create(SearchWord(**row) for row in starting_words()))


@transaction.atomic
def save_search_word(
    said: str, means: str, *, by: Actor, at: dt.datetime, note: str = "", pk: int | None = None
) -> SearchWord:
    """Add a word, or change the one with ``pk``; queries that missed it count as settled.

    ``means`` are words of the catalogue; several meanings are parted by ``;``. Raises ``SearchWordRefused``, and
    ``NotThere`` for others than keepers of the catalogue or an unknown word.
    """
    _keepers_only(by)
    load_search_words()
    said, means, note = tidy(said), tidy(means), tidy(note)
    if not any(c.isalnum() for c in said) or len(said) > 120:
        raise SearchWordRefused(_("Gõ từ người dân hay dùng, nhiều nhất 120 chữ."))
    if not any(c.isalnum() for c in means) or len(means) > 250:
        raise SearchWordRefused(_("Gõ từ trong tên thủ tục, nhiều nhất 250 chữ."))
    if len(note) > 250:
        raise SearchWordRefused(_("Ghi chú dài quá. Rút còn 250 chữ."))
    twin = next((w for w in SearchWord.objects.all() if w.pk != pk and _same(w.said, said)), None)
    if twin is not None:
        words = _("Đã có “%(said)s”, nghĩa là “%(means)s”. Sửa dòng đó.")
        raise SearchWordRefused(words % {"said": twin.said, "means": twin.means})
    word = _one(SearchWord.objects.filter(pk=pk)) if pk else SearchWord()
    before = word.means
    word.said, word.means, word.note = said, means, note
    word.save()
    SearchMiss.objects.filter(query=fold(said), settled_at=None).update(settled_at=at)
    announce(SearchWordChanged(said, before, means), about=f"search-word:{word.pk}", by=by, at=at)
    return word


@transaction.atomic
def remove_search_word(pk: int, *, by: Actor, at: dt.datetime) -> None:
    """Take a word out of the table. Raises ``NotThere``."""
    _keepers_only(by)
    word = _one(SearchWord.objects.filter(pk=pk))
    announce(SearchWordChanged(word.said, word.means, ""), about=f"search-word:{pk}", by=by, at=at)
    word.delete()


@transaction.atomic
def settle_search_miss(pk: int, *, by: Actor, at: dt.datetime) -> None:
    """Take a query off the worklist: nothing of ours is meant by it. Raises ``NotThere``."""
    _keepers_only(by)
    miss = _one(SearchMiss.objects.filter(pk=pk))
    if miss.settled_at is None:
        miss.settled_at = at
        miss.save(update_fields=["settled_at"])
        announce(SearchWordChanged(miss.query, "", ""), about=f"search-miss:{pk}", by=by, at=at)


def _keepers_only(by: Actor) -> None:
    if not by.holds(*KEEPERS):
        raise NotThere


def _one(rows: QuerySet[M]) -> M:
    found = rows.select_for_update().first()
    if found is None:
        raise NotThere
    return found


def _same(one: str, other: str) -> bool:
    """Tell whether two sayings are one for search: same words with same marks."""
    return [spelling(word) for word in one.split()] == [spelling(word) for word in other.split()]
