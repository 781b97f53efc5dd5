# ruff: noqa: E501 - a life is one line of a table
"""Forty-five awkward lives of dossiers, and what each is in April 2022 by each formula, counted by hand.

Moments are of 2022. ``out`` means that the period does not touch the dossier.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tinhso.dossiers.tests.factories import write_life
from tinhso.toolkit.clock import VN


def moment(said: str) -> dt.datetime:
    """Return a moment written as 04-12 17:00."""
    return dt.datetime.strptime(f"2022-{said}", "%Y-%m-%d %H:%M").replace(tzinfo=VN)


@dataclass(frozen=True)
class Life:
    """One life: what is special, its moments, and its outcome by strict, national and reported.

    ``moves``: (recorded at, new due moment, cause). ``corrected``: (recorded at, the end as it stood before).
    ``groups``: the group under each formula, in the same order.
    """

    what: str
    outcomes: tuple[str, str, str]
    groups: tuple[str, str, str]
    accepted: str = "04-04 08:00"
    due: str = "04-12 17:00"
    ended: str = ""
    how: str = "issued"
    pauses: tuple[tuple[str, str], ...] = ()
    moves: tuple[tuple[str, str, str], ...] = ()
    corrected: tuple[str, str] | None = None


OUT = ("out",) * 3
ON_TIME, LATE = ("on_time",) * 3, ("late",) * 3
EARLY, IN_TIME, LATE_ENDED = ("early",) * 3, ("on_time",) * 3, ("late",) * 3
RUNNING, RUNNING_LATE = ("running_in_time",) * 3, ("running_late",) * 3
LATE_STILL = ("late", "late", "running_late")
NOT_YET = ("not_yet_due", "on_time", "running_in_time")
OTHERWISE_FIRST = ("ended_otherwise", "on_time", "ended_otherwise")
ONE_PAUSE = (("04-06 08:00", "04-07 08:00"),)
TWO_PAUSES = (("04-05 08:00", "04-06 08:00"), ("04-07 08:00", "04-08 08:00"))
MOVED_A_DAY = (("04-07 08:00", "04-13 17:00", "pause"),)

LIVES = (
    Life("xong trước một ngày", ON_TIME, EARLY, ended="04-08 10:00"),
    Life("xong trong ngày hẹn", ON_TIME, IN_TIME, ended="04-12 16:00"),
    Life("xong đúng phút hẹn", ON_TIME, IN_TIME, ended="04-12 17:00"),
    Life("trễ một phút", LATE, LATE_ENDED, ended="04-12 17:01"),
    Life("trễ một ngày", LATE, LATE_ENDED, ended="04-13 08:00"),
    Life("xong vào Chủ nhật, trước hẹn", ON_TIME, EARLY, ended="04-10 09:00"),
    Life("xong vào Chủ nhật, sau hẹn", LATE, LATE_ENDED, ended="04-17 09:00"),
    Life("không có hạn, đã xong", ("no_due_date", "on_time", "no_due_date"), OTHERWISE_FIRST, due="", ended="04-06 09:00"),
    Life("không có hạn, đang chạy", ("no_due_date", "on_time", "running_in_time"), RUNNING, due=""),
    Life("không có hạn, rút", ("no_due_date", "on_time", "withdrawn"), OTHERWISE_FIRST, due="", ended="04-06 09:00", how="withdrawn"),
    Life("rút trước hẹn", ("withdrawn", "on_time", "withdrawn"), ("ended_otherwise", "early", "ended_otherwise"), ended="04-08 09:00", how="withdrawn"),
    Life("rút sau hẹn", ("withdrawn", "late", "withdrawn"), ("ended_otherwise", "late", "ended_otherwise"), ended="04-14 09:00", how="withdrawn"),
    Life("từ chối sau khi tiếp nhận, trước hẹn", ON_TIME, EARLY, ended="04-11 09:00", how="rejected"),
    Life("từ chối sau khi tiếp nhận, sau hẹn", LATE, LATE_ENDED, ended="04-13 09:00", how="rejected"),
    Life("đang chạy, chưa đến hẹn", NOT_YET, RUNNING, due="05-06 17:00"),
    Life("đang chạy, quá hẹn", LATE_STILL, RUNNING_LATE),
    Life("đang chạy, hẹn đúng ngày cuối kỳ", LATE_STILL, RUNNING_LATE, due="04-30 17:00"),
    Life("đang chạy, hẹn sáng sau kỳ", NOT_YET, RUNNING, due="05-01 08:00"),
    Life("chờ bổ sung một lần, xong trước hẹn đầu", ON_TIME, ("on_time", "early", "early"), pauses=ONE_PAUSE, moves=MOVED_A_DAY, ended="04-12 10:00"),
    Life("chờ bổ sung một lần, xong giữa hai hẹn", ("late", "on_time", "on_time"), ("late", "on_time", "on_time"), pauses=ONE_PAUSE, moves=MOVED_A_DAY, ended="04-13 16:00"),
    Life("chờ bổ sung một lần, xong sau hẹn mới", LATE, LATE_ENDED, pauses=ONE_PAUSE, moves=MOVED_A_DAY, ended="04-14 08:00"),
    Life("bổ sung hai lần, trong hẹn mới", ("late", "late", "on_time"), ("late", "late", "early"), pauses=TWO_PAUSES, moves=(("04-06 08:00", "04-13 17:00", "pause"), ("04-08 08:00", "04-15 17:00", "pause")), ended="04-14 10:00"),
    Life("bổ sung hai lần, trước cả hẹn đầu", ("on_time", "late", "on_time"), ("early", "late", "early"), pauses=TWO_PAUSES, moves=(("04-06 08:00", "04-13 17:00", "pause"), ("04-08 08:00", "04-15 17:00", "pause")), ended="04-11 10:00"),
    Life("đang chờ dân, hỏi trước hẹn", ("late", "on_time", "waiting"), ("running_late", "running_in_time", "running_in_time"), pauses=(("04-08 08:00", ""),)),
    Life("đang chờ dân, hỏi sau hẹn", ("late", "late", "waiting"), ("running_late", "running_late", "running_in_time"), pauses=(("04-14 08:00", ""),)),
    Life("đang chờ dân, chưa đến hẹn", ("not_yet_due", "on_time", "waiting"), RUNNING, due="05-06 17:00", pauses=(("04-14 08:00", ""),)),
    Life("chờ qua cuối kỳ, bổ sung sau", ("late", "on_time", "waiting"), ("running_late", "running_in_time", "running_in_time"), pauses=(("04-08 08:00", "05-03 08:00"),), moves=(("05-03 08:00", "05-06 17:00", "pause"),)),
    Life("đang chờ dân lần thứ hai", ("late", "late", "waiting"), ("running_late", "running_late", "running_in_time"), pauses=(("04-05 08:00", "04-06 08:00"), ("04-08 08:00", "")), moves=(("04-06 08:00", "04-13 17:00", "pause"),)),
    Life("gia hạn, xong trong hẹn mới", ("late", "on_time", "on_time"), ("late", "early", "early"), moves=(("04-11 09:00", "04-20 17:00", "extension"),), ended="04-15 10:00"),
    Life("gia hạn, xong sau hẹn mới", LATE, LATE_ENDED, moves=(("04-11 09:00", "04-20 17:00", "extension"),), ended="04-21 10:00"),
    Life("gia hạn khi đã quá hẹn", ("late", "on_time", "on_time"), ("late", "early", "early"), moves=(("04-14 09:00", "04-20 17:00", "extension"),), ended="04-19 10:00"),
    Life("gia hạn qua cuối kỳ, đang chạy", ("late", "on_time", "running_in_time"), ("running_late", "running_in_time", "running_in_time"), moves=(("04-11 09:00", "05-10 17:00", "extension"),)),
    Life("gia hạn sau kỳ", LATE_STILL, RUNNING_LATE, moves=(("05-02 09:00", "05-20 17:00", "extension"),)),
    Life("từ kỳ trước, xong trong kỳ", ON_TIME, EARLY, accepted="03-28 08:00", due="04-05 17:00", ended="04-04 10:00"),
    Life("xong trong kỳ trước", OUT, OUT, accepted="03-21 08:00", due="03-30 17:00", ended="03-29 10:00"),
    Life("từ kỳ trước, xong sau kỳ", LATE_STILL, RUNNING_LATE, accepted="03-28 08:00", ended="05-05 10:00"),
    Life("tiếp nhận sau kỳ", OUT, OUT, accepted="05-02 08:00", due="05-06 17:00", ended="05-04 08:00"),
    Life("xong đúng nửa đêm cuối kỳ", NOT_YET, RUNNING, due="05-02 17:00", ended="05-01 00:00"),
    Life("tiếp nhận và xong đúng lúc kỳ bắt đầu", ON_TIME, EARLY, accepted="04-01 00:00", due="04-02 17:00", ended="04-01 00:00"),
    Life("xong một phút trước kỳ", OUT, OUT, accepted="03-28 08:00", due="04-05 17:00", ended="03-31 23:59"),
    Life("rút khi đang chờ bổ sung", ("withdrawn", "on_time", "withdrawn"), ("ended_otherwise", "early", "ended_otherwise"), pauses=(("04-07 08:00", "04-11 09:00"),), ended="04-11 09:00", how="withdrawn"),
    Life("thủ tục làm trong ngày", ON_TIME, IN_TIME, due="04-04 17:00", ended="04-04 16:59"),
    Life("có kết quả đúng hẹn, dân nhận muộn", ON_TIME, IN_TIME, ended="04-12 16:00", how="handed_over"),
    Life("ghi nhầm ngày xong, đã đính chính", ON_TIME, IN_TIME, ended="04-12 16:30", corrected=("05-03 09:00", "04-13 08:00")),
    Life("ghi nhầm trong kỳ, thật ra xong sau kỳ", NOT_YET, RUNNING, due="05-10 17:00", ended="05-02 09:00", corrected=("05-04 09:00", "04-29 09:00")),
)  # fmt: skip
#: What the two corrected lives were before anybody corrected them.
BEFORE_CORRECTIONS = {
    "ghi nhầm ngày xong, đã đính chính": LATE,
    "ghi nhầm trong kỳ, thật ra xong sau kỳ": ON_TIME,
}


def live(template_pk: int, lives: tuple[Life, ...] = LIVES) -> dict[str, Life]:
    """Write the lives down as dossiers like one that is there; return them by number."""
    told: dict[str, Life] = {}
    for n, one in enumerate(lives, 1):
        number = f"L-{n:04}"
        write_life(
            template_pk,
            number,
            accepted=moment(one.accepted),
            due=moment(one.due) if one.due else None,
            ended=moment(one.ended) if one.ended else None,
            how=one.how,
            pauses=[(moment(since), moment(to) if to else None) for since, to in one.pauses],
            moves=[(moment(at), moment(new), cause) for at, new, cause in one.moves],
            corrected=(moment(one.corrected[0]), moment(one.corrected[1])) if one.corrected else None,
        )
        told[number] = one
    return told
