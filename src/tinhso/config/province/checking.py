"""Check a province's folder as a whole: what one file says must fit what the others say. Nothing is written here."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Set
from itertools import pairwise
from pathlib import Path

from asn1crypto import pem, x509

from tinhso.config.province.tables import (
    CALENDAR,
    CERTIFICATES,
    OFFICERS,
    OFFICES,
    PROCEDURES,
    SHEETS,
    SUCCESSIONS,
    Folder,
    Row,
)
from tinhso.toolkit.working_time import CalendarContradiction, calendar_from_rows

_SATURDAY = 5
_FAR = dt.date(9999, 1, 1)


def check_folder(folder: Folder, *, procedures: Set[str]) -> None:
    """Note every error and warning. ``procedures``: the codes of which the software has sheets."""
    for sheet in SHEETS:
        first: dict[tuple[object, ...], int] = {}
        for row in folder.of(sheet):
            key = row.key(sheet)
            if key in first:
                said = f"Trùng với dòng {first[key]}."
                folder.refuse(sheet, row, sheet.key[0], said, "Bỏ một trong hai dòng.")
            first.setdefault(key, row.line)
    _offices(folder)
    _successions(folder)
    _officers(folder)
    _calendar(folder)
    _certificates(folder)
    for row in folder.of(PROCEDURES):
        if row["ma"] not in procedures:
            said = "Hệ thống chưa có tờ thủ tục mã này."
            folder.refuse(PROCEDURES, row, "ma", said, "Nhập tờ bằng tinhso import-procedures, hoặc sửa mã.")


def _until(row: Row) -> dt.date:
    return row["den_ngay"] or _FAR


def _covering(rows: list[Row], first: dt.date, last: dt.date) -> bool:
    """Say whether the rows of one code hold, one after the other, on every day of a span."""
    day = first
    for row in sorted(rows, key=lambda one: one["tu_ngay"]):
        if row["tu_ngay"] <= day <= _until(row):
            if _until(row) >= last:
                return True
            day = _until(row) + dt.timedelta(days=1)
    return False


def _by_code(folder: Folder) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in folder.of(OFFICES):
        found[row["ma"]].append(row)
    return found


def _ends_first(folder: Folder) -> Iterator[tuple[object, Row]]:
    for sheet in (OFFICES, OFFICERS):
        for row in folder.of(sheet):
            if _until(row) < row["tu_ngay"]:
                folder.refuse(
                    sheet,
                    row,
                    "den_ngay",
                    "trước ngày bắt đầu.",
                    "Sửa một trong hai ngày; đang còn thì để trống.",
                )
                yield sheet, row


def _offices(folder: Folder) -> None:
    wrong = {id(row) for _sheet, row in _ends_first(folder)}
    by_code = _by_code(folder)
    roots = []
    for rows in by_code.values():
        for a, b in pairwise(sorted(rows, key=lambda one: (one["tu_ngay"], one.line))):
            if a["tu_ngay"] != b["tu_ngay"] and _until(a) >= b["tu_ngay"]:
                said = f"Mã này còn hiệu lực ở dòng {a.line} khi dòng này bắt đầu."
                folder.refuse(OFFICES, b, "tu_ngay", said, "Ghi den_ngay cho dòng trước, hoặc đổi tu_ngay.")
    for row in folder.of(OFFICES):
        parent = row["ma_cap_tren"]
        if parent is None:
            roots.append(row)
        elif parent not in by_code:
            folder.refuse(OFFICES, row, "ma_cap_tren", "không có trong tệp.", "Thêm cơ quan ấy, hoặc sửa mã.")
        elif parent == row["ma"]:
            folder.refuse(OFFICES, row, "ma_cap_tren", "là chính nó.", "Ghi mã cơ quan cấp trên.")
        elif id(row) not in wrong and not _covering(by_code[parent], row["tu_ngay"], _until(row)):
            said = "không có hiệu lực suốt thời gian của cơ quan này."
            folder.refuse(
                OFFICES, row, "ma_cap_tren", said, "Sửa ngày, hoặc chia thành hai dòng theo cấp trên."
            )
        if parent is None and row["loai"] not in ("province", "party_body", "mass_organisation"):
            said = "Cơ quan này không có cấp trên."
            folder.warn(OFFICES, row, "ma_cap_tren", said, "Ghi mã cấp trên nếu có.")
    provinces = [row for row in folder.of(OFFICES) if row["loai"] == "province" and row["den_ngay"] is None]
    for row in provinces[1:]:
        folder.refuse(
            OFFICES, row, "loai", f"Tỉnh đã có ở dòng {provinces[0].line}.", "Chỉ để một dòng loại tỉnh."
        )
    for row in folder.of(OFFICES):
        if _is_in_a_ring(row, by_code):
            said = "Cấp trên của cấp trên lại là cơ quan này."
            folder.refuse(OFFICES, row, "ma_cap_tren", said, "Sửa một mã trong vòng ấy.")


def _is_in_a_ring(row: Row, by_code: dict[str, list[Row]]) -> bool:
    seen, code = set(), row["ma_cap_tren"]
    while code in by_code and code not in seen:
        if code == row["ma"]:
            return bool(row["ma_cap_tren"] != row["ma"])
        seen.add(code)
        code = by_code[code][0]["ma_cap_tren"]
    return False


def _successions(folder: Folder) -> None:
    by_code = _by_code(folder)
    for row in folder.of(SUCCESSIONS):
        for name in ("ma_cu", "ma_moi"):
            if row[name] not in by_code:
                folder.refuse(
                    SUCCESSIONS, row, name, "không có trong co-quan.csv.", "Thêm cơ quan ấy, hoặc sửa mã."
                )
        if row["ma_cu"] == row["ma_moi"]:
            folder.refuse(SUCCESSIONS, row, "ma_moi", "là chính nó.", "Ghi mã cơ quan kế tục.")


def _officers(folder: Folder) -> None:
    by_code = _by_code(folder)
    people: dict[str, Row] = {}
    has_administrator = False
    for row in folder.of(OFFICERS):
        first = people.setdefault(row["tai_khoan"], row)
        for name in ("ho_ten", "ngay_sinh", "dien_thoai", "thu_dien_tu"):
            if row[name] != first[name]:
                said = f"khác dòng {first.line} của cùng tài khoản."
                folder.refuse(OFFICERS, row, name, said, "Mỗi tài khoản là một người: ghi giống nhau.")
        if row["ma_co_quan"] not in by_code:
            folder.refuse(
                OFFICERS, row, "ma_co_quan", "không có trong co-quan.csv.", "Thêm cơ quan ấy, hoặc sửa mã."
            )
        elif row["tu_ngay"] <= _until(row) and not _covering(
            by_code[row["ma_co_quan"]], row["tu_ngay"], _until(row)
        ):
            said = "không có hiệu lực suốt thời gian giữ vị trí."
            folder.refuse(OFFICERS, row, "ma_co_quan", said, "Sửa tu_ngay, den_ngay cho khớp với cơ quan.")
        has_administrator |= row["vai_tro"] == "administrator" and row["den_ngay"] is None
    if folder.of(OFFICERS) and not has_administrator:
        row = folder.of(OFFICERS)[0]
        said = "Chưa ai giữ vai trò quản trị."
        folder.warn(OFFICERS, row, "vai_tro", said, "Tạo người đầu tiên bằng tinhso province first-admin.")


def _calendar(folder: Folder) -> None:
    fits = []
    for row in folder.of(CALENDAR):
        is_weekend = row["ngay"].weekday() >= _SATURDAY
        if row["loai"] == "làm bù" and not is_weekend:
            folder.refuse(
                CALENDAR, row, "ngay", "là ngày trong tuần, không cần làm bù.", "Ghi thứ Bảy hoặc Chủ nhật."
            )
        elif row["loai"] not in ("làm bù", "chưa rõ") and is_weekend:
            folder.refuse(
                CALENDAR, row, "ngay", "là ngày cuối tuần, vốn đã nghỉ.", "Ghi ngày nghỉ bù trong tuần."
            )
        else:
            fits.append(row)
    days = {row["ngay"]: row for row in fits}
    try:
        calendar_from_rows(
            {"date": row["ngay"], "kind": row["loai"], "source": row["nguon"], "confirmed": row["do_chac"]}
            for row in days.values()
        )
    except CalendarContradiction as contradiction:
        folder.refuse(CALENDAR, fits[0], "ngay", str(contradiction), "Sửa lại các ngày ấy.")


def _certificates(folder: Folder) -> None:
    by_code = _by_code(folder)
    holders = {(row["tai_khoan"], row["ma_co_quan"]) for row in folder.of(OFFICERS)}
    for row in folder.of(CERTIFICATES):
        if row["ma_co_quan"] not in by_code:
            folder.refuse(
                CERTIFICATES,
                row,
                "ma_co_quan",
                "không có trong co-quan.csv.",
                "Thêm cơ quan ấy, hoặc sửa mã.",
            )
        if row["loai"] == "approve":
            if not row["tai_khoan"] or not row["chuc_danh"]:
                folder.refuse(
                    CERTIFICATES, row, "tai_khoan", "Người ký cần tài khoản và chức danh.", "Điền cả hai."
                )
            elif (row["tai_khoan"], row["ma_co_quan"]) not in holders:
                said = "không giữ vị trí nào ở cơ quan này trong can-bo.csv."
                folder.refuse(CERTIFICATES, row, "tai_khoan", said, "Thêm vị trí ấy, hoặc sửa tài khoản.")
        elif row["tai_khoan"] or row["chuc_danh"]:
            folder.refuse(
                CERTIFICATES, row, "tai_khoan", "Con dấu là của cơ quan.", "Để trống tài khoản, chức danh."
            )
        if (row["thu_hoi_luc"] is None) != (row["ly_do_thu_hoi"] is None):
            folder.refuse(
                CERTIFICATES,
                row,
                "thu_hoi_luc",
                "Thu hồi cần cả lúc và lý do.",
                "Điền cả hai, hoặc để trống.",
            )
        _pem(folder, row)


def pem_of(folder: Path, name: str) -> x509.Certificate:
    """Return a certificate of the folder. Raises OSError, ValueError."""
    raw = (folder / "chung-thu" / name).read_bytes()
    certificate = x509.Certificate.load(pem.unarmor(raw)[2])
    certificate.native  # noqa: B018 - parses the whole, raises ValueError
    return certificate


def _pem(folder: Folder, row: Row) -> None:
    try:
        certificate = pem_of(folder.path, row["tep"])
    except FileNotFoundError:
        folder.refuse(
            CERTIFICATES, row, "tep", "không có trong thư mục chung-thu.", "Chép tệp ấy vào thư mục."
        )
        return
    except (OSError, ValueError, TypeError):
        folder.refuse(
            CERTIFICATES, row, "tep", "không đọc được chứng thư.", "Xuất lại tệp .pem từ nhà cấp chứng thư."
        )
        return
    if f"{certificate.serial_number:x}" != row["so_hieu"].lstrip("0"):
        said = f"Tệp chứa chứng thư số hiệu {certificate.serial_number:x}."
        folder.refuse(CERTIFICATES, row, "so_hieu", said, "Sửa số hiệu, hoặc chọn đúng tệp.")
