"""Check a province's folder as a whole: what one file says must fit what the others say. Nothing is written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tinhso.config.province.checking_certificates import check_certificates
from tinhso.config.province.checking_lists import check_calendar, check_levels, check_procedures
from tinhso.config.province.checking_officers import check_officers
from tinhso.config.province.holding import Held
from tinhso.config.province.merging import Whole, check_spans, until
from tinhso.config.province.tables import OFFICES, PROVINCE, SHEETS, SUCCESSIONS, Folder, Row

_AT_THE_TOP = ("province", "party_body", "mass_organisation")


def check_folder(folder: Folder, there: Held, *, on: dt.date, sheets: Mapping[str, dt.date]) -> Whole:
    """Note every error and warning; return the province as it would be.

    ``there``: what the system holds. ``on``: the business day. ``sheets``: code of each procedure of which there is a
    sheet → the day from which it holds.
    """
    whole = Whole(folder, there)
    for sheet in SHEETS:
        first: dict[tuple[object, ...], int] = {}
        for row in folder.of(sheet):
            if not row.has(*sheet.key):
                continue
            key = row.key(sheet)
            if key in first:
                said = f"Trùng với dòng {first[key]}."
                folder.refuse(sheet, row, sheet.key[0], said, "Bỏ một trong hai dòng.")
            first.setdefault(key, row.line)
    _province(whole)
    _offices(whole)
    _successions(whole)
    check_officers(whole)
    check_calendar(folder)
    check_certificates(whole, on=on)
    check_procedures(folder, sheets)
    check_levels(whole)
    return whole


def _province(whole: Whole) -> None:
    """Check that the folder is of one province, the one that the system knows."""
    folder = whole.folder
    rows = folder.of(PROVINCE)
    if not rows:
        if PROVINCE.file not in folder.unread:
            said, fix = "Chưa có dòng nào.", "Ghi một dòng: mã tỉnh, tên tỉnh."
            folder.refuse(PROVINCE, Row(1, {}), "", said, fix)
        return
    for row in rows[1:]:
        folder.refuse(PROVINCE, row, "ma", "Một thư mục là của một tỉnh.", "Chỉ để một dòng.")
    row = rows[0]
    for known in whole.there[PROVINCE.file].values():
        if row.has("ma") and row["ma"] != known["ma"]:
            said = f"Hệ thống này là của {known['ten']} ({known['ma']})."
            folder.refuse(PROVINCE, row, "ma", said, "Chọn đúng thư mục, hoặc đúng hệ thống.")
    _top(whole, row)
    for office in folder.of(OFFICES):
        if row.has("ma") and office["ma"] and not office["ma"].endswith(f".{row['ma']}"):
            said = f"không thuộc {row['ma']}."
            folder.warn(OFFICES, office, "ma", said, "Cơ quan ngành dọc thì để nguyên; không thì sửa mã.")


def _top(whole: Whole, row: Row) -> None:
    """Check that exactly one open office is the province, and that ``tinh.csv`` says the same of it."""
    folder = whole.folder
    tops = [one for one in whole.rows(OFFICES) if one["loai"] == "province" and _is_open(one)]
    named = [one for one in tops if one.line]
    if not tops and OFFICES.file not in folder.unread and all(one.has("loai") for one in folder.of(OFFICES)):
        said = "Trong co-quan.csv chưa có cơ quan loại tỉnh."
        folder.refuse(PROVINCE, row, "ma", said, "Thêm dòng UBND tỉnh, loại “tỉnh”, cột cấp trên để trống.")
    for other in named:
        if other is not tops[0]:
            said = f"Tỉnh đã có ở {tops[0].where}."
            folder.refuse(OFFICES, other, "loai", said, "Chỉ để một dòng loại tỉnh.")
    if not tops:
        return
    for name, there in (("ma", "ma_2020"), ("ten", "dia_danh"), ("dien_thoai", "dien_thoai")):
        if row[name] and row.has(name) and tops[0].has(there) and row[name] != tops[0][there]:
            said = f"khác cột {there} ở {tops[0].where} của co-quan.csv."
            folder.refuse(PROVINCE, row, name, said, "Ghi hai nơi giống nhau.")


def _is_open(row: Row) -> bool:
    return row["den_ngay"] is None and row.has("den_ngay")


def _offices(whole: Whole) -> None:
    folder = whole.folder
    said = "Mã này còn hiệu lực ở {where} khi dòng này bắt đầu."
    fix = "Ghi den_ngay cho dòng ấy, hoặc sửa tu_ngay; dòng chỉ có trong hệ thống thì thêm vào tệp."
    check_spans(folder, OFFICES, whole.offices.values(), said, fix)
    for row in folder.of(OFFICES):
        parent = row["ma_cap_tren"]
        if not row.has("ma_cap_tren"):
            continue
        if parent is None:
            if row["loai"] not in _AT_THE_TOP and row.has("loai"):
                said = "Cơ quan này không có cấp trên."
                folder.warn(OFFICES, row, "ma_cap_tren", said, "Ghi mã cấp trên nếu có.")
        elif parent == row["ma"]:
            folder.refuse(OFFICES, row, "ma_cap_tren", "là chính nó.", "Ghi mã cơ quan cấp trên.")
        elif folder.lacks(OFFICES, parent, whole.offices):
            folder.refuse(OFFICES, row, "ma_cap_tren", "không có trong tệp.", "Thêm cơ quan ấy, hoặc sửa mã.")
        elif _is_in_a_ring(row, whole):
            said = "Cấp trên của cấp trên lại là cơ quan này."
            folder.refuse(OFFICES, row, "ma_cap_tren", said, "Sửa một mã trong vòng ấy.")
        elif _has_span(row) and not whole.office_is_there(parent, row["tu_ngay"], until(row)):
            said = "không có hiệu lực suốt thời gian của cơ quan này."
            fix = "Sửa ngày, hoặc chia thành hai dòng theo cấp trên."
            folder.refuse(OFFICES, row, "ma_cap_tren", said, fix)
    for row in whole.rows(OFFICES):
        parent = row["ma_cap_tren"]
        if not row.line and parent and not whole.office_is_there(parent, row["tu_ngay"], until(row)):
            for other in whole.offices[parent]:
                if other.line:
                    said = f"{row['ma']}, chỉ có trong hệ thống, còn thuộc cơ quan này sau ngày ấy."
                    folder.warn(OFFICES, other, "den_ngay", said, "Thêm dòng của đơn vị ấy và ghi den_ngay.")


def _has_span(row: Row) -> bool:
    return row.has("tu_ngay", "den_ngay") and row["tu_ngay"] <= until(row)


def _is_in_a_ring(row: Row, whole: Whole) -> bool:
    """Say whether going up from an office leads back to it, on the day it begins."""
    seen: set[Any] = set()
    code = row["ma_cap_tren"]
    while code in whole.offices and code not in seen:
        if code == row["ma"]:
            return True
        seen.add(code)
        rows = whole.offices[code]
        day = row["tu_ngay"] or dt.date.max
        spans = [one for one in rows if one["tu_ngay"] and one["tu_ngay"] <= day <= until(one)]
        code = (spans or rows)[0]["ma_cap_tren"]
    return False


def _successions(whole: Whole) -> None:
    folder = whole.folder
    for row in folder.of(SUCCESSIONS):
        for name in ("ma_cu", "ma_moi"):
            if row.has(name) and folder.lacks(OFFICES, row[name], whole.offices):
                fix = "Thêm cơ quan ấy, hoặc sửa mã."
                folder.refuse(SUCCESSIONS, row, name, "không có trong co-quan.csv.", fix)
        if row.has("ma_cu", "ma_moi") and row["ma_cu"] == row["ma_moi"]:
            folder.refuse(SUCCESSIONS, row, "ma_moi", "là chính nó.", "Ghi mã cơ quan kế tục.")
            continue
        old = [one for one in whole.offices.get(row["ma_cu"], []) if one.has("den_ngay")]
        if row.has("ngay") and old and all(until(one) >= row["ngay"] for one in old):
            said = "Đến ngày này cơ quan cũ vẫn còn hiệu lực trong co-quan.csv."
            folder.warn(SUCCESSIONS, row, "ngay", said, "Ghi den_ngay cho cơ quan cũ, trước ngày kế tục.")
