"""Offices as administrators see them: the tree of a day, one office with all that hangs on it."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q

from tinhso.directory.models import Office, OfficeReform, Post, Succession
from tinhso.directory.permissions import OFFICES, MayOffice, roles_told
from tinhso.directory.rules import Actor, OfficeKind, Role
from tinhso.toolkit.text import fold

KIND_LABELS = {
    OfficeKind.PROVINCE: "Ủy ban nhân dân tỉnh",
    OfficeKind.DEPARTMENT: "Sở, ban, ngành",
    OfficeKind.DISTRICT: "Ủy ban nhân dân cấp huyện",
    OfficeKind.DIVISION: "Phòng chuyên môn",
    OfficeKind.COMMUNE: "Ủy ban nhân dân cấp xã",
    OfficeKind.PARTY_BODY: "Cơ quan Đảng",
    OfficeKind.MASS_ORGANISATION: "Mặt trận, đoàn thể",
    OfficeKind.PUBLIC_UNIT: "Đơn vị sự nghiệp",
    OfficeKind.STATE_ENTERPRISE: "Doanh nghiệp nhà nước",
}
#: Which kinds of offices stand below which.
KINDS_BELOW = {
    OfficeKind.PROVINCE: (
        *(OfficeKind.DEPARTMENT, OfficeKind.DISTRICT, OfficeKind.PARTY_BODY, OfficeKind.MASS_ORGANISATION),
        *(OfficeKind.PUBLIC_UNIT, OfficeKind.STATE_ENTERPRISE),
    ),
    OfficeKind.DEPARTMENT: (OfficeKind.DIVISION, OfficeKind.PUBLIC_UNIT),
    OfficeKind.DISTRICT: (OfficeKind.DIVISION, OfficeKind.COMMUNE, OfficeKind.PUBLIC_UNIT),
    OfficeKind.COMMUNE: (OfficeKind.PUBLIC_UNIT,),
}
#: Kinds at which people file.
_WITH_COUNTER = (OfficeKind.DEPARTMENT, OfficeKind.DISTRICT, OfficeKind.COMMUNE)


@dataclass(slots=True)
class Node:
    """One office in the tree of a day: its name then, who works there and below, what is decided about it."""

    office: Office
    name: str
    officers: int = 0
    below: int = 0
    children: list[Node] = field(default_factory=list)
    is_open: bool = False
    is_closed: bool = False
    coming: OfficeReform | None = None
    heirs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """The offices of a day that the actor administers; ``roots`` are the topmost, ``every`` all of them."""

    roots: list[Node]
    every: list[Node]
    coming: list[Node]
    closed: list[Node]
    without_clerk: list[Node]

    @property
    def officers(self) -> int:
        """Return how many work there; whoever works at two offices counts at both, so that the tree adds up."""
        return sum(node.officers for node in self.every)


def tree(by: Actor, day: dt.date, opened: Collection[int] = ()) -> Tree:
    """Return the tree of a day with the names that the offices had then; closed ones stay below their parents."""
    rows = OFFICES.rows(by, MayOffice.READ).filter(valid_from__lte=day).order_by("sort_key", "id")
    names = names_on(day)
    nodes = {row.pk: Node(row, names.get(row.pk, (row.name, ""))[0]) for row in rows}
    held: Counter[int] = Counter()
    clerks: set[int] = set()
    posts = Post.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
    for office, _person in posts.values_list("office_id", "person_id").distinct():
        held[office] += 1
    clerks.update(posts.filter(role=Role.COUNTER_CLERK).values_list("office_id", flat=True))
    heirs: dict[int, list[str]] = defaultdict(list)
    for link in Succession.objects.filter(effective_date__lte=day).select_related("successor").order_by("id"):
        heirs[link.predecessor_id].append(link.successor.short_name)
    waits = OfficeReform.objects.filter(applied_at=None, withdrawn_at=None, office__in=list(nodes))
    for reform in waits.select_related("successor", "parent_after"):
        nodes[reform.office_id].coming = reform
    roots: list[Node] = []
    for node in nodes.values():
        node.officers = held[node.office.pk]
        node.is_closed = node.office.valid_to is not None and node.office.valid_to < day
        node.heirs = tuple(heirs[node.office.pk]) if node.is_closed else ()
        parent = nodes.get(node.office.parent_id or 0)
        (parent.children if parent else roots).append(node)
    for root in roots:
        _add_up(root)
        root.is_open = True
    for pk in opened:
        if pk in nodes:
            nodes[pk].is_open = True
    live = [node for node in nodes.values() if not node.is_closed]
    return Tree(
        roots,
        live,
        [node for node in live if node.coming],
        [node for node in nodes.values() if node.is_closed],
        [node for node in live if node.office.kind in _WITH_COUNTER and node.office.pk not in clerks],
    )


def found(nodes: Iterable[Node], words: str, kind: str) -> list[Node]:
    """Return the nodes whose names or codes hold every word, with or without marks, and that are of the kind."""
    wanted = fold(words).split()
    return [
        node
        for node in nodes
        if (not kind or node.office.kind == kind)
        and all(word in fold(f"{node.name} {node.office.short_name} {node.office.code}") for word in wanted)
    ]


def names_on(day: dt.date) -> dict[int, tuple[str, str]]:
    """Return name and short name on a day of the offices that were given another name after it."""
    names: dict[int, tuple[str, str]] = {}
    later = OfficeReform.objects.filter(kind="rename", applied_at__isnull=False, effective_date__gt=day)
    for reform in later.order_by("effective_date", "id"):
        names.setdefault(reform.office_id, (reform.name_before, reform.short_name_before))
    return names


def _add_up(node: Node) -> int:
    node.below = node.officers + sum(_add_up(child) for child in node.children)
    return node.below


@dataclass(frozen=True, slots=True)
class Desk:
    """The posts of one role at an office on a day."""

    role: str
    word: str
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class OfficePage:
    """One office: its people by role, who comes and goes, what stands below, before and after it."""

    office: Office
    name: str
    path: tuple[Office, ...]
    desks: tuple[Desk, ...]
    coming_posts: tuple[Post, ...]
    children: tuple[Office, ...]
    before: tuple[Succession, ...]
    after: tuple[Succession, ...]
    reforms: tuple[OfficeReform, ...]

    @property
    def coming(self) -> OfficeReform | None:
        """Return the decision that waits for its day."""
        return next((one for one in self.reforms if not one.applied_at and not one.withdrawn_at), None)

    @property
    def people(self) -> int:
        """Return how many people work there."""
        return len({post.person_id for desk in self.desks for post in desk.posts})


def office_page(by: Actor, pk: int, day: dt.date) -> OfficePage:
    """Return an office of the branch as of a day. Raises ``NotThere``."""
    office = OFFICES.look(by, MayOffice.READ, pk=pk)
    posts = Post.objects.filter(office=office).select_related("person__account")
    now = posts.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
    by_role: dict[str, list[Post]] = defaultdict(list)
    for post in now.order_by("person__sort_key", "id"):
        by_role[post.role].append(post)
    children = (
        Office.objects.on(day).filter(parent=office).annotate(staff=Count("posts__person", distinct=True))
    )
    return OfficePage(
        office,
        names_on(day).get(office.pk, (office.name, ""))[0],
        tuple(_path(office)),
        tuple(
            Desk(role, str(told["name"]), tuple(by_role[role]))
            for role, told in roles_told().items()
            if role in by_role
        ),
        tuple(posts.filter(valid_from__gt=day).order_by("valid_from", "id")),
        tuple(children.order_by("sort_key", "id")),
        tuple(Succession.objects.filter(successor=office).select_related("predecessor").order_by("id")),
        tuple(Succession.objects.filter(predecessor=office).select_related("successor").order_by("id")),
        tuple(
            OfficeReform.objects.filter(office=office)
            .select_related("successor", "parent_after")
            .order_by("-effective_date", "-id")
        ),
    )


def _path(office: Office) -> list[Office]:
    path: list[Office] = []
    one = office.parent
    while one is not None:
        path.insert(0, one)
        one = one.parent
    return path


def offices_to_pick(by: Actor, day: dt.date) -> dict[str, Office]:
    """Return the offices of the branch that are open on a day, by the name that one picks; namesakes with their parent."""
    rows = OFFICES.rows(by, MayOffice.ADMINISTER).select_related("parent").order_by("sort_key", "id")
    open_then = rows.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
    labels: dict[str, Office] = {}
    for office in open_then:
        parent = office.parent
        is_far = parent is not None and office.kind in {OfficeKind.COMMUNE, OfficeKind.DIVISION}
        label = f"{office.name}, {parent.short_name}" if is_far and parent else office.name
        labels[label if label not in labels else f"{label} ({office.code})"] = office
    return labels
