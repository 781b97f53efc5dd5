"""Which of many dossiers an officer may open: for lists of numbers that come from figures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tinhso.directory.api import Actor
from tinhso.dossiers.permissions import POLICY, May

#: So many numbers go into one query.
_AT_ONCE: Final = 5_000


def readable_as_officer(by: Actor, numbers: Iterable[str]) -> dict[str, str]:
    """Return number → tracking code of the dossiers among these that the actor may read as an officer."""
    asked, found = list(numbers), dict[str, str]()
    for start in range(0, len(asked), _AT_ONCE):
        rows = POLICY.rows(by, May.READ_AS_OFFICER).filter(number__in=asked[start : start + _AT_ONCE])
        found.update((str(number), code) for number, code in rows.values_list("number", "tracking_code"))
    return found
