"""Steering bodies and their people: who has one, who sits in it, what it did; posts that are planned and filled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.db.models import Case, Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, When
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office, Post, Role
from tinhso.plans.models import Body, BodyActivity, Establishment, Member
from tinhso.plans.permissions.directives import BODIES, POSTS, MayBody, MayCount, may_write_for
from tinhso.plans.queries.documents import document, labels
from tinhso.plans.queries.task_views import places
from tinhso.toolkit.text import fold

#: In this order members are listed.
_ORDER: Final = ("head", "deputy", "standing", "secretary", "member")
#: The province first, then departments, districts, communes; of an office, the steering body first.
_BY_LEVEL: Final = tuple(
    Case(When(office__kind=kind, then=0), default=1) for kind in ("province", "department", "district")
)
_BY_KIND: Final = tuple(Case(When(kind=kind, then=0), default=1) for kind in ("steering", "task_force"))
#: As many officers are offered.
MOST_FOUND: Final = 30


@dataclass(frozen=True, slots=True)
class Having:
    """How many offices of a level have a body of one kind: ``have`` of ``total``, and who has none.

    ``is_expected``: every office of the level should have one.
    """

    kind: str
    label: str
    have: int
    total: int
    missing: Sequence[Office]
    is_expected: bool


@dataclass(frozen=True, slots=True)
class Level:
    """Coverage of one level of government on a day."""

    key: str
    label: str
    total: int
    kinds: Sequence[Having]


@dataclass(frozen=True, slots=True)
class Seat:
    """A member as the page shows it; ``skills`` in words."""

    member: Member
    duty: str
    skills: Sequence[str]


@dataclass(frozen=True, slots=True)
class BodyPage:
    """A body with everything about it.

    ``promised``: hours a week of those who sit there now; ``logged``: hours of the whole log, ``logged_this_year`` of
    the year of the day. ``silent``: seated members of whom no hours are known.
    """

    body: Body
    kind: str
    seats: Sequence[Seat]
    former: Sequence[Seat]
    log: Sequence[BodyActivity]
    promised: Decimal
    silent: int
    logged: Decimal
    logged_this_year: Decimal
    posts: Establishment | None
    others: Sequence[Body] = field(default=())


@dataclass(frozen=True, slots=True)
class PostsRow:
    """An office and its latest count of posts on a day; None: never counted. ``vacant`` is planned less filled."""

    office: Office
    count: Establishment | None

    @property
    def vacant(self) -> int:
        """Return how many planned posts nobody holds."""
        return self.count.planned - self.count.filled if self.count else 0


@dataclass(frozen=True, slots=True)
class PostsSum:
    """Posts of the offices that were counted: ``counted`` of ``offices``."""

    offices: int
    counted: int
    planned: int
    filled: int

    @property
    def vacant(self) -> int:
        """Return how many planned posts nobody holds."""
        return self.planned - self.filled


def duty_label(kind: str, duty: str) -> str:
    """Return what a duty is called in a body of a kind: "Trưởng ban", "Tổ trưởng", "Đội trưởng"."""
    for one in document("duties")["items"]:
        if one["key"] == duty:
            found: str = one.get("label_of", {}).get(kind, one["label"])
            return found
    return duty


def levels() -> list[tuple[str, str]]:
    """Return key and name of every level, from the province down."""
    return [(one["key"], one["label"]) for one in document("bodies")["levels"]]


def kind_of_level(level: str) -> str:
    """Return the kind of office of a level, blank for no such level."""
    return next((one["office_kind"] for one in document("bodies")["levels"] if one["key"] == level), "")


def coverage(on: dt.date) -> list[Level]:
    """Return, for each level, how many of its offices have each kind of body on a day, and which have none."""
    kinds = [one["office_kind"] for one in document("bodies")["levels"]]
    offices: dict[str, list[Office]] = {kind: [] for kind in kinds}
    for office in (
        Office.objects.on(on).filter(kind__in=kinds).select_related("parent").order_by("sort_key", "id")
    ):
        offices[office.kind].append(office)
    having = {
        (office_id, kind)
        for office_id, kind in at_work(Body.objects.all(), on).values_list("office_id", "kind")
    }
    return [_level(one, offices[one["office_kind"]], having) for one in document("bodies")["levels"]]


def _level(level: dict[str, object], offices: Sequence[Office], having: set[tuple[int, str]]) -> Level:
    expected = level["expected"]
    kinds = []
    for kind, label in labels("bodies").items():
        missing = [office for office in offices if (office.pk, kind) not in having]
        is_expected = isinstance(expected, list) and kind in expected
        kinds.append(Having(kind, label, len(offices) - len(missing), len(offices), missing, is_expected))
    return Level(str(level["key"]), str(level["label"]), len(offices), kinds)


def at_work(rows: QuerySet[Body], on: dt.date) -> QuerySet[Body]:
    """Keep the bodies at work on a day."""
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)


def body_rows(
    by: Actor, on: dt.date, *, level: str = "", kind: str = "", words: str = "", ended: bool = False
) -> QuerySet[Body]:
    """Return the bodies that the actor may read and asks for, with office, ``seats``, ``hours`` and the head's name.

    The province's come first, then departments, districts, communes, each in alphabetical order. ``ended``: those that
    work no longer, instead of those at work.
    """
    rows = BODIES.rows(by, MayBody.READ)
    rows = rows.filter(valid_to__lt=on) if ended else at_work(rows, on)
    if level:
        rows = rows.filter(office__kind=kind_of_level(level))
    if kind:
        rows = rows.filter(kind=kind)
    for word in fold(words).split():
        rows = rows.filter(office__folded__contains=word)
    sits = Q(members__valid_from__lte=on) & (Q(members__valid_to=None) | Q(members__valid_to__gte=on))
    heads = _seated(Member.objects.filter(body=OuterRef("pk"), duty="head"), on)
    return (
        rows.select_related("office__parent")
        .annotate(
            seats=Count("members", filter=sits),
            hours=Sum("members__hours_per_week", filter=sits),
            head=Subquery(heads.values("person__name")[:1]),
        )
        .order_by(*_BY_LEVEL, "office__sort_key", "office_id", *_BY_KIND, "id")
    )


def _seated(rows: QuerySet[Member], on: dt.date) -> QuerySet[Member]:
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)


def body_page(by: Actor, pk: int, on: dt.date) -> BodyPage:
    """Return a body with its people, log, hours and the posts of its office. Raises ``NotThere``."""
    body = BODIES.look(by, MayBody.READ, pk=pk)
    members = list(body.members.select_related("person").order_by("valid_from", "id"))
    members.sort(key=lambda one: _ORDER.index(one.duty))
    now = [one for one in members if one.valid_to is None or one.valid_to >= on]
    log = list(body.activities.select_related("member__person").order_by("-on", "-id"))
    spent = [(one.on, one.hours) for one in log if one.hours is not None]
    return BodyPage(
        body=body,
        kind=labels("bodies")[body.kind],
        seats=[_seat(body, one) for one in now],
        former=[_seat(body, one) for one in members if one not in now],
        log=log,
        promised=sum((one.hours_per_week for one in now if one.hours_per_week is not None), Decimal(0)),
        silent=sum(one.hours_per_week is None for one in now),
        logged=sum((hours for _on, hours in spent), Decimal(0)),
        logged_this_year=sum((hours for day, hours in spent if day.year == on.year), Decimal(0)),
        posts=_latest(POSTS.rows(by, MayCount.READ).filter(office_id=body.office_id), on).first(),
        others=list(
            at_work(BODIES.rows(by, MayBody.READ).filter(office_id=body.office_id), on)
            .exclude(pk=pk)
            .order_by(*_BY_KIND, "id")
        ),
    )


def _seat(body: Body, member: Member) -> Seat:
    names = labels("skills")
    return Seat(member, duty_label(body.kind, member.duty), [names.get(key, key) for key in member.skills])


def member_lines(bodies: QuerySet[Body], on: dt.date) -> Iterable[tuple[Body, Seat]]:
    """Yield every seat of the bodies on a day, body by body: for the sheet."""
    seated = _seated(Member.objects.select_related("person"), on).order_by("valid_from", "id")
    for body in bodies.prefetch_related(Prefetch("members", seated, to_attr="seated")):
        for member in sorted(body.seated, key=lambda one: _ORDER.index(one.duty)):
            yield body, _seat(body, member)


def officers_for(body: Body, on: dt.date) -> QuerySet[Post]:
    """Return the posts whose holders may sit in a body: of its office and of the offices right under it."""
    return Post.objects.filter(
        Q(office_id=body.office_id) | Q(office__parent_id=body.office_id),
        Q(valid_to=None) | Q(valid_to__gte=on),
        valid_from__lte=on,
    ).select_related("person", "office")


def find_officers(body: Body, words: str, on: dt.date) -> list[Post]:
    """Return officers whose name or title holds the words, typed with or without marks; one post of each, leaders first."""
    rows = officers_for(body, on)
    for word in fold(words).split():
        rows = rows.filter(Q(person__folded__contains=word))
    leads = [Role.LEADER.value, Role.COMMITTEE_CHAIR.value, Role.COMMITTEE_SECRETARY.value]
    found: dict[int, Post] = {}
    for post in rows.order_by("person__sort_key", "person_id", "id")[: 4 * MOST_FOUND]:
        held = found.get(post.person_id)
        if held is None or (post.role in leads and held.role not in leads):
            found[post.person_id] = post
    return list(found.values())[:MOST_FOUND]


def posts_rows(
    by: Actor, on: dt.date, *, level: str = "", words: str = ""
) -> tuple[list[PostsRow], PostsSum]:
    """Return every office of a level (blank: province, departments and districts) with its latest count, and the sum."""
    kinds = [kind_of_level(level)] if level else ["province", "department", "district"]
    offices = Office.objects.on(on).filter(kind__in=kinds).select_related("parent")
    for word in fold(words).split():
        offices = offices.filter(folded__contains=word)
    latest = {row.office_id: row for row in _latest(POSTS.rows(by, MayCount.READ), on)}
    rows = [PostsRow(office, latest.get(office.pk)) for office in offices.order_by("-kind", "sort_key", "id")]
    counted = [row.count for row in rows if row.count]
    return rows, PostsSum(
        len(rows), len(counted), sum(one.planned for one in counted), sum(one.filled for one in counted)
    )


def _latest(rows: QuerySet[Establishment], on: dt.date) -> QuerySet[Establishment]:
    return rows.filter(on__lte=on).order_by("office_id", "-on").distinct("office_id")


def offices_to_write_for(by: Actor, on: dt.date) -> dict[str, Office]:
    """Return the offices whose bodies and posts the actor writes, by the name that one picks."""
    return {label: office for label, office in places(on).items() if may_write_for(by, office.pk)}


def said_hours(hours: Decimal) -> str:
    """Return hours as people write them: 7,5 or 40."""
    return _("%(n)s giờ") % {"n": f"{hours.normalize():f}".replace(".", ",")}
