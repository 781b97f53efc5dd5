"""What each service online asks, what of it the State has, and how drafts went: from the catalogue and from counts.

Three answers and no fourth: filled in, asked again, or not declared. Of what a form does not declare only that is said
which may be about a person (``unclear``); it weighs nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tinhso.catalogue.api import AskedPaper, AskedQuestion, Asking, asking_on
from tinhso.directory.api import reference_stamp
from tinhso.dossiers.api import DraftsOf, FilingTime, Step, filing_times, fullest_account
from tinhso.measures.queries.documents import document
from tinhso.measures.queries.facts import period
from tinhso.measures.queries.indices import observatory
from tinhso.measures.queries.uptake import giving_up
from tinhso.measures.rules import last_day_of
from tinhso.measures.rules.effort import HELD, ISSUED, Again, EffortRule, Names, Weight, effort_rules

#: The pages of every way that are no questions: where to file, papers, checking.
FIXED_PAGES: Final = sum(step not in (Step.QUESTIONS, Step.SENT) for step in Step)
#: Drafts are told of so many months that are over.
MONTHS: Final = 12
_HAS: Final = "state_has"


@dataclass(frozen=True, slots=True)
class Effort:
    """What one service asks: boxes of all and of everybody, what is asked again, what is spared.

    ``required`` and ``filled``: of the boxes that everybody is asked, those that must be filled, and those that the
    platform fills in. ``uploads``: papers to be sent; ``spared``: papers that the sheet says need not be handed in;
    ``reusable``: uploads that an office of the province issues, to be taken again. ``effort`` None: it has no form, so
    nothing is known; ``colour`` by the observatory's rule. Where nobody knows its papers (``asking.papers`` None), the
    effort is that of its form alone.
    """

    asking: Asking
    pages: int
    pages_for_all: int
    boxes: int
    boxes_for_all: int
    required: int
    filled: int
    again: tuple[Again, ...]
    unclear: tuple[AskedQuestion, ...]
    uploads: tuple[AskedPaper, ...]
    spared: tuple[AskedPaper, ...]
    reusable: tuple[AskedPaper, ...]
    effort: int | None
    colour: str

    @property
    def effort_for_all(self) -> int | None:
        """Return the weights of what everybody is asked again."""
        return None if self.effort is None else sum(one.weight for one in self.again if one.is_for_all)


@dataclass(frozen=True, slots=True)
class Way:
    """How the drafts of one procedure went that were begun in months that are over; None: there were none."""

    first: dt.date
    last: dt.date
    drafts: DraftsOf | None
    time: FilingTime | None


def effort_rule() -> EffortRule:
    """Return the usual version of the rule."""
    said = document("effort")
    return effort_rules(said)[said["usual"]]


def efforts(on: dt.date) -> tuple[Effort, ...]:
    """Return what every service online on a day asks, most effort first, those without a form last."""
    return _efforts(reference_stamp(), on)


def effort_named(on: dt.date, code: str) -> Effort | None:
    """Return what one service online on a day asks, or None."""
    return next((one for one in efforts(on) if one.asking.service.code == code), None)


@lru_cache(maxsize=2)
def _efforts(_stamp: dt.datetime, on: dt.date) -> tuple[Effort, ...]:
    every = asking_on(on, fullest_account())
    rule = effort_rule()
    known = KnownPapers(every, rule)
    found = [effort_from(asking, known, rule) for asking in every]
    return tuple(
        sorted(found, key=lambda one: (one.effort is None, -(one.effort or 0), one.asking.service.code))
    )


class KnownPapers:
    """The papers that the sheets of a catalogue say the State has.

    A paper is held where a sheet says that an officer looks it up. Keys are compared among sheets with a form of their
    own: only these choose their keys. What an office of the province issues is the name of a result.
    """

    def __init__(self, every: Sequence[Asking], rule: EffortRule) -> None:
        """Read the sheets once."""
        held = [
            (asking, paper)
            for asking in every
            for paper in asking.papers or ()
            if paper.kind == _HAS and rule.says_held(paper.why)
        ]
        self._held = Names(((paper.name, paper.why) for _asking, paper in held), rule.fewest_words)
        self._keys = {paper.key: paper.why for asking, paper in reversed(held) if _has_own_form(asking)}
        self._issued = Names(
            (
                (name.strip(), name.strip())
                for asking in every
                if not asking.result_is_general
                for name in asking.result.split(";")
            ),
            rule.fewest_words,
        )

    def held(self, asking: Asking, paper: AskedPaper) -> str:
        """Return why a paper is one that an officer looks up; blank: it is not."""
        by_key = self._keys.get(paper.key, "") if _has_own_form(asking) else ""
        return self._held.within(paper.name) or by_key

    def issued(self, asking: Asking, paper: AskedPaper) -> str:
        """Return the name of the result that a paper is; blank: none, or what the service itself gives."""
        return self._issued.within(paper.name, without=asking.result)


def _has_own_form(asking: Asking) -> bool:
    return asking.form is not None and not asking.form.is_general


def effort_from(asking: Asking, known: KnownPapers, rule: EffortRule) -> Effort:
    """Return what one service asks, and what of it the State has."""
    questions = asking.form.questions if asking.form else ()
    always = [one for one in questions if one.is_for_all]
    papers = asking.papers or ()
    uploads = tuple(paper for paper in papers if paper.is_upload)
    issued = {paper.key: known.issued(asking, paper) for paper in uploads}
    again: list[Again] = []
    for one in questions:
        weight = rule.weights.get(one.source)
        if weight is not None and one.filled < one.boxes:
            again.append(Again(one.source, one.title, weight.weight, one.boxes - one.filled, one.is_for_all))
    for paper in uploads:
        held = known.held(asking, paper)
        kind, why = (HELD, held) if held else (ISSUED, issued[paper.key])
        if why:
            again.append(Again(kind, paper.name, rule.weights[kind].weight, 0, paper.is_for_all, why))
    effort = sum(one.weight for one in again) if asking.form else None
    return Effort(
        asking=asking,
        pages=asking.form.pages + FIXED_PAGES if asking.form else FIXED_PAGES,
        pages_for_all=asking.form.pages_for_all + FIXED_PAGES if asking.form else FIXED_PAGES,
        boxes=sum(one.boxes for one in questions),
        boxes_for_all=sum(one.boxes for one in always),
        required=sum(one.required for one in always),
        filled=sum(one.filled for one in always),
        again=tuple(again),
        unclear=tuple(one for one in questions if _is_unclear(one, rule)),
        uploads=uploads,
        spared=tuple(paper for paper in papers if paper.kind == _HAS),
        reusable=tuple(paper for paper in uploads if issued[paper.key]),
        effort=effort,
        colour=_colour(effort),
    )


def _is_unclear(one: AskedQuestion, rule: EffortRule) -> bool:
    return not one.source and (
        not rule.unclear_kinds.isdisjoint(one.kinds) or one.pattern in rule.unclear_patterns
    )


def _colour(effort: int | None) -> str:
    """Return the colour of the observatory's rule; blank where nothing is known."""
    rule = observatory()
    if rule is None or effort is None:
        return ""
    told = rule.score({"ask_once": effort})["ask_once"]
    assert isinstance(told, dict)
    return str(told["colour"])


