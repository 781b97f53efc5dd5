"""Call a meeting of the committee: when, where, who chairs, who is invited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office, Post
from tinhso.journal.api import announce
from tinhso.plans.events.reviews import MeetingCalled
from tinhso.plans.models import AgendaItem, Attendance, History, Meeting
from tinhso.plans.permissions.reviews import DRAFTERS, REVIEWS, MayReview
from tinhso.plans.queries.documents import document
from tinhso.plans.queries.meetings import chairs
from tinhso.plans.queries.plan_people import people_told
from tinhso.plans.services.tell_committee import tell_people
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.words import moment_text
from tinhso.toolkit.working_time import in_vietnam

LONGEST: Final = {"title": 250, "place": 200}


class CannotCall(ValueError):
    """The meeting is not called; the sentence says why, ``field`` names the box."""

    def __init__(self, sentence: str, field: str = "title") -> None:
        """Keep the box beside the sentence."""
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def call_meeting(
    *,
    by: Actor,
    at: dt.datetime,
    title: str,
    starts_at: dt.datetime,
    place: str,
    offices: Collection[int],
    chair: int | None = None,
    review: str = "",
) -> Meeting:
    """Call the meeting with the usual agenda, and tell planners and heads of the invited offices.

    ``chair``: a post of the committee's chair, None: the one who holds it. ``review``: the code of the review that is
    heard. Raises ``NotThere`` for others than the secretary, and ``CannotCall``.
    """
    if not by.holds(*DRAFTERS) or by.account_id is None:
        raise NotThere
    today = in_vietnam(at).date()
    words = {"title": tidy(visible(title)), "place": tidy(visible(place))}
    _check(words, starts_at)
    invited = {one.pk: one for one in Office.objects.on(today).filter(pk__in=offices)}
    if not invited or set(offices) != set(invited):
        raise CannotCall(_("Chọn ít nhất một cơ quan đang hoạt động."), "offices")
    heard = None
    if review:
        heard = REVIEWS.rows(by, MayReview.READ).filter(code=review).first()
        if heard is None:
            raise CannotCall(_("Không thấy báo cáo này. Chọn lại trong danh sách."), "review")
    meeting = Meeting.objects.create(
        title=words["title"],
        starts_at=starts_at,
        place=words["place"],
        review=heard,
        chair=_chair(chair, today),
        created_by_id=by.account_id,
        created_at=at,
    )
    Attendance.objects.bulk_create(Attendance(meeting=meeting, office_id=pk) for pk in sorted(invited))
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, ordinal=place_no, **point)
        for place_no, point in enumerate(document("review_figures")["agenda"], 1)
    )
    History.objects.record(
        meeting.about,
        _("Triệu tập hội nghị"),
        by=by,
        at=at,
        after=_("%(when)s, mời %(n)d cơ quan")
        % {"when": moment_text(in_vietnam(starts_at)), "n": len(invited)},
    )
    announce(MeetingCalled(meeting.pk, starts_at, tuple(sorted(invited))), about=meeting.about, by=by, at=at)
    told = {person for people in people_told(list(invited), today).values() for person in people}
    tell_people(
        sorted(told - {by.person_id or 0}),
        title=_("Mời họp Ban Chỉ đạo chuyển đổi số"),
        body=_("%(title)s, %(when)s, tại %(place)s.")
        % {
            "title": meeting.title,
            "when": moment_text(in_vietnam(starts_at)),
            "place": meeting.place,
        },
        link=page_of_meeting(meeting),
        at=at,
    )
    return meeting


def page_of_meeting(meeting: Meeting) -> str:
    """Return the path of a meeting's page."""
    return f"/ban-chi-dao/hoi-nghi/{meeting.pk}/"


def _chair(asked: int | None, on: dt.date) -> Post | None:
    every = chairs(on)
    if asked is None:
        return every[0] if every else None
    found = next((post for post in every if post.pk == asked), None)
    if found is None:
        raise CannotCall(_("Chọn Trưởng ban đang giữ chức vụ."), "chair")
    return found


def _check(words: dict[str, str], starts_at: dt.datetime) -> None:
    if not words["title"]:
        raise CannotCall(_("Ghi tên hội nghị."))
    if not words["place"]:
        raise CannotCall(_("Ghi nơi họp."), "place")
    for name, longest in LONGEST.items():
        if len(words[name]) > longest:
            raise CannotCall(_("Dài quá %(n)d chữ. Viết gọn lại.") % {"n": longest}, name)
    if starts_at.tzinfo is None:
        msg = "a meeting starts at a moment with its zone"
        raise ValueError(msg)
