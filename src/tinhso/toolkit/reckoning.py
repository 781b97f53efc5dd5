"""Say the steps of a reckoning of days: whole sentences for people, and their rows in the ledger."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from tinhso.toolkit import words
from tinhso.toolkit.day_thread import duration_text, rest_text
from tinhso.toolkit.working_time import WorkingCalendar

ReasonKind = Literal["start", "limit", "rest", "makeup", "result", "pause", "moved", "provisional"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the reckoning.

    `text` is a whole sentence; `term`, `value` and `note` are its row in the ledger, where it has one.
    """

    kind: ReasonKind
    text: str
    term: str = ""
    value: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line of the addition that anybody can redo."""

    term: str
    value: str
    note: str
    is_total: bool = False


def row(reason: Reason) -> LedgerRow:
    """Return the reason's row in the ledger."""
    return LedgerRow(reason.term, reason.value, reason.note)


def moment(at: datetime) -> str:
    """Return 14 giờ 52 thứ Tư, 27/04/2022."""
    return f"{words.clock_text(at)} {words.weekday_date(at)}"


def day_and_month(day: date) -> str:
    """Return thứ Tư, 27/04."""
    return f"{words.weekday(day)}, {day:%d/%m}"


def then(part: timedelta) -> str:
    """Say the hours that follow whole days, or nothing."""
    return f" và thêm {duration_text(part)} làm việc" if part else ""


def start_by_the_day(accepted: datetime, first: date, counted: str, first_day_counts: bool) -> Reason:
    """Say when it was accepted and which day is counted first."""
    rule = "ngày tiếp nhận không tính (Bộ luật Dân sự, Điều 147)"
    if first_day_counts:
        rule, counted = "ngày tiếp nhận được tính", "chính ngày tiếp nhận"
    note = f"Nhận lúc {words.clock_text(accepted)} {day_and_month(accepted)}; đếm từ {counted}"
    return Reason(
        "start", f"Tiếp nhận lúc {moment(accepted)}; {rule}.", "Bắt đầu đếm", day_and_month(first), note
    )


def start_by_the_hour(accepted: datetime, start: datetime, counted: str) -> Reason:
    """Say when it was accepted and from which working moment the hours count."""
    value = f"{words.clock_text(start)} {day_and_month(start)}"
    if start == accepted:
        text = f"Tiếp nhận lúc {moment(accepted)}; {counted}."
        return Reason("start", text, "Bắt đầu đếm", value, "Đếm từ lúc tiếp nhận")
    text = f"Tiếp nhận lúc {moment(accepted)}, ngoài giờ làm việc; tính từ {moment(start)}."
    note = f"Nhận lúc {words.clock_text(accepted)} {day_and_month(accepted)}, ngoài giờ làm việc"
    return Reason("start", text, "Bắt đầu đếm", value, note)


def rest(calendar: WorkingCalendar, first: date, last: date) -> list[Reason]:
    """Name the days that are not counted, and the weekend days that are."""
    days, named = rest_text(calendar, first, last)
    said = f"{days} ngày nghỉ: {named}" if "nghỉ" in named else named
    reasons = [Reason("rest", f"Không đếm {said}.")] if days else []
    for day in calendar.working_weekend_days(first, last):
        said = words.weekday_date(day)
        text = f"{said[:1].upper()}{said[1:]} là ngày làm bù nên vẫn đếm."
        reasons.append(Reason("makeup", text, "Làm bù, có đếm", day_and_month(day)))
    return reasons


def moves_off_rest(day: date, calendar: WorkingCalendar) -> Reason:
    """Say that the last day is a day of rest, so that the next working day takes its place."""
    label = calendar.label_of(day)
    said = words.weekday_date(day) + (f", {label}" if label.startswith("nghỉ") else ", ngày nghỉ")
    return Reason(
        "rest",
        f"Ngày cuối là {said}, nên lùi đến ngày làm việc kế tiếp (Bộ luật Dân sự, Điều 148).",
        "Ngày cuối là ngày nghỉ",
        day_and_month(day),
        "Lùi đến ngày làm việc kế tiếp",
    )


def result(end: datetime, why: str, what: str = "Hẹn trả") -> Reason:
    """Say the due moment without pauses."""
    return Reason("result", f"{what} lúc {moment(end)}: {why}.")


def pause(begins: datetime, ends: datetime, length: str) -> Reason:
    """Say a pause and how much of it is not counted."""
    text = f"Tạm dừng chờ bổ sung từ {moment(begins)} đến {moment(ends)}: {length} không tính."
    note = (
        f"Chờ bổ sung từ {words.clock_text(begins)} {begins:%d/%m} đến {words.clock_text(ends)} {ends:%d/%m}"
    )
    return Reason("pause", text, "Tạm dừng, không đếm", length, note)


def pause_lasts(begins: datetime) -> Reason:
    """Say that the supplement has not come yet."""
    text = f"Đang tạm dừng chờ bổ sung từ {moment(begins)}; có bổ sung thì tính lại ngày hẹn."
    note = f"Chờ bổ sung từ {words.clock_text(begins)} {begins:%d/%m}"
    return Reason("pause", text, "Tạm dừng, không đếm", "chưa xong", note)


def pause_too_late(begins: datetime) -> Reason:
    """Say that a pause changes nothing because the due moment had come."""
    return Reason("pause", f"Yêu cầu bổ sung lúc {moment(begins)}, khi đã đến hạn, nên ngày hẹn không đổi.")


def moved(original: datetime, at: datetime) -> Reason:
    """Say the due moment after the pauses, and the original one."""
    return Reason("moved", f"Ngày hẹn dời đến {moment(at)}; hẹn ban đầu là {moment(original)}.")


def unsure(first: datetime, last: datetime, calendar: WorkingCalendar) -> list[Reason]:
    """Say what is not sure about the days off between two moments."""
    said = [
        f"Lịch nghỉ năm {year} là tạm tính theo Bộ luật Lao động, vì chưa có quyết định của năm."
        for year in range(first.year, last.year + 1)
        if calendar.is_provisional(year)
    ]
    for day, works in calendar.unsure_days(first.date(), last.date()):
        counted = "vẫn đếm là ngày làm việc" if works else "tính là ngày nghỉ"
        said.append(f"Ngày {words.date_text(day)} {counted}; việc này chưa kiểm chứng.")
    return [Reason("provisional", text) for text in said]
