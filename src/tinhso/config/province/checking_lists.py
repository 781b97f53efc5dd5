"""Check the calendar, the procedures and the levels of a province's folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from tinhso.catalogue.queries.catalogue import NEW_SYSTEM_FROM
from tinhso.config.province.merging import Whole, check_spans, grouped
from tinhso.config.province.tables import CALENDAR, LEVELS, PROCEDURES, Folder, Row
from tinhso.toolkit.words import weekday
from tinhso.toolkit.working_time import (
    OPEN_QUESTION,
    WORKING_SATURDAY,
    CalendarContradiction,
    calendar_from_rows,
)

_SATURDAY: Final = 5


def check_calendar(folder: Folder) -> None:
    """Note days that make no sense on their weekday."""
    fits = []
    for row in folder.of(CALENDAR):
        if not row.has("ngay", "loai"):
            continue
        is_weekend = row["ngay"].weekday() >= _SATURDAY
        if row["loai"] == WORKING_SATURDAY and not is_weekend:
            said = f"là {weekday(row['ngay'])}, ngày làm việc sẵn, không cần làm bù."
            folder.refuse(CALENDAR, row, "ngay", said, "Ghi thứ Bảy hoặc Chủ nhật.")
        elif row["loai"] not in (WORKING_SATURDAY, OPEN_QUESTION) and is_weekend:
            said = f"là {weekday(row['ngay'])}, vốn đã nghỉ."
            folder.refuse(CALENDAR, row, "ngay", said, "Ghi ngày nghỉ bù trong tuần.")
        else:
            fits.append(row)
    days = {row["ngay"]: row for row in fits}
    try:
        calendar_from_rows(
            {
                "date": row["ngay"],
                "kind": row["loai"],
                "source": row["nguon"] or "",
                "confirmed": row["do_chac"] or "seen",
            }
            for row in days.values()
        )
    except CalendarContradiction as contradiction:
        folder.refuse(CALENDAR, Row(0, {}), "ngay", str(contradiction), "Sửa lại các ngày ấy.")


def check_procedures(folder: Folder, sheets: Mapping[str, dt.date]) -> None:
    """Note procedures of which there is no sheet, and sheets that begin on another day than the file says."""
    for row in folder.of(PROCEDURES):
        code = row["ma"]
        if code is None:
            continue
        if code not in sheets:
            said = "Hệ thống chưa có tờ thủ tục mã này."
            fix = "Nhập tờ bằng tinhso import-procedures và publish-procedures, hoặc sửa mã."
            folder.refuse(PROCEDURES, row, "ma", said, fix)
        elif row["tu_ngay"] and row["tu_ngay"] != sheets[code]:
            said = f"Tờ trong phần mềm có hiệu lực từ {sheets[code]:%d/%m/%Y}, và được dùng như thế."
            fix = "Nội dung tờ không đi theo thư mục: soạn bản mới ở trang Danh mục."
            folder.warn(PROCEDURES, row, "tu_ngay", said, fix)


def check_levels(whole: Whole) -> None:
    """Note levels of unknown procedures, levels on the same day, and decisions that are not whole."""
    folder = whole.folder
    known = {row["ma"] for row in whole.rows(PROCEDURES)}
    for row in folder.of(LEVELS):
        if row.has("ma") and folder.lacks(PROCEDURES, row["ma"], known):
            folder.refuse(
                LEVELS, row, "ma", "không có trong thu-tuc.csv.", "Thêm mã ấy vào thu-tuc.csv, hoặc sửa mã."
            )
        _system(folder, row)
        _decision(folder, row)
    fresh = {row["ma"] for row in folder.of(PROCEDURES)} - {key[0] for key in whole.there[PROCEDURES.file]}
    rows = [row for row in whole.rows(LEVELS) if row.line or row["ma"] not in fresh]
    groups = grouped(
        rows, lambda row: (row["ma"], row["he_thong"]) if row["ma"] and row["he_thong"] else None
    )
    said = "Thủ tục còn một mức độ khác ở {where} khi dòng này bắt đầu."
    fix = "Ghi den_ngay cho dòng ấy; dòng chỉ có trong hệ thống thì xuất tỉnh ra để lấy."
    check_spans(folder, LEVELS, groups.values(), said, fix)


def _system(folder: Folder, row: Row) -> None:
    if not row.has("he_thong", "muc_do", "tu_ngay"):
        return
    if row["he_thong"] == "2022" and row["muc_do"] == "1":
        said = "không có trong hệ thống mức độ 2022."
        folder.refuse(LEVELS, row, "muc_do", said, "Ghi 2 (thông tin), 3 (một phần) hoặc 4 (toàn trình).")
    if row["he_thong"] == "2022" and row["tu_ngay"] < NEW_SYSTEM_FROM:
        said = f"trước {NEW_SYSTEM_FROM:%d/%m/%Y}, khi hệ thống mức độ 2022 bắt đầu."
        folder.refuse(LEVELS, row, "tu_ngay", said, "Sửa ngày, hoặc ghi hệ thống 2011.")


def _decision(folder: Folder, row: Row) -> None:
    """Check that a level decided in the office has number, day and reason, and holds from that day on."""
    if not row.has("so_quyet_dinh", "ngay_quyet_dinh", "ly_do", "tu_ngay"):
        return
    number, day = row["so_quyet_dinh"], row["ngay_quyet_dinh"]
    if (number is None) != (day is None):
        name = "so_quyet_dinh" if number is None else "ngay_quyet_dinh"
        folder.refuse(
            LEVELS, row, name, "Quyết định cần cả số và ngày.", "Điền cả hai, hoặc để trống cả hai."
        )
    elif day is not None and row["ly_do"] is None:
        folder.refuse(LEVELS, row, "ly_do", "Mức độ theo quyết định cần lý do.", "Ghi lý do.")
    elif day is not None and day > row["tu_ngay"]:
        folder.refuse(LEVELS, row, "tu_ngay", "trước ngày ký quyết định.", "Xem lại hai ngày.")