def levels() -> list[tuple[str, int, int | None]]:
    """Return the colours of the observatory's rule, least effort first: from how many points, to how many."""
    rule = observatory()
    steps = sorted(rule.ask_once, key=lambda step: step.bound) if rule else []
    ends: list[int | None] = [int(step.bound) - 1 for step in steps[1:]]
    return [(str(step.worth), int(step.bound), end) for step, end in zip(steps, [*ends, None], strict=True)]


def by_kind(every: Collection[Effort]) -> list[tuple[Weight, int]]:
    """Return for each kind of data in how many services it is asked again, most first."""
    weights = effort_rule().weights
    counts = {
        kind: sum(any(one.kind == kind for one in effort.again) for effort in every) for kind in weights
    }
    found = [(weights[kind], n) for kind, n in counts.items() if n]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].name))


def way_of(code: str, at: dt.datetime) -> Way:
    """Return how the drafts of a procedure went that were begun in the last months that are over."""
    last = at.date().replace(day=1) - dt.timedelta(days=1)
    first = last.replace(day=1)
    for _n in range(MONTHS - 1):
        first = (first - dt.timedelta(days=1)).replace(day=1)
    when = period(first, last_day_of(last), at)
    drafts = giving_up(first, last, at, code=code)
    return Way(first, last, drafts[0] if drafts else None, filing_times(when.start, when.end).get(code))
