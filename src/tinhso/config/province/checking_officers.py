"""Check the officers of a province's folder: accounts, persons, posts."""

from __future__ import annotations

from itertools import pairwise

from tinhso.config.province.comparing import STATES
from tinhso.config.province.holding import citizens
from tinhso.config.province.merging import Whole, check_spans, grouped, until
from tinhso.config.province.tables import OFFICERS, OFFICES, PERSON, Folder, Row, shown

_ROW = Row(0, {})


def check_officers(whole: Whole) -> None:
    """Note what is wrong with officers and their posts."""
    folder = whole.folder
    rows = folder.of(OFFICERS)
    for same in grouped(rows, lambda row: row["tai_khoan"]).values():
        _person(folder, same)
    _known_accounts(whole, rows)
    posts = grouped(
        whole.rows(OFFICERS),
        lambda row: (
            (row["tai_khoan"], row["ma_co_quan"], row["vai_tro"])
            if row["tai_khoan"] and row["ma_co_quan"] and row["vai_tro"]
            else None
        ),
    )
    said = "Người này đã giữ vị trí ấy ở {where}, trùng thời gian."
    check_spans(folder, OFFICERS, posts.values(), said, "Ghi den_ngay cho dòng ấy, hoặc bỏ một dòng.")
    _ends(folder, rows)
    for row in rows:
        _office(whole, row)
    _two_heads(whole)
    has_administrator = any(
        row["vai_tro"] == "administrator" and row["den_ngay"] is None for row in whole.rows(OFFICERS)
    )
    if not has_administrator and OFFICERS.file not in folder.unread:
        said = "Chưa ai giữ vai trò quản trị."
        folder.warn(OFFICERS, _ROW, "", said, "Đưa tỉnh vào rồi gõ: tinhso province first-admin.")


def _person(folder: Folder, rows: list[Row]) -> None:
    for row in rows[1:]:
        for name in PERSON:
            if row.has(name) and rows[0].has(name) and row[name] != rows[0][name]:
                said = f"khác dòng {rows[0].line} của cùng tài khoản."
                folder.refuse(OFFICERS, row, name, said, "Mỗi tài khoản là một người: ghi giống nhau.")


def _known_accounts(whole: Whole, rows: list[Row]) -> None:
    """Refuse accounts of citizens; warn where one that is locked is not opened by the file."""
    folder = whole.folder
    taken = citizens({row["tai_khoan"] for row in rows if row["tai_khoan"]})
    states = {row["tai_khoan"]: row["tinh_trang"] for row in whole.there[OFFICERS.file].values()}
    for row in rows:
        if row["tai_khoan"] in taken:
            said = "đã là tài khoản của một người không giữ chức vụ."
            folder.refuse(OFFICERS, row, "tai_khoan", said, "Chọn tên tài khoản khác cho cán bộ này.")
        before = states.get(row["tai_khoan"])
        if row.has("tinh_trang") and STATES.index(before) > STATES.index(row["tinh_trang"]):
            said = "Trong hệ thống tài khoản này đã khóa hoặc đã đóng; tệp không mở lại được."
            folder.warn(
                OFFICERS, row, "tinh_trang", said, "Mở lại ở trang Quản trị; hoặc ghi đúng tình trạng."
            )


def _ends(folder: Folder, rows: list[Row]) -> None:
    """Note also posts without a readable office or role that end before they begin."""
    for row in rows:
        is_whole = row["tai_khoan"] and row["ma_co_quan"] and row["vai_tro"]
        if not is_whole and row.has("tu_ngay", "den_ngay") and until(row) < row["tu_ngay"]:
            fix = "Sửa một trong hai ngày; đang còn thì để trống."
            folder.refuse(OFFICERS, row, "den_ngay", "trước ngày bắt đầu.", fix)


def _office(whole: Whole, row: Row) -> None:
    folder = whole.folder
    code = row["ma_co_quan"]
    if code is None or not row.has("ma_co_quan"):
        return
    if folder.lacks(OFFICES, code, whole.offices):
        fix = "Thêm cơ quan ấy, hoặc sửa mã."
        folder.refuse(OFFICERS, row, "ma_co_quan", "không có trong co-quan.csv.", fix)
    elif (
        row.has("tu_ngay", "den_ngay")
        and row["tu_ngay"] <= until(row)
        and not whole.office_is_there(code, row["tu_ngay"], until(row))
    ):
        said = "không có hiệu lực suốt thời gian giữ vị trí."
        folder.refuse(OFFICERS, row, "ma_co_quan", said, "Sửa tu_ngay, den_ngay cho khớp với cơ quan.")


def _two_heads(whole: Whole) -> None:
    """Warn where two people lead one office under one title on the same day."""
    leaders = [row for row in whole.rows(OFFICERS) if row["vai_tro"] == "leader" and row["tu_ngay"]]
    for rows in grouped(leaders, lambda row: (row["ma_co_quan"], row["chuc_danh"])).values():
        for a, b in pairwise(sorted(rows, key=lambda one: (one["tu_ngay"], one.line))):
            if until(a) >= b["tu_ngay"] and a["tai_khoan"] != b["tai_khoan"] and (a.line or b.line):
                named, other = (b, a) if b.line else (a, b)
                said = f"{shown(other['tai_khoan'])} cũng giữ chức danh này ở {other.where}."
                fix = "Hai người đứng đầu thì ghi den_ngay cho người trước; cấp phó thì ghi rõ chức danh."
                whole.folder.warn(OFFICERS, named, "chuc_danh", said, fix)
