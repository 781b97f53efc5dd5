"""What a review says by itself: facts in, sentences out, each with the figures that it rests on. Pure.

A cause is told only where the data tell it (the blocker that the lead reported, the channel that dossiers came by); where
they do not, the sentence says so and somebody writes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from tinhso.plans.rules.reviews import figure_text, plain_text
from tinhso.toolkit.words import date_text, number

LATE, LIMITS, NEXT, RECOMMENDATIONS, PRAISE = "late", "limits", "next", "recommendations", "praise"
SECTIONS: Final = (LATE, LIMITS, NEXT, RECOMMENDATIONS, PRAISE)
NO_CAUSE: Final = "Chưa ghi nguyên nhân: hỏi cơ quan chủ trì."
_LONGEST_TEXT, _LONGEST_CAUSE = 1500, 1000
_THOUSAND: Final = 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a draft says (``data/review_figures.json``): lines, offices named, cases, tasks, days."""

    lines: int
    named: int
    fewest_cases: int
    fewest_tasks: int
    coming_days: int

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Limits:
        """Read the limits of the data file."""
        return cls(**{name: int(said[name]) for name in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class OfTarget:
    """A target as it stands. ``left`` None: it is not counted in pieces. ``blockers``: where its tasks hang."""

    pk: int
    name: str
    light: str
    figure: str
    unit: str
    value: Decimal | None
    needed: Decimal | None
    year_value: Decimal | None
    year_end: dt.date | None
    left: Decimal | None = None
    whole: Decimal | None = None
    office_id: int | None = None
    blockers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfTask:
    """A task that is late or soon due. ``days``: working days late, 0 where it is not."""

    pk: int
    title: str
    office_id: int
    office: str
    due: dt.date
    days: int = 0
    blocker: str = ""
    reminded: int = 0
    product: str = ""


@dataclass(frozen=True, slots=True)
class OfOffice:
    """How an office did: late cases or tasks of how many."""

    name: str
    late: int
    whole: int
    pk: int = 0


@dataclass(frozen=True, slots=True)
class OfWindow:
    """A registration window. ``owing``: the offices that have not registered; ``office_id``: the one office, if it is one."""

    name: str
    figure: str
    deadline: dt.date
    is_over: bool
    offices: int
    owing: tuple[str, ...]
    office_id: int | None = None
    office: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a draft is written from."""

    on: dt.date
    late: Sequence[OfTask] = ()
    coming: Sequence[OfTask] = ()
    targets: Sequence[OfTarget] = ()
    windows: Sequence[OfWindow] = ()
    late_cases: Sequence[OfOffice] = ()
    late_figure: str = "on_time_strict"
    postponed: int = 0
    unused: int = 0
    counter_only: int = 0
    findings_overdue: int = 0
    security_share: Decimal | None = None
    security_norm: Decimal | None = None
    ways_differ: Decimal | None = None
    unsigned: int = 0
    done_on_time: Sequence[OfOffice] = ()
    registered_early: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line of a draft; ``figures`` are keys. For ``next``: who leads, until when, what comes out.

    ``about``: the record it speaks of, or ``rule:<which>`` where a rule sums up; the same at every lock.
    """

    section: str
    text: str
    cause: str = ""
    figures: tuple[str, ...] = ()
    about: str = ""
    lead_id: int | None = None
    due: dt.date | None = None
    product: str = field(default="")

    def fitting(self) -> DraftLine:
        """Return the line within the lengths that are kept."""
        return DraftLine(
            self.section,
            _short(self.text, _LONGEST_TEXT),
            _short(self.cause, _LONGEST_CAUSE),
            self.figures,
            self.about,
            self.lead_id,
            self.due,
            _short(self.product, 500),
        )


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def draft(facts: Facts, limits: Limits) -> list[DraftLine]:
    """Return every line of a draft, section by section, each section at most as long as the limits say.

    The late tasks are all told, however many.
    """
    told = {
        LATE: list(_late(facts)),
        LIMITS: list(_limits(facts, limits))[: limits.lines],
        NEXT: list(_next(facts, limits)),
        RECOMMENDATIONS: list(_recommendations(facts, limits))[: limits.lines],
        PRAISE: list(_praise(facts, limits))[: limits.lines],
    }
    return [line.fitting() for section in SECTIONS for line in told[section]]


def _late(facts: Facts) -> Iterator[DraftLine]:
    for task in sorted(facts.late, key=lambda one: (-one.days, one.due, one.pk)):
        yield DraftLine(
            LATE,
            task.title,
            task.blocker,
            ("tasks_overdue",),
            f"task:{task.pk}",
            task.office_id,
            task.due,
            task.product,
        )


def _limits(facts: Facts, limits: Limits) -> Iterator[DraftLine]:
    for target in facts.targets:
        if target.light == "very_slow":
            yield DraftLine(
                LIMITS,
                f"{target.name} chậm nhiều: {_stands(target)}.",
                _causes(target.blockers),
                (target.figure,),
                f"target:{target.pk}",
            )
    yield from _cases(facts, limits)
    if without := facts.unused + facts.counter_only:
        ways = [
            f"{number(facts.unused)} dịch vụ không có hồ sơ ở kênh nào" if facts.unused else "",
            f"{number(facts.counter_only)} dịch vụ vẫn chỉ nộp tại quầy" if facts.counter_only else "",
        ]
        yield DraftLine(
            LIMITS,
            f"Dịch vụ trực tuyến chưa có hồ sơ nào nộp qua mạng: {number(without)} dịch vụ.",
            _causes(ways),
            ("services_with_dossiers",),
            "rule:without-dossiers",
        )
    if facts.late:
        longest = max(facts.late, key=lambda one: one.days)
        yield DraftLine(
            LIMITS,
            f"Nhiệm vụ quá hạn: {number(len(facts.late))} nhiệm vụ, lâu nhất {number(longest.days)} ngày làm việc"
            f" ở {longest.office}.",
            _causes([one.blocker for one in sorted(facts.late, key=lambda one: -one.days)], limits.named),
            ("tasks_overdue",),
            "rule:late-tasks",
        )
    for window in facts.windows:
        if window.is_over and window.owing:
            yield DraftLine(
                LIMITS,
                f"Chưa đăng ký “{window.name}” dù đã quá hạn {date_text(window.deadline)}:"
                f" {number(len(window.owing))} trên {number(window.offices)} cơ quan.",
                _listed(window.owing, limits.named),
                (window.figure,),
                window.figure,
            )
    if facts.findings_overdue:
        yield DraftLine(
            LIMITS,
            f"Kiến nghị sau kiểm tra quá hạn khắc phục: {number(facts.findings_overdue)} kiến nghị.",
            NO_CAUSE,
            ("findings_closed",),
            "rule:late-findings",
        )
    if facts.unsigned:
        yield DraftLine(
            LIMITS,
            f"Chữ ký số chưa đủ theo sổ chứng thư: {number(facts.unsigned)} cơ quan chưa có cả chứng thư người ký"
            " và con dấu.",
            "Số tự khai và sổ chứng thư khác nhau: xem hai dòng trong bảng kết quả.",
            ("signatures", "signatures_declared"),
            "rule:unsigned",
        )


def _cases(facts: Facts, limits: Limits) -> Iterator[DraftLine]:
    """Tell which office returned most dossiers late, and how many were promised anew."""
    late = sum(one.late for one in facts.late_cases)
    if not late:
        return
    whole = sum(one.whole for one in facts.late_cases)
    enough = [one for one in facts.late_cases if one.whole >= limits.fewest_cases and one.late]
    worst = max(enough, key=lambda one: (one.late / one.whole, one.name), default=None)
    text = f"Trả hồ sơ trễ: {number(late)} trên {number(whole)} hồ sơ, tính theo ngày hẹn đầu tiên."
    if worst:
        rate = round(_THOUSAND * worst.late / worst.whole)
        text += f" {worst.name} trễ {number(rate)} trên 1.000, cao nhất."
    cause = (
        f"{number(facts.postponed)} hồ sơ hẹn lại ngày rồi mới trả, nên theo ngày hẹn mới thì không tính trễ."
        if facts.postponed
        else NO_CAUSE
    )
    figures = (facts.late_figure, "on_time_national") if facts.postponed else (facts.late_figure,)
    yield DraftLine(LIMITS, text, cause, figures, "rule:late-cases")


def _next(facts: Facts, limits: Limits) -> Iterator[DraftLine]:
    for window in sorted(facts.windows, key=lambda one: (one.deadline, one.name)):
        if window.is_over or not window.owing:
            continue
        if window.office_id:
            text = f"{window.office} trình “{window.name}”, trước {date_text(window.deadline)}."
        else:
            text = f"{number(len(window.owing))} cơ quan đăng ký “{window.name}”, trước {date_text(window.deadline)}."
        yield DraftLine(
            NEXT,
            text,
            "",
            (window.figure,),
            window.figure,
            window.office_id,
            window.deadline,
            "Kế hoạch đã ký và đăng ký",
        )
    slow = [one for one in facts.targets if one.light in ("slow", "very_slow") and one.year_value is not None]
    for target in slow[: limits.lines]:
        until = f", trước {date_text(target.year_end)}" if target.year_end else ""
        left = f" (còn {plain_text(target.left)})" if target.left and target.left > 0 else ""
        yield DraftLine(
            NEXT,
            f"Đưa “{target.name}” tới {figure_text(target.year_value, target.unit)}{left}{until}.",
            "",
            (target.figure,),
            f"target:{target.pk}",
            target.office_id,
            target.year_end if target.year_end and target.year_end >= facts.on else None,
            "Báo cáo kết quả kèm bằng chứng",
        )
    for task in list(facts.coming)[: limits.lines]:
        yield DraftLine(
            NEXT,
            f"{task.office} xong “{task.title}”, hạn {date_text(task.due)}.",
            "",
            (),
            f"task:{task.pk}",
            task.office_id,
            task.due,
            task.product,
        )


def _recommendations(facts: Facts, limits: Limits) -> Iterator[DraftLine]:
    if facts.ways_differ:
        yield DraftLine(
            RECOMMENDATIONS,
            "Công bố cả ba cách tính hồ sơ đúng hạn trong mọi báo cáo: cách quốc gia và tính chặt chênh nhau"
            f" {figure_text(facts.ways_differ, 'percent', 2).replace(' %', '')} điểm phần trăm.",
            "",
            ("on_time_reported", "on_time_national", "on_time_strict"),
            "rule:three-ways",
        )
    owing = {name for window in facts.windows if window.is_over for name in window.owing}
    if owing:
        yield DraftLine(
            RECOMMENDATIONS,
            f"Trưởng ban nhắc người đứng đầu {number(len(owing))} cơ quan chưa đăng ký kế hoạch:"
            f" {_listed(sorted(owing), limits.named)}",
            about="rule:owing",
        )
    if (
        facts.security_share is not None
        and facts.security_norm is not None
        and facts.security_share < facts.security_norm
    ):
        yield DraftLine(
            RECOMMENDATIONS,
            f"Sở Tài chính bố trí chi an toàn thông tin đủ {figure_text(facts.security_norm, 'percent')}:"
            f" hiện {figure_text(facts.security_share, 'percent')}.",
            "",
            ("security_share",),
            "rule:security",
        )
    unknown = [one for one in facts.targets if one.light == "unknown"]
    if unknown:
        yield DraftLine(
            RECOMMENDATIONS,
            f"Cơ quan chủ trì gửi số của {number(len(unknown))} chỉ tiêu chưa có số:"
            f" {_listed([one.name for one in unknown], limits.named)}",
            about="rule:unknown-targets",
        )


def _praise(facts: Facts, limits: Limits) -> Iterator[DraftLine]:
    for office in sorted(facts.done_on_time, key=lambda one: (-one.whole, one.name)):
        if office.whole >= limits.fewest_tasks and not office.late:
            yield DraftLine(
                PRAISE,
                f"{office.name}: xong {number(office.whole)} nhiệm vụ, tất cả đúng hạn, không nhiệm vụ nào quá hạn.",
                about=f"office:{office.pk}",
            )
    if facts.registered_early:
        yield DraftLine(
            PRAISE,
            f"Đăng ký kế hoạch đúng hạn, người đứng đầu tự ký: {_listed(facts.registered_early, limits.named)}",
            about="rule:registered",
        )
    whole = [one for one in facts.late_cases if one.whole >= limits.fewest_cases and not one.late]
    if whole:
        best = sorted(whole, key=lambda one: (-one.whole, one.name))
        yield DraftLine(
            PRAISE,
            "Không trả trễ hồ sơ nào, tính theo ngày hẹn đầu tiên: "
            + _listed([f"{one.name} ({number(one.whole)} hồ sơ)" for one in best], limits.named),
            "",
            (facts.late_figure,),
            "rule:none-late",
        )


def _stands(target: OfTarget) -> str:
    parts = []
    if target.left is not None and target.whole and target.left > 0:
        parts.append(f"còn {plain_text(target.left)} trên {plain_text(target.whole)}")
    parts.append(f"mới đạt {figure_text(target.value, target.unit)}")
    if target.needed is not None:
        parts.append(f"lúc này cần {figure_text(target.needed, target.unit)}")
    return ", ".join(parts)


def _causes(blockers: Iterable[str], most: int = 3) -> str:
    found = list(dict.fromkeys(one.strip().rstrip(".") for one in blockers if one.strip()))
    return f"{'; '.join(found[:most])}." if found else NO_CAUSE


def _listed(names: Sequence[str], most: int) -> str:
    more = f" và {number(len(names) - most)} nơi khác" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}."
