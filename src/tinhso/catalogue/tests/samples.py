"""Valid answers for each of the six forms, by invented people, on 10/05/2022."""

from __future__ import annotations

import copy
import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from tinhso.catalogue.queries.boxes import Commune
from tinhso.catalogue.services.publish import SHEETS

TODAY = dt.date(2022, 5, 10)
COMMUNES = (
    Commune("90001", "Xã Giả Định", "Xã Giả Định, huyện Ví Dụ, tỉnh Nam Định"),
    Commune("90002", "Xã Mẫu Thử", "Xã Mẫu Thử, huyện Ví Dụ, tỉnh Nam Định"),
    Commune("90003", "Xã Mẫu Thử", "Xã Mẫu Thử, huyện Minh Họa, tỉnh Nam Định"),
)
CODES = ("1.001193", "1.004873", "1.001612", "1.013225", "3.000333", "2.000815")


@dataclass
class Form:
    """A form of a sheet, without a table behind it."""

    schema: dict[str, Any]


def sheet(code: str) -> dict[str, Any]:
    """Return the sheet of a procedure as it stands in its file."""
    read: dict[str, Any] = json.loads((SHEETS / f"{code}.json").read_text("utf-8"))
    return read


def form_of(code: str) -> Form:
    """Return the form of a sheet."""
    return Form(sheet(code)["form"]["schema"])


def address(detail: str = "Thôn Mẫu") -> dict[str, str]:
    """Return an address in the invented commune of Giả Định."""
    return {
        "detail": detail,
        "area": COMMUNES[0].label,
        "commune": "90001",
        "text": f"{detail}, xã Giả Định, huyện Ví Dụ, tỉnh Nam Định",
    }


def identity(number: str = "036190000001", **parts: str) -> dict[str, str]:
    """Return a citizen's card; the digits say female, born 1990."""
    return {
        "kind": "cccd",
        "number": number,
        "issued_on": "2021-11-20",
        "issued_by": "Cục Cảnh sát quản lý hành chính về trật tự xã hội",
        **parts,
    }


def _parent(who: str, name: str, birth: str) -> dict[str, Any]:
    return {
        f"{who}_name": name,
        f"{who}_birth": birth,
        f"{who}_ethnicity": "Kinh",
        f"{who}_nationality": "Việt Nam",
        f"{who}_address": address(),
    }


