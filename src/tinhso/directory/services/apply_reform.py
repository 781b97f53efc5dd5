"""Let a decision about an office take effect on its day."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tinhso.directory.events import OfficeReformApplied, WorkMoved
from tinhso.directory.models import Delegation, Office, OfficeReform, Post, Succession
from tinhso.directory.models.reforms import day_before
from tinhso.directory.rules import Actor
from tinhso.directory.services.record_change import record_change
from tinhso.directory.services.register_work import work_sources
from tinhso.journal.api import announce
from tinhso.toolkit.text import fold, sort_key

_MOVE = "move"


class CannotReform(Exception):
    """The office cannot be changed like this; the message says why and how to go on."""


@transaction.atomic
def apply_reform(reform: OfficeReform, *, by: Actor, at: dt.datetime) -> OfficeReform:
    """Change the office, its posts and the desks of its running work, all at once. Raises ``CannotReform``.

    A new name stays on the same row; another parent or an end closes the row the day before, and its work lies on the
    successor's desks. Where a dossier was received stays as it is recorded: figures of past days do not change.
    """
    office = Office.objects.select_for_update().get(pk=reform.office_id)
    if office.valid_to is not None:
        raise CannotReform(_("Cơ quan đã đóng trước khi quyết định này có hiệu lực."))
    moved = 0
    if reform.kind == "rename":
        office.name, office.short_name = reform.name_after, reform.short_name_after
        office.folded = fold(f"{office.name} {office.short_name}")[:200]
        office.sort_key = sort_key(office.short_name)[:400]
        office.save(update_fields=["name", "short_name", "folded", "sort_key"])
    else:
        if reform.kind == "move":
            reform.successor = _again_elsewhere(office, reform)
        moved = _close(office, reform, by=by, at=at)
    reform.applied_at = at
    reform.save(update_fields=["applied_at", "successor"])
    announce(
        OfficeReformApplied(reform.pk, office.pk, reform.kind, reform.successor_id, moved),
        about=f"office:{office.pk}",
        by=by,
        at=at,
    )
    return reform


def posts_from(office: Office, day: dt.date) -> list[Post]:
    """Return the posts at an office that last to a day or longer, in order of their holders' names."""
    rows = Post.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), office=office)
    return list(rows.select_related("person").order_by("person__sort_key", "id"))


def _again_elsewhere(office: Office, reform: OfficeReform) -> Office:
    """Set the office up anew below its new parent, under the code that goes with it."""
    return Office.objects.create(
        code=reform.plan["code"],
        code_2020=reform.plan["code_2020"],
        name=office.name,
        short_name=office.short_name,
        folded=office.folded,
        sort_key=office.sort_key,
        kind=office.kind,
        parent_id=reform.parent_after_id,
        territory_code=office.territory_code,
        phone=office.phone,
        address=office.address,
        place=office.place,
        valid_from=reform.effective_date,
    )


def _close(office: Office, reform: OfficeReform, *, by: Actor, at: dt.datetime) -> int:
    """Close the row, name its successors, move or end its posts, move its work; return how many works moved."""
    day, last = reform.effective_date, day_before(reform.effective_date)
    successors: list[int] = list(reform.plan.get("successors", []))
    if reform.kind == "move" and reform.successor_id:
        successors = [reform.successor_id]
    choices: dict[str, str] = reform.plan.get("posts", {})
    for post in posts_from(office, day):
        if post.valid_from >= day:
            raise CannotReform(
                _("%(name)s có chức vụ bắt đầu từ ngày đóng trở đi. Rút chức vụ đó trước.")
                % {"name": post.person.name}
            )
        goes_on = reform.kind == "move" or choices.get(str(post.pk), _MOVE) == _MOVE
        _end_post(post, day, reform.successor_id if goes_on else None)
    office.valid_to = last
    office.save(update_fields=["valid_to"])
    before = list(Succession.objects.filter(successor=office).values_list("predecessor_id", flat=True))
    for pk in (office.pk, *before):
        for successor in successors:
            Succession.objects.get_or_create(
                predecessor_id=pk,
                successor_id=successor,
                defaults={"effective_date": day, "decision": reform.decision},
            )
    return _move_work(office, reform, by=by, at=at) if reform.successor_id else 0


def _end_post(post: Post, day: dt.date, successor_id: int | None) -> None:
    """End a post the day before; where it goes on at the successor, what was lent goes on with it."""
    until = post.valid_to
    post.valid_to = day_before(day)
    post.save(update_fields=["valid_to"])
    if successor_id is None:
        return
    again, _made = Post.objects.get_or_create(
        person_id=post.person_id,
        office_id=successor_id,
        role=post.role,
        valid_from=day,
        defaults={"title": post.title, "valid_to": until},
    )
    for lent in Delegation.objects.filter(post=post, withdrawn_at=None, valid_to__gte=day).order_by("id"):
        Delegation.objects.create(
            post=again,
            to_person_id=lent.to_person_id,
            valid_from=max(day, lent.valid_from),
            valid_to=lent.valid_to,
            decision=lent.decision,
        )


def _move_work(office: Office, reform: OfficeReform, *, by: Actor, at: dt.datetime) -> int:
    successor = Office.objects.get(pk=reform.successor_id or 0)
    moved = 0
    for source in work_sources():
        for work in source.move(office.pk, successor.pk, by, at):
            moved += 1
            record_change(
                work.about,
                _("Chuyển theo cơ quan"),
                lambda line: WorkMoved(reform.pk, office.pk, successor.pk, line),
                by=by,
                at=at,
                before=office.name,
                after=successor.name,
                reason=f"{reform.reason} ({reform.decision})",
            )
    return moved
