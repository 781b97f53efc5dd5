"""Write the list of a hand-over on its day: one line a work, one entry about each, and tell the receiver."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.events import DeskHandedOver, WorkPassedOn
from tinhso.directory.models import HandOver
from tinhso.directory.rules import Actor
from tinhso.directory.services.record_change import record_change
from tinhso.directory.services.register_work import work_on_desks
from tinhso.messages.api import tell
from tinhso.toolkit.words import date_text, number

#: Numbers that a message names; the rest is counted, and all stand in the record.
_NAMED = 30


@transaction.atomic
def complete_hand_over(hand_over: HandOver, *, by: Actor, at: dt.datetime) -> HandOver:
    """Keep what lies on the desk now, write it on each work and on both officers, tell the receiver; once."""
    row = HandOver.objects.select_for_update(of=("self",)).select_related(
        "from_post__person", "from_post__office", "to_post__person"
    )
    made = row.get(pk=hand_over.pk)
    if made.done_at is not None:
        return made
    giver, receiver, desk = made.from_post.person, made.to_post.person, made.from_post
    works = work_on_desks([(desk.office_id, desk.role)])
    for work in works:
        record_change(
            work.about,
            _("Bàn giao"),
            lambda line: WorkPassedOn(made.pk, made.from_post_id, made.to_post_id, line),
            by=by,
            at=at,
            before=giver.name,
            after=receiver.name,
            reason=f"{made.reason} ({made.decision})",
        )
    made.lines = [
        {
            "work": work.about,
            "number": work.number,
            "title": work.title,
            "state": work.state,
            "due": work.due_at.isoformat() if work.due_at else "",
        }
        for work in works
    ]
    made.done_at = at
    made.save(update_fields=["lines", "done_at"])
    record_change(
        f"person:{giver.pk}",
        _("Bàn giao"),
        lambda _line: DeskHandedOver(
            made.pk, made.from_post_id, made.to_post_id, desk.office_id, desk.role, len(works)
        ),
        by=by,
        at=at,
        before=giver.name,
        after=_("%(name)s nhận %(n)s hồ sơ") % {"name": receiver.name, "n": number(len(works))},
        reason=f"{made.reason} ({made.decision})",
        also=(f"person:{receiver.pk}", f"office:{desk.office_id}"),
    )
    _tell(made, [work.number for work in works], at)
    return made


def _tell(made: HandOver, numbers: list[str], at: dt.datetime) -> None:
    named = ", ".join(numbers[:_NAMED])
    rest = _(" và %(n)s hồ sơ nữa") % {"n": number(len(numbers) - _NAMED)} if len(numbers) > _NAMED else ""
    body = _("Nhận bàn giao %(n)s hồ sơ ở %(title)s, %(office)s từ %(day)s.") % {
        "n": number(len(numbers)),
        "title": made.to_post.title,
        "office": made.from_post.office.short_name,
        "day": date_text(made.effective_date),
    }
    tell(
        made.to_post.person_id,
        title=_("Nhận bàn giao %(n)s hồ sơ") % {"n": number(len(numbers))},
        body=f"{body} {_('Gồm: ')}{named}{rest}." if numbers else body,
        at=at,
        kind="directory.handed_over",
        link="/mot-cua/",
    )
