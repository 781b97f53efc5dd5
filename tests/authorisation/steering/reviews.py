"""Who gets what of reviews, meetings and conclusions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tinhso.documents.api import Upload
from tinhso.plans.models import AgendaItem, Conclusion, Meeting, Review, ReviewFigure, ReviewLine
from tinhso.plans.services.add_review_line import add_review_line
from tinhso.plans.services.approve_review import approve_review
from tinhso.plans.services.call_meeting import call_meeting
from tinhso.plans.services.draft_conclusion import draft_conclusion
from tinhso.plans.services.draft_review import draft_review
from tinhso.plans.services.edit_agenda import Point, edit_agenda
from tinhso.plans.services.edit_review_line import Words
from tinhso.plans.services.mark_attendance import Mark, mark_attendance
from tinhso.plans.services.save_conclusion_line import Assignment, save_conclusion_line
from tinhso.plans.services.submit_review import submit_review
from tinhso.plans.services.write_minutes import write_minutes
from tinhso.toolkit.clock import VN

if TYPE_CHECKING:
    from tests.authorisation.matrix import Line
    from tests.authorisation.world import World

Address = Callable[["World", str], tuple[list[Any], str]]

NINE = dt.datetime(2022, 5, 10, 9, 0, tzinfo=VN)
FIRST, LAST = dt.date(2022, 5, 1), dt.date(2022, 5, 10)
READ, POST, BOTH = ("GET", "HEAD"), ("POST",), ("GET", "HEAD", "POST")
_READ = (
    *("reviews", "review", "review_word", "review_json", "review_csv", "review_differences"),
    *("meetings", "meeting", "meeting_set", "agenda_paper", "conclusion", "conclusion_word"),
)
_BOTH = (
    *("draft_review", "return_review", "add_review_line", "edit_review_line", "call_meeting"),
    *("edit_agenda", "mark_attendance", "write_minutes", "edit_conclusion_line"),
)
_POST = (
    *("lock_review", "submit_review", "approve_review", "remove_review_line", "draft_conclusion"),
    *("add_conclusion_line", "remove_conclusion_line", "write_opening", "issue_conclusion"),
)
METHODS: dict[str, tuple[str, ...]] = {
    f"plans:{name}": methods
    for names, methods in ((_READ, READ), (_BOTH, BOTH), (_POST, POST))
    for name in names
}
#: What is asked of a review that the offices read.
_FILES = ("review", "review_word", "review_json", "review_csv", "review_differences")


def _code(state: str) -> str:
    return Review.objects.get(state=state).code


def _line() -> ReviewLine:
    return ReviewLine.objects.filter(review__state="draft", section="praise").order_by("pk")[0]


def _held() -> Meeting:
    return Meeting.objects.get(conclusion__isnull=False)


def _coming() -> Meeting:
    return Meeting.objects.get(conclusion=None)


def _assigned() -> tuple[int, int]:
    line = Conclusion.objects.get().lines.order_by("pk")[0]
    return _held().pk, line.pk


def _at(found: Callable[[], list[Any]]) -> Address:
    return lambda world, state: (found(), "")


ADDRESSES: dict[tuple[str, str], Address] = {
    **{(f"plans:{name}", ""): _at(lambda: [_code("approved")]) for name in _FILES},
    **{(f"plans:{name}", "draft"): _at(lambda: [_code("draft")]) for name in _FILES},
    **{(f"plans:{name}", ""): _at(lambda: [_code("draft")]) for name in ("lock_review", "submit_review")},
    **{
        (f"plans:{name}", "submitted"): _at(lambda: [_code("submitted")])
        for name in ("lock_review", "submit_review")
    },
    **{
        (f"plans:{name}", ""): _at(lambda: [_code("submitted")])
        for name in ("return_review", "approve_review")
    },
    **{
        (f"plans:{name}", "draft"): _at(lambda: [_code("draft")])
        for name in ("return_review", "approve_review")
    },
    ("plans:add_review_line", ""): _at(lambda: [_code("draft"), "praise"]),
    **{
        (f"plans:{name}", ""): _at(lambda: [_code("draft"), _line().pk])
        for name in ("edit_review_line", "remove_review_line")
    },
    **{
        (f"plans:{name}", ""): _at(lambda: [_held().pk])
        for name in (
            *("meeting", "meeting_set", "edit_agenda", "mark_attendance", "write_minutes", "conclusion"),
            *("conclusion_word", "add_conclusion_line", "write_opening", "issue_conclusion"),
        )
    },
    ("plans:agenda_paper", ""): _at(lambda: [AgendaItem.objects.get(file__isnull=False).pk]),
    ("plans:draft_conclusion", ""): _at(lambda: [_coming().pk]),
    **{
        (f"plans:{name}", ""): _at(lambda: list(_assigned()))
        for name in ("edit_conclusion_line", "remove_conclusion_line")
    },
}


def _sent(**content: Any) -> Callable[[World, str], dict[str, Any]]:
    return lambda world, state: dict(content)


def _called(world: World, state: str) -> dict[str, Any]:
    return {
        "title": "Họp thử",
        "day": "11/05/2022",
        "clock": "8:00",
        "place": "Hội trường",
        "offices": [str(world.offices["bureau"].pk)],
    }


def _marked(world: World, state: str) -> dict[str, Any]:
    pk = world.offices["bureau"].pk
    return {f"den-{pk}": "vang", f"ten-{pk}": "Cấp phó dự thay"}


CONTENTS: dict[tuple[str, str], Callable[[World, str], dict[str, Any]]] = {
    ("plans:draft_review", ""): _sent(first="01/05/2022", last="09/05/2022", title=""),
    ("plans:return_review", ""): _sent(reason="Thiếu nguyên nhân"),
    ("plans:approve_review", ""): _sent(number="16/BC-BCĐ"),
    ("plans:approve_review", "draft"): _sent(number="16/BC-BCĐ"),
    ("plans:return_review", "draft"): _sent(reason="Thiếu nguyên nhân"),
    ("plans:add_review_line", ""): _sent(text="Khen Sở Giáo dục", cause=""),
    ("plans:edit_review_line", ""): _sent(text="Khen Sở Tài chính", cause=""),
    ("plans:call_meeting", ""): _called,
    ("plans:edit_agenda", ""): _sent(**{"viec-1": "Khai mạc", "phut-1": "10"}),
    ("plans:mark_attendance", ""): _marked,
    ("plans:write_minutes", ""): _sent(text="Đã họp."),
    ("plans:add_conclusion_line", ""): _sent(text="Việc mới", lead="Sở Tài chính", due="31/05/2022"),
    ("plans:edit_conclusion_line", ""): _sent(text="Việc sửa", lead="Sở Tài chính", due="31/05/2022"),
    ("plans:write_opening", ""): _sent(text="Sáng nay kết luận:"),
    ("plans:issue_conclusion", ""): _sent(number="62/TB-BCĐ"),
}
_INVITED = ("steerers", "doers")
READERS: dict[str, tuple[str, ...]] = {
    "plans.Review.title": ("inside",),
    "plans.Review.number": ("inside",),
    "plans.ReviewLine.text": ("inside",),
    "plans.ReviewLine.cause": ("inside",),
    "plans.ReviewLine.product": ("steerers",),
    "plans.ReviewFigure.label": ("steerers",),
    "plans.ReviewFigure.note": ("steerers",),
    "plans.ReviewFigure.source": ("steerers",),
    "plans.ReviewFigure.formula": ("steerers",),
    "plans.Meeting.title": _INVITED,
    "plans.Meeting.place": _INVITED,
    "plans.Meeting.minutes": _INVITED,
    "plans.AgendaItem.text": _INVITED,
    "plans.AgendaItem.speaker": _INVITED,
    "plans.AgendaItem.file_name": _INVITED,
    "plans.Attendance.name": _INVITED,
    "plans.Attendance.note": _INVITED,
    "plans.Conclusion.opening": ("steerers",),
    "plans.Conclusion.number": ("steerers",),
    "plans.ConclusionLine.text": ("steerers",),
    "plans.ConclusionLine.product": ("steerers",),
}
_OWN_CODE = "a code of the software's own, not a word of anybody's"
NOT_PLANTED: dict[str, str] = dict.fromkeys(
    (
        *("plans.Review.code", "plans.Review.state", "plans.Review.figures_hash"),
        *("plans.ReviewFigure.key", "plans.ReviewFigure.group", "plans.ReviewFigure.unit"),
        *("plans.ReviewFigure.url", "plans.ReviewLine.section", "plans.ReviewLine.about"),
        *("plans.ReviewLine.figures", "plans.ConclusionLine.partners"),
    ),
    _OWN_CODE,
)
WRITTEN_ONCE: tuple[str, ...] = ("plans.ReviewFigure",)


def add(world: World) -> None:
    """Let there be a review of each state, a meeting with the draft of its conclusion, and one without."""
    who, bureau = world.actors, world.offices["bureau"]
    secretary, chair = who["secretary"], who["chair"]
    drafted = [draft_review(by=secretary, at=NINE, first=FIRST, last=LAST) for _ in range(3)]
    for one in drafted[1:]:
        submit_review(by=secretary, at=NINE, code=one.code)
    approve_review(by=chair, at=NINE, code=drafted[2].code, number="15/BC-BCĐ")
    add_review_line(by=secretary, at=NINE, code=drafted[0].code, section="praise", words=Words("Khen Sở A"))
    call: dict[str, Any] = {"by": secretary, "at": NINE, "place": "Hội trường", "offices": [bureau.pk]}
    held = call_meeting(**call, title="Hội nghị sơ kết", starts_at=NINE, review=drafted[2].code)
    call_meeting(**call, title="Hội nghị sau", starts_at=NINE + dt.timedelta(days=1))
    paper = Upload(world.paper_file, "so-lieu.pdf", "", was_photo=False)
    points = [Point("Khai mạc", "Thư ký", 10), Point("Số liệu", "Sở Tài chính", 20, upload=paper)]
    edit_agenda(by=secretary, at=NINE, meeting=held.pk, points=points)
    here = Mark(bureau.pk, came=True, name="Nguyễn Điển Hình", is_head=True, note="Đến đúng giờ")
    mark_attendance(by=secretary, at=NINE, meeting=held.pk, marks=[here])
    write_minutes(by=secretary, at=NINE, meeting=held.pk, text="Đã nghe báo cáo.")
    conclusion = draft_conclusion(by=secretary, at=NINE, meeting=held.pk)
    said = Assignment("Tập huấn", bureau.pk, (), dt.date(2022, 6, 30), "Danh sách")
    save_conclusion_line(by=secretary, at=NINE, conclusion=conclusion.pk, said=said)


def plant(world: World, word: Callable[[str], str]) -> None:
    """Write a figure with words in it into the draft."""
    words = {name: word(f"plans.ReviewFigure.{name}") for name in ("label", "note", "source", "formula")}
    ReviewFigure.objects.create(
        review=Review.objects.get(state="draft"),
        ordinal=900,
        key="target:thu",
        group="chi-tieu",
        unit="percent",
        counted_at=NINE,
        **words,
    )


def lines() -> tuple[Line, ...]:
    """Return the lines of the table."""
    from tests.authorisation.matrix import (  # noqa: PLC0415 - the table asks its parts while it is being made
        ALL_SIGN_IN,
        DONE,
        PAGE,
        Line,
        these,
    )
    from tests.authorisation.world import AT_THE_DESK, STEERED, STEERERS_OF_ALL  # noqa: PLC0415 - the same

    def only(roles: tuple[str, ...], outcome: str) -> dict[str, Any]:
        return {**ALL_SIGN_IN, **these(roles, outcome)}

    secretary, chair, both = ("secretary",), ("chair",), ("chair", "secretary")
    inside, oversees = only(AT_THE_DESK, PAGE), only(STEERERS_OF_ALL, PAGE)
    invited = only((*STEERERS_OF_ALL, *STEERED), PAGE)
    return (
        *(Line(f"plans:{name}", "GET", inside) for name in ("reviews", "meetings", *_FILES)),
        *(Line(f"plans:{name}", "GET", oversees, case="draft") for name in _FILES),
        *(Line(f"plans:{name}", "GET", invited) for name in ("meeting", "meeting_set", "agenda_paper")),
        *(Line(f"plans:{name}", "GET", oversees) for name in ("conclusion", "conclusion_word")),
        *(
            Line(f"plans:{name}", method, only(secretary, outcome))
            for name in (
                *("draft_review", "add_review_line", "edit_review_line", "call_meeting"),
                *("edit_agenda", "mark_attendance", "write_minutes"),
            )
            for method, outcome in (("GET", PAGE), ("POST", DONE))
        ),
        *(
            Line(f"plans:{name}", "POST", only(secretary, DONE))
            for name in ("lock_review", "submit_review", "remove_review_line")
        ),
        *(
            Line(f"plans:{name}", "POST", ALL_SIGN_IN, case="submitted")
            for name in ("lock_review", "submit_review")
        ),
        Line("plans:return_review", "GET", only(chair, PAGE)),
        Line("plans:return_review", "POST", only(chair, DONE)),
        Line("plans:approve_review", "POST", only(chair, DONE)),
        Line("plans:return_review", "POST", ALL_SIGN_IN, case="draft"),
        Line("plans:approve_review", "POST", ALL_SIGN_IN, case="draft"),
        Line("plans:edit_conclusion_line", "GET", only(both, PAGE)),
        *(
            Line(f"plans:{name}", "POST", only(both, DONE))
            for name in (
                *("draft_conclusion", "add_conclusion_line", "edit_conclusion_line"),
                *("remove_conclusion_line", "write_opening"),
            )
        ),
        Line("plans:issue_conclusion", "POST", only(chair, DONE)),
    )