_VALID: dict[str, dict[str, Any]] = {
    "1.001193": {
        "child_birth": "2022-04-28",
        "child_situation": "cha-me",
        "foreign_parent": False,
        "parents_married": True,
        "birth_proof": "chung-sinh",
        "requester_name": "Trần Thị Lan Thử",
        "requester_relation": "me",
        "requester_address": address(),
        "requester_id": identity(),
        "child_name": "Nguyễn Ví Dụ An",
        "child_sex": "nu",
        "child_ethnicity": "Kinh",
        "child_nationality": "Việt Nam",
        "birthplace": "Trạm y tế xã Giả Định, huyện Ví Dụ, tỉnh Nam Định",
        "child_hometown": "Xã Giả Định, huyện Ví Dụ, tỉnh Nam Định",
        **_parent("mother", "Trần Thị Lan Thử", "1990-02-01"),
        **_parent("father", "Nguyễn Văn Mẫu", "1988"),
        "marriage_number": "12/2019",
        "wants_copies": True,
        "copies": 2,
        "commitment": True,
    },
    "1.004873": {
        "purpose": "vay-von",
        "reissue": False,
        "purpose_text": "Vay vốn mua nhà tại Ngân hàng Ví Dụ",
        "copies": 1,
        "requester_name": "Trần Thị Lan Thử",
        "requester_relation": "ban-than",
        "requester_address": address(),
        "requester_id": identity(),
        "subject_birth": "1990-02-01",
        "subject_sex": "nu",
        "subject_ethnicity": "Kinh",
        "subject_nationality": "Việt Nam",
        "status": "ly-hon",
        "spouse_name": "Nguyễn Văn Mẫu",
        "divorce_number": "15/2020/QĐST-HNGĐ",
        "divorce_date": "2020-06-30",
        "divorce_court": "Tòa án nhân dân huyện Ví Dụ",
        "divorce_abroad": False,
        "lived_elsewhere": True,
        "former_places": [{"place": "Xã Mẫu Thử, huyện Ví Dụ", "since": "2008-02", "until": "2015"}],
        "can_prove": True,
        "fee_exemption": "khong",
        "commitment": True,
    },
    "1.001612": {
        "founders": "ho-gia-dinh",
        "already_has": False,
        "other_company": False,
        "submits": "tu-nop",
        "owner_name": "Trần Thị Lan Thử",
        "owner_sex": "nu",
        "owner_birth": "1990-02-01",
        "owner_ethnicity": "Kinh",
        "owner_nationality": "Việt Nam",
        "owner_id": identity(expires_on="2030-02-01"),
        "owner_permanent": address(),
        "owner_contact": address("Số 5, đường Ví Dụ"),
        "phone": "0912000111",
        "business_name": "Hộ kinh doanh Mẫu Thử",
        "seat_address": address("Số 5, đường Ví Dụ"),
        "trades": [
            {"trade": "Bán lẻ quần áo", "code": "4771", "is_main": True},
            {"trade": "Bán lẻ giày dép", "code": "4772"},
        ],
        "capital": 200_000_000,
        "members": [
            {
                "member": "Trần Thị Lan Thử",
                "birth": "1990-02-01",
                "sex": "nu",
                "nationality": "Việt Nam",
                "ethnicity": "Kinh",
                "permanent": address(),
                "paper": identity(),
            }
        ],
        "commitment": True,
    },
    "1.013225": {
        "works": "nha-o",
        "zone": "do-thi",
        "has_neighbour": True,
        "owner_kind": "ca-nhan",
        "owner_name": "Trần Thị Lan Thử",
        "owner_address": address(),
        "owner_phone": "0912000111",
        "plot_lot": "Lô 12",
        "plot_area": 85.5,
        "site_address": address("Số 7, đường Ví Dụ"),
        "self_designed": False,
        "designer": "Công ty Thiết kế Ví Dụ",
        "designer_code": "NDI-00000001",
        "design_leads": [{"person": "Lê Văn Giả", "duty": "Chủ trì kiến trúc", "code": "NDI-00000002"}],
        "needs_check": False,
        "building_class": "III",
        "first_floor": 70.5,
        "total_floor": 211.5,
        "floors": [{"floor": f"Tầng {n}", "floor_area": 70.5} for n in (1, 2, 3)],
        "storeys": 3,
        "height": 11.4,
        "months": 8,
        "commitment": True,
    },
    "3.000333": {
        "sheet": "so-1",
        "applicant": "ban-than",
        "is_married": False,
        "lived_abroad": False,
        "person_name": "Trần Thị Lan Thử",
        "person_sex": "nu",
        "person_birth": "1990-02-01",
        "birthplace": address(),
        "person_nationality": "Việt Nam",
        "person_ethnicity": "Kinh",
        "permanent": address(),
        "person_id": identity(),
        "phone": "0912000111",
        "father_name": "Trần Văn Mẫu",
        "father_birth": "1962",
        "mother_name": "không xác định",
        "history": [
            {
                "since": "2004-02",
                "until": "2012-06",
                "place": "Xã Giả Định, huyện Ví Dụ",
                "province": "Nam Định",
                "job": "Học sinh, sinh viên",
            },
            {"since": "2012-06", "place": "Phường Ví Dụ", "province": "Nam Định", "job": "Kế toán"},
        ],
        "ban_check": False,
        "purpose": "Bổ sung hồ sơ xin việc",
        "copies": 2,
        "discount": "khong",
        "commitment": True,
    },
    "2.000815": {
        "requester_name": "Trần Thị Lan Thử",
        "documents": [
            {"title": "Bằng tốt nghiệp trung học", "pages": 1, "copies": 3},
            {"title": "Sổ hộ khẩu", "pages": 10, "copies": 3, "issued_on": "2015-03-02"},
        ],
        "is_foreign": False,
    },
}


def answers(code: str, **changes: Any) -> dict[str, Any]:
    """Return valid answers with some of them changed; None takes one out."""
    said = {**copy.deepcopy(_VALID[code]), **changes}
    return {key: value for key, value in said.items() if value is not None}
