"""A made-up province as a folder: 22 departments, 10 districts, 226 communes, 1,500 officers. All names are invented."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from tinhso.config.province.tables import CALENDAR, OFFICERS, OFFICES, PROCEDURES, SUCCESSIONS, Sheet

DEPARTMENTS, DISTRICTS, COMMUNES, STAFF = 22, 10, 226, 1_500
_ROLES = (
    ("lãnh đạo", "Chủ tịch"),
    ("văn thư", "Văn thư"),
    ("tiếp nhận", "Công chức Một cửa"),
    ("thụ lý", "Chuyên viên"),
    ("cán bộ chuyển đổi số", "Chuyên viên chuyển đổi số"),
    ("thụ lý", "Chuyên viên tổng hợp"),
)
_SINCE = "01/01/2021"


def _office(code: str, code_2020: str, name: str, kind: str, parent: str) -> dict[str, str]:
    return {
        "ma": code,
        "ma_2020": code_2020,
        "ten": name,
        "ten_ngan": name,
        "loai": kind,
        "ma_cap_tren": parent,
        "dia_danh": "Nơi Thử",
        "tu_ngay": _SINCE,
    }


def offices() -> Iterator[dict[str, str]]:
    """Yield the offices, the province first."""
    yield _office("000.00.00.H40", "H40", "UBND tỉnh Thử Nghiệm", "tỉnh", "")
    for n in range(1, DEPARTMENTS + 1):
        yield _office(f"000.00.{n:02}.H40", f"H40.{n}", f"Sở Thử {n}", "sở, ban, ngành", "000.00.00.H40")
    for n in range(DISTRICTS):
        yield _office(
            f"000.00.{n + 31}.H40", f"H40.{n + 31}", f"UBND huyện Mẫu {n + 1}", "huyện", "000.00.00.H40"
        )
    for n in range(COMMUNES):
        district, number = n % DISTRICTS + 31, n // DISTRICTS + 11
        yield _office(
            f"000.{number}.{district}.H40",
            f"H40.{district}.{number}",
            f"UBND xã Nháp {n + 1}",
            "xã",
            f"000.00.{district}.H40",
        )


def officers() -> Iterator[dict[str, str]]:
    """Yield the officers, one post each; the first administers."""
    codes = [one["ma"] for one in offices()]
    for n in range(STAFF):
        role, title = _ROLES[n // len(codes)] if n else ("quản trị", "Quản trị viên")
        yield {
            "tai_khoan": f"canbo.{n + 1:04}",
            "ho_ten": f"Nguyễn Văn Thử {n + 1}",
            "ngay_sinh": "02/03/1985",
            "dien_thoai": f"09120{n:05}",
            "thu_dien_tu": f"canbo{n + 1}@thu.vn",
            "ma_co_quan": codes[n % len(codes)],
            "vai_tro": role,
            "chuc_danh": title,
            "tu_ngay": _SINCE,
        }


DAYS = [
    {"ngay": "02/05/2022", "loai": "bù", "nguon": "Quyết định thử", "do_chac": "đã thấy văn bản"},
    {"ngay": "07/05/2022", "loai": "làm bù", "nguon": "Quyết định thử", "do_chac": "theo báo chí"},
]
CODES = [{"ma": "1.001193", "ten": ""}, {"ma": "2.000815", "ten": ""}]


def write_file(folder: Path, sheet: Sheet, rows: list[dict[str, str]]) -> None:
    """Write a file of the folder, in the order of the key, as an export does."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [column.name for column in sheet.columns], restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    (folder / sheet.file).write_text(out.getvalue(), encoding="utf-8-sig", newline="")


def write_folder(folder: Path, *, staff: int = STAFF) -> None:
    """Write the whole folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write_file(folder, OFFICES, sorted(offices(), key=lambda one: one["ma"]))
    write_file(folder, SUCCESSIONS, [])
    write_file(folder, OFFICERS, list(officers())[:staff])
    write_file(folder, CALENDAR, DAYS)
    write_file(folder, PROCEDURES, CODES)
