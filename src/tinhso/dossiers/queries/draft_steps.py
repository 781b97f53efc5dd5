"""How far drafts came on their way to a dossier: counts by step. Nobody's name, no single draft.

A draft *reached* a page when the person was led there from the page before, or was sent: later pages imply earlier
ones. Going back to mend something does not take a page away (``Draft.furthest``). Drafts of a counter clerk, who fills
everything on one page, are not counted.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db import connection

from tinhso.catalogue.api import ProcedureVersion, version_of
from tinhso.dossiers.permissions import AT_COUNTER

#: Keys of the pages that are not questions; no sheet may name a page so (the keys of sheets have no dot).
OFFICE, PAPERS, CHECK = "buoc.noi-nop", "buoc.giay-to", "buoc.xem-lai"


class Step(StrEnum):
    """The steps of a filing, in order."""

    OFFICE = "office"
    QUESTIONS = "questions"
    PAPERS = "papers"
    CHECK = "check"
    SENT = "sent"


_OF_PAGE: Final = {OFFICE: Step.OFFICE, PAPERS: Step.PAPERS, CHECK: Step.CHECK}


def question_pages(version: ProcedureVersion) -> tuple[str, ...]:
    """Return the keys of a version's question pages, in order; also of those that only some people are asked."""
    return tuple(page["key"] for page in version.form.schema.get("x-pages", ()))


def further(seen: str, page: str, questions: Sequence[str]) -> str:
    """Return whichever of two pages comes later on the way; blank is the first page."""
    return max(seen, page, key=lambda one: _place(one, questions))


def _place(page: str, questions: Sequence[str]) -> int:
    """Return where a page stands: 0 the office, then the questions; one that an older version asked is the first."""
    if page in ("", OFFICE):
        return 0
    if page in (PAPERS, CHECK):
        return len(questions) + (1 if page == PAPERS else 2)
    return 1 + (questions.index(page) if page in questions else 0)


@dataclass(frozen=True, slots=True)
class DraftPage:
    """One page of a procedure's way: how many drafts reached it, and how many unsent ones came no further.

    Of those that came no further ``untouched`` were not saved since the moment asked for; ``lately`` were.
    ``title`` is that of a question page, else blank. ``reached`` = the next page's + ``untouched`` + ``lately``.
    """

    key: str
    step: Step
    title: str
    reached: int
    untouched: int
    lately: int


@dataclass(frozen=True, slots=True)
class DraftsOf:
    """The drafts of one procedure that were begun in a period, in drafts; ``sent`` of them became dossiers.

    ``median_minutes`` between first and last save, of the ``saved`` that were saved again after their beginning;
    None where there are none.
    """

    code: str
    name: str
    begun: int
    sent: int
    pages: tuple[DraftPage, ...]
    saved: int
    median_minutes: float | None

    def reached(self, step: Step) -> int:
        """Return how many drafts came to a step: to its first page."""
        if step is Step.SENT:
            return self.sent
        return max((page.reached for page in self.pages if page.step is step), default=0)

    def untouched(self, step: Step) -> int:
        """Return how many unsent drafts came no further than this step and are untouched."""
        return sum(page.untouched for page in self.pages if page.step is step)

    def lately(self, step: Step) -> int:
        """Return how many unsent drafts came no further than this step and were saved lately."""
        return sum(page.lately for page in self.pages if page.step is step)


_COUNTS: Final = """
select p.code, d.version_id, d.furthest, count(*) filter (where d.dossier_id is not null),
       count(*) filter (where d.dossier_id is null and d.saved_at < %(untouched)s),
       count(*) filter (where d.dossier_id is null and d.saved_at >= %(untouched)s)
from dossiers_draft d
join catalogue_procedureversion v on v.id = d.version_id join catalogue_procedure p on p.id = v.procedure_id
where d.created_at >= %(start)s and d.created_at < %(end)s and d.page <> %(counter)s
group by 1, 2, 3
"""
_MINUTES: Final = """
select p.code, count(*), percentile_cont(0.5) within group (order by extract(epoch from d.saved_at - d.created_at) / 60)
from dossiers_draft d
join catalogue_procedureversion v on v.id = d.version_id join catalogue_procedure p on p.id = v.procedure_id
where d.created_at >= %(start)s and d.created_at < %(end)s and d.page <> %(counter)s and d.saved_at > d.created_at
group by 1
"""


def drafts_by_step(
    start: dt.datetime, end: dt.datetime, *, untouched_since: dt.datetime, code: str = ""
) -> list[DraftsOf]:
    """Count the drafts begun from ``start`` to before ``end`` by procedure, as they stand now; most begun first.

    ``untouched_since``: an unsent draft that was not saved from this moment on is untouched. ``code`` names one
    procedure, blank is all. Procedures without a draft are left out.
    """
    asked: dict[str, dt.datetime | str] = {
        "start": start,
        "end": end,
        "untouched": untouched_since,
        "counter": AT_COUNTER,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, asked)
        counts = cursor.fetchall()
        cursor.execute(_MINUTES, asked)
        minutes = {found: (n, float(median)) for found, n, median in cursor.fetchall()}
    by_code: dict[str, list[tuple[int, str, int, int, int]]] = defaultdict(list)
    for found, *row in counts:
        if code in ("", found):
            by_code[found].append(tuple(row))
    told = [_drafts_of(found, rows, *minutes.get(found, (0, None))) for found, rows in by_code.items()]
    return sorted(told, key=lambda one: (-one.begun, one.code))


def _drafts_of(
    code: str, rows: Sequence[tuple[int, str, int, int, int]], saved: int, median: float | None
) -> DraftsOf:
    version = version_of(max(version_id for version_id, *_rest in rows))
    titles = {page["key"]: page["title"] for page in version.form.schema.get("x-pages", ())}
    way = (OFFICE, *titles, PAPERS, CHECK)
    untouched: Counter[int] = Counter()
    lately: Counter[int] = Counter()
    sent = 0
    for _version, furthest, n_sent, n_untouched, n_lately in rows:
        place = _place(furthest, tuple(titles))
        sent += n_sent
        untouched[place] += n_untouched
        lately[place] += n_lately
    pages: list[DraftPage] = []
    reached = sent
    for place, key in reversed(list(enumerate(way))):
        reached += untouched[place] + lately[place]
        step = _OF_PAGE.get(key, Step.QUESTIONS)
        pages.append(DraftPage(key, step, titles.get(key, ""), reached, untouched[place], lately[place]))
    return DraftsOf(
        code, version.procedure.everyday_name, reached, sent, tuple(reversed(pages)), saved, median
    )
