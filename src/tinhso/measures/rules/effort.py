"""What a service asks again though the State has it: the rule, its weights, and names within names. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tinhso.toolkit.text import fold

#: A paper that an officer can look up, and one that an office of the province issues.
HELD, ISSUED = "paper_held", "paper_issued"


@dataclass(frozen=True, slots=True)
class Weight:
    """What asking again for one kind of data weighs, and what the kind is called."""

    weight: int
    name: str


@dataclass(frozen=True, slots=True)
class EffortRule:
    """One version of the rule. ``held_said``: folded words by which a sheet says that an officer looks a paper up.

    ``fewest_words``: a shorter name of a paper is found within too many others. ``unclear_*``: questions without a
    declaration that may be about a person.
    """

    version: str
    source: str
    unverified: str
    explained: str
    weights: Mapping[str, Weight]
    held_said: tuple[str, ...]
    fewest_words: int
    unclear_kinds: frozenset[str]
    unclear_patterns: frozenset[str]

    def says_held(self, why: str) -> bool:
        """Say whether these words mean that an officer looks a paper up; that no law asks for it is another reason."""
        return any(said in fold(why) for said in self.held_said)


@dataclass(frozen=True, slots=True)
class Again:
    """One thing asked again. ``typed``: the boxes that stay to be filled, 0 of a paper. ``why``: where the State has it."""

    kind: str
    title: str
    weight: int
    typed: int
    is_for_all: bool
    why: str = ""


class Names:
    """Names of papers and what is said of each: finds those that stand, whole words, within a longer name."""

    def __init__(self, said: Iterable[tuple[str, str]], fewest_words: int) -> None:
        """Keep each name once; what is said first counts."""
        self._first_words = fewest_words
        self._by_beginning: dict[tuple[str, ...], dict[str, str]] = {}
        for name, why in said:
            words = fold(name).split()
            if len(words) >= fewest_words:
                self._by_beginning.setdefault(tuple(words[:fewest_words]), {}).setdefault(
                    " ".join(words), why
                )

    def within(self, name: str, *, without: str = "") -> str:
        """Return what is said of the first of them within a name; blank: none. ``without``: names that do not count."""
        words = fold(name).split()
        whole, own = f" {' '.join(words)} ", {fold(one) for one in without.split(";")}
        for place in range(len(words) - self._first_words + 1):
            some = self._by_beginning.get(tuple(words[place : place + self._first_words]), {})
            for one, why in some.items():
                if f" {one} " in whole and one not in own:
                    return why
        return ""


def effort_rules(document: Mapping[str, Any]) -> dict[str, EffortRule]:
    """Return the versions of the rule from their data."""
    return {
        said["version"]: EffortRule(
            said["version"],
            said["source"],
            said["unverified"],
            said["explained"],
            {key: Weight(one["weight"], one["name"]) for key, one in said["weights"].items()},
            tuple(said["held_said"]),
            said["fewest_words_of_a_paper"],
            frozenset(said["unclear_kinds"]),
            frozenset(said["unclear_patterns"]),
        )
        for said in document["versions"]
    }
