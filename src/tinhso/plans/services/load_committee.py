"""Load the committee's demo: directives and bodies, the scenario so far, money, targets, tracked services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils.translation import gettext as _

from tinhso.plans.models import Meeting, Review
from tinhso.plans.services.draft_conclusion import draft_conclusion
from tinhso.plans.services.draft_review import draft_review
from tinhso.plans.services.load_directives import load_directives
from tinhso.plans.services.load_money import load_money
from tinhso.plans.services.load_targets_of_committee import load_targets_of_committee
from tinhso.plans.services.load_tracked_services import load_tracked_services
from tinhso.plans.services.play_committee import play_committee
from tinhso.plans.services.reckon_targets import reckon_targets
from tinhso.plans.services.scenario_stage import Stage


def load_committee(*, until: dt.datetime, say: Callable[[str], object] = lambda _: None) -> None:
    """Load what is not there yet, and ``say`` each step. Figures must have been counted before: targets read them."""
    if n := load_directives(at=until):
        say(_("Đã nhập %(n)d văn bản chỉ đạo và bộ máy ba cấp.") % {"n": n})
    if n := play_committee(until=until):
        say(_("Đã chạy %(n)d việc của kịch bản Ban Chỉ đạo: kế hoạch, góp ý, nhiệm vụ, nhắc.") % {"n": n})
    if n := load_money(at=until):
        say(_("Đã ghi %(n)d dòng kinh phí và các cuộc kiểm tra minh họa.") % {"n": n})
    if n := load_targets_of_committee(until=until):
        say(_("Đã đặt %(n)d chỉ tiêu chuyển đổi số.") % {"n": n})
        reckon_targets(at=until)
    load_tracked_services(at=until)
    meeting = Meeting.objects.filter(review=None, minutes="").order_by("-starts_at").first()
    if meeting is not None and not Review.objects.exists():
        secretary, day = Stage().secretary(until), until.date()
        meeting.review = draft_review(by=secretary, at=until, first=day.replace(month=1, day=1), last=day)
        meeting.save(update_fields=["review"])
        draft_conclusion(by=secretary, at=until, meeting=meeting.pk)
        say(_("Đã soạn bản sơ kết và dự thảo kết luận cho hội nghị sáng nay."))
