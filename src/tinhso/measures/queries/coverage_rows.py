"""The coverage of a system as a document, and its bodies as records: what files and commands give away."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from tinhso.measures.queries.coverage import Covered
from tinhso.measures.rules.coverage import (
    Coverage,
    Doubt,
    Group,
    Judged,
    Level,
    Reason,
    Status,
    System,
    groups,
)

#: Which reasons a system can leave a body out for, in the order in which they are told.
REASONS: Final = {
    System.ONE_STOP: (Reason.NO_PROCEDURES, Reason.CLOSED, Reason.NOT_YET),
    System.INTERLINKED: (Reason.NONE_INTERLINKED, Reason.NO_PROCEDURES, Reason.CLOSED, Reason.NOT_YET),
    System.SIGNATURES: (Reason.DECLARED_ONLY, Reason.CLOSED, Reason.NOT_YET),
}
#: Which doubts a system can raise.
DOUBTS: Final = {
    System.ONE_STOP: (
        Doubt.COUNTER_WITHOUT_DOSSIERS,
        Doubt.DOSSIERS_WITHOUT_COUNTER,
        Doubt.DECLARED_OTHERWISE,
    ),
    System.INTERLINKED: (Doubt.FEW_PASSED, Doubt.DECLARED_OTHERWISE),
    System.SIGNATURES: (Doubt.HOLDER_GONE, Doubt.DECLARED_OTHERWISE),
}
#: The columns of a record, with what each holds.
COLUMNS: Final = (
    ("he_thong", "one_stop: một cửa; interlinked: một cửa liên thông; signatures: chữ ký số"),
    ("ngay", "Ngày xem, năm-tháng-ngày"),
    ("phien_ban", "Bản của cách tính"),
    ("ma_co_quan", "Mã cơ quan (minh họa)"),
    ("ten", "Tên cơ quan"),
    ("cap", "Cấp: province, district, commune"),
    ("loai", "Loại: state, party, mass_organisation, public_unit, state_enterprise"),
    ("trang_thai", "runs: chạy; runs_not: không chạy; unknown: chưa có số liệu; để trống: không tính"),
    ("ly_do_khong_tinh", "Vì sao không nằm trong mẫu số"),
    ("thu_tuc", "Số thủ tục nộp được tại cơ quan; để trống: không dùng cho hệ thống này"),
    ("thu_tuc_lien_thong", "Trong đó số thủ tục luôn qua cơ quan thứ hai"),
    ("chuc_danh", "Số chức danh đang giữ tại cơ quan"),
    ("chuc_danh_tai_quay", "Trong đó số chức danh tiếp nhận tại quầy"),
    ("ho_so_tiep_nhan", "Hồ sơ đã tiếp nhận trong những ngày nhìn lại; để trống: có ngày chưa đếm"),
    ("ho_so_lien_thong", "Hồ sơ loại liên thông đã tiếp nhận trong những ngày nhìn lại"),
    ("ho_so_da_qua", "Trong đó số hồ sơ đã qua cơ quan thứ hai"),
    ("chung_thu_nguoi_ky", "Chứng thư của người ký còn hạn vào cuối ngày"),
    ("chung_thu_con_dau", "Chứng thư của con dấu còn hạn vào cuối ngày"),
    ("da_khai", "Trạng thái khai theo văn bản đã được người thứ hai xác nhận; không tính vào con số"),
    ("van_ban_khai", "Số văn bản khai"),
    ("khai_tu_ngay", "Văn bản khai nói từ ngày nào"),
    ("khai_minh_hoa", "Văn bản khai là số minh họa: co hoặc khong"),
    ("can_xem_lai", "Chỗ số liệu không khớp nhau"),
)


def columns() -> list[str]:
    """Return the names of the columns."""
    return [name for name, _says in COLUMNS]


def record(found: Covered, row: Judged) -> list[str | int]:
    """Return one body as a row of ``COLUMNS``; a number that the system is not judged by is blank."""
    known, system = row.known, found.definition.system
    line = found.lines.get(row.body.office_id)
    is_one_stop, is_linked = system is System.ONE_STOP, system is System.INTERLINKED
    is_signed = system is System.SIGNATURES
    return [
        system.value,
        found.on.isoformat(),
        found.definition.version,
        row.body.code,
        row.body.name,
        row.body.level.value,
        row.body.group.value,
        row.status.value if row.status else "",
        row.reason.value if row.reason else "",
        "" if is_signed else known.procedures,
        known.interlinked if is_linked else "",
        known.posts if is_one_stop else "",
        known.counters if is_one_stop else "",
        known.received if is_one_stop and known.received is not None else "",
        known.came if is_linked else "",
        known.passed if is_linked else "",
        known.officers if is_signed else "",
        known.seals if is_signed else "",
        row.declared.value if row.declared else "",
        line.number if line else "",
        line.valid_from.isoformat() if line else "",
        ("co" if line.is_illustrative else "khong") if line else "",
        "; ".join(row.doubts),
    ]


def state_of(one: Coverage) -> str:
    """Return why there is no share to tell; blank where there is one."""
    if not one.denominator:
        return "chưa áp dụng"
    return "" if one.is_told else "chưa có số liệu"


def document(found: Covered, now: dt.datetime) -> dict[str, Any]:
    """Return a system's coverage with its parts by level and kind, what was left out, and the bodies that do not run it."""
    definition, system = found.definition, found.definition.system
    by_level = groups(found.rows, lambda row: row.body.level)
    by_kind = groups(found.rows, lambda row: row.body.group)
    return {
        "system": system.value,
        "version": definition.version,
        "effective_from": definition.effective_from.isoformat(),
        "effective_to": definition.effective_to.isoformat() if definition.effective_to else None,
        "unverified": definition.unverified,
        "source": definition.source,
        "on": found.on.isoformat(),
        "judged_at": found.until.isoformat(),
        "counted_at": now.isoformat(),
        "unit": "cơ quan",
        **_numbers(found.whole, system),
        "doubts": {one.value: found.whole.doubted[one] for one in DOUBTS[system]},
        "by_level": [
            {"level": one.value, **_numbers(by_level[one], system)} for one in Level if one in by_level
        ],
        "by_kind": [{"kind": one.value, **_numbers(by_kind[one], system)} for one in Group if one in by_kind],
        "not_running": [_named(row) for row in found.rows if row.status is Status.RUNS_NOT],
        "without_evidence": [_named(row) for row in found.rows if row.status is Status.UNKNOWN],
    }


def _numbers(one: Coverage, system: System) -> dict[str, Any]:
    return {
        "numerator": one.runs,
        "denominator": one.denominator,
        "share": round(one.runs / one.denominator, 4) if one.is_told else None,
        "state": state_of(one),
        "runs_not": one.runs_not,
        "unknown": one.unknown,
        **(
            {"with_officer": one.with_officer, "with_seal": one.with_seal}
            if system is System.SIGNATURES
            else {}
        ),
        "excluded": {reason.value: one.excluded[reason] for reason in REASONS[system]},
        "declared": {status.value: one.declared[status] for status in (Status.RUNS, Status.RUNS_NOT)},
    }


def _named(row: Judged) -> dict[str, Any]:
    return {
        "code": row.body.code,
        "name": row.body.name,
        "level": row.body.level.value,
        "kind": row.body.group.value,
        "declared": row.declared.value if row.declared else None,
    }
